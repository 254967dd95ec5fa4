/**
 * A rule in several variables, round by round: on the calling thread, at once or in stretches between which events run.
 *
 * Role: the thread that made the context, a page's own included. Nothing here waits.
 */
import type { Context } from "./context.js";
import type { Heap } from "./heap.js";
import { type Kernel, PROGRESS_INTERVAL } from "./run.js";
import type { Points, SeveralRule, SeveralState } from "./several-rule.js";
import { passStretch, takeStretch } from "./stretch.js";

/** Makes the rule, with all that it was asked. */
export type MakeRule = (heap: Heap) => SeveralRule;

export interface SeveralRun {
  readonly state: SeveralState;
  /** Whether it was ended by the time. */
  readonly isLate: boolean;
  /** Threads that computed. */
  readonly threads: number;
}

export interface SeveralRunOptions {
  /** The value of `performance.now()` at which to end. */
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
  readonly onState: ((state: SeveralState) => void) | undefined;
}

function open(
  context: Context,
  { number, module, given }: Kernel,
  make: MakeRule,
): { rule: SeveralRule; points: Points } {
  context.assertOpen();
  const { points } = context.drivers.get(number, () => module, given);
  return { rule: make(context.heap), points };
}

/** Goes through rounds on this thread, from where it was. */
class Rounds {
  private unit = 0;

  constructor(
    private readonly rule: SeveralRule,
    private readonly points: Points,
  ) {}

  /** @returns whether it is done; if not, `until` is over */
  compute(until: number): boolean {
    const { rule, points } = this;
    while (rule.units > 0) {
      for (; this.unit < rule.units; this.unit++) {
        // The clock costs a twentieth of a microsecond, a unit many.
        if (until !== Number.POSITIVE_INFINITY && performance.now() >= until) return false;
        rule.compute(this.unit, points);
      }
      this.unit = 0;
      if (!rule.decide()) return true;
    }
    return true;
  }
}

/** @param deadline the value of `performance.now()` at which to end */
export function severalSync(context: Context, kernel: Kernel, make: MakeRule, deadline: number): SeveralRun {
  const { rule, points } = open(context, kernel, make);
  try {
    const isDone = new Rounds(rule, points).compute(deadline);
    return { state: rule.state(), isLate: !isDone, threads: 1 };
  } finally {
    rule.close();
  }
}

export async function severalInline(
  context: Context,
  kernel: Kernel,
  make: MakeRule,
  { deadline, signal, onState }: SeveralRunOptions,
): Promise<SeveralRun> {
  const { rule, points } = open(context, kernel, make);
  try {
    const rounds = new Rounds(rule, points);
    let shown = performance.now();
    for (;;) {
      const end = Math.min(await takeStretch(signal), deadline);
      signal?.throwIfAborted();
      context.assertOpen();
      const isDone = rounds.compute(end);
      const now = performance.now();
      if (isDone || now >= deadline) return { state: rule.state(), isLate: !isDone, threads: 1 };
      if (onState !== undefined && now - shown >= PROGRESS_INTERVAL) {
        shown = now;
        onState(rule.state());
      }
    }
  } finally {
    passStretch();
    rule.close();
  }
}
