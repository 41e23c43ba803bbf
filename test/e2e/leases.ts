import { CreateRoleCommand, GetRolePolicyCommand, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { DeleteScheduleCommand, ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import { advance } from './clock.ts';
import { members, messageWith, press, takeInventory, type, until, type World } from './world.ts';

/** Access that is lent, and ends by its schedule or, where that is gone, by the sweeper. */
export function leases(world: () => World): void {
  describe('lent access', () => {
    const GroupName = 'leastwise-leases';
    const roles = { scheduled: 'ada-by-schedule', swept: 'ada-by-sweeper' };
    const policies = async (RoleName: string) =>
      (await world().member.iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames ?? [];
    const schedules = async () =>
      ((await world().hub.scheduler.send(new ListSchedulesCommand({ GroupName }))).Schedules ?? []).map(
        ({ Name = '' }) => Name,
      );
    /** Asks for five minutes, has it approved, and gives the policy's name. */
    const lend = async (RoleName: string): Promise<string> => {
      const arn = `arn:aws:iam::${members.orders}:role/${RoleName}`;
      const wish = `request s3:GetObject on arn:aws:s3:::orders/* as ${arn} for 5m because an order is stuck`;
      expect(await type(world(), wish, 'ada')).toBe('It waits for approval.');
      const message = await messageWith(world(), RoleName);
      expect(await press(world(), message, 'change:approve', 'ada')).toMatch(/[Nn]obody decides for themselves/);
      expect(await press(world(), message, 'change:approve', 'bruno')).toMatch(/^Approved/);
      return until(
        'the policy',
        async () => (await policies(RoleName)).find((name) => name.startsWith('leastwise-lease-')),
        60,
      );
    };

    beforeAll(async () => {
      for (const RoleName of Object.values(roles)) {
        const Principal = { AWS: `arn:aws:iam::${members.orders}:user/ada` };
        const Statement = [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }];
        await world().member.iam.send(
          new CreateRoleCommand({
            RoleName,
            AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
            Tags: [{ Key: 'leastwise:beneficiary', Value: 'ada' }],
          }),
        );
      }
      await takeInventory(world());
    });

    test('is a policy that ends by itself, for one person, approved by another', async () => {
      const name = await lend(roles.scheduled);
      const asked = { RoleName: roles.scheduled, PolicyName: name };
      const { PolicyDocument } = await world().member.iam.send(new GetRolePolicyCommand(asked));
      const { Statement } = JSON.parse(decodeURIComponent(PolicyDocument!));
      expect(Statement).toHaveLength(1);
      expect(Statement[0].Condition).toMatchObject({
        DateLessThan: { 'aws:CurrentTime': expect.stringMatching(/^\d{4}-/) },
        StringEquals: { 'aws:PrincipalTag/leastwise:beneficiary': 'ada' },
      });
      expect(await schedules()).toEqual([name]);
    });

    test('ends by its schedule, and without one by the sweeper', async () => {
      const swept = await lend(roles.swept);
      await world().hub.scheduler.send(new DeleteScheduleCommand({ GroupName, Name: swept }));
      advance(world(), 330);
      await until('the schedule to end the first', async () => (await policies(roles.scheduled)).length === 0, 20);
      expect(await schedules()).toEqual([]);
      // The sweeper comes once a minute here.
      await until('the sweeper to end the second', async () => (await policies(roles.swept)).length === 0, 90);
    });
  });
}
