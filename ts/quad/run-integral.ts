/**
 * An integral to a tolerance: on the calling thread, at once or in stretches of a few milliseconds between which events run; and on other threads besides, where
 * a round of it is worth that.
 *
 * Role: the thread that made the context, a page's own included. `integralAsync` waits without sleeping; `integralSync` sleeps only in rounds that are shared.
 */

import type { Context } from "../runtime/context.js";
import { type Kernel, PROGRESS_INTERVAL } from "../runtime/jobs/run.js";
import { SharedRounds, type Sharing } from "../runtime/jobs/share-rounds.js";
import { passStretch, takeStretch } from "../runtime/waiting/stretch.js";
import type { Segments } from "../types.js";
import { Integral, type IntegralSpec, type IntegralState, type Runs } from "./integral.js";

/** Makes the form of the integrand in the distance from a point. */
export type Distance = () => { readonly kernel: Kernel; readonly isBetterAtZero: boolean };

/** What is to be integrated. */
export interface IntegralTask {
  readonly kernel: Kernel;
  readonly distance: Distance | undefined;
  readonly spec: IntegralSpec;
}

export interface IntegralResult {
  readonly state: IntegralState;
  /** Whether it was ended by the time. */
  readonly isLate: boolean;
  /** How the range was cut: if that was wanted, or the integral has not converged. */
  readonly segments: Segments | undefined;
  /** Why the calling thread was to compute alone, if it was. */
  readonly whyAlone: string | undefined;
  /** Threads that computed rounds which were shared; 0 when none was. */
  readonly threads: number;
  /** Units of work that were begun again because their thread died. */
  readonly restarts: number;
  /** Milliseconds until the threads were up. */
  readonly startup: number;
}

export interface IntegralOptions {
  /** The value of `performance.now()` at which to end. */
  readonly deadline: number;
  readonly wantsSegments: boolean;
  /** Or why the calling thread is to compute alone. */
  readonly sharing: Sharing | string;
}

export interface AsyncOptions extends IntegralOptions {
  readonly signal: AbortSignal | undefined;
  /** Called after rounds, not too often. */
  readonly onState: ((state: IntegralState) => void) | undefined;
}

function open(context: Context, { kernel, distance, spec }: IntegralTask): Integral {
  context.assertOpen();
  const runsOf = ({ number, module, given }: Kernel): Runs => context.drivers.get(number, () => module, given).runs;
  return new Integral(context.heap, spec, {
    runs: runsOf(kernel),
    isForeign: kernel.isForeign,
    distance:
      distance === undefined
        ? undefined
        : () => {
            const form = distance();
            return { ...form, runs: runsOf(form.kernel) };
          },
  });
}

function resultOf(
  integral: Integral,
  rounds: SharedRounds | undefined,
  isLate: boolean,
  { wantsSegments, sharing }: IntegralOptions,
): IntegralResult {
  const state = integral.state();
  return {
    state,
    isLate,
    segments: wantsSegments || state.status !== "converged" ? integral.segments() : undefined,
    whyAlone: typeof sharing === "string" ? sharing : undefined,
    threads: rounds?.threads ?? 0,
    restarts: rounds?.restarts ?? 0,
    startup: rounds?.startup ?? 0,
  };
}

function roundsOf(
  context: Context,
  integral: Integral,
  { kernel }: IntegralTask,
  { sharing, deadline }: IntegralOptions,
  isBlocking: boolean,
  signal?: AbortSignal,
): SharedRounds | undefined {
  if (typeof sharing === "string") return undefined;
  return new SharedRounds(context, integral, kernel, sharing, isBlocking, deadline, signal);
}

/** @param begun value of `performance.now()`, not long ago */
export function integralSync(
  context: Context,
  task: IntegralTask,
  options: IntegralOptions,
  begun: number,
): IntegralResult {
  const { deadline } = options;
  const integral = open(context, task);
  const rounds = roundsOf(context, integral, task, options, true);
  const until = deadline === Number.POSITIVE_INFINITY ? undefined : () => performance.now() >= deadline;
  try {
    rounds?.begin(begun);
    for (;;) {
      const end = integral.compute(until, rounds?.isWorth);
      if (end !== "shared") return resultOf(integral, rounds, end === "stopped", options);
      rounds!.pause(performance.now());
      rounds!.runSync();
      if (until?.()) return resultOf(integral, rounds, true, options);
      rounds!.begin(performance.now());
    }
  } finally {
    rounds?.close();
    integral.close();
  }
}

export async function integralAsync(
  context: Context,
  task: IntegralTask,
  options: AsyncOptions,
): Promise<IntegralResult> {
  return context.hold(options.signal, () => integralInStretches(context, task, options));
}

async function integralInStretches(
  context: Context,
  task: IntegralTask,
  options: AsyncOptions,
): Promise<IntegralResult> {
  const { deadline, signal, onState } = options;
  const integral = await context.whenRoom(signal, () => open(context, task));
  const rounds = roundsOf(context, integral, task, options, false, signal);
  try {
    let shown = performance.now();
    let round = 0;
    for (;;) {
      const end = Math.min(await takeStretch(signal), deadline);
      signal?.throwIfAborted();
      context.assertOpen();
      rounds?.begin(performance.now());
      const how = await context.whenRoom(signal, () =>
        integral.compute(() => performance.now() >= end, rounds?.isWorth),
      );
      const now = performance.now();
      rounds?.pause(now);
      if (how === "done") return resultOf(integral, rounds, false, options);
      if (onState !== undefined && now - shown >= PROGRESS_INTERVAL) {
        const state = integral.state();
        if (state.rounds > round) {
          shown = now;
          round = state.rounds;
          onState(state);
        }
      }
      if (how === "shared") {
        passStretch();
        if (!(await rounds!.run())) return resultOf(integral, rounds, true, options);
      }
      if (performance.now() >= deadline) return resultOf(integral, rounds, true, options);
    }
  } finally {
    passStretch();
    rounds?.close();
    integral.close();
  }
}
