import { signalsWithin } from '../../core/anomaly/signals/signals.ts';
import { watchedActionsOf } from '../../core/anomaly/watched-actions.ts';
import type { Instant } from '../../core/time.ts';
import { actionsOf } from '../../core/usage/actions/actions-of.ts';
import { offlineKey } from '../../core/usage/bounded.ts';
import type { UsageEvent } from '../../core/usage/event.ts';
import { filedActions } from '../../core/usage/facets.ts';
import type { LedgerItem } from '../../core/usage/item.ts';
import { createLedger } from '../../core/usage/ledger.ts';
import { parseRecord } from '../../core/usage/parse.ts';
import { accounts } from '../../local/sample-organization/accounts.ts';
import { benignWeeks } from '../../local/sample-organization/benign-weeks.ts';
import { variedWeeks } from '../../local/sample-organization/varied-weeks.ts';
import { benignRecords } from './specimens.ts';

export type Half = 'tuning' | 'reported';

/** An event with the actions that it is filed under. */
export interface Deed {
  event: UsageEvent;
  actions: readonly string[];
}

/** One benign session, as far as it is scored. */
interface ScoredSession {
  kind: string;
  deeds: readonly Deed[];
}

/** Somebody whose ordinary work is known, and onto whom attacks are spliced. */
export interface Host {
  name: string;
  half: Half;
  /** Of all benign events, those of the first part historic. */
  items: readonly LedgerItem[];
  history: readonly Deed[];
  /** What comes after the history. */
  sessions: readonly ScoredSession[];
  /** Records after the history that an attack may borrow its identity from. */
  lends: readonly LentRecord[];
}

export type LentRecord = Readonly<Record<string, unknown>> & {
  eventTime: Instant;
  awsRegion: string;
  sourceIPAddress: string;
  userAgent: string;
  recipientAccountId: string;
  userIdentity: Readonly<Record<string, unknown>>;
};

/** The last day of the window, and how much of it is history. */
const end = '2026-11-20T23:59:59Z' as Instant;
const historyUntil = '2026-10-28T00:00:00Z' as Instant;

const way = { trust: 'fast-lane', latest: '2030-01-01T00:00:00Z' as Instant, account: null } as const;

/** `frozen`: those that the weights were tuned on a half of. `varied`: callers who reach for more than a few names. */
export type Weeks = 'frozen' | 'varied';

/** Every host of the benign weeks: the first 36 of 60 days are history, the rest is scored. */
export function benignHosts(seed: number, weeks: Weeks = 'frozen'): readonly Host[] {
  const byHost = new Map<string, Material>();
  for (const { host, kind, records } of (weeks === 'varied' ? variedWeeks : benignWeeks)({ seed, end })) {
    const material = byHost.get(host) ?? { sessions: [], history: [], lends: [] };
    byHost.set(host, material);
    if (records[0]!.eventTime < historyUntil) material.history.push(...records);
    else {
      material.sessions.push({ kind, records });
      material.lends.push(...(records as unknown as LentRecord[]));
    }
  }
  return inHalves([...byHost].map(([name, material]) => hostOf(name, material)));
}

/** A public log of one day has few callers, and nobody in it is known for longer than an hour. */
const fewestRecords = 8;

/** The callers of the public log, without what AWS does itself: the first three fifths of each one's events are history. */
export function publicHosts(folder: string): readonly Host[] {
  const byActor = new Map<string, LentRecord[]>();
  for (const record of benignRecords(folder) as unknown as readonly LentRecord[]) {
    const { caller } = deedOf(record, false).event;
    if (caller.isService || caller.invokedBy !== null || caller.accessKeyId === null) continue;
    byActor.set(caller.actor, [...(byActor.get(caller.actor) ?? []), record]);
  }
  const known = [...byActor].filter(([, records]) => records.length >= fewestRecords);
  return known.map(([name, records]) => {
    const until = Math.floor(records.length * 0.6);
    const rest = records.slice(until);
    return hostOf(name, {
      history: records.slice(0, until),
      sessions: [{ kind: 'routine', records: rest }],
      lends: rest,
    });
  });
}

interface Material {
  history: unknown[];
  sessions: { kind: string; records: readonly unknown[] }[];
  lends: LentRecord[];
}

/** A host of its events; the half is dealt out afterwards. */
function hostOf(name: string, { history, sessions, lends }: Material): Host {
  const past = history.map((record) => deedOf(record, true));
  const scored = sessions.map(({ kind, records }) => ({ kind, deeds: records.map((record) => deedOf(record, false)) }));
  const events = [...past, ...scored.flatMap(({ deeds }) => deeds)].map(({ event }) => event);
  return { name, half: 'tuning', items: itemsOf(events), history: past, sessions: scored, lends };
}

/** Hosts of one kind take turns, so that both halves hold people, pipelines and machines alike. */
function inHalves(hosts: readonly Host[]): readonly Host[] {
  const sorted = [...hosts].sort((a, b) => (a.name < b.name ? -1 : 1));
  return sorted.map((host, i) => ({ ...host, half: i % 2 === 0 ? 'tuning' : 'reported' }));
}

export function deedOf(record: unknown, historic: boolean): Deed {
  const parsed = parseRecord(record, { ...way, historic });
  if (!parsed.ok) throw new Error(parsed.error.detail);
  const event = parsed.value;
  const actions = actionsOf(event).actions.map(({ action }) => action);
  return { event, actions: filedActions(event, actions) };
}

/** As a deployment knows its own accounts from its configuration. */
const signalsOf = signalsWithin(Object.values(accounts));

export function itemsOf(events: readonly UsageEvent[]): readonly LedgerItem[] {
  const ledger = createLedger({ key: offlineKey, resources: true, actionsOf: watchedActionsOf, signalsOf });
  for (const event of events) ledger.add(event);
  return ledger.items();
}
