/**
 * Scheduler: actions at their times. Python's `sched.scheduler`, but whoever sleeps in `run` is woken by an earlier event, and by a cancelled one.
 *
 * Source: CPython's `sched` for the order (time, priority, order of entry) and for what `run` does.
 * Role:   one thread.
 */

import { checkFunction, refuse } from "../checks.js";
import { ArgumentError } from "../errors.js";

export type Action = (...args: never[]) => unknown;

/** An event of a scheduler: what `enter` returns, and `cancel` takes. */
export interface ScheduledEvent {
  /** Milliseconds of the scheduler's clock. */
  readonly time: number;
  /** Lower ones first, of those that are due at the same time. */
  readonly priority: number;
  /** Order of entry, from 0. */
  readonly sequence: number;
  readonly action: Action;
  readonly args: readonly unknown[];
}

export interface SchedulerOptions {
  /** The clock, in milliseconds. Default `performance.now`. */
  readonly now?: () => number;
  /** Waits so many milliseconds of the clock, or until the signal aborts; then it resolves. Default a timer. */
  readonly delay?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

/** Longest delay of a timer. */
const LONGEST_DELAY = 2 ** 31 - 1;

/**
 * @example
 *   const scheduler = new Scheduler();
 *   scheduler.enter(20, 1, () => console.log("second"));
 *   scheduler.enter(10, 1, () => console.log("first"));
 *   await scheduler.run();   // prints: first, second
 */
export class Scheduler {
  readonly #now: () => number;
  readonly #delay: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
  #events: ScheduledEvent[] = [];
  #sequence = 0;
  /** Ends the sleeps of `run` that wait for something else than what is first now. */
  #sleepers = new Set<AbortController>();

  constructor({ now = () => performance.now(), delay = sleep }: SchedulerOptions = {}) {
    checkFunction("now", now);
    checkFunction("delay", delay);
    this.#now = now;
    this.#delay = delay;
  }

  /** Enters an action that is due after so many milliseconds; a negative delay means that it is overdue. @throws {ArgumentError} */
  enter<A extends unknown[]>(
    delay: number,
    priority: number,
    action: (...args: A) => unknown,
    ...args: A
  ): ScheduledEvent {
    if (typeof delay !== "number" || Number.isNaN(delay)) refuse("delay", "a number of milliseconds", delay);
    return this.enterAbs(this.#now() + delay, priority, action, ...args);
  }

  /** Enters an action that is due at a time of the clock. @throws {ArgumentError} */
  enterAbs<A extends unknown[]>(
    time: number,
    priority: number,
    action: (...args: A) => unknown,
    ...args: A
  ): ScheduledEvent {
    if (typeof time !== "number" || Number.isNaN(time)) refuse("time", "a number of milliseconds", time);
    if (typeof priority !== "number" || Number.isNaN(priority)) refuse("priority", "a number", priority);
    checkFunction("action", action);
    const event: ScheduledEvent = { time, priority, sequence: this.#sequence++, action: action as Action, args };
    const at = this.#events.findIndex((other) => precedes(event, other));
    if (at < 0) this.#events.push(event);
    else this.#events.splice(at, 0, event);
    if (at === 0 || this.#events.length === 1) this.#wake();
    return event;
  }

  /** Takes an event out. @throws {ArgumentError} it is not there: it was run, cancelled, or is another scheduler's */
  cancel(event: ScheduledEvent): void {
    const at = this.#events.indexOf(event);
    if (at < 0) {
      throw new ArgumentError(
        "`event` must be one that waits in this scheduler; it was run or cancelled, or is another's",
        "event",
        event,
      );
    }
    this.#events.splice(at, 1);
    if (at === 0) this.#wake();
  }

  empty(): boolean {
    return this.#events.length === 0;
  }

  /** The events that wait, in the order in which they will run; a copy. */
  get queue(): ScheduledEvent[] {
    return [...this.#events];
  }

  /**
   * Runs events until there are none, sleeping until each is due; an action that returns a promise is awaited. With `blocking: false` it runs what is due now.
   *
   * @returns null: no event is left; with `blocking: false` the milliseconds until the next
   * @throws what an action throws; its event is gone, the others stay, and `run` may be called again
   */
  async run({ blocking = true }: { readonly blocking?: boolean } = {}): Promise<number | null> {
    for (;;) {
      const event = this.#events[0];
      if (event === undefined) return null;
      const rest = event.time - this.#now();
      if (rest <= 0) {
        this.#events.shift();
        await (event.action as (...args: unknown[]) => unknown)(...event.args);
      } else if (blocking) {
        await this.#sleep(rest);
      } else {
        return rest;
      }
    }
  }

  async #sleep(milliseconds: number): Promise<void> {
    const sleeper = new AbortController();
    this.#sleepers.add(sleeper);
    try {
      await this.#delay(milliseconds, sleeper.signal);
    } finally {
      this.#sleepers.delete(sleeper);
    }
  }

  #wake(): void {
    for (const sleeper of this.#sleepers) sleeper.abort();
  }
}

function precedes(one: ScheduledEvent, other: ScheduledEvent): boolean {
  return one.time < other.time || (one.time === other.time && one.priority < other.priority);
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    // Longer ones are slept in pieces: `run` looks again.
    const timer = setTimeout(end, Math.min(milliseconds, LONGEST_DELAY));
    signal.addEventListener("abort", end);
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    }
  });
}
