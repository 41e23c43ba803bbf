import { canonicalHash } from '../audit/canonical.ts';
import { append } from '../audit/chain.ts';
import { type AuditHead, type DomainEvent, genesis } from '../audit/event.ts';
import type { AssignmentSlot } from '../changes/change.ts';
import { fail, ok, type Result } from '../result.ts';
import { type Instant, plusSeconds } from '../time.ts';

/**
 * One assignment of Identity Center and the leases that hold it. A policy is named for its lease; an assignment is not, so
 * this row says whose it is: it is made for the first holder and taken away with the last. What stood before the first is
 * never held, so it is never taken (law P7, ADR-0031).
 */
export interface HeldAssignment {
  v: 1;
  id: string;
  version: number;
  slot: AssignmentSlot;
  /** Ids of the leases that hold it, in the order in which they came. */
  holders: readonly string[];
  /** The lease under which it is being taken away: until it reads as gone nobody holds it. */
  removing: string | null;
  /** When it read as gone; null once it still did when every run that had to do with it was over. */
  goneAt: Instant | null;
  audit: AuditHead;
}

export interface AssignmentStep {
  after: HeldAssignment;
  events: readonly DomainEvent[];
}

/** Who may assign permission sets, and take them away, where Identity Center is administered (lib/assign-role.ts). */
export const assignRole = 'leastwise-assign';

/** What is assigned holds this text, what is not holds none. */
export const assigned = 'assigned';

/**
 * Seconds, longer than any function runs. As long, a run that was held up may still take it away, and would take the next
 * lease's; and a run that was held up may still make it.
 */
const coolsFor = 180;

/** Names the row of a slot. */
export const assignmentId = (slot: AssignmentSlot): string => canonicalHash(slot);

export type HoldRefusal = 'stood-before' | 'being-taken-away';

/**
 * The lease holds the assignment, whether it has to be made or another lease had it made. `isThere`: as AWS reads now.
 * null: the lease held it already.
 */
export function held(
  row: HeldAssignment | undefined,
  slot: AssignmentSlot,
  lease: string,
  isThere: boolean,
  at: Instant,
  by: string,
): Result<AssignmentStep | null, HoldRefusal> {
  if (row?.holders.includes(lease)) return ok(null);
  if (row && (row.removing !== null || isCooling(row, at))) return fail('being-taken-away');
  const isShared = (row?.holders.length ?? 0) > 0;
  if (!isShared && isThere && !isUnsettled(row)) return fail('stood-before');
  const before = row ?? unheld(slot);
  return ok(
    stepOf(before, { holders: [...before.holders, lease] }, { type: 'assignment.held', at, by, data: { lease } }),
  );
}

const isCooling = ({ goneAt, holders }: HeldAssignment, at: Instant): boolean =>
  holders.length === 0 && goneAt !== null && at < plusSeconds(goneAt, coolsFor);

/** Nobody holds it, and nobody has looked since the last run of ours was over: if it is there, it is ours. */
export const isUnsettled = (row: HeldAssignment | undefined): row is HeldAssignment =>
  row !== undefined && row.goneAt !== null && row.holders.length === 0 && row.removing === null;

/** It reads as gone by then: what is there later is somebody else's. Undefined where that is too early to say. */
export const settled = (row: HeldAssignment, lease: string, at: Instant, by: string): AssignmentStep | undefined =>
  isUnsettled(row) && !isCooling(row, at)
    ? stepOf(row, { goneAt: null }, { type: 'assignment.settled', at, by, data: { lease } })
    : undefined;

/** The lease holds it no longer; with the last one it is being taken away. Undefined where the lease did not hold it. */
export function released(
  row: HeldAssignment | undefined,
  lease: string,
  at: Instant,
  by: string,
): AssignmentStep | undefined {
  if (!row?.holders.includes(lease)) return undefined;
  const holders = row.holders.filter((each) => each !== lease);
  if (holders.length === 0) return removing({ ...row, holders }, lease, at, by);
  return stepOf(row, { holders }, { type: 'assignment.left', at, by, data: { lease } });
}

/** It is being taken away, because its last lease ended or because a late writer of that lease put it back. */
export const removing = (row: HeldAssignment, lease: string, at: Instant, by: string): AssignmentStep =>
  stepOf(row, { removing: lease }, { type: 'assignment.removing', at, by, data: { lease } });

/** Reading back shows it gone. Undefined where it was not being taken away for that lease. */
export const gone = (row: HeldAssignment, lease: string, at: Instant, by: string): AssignmentStep | undefined =>
  row.removing === lease
    ? stepOf(row, { removing: null, goneAt: at }, { type: 'assignment.gone', at, by, data: { lease } })
    : undefined;

/** Whether the lease still has anything to do with it. */
export const isInvolved = (row: HeldAssignment | undefined, lease: string): boolean =>
  row !== undefined && (row.removing === lease || row.holders.includes(lease));

const unheld = (slot: AssignmentSlot): HeldAssignment => ({
  v: 1,
  id: assignmentId(slot),
  version: 0,
  slot,
  holders: [],
  removing: null,
  goneAt: null,
  audit: genesis,
});

interface Telling {
  type: `assignment.${string}`;
  at: Instant;
  by: string;
  data: { lease: string };
}

function stepOf(row: HeldAssignment, patch: Partial<HeldAssignment>, telling: Telling): AssignmentStep {
  const next = { ...row, ...patch };
  const { account, permissionSet, user } = row.slot;
  const { event, head } = append(row.audit, {
    aggregate: { type: 'assignment', id: row.id },
    type: telling.type,
    at: telling.at,
    by: telling.by,
    data: { account, permissionSet, user, holders: next.holders, ...telling.data },
  });
  return { after: { ...next, version: row.version + 1, audit: head }, events: [event] };
}
