import { type Approvers, isApproved } from '../approvals/decide.ts';
import type { Configuration } from '../configuration.ts';
import { parseIamArn } from '../identity/iam-arn.ts';
import { type Instant, plusSeconds } from '../time.ts';
import { leaseIdOf } from './applied.ts';
import type { Change, ChangeRefusal, Edit } from './change.ts';
import { accountsOf, matterOf } from './decided.ts';
import { digestOf } from './digest.ts';
import { leaseRoleArn } from './lending-role.ts';
import { endOf } from './moments.ts';
import { ownPolicyOf, ownPolicyPath } from './own-policies.ts';
import { withinReach } from './reach.ts';
import type { Settings } from './settings.ts';

export interface Circumstances {
  settings: Settings;
  configuration: Pick<
    Configuration,
    'rules' | 'people' | 'breakGlass' | 'groups' | 'onCall' | 'confirmAbove' | 'standing'
  >;
  /** Whether the signature over the statement is genuine. */
  signed: boolean;
  now: Instant;
}

type Reason = { reason: ChangeRefusal; detail: string };

/** Everything but the state of IAM that must hold at the moment of applying; undefined when it does. */
export function applyRefusal(change: Change, circumstances: Circumstances): Reason | undefined {
  const { configuration, now } = circumstances;
  const forged = integrityRefusal(change, circumstances.signed);
  if (forged) return forged;
  const off = switchRefusal(change, circumstances.settings);
  if (off) return off;
  const outside = reachRefusal(change, configuration.breakGlass);
  if (outside) return outside;
  const late = lateRefusal(change, now);
  if (late) return late;
  if (!isApproved(matterOf({ ...change, state: 'planned' }), configuration))
    return { reason: 'no-longer-approved', detail: 'Under the rules and people of now the approvals do not suffice.' };
  return undefined;
}

/** How long an approval may wait to be carried out, in seconds. A quarantine may wait: it only takes away. */
const approvalHolds = 86_400;

/** Whether an approval of a plan has grown too old to be carried out; undefined when it has not. */
export function lateRefusal({ plan, approvedAt }: Change, now: Instant): Reason | undefined {
  if (approvedAt === null || plan.kind === 'quarantine') return undefined;
  const end = endOf(plan, approvedAt);
  if (end && now >= end) return { reason: 'lapsed', detail: `The access would have ended at ${end}.` };
  if (now <= plusSeconds(approvedAt, approvalHolds)) return undefined;
  return { reason: 'lapsed', detail: `It was approved at ${approvedAt}, and an approval holds for a day.` };
}

/** The same for an undo: what is put back was decided too, and whoever decided must still be able to. */
export function undoRefusal(change: Change, circumstances: Circumstances): Reason | undefined {
  const { configuration, settings, signed } = circumstances;
  const forged = integrityRefusal(change, signed);
  if (forged) return forged;
  const off = switchRefusal(change, settings);
  if (off) return off;
  // A trial's end was decided with the trial, and the signature over that is the one that holds.
  if (change.ended === undefined && !isApprovedUndo(change, configuration))
    return { reason: 'no-longer-approved', detail: 'Under the rules and people of now the approvals do not suffice.' };
  return undefined;
}

/** Whether the refusal comes from a switch that somebody can turn back, so that a half-made change may wait for it. */
export const isSwitchedOff = ({ reason }: Reason): boolean => reason === 'kill-switch' || reason === 'applying-is-off';

const isApprovedUndo = (change: Change, approvers: Approvers): boolean =>
  isApproved(matterOf({ ...change, state: 'undo-planned' }), approvers);

function integrityRefusal(change: Change, signed: boolean): Reason | undefined {
  if (digestOf(change.plan) !== change.digest)
    return { reason: 'digest-mismatch', detail: 'The stored plan is not the one that was approved.' };
  return signed
    ? undefined
    : {
        reason: 'signature-invalid',
        detail: 'The signature does not belong to this plan, change and moment of approval.',
      };
}

/** Which switch stops the plan; undefined when none does. */
export function switchRefusal(change: Pick<Change, 'plan'>, { killed, applying }: Settings): Reason | undefined {
  if (killed) return { reason: 'kill-switch', detail: 'The kill switch stops everything but revocations.' };
  const off = accountsOf(change).filter((account) => !applying.includes(account));
  return off.length === 0
    ? undefined
    : { reason: 'applying-is-off', detail: `Applying is switched off in ${off.join(', ')}.` };
}

/** Every principal that an edit touches must be within reach, not only the one that the plan names. */
function reachRefusal(change: Change, breakGlass: readonly string[]): Reason | undefined {
  const { edits } = change.plan;
  if (edits.some(({ slot }) => slot.type === 'account-assignment')) return assignmentRefusal(change);
  const foreign = edits.find(makesForeignPolicy);
  if (foreign) {
    const detail = `Policies are made and deleted under ${ownPolicyPath} only, and those of AWS never edited.`;
    return { reason: 'target-excluded', detail };
  }
  const touched = edits.flatMap(({ slot }) => {
    if (slot.type === 'managed-policy' || slot.type === 'account-assignment') return [];
    if (slot.type === 'lease-role') return [slot.role];
    return [slot.type === 'access-key' ? slot.user : slot.principal];
  });
  // The one role of our own that a change may make and remove: that of its own lease.
  const own = change.plan.kind === 'lending' ? leaseRoleArn(change.plan.account, leaseIdOf(change.id)) : undefined;
  for (const arn of new Set([change.plan.target, ...touched])) {
    if (parseIamArn(arn)?.type === 'group' || arn === own) continue;
    const reach = withinReach(arn, breakGlass);
    if (!reach.ok) return reach.error;
  }
  return undefined;
}

/** An assignment touches no principal of IAM; a loan makes the one that it lends, in its account, and nothing else. */
function assignmentRefusal({ plan }: Change): Reason | undefined {
  const [edit, another] = plan.edits;
  const isLent = plan.kind === 'lending' && plan.terms.kind === 'lending' && plan.terms.permissionSet !== undefined;
  return isLent && another === undefined && edit?.before === null && edit.slot.account === plan.account
    ? undefined
    : { reason: 'target-excluded', detail: 'Permission sets are assigned by loans alone, each by its own.' };
}

function makesForeignPolicy({ slot, before, after }: Edit): boolean {
  if (slot.type !== 'managed-policy' || before === after) return false;
  const isOwned = before !== null && after !== null;
  return isOwned ? parseIamArn(slot.policy)?.account !== slot.account : ownPolicyOf(slot.policy) === undefined;
}
