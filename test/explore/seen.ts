/**
 * The states that were seen, each with the largest number of departures that was left when it was: a set of hashes that grows to millions.
 *
 * Source: open addressing with linear probing, Knuth, TAOCP 3, 6.4.
 *
 * A state is its hash of 61 bits. Two that share one by chance, and the second is taken for the first: among 10 million states a chance of one in 46,000.
 */
export class Seen {
  size = 0;
  private slots: Int32Array<ArrayBuffer>;
  private mask: number;

  constructor(log2 = 12) {
    this.slots = new Int32Array(2 << log2);
    this.mask = 2 ** log2 - 1;
  }

  clear(): void {
    this.slots.fill(0);
    this.size = 0;
  }

  /**
   * Notes a state.
   *
   * @param left  departures that are left, 0 to 6
   * @returns whether there is something new to explore: it was not noted before with as many left
   */
  note(low: number, high: number, left: number): boolean {
    if (2 * this.size > this.mask) this.grow();
    return this.put(low, high, left);
  }

  /** A slot is the low word, then 29 bits of the high one with `left + 1` below them: 0 there is a free slot. */
  private put(low: number, high: number, left: number): boolean {
    const { slots, mask } = this;
    for (let at = (low ^ Math.imul(high & ~7, 0x9e3779b1)) & mask; ; at = (at + 1) & mask) {
      const found = slots[2 * at + 1] as number;
      if (found === 0) {
        slots[2 * at] = low;
        slots[2 * at + 1] = (high & ~7) | (left + 1);
        this.size++;
        return true;
      }
      if (slots[2 * at] !== low || (found ^ high) >>> 3 !== 0) continue;
      if ((found & 7) > left) return false;
      slots[2 * at + 1] = (high & ~7) | (left + 1);
      return true;
    }
  }

  private grow(): void {
    const { slots } = this;
    this.slots = new Int32Array(2 * slots.length);
    this.mask = 2 * this.mask + 1;
    this.size = 0;
    for (let at = 0; at < slots.length; at += 2) {
      const high = slots[at + 1] as number;
      if (high !== 0) this.put(slots[at] as number, high, (high & 7) - 1);
    }
  }
}
