/**
 * An integral to a tolerance on the calling thread: at once, or in stretches of a few milliseconds between which events run.
 *
 * Role: the thread that made the context, a page's own included. Nothing here waits.
 */
import type { Segments } from "../types.js";
import type { Context } from "./context.js";
import { Integral, type IntegralSpec, type IntegralState, type Runs } from "./integral.js";
import { type Kernel, PROGRESS_INTERVAL } from "./run.js";
import { passStretch, takeStretch } from "./stretch.js";

/** Makes the form of the integrand in the distance from a point. */
export type Distance = () => { readonly kernel: Kernel; readonly isBetterAtZero: boolean };

export interface IntegralResult {
  readonly state: IntegralState;
  /** Whether it was ended by the time. */
  readonly isLate: boolean;
  /** How the range was cut: if that was wanted, or the integral has not converged. */
  readonly segments: Segments | undefined;
}

export interface IntegralOptions {
  /** The value of `performance.now()` at which to end. */
  readonly deadline: number;
  readonly wantsSegments: boolean;
  readonly signal: AbortSignal | undefined;
  /** Called after rounds, not too often. */
  readonly onState: ((state: IntegralState) => void) | undefined;
}

function open(context: Context, kernel: Kernel, distance: Distance | undefined, spec: IntegralSpec): Integral {
  context.assertOpen();
  const runsOf = ({ number, module, given }: Kernel): Runs => context.drivers.get(number, () => module, given).runs;
  return new Integral(context.heap, spec, {
    runs: runsOf(kernel),
    distance:
      distance === undefined
        ? undefined
        : () => {
            const { kernel: other, isBetterAtZero } = distance();
            return { runs: runsOf(other), isBetterAtZero };
          },
  });
}

function resultOf(integral: Integral, isLate: boolean, wantsSegments: boolean): IntegralResult {
  const state = integral.state();
  return { state, isLate, segments: wantsSegments || state.status !== "converged" ? integral.segments() : undefined };
}

export function integralSync(
  context: Context,
  kernel: Kernel,
  distance: Distance | undefined,
  spec: IntegralSpec,
  { deadline, wantsSegments }: Pick<IntegralOptions, "deadline" | "wantsSegments">,
): IntegralResult {
  const integral = open(context, kernel, distance, spec);
  try {
    const until = deadline === Number.POSITIVE_INFINITY ? undefined : () => performance.now() >= deadline;
    const isDone = integral.compute(until);
    return resultOf(integral, !isDone, wantsSegments);
  } finally {
    integral.close();
  }
}

export async function integralInline(
  context: Context,
  kernel: Kernel,
  distance: Distance | undefined,
  spec: IntegralSpec,
  { deadline, wantsSegments, signal, onState }: IntegralOptions,
): Promise<IntegralResult> {
  const integral = open(context, kernel, distance, spec);
  try {
    let shown = performance.now();
    let round = 0;
    for (;;) {
      const end = Math.min(await takeStretch(signal), deadline);
      signal?.throwIfAborted();
      context.assertOpen();
      const isDone = integral.compute(() => performance.now() >= end);
      const now = performance.now();
      if (isDone || now >= deadline) return resultOf(integral, !isDone, wantsSegments);
      if (onState === undefined || now - shown < PROGRESS_INTERVAL) continue;
      const state = integral.state();
      if (state.rounds === round) continue;
      shown = now;
      round = state.rounds;
      onState(state);
    }
  } finally {
    passStretch();
    integral.close();
  }
}
