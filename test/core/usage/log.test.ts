import { readLog } from '../../../core/usage/log.ts';
import { account, envelope, intake, record } from './records.ts';

const read = (text: string, way = {}) => readLog(text, 'x.json', { ...intake, ...way });
const [a, b] = [record({ eventID: 'a' }), record({ eventID: 'b' })];
const line = JSON.stringify;

test.each([
  ['Records', line({ Records: [a, b] })],
  ['an array', line([a, b])],
  ['one record a line', `${line(a)}\n${line(b)}\n`],
  ['lines that end as on Windows', `${line(a)}\r\n\r\n${line(b)}\r\n`],
  ['envelopes a line', `${line(envelope({}, { eventID: 'a' }))}\n${line(envelope({}, { eventID: 'b' }))}`],
  ['an array of envelopes', line([envelope({}, { eventID: 'a' }), envelope({}, { eventID: 'b' })])],
  ['Records a line', `${line({ Records: [a] })}\n${line({ Records: [b] })}`],
  ['a byte order mark', `\ufeff${line([a, b])}`],
])('reads %s', (_, text) => {
  const { events, rejections } = read(text);
  expect(rejections).toEqual([]);
  expect(events.map(({ eventID }) => eventID)).toEqual(['a', 'b']);
});

test('reads one record over many lines', () => {
  expect(read(JSON.stringify(a, null, 2)).events).toHaveLength(1);
  expect(read(JSON.stringify(envelope(), null, 2)).events).toHaveLength(1);
});

test('a broken record is rejected with its place, and the others are read', () => {
  const { events, rejections } = read(line({ Records: [a, record({ eventID: undefined }), b, 7] }));
  expect(events).toHaveLength(2);
  expect(rejections).toMatchObject([
    { reason: 'no-event-id', place: { source: 'x.json', index: 1 } },
    { reason: 'not-a-record', place: { source: 'x.json', index: 3 } },
  ]);
});

test('a broken line is rejected with its place, and the others are read', () => {
  const { events, rejections } = read(`${line(a)}\n{"eventID": "trunc\n${line(b)}`);
  expect(events).toHaveLength(2);
  expect(rejections).toMatchObject([{ reason: 'not-json', place: { index: 1 } }]);
});

test('a file that is no JSON is one rejection, however many lines it has', () => {
  expect(read('no\njson\nhere').rejections).toMatchObject([{ reason: 'not-json', place: { index: null } }]);
  const cut = JSON.stringify({ Records: [a, b] }, null, 2).slice(0, -20);
  expect(read(cut).rejections).toMatchObject([{ reason: 'not-json', place: { index: null } }]);
});

// `between` of the reader: what CloudTrail writes from one record to the next.
const inner = [{ x: 1 }, { eventVersion: '1.10', eventID: 'forged' }, { eventVersion: '1.10' }];

test.each([
  ['a list of what looks like records', { requestParameters: { inner } }],
  ['that text itself', { requestParameters: { text: line(inner) } }],
  ['a record that does not begin with its version', { eventVersion: undefined }],
])('a record that holds %s is one record', (_, changes) => {
  const records = [record({ eventID: 'first' }), record({ eventID: 'odd', ...changes }), record({ eventID: 'last' })];
  const { events, rejections } = read(line({ Records: records }));
  expect(rejections).toEqual([]);
  expect(events).toEqual(read(line({ Records: records }, null, 2)).events);
  expect(events.map(({ eventID }) => eventID)).toEqual(['first', 'odd', 'last']);
});

test("in a file like CloudTrail's, what stands before the damage is read, and the damage has its place", () => {
  const text = line({ Records: [a, b, record({ eventID: 'c', requestParameters: { inner } }), a] });
  const { events, rejections } = read(text.replace('forged"', 'forged'));
  expect(events.map(({ eventID }) => eventID)).toEqual(['a', 'b']);
  expect(rejections).toEqual([
    { reason: 'not-json', detail: 'not JSON from record 3 on', place: { source: 'x.json', index: 2 } },
  ]);
  expect(read(text.replace('"eventID":"a"', '"eventID:"a"'))).toMatchObject({
    events: [],
    rejections: [{ reason: 'not-json', place: { index: null } }],
  });
});

test('every record of a large file is measured by itself', () => {
  const large = record({ eventID: 'large', requestParameters: { text: 'x'.repeat(1_100_000) } });
  const { events, rejections } = read(line({ Records: [a, large, b] }));
  expect(events.map(({ eventID }) => eventID)).toEqual(['a', 'b']);
  expect(rejections).toMatchObject([{ reason: 'too-large', place: { index: 1 } }]);
});

test('an empty file is rejected, a file of no records is not', () => {
  expect(read(' \n').rejections).toMatchObject([{ reason: 'empty-file' }]);
  expect(read('{"Records":[]}')).toMatchObject({ events: [], rejections: [] });
});

test('a digest file is skipped', () => {
  const digest = { awsAccountId: account, digestStartTime: '2026-03-01T09:00:00Z', logFiles: [] };
  expect(read(line(digest))).toMatchObject({ events: [], rejections: [], skipped: 'digest' });
});

test('a file whose path names the account takes no envelope that names its own', () => {
  expect(
    read(line([envelope({ account: '999988887777' }, { recipientAccountId: '999988887777' })]), { account }),
  ).toMatchObject({
    events: [],
    rejections: [{ reason: 'not-cloudtrail' }],
  });
});
