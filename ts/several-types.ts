/** The shapes of integrals in several variables, and of several components: what is asked, options (defaults stand on the field), results. */
import type {
  CompiledIntegrand,
  Effort,
  IntegrandExport,
  IntegrandUse,
  Parameters,
  ToleranceOptions,
  ToleranceStatus,
} from "./types.js";

/** A number, infinite ones too, or an expression of parameters and of the variables before: `"sqrt(1 - x^2)"`. */
export type Bound = number | string;

/** What is integrated over: variables from the outside in, each with its range, `{ x: [0, 1], y: [0, "x"] }`. 1 to 64 of them. */
export type Box = Readonly<Record<string, readonly [lo: Bound, hi: Bound]>>;

/**
 * A function of as many numbers as the box has variables, in their order, and of an object of parameters: `(x, y, { a }) => a * x * y`. Compiled or called back as
 * those of one variable are.
 */
// biome-ignore lint/suspicious/noExplicitAny: how many numbers come before the parameters is the box's business, which no type of TypeScript can count
export type FunctionOfSeveral = (...coordinates: any[]) => number;

/** An integrand over a box: a text, a function, an export of type (f64, …) -> f64, what `compile` made of one of these. */
export type SourceOfSeveral = string | FunctionOfSeveral | IntegrandExport | CompiledIntegrand<never>;

/** How `compile` is to read its text or function, for boxes. */
export interface CompileSeveralOptions<Name extends string = string> {
  /** Names of the variables, in the order of the boxes to come. */
  variables: readonly string[];
  /** Names that stand for numbers which come with each call. */
  parameters?: readonly Name[];
  /** As in `IntegrateOptions`. Default `false`. */
  relaxed?: boolean;
}

/** A complex integrand by its parts. */
export interface ComplexSource {
  readonly re: SourceOfSeveral;
  readonly im: SourceOfSeveral;
}

export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** Rules for boxes and for several components. */
export type SeveralRuleName = "auto" | "gauss-kronrod" | "tanh-sinh" | "genz-malik" | "quasi-monte-carlo" | "vegas";

/** Options over a box. */
export interface SeveralOptions {
  /** As for one dimension. Default 1e-6; over one variable 1e-10. */
  relativeTolerance?: number;
  /** Default 0. */
  absoluteTolerance?: number;
  /** Evaluations that may be spent, a whole number up to 1e9. Default 4e6. */
  maximumEvaluations?: number;
  /** Milliseconds after which to give what there is, with the status `budget`. Default: none. Results that end by it depend on the machine. */
  maximumTime?: number;
  /** By variable: where f has corners, jumps or singularities, as numbers or as expressions of what is before. The box is cut there. */
  breakPoints?: Readonly<Record<string, ArrayLike<Bound>>>;
  /** By variable, of infinite ranges: about how far f does anything. Default 1. */
  scale?: Readonly<Record<string, number>>;
  /** By variable, of ranges that are infinite to both sides: about where f does it. Default 0. */
  center?: Readonly<Record<string, number>>;
  /** How much is looked at before anything is believed. Default `"normal"`. */
  effort?: Effort;
  /** `"auto"`, the default, chooses; the result says what. `"gauss-kronrod"` and `"tanh-sinh"` are for one variable. */
  rule?: SeveralRuleName;
  /** What random numbers begin with, a whole number up to 2^53 - 1: the same seed gives the same bits. Default 0. Rules without random numbers do not read it. */
  seed?: number;
  /** Threads that compute at a time, 1 to 255. Default: all cores, and the calling thread alone for what is too short to share. */
  threads?: number;
  /** Values for the names that are no variables. A function gets them behind its numbers. */
  parameters?: Parameters;
  /** As in `IntegrateOptions`. Default `false`. */
  relaxed?: boolean;
  /** Aborting it rejects the call with `signal.reason`. */
  signal?: AbortSignal;
  /** Called on the calling thread while the work goes on, at most every 50 ms, and once more at the end. An exception in it rejects the call. */
  onProgress?: (progress: SeveralProgress) => void;
}

/** `integrateSync` blocks: nothing could abort it or look on. */
export type SeveralSyncOptions = Omit<SeveralOptions, "signal" | "onProgress">;

/** Options of several components over a range. */
export type ComponentsOptions<P extends Parameters = Parameters> = Omit<
  ToleranceOptions<P>,
  "onProgress" | "rule" | "segments" | "principalValue"
> & {
  /** `"auto"` and `"gauss-kronrod"` share evaluations, and integrate by itself what does not converge so; `"tanh-sinh"` does that with each. */
  rule?: "auto" | "gauss-kronrod" | "tanh-sinh";
  /** As in `ToleranceOptions`. */
  onProgress?: (progress: SeveralProgress) => void;
};

export type ComponentsSyncOptions<P extends Parameters = Parameters> = Omit<
  ComponentsOptions<P>,
  "signal" | "onProgress"
>;

/** What is known after a round, by component: one, several, or the two parts of a complex number. */
export interface SeveralProgress {
  readonly values: Float64Array;
  readonly errors: Float64Array;
  readonly evaluations: number;
  readonly rounds: number;
}

/** What the results have in common. */
export interface SeveralReport {
  /** Only `converged` is success: then every component has reached the tolerance, or, of a complex number, its modulus. */
  readonly status: ToleranceStatus;
  /** One sentence about `status`. */
  readonly reason: string;
  /** Points at which the integrand was evaluated, with all components. */
  readonly evaluations: number;
  /** Parts that the box is cut into at the end. */
  readonly panels: number;
  /** Rounds: first pass, and refinements. */
  readonly rounds: number;
  /** The integral of |f|, over all components; of those that were not integrated by themselves where others were, of their values. */
  readonly l1: number;
  /** Points where a value was not finite, and the first of them, if it is known. They count as 0. Null when there were none. */
  readonly nonFinite: { readonly count: number; readonly point: Readonly<Record<string, number>> | null } | null;
  /** What was used; `"product"` if the text shows that f is made of products of functions of one variable each, which were integrated by themselves. */
  readonly rule: Exclude<SeveralRuleName, "auto"> | "product";
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
  /** Milliseconds of `elapsed` that compiled the integrand. */
  readonly startup: number;
  /** Whether fused operations were used. */
  readonly relaxed: boolean;
}

/** One integrand over a box. */
export interface SeveralResult extends SeveralReport {
  /** The integral, as good as `error` says; NaN when `status` is `divergent` or `not-finite`. The same bits on every engine and for any number of threads. */
  readonly value: number;
  /** Estimate of |value - integral|, nearly always too large. Infinity where `value` is NaN. */
  readonly error: number;
}

/** Several integrands. */
export interface ComponentsResult extends SeveralReport {
  /** The integrals, in the order of the integrands; NaN where there is none. */
  readonly values: Float64Array;
  /** Estimates of their errors. */
  readonly errors: Float64Array;
  /** How each ended; `status` is `converged` if all are, else that of the first that is not. */
  readonly statuses: readonly ToleranceStatus[];
  /** Components that did not converge together with the others, and were integrated once more, each by itself. */
  readonly alone: readonly number[];
}

/** A complex integrand. */
export interface ComplexResult extends SeveralReport {
  readonly value: Complex;
  /** Estimate of |value - integral|, the modulus. */
  readonly error: number;
  /** Parts (0: real, 1: imaginary) that did not converge together, and were integrated once more, each by itself. */
  readonly alone: readonly number[];
}
