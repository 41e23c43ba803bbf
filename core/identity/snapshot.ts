import type { Instant } from '../time.ts';
import type { GroupRecord, Inventory, PolicyText, PrincipalRecord } from './inventory.ts';

/**
 * An inventory as it is stored (ADR-0010): each distinct document once, under its number, since the same few trust
 * policies and boilerplate policies make up most of an account. JSON; compressing it is the store's.
 */
interface SnapshotV1 {
  v: 1;
  account: string;
  takenAt: string;
  texts: readonly string[];
  principals: readonly (Omit<PrincipalRecord, 'inline' | 'trust'> & {
    inline: readonly Stored[];
    trust: number | null;
  })[];
  groups: readonly (Omit<GroupRecord, 'inline'> & { inline: readonly Stored[] })[];
  managed: readonly (readonly [arn: string, name: string, text: number])[];
}

/** Name and number of an inline policy. */
type Stored = readonly [name: string, text: number];

type Fields = { v: number } & Record<string, unknown>;

/** From each version to the one after it. */
export type Upgrades = Readonly<Record<number, (older: Fields) => Fields>>;

const current = 1;
const upgrades: Upgrades = {};

/** The stored text of an inventory. The same inventory gives the same text. */
export function encodeSnapshot(inventory: Inventory): string {
  const numbers = new Map<string, number>();
  const numberOf = (text: string): number => {
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  };
  const stored = (policy: PolicyText): Stored => [policy.name, numberOf(policy.text)];
  const principals = inventory.principals.map((principal) => ({
    ...principal,
    inline: principal.inline.map(stored),
    trust: principal.trust === null ? null : numberOf(principal.trust),
  }));
  const groups = inventory.groups.map((group) => ({ ...group, inline: group.inline.map(stored) }));
  const managed = [...inventory.managed].map(([arn, { name, text }]) => [arn, name, numberOf(text)] as const);
  const { account, takenAt } = inventory;
  const snapshot: SnapshotV1 = {
    v: current,
    account,
    takenAt,
    texts: [...numbers.keys()],
    principals,
    groups,
    managed,
  };
  return JSON.stringify(snapshot);
}

/** Reads a stored snapshot of any version there ever was. Throws where it is none, or newer than this code. */
export function decodeSnapshot(text: string): Inventory {
  const snapshot = upgraded(JSON.parse(text) as Fields, upgrades, current) as unknown as SnapshotV1;
  const textOf = (number: number): string => {
    const found = snapshot.texts[number];
    if (found === undefined) throw new Error(`the snapshot refers to a document ${number} that it does not hold`);
    return found;
  };
  const inlineOf = (inline: readonly Stored[]) =>
    inline.map(([name, number]) => ({ name, arn: null, text: textOf(number) }));
  return {
    v: 1,
    account: snapshot.account,
    takenAt: snapshot.takenAt as Instant,
    principals: snapshot.principals.map((principal) => ({
      ...principal,
      inline: inlineOf(principal.inline),
      trust: principal.trust === null ? null : textOf(principal.trust),
    })),
    groups: snapshot.groups.map((group) => ({ ...group, inline: inlineOf(group.inline) })),
    managed: new Map(snapshot.managed.map(([arn, name, number]) => [arn, { name, arn, text: textOf(number) }])),
  };
}

/** Brings a stored value up to a version, step by step. */
export function upgraded(stored: Fields, table: Upgrades, version: number): Fields {
  if (!Number.isInteger(stored?.v)) throw new Error('the snapshot says no version');
  if (stored.v > version) throw new Error(`the snapshot has version ${stored.v}, this code knows ${version} at most`);
  let value = stored;
  while (value.v < version) {
    const step = table[value.v];
    if (!step) throw new Error(`nothing upgrades a snapshot of version ${value.v}`);
    value = { ...step(value), v: value.v + 1 };
  }
  return value;
}
