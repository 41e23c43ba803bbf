import { actionNumbers } from './action-numbers.ts';
import { holds } from './action-set.ts';
import type { CallerProfile, Callers, Holder } from './callers.ts';
import type { CompiledStatement, Document } from './documents.ts';
import type { PolicyList } from './lists.ts';
import type { NamedAction } from './named-actions.ts';
import type { SpokenActions } from './spoken-actions.ts';
import { absent, type KeyState, type Test, unknown, valuesOf } from './tests.ts';

/** A user or role. */
export interface Member {
  readonly holder: Holder;
  readonly profile: CallerProfile;
}

/** Users or roles of one account under one boundary: whatever stands above them is the same for all. */
export interface Peers {
  readonly profile: CallerProfile;
  readonly boundary: PolicyList | null;
  /** By number. */
  readonly members: number[];
}

/** A statement and the numbers of those who have it, by themselves or by a group. */
export interface Held {
  readonly statement: CompiledStatement;
  readonly by: readonly number[];
}

/** Actions whose statements are remembered. */
const most = 2_000;

/** What tells members apart for a test: each has the number of its value, and a formula is known once for each value. */
export interface Seats {
  readonly values: Int32Array;
  /** By value; -1 where it is not known yet. */
  readonly formulas: Int32Array;
}

/** All users and roles, numbered in the order of the inventories, with what finds those of them who may be meant. */
export class Population {
  readonly members: readonly Member[];
  readonly peers: readonly Peers[];
  /** By member. */
  readonly peersOf: Int32Array;
  /** Members of whom some policy cannot be read. */
  readonly invalid: readonly number[];
  readonly #held: readonly { readonly document: Document; readonly by: readonly number[] }[];
  readonly #speaking = new Map<number, readonly Held[]>();
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #columns = new Map<string, { values: Int32Array; count: number }>();
  readonly #fixed = new Map<Test, Seats>();

  readonly #spoken: SpokenActions;

  constructor(callers: Callers, spoken: SpokenActions) {
    this.#spoken = spoken;
    this.members = membersOf(callers);
    this.#numbers = new Map(this.members.map(({ holder }, number) => [holder.record.arn, number]));
    const { peers, peersOf } = peersAmong(this.members);
    this.peers = peers;
    this.peersOf = peersOf;
    this.#held = heldBy(this.members);
    this.invalid = this.members.flatMap(({ holder }, number) => (holder.invalid.length > 0 ? [number] : []));
  }

  numberOf(arn: string): number | undefined {
    return this.#numbers.get(arn);
  }

  /** The statements of members' own policies and of their groups' that speak of an action. */
  speakingOf(action: NamedAction): readonly Held[] {
    // Actions outside the catalogue share one number.
    if (action.number === actionNumbers().known) return this.#findSpeaking(action);
    const earlier = this.#speaking.get(action.number);
    if (earlier) return earlier;
    if (this.#speaking.size >= most) this.#speaking.clear();
    const found = this.#findSpeaking(action);
    this.#speaking.set(action.number, found);
    return found;
  }

  #findSpeaking({ number, lower }: NamedAction): readonly Held[] {
    const { known } = actionNumbers();
    const found: Held[] = [];
    for (const { document, by } of this.#held) {
      if (number < known && !this.#spoken.has(document.number, number)) continue;
      for (const statement of document.statements)
        if (holds(statement.actions, number, lower, known)) found.push({ statement, by });
    }
    return found;
  }

  /** What a test gives for each member. Where the question has no say in it, what was found stays. */
  seatsOf(test: Test): Seats {
    const fixed = this.#fixed.get(test);
    if (fixed) return fixed;
    const seats = this.seatsBy(test.keys);
    if (test.keys.every((key) => unsayable.has(key))) this.#fixed.set(test, seats);
    return seats;
  }

  /** Room for what the values of some keys give. */
  seatsBy(keys: readonly string[]): Seats {
    const personal = keys.filter((key) => isPersonal.test(key));
    const { values, count } = this.#column(personal.length === 1 ? personal[0]! : 'aws:principalarn');
    return { values, formulas: new Int32Array(count).fill(-1) };
  }

  #column(key: string): { values: Int32Array; count: number } {
    const known = this.#columns.get(key);
    if (known) return known;
    const numbers = new Map<string, number>();
    const values = Int32Array.from(this.members, ({ profile }) => {
      const name = `${profile.caller.kind} ${profile.isTaggable} ${spelled(stateOf(profile, key))}`;
      const number = numbers.get(name) ?? numbers.size;
      numbers.set(name, number);
      return number;
    });
    const column = { values, count: numbers.size };
    this.#columns.set(key, column);
    return column;
  }
}

/** Keys whose value may follow from who asks. */
const isPersonal = /^aws:(?:principal|username$|userid$)/;
/** Those of them that peers do not share. */
const isOwn = /^aws:(?:principalarn$|principaltag\/|username$)/;

/** Whether the test may give one member what it does not give its peers. */
export const tellsPeersApart = ({ on, keys }: Test): boolean => on === 'caller' && keys.some((key) => isOwn.test(key));

/** Keys that no question can say otherwise, nor leave open. */
const unsayable: ReadonlySet<string> = new Set([
  'aws:principalarn',
  'aws:principalaccount',
  'aws:principaltype',
  'aws:username',
]);

function stateOf({ derived, known }: CallerProfile, key: string): KeyState | undefined {
  const own = derived.get(key);
  return own === undefined ? known.get(key) : own;
}

function spelled(state: KeyState | undefined): string {
  if (typeof state === 'string') return `=${state}`;
  if (state === undefined || state === absent) return 'absent';
  return state === unknown ? 'unknown' : JSON.stringify(valuesOf(state));
}

function membersOf(callers: Callers): Member[] {
  const nobodyElse = { principalKind: null, principalRoleArn: null, federatingUserArn: null };
  return Array.from(callers.holders(), (holder) => ({
    holder,
    profile: callers.profileOf({ principal: holder.record.arn, ...nobodyElse }),
  }));
}

function peersAmong(members: readonly Member[]): { peers: readonly Peers[]; peersOf: Int32Array } {
  const byName = new Map<string, number>();
  const peers: Peers[] = [];
  const peersOf = new Int32Array(members.length);
  for (const [number, { holder, profile }] of members.entries()) {
    const { kind, account } = profile.caller;
    const name = `${account} ${kind} ${profile.isSpared} ${holder.boundary?.number}`;
    const place = byName.get(name) ?? peers.length;
    if (place === peers.length) {
      byName.set(name, place);
      peers.push({ profile, boundary: holder.boundary, members: [] });
    }
    peers[place]!.members.push(number);
    peersOf[number] = place;
  }
  return { peers, peersOf };
}

function heldBy(members: readonly Member[]): { document: Document; by: number[] }[] {
  const held: { document: Document; by: number[] }[] = [];
  for (const [number, { holder }] of members.entries()) {
    for (const { items } of [holder.identity, holder.groups]) {
      for (const { document } of items) {
        held[document.number] ??= { document, by: [] };
        held[document.number]!.by.push(number);
      }
    }
  }
  // Documents without holders have left holes.
  return held.filter(() => true);
}
