/**
 * From what a rule in several variables came to, to the result of the call.
 */
import type { SeveralRun } from "../../quad/run-several.js";
import type { SeveralState } from "../../quad/several-rule.js";
import type {
  ComplexResult,
  ComponentsResult,
  SeveralProgress,
  SeveralReport,
  SeveralResult,
} from "../../several-types.js";
import type { ToleranceResult, ToleranceStatus } from "../../types.js";
import { reasonOfMode } from "../tolerance.js";
import type { SeveralProblem } from "./problem.js";

/** A result of any shape. */
export type AnyResult = SeveralResult | ComponentsResult | ComplexResult;

/** What there is at last, by component. */
export interface Outcome {
  readonly values: Float64Array;
  readonly errors: Float64Array;
  readonly statuses: readonly ToleranceStatus[];
  readonly alone: readonly number[];
  readonly report: SeveralReport;
}

/** Values and errors so far, for whoever looks on. */
export function progressOf({ sign }: SeveralProblem, state: SeveralState): SeveralProgress {
  return {
    values: Float64Array.from(state.values, (value) => sign * value),
    errors: Float64Array.from(state.errors),
    evaluations: state.evaluations,
    rounds: state.rounds,
  };
}

/** What the rule came to. */
export function outcomeOf(problem: SeveralProblem, run: SeveralRun, begun: number, compiled: number): Outcome {
  const { state, isLate } = run;
  const { spec, sign } = problem;
  const status = state.status === "computing" ? "budget" : state.status;
  const isLost = status === "not-finite" || status === "divergent";
  // What one component did not reach, another may have.
  const statuses = state.values.map((value, c): ToleranceStatus => {
    if (status === "converged" || spec.isComplex || isLost) return status;
    return state.errors[c]! <= Math.max(spec.absolute, spec.relative * Math.abs(value)) ? "converged" : status;
  });
  const values = Float64Array.from(state.values, (value) => (isLost ? Number.NaN : sign * value));
  const errors = Float64Array.from(state.errors, (error, c) => (Number.isNaN(values[c]!) ? Infinity : error));
  return {
    values,
    errors,
    statuses,
    alone: [],
    report: {
      status,
      reason: reasonOf(status, problem, run, isLate),
      evaluations: state.evaluations,
      panels: state.regions,
      rounds: state.rounds,
      l1: state.l1,
      nonFinite: nonFiniteOf(problem, state),
      rule: state.rule ?? problem.rule,
      integrand: problem.integrand.use,
      threads: Math.max(1, run.threads),
      mode: run.threads > 0 ? "threads" : "inline",
      modeReason: run.whyAlone ?? reasonOfMode(run.threads),
      restarts: run.restarts,
      elapsed: performance.now() - begun,
      startup: compiled + run.startup,
      relaxed: problem.integrand.relaxed,
    },
  };
}

function nonFiniteOf(
  { integrand, spec, axes }: SeveralProblem,
  { nonFinite }: SeveralState,
): SeveralReport["nonFinite"] {
  if (nonFinite === null || nonFinite.point === null) return nonFinite as null;
  const place = integrand.place(nonFinite.point, spec.parameters);
  return { count: nonFinite.count, point: Object.fromEntries(axes.map(({ name }, k) => [name, place[k]!])) };
}

function reasonOf(status: ToleranceStatus, problem: SeveralProblem, { state }: SeveralRun, isLate: boolean): string {
  switch (status) {
    case "converged":
      return "the estimate of the error is within the tolerance";
    case "round-off-limit":
      return "rounding is all that is left of the error, and it is more than the tolerance";
    case "tolerance-not-reached":
      return "what keeps the error cannot be approached any further; pass the planes where it stands as `breakPoints`";
    case "divergent":
      return "the integral of |f| towards some place does not get smaller";
    case "not-finite": {
      const found = nonFiniteOf(problem, state);
      if (found === null) return "the integral of |f| is larger than a double can hold";
      const times = found.count === 1 ? "once" : `${found.count} times`;
      if (found.point === null) return `a value was not finite ${times}`;
      const place = Object.entries(found.point).map(([name, x]) => `${name} = ${x}`);
      return `a value was not finite ${times}, ${found.count === 1 ? "at" : "first at"} ${place.join(", ")}`;
    }
    case "budget":
      return isLate
        ? `the time is over: ${problem.maximumTime} ms`
        : `${state.evaluations} evaluations are made, and more than ${problem.spec.maximum} are not allowed`;
  }
}

/** A range is empty: nothing is evaluated. */
export function emptyOutcome(problem: SeveralProblem, begun: number, compiled: number): Outcome {
  const { components } = problem.spec;
  const state: SeveralState = {
    status: "converged",
    values: new Array(components).fill(0),
    errors: new Array(components).fill(0),
    l1: 0,
    evaluations: 0,
    rounds: 0,
    regions: 0,
    nonFinite: null,
  };
  const run = { state, isLate: false, threads: 0, restarts: 0, startup: 0, whyAlone: "there was nothing to compute" };
  const outcome = outcomeOf({ ...problem, sign: 1 }, run, begun, compiled);
  return { ...outcome, report: { ...outcome.report, reason: "a range is empty: its bounds are equal" } };
}

/** Who computed what was computed in several goes. */
export function whoComputed(
  goes: readonly Pick<SeveralReport, "threads" | "mode" | "modeReason" | "restarts">[],
): Pick<SeveralReport, "threads" | "mode" | "modeReason" | "restarts"> {
  const restarts = goes.reduce((sum, go) => sum + go.restarts, 0);
  const most = goes.reduce((best, go) =>
    (go.mode === best.mode ? go.threads > best.threads : go.mode === "threads") ? go : best,
  );
  return { threads: most.threads, mode: most.mode, modeReason: most.modeReason, restarts };
}

/** The outcome with some components integrated once more, each by itself. */
export function withAlone(
  outcome: Outcome,
  alone: readonly { readonly component: number; readonly result: ToleranceResult }[],
  problem: SeveralProblem,
  begun: number,
): Outcome {
  if (alone.length === 0) return outcome;
  const values = outcome.values.slice();
  const errors = outcome.errors.slice();
  const statuses = [...outcome.statuses];
  let { evaluations, panels, rounds, nonFinite } = outcome.report;
  // Of those that have converged together only the value is known for sure.
  const apart = new Set(alone.map(({ component }) => component));
  const l1 = alone.reduce(
    (sum, { result }) => sum + result.l1,
    outcome.values.reduce((sum, value, c) => (apart.has(c) ? sum : sum + Math.abs(value)), 0),
  );
  for (const { component, result } of alone) {
    values[component] = result.value;
    errors[component] = result.error;
    statuses[component] = result.status;
    evaluations += result.evaluations;
    panels += result.panels;
    rounds += result.rounds;
    if (nonFinite === null && result.nonFinite !== null) {
      nonFinite = { count: result.nonFinite.count, point: { [problem.axes[0]!.name]: result.nonFinite.x } };
    }
  }
  const { shape, spec } = problem;
  const modulus = Math.hypot(...values);
  const error = Math.hypot(...errors);
  // Of a complex number the modulus counts: a part may be small beside the other.
  const isEnough = shape === "complex" && error <= Math.max(spec.absolute, spec.relative * modulus);
  const first = isEnough ? -1 : statuses.findIndex((each) => each !== "converged");
  const found = alone.find(({ component }) => component === first)?.result;
  const reason =
    first < 0
      ? "the estimate of the error is within the tolerance"
      : `integrand ${first}: ${found?.reason ?? outcome.report.reason}`;
  return {
    values,
    errors,
    statuses,
    alone: alone.map(({ component }) => component),
    report: {
      ...outcome.report,
      // Those by themselves first: nothing may have been computed together.
      ...whoComputed([...alone.map(({ result }) => result), outcome.report]),
      status: first < 0 ? "converged" : statuses[first]!,
      reason,
      evaluations,
      panels,
      rounds,
      l1,
      nonFinite,
      elapsed: performance.now() - begun,
    },
  };
}

/** In the shape of what was asked. */
export function shaped({ shape }: SeveralProblem, { values, errors, statuses, alone, report }: Outcome): AnyResult {
  switch (shape) {
    case "one":
      return { value: values[0]!, error: errors[0]!, ...report };
    case "list":
      return { values, errors, statuses, alone, ...report };
    case "complex": {
      // The rule's estimates are of the parts.
      const error = values.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.hypot(errors[0]!, errors[1]!);
      return { value: { re: values[0]!, im: values[1]! }, error, alone, ...report };
    }
  }
}

/** One integrand of one variable, integrated as such. */
export function resultOfOne(result: ToleranceResult, variable: string): SeveralResult {
  const { nonFinite, suspects: _, segments: __, ...rest } = result;
  return {
    ...rest,
    nonFinite: nonFinite === null ? null : { count: nonFinite.count, point: { [variable]: nonFinite.x } },
  };
}
