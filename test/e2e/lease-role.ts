import { GetRoleCommand, GetRolePolicyCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { sessionOf } from '../../local/emulated/clients.ts';
import { advance } from './clock.ts';
import { askBySession, confirm, knowUsers } from './signed.ts';
import { members, messageWith, press, region, until, type World } from './world.ts';

/** A role that is made for one lease and one person, asked for and approved by sessions of AWS, and gone at its end. */
export function leaseRole(world: () => World): void {
  describe('a role for one lease', () => {
    const path = '/leastwise/';
    const roles = async () =>
      ((await world().member.iam.send(new ListRolesCommand({ PathPrefix: path }))).Roles ?? []).map(
        ({ RoleName = '' }) => RoleName,
      );
    let id = '';
    const arn = () => `arn:aws:iam::${members.orders}:role${path}lease-${id}`;

    beforeAll(() => knowUsers(world()));

    test('is asked for by a session of AWS; a click does not approve it, and the requester cannot', async () => {
      const asked = await askBySession(world(), 'ada', {
        type: 'request',
        target: `account:${members.orders}`,
        actions: ['secretsmanager:GetSecretValue'],
        resources: [`arn:aws:secretsmanager:${region}:${members.orders}:secret:invoices-*`],
        duration: 300,
        reason: 'an invoice is missing',
      });
      expect(asked).toMatchObject({ done: true, data: { state: 'planned' } });
      id = String(asked.data?.change).slice(4);
      const message = await messageWith(world(), 'an invoice is missing');
      expect(await press(world(), message, 'change:approve', 'bruno')).toMatch(/leastwise confirm/);
      expect(await confirm(world(), arn(), 'ada')).toMatchObject({ done: false });
      expect(await roles()).toEqual([]);
    });

    test('is made once somebody else confirmed it: under the boundary, trusting that one person until the end', async () => {
      expect(await confirm(world(), arn(), 'bruno')).toMatchObject({ done: true, data: { state: 'approved' } });
      const RoleName = await until('the role', async () => (await roles())[0], 60);
      expect(RoleName).toBe(`lease-${id}`);
      await until('the lease', async () => (await world().state.leases.find(id))?.state === 'active');
      const { endsAt } = (await world().state.leases.find(id))!;
      const { Role } = await world().member.iam.send(new GetRoleCommand({ RoleName }));
      expect(Role).toMatchObject({ Path: path, MaxSessionDuration: 3600 });
      expect(Role?.PermissionsBoundary?.PermissionsBoundaryArn).toMatch(/policy\/leastwise-lending-boundary$/);
      const trust = JSON.parse(decodeURIComponent(Role!.AssumeRolePolicyDocument!));
      expect(trust.Statement).toEqual([
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${members.orders}:user/ada` },
          Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
          Condition: {
            DateLessThan: { 'aws:CurrentTime': endsAt },
            StringEquals: { 'aws:RequestTag/leastwise:lease': id, 'sts:SourceIdentity': 'ada' },
          },
        },
      ]);
      const asked = { RoleName, PolicyName: 'leastwise-lease' };
      const { PolicyDocument } = await world().member.iam.send(new GetRolePolicyCommand(asked));
      expect(JSON.parse(decodeURIComponent(PolicyDocument!)).Statement).toMatchObject([
        { Action: ['secretsmanager:GetSecretValue'], Condition: { DateLessThan: { 'aws:CurrentTime': endsAt } } },
      ]);
    });

    test('can be assumed with the source identity and the tag that its trust asks for', async () => {
      const ada = await sessionOf(world().moto, `arn:aws:iam::${members.orders}:role/leastwise-confirm`, 'ada');
      const sts = new STSClient({ endpoint: world().moto, region, credentials: ada });
      const { Credentials: made } = await sts.send(
        new AssumeRoleCommand({
          RoleArn: arn(),
          RoleSessionName: 'ada',
          SourceIdentity: 'ada',
          Tags: [{ Key: 'leastwise:lease', Value: id }],
          DurationSeconds: 3600,
        }),
      );
      const credentials = {
        accessKeyId: made?.AccessKeyId ?? '',
        secretAccessKey: made?.SecretAccessKey ?? '',
        sessionToken: made?.SessionToken ?? '',
      };
      const session = new STSClient({ endpoint: world().moto, region, credentials });
      const { Arn } = await session.send(new GetCallerIdentityCommand({}));
      expect(Arn).toBe(`arn:aws:sts::${members.orders}:assumed-role/lease-${id}/ada`);
    });

    test('is removed at its end by its schedule, and read back as gone', async () => {
      advance(world(), 330);
      await until('the role to go', async () => (await roles()).length === 0, 90);
      const ended = await until('the lease to be revoked', async () => {
        const lease = await world().state.leases.find(id);
        return lease?.revokedAt != null && lease;
      });
      expect(ended).toMatchObject({ revokeReason: 'ended', attempts: 0 });
    });
  });
}
