import type { Decision } from '../decision.ts';
import type { Heard } from './spoken.ts';

/** What the layers say in which a decision can rest on what is known for good; the two others must be silent. */
export interface Layers {
  readonly rcps: Heard;
  readonly scps: Heard;
  readonly resource: Heard;
  readonly identity: Heard;
  readonly groups: Heard;
  readonly boundary: Heard;
}

/**
 * Decisions by what every layer says of a request, for as long as none of it is left open: one probe of a line of
 * numbers. Forgets everything when it is full.
 */
export class Verdicts {
  /** Six numbers of what is heard, the traits of the request, and the place of the decision + 1. */
  readonly #slots: Int32Array;
  readonly #mask: number;
  #decisions: Decision[] = [];

  /** `bits`: of the number of slots. */
  constructor(bits = 16) {
    this.#slots = new Int32Array(8 << bits);
    this.#mask = (1 << bits) - 1;
  }

  /** undefined where it is not known. */
  get(layers: Layers, traits: number): Decision | undefined {
    const at = this.#slotOf(layers, traits) << 3;
    const place = this.#slots[at + 7]!;
    return place === 0 ? undefined : this.#decisions[place - 1];
  }

  set(layers: Layers, traits: number, decision: Decision): void {
    if (this.#decisions.length > (this.#mask >>> 2) * 3) {
      this.#slots.fill(0);
      this.#decisions = [];
    }
    const { rcps, scps, resource, identity, groups, boundary } = layers;
    this.#decisions.push(decision);
    const key = [rcps.id, scps.id, resource.id, identity.id, groups.id, boundary.id, traits, this.#decisions.length];
    this.#slots.set(key, this.#slotOf(layers, traits) << 3);
  }

  /** Where it stands, or the first free slot behind where it would. */
  #slotOf({ rcps, scps, resource, identity, groups, boundary }: Layers, traits: number): number {
    const slots = this.#slots;
    let slot = mixed(mixed(mixed(rcps.id, scps.id), mixed(resource.id, identity.id)), mixed(groups.id, boundary.id));
    for (slot = mixed(slot, traits) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot << 3;
      if (slots[at + 7] === 0) return slot;
      if (
        slots[at + 3] === identity.id &&
        slots[at] === rcps.id &&
        slots[at + 1] === scps.id &&
        slots[at + 2] === resource.id &&
        slots[at + 4] === groups.id &&
        slots[at + 5] === boundary.id &&
        slots[at + 6] === traits
      )
        return slot;
    }
  }
}

function mixed(a: number, b: number): number {
  const product = Math.imul(Math.imul(a, 0x9e3779b1) ^ b, 0x85ebca6b);
  return product ^ (product >>> 15);
}
