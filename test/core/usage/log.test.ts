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
