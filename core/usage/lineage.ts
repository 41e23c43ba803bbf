import type { Caller } from '../identity/principal.ts';
import type { Instant } from '../time.ts';

/** An identity that was made or entered by another: a role's principal id (or ARN), or an access key id. */
export type LineageChild = string & { readonly __brand: 'LineageChild' };

/** A direct edge from AssumeRole* or CreateAccessKey. Joined: least (time, eventID) by (child, parent principal). */
export interface LineageEdge {
  child: LineageChild;
  kind: 'assumed-role' | 'created-access-key';
  parent: Pick<Caller, 'principal' | 'arn' | 'actor' | 'accessKeyId' | 'account'>;
  first: { time: Instant; eventID: string };
  /** Greatest time seen; says which assumer is current. */
  last: Instant;
}

/** Joins two edges of the same child and parent principal. */
export function joinEdges(a: LineageEdge, b: LineageEdge): LineageEdge {
  const first = rankOf(a) <= rankOf(b) ? a : b;
  return { ...first, last: [a.last, b.last].sort()[1]! };
}

/** On equal events, told differently by two lanes, the text decides. */
const rankOf = ({ first, kind, parent }: LineageEdge): string =>
  JSON.stringify([
    first.time,
    first.eventID,
    kind,
    parent.principal,
    parent.actor,
    parent.arn,
    parent.accessKeyId,
    parent.account,
  ]);

/** Edges in the order of their last use, latest first, at most 64. */
export const latestFirst = (edges: readonly LineageEdge[]): readonly LineageEdge[] =>
  [...edges]
    .sort((a, b) => (a.last === b.last ? (a.parent.principal < b.parent.principal ? -1 : 1) : a.last > b.last ? -1 : 1))
    .slice(0, 64);
