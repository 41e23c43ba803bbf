import type { Instant } from '../../core/time.ts';
import type { BenignSession } from './benign-session.ts';
import { benignWeeks } from './benign-weeks.ts';
import { type Random, randomOf } from './random.ts';
import type { SampleRecord } from './record.ts';

/**
 * Benign weeks whose callers do not touch the same few things for ever: secrets, parameters, functions and instances
 * have a few names that come every week, a tail of rare ones, and now and then one that nobody used before. Everything
 * else is as in `benignWeeks`. The same arguments give the same bytes.
 */
export function variedWeeks(options: { seed: number; end: Instant }): readonly BenignSession[] {
  const shelves = new Map<string, Shelf>();
  return benignWeeks(options).map((session) => {
    const shelf = shelves.get(session.host) ?? shelfOf(options.seed, session.host);
    shelves.set(session.host, shelf);
    return { ...session, records: session.records.map((record) => varied(record, shelf)) };
  });
}

/** What one caller reaches for. */
interface Shelf {
  random: Random;
  /** How many names it uses by now, and how often the next one is new. */
  known: number;
  appetite: number;
}

/** Machines read what they were told to; people and jobs reach for more. */
function shelfOf(seed: number, host: string): Shelf {
  const random = randomOf('varied', seed, host);
  const isMachine = /^(?:machine|pipeline)\//.test(host);
  return {
    random,
    known: random.between(1, isMachine ? 3 : 6),
    appetite: isMachine ? 0.004 : random.pick([0.02, 0.05, 0.12]),
  };
}

/** By event name: the members of the request that name what is touched. */
const naming: Readonly<Record<string, readonly string[]>> = {
  GetSecretValue: ['secretId'],
  GetParameter: ['name'],
  GetParameters: ['names'],
  UpdateFunctionCode20150331v2: ['functionName'],
  UpdateFunctionCode: ['functionName'],
  StartSession: ['target'],
};

function varied(record: SampleRecord, shelf: Shelf): SampleRecord {
  const names = naming[record.eventName];
  const parameters = record.requestParameters;
  if (names === undefined || typeof parameters !== 'object' || parameters === null) return record;
  const changed = Object.entries(parameters).map(([name, value]) => [
    name,
    names.includes(name) ? renamed(value, shelf) : value,
  ]);
  return { ...record, requestParameters: Object.fromEntries(changed) as unknown };
}

const renamed = (value: unknown, shelf: Shelf): unknown =>
  Array.isArray(value)
    ? value.map((each) => renamed(each, shelf))
    : typeof value === 'string'
      ? nameFor(value, shelf)
      : value;

/** The first names come most often; the one that the call had stays the very first. */
function nameFor(name: string, shelf: Shelf): string {
  const { random } = shelf;
  if (random.chance(shelf.appetite)) shelf.known += 1;
  const nth = Math.floor(shelf.known * random.next() ** 2);
  return nth === 0 ? name : /-\w{6}$/.test(name) ? name.replace(/-(\w{6})$/, `-${nth}-$1`) : `${name}-${nth}`;
}
