import type { Caller } from '../identity/principal.ts';
import type { Instant } from '../time.ts';
import { objectOf, textOf } from '../untrusted.ts';
import type { UsageEvent } from './event.ts';

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

/**
 * The edge that a call drew: AssumeRole* to the role that was entered, CreateAccessKey to the key that was made. None
 * for calls that failed. A role is named by its unique id where the response has one, else by its ARN.
 */
export function edgesOf(event: UsageEvent): readonly LineageEdge[] {
  if (event.outcome !== 'used' || event.errorCode !== null) return none;
  const made = childOf(event);
  if (made === null) return none;
  const { principal, arn, actor, accessKeyId, account } = event.caller;
  const first = { time: event.time, eventID: event.eventID };
  return [{ ...made, parent: { principal, arn, actor, accessKeyId, account }, first, last: event.time }];
}

const none: readonly LineageEdge[] = [];

function childOf(event: UsageEvent): Pick<LineageEdge, 'child' | 'kind'> | null {
  const response = objectOf(event.responseElements);
  if (event.source === 'sts.amazonaws.com' && event.name.startsWith('AssumeRole')) {
    const session = textOf(objectOf(response?.assumedRoleUser)?.assumedRoleId)?.split(':', 1)[0];
    const role = session ?? textOf(objectOf(event.requestParameters)?.roleArn);
    return role === null ? null : { child: role as LineageChild, kind: 'assumed-role' };
  }
  if (event.source === 'iam.amazonaws.com' && event.name === 'CreateAccessKey') {
    const key = textOf(objectOf(response?.accessKey)?.accessKeyId);
    return key === null ? null : { child: key as LineageChild, kind: 'created-access-key' };
  }
  return null;
}
