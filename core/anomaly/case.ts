import type { AuditHead } from '../audit/event.ts';
import type { Decision } from '../changes/change.ts';
import type { ActorId, PrincipalId } from '../identity/principal.ts';
import type { Instant } from '../time.ts';
import type { Facet } from '../usage/item.ts';

/** `alert` of the public contract: hash of actor, first eventID and model version. */
export type CaseId = string & { readonly __brand: 'CaseId' };

/** `shadow`: told to nobody; only a rule on trial would have made it a case. */
export type Level = 'digest' | 'message' | 'shadow';

/** Why a case scored: in words for people, in the points that it weighs alone (the score caps and fades their sum). */
export interface Reason {
  facet: Facet;
  /** `first-use`, `new-network`, `risky-parameter`, … */
  kind: string;
  time: Instant;
  eventID: string;
  points: number;
  /** One sentence. */
  words: string;
}

/** What the model says, from the ledger alone: the same ledger gives the same assessments in any order of arrival. */
export interface Assessment {
  id: CaseId;
  actor: ActorId;
  /** The principal of the first event. */
  principal: PrincipalId;
  principals: readonly PrincipalId[];
  arns: readonly string[];
  accounts: readonly string[];
  level: Level;
  score: number;
  /** Time of the first and the last scored event of the session. */
  from: Instant;
  to: Instant;
  /** The facets seen for the first time. */
  first: readonly Facet[];
  eventIDs: readonly string[];
  reasons: readonly Reason[];
  accessKeyIds: readonly string[];
  /** What rules on trial would have made of it, where that is more; absent: nothing. */
  shadow?: { rules: readonly string[]; level: Level };
}

/** A case: the assessment and what people made of it. `superseded` when late events gave it another first event. */
export interface Case extends Assessment {
  v: 1;
  version: number;
  state: 'open' | 'expected' | 'not-us' | 'superseded';
  openedAt: Instant;
  supersededBy: CaseId | null;
  /** The change that answered it. */
  change: string | null;
  /** Answers of "expected" that wait for the rules' quorum; absent: none. */
  answers?: readonly Decision[];
  /** Keys of clicks that were refused (core/audit/refused-clicks.ts); absent: none. */
  refusedClicks?: readonly string[];
  decidedBy: string | null;
  decidedAt: Instant | null;
  /** Its like is told in the digest only until then; the case stays open. Absent: it is not muted. */
  muted?: { by: string; at: Instant; until: Instant; digest: string };
  /** Somebody asked to lend what was used, when it was shown like this; the change is that request. Absent: nobody did. */
  lending?: { by: string; at: Instant; digest: string; change: string };
  audit: AuditHead;
}

/** What people decided about facets; lies over the ledger, never in it (ADR-0003). */
export interface Verdict {
  v: 1;
  actor: ActorId;
  facet: Facet;
  /** `muted`: told in the digest only, and nothing becomes usual by it. */
  verdict: 'expected' | 'not-us' | 'muted';
  case: CaseId;
  by: string;
  at: Instant;
  /** null: without end (only `not-us`). `muted` ends within two weeks. */
  until: Instant | null;
}
