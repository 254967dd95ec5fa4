/**
 * Scheduler: actions at their times. Python's `sched.scheduler`, but whoever sleeps in `run` is woken by an earlier event, and by a cancelled one.
 *
 * Source: CPython's `sched` for the order (time, priority, order of entry) and for what `run` does. Events that come again are ours.
 * Role:   one thread.
 */

import { platform } from "#platform";
import { checkFunction, refuse } from "../checks.js";
import { ArgumentError } from "../errors.js";

export type Action = (...args: never[]) => unknown;

/** An event of a scheduler: what `enter` returns, and `cancel` takes. */
export interface ScheduledEvent {
  /** Milliseconds of the scheduler's clock; of an event that comes again, when it is due next. */
  readonly time: number;
  /** Milliseconds from one time to the next of an event that comes again; null for those that come once. */
  readonly interval: number | null;
  /** Lower ones first, of those that are due at the same time. */
  readonly priority: number;
  /** Order of entry, from 0; one that comes again is entered again each time. */
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

/** An event as the scheduler has it. */
type Entry = { -readonly [Key in keyof ScheduledEvent]: ScheduledEvent[Key] };

/** Milliseconds of actions after which others have a turn. */
const STRETCH = 20;
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
  #events: Entry[] = [];
  /** Those that come again, while their action runs. */
  readonly #returning = new Set<ScheduledEvent>();
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
    checkPriority(priority);
    checkFunction("action", action);
    return this.#insert({ time, priority, interval: null, sequence: 0, action: action as Action, args });
  }

  /**
   * Enters an action that comes again and again, first after one interval, until it is cancelled. Its times are whole intervals apart, however long the action takes; those that went by meanwhile are
   * left out. An action that throws ends `run`, and comes again in the next `run`.
   *
   * @param interval milliseconds, more than 0
   * @throws {ArgumentError}
   * @example
   *   const scheduler = new Scheduler();
   *   const beat = scheduler.every(100, 1, () => console.log("still here"));
   *   scheduler.enter(350, 1, () => scheduler.cancel(beat));
   *   await scheduler.run();   // prints it three times
   */
  every<A extends unknown[]>(
    interval: number,
    priority: number,
    action: (...args: A) => unknown,
    ...args: A
  ): ScheduledEvent {
    if (typeof interval !== "number" || !(interval > 0 && interval < Number.POSITIVE_INFINITY)) {
      refuse("interval", "a number of milliseconds above 0", interval);
    }
    checkPriority(priority);
    checkFunction("action", action);
    const time = this.#now() + interval;
    return this.#insert({ time, priority, interval, sequence: 0, action: action as Action, args });
  }

  #insert(event: Entry): ScheduledEvent {
    event.sequence = this.#sequence++;
    const at = this.#events.findIndex((other) => precedes(event, other));
    if (at < 0) this.#events.push(event);
    else this.#events.splice(at, 0, event);
    if (at === 0 || this.#events.length === 1) this.#wake();
    return event;
  }

  /**
   * Takes an event out. One that comes again may be cancelled by its own action, too.
   *
   * @throws {ArgumentError} it is not there: it was run, cancelled, or is another scheduler's
   */
  cancel(event: ScheduledEvent): void {
    if (this.#returning.delete(event)) return;
    const at = this.#events.indexOf(event as Entry);
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
    let stretchEnd = performance.now() + STRETCH;
    for (;;) {
      const event = this.#events[0];
      if (event === undefined) return null;
      const rest = event.time - this.#now();
      if (rest <= 0) {
        this.#events.shift();
        await this.#perform(event);
        // Else actions that are always due would keep the thread for themselves.
        if (performance.now() > stretchEnd) {
          await platform.breathe();
          stretchEnd = performance.now() + STRETCH;
        }
      } else if (blocking) {
        await this.#sleep(rest);
      } else {
        return rest;
      }
    }
  }

  async #perform(event: Entry): Promise<void> {
    const { action, args, interval } = event;
    if (interval !== null) this.#returning.add(event);
    try {
      await (action as (...args: unknown[]) => unknown)(...args);
    } finally {
      if (interval !== null && this.#returning.delete(event)) {
        event.time += interval * Math.max(1, Math.ceil((this.#now() - event.time) / interval));
        this.#insert(event);
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

function checkPriority(priority: unknown): void {
  if (typeof priority !== "number" || Number.isNaN(priority)) refuse("priority", "a number", priority);
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
