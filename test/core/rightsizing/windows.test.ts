import { rightsize } from '../../../core/rightsizing/rightsize.ts';
import { windowOf } from '../../../core/rightsizing/window.ts';
import { windowDaysFor } from '../../../core/rightsizing/window-rules.ts';
import { type Day, dayAt, dayNumber, type Instant } from '../../../core/time.ts';
import type { LedgerItem } from '../../../core/usage/item.ts';
import { allow, evidence, item, now, policy, roleArn, wholeCoverage } from './world.ts';

const own = policy(allow(['rds:CreateDBSnapshot', 'rds:DeleteDBInstance']));
const role = { name: 'closing', inline: { own } };

/** An action's ledger item with these days of use. */
function usedOn(days: readonly string[], action = 'rds:CreateDBSnapshot'): LedgerItem {
  const sorted = [...days].sort() as Day[];
  const base = item('closing', action);
  const [entry] = base.entries.values();
  const first = { ...entry!.first, time: `${sorted[0]}T10:00:00Z` as Instant };
  return { ...base, entries: new Map([['', { ...entry!, first, last: sorted.at(-1)!, days: sorted }]]) };
}
const covered = (days: number) => wholeCoverage(days + 1);
const judged = (days: readonly string[], windowDays: number) =>
  rightsize({
    ...evidence([role], { usage: new Map([[roleArn('closing'), [usedOn(days)]]]) }),
    window: windowOf(now, windowDays),
    coverage: covered(windowDays),
  })[0]!;

test('what works by the quarter is not judged by a window that holds one quarter’s end', () => {
  const quarters = ['2026-03-31', '2026-06-30', '2026-09-30'];
  expect(judged(quarters, 90)).toMatchObject({ status: 'not-yet-decidable', reason: 'seasonal' });
  const { detail } = judged(quarters, 90) as { detail: string };
  expect(detail).toMatch(/quarterly .*2026-09-30.* 90 days holds 1.* 187 days .*about 2026-12-30/);
  expect(judged(quarters, 187)).toMatchObject({ status: 'proposed', removed: ['rds:DeleteDBInstance'] });
});

test('what works once a year takes the longest window', () => {
  expect(judged(['2025-11-14', '2026-11-13'], 365)).toMatchObject({ reason: 'seasonal' });
  expect(judged(['2025-11-14', '2026-11-13'], 400)).toMatchObject({ status: 'proposed' });
});

test('what works by the month, or all the time, is judged by 90 days', () => {
  expect(judged(['2026-08-31', '2026-09-30', '2026-10-30'], 90).status).toBe('proposed');
  const steady = Array.from({ length: 80 }, (_, i) => dayAt(dayNumber('2026-08-25' as Day) + i));
  expect(judged(steady, 90).status).toBe('proposed');
});

test('what was used at earlier ends of quarters and not since stays used', () => {
  const items = [usedOn(['2025-12-31', '2026-03-31']), usedOn(['2026-09-10', '2026-10-20'], 'rds:DescribeDBInstances')];
  const base = evidence([role], { usage: new Map([[roleArn('closing'), items]]) });
  const [first] = rightsize({ ...base, window: windowOf(now, 90), coverage: covered(90) });
  expect(first?.kept).toContainEqual({ action: 'rds:CreateDBSnapshot', why: 'used' });
  expect(first).toMatchObject({ removed: ['rds:DeleteDBInstance'] });
});

test('a name made anew is told from its predecessor, and waits for its own window', () => {
  const young = { ...role, record: { createdAt: '2026-10-01T00:00:00Z' as Instant }, used: ['rds:CreateDBSnapshot'] };
  const base = evidence([young]);
  expect(rightsize(base)[0]).toMatchObject({ reason: 'too-young' });
  const [anew] = rightsize({ ...base, formerIds: new Map([[roleArn('closing'), 'AROAFORMER']]) });
  expect(anew).toMatchObject({ reason: 'made-anew' });
  expect((anew as { detail: string }).detail).toContain('AROAFORMER had its name before');
});

test('each principal is judged by its own window, gaps included', () => {
  const usage = new Map([[roleArn('closing'), [item('closing', 'rds:CreateDBSnapshot')]]]);
  const base = { ...evidence([role], { usage }), window: windowOf(now, 30), coverage: covered(30) };
  expect(rightsize(base)[0]?.status).toBe('proposed');
  const longer = rightsize({ ...base, windowOf: () => windowOf(now, 60) })[0];
  expect(longer).toMatchObject({ status: 'not-yet-decidable', reason: 'no-ingestion' });
  const whole = rightsize({ ...base, coverage: covered(60), windowOf: () => windowOf(now, 60) })[0];
  expect(whole).toMatchObject({
    status: 'proposed',
    plan: { terms: { window: { from: '2026-09-20T00:00:00Z', to: '2026-11-18T23:59:59Z' } } },
  });
});

describe('the window is a setting', () => {
  const of = (more: object) =>
    ({
      arn: 'arn:aws:iam::111122223333:role/finance/close',
      path: '/finance/',
      tags: { cycle: 'yearly' },
      ...more,
    }) as const;
  const rules = [
    { tag: { key: 'cycle', value: 'yearly' }, days: 400 },
    { account: '444455556666', path: '/finance/', days: 200 },
    { tag: { key: 'batch' }, days: 120 },
    { account: '111122223333', days: 60 },
  ];

  test.each([
    ['by tag, the first that fits', {}, 400],
    ['by account and path together', { arn: 'arn:aws:iam::444455556666:role/finance/x', tags: {} }, 200],
    ['not by the path of another account', { tags: {} }, 60],
    ['by a tag whatever it says', { arn: 'arn:aws:iam::1:user/u', path: '/', tags: { batch: '' } }, 120],
    ['of nothing that fits: the usual one', { arn: 'arn:aws:iam::1:user/u', path: '/', tags: {} }, 90],
    ['a tag called like something of the language', { arn: 'arn:aws:iam::1:user/u', path: '/', tags: {} }, 90],
  ])('%s', (_, principal, days) => {
    expect(windowDaysFor(of(principal), rules, 90)).toBe(days);
  });

  test('no member of the language is taken for a tag', () => {
    expect(windowDaysFor(of({ tags: {} }), [{ tag: { key: 'constructor' }, days: 1 }], 90)).toBe(90);
  });
});
