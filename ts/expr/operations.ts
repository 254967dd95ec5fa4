/**
 * The operations of a graph, each once: finds the node that has a name and operands already.
 *
 * Source: hash-consing (A. Ershov, 1958) by an open hash table with linear probing (D. Knuth, "The Art of Computer Programming" 3, 6.4).
 * Role:   lower.ts, once for each node that is asked for. It makes no keys, because to make them took longer than all else.
 */

export interface Operation {
  readonly name: string;
  readonly operands: readonly number[];
}

const FREE = -1;
/** A power of two. */
const FIRST_CAPACITY = 64;

export class Operations {
  /** Indices of nodes, by the hash of their operands. Half of it is free at least. */
  private slots = new Int32Array(FIRST_CAPACITY).fill(FREE);
  private count = 0;

  /** @param at the operation of an index that was added here */
  constructor(private readonly at: (index: number) => Operation) {}

  /** The index that was added with this name and these operands. */
  find(name: string, operands: readonly number[]): number | undefined {
    const mask = this.slots.length - 1;
    for (let slot = hash(operands) & mask; ; slot = (slot + 1) & mask) {
      const index = this.slots[slot]!;
      if (index === FREE) return undefined;
      const known = this.at(index);
      if (known.name === name && equal(known.operands, operands)) return index;
    }
  }

  /** Adds an operation that was not found. */
  add(index: number): void {
    if (2 * ++this.count > this.slots.length) {
      const indices = this.slots.filter((each) => each !== FREE);
      this.slots = new Int32Array(2 * this.slots.length).fill(FREE);
      for (const each of indices) this.put(each);
    }
    this.put(index);
  }

  private put(index: number): void {
    const mask = this.slots.length - 1;
    let slot = hash(this.at(index).operands) & mask;
    while (this.slots[slot] !== FREE) slot = (slot + 1) & mask;
    this.slots[slot] = index;
  }
}

/** Of the operands alone: no more than a few operations have all of them in common. */
function hash(operands: readonly number[]): number {
  let mixed = operands.length;
  // 2^32 divided by the golden ratio spreads neighbours; the shift brings its high bits, which are the mixed ones, down.
  for (const operand of operands) {
    mixed = Math.imul(mixed ^ operand, 0x9e3779b1);
    mixed ^= mixed >>> 15;
  }
  return mixed;
}

function equal(one: readonly number[], other: readonly number[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (one[index] !== other[index]) return false;
  return true;
}
