/**
 * Many futures: waiting for some or all of them, taking them as they come.
 *
 * Source: CPython's `concurrent.futures.wait` and `as_completed`; a cancelled future counts as done at once, the clock of `asCompleted` starts at the call.
 * Role:   one thread.
 */
import { refuse } from "../checks.js";
import { TimeoutError } from "../errors.js";
import { readTimeout, type WaitOptions } from "../sync/wait.js";
import { type AnyFuture, Future, forgetCallback, hasFailed } from "./future.js";

export type ReturnWhen = "first-completed" | "first-exception" | "all-completed";
const RETURN_WHEN: readonly string[] = ["first-completed", "first-exception", "all-completed"];

/**
 * Waits for futures.
 *
 * @param returnWhen `"all-completed"` by default; `"first-exception"` counts real failures, not cancellations
 * @returns those that are done, and those that are not: when the time is over too, which is no error
 * @throws {ArgumentError}
 * @example
 *   const { done, notDone } = await wait(futures, { timeout: 100 });
 */
export async function wait<F extends AnyFuture>(
  futures: Iterable<F>,
  { returnWhen = "all-completed", ...options }: WaitOptions & { readonly returnWhen?: ReturnWhen } = {},
): Promise<{ readonly done: Set<F>; readonly notDone: Set<F> }> {
  if (!RETURN_WHEN.includes(returnWhen)) refuse("returnWhen", `one of ${RETURN_WHEN.join(", ")}`, returnWhen);
  const all = futuresOf(futures);
  let done = 0;
  let failed = 0;
  const gate = new Future<void>();
  const count = (future: F): void => {
    done++;
    if (hasFailed(future)) failed++;
    if (isEnough() && !gate.done) gate.setResult();
  };
  const isEnough = (): boolean =>
    done === all.size ||
    (returnWhen === "first-completed" && done > 0) ||
    (returnWhen === "first-exception" && failed > 0);
  for (const future of all) future.addDoneCallback(count);
  if (isEnough() && !gate.done) gate.setResult();
  try {
    await gate.result(options);
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
  } finally {
    for (const future of all) forgetCallback(future, count);
  }
  return {
    done: new Set([...all].filter((future) => future.done)),
    notDone: new Set([...all].filter((future) => !future.done)),
  };
}

/**
 * Futures in the order in which they are done: first those that are, then each as it comes, each once.
 *
 * @param timeout milliseconds from the call on
 * @throws {TimeoutError} "k of n futures are unfinished", after those that were done in time; then it is over
 * @example
 *   for await (const future of asCompleted(futures)) console.log(await future);
 */
export function asCompleted<F extends AnyFuture>(
  futures: Iterable<F>,
  { timeout, ...options }: WaitOptions = {},
): AsyncIterableIterator<F> {
  const limit = readTimeout(timeout);
  const deadline = performance.now() + limit;
  const all = futuresOf(futures);
  const ready: F[] = [];
  let given = 0;
  let isOver = false;
  let wake = (): void => {};
  const hear = (future: F): void => {
    ready.push(future);
    wake();
  };
  for (const future of all) future.addDoneCallback(hear);

  const leave = (): void => {
    isOver = true;
    for (const future of all) forgetCallback(future, hear);
    wake();
  };
  /** Waits for one more, or for the end. */
  const waitForMore = async (): Promise<void> => {
    const gate = new Future<void>();
    wake = () => {
      if (!gate.done) gate.setResult();
    };
    const rest = limit === Number.POSITIVE_INFINITY ? null : Math.max(0, deadline - performance.now());
    try {
      await gate.result({ ...options, timeout: rest });
    } catch (error) {
      leave();
      if (!(error instanceof TimeoutError)) throw error;
      throw new TimeoutError(`${all.size - given} of ${all.size} futures are unfinished after ${limit} ms`);
    }
  };
  const step = async (): Promise<IteratorResult<F>> => {
    if (!isOver && given < all.size && given === ready.length) await waitForMore();
    if (isOver || given === all.size) return { done: true, value: undefined };
    return { done: false, value: ready[given++] as F };
  };

  let turn: Promise<unknown> = Promise.resolve();
  // Not a generator: that would await each future before it gives it.
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    // Calls wait for each other: the first gets what comes first.
    next() {
      const result = turn.then(step, step);
      turn = result;
      return result;
    },
    async return() {
      leave();
      return { done: true, value: undefined };
    },
  };
}

function futuresOf<F extends AnyFuture>(futures: Iterable<F>): Set<F> {
  if (typeof futures !== "object" || futures === null || !(Symbol.iterator in futures)) {
    return refuse("futures", "an array of futures, or something else to iterate", futures);
  }
  const all = new Set(futures);
  for (const future of all) if (!(future instanceof Future)) refuse("futures", "futures", future);
  return all;
}
