/**
 * The shapes of sweeps: `integrateMany`, `integrateManySync`.
 */
import type { IntegrandUse, ToleranceOptions, ToleranceResult, ToleranceStatus } from "./types.js";

/** Values for names, and bounds, of a sweep: a number for all integrals, or an array with one for each. A Float64Array is read as it is, others are copied. */
export type ManySources = Readonly<Record<string, number | ArrayLike<number>>>;

/** `integrateMany`: options of integrals to a tolerance, for each of which they hold. */
export interface ManyOptions
  extends Omit<ToleranceOptions, "parameters" | "onProgress" | "maximumTime" | "segments" | "principalValue"> {
  /** Values for the names in the expression: arrays, all of one length, with a value for each integral; numbers stand for all. */
  parameters?: ManySources;
  /** Threads that compute at a time, 1 to 255: workers; in `integrateManySync` the calling thread is one of them. Default: all cores, and the calling thread alone for sweeps too short to start workers for. */
  threads?: number;
  /** Called on the calling thread while the work goes on, at most every 50 ms, and once more at the end. An exception in it rejects the call. */
  onProgress?: (progress: ManyProgress) => void;
}

/** `integrateManySync` blocks: nothing could abort it or look on. */
export type ManySyncOptions = Omit<ManyOptions, "signal" | "onProgress">;

export interface ManyProgress {
  /** Part of the integrals that are done, 0 to 1; never falls. */
  readonly fraction: number;
  /** Integrals whose results have come back; and evaluations of the integrand in them. */
  readonly integrals: number;
  readonly evaluations: number;
}

/** How integrals of a sweep ended: `statuses` has places in this list. 0 is `converged`, so `statuses.some(Boolean)` asks whether one did not. */
export const TOLERANCE_STATUSES = [
  "converged",
  "tolerance-not-reached",
  "round-off-limit",
  "divergent",
  "not-finite",
  "budget",
] as const satisfies readonly ToleranceStatus[];

export interface ManyResult {
  /** The integrals; NaN where the status is `divergent` or `not-finite`. The bits that `integrate` gives for each, whatever the number of threads. */
  readonly values: Float64Array;
  /** Estimates of |value - integral|. Infinity where the value is NaN. */
  readonly errors: Float64Array;
  /** Places in `TOLERANCE_STATUSES`. */
  readonly statuses: Uint8Array;
  /** How many integrals have which status. */
  readonly counts: Readonly<Record<ToleranceStatus, number>>;
  /** Evaluations of the integrand, of all integrals together. */
  readonly evaluations: number;
  /** What was used. */
  readonly rule: ToleranceResult["rule"];
  /** Whether the integrand was compiled, and if not, why. */
  readonly integrand: IntegrandUse;
  /** Threads that computed. */
  readonly threads: number;
  /** `"threads"`, or `"inline"` when the calling thread computed alone; `modeReason` says why. */
  readonly mode: "threads" | "inline";
  readonly modeReason: string;
  /** Pieces of work that were computed again because their thread died. */
  readonly restarts: number;
  /** Milliseconds from call to result. */
  readonly elapsed: number;
  /** Milliseconds of `elapsed` that compiled the integrand and started threads. */
  readonly startup: number;
  /** Whether fused operations were used. */
  readonly relaxed: boolean;
}
