/** Numbers by a group and an action: one probe, and nothing to collect. Forgets everything when it is full. */
export class ActionTable {
  /** Group + 1, action, value, for each slot; the fourth keeps slots within a cache line. */
  readonly #slots: Int32Array;
  readonly #mask: number;
  #count = 0;

  /** `bits`: of the number of slots. */
  constructor(bits = 17) {
    this.#slots = new Int32Array(4 << bits);
    this.#mask = (1 << bits) - 1;
  }

  /** -1 where it is not known. */
  get(group: number, action: number): number {
    const slots = this.#slots;
    for (let slot = this.#first(group, action); ; slot = (slot + 1) & this.#mask) {
      const at = slot << 2;
      const found = slots[at]!;
      if (found === 0) return -1;
      if (found === group + 1 && slots[at + 1] === action) return slots[at + 2]!;
    }
  }

  set(group: number, action: number, value: number): void {
    if (this.#count > (this.#mask >>> 2) * 3) this.clear();
    const slots = this.#slots;
    let slot = this.#first(group, action);
    while (slots[slot << 2] !== 0) slot = (slot + 1) & this.#mask;
    slots.set([group + 1, action, value], slot << 2);
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
