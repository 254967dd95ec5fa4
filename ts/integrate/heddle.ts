/**
 * The front door: contexts, and integrals in them.
 */
/// <reference lib="esnext.disposable" preserve="true" />
import { platform } from "#platform";
import { checkOptions, refuse } from "../checks.js";
import { describe, inspectAsText } from "../describe.js";
import type { ManyOptions, ManyResult, ManySyncOptions } from "../many-types.js";
import { Context, type ContextOptions } from "../runtime/context.js";
import { checkBytes, type MemoryUse } from "../runtime/core/heap.js";
import type { Member } from "../runtime/core/member.js";
import type { Share } from "../runtime/crew/shares.js";
import { mapPoints } from "../runtime/jobs/run-inline.js";
import type {
  Box,
  ComplexResult,
  ComplexSource,
  ComponentsOptions,
  ComponentsResult,
  ComponentsSyncOptions,
  SeveralOptions,
  SeveralResult,
  SeveralSyncOptions,
  SourceOfSeveral,
} from "../several-types.js";
import type {
  EvaluateOptions,
  IntegrandSource,
  IntegrateOptions,
  IntegrateResult,
  IntegrateSyncOptions,
  Parameters,
  ToleranceOptions,
  ToleranceResult,
  ToleranceSyncOptions,
} from "../types.js";
import { checkNumbers, checkThreads, readOptions } from "./arguments.js";
import { House } from "./house.js";
import { integrateMany, integrateManySync } from "./many-call.js";
import { prepare } from "./problem.js";
import { integrateRange, integrateRangeSync } from "./range-call.js";
import { integrateSeveral, integrateSeveralSync, isForSeveral } from "./several/call.js";
import type { AnyResult } from "./several/result.js";

/** What a context is doing and what it has. */
export interface HeddleInfo {
  /** `"threads"`, or `"inline"` where workers cannot be had. */
  readonly mode: "threads" | "inline";
  /** Why. */
  readonly modeReason: string;
  /** Workers for calls that do not say how many. */
  readonly threads: number;
  /** Numbers of the workers that are up. */
  readonly workers: readonly number[];
  /** Bytes of the shared memory: all that can be given out, in use, most ever in use. */
  readonly memory: MemoryUse;
}

/**
 * A context: shared memory, workers, and the calls that use them. Make one with `createHeddle`; the functions `integrate` … of this package use
 * a default one.
 */
export class Heddle {
  /** For locks and queues, which find it by `{ context: heddle }`. Not for programs: it may change with any version. */
  readonly member: Member;
  private readonly context: Context;
  private readonly house: House;
  /** `close`, for `await using`, where the engine has that symbol. */
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;

  constructor(options: ContextOptions = {}) {
    this.context = new Context(readContextOptions(options));
    this.member = this.context.heap.member;
    this.house = new House(this.context);
  }

  /**
   * Integrates `f` from `a` to `b`: to a tolerance, or, with the option `points`, with a fixed number of panels.
   *
   * @param f  an expression such as `"exp(-x^2)"` (docs/expressions.md), or a function such as `(x, { a }) => a * x` (docs/integrands.md)
   * @param a  @param b  bounds; `a > b` flips the sign, `a = b` gives 0. To a tolerance they may be infinite
   * @param options  see `ToleranceOptions`, and `IntegrateOptions` for those that go with `points`
   * @returns value, error estimate, status, and how it was computed: see `ToleranceResult`, `IntegrateResult`. Not to reach the tolerance is a result, no exception
   *
   * Guarantee: `value` and `error` have the same bits for every number of threads, on every engine, whatever dies meanwhile.
   * @throws {ArgumentError} a bound or option is not what was expected
   * @throws {ExpressionError} `f` is a text and not an expression
   * @throws {FunctionError} `f` is a function that cannot be integrated: async, built in, a class; or a policy forbids to compile it on other threads
   * @throws {IntegrandError} `f` is a function that threw, or returned no number
   * @throws {OutOfMemoryError} the context's memory has no room
   * @throws {WorkerError} no worker could start, or one piece of the work ended three workers
   * @throws `signal.reason` when aborted
   * @example
   *   const { value, status } = await integrate("exp(-x^2)", -Infinity, Infinity);   // 1.772453850905516, "converged"
   *   const fixed = await integrate("x^2", 0, 10, { points: 1e8 });   // fixed.value: 333.3333333333333
   */
  integrate<P extends Parameters = Parameters>(
    f: IntegrandSource<P>,
    a: number,
    b: number,
    options: IntegrateOptions<P>,
  ): Promise<IntegrateResult>;
  integrate<P extends Parameters = Parameters>(
    f: IntegrandSource<P>,
    a: number,
    b: number,
    options?: ToleranceOptions<P>,
  ): Promise<ToleranceResult>;
  /**
   * Integrates over a box: `f` of several variables, whose ranges may be infinite and depend on the variables before.
   *
   * @param f  an expression of the box's variables, or a function of as many numbers (and the parameters): `(x, y, { a }) => a * x * y`; a list of these, or
   *           `{ re, im }`, for several integrands that share their evaluations
   * @param box  variables from the outside in: `{ x: [0, 1], y: [0, "x"] }`. Bounds are numbers, infinite ones too, or expressions of parameters and of the variables before
   * @param options  see `SeveralOptions`
   * @returns value and error, or `values` and `errors` of a list, and how it was computed: see `SeveralResult`, `ComponentsResult`, `ComplexResult`
   *
   * Guarantee: the same bits for every number of threads, on every engine, also where points are random: they come from `seed`.
   * @throws as `integrate` over a range
   * @example
   *   const { value } = await integrate("exp(-x^2-y^2)", { x: [0, 1], y: [0, "x"] });          // 0.2788731426755167
   *   const { values } = await integrate(["x*y", "x + y"], { x: [0, 1], y: [0, 2] });            // Float64Array [ 1, 3 ]
   */
  integrate(f: SourceOfSeveral, box: Box, options?: SeveralOptions): Promise<SeveralResult>;
  integrate(f: readonly SourceOfSeveral[], box: Box, options?: SeveralOptions): Promise<ComponentsResult>;
  integrate(f: ComplexSource, box: Box, options?: SeveralOptions): Promise<ComplexResult>;
  /**
   * Integrates several functions of one variable from `a` to `b` to a tolerance, or a complex one by its parts: they share their evaluations.
   *
   * @param options  see `ComponentsOptions`
   * @returns see `ComponentsResult`, `ComplexResult`; `alone` says which did not converge together with the others, and were integrated once more
   * @throws as `integrate` of one
   * @example
   *   const { values } = await integrate(["cos(x)", "sin(x)"], 0, Math.PI / 2);                  // Float64Array [ 1, 1 ]
   *   const { value } = await integrate({ re: "cos(x)", im: "sin(x)" }, 0, Math.PI);             // { re: 0, im: 2 }, to 1e-10
   */
  integrate<P extends Parameters = Parameters>(
    f: readonly IntegrandSource<P>[],
    a: number,
    b: number,
    options?: ComponentsOptions<P>,
  ): Promise<ComponentsResult>;
  integrate<P extends Parameters = Parameters>(
    f: { readonly re: IntegrandSource<P>; readonly im: IntegrandSource<P> },
    a: number,
    b: number,
    options?: ComponentsOptions<P>,
  ): Promise<ComplexResult>;
  async integrate(
    f: unknown,
    a: unknown,
    b?: unknown,
    options: IntegrateOptions | ToleranceOptions | ComponentsOptions = {},
  ): Promise<IntegrateResult | ToleranceResult | AnyResult> {
    if (isForSeveral(f, a, b, options)) return integrateSeveral(this.house, f, a, b, options);
    return integrateRange(this.house, f, a as number, b as number, options as IntegrateOptions);
  }

  /**
   * The same, blocking until the result is there: for scripts and workers, and for short jobs anywhere. On a page's own thread it computes
   * alone, since a page may not wait. Same bits as `integrate`.
   *
   * @throws as `integrate`, without the abort
   * @example
   *   integrateSync("1/(1+x^2)", 0, 1, { points: 1000, rule: "simpson" }).value * 4   // 3.141592653589793
   */
  integrateSync<P extends Parameters = Parameters>(
    f: IntegrandSource<P>,
    a: number,
    b: number,
    options: IntegrateSyncOptions<P>,
  ): IntegrateResult;
  integrateSync<P extends Parameters = Parameters>(
    f: IntegrandSource<P>,
    a: number,
    b: number,
    options?: ToleranceSyncOptions<P>,
  ): ToleranceResult;
  /** Over a box, blocking. @throws as `integrate` over a box, without the abort */
  integrateSync(f: SourceOfSeveral, box: Box, options?: SeveralSyncOptions): SeveralResult;
  integrateSync(f: readonly SourceOfSeveral[], box: Box, options?: SeveralSyncOptions): ComponentsResult;
  integrateSync(f: ComplexSource, box: Box, options?: SeveralSyncOptions): ComplexResult;
  /** Several integrands, blocking. @throws as `integrate`, without the abort */
  integrateSync<P extends Parameters = Parameters>(
    f: readonly IntegrandSource<P>[],
    a: number,
    b: number,
    options?: ComponentsSyncOptions<P>,
  ): ComponentsResult;
  integrateSync<P extends Parameters = Parameters>(
    f: { readonly re: IntegrandSource<P>; readonly im: IntegrandSource<P> },
    a: number,
    b: number,
    options?: ComponentsSyncOptions<P>,
  ): ComplexResult;
  integrateSync(
    f: unknown,
    a: unknown,
    b?: unknown,
    options: IntegrateSyncOptions | ToleranceSyncOptions | ComponentsSyncOptions = {},
  ): IntegrateResult | ToleranceResult | AnyResult {
    if (isForSeveral(f, a, b, options)) return integrateSeveralSync(this.house, f, a, b, options);
    return integrateRangeSync(this.house, f, a as number, b as number, options as IntegrateSyncOptions);
  }

  /**
   * An integral for each set of parameters: a sweep. The sets stream through the shared memory, so there may be millions of them.
   *
   * @param f  as `integrate`
   * @param a  @param b  bounds, as `integrate` has them to a tolerance: numbers, or arrays with one for each integral
   * @param options  see `ManyOptions`. Among `parameters` and bounds there are arrays, all of one length; leave them as they are until the call is over
   * @returns typed arrays with a value, an error and a status for each integral: see `ManyResult`. Not to reach the tolerance is a result, no exception
   *
   * Guarantee: `values`, `errors` and `statuses` have the bits that `integrate` gives for each set, for every number of threads, whatever dies meanwhile.
   * @throws as `integrate`; arrays of different lengths, or none, are an {ArgumentError}
   * @example
   *   const { values } = await integrateMany("x^(s-1)*exp(-x)", 0, Infinity, { parameters: { s: [1, 2, 3, 4] } });   // 1, 1, 2, 6 to ten digits
   */
  integrateMany(
    f: IntegrandSource<never>,
    a: number | ArrayLike<number>,
    b: number | ArrayLike<number>,
    options: ManyOptions = {},
  ): Promise<ManyResult> {
    return integrateMany(this.house, f, a, b, options);
  }

  /**
   * The same, blocking until the results are there. On a page's own thread it computes alone, since a page may not wait. Same bits as `integrateMany`.
   *
   * @throws as `integrateMany`, without the abort
   * @example
   *   integrateManySync("cos(k*x)", 0, [1, 2, 3], { parameters: { k: 2 } }).values   // sin(2) / 2, sin(4) / 2, sin(6) / 2
   */
  integrateManySync(
    f: IntegrandSource<never>,
    a: number | ArrayLike<number>,
    b: number | ArrayLike<number>,
    options: ManySyncOptions = {},
  ): ManyResult {
    return integrateManySync(this.house, f, a, b, options);
  }

  /**
   * f at each of the points: for plots and tables, on the calling thread.
   *
   * @param x points, any number of them
   * @returns y with y[i] = f(x[i])
   * @throws as `integrate`, without the abort
   * @example
   *   evaluate("x^2", [1, 2, 3])   // Float64Array [ 1, 4, 9 ]
   */
  evaluate<P extends Parameters = Parameters>(
    f: IntegrandSource<P>,
    x: ArrayLike<number>,
    options: EvaluateOptions<P> = {},
  ): Float64Array {
    const { integrand, parameters } = prepare(f, readOptions(options, "evaluate"));
    return mapPoints(this.context, this.house.kernelOf(integrand), parameters, checkNumbers("x", x));
  }

  /**
   * Starts workers ahead of time, so that the first call need not wait for them.
   *
   * @param threads how many; default: as many as calls use that do not say
   * @throws {WorkerError} none could start
   */
  async start(threads?: number): Promise<void> {
    const wanted = checkThreads(threads) ?? this.context.threads;
    if (platform.threadsMissing() === null) await this.context.start(wanted);
  }

  /**
   * An invitation for a Worker of your own: post it there with its transfer list, and `attach` it there. Each serves one thread, once.
   *
   * When that thread dies, what it held of this context's locks and queues is given back, in Node also while this thread is blocked.
   *
   * @throws {UnsupportedError} threads cannot share memory here, as on a page that is not cross-origin isolated
   * @throws {WorkerError} all 255 thread numbers are taken
   * @example
   *   const share = heddle.share();
   *   worker.postMessage(share, share.transfer);   // in the worker: onmessage = async ({ data }) => { await attach(data); … }
   */
  share(): Share {
    return this.context.share();
  }

  /** What this context has and does. */
  info(): HeddleInfo {
    const missing = platform.threadsMissing();
    return {
      mode: missing === null ? "threads" : "inline",
      modeReason: missing ?? "workers can share memory here",
      threads: this.context.threads,
      workers: this.context.workers(),
      memory: this.context.heap.use(),
    };
  }

  /**
   * Ends a worker by force, as a crash would: to test what your program makes of it. The worker is replaced, its work is done by others.
   *
   * @param worker a number from `info().workers`
   * @param after milliseconds from now, default 0; so that it can happen while this thread is blocked in `integrateSync`
   */
  killWorker(worker: number, after = 0): void {
    this.context.kill(worker, after);
  }

  /**
   * Rejects what is under way with `ClosedError`, stops the workers; resolves when they are gone. Calling it again does nothing.
   *
   * Threads that were attached hear of it at the next turn of their event loops, and have the memory for as long as they keep it; but from now on nobody
   * hears of their deaths.
   */
  close(): Promise<void> {
    return this.context.close();
  }

  /** In a line what it is, for consoles: `Heddle { mode: "threads", threads: 2, workers: 0 }`. */
  toString(): string {
    if (this.member.isClosed) return describe("Heddle", "closed");
    const { mode, threads, workers } = this.info();
    return describe("Heddle", { mode, threads, workers: workers.length });
  }
}

// `await using` where the engine has it; no global is patched where it has not.
if (typeof Symbol.asyncDispose === "symbol") {
  Object.defineProperty(Heddle.prototype, Symbol.asyncDispose, {
    value(this: Heddle): Promise<void> {
      return this.close();
    },
  });
}

inspectAsText(Heddle.prototype);

/**
 * Makes a context of its own: its memory, its workers.
 *
 * @param options.memory  bytes of shared memory, a multiple of 65,536 from 1 MiB; default 64 MiB; it never grows
 * @param options.threads  workers for calls that do not say how many, 1 to 255; default: all cores
 * @param options.workerUrl  where the worker script is, when it is not beside the library
 * @param options.threadUrl  the same of the script for threads and pools
 * @throws {ArgumentError} an option is not what was expected
 * @throws {UnsupportedError} the engine cannot run WebAssembly with SIMD and threads, or a policy forbids it
 * @example
 *   await using heddle = createHeddle({ threads: 2 });
 *   (await heddle.integrate("sin(x)", 0, Math.PI, { points: 1e6 })).value   // 2.000000000000822
 */
export function createHeddle(options: ContextOptions = {}): Heddle {
  return new Heddle(options);
}

/** The options, checked. @throws {ArgumentError} */
export function readContextOptions(options: ContextOptions): ContextOptions {
  checkOptions(options, ["memory", "threads", "workerUrl", "threadUrl"]);
  const own: Record<string, unknown> = Object.assign(Object.create(null), options);
  for (const name of ["workerUrl", "threadUrl"]) {
    const url = own[name];
    if (url === undefined) continue;
    if (typeof url !== "string" && !(url instanceof URL)) refuse(name, "a URL", url);
    own[name] = String(url);
  }
  checkThreads(own.threads);
  if (own.memory !== undefined) checkBytes(own.memory);
  return { ...(own as ContextOptions) };
}
