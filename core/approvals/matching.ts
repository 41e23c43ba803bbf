import type { PrivilegeClass } from '../catalogue/privilege-class.ts';
import type { ChangeKind } from '../changes/change.ts';
import { isAbove, type Risk } from './risk.ts';
import type { ApproverRule } from './rules.ts';

/** What rules may ask about beyond kind and accounts; what is absent is not known. */
export interface Facts {
  /** Organizational units above the accounts, of all of them together. */
  units?: readonly string[];
  /** Tags of the target. */
  tags?: Readonly<Record<string, string>>;
  permissionSets?: readonly string[];
  /** Classes of every action that it is about. */
  classes?: readonly PrivilegeClass[];
}

interface Matched {
  kind: ChangeKind;
  accounts: readonly string[];
  risk?: Risk;
  facts?: Facts;
}

/**
 * The rules that count; undefined where none matches for certain, since then nobody may decide. One that may match, for
 * all that is known, has to be satisfied too: what is not known never makes approval easier.
 */
export function rulesFor(matter: Matched, rules: readonly ApproverRule[]): readonly ApproverRule[] | undefined {
  const judged = rules.map((rule) => ({ rule, matches: matches(rule, matter) }));
  if (!judged.some((each) => each.matches === true)) return undefined;
  return judged.filter((each) => each.matches !== false).map(({ rule }) => rule);
}

/** Whether the rule names all of the loan harmless. What is not known is not harmless. */
export const isHarmless = ({ harmless, deny }: ApproverRule, { kind, facts }: Matched): boolean =>
  harmless !== undefined &&
  deny !== true &&
  kind === 'lending' &&
  facts?.classes !== undefined &&
  facts.classes.length > 0 &&
  facts.classes.every((each) => harmless.includes(each));

/** Undefined: it depends on what is not known. */
function matches(rule: ApproverRule, { kind, accounts, risk, facts }: Matched): boolean | undefined {
  const criteria = [
    oneOf(rule.kinds, [kind]),
    oneOf(rule.accounts, accounts),
    oneOf(rule.units, facts?.units),
    tagged(rule.tags, facts?.tags),
    oneOf(rule.permissionSets, facts?.permissionSets),
    oneOf(rule.classes, facts?.classes),
    rule.risk === undefined ? true : risk && !isAbove(rule.risk, risk),
  ];
  if (criteria.includes(false)) return false;
  return criteria.includes(undefined) ? undefined : true;
}

function oneOf<T>(wanted: readonly T[] | undefined, there: readonly T[] | undefined): boolean | undefined {
  if (wanted === undefined) return true;
  return there?.some((each) => wanted.includes(each));
}

function tagged(wanted: ApproverRule['tags'], there: Facts['tags']): boolean | undefined {
  if (wanted === undefined) return true;
  if (there === undefined) return undefined;
  return Object.entries(wanted).every(
    ([key, value]) => Object.hasOwn(there, key) && (value === '*' || there[key] === value),
  );
}
