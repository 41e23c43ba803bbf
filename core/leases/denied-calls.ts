import { createHash } from 'node:crypto';
import type { Day, Instant } from '../time.ts';
import type { LedgerItem } from '../usage/item.ts';

/** What somebody was denied, as the ledger has it: one for each action on each resource, as each of their principals. */
export interface DeniedCall {
  /** Names it: the same for the same principal, action and resource. */
  id: string;
  /** ARN of whose policies did not allow it. */
  principal: string;
  action: string;
  /** `*` where no record names one. */
  resource: string;
  first: Instant;
  last: Day;
}

/** What was denied, newest first. Outcomes of sign-ins and of calls that IAM has no action for are left out. */
export function deniedCalls(items: readonly LedgerItem[]): readonly DeniedCall[] {
  const denied = items.filter(({ outcome, arn, action }) => outcome === 'denied' && arn !== null && isOfIam(action));
  const onThings = denied.flatMap((item) => (item.kind === 'resource' ? callsOf(item) : []));
  const named = new Set(onThings.map(({ principal, action }) => `${principal} ${action}`));
  const onAnything = denied
    .filter((item) => item.kind === 'action' && !named.has(`${item.arn} ${item.action}`))
    .flatMap(callsOf);
  return [...onThings, ...onAnything].sort((a, b) => newness(b, a) || (a.id < b.id ? -1 : 1));
}

const newness = (a: DeniedCall, b: DeniedCall): number => {
  const [left, right] = [`${a.last} ${a.first}`, `${b.last} ${b.first}`];
  return left < right ? -1 : left > right ? 1 : 0;
};

const isOfIam = (action: string | null): boolean =>
  /^(?!sign-in:|unmapped:)[a-z0-9-]+:[A-Za-z0-9]+$/.test(action ?? '');

function callsOf({ kind, arn, action, entries }: LedgerItem): DeniedCall[] {
  return [...entries].map(([value, { first, last }]) => {
    const call = {
      principal: arn ?? '',
      action: action ?? '',
      resource: kind === 'resource' && value.startsWith('arn:') ? value : '*',
    };
    return { id: idOf(call), ...call, first: first.time, last };
  });
}

const idOf = (call: Pick<DeniedCall, 'principal' | 'action' | 'resource'>): string =>
  createHash('sha256')
    .update(JSON.stringify([call.principal, call.action, call.resource]))
    .digest('hex')
    .slice(0, 24);
