import type { Case } from '../core/anomaly/case.ts';
import type { Change, Plan } from '../core/changes/change.ts';
import { changeIdOf } from '../core/changes/change-id.ts';
import { bornRefused, type Planning, planned } from '../core/changes/planned.ts';
import { planQuarantine as plan, quarantinePolicy } from '../core/changes/quarantine.ts';
import { type PlanRefusal, placeOf, undecided } from '../core/changes/reach.ts';
import type { Configuration } from '../core/configuration.ts';
import type { ActorId } from '../core/identity/principal.ts';
import { fail, type Result } from '../core/result.ts';
import { type Instant, plusSeconds } from '../core/time.ts';
import type { LineageChild, LineageEdge } from '../core/usage/lineage.ts';
import type { IamSlots } from './ports/iam.ts';
import type { InventoryStore } from './ports/inventory-store.ts';
import type { LedgerStore } from './ports/ledger-store.ts';
import type { ChangeStore } from './ports/state-stores.ts';
import { whenStale } from './when-stale.ts';

export interface PlanQuarantineDeps {
  changes: Pick<ChangeStore, 'find' | 'commit'>;
  /** Only reads. */
  iam: Pick<IamSlots, 'read' | 'accessKeys'>;
  inventories: Pick<InventoryStore, 'read'>;
  ledger: Pick<LedgerStore, 'parentsOf' | 'itemsOfPrincipal'>;
  configuration: Pick<Configuration, 'accounts' | 'breakGlass' | 'decideWithinHours'>;
  now(): Instant;
}

/** The change that answers the case with "not us": named by the case, so that planning twice plans once. */
export const quarantineOf = (suspect: Case) => changeIdOf('quarantine', [suspect.id]);

/**
 * Plans how the case's principal is cut off. A plan that cannot be made is a change too, refused with its reason in
 * words, because people must see that nothing was done.
 */
export const planQuarantine =
  (deps: PlanQuarantineDeps) =>
  (suspect: Case, by: string): Promise<Change> =>
    whenStale(async () => {
      const id = quarantineOf(suspect);
      const existing = await deps.changes.find(id);
      if (existing !== undefined) return existing;
      const parents = await parentsOfCase(deps.ledger, suspect);
      const made = await makePlan(deps, suspect, parents);
      const planning: Planning = {
        id,
        plan: made.ok ? made.value : nothing(suspect),
        requester: null,
        beneficiary: null,
        lineage: [...new Set([suspect.actor, ...parents.map(({ parent }) => parent.actor)])],
        at: deps.now(),
        decideWithinHours: deps.configuration.decideWithinHours,
        by,
      };
      const { after, events } = made.ok
        ? planned(planning)
        : bornRefused(planning, made.error.reason, made.error.detail);
      await deps.changes.commit(undefined, after, events);
      return after;
    });

/** Sessions of chained roles last 12 hours at most: an edge older than that did not lead into this one. */
const longestSession = 12 * 3600;

/** Who assumed the case's roles, or created its access keys, so that it may have led to the case. */
export async function parentsOfCase(ledger: Pick<LedgerStore, 'parentsOf'>, suspect: Case): Promise<LineageEdge[]> {
  const since = plusSeconds(suspect.from, -longestSession);
  const found: LineageEdge[] = [];
  for (const child of new Set([...suspect.principals, ...suspect.arns, ...suspect.accessKeyIds])) {
    const edges = await ledger.parentsOf(child as string as LineageChild);
    found.push(...edges.filter((edge) => edge.first.time <= suspect.to && (!isSession(edge) || edge.last >= since)));
  }
  return found;
}

/** A key stays the creator's work for as long as it lives; a session does not. */
const isSession = ({ kind }: LineageEdge): boolean => kind === 'assumed-role';

async function makePlan(
  deps: PlanQuarantineDeps,
  suspect: Case,
  parents: readonly LineageEdge[],
): Promise<Result<Plan, PlanRefusal>> {
  const target = await targetOf(deps.inventories, suspect);
  const place = placeOf(target);
  if (place && !deps.configuration.accounts.some(({ id }) => id === place.account)) return fail(unknown(place.account));
  const parentUsers = new Set(
    parents.flatMap(({ parent: { arn } }) => (arn && placeOf(arn)?.type === 'user' ? [arn] : [])),
  );
  return plan(
    {
      case: suspect.id,
      actor: suspect.actor,
      target,
      keys: place?.type === 'user' ? await deps.iam.accessKeys(place.account, target) : [],
      policy: place ? await deps.iam.read(slotOf(place.account, target)) : null,
      parents,
      parentKeys: await keysOf(deps.iam, place?.account, parentUsers),
      others: await othersOf(deps.ledger, suspect),
    },
    deps.configuration.breakGlass,
  );
}

/** Leastwise has no role there: it can neither look nor act. */
const unknown = (account: string): PlanRefusal =>
  undecided(`Account ${account} is not in the configuration: somebody has to act there by hand.`);

/** The principal's ARN now: by its unique id in the inventory, where the case's own ARN may be an old one. */
async function targetOf(inventories: Pick<InventoryStore, 'read'>, suspect: Case): Promise<string> {
  const fallback = suspect.arns[0] ?? suspect.principal;
  for (const account of suspect.accounts) {
    const found = (await inventories.read(account))?.principals.find(({ id }) => id === suspect.principal);
    if (found) return found.arn;
  }
  return fallback;
}

/** Parents in another account are named in the plan and not cut, so their keys are not asked for. */
async function keysOf(
  iam: Pick<IamSlots, 'accessKeys'>,
  account: string | undefined,
  users: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Awaited<ReturnType<IamSlots['accessKeys']>>>> {
  const own = [...users].filter((arn) => placeOf(arn)?.account === account);
  return new Map(await Promise.all(own.map(async (arn) => [arn, await iam.accessKeys(account ?? '', arn)] as const)));
}

async function othersOf(ledger: Pick<LedgerStore, 'itemsOfPrincipal'>, suspect: Case): Promise<readonly ActorId[]> {
  const items = await ledger.itemsOfPrincipal(suspect.principal);
  return [...new Set(items.map(({ actor }) => actor))].filter((actor) => actor !== suspect.actor).sort();
}

const slotOf = (account: string, principal: string) =>
  ({ type: 'inline-policy', account, principal, name: quarantinePolicy }) as const;

/** What a refused plan shows: whom it was about, and that it changes nothing. */
const nothing = (suspect: Case): Plan => ({
  kind: 'quarantine',
  account: suspect.accounts[0] ?? '',
  target: suspect.arns[0] ?? suspect.principal,
  edits: [],
  terms: { kind: 'quarantine', case: suspect.id, actor: suspect.actor, cutBefore: null, alsoHit: [] },
});
