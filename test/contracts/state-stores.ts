import type { CaseId } from '../../core/anomaly/case.ts';
import { append } from '../../core/audit/chain.ts';
import { type AggregateType, type DomainEvent, genesis } from '../../core/audit/event.ts';
import type { Change, ChangeId } from '../../core/changes/change.ts';
import { settingsId } from '../../core/changes/settings.ts';
import type { ActorId } from '../../core/identity/principal.ts';
import { assignmentId, type HeldAssignment } from '../../core/leases/assignment.ts';
import type { Lease, LeaseId } from '../../core/leases/lease.ts';
import type {
  AssignmentStore,
  CaseStore,
  ChangeStore,
  LeaseStore,
  Outbox,
  SettingsStore,
  VerdictStore,
} from '../../usecases/ports/state-stores.ts';
import { aggregateStoreContract } from './aggregate-store.ts';
import { aCase, aChange, actor, aLease, instant, settings, verdict } from './examples.ts';

export interface StateStores {
  cases: CaseStore;
  verdicts: VerdictStore;
  changes: ChangeStore;
  leases: LeaseStore;
  assignments: AssignmentStore;
  settings: SettingsStore;
  outbox: Outbox;
}

const at = (minute: number) => instant(`2026-03-01T12:${String(minute).padStart(2, '0')}:00Z`);

/** Event `sequence` of a chain in which every event is told the same. */
function eventOf(type: AggregateType, id: string, sequence: number): DomainEvent {
  let chain = append(genesis, { aggregate: { type, id }, type: `${type}.touched`, at: at(0), by: 'test' });
  while (chain.event.sequence < sequence)
    chain = append(chain.head, { aggregate: { type, id }, type: `${type}.touched`, at: at(0), by: 'test' });
  return chain.event;
}

/** The laws of the stores over one outbox, for every implementation. `open` gives empty stores. */
export function stateStoresContract(open: () => Promise<StateStores>): void {
  describe('cases', () => {
    aggregateStoreContract(async () => {
      const { cases, outbox } = await open();
      return {
        store: cases,
        outbox,
        id: 'case-1',
        at: (version, mark) => aCase({ version, score: mark }),
        event: (sequence) => eventOf('case', 'case-1', sequence),
      };
    });

    test('are listed newest first, all of them or those of an actor', async () => {
      const { cases } = await open();
      const other = 'federated:idp/ada' as ActorId;
      const made = [1, 3, 2].map((n) =>
        aCase({ id: `case-${n}` as CaseId, openedAt: at(n), ...(n === 3 && { actor: other }) }),
      );
      for (const row of made) await cases.commit(undefined, row, []);
      expect((await cases.list(2)).map((row) => row.id)).toEqual(['case-3', 'case-2']);
      expect((await cases.ofActor(actor)).map((row) => row.id)).toEqual(['case-2', 'case-1']);
      expect(await cases.ofActor('nobody' as ActorId)).toEqual([]);
    });

    test('a case that was answered is listed as it is now, once', async () => {
      const { cases } = await open();
      await cases.commit(undefined, aCase(), []);
      await cases.commit(aCase(), aCase({ version: 2, state: 'expected' }), []);
      expect((await cases.list(10)).map((row) => row.state)).toEqual(['expected']);
    });
  });

  describe('verdicts', () => {
    test('putting one twice changes nothing, and each facet and case has its own', async () => {
      const { verdicts } = await open();
      const other = verdict({ facet: { kind: 'region', value: 'eu-central-1' } });
      const later = verdict({ case: 'case-2' as CaseId, until: null, verdict: 'not-us' });
      await verdicts.put([verdict(), other, later]);
      await verdicts.put([verdict()]);
      const found = await verdicts.ofActor(actor);
      expect(found).toHaveLength(3);
      expect(found).toEqual(expect.arrayContaining([verdict(), other, later]));
      expect(await verdicts.ofActor('nobody' as ActorId)).toEqual([]);
    });

    test('the later one of a facet and case stands, whichever is written last', async () => {
      const { verdicts } = await open();
      await verdicts.put([verdict({ at: at(5), by: 'later' })]);
      await verdicts.put([verdict({ at: at(4), by: 'earlier' })]);
      expect((await verdicts.ofActor(actor)).map((row) => row.by)).toEqual(['later']);
      await verdicts.put([verdict({ at: at(6), by: 'latest' })]);
      expect((await verdicts.ofActor(actor)).map((row) => row.by)).toEqual(['latest']);
    });

    test('more than one write takes are all kept', async () => {
      const { verdicts } = await open();
      await verdicts.put(
        Array.from({ length: 60 }, (_, n) => verdict({ facet: { kind: 'action', action: `s3:A${n}` } })),
      );
      expect(await verdicts.ofActor(actor)).toHaveLength(60);
    });
  });

  describe('changes', () => {
    aggregateStoreContract(async () => {
      const { changes, outbox } = await open();
      return {
        store: changes,
        outbox,
        id: 'change-1',
        at: (version, mark) => aChange({ version, digest: String(mark) }),
        event: (sequence) => eventOf('change', 'change-1', sequence),
      };
    });

    const change = (n: number, state: Change['state']) =>
      aChange({ id: `change-${n}` as ChangeId, plannedAt: at(n), state });

    test('those that can still move are listed before any that cannot take their place, newest first', async () => {
      const { changes } = await open();
      const states = { 1: 'planned', 2: 'denied', 3: 'verified', 4: 'undone', 5: 'refused' } as const;
      for (const [n, state] of Object.entries(states)) await changes.commit(undefined, change(Number(n), state), []);
      expect((await changes.list(3)).map((row) => row.id)).toEqual(['change-5', 'change-3', 'change-1']);
      expect((await changes.list(1)).map((row) => row.id)).toEqual(['change-3']);
      expect(await changes.list(10)).toHaveLength(5);
    });

    test('one that comes to its end moves among those at their end', async () => {
      const { changes } = await open();
      await changes.commit(undefined, change(1, 'planned'), []);
      await changes.commit(change(1, 'planned'), { ...change(1, 'denied'), version: 2 }, []);
      expect((await changes.list(10)).map((row) => row.state)).toEqual(['denied']);
    });

    test('are found by their target, newest first', async () => {
      const { changes } = await open();
      const other = { ...aChange().plan, target: 'arn:aws:iam::111122223333:user/alice' };
      await changes.commit(undefined, change(1, 'planned'), []);
      await changes.commit(undefined, { ...change(2, 'planned'), plan: other }, []);
      await changes.commit(undefined, change(3, 'undone'), []);
      expect((await changes.ofTarget(actor)).map((row) => row.id)).toEqual(['change-3', 'change-1']);
    });
  });

  describe('leases', () => {
    aggregateStoreContract(async () => {
      const { leases, outbox } = await open();
      return {
        store: leases,
        outbox,
        id: 'lease-1',
        at: (version, mark) => aLease({ version, attempts: mark }),
        event: (sequence) => eventOf('lease', 'lease-1', sequence),
      };
    });

    const lease = (n: number, over: Partial<Lease>) => aLease({ id: `lease-${n}` as LeaseId, ...over });

    test('are due by their end, or by their start where something may have stopped them on the way', async () => {
      const { leases } = await open();
      const rows = [
        lease(1, { state: 'active', startsAt: at(1), endsAt: at(20) }),
        lease(2, { state: 'active', startsAt: at(1), endsAt: at(31) }),
        lease(3, { state: 'prepared', startsAt: at(10), endsAt: at(50) }),
        lease(4, { state: 'revoking', startsAt: at(1), endsAt: at(50), retryAt: at(5) }),
        lease(5, { state: 'revoked', startsAt: at(1), endsAt: at(2) }),
        lease(6, { state: 'closed', startsAt: at(1), endsAt: at(2) }),
        lease(7, { state: 'active', startsAt: at(1), endsAt: at(30) }),
        lease(8, { state: 'revoke-stuck', startsAt: at(1), endsAt: at(2), retryAt: at(31) }),
        lease(9, { state: 'provisioning', startsAt: at(11), endsAt: at(50) }),
        lease(10, { state: 'verified', startsAt: at(1), endsAt: at(2) }),
      ];
      for (const row of rows) await leases.commit(undefined, row, []);
      const due = await leases.due(at(30), 10);
      expect(due.map((row) => row.id)).toEqual(['lease-4', 'lease-3', 'lease-9', 'lease-1', 'lease-7']);
      expect((await leases.due(at(30), 2)).map((row) => row.id)).toEqual(['lease-4', 'lease-3']);
    });

    test('settle from the moment the policy is gone until they are closed, those first that were taken back first', async () => {
      const { leases } = await open();
      const later = lease(1, { state: 'revoked', revokedAt: at(9) });
      await leases.commit(undefined, later, []);
      await leases.commit(undefined, lease(2, { state: 'verified', revokedAt: at(8) }), []);
      await leases.commit(undefined, lease(3, {}), []);
      await leases.commit(undefined, lease(4, { state: 'closed', revokedAt: at(7) }), []);
      expect((await leases.settling(10)).map((row) => row.id)).toEqual(['lease-2', 'lease-1']);
      expect((await leases.settling(1)).map((row) => row.id)).toEqual(['lease-2']);
      await leases.commit(later, { ...later, version: 2, state: 'closed' }, []);
      expect((await leases.settling(10)).map((row) => row.id)).toEqual(['lease-2']);
    });

    test('one whose policy is gone is due no more', async () => {
      const { leases } = await open();
      await leases.commit(undefined, lease(1, {}), []);
      await leases.commit(lease(1, {}), lease(1, { version: 2, state: 'revoked' }), []);
      expect(await leases.due(instant('2027-01-01T00:00:00Z'), 10)).toEqual([]);
      expect((await leases.list(10)).map((row) => row.state)).toEqual(['revoked']);
    });
  });

  describe('assignments', () => {
    const slot = {
      type: 'account-assignment' as const,
      account: '111122223333',
      instance: 'arn:aws:sso:::instance/ssoins-0123456789abcdef',
      permissionSet: 'arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef',
      user: 'u-ada',
    };
    const id = assignmentId(slot);
    aggregateStoreContract(async () => {
      const { assignments: store, outbox } = await open();
      const unheld = { v: 1 as const, id, slot, holders: [], removing: null, goneAt: null, audit: genesis };
      return {
        store,
        outbox,
        id,
        at: (version, mark): HeldAssignment => ({ ...unheld, version, holders: [`lease-${mark}`] }),
        event: (sequence) => eventOf('assignment', id, sequence),
      };
    });
  });

  describe('settings', () => {
    aggregateStoreContract(async () => {
      const { settings: store, outbox } = await open();
      return {
        store,
        outbox,
        id: settingsId,
        at: (version, mark) => settings({ version, applying: [String(mark)] }),
        event: (sequence) => eventOf('settings', settingsId, sequence),
      };
    });
  });

  describe('the outbox', () => {
    test('gives events of all aggregates, oldest first, and those of one in their order past sequence nine', async () => {
      const { cases, changes, outbox } = await open();
      const ten = Array.from({ length: 11 }, (_, n) => eventOf('case', 'case-1', n + 1));
      const early = append(genesis, {
        aggregate: { type: 'change', id: 'change-1' },
        type: 'change.planned',
        at: instant('2026-02-01T00:00:00Z'),
        by: 'test',
      }).event;
      await cases.commit(undefined, aCase(), ten);
      await changes.commit(undefined, aChange(), [early]);
      expect(await outbox.pending(20)).toEqual([early, ...ten]);
      expect(await outbox.pending(2)).toEqual([early, ten[0]]);
    });
  });
}
