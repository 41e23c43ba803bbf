import { inflateSync } from 'node:zlib';
import { drawUsualDays } from '../../../adapters/pictures/heat-calendar.ts';
import { usualDaysOf } from '../../../core/anomaly/usual-days.ts';
import { plusSeconds } from '../../../core/time.ts';
import { type Told, tell, today } from '../../core/anomaly/ledger-of.ts';

/** Reads a PNG back as plainly as it is written: names of chunks, size, and the colour at a place. */
function read(png: Uint8Array) {
  const bytes = Buffer.from(png);
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    chunks.set(bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const [width, height] = [chunks.get('IHDR')!.readUInt32BE(0), chunks.get('IHDR')!.readUInt32BE(4)];
  const [pixels, palette] = [inflateSync(chunks.get('IDAT')!), chunks.get('PLTE')!];
  const colourAt = (x: number, y: number) => {
    const index = pixels[y * (width + 1) + 1 + x]!;
    return [...palette.subarray(index * 3, index * 3 + 3)].join(' ');
  };
  return { signature: bytes.toString('latin1', 1, 4), names: [...chunks.keys()], width, height, colourAt };
}

const day = (n: number, does = 's3:PutObject'): Told => ({ at: plusSeconds(today, -n * 86_400), does, historic: true });
const told = { from: today, to: today, first: [{ kind: 'action', action: 'iam:CreateUser' }] } as const;
/** The Monday of the case, and the working days of the three weeks before. */
const workdays = [3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 17, 18, 19, 20, 21].map((n) => day(n));
const usual = usualDaysOf(tell(...workdays, { at: today, does: 'iam:CreateUser' }, day(10, 's3:GetObject')), told);

test('the weeks end with that of the case, and what the case tells is not usual', () => {
  expect(usual.from).toBe('2025-11-17');
  expect(usual.counts).toHaveLength(16 * 7);
  expect(usual.marked).toEqual([15 * 7]);
  expect(usual.end).toBe(15 * 7 + 1);
  expect(usual.counts.slice(14 * 7)).toEqual([1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect(usual.counts[13 * 7 + 4]).toBe(2);
});

test('the picture is told in words for whoever does not see it', () => {
  expect(usual.words).toBe(
    'At work on 15 of the 105 days before, never at a weekend, mostly with one permission a day. What is new was on Monday 2026-03-02.',
  );
  expect(usualDaysOf(tell({ at: today, does: 'iam:CreateUser' }), told).words).toBe(
    'Nothing was seen in the 105 days before. What is new was on Monday 2026-03-02.',
  );
});

test('it is a PNG that can be read back: idle days are pale, busy ones dark, and the new day stands in a frame', () => {
  const { signature, names, width, height, colourAt } = read(drawUsualDays(usual));
  expect([signature, names]).toEqual(['PNG', ['IHDR', 'PLTE', 'IDAT', 'IEND']]);
  expect([width, height]).toEqual([540, 288]);
  const centre = (place: number) =>
    [2 * (34 + Math.floor(place / 7) * 14 + 5), 2 * (24 + (place % 7) * 14 + 5)] as const;
  const colours = (places: number[]) => new Set(places.map((place) => colourAt(...centre(place))));
  const [idle, busy] = [colours([0, 5, 6, 40]), colours([14 * 7, 14 * 7 + 1, 13 * 7])];
  expect([idle.size, busy.size]).toEqual([1, 1]);
  expect([...idle][0]).not.toBe([...busy][0]);
  const [x, y] = centre(usual.marked[0]!);
  expect(colourAt(x - 14, y)).toBe('208 52 28');
  expect(colourAt(x - 14 + 28 * 2, y)).not.toBe('208 52 28');
});

test('the same weeks are the same bytes, and few enough to stand in a message', () => {
  expect(drawUsualDays(usual)).toEqual(drawUsualDays(usual));
  expect(drawUsualDays(usual).length).toBeLessThan(2000);
});
