import { actionNumbers } from '../access/compiled/action-numbers.ts';
import { type Bits, bitsFor, setBit, unite } from '../access/compiled/bits.ts';
import type { Statement } from '../policy/statement.ts';
import { actionsOfPattern } from './pattern-actions.ts';

/** The catalogue's actions that a statement speaks of, by Action or by NotAction. */
export function actionsOf({ actions }: Pick<Statement, 'actions'>): Bits {
  const { known } = actionNumbers();
  const bits = bitsFor(known);
  for (const pattern of actions.patterns) for (const number of actionsOfPattern(pattern)) setBit(bits, number);
  if (!actions.not) return bits;
  const others = bitsFor(known);
  for (let number = 0; number < known; number += 1) {
    if ((bits[number >>> 5]! & (1 << (number & 31))) === 0) setBit(others, number);
  }
  return others;
}

/** The catalogue's actions that the Allow statements speak of, whatever their resources and conditions. */
export function allowedBy(statements: readonly Statement[]): Bits {
  const bits = bitsFor(actionNumbers().known);
  for (const statement of statements) if (statement.effect === 'Allow') unite(bits, actionsOf(statement));
  return bits;
}
