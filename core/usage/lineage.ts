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
