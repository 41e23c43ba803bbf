import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  GetUserPolicyCommand,
  ListAccessKeysCommand,
  ListUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';
import { confirm } from './signed.ts';
import {
  members,
  messageWith,
  press,
  putEvents,
  record,
  send,
  slackOf,
  type,
  until,
  userIdentity,
  type World,
} from './world.ts';

/** From an event to a Deny in the member account and back, through Slack. */
export function quarantine(world: () => World): void {
  describe('a quarantine', () => {
    const UserName = 'mallory';
    const attack = () =>
      record({
        userIdentity: userIdentity(UserName),
        eventSource: 'cloudtrail.amazonaws.com',
        eventName: 'StopLogging',
        requestParameters: { name: 'organization' },
      });
    const keys = async () =>
      ((await world().member.iam.send(new ListAccessKeysCommand({ UserName }))).AccessKeyMetadata ?? []).map(
        ({ Status }) => Status,
      );
    const policies = async () =>
      (await world().member.iam.send(new ListUserPoliciesCommand({ UserName }))).PolicyNames ?? [];

    test('what Slack did not sign gets no answer but a number', async () => {
      const headers = { 'x-slack-request-timestamp': '1', 'x-slack-signature': 'v0=00' };
      expect(await send(world(), { headers, body: 'payload={}' })).toBe(401);
    });

    test('an attack is told in Slack, although Slack is busy at first', async () => {
      const { member, slackUrl } = world();
      await member.iam.send(new CreateUserCommand({ UserName }));
      await member.iam.send(new CreateAccessKeyCommand({ UserName }));
      await fetch(`${slackUrl}busy`);
      await putEvents(world(), [attack()]);
      await messageWith(world(), 'StopLogging', 60);
      expect((await slackOf(world())).calls.filter((method) => method === 'chat.postMessage').length).toBeGreaterThan(
        1,
      );
    });

    test('a new deployment only observes, until somebody who may approve switches applying on', async () => {
      expect(await type(world(), `apply on ${members.orders}`, 'cleo')).toMatch(/not name you as an approver/);
      expect(await type(world(), `apply on ${members.orders}`, 'ada')).toMatch(/^What is approved is applied/);
    });

    test('"not us" disables the keys and denies everything in the member account', async () => {
      const message = await messageWith(world(), 'StopLogging');
      expect(await press(world(), message, 'case:not-us', 'ada')).toMatch(/^Noted: not us/);
      await until('the Deny', async () => (await policies()).includes('leastwise-quarantine'), 60);
      const { iam } = world().member;
      const { PolicyDocument } = await iam.send(
        new GetUserPolicyCommand({ UserName, PolicyName: 'leastwise-quarantine' }),
      );
      expect(JSON.parse(decodeURIComponent(PolicyDocument!)).Statement).toEqual([
        expect.objectContaining({ Effect: 'Deny', Action: '*', Resource: '*' }),
      ]);
      expect(await keys()).toEqual(['Inactive']);
    });

    test('it is lifted once somebody else approves that, and everything is as it was', async () => {
      const applied = await messageWith(world(), 'leastwise:change:undo', 60);
      expect(await press(world(), applied, 'change:undo', 'ada')).toMatch(/somebody else has to approve/);
      const asked = await messageWith(world(), 'leastwise:change:approve');
      // Giving back what somebody was cut off from is above what a click may approve.
      expect(await press(world(), asked, 'change:approve', 'bruno')).toMatch(/leastwise confirm/);
      const user = `arn:aws:iam::${members.orders}:user/${UserName}`;
      expect(await confirm(world(), user, 'bruno')).toMatchObject({ done: true });
      await until('the Deny to go', async () => !(await policies()).includes('leastwise-quarantine'), 60);
      await until('the key to work again', async () => (await keys()).join() === 'Active');
    });

    test('every step lies in the audit, where nobody can delete it', async () => {
      const { hub, names } = world();
      const keysOf = async () => {
        const { Contents = [] } = await hub.s3.send(
          new ListObjectsV2Command({ Bucket: names.audit, Prefix: 'audit/' }),
        );
        return Contents.map(({ Key = '' }) => Key);
      };
      const archived = await until('the audit', async () => {
        const found = await keysOf();
        const types = await Promise.all(
          found
            .filter((key) => key.startsWith('audit/change/'))
            .map(async (Key) => {
              const { Body } = await hub.s3.send(new GetObjectCommand({ Bucket: names.audit, Key }));
              return (JSON.parse(await Body!.transformToString()) as { type: string }).type;
            }),
        );
        return types.includes('change.undone') && types;
      });
      expect(archived).toEqual(expect.arrayContaining(['change.planned', 'change.approved', 'change.verified']));
      const { Versions = [] } = await hub.s3.send(
        new ListObjectVersionsCommand({ Bucket: names.audit, Prefix: 'audit/change/', MaxKeys: 1 }),
      );
      const one = { Bucket: names.audit, Key: Versions[0]?.Key, VersionId: Versions[0]?.VersionId };
      await expect(hub.s3.send(new DeleteObjectCommand(one))).rejects.toThrow('Access Denied');
    });
  });
}
