import { printWithActions, printWithMore } from '../policy/print.ts';
import type { PolicyDocument, Statement } from '../policy/statement.ts';
import { type Apart, Moved, type UsedOn } from './moved.ts';
import { type Detail, distinctKept, type KeptAction, narrow, type WhyKept } from './narrow.ts';
import { parsedPolicy } from './parsed-policy.ts';

export interface Reduction {
  /** null when no statement is left; the text itself when nothing goes. */
  after: string | null;
  kept: readonly KeptAction[];
  /** Actions that go on on fewer resources. */
  moved: readonly string[];
}

/**
 * A statement that may lose actions: an Allow that says which actions, not which ones excepted. Its Condition stays word
 * for word, and its Resource too, but for actions that move into statements of their own. Every other statement passes
 * through byte for byte.
 */
export const isReducible = ({ effect, actions, resources, principals }: Statement): boolean =>
  effect === 'Allow' && !actions.not && resources !== null && principals === null;

/** The policy without the removable actions of its reducible statements, and with others on what they were used on alone. */
export function reduce(document: PolicyDocument, why: WhyKept, usedOn: UsedOn, detail: Detail): Reduction {
  const fresh = new Map<number, readonly string[]>();
  const kept: KeptAction[] = [];
  const apart: Apart[] = [];
  for (const statement of document.statements.filter(({ effect }) => effect === 'Allow')) {
    const old = statement.actions.patterns;
    if (!isReducible(statement)) {
      kept.push(...old.map((action) => ({ action, why: 'not-exact' as const })));
      continue;
    }
    const moved = new Moved(statement, why, usedOn);
    const narrowed = narrow(old, moved.why, detail);
    kept.push(...narrowed.kept, ...moved.kept());
    const stays = new Set(narrowed.patterns);
    if (!old.every((pattern) => stays.has(pattern))) fresh.set(statement.index, narrowed.patterns);
    apart.push(...moved.statements(narrowed.patterns.length === 0));
  }
  return {
    after: withApart(document, printWithActions(document, fresh), apart),
    kept: distinctKept(kept),
    moved: apart.flatMap(({ actions }) => actions),
  };
}

function withApart(document: PolicyDocument, text: string | null, apart: readonly Apart[]): string | null {
  if (apart.length === 0) return text;
  const taken = new Set(document.statements.map(({ sid }) => sid));
  const statements = apart.map(({ parent, keepsName, actions, resources }) => ({
    ...parent,
    sid: keepsName ? parent.sid : nameFor(parent, taken),
    actions: { not: false, patterns: actions },
    resources: { not: false, patterns: resources },
  }));
  return printWithMore(text, parsedPolicy(text) ?? document, statements);
}

/** A Sid that names the parent and that no other statement has. */
function nameFor({ sid, index }: Statement, taken: Set<string | null>): string {
  const base = `${sid ?? `Statement${index + 1}`}Narrowed`;
  let number = 1;
  while (taken.has(`${base}${number}`)) number += 1;
  taken.add(`${base}${number}`);
  return `${base}${number}`;
}
