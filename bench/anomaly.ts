import { join } from 'node:path';
import { type Share, wilson } from '../core/wilson.ts';
import { randomOf } from '../local/sample-organization/random.ts';
import { alarmsOn, baselines, firstAlarm } from './anomaly/baselines.ts';
import { benignHosts, deedOf, type Half, type Host, publicHosts, type Weeks } from './anomaly/hosts.ts';
import { type Specimen, specimensIn } from './anomaly/specimens.ts';
import { canHost, type Network, splice } from './anomaly/splice.ts';
import { benignLevels, judge, type Told } from './anomaly/verdict.ts';

/** How one detector does on attacks from one kind of network. */
export interface Caught {
  /** Attacks of which a case of any level tells, and of which a message does. */
  told: Share;
  messaged: Share;
  /** Techniques of which every attack, and at least half of the attacks, reached a message. */
  techniques: { of: number; always: number; mostly: number };
  byTactic: Readonly<Record<string, { told: Share; messaged: Share }>>;
  /** Medians over the attacks that were told; 0 is the attack's first event. null: there is none. */
  firstAlert: number | null;
  firstMessage: number | null;
  messagesPerIncident: number;
  /** What nobody was told of: technique and host. */
  missed: readonly string[];
}

/** How often one detector speaks up about benign work. */
export interface Alarms {
  /** Sessions that reach a message, and those that reach the digest or a message. */
  messages: Share;
  digestOrMessage: Share;
  messagesPer10kEvents: number;
  /** Sessions that reach a message, by what they were: of how many. */
  byKind: Readonly<Record<string, readonly [messages: number, digests: number, of: number]>>;
}

export interface Detector {
  same: Caught;
  new: Caught;
  benign: Alarms;
  /** The same attacks on the callers of a public log that nobody knows for longer than an hour. */
  publicDay: { same: Share; new: Share };
}

export interface AnomalyFigures {
  half: Half | 'all';
  weeks: Weeks;
  seeds: readonly number[];
  hosts: number;
  techniques: number;
  specimens: number;
  /** Attacks for each of the two networks. */
  incidents: number;
  benign: { sessions: number; events: number };
  detectors: Readonly<Record<string, Detector>>;
}

export interface AnomalyOptions {
  /** `all`: every technique and host, where neither was held back. */
  half?: Half | 'all';
  weeks?: Weeks;
  /** Of the benign weeks; 1 is the frozen one. */
  seeds?: readonly number[];
  /** Takes every nth host for attacks; the benign sessions are always all. */
  everyNthHost?: number;
  /** Folder of the public logs. */
  logs?: string;
}

export const publicLogs = join(import.meta.dirname, '../../shared/data/cloudtrail');
/** The name under which our own detector stands beside the baselines. */
export const ours = 'leastwise';

/**
 * The splice benchmark (docs/anomaly.md): attacks from public logs, made to look as if a benign host had done them, and
 * that host's benign work. null where the logs are not on this machine. The same options give the same figures.
 */
export function anomalyFigures(options: AnomalyOptions = {}): AnomalyFigures | null {
  const { half = 'reported', weeks = 'frozen', seeds = [1], everyNthHost = 1, logs = publicLogs } = options;
  const all = specimensIn(logs);
  if (all === null) return null;
  const specimens = inHalf(all, half);
  const hosts = seeds.flatMap((seed) =>
    benignHosts(seed, weeks).filter((host) => half === 'all' || host.half === half),
  );
  const attacked = hosts.filter(isEstablished).filter((_, i) => i % everyNthHost === 0);
  const attacks = attacksOn(attacked, specimens);
  const publicDay = attacksOn(publicHosts(logs), specimens);
  const { sessions, events } = sizesOf(hosts);
  return {
    half,
    weeks,
    seeds,
    hosts: attacked.length,
    techniques: new Set(specimens.map(({ technique }) => technique)).size,
    specimens: specimens.length,
    incidents: attacks.same.length,
    benign: { sessions, events },
    detectors: Object.fromEntries(
      [ours, ...baselines.map(({ name }) => name)].map((name) => [
        name,
        {
          same: caught(attacks.same, name),
          new: caught(attacks.new, name),
          benign: name === ours ? ownAlarms(hosts, events) : baselineAlarms(hosts, name, events),
          publicDay: { same: caught(publicDay.same, name).told, new: caught(publicDay.new, name).told },
        },
      ]),
    ),
  };
}

/** Techniques take turns in the order of their names, that is by tactic; both logs' specimens of one stay together. */
function inHalf(specimens: readonly Specimen[], half: Half | 'all'): readonly Specimen[] {
  if (half === 'all') return specimens;
  const names = [...new Set(specimens.map(({ technique }) => technique))].sort();
  return specimens.filter(({ technique }) => (names.indexOf(technique) % 2 === 0) === (half === 'tuning'));
}

/** An attacker steals what is in use: known for a while, and at work after the history ends. */
const isEstablished = ({ history, sessions, name }: Host): boolean =>
  !name.startsWith('tester/') &&
  sessions.length > 0 &&
  new Set(history.map(({ event }) => event.time.slice(0, 10))).size >= 3;

interface Incident {
  host: Host;
  specimen: Specimen;
}

/** Every attack on every host that can be its victim, from both networks. */
function attacksOn(
  hosts: readonly Host[],
  specimens: readonly Specimen[],
): Readonly<Record<Network, readonly Played[]>> {
  const incidents = hosts.flatMap((host) =>
    specimens.filter((specimen) => canHost(host, specimen)).map((specimen) => ({ host, specimen })),
  );
  return {
    same: incidents.map((incident) => play(incident, 'same')),
    new: incidents.map((incident) => play(incident, 'new')),
  };
}

interface Played extends Incident {
  told: Readonly<Record<string, Told>>;
}

/** One attack, judged by every detector. */
function play(incident: Incident, network: Network): Played {
  const { host, specimen } = incident;
  // The same moment for both networks, so that they differ in nothing else.
  const random = randomOf('splice', host.name, specimen.technique, specimen.log);
  const attack = splice(host, specimen, network, random).map((record) => deedOf(record, false));
  const told: Record<string, Told> = { [ours]: judge(host, attack) };
  for (const baseline of baselines) {
    const index = firstAlarm(host, attack, baseline);
    const level = index === undefined ? undefined : 'message';
    told[baseline.name] = { level, messages: level ? 1 : 0, firstAlert: index, firstMessage: index };
  }
  return { ...incident, told };
}

function caught(played: readonly Played[], detector: string): Caught {
  const results = played.map(({ told, specimen, host }) => ({ ...told[detector]!, specimen, host }));
  const shares = (of: typeof results) => ({
    told: wilson(of.filter(({ level }) => level !== undefined).length, of.length),
    messaged: wilson(of.filter(({ level }) => level === 'message').length, of.length),
  });
  const messaged = results.filter(({ messages }) => messages > 0);
  return {
    ...shares(results),
    techniques: techniquesIn(results),
    byTactic: Object.fromEntries(
      [...groupedBy(results, ({ specimen }) => specimen.tactic)].map(([tactic, own]) => [tactic, shares(own)]),
    ),
    firstAlert: median(results.flatMap(({ firstAlert }) => firstAlert ?? [])),
    firstMessage: median(results.flatMap(({ firstMessage }) => firstMessage ?? [])),
    messagesPerIncident: messaged.reduce((sum, { messages }) => sum + messages, 0) / Math.max(1, messaged.length),
    missed: results
      .filter(({ level }) => level === undefined)
      .map(({ specimen, host }) => `${specimen.technique} (${specimen.log}) on ${host.name}`),
  };
}

function techniquesIn(results: readonly (Told & Pick<Incident, 'specimen'>)[]): Caught['techniques'] {
  const rates = [...groupedBy(results, ({ specimen }) => specimen.technique).values()].map(
    (own) => own.filter(({ level }) => level === 'message').length / own.length,
  );
  return {
    of: rates.length,
    always: rates.filter((rate) => rate === 1).length,
    mostly: rates.filter((rate) => rate >= 0.5).length,
  };
}

function ownAlarms(hosts: readonly Host[], events: number): Alarms {
  const judged = hosts.map((host) => ({ host, ...benignLevels(host) }));
  const sessions = judged.flatMap(({ host, levels }) =>
    host.sessions.map(({ kind }, i) => ({ kind, message: levels[i] === 'message', digest: levels[i] === 'digest' })),
  );
  return alarmsOf(
    sessions,
    judged.reduce((sum, { messages }) => sum + messages, 0),
    events,
  );
}

function baselineAlarms(hosts: readonly Host[], name: string, events: number): Alarms {
  const baseline = baselines.find((each) => each.name === name)!;
  const sessions = hosts.flatMap((host) => {
    const alarms = alarmsOn(host, baseline);
    return host.sessions.map(({ kind }, i) => ({ kind, message: alarms[i]!, digest: false }));
  });
  return alarmsOf(sessions, sessions.filter(({ message }) => message).length, events);
}

interface Judged {
  kind: string;
  message: boolean;
  digest: boolean;
}

function alarmsOf(sessions: readonly Judged[], messages: number, events: number): Alarms {
  const byKind = [...groupedBy(sessions, ({ kind }) => kind)].map(
    ([kind, own]) =>
      [kind, [own.filter((s) => s.message).length, own.filter((s) => s.digest).length, own.length]] as const,
  );
  return {
    messages: wilson(sessions.filter((s) => s.message).length, sessions.length),
    digestOrMessage: wilson(sessions.filter((s) => s.message || s.digest).length, sessions.length),
    messagesPer10kEvents: (messages / events) * 10_000,
    byKind: Object.fromEntries(byKind),
  };
}

function sizesOf(hosts: readonly Host[]): AnomalyFigures['benign'] {
  const sessions = hosts.flatMap((host) => host.sessions);
  return { sessions: sessions.length, events: sessions.reduce((sum, { deeds }) => sum + deeds.length, 0) };
}

function groupedBy<T>(list: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
