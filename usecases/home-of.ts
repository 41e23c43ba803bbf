import type { Approvers } from '../core/approvals/decide.ts';
import type { Person } from '../core/approvals/rules.ts';
import { isUnopened, waitsToBeOpened } from '../core/changes/backlog.ts';
import type { Change } from '../core/changes/change.ts';
import { judge } from '../core/changes/decided.ts';
import { digestToDecide } from '../core/changes/digest.ts';
import { isLive } from '../core/leases/step.ts';
import type { Instant } from '../core/time.ts';
import type { HomePage } from './ports/slack-views.ts';
import type { ChangeStore, LeaseStore } from './ports/state-stores.ts';

export interface HomeDeps {
  changes: Pick<ChangeStore, 'list'>;
  leases: Pick<LeaseStore, 'list'>;
  configuration: Approvers;
  now(): Instant;
}

/** How many of the newest are looked through. */
const newest = 200;

/**
 * A person's page: what is lent to them, what they could decide now, what they asked for and wait for, and the backlog.
 * Whether they could is asked of the one decision function; what they then click is judged again.
 */
export const homeOf =
  ({ changes, leases, configuration, now }: HomeDeps) =>
  async ({ id }: Person): Promise<HomePage> => {
    const at = now();
    const [all, lent] = await Promise.all([changes.list(newest), leases.list(newest)]);
    const mayDecide = (change: Change): boolean => {
      const click = { by: id, verdict: 'approve' as const, at, digest: digestToDecide(change) };
      const judged = judge(change, click, configuration);
      return judged.ok || judged.error === 'not-confirmed';
    };
    const pending = all.filter((change) => isPending(change) && !isUnopened(change));
    return {
      at,
      leases: lent.filter((lease) => lease.beneficiary === id && isLive(lease)),
      approvals: pending.filter(mayDecide),
      waiting: pending.filter(({ requester }) => requester === id),
      backlog: all.filter(waitsToBeOpened),
    };
  };

const isPending = (change: Change): boolean => change.state === 'planned' || change.state === 'undo-planned';
