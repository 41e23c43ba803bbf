import type { PrincipalRecord } from '../identity/inventory.ts';
import { printPolicy } from '../policy/print.ts';
import type { PolicyDocument, Statement } from '../policy/statement.ts';
import { parsedPolicy } from './parsed-policy.ts';
import { quotas, sizeOf } from './quotas.ts';
import type { Rewritten } from './rewrite.ts';

/** One policy of a principal before and after. */
export interface PolicyChange {
  name: string;
  kind: 'inline' | 'managed' | 'aws-managed';
  /** null for inline policies. */
  arn: string | null;
  /** null: it is made. */
  before: string | null;
  /** null: an inline policy goes, a managed one is detached from the principal. */
  after: string | null;
}

/**
 * The changes that bring a principal's policies under the quotas: what grew too long is split into further managed
 * policies under `/leastwise/`, and what replaces a policy of AWS stands there too. undefined where it cannot fit: ten
 * attachments, or a statement that is too long by its resources alone.
 */
export function pack(
  principal: PrincipalRecord,
  parts: readonly Rewritten[],
  mayMakePolicies: boolean,
): readonly PolicyChange[] | undefined {
  const moved = inlineTooMany(principal, parts);
  const changes: PolicyChange[] = [];
  for (const part of parts.filter(({ held, after }) => after !== held.policy.text)) {
    const packed = packOne(principal, part, part.isExchanged || moved.has(part));
    if (packed === undefined) return undefined;
    changes.push(...packed);
  }
  const made = changes.filter(({ before }) => before === null).length;
  const detached = changes.filter(({ kind, after }) => kind !== 'inline' && after === null).length;
  const attached = principal.attached.length - detached + made;
  const tooMany = attached > Math.max(quotas.attached, principal.attached.length);
  return tooMany || (made > 0 && !mayMakePolicies) ? undefined : changes;
}

/** `isReplaced`: what stays of the policy stands in policies that are made for it. */
function packOne(principal: PrincipalRecord, part: Rewritten, isReplaced: boolean): PolicyChange[] | undefined {
  const { held, after, holders } = part;
  const own = changeOf(part);
  if (after === null || (held.kind === 'inline' && !isReplaced)) return [own];
  const pieces = split(after);
  // What does not fit into a policy of several would have to be attached to all of them.
  if (pieces === undefined || (held.kind === 'managed' && holders > 1 && pieces.length > 1)) return undefined;
  const [first, ...rest] = isReplaced ? [null, ...pieces] : pieces;
  const further = rest as string[];
  return [
    { ...own, after: first ?? null },
    ...further.map((text, at) => newPolicy(principal, held.policy.name, at + 1, text)),
  ];
}

const changeOf = ({ held: { policy, kind }, after }: Rewritten): PolicyChange => ({
  name: policy.name,
  kind,
  arn: kind === 'inline' ? null : policy.arn,
  before: policy.text,
  after,
});

/** The rewritten inline policies that must become managed ones, the longest first, so that the others fit. */
function inlineTooMany({ type }: PrincipalRecord, parts: readonly Rewritten[]): ReadonlySet<Rewritten> {
  const inline = parts.filter(({ held, after }) => held.kind === 'inline' && after !== null);
  const length = ({ after }: Rewritten) => sizeOf(after as string);
  let total = inline.reduce((sum, part) => sum + length(part), 0);
  const moved = new Set<Rewritten>();
  const longest = inline.filter(({ held, after }) => after !== held.policy.text).sort((a, b) => length(b) - length(a));
  for (const part of longest) {
    if (total <= quotas.inline[type]) break;
    moved.add(part);
    total -= length(part);
  }
  return moved;
}

function newPolicy({ arn, name }: PrincipalRecord, source: string, place: number, text: string): PolicyChange {
  const [, partition, , , account] = arn.split(':') as [string, string, string, string, string];
  const made = `${name}-${source}`.slice(0, 120);
  return {
    name: `${made}-${place}`,
    kind: 'managed',
    arn: `arn:${partition}:iam::${account}:policy/leastwise/${made}-${place}`,
    before: null,
    after: text,
  };
}

/** The policy in as few texts as the quota of a managed policy allows, in its order; itself where it fits. */
function split(text: string): readonly string[] | undefined {
  if (sizeOf(text) <= quotas.managed) return [text];
  const document = parsedPolicy(text);
  if (!document) return undefined;
  const texts: string[] = [];
  let open: Statement[] = [];
  const print = (statements: readonly Statement[]) => printPolicy({ ...document, statements });
  for (const statement of document.statements) {
    const pieces = splitStatement(statement, document);
    if (!pieces) return undefined;
    for (const piece of pieces) {
      if (open.length > 0 && print([...open, piece]).length > quotas.managed) {
        texts.push(print(open));
        open = [];
      }
      open.push(piece);
    }
  }
  return [...texts, ...(open.length > 0 ? [print(open)] : [])];
}

/** A statement that is too long alone, in several that differ only in their actions. A Deny is split no other way. */
function splitStatement(statement: Statement, document: PolicyDocument): readonly Statement[] | undefined {
  const withActions = (patterns: readonly string[]): Statement => ({
    ...statement,
    actions: { not: statement.actions.not, patterns },
  });
  const lengthWith = (patterns: readonly string[]) =>
    printPolicy({ ...document, statements: [withActions(patterns)] }).length;
  const { not, patterns } = statement.actions;
  if (lengthWith(patterns) <= quotas.managed) return [statement];
  const room = quotas.managed - lengthWith(['']) - 2;
  // NotAction in two statements would grant everything twice over.
  if (not || patterns.some((pattern) => pattern.length + 3 > room)) return undefined;
  const pieces: string[][] = [];
  let left = 0;
  for (const pattern of patterns) {
    const length = JSON.stringify(pattern).length + 1;
    if (length > left) {
      pieces.push([]);
      left = room;
    }
    (pieces.at(-1) as string[]).push(pattern);
    left -= length;
  }
  return pieces.map(withActions);
}
