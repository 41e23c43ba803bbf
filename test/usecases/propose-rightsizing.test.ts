import { memoryInventoryStore } from '../../adapters/memory/inventory-store.ts';
import { memoryLedgerStore } from '../../adapters/memory/ledger-store.ts';
import { memoryState } from '../../adapters/memory/state.ts';
import { verifyChain } from '../../core/audit/chain.ts';
import type { Change, ChangeRefusal, ChangeState } from '../../core/changes/change.ts';
import { settingsId } from '../../core/changes/settings.ts';
import { onlyObserving } from '../../core/changes/settings-step.ts';
import { isTerminal } from '../../core/changes/terminal.ts';
import type { AccountId, ActorId, PrincipalId } from '../../core/identity/principal.ts';
import { type Day, dayAt, dayNumber, type Instant, plusSeconds } from '../../core/time.ts';
import { fullDay } from '../../core/usage/coverage.ts';
import { proposeRightsizingHandler } from '../../lambdas/propose-rightsizing/handler.ts';
import { type Proposals, proposeRightsizing } from '../../usecases/propose-rightsizing.ts';
import { sampleCase } from '../adapters/slack/samples.ts';
import {
  account,
  allow,
  evidence,
  item,
  now,
  policy,
  type RoleSketch,
  roleArn,
  wholeCoverage,
} from '../core/rightsizing/world.ts';

const plain = policy(allow(['ec2:RunInstances', 'ec2:TerminateInstances']));
const ci: RoleSketch = { name: 'ci', inline: { own: plain }, used: ['ec2:RunInstances'] };

async function world(roles: RoleSketch[] = [ci], managed: Record<string, string> = {}) {
  const { inventory, usage } = evidence(roles, { managed });
  const inventories = memoryInventoryStore();
  const ledger = memoryLedgerStore({ rank: (value) => value });
  const { cases, changes, settings, outbox } = memoryState();
  let at: Instant = now;
  await inventories.write(inventory);
  await ledger.join([...usage.values()].flat());
  await ledger.joinCoverage(wholeCoverage(95));
  const deps = {
    inventories,
    ledger,
    cases,
    changes,
    settings,
    configuration: { breakGlass: [], windowDays: 90, decideWithinHours: 72, trail: null, regions: ['eu-central-1'] },
    now: () => at,
  };
  return {
    deps,
    inventories,
    ledger,
    cases,
    changes,
    settings,
    outbox,
    propose: async () => (await proposeRightsizing(deps)(account))!,
    setState: (change: Change, state: ChangeState, reason?: ChangeRefusal) =>
      changes.commit(
        change,
        {
          ...change,
          state,
          version: change.version + 1,
          refusal: reason === undefined ? null : { reason, detail: '' },
        },
        [],
      ),
    /** Sets both switches. */
    turn: async (applying: string[], killed = false) => {
      const before = await settings.find(settingsId);
      const version = (before?.version ?? 0) + 1;
      await settings.commit(before, { ...onlyObserving, applying, killed, version }, []);
    },
    wait: (seconds: number) => {
      at = plusSeconds(at, seconds);
    },
  };
}

const removedIn = ({ proposed }: Proposals) =>
  proposed.map(({ plan }) => plan.terms.kind === 'rightsizing' && plan.terms.removed);

describe('proposing right-sizing', () => {
  test('a smaller policy becomes a planned change with its audit event, and whoever acted as the role is its lineage', async () => {
    const { propose, changes, outbox, ledger } = await world();
    const ann = 'federated:store/ann' as ActorId;
    await ledger.join([{ ...item('ci', 'ec2:RunInstances'), actor: ann }]);
    const { proposed, known } = await propose();
    expect(known).toBe(0);
    expect(proposed).toMatchObject([
      {
        state: 'planned',
        requester: null,
        lineage: [roleArn('ci'), ann],
        plan: { kind: 'rightsizing', target: roleArn('ci') },
      },
    ]);
    const [change] = proposed;
    expect(await changes.find(change!.id)).toEqual(change);
    const events = await outbox.pending(10);
    expect(events).toMatchObject([{ type: 'change.planned', by: 'propose-rightsizing' }]);
    expect(verifyChain(events, change!.audit)).toEqual([]);
  });

  test.each(['planned', 'approved', 'applying', 'denied', 'undone'] as const)(
    'nothing is proposed again while or after it is %s',
    async (state) => {
      const { propose, setState, wait } = await world();
      const [first] = (await propose()).proposed;
      if (state !== 'planned') await setState(first!, state);
      // Another day has another window and would have another id.
      wait(86_400);
      expect(await propose()).toMatchObject({ proposed: [], known: 1 });
    },
  );

  test('what lapsed is proposed again on another day, once', async () => {
    const { propose, setState, wait } = await world();
    const [first] = (await propose()).proposed;
    await setState(first!, 'lapsed');
    expect(await propose()).toMatchObject({ proposed: [], known: 1 });
    wait(86_400);
    const again = (await propose()).proposed;
    expect(again).toHaveLength(1);
    expect(again[0]?.id).not.toBe(first!.id);
  });

  test.each(['applying-is-off', 'kill-switch'] as const)(
    'what was refused because of %s is offered again once the switch is turned, each time it was refused, one at a time',
    async (reason) => {
      const { propose, setState, turn, changes, wait } = await world();
      const off = reason === 'kill-switch' ? ([[account], true] as const) : ([['444455556666']] as const);
      let [change] = (await propose()).proposed;
      const ids = new Set<string>();
      for (let round = 0; round < 3; round += 1) {
        ids.add(change!.id);
        await turn([...off[0]], off[1]);
        await setState(change!, 'refused', reason);
        expect(await propose()).toMatchObject({ proposed: [], known: 1 });
        if (round === 2) wait(86_400);
        expect(await propose()).toMatchObject({ proposed: [], known: 1 });
        await turn([account]);
        const again = await propose();
        expect(again.proposed).toMatchObject([{ state: 'planned', plan: { edits: change!.plan.edits } }]);
        expect(await propose()).toMatchObject({ proposed: [], known: 1 });
        expect((await changes.list(10)).filter((each) => !isTerminal(each))).toHaveLength(1);
        [change] = again.proposed;
      }
      expect(ids.size).toBe(3);
    },
  );

  test('two runs at once offer what a switch stopped once', async () => {
    const { deps, propose, setState, turn, changes } = await world();
    await setState((await propose()).proposed[0]!, 'refused', 'applying-is-off');
    await turn([account]);
    // Both looked before either wrote.
    const before = await changes.ofTarget(roleArn('ci'));
    const late = { ...deps, changes: { ...changes, ofTarget: async () => before } };
    const runs = [await propose(), (await proposeRightsizing(late)(account))!];
    expect(runs.map(({ proposed, known }) => [proposed.length, known])).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect((await changes.list(10)).map(({ state }) => state).sort()).toEqual(['planned', 'refused']);
  });

  test.each(['base-changed', 'not-verified'] as const)(
    'what was refused because of %s waits for another day',
    async (reason) => {
      const { propose, setState, turn, wait } = await world();
      await turn([account]);
      await setState((await propose()).proposed[0]!, 'refused', reason);
      expect(await propose()).toMatchObject({ proposed: [], known: 1 });
      wait(86_400);
      expect((await propose()).proposed).toHaveLength(1);
    },
  );

  test('while one waits for its decision, nothing else is proposed for the same target', async () => {
    const role = {
      ...ci,
      inline: { own: policy(allow(['ec2:RunInstances', 'ec2:TerminateInstances', 'ec2:StopInstances'])) },
    };
    const { propose, ledger, setState } = await world([role]);
    const [first] = (await propose()).proposed;
    await ledger.join([item('ci', 'ec2:StopInstances')]);
    expect(await propose()).toMatchObject({
      judged: [{ removed: ['ec2:TerminateInstances'] }],
      proposed: [],
      known: 1,
    });
    await setState(first!, 'lapsed');
    expect(removedIn(await propose())).toEqual([['ec2:TerminateInstances']]);
  });

  test('use that the log shows by ARN alone keeps a permission too', async () => {
    const { propose, ledger } = await world();
    await ledger.join([{ ...item('ci', 'ec2:TerminateInstances'), principal: roleArn('ci') as PrincipalId }]);
    expect((await propose()).proposed).toEqual([]);
  });

  test('what an open case tells is left alone, and goes once people say that it was not us', async () => {
    const use = item('ci', 'ec2:TerminateInstances');
    const { first } = use.entries.get('')!;
    const role = {
      ...ci,
      inline: { own: policy(allow(['ec2:RunInstances', 'ec2:TerminateInstances', 'ec2:StopInstances'])) },
    };
    const { propose, cases, ledger } = await world([role]);
    await ledger.join([use]);
    const open = sampleCase({ actor: use.actor, from: first.time, to: first.time, eventIDs: [first.eventID] });
    await cases.commit(undefined, open, []);
    expect(removedIn(await propose())).toEqual([['ec2:StopInstances']]);
    await cases.commit(open, { ...open, version: 2, state: 'not-us', decidedAt: now }, []);
    expect((await propose()).judged).toMatchObject([{ removed: ['ec2:StopInstances', 'ec2:TerminateInstances'] }]);
  });

  test('holders of a shared policy do not decide about it', async () => {
    const shared = (name: string): RoleSketch => ({ name, attached: ['own'], used: ['ec2:RunInstances'] });
    const { propose } = await world([shared('a'), shared('b')], { own: plain });
    expect((await propose()).proposed).toMatchObject([{ lineage: [roleArn('a'), roleArn('b')] }]);
  });

  const big = {
    ...ci,
    name: 'z-big',
    inline: { own: policy(allow(['ec2:RunInstances', 'ec2:TerminateInstances', 'ec2:StopInstances'])) },
  };
  const backlog = [0, 1, 2, 3].map((n) => ({ ...ci, name: `ci-${n}` }));
  const targetsOf = ({ proposed }: Proposals) => proposed.map(({ plan }) => plan.target);

  test('at most three are put before people a night, those whose loss is worth most first, and the others are named', async () => {
    const { propose } = await world([...backlog, big]);
    const first = await propose();
    expect(targetsOf(first)).toEqual(['z-big', 'ci-0', 'ci-1'].map(roleArn));
    expect(first.postponed).toEqual(['ci-2', 'ci-3'].map(roleArn));
    const second = await propose();
    expect(targetsOf(second)).toEqual(['ci-2', 'ci-3'].map(roleArn));
    expect([second.known, second.postponed]).toEqual([3, []]);
  });

  test('all accounts share the three of a night, and each night another account comes first', async () => {
    const { deps, inventories, wait } = await world(backlog);
    const accounts = [account, '444455556666', '777788889999'];
    // The same roles under other accounts: three of them are proposed with the first.
    for (const id of accounts) await inventories.write({ ...(await inventories.read(account))!, account: id });
    const whole = Array.from({ length: 100 }, (_, n) => ({
      v: 1 as const,
      account: account as AccountId,
      day: dayAt(dayNumber('2026-08-20' as Day) + n),
      hours: fullDay,
    }));
    const nights: [string, number, number][][] = [];
    for (let night = 0; night < 3; night += 1) {
      const told: [string, number, number][] = [];
      const report = (each: Proposals) => void told.push([each.account, each.proposed.length, each.postponed.length]);
      const changes = memoryState().changes;
      await proposeRightsizingHandler({
        ...deps,
        changes,
        ledger: { ...deps.ledger, coverage: async () => whole },
        accounts,
        report,
        failed: () => undefined,
      })();
      nights.push(told);
      wait(86_400);
    }
    expect(nights.map((told) => told.map(([, proposed, postponed]) => [proposed, postponed]))).toEqual(
      Array.from({ length: 3 }, () => [
        [3, 1],
        [0, 1],
        [0, 1],
      ]),
    );
    expect(nights.map(([first]) => first?.[0]).sort()).toEqual(accounts);
  });

  test('a ledger that cannot be read is a fault, and the handler goes on with the other accounts', async () => {
    const { deps } = await world();
    const failed: string[] = [];
    const handler = proposeRightsizingHandler({
      ...deps,
      ledger: {
        ...deps.ledger,
        itemsOfPrincipal: async () => {
          throw new Error('throttled');
        },
      },
      accounts: [account, '444455556666'],
      report: () => undefined,
      failed: (id, fault) => failed.push(`${id} ${String(fault)}`),
    });
    await expect(handler()).rejects.toThrow('2 of 2');
    expect(failed.sort()).toEqual([
      `${account} Error: throttled`,
      '444455556666 Error: no inventory of 444455556666 was taken yet',
    ]);
    expect(await deps.changes.list(10)).toEqual([]);
  });
});
