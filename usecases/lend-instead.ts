import { answerDigest } from '../core/anomaly/answerable.ts';
import type { Case } from '../core/anomaly/case.ts';
import {
  carrierFor,
  isAskedFor,
  type LendInsteadRefusal,
  lendingAsked,
  lendingRefused,
  loanInsteadOf,
  scopeOf,
} from '../core/anomaly/lend-instead.ts';
import { wasRefused } from '../core/audit/refused-clicks.ts';
import type { Change } from '../core/changes/change.ts';
import { changeIdOf } from '../core/changes/change-id.ts';
import type { Configuration } from '../core/configuration.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Instant } from '../core/time.ts';
import type { InventoryStore } from './ports/inventory-store.ts';
import type { LedgerStore } from './ports/ledger-store.ts';
import type { CaseStore, ChangeStore } from './ports/state-stores.ts';
import type { AccessRequest } from './request-access.ts';
import { whenStale } from './when-stale.ts';

export interface LendInsteadDeps {
  cases: Pick<CaseStore, 'find' | 'commit'>;
  changes: Pick<ChangeStore, 'find'>;
  ledger: Pick<LedgerStore, 'itemsOfPrincipal'>;
  inventories: Pick<InventoryStore, 'read'>;
  configuration: Pick<Configuration, 'people' | 'accounts' | 'deployment' | 'lending'>;
  requestAccess(request: AccessRequest): Promise<Change>;
  now(): Instant;
}

export interface LendInsteadAsking {
  case: string;
  /** Person id of whoever clicked. */
  by: string;
  /** `answerDigest` of the case as it was shown. */
  digest: string;
  /** Names the click, so that its second delivery asks nothing new. */
  key: string;
}

/** For how long is asked, in seconds, where loans may be that long. */
const asked = 2 * 3600;

/**
 * Asks to lend for hours what the case's actor used, so that it need not be kept. It decides nothing, neither the case
 * nor the loan: the request is one like any other, for which neither whoever clicked nor whoever gets it may decide. The
 * case remembers the request first, so that there is one; a later delivery of the click completes what a crash left out.
 */
export const lendInstead =
  (deps: LendInsteadDeps) =>
  async (asking: LendInsteadAsking): Promise<Result<Change, LendInsteadRefusal | 'no-such-case'>> => {
    const existing = await deps.changes.find(changeIdOf('lending', [asking.key]));
    if (existing !== undefined) return ok(await deps.requestAccess(again(asking, existing)));
    const settled = await whenStale(() => settle(deps, asking));
    return settled.ok ? ok(await deps.requestAccess(settled.value)) : settled;
  };

/** It was asked for by an earlier delivery: the path of requests completes it, and reads nothing but the key. */
const again = ({ key, by }: LendInsteadAsking, { beneficiary, plan }: Change): AccessRequest => ({
  key,
  by,
  beneficiary: beneficiary ?? by,
  target: plan.target,
  actions: [],
  resources: [],
  duration: 0,
  reason: '',
});

async function settle(
  deps: LendInsteadDeps,
  asking: LendInsteadAsking,
): Promise<Result<AccessRequest, LendInsteadRefusal | 'no-such-case'>> {
  const { cases, now } = deps;
  const told = await cases.find(asking.case);
  if (told === undefined) return fail('no-such-case');
  const { by, digest, key } = asking;
  const click = { by, digest, at: now() };
  const change = changeIdOf('lending', [key]);
  const made = await requestFor(deps, told, asking, change);
  if (!made.ok) {
    if (wasRefused(told, key)) return made;
    const { after, events } = lendingRefused(told, click, made.error, key);
    await cases.commit(told, after, events);
    return made;
  }
  if (told.lending?.change === change) return made;
  const { after, events } = lendingAsked(told, click, change);
  await cases.commit(told, after, events);
  return made;
}

async function requestFor(
  deps: LendInsteadDeps,
  told: Case,
  { by, digest, key }: LendInsteadAsking,
  change: string,
): Promise<Result<AccessRequest, LendInsteadRefusal>> {
  const { configuration, inventories, ledger } = deps;
  if (!configuration.people.some(({ id }) => id === by)) return fail('unknown-person');
  if (told.state !== 'open') return fail('not-pending');
  if (digest !== answerDigest(told)) return fail('digest-mismatch');
  if (isAskedFor(told) && told.lending?.change !== change) return fail('asked-already');
  const loan = loanInsteadOf(told, configuration.people);
  if (!loan.ok) return loan;
  const { beneficiary, actions } = loan.value;
  const [account = ''] = told.accounts;
  const target = carrierFor(told, beneficiary, await inventories.read(account), configuration);
  if (target === undefined) return fail('no-carrier');
  const items = (await Promise.all(told.principals.map((principal) => ledger.itemsOfPrincipal(principal)))).flat();
  const scope = scopeOf(told, actions, items);
  if (scope === undefined) return fail('nothing-to-lend');
  return ok({
    key,
    by,
    beneficiary: beneficiary.id,
    target,
    ...scope,
    duration: Math.min(asked, configuration.lending.maxHours * 3600),
    reason: `instead of keeping what case ${told.id} told`,
  });
}
