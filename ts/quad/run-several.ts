/**
 * A rule in several variables, round by round: on the calling thread, at once or in stretches between which events run; rounds that are worth it on workers.
 *
 * Role: the thread that made the context, a page's own included. `severalSync` blocks it, where it may sleep.
 */
import { BusyError, OutOfMemoryError } from "../errors.js";
import type { Context } from "../runtime/context.js";
import type { Heap } from "../runtime/core/heap.js";
import { type Kernel, PROGRESS_INTERVAL } from "../runtime/jobs/run.js";
import { type InRounds, SharedRounds, type Sharing } from "../runtime/jobs/share-rounds.js";
import type { UnitSpec } from "../runtime/jobs/unit-job.js";
import { passStretch, takeStretch } from "../runtime/waiting/stretch.js";
import type { Points, SeveralRule, SeveralState } from "./several-rule.js";

/** Makes the rule, with all that it was asked. */
export type MakeRule = (heap: Heap) => SeveralRule;

export interface SeveralRun {
  readonly state: SeveralState;
  /** Whether it was ended by the time. */
  readonly isLate: boolean;
  /** Threads that computed rounds which were shared; 0 when none was. */
  readonly threads: number;
  /** Units of work that were begun again because their thread died. */
  readonly restarts: number;
  /** Milliseconds until the threads were up. */
  readonly startup: number;
  /** Why nothing could be shared. */
  readonly whyAlone: string | undefined;
}

export interface SeveralSyncOptions {
  /** The value of `performance.now()` at which to end. */
  readonly deadline: number;
  /** Or why the calling thread is to compute alone. */
  readonly sharing: Sharing | string;
}

export interface SeveralRunOptions extends SeveralSyncOptions {
  readonly signal: AbortSignal | undefined;
  readonly onState: ((state: SeveralState) => void) | undefined;
}

/** Goes through rounds on this thread, from where it was. */
class Rounds implements InRounds {
  private readonly rule: SeveralRule;
  private readonly points: Points;
  private readonly shared: SharedRounds | undefined;
  private unit = 0;
  /** Whether it was asked if this round is worth sharing. */
  private isAsked = false;
  private isDone = false;
  /** Whether the units of the round are done, and what follows is not decided. */
  private isDeciding = false;
  private readonly whyAlone: string | undefined;

  constructor(
    context: Context,
    kernel: Kernel,
    make: MakeRule,
    { sharing, deadline }: SeveralSyncOptions,
    isBlocking: boolean,
    signal?: AbortSignal,
  ) {
    context.assertOpen();
    const { number, module, given } = kernel;
    this.points = context.drivers.get(number, () => module, given).points;
    this.rule = make(context.heap);
    this.whyAlone = typeof sharing === "string" ? sharing : undefined;
    if (typeof sharing === "string") return;
    this.shared = new SharedRounds(context, this, kernel, sharing, isBlocking, deadline, signal);
  }

  /** @returns "late" when `until` is over, "shared" when others are to compute the round: then comes `share` or `shareSync` */
  compute(until: number): "done" | "late" | "shared" {
    const { rule, points, shared } = this;
    shared?.begin(performance.now());
    try {
      if (this.isDeciding) this.endRound();
      while (!this.isDone && rule.units > 0) {
        const isFresh = this.unit === 0 && !this.isAsked;
        this.isAsked = true;
        if (isFresh && shared?.isWorth(rule.units, rule.units * rule.job.unitEvaluations)) return "shared";
        for (; this.unit < rule.units; this.unit++) {
          // The clock costs a twentieth of a microsecond, a unit many.
          if (until !== Number.POSITIVE_INFINITY && performance.now() >= until) return "late";
          rule.compute(this.unit, points);
        }
        this.endRound();
      }
      return "done";
    } finally {
      shared?.pause(performance.now());
    }
  }

  /** Has workers compute the round. @returns whether it is done; else the time is over. @throws as `UnitCall.run` */
  async share(): Promise<boolean> {
    try {
      return await this.shared!.run();
    } catch (error) {
      // All units are done: `compute` goes on with the decision, for which there was no memory, or not its lock.
      if (this.isDeciding && (error instanceof OutOfMemoryError || error instanceof BusyError)) return true;
      throw error;
    }
  }

  /** The same, blocking, with this thread as one of them. */
  shareSync(): void {
    this.shared!.runSync();
  }

  get evaluations(): number {
    return this.rule.state().evaluations;
  }

  round(kernel: Kernel): UnitSpec {
    const { kind, record, desk } = this.rule.job;
    return { kind, units: this.rule.units, desk, kernel, record };
  }

  endRound(): void {
    this.isDeciding = true;
    this.isDone = !this.rule.decide();
    this.isDeciding = false;
    this.unit = 0;
    this.isAsked = false;
  }

  state(): SeveralState {
    return this.rule.state();
  }

  result(isLate: boolean): SeveralRun {
    const { threads = 0, restarts = 0, startup = 0 } = this.shared ?? {};
    return { state: this.rule.state(), isLate, threads, restarts, startup, whyAlone: this.whyAlone };
  }

  close(): void {
    this.shared?.close();
    this.rule.close();
  }
}

export function severalSync(context: Context, kernel: Kernel, make: MakeRule, options: SeveralSyncOptions): SeveralRun {
  const { deadline } = options;
  const rounds = new Rounds(context, kernel, make, options, true);
  try {
    for (;;) {
      const how = rounds.compute(deadline);
      if (how !== "shared") return rounds.result(how === "late");
      rounds.shareSync();
    }
  } finally {
    rounds.close();
  }
}

export async function severalAsync(
  context: Context,
  kernel: Kernel,
  make: MakeRule,
  options: SeveralRunOptions,
): Promise<SeveralRun> {
  return context.hold(options.signal, () => severalInStretches(context, kernel, make, options));
}

async function severalInStretches(
  context: Context,
  kernel: Kernel,
  make: MakeRule,
  options: SeveralRunOptions,
): Promise<SeveralRun> {
  const { deadline, signal, onState } = options;
  const rounds = await context.whenRoom(signal, () => new Rounds(context, kernel, make, options, false, signal));
  try {
    let shown = performance.now();
    for (;;) {
      const end = Math.min(await takeStretch(signal), deadline);
      signal?.throwIfAborted();
      context.assertOpen();
      const how = await context.whenRoom(signal, () => rounds.compute(end));
      const now = performance.now();
      if (how === "done") return rounds.result(false);
      if (onState !== undefined && now - shown >= PROGRESS_INTERVAL) {
        shown = now;
        onState(rounds.state());
      }
      if (how === "shared") {
        passStretch();
        if (!(await rounds.share())) return rounds.result(true);
      }
      if (performance.now() >= deadline) return rounds.result(true);
    }
  } finally {
    passStretch();
    rounds.close();
  }
}
