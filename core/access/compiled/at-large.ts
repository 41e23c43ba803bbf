import { isUnderRcps } from '../rcp-services.ts';
import { type ActionNumbers, actionNumbers } from './action-numbers.ts';
import { membersAsBits } from './action-set.ts';
import { type Bits, bitsFor, setBit, unite } from './bits.ts';
import type { CompiledStatement, Document, Documents } from './documents.ts';
import type { Environment } from './environment.ts';
import { always, type Formula, never } from './formula.ts';
import { type Match, spokenIn } from './heard.ts';
import type { PolicyList } from './lists.ts';
import { reachOf } from './reach.ts';

/** What documents say at Resource `*`, to somebody. */
export interface Said {
  /** What is allowed and denied whatever the context. */
  readonly allow: Bits;
  readonly deny: Bits;
  /** What is so under a condition, each with its actions. */
  readonly open: readonly OpenPart[];
}

export interface OpenPart {
  readonly bits: Bits;
  readonly when: Formula;
  readonly effect: 'Allow' | 'Deny';
}

/** What a document says at Resource `*`, whoever asks; null where that is nothing. */
interface AtLarge {
  readonly allow: Sparse | null;
  readonly deny: Sparse | null;
  /** Statements that need a request's context or its principal, each with its actions. */
  readonly open: readonly { match: Match; bits: Bits }[];
}

/** The words of bits that hold something: most documents speak of few services. */
interface Sparse {
  readonly places: Uint16Array;
  readonly words: Uint32Array;
}

/** Reads documents at Resource `*`, each once. */
export class LargeReader {
  readonly size: number;
  /** Actions of the services that RCPs limit. */
  readonly underRcps: Bits;
  readonly #documents: Documents;
  readonly #known = new Map<Document, AtLarge>();
  readonly #members = new Map<CompiledStatement['actions'], Bits>();
  #matched = bitsFor(0);
  #matchedOf = -1;

  constructor(documents: Documents, { known, names }: ActionNumbers = actionNumbers()) {
    this.size = known;
    this.#documents = documents;
    this.underRcps = bitsFor(known);
    for (const [number, name] of names.entries()) if (isUnderRcps(name)) setBit(this.underRcps, number);
  }

  /** When each statement of the lists that needs a request's context or its principal applies. */
  whens(lists: readonly PolicyList[], environment: Environment): Formula[] {
    const whens: Formula[] = [];
    for (const { open } of this.#readAll(lists)) for (const { match } of open) whens.push(whenOf(match, environment));
    return whens;
  }

  /** Adds what the lists say together to `into`, where `whens` says when their open statements apply. */
  tell(lists: readonly PolicyList[], whens: readonly Formula[], into: Said & { open: OpenPart[] }): void {
    let next = 0;
    for (const { allow, deny, open } of this.#readAll(lists)) {
      if (allow !== null) uniteSparse(into.allow, allow);
      if (deny !== null) uniteSparse(into.deny, deny);
      for (const { match, bits } of open) {
        const { effect } = match.statement;
        const when = whens[next++]!;
        if (when === always) unite(effect === 'Allow' ? into.allow : into.deny, bits);
        else if (when !== never) into.open.push({ bits, when, effect });
      }
    }
  }

  #readAll(lists: readonly PolicyList[]): AtLarge[] {
    const all: AtLarge[] = [];
    for (const { items } of lists) for (const { document } of items) all.push(this.#read(document));
    return all;
  }

  #read(document: Document): AtLarge {
    const earlier = this.#known.get(document);
    if (earlier) return earlier;
    const [allow, deny] = [bitsFor(this.size), bitsFor(this.size)];
    const open: { match: Match; bits: Bits }[] = [];
    const matched = this.#matchedNow();
    for (const statement of document.statements) {
      const reach = reachOf(statement.resources, matched);
      if (reach === 'no') continue;
      const bits = this.#membersOf(statement.actions);
      const match = matchOf(statement, reach === 'depends');
      if (match.open) open.push({ match, bits });
      else unite(statement.effect === 'Allow' ? allow : deny, bits);
    }
    const made = { allow: sparseOf(allow), deny: sparseOf(deny), open };
    this.#known.set(document, made);
    return made;
  }

  /** The patterns that match `*`; policies that are read later bring more of them. */
  #matchedNow(): Bits {
    const { patterns } = this.#documents;
    if (this.#matchedOf !== patterns.count()) {
      this.#matchedOf = patterns.count();
      this.#matched = patterns.matching('*');
    }
    return this.#matched;
  }

  #membersOf(actions: CompiledStatement['actions']): Bits {
    const bits = this.#members.get(actions) ?? membersAsBits(actions, this.size);
    this.#members.set(actions, bits);
    return bits;
  }
}

function whenOf(match: Match, environment: Environment): Formula {
  const [spoken] = spokenIn([match], environment);
  return spoken ? spoken.when : never;
}

const matchOf = (statement: CompiledStatement, depends: boolean): Match => ({
  statement,
  depends,
  open: depends || statement.tests.length > 0 || statement.names !== 'everybody',
  because: { layer: 'identityPolicies', policy: 0, statement: statement.index, effect: statement.effect },
});

function sparseOf(bits: Bits): Sparse | null {
  const places: number[] = [];
  for (let i = 0; i < bits.length; i++) if (bits[i] !== 0) places.push(i);
  if (places.length === 0) return null;
  return { places: Uint16Array.from(places), words: Uint32Array.from(places, (place) => bits[place]!) };
}

function uniteSparse(into: Bits, { places, words }: Sparse): void {
  for (let i = 0; i < places.length; i++) into[places[i]!]! |= words[i]!;
}
