import { answer } from '../access/extent.ts';
import { type Organization, type Question, questionAbout } from '../access/organization.ts';
import { evaluate } from '../access/reference/evaluate.ts';
import { createSituations } from '../access/situations.ts';
import type { Inventory } from '../identity/inventory.ts';

/** What is lent. */
interface Lent {
  actions: readonly string[];
  resources: readonly string[];
}

/** How the policy of any lease is named. */
export const leasePolicyPrefix = 'leastwise-lease-';

/**
 * What of the loan the carrier may do without it, as `action on resource`: by the access engine, under its other
 * policies, whatever was lent to it left out. `conditional` counts: under some circumstances it may.
 */
export function accessWithoutLeases(carrier: string, lent: Lent, inventory: Inventory): readonly string[] {
  const organization = organizationOf(carrier, inventory);
  const situationOf = createSituations(organization);
  const engine = { situationOf, evaluate, decide: (question: Question) => evaluate(situationOf(question)) };
  const pairs = lent.actions.flatMap((action) => lent.resources.map((resource) => ({ action, resource })));
  return pairs
    .filter(({ action, resource }) => {
      const { outcome } = answer(questionOf(carrier, action, resource), engine, organization);
      return outcome === 'allowed' || outcome === 'conditional';
    })
    .map(({ action, resource }) => `${action} on ${resource}`);
}

/** What of the loan is still allowed after it and was not before. */
export const accessLeft = (
  carrier: string,
  lent: Lent & { already?: readonly string[] },
  inventory: Inventory,
): readonly string[] =>
  lent.already === undefined
    ? []
    : accessWithoutLeases(carrier, lent, inventory).filter((pair) => !lent.already?.includes(pair));

function organizationOf(carrier: string, inventory: Inventory): Organization {
  const principals = inventory.principals.map((record) =>
    record.arn === carrier
      ? { ...record, inline: record.inline.filter(({ name }) => !name.startsWith(leasePolicyPrefix)) }
      : record,
  );
  return { inventories: [{ ...inventory, principals }], tree: null, resources: inventory.resources ?? [] };
}

/** Lent access is asked for in its holder's own account. */
const questionOf = (principal: string, action: string, resource: string): Question => ({
  ...questionAbout(principal, action, resource),
  resourceAccount: principal.split(':')[4] ?? null,
});
