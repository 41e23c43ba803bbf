import { historicFiles } from '../../../core/usage/historic-files.ts';

const folder = 'AWSLogs/o-a1b2c3d4e5/111122223333';

test('log files go ten to a message, marked historic, their keys as S3 writes them', () => {
  const keys = Array.from({ length: 11 }, (_, n) => `${folder}/CloudTrail/us-east-1/2026/01/01/a b+${n}.json.gz`);
  const { messages, files, skipped } = historicFiles('trail', keys);
  expect(messages.map(({ historic, Records }) => [historic, Records.length])).toEqual([
    [true, 10],
    [true, 1],
  ]);
  const named = messages.flatMap(({ Records }) => Records.map(({ s3 }) => s3.object.key));
  expect(named.map((key) => decodeURIComponent(key.replaceAll('+', ' ')))).toEqual([...keys].sort());
  expect({ files, skipped }).toEqual({ files: 11, skipped: 0 });
});

test('digests, insights and folders are left out and counted', () => {
  const { messages, skipped } = historicFiles('trail', [
    `${folder}/CloudTrail-Digest/us-east-1/2026/01/01/d.json.gz`,
    `${folder}/CloudTrail-Insight/us-east-1/2026/01/01/i.json.gz`,
    `${folder}/CloudTrail/`,
  ]);
  expect(messages).toEqual([]);
  expect(skipped).toBe(3);
});
