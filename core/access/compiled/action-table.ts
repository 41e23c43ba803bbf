/** Values that a slot has room for. */
const mostValues = 1 << 16;
/** Of the number of slots to begin with. */
const firstBits = 12;

/**
 * Numbers below `mostValues` by a group and an action: one probe, and nothing to collect. Grows from little, since what
 * is small stays near the processor; forgets everything when it is full.
 */
export class ActionTable {
  /** Group + 1 in one word, action and value in the next: eight slots are fetched at once. */
  #slots: Int32Array;
  #mask: number;
  #count = 0;
  readonly #most: number;

  /** `bits`: of the number of slots at most. */
  constructor(bits = 17) {
    const first = Math.min(bits, firstBits);
    this.#slots = new Int32Array(2 << first);
    this.#mask = (1 << first) - 1;
    this.#most = 1 << bits;
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
    if (this.#count > (this.#mask >>> 2) * 3) this.#makeRoom();
    this.#put(group + 1, (action << 16) | value, this.#first(group, action));
    this.#count += 1;
  }

  clear(): void {
    this.#slots.fill(0);
    this.#count = 0;
  }

  #makeRoom(): void {
    if (this.#mask + 1 >= this.#most) {
      this.clear();
      return;
    }
    const before = this.#slots;
    this.#slots = new Int32Array(before.length * 2);
    this.#mask = this.#mask * 2 + 1;
    for (let at = 0; at < before.length; at += 2) {
      const group = before[at]!;
      const held = before[at + 1]!;
      if (group !== 0) this.#put(group, held, this.#first(group - 1, held >>> 16));
    }
  }

  #put(group: number, held: number, first: number): void {
    const slots = this.#slots;
    let slot = first;
    while (slots[slot << 1] !== 0) slot = (slot + 1) & this.#mask;
    slots[slot << 1] = group;
    slots[(slot << 1) + 1] = held;
  }

  #first(group: number, action: number): number {
    const mixed = Math.imul(Math.imul(group, 0x9e3779b1) ^ action, 0x85ebca6b);
    return (mixed ^ (mixed >>> 15)) & this.#mask;
  }
}
