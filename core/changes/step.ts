import { append } from '../audit/chain.ts';
import { type DomainEvent, genesis } from '../audit/event.ts';
import type { Instant } from '../time.ts';
import type { Change } from './change.ts';

/** What one commit writes: the aggregate after it, and the events (exactly one) that tell it. */
export interface Step<T> {
  after: T;
  events: readonly DomainEvent[];
}

/** Who and when, and the word for what happened. */
export interface Telling {
  type: `change.${string}`;
  at: Instant;
  by: string;
  data?: Readonly<Record<string, unknown>>;
}

/** Changes some fields, counts the version up and tells it. Every event names the kind, which decides who acts on it. */
export function stepOf(change: Change, patch: Partial<Change>, telling: Telling): Step<Change> {
  const next = { ...change, ...patch };
  const { event, head } = append(change.audit, {
    aggregate: { type: 'change', id: change.id },
    type: telling.type,
    at: telling.at,
    by: telling.by,
    data: { kind: next.plan.kind, state: next.state, digest: next.digest, ...telling.data },
  });
  return { after: { ...next, version: change.version + 1, audit: head }, events: [event] };
}

/** A change before its first event. */
export type Unborn = Omit<Change, 'version' | 'audit'>;

/** The first event of a change. */
export const firstStep = (change: Unborn, telling: Telling): Step<Change> =>
  stepOf({ ...change, version: 0, audit: genesis }, {}, telling);
