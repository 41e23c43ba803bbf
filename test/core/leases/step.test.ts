import fc from 'fast-check';
import { verifyChain } from '../../../core/audit/chain.ts';
import type { DomainEvent } from '../../../core/audit/event.ts';
import { applying } from '../../../core/changes/applied.ts';
import type { Change, ChangeId } from '../../../core/changes/change.ts';
import { editsAt, endPlaceholder } from '../../../core/changes/moments.ts';
import { planned } from '../../../core/changes/planned.ts';
import { dueAt } from '../../../core/leases/due.ts';
import type { Lease } from '../../../core/leases/lease.ts';
import {
  active,
  closed,
  isBeingRevoked,
  isLive,
  type LeaseStep,
  prepared,
  provisioning,
  residueAccepted,
  residueFound,
  revoked,
  revokeFailed,
  revoking,
  verified,
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

const end = instantAt(1_750_003_600);
const key = { kind: 'access-key' as const, what: 'AKIA1', until: null };
const how = { snapshot: at, recomputed: 1 };
const moves: readonly ((lease: Lease) => LeaseStep | undefined)[] = [
  (lease) => provisioning(lease, at, 't'),
  (lease) => active(lease, lease.generation, at, 't'),
  (lease) => active(lease, lease.generation - 1, at, 't'),
  (lease) => revoking(lease, 'early', at, 't'),
  (lease) => revoking(lease, 'ended', at, 't'),
  (lease) => (isBeingRevoked(lease) ? revokeFailed(lease, 'no', at, 't') : undefined),
  (lease) => revoked(lease, at, 't'),
  (lease) => verified(lease, how, at, 't'),
  (lease) => residueFound(lease, [key], at, 't'),
  (lease) => residueFound(lease, [], at, 't'),
  (lease) => residueAccepted(lease, 'known', at, 'ben'),
  (lease) => closed(lease, at, 't'),
  (lease) => closed(lease, end, 't'),
];
const rank = ['prepared', 'provisioning', 'active', 'revoking', 'revoke-stuck', 'revoked', 'verified', 'closed'];

const through = (...steps: readonly ((lease: Lease) => LeaseStep | undefined)[]) =>
  steps.reduce((lease, step) => step(lease)!.after, prepared(change(), at, 't').after);
const gone = [
  (lease: Lease) => provisioning(lease, at, 't'),
  (lease: Lease) => revoking(lease, 'ended', end, 't'),
  (lease: Lease) => revoked(lease, end, 't'),
];

test('P6: a run that began before revoking began cannot make the lease active, whatever it read back', () => {
  const begun = through((lease) => provisioning(lease, at, 't'));
  const ended = revoking(begun, 'early', at, 'ada')!.after;
  expect(ended.generation).toBeGreaterThan(begun.generation);
  expect(active(ended, begun.generation, at, 't')).toBeUndefined();
  expect(active({ ...begun, generation: 9 }, begun.generation, at, 't')).toBeUndefined();
  expect(active(through(), 0, at, 't')).toBeUndefined();
});

test('after five failures it is stuck, is due again a minute later, and is still taken back', () => {
  let lease = through(...gone.slice(0, 2));
  for (let attempt = 1; attempt <= 5; attempt += 1) lease = revokeFailed(lease, 'denied', end, 't').after;
  expect(lease).toMatchObject({ state: 'revoke-stuck', attempts: 5, retryAt: instantAt(1_750_003_660) });
  expect(dueAt(lease)).toBe(lease.retryAt);
  expect(revoked(lease, end, 't')!.after).toMatchObject({ state: 'revoked', retryAt: null });
});

test('it closes only when it was verified, is over, and nothing made under it remains unanswered for', () => {
  const there = through(...gone);
  expect(closed(there, end, 't')).toBeUndefined();
  const looked = verified(there, how, end, 't')!.after;
  expect(closed(looked, at, 't')).toBeUndefined();
  const holding = residueFound(looked, [key], end, 't')!.after;
  expect(closed(holding, end, 't')).toBeUndefined();
  expect(residueFound(holding, [key], end, 't')).toBeUndefined();
  const answered = residueAccepted(holding, 'the rotation of June', end, 'ben')!;
  expect(answered.after).toMatchObject({ residue: [], accepted: ['access-key AKIA1'] });
  expect(answered.events[0]!.data).toMatchObject({ residue: [key], reason: 'the rotation of June' });
  expect(closed(answered.after, end, 't')!.after.state).toBe('closed');
});

test('whatever happens in whatever order, a lease only goes on, and its chain is whole', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(moves.length - 1), { maxLength: 30 }), (picks) => {
      const first = prepared(change(), at, 't');
      let lease = first.after;
      const events: DomainEvent[] = [...first.events];
      for (const pick of picks) {
        const step = moves[pick]!(lease);
        if (step === undefined) continue;
        expect(rank.indexOf(step.after.state)).toBeGreaterThanOrEqual(rank.indexOf(lease.state));
        expect(step.after.version).toBe(lease.version + 1);
        if (!isLive(lease)) expect(step.after.state).not.toBe('active');
        if (lease.revokeReason !== null) expect(step.after.revokeReason).toBe(lease.revokeReason);
        lease = step.after;
        events.push(...step.events);
      }
      expect(verifyChain(events, lease.audit)).toEqual([]);
      expect(events).toHaveLength(lease.version);
    }),
  );
});
