import { execFile } from 'node:child_process';
import { GetQueueAttributesCommand, SendMessageCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { keyOf, putFile, unnotified } from './trail.ts';
import { hub, idOf, putEvents, record, region, until, userIdentity, type World } from './world.ts';

const today = () => new Date().toISOString().slice(0, 10);

/** Files of the trail: queue, function, ledger; with the fast lane, after a fault, and from before Leastwise was there. */
export function fullLane(world: () => World): void {
  const itemsOf = (name: string) => world().ledger.itemsOfPrincipal(idOf('AIDA', name) as never);
  const known = (name: string) =>
    until(`the ledger of ${name}`, async () => {
      const items = await itemsOf(name);
      // Two actions, each with its resource; region, network and agent.
      return items.length >= 7 && items;
    });

  describe('the full lane', () => {
    /** The same three events, of somebody whose name has four letters. */
    const eventTime = `${new Date().toISOString().slice(0, 19)}Z`;
    const events = (name: string) =>
      ['CreateBucket', 'DeleteBucket', 'CreateBucket'].map((eventName, index) =>
        record({
          eventName,
          eventTime,
          eventID: `${name}-${index}`,
          userIdentity: userIdentity(name),
          requestParameters: { bucketName: 'b' },
        }),
      );
    /** Without what differs from one of them to the other: name, id, and how far the lane is trusted. */
    const comparable = (items: Awaited<ReturnType<typeof itemsOf>>, name: string) =>
      JSON.stringify(
        items
          .map((item) => ({ ...item, entries: [...item.entries] }))
          .sort((a, b) => (a.kind + a.action < b.kind + b.action ? -1 : 1)),
      )
        .replaceAll(/"trust":"[a-z-]+"/g, '"trust":"LANE"')
        .replaceAll(name, 'NAME')
        .replaceAll(idOf('AIDA', name), 'ID');

    test('both lanes give the ledger of one, whichever comes first', async () => {
      await putEvents(world(), [...events('opal'), ...events('orla')]);
      await putFile(world(), keyOf(today()), [...events('olga'), ...events('otto')]);
      const fast = comparable(await known('opal'), 'opal');
      const full = comparable(await known('olga'), 'olga');
      expect(fast).toBe(full);
      await Promise.all([known('orla'), known('otto')]);
      // Whoever stands last in a file or a batch shows that all of it was taken in.
      await putFile(world(), keyOf(today()), [...events('orla'), ...events('last')]);
      await putEvents(world(), [...events('otto'), ...events('done')]);
      await Promise.all([known('last'), known('done')]);
      expect(comparable(await itemsOf('orla'), 'orla')).toBe(full);
      expect(comparable(await itemsOf('otto'), 'otto')).toBe(full);
    });

    test('what cannot be read lands in the dead letters, and is taken in once it was repaired and sent back', async () => {
      const { hub: clients, names, endpoint } = world();
      const QueueUrl = names.queue('FullLaneQueue');
      const dead = names.queue('FullLaneDeadLetters');
      const visibility = (seconds: string) =>
        clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: seconds } }));
      // In production the five attempts take an hour.
      await visibility('1');
      const key = keyOf(today());
      const told = { Records: [{ s3: { bucket: { name: 'leastwise-local-trail' }, object: { key } } }] };
      await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(told) }));
      await until(
        'the dead letter',
        async () => {
          const { Attributes } = await clients.sqs.send(
            new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ['ApproximateNumberOfMessages'] }),
          );
          return Attributes?.ApproximateNumberOfMessages === '1';
        },
        60,
      );
      await visibility('720');
      await unnotified(world(), () => putFile(world(), key, events('pola')));
      expect(await itemsOf('pola')).toEqual([]);
      expect(await leastwise(endpoint, 'redrive', dead, '--to', QueueUrl)).toContain('sent 1 messages back');
      await known('pola');
    });

    test('a folder of old logs is learned from and not scored', async () => {
      const { endpoint, names } = world();
      const key = keyOf('2026-01-05');
      const old = events('rita').map((event) => ({ ...event, eventTime: '2026-01-05T12:00:00Z' }));
      await unnotified(world(), () => putFile(world(), key, old));
      const folder = `s3://leastwise-local-trail/${key.slice(0, key.lastIndexOf('/'))}/`;
      const said = await leastwise(endpoint, 'backfill', folder, '--queue', names.queue('FullLaneQueue'));
      expect(said).toContain('listed 1 files in 1 messages');
      const items = await known('rita');
      for (const { entries } of items) for (const { first } of entries.values()) expect(first.historic).toBe(true);
    });
  });
}

/** Runs the command line as an operator of the security account; resolves to what it says on stderr. */
const leastwise = (endpoint: string, ...args: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const env = {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: hub,
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_REGION: region,
    };
    execFile(process.execPath, ['cli/leastwise.js', ...args], { env, timeout: 60_000 }, (error, _, err) =>
      error ? reject(new Error(err, { cause: error })) : resolve(err),
    );
  });
