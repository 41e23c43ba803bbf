import type { ActorId, PrincipalId } from '../identity/principal.ts';
import { type Day, dayAt, dayNumber, type Instant } from '../time.ts';
import { type Outcome, trustClasses } from './event.ts';
import type { Entry, FacetKind, FirstUse, LedgerItem, LedgerRow } from './item.ts';

/** The version that is written. */
export const storedVersion = 1;

/**
 * An item as stores hold it: JSON, short, since DynamoDB bills by the kilobyte. Texts that entries share stand once in
 * `t`; an entry is [value, trust, first, last day, bitmap of the days before it, returns].
 */
export interface StoredItemV1 {
  v: 1;
  p: string;
  a: string;
  k: FacetKind;
  c: string | null;
  o: Outcome;
  s: string | null;
  arn: string | null;
  /** True: more values were seen than are kept. */
  x: boolean;
  t: readonly string[];
  e: readonly StoredEntry[];
}

type StoredEntry = readonly [string, number, StoredUse, number, string, readonly StoredUse[]];
/** Time, id, then indexes into the texts (-1: none) of account, region, action, network, agent, key, session; flags. */
type StoredUse = readonly [string, string, number, number, number, number, number, number, number, number];

/** What turns each older version into the next one; the test holds an example of each version ever written. */
export type Upgrades = Readonly<Record<number, (stored: Record<string, unknown>) => Record<string, unknown>>>;
export const upgrade: Upgrades = {};

/** The item as stored. Equal items give equal bytes. */
export function encodeItem(item: LedgerItem): StoredItemV1 {
  const texts = new Map<string, number>();
  const index = (text: string | null): number => {
    if (text === null) return -1;
    const known = texts.get(text);
    if (known !== undefined) return known;
    texts.set(text, texts.size);
    return texts.size - 1;
  };
  const e = sortedEntries(item).map(([value, entry]) => encodeEntry(value, entry, index));
  const { principal: p, actor: a, kind: k, action: c, outcome: o, value: s, arn, overflow: x } = item;
  return { v: storedVersion, p, a, k, c, o, s, arn, x, t: [...texts.keys()], e };
}

/** The stored item, upgraded where it is older. Throws where the version is one that this code does not know. */
export function decodeItem(stored: unknown, upgrades: Upgrades = upgrade): LedgerItem {
  const { p, a, k, c, o, s, arn, x, t, e } = upgraded(stored as Record<string, unknown>, upgrades);
  return {
    v: 1,
    principal: p as PrincipalId,
    actor: a as ActorId,
    kind: k,
    action: c,
    outcome: o,
    value: s,
    arn,
    entries: new Map(e.map((entry) => [entry[0], decodeEntry(entry, t)])),
    overflow: x,
  };
}

function upgraded(stored: Record<string, unknown>, upgrades: Upgrades): StoredItemV1 {
  let current = stored;
  while (current.v !== storedVersion) {
    const step = upgrades[current.v as number];
    if (step === undefined) throw new Error(`a ledger item of version ${String(current.v)} cannot be read`);
    current = step(current);
  }
  return current as unknown as StoredItemV1;
}

const sortedEntries = (item: LedgerItem): [string, Entry][] =>
  [...item.entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

function encodeEntry(value: string, entry: Entry, index: (text: string | null) => number): StoredEntry {
  const use = (first: FirstUse) => encodeUse(first, index);
  const last = dayNumber(entry.last);
  const days = daysBits(entry.days, last);
  return [value, trustClasses.indexOf(entry.trust), use(entry.first), last, days, entry.returns.map(use)];
}

function decodeEntry([, trust, first, last, bits, returns]: StoredEntry, texts: readonly string[]): Entry {
  return {
    trust: trustClasses[trust]!,
    first: decodeUse(first, texts),
    last: dayAt(last),
    days: daysOf(bits, last),
    returns: returns.map((use) => decodeUse(use, texts)),
  };
}

/** Bit n of the bitmap, lowest first, is the day n + 1 days before the last, which is always a day of use. */
function daysBits(days: readonly Day[], last: number): string {
  const before = days.map((day) => last - dayNumber(day) - 1).filter((n) => n >= 0);
  const bytes = new Uint8Array(before.length === 0 ? 0 : (Math.max(...before) >> 3) + 1);
  for (const n of before) bytes[n >> 3]! |= 1 << (n & 7);
  return Buffer.from(bytes).toString('base64url');
}

function daysOf(bits: string, last: number): Day[] {
  const days = [dayAt(last)];
  Buffer.from(bits, 'base64url').forEach((byte, position) => {
    for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) days.push(dayAt(last - (position * 8 + bit) - 1));
  });
  return days.reverse();
}

function encodeUse(use: FirstUse, index: (text: string | null) => number): StoredUse {
  const mfa = use.mfa === null ? 0 : use.mfa ? 2 : 1;
  const flags = mfa | (use.federated ? 4 : 0) | (use.forwarded ? 8 : 0) | (use.historic ? 16 : 0);
  const { account, region, action, network, agent, accessKeyId, session } = use;
  const [at, r, c, n, g, key, s] = [account, region, action, network, agent, accessKeyId, session].map(index);
  return [use.time, use.eventID, at!, r!, c!, n!, g!, key!, s!, flags];
}

function decodeUse(
  [time, eventID, account, region, action, network, agent, key, session, flags]: StoredUse,
  texts: readonly string[],
): FirstUse {
  const text = (at: number): string | null => texts[at] ?? null;
  return {
    time: time as Instant,
    eventID,
    account: text(account),
    region: text(region) ?? '',
    action: text(action) ?? '',
    network: text(network),
    agent: text(agent),
    mfa: [null, false, true][flags & 3] ?? null,
    federated: (flags & 4) !== 0,
    forwarded: (flags & 8) !== 0,
    accessKeyId: text(key),
    session: text(session),
    historic: (flags & 16) !== 0,
  };
}

/** The item as lines of the public contract, one per entry, keys in the contract's order; signals are not in it. */
export const rowsOf = (item: LedgerItem): LedgerRow[] =>
  item.kind === 'signal' ? [] : sortedEntries(item).map(([value, entry]) => rowOf(item, value, entry));

function rowOf(item: LedgerItem, value: string, entry: Entry): LedgerRow {
  return {
    v: 1,
    principal: item.principal,
    arn: item.arn,
    actor: item.actor,
    facet: {
      kind: item.kind,
      ...(item.action === null ? {} : { action: item.action }),
      ...(value === '' ? {} : { value }),
    },
    outcome: item.outcome,
    trust: entry.trust,
    first: { time: entry.first.time, eventID: entry.first.eventID },
    last: entry.last,
    days: entry.days,
  };
}
