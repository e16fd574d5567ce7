/** Numbers that follow from a seed: the mulberry32 generator. */
export class Random {
  #state: number;

  constructor(readonly seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, and without, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /** True so often. */
  chance(share: number): boolean {
    return this.next() < share;
  }

  /** One of these. */
  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[Math.floor(this.next() * items.length)] ?? items[0];
  }

  /** All of these in another order (Fisher and Yates). */
  shuffled<Item>(items: Item[]): Item[] {
    const left = [...items];
    const drawn: Item[] = [];
    while (left.length > 0) {
      drawn.push(...left.splice(this.between(0, left.length - 1), 1));
    }
    return drawn;
  }
}
