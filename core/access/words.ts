import type { Outcome, Residual, When } from './decision.ts';
import { untoldPrefix } from './residual/facts.ts';

/** A condition as people read it: `aws:SourceVpc StringEquals vpc-1 and not (…)`. */
export function wordsOf(residual: Residual): string {
  if ('all' in residual) return joined(residual.all, 'and');
  if ('any' in residual) return joined(residual.any, 'or');
  if ('not' in residual) return `not ${bracketed(residual.not)}`;
  if (residual.operator === 'Untold') return factIn(residual.key);
  return `${residual.key} ${residual.operator} ${residual.values.join(' | ')}`;
}

/** A fact that no request carries. */
const factIn = (key: string): string => key.slice(untoldPrefix.length);

/** What would let the request through: `aws:SourceVpc = vpc-1, aws:SourceIp absent`. */
export const witnessWords = ({ witness }: When): string =>
  Object.entries(witness)
    .map(([key, value]) =>
      key.startsWith(untoldPrefix)
        ? factIn(key)
        : value === null
          ? `${key} absent`
          : `${key} = ${[value].flat().join(' | ')}`,
    )
    .join(', ');

/** The outcome as a person says it. */
export const outcomeWords: Readonly<Record<Outcome, string>> = {
  allowed: 'yes',
  conditional: 'depends',
  'implicit-deny': 'no',
  'explicit-deny': 'no, denied',
  'invalid-policy': 'unknown: a policy cannot be read',
};

const joined = (parts: readonly Residual[], word: string): string =>
  parts.length === 1 ? wordsOf(parts[0]!) : parts.map(bracketed).join(` ${word} `);

const bracketed = (residual: Residual): string => {
  const words = wordsOf(residual);
  return 'operator' in residual || 'not' in residual ? words : `(${words})`;
};
