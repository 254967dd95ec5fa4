/**
 * Rounds of an integral to a tolerance that are worth it, computed by several threads.
 *
 * A round is a job of units of its own (assembly/pool/README.md), published by the thread that decides between rounds. Which rounds are shared is a matter of time
 * alone, measured and guessed: the bits do not depend on it.
 *
 * Role: the thread that made the context. `run` leaves it free, `runSync` blocks it, where it may sleep.
 */

import type { Context } from "../context.js";
import { onAbort } from "../waiting/abort.js";
import type { Kernel } from "./run.js";
import { UnitCall } from "./run-units.js";
import type { UnitSpec } from "./unit-job.js";

/** Whose rounds they are: an `Integral`, or a rule of several variables (ts/quad/run-several.ts). */
export interface InRounds {
  /** So far, those of the round under way included or not, as long as it is always the same. */
  readonly evaluations: number;
  /** The round as a job of units. */
  round(kernel: Kernel): UnitSpec;
  /** All units of it are done. */
  endRound(): void;
}

/** Who may compute rounds, and when that pays. */
export interface Sharing {
  /** Threads that may compute at a time. */
  readonly threads: number;
  /** Milliseconds that an evaluation is guessed to take, until it is measured. */
  readonly guess: number;
  /** Whether to share what would take so many milliseconds, when so many have been spent. */
  isWorth(milliseconds: number, spent: number): boolean;
}

/**
 * Milliseconds and evaluations from which on a measurement says more than a guess. Of foreign code little is known, but that engines are slow with the first points;
 * ours may be guessed until the engine has optimised it.
 */
const FOREIGN = { milliseconds: 1, evaluations: 100 };
const OURS = { milliseconds: 0.2, evaluations: 20_000 };
/** The longest that timers wait. */
const TIMER_MAXIMUM = 2 ** 31 - 1;
/** Aborts a round whose time is over. */
const LATE = Symbol("late");

export class SharedRounds {
  private call: UnitCall | undefined;
  /** Ends the call with its signal, or with its time. */
  private ending: AbortController | undefined;
  private forget: (() => void) | undefined;
  /** Of this thread: when its stretch began, milliseconds before that, evaluations. */
  private begun = 0;
  private spent = 0;
  private isRunning = false;
  /** Evaluations that others made. */
  private others = 0;

  /** @param isBlocking whether this thread is to compute with the others; @param deadline value of `performance.now()` */
  constructor(
    private readonly context: Context,
    private readonly integral: InRounds,
    private readonly kernel: Kernel,
    private readonly sharing: Sharing,
    private readonly isBlocking: boolean,
    private readonly deadline: number,
    private readonly signal?: AbortSignal,
  ) {}

  /** Workers that have computed; 0 when no round was shared. */
  get threads(): number {
    return this.call?.count ?? 0;
  }

  get restarts(): number {
    return this.call?.restarts ?? 0;
  }

  /** Milliseconds until the workers were up. */
  get startup(): number {
    return this.call?.startup ?? 0;
  }

  /** This thread computes from now on. */
  begin(now: number): void {
    this.begun = now;
    this.isRunning = true;
  }

  /** It does no more. */
  pause(now: number): void {
    this.spent += now - this.begun;
    this.isRunning = false;
  }

  /** Whether what is left of a round is to be shared. For `Integral.compute`. */
  readonly isWorth = (units: number, evaluations: number): boolean => {
    const { sharing, integral, isBlocking } = this;
    // One cannot be divided; but the other thread would be free.
    if (isBlocking && units < 2) return false;
    const own = integral.evaluations - this.others;
    // Reading the clock would cost an easy integral, which has one round, more than it could gain.
    const now = own === 0 ? this.begun : performance.now();
    const spent = this.spent + (this.isRunning ? now - this.begun : 0);
    const least = this.kernel.isForeign ? FOREIGN : OURS;
    const isMeasured = own >= least.evaluations && spent >= least.milliseconds;
    const milliseconds = evaluations * (isMeasured ? spent / own : sharing.guess);
    if (!sharing.isWorth(milliseconds, spent)) return false;
    // Nobody could end it in time, since it blocks; and there may be no place for it.
    return !isBlocking || (milliseconds < this.deadline - now && this.context.hasRoom);
  };

  /**
   * Has the round computed by workers.
   *
   * @returns whether it is done; else its time is over
   * @throws as `UnitCall.run`
   */
  async run(): Promise<boolean> {
    const left = this.deadline - performance.now();
    if (!(left > 0)) return false;
    const call = await this.context.whenFree(this.signal, () => this.open());
    const timer = left <= TIMER_MAXIMUM ? setTimeout(() => this.ending?.abort(LATE), left) : undefined;
    try {
      await call.run(this.integral.round(this.kernel));
      this.end();
      return true;
    } catch (error) {
      if (error === LATE) return false;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The same, blocking, with this thread as one of them. @throws as `UnitCall.runSync` */
  runSync(): void {
    const call = this.open();
    call.runSync(this.integral.round(this.kernel));
    this.end();
  }

  /** The call, which holds the crew until it is closed. */
  private open(): UnitCall {
    if (this.call !== undefined) return this.call;
    const { context, kernel, signal, isBlocking } = this;
    const { threads } = this.sharing;
    if (this.deadline !== Number.POSITIVE_INFINITY && !isBlocking && this.ending === undefined) {
      const ending = new AbortController();
      this.forget = onAbort(signal, () => ending.abort(signal?.reason));
      this.ending = ending;
    }
    const workers = isBlocking ? threads - 1 : threads;
    this.call = new UnitCall(context, [kernel], threads, this.ending?.signal ?? signal, workers);
    return this.call;
  }

  /** The round is done. */
  private end(): void {
    const before = this.integral.evaluations;
    this.integral.endRound();
    this.others += this.integral.evaluations - before;
  }

  /** Lets the workers go. */
  close(): void {
    this.forget?.();
    this.call?.close();
  }
}
