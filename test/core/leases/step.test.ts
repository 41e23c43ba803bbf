import fc from 'fast-check';
import { verifyChain } from '../../../core/audit/chain.ts';
import type { DomainEvent } from '../../../core/audit/event.ts';
import { applying } from '../../../core/changes/applied.ts';
import type { Change, ChangeId } from '../../../core/changes/change.ts';
import { editsAt, endPlaceholder } from '../../../core/changes/moments.ts';
import { planned } from '../../../core/changes/planned.ts';
import type { Lease } from '../../../core/leases/lease.ts';
import {
  active,
  closed,
  type LeaseStep,
  prepared,
  revoked,
  revokeFailed,
  revoking,
} from '../../../core/leases/step.ts';
import { instantAt } from '../../../core/time.ts';

const at = instantAt(1_750_000_000);
const change = (): Change => {
  const slot = { type: 'inline-policy' as const, account: '1', principal: 'arn', name: 'leastwise-lease-x' };
  const terms = { kind: 'lending' as const, actions: [], resources: [], duration: 3600, reason: 'r' };
  const plan = {
    kind: 'lending' as const,
    account: '1',
    target: 'arn',
    edits: [{ slot, before: null, after: `{"e":"${endPlaceholder}"}` }],
    terms,
  };
  const made = planned({
    id: 'chg-x' as ChangeId,
    plan,
    requester: 'a',
    beneficiary: 'a',
    lineage: [],
    at,
    decideWithinHours: 1,
    by: 'a',
  });
  const approved = { ...made.after, state: 'approved' as const, approvedAt: at };
  return applying(approved, editsAt(plan, at), at, 'apply-change').after;
};

test('a lease ends when its terms say, counted from the approval', () => {
  const { after } = prepared(change(), instantAt(1_750_000_500), 'apply-change');
  expect(after).toMatchObject({ id: 'x', startsAt: at, endsAt: instantAt(1_750_003_600), state: 'prepared' });
  expect(after.edit.after).toBe('{"e":"2025-06-15T16:06:40Z"}');
  expect(() => prepared({ ...change(), approvedAt: null }, at, 'x')).toThrow('lends nothing');
});

const moves: readonly ((lease: Lease) => LeaseStep | undefined)[] = [
  (lease) => active(lease, at, 't'),
  (lease) => revoking(lease, 'early', at, 't'),
  (lease) => revoking(lease, 'ended', at, 't'),
  (lease) => (lease.state === 'revoking' ? revokeFailed(lease, 'no', at, 't') : undefined),
  (lease) => (lease.state === 'revoking' ? revoked(lease, at, 't') : undefined),
  (lease) => (lease.state === 'revoked' ? closed(lease, at, 't') : undefined),
];
const rank = ['prepared', 'active', 'revoking', 'revoked', 'closed'];

test('whatever happens in whatever order, a lease only goes on, and its chain is whole', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(moves.length - 1), { maxLength: 20 }), (picks) => {
      const first = prepared(change(), at, 't');
      let lease = first.after;
      const events: DomainEvent[] = [...first.events];
      for (const pick of picks) {
        const step = moves[pick]!(lease);
        if (step === undefined) continue;
        expect(rank.indexOf(step.after.state)).toBeGreaterThanOrEqual(rank.indexOf(lease.state));
        expect(step.after.version).toBe(lease.version + 1);
        if (lease.revokeReason !== null) expect(step.after.revokeReason).toBe(lease.revokeReason);
        lease = step.after;
        events.push(...step.events);
      }
      expect(verifyChain(events, lease.audit)).toEqual([]);
      expect(events).toHaveLength(lease.version);
    }),
  );
});
