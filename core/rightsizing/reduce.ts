import { isExact } from '../policy/match.ts';
import { printWithout } from '../policy/print.ts';
import type { PolicyDocument, Statement } from '../policy/statement.ts';

export interface Reduction {
  /** null when no statement is left. */
  after: string | null;
  /** As written. */
  removed: readonly string[];
}

/**
 * A statement that may lose actions: it allows a plain list of exactly named actions on plain resources and asks no
 * condition. Every other statement passes through byte for byte.
 */
export const isReducible = (statement: Statement): boolean =>
  statement.effect === 'Allow' &&
  !statement.actions.not &&
  statement.actions.patterns.every(isExact) &&
  statement.resources !== null &&
  !statement.resources.not &&
  statement.principals === null &&
  statement.conditions.length === 0;

/** The policy without the removable actions of its reducible statements. */
export function reduce(document: PolicyDocument, isRemovable: (action: string) => boolean): Reduction {
  const cuts = new Map<number, ReadonlySet<number>>();
  const removed: string[] = [];
  for (const { index, actions } of document.statements.filter(isReducible)) {
    const gone = [...actions.patterns.keys()].filter((place) => isRemovable(actions.patterns[place] as string));
    cuts.set(index, new Set(gone));
    removed.push(...gone.map((place) => actions.patterns[place] as string));
  }
  return { after: printWithout(document, cuts), removed };
}
