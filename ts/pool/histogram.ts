/**
 * Histogram: how often times of each length came.
 *
 *   bucket 0     below 1 µs
 *   bucket i     from 2^((i-1)/4) µs to 2^(i/4) µs: four to each doubling, so that a time is known within 19 %
 *   the last     everything above, from 60 minutes on
 *
 * Role: any thread. The counts lie in shared memory; an object of this class has a copy.
 */
import { refuse } from "../checks.js";
import { describe, inspectAsText } from "../describe.js";

export const BUCKETS = 128;
const PER_DOUBLING = 4;
const LEAST_MS = 1e-3;

/** The bucket of a time. @param milliseconds negative ones, of clocks that do not agree, count as 0 */
export function bucketOf(milliseconds: number): number {
  if (!(milliseconds >= LEAST_MS)) return 0;
  return Math.min(BUCKETS - 1, 1 + Math.floor(PER_DOUBLING * Math.log2(milliseconds / LEAST_MS)));
}

/** Where a bucket ends, in milliseconds. */
function endOf(bucket: number): number {
  return bucket === BUCKETS - 1 ? Number.POSITIVE_INFINITY : LEAST_MS * 2 ** (bucket / PER_DOUBLING);
}

/** Times from `from` up to, and not including, `to`, in milliseconds. */
export interface Bucket {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export class Histogram {
  readonly #counts: Uint32Array;
  /** How many times were counted. */
  readonly count: number;

  /** @param counts `BUCKETS` of them; kept */
  constructor(counts: Uint32Array) {
    this.#counts = counts;
    this.count = counts.reduce((sum, count) => sum + count, 0);
  }

  /** The buckets that are not empty, shortest times first. */
  get buckets(): Bucket[] {
    const buckets: Bucket[] = [];
    for (const [i, count] of this.#counts.entries()) {
      if (count > 0) buckets.push({ from: i === 0 ? 0 : endOf(i - 1), to: endOf(i), count });
    }
    return buckets;
  }

  /**
   * A time that so many percent of all do not exceed, in milliseconds: the end of its bucket, so at most 19 % too long.
   *
   * @param percent 0 to 100
   * @returns NaN when nothing was counted
   * @throws {ArgumentError}
   * @example
   *   pool.statistics().runningTimes.percentile(50);   // 1.1892071150027212
   */
  percentile(percent: number): number {
    if (typeof percent !== "number" || !(percent >= 0 && percent <= 100))
      refuse("percent", "a number from 0 to 100", percent);
    if (this.count === 0) return Number.NaN;
    const wanted = Math.max(1, Math.ceil((percent / 100) * this.count));
    let sum = 0;
    const bucket = this.#counts.findIndex((count) => {
      sum += count;
      return sum >= wanted;
    });
    return endOf(bucket);
  }

  /** In a line, for consoles: `Histogram { count: 3, median: 1.19, p99: 4.76 }`. */
  toString(): string {
    const [median, p99] = [50, 99].map((percent) => Number(this.percentile(percent).toPrecision(3)));
    return describe("Histogram", { count: this.count, median, p99 });
  }
}

inspectAsText(Histogram.prototype);
