import fc from 'fast-check';
import { verifyChain } from '../../../core/audit/chain.ts';
import type { DomainEvent } from '../../../core/audit/event.ts';
import type { AssignmentSlot } from '../../../core/changes/change.ts';
import {
  type AssignmentStep,
  gone,
  type HeldAssignment,
  held,
  isUnsettled,
  released,
  settled,
} from '../../../core/leases/assignment.ts';
import { type Instant, instantAt } from '../../../core/time.ts';

const slot: AssignmentSlot = {
  type: 'account-assignment',
  account: '111122223333',
  instance: 'arn:aws:sso:::instance/ssoins-0123456789abcdef',
  permissionSet: 'arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef',
  user: 'u-ada',
};
const begin = 1_750_000_000;
const operation = fc.record({
  what: fc.constantFrom('hold', 'hold', 'release', 'release', 'take away', 'look', 'assign by hand'),
  lease: fc.constantFrom('a', 'b', 'c'),
  seconds: fc.constantFrom(0, 1, 60, 179, 180, 900),
});

/** One assignment in AWS and our row of it, as whoever lends and takes away moves both. */
class World {
  row: HeldAssignment | undefined;
  readonly events: DomainEvent[] = [];
  /** Who made what is there now: us, or somebody by hand. */
  there: 'ours' | 'theirs' | null = null;
  /** Somebody's own was taken away. */
  wronged = false;

  take(step: AssignmentStep | null | undefined): boolean {
    if (!step) return false;
    this.row = step.after;
    this.events.push(...step.events);
    return true;
  }

  hold(lease: string, at: Instant): void {
    const step = held(this.row, slot, lease, this.there !== null, at, 'test');
    if (!step.ok) return;
    this.take(step.value);
    this.there ??= 'ours';
  }

  takeAway(lease: string, at: Instant): void {
    if (this.row?.removing !== lease) return;
    this.wronged ||= this.there === 'theirs';
    this.there = null;
    this.take(gone(this.row, lease, at, 'test'));
  }

  look(lease: string, at: Instant): void {
    if (!isUnsettled(this.row)) return;
    // Nobody but us makes one while ours may still be on its way: then there is no telling whose it is.
    if (this.there === null) this.take(settled(this.row, lease, at, 'test'));
  }

  byHand(): void {
    const isOurs = this.row !== undefined && (this.row.holders.length > 0 || this.row.removing !== null);
    if (!isOurs && !isUnsettled(this.row)) this.there = 'theirs';
  }
}

/** One step of somebody, and what has to hold after it. */
function step(world: World, holding: Set<string>, { what, lease }: { what: string; lease: string }, at: Instant): void {
  const steps: Readonly<Record<string, () => unknown>> = {
    hold: () => world.hold(lease, at),
    release: () => world.take(released(world.row, lease, at, 'test')),
    'take away': () => world.takeAway(lease, at),
    look: () => world.look(lease, at),
    'assign by hand': () => world.byHand(),
  };
  steps[what]?.();
  if (what === 'hold' && world.row?.holders.includes(lease)) holding.add(lease);
  if (what === 'release') holding.delete(lease);
  expect([...(world.row?.holders ?? [])].sort()).toEqual([...holding].sort());
  if (holding.size > 0) expect([world.there, world.row?.removing]).toEqual(['ours', null]);
}

test('what others made is never taken, what is held stays, and the last to leave takes it away', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
      const world = new World();
      const holding = new Set<string>();
      let now = begin;
      for (const { seconds, ...each } of operations) {
        now += seconds;
        step(world, holding, each, instantAt(now));
      }
      expect(world.wronged).toBe(false);
      expect(verifyChain(world.events, world.row?.audit)).toEqual([]);
      expect(world.events).toHaveLength(world.row?.version ?? 0);
    }),
    { numRuns: 300 },
  );
});

test('nobody holds it anew for three minutes after it was taken away, longer than any function runs', () => {
  const world = new World();
  world.hold('a', instantAt(begin));
  world.take(released(world.row, 'a', instantAt(begin), 'test'));
  expect(held(world.row, slot, 'b', true, instantAt(begin + 9999), 'test')).toEqual({
    ok: false,
    error: 'being-taken-away',
  });
  world.takeAway('a', instantAt(begin));
  expect(held(world.row, slot, 'b', false, instantAt(begin + 179), 'test')).toMatchObject({
    error: 'being-taken-away',
  });
  expect(held(world.row, slot, 'b', false, instantAt(begin + 180), 'test')).toMatchObject({ ok: true });
  expect(held(world.row, slot, 'b', true, instantAt(begin + 180), 'test')).toMatchObject({ ok: true });
  world.look('a', instantAt(begin + 180));
  expect(held(world.row, slot, 'b', true, instantAt(begin + 180), 'test')).toMatchObject({ error: 'stood-before' });
});
