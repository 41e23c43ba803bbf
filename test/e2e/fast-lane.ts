import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { idOf, putEvents, record, until, userIdentity, type World } from './world.ts';

/** Events by EventBridge: rule, queue, function, ledger; what cannot be taken in is kept with its reason. */
export function fastLane(world: () => World): void {
  describe('the fast lane', () => {
    test('takes an event of a member account into the ledger, once however often it comes', async () => {
      const { ledger } = world();
      const event = record({ userIdentity: userIdentity('nora'), requestParameters: { bucketName: 'nora-bucket' } });
      await putEvents(world(), [event, event]);
      const items = await until('the row in the ledger', async () => {
        const found = await ledger.itemsOfPrincipal(idOf('AIDA', 'nora') as never);
        return found.length >= 5 && found;
      });
      expect(items.map(({ kind }) => kind).sort()).toEqual(['action', 'agent', 'network', 'region', 'resource']);
      const action = items.find(({ kind }) => kind === 'action');
      expect(action).toMatchObject({ action: 's3:CreateBucket', outcome: 'used' });
      expect(action?.entries.get('')?.first.eventID).toBe(event.eventID);
    });

    test('keeps an event with its reason that names another account than its envelope', async () => {
      const { hub, names } = world();
      const lost = record({
        userIdentity: userIdentity('nora'),
        recipientAccountId: 'nobody',
        eventID: 'not-accepted',
      });
      await putEvents(world(), [lost]);
      const kept = await until('the rejection', async () => {
        const { Contents } = await hub.s3.send(new ListObjectsV2Command({ Bucket: names.rejections }));
        return Contents?.[0]?.Key;
      });
      const { Body } = await hub.s3.send(new GetObjectCommand({ Bucket: names.rejections, Key: kept }));
      expect(JSON.parse((await Body!.transformToString()).trim())).toMatchObject({ reason: 'malformed-field' });
    });

    test('scores what is new by the stream, and takes the mark away', async () => {
      const { ledger } = world();
      await until('no item is marked any more', async () => {
        const items = await ledger.itemsOfPrincipal(idOf('AIDA', 'nora') as never);
        return items.length > 0 && (await ledger.unscored(100)).length === 0;
      });
    });
  });
}
