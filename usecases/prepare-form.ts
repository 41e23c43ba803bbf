import type { Case } from '../core/anomaly/case.ts';
import type { Person } from '../core/approvals/rules.ts';
import type { Configuration } from '../core/configuration.ts';
import { type Carrier, carriersOf, setsToLend } from '../core/leases/carriers.ts';
import type { DeniedCall } from '../core/leases/denied-calls.ts';
import type { PeersUse } from '../core/leases/peers-use.ts';
import { type EarlierLoan, precedentFor } from '../core/leases/purpose.ts';
import type { Denial } from './list-denials.ts';
import type { InventoryStore } from './ports/inventory-store.ts';
import type { OrganizationStore } from './ports/organization-scan.ts';
import type { FormSubject } from './ports/slack-input.ts';
import type { Choice } from './ports/slack-surfaces.ts';
import type { FormContent, FormView } from './ports/slack-views.ts';
import type { CaseStore } from './ports/state-stores.ts';
import { readInventories } from './read-inventories.ts';

export interface PrepareFormDeps {
  inventories: Pick<InventoryStore, 'read'>;
  organizations: Pick<OrganizationStore, 'read'>;
  cases: Pick<CaseStore, 'find'>;
  configuration: Pick<Configuration, 'accounts' | 'deployment' | 'lending'>;
  listDenials(person: Person, wanted?: (call: DeniedCall) => boolean): Promise<readonly Denial[]>;
  earlierLoans(person: Person): Promise<readonly EarlierLoan[]>;
  peersUse(person: Person, reason: string): Promise<PeersUse | undefined>;
}

/** Seconds that a form proposes. */
const usual = 3600;
/** So many accounts are looked through for roles that are somebody's. */
const mostAccounts = 25;

/**
 * A form for a person, filled in as far as what it is about tells: from the denial that led here, or from what was
 * enough for the same purpose before. Words where no form helps. It asks for nothing and decides nothing.
 */
export const prepareForm =
  (deps: PrepareFormDeps) =>
  async (person: Person, about: FormSubject): Promise<FormContent | string> => {
    if (about.kind === 'denials') {
      const denials = await deps.listDenials(person);
      return denials.length === 0 ? words['nothing-denied'] : { denials };
    }
    if (about.kind === 'blank') return filled(deps, person, await fromPurpose(deps, person, about.reason));
    const denied = await deniedMeant(deps, person, about);
    if (typeof denied === 'string') return denied;
    const obstacles = denied.flatMap(({ call, obstacle }) => (obstacle === null ? [] : [sentence(call, obstacle)]));
    const helped = denied.filter(({ obstacle }) => obstacle === null);
    return helped.length === 0 ? obstacles.join('\n') : filled(deps, person, fromDenials(helped, obstacles));
  };

/** What a form is filled in with, besides what carries it. */
interface Wish {
  actions: readonly string[];
  resources: readonly string[];
  reason: string;
  notes: readonly string[];
  /** In which account it is needed; absent: in any. */
  account?: string | undefined;
}

async function fromPurpose(deps: PrepareFormDeps, person: Person, reason: string): Promise<Wish> {
  const precedent = reason === '' ? undefined : precedentFor(reason, await deps.earlierLoans(person));
  if (precedent === undefined) return fromPeers(deps, person, reason);
  const { actions, resources, loans, people } = precedent;
  const times = `${loans} ${loans === 1 ? 'loan' : 'loans'} to ${people} ${people === 1 ? 'person' : 'people'}`;
  const note = `Filled in from what ${times} for such a reason used. Take out what you do not need.`;
  return { actions, resources, reason, notes: [note] };
}

/** Nothing was lent for it yet: what peers used on the things that the reason names. */
async function fromPeers(deps: PrepareFormDeps, person: Person, reason: string): Promise<Wish> {
  const use = reason === '' ? undefined : await deps.peersUse(person, reason);
  if (use === undefined) return { actions: [], resources: [], reason, notes: [] };
  const { actions, resources, peers } = use;
  const who = `${peers} ${peers === 1 ? 'other person' : 'other people'}`;
  const note = `Filled in from what ${who} used on what your reason names. Take out what you do not need.`;
  return { actions, resources, reason, notes: [note] };
}

/** The smallest grant that would have allowed it: each action that was denied, on what it was denied on. */
function fromDenials(denied: readonly Denial[], obstacles: readonly string[]): Wish {
  const calls = denied.map(({ call }) => call);
  const [newest] = calls;
  const first = newest && `${newest.action} was denied on ${newest.last}`;
  return {
    actions: [...new Set(calls.map(({ action }) => action))].sort(),
    resources: [...new Set(calls.map(({ resource }) => resource))].sort(),
    reason: first ?? '',
    notes: ['The smallest grant that would have allowed what was denied.', ...denied.map(whyOf), ...obstacles],
    account: newest?.principal.split(':')[4],
  };
}

const whyOf = ({ call, why }: Denial): string => `${call.action}: ${why}`;
const sentence = ({ action, resource }: DeniedCall, obstacle: string): string =>
  `${action} on ${resource}: ${obstacle}`;

/** The denials that are meant, if they are this person's own; else words. */
async function deniedMeant(
  deps: PrepareFormDeps,
  person: Person,
  about: Extract<FormSubject, { kind: 'denial' | 'case' }>,
): Promise<readonly Denial[] | string> {
  if (about.kind === 'denial') {
    const found = await deps.listDenials(person, ({ id }) => id === about.id);
    return found.length === 0 ? words['not-yours'] : found;
  }
  const told = await deps.cases.find(about.id);
  if (told === undefined || !person.actors.includes(told.actor)) return words['not-yours'];
  const actions = deniedIn(told);
  const found = await deps.listDenials(person, ({ action }) => actions.has(action));
  return found.length === 0 ? words['nothing-denied'] : found;
}

/** Actions that a case tells to have been denied. */
const deniedIn = ({ reasons }: Case): ReadonlySet<string> =>
  new Set(reasons.flatMap(({ kind, facet }) => (kind === 'denied' && facet.action ? [facet.action] : [])));

async function filled(deps: PrepareFormDeps, person: Person, wish: Wish): Promise<FormView> {
  const { configuration, organizations } = deps;
  const ids = configuration.accounts.slice(0, mostAccounts).map(({ id }) => id);
  const [inventories, kept] = await Promise.all([readInventories(deps, ids), organizations.read()]);
  const sets = setsToLend(configuration, kept?.tree.identityCenter ?? null);
  const carriers = carriersOf(person, inventories, configuration, sets);
  const first = carriers.find(({ account }) => account === wish.account) ?? carriers[0];
  const asIs = (value: string): Choice => ({ text: value, value });
  return {
    carrier: first === undefined ? null : carrierChoice(first, configuration),
    actions: wish.actions.map(asIs),
    resources: wish.resources.map(asIs),
    duration: Math.min(usual, configuration.lending.maxHours * 3600),
    maxHours: configuration.lending.maxHours,
    reason: wish.reason,
    notes: [...wish.notes, ...carrierNotes(first, wish)],
  };
}

/** A loan in one account helps in no other. */
function carrierNotes(carrier: Carrier | undefined, { account }: Wish): string[] {
  if (carrier === undefined) return [words['nothing-carries']];
  return account === undefined || account === carrier.account ? [] : [words['other-account']];
}

const words = {
  'other-account':
    'It was denied in another account, where nothing of yours is known that could carry a loan: what is chosen here does not help there.',
  'nothing-denied': 'Nothing that was denied to you is known. What happened a moment ago is known some minutes later.',
  'not-yours': 'Only whoever was denied can ask for it here, and as long as it is known.',
  'nothing-carries':
    'Nothing is known that could carry access for you: neither a user of yours, nor a role tagged leastwise:beneficiary with your id.',
} as const;

/** A carrier as somebody chooses it. */
export function carrierChoice(
  { kind, name, account, target }: Carrier,
  { accounts }: Pick<Configuration, 'accounts'>,
): Choice {
  const place = accounts.find(({ id }) => id === account)?.name ?? account;
  const said = {
    user: `Your user ${name} in ${place}`,
    role: `Role ${name} in ${place}`,
    'lease-role': `A role of its own in ${place} (${account})`,
    'permission-set': `Permission set ${name} in ${place}`,
  };
  return { text: said[kind], value: target };
}
