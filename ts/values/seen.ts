/**
 * The objects of a message, numbered in the order in which they begin, so that one that comes again is written as its
 * number: what was shared stays shared, and a ring ends.
 *
 * Role: a writer's own.
 */

/** Objects that are looked at one after the other; more than these, in a Map, which is slower for a few. */
const FEW = 16;

export class Seen {
  private count = 0;
  private readonly first: (object | null)[] = new Array(FEW).fill(null);
  private others: Map<object, number> | null = null;

  /** The number of an object that began before; -1 for a new one, which has the next number from now on. */
  numberOf(value: object): number {
    const { count, first } = this;
    const few = count < FEW ? count : FEW;
    for (let i = 0; i < few; i++) if (first[i] === value) return i;
    if (count < FEW) {
      first[count] = value;
    } else {
      this.others ??= new Map();
      const number = this.others.get(value);
      if (number !== undefined) return number;
      this.others.set(value, count);
    }
    this.count = count + 1;
    return -1;
  }

  /** Lets go of the objects. */
  forget(): void {
    const few = this.count < FEW ? this.count : FEW;
    for (let i = 0; i < few; i++) this.first[i] = null;
    this.others = null;
    this.count = 0;
  }
}
