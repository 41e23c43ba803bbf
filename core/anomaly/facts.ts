import type { Change } from '../changes/change.ts';
import type { ActorId } from '../identity/principal.ts';
import { type Instant, plusSeconds } from '../time.ts';
import { objectOf, textOf } from '../untrusted.ts';
import type { UsageEvent } from '../usage/event.ts';
import type { LineageEdge } from '../usage/lineage.ts';

/** What is known beside the actor's ledger: like verdicts it lies over the ledger, and tells nothing by itself (ADR-0027). */
export interface Facts {
  /** Permissions that right-sizing took from the actor's principals. */
  removed: readonly TakenAway[];
  /** Access that was lent to them and has an end. */
  lent: readonly Ended[];
  /** By ARN of a role: whoever assumed it, each with the first time. */
  assumers: ReadonlyMap<string, readonly Assumer[]>;
}

interface TakenAway {
  /** Actions, or patterns of actions. */
  actions: readonly string[];
  at: Instant;
  change: string;
}

interface Ended {
  actions: readonly string[];
  endedAt: Instant;
  change: string;
}

interface Assumer {
  actor: ActorId;
  first: Instant;
}

export const noFacts: Facts = { removed: [], lent: [], assumers: new Map() };

/** What the changes of the actor's principals took away or lent. Only what was applied and not undone counts. */
export function factsOfChanges(changes: readonly Change[]): Pick<Facts, 'removed' | 'lent'> {
  const removed: TakenAway[] = [];
  const lent: Ended[] = [];
  for (const { id, state, plan, approvedAt, appliedAt } of changes) {
    const { terms } = plan;
    if (terms.kind === 'rightsizing' && state === 'verified' && appliedAt !== null) {
      removed.push({ actions: terms.removed, at: appliedAt, change: id });
    }
    if (terms.kind === 'lending' && approvedAt !== null && appliedAt !== null) {
      lent.push({ actions: terms.actions, endedAt: plusSeconds(approvedAt, terms.duration), change: id });
    }
  }
  return { removed, lent };
}

/** Whoever assumed a role in a log, as the events are read; in any order and however often. */
export class AssumersOfLog {
  private readonly byRole = new Map<string, Map<ActorId, Instant>>();

  add({ source, name, outcome, requestParameters, caller, time }: UsageEvent): void {
    if (source !== 'sts.amazonaws.com' || !name.startsWith('AssumeRole') || outcome !== 'used') return;
    const role = textOf(objectOf(requestParameters)?.roleArn);
    if (role === null || caller.isService) return;
    const actors = this.byRole.get(role) ?? new Map<ActorId, Instant>();
    this.byRole.set(role, actors);
    const known = actors.get(caller.actor);
    if (known === undefined || time < known) actors.set(caller.actor, time);
  }

  assumers(): Facts['assumers'] {
    return new Map([...this.byRole].map(([role, actors]) => [role, inOrder(actors)]));
  }
}

const inOrder = (first: ReadonlyMap<ActorId, Instant>): readonly Assumer[] =>
  [...first].map(([actor, time]) => ({ actor, first: time })).sort((a, b) => (a.actor < b.actor ? -1 : 1));

/** Whoever is known to have assumed a role, each once. */
export function assumersIn(edges: readonly LineageEdge[]): readonly Assumer[] {
  const first = new Map<ActorId, Instant>();
  for (const { kind, parent, first: use } of edges) {
    if (kind !== 'assumed-role') continue;
    const known = first.get(parent.actor);
    if (known === undefined || use.time < known) first.set(parent.actor, use.time);
  }
  return inOrder(first);
}

/** Whether an action is one of those named, by itself or by a pattern with `*`. */
export function names(patterns: readonly string[], action: string): boolean {
  const small = action.toLowerCase();
  return patterns.some((pattern) => {
    const [head = '', ...parts] = pattern.toLowerCase().split('*');
    if (parts.length === 0) return small === head;
    if (!small.startsWith(head)) return false;
    let at = head.length;
    for (const [i, part] of parts.entries()) {
      if (i === parts.length - 1) return small.length - part.length >= at && small.endsWith(part);
      const found = small.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return true;
  });
}
