/**
 * Spin: looking for a while before going to sleep. To sleep and be woken takes some 50 µs, a look some nanoseconds.
 *
 * Source: the adapting follows glibc's adaptive mutex: a moving average of the looks that were enough.
 * Role:   threads that may block; one for each object.
 */

/** Looks of an adapting spin, some 2 and 20 µs: even the fewest are worth a try, more would take the processor from those who have something to do. */
const FEWEST_LOOKS = 500;
const MOST_LOOKS = 4000;

export class Spin {
  private average = 100;

  /** @param looks how many each time; undefined: it adapts */
  constructor(private readonly looks: number | undefined) {}

  /** Looks until something seems to be possible. @returns whether it is worth trying */
  until(isPossible: () => boolean): boolean {
    const most = this.looks ?? Math.min(2 * this.average + FEWEST_LOOKS, MOST_LOOKS);
    for (let i = 0; i < most; i++) {
      if (!isPossible()) continue;
      this.average += (i - this.average) / 8;
      return true;
    }
    this.average -= this.average / 8;
    return false;
  }
}
