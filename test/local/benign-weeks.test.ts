import { createHash } from 'node:crypto';
import type { Instant } from '../../core/time.ts';
import { actionsOf } from '../../core/usage/actions/actions-of.ts';
import { parseRecord } from '../../core/usage/parse.ts';
import { benignWeeks } from '../../local/sample-organization/benign-weeks.ts';

const end = '2026-11-20T23:59:59Z' as Instant;
const sessions = benignWeeks({ seed: 1, end });
const records = sessions.flatMap((session) => session.records);

/**
 * The benign half of the anomaly benchmark. Frozen before any weight was tuned on it: where this digest changes, the
 * figures in docs/anomaly.md are no longer those of the same sessions, and must be measured and explained again.
 */
test('the four thousand sessions of the benchmark are frozen', () => {
  const digest = createHash('sha256');
  for (const session of sessions) digest.update(JSON.stringify(session));
  expect(sessions).toHaveLength(4000);
  expect(digest.digest('hex')).toBe('072ce1cb76e66a34fb18c4b3d8bf855a78884a796818cbb177d8bae945e3c5c5');
});

test('another seed gives other sessions', () => {
  const fewer = (seed: number) => JSON.stringify(benignWeeks({ seed, end, days: 5, sessions: 500 })[0]);
  expect(fewer(2)).toBe(fewer(2));
  expect(fewer(2)).not.toBe(fewer(3));
});

test('they span sixty days, in order, each by one caller, and no event has the id of another', () => {
  expect(new Set(records.map(({ eventTime }) => eventTime.slice(0, 10))).size).toBe(60);
  const starts = sessions.map((session) => session.records[0]!.eventTime);
  expect(starts).toEqual([...starts].sort());
  for (const { records: own } of sessions) {
    expect(new Set(own.map(({ userIdentity }) => userIdentity.accessKeyId)).size).toBe(1);
    const times = own.map(({ eventTime }) => eventTime);
    expect(times).toEqual([...times].sort());
  }
  expect(new Set(records.map(({ eventID }) => eventID)).size).toBe(records.length);
});

test('work that looks like an attack is among them, of every kind', () => {
  const kinds = new Set(sessions.map(({ kind }) => kind));
  expect([...kinds].sort()).toEqual([
    'cleanup',
    'forensics',
    'incident',
    'inventory',
    'migration',
    'new-joiner',
    'new-post',
    'new-region',
    'new-tool',
    'offboarding',
    'onboarding',
    'penetration-test',
    'restore-drill',
    'rotation',
    'routine',
    'travel',
  ]);
  const unusual = sessions.filter(({ kind }) => kind !== 'routine').length / sessions.length;
  expect(unusual).toBeGreaterThan(0.03);
  expect(unusual).toBeLessThan(0.08);
});

test('every record is read, and every call is one that AWS has', () => {
  const way = {
    trust: 'unverified',
    historic: false,
    latest: '2030-01-01T00:00:00Z' as Instant,
    account: null,
  } as const;
  const unread = new Set<string>();
  for (const record of records) {
    const parsed = parseRecord(record, way);
    if (!parsed.ok || actionsOf(parsed.value).unmapped) unread.add(`${record.eventSource}/${record.eventName}`);
  }
  expect([...unread]).toEqual([]);
});
