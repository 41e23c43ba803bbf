import type { Denial, Plan } from '../changes/change.ts';
import type { Inventory } from '../identity/inventory.ts';
import type { Instant } from '../time.ts';
import type { LineageEdge } from '../usage/lineage.ts';
import { overlayEdits } from './ladder.ts';
import { quotas } from './quotas.ts';
import type { Rightsizing } from './rightsize.ts';
import { sourceReached } from './source.ts';
import { endOf, startOf, type Window } from './window.ts';

/** Of a trial: the whole principal is retired, not some of its actions. */
export const everything = '*';

const denyAll = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Sid: 'LeastwiseTrial', Effect: 'Deny', Action: '*', Resource: '*' }],
});

/**
 * Denies everything to a role of which no call was ever recorded and that nobody entered in its window; undefined for
 * everybody else. Nothing of it is taken away: its unique id, trust and policies stay as they are, and one call brings it
 * back. A user is not retired so: the inventory knows neither its keys nor its password.
 */
export function retirementOf(
  judged: Rightsizing,
  entered: readonly LineageEdge[],
  { inventory, window, trialDays }: { inventory: Inventory; window: Window; trialDays: number },
): Plan | undefined {
  const { principal } = judged;
  if (judged.status !== 'not-yet-decidable' || judged.reason !== 'never-seen' || principal.type !== 'role')
    return undefined;
  if (entered.some(({ last }) => last >= startOf(window))) return undefined;
  if (trialDays === 0 || principal.attached.length >= quotas.attached) return undefined;
  if (sourceReached(principal.arn, [], inventory)) return undefined;
  return {
    kind: 'rightsizing',
    account: inventory.account,
    target: principal.arn,
    edits: overlayEdits(principal, inventory.account, denyAll),
    terms: {
      kind: 'rightsizing',
      removed: [everything],
      kept: [],
      window: { from: startOf(window), to: endOf(window) },
      stage: { step: 'trial', services: [everything], untried: [], quietDays: trialDays },
    },
  };
}

/** Somebody entered a retired role: whatever it was for, it is needed. */
export const enteredSince = (edges: readonly LineageEdge[], since: Instant): readonly Denial[] =>
  edges
    .filter(({ kind, last }) => kind === 'assumed-role' && last >= since)
    .slice(0, 1)
    .map(({ last, first }) => ({ action: 'sts:AssumeRole', time: last, eventID: first.eventID }));
