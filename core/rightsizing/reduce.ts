import { printWithActions } from '../policy/print.ts';
import type { PolicyDocument, Statement } from '../policy/statement.ts';
import { type Detail, type KeptAction, narrow, type WhyKept } from './narrow.ts';

export interface Reduction {
  /** null when no statement is left; the text itself when nothing goes. */
  after: string | null;
  kept: readonly KeptAction[];
}

/**
 * A statement that may lose actions: an Allow that says which actions, not which ones excepted. Its Resource and its
 * Condition stay word for word. Every other statement passes through byte for byte.
 */
export const isReducible = ({ effect, actions, resources, principals }: Statement): boolean =>
  effect === 'Allow' && !actions.not && resources !== null && principals === null;

/** The policy without the removable actions of its reducible statements. */
export function reduce(document: PolicyDocument, why: WhyKept, detail: Detail): Reduction {
  const fresh = new Map<number, readonly string[]>();
  const kept: KeptAction[] = [];
  for (const statement of document.statements.filter(({ effect }) => effect === 'Allow')) {
    const old = statement.actions.patterns;
    if (!isReducible(statement)) {
      kept.push(...old.map((action) => ({ action, why: 'not-exact' as const })));
      continue;
    }
    const narrowed = narrow(old, why, detail);
    kept.push(...narrowed.kept);
    const stays = new Set(narrowed.patterns);
    if (!old.every((pattern) => stays.has(pattern))) fresh.set(statement.index, narrowed.patterns);
  }
  return { after: printWithActions(document, fresh), kept };
}
