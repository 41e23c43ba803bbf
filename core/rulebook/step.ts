import { append } from '../audit/chain.ts';
import { type DomainEvent, genesis } from '../audit/event.ts';
import { withRefused } from '../audit/refused-clicks.ts';
import { type Instant, plusSeconds } from '../time.ts';
import { digestOfRules, inForce, type Rulebook, type RuleSet, rulebookId, usualDelay } from './rulebook.ts';

export interface RulebookStep {
  after: Rulebook;
  events: readonly DomainEvent[];
}

/** The first rules: those that were deployed first. */
export const seeded = (rules: RuleSet, at: Instant, by: string): RulebookStep =>
  stepOf(
    { v: 1, version: 0, number: 1, rules, since: at, pending: null, objection: null, audit: genesis },
    {},
    { type: 'rules.in-force', at, by, data: { digest: digestOfRules(rules), number: 1 } },
  );

/**
 * The next thing that time and what is deployed bring, one at a time; undefined where nothing is to be done. What is
 * deployed and differs waits; what was deployed before it, and waited or was objected to, is over.
 */
export function deployed(book: Rulebook, rules: RuleSet, at: Instant, by: string): RulebookStep | undefined {
  const { pending, objection } = book;
  if (pending !== null && pending.from <= at) return cameIntoForce(book, at, by);
  const digest = digestOfRules(rules);
  if (pending !== null) return digest === digestOfRules(pending.rules) ? undefined : withdrawn(book, at, by);
  if (objection?.digest === digest) return undefined;
  if (objection !== null) return withdrawn(book, at, by);
  if (digest === digestOfRules(book.rules)) return undefined;
  const from = plusSeconds(at, (book.rules.rulesDelayHours ?? usualDelay) * 3600);
  return stepOf(book, { pending: { rules, at, from } }, { type: 'rules.pending', at, by, data: { digest, from } });
}

function cameIntoForce(book: Rulebook, at: Instant, by: string): RulebookStep {
  const rules = inForce(book, at);
  const number = book.number + 1;
  const patch = { rules, number, since: book.pending?.from ?? at, pending: null };
  return stepOf(book, patch, { type: 'rules.in-force', at, by, data: { ...proposalOf(book), number } });
}

/** Something else is deployed now than what waited, or than what was objected to. */
const withdrawn = (book: Rulebook, at: Instant, by: string): RulebookStep =>
  stepOf(book, { pending: null, objection: null }, { type: 'rules.withdrawn', at, by, data: proposalOf(book) });

/** An approver objects: what is pending does not come into force. Undefined where it is not pending, or is in force by now. */
export function objected(book: Rulebook, digest: string, by: string, at: Instant): RulebookStep | undefined {
  if (book.pending === null || pendingDigest(book) !== digest || book.pending.from <= at) return undefined;
  const patch = { pending: null, objection: { digest, from: book.pending.from, by, at } };
  return stepOf(book, patch, { type: 'rules.objected', at, by, data: proposalOf(book) });
}

/** Somebody who may not object tried to. `key` names the click. */
export const objectionRefused = (book: Rulebook, refusal: string, by: string, at: Instant, key: string): RulebookStep =>
  stepOf(book, withRefused(book, key), {
    type: 'rules.objection-refused',
    at,
    by,
    data: { refusal, ...proposalOf(book) },
  });

/** Which rules are meant, and from when on: the same may be proposed again, and is told again then. */
function proposalOf({ pending, objection }: Rulebook): { digest: string | null; from?: Instant } {
  if (pending !== null) return { digest: digestOfRules(pending.rules), from: pending.from };
  return { digest: objection?.digest ?? null, ...(objection && { from: objection.from }) };
}

const pendingDigest = ({ pending }: Rulebook): string | null =>
  pending === null ? null : digestOfRules(pending.rules);

interface Telling {
  type: `rules.${string}`;
  at: Instant;
  by: string;
  data: Readonly<Record<string, unknown>>;
}

function stepOf(book: Rulebook, patch: Partial<Rulebook>, { type, at, by, data }: Telling): RulebookStep {
  const { event, head } = append(book.audit, { aggregate: { type: 'rules', id: rulebookId }, type, at, by, data });
  return { after: { ...book, ...patch, version: book.version + 1, audit: head }, events: [event] };
}
