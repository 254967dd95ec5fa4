/**
 * A list of points evaluated a slice at a time: nobody knows how long the user's code takes for one, and the calling thread is to be free again within a few
 * milliseconds.
 *
 * Only for integrands whose values do not depend on what is evaluated with them, as those of ours may (assembly/quad/drivers/runs.ts).
 *
 * Role: the thread that computes.
 */

/** Words of a run (assembly/quad/desk.ts). */
const X = 1;
const Y = 2;
const POINTS = 3;
const SLOTS = 6;
const SUMS = 10;

/** Points of a panel, and bytes of its number and of its sums: slices of panels are of whole ones. */
const PANEL = 22;
const SLOT_BYTES = 4;
const SUMS_BYTES = 32;

/** Milliseconds that a slice may take, roughly. */
const TARGET = 1;
/** Points of a slice, a power of two. */
const LEAST = 2;
const MOST = 1 << 12;

export class Slices {
  private readonly at: number;
  private size = LEAST;
  private left = 0;

  /** @param run address of the run that `runs` is called with */
  constructor(
    private readonly words: Int32Array,
    private readonly run: number,
    private readonly runs: (list: number, count: number) => void,
  ) {
    this.at = run >>> 2;
  }

  get isDone(): boolean {
    return this.left === 0;
  }

  /** There are points to evaluate. */
  begin(): void {
    this.left = this.words[this.at + POINTS]!;
  }

  /** Evaluates a slice of them. */
  step(): void {
    const { words, at } = this;
    const hasPanels = words[at + SLOTS] !== 0;
    const wanted = hasPanels ? PANEL * Math.max(1, Math.floor(this.size / PANEL)) : this.size;
    const points = Math.min(this.left, wanted);
    words[at + POINTS] = points;
    const begun = performance.now();
    this.runs(this.run, 1);
    const elapsed = performance.now() - begun;
    const bytes = points * Float64Array.BYTES_PER_ELEMENT;
    words[at + X]! += bytes;
    words[at + Y]! += bytes;
    if (hasPanels) {
      words[at + SLOTS]! += (points / PANEL) * SLOT_BYTES;
      words[at + SUMS]! += (points / PANEL) * SUMS_BYTES;
    }
    this.left -= points;
    if (elapsed > 2 * TARGET) this.size = Math.max(LEAST, this.size >> 1);
    else if (elapsed < TARGET / 2) this.size = Math.min(MOST, this.size << 1);
  }
}
