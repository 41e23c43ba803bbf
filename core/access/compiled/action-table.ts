/** Values that a slot has room for. */
const mostValues = 1 << 16;

/**
 * Numbers below `mostValues` by a group and an action: one probe, and nothing to collect. Forgets everything when it is
 * full.
 */
export class ActionTable {
  /** Group + 1 in one word, action and value in the next: eight slots are fetched at once. */
  readonly #slots: Int32Array;
  readonly #mask: number;
  #count = 0;

  /** `bits`: of the number of slots. */
  constructor(bits = 17) {
    this.#slots = new Int32Array(2 << bits);
    this.#mask = (1 << bits) - 1;
  }

  /** -1 where it is not known. */
  get(group: number, action: number): number {
    const slots = this.#slots;
    for (let slot = this.#first(group, action); ; slot = (slot + 1) & this.#mask) {
      const found = slots[slot << 1]!;
      if (found === 0) return -1;
      const held = slots[(slot << 1) + 1]!;
      if (found === group + 1 && held >>> 16 === action) return held & (mostValues - 1);
    }
  }

  set(group: number, action: number, value: number): void {
    if (this.#count > (this.#mask >>> 2) * 3) this.clear();
    const slots = this.#slots;
    let slot = this.#first(group, action);
    while (slots[slot << 1] !== 0) slot = (slot + 1) & this.#mask;
    slots[slot << 1] = group + 1;
    slots[(slot << 1) + 1] = (action << 16) | value;
    this.#count += 1;
  }

  clear(): void {
    this.#slots.fill(0);
    this.#count = 0;
  }

  #first(group: number, action: number): number {
    const mixed = Math.imul(Math.imul(group, 0x9e3779b1) ^ action, 0x85ebca6b);
    return (mixed ^ (mixed >>> 15)) & this.#mask;
  }
}
