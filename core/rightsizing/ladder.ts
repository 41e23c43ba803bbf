import { type PrivilegeClass, privilegeClassOf } from '../catalogue/privilege-class.ts';
import type { Change, Edit, Plan, Stage } from '../changes/change.ts';
import { isRunning, trialIn } from '../changes/trial.ts';
import type { Exclusion } from '../configuration.ts';
import { iamNameOf } from '../identity/iam-arn.ts';
import type { Inventory } from '../identity/inventory.ts';
import { matchesResource } from '../policy/match.ts';
import { type Day, dayNumber, dayOf, type Instant } from '../time.ts';
import { type Coverage, fullDay } from '../usage/coverage.ts';
import type { LedgerItem } from '../usage/item.ts';
import { editsFor } from './edits.ts';
import { quotas } from './quotas.ts';
import type { Rightsizing } from './rightsize.ts';
import { overlayArn, trialOf, type Untried, withoutActions } from './trial.ts';
import { endOf, startOf, type Window } from './window.ts';

/** A principal from which something can be taken. */
export type Proposed = Extract<Rightsizing, { status: 'proposed' }>;

/** What the next step for a principal depends on, besides the judgement. */
export interface Climb {
  inventory: Inventory;
  /** The principal's. */
  items: readonly LedgerItem[];
  /** Right-sizing changes of the principal, in any order. */
  earlier: readonly Change[];
  window: Window;
  /** Of the account, since the oldest trial at least. */
  coverage: readonly Coverage[];
  trialDays: number;
}

/** The next step: a trial, or what it showed to be safe. `waits`: a trial is not over; `no-room`: old and new do not fit side by side. */
export type NextStep = Plan | 'waits' | 'no-room';

/** Chooses the next step on the ladder for one principal. */
export function nextStep(judged: Proposed, climb: Climb): NextStep {
  const { principal, policies, removed } = judged;
  const edits = editsFor(principal, climb.inventory.account, policies);
  if (edits === undefined) return 'no-room';
  const running = climb.earlier.find(isRunning);
  if (running) {
    if (quietDays(running, climb) < (trialIn(running)?.quietDays ?? 0)) return 'waits';
    const { terms } = running.plan;
    const tried = new Set(terms.kind === 'rightsizing' ? terms.removed : []);
    const untried = removed.filter((action) => !tried.has(action)).map((action) => `${action} (not part of the trial)`);
    return planOf(judged, climb, edits, { step: 'final', trial: running.id, untried });
  }
  return (climb.trialDays > 0 && trialPlan(judged, climb, edits)) || planOf(judged, climb, edits, atOnce(judged));
}

/** Nothing could be tried: whoever decides is told so. */
const atOnce = ({ removed }: Proposed): Stage => ({
  step: 'final',
  trial: null,
  untried: removed.map((action) => `${action} (no trial)`),
});

function trialPlan(judged: Proposed, climb: Climb, edits: readonly Edit[]): Plan | undefined {
  const { principal, removed } = judged;
  const { inventory, items, trialDays } = climb;
  if (principal.attached.length >= quotas.attached) return undefined;
  const { overlay, untried } = trialOf({ principal, inventory, items, removed });
  if (!overlay) return undefined;
  const stage: Stage = {
    step: 'trial',
    services: overlay.services,
    untried: untried.map(({ action, why }) => `${action} (${untriedWords[why]})`),
    quietDays: trialDays,
  };
  const attached = overlayEdits(principal, inventory.account, overlay.text);
  return planOf({ ...judged, removed: overlay.tried }, climb, [...reviewed(edits), ...attached], stage);
}

const untriedWords: Readonly<Record<Untried, string>> = {
  'resource-policy': 'a resource gives it too',
  'resource-policies-unread': 'a resource might give it too',
  'no-room': 'no room',
};

/** The policies that were judged must still read so: they stay as they are. */
const reviewed = (edits: readonly Edit[]): readonly Edit[] =>
  edits
    .filter(({ slot, before }) => slot.type !== 'attachment' && before !== null)
    .map(({ slot, before }) => ({ slot, before, after: before }));

/** Made, then attached; to end it, the other way round. */
export function overlayEdits(
  principal: Parameters<typeof overlayArn>[0],
  account: string,
  text: string,
): readonly Edit[] {
  const policy = overlayArn(principal, text);
  return [
    { slot: { type: 'managed-policy', account, policy }, before: null, after: text },
    { slot: { type: 'attachment', account, principal: principal.arn, policy }, before: null, after: 'attached' },
  ];
}

const planOf = (
  { principal, removed, kept }: Pick<Proposed, 'principal' | 'removed' | 'kept'>,
  { inventory, window }: Climb,
  edits: readonly Edit[],
  stage: Stage,
): Plan => ({
  kind: 'rightsizing',
  account: inventory.account,
  target: principal.arn,
  edits,
  terms: {
    kind: 'rightsizing',
    removed,
    kept: kept.map(({ action, why }) => (why === 'used' ? action : `${action} (${why})`)),
    window: { from: startOf(window), to: endOf(window) },
    stage,
  },
});

/** A trial's plan without some of its actions; undefined where nothing is left to try, or it is no trial. */
export function trialWithout(plan: Plan, actions: ReadonlySet<string>): Plan | undefined {
  const { terms, account, target } = plan;
  if (terms.kind !== 'rightsizing' || terms.stage?.step !== 'trial') return undefined;
  // Of what was retired whole nothing is left to try: it is needed.
  if (terms.stage.services.includes('*')) return undefined;
  const overlay = withoutActions({ tried: terms.removed, services: terms.stage.services }, actions);
  if (overlay === undefined) return undefined;
  const kept = plan.edits.filter(({ before, after }) => before === after);
  const principal = { arn: target, name: iamNameOf(target) };
  return {
    ...plan,
    edits: [...kept, ...overlayEdits(principal, account, overlay.text)],
    terms: {
      ...terms,
      removed: overlay.tried,
      kept: [...terms.kept, ...[...actions].map((action) => `${action} (missed in the trial)`)],
      stage: { ...terms.stage, services: overlay.services },
    },
  };
}

/**
 * Whole days since the trial began of which every hour was delivered. The day that it began does not count, nor one that
 * events may still come in for; what was not delivered was not quiet.
 */
function quietDays({ appliedAt }: Change, { coverage, window }: Climb): number {
  if (appliedAt === null) return 0;
  const hours = new Map<Day, number>();
  for (const part of coverage) hours.set(part.day, (hours.get(part.day) ?? 0) | part.hours);
  const [first, last] = [dayNumber(dayOf(appliedAt)) + 1, dayNumber(window.last)];
  return [...hours].filter(([day, h]) => h === fullDay && dayNumber(day) >= first && dayNumber(day) <= last).length;
}

/**
 * A call that only a trial denied would have been a use. Without this the next proposal would take away again what
 * somebody was seen to need.
 */
export function asUses(items: readonly LedgerItem[], earlier: readonly Change[]): readonly LedgerItem[] {
  const missed = new Set(
    earlier.flatMap(({ ended }) => ended?.denials.map(({ action }) => action.toLowerCase()) ?? []),
  );
  if (missed.size === 0) return items;
  return items.map((item) =>
    item.outcome === 'denied' && item.action !== null && missed.has(item.action.toLowerCase())
      ? { ...item, outcome: 'used' }
      : item,
  );
}

const weights: Readonly<Record<PrivilegeClass, number>> = {
  'metadata-read': 1,
  discovery: 1,
  write: 2,
  impact: 5,
  exfiltration: 10,
  'defense-evasion': 10,
  persistence: 10,
  'secret-read': 10,
  'privilege-escalation': 20,
};

/** What a decision about these actions is worth, for ranking: what helps whoever misuses it counts more. */
export const riskOf = (removed: readonly string[]): number =>
  removed.reduce((sum, action) => sum + weights[privilegeClassOf(action)], 0);

/** The exclusion that covers the principal today; undefined where none does. */
export const exclusionOf = (arn: string, exclusions: readonly Exclusion[], now: Instant): Exclusion | undefined =>
  exclusions.find(({ principal, until }) => matchesResource(principal, arn) && dayOf(now) <= until);
