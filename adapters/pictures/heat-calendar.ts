import type { UsualDays } from '../../core/anomaly/usual-days.ts';
import { type Day, dayAt, dayNumber } from '../../core/time.ts';
import { dotsOf, letter } from './letters.ts';
import { type Canvas, type Colour, pngOf } from './png.ts';

/**
 * A card of its own, so that it reads on light and on dark pages alike. Lightness alone tells more from less, and the mark is
 * a shape besides a colour: nobody has to tell red from blue.
 */
const card: Colour = [255, 255, 255];
const edge: Colour = [201, 206, 214];
const ink: Colour = [64, 70, 82];
const idle: Colour = [232, 235, 240];
const shades: readonly Colour[] = [
  [186, 211, 240],
  [122, 171, 224],
  [62, 123, 196],
  [24, 74, 145],
];
const mark: Colour = [208, 52, 28];

const palette: readonly Colour[] = [edge, card, ink, idle, ...shades, mark];

/** Pixels to a dot, for screens of any density. */
const scale = 2;
const cell = { size: 11, gap: 3 } as const;
const margin = { left: 34, top: 24, right: 12, bottom: 22 } as const;
const step = cell.size + cell.gap;

/** The weeks of an actor as a PNG: a column a week, Monday above, darker for more, and the days of the case in a frame. */
export function drawUsualDays(usual: UsualDays): Uint8Array {
  const weeks = usual.counts.length / 7;
  const canvas = blank(margin.left + weeks * step + margin.right, margin.top + 7 * step + margin.bottom);
  const limits = limitsOf(usual.counts.slice(0, usual.end));
  for (let place = 0; place < Math.min(usual.counts.length, usual.end); place++) {
    const [x, y] = cornerOf(place);
    fill(canvas, { x, y, width: cell.size, height: cell.size }, shadeOf(usual.counts[place]!, limits));
  }
  for (const place of usual.marked) frame(canvas, cornerOf(place));
  label(canvas, usual);
  return pngOf(canvas);
}

const cornerOf = (place: number): readonly [number, number] => [
  margin.left + Math.floor(place / 7) * step,
  margin.top + (place % 7) * step,
];

/** Quarters of the busy days, so that a machine's thousand and a person's five both show their weeks. */
function limitsOf(counts: readonly number[]): readonly number[] {
  const busy = counts.filter((count) => count > 0).sort((a, b) => a - b);
  return [0.25, 0.5, 0.75].map((share) => busy[Math.floor((busy.length - 1) * share)] ?? 0);
}

const shadeOf = (count: number, limits: readonly number[]): Colour =>
  count === 0 ? idle : shades[limits.filter((limit) => count > limit).length]!;

/** Around the cell, so that what was usual on that day is seen too. */
function frame(canvas: Canvas, [x, y]: readonly [number, number]): void {
  const size = cell.size + 4;
  fill(canvas, { x: x - 2, y: y - 2, width: size, height: 2 }, mark);
  fill(canvas, { x: x - 2, y: y + cell.size, width: size, height: 2 }, mark);
  fill(canvas, { x: x - 2, y: y - 2, width: 2, height: size }, mark);
  fill(canvas, { x: x + cell.size, y: y - 2, width: 2, height: size }, mark);
}

const months = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');

function label(canvas: Canvas, usual: UsualDays): void {
  for (const [row, name] of [
    [0, 'MON'],
    [2, 'WED'],
    [4, 'FRI'],
    [6, 'SUN'],
  ] as const) {
    write(canvas, name, { x: 10, y: margin.top + row * step + 2 }, ink);
  }
  for (const [week, name] of monthsOf(usual.from, usual.counts.length / 7)) {
    write(canvas, name, { x: margin.left + week * step, y: 10 }, ink);
  }
  const y = margin.top + 7 * step + 5;
  let x = margin.left;
  x = write(canvas, 'LESS', { x, y }, ink) + 3;
  for (const shade of [idle, ...shades]) {
    fill(canvas, { x, y, width: 7, height: 7 }, shade);
    x += 10;
  }
  x = write(canvas, 'MORE', { x, y }, ink) + 16;
  fill(canvas, { x, y, width: 7, height: 7 }, mark);
  fill(canvas, { x: x + 2, y: y + 2, width: 3, height: 3 }, card);
  write(canvas, 'NEW', { x: x + 10, y }, ink);
}

/** Weeks in which a month begins, and its name; a name needs two weeks of room. */
function monthsOf(from: Day, weeks: number): readonly (readonly [number, string])[] {
  const found: [number, string][] = [];
  for (let week = 0; week < weeks; week++) {
    const month = Number(dayAt(dayNumber(from) + week * 7 + 6).slice(5, 7));
    const name = months[month - 1]!;
    const last = found.at(-1);
    if (last?.[1] === name) continue;
    if (last !== undefined && week - last[0] < 2) found.pop();
    found.push([week, name]);
  }
  return found.filter(([week]) => week <= weeks - 2);
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

function blank(width: number, height: number): Canvas {
  const pixels = new Uint8Array(width * height * scale * scale);
  const canvas = { width: width * scale, height: height * scale, palette, pixels };
  fill(canvas, { x: 0, y: 0, width, height }, edge);
  fill(canvas, { x: 1, y: 1, width: width - 2, height: height - 2 }, card);
  return canvas;
}

function fill({ width, pixels }: Canvas, box: Box, colour: Colour): void {
  const index = palette.indexOf(colour);
  for (let y = box.y * scale; y < (box.y + box.height) * scale; y++) {
    pixels.fill(index, y * width + box.x * scale, y * width + (box.x + box.width) * scale);
  }
}

/** Gives the place after the last letter. */
function write(canvas: Canvas, text: string, { x, y }: { x: number; y: number }, colour: Colour): number {
  let at = x;
  for (const character of text) {
    for (const [column, row] of dotsOf(character))
      fill(canvas, { x: at + column, y: y + row, width: 1, height: 1 }, colour);
    at += letter.width + 1;
  }
  return at;
}
