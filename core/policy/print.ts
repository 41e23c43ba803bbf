import type { Placed } from './json-places.ts';
import type { Condition, Patterns, PolicyDocument, Principals, Statement } from './statement.ts';

/** Which action patterns go, by statement index and place in its list. */
export type Cuts = ReadonlyMap<number, ReadonlySet<number>>;

/**
 * The policy's text without these action patterns; everything else stays byte for byte. A statement that loses all its
 * actions goes; null when none is left.
 */
export const printWithout = (document: PolicyDocument, cuts: Cuts): string | null => printCut(document, cuts, []);

function printCut(document: PolicyDocument, cuts: Cuts, replaced: readonly Gap[]): string | null {
  const emptied = new Set<number>();
  const gaps: Gap[] = [...replaced];
  for (const statement of document.statements) {
    const gone = cuts.get(statement.index);
    if (!gone || gone.size === 0) continue;
    if (gone.size === statement.actions.patterns.length) emptied.add(statement.index);
    else gaps.push(...gapsIn(statement.actionsAt, gone));
  }
  if (emptied.size > 0 && emptied.size === document.statements.length) return null;
  gaps.push(...gapsIn(document.statementsAt, emptied));
  return cutOut(document.text, gaps);
}

/** The statement's action patterns as they are to be, by statement index; an empty list: the statement goes. */
export type NewActions = ReadonlyMap<number, readonly string[]>;

/**
 * The policy's text with other action patterns in some statements; everything else stays byte for byte, and a list that
 * only loses patterns loses them alone. null when no statement is left.
 */
export function printWithActions(document: PolicyDocument, actions: NewActions): string | null {
  const cuts = new Map<number, ReadonlySet<number>>();
  const gaps: Gap[] = [];
  for (const { index, actions: old, actionsAt } of document.statements) {
    const fresh = actions.get(index);
    if (fresh === undefined) continue;
    const gone = new Set([...old.patterns.keys()].filter((place) => !fresh.includes(old.patterns[place] as string)));
    if (old.patterns.length - gone.size === fresh.length) cuts.set(index, gone);
    else if (fresh.length === 0) cuts.set(index, new Set(old.patterns.keys()));
    else gaps.push({ start: actionsAt.start, end: actionsAt.end, text: JSON.stringify(oneOrList(fresh)) });
  }
  return printCut(document, cuts, gaps);
}

interface Gap {
  start: number;
  end: number;
  /** What stands there instead; nothing where it is absent. */
  text?: string;
}

/** An item goes with the comma before it, or, where nothing before it stays, with the comma behind it. */
function gapsIn(list: Placed, gone: ReadonlySet<number>): Gap[] {
  if (gone.size === 0 || list.kind !== 'array') return [];
  const gaps: Gap[] = [];
  let kept: Placed | undefined;
  for (const [index, item] of list.items.entries()) {
    if (!gone.has(index)) {
      if (!kept && index > 0) gaps.push({ start: (list.items[0] as Placed).start, end: item.start });
      kept = item;
    } else if (kept) {
      gaps.push({ start: (list.items[index - 1] as Placed).end, end: item.end });
    }
  }
  return gaps;
}

function cutOut(text: string, gaps: readonly Gap[]): string {
  const ordered = [...gaps].sort((a, b) => a.start - b.start);
  const starts = [0, ...ordered.map((gap) => gap.end)];
  const ends = [...ordered.map((gap) => gap.start), text.length];
  return starts.map((start, index) => text.slice(start, ends[index]) + (ordered[index]?.text ?? '')).join('');
}

/**
 * The policy as compact JSON, the same for all texts that say the same: elements in AWS's order, a single value without
 * a list, no value twice, no element that says nothing. The document's Id is not part of what it says.
 */
export const printPolicy = ({ version, statements }: Pick<PolicyDocument, 'version' | 'statements'>): string =>
  JSON.stringify({ Version: version, Statement: oneOrList(statements.map(printedStatement)) });

/** A statement alone, as `printPolicy` writes it. */
const printStatement = (statement: Statement): string => JSON.stringify(printedStatement(statement));

/** The policy's text with further statements behind its own; a new policy where there is no text. */
export function printWithMore(
  text: string | null,
  { version, statementsAt }: Pick<PolicyDocument, 'version' | 'statementsAt'>,
  statements: readonly Statement[],
): string {
  if (text === null) return printPolicy({ version, statements });
  const { kind, start, end } = statementsAt;
  const more = statements.map(printStatement).join(',');
  if (kind !== 'array') return `${text.slice(0, start)}[${text.slice(start, end)},${more}]${text.slice(end)}`;
  const before = text.slice(0, end - 1).trimEnd();
  return `${before}${before.endsWith('[') ? '' : ','}${more}${text.slice(end - 1)}`;
}

const printedStatement = ({ sid, effect, actions, resources, principals, conditions }: Statement): object => ({
  ...(sid ? { Sid: sid } : {}),
  Effect: effect,
  ...(principals ? { [element('Principal', principals.not)]: printedPrincipals(principals) } : {}),
  ...printedPatterns('Action', actions),
  ...(resources ? printedPatterns('Resource', resources) : {}),
  ...(conditions.length > 0 ? { Condition: printedConditions(conditions) } : {}),
});

const element = (name: string, isNot: boolean): string => (isNot ? `Not${name}` : name);

const printedPatterns = (name: string, { not, patterns }: Patterns): object => ({
  [element(name, not)]: oneOrList([...new Set(patterns)]),
});

const printedPrincipals = ({ who }: Principals): unknown =>
  who === '*' ? '*' : Object.fromEntries([...who].map(([kind, names]) => [kind, oneOrList([...new Set(names)])]));

/** Conditions on one operator stand together, in the order in which each was first met. */
function printedConditions(conditions: readonly Condition[]): object {
  const operators = new Map<string, Map<string, unknown>>();
  for (const { operator, key, values } of conditions) {
    const keys = operators.get(operator) ?? new Map<string, unknown>();
    operators.set(operator, keys.set(key, oneOrList([...new Set(values)])));
  }
  return Object.fromEntries([...operators].map(([operator, keys]) => [operator, Object.fromEntries(keys)]));
}

const oneOrList = <T>(items: readonly T[]): T | readonly T[] => (items.length === 1 ? (items[0] as T) : items);
