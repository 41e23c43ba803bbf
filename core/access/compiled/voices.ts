import type { Because } from '../decision.ts';
import { type ActionNumbers, actionNumbers } from './action-numbers.ts';
import { type ActionSet, holds } from './action-set.ts';
import { ActionTable } from './action-table.ts';
import type { CallerProfile } from './callers.ts';
import type { CompiledStatement, Documents } from './documents.ts';
import type { Environment } from './environment.ts';
import { always, type Formula, never } from './formula.ts';
import { heardOf, type Match, silence, spokenIn } from './heard.ts';
import type { ListGroup } from './lists.ts';
import type { NamedAction } from './named-actions.ts';
import type { PatternIndex } from './pattern-index.ts';
import { nameBits, nameBitsIn, namedByBits } from './principals.ts';
import type { Heard, Spoken } from './spoken.ts';
import type { SpokenActions } from './spoken-actions.ts';
import { coverageOf, type Place } from './targets.ts';

/** Lists of policies that stand together, as far as they were asked. */
interface Choir {
  /** Every statement in its place. */
  readonly lines: readonly Line[];
  /** The actions of each line. */
  readonly actions: readonly ActionSet[];
  /** Of each document in turn its number, and where its lines begin and end. */
  readonly parts: Int32Array;
  /** How many lists there are: each must allow. */
  readonly levels: number;
  /** By which of the lines speak; of silence, and where there are too many lines for one number, by their names. */
  readonly voices: Map<number | string, Voice>;
}

/** The lines that speak of some actions, whatever the resource and whoever asks. */
export interface Voice {
  readonly number: number;
  readonly levels: number;
  readonly lines: readonly Line[];
  /** Those of them that speak only of some requests. */
  readonly open: readonly Line[];
  /** What is heard, by what the open lines come to; null where that is too much for one number. */
  readonly heard: Map<number, Heard> | null;
  /** What is heard where no line is open. */
  readonly only: Heard | null;
}

/** What the policies over a caller say of an action, each layer by itself; null where it has no policies. */
export interface Chord {
  readonly identity: Voice | null;
  readonly groups: Voice | null;
  readonly boundary: Voice | null;
  readonly scps: Voice | null;
}

/** A statement in its place. */
interface Line {
  readonly statement: CompiledStatement;
  readonly because: Because;
  readonly level: number;
  /** Whether the request decides if it speaks. */
  readonly isOpen: boolean;
  /** Whether a request's context has a say in it. */
  readonly needsContext: boolean;
  /** Bits that tell what it comes to. */
  readonly width: number;
}

/** What an open line comes to where more must be known; otherwise the bits of the names that it speaks of the caller by. */
const unsettled = -1;

/** Voices that are kept unless less is asked for. */
const mostVoices = 60_000;
/** Bits that a number of the engine holds without growing. */
const mostBits = 30;
/** Two places below this fit into as many. */
const mostPlaces = 1 << 15;

/** Answers what policies say of a request; what lists of them say of an action is found once. */
export class Voices {
  readonly #patterns: PatternIndex;
  readonly #spoken: SpokenActions;
  readonly #numbers: ActionNumbers = actionNumbers();
  readonly #table = new ActionTable();
  /** By number of the group. */
  #choirs: (Choir | undefined)[] = [];
  /** As the table numbers them. */
  #voices: Voice[] = [];
  /** The voices in which nobody speaks, by how many lists there are: most policies say nothing of most actions. */
  #mute: Voice[] = [];
  readonly #most: number;
  /** Numbers of chords. */
  readonly #chordTable = new ActionTable();
  #chordCount = 0;
  /** Few are different: they stay at hand while ever other callers are asked about. */
  #chords: Chord[] = [];
  /** By the voices of the caller's own policies, then by those above. */
  readonly #chordNumbers = new Map<number, Map<number, number>>();
  #forgotten = 0;
  #ids = silence.id;

  /** `most`: voices and chords that are kept, less than the tables have room for. */
  constructor({ patterns, spoken }: Documents, most = mostVoices) {
    this.#patterns = patterns;
    this.#spoken = spoken;
    this.#most = most;
  }

  hear(group: ListGroup, action: NamedAction, place: Place, environment: Environment): Heard {
    return group.isSilent ? silence : this.sound(this.#voiceOf(group, action), place, environment);
  }

  /** What the policies over a caller say of an action, found by one probe. */
  chordOf({ own, layers }: Pick<CallerProfile, 'own' | 'layers'>, action: NamedAction): Chord {
    const { number } = action;
    const known = this.#chordTable.get(own.number, number);
    if (known >= 0) return this.#chords[known]!;
    const begun = this.#forgotten;
    const chord: Chord = {
      identity: this.#findIn(layers.identity, action),
      groups: this.#findIn(layers.groups, action),
      // Many stand under one boundary and the same SCPs, few have the same policies of their own.
      boundary: this.#sharedIn(layers.boundary, action),
      scps: this.#sharedIn(layers.scps, action),
    };
    // Actions outside the catalogue share one number; and what was forgotten on the way has other numbers now.
    if (number !== this.#numbers.known && begun === this.#forgotten) this.#keep(own, number, chord);
    return chord;
  }

  #keep(own: ListGroup, action: number, chord: Chord): void {
    // Before the table is full, so that it never forgets by itself.
    if (this.#chordCount >= this.#most) this.#forgetChords();
    const number = this.#chordNumber(chord);
    this.#chordTable.set(own.number, action, number);
    this.#chordCount += 1;
  }

  #chordNumber(chord: Chord): number {
    const own = pairOf(chord.identity, chord.groups);
    const above = pairOf(chord.boundary, chord.scps);
    const alike = this.#chordNumbers.get(own) ?? new Map<number, number>();
    const known = alike.get(above);
    if (known !== undefined) return known;
    this.#chordNumbers.set(own, alike.set(above, this.#chords.length));
    this.#chords.push(chord);
    return this.#chords.length - 1;
  }

  #findIn(group: ListGroup, action: NamedAction): Voice | null {
    return group.isSilent ? null : this.#find(group, action);
  }

  #sharedIn(group: ListGroup, action: NamedAction): Voice | null {
    return group.isSilent ? null : this.#voiceOf(group, action);
  }

  /** What a voice says of a request. */
  sound(voice: Voice | null, place: Place, environment: Environment): Heard {
    if (voice === null) return silence;
    if (voice.only !== null) return voice.only;
    const { open, heard } = voice;
    if (heard === null) return this.#weigh(voice, place, environment);
    let name = 0;
    for (let i = 0; i < open.length; i++) {
      const line = open[i]!;
      const bits = this.#bitsOf(line, place, environment);
      if (bits === unsettled) return this.#weigh(voice, place, environment);
      name = (name << line.width) | bits;
    }
    const known = heard.get(name);
    if (known !== undefined) return known;
    const made = this.#settle(voice, place, environment);
    heard.set(name, made);
    return made;
  }

  #voiceOf(group: ListGroup, action: NamedAction): Voice {
    const { number } = action;
    // Actions outside the catalogue share one number.
    if (number === this.#numbers.known) return this.#find(group, action);
    const known = this.#table.get(group.number, number);
    if (known >= 0) return this.#voices[known]!;
    const found = this.#find(group, action);
    this.#table.set(group.number, number, found.number);
    return found;
  }

  #find(group: ListGroup, action: NamedAction): Voice {
    const choir = this.#choirs[group.number] ?? this.#gather(group);
    const { lines, voices } = choir;
    const speaking = this.#speaking(choir, action);
    if (speaking === none) return this.#muteOf(choir.levels);
    const name = nameOf(speaking, lines.length);
    const known = voices.get(name);
    if (known) return known;
    if (this.#voices.length >= this.#most) this.#forget();
    const made = voiceFrom(
      this.#voices.length,
      speaking.map((place) => lines[place]!),
      choir.levels,
      this.#nextId(),
    );
    this.#voices.push(made);
    (this.#choirs[group.number] ?? this.#gather(group)).voices.set(name, made);
    return made;
  }

  #muteOf(levels: number): Voice {
    const known = this.#mute[levels];
    if (known) return known;
    if (this.#voices.length >= this.#most) this.#forget();
    const made: Voice = { number: this.#voices.length, levels, lines: [], open: [], heard: null, only: silence };
    this.#voices.push(made);
    this.#mute[levels] = made;
    return made;
  }

  /** Never given twice, also after everything was forgotten. */
  #nextId(): number {
    this.#ids += 1;
    return this.#ids;
  }

  #forget(): void {
    this.#voices = [];
    this.#mute = [];
    this.#choirs = [];
    this.#table.clear();
    this.#forgetChords();
    this.#forgotten += 1;
  }

  #forgetChords(): void {
    this.#chordCount = 0;
    this.#chords = [];
    this.#chordNumbers.clear();
    this.#chordTable.clear();
  }

  #gather({ number, lists }: ListGroup): Choir {
    const lines: Line[] = [];
    const parts: number[] = [];
    for (const [level, { items, layer }] of lists.entries()) {
      for (const { document, policy } of items) {
        parts.push(document.number, lines.length, lines.length + document.statements.length);
        for (const statement of document.statements) {
          const because: Because = { layer, policy, statement: statement.index, effect: statement.effect };
          lines.push(lineOf(statement, because, level));
        }
      }
    }
    const actions = lines.map(({ statement }) => statement.actions);
    const made: Choir = { lines, actions, parts: Int32Array.from(parts), levels: lists.length, voices: new Map() };
    this.#choirs[number] = made;
    return made;
  }

  /** The places of the lines that speak of an action. */
  #speaking({ actions, parts }: Choir, { number, lower }: NamedAction): readonly number[] {
    const { known } = this.#numbers;
    let speaking: number[] | null = null;
    for (let part = 0; part < parts.length; part += 3) {
      if (number < known && !this.#spoken.has(parts[part]!, number)) continue;
      const to = parts[part + 2]!;
      for (let i = parts[part + 1]!; i < to; i++) {
        if (!holds(actions[i]!, number, lower, known)) continue;
        speaking ??= [];
        speaking.push(i);
      }
    }
    return speaking ?? none;
  }

  #bitsOf({ statement, needsContext }: Line, place: Place, environment: Environment): number {
    const { resources, names } = statement;
    const covered = resources === null ? 'yes' : coverageOf(resources, place, this.#patterns);
    if (covered === 'no') return 0;
    let bits: number = nameBits.itself;
    if (names === 'rare') bits = unsettled;
    else if (names !== 'everybody') bits = nameBitsIn(names, environment.profile.caller);
    if (bits === 0 || !needsContext) return bits;
    const when = environment.whenOf(statement, covered === 'depends');
    if (when === never) return 0;
    return when === always ? bits : unsettled;
  }

  /** Where no test is left open. */
  #settle({ lines, levels }: Voice, place: Place, environment: Environment): Heard {
    const said: Line[] = [];
    const spoken: Spoken[] = [];
    for (const line of lines) {
      const bits = line.isOpen ? this.#bitsOf(line, place, environment) : nameBits.itself;
      if (bits === 0) continue;
      said.push(line);
      spoken.push({ because: line.because, when: always, named: namedByBits[bits]! });
    }
    if (said.length === 0) return silence;
    return heardFrom(this.#nextId(), spoken, said, levels);
  }

  /** Where something is. */
  #weigh({ lines, levels }: Voice, place: Place, environment: Environment): Heard {
    const { formulas } = environment.residuals;
    const heard = Array.from({ length: levels }, (_, level) => {
      const own = lines.filter((line) => line.level === level);
      const matches = own.flatMap(({ statement, because, isOpen }): Match[] => {
        const covered = statement.resources === null ? 'yes' : coverageOf(statement.resources, place, this.#patterns);
        return covered === 'no' ? [] : [{ statement, because, depends: covered === 'depends', open: isOpen }];
      });
      return heardOf(spokenIn(matches, environment), environment);
    });
    return {
      id: 0,
      allow: formulas.all(heard.map(({ allow }) => allow)),
      deny: formulas.any(heard.map(({ deny }) => deny)),
      spoken: heard.flatMap(({ spoken }) => spoken),
    };
  }
}

const none: readonly number[] = [];

/** One number for two voices. */
const pairOf = (a: Voice | null, b: Voice | null): number =>
  ((a?.number ?? -1) + 1) * (mostVoices + 1) + (b?.number ?? -1) + 1;

/** A name for the lines that speak of an action: of many lines mostly two or fewer do, and their places fit into a number. */
function nameOf(places: readonly number[], lines: number): number | string {
  if (lines <= mostBits) return maskOf(places);
  if (places.length > 2 || lines >= mostPlaces) return places.join();
  let name = 0;
  for (const place of places) name = name * mostPlaces + place + 1;
  return name;
}

function maskOf(places: readonly number[]): number {
  let mask = 0;
  for (const place of places) mask |= 1 << place;
  return mask;
}

function lineOf(statement: CompiledStatement, because: Because, level: number): Line {
  const { resources, names, tests } = statement;
  const isOpen =
    tests.length > 0 || names !== 'everybody' || (resources !== null && (!resources.everything || resources.not));
  const needsContext = tests.length > 0 || (resources !== null && resources.variable.length > 0);
  return { statement, because, level, isOpen, needsContext, width: names === 'everybody' ? 1 : 3 };
}

function voiceFrom(number: number, lines: readonly Line[], levels: number, id: number): Voice {
  const open = lines.filter(({ isOpen }) => isOpen);
  const bits = open.reduce((sum, { width }) => sum + width, 0);
  const only = open.length > 0 ? null : heardFrom(id, lines.map(surely), lines, levels);
  return { number, levels, lines, open, only, heard: bits > mostBits ? null : new Map() };
}

const surely = ({ because }: Line): Spoken => ({ because, when: always, named: namedByBits[nameBits.itself]! });

/** Every level must allow; any may deny. */
function heardFrom(id: number, spoken: readonly Spoken[], lines: readonly Line[], levels: number): Heard {
  let allowing = 0;
  let deny: Formula = never;
  let last = -1;
  for (const { statement, level } of lines) {
    if (statement.effect === 'Deny') deny = always;
    else if (level !== last) {
      allowing += 1;
      last = level;
    }
  }
  return { id, allow: allowing === levels ? always : never, deny, spoken };
}
