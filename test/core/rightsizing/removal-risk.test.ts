import { removalRisk, shareOf, takenBy } from '../../../core/rightsizing/removal-risk.ts';
import { type Evidence, rightsize } from '../../../core/rightsizing/rightsize.ts';
import type { Day, Instant } from '../../../core/time.ts';
import type { LedgerItem } from '../../../core/usage/item.ts';
import { allow, evidence, item, policy, type RoleSketch, roleArn } from './world.ts';

const on = (it: LedgerItem, ...days: string[]): LedgerItem => {
  const entry = it.entries.get('')!;
  const first = { ...entry.first, time: `${days[0]}T10:00:00Z` as Instant };
  return { ...it, entries: new Map([['', { ...entry, first, days: days as Day[], last: days.at(-1) as Day }]]) };
};
const ci: RoleSketch = {
  name: 'ci',
  inline: { own: policy(allow(['ec2:RunInstances', 'ec2:StopInstances', 'rds:DeleteDBInstance', 'rds:Create*'])) },
};
const world = (...items: LedgerItem[]): Evidence => evidence([ci], { usage: new Map([[roleArn('ci'), items]]) });

describe('the risk of removal', () => {
  // The window ends on 2026-11-18: 90 days before, on 2026-08-20, is as of when it is measured.
  const risk = (...items: LedgerItem[]) =>
    removalRisk(world(on(item('ci', 'ec2:RunInstances'), '2026-05-01'), ...items));

  test('counts what would have been taken and was used since, named and under wildcards', () => {
    const measured = risk(
      on(item('ci', 'ec2:StopInstances'), '2026-10-01'),
      on(item('ci', 'rds:CreateDBInstance'), '2026-09-01', '2026-10-01'),
    );
    expect(measured).toMatchObject({
      asOf: '2026-08-20',
      unusedDays: 112,
      withinDays: 90,
      named: { again: 1, of: 2, share: 0.5 },
      wildcard: { again: 1 },
    });
    expect(measured!.wildcard.of).toBeGreaterThan(10);
  });

  test('does not count what was used before, nor what was denied', () => {
    expect(risk(on(item('ci', 'ec2:StopInstances'), '2026-08-20', '2026-10-01'))?.named).toMatchObject({
      again: 0,
      of: 1,
    });
    expect(risk(on(item('ci', 'ec2:StopInstances', 'denied'), '2026-10-01'))?.named).toMatchObject({ again: 0, of: 2 });
  });

  test('is not measured where the ledger does not reach back', () => {
    expect(removalRisk(world(on(item('ci', 'ec2:RunInstances'), '2026-08-10')))).toBeUndefined();
  });

  test('says of a proposal what it takes of either kind', () => {
    const it = world(on(item('ci', 'ec2:RunInstances'), '2026-05-01'));
    const [judged] = rightsize(it);
    expect(takenBy(judged!, it).named).toBe(2);
    expect(takenBy(judged!, it).wildcard).toBeGreaterThan(10);
  });

  test('has an interval that is never sure of nothing', () => {
    expect(shareOf(0, 0)).toEqual({ again: 0, of: 0, share: 0, low: 0, high: 1 });
    expect(shareOf(0, 100).high).toBeCloseTo(0.037, 3);
    expect(shareOf(5, 100)).toMatchObject({
      share: 0.05,
      low: expect.closeTo(0.0215, 3),
      high: expect.closeTo(0.1118, 3),
    });
  });
});
