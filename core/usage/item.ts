import type { ActorId, PrincipalId } from '../identity/principal.ts';
import type { Day, Instant } from '../time.ts';
import type { Outcome, Trust } from './event.ts';

/** What was used. `signal` marks a repeat that matters (ADR-0004). */
export type FacetKind = 'action' | 'resource' | 'region' | 'network' | 'agent' | 'assumed-role' | 'signal';

export interface Facet {
  kind: FacetKind;
  /** `service:Action`, `unmapped:SOURCE/NAME` where the catalogue knows no action, `sign-in:NAME` of a sign-in. */
  action?: string;
  value?: string;
}

/** The first event's circumstances, kept with the first use; enough to score it without the event. */
export interface FirstUse {
  time: Instant;
  eventID: string;
  account: string | null;
  region: string;
  /** The action of the event that carried the facet. */
  action: string;
  network: string | null;
  agent: string | null;
  mfa: boolean | null;
  federated: boolean;
  /** Forwarded by a service or made by one: attributed, not scored. */
  forwarded: boolean;
  accessKeyId: string | null;
  session: string | null;
  historic: boolean;
}

/** One facet value's use. Every field is joined (ADR-0001). */
export interface Entry {
  trust: Trust;
  /** Least (time, eventID). */
  first: FirstUse;
  /** Greatest UTC day. */
  last: Day;
  /** Days used, ascending, none older than 400 days before `last`. */
  days: readonly Day[];
  /** Least event of each day on which the facet came back after 45 days or more without use. */
  returns: readonly FirstUse[];
}

/** Identifies one stored item: the row key (principal, actor, facet, outcome) with set-valued facets as one item. */
export interface ItemKey {
  principal: PrincipalId;
  actor: ActorId;
  kind: FacetKind;
  /** null for region, network, agent and assumed-role. */
  action: string | null;
  outcome: Outcome;
  /** Of `signal` items: `KIND@YYYY-MM-DDTHH`, since no signal may push another out of a bounded set; else null. */
  value: string | null;
}

/** The key as one text: the same for equal keys and for no others, since JSON escapes whatever a caller chose. */
export const keyText = (k: ItemKey): string =>
  JSON.stringify([k.principal, k.actor, k.kind, k.action, k.outcome, k.value]);

/**
 * The unit of storage. `action` items hold one entry under the empty value. Items of the other kinds are sets: the
 * values whose keyed hash is among the 64 smallest, and a mark when more were seen; `signal` items hold the one entry
 * that their key names.
 */
export interface LedgerItem extends ItemKey {
  v: 1;
  arn: string | null;
  entries: ReadonlyMap<string, Entry>;
  overflow: boolean;
}

/** One line of `leastwise ledger` (public contract). */
export interface LedgerRow {
  v: 1;
  principal: string;
  arn: string | null;
  actor: string;
  facet: Facet;
  outcome: Outcome;
  trust: Trust;
  first: { time: string; eventID: string };
  last: Day;
  days: readonly Day[];
}
