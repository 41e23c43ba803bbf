import { compile, type Engine } from '../access/compiled/engine.ts';
import type { Change, Denial } from '../changes/change.ts';
import { trialIn } from '../changes/trial.ts';
import type { Inventory, PrincipalRecord } from '../identity/inventory.ts';
import { coversAction } from '../policy/match.ts';
import { dayOf, type Instant } from '../time.ts';
import type { FirstUse, LedgerItem } from '../usage/item.ts';
import { parsedPolicy } from './parsed-policy.ts';
import { deniesAction } from './trial.ts';

/**
 * The denials that a running trial has caused: of an action that it denies, since it began, where the engine allows the
 * call without it or cannot rule that out: what is in doubt ends a trial.
 */
export function denialsByTrial(
  change: Change,
  items: readonly LedgerItem[],
  inventory: Inventory,
  principal: PrincipalRecord,
): readonly Denial[] {
  const { terms } = change.plan;
  const trial = trialIn(change);
  if (trial === undefined || terms.kind !== 'rightsizing' || change.appliedAt === null) return [];
  const overlay = { tried: terms.removed, services: trial.services };
  const since = change.appliedAt;
  const found = new Map<string, Denial>();
  let engine: Engine | undefined;
  for (const item of items) {
    const { action, kind, outcome } = item;
    if (kind !== 'action' || outcome !== 'denied' || action === null || !deniesAction(overlay, action)) continue;
    const denial = denialSince(item, since);
    if (denial === undefined || found.has(action)) continue;
    engine ??= engineWithout(change, principal, inventory);
    if (wouldBeAllowed(engine, principal, inventory, action, resourcesOf(items, action))) found.set(action, denial);
  }
  return [...found.values()];
}

/** The ledger tells the first denial to the second and later ones by their day: what might be since counts. */
function denialSince({ action, entries }: LedgerItem, since: Instant): Denial | undefined {
  const [entry] = entries.values();
  if (entry === undefined || entry.last < dayOf(since)) return undefined;
  const told = [entry.first, ...entry.returns].filter(({ time }: FirstUse) => time >= since).sort(byTime)[0];
  const { time, eventID } = told ?? { time: `${entry.last}T00:00:00Z` as Instant, eventID: entry.first.eventID };
  return { action: action as string, time, eventID };
}

const byTime = (a: FirstUse, b: FirstUse): number => (a.time < b.time ? -1 : 1);

/** Resources that the denied calls named, where the ledger keeps them. */
const resourcesOf = (items: readonly LedgerItem[], action: string): readonly string[] =>
  items
    .filter((item) => item.kind === 'resource' && item.outcome === 'denied' && item.action === action)
    .flatMap(({ entries }) => [...entries.keys()]);

/** The account as far as it bears on this principal, without the overlay. */
function engineWithout({ plan }: Change, principal: PrincipalRecord, inventory: Inventory): Engine {
  const overlays = new Set(plan.edits.flatMap(({ slot }) => (slot.type === 'attachment' ? [slot.policy] : [])));
  const attached = principal.attached.filter((arn) => !overlays.has(arn));
  return compile({
    inventories: [{ ...inventory, principals: [{ ...principal, attached }] }],
    tree: null,
    resources: inventory.resources ?? [],
  });
}

/** On a resource that was named; where none was, on any that a statement speaks of. */
function wouldBeAllowed(
  engine: Engine,
  principal: PrincipalRecord,
  inventory: Inventory,
  action: string,
  named: readonly string[],
): boolean {
  const spoken = named.length > 0 ? named : ['*', ...grantedOn(principal, inventory, action)];
  return spoken.some((resource) => {
    const { outcome } = engine.evaluate({
      principal: principal.arn,
      principalKind: null,
      principalRoleArn: principal.type === 'role' ? principal.arn : null,
      federatingUserArn: null,
      action,
      resource,
      resourceAccount: inventory.account,
      context: new Map(),
      unknown: 'all',
      sessionPolicies: null,
      vpcEndpointPolicies: [],
    });
    return outcome === 'allowed' || outcome === 'conditional';
  });
}

/** The resources of every statement that allows the action, as they stand there. */
function grantedOn(principal: PrincipalRecord, { groups, managed }: Inventory, action: string): readonly string[] {
  const own = groups.filter(({ name }) => principal.groups.includes(name));
  const texts = [principal, ...own].flatMap(({ inline, attached }) => [
    ...inline.map(({ text }) => text),
    ...attached.flatMap((arn) => managed.get(arn)?.text ?? []),
  ]);
  const allowing = texts
    .flatMap((text) => parsedPolicy(text)?.statements ?? [])
    .filter((each) => each.effect === 'Allow' && coversAction(each, action));
  return allowing.flatMap(({ resources }) => (resources === null || resources.not ? [] : resources.patterns));
}
