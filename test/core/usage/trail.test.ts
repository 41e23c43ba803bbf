import type { AccountId } from '../../../core/identity/principal.ts';
import type { Instant } from '../../../core/time.ts';
import { coverageOf, fullDay, joinCoverage } from '../../../core/usage/coverage.ts';
import { trailObject } from '../../../core/usage/trail.ts';

const trail = { bucket: 'logs', prefix: '', organization: 'o-1' };

test.each([
  ['AWSLogs/o-1/111122223333/CloudTrail/eu-west-1/2026/03/01/x.json.gz', { type: 'log', account: '111122223333' }],
  ['AWSLogs/o-1/111122223333/CloudTrail-Digest/eu-west-1/2026/03/01/x.json.gz', { type: 'digest', late: false }],
  [
    'AWSLogs/o-1/111122223333/CloudTrail-Digest/eu-west-1/2026/03/01/x_backfill.json.gz',
    { type: 'digest', account: '111122223333', region: 'eu-west-1', late: true },
  ],
  ['AWSLogs/o-1/111122223333/CloudTrail-Insight/eu-west-1/2026/03/01/x.json.gz', { type: 'beside' }],
  ['AWSLogs/o-1/111122223333/Config/x.json.gz', { type: 'elsewhere' }],
  ['AWSLogs/111122223333/CloudTrail/x.json.gz', { type: 'elsewhere' }],
  ['AWSLogs/o-1/1111/CloudTrail/x.json.gz', { type: 'elsewhere' }],
  ['AWSLogs/o-1/', { type: 'elsewhere' }],
  ['other/AWSLogs/o-1/111122223333/CloudTrail/x.json.gz', { type: 'elsewhere' }],
])('%s is %j', (key, expected) => {
  expect(trailObject(trail, 'logs', key)).toMatchObject(expected);
});

test('another bucket is elsewhere, whatever its keys', () => {
  expect(trailObject(trail, 'theirs', 'AWSLogs/o-1/111122223333/CloudTrail/x.json.gz')).toMatchObject({
    type: 'elsewhere',
  });
});

test('hours are a bit each, and two readings of a day are joined', () => {
  const account = '111122223333' as AccountId;
  const rows = coverageOf(account, [
    '2026-03-01T00:59:59Z',
    '2026-03-01T23:00:00Z',
    '2026-03-02T05:00:00Z',
  ] as Instant[]);
  expect(rows).toEqual([
    { v: 1, account, day: '2026-03-01', hours: (1 << 0) | (1 << 23) },
    { v: 1, account, day: '2026-03-02', hours: 1 << 5 },
  ]);
  expect(joinCoverage(rows[0]!, { ...rows[0]!, hours: fullDay }).hours).toBe(fullDay);
});
