/**
 * The public calls on samples.
 *
 * Role: any thread; one that may have pools, for workers.
 */
import { platform } from "#platform";
import type { Member } from "../runtime/core/member.js";
import { memberFor } from "../sync/thing.js";
import { isSharedBuffer } from "../values/binary.js";
import { type Problem, readAsync, readProblem } from "./arguments.js";
import { CHUNK } from "./chunks.js";
import { cumulateShared, Running } from "./cumulative.js";
import { Helpers } from "./helpers.js";
import { atOnce, inStretches } from "./inline.js";
import { type Effort, integralOf, resultOf } from "./integral.js";
import type {
  CumulateOptions,
  CumulateSyncOptions,
  Samples,
  SamplesOptions,
  SamplesResult,
  SamplesSyncOptions,
} from "./types.js";
import { doChunk, slotsOf } from "./work.js";

/** Nanoseconds that a sample is guessed to cost: it decides who computes, never what. */
const NANOSECONDS = { sum: 0.4, running: 1.2, spaced: 2 };
/** Below this many milliseconds of work, starting workers would cost more than it brings. */
const WORTH_STARTING = 200;
/** Below this many, giving workers their orders would: 1.4 ms. */
const WORTH_ASKING = 4;

const ALONE = { threads: 1, mode: "inline", restarts: 0 } as const;

/** Contexts whose workers have been started by a call here. */
const warm = new WeakSet<Member>();

/**
 * The integral of a function that is known by samples.
 *
 * @param y samples: a `Float64Array`, which is read where it is, or any array of numbers
 * @param options `x`, where they were taken, or `dx`, their distance; `rule`; who computes: see `SamplesOptions`
 * @returns value, error estimate, status, and how it was computed: see `SamplesResult`
 *
 * The samples may not change before the call is over. It takes a few milliseconds at a time of this thread; samples in shared memory are summed by workers where that is faster.
 *
 * Guarantee: `value` and `error` have the same bits for every number of threads, on every engine.
 * @throws {ArgumentError} something is not what was expected: x out of order, or a rule for which there are too few samples
 * @throws {ClosedError} the context was closed meanwhile
 * @throws `signal.reason` when aborted
 * @example
 *   const { value } = await integrateSamples([0, 1, 4, 9, 16], { rule: "simpson" });   // 21.333333333333332
 */
export async function integrateSamples(y: Samples, options?: SamplesOptions): Promise<SamplesResult> {
  const begun = performance.now();
  const problem = readProblem("integrateSamples", y, options);
  const asked = readAsync(options);
  asked.signal?.throwIfAborted();
  const choice = choose(problem, asked, problem.x === null ? NANOSECONDS.sum : NANOSECONDS.spaced);
  const helpers = choice.workers === 0 ? null : new Helpers(choice.workers, asked);
  try {
    const run = integralOf(problem);
    let step = run.next();
    while (!step.done) {
      const work = step.value;
      if (helpers !== null) step = run.next(await helpers.run(work));
      else {
        const slots = new Float64Array(slotsOf(work));
        await inStretches(Math.ceil(work.count / CHUNK), (chunk) => doChunk(work, chunk, slots), asked.signal);
        step = run.next(slots);
      }
    }
    return resultOf(problem, step.value, effortOf(choice, helpers), begun);
  } finally {
    helpers?.close();
  }
}

/**
 * The same, blocking: on the calling thread alone. Same bits as `integrateSamples`.
 *
 * @throws {ArgumentError} as `integrateSamples`
 * @example
 *   integrateSamplesSync([1, 2, 4], { x: [0, 1, 3] }).value   // 7.5
 */
export function integrateSamplesSync(y: Samples, options?: SamplesSyncOptions): SamplesResult {
  const begun = performance.now();
  const problem = readProblem("integrateSamplesSync", y, options);
  const run = integralOf(problem);
  let step = run.next();
  while (!step.done) {
    const work = step.value;
    const slots = new Float64Array(slotsOf(work));
    atOnce(Math.ceil(work.count / CHUNK), (chunk) => doChunk(work, chunk, slots));
    step = run.next(slots);
  }
  return resultOf(problem, step.value, { ...ALONE, modeReason: BLOCKING }, begun);
}

/**
 * The integral from the first sample to each.
 *
 * @param y samples, as for `integrateSamples`
 * @param options as for that, without Romberg's rule; and `initial`, which is added to all results; `into`, where they go
 * @returns as many as there are samples, the first of them `initial`. In shared memory where all samples are
 *
 * A sample that is not finite, or a sum that is too large, makes the results from there on NaN. After a call that rejects, `into` may be written for a moment.
 *
 * Guarantee: the same bits for every number of threads, on every engine.
 * @throws as `integrateSamples`
 * @example
 *   await cumulateSamples([0, 2, 4, 6], { dx: 0.5 });   // Float64Array(4) [ 0, 0.5, 2, 4.5 ]
 */
export async function cumulateSamples(y: Samples, options?: CumulateOptions): Promise<Float64Array> {
  const problem = readProblem("cumulateSamples", y, options);
  const asked = readAsync(options);
  asked.signal?.throwIfAborted();
  const { workers } = choose(problem, asked, problem.x === null ? NANOSECONDS.running : NANOSECONDS.spaced);
  const out = resultFor(problem);
  if (workers > 0) {
    const helpers = new Helpers(workers, asked);
    try {
      const result = await cumulateShared(problem, helpers, out);
      if (result !== null) return result;
    } finally {
      helpers.close();
    }
    // One that was ended may go on writing for so long.
    await new Promise((resolve) => setTimeout(resolve, platform.afterlife));
    asked.signal?.throwIfAborted();
  }
  const running = new Running(problem, out);
  await inStretches(running.steps, (chunk) => running.step(chunk), asked.signal);
  return running.over();
}

/**
 * The same, blocking: on the calling thread alone. Same bits as `cumulateSamples`.
 *
 * @throws {ArgumentError} as `cumulateSamples`
 * @example
 *   cumulateSamplesSync([1, 1, 1], { x: [0, 1, 3], initial: 10 });   // Float64Array(3) [ 10, 11, 13 ]
 */
export function cumulateSamplesSync(y: Samples, options?: CumulateSyncOptions): Float64Array {
  const problem = readProblem("cumulateSamplesSync", y, options);
  const running = new Running(problem, resultFor(problem));
  atOnce(running.steps, (chunk) => running.step(chunk));
  return running.over();
}

const BLOCKING = "a blocking call computes on its own thread";

interface Choice {
  /** 0: the calling thread. */
  readonly workers: number;
  readonly reason: string;
}

function choose(problem: Problem, { threads, context }: SamplesOptions, nanoseconds: number): Choice {
  const alone = (reason: string): Choice => ({ workers: 0, reason });
  if (threads === undefined && (nanoseconds * problem.y.length) / 1e6 < WORTH_ASKING) {
    return alone("the samples take less time than giving orders to workers");
  }
  if (!isShared(problem)) return alone("not all arrays are in shared memory, where workers could see them");
  const missing = platform.threadsMissing();
  if (missing !== null) return alone(missing);
  const member = memberFor(context === undefined ? {} : { context });
  if (member.workshop === undefined) return alone("a thread that was attached cannot hire workers");
  const isEnough = warm.has(member) || (nanoseconds * problem.y.length) / 1e6 >= WORTH_STARTING;
  if (threads === undefined && !isEnough) return alone("the samples take less time than starting workers");
  warm.add(member);
  if (threads !== undefined) return { workers: threads, reason: "the call says how many threads" };
  return { workers: platform.parallelism(), reason: "the samples are in shared memory, and many" };
}

function effortOf({ workers, reason }: Choice, helpers: Helpers | null): Effort {
  if (workers === 0 || helpers === null) return { ...ALONE, modeReason: reason };
  const { threads, restarts, failure } = helpers;
  if (threads === 0) {
    return {
      ...ALONE,
      restarts,
      modeReason: `no worker could compute: ${failure instanceof Error ? failure.message : failure}`,
    };
  }
  return { threads, mode: "threads", restarts, modeReason: reason };
}

function isShared({ x, y, into }: Problem): boolean {
  return [x, y, into].every((array) => array === null || isSharedBuffer(array.buffer));
}

/** Room for results, in memory of the kind that the samples are in. */
function resultFor(problem: Problem): Float64Array {
  if (problem.into !== null) return problem.into;
  const count = problem.y.length;
  // A page that is not isolated can have such buffers, but cannot make one.
  if (!isShared(problem) || typeof SharedArrayBuffer === "undefined") return new Float64Array(count);
  return new Float64Array(new SharedArrayBuffer(count * Float64Array.BYTES_PER_ELEMENT));
}
