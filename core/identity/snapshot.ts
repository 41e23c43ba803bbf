import type { KmsGrant } from '../access/situation.ts';
import type { Instant } from '../time.ts';
import type { GroupRecord, Inventory, InventoryPart, PolicyText, PrincipalRecord } from './inventory.ts';
import type { ResourcePolicy } from './resource-policy.ts';

/**
 * An inventory as it is stored (ADR-0010): each distinct document once, under its number, since the same few trust
 * policies and boilerplate policies make up most of an account; each ARN of a policy once as well, since thousands hold
 * the same few. JSON; compressing it is the store's.
 */
interface SnapshotV3 {
  v: 3;
  account: string;
  takenAt: string;
  texts: readonly string[];
  /** Of policies: attached, boundaries, managed. */
  arns: readonly string[];
  principals: readonly (Omit<PrincipalRecord, 'inline' | 'trust' | 'attached' | 'boundary'> & {
    inline: readonly Stored[];
    trust: number | null;
    attached: readonly number[];
    boundary: number | null;
  })[];
  groups: readonly (Omit<GroupRecord, 'inline' | 'attached'> & {
    inline: readonly Stored[];
    attached: readonly number[];
  })[];
  managed: readonly (readonly [arn: number, name: string, text: number])[];
  resources?: readonly StoredResource[];
  parts?: readonly InventoryPart[];
}

/** Name and number of an inline policy. */
type Stored = readonly [name: string, text: number];

type StoredResource = Omit<ResourcePolicy, 'policy' | 'grants'> & {
  policy: number | null;
  grants: readonly StoredGrant[];
};
type StoredGrant = Omit<KmsGrant, 'encryptionContext'> & {
  encryptionContext: { equals: boolean; pairs: readonly (readonly [string, string])[] } | null;
};

type Fields = { v: number } & Record<string, unknown>;

/** From each version to the one after it. */
export type Upgrades = Readonly<Record<number, (older: Fields) => Fields>>;

const current = 3;
/** Version 2 kept no record of its parts. */
const upgrades: Upgrades = { 1: fromV1, 2: (older) => older };

/** Gives numbers to texts, in the order in which they are first seen. */
class Numbered {
  private readonly numbers = new Map<string, number>();
  readonly of = (text: string): number => {
    const number = this.numbers.get(text) ?? this.numbers.size;
    this.numbers.set(text, number);
    return number;
  };
  readonly ofMaybe = (text: string | null): number | null => (text === null ? null : this.of(text));
  readonly all = (): readonly string[] => [...this.numbers.keys()];
}

/** The stored text of an inventory. The same inventory gives the same text. */
export function encodeSnapshot(inventory: Inventory): string {
  const [texts, arns] = [new Numbered(), new Numbered()];
  const stored = (policy: PolicyText): Stored => [policy.name, texts.of(policy.text)];
  const principals = inventory.principals.map((principal) => ({
    ...principal,
    inline: principal.inline.map(stored),
    trust: texts.ofMaybe(principal.trust),
    attached: principal.attached.map(arns.of),
    boundary: arns.ofMaybe(principal.boundary),
  }));
  const groups = inventory.groups.map((group) => ({
    ...group,
    inline: group.inline.map(stored),
    attached: group.attached.map(arns.of),
  }));
  const managed = [...inventory.managed].map(([arn, { name, text }]) => [arns.of(arn), name, texts.of(text)] as const);
  const resources = inventory.resources?.map(({ policy, grants, ...rest }) => ({
    ...rest,
    policy: texts.ofMaybe(policy),
    grants: grants.map(storedGrant),
  }));
  const { account, takenAt } = inventory;
  const snapshot: SnapshotV3 = {
    v: current,
    account,
    takenAt,
    texts: texts.all(),
    arns: arns.all(),
    principals,
    groups,
    managed,
    ...(resources ? { resources } : {}),
    ...(inventory.parts ? { parts: inventory.parts } : {}),
  };
  return JSON.stringify(snapshot);
}

const storedGrant = (grant: KmsGrant): StoredGrant => ({
  ...grant,
  encryptionContext: grant.encryptionContext && {
    ...grant.encryptionContext,
    pairs: [...grant.encryptionContext.pairs].sort(([a], [b]) => (a < b ? -1 : 1)),
  },
});

const grantOf = (grant: StoredGrant): KmsGrant => ({
  ...grant,
  encryptionContext: grant.encryptionContext && {
    ...grant.encryptionContext,
    pairs: new Map(grant.encryptionContext.pairs),
  },
});

/** Reads a stored snapshot of any version there ever was. Throws where it is none, or newer than this code. */
export function decodeSnapshot(text: string): Inventory {
  const snapshot = upgraded(JSON.parse(text) as Fields, upgrades, current) as unknown as SnapshotV3;
  const textOf = (number: number): string => at(snapshot.texts, number, 'a document');
  const arnOf = (number: number): string => at(snapshot.arns, number, 'an ARN');
  const inlineOf = (inline: readonly Stored[]) =>
    inline.map(([name, number]) => ({ name, arn: null, text: textOf(number) }));
  const resources = snapshot.resources?.map(({ policy, grants, ...rest }) => ({
    ...rest,
    policy: policy === null ? null : textOf(policy),
    grants: grants.map(grantOf),
  }));
  return {
    v: 1,
    account: snapshot.account,
    takenAt: snapshot.takenAt as Instant,
    principals: snapshot.principals.map((principal) => ({
      ...principal,
      inline: inlineOf(principal.inline),
      trust: principal.trust === null ? null : textOf(principal.trust),
      attached: principal.attached.map(arnOf),
      boundary: principal.boundary === null ? null : arnOf(principal.boundary),
    })),
    groups: snapshot.groups.map((group) => ({
      ...group,
      inline: inlineOf(group.inline),
      attached: group.attached.map(arnOf),
    })),
    managed: new Map(
      snapshot.managed.map(([number, name, document]) => {
        const arn = arnOf(number);
        return [arn, { name, arn, text: textOf(document) }];
      }),
    ),
    ...(resources ? { resources } : {}),
    ...(snapshot.parts ? { parts: snapshot.parts } : {}),
  };
}

function at(list: readonly string[], number: number, what: string): string {
  const found = list[number];
  if (found === undefined) throw new Error(`the snapshot refers to ${what} ${number} that it does not hold`);
  return found;
}

/** Version 1 wrote every ARN out and knew no resource policies. */
function fromV1(older: Fields): Fields {
  const arns = new Numbered();
  const holders = (list: unknown) =>
    (list as { attached: string[]; boundary?: string | null }[]).map((holder) => ({
      ...holder,
      attached: holder.attached.map(arns.of),
      ...(holder.boundary === undefined ? {} : { boundary: arns.ofMaybe(holder.boundary) }),
    }));
  const [principals, groups] = [holders(older.principals), holders(older.groups)];
  const managed = (older.managed as [string, string, number][]).map(([arn, ...rest]) => [arns.of(arn), ...rest]);
  return { ...older, principals, groups, managed, arns: arns.all() };
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
