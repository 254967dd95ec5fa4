/**
 * Future: an outcome that is still to come. Python's `concurrent.futures.Future`.
 *
 *   PENDING ──> RUNNING ──> FINISHED
 *      └──────> CANCELLED
 *
 * Source: CPython for the states and the meaning; a cancelled future is told of at once, to `wait` and `asCompleted` too.
 * Role:   one thread: the one that it was made on.
 */

import { checkFunction, refuse } from "../checks.js";
import { CancelledError, InvalidStateError, TimeoutError, UnsupportedError } from "../errors.js";
import { after, readSignal, readTimeout, type WaitOptions } from "../sync/wait.js";

type Phase = "pending" | "running" | "finished" | "cancelled";

/** What a future asks of whoever brings its outcome. */
export interface Bringer {
  /** Tries to give it up. @returns whether it will not run */
  cancel(): boolean;
  /** Whether it runs: a moment's truth. */
  isRunning(): boolean;
  /** Brings outcomes, sleeping, until this one is there or the time is over. Undefined on threads that may not sleep. */
  readonly wait?: ((isDone: () => boolean, timeout: number) => void) | undefined;
}

const NOBODY: Bringer = { cancel: () => true, isRunning: () => false };

export class Future<T> implements PromiseLike<T> {
  #phase: Phase = "pending";
  #value: T | undefined;
  #error: unknown;
  #failed = false;
  /** Most futures have none: an array for each would be felt. */
  #callbacks: ((future: this) => unknown)[] | undefined;
  #bringer: Bringer;
  #promise: Promise<T> | undefined;
  /** Of the promise, while there is no outcome. */
  #resolve: ((value: T) => void) | undefined;
  #reject: ((reason: unknown) => void) | undefined;

  /** For those who bring the outcome themselves, by `setResult` and `setException`. */
  constructor(bringer: Bringer = NOBODY) {
    this.#bringer = bringer;
  }

  /** Whether it has an outcome, or was cancelled. */
  get done(): boolean {
    return this.#phase === "finished" || this.#phase === "cancelled";
  }

  get cancelled(): boolean {
    return this.#phase === "cancelled";
  }

  /** Whether it runs: a moment's truth. */
  get running(): boolean {
    if (this.done) return false;
    return this.#phase === "running" || this.#bringer.isRunning();
  }

  /** Gives it up, if it has not begun. @returns whether it is cancelled */
  cancel(): boolean {
    if (this.#phase === "cancelled") return true;
    if (this.done || this.#phase === "running" || !this.#bringer.cancel()) return false;
    this.#end("cancelled");
    return true;
  }

  /**
   * The value, or what it failed with.
   *
   * @throws {CancelledError} @throws {TimeoutError} not in time; it goes on
   * @throws what the function threw
   */
  async result(options: WaitOptions = {}): Promise<T> {
    await this.#settled(options);
    return this.#outcome();
  }

  /** `result`, blocking. @throws {UnsupportedError} on a page's own thread */
  resultSync({ timeout }: { readonly timeout?: number | null } = {}): T {
    const limit = readTimeout(timeout);
    if (!this.done) {
      const { wait } = this.#bringer;
      if (wait === undefined) {
        throw new UnsupportedError(
          "expected a thread that may wait, for an outcome that comes from elsewhere; use `await future.result()` here",
        );
      }
      wait(() => this.done, limit);
    }
    if (!this.done) throw late(limit);
    return this.#outcome();
  }

  /** What it failed with, null when it did not. @throws {CancelledError} @throws {TimeoutError} */
  async exception(options: WaitOptions = {}): Promise<unknown> {
    await this.#settled(options);
    if (this.cancelled) throw cancelled();
    return this.#failed ? this.#error : null;
  }

  /**
   * Calls a function with this future when it is done, at once if it is. Functions are called in the order in which they were added; one that throws is reported, and
   * keeps the others from nothing.
   */
  addDoneCallback(callback: (future: this) => unknown): void {
    checkFunction("callback", callback);
    if (this.done) this.#call(callback);
    else this.#add(callback);
  }

  #add(callback: (future: this) => unknown): void {
    this.#callbacks ??= [];
    this.#callbacks.push(callback);
  }

  /** It has begun. @returns false: it was cancelled, and must not begin. @throws {InvalidStateError} */
  setRunningOrNotifyCancel(): boolean {
    if (this.#phase === "cancelled") return false;
    if (this.#phase !== "pending") throw wrongState(this.#phase);
    this.#phase = "running";
    return true;
  }

  /** @throws {InvalidStateError} it has an outcome already */
  setResult(value: T): void {
    if (this.done) throw wrongState(this.#phase);
    this.#value = value;
    this.#end("finished");
  }

  /** @throws {InvalidStateError} it has an outcome already */
  setException(error: unknown): void {
    if (this.done) throw wrongState(this.#phase);
    this.#error = error;
    this.#failed = true;
    this.#end("finished");
  }

  /** So that it can be awaited. */
  // biome-ignore lint/suspicious/noThenProperty: it is meant to be one
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.promise().then(onFulfilled, onRejected);
  }

  catch<B>(onRejected: (reason: unknown) => B | PromiseLike<B>): Promise<T | B> {
    return this.promise().catch(onRejected);
  }

  finally(onFinally: () => void): Promise<T> {
    return this.promise().finally(onFinally);
  }

  /** The same as a promise. */
  promise(): Promise<T> {
    if (this.#promise === undefined) {
      this.#promise = new Promise((resolve, reject) => {
        this.#resolve = resolve;
        this.#reject = reject;
      });
      if (this.done) this.#settlePromise();
    }
    return this.#promise;
  }

  #settlePromise(): void {
    if (this.#phase === "cancelled") this.#reject?.(cancelled());
    else if (this.#failed) this.#reject?.(this.#error);
    else this.#resolve?.(this.#value as T);
    this.#resolve = undefined;
    this.#reject = undefined;
  }

  #settled({ timeout, signal }: WaitOptions): Promise<void> {
    const limit = readTimeout(timeout);
    const given = readSignal(signal);
    return new Promise((resolve, reject) => {
      given?.throwIfAborted();
      if (this.done) {
        resolve();
        return;
      }
      let endTimer = (): void => {};
      const leave = (): void => {
        endTimer();
        given?.removeEventListener("abort", abort);
        const at = this.#callbacks?.indexOf(settle) ?? -1;
        if (at >= 0) this.#callbacks?.splice(at, 1);
      };
      const settle = (): void => {
        leave();
        resolve();
      };
      const abort = (): void => {
        leave();
        reject(given?.reason);
      };
      this.#add(settle);
      given?.addEventListener("abort", abort);
      if (limit === Number.POSITIVE_INFINITY) return;
      endTimer = after(limit, true, () => {
        leave();
        reject(late(limit));
      });
    });
  }

  #outcome(): T {
    if (this.#phase === "cancelled") throw cancelled();
    if (this.#failed) throw this.#error;
    return this.#value as T;
  }

  #end(phase: Phase): void {
    this.#phase = phase;
    this.#bringer = NOBODY;
    const callbacks = this.#callbacks;
    this.#callbacks = undefined;
    if (this.#promise !== undefined) this.#settlePromise();
    if (callbacks !== undefined) for (const callback of callbacks) this.#call(callback);
  }

  #call(callback: (future: this) => unknown): void {
    try {
      callback(this);
    } catch (error) {
      console.error("A callback of a future threw:", error);
    }
  }
}

function cancelled(): CancelledError {
  return new CancelledError("expected an outcome, the future was cancelled");
}

function late(timeout: number): TimeoutError {
  return new TimeoutError(`expected an outcome within ${timeout} ms; it goes on, wait again or cancel it`);
}

function wrongState(phase: Phase): InvalidStateError {
  return new InvalidStateError(`expected a future that is still to get its outcome, this one is ${phase}`);
}

// biome-ignore lint/suspicious/noExplicitAny: futures of any values, for what looks at their ends only
type AnyFuture = Future<any>;

export type ReturnWhen = "first-completed" | "first-exception" | "all-completed";
const RETURN_WHEN: readonly string[] = ["first-completed", "first-exception", "all-completed"];

/**
 * Waits for futures.
 *
 * @param returnWhen `"all-completed"` by default; `"first-exception"` counts real failures, not cancellations
 * @returns those that are done, and those that are not: when the time is over too, which is no error
 * @example
 *   const { done, notDone } = await wait(futures, { timeout: 100 });
 */
export async function wait<F extends AnyFuture>(
  futures: Iterable<F>,
  { returnWhen = "all-completed", ...options }: WaitOptions & { readonly returnWhen?: ReturnWhen } = {},
): Promise<{ readonly done: Set<F>; readonly notDone: Set<F> }> {
  if (!RETURN_WHEN.includes(returnWhen)) refuse("returnWhen", `one of ${RETURN_WHEN.join(", ")}`, returnWhen);
  const all = new Set(futures);
  const gate = new Future<void>();
  const isEnough = (): boolean => {
    const done = [...all].filter((future) => future.done);
    if (done.length === all.size) return true;
    if (returnWhen === "first-completed") return done.length > 0;
    return returnWhen === "first-exception" && done.some((future) => hasFailed(future));
  };
  const look = (): void => {
    if (!gate.done && isEnough()) gate.setResult();
  };
  for (const future of all) future.addDoneCallback(look);
  look();
  await gate.result(options).catch((error: unknown) => {
    if (!(error instanceof TimeoutError)) throw error;
  });
  return {
    done: new Set([...all].filter((future) => future.done)),
    notDone: new Set([...all].filter((future) => !future.done)),
  };
}

function hasFailed(future: AnyFuture): boolean {
  if (!future.done || future.cancelled) return false;
  try {
    future.resultSync({ timeout: 0 });
    return false;
  } catch {
    return true;
  }
}

/**
 * Futures in the order in which they are done: first those that are, then each as it comes, each once.
 *
 * @param timeout milliseconds from the call on
 * @throws {TimeoutError} "k of n futures are unfinished", after those that were done in time
 * @example
 *   for await (const future of asCompleted(futures)) console.log(await future);
 */
export function asCompleted<F extends AnyFuture>(
  futures: Iterable<F>,
  { timeout }: { readonly timeout?: number | null } = {},
): AsyncIterableIterator<F> {
  const limit = readTimeout(timeout);
  const deadline = performance.now() + limit;
  const all = new Set(futures);
  const ready: F[] = [];
  let wake: (() => void) | undefined;
  for (const future of all) {
    future.addDoneCallback(() => {
      ready.push(future);
      wake?.();
    });
  }
  let given = 0;
  // Not a generator: that would await each future before it gives it.
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next(): Promise<IteratorResult<F>> {
      if (given === all.size) return { done: true, value: undefined };
      if (ready.length === 0) {
        const gate = new Future<void>();
        wake = () => {
          if (!gate.done) gate.setResult();
        };
        const rest = limit === Number.POSITIVE_INFINITY ? null : Math.max(0, deadline - performance.now());
        await gate.result({ timeout: rest }).catch(() => {
          throw new TimeoutError(`${all.size - given} of ${all.size} futures are unfinished after ${limit} ms`);
        });
      }
      given++;
      return { done: false, value: ready.shift() as F };
    },
  };
}
