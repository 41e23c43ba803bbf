import { asList, asObject, member, valuesIn } from './parameters.ts';

/** One statement of a policy that an event carries. */
export type Statement = Readonly<Record<string, unknown>>;

const cache = new WeakMap<object, readonly Statement[]>();

/**
 * The Allow statements of every policy document inside an event's parameters, as JSON text or as an object, under
 * whatever name the service gives it. What does not parse is no policy, and is not applied by AWS either.
 */
export function allowStatementsIn(parameters: unknown): readonly Statement[] {
  if (typeof parameters !== 'object' || parameters === null) return [];
  const known = cache.get(parameters);
  if (known !== undefined) return known;
  const found = valuesIn(parameters).flatMap(statementsOf);
  cache.set(parameters, found);
  return found;
}

const none: readonly Statement[] = [];

function statementsOf(value: unknown): readonly Statement[] {
  const document = typeof value === 'string' ? parsed(value) : value;
  const statement = member(document, 'Statement');
  if (statement === undefined) return none;
  return asList(statement)
    .map(asObject)
    .filter((statement): statement is Statement => member(statement, 'Effect') === 'Allow');
}

function parsed(text: string): unknown {
  if (!text.includes('Statement')) return undefined;
  const json = text.startsWith('%7B') ? decoded(text) : text;
  if (!json.trimStart().startsWith('{') || !json.includes('"Statement"')) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

/** The AWS principals that a statement names; a plain `*` is one. */
export function awsPrincipalsOf(statement: Statement): readonly string[] {
  const principal = member(statement, 'Principal');
  const named = typeof principal === 'string' ? principal : member(principal, 'AWS');
  return asList(named).filter((name): name is string => typeof name === 'string');
}

/** Whether a condition narrows the statement. Which condition is not looked at: the case shows the event. */
export const isConditional = (statement: Statement): boolean =>
  Object.keys(asObject(member(statement, 'Condition')) ?? {}).length > 0;
