/**
 * Timer: a thread that waits first. Python's `threading.Timer`.
 *
 * Role: as thread.ts.
 */
import { refuse } from "../checks.js";
import { Event } from "../sync/event.js";
import type { Luggage } from "./luggage.js";
import type { AnyFunction, Target } from "./target.js";
import { isOfTheHouse, Thread, type ThreadOptions } from "./thread.js";

/**
 * A thread that waits some milliseconds, then runs its target, unless it was cancelled meanwhile.
 *
 * @example
 *   const timer = new Timer(50, () => console.log("time is up"));
 *   timer.start();
 *   await timer.join();   // prints, after 50 ms: time is up
 */
export class Timer<F extends AnyFunction = AnyFunction> extends Thread<F> {
  /** Set when it was cancelled, or its target has returned. */
  readonly finished: Event;

  /**
   * @param interval milliseconds; 0 and less: at once; null: until it is cancelled
   * @throws {ArgumentError}
   */
  constructor(
    readonly interval: number | null,
    target: Target<F>,
    args: readonly unknown[] = [],
    options: Omit<ThreadOptions<F>, "target" | "args"> = {},
  ) {
    if (interval !== null && (typeof interval !== "number" || Number.isNaN(interval))) {
      refuse("interval", "a number of milliseconds, or null", interval);
    }
    super({ ...options, target, args } as ThreadOptions<F>);
    this.finished = new Event(options.context === undefined ? {} : { context: options.context });
  }

  /** The target will not run, if it has not begun. */
  cancel(): void {
    this.finished.set();
  }

  protected override luggage(): Luggage {
    return { ...super.luggage(), self: null, timer: { interval: this.interval, finished: this.finished } };
  }
}

isOfTheHouse(Timer);
