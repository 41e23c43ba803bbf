import { createHash } from 'node:crypto';
import type { Instant } from '../../core/time.ts';
import { variedWeeks } from '../../local/sample-organization/varied-weeks.ts';

/**
 * The benign work that model 3 is reported on: three organizations that nobody looked at before its weights stood. Frozen
 * before they were changed: where a digest changes, the figures in docs/anomaly.md are no longer those of the same sessions.
 */
test.each([
  [8101, '07d5c7d9c4042cf91201c35330f4508946bcb22c1b08a5b5a64557186ea3b3c0'],
  [8102, '7babf6a3306fd799370b8f6e6650e2050610b543ac4290a4a5c656cacece4878'],
  [8103, 'f1019fce56ef258000c602a5a450650dd47b59a636d1d5b2d1e247cb3368cef5'],
])('the varied weeks of seed %i are frozen', (seed, expected) => {
  const digest = createHash('sha256');
  for (const session of variedWeeks({ seed, end: '2026-11-20T23:59:59Z' as Instant }))
    digest.update(JSON.stringify(session));
  expect(digest.digest('hex')).toBe(expected);
});
