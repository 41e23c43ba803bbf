import type { PrincipalRecord } from '../identity/inventory.ts';
import { dayOf, type Instant, plusSeconds } from '../time.ts';
import type { Entry, LedgerItem } from '../usage/item.ts';
import type { LineageEdge } from '../usage/lineage.ts';
import type { Lease, Residue } from './lease.ts';

/** What the ledger, its lineage and IAM show of what the carrier did. */
export interface Evidence {
  /** The carrier's ledger items. */
  items: readonly LedgerItem[];
  /** Keys that there are now, with who made them. */
  keys: readonly { id: string; status: 'Active' | 'Inactive'; parents: readonly LineageEdge[] }[];
  /** Roles that the carrier has assumed, with who assumed them. */
  roles: readonly { arn: string; parents: readonly LineageEdge[] }[];
  /** ARNs of the principals that there are now. */
  present: ReadonlySet<string>;
  /** `action on resource` of what was lent and is still allowed otherwise (`accessLeft`). */
  left: readonly string[];
  /** A session that goes on although what it was opened with is gone, and until when at the latest. */
  session?: { what: string; until: Instant };
}

/** While it was lent; the end is known once the read-back showed the policy gone. */
interface Window {
  from: Instant;
  to: Instant;
}

/** AWS cuts a session that one role's session opens in another to an hour; a user's may last twelve. */
const chained = { role: 3600, user: 12 * 3600 } as const;
const keyAction = 'iam:CreateAccessKey';
const trustActions: readonly (string | null)[] = ['iam:UpdateAssumeRolePolicy', 'iam:CreateRole'];

/** Names residue, so that somebody can answer for it. */
export const residueName = ({ kind, what }: Residue): string => `${kind} ${what}`;

/** What was made under the lease and is still there, by name; what somebody answers for is left out. */
export function residueOf(
  lease: Lease,
  carrier: Pick<PrincipalRecord, 'id' | 'arn' | 'type'>,
  evidence: Evidence,
  now: Instant,
): readonly Residue[] {
  const window = { from: lease.startsAt, to: lease.revokedAt ?? now };
  const own = ({ parent }: LineageEdge) => parent.principal === carrier.id || parent.principal === carrier.arn;
  const found: Residue[] = [
    ...evidence.left.map((what) => ({ kind: 'access' as const, what, until: null })),
    ...evidence.keys
      .filter(
        ({ status, parents }) => status === 'Active' && parents.some((edge) => own(edge) && isMadeIn(edge, window)),
      )
      .map(({ id }) => ({ kind: 'access-key' as const, what: id, until: null })),
    ...(evidence.session ? [{ kind: 'session' as const, ...evidence.session }] : []),
    ...trustEdits(evidence, window).map((what) => ({ kind: 'trust-edit' as const, what, until: null })),
    ...evidence.roles.flatMap(({ arn, parents }) =>
      parents
        .filter((edge) => own(edge) && overlaps(edge, window))
        .map((edge) => sessionOf(arn, edge, carrier, window)),
    ),
  ];
  return found
    .filter(({ until }) => until === null || until > now)
    .filter((residue) => !lease.accepted.includes(residueName(residue)))
    .sort((a, b) => (residueName(a) < residueName(b) ? -1 : 1));
}

/** Whether keys may have been made under the lease, and of which users: null where the ledger does not say of whom. */
export function keysMadeOf(lease: Lease, items: readonly LedgerItem[], now: Instant): readonly string[] | null {
  const window = { from: lease.startsAt, to: lease.revokedAt ?? now };
  const of = items.filter(({ action, outcome }) => action === keyAction && outcome === 'used');
  if (!of.some(({ entries }) => [...entries.values()].some((entry) => isUsedIn(entry, window)))) return [];
  const users = usedValues(of, window);
  return users.length > 0 ? users : null;
}

const isMadeIn = ({ first }: LineageEdge, { from, to }: Window): boolean => first.time >= from && first.time <= to;

/** Of an edge only the first and the last time are known: between them it may have been used at any. */
const overlaps = ({ first, last }: LineageEdge, { from, to }: Window): boolean => first.time <= to && last >= from;

function sessionOf(
  arn: string,
  { last }: LineageEdge,
  { type }: Pick<PrincipalRecord, 'type'>,
  { to }: Window,
): Residue {
  const opened = last < to ? last : to;
  return { kind: 'session', what: arn, until: plusSeconds(opened, chained[type]) };
}

/** Roles whose trust was written; one that is gone trusts nobody. `some role` where the ledger does not say which. */
function trustEdits({ items, present }: Evidence, window: Window): readonly string[] {
  const edits = items.filter(({ action, outcome }) => trustActions.includes(action) && outcome === 'used');
  if (!edits.some(({ entries }) => [...entries.values()].some((entry) => isUsedIn(entry, window)))) return [];
  const roles = usedValues(edits, window);
  return roles.length > 0 ? roles.filter((arn) => present.has(arn)) : ['some role'];
}

const usedValues = (items: readonly LedgerItem[], window: Window): string[] => [
  ...new Set(
    items
      .filter(({ kind }) => kind === 'resource')
      .flatMap(({ entries }) => [...entries].filter(([, entry]) => isUsedIn(entry, window)).map(([value]) => value)),
  ),
];

/** Later uses are known by their day only, so a day that the lease shares counts. */
const isUsedIn = ({ first, days }: Entry, { from, to }: Window): boolean =>
  (first.time >= from && first.time <= to) ||
  (first.time < from && days.some((day) => day >= dayOf(from) && day <= dayOf(to)));
