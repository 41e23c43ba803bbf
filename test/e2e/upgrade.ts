import { ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import { inventoryStore } from '../../adapters/aws/inventory-store.ts';
import { plusSeconds } from '../../core/time.ts';
import { iamOf } from '../../local/emulated/clients.ts';
import { setClock } from './clock.ts';
import { everything, releasedAccount } from './release.ts';
import { until, type World } from './world.ts';

/** This version was deployed over release 1, with its rows and a lease alive in it (test/releases/1). */
export function upgrade(world: () => World): void {
  describe('the upgrade of release 1', () => {
    const role = `arn:aws:iam::${releasedAccount}:role/ada-oncall`;
    const policies = async () => {
      const iam = await iamOf(world().moto, releasedAccount);
      return (await iam.send(new ListRolePoliciesCommand({ RoleName: 'ada-oncall' }))).PolicyNames ?? [];
    };
    const schedules = async () => {
      const asked = new ListSchedulesCommand({ GroupName: 'leastwise-leases' });
      return ((await world().hub.scheduler.send(asked)).Schedules ?? []).map(({ Name }) => Name);
    };
    const invoke = async (name: string): Promise<unknown> => {
      const asked = new InvokeCommand({ FunctionName: `leastwise-${name}` });
      const { FunctionError, Payload } = await world().hub.lambda.send(asked);
      const answer = Buffer.from(Payload ?? []).toString();
      if (FunctionError) throw new Error(`${name}: ${answer}`);
      return JSON.parse(answer);
    };
    // Whatever happened, everything after this goes by the real time.
    afterAll(() => world() && setClock(world()));

    test('keeps every table, bucket and queue that it kept, and its functions are of this version', async () => {
      const { endpoint, names, released } = world();
      expect(await everything(endpoint)).toEqual(expect.arrayContaining([...released!.all]));
      expect({ ...names, queue: null }).toEqual({ ...released!.names, queue: null });
      // Those of release 1 were empty, and answered with nothing.
      expect(await invoke('sweep-leases')).toMatchObject({ revoked: [], failed: [] });
    });

    test('the lease that was alive in it is left until its end, and ends then, by the schedule that release 1 made', async () => {
      const [lease] = await world().state.leases.list(10);
      const name = `leastwise-lease-${lease!.id}`;
      expect([await policies(), await schedules()]).toEqual([[name], [name]]);
      setClock(world(), plusSeconds(lease!.endsAt, -60));
      expect(await invoke('sweep-leases')).toMatchObject({ revoked: [] });
      expect([await policies(), await schedules()]).toEqual([[name], [name]]);
      setClock(world(), lease!.endsAt);
      await until('the policy to go', async () => (await policies()).length === 0, 20);
      const ended = await until('the change to be settled', async () => {
        const [change] = await world().state.changes.ofTarget(role);
        return change?.state === 'undone' && (await world().state.leases.find(lease!.id));
      });
      expect(ended).toMatchObject({ state: 'revoked', revokeReason: 'ended', attempts: 0 });
      expect(await schedules()).toEqual([]);
    });

    test('its rows are read: cases, verdicts and settings; and what waited to be scored is scored', async () => {
      setClock(world());
      const { hub, ledger, state, names, released } = world();
      expect(await state.settings.find('settings')).toMatchObject({ applying: [releasedAccount] });
      expect(await state.cases.find('case-1')).toBeDefined();
      const { read } = inventoryStore({ s3: hub.s3, name: names.inventory });
      expect((await read(releasedAccount))?.account).toBe(releasedAccount);
      expect(await ledger.itemsOfPrincipal('AROAEXAMPLEBUILD00001' as never)).not.toEqual([]);
      // By the stream, by the clock, or now: the functions of release 1 took no mark away.
      expect(released!.unscored).toBeGreaterThan(0);
      await invoke('sweep-unscored');
      expect(await ledger.unscored(10)).toEqual([]);
    });
  });
}
