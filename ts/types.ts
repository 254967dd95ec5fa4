/** The shapes of the public calls: options (defaults stand on the field) and results. */

/** Rules of a fixed number of panels. `{ gauss: n }` is Gauss-Legendre with n points in each panel, 1 to 64. */
export type Rule = "left" | "right" | "midpoint" | "trapezoid" | "simpson" | "boole" | { readonly gauss: number };

/**
 * How a call ended.
 *
 * `done`: all panels were evaluated. `not-finite`: the integrand, or the sum of its values, was not finite;
 * `value` is NaN and `nonFinite` says where.
 */
export type Status = "done" | "not-finite";

/** Names of parameters and their values. */
export type Parameters = Readonly<Record<string, number>>;

/**
 * A function of x, or of x and an object of parameters. One that is arithmetic on its arguments (docs/integrands.md says what that is) is compiled exactly
 * like a text; any other is called back on each thread, where it has been compiled from its text: it may use nothing that stands outside it.
 */
export type IntegrandFunction<P extends Parameters = Parameters> = (x: number, parameters: P) => number;

/** An export of a WebAssembly module, of type (f64) -> f64, (v128) -> v128 or (i32, i32, i32) -> (): docs/integrands.md says how each is called. */
export interface IntegrandExport {
  /** Its bytes, or the compiled module. */
  readonly module: BufferSource | WebAssembly.Module;
  /** Name of the function. */
  readonly export: string;
}

/** What can be integrated: an expression as a text, a function, an export of a WebAssembly module, what `compile` made of one of these. */
export type IntegrandSource<P extends Parameters = Parameters> =
  | string
  | IntegrandFunction<P>
  | IntegrandExport
  | CompiledIntegrand<P>;

/**
 * An integrand that is read, checked and compiled: what `compile` returns. It belongs to its thread and to no context; it cannot be posted, but its `source` can.
 */
export interface CompiledIntegrand<P extends Parameters = Parameters> {
  /** What it was made of. */
  readonly source: string | ((...values: never[]) => number) | IntegrandExport;
  /** Name of the variable; undefined for functions and exports, whose first argument it is. */
  readonly variable: string | undefined;
  /** Names of the variables where it was compiled with several: a box has to name them in this order. */
  readonly variables?: readonly string[] | undefined;
  /** Names of the parameters, each of which needs a value in every call. */
  readonly parameters: readonly string[];
  /** What became of it. */
  readonly use: IntegrandUse;
  /** Whether it has fused operations. */
  readonly relaxed: boolean;
  /** For the types alone: what the parameters must be. */
  readonly values?: (parameters: P) => void;
}

/** How `compile` is to read its text or function. */
export interface CompileOptions<Name extends string = string> {
  /** Names that stand for numbers which come with each call. */
  parameters?: readonly Name[];
  /** Name of the variable in a text. Default `"x"`. */
  variable?: string;
  /** As in `IntegrateOptions`. Default `false`. */
  relaxed?: boolean;
}

/**
 * What became of the integrand.
 *
 * `compiled`: a text, or a function that is arithmetic: its instructions stand in the integration loop. `callback`: a function that JavaScript computes;
 * `reason` says what in it is no arithmetic. `spliced`: an export of a module, whose instructions stand in the loop. `called`: one that the loop calls;
 * `reason` says why. Callbacks and exports are exempt from the promise of the same bits on every engine: that is as good as theirs.
 */
export type IntegrandUse =
  | { readonly kind: "compiled" }
  | { readonly kind: "callback"; readonly reason: string }
  | { readonly kind: "spliced" }
  | { readonly kind: "called"; readonly reason: string };

/** What `onProgress` receives, at most every 50 ms, and once more at the end. */
export interface Progress {
  /** Part of the work that is done, 0 to 1; never falls. */
  readonly fraction: number;
  /** Evaluations of the integrand so far. */
  readonly evaluations: number;
  /** Evaluations per second since the call began. */
  readonly evaluationsPerSecond: number;
}

export interface IntegrateOptions<P extends Parameters = Parameters> {
  /** Number of panels N, an integer from 1 to 2^52. Without it the call means "to a tolerance": `ToleranceOptions`. */
  points: number;
  /** What is done in each panel. Default `"midpoint"`. */
  rule?: Rule;
  /** Values for the names in the expression other than the variable: `a*x^2` with `{ a: 2 }`. A function gets them as its second argument. */
  parameters?: P;
  /** Name of the variable in a text. Default `"x"`. */
  variable?: string;
  /** Threads that compute at a time, 1 to 255: workers; in `integrateSync` the calling thread is one of them. Default: all cores, and the calling thread alone for jobs too short to start workers for. */
  threads?: number;
  /**
   * Whether products and sums may be fused (relaxed SIMD, rounded once instead of twice): faster where the machine can, but the bits of the result
   * then depend on engine and processor. Without effect on engines that lack it (Node 20, Safari). Default `false`.
   */
  relaxed?: boolean;
  /** Aborting it rejects the call with `signal.reason` within 50 ms and leaves the workers as they were. */
  signal?: AbortSignal;
  /** Called on the calling thread while the work goes on. An exception in it rejects the call. */
  onProgress?: (progress: Progress) => void;
}

/** `evaluate` only needs to know what the names stand for. */
export type EvaluateOptions<P extends Parameters = Parameters> = Pick<IntegrateOptions<P>, "parameters" | "variable">;

/** `integrateSync` blocks: nothing could abort it or look on. */
export type IntegrateSyncOptions<P extends Parameters = Parameters> = Omit<
  IntegrateOptions<P>,
  "signal" | "onProgress"
>;

/**
 * How much is looked at before anything is believed: panels of 21 evaluations in the first pass over a finite range.
 *
 * `fast` 1, `normal` 64, `careful` 1024, `paranoid` 8192. What stands between all evaluations of the first pass, as a narrow peak may, is missed without notice.
 */
export type Effort = "fast" | "normal" | "careful" | "paranoid";

/** Integrating to a tolerance: `integrate` without `points`. */
export interface ToleranceOptions<P extends Parameters = Parameters> {
  /** The error may be this part of the value, or `absoluteTolerance`, whichever is larger. Default 1e-10; below about 1e-14 rounding is in the way. */
  relativeTolerance?: number;
  /** Default 0. */
  absoluteTolerance?: number;
  /** Evaluations that may be spent, a whole number up to 1e9; the first pass is made in any case. Default 1e6. */
  maximumEvaluations?: number;
  /** Milliseconds after which to give what there is, with the status `budget`. Default: none. Results that end by it depend on the machine. */
  maximumTime?: number;
  /** Points where f has a corner, a jump or a singularity: the range is cut there. Those outside it do not count. At most 10,000. */
  breakPoints?: ArrayLike<number>;
  /**
   * The pole, or poles (up to 16), at which Cauchy's principal value is asked for: the limit of the integral without what is within ε of them. Each must be a pole of
   * odd order, strictly between the bounds, and the double next to where it is. Without this option a pole is `divergent`.
   */
  principalValue?: number | readonly number[];
  /** Of infinite ranges: about how far f does anything. Default 1. */
  scale?: number;
  /** Of a range that is infinite to both sides: about where f does it. Default 0. */
  center?: number;
  /** Default `"normal"`. */
  effort?: Effort;
  /**
   * `"gauss-kronrod"`: panels, with shells at singular ends and lobes of tails that oscillate; `"tanh-sinh"`: the double-exponential rule, for integrands that are
   * smooth between the break points and as singular as they like at these and the ends. `"auto"`, the default, chooses; the result says what.
   */
  rule?: "auto" | "gauss-kronrod" | "tanh-sinh";
  /** Values for the names in the expression other than the variable. A function gets them as its second argument. */
  parameters?: P;
  /** Name of the variable in a text. Default `"x"`. */
  variable?: string;
  /** As in `IntegrateOptions`. Default `false`. */
  relaxed?: boolean;
  /**
   * Threads that may compute at a time, 1 to 255: workers; in `integrateSync` the calling thread is one of them. Default: all cores. Rounds that are not worth it are
   * computed by the calling thread, whatever this says; the bits are the same.
   */
  threads?: number;
  /** Whether the result is to say how the range was cut, for plots. Default `false`. */
  segments?: boolean;
  /** Aborting it rejects the call with `signal.reason`. */
  signal?: AbortSignal;
  /**
   * Called on the calling thread when a round is over, unless the last call was less than 50 ms ago; and once at the end, with what the result says. An exception
   * in it rejects the call.
   */
  onProgress?: (progress: ToleranceProgress) => void;
}

/** `integrateSync` blocks: nothing could abort it or look on. */
export type ToleranceSyncOptions<P extends Parameters = Parameters> = Omit<
  ToleranceOptions<P>,
  "signal" | "onProgress"
>;

/** Where a part of the error lies. */
export interface Suspect {
  readonly x: readonly [lo: number, hi: number];
  readonly error: number;
}

/**
 * How the range was cut, in ascending order of x, whatever the order of the bounds: segment i reaches from `lo[i]` to `hi[i]`, which is `lo[i + 1]`. The outermost may be infinite.
 *
 * `value[i]` is what it adds to the integral, `error[i]` what to its error: summed up they are `value` and `error` of the result, but for rounding.
 */
export interface Segments {
  readonly lo: Float64Array;
  readonly hi: Float64Array;
  readonly value: Float64Array;
  readonly error: Float64Array;
}

/** What is known after a round. */
export interface ToleranceProgress {
  readonly value: number;
  readonly error: number;
  readonly evaluations: number;
  /** Which round: 1 is the first pass. */
  readonly rounds: number;
}

/**
 * How an integral to a tolerance ended.
 *
 * `converged`: the estimate of the error is within the tolerance. `round-off-limit`: it is not, but rounding is all that is left of it.
 * `tolerance-not-reached`: what keeps the error cannot be approached any further. `divergent`: the integral of |f| seems to be infinite. `not-finite`: f is not
 * finite on a part of the range. `budget`: evaluations, or the time, are spent.
 */
export type ToleranceStatus =
  | "converged"
  | "tolerance-not-reached"
  | "round-off-limit"
  | "divergent"
  | "not-finite"
  | "budget";

export interface ToleranceResult {
  /** The integral, as good as `error` says; NaN when `status` is `divergent` or `not-finite`. The same bits on every engine. */
  readonly value: number;
  /** Estimate of |value - integral|, nearly always too large. Infinity where `value` is NaN. */
  readonly error: number;
  /** Only `converged` is success. */
  readonly status: ToleranceStatus;
  /** One sentence about `status`. */
  readonly reason: string;
  /** Evaluations of the integrand. */
  readonly evaluations: number;
  /** Panels that the range is cut into at the end. */
  readonly panels: number;
  /** Rounds: first pass, and refinements. */
  readonly rounds: number;
  /** The integral of |f|. An error cannot be much below 1e-14 of it. */
  readonly l1: number;
  /** Evaluations where f was not finite, and the place of the first of them. They count as 0 and are looked at closely. Null when there were none. */
  readonly nonFinite: { readonly count: number; readonly x: number } | null;
  /** Where the largest errors lie, five places at most, the largest first. Empty when `status` is `converged`, and when the first pass was not finished. */
  readonly suspects: readonly Suspect[];
  /** How the range was cut: there when the option `segments` asked for it. */
  readonly segments?: Segments;
  /** What was used. */
  readonly rule: "gauss-kronrod" | "tanh-sinh";
  /** Whether the integrand was compiled, and if not, why. */
  readonly integrand: IntegrandUse;
  /** Threads that computed. */
  readonly threads: number;
  /** `"threads"` when rounds were shared, whoever then came to compute them; `"inline"` when none was. `modeReason` says why. */
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

export interface IntegrateResult {
  /** The integral; NaN when `status` is `not-finite`. The same bits for every number of threads, on every engine. */
  readonly value: number;
  /** Estimate of |value - integral|: see docs/numerics.md for what it assumes. Infinity where there is none (one panel). */
  readonly error: number;
  readonly status: Status;
  /** One sentence about `status`. */
  readonly reason: string;
  /** Where the integrand was not finite: how many evaluations, and the smallest x of them. Null when nowhere. */
  readonly nonFinite: { readonly count: number; readonly x: number } | null;
  /** Evaluations of the integrand, those for the error estimate included. */
  readonly evaluations: number;
  /** Whether it was compiled, and if not, why. */
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
  readonly points: number;
  readonly rule: Rule;
  /** Whether fused operations were used: asked for by `relaxed`, and known to the engine. */
  readonly relaxed: boolean;
}
