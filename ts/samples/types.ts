/** The shapes of the calls on samples. */
import type { Heddle } from "../integrate/heddle.js";

/** What is done with samples. `"romberg"` needs 2^k + 1 samples at equal spacing. */
export type SamplesRule = "trapezoid" | "simpson" | "romberg";

/** Numbers, of a type that has them: arrays, typed arrays. A `Float64Array` is read where it is; of anything else a copy is made. */
export type Samples = ArrayLike<number>;

export interface SamplesSyncOptions<Rule extends SamplesRule = SamplesRule> {
  /** Where the samples were taken: as many numbers as there are samples, ascending or descending. For Simpson's rule no two neighbours may be equal. */
  readonly x?: Samples;
  /** Or the distance from each sample to the next: finite, not 0; negative where x would descend. Default 1. */
  readonly dx?: number;
  /** Default `"trapezoid"`. */
  readonly rule?: Rule;
}

export interface SamplesOptions<Rule extends SamplesRule = SamplesRule> extends SamplesSyncOptions<Rule> {
  /**
   * Workers that compute at a time, 1 to 250, where all samples lie in shared memory (`new Float64Array(new SharedArrayBuffer(bytes))`); others are seen by the calling thread
   * alone. Default: all cores for many samples, the calling thread for few.
   */
  readonly threads?: number;
  /** Aborting it rejects the call with `signal.reason`. */
  readonly signal?: AbortSignal;
  /** Whose workers. Default: the default context's. */
  readonly context?: Heddle;
}

/** What running integrals have besides. */
interface Running {
  /** The first result, which is added to all others. Default 0. */
  readonly initial?: number;
  /**
   * Where the results go: as many doubles as there are samples, and none of them. Default: a new array, in shared memory if all samples are. To use one again can save most of the
   * time, which new memory takes.
   */
  readonly into?: Float64Array;
}

export interface CumulateSyncOptions extends SamplesSyncOptions<"trapezoid" | "simpson">, Running {}

export interface CumulateOptions extends SamplesOptions<"trapezoid" | "simpson">, Running {}

export interface SamplesResult {
  /** The integral; NaN when `status` is `not-finite`. The same bits for every number of threads, on every engine. */
  readonly value: number;
  /** Estimate of |value - integral|, from the same samples by a coarser rule: see docs/samples.md for what it assumes. Infinity for two samples. */
  readonly error: number;
  /** `done`, or `not-finite`: a sample, or the sum of all, was not finite. */
  readonly status: "done" | "not-finite";
  /** One sentence about `status`. */
  readonly reason: string;
  /** How many samples were not finite, and the index of the first. Null when none. */
  readonly nonFinite: { readonly count: number; readonly index: number } | null;
  /** Number of samples. */
  readonly samples: number;
  readonly rule: SamplesRule;
  /** Threads that computed. */
  readonly threads: number;
  /** `"threads"`, or `"inline"` when the calling thread computed alone; `modeReason` says why. */
  readonly mode: "threads" | "inline";
  readonly modeReason: string;
  /** Workers that died on the way, and whose part was computed again. */
  readonly restarts: number;
  /** Milliseconds from call to result. */
  readonly elapsed: number;
}
