import { engineOf } from '../core/access/engine.ts';
import { answer } from '../core/access/extent.ts';
import { type Organization, questionAbout } from '../core/access/organization.ts';
import { whoCan } from '../core/access/who-can.ts';
import { outcomeWords, wordsOf } from '../core/access/words.ts';
import { actionsMeant } from '../core/catalogue/actions-meant.ts';
import type { Configuration } from '../core/configuration.ts';
import type { Inventory } from '../core/identity/inventory.ts';
import type { InventoryStore } from './ports/inventory-store.ts';
import type { OrganizationStore } from './ports/organization-scan.ts';

export interface AskAccessDeps {
  inventories: Pick<InventoryStore, 'read'>;
  /** What stands above the accounts, as last read; undefined: nothing was. */
  organizations: Pick<OrganizationStore, 'read'>;
  configuration: Pick<Configuration, 'accounts'>;
}

/** `principal` null: who can? */
export interface AccessQuestion {
  principal: string | null;
  action: string;
  resource: string;
}

/** What one message can say, and what a function can think through while somebody waits. */
const most = { lines: 20, actions: 10, accounts: 10 } as const;

/**
 * Answers in words, from the newest inventories: of the resource's account where its ARN names one, else of all, and of
 * the principal's, under what stands above these accounts; where that was never read, the words say so.
 */
export const askAccess =
  (deps: AskAccessDeps) =>
  async ({ principal, action, resource }: AccessQuestion): Promise<string> => {
    const actions = actionsMeant(action);
    if (actions.length > most.actions)
      return `${action} means ${actions.length} actions; please ask about ${most.actions} at most.`;
    const asked = accountsOf(deps, principal, resource);
    if (asked.length > most.accounts)
      return 'That would be asked of too many accounts; please name a resource by its ARN, or use `npx leastwise who-can`.';
    const read = await Promise.all(asked.map((id) => deps.inventories.read(id)));
    const inventories = read.filter((each): each is Inventory => each !== undefined);
    const organization: Organization = {
      inventories,
      tree: (await deps.organizations.read())?.tree ?? null,
      resources: inventories.flatMap(({ resources = [] }) => resources),
    };
    const lines =
      principal === null ? holders(organization, actions, resource) : one(organization, principal, actions, resource);
    return [...lines, organization.tree === null ? withoutTree : limits].join('\n');
  };

const limits = 'By the newest inventory and what was last read of the organization.';
const withoutTree = `${limits} That is nothing yet: service control policies are not considered.`;

/** The accounts whose identities could hold the answer. */
function accountsOf({ configuration }: AskAccessDeps, principal: string | null, resource: string): readonly string[] {
  const known = configuration.accounts.map(({ id }) => id);
  const named = [principal, resource].map((arn) => arn?.split(':')[4] ?? '').filter((id) => known.includes(id));
  return named.length > 0 ? [...new Set(named)] : known;
}

function holders(organization: Organization, actions: readonly string[], resource: string): string[] {
  const engine = engineOf(organization);
  const found = actions.flatMap((action) =>
    whoCan((principal) => questionAbout(principal, action, resource), engine, organization).map(
      ({ principal, answer: given }) => `${principal.arn} ${action}: ${sentence(given)}`,
    ),
  );
  if (found.length === 0) return ['Nobody in the inventory can.'];
  const rest = found.length - most.lines;
  return [...found.slice(0, most.lines), ...(rest > 0 ? [`and ${rest} more`] : [])];
}

function one(organization: Organization, principal: string, actions: readonly string[], resource: string): string[] {
  const known = organization.inventories.some(({ principals }) => principals.some(({ arn }) => arn === principal));
  if (!known) return [`${principal} is not in the inventory.`];
  const engine = engineOf(organization);
  return actions.map(
    (action) => `${action}: ${sentence(answer(questionAbout(principal, action, resource), engine, organization))}`,
  );
}

function sentence({ outcome, extent, part }: ReturnType<typeof answer>): string {
  const words = [outcomeWords[outcome], extent === 'some' ? 'for some of it' : '']
    .filter((each) => each !== '')
    .join(', ');
  return part.decision.when === null ? words : `${words}, if ${wordsOf(part.decision.when.condition)}`;
}
