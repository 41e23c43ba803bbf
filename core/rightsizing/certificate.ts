import { compile } from '../access/compiled/engine.ts';
import type { Outcome } from '../access/decision.ts';
import type { Question } from '../access/organization.ts';
import type { Inventory } from '../identity/inventory.ts';
import { coversAction } from '../policy/match.ts';
import type { LedgerItem } from '../usage/item.ts';
import { applied } from './applied.ts';
import { parsedPolicy } from './parsed-policy.ts';
import type { Evidence, Rightsizing } from './rightsize.ts';

/** A recorded use, decided anew under the proposals. */
interface DecidedUse {
  action: string;
  /** `*` where no call named one. */
  resource: string;
  before: Outcome;
  after: Outcome;
}

/** What the access engine says of everything that the ledger shows of one principal. */
export interface Certificate {
  /** Recorded uses: an action on a resource, or alone where no resource is known. */
  rows: number;
  /** Decided after as before, under every context. */
  same: number;
  changed: readonly DecidedUse[];
  /** Actions that another policy of the principal allowed, none of those that change. */
  byOthers: readonly string[];
  /** Actions that nothing known allowed: a resource's own policy, or one that was there then. */
  byNoneKnown: readonly string[];
}

/**
 * Replays the ledger: every recorded use of every principal with a proposal is decided by the access engine as policies are,
 * and as they are once all proposals are applied, with every context key unknown. By ARN.
 */
export function certify(evidence: Evidence, judged: readonly Rightsizing[]): ReadonlyMap<string, Certificate> {
  const proposed = judged.filter((each) => each.status === 'proposed');
  if (proposed.length === 0) return new Map();
  const { inventory, usage } = evidence;
  const [then, now] = [askerOf(inventory), askerOf(applied(inventory, judged))];
  return new Map(
    proposed.map((each) => {
      const { arn } = each.principal;
      const uses = usesOf(usage.get(arn) ?? []).map(({ action, resource }): DecidedUse => {
        const question = questionOf(arn, action, resource);
        return { action, resource, before: then(question), after: now(question) };
      });
      return [arn, certificateOf(each, uses)];
    }),
  );
}

function certificateOf(
  { policies }: Extract<Rightsizing, { status: 'proposed' }>,
  uses: readonly DecidedUse[],
): Certificate {
  const statements = policies.flatMap(({ before }) => parsedPolicy(before)?.statements ?? []);
  const isTheirs = (action: string): boolean =>
    statements.some((statement) => statement.effect === 'Allow' && coversAction(statement, action));
  const changed = uses.filter(({ before, after }) => before !== after);
  const actionsWhere = (is: (use: DecidedUse) => boolean) =>
    [...new Set(uses.filter(is).map(({ action }) => action))].sort();
  const isGranted = ({ before }: DecidedUse): boolean => before === 'allowed' || before === 'conditional';
  return {
    rows: uses.length,
    same: uses.length - changed.length,
    changed,
    byOthers: actionsWhere((use) => isGranted(use) && !isTheirs(use.action)),
    byNoneKnown: actionsWhere((use) => !isGranted(use) && !isTheirs(use.action)),
  };
}

function askerOf(inventory: Inventory): (question: Question) => Outcome {
  const engine = compile({ inventories: [inventory], tree: null, resources: inventory.resources ?? [] });
  return (question) => engine.evaluate(question).outcome;
}

/** Each action with each resource that it was used on, and alone where none is known. */
function usesOf(items: readonly LedgerItem[]): { action: string; resource: string }[] {
  const byAction = new Map<string, Set<string>>();
  for (const { kind, action, outcome, entries } of items) {
    if ((kind !== 'action' && kind !== 'resource') || action === null || outcome === 'denied') continue;
    // What the catalogue does not know no policy names.
    if (action.startsWith('unmapped:') || action.startsWith('sign-in:')) continue;
    const known = byAction.get(action) ?? new Set();
    if (kind === 'resource') for (const value of entries.keys()) known.add(value);
    byAction.set(action, known);
  }
  return [...byAction].flatMap(([action, on]) =>
    (on.size === 0 ? ['*'] : [...on].sort()).map((resource) => ({ action, resource })),
  );
}

const questionOf = (principal: string, action: string, resource: string): Question => ({
  principal,
  principalKind: null,
  principalRoleArn: null,
  federatingUserArn: null,
  action,
  resource,
  resourceAccount: principal.split(':')[4] as string,
  context: new Map(),
  unknown: 'all',
  sessionPolicies: null,
  vpcEndpointPolicies: [],
});
