import { parseIamArn } from '../identity/iam-arn.ts';
import type { LedgerItem } from '../usage/item.ts';
import { isLendableAction } from './form.ts';

/** What peers used on the things that a reason names. */
export interface PeersUse {
  actions: readonly string[];
  resources: readonly string[];
  /** How many of them. */
  peers: number;
}

const most = { actions: 8, resources: 5 } as const;

/**
 * What peers used, by the ledger, on things that the reason names: `restart the orders service` means what has `orders`
 * in the last part of its name. Peers count where they came by the same kind of principal as whoever asks: as users, or
 * by roles of the same name or permission set. What most of them used stands first. undefined: nothing of that kind.
 */
export function peersUse(
  reason: string,
  own: readonly LedgerItem[],
  peers: readonly (readonly LedgerItem[])[],
): PeersUse | undefined {
  const words = new Set(reason.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu) ?? []);
  const families = new Set(own.flatMap(({ arn }) => familyOf(arn) ?? []));
  const uses = peers.map((items) => usesOf(items, words, families)).filter((each) => each.length > 0);
  if (uses.length === 0) return undefined;
  const actions = ranked(uses.map((each) => each.map(({ action }) => action))).slice(0, most.actions);
  const resources = ranked(
    uses.map((each) => each.filter(({ action }) => actions.includes(action)).map(({ resource }) => resource)),
  ).slice(0, most.resources);
  return { actions: [...actions].sort(), resources, peers: uses.length };
}

interface Use {
  action: string;
  resource: string;
}

const usesOf = (items: readonly LedgerItem[], words: ReadonlySet<string>, families: ReadonlySet<string>): Use[] =>
  items
    .filter(({ kind, outcome, arn }) => kind === 'resource' && outcome === 'used' && isOf(familyOf(arn), families))
    .filter(({ action }) => action !== null && isLendableAction(action))
    .flatMap(({ action, entries }) =>
      [...entries.keys()]
        .filter((resource) => resource.startsWith('arn:') && isNamed(resource, words))
        .map((resource) => ({ action: action ?? '', resource })),
    );

const isOf = (family: string | undefined, families: ReadonlySet<string>): boolean =>
  families.size === 0 || (family !== undefined && families.has(family));

/** Whether a word of the reason is a part of the thing's own name. */
const isNamed = (resource: string, words: ReadonlySet<string>): boolean =>
  (
    resource
      .slice(resource.lastIndexOf(':') + 1)
      .toLowerCase()
      .match(/[\p{L}\p{N}]{4,}/gu) ?? []
  ).some((part) => words.has(part) && !kinds.has(part));

/** Words of ARNs that say what kind of thing it is, and not which. */
const kinds = new Set(
  'function service table topic bucket queue cluster instance role user policy stack group'.split(' '),
);

/** Of a reserved role its permission set, of any other its name; users are of one kind. */
function familyOf(arn: string | null): string | undefined {
  const parsed = parseIamArn(arn ?? '');
  if (parsed?.type === 'user') return 'user';
  if (parsed?.type !== 'role') return undefined;
  return /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(parsed.name)?.[1] ?? parsed.name;
}

/** Values by how many lists they stand in, most first. */
function ranked(lists: readonly (readonly string[])[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const list of lists) for (const value of new Set(list)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([value]) => value);
}
