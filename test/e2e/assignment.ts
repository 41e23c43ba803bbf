import { ListAccountAssignmentsCommand, SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { organizationStore } from '../../adapters/aws/organization-store.ts';
import { ownerOf } from '../../local/emulated/clients.ts';
import { borrower } from '../../local/emulated/identity-center.ts';
import { management } from '../../local/emulated/organization.ts';
import { advance } from './clock.ts';
import { members, messageWith, press, takeInventory, type, until, type World } from './world.ts';

/** A permission set of Identity Center that is assigned for as long as it is lent, by two loans at once. */
export function assignment(world: () => World): void {
  describe('a lent permission set', () => {
    const users = async () => {
      const { instance, permissionSet } = world().lendable;
      const sso = new SSOAdminClient(await ownerOf(world().moto, management));
      const asked = { InstanceArn: instance, PermissionSetArn: permissionSet, AccountId: members.orders };
      const { AccountAssignments = [] } = await sso.send(new ListAccountAssignmentsCommand(asked));
      return AccountAssignments.map(({ PrincipalId }) => PrincipalId);
    };
    const leases = async () =>
      (await world().state.leases.list(50)).filter(({ carrier }) => carrier === `set:${members.orders}/Repair`);
    /** Asks, and has somebody else approve. */
    const lend = async (duration: string, reason: string): Promise<void> => {
      const wish = `request set Repair in ${members.orders} for ${duration} because ${reason}`;
      expect(await type(world(), wish, borrower)).toBe('It waits for approval.');
      const message = await messageWith(world(), reason);
      expect(JSON.stringify(message.blocks)).toContain('does not end by itself');
      expect(await press(world(), message, 'change:approve', 'bruno')).toMatch(/^Approved/);
    };

    // Other stories had it read; this one alone has to ask.
    beforeAll(async () => {
      const { hub, names } = world();
      const kept = await organizationStore({ s3: hub.s3, name: names.inventory }).read();
      if (!kept?.tree.identityCenter) await takeInventory(world());
    });

    test('is assigned once it was approved, and active once it was read back', async () => {
      expect(await users()).toEqual([]);
      await lend('5m', 'the first repair');
      await lend('10m', 'the second repair');
      const active = await until(
        'both leases',
        async () => {
          const found = await leases();
          return found.length === 2 && found.every(({ state }) => state === 'active') && found;
        },
        60,
      );
      expect(await users()).toEqual([world().lendable.user]);
      expect(active.map(({ edit }) => edit.slot)).toMatchObject([{ user: world().lendable.user }, {}]);
    });

    test('stays when the first of two loans ends, and is gone, read back, when the second does', async () => {
      advance(world(), 330);
      const revoked = async () => (await leases()).filter(({ revokedAt }) => revokedAt !== null);
      await until('the first lease to end', async () => (await revoked()).length === 1, 60);
      expect(await users()).toEqual([world().lendable.user]);
      advance(world(), 330);
      const ended = await until('the second lease to end', async () => (await revoked()).length === 2 && revoked(), 60);
      expect(await users()).toEqual([]);
      expect(ended.map(({ revokeReason }) => revokeReason)).toEqual(['ended', 'ended']);
    });
  });
}
