/** Every condition operator, as AWS spells it; `IfExists` and the quantifiers stand apart. */
export const operatorNames = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'StringLike',
  'StringNotLike',
  'NumericEquals',
  'NumericNotEquals',
  'NumericLessThan',
  'NumericLessThanEquals',
  'NumericGreaterThan',
  'NumericGreaterThanEquals',
  'DateEquals',
  'DateNotEquals',
  'DateLessThan',
  'DateLessThanEquals',
  'DateGreaterThan',
  'DateGreaterThanEquals',
  'Bool',
  'BinaryEquals',
  'IpAddress',
  'NotIpAddress',
  'ArnEquals',
  'ArnLike',
  'ArnNotEquals',
  'ArnNotLike',
  'Null',
] as const;
export type OperatorName = (typeof operatorNames)[number];

/** An operator taken apart: `ForAnyValue:StringLikeIfExists`. */
export interface Operator {
  /** How a key of several values is held against the policy's; null where nothing is said. */
  quantifier: 'ForAllValues' | 'ForAnyValue' | null;
  name: OperatorName;
  /** An absent key makes the condition true. */
  ifExists: boolean;
}

const byLowerCase = new Map(operatorNames.map((name) => [name.toLowerCase(), name]));

/** Reads an operator; its case does not count. Undefined where AWS knows none of that name. */
export function parseOperator(text: string): Operator | undefined {
  const colon = text.indexOf(':');
  const quantifier = colon < 0 ? null : quantifiers.get(text.slice(0, colon).toLowerCase());
  const rest = text.slice(colon + 1).toLowerCase();
  const ifExists = rest.endsWith('ifexists');
  const name = byLowerCase.get(ifExists ? rest.slice(0, -'ifexists'.length) : rest);
  if (quantifier === undefined || name === undefined) return undefined;
  if (name === 'Null' && (ifExists || quantifier !== null)) return undefined;
  return { quantifier, name, ifExists };
}

const quantifiers: ReadonlyMap<string, Operator['quantifier']> = new Map([
  ['forallvalues', 'ForAllValues'],
  ['foranyvalue', 'ForAnyValue'],
]);
