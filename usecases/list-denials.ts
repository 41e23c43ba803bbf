import { obstacleTo, whyWords } from '../core/access/denial-words.ts';
import { type Engine, engineOf } from '../core/access/engine.ts';
import { explainQuestion } from '../core/access/explain.ts';
import { type Organization, type Question, questionAbout } from '../core/access/organization.ts';
import type { Person } from '../core/approvals/rules.ts';
import type { Configuration } from '../core/configuration.ts';
import { type DeniedCall, deniedCalls } from '../core/leases/denied-calls.ts';
import { isLendableAction } from '../core/leases/form.ts';
import type { InventoryStore } from './ports/inventory-store.ts';
import type { LedgerStore } from './ports/ledger-store.ts';
import type { OrganizationStore } from './ports/organization-scan.ts';
import { readInventories } from './read-inventories.ts';

export interface DenialsDeps {
  ledger: Pick<LedgerStore, 'itemsOfActor'>;
  inventories: Pick<InventoryStore, 'read'>;
  /** What stands above the accounts, as last read. */
  organizations: Pick<OrganizationStore, 'read'>;
  configuration: Pick<Configuration, 'accounts'>;
}

/** A denied call, and what can be done about it. */
export interface Denial {
  call: DeniedCall;
  /** Why it was denied, by what is known now. */
  why: string;
  /** Why no request would help, in a sentence; null: the smallest grant is this action on this resource, for a while. */
  obstacle: string | null;
}

/** So many of the newest are explained: each asks the access engine. */
const mostExplained = 20;

/** What a person was denied last, newest first, each explained by the newest inventories and what stands above them. */
export const listDenials =
  (deps: DenialsDeps) =>
  async ({ actors }: Pick<Person, 'actors'>, wanted: (call: DeniedCall) => boolean = () => true): Promise<Denial[]> => {
    const items = (await Promise.all(actors.map((actor) => deps.ledger.itemsOfActor(actor)))).flat();
    const calls = deniedCalls(items).filter(wanted).slice(0, mostExplained);
    if (calls.length === 0) return [];
    const organization = await organizationOf(deps, calls);
    const engine = engineOf(organization);
    return calls.map((call) => explained(call, engine, organization));
  };

async function organizationOf(deps: DenialsDeps, calls: readonly DeniedCall[]): Promise<Organization> {
  const known = deps.configuration.accounts.map(({ id }) => id);
  const named = calls.flatMap(({ principal, resource }) => [principal, resource]).map((arn) => arn.split(':')[4] ?? '');
  const inventories = await readInventories(
    deps,
    [...new Set(named)].filter((id) => known.includes(id)),
  );
  return {
    inventories,
    tree: (await deps.organizations.read())?.tree ?? null,
    resources: inventories.flatMap(({ resources = [] }) => resources),
  };
}

function explained(call: DeniedCall, engine: Engine, { inventories }: Organization): Denial {
  const { principal, action } = call;
  const known = inventories.some(({ principals }) => principals.some(({ arn }) => arn === principal));
  const explanation = explainQuestion(questionOf(call), { known, said: null, engine });
  const obstacle = obstacleTo(explanation) ?? (isLendableAction(action) ? null : unlendable);
  return { call, why: whyWords[explanation.why], obstacle };
}

/** What names no owner is taken for the caller's own account's, as when it is lent. */
function questionOf({ principal, action, resource }: DeniedCall): Question {
  const owner = resource.split(':')[4] || principal.split(':')[4];
  return { ...questionAbout(principal, action, resource), resourceAccount: owner ?? null };
}

const unlendable = 'It is never lent: it could give access that outlives the loan.';
