import { setImmediate } from 'node:timers/promises';
import type { LogFile } from '../adapters/files/cloudtrail.ts';
import { signalsOf } from '../core/anomaly/signals/signals.ts';
import { watchedActionsOf } from '../core/anomaly/watched-actions.ts';
import type { AccountId } from '../core/identity/principal.ts';
import type { Instant } from '../core/time.ts';
import { offlineKey } from '../core/usage/bounded.ts';
import { coverageOf } from '../core/usage/coverage.ts';
import type { UsageEvent } from '../core/usage/event.ts';
import { createLedger } from '../core/usage/ledger.ts';
import { edgesOf } from '../core/usage/lineage.ts';
import type { System } from './system.ts';

/** Events that are folded before they are joined into the store. */
const atOnce = 20_000;

/**
 * Takes the operator's own files into the ledger. They lie in no trail's bucket, so they come in as files named on a
 * command line do; what is older than `watchedFrom` is history.
 */
export async function foldOwnLogs(system: System, files: AsyncIterable<LogFile>, watchedFrom: Instant): Promise<void> {
  let waiting: UsageEvent[] = [];
  for await (const { events } of files) {
    for (const event of events) waiting.push(event.time < watchedFrom ? { ...event, historic: true } : event);
    if (waiting.length < atOnce) continue;
    await join(system, waiting);
    waiting = [];
    await setImmediate();
  }
  await join(system, waiting);
}

async function join({ stores }: System, events: readonly UsageEvent[]): Promise<void> {
  const folded = createLedger({ key: offlineKey, resources: true, actionsOf: watchedActionsOf, signalsOf });
  const times = new Map<AccountId, Instant[]>();
  for (const event of events) {
    folded.add(event);
    if (event.account === null) continue;
    const of = times.get(event.account);
    if (of) of.push(event.time);
    else times.set(event.account, [event.time]);
  }
  await stores.ledger.joinLineage(events.flatMap(edgesOf));
  await stores.ledger.join(folded.items());
  await stores.ledger.joinCoverage([...times].flatMap(([account, all]) => coverageOf(account, all)));
}
