/**
 * From what a job came to, to the result of the call.
 */
import type { JobSums } from "../runtime/core/job.js";
import type { RunResult } from "../runtime/jobs/run.js";
import type { IntegrateResult } from "../types.js";
import { scaleSum } from "./plan.js";
import type { Problem } from "./problem.js";

/** Who computes, and why. */
export interface Choice {
  readonly threads: number;
  readonly inline: boolean;
  readonly reason: string;
}

/** Share of the value that the error estimate never falls below: some roundings of sums, steps and nodes. */
const ROUND_OFF = 2 ** -50;

/** Value and error from the sums; docs/numerics.md derives the estimate. */
function valueAndError(problem: Problem, sums: JobSums): { value: number; error: number } {
  const { fine, coarse } = problem.spec;
  const value = problem.sign * scaleSum(sums.fine, fine);
  if (coarse === null) return { value, error: Number.POSITIVE_INFINITY };
  const difference = Math.abs(problem.sign * scaleSum(sums.coarse, coarse) - value);
  const error = difference / (fine.panels / coarse.panels - 1) + ROUND_OFF * Math.abs(value);
  return { value, error: Number.isNaN(error) ? Number.POSITIVE_INFINITY : error };
}

export function resultOf(
  problem: Problem,
  choice: Choice,
  run: RunResult,
  begun: number,
  compiled: number,
): IntegrateResult {
  const { sums } = run;
  const { value, error } = valueAndError(problem, sums);
  const finite = sums.nonFinite === null && Number.isFinite(value);
  const reason = finite
    ? "all panels were evaluated"
    : sums.nonFinite !== null
      ? `f(x) was not finite ${sums.nonFinite.count === 1 ? "once, at" : `${sums.nonFinite.count} times, first at`} x = ${sums.nonFinite.x}`
      : "the sum of the values is larger than a double can hold";
  return {
    value: finite ? value : Number.NaN,
    error: finite ? error : Number.POSITIVE_INFINITY,
    status: finite ? "done" : "not-finite",
    reason,
    nonFinite: sums.nonFinite,
    evaluations: problem.evaluations,
    integrand: problem.integrand.use,
    threads: run.threads,
    mode: choice.inline ? "inline" : "threads",
    modeReason: choice.reason,
    restarts: run.restarts,
    elapsed: performance.now() - begun,
    startup: compiled + run.startup,
    points: problem.points,
    rule: problem.rule,
    relaxed: problem.integrand.relaxed,
  };
}

/** a = b: nothing is evaluated. */
export function emptyResult(problem: Problem, begun: number, compiled: number): IntegrateResult {
  return {
    value: 0,
    error: 0,
    status: "done",
    reason: "the bounds are equal",
    nonFinite: null,
    evaluations: 0,
    integrand: problem.integrand.use,
    threads: 1,
    mode: "inline",
    modeReason: "there was nothing to compute",
    restarts: 0,
    elapsed: performance.now() - begun,
    startup: compiled,
    points: problem.points,
    rule: problem.rule,
    relaxed: problem.integrand.relaxed,
  };
}
