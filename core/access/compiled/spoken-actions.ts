import type { ActionSet } from './action-set.ts';
import { membersAsBits } from './action-set.ts';
import { type Bits, countBits, eachBit, hasBit } from './bits.ts';

/** Words of one action in a block: as many as a processor fetches at once. */
const wide = 16;
/** Documents in a block, as a power of two. */
const block = 9;
/** Beyond this a set is kept as it is: to note each of its members would take longer than anybody asks. */
const most = 2048;

/**
 * Which documents speak of which of the catalogue's actions. What documents say of one action stands side by side, since
 * a question asks all documents of somebody about one action.
 */
export class SpokenActions {
  readonly #known: number;
  /** By number of the document, 512 in each. */
  readonly #blocks: Int32Array[] = [];
  /** Large sets, by number of the document. */
  readonly #large: (Bits[] | undefined)[] = [];

  /** `known`: how many actions the catalogue knows. */
  constructor(known: number) {
    this.#known = known;
  }

  /** Notes that the document speaks of what is in the set. */
  add(document: number, set: ActionSet): void {
    const large = this.#largeOf(set);
    while (this.#large.length <= document) this.#large.push(undefined);
    if (large) {
      this.#large[document] = [...(this.#large[document] ?? []), large];
      return;
    }
    const index = document >>> block;
    this.#blocks[index] ??= new Int32Array(this.#known * wide);
    const words = this.#blocks[index];
    const place = (document >>> 5) & (wide - 1);
    const bit = 1 << (document & 31);
    const note = (action: number): void => {
      words[action * wide + place]! |= bit;
    };
    if (set.list && !set.not) for (const action of set.list) note(action);
    else eachBit(set.not ? membersAsBits(set, this.#known) : set.bits!, note);
  }

  /** Whether some statement of the document speaks of an action that the catalogue knows. */
  has(document: number, action: number): boolean {
    const large = this.#large[document];
    if (large !== undefined) for (const bits of large) if (hasBit(bits, action)) return true;
    const words = this.#blocks[document >>> block];
    return (
      words !== undefined && (words[action * wide + ((document >>> 5) & (wide - 1))]! & (1 << (document & 31))) !== 0
    );
  }

  #largeOf(set: ActionSet): Bits | null {
    const listed = set.bits ? countBits(set.bits) : set.list!.length;
    if ((set.not ? this.#known - listed : listed) <= most) return null;
    return set.not ? membersAsBits(set, this.#known) : set.bits;
  }
}
