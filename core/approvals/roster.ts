import { type Instant, secondsOf } from '../time.ts';
import type { Rota } from './rules.ts';

/** Who stands behind the names of groups and of those on call. */
export interface Roster {
  /** Person ids by the group's name. */
  groups?: Readonly<Record<string, readonly string[]>> | undefined;
  onCall?: Readonly<Record<string, Rota>> | undefined;
}

/** The person ids behind names like `ada`, `group:platform` and `on-call:primary`, at a moment. */
export function membersOf(names: readonly string[], { groups, onCall }: Roster, at: Instant): ReadonlySet<string> {
  const members = new Set<string>();
  for (const name of names) {
    const [kind, of] = splitName(name);
    if (kind === 'group') for (const id of own(groups, of) ?? []) members.add(id);
    else if (kind === 'on-call') for (const id of onCallAt(own(onCall, of), at)) members.add(id);
    else members.add(name);
  }
  return members;
}

/** `group:platform` → group, platform; a person's id has no kind. */
export function splitName(name: string): ['group' | 'on-call' | 'person', string] {
  if (name.startsWith('group:')) return ['group', name.slice('group:'.length)];
  if (name.startsWith('on-call:')) return ['on-call', name.slice('on-call:'.length)];
  return ['person', name];
}

/** Nobody is on call before the rota begins. */
function onCallAt(rota: Rota | undefined, at: Instant): readonly string[] {
  if (rota === undefined || rota.people.length === 0 || at < rota.from) return [];
  const shift = Math.floor((secondsOf(at) - secondsOf(rota.from)) / (rota.hours * 3600));
  const person = rota.people[shift % rota.people.length];
  return person === undefined ? [] : [person];
}

const own = <T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
