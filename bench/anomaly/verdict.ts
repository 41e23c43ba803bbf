import { assess } from '../../core/anomaly/assess.ts';
import type { Assessment, Level } from '../../core/anomaly/case.ts';
import { offlineKey, rankBy } from '../../core/usage/bounded.ts';
import { keyText, type LedgerItem } from '../../core/usage/item.ts';
import { joinItems } from '../../core/usage/join.ts';
import { type Deed, type Host, itemsOf } from './hosts.ts';

/** What one attack on one host amounted to. */
export interface Told {
  /** The highest level of a case that holds an event of the attack; undefined where none does. */
  level: Level | undefined;
  messages: number;
  /** Index of the event with which the first case, and the first message, appeared. */
  firstAlert: number | undefined;
  firstMessage: number | undefined;
}

const rank = rankBy(offlineKey);

/** The levels that a host's scored sessions reach without any attack, and the messages sent about them. */
export function benignLevels(host: Host): { levels: readonly (Level | undefined)[]; messages: number } {
  const cases = assess(host.items, []);
  const levels = host.sessions.map(({ deeds }) => highest(cases, new Set(deeds.map(({ event }) => event.eventID))));
  return { levels, messages: cases.filter(({ level }) => level === 'message').length };
}

/** Adds an attack to the host's ledger event by event, until nothing more can change the answer. */
export function judge(host: Host, attack: readonly Deed[]): Told {
  const ids = new Set(attack.map(({ event }) => event.eventID));
  const whole = casesWith(host, attack);
  const told = whole.filter(({ eventIDs }) => eventIDs.some((id) => ids.has(id)));
  const level = highest(told, ids);
  const messages = told.filter((each) => each.level === 'message').length;
  let [firstAlert, firstMessage]: (number | undefined)[] = [];
  for (let n = 1; n <= attack.length && level !== undefined; n++) {
    const reached = n === attack.length ? level : highest(casesWith(host, attack.slice(0, n)), ids);
    if (reached !== undefined) firstAlert ??= n - 1;
    if (reached === 'message') firstMessage ??= n - 1;
    if (firstAlert !== undefined && (firstMessage !== undefined || level === 'digest')) break;
  }
  return { level, messages, firstAlert, firstMessage };
}

function highest(cases: readonly Assessment[], ids: ReadonlySet<string>): Level | undefined {
  const levels = cases.filter(({ eventIDs }) => eventIDs.some((id) => ids.has(id))).map(({ level }) => level);
  return levels.includes('message') ? 'message' : levels[0];
}

function casesWith(host: Host, attack: readonly Deed[]): readonly Assessment[] {
  const items = new Map<string, LedgerItem>(host.items.map((item) => [keyText(item), item]));
  for (const item of itemsOf(attack.map(({ event }) => event))) {
    const known = items.get(keyText(item));
    items.set(keyText(item), known === undefined ? item : joinItems(known, item, rank));
  }
  return assess([...items.values()], []);
}
