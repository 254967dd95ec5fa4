/**
 * Future: an outcome that is still to come. Python's `concurrent.futures.Future`.
 *
 *   PENDING ──> RUNNING ──> FINISHED
 *      └──────> CANCELLED
 *
 * Source: CPython for the states and the meaning; a cancelled future is told of at once, to `wait` and `asCompleted` too.
 * Role:   one thread: the one that it was made on.
 */

import { checkFunction } from "../checks.js";
import { describe, inspectAsText } from "../describe.js";
import { CancelledError, InvalidStateError, TimeoutError, UnsupportedError } from "../errors.js";
import { after, readSignal, readTimeout, type WaitOptions } from "../sync/wait.js";
import { isThenable } from "../threads/target.js";

type Phase = "pending" | "running" | "finished" | "cancelled";

/** What a future asks of whoever brings its outcome. */
export interface Bringer {
  /** Tries to give it up. @returns whether it will not run */
  cancel(): boolean;
  /** Whether it runs: a moment's truth. */
  isRunning(): boolean;
  /** Somebody waits for the outcome from here on. */
  expect?(): void;
  /** Whether it comes by an event, which a thread that sleeps does not hear. */
  readonly needsEvents?: boolean;
  /** Brings outcomes, sleeping, until this one is there or the time is over. @returns false: this thread may not sleep */
  wait?(isDone: () => boolean, timeout: number): boolean;
}

/** So that a future of numbers is one of unknown values, too. */
type Callback = (future: never) => unknown;

const NOBODY: Bringer = { cancel: () => true, isRunning: () => false };

// biome-ignore lint/suspicious/noExplicitAny: futures of any values, for what looks at their ends only
export type AnyFuture = Future<any>;

/** Takes a callback back, once. For those who wait for many. */
export let forgetCallback: (future: AnyFuture, callback: Callback) => void;
/** Whether it has failed: not whether it was cancelled. */
export let hasFailed: (future: AnyFuture) => boolean;

/**
 * @example
 *   const future = new Future();
 *   future.addDoneCallback(async (future) => console.log(await future));   // prints 5
 *   future.setResult(5);
 */
export class Future<T> implements PromiseLike<T> {
  #phase: Phase = "pending";
  #value: T | undefined;
  #error: unknown;
  #failed = false;
  /** Most futures have none: an array for each would be felt. */
  #callbacks: Callback[] | undefined;
  #bringer: Bringer;
  #promise: Promise<T> | undefined;
  /** Of the promise, while there is no outcome. */
  #resolve: ((value: never) => void) | undefined;
  #reject: ((reason: unknown) => void) | undefined;

  static {
    forgetCallback = (future, callback) => future.#forget(callback);
    hasFailed = (future) => future.#failed;
  }

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
  resultSync(options: { readonly timeout?: number | null } = {}): T {
    this.#settledSync(options);
    return this.#outcome();
  }

  #settledSync({ timeout }: { readonly timeout?: number | null }): void {
    const limit = readTimeout(timeout);
    if (!this.done && limit > 0) {
      const bringer = this.#bringer;
      bringer.expect?.();
      if (!bringer.wait?.(() => this.done || bringer.needsEvents === true, limit)) {
        throw new UnsupportedError(
          "expected a thread that may wait, for an outcome that comes from elsewhere; use `await future.result()` here",
        );
      }
      if (!this.done && bringer.needsEvents) {
        throw new UnsupportedError(
          "expected a result that comes through shared memory, this one was moved, and comes by an event; use `await future.result()`",
        );
      }
    }
    if (!this.done) throw late(limit);
  }

  /** In a line, for consoles: `Future { state: "finished", returned: 5 }`. */
  toString(): string {
    const state = this.running ? "running" : this.#phase;
    if (state !== "finished") return describe("Future", { state });
    if (!this.#failed) return describe("Future", { state, returned: this.#value });
    const raised = this.#error instanceof Error ? this.#error.name : this.#error;
    return describe("Future", { state, raised });
  }

  /** What it failed with, null when it did not. @throws {CancelledError} @throws {TimeoutError} */
  async exception(options: WaitOptions = {}): Promise<unknown> {
    await this.#settled(options);
    return this.#failure();
  }

  /** `exception`, blocking. @throws {UnsupportedError} on a page's own thread */
  exceptionSync(options: { readonly timeout?: number | null } = {}): unknown {
    this.#settledSync(options);
    return this.#failure();
  }

  #failure(): unknown {
    if (this.cancelled) throw cancelled();
    return this.#failed ? this.#error : null;
  }

  /**
   * Calls a function with this future when it is done, at once if it is. Functions are called in the order in which they were added; one that throws is reported, and
   * keeps the others from nothing.
   */
  addDoneCallback(callback: (future: this) => unknown): void {
    checkFunction("callback", callback);
    if (this.done) {
      this.#call(callback);
      return;
    }
    this.#bringer.expect?.();
    this.#add(callback);
  }

  #add(callback: Callback): void {
    this.#callbacks ??= [];
    this.#callbacks.push(callback);
  }

  #forget(callback: Callback): void {
    const at = this.#callbacks?.indexOf(callback) ?? -1;
    if (at >= 0) this.#callbacks?.splice(at, 1);
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
      else this.#bringer.expect?.();
    }
    return this.#promise;
  }

  #settlePromise(): void {
    if (this.#phase === "cancelled") this.#reject?.(cancelled());
    else if (this.#failed) this.#reject?.(this.#error);
    else this.#resolve?.(this.#value as never);
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
      this.#bringer.expect?.();
      let endTimer = (): void => {};
      const leave = (): void => {
        endTimer();
        given?.removeEventListener("abort", abort);
        this.#forget(settle);
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

  #call(callback: Callback): void {
    try {
      const result = callback(this as never);
      if (isThenable(result)) result.then(undefined, report);
    } catch (error) {
      report(error);
    }
  }
}

inspectAsText(Future.prototype);

function report(error: unknown): void {
  console.error("A callback of a future threw:", error);
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
