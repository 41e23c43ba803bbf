import { memoryInventoryStore } from '../../adapters/memory/inventory-store.ts';
import { memoryLedgerStore } from '../../adapters/memory/ledger-store.ts';
import { memoryState } from '../../adapters/memory/state.ts';
import { verifyChain } from '../../core/audit/chain.ts';
import type { Change, ChangeState } from '../../core/changes/change.ts';
import type { ActorId, PrincipalId } from '../../core/identity/principal.ts';
import { type Instant, plusSeconds } from '../../core/time.ts';
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
  const { cases, changes, outbox } = memoryState();
  let at: Instant = now;
  await inventories.write(inventory);
  await ledger.join([...usage.values()].flat());
  await ledger.joinCoverage(wholeCoverage(95));
  const deps = {
    inventories,
    ledger,
    cases,
    changes,
    configuration: { breakGlass: [], windowDays: 90, decideWithinHours: 72 },
    now: () => at,
  };
  return {
    deps,
    ledger,
    cases,
    changes,
    outbox,
    propose: async () => (await proposeRightsizing(deps)(account))!,
    setState: (change: Change, state: ChangeState) =>
      changes.commit(change, { ...change, state, version: change.version + 1 }, []),
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

  test('at most twenty are put before people at once, those that lose most first', async () => {
    const many = Array.from({ length: 23 }, (_, n) => ({ ...ci, name: `ci-${n}` }));
    const big = {
      ...ci,
      name: 'z-big',
      inline: { own: policy(allow(['ec2:RunInstances', 'ec2:StopInstances', 'ec2:StartInstances'])) },
    };
    const { propose } = await world([...many, big]);
    const first = await propose();
    expect([first.proposed.length, first.postponed]).toEqual([20, 4]);
    expect(first.proposed[0]?.plan.target).toBe(roleArn('z-big'));
    const second = await propose();
    expect([second.proposed.length, second.known, second.postponed]).toEqual([4, 20, 0]);
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
    expect(failed).toEqual([
      `${account} Error: throttled`,
      '444455556666 Error: no inventory of 444455556666 was taken yet',
    ]);
    expect(await deps.changes.list(10)).toEqual([]);
  });
});
