import { asList, asObject, member, someValue } from './parameters.ts';

/** One statement of a policy that an event carries. */
export type Statement = Readonly<Record<string, unknown>>;

/** The rules ask one after the other about the same event. */
let last: { parameters: unknown; statements: readonly Statement[] } = { parameters: null, statements: [] };

/**
 * The Allow statements of every policy document inside an event's parameters, as JSON text or as an object, under
 * whatever name the service gives it. What does not parse is no policy, and is not applied by AWS either.
 */
export function allowStatementsIn(parameters: unknown): readonly Statement[] {
  if (last.parameters === parameters) return last.statements;
  const statements: Statement[] = [];
  someValue(parameters, (value) => {
    if (typeof value === 'string' ? mayBePolicy(value) : typeof value === 'object')
      statements.push(...statementsOf(value));
    return false;
  });
  last = { parameters, statements };
  return statements;
}

function statementsOf(value: unknown): readonly Statement[] {
  const document = typeof value === 'string' ? parsed(value) : value;
  const statement = asObject(document)?.Statement;
  if (statement === undefined) return [];
  return asList(statement)
    .map(asObject)
    .filter((each): each is Statement => each?.Effect === 'Allow');
}

/** Policies come as JSON, percent-encoded or not; nearly everything else is told by its first characters. */
const mayBePolicy = (text: string): boolean => /^\s*(?:\{|%7B)/.test(text);

function parsed(text: string): unknown {
  if (!text.includes('Statement')) return undefined;
  const json = text.startsWith('%7B') ? decoded(text) : text;
  if (!json.includes('"Statement"')) return undefined;
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
