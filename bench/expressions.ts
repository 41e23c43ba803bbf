export type Row = Record<string, unknown>;

/** The expressions of a request, as far as the stores use the language: and, or, comparisons and three functions. */
export interface Expressions {
  ConditionExpression?: string;
  KeyConditionExpression?: string;
  UpdateExpression?: string;
  ExpressionAttributeNames?: Readonly<Record<string, string>>;
  ExpressionAttributeValues?: Readonly<Record<string, unknown>>;
}

/** Whether the condition holds over the row; one that is not there has no attributes. */
export function holds(input: Expressions, row: Row | undefined): boolean {
  const expression = input.ConditionExpression;
  if (expression === undefined) return true;
  // `and` of `between … and …` is no conjunction.
  const text = expression.replace(/between (\S+) and (\S+)/, 'between $1 $2');
  return text.split(' or ').some((all) => all.split(' and ').every((one) => atom(one.trim(), input, row ?? {})));
}

function atom(text: string, input: Expressions, row: Row): boolean {
  const call = /^(\w+)\((\S+?)(?:, (\S+))?\)$/.exec(text);
  if (call !== null) {
    const value = row[nameAt(input, call[2]!)];
    if (call[1] === 'attribute_exists') return value !== undefined;
    if (call[1] === 'attribute_not_exists') return value === undefined;
    if (call[1] === 'begins_with') return String(value).startsWith(String(valueAt(input, call[3]!)));
  }
  const range = /^(\S+) between (\S+) (\S+)$/.exec(text);
  if (range !== null) {
    const value = String(row[nameAt(input, range[1]!)]);
    return value >= String(valueAt(input, range[2]!)) && value <= String(valueAt(input, range[3]!));
  }
  const comparison = /^(\S+) (=|<) (\S+)$/.exec(text);
  if (comparison === null) throw new Error(`the condition ${text} is not understood here`);
  const [left, right] = [row[nameAt(input, comparison[1]!)], valueAt(input, comparison[3]!)];
  if (left === undefined) return false;
  return comparison[2] === '=' ? left === right : String(left) < String(right);
}

/** The row after `set …`, `remove …` and `add …` (to a set of numbers). */
export function updated(input: Expressions, row: Row): Row {
  const after = { ...row };
  const clauses = input.UpdateExpression!.split(/\b(set|remove|add) /).slice(1);
  for (let at = 0; at < clauses.length; at += 2) {
    for (const part of clauses[at + 1]!.split(',').map((each) => each.trim())) clause(clauses[at]!, part, input, after);
  }
  return after;
}

function clause(verb: string, part: string, input: Expressions, row: Row): void {
  const [name, ...rest] = part.split(' ');
  const attribute = nameAt(input, name!);
  if (verb === 'remove') delete row[attribute];
  else if (verb === 'add') row[attribute] = union(row[attribute], valueAt(input, rest[0]!));
  else {
    const value = rest[1]!;
    row[attribute] = value.startsWith(':') ? valueAt(input, value) : row[nameAt(input, value)];
  }
}

const union = (one: unknown, other: unknown): Set<unknown> =>
  new Set([...((one as Set<unknown> | undefined) ?? []), ...(other as Set<unknown>)]);

const nameAt = (input: Expressions, name: string): string =>
  name.startsWith('#') ? input.ExpressionAttributeNames![name]! : name;

const valueAt = (input: Expressions, name: string): unknown => input.ExpressionAttributeValues![name];
