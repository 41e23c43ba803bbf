import { actionNumbers } from '../access/compiled/action-numbers.ts';
import { type Bits, bitsFor, hasBit, setBit } from '../access/compiled/bits.ts';
import type { Statement } from '../policy/statement.ts';
import { actionsOfPattern } from './pattern-actions.ts';

/** Adds the catalogue's actions that a statement speaks of, by Action or by NotAction. */
export function addActions(into: Bits, { not, patterns }: Statement['actions']): void {
  if (!not) {
    for (const pattern of patterns) for (const number of actionsOfPattern(pattern)) setBit(into, number);
    return;
  }
  const { known } = actionNumbers();
  const excepted = bitsFor(known);
  addActions(excepted, { not: false, patterns });
  for (let number = 0; number < known; number += 1) if (!hasBit(excepted, number)) setBit(into, number);
}

/** The catalogue's actions that the Allow statements speak of, whatever their resources and conditions. */
export function allowedBy(statements: readonly Statement[]): Bits {
  const bits = bitsFor(actionNumbers().known);
  for (const statement of statements) if (statement.effect === 'Allow') addActions(bits, statement.actions);
  return bits;
}
