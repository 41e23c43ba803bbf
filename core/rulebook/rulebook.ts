import type { Person } from '../approvals/rules.ts';
import { canonicalHash } from '../audit/canonical.ts';
import type { AuditHead } from '../audit/event.ts';
import type { RefusedClicks } from '../audit/refused-clicks.ts';
import type { Configuration } from '../configuration.ts';
import type { Instant } from '../time.ts';

/** Everything that says who may decide what, and what rules ask about an account. */
export type RuleSet = Pick<
  Configuration,
  'people' | 'rules' | 'groups' | 'onCall' | 'confirmAbove' | 'standing' | 'rulesDelayHours'
> & { units: Readonly<Record<string, readonly string[]>> };

/** What was deployed and differs from what is in force; it is in force itself from then on, unless an approver objects. */
interface Pending {
  rules: RuleSet;
  at: Instant;
  from: Instant;
}

/** The rules in force, whatever is deployed (ADR-0033): one row. */
export interface Rulebook extends RefusedClicks {
  v: 1;
  version: number;
  /** Counts the rule sets that were in force. */
  number: number;
  rules: RuleSet;
  since: Instant;
  pending: Pending | null;
  /** What an approver objected to last; while it stays deployed it is not proposed again. */
  objection: { digest: string; from: Instant; by: string; at: Instant } | null;
  audit: AuditHead;
}

/** The id of the one rulebook. */
export const rulebookId = 'rules';

/** Hours in which everybody can see a change of the rules and object, where the configuration does not say. */
export const usualDelay = 24;

/** What of a configuration is rules. Equal rules are equal JSON, whatever else is deployed. */
export function ruleSetOf(configuration: Omit<RuleSet, 'units'> & Pick<Configuration, 'accounts'>): RuleSet {
  const { people, rules, groups, onCall, confirmAbove, standing, rulesDelayHours, accounts } = configuration;
  return {
    people,
    rules,
    ...(groups && { groups }),
    ...(onCall && { onCall }),
    ...(confirmAbove && { confirmAbove }),
    ...(standing && { standing }),
    ...(rulesDelayHours !== undefined && { rulesDelayHours }),
    units: Object.fromEntries(accounts.flatMap(({ id, units }) => (units ? [[id, units]] : []))),
  };
}

/** SHA-256 over the rules. */
export const digestOfRules = (rules: RuleSet): string => canonicalHash(rules);

/** The rules that count now: what is pending does from its moment on, whether or not anybody wrote that down. */
export const inForce = ({ rules, pending }: Pick<Rulebook, 'rules' | 'pending'>, now: Instant): RuleSet =>
  pending !== null && pending.from <= now ? pending.rules : rules;

/**
 * The configuration with the rules in force in the place of those that were deployed. Without a rulebook what is deployed
 * is the first. Whoever is not deployed any more approves and asks for nothing from now on, and may say no until that is
 * in force: to take an approval away gives nothing, to take away who could object does.
 */
export function underRulesInForce<C extends Omit<RuleSet, 'units'> & Pick<Configuration, 'accounts'>>(
  deployed: C,
  book: Rulebook | undefined,
  now: Instant,
): C {
  if (book === undefined) return deployed;
  const { units, ...rules } = inForce(book, now);
  const { groups: _g, onCall: _o, confirmAbove: _c, standing: _s, rulesDelayHours: _d, ...rest } = deployed;
  const suspended = ({ id }: Person) => !deployed.people.some((person) => person.id === id);
  return {
    ...(rest as C),
    ...rules,
    people: rules.people.map((person) => (suspended(person) ? { ...person, suspended: true as const } : person)),
    accounts: deployed.accounts.map(({ units: _, ...account }) => ({
      ...account,
      ...(units[account.id] && { units: units[account.id] }),
    })),
  };
}
