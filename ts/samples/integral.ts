/**
 * The integral of samples: what has to be summed, and the result from the sums.
 *
 * Role: any thread.
 */
import type { DoubleDouble } from "../integrate/double-double.js";
import { type Problem, refuseOrder } from "./arguments.js";
import { reduceSlots } from "./chunks.js";
import { type Estimate, estimateEqual, estimateRomberg, estimateSpaced, levelsOfPass } from "./rules.js";
import type { SamplesResult } from "./types.js";
import { type Work, widthOf } from "./work.js";

/** Share of the value that the error never falls below: some roundings of sums and of the spacing. */
const ROUND_OFF = 2 ** -50;

/** Asks for slots, work by work, and makes an estimate of them. @throws {ArgumentError} x is not in order */
export function* integralOf(problem: Problem): Generator<Work, Estimate, Float64Array> {
  const { y, x, rule, dx } = problem;
  const m = y.length - 1;
  if (m === 0) return { value: 0 * (y[0] as number), difference: 0 };
  if (rule === "romberg") {
    const levels: DoubleDouble[] = [];
    for (let stride = 1; stride <= m; stride *= 8) {
      levels.push(...levelsOfPass(yield* sumsOf({ kind: "equal", y, stride, count: m / stride + 1 }), y, m, stride));
    }
    return estimateRomberg(levels.reverse(), dx);
  }
  if (x === null) return estimateEqual(rule, yield* sumsOf({ kind: "equal", y, stride: 1, count: m + 1 }), y, m, dx);

  const { order } = problem;
  const count = m - (m % 2);
  const withCoarse = rule === "simpson";
  const sums = yield* sumsOf({ kind: "spaced", x, y, order, withCoarse, count });
  const [t, c, q, r, faults] = sums as [DoubleDouble, DoubleDouble, DoubleDouble, DoubleDouble, DoubleDouble];
  // The last interval, if it has no pair, is in no chunk.
  const last = order.direction * ((x[m] as number) - (x[m - 1] as number));
  if (faults[0] !== 0 || !(last >= order.least)) refuseOrder(x, order);
  return estimateSpaced(rule, [t, c, q, r], x, y, m);
}

function* sumsOf(work: Work): Generator<Work, DoubleDouble[], Float64Array> {
  return reduceSlots(yield work, widthOf(work));
}

/** Who computed, and why. */
export type Effort = Pick<SamplesResult, "threads" | "mode" | "modeReason" | "restarts">;

export function resultOf({ y, rule }: Problem, estimate: Estimate, effort: Effort, begun: number): SamplesResult {
  const { value, difference } = estimate;
  const finite = Number.isFinite(value);
  const error = difference === null ? Number.POSITIVE_INFINITY : difference + ROUND_OFF * Math.abs(value);
  const nonFinite = finite ? null : searchNonFinite(y);
  return {
    value: finite ? value : Number.NaN,
    error: finite && !Number.isNaN(error) ? error : Number.POSITIVE_INFINITY,
    status: finite ? "done" : "not-finite",
    reason: finite ? "all samples were used" : reasonOf(nonFinite),
    nonFinite,
    samples: y.length,
    rule,
    ...effort,
    elapsed: performance.now() - begun,
  };
}

function reasonOf(nonFinite: SamplesResult["nonFinite"]): string {
  if (nonFinite === null) return "the sum of the samples is larger than a double can hold";
  const { count, index } = nonFinite;
  return count === 1 ? `y[${index}] is not finite` : `${count} samples are not finite, the first is y[${index}]`;
}

function searchNonFinite(y: Float64Array): SamplesResult["nonFinite"] {
  let count = 0;
  let index = -1;
  for (let i = 0; i < y.length; i++) {
    if (Number.isFinite(y[i])) continue;
    if (count === 0) index = i;
    count++;
  }
  return count === 0 ? null : { count, index };
}
