import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { NoSuchPath, readCloudTrail } from '../../../adapters/files/cloudtrail.ts';
import type { Instant } from '../../../core/time.ts';
import type { Rejection, UsageEvent } from '../../../core/usage/event.ts';
import { record } from '../../core/usage/records.ts';

const folder = mkdtempSync(join(tmpdir(), 'leastwise-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

const log = (eventID: string) => JSON.stringify({ Records: [record({ eventID })] });

function put(path: string, content: string | Buffer): string {
  const at = join(folder, path);
  mkdirSync(join(at, '..'), { recursive: true });
  writeFileSync(at, content);
  return at;
}

async function read(...paths: string[]) {
  const [events, rejections, skipped]: [UsageEvent[], Rejection[], string[]] = [[], [], []];
  const options = {
    now: '2026-03-01T12:00:00Z' as Instant,
    onSkip: (path: string, why: string) => skipped.push(`${path}: ${why}`),
  };
  for await (const file of readCloudTrail(paths, options)) {
    events.push(...file.events);
    rejections.push(...file.rejections);
  }
  return { ids: events.map(({ eventID }) => eventID), events, rejections, skipped };
}

test('a folder is read in depth, whatever of the six endings a log has, and what is skipped is named', async () => {
  put('deep/a.json', log('a'));
  put('deep/b.json.gz', gzipSync(log('b')));
  put('deep/c/c.jsonl', JSON.stringify(record({ eventID: 'c' })));
  put('deep/c/d.jsonl.gz', gzipSync(JSON.stringify(record({ eventID: 'd' }))));
  put('deep/c/e.ndjson', JSON.stringify(record({ eventID: 'e' })));
  put('deep/c/f.ndjson.gz', gzipSync(JSON.stringify(record({ eventID: 'f' }))));
  const readme = put('deep/README.md', '# x');
  const digest = put('deep/CloudTrail-Digest/g.json.gz', gzipSync('{}'));
  const { ids, rejections, skipped } = await read(join(folder, 'deep'));
  expect(ids.sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  expect(rejections).toEqual([]);
  expect(skipped.sort()).toEqual([
    `${digest}: a file that CloudTrail writes beside its logs`,
    `${readme}: not a log by its name`,
  ]);
});

test('a file is read whatever its name, compressed or not, for somebody named it', async () => {
  expect((await read(put('named/log', gzipSync(log('a'))), put('named/other.txt', log('b')))).ids).toEqual(['a', 'b']);
});

test('broken files are rejected with their reasons, and the others are read', async () => {
  const whole = gzipSync(log('a'));
  const cut = put('broken/cut.json.gz', whole.subarray(0, whole.length - 15));
  const damaged = put(
    'broken/damaged.json.gz',
    Buffer.concat([whole.subarray(0, 12), Buffer.alloc(40, 7), whole.subarray(52)]),
  );
  const empty = put('broken/empty.json', '');
  const prose = put('broken/prose.json', 'hello\nworld');
  const config = put('broken/config.json', '{"configRuleId":"x","version":"1.0"}');
  put('broken/good.json', log('good'));
  const { ids, rejections } = await read(join(folder, 'broken'));
  expect(ids).toEqual(['good']);
  expect(rejections.map(({ reason, place }) => [place.source, reason]).sort()).toEqual(
    [
      [cut, 'truncated-gzip'],
      [damaged, 'truncated-gzip'],
      [empty, 'empty-file'],
      [prose, 'not-json'],
      [config, 'not-cloudtrail'],
    ].sort(),
  );
});

test('a folder without logs is said to be one', async () => {
  put('none/readme.txt', 'x');
  expect((await read(join(folder, 'none'))).rejections).toMatchObject([
    { reason: 'empty-file', place: { source: join(folder, 'none') } },
  ]);
});

test('a path that is not there is wrong usage, found before anything is read', async () => {
  await expect(read(join(folder, 'deep'), join(folder, 'absent'))).rejects.toThrow(NoSuchPath);
});

test('what an operator names is trusted by the operator', async () => {
  expect((await read(put('trust/a.json', log('a')))).events).toMatchObject([
    { trust: 'trusted-by-operator', historic: false },
  ]);
});

const data = join(import.meta.dirname, '../../../../shared/data/cloudtrail');
const present = existsSync(data);
if (!present) console.warn('Not checked: the public logs in ../shared/data/cloudtrail are not on this machine.');
const here = present ? test : test.skip;

here('of the real files for EventBridge the two broken ones are rejected with their reasons', async () => {
  const { events, rejections } = await read(join(data, 'eventbridge'));
  expect(events).toHaveLength(23);
  expect(rejections.map(({ reason, place }) => [place.source.split('/').at(-1), reason])).toEqual([
    ['event-cloud-trail-bedrock-create-customization-jobs.json', 'no-event-id'],
    ['event-config-rule-security-group.json', 'not-cloudtrail'],
  ]);
});

here.each([
  ['invictus', 2900],
  ['stratus', 157],
  ['otrf', 103],
])('the %s log is read whole: %i events', async (name, count) => {
  const { events, rejections } = await read(join(data, name));
  expect(rejections).toEqual([]);
  expect(events).toHaveLength(count);
});
