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
  /** Set when it was cancelled, or its target has returned; not when that threw. */
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

  /** What it calls. In the `run` of a subclass: a function, with `args` for its arguments. */
  get function(): Target<F> {
    return this.target as Target<F>;
  }

  /** A list of its own: what is changed in it before the start counts. */
  get args(): unknown[] {
    return this.ownArgs;
  }

  /** The target will not run, if it has not begun. */
  cancel(): void {
    this.finished.set();
  }

  /** Waits, then calls the target. */
  override async run(...args: unknown[]): Promise<void> {
    await afterwards(this, async () => void (await super.run(...args)));
  }

  protected override luggage(): Luggage {
    return { ...super.luggage(), timer: { interval: this.interval, finished: this.finished } };
  }
}

isOfTheHouse(Timer);

/** Acts after a timer's interval, unless it is cancelled before; then it is finished, but not when the action throws. */
export async function afterwards(
  { interval, finished }: Pick<Timer, "interval" | "finished">,
  act: () => Promise<void>,
): Promise<void> {
  const isCancelled = await finished.wait(interval === null ? {} : { timeout: Math.max(0, interval) });
  if (isCancelled) return;
  await act();
  finished.set();
}
