import {
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  DescribePermissionSetCommand,
  ListAccountAssignmentsCommand,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import type { AssignmentSlot } from '../../core/changes/change.ts';
import { longestSession } from '../../core/changes/lending-set.ts';
import type { LendingCenter } from '../../core/configuration.ts';
import { assigned } from '../../core/leases/assignment.ts';
import type { IamSlots } from '../../usecases/ports/iam.ts';
import type { MemberSession } from './member-role.ts';
import { sessionSeconds } from './session-duration.ts';
import { sessionPolicyFor } from './session-policy.ts';

/** A client of Identity Center where it is administered, for one session. */
export type SsoClientFor = (session: MemberSession, region: string) => SSOAdminClient;

/** An assignment, and where it is made. */
export interface AssignmentPlace {
  /** Asked at each call, with the region in which the instance lives; null: no permission set is lent. */
  center(): (LendingCenter & { region: string }) | null;
  clientFor: SsoClientFor;
  wait?(seconds: number): Promise<void>;
}

const reader = 'leastwise-read';

/**
 * Seconds between looks at what is under way. Making the first assignment in an account makes a role there, and is given
 * three quarters of a minute. Taking away is tried again by every sweep, so that one that hangs must not hold up the others.
 */
const looks = { making: [0.5, 1, 2, 3, 4, 5, 6, 8, 8, 8], taking: [0.5, 1, 2, 3, 4], conflict: [0.5, 1, 2, 3] };

const waitFor = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));

/**
 * The slots of `iam`, and assignments of Identity Center beside them. A write waits until AWS says that it succeeded; while
 * another is under way it is tried again. Whoever wrote reads back all the same.
 */
export function withAssignments(iam: IamSlots, place: AssignmentPlace): IamSlots {
  return {
    ...iam,
    read: async (slot) => (slot.type === 'account-assignment' ? read(place, slot) : iam.read(slot)),
    write: async (slot, value, context) =>
      slot.type === 'account-assignment' ? write(place, slot, value, context.change) : iam.write(slot, value, context),
  };
}

async function read(place: AssignmentPlace, slot: AssignmentSlot): Promise<string | null> {
  return (await isAssigned(clientOf(place, slot, reader), slot)) ? assigned : null;
}

async function write(
  place: AssignmentPlace,
  slot: AssignmentSlot,
  value: string | null,
  change: string,
): Promise<void> {
  const work: Work = { sso: clientOf(place, slot, change), slot, wait: place.wait ?? waitFor };
  if (value === null) return takeAway(work);
  if (value !== assigned) throw new Error('a permission set is assigned or it is not');
  return (await isAssigned(work.sso, slot)) ? undefined : assign(work);
}

interface Work {
  sso: SSOAdminClient;
  slot: AssignmentSlot;
  wait(seconds: number): Promise<void>;
}

function clientOf({ center, clientFor }: AssignmentPlace, slot: AssignmentSlot, source: string): SSOAdminClient {
  const known = center();
  if (known === null || known.instance !== slot.instance)
    throw new Error(`${slot.instance} is not the instance of the configuration`);
  return clientFor({ account: known.administrator, source, policy: sessionPolicyFor(slot) }, known.region);
}

/** AWS deletes no set that is assigned: of one that is not there any more nothing is. */
const isAssigned = (sso: SSOAdminClient, slot: AssignmentSlot): Promise<boolean> =>
  isListed(sso, slot).catch((fault: unknown) => {
    if (isNamed(fault, 'ResourceNotFoundException')) return false;
    throw fault;
  });

async function isListed(
  sso: SSOAdminClient,
  { account, instance, permissionSet, user }: AssignmentSlot,
): Promise<boolean> {
  let NextToken: string | undefined;
  do {
    const page = await sso.send(
      new ListAccountAssignmentsCommand({
        InstanceArn: instance,
        AccountId: account,
        PermissionSetArn: permissionSet,
        NextToken,
      }),
    );
    const there = page.AccountAssignments ?? [];
    if (there.some(({ PrincipalType, PrincipalId }) => PrincipalType === 'USER' && PrincipalId === user)) return true;
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return false;
}

/** How long its sessions last is asked anew: whoever may edit the set could have changed that since it was reviewed. */
async function assign(work: Work): Promise<void> {
  const { sso, slot } = work;
  const of = { InstanceArn: slot.instance, PermissionSetArn: slot.permissionSet };
  const { PermissionSet } = await sso.send(new DescribePermissionSetCommand(of));
  const session = sessionSeconds(PermissionSet?.SessionDuration);
  if (session === undefined || session > longestSession)
    throw new Error(
      `sessions of ${slot.permissionSet} last ${PermissionSet?.SessionDuration ?? 'unknown'}, more than an hour`,
    );
  const begun = await unlessConflict(work, async () => {
    const answer = await sso.send(new CreateAccountAssignmentCommand(inputOf(slot)));
    return answer.AccountAssignmentCreationStatus;
  });
  const ended = await until(work, looks.making, begun, async (AccountAssignmentCreationRequestId) => {
    const asked = { InstanceArn: slot.instance, AccountAssignmentCreationRequestId };
    const answer = await sso.send(new DescribeAccountAssignmentCreationStatusCommand(asked));
    return answer.AccountAssignmentCreationStatus;
  });
  if (ended?.Status !== 'SUCCEEDED') throw new Error(`the assignment was not made: ${wordsOf(ended)}`);
}

/** Also where it reads as gone: that reading may be older than what made it. What is not there cannot be taken away. */
async function takeAway(work: Work): Promise<void> {
  const { sso, slot } = work;
  const begun = await unlessConflict(work, async () => {
    const answer = await sso.send(new DeleteAccountAssignmentCommand(inputOf(slot)));
    return answer.AccountAssignmentDeletionStatus;
  }).catch((fault: unknown) => {
    if (isNamed(fault, 'ResourceNotFoundException')) return missing;
    throw fault;
  });
  const ended = await until(work, looks.taking, begun, async (AccountAssignmentDeletionRequestId) => {
    const asked = { InstanceArn: slot.instance, AccountAssignmentDeletionRequestId };
    const answer = await sso.send(new DescribeAccountAssignmentDeletionStatusCommand(asked));
    return answer.AccountAssignmentDeletionStatus;
  });
  if (ended?.Status !== 'SUCCEEDED' && (await isAssigned(sso, slot)))
    throw new Error(`the assignment was not taken away: ${wordsOf(ended)}`);
}

const inputOf = ({ account, instance, permissionSet, user }: AssignmentSlot) => ({
  InstanceArn: instance,
  PermissionSetArn: permissionSet,
  PrincipalType: 'USER' as const,
  PrincipalId: user,
  TargetType: 'AWS_ACCOUNT' as const,
  TargetId: account,
});

interface Status {
  Status?: string | undefined;
  RequestId?: string | undefined;
  FailureReason?: string | undefined;
}

const missing: Status = { Status: 'SUCCEEDED' };

/** Tries again while another operation on the same assignment is under way. */
async function unlessConflict({ wait }: Work, send: () => Promise<Status | undefined>): Promise<Status | undefined> {
  for (const seconds of looks.conflict) {
    try {
      return await send();
    } catch (fault) {
      if (!isNamed(fault, 'ConflictException')) throw fault;
      await wait(seconds);
    }
  }
  return send();
}

/** Looks until it is no longer under way, and gives up in time to say so. */
async function until(
  { wait }: Work,
  pauses: readonly number[],
  begun: Status | undefined,
  look: (request: string) => Promise<Status | undefined>,
): Promise<Status | undefined> {
  let now = begun;
  for (const seconds of pauses) {
    if (now?.Status !== 'IN_PROGRESS' || now.RequestId === undefined) return now;
    await wait(seconds);
    now = (await look(now.RequestId)) ?? now;
  }
  return now;
}

const wordsOf = (status: Status | undefined): string => status?.FailureReason ?? status?.Status ?? 'no answer';

const isNamed = (fault: unknown, name: string): boolean => fault instanceof Error && fault.name === name;
