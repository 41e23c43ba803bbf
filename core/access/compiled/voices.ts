import type { Because } from '../decision.ts';
import { type ActionNumbers, actionNumbers } from './action-numbers.ts';
import { holds } from './action-set.ts';
import { type Bits, bitsFor, hasBit, unite } from './bits.ts';
import type { CompiledStatement, Document, Documents, ResourceSet } from './documents.ts';
import type { Environment } from './environment.ts';
import { always, type Formula, never } from './formula.ts';
import { heardOf, type Match, spokenIn } from './heard.ts';
import type { ListGroup } from './lists.ts';
import type { NamedAction } from './named-actions.ts';
import type { PatternIndex } from './pattern-index.ts';
import { nameBits, nameBitsIn, namedByBits } from './principals.ts';
import type { Heard, Spoken } from './spoken.ts';
import type { Place } from './targets.ts';

/** What lists of policies that stand together say of an action, on whatever resource and whoever asks. */
interface Voice {
  /** How many lists there are: each must allow. */
  readonly levels: number;
  /** In the policies' order. */
  readonly lines: readonly Line[];
  /** Those of them that speak only of some requests. */
  readonly open: readonly Line[];
  /** What is heard, by what the open lines come to; null where that is too much for one number. */
  readonly heard: Map<number, Heard> | null;
  /** What is heard where no line is open. */
  readonly only: Heard | null;
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

/** Bits that a number of the engine holds without growing. */
const mostBits = 30;

/** Answers what policies say of a request; what documents say of an action is found once for each list of them. */
export class Voices {
  readonly #patterns: PatternIndex;
  readonly #numbers: ActionNumbers = actionNumbers();
  readonly #most: number;
  /** By number of the group. */
  #spoken: (Bits | undefined)[] = [];
  #voices: (Map<number, Voice> | undefined)[] = [];
  #count = 0;

  constructor({ patterns }: Documents, most = 60_000) {
    this.#patterns = patterns;
    this.#most = most;
  }

  hear(group: ListGroup, action: NamedAction, place: Place, environment: Environment): Heard {
    const voice = this.#voiceOf(group, action);
    if (voice.only !== null) return voice.only;
    const { open, heard } = voice;
    let name = 0;
    for (let i = 0; i < open.length; i++) {
      const line = open[i]!;
      const bits = this.#bitsOf(line, place, environment);
      if (bits === unsettled || heard === null) return this.#weigh(voice, place, environment);
      name = (name << line.width) | bits;
    }
    const known = heard!.get(name);
    if (known) return known;
    const made = this.#settle(voice, place, environment);
    heard!.set(name, made);
    return made;
  }

  #voiceOf(group: ListGroup, action: NamedAction): Voice {
    const { number } = action;
    if (number === this.#numbers.known) return this.#read(group, action);
    const spoken = this.#spoken[group.number] ?? this.#spokenBy(group);
    if (!hasBit(spoken, number)) return silentVoice(group.lists.length);
    const voices = this.#voices[group.number] ?? this.#voicesOf(group);
    const known = voices.get(number);
    if (known) return known;
    if (this.#count >= this.#most) {
      this.#voices = [];
      this.#count = 0;
      return this.#voiceOf(group, action);
    }
    this.#count += 1;
    const made = this.#read(group, action);
    voices.set(number, made);
    return made;
  }

  #voicesOf({ number }: ListGroup): Map<number, Voice> {
    const voices = new Map<number, Voice>();
    this.#voices[number] = voices;
    return voices;
  }

  #spokenBy({ number, lists }: ListGroup): Bits {
    const spoken = bitsFor(this.#numbers.known);
    for (const { items } of lists) for (const { document } of items) unite(spoken, document.spoken);
    this.#spoken[number] = spoken;
    return spoken;
  }

  #read({ lists }: ListGroup, action: NamedAction): Voice {
    const lines: Line[] = [];
    for (const [level, { items, layer }] of lists.entries()) {
      for (const { document, policy } of items) {
        for (const statement of this.#speaking(document, action)) {
          const because: Because = { layer, policy, statement: statement.index, effect: statement.effect };
          lines.push(lineOf(statement, because, level));
        }
      }
    }
    const open = lines.filter(({ isOpen }) => isOpen);
    const bits = open.reduce((sum, { width }) => sum + width, 0);
    const only = open.length > 0 ? null : heardFrom(lines.map(surely), lines, lists.length);
    return { levels: lists.length, lines, open, only, heard: bits > mostBits ? null : new Map() };
  }

  *#speaking({ statements, spoken }: Document, { number, lower }: NamedAction): Iterable<CompiledStatement> {
    const { known } = this.#numbers;
    if (number < known && !hasBit(spoken, number)) return;
    for (const statement of statements) if (holds(statement.actions, number, lower, known)) yield statement;
  }

  #bitsOf({ statement, needsContext }: Line, place: Place, environment: Environment): number {
    const { resources, names } = statement;
    const covered = resources === null ? 'yes' : this.#covers(resources, place);
    if (covered === 'no') return 0;
    let bits = nameBits.itself as number;
    if (names === 'rare') bits = unsettled;
    else if (names !== 'everybody') bits = nameBitsIn(names, environment.profile.caller);
    if (bits === 0) return 0;
    if (!needsContext) return bits;
    const when = environment.whenOf(statement, covered === 'depends');
    if (when === never) return 0;
    return when === always ? bits : unsettled;
  }

  /** Where no test is left open. */
  #settle({ lines, levels }: Voice, place: Place, environment: Environment): Heard {
    const spoken: Spoken[] = [];
    const said: Line[] = [];
    for (const line of lines) {
      const bits = line.isOpen ? this.#bitsOf(line, place, environment) : nameBits.itself;
      if (bits === 0) continue;
      said.push(line);
      spoken.push({ because: line.because, when: always, named: namedByBits[bits]! });
    }
    return heardFrom(spoken, said, levels);
  }

  /** Where something is. */
  #weigh({ lines, levels }: Voice, place: Place, environment: Environment): Heard {
    const { formulas } = environment.residuals;
    const heard: Heard[] = [];
    for (let level = 0; level < levels; level++) {
      const matches: Match[] = [];
      for (const { statement, because, level: own, isOpen } of lines) {
        const covered = statement.resources === null ? 'yes' : this.#covers(statement.resources, place);
        if (own !== level || covered === 'no') continue;
        matches.push({ statement, because, depends: covered === 'depends', open: isOpen });
      }
      heard.push(heardOf(spokenIn(matches, environment), environment));
    }
    return {
      allow: formulas.all(heard.map(({ allow }) => allow)),
      deny: formulas.any(heard.map(({ deny }) => deny)),
      spoken: heard.flatMap(({ spoken }) => spoken),
    };
  }

  #covers({ not, fixed, variable, everything }: ResourceSet, place: Place): 'yes' | 'no' | 'depends' {
    if (everything || this.#matchesOne(fixed, place)) return not ? 'no' : 'yes';
    if (variable.length > 0) return 'depends';
    return not ? 'yes' : 'no';
  }

  #matchesOne(numbers: readonly number[], place: Place): boolean {
    if (place.isUsual && place.matched === null) {
      place.matchedOf = this.#patterns.count();
      place.matched = this.#patterns.matching(place.resource);
    }
    const { matched, matchedOf, resource } = place;
    for (let i = 0; i < numbers.length; i++) {
      const number = numbers[i]!;
      if (matched !== null && number < matchedOf) {
        if (hasBit(matched, number)) return true;
      } else if (this.#patterns.matches(number, resource)) return true;
    }
    return false;
  }
}

function lineOf(statement: CompiledStatement, because: Because, level: number): Line {
  const { resources, names, tests } = statement;
  const isOpen =
    tests.length > 0 || names !== 'everybody' || (resources !== null && (!resources.everything || resources.not));
  const needsContext = tests.length > 0 || (resources !== null && resources.variable.length > 0);
  return { statement, because, level, isOpen, needsContext, width: names === 'everybody' ? 1 : 3 };
}

const surely = ({ because }: Line): Spoken => ({ because, when: always, named: namedByBits[nameBits.itself]! });

/** Every level must allow; any may deny. */
function heardFrom(spoken: readonly Spoken[], lines: readonly Line[], levels: number): Heard {
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
  return { allow: allowing === levels ? always : never, deny, spoken };
}

const silentVoices: Voice[] = [];

function silentVoice(levels: number): Voice {
  silentVoices[levels] ??= { levels, lines: [], open: [], heard: null, only: heardFrom([], [], levels) };
  return silentVoices[levels];
}
