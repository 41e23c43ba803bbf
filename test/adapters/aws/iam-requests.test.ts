import {
  DeletePolicyCommand,
  GetAccountAuthorizationDetailsCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedRolePoliciesCommand,
  ListPolicyVersionsCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { inventoryScan } from '../../../adapters/aws/authorization-details.ts';
import { iamClientFor } from '../../../adapters/aws/iam-client.ts';
import { iamSlots } from '../../../adapters/aws/iam-slots.ts';
import { type MemberSession, memberRole } from '../../../adapters/aws/member-role.ts';
import type { Slot } from '../../../core/changes/change.ts';
import { instantAt } from '../../../core/time.ts';
import { IamRefused } from '../../../usecases/ports/iam.ts';
import { spaced } from '../../contracts/iam-slots.ts';

const account = '222222222222';
const roleArn = `arn:aws:iam::${account}:role/ci/deploy`;
const user = `arn:aws:iam::${account}:user/ann`;
const slot: Slot = { type: 'inline-policy', account, principal: roleArn, name: 'own' };

/** Slots over a scripted IAM; tells which sessions were asked for. */
function scripted() {
  const iam = mockClient(IAMClient);
  const sessions: MemberSession[] = [];
  const waited: number[] = [];
  const slots = iamSlots(
    (session) => {
      sessions.push(session);
      return new IAMClient({ region: 'us-east-1' });
    },
    async (seconds) => {
      waited.push(seconds);
    },
  );
  return { iam, slots, sessions, waited };
}

const named = (name: string) => Object.assign(new Error(name), { name });

describe('IAM slots', () => {
  test.each([
    ['as AWS encodes it', encodeURIComponent(spaced(1))],
    ['plain, as emulators give it', spaced(1)],
  ])('a document is read byte for byte, %s', async (_, PolicyDocument) => {
    const { iam, slots } = scripted();
    iam.on(GetRolePolicyCommand).resolves({ PolicyDocument });
    expect(await slots.read(slot)).toBe(spaced(1));
  });

  test.each(['AccessDeniedException', 'ThrottlingException', 'ServiceFailureException'])(
    '%s is thrown, never read as absence',
    async (fault) => {
      const { iam, slots } = scripted();
      iam.on(GetRolePolicyCommand).rejects(named(fault));
      await expect(slots.read(slot)).rejects.toThrow(fault);
    },
  );

  test('a write waits until a read shows it', async () => {
    const { iam, slots, waited } = scripted();
    iam
      .on(GetRolePolicyCommand)
      .resolvesOnce({ PolicyDocument: spaced(2) })
      .resolvesOnce({ PolicyDocument: spaced(2) })
      .resolves({ PolicyDocument: spaced(1) });
    iam.on(PutRolePolicyCommand).resolves({});
    await slots.write(slot, spaced(1), { change: 'chg-1' });
    expect(waited).toEqual([0.2, 0.5]);
  });

  test('a write that no read shows is waited for some seconds, and left to the read-back', async () => {
    const { iam, slots, waited } = scripted();
    iam.on(GetRolePolicyCommand).resolves({ PolicyDocument: spaced(2) });
    iam.on(PutRolePolicyCommand).resolves({});
    await slots.write(slot, spaced(1), { change: 'chg-1' });
    expect(waited.reduce((sum, seconds) => sum + seconds)).toBeLessThan(10);
    expect(await slots.read(slot)).toBe(spaced(2));
  });

  test('an answer without a document is a fault', async () => {
    const { iam, slots } = scripted();
    iam.on(GetRolePolicyCommand).resolves({});
    await expect(slots.read(slot)).rejects.toThrow('no readable document');
  });

  test('each slot is reached through a session that may touch nothing else, named for the change', async () => {
    const { iam, slots, sessions } = scripted();
    iam.onAnyCommand().resolves({});
    await slots.write(slot, spaced(1), { change: 'chg-1' });
    await slots.write({ type: 'access-key', account, user, key: 'AKIA1' }, 'Inactive', { change: 'chg-2' });
    await slots.write({ type: 'managed-policy', account, policy: `arn:aws:iam::${account}:policy/own` }, spaced(1), {
      change: 'chg-3',
    });
    await slots.accessKeys(account, user);
    expect(sessions).toMatchObject([
      {
        account,
        source: 'chg-1',
        policy: { resource: roleArn, actions: ['iam:GetRolePolicy', 'iam:PutRolePolicy', 'iam:DeleteRolePolicy'] },
      },
      { account, source: 'chg-2', policy: { resource: user, actions: ['iam:ListAccessKeys', 'iam:UpdateAccessKey'] } },
      { account, source: 'chg-3', policy: { resource: `arn:aws:iam::${account}:policy/own` } },
      { account, source: 'leastwise-read', policy: { resource: user, actions: ['iam:ListAccessKeys'] } },
    ]);
  });

  test('what IAM will never take is a refusal, a throttle is not', async () => {
    const { iam, slots } = scripted();
    const policy = `arn:aws:iam::${account}:policy/leastwise/made`;
    const made: Slot = { type: 'managed-policy', account, policy };
    iam.on(ListPolicyVersionsCommand).resolves({ Versions: [{ VersionId: 'v1', IsDefaultVersion: true }] });
    iam.on(DeletePolicyCommand).rejects(named('DeleteConflictException'));
    await expect(slots.write(made, null, { change: 'chg-1' })).rejects.toThrow(IamRefused);
    iam.on(DeletePolicyCommand).rejects(named('ThrottlingException'));
    await expect(slots.write(made, null, { change: 'chg-1' })).rejects.not.toThrow(IamRefused);
  });

  test('an attachment is reached for this one policy only, and read to its last page', async () => {
    const { iam, slots, sessions } = scripted();
    const policy = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
    iam
      .on(ListAttachedRolePoliciesCommand, { RoleName: 'deploy', Marker: undefined })
      .resolves({ AttachedPolicies: [], IsTruncated: true, Marker: 'm' })
      .on(ListAttachedRolePoliciesCommand, { RoleName: 'deploy', Marker: 'm' })
      .resolves({ AttachedPolicies: [{ PolicyArn: policy }] });
    expect(await slots.read({ type: 'attachment', account, principal: roleArn, policy })).toBe('attached');
    expect(sessions).toMatchObject([
      { policy: { resource: roleArn, condition: { ArnEqualsIfExists: { 'iam:PolicyARN': policy } } } },
    ]);
  });

  test('keys and versions are read to their last page', async () => {
    const { iam, slots } = scripted();
    iam
      .on(ListAccessKeysCommand, { UserName: 'ann', Marker: undefined })
      .resolves({ AccessKeyMetadata: [{ AccessKeyId: 'AKIA1', Status: 'Active' }], IsTruncated: true, Marker: 'm' })
      .on(ListAccessKeysCommand, { UserName: 'ann', Marker: 'm' })
      .resolves({ AccessKeyMetadata: [{ AccessKeyId: 'AKIA2', Status: 'Inactive' }] });
    expect(await slots.accessKeys(account, user)).toEqual([
      { id: 'AKIA1', status: 'Active' },
      { id: 'AKIA2', status: 'Inactive' },
    ]);
    expect(iam.commandCalls(ListPolicyVersionsCommand)).toHaveLength(0);
  });
});

describe('a scan', () => {
  const ann = { UserName: 'ann', UserId: 'AIDAANN', Arn: user, CreateDate: new Date(0), Path: '/' };
  const page = (Arn: string, more: object) => ({ UserDetailList: [{ ...ann, Arn }], ...more });

  test('reads every page', async () => {
    const iam = mockClient(IAMClient);
    iam
      .on(GetAccountAuthorizationDetailsCommand, { Marker: undefined })
      .resolves(page(user, { IsTruncated: true, Marker: 'next' }))
      .on(GetAccountAuthorizationDetailsCommand, { Marker: 'next' })
      .resolves(page(`${user}2`, {}));
    const { inventory } = await inventoryScan(() => new IAMClient({})).scan(account, instantAt(5));
    expect(inventory.principals.map(({ arn }) => arn)).toEqual([user, `${user}2`]);
  });

  test('that is cut off, or fails on its second page, is a fault and no half inventory', async () => {
    const iam = mockClient(IAMClient);
    iam.on(GetAccountAuthorizationDetailsCommand).resolves(page(user, { IsTruncated: true }));
    await expect(inventoryScan(() => new IAMClient({})).scan(account, instantAt(5))).rejects.toThrow(
      'cut its answer off',
    );
    iam
      .on(GetAccountAuthorizationDetailsCommand, { Marker: undefined })
      .resolves(page(user, { IsTruncated: true, Marker: 'next' }))
      .on(GetAccountAuthorizationDetailsCommand, { Marker: 'next' })
      .rejects(named('Throttling'));
    await expect(inventoryScan(() => new IAMClient({})).scan(account, instantAt(5))).rejects.toThrow('Throttling');
  });
});

describe('a member session', () => {
  const credentials = { AccessKeyId: 'ASIA1', SecretAccessKey: 's', SessionToken: 't', Expiration: new Date(1e12) };
  const session: MemberSession = {
    account,
    source: 'chg-1',
    policy: { actions: ['iam:GetRolePolicy'], resource: roleArn },
  };

  test('carries the change as source identity and the one target as session policy', async () => {
    const sts = mockClient(STSClient);
    sts.on(AssumeRoleCommand).resolves({ Credentials: credentials });
    const assume = memberRole({ sts: new STSClient({}), role: 'leastwise-apply' });
    expect(await assume(session)()).toEqual({
      accessKeyId: 'ASIA1',
      secretAccessKey: 's',
      sessionToken: 't',
      expiration: new Date(1e12),
    });
    expect(sts.commandCalls(AssumeRoleCommand)[0]?.args[0].input).toEqual({
      RoleArn: `arn:aws:iam::${account}:role/leastwise-apply`,
      RoleSessionName: 'chg-1',
      SourceIdentity: 'chg-1',
      DurationSeconds: 900,
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: ['iam:GetRolePolicy'], Resource: roleArn }],
      }),
    });
  });

  test.each(['', 'x', 'a b', 'é'.repeat(3), 'x'.repeat(65)])(
    '%j cannot name it, and STS is not asked',
    async (source) => {
      const sts = mockClient(STSClient);
      const assume = memberRole({ sts: new STSClient({}), role: 'leastwise-apply' });
      await expect(assume({ ...session, source })()).rejects.toThrow('source identity');
      expect(sts.calls()).toHaveLength(0);
    },
  );

  test('without credentials in the answer is a fault', async () => {
    const sts = mockClient(STSClient);
    sts.on(AssumeRoleCommand).resolves({});
    await expect(memberRole({ sts: new STSClient({}), role: 'leastwise-lend' })(session)()).rejects.toThrow(
      'no credentials',
    );
  });

  test('is used again for the same target and change only, and the fifty latest are kept', () => {
    const clientFor = iamClientFor(() => async () => ({ accessKeyId: 'a', secretAccessKey: 's', sessionToken: 't' }));
    const first = clientFor(session);
    expect(clientFor({ ...session })).toBe(first);
    expect(clientFor({ ...session, source: 'chg-2' })).not.toBe(first);
    expect(clientFor({ ...session, policy: null })).not.toBe(first);
    for (let n = 0; n < 50; n += 1) clientFor({ ...session, source: `other-${n}` });
    expect(clientFor(session)).not.toBe(first);
  });
});
