import {
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  ListUsersCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { inventoryScan } from '../../../adapters/aws/authorization-details.ts';
import { iamClientFor } from '../../../adapters/aws/iam-client.ts';
import { iamSlots } from '../../../adapters/aws/iam-slots.ts';
import { memberRole } from '../../../adapters/aws/member-role.ts';
import { recorded } from '../../../adapters/aws/recorder.ts';
import { instantAt } from '../../../core/time.ts';
import { type IamWorld, iamSlotsContract, spaced } from '../../contracts/iam-slots.ts';
import { type Emulator, onMoto } from '../../emulators/moto.ts';
import { towards } from './clients.ts';

const member = '222222222222';
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: member }, Action: 'sts:AssumeRole' }],
});

/** Everything through sessions assumed in the member account, as in AWS. */
const sessions = (emulator: Emulator) => {
  const { endpoint, region } = towards(emulator);
  const sts = recorded(new STSClient(towards(emulator)));
  return iamClientFor(memberRole({ sts, role: 'leastwise-apply' }), { endpoint, region });
};

let worlds = 0;

async function freshWorld(emulator: Emulator): Promise<IamWorld> {
  worlds += 1;
  const clientFor = sessions(emulator);
  const iam = clientFor({ account: member, source: 'seed', policy: null });
  const named = (name: string) => `${name}-${worlds}`;
  const user = await iam.send(new CreateUserCommand({ UserName: named('ann') }));
  const key = await iam.send(new CreateAccessKeyCommand({ UserName: named('ann') }));
  const role = await iam.send(
    new CreateRoleCommand({ RoleName: named('deploy'), Path: '/ci/', AssumeRolePolicyDocument: trust }),
  );
  const group = await iam.send(new CreateGroupCommand({ GroupName: named('team') }));
  const policy = await iam.send(new CreatePolicyCommand({ PolicyName: named('own'), PolicyDocument: spaced(0) }));
  return {
    slots: iamSlots(clientFor),
    account: member,
    user: user.User!.Arn!,
    key: key.AccessKey!.AccessKeyId!,
    role: role.Role!.Arn!,
    group: group.Group!.Arn!,
    policy: policy.Policy!.Arn!,
  };
}

onMoto('IAM of a member account on moto', (emulator) => {
  describe('slots', () => {
    iamSlotsContract(() => freshWorld(emulator()));
  });

  test('a session is assumed once while it lasts, and anew when it is about to end', async () => {
    const { endpoint, region, credentials } = towards(emulator());
    const assumedIn = async (milliseconds: number) => {
      let assumed = 0;
      const expiration = new Date(Date.now() + milliseconds);
      const assume = () => async () => {
        assumed += 1;
        return { ...credentials, sessionToken: 't', expiration };
      };
      const iam = iamClientFor(assume, { endpoint, region })({ account: member, source: 'chg-1', policy: null });
      for (const _ of [1, 2, 3]) await iam.send(new ListUsersCommand({}));
      return assumed;
    };
    expect(await assumedIn(900_000)).toBe(1);
    expect(await assumedIn(1000)).toBeGreaterThanOrEqual(3);
  });

  test('a scan shows the account of the session and no other', async () => {
    const elsewhere = recorded(new IAMClient(towards(emulator())));
    await elsewhere.send(new CreateUserCommand({ UserName: 'hub-user' }));
    const { role, user } = await freshWorld(emulator());
    const iam = sessions(emulator())({ account: member, source: 'seed', policy: null });
    const RoleName = role.slice(role.lastIndexOf('/') + 1);
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: spaced(7) }));
    const { inventory, problems } = await inventoryScan(sessions(emulator())).scan(member, instantAt(5));
    expect(problems).toEqual([]);
    expect(inventory).toMatchObject({ account: member, takenAt: '1970-01-01T00:00:05Z' });
    const found = inventory.principals.find(({ arn }) => arn === role);
    expect(found).toMatchObject({ type: 'role', path: '/ci/', trust, inline: [{ name: 'own', text: spaced(7) }] });
    expect(found?.createdAt).toMatch(/^\d{4}-/);
    expect(inventory.principals.map(({ arn }) => arn)).toContain(user);
    expect(inventory.principals.map(({ name }) => name)).not.toContain('hub-user');
  });

  test('an answer from another account than the one asked is a fault', async () => {
    const { endpoint, region, credentials } = towards(emulator());
    const wrong = () => recorded(new IAMClient({ endpoint, region, credentials }));
    await wrong().send(new CreateUserCommand({ UserName: 'somebody' }));
    await expect(inventoryScan(wrong).scan(member, instantAt(5))).rejects.toThrow('answered');
  });
});
