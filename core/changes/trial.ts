import type { Instant } from '../time.ts';
import type { Change, Stage, TrialEnd } from './change.ts';
import { type Step, stepOf } from './step.ts';

type Trial = Extract<Stage, { step: 'trial' }>;

/** What the change tries; undefined where it is no trial. */
export function trialIn({ plan: { terms } }: Pick<Change, 'plan'>): Trial | undefined {
  if (terms.kind !== 'rightsizing' || terms.stage?.step !== 'trial') return undefined;
  return terms.stage;
}

/** Whether the change is a trial that denies something now. */
export const isRunning = (change: Change): boolean =>
  change.state === 'verified' && change.ended === undefined && trialIn(change) !== undefined;

/**
 * Ends a running trial: the reviewed state is restored, which was decided together with the trial and so needs nobody.
 * Also again, where somebody's change stood in the way the first time. undefined where there is nothing to end.
 */
export function trialEnded(change: Change, ended: TrialEnd): Step<Change> | undefined {
  if (change.state !== 'verified' || trialIn(change) === undefined) return undefined;
  const { by, at, why, denials } = ended;
  const data = { trial: why, denied: denials.map(({ action }) => action).slice(0, 20) };
  const patch = { state: 'undo-approved' as const, ended, refusal: null };
  return stepOf(change, patch, { type: 'change.undo-approved', at, by, data });
}

/** When a decision was made that is being carried out now. */
export const undoDecidedAt = ({ ended, undoDecisions }: Change): Instant | undefined =>
  ended?.at ?? undoDecisions.at(-1)?.at;
