/**
 * An integral to a tolerance on the calling thread: at once, or in stretches of a few milliseconds between which events run.
 *
 * Role: the thread that made the context, a page's own included. Nothing here waits.
 */
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
}

export interface IntegralOptions {
  /** The value of `performance.now()` at which to end. */
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
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

/** @param deadline the value of `performance.now()` at which to end */
export function integralSync(
  context: Context,
  kernel: Kernel,
  distance: Distance | undefined,
  spec: IntegralSpec,
  deadline: number,
): IntegralResult {
  const integral = open(context, kernel, distance, spec);
  try {
    const until = deadline === Number.POSITIVE_INFINITY ? undefined : () => performance.now() >= deadline;
    const isDone = integral.compute(until);
    return { state: integral.state(), isLate: !isDone };
  } finally {
    integral.close();
  }
}

export async function integralInline(
  context: Context,
  kernel: Kernel,
  distance: Distance | undefined,
  spec: IntegralSpec,
  { deadline, signal, onState }: IntegralOptions,
): Promise<IntegralResult> {
  const integral = open(context, kernel, distance, spec);
  try {
    let shown = performance.now();
    for (;;) {
      const end = Math.min(await takeStretch(signal), deadline);
      signal?.throwIfAborted();
      context.assertOpen();
      const isDone = integral.compute(() => performance.now() >= end);
      const now = performance.now();
      if (isDone || now >= deadline) return { state: integral.state(), isLate: !isDone };
      if (onState !== undefined && now - shown >= PROGRESS_INTERVAL) {
        shown = now;
        onState(integral.state());
      }
    }
  } finally {
    passStretch();
    integral.close();
  }
}
