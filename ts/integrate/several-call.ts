/**
 * Calls of `integrate` with a box, or with several integrands.
 *
 *   one integrand, one variable    integrated as such (tolerance.ts)
 *   several of one variable        together by a rule that shares the evaluations; those that have not converged so, each by itself
 *   several variables              by a rule of regions or of random points
 *
 * Role: the thread that calls `integrate`.
 */
import { refuse, show } from "../checks.js";
import { ArgumentError } from "../errors.js";
import type { Context } from "../runtime/context.js";
import type { Kernel } from "../runtime/run.js";
import { type Distance, type IntegralResult, integralInline, integralSync } from "../runtime/run-integral.js";
import { severalInline, severalSync } from "../runtime/run-several.js";
import type { ComponentsOptions, SeveralOptions, SeveralProgress } from "../several-types.js";
import type { ToleranceOptions, ToleranceResult } from "../types.js";
import { checkCallback, checkSignal, readOptions } from "./arguments.js";
import { Handle } from "./handle.js";
import type { Integrand } from "./integrand.js";
import { poseSeveral, type SeveralProblem } from "./several.js";
import { isBox } from "./several-box.js";
import {
  type AnyResult,
  emptyOutcome,
  type Outcome,
  outcomeOf,
  progressOf,
  resultOfOne,
  shaped,
  withAlone,
} from "./several-result.js";
import { ruleOf } from "./several-rules.js";
import { isSeveral } from "./several-sources.js";
import { poseToTolerance, type ToleranceProblem, toleranceResult } from "./tolerance.js";

/** Where calls compute. */
export interface House {
  readonly context: Context;
  kernelOf(integrand: Integrand): Kernel;
  distanceOf(integrand: Integrand): Distance | undefined;
}

/** Evaluations that several integrands of one variable spend together; what has not converged by then has a singularity, or so many wiggles that it is better off alone. */
const SHARED_MAXIMUM = 100_000;

/** Whether the arguments of a call are for this file. */
export function isForSeveral(f: unknown, a: unknown): boolean {
  return isBox(a) || isSeveral(f);
}

/** What a call comes to. */
interface Call {
  readonly problem: SeveralProblem;
  /** Options for integrating one component by itself. */
  readonly scalar: ToleranceOptions;
  readonly begun: number;
  readonly compiled: number;
}

/** @param a a box, then @param b are the options; or the bounds of several integrands */
function pose(
  f: unknown,
  a: unknown,
  b: unknown,
  options: unknown,
  sync: boolean,
): Call & {
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((now: SeveralProgress) => void) | undefined;
} {
  const begun = performance.now();
  const isOverBox = isBox(a);
  const read = isOverBox
    ? readOptions<SeveralOptions>(b, sync ? "severalSync" : "several")
    : perAxis(readOptions<ComponentsOptions>(options, sync ? "componentsSync" : "components"));
  const signal = checkSignal(read.signal);
  const onProgress = checkCallback<(now: SeveralProgress) => void>("onProgress", read.onProgress);
  const problem = poseSeveral(f, isOverBox ? a : rangeOf(a, b, options), read);
  signal?.throwIfAborted();
  const [axis] = problem.axes;
  const isOne = problem.axes.length === 1;
  const scalar: ToleranceOptions = {
    relativeTolerance: problem.spec.relative,
    absoluteTolerance: problem.spec.absolute,
    maximumEvaluations: problem.spec.maximum,
    breakPoints: isOne ? axis!.breaks.filter((each) => typeof each === "number") : [],
    ...(isOne ? { scale: axis!.scale, center: axis!.center } : {}),
    effort: read.effort ?? "normal",
    parameters: read.parameters ?? {},
    relaxed: read.relaxed ?? false,
  };
  return { problem, scalar, begun, compiled: performance.now() - begun, signal, onProgress };
}

/** The options of several integrands over a range, as those over a box of one variable. */
function perAxis({ breakPoints, scale, center, variable = "x", ...rest }: ComponentsOptions): SeveralOptions {
  if (typeof variable !== "string") refuse("variable", "a name", variable);
  return {
    ...rest,
    ...(breakPoints === undefined ? {} : { breakPoints: { [variable]: breakPoints } }),
    ...(scale === undefined ? {} : { scale: { [variable]: scale } }),
    ...(center === undefined ? {} : { center: { [variable]: center } }),
  };
}

function rangeOf(a: unknown, b: unknown, options: unknown): unknown {
  for (const [name, value] of [
    ["a", a],
    ["b", b],
  ] as const) {
    if (typeof value !== "number" || Number.isNaN(value)) refuse(name, "a number, Infinity included", value);
  }
  if (Number.isFinite(a) && Number.isFinite(b) && !Number.isFinite((b as number) - (a as number))) {
    throw new ArgumentError(
      `the width b - a must be a finite number, or a bound infinite, got ${show(a)} to ${show(b)}; split the range`,
      "b",
      b,
    );
  }
  return { [(options as ComponentsOptions | undefined)?.variable ?? "x"]: [a, b] };
}

/** The problem of one component of one variable. */
function poseAlone({ problem, scalar, begun }: Call, component: number): ToleranceProblem {
  const [axis] = problem.axes;
  const given = problem.sources[component];
  const source = given instanceof Handle ? given.source : given;
  const left = problem.maximumTime - (performance.now() - begun);
  const options: ToleranceOptions = {
    ...scalar,
    ...(left === Number.POSITIVE_INFINITY ? {} : { maximumTime: Math.max(left, Number.MIN_VALUE) }),
    ...(typeof source === "string" ? { variable: axis!.name } : {}),
  };
  // Bounds of the first variable are numbers: there is none before it.
  return poseToTolerance(source, axis!.lo as number, axis!.hi as number, options);
}

/** Whether the problem has one variable, and a rule that may fail where integrating by itself does not. */
function isShared({ axes, rule }: SeveralProblem): boolean {
  return axes.length === 1 && rule === "gauss-kronrod";
}

/** Components to be integrated by themselves. */
function unfinished({ spec, shape }: SeveralProblem, { statuses, values, errors, report }: Outcome): readonly number[] {
  const all = statuses.map((_, component) => component);
  if (report.status === "converged") return [];
  if (shape !== "complex") return all.filter((component) => statuses[component] !== "converged");
  const enough = Math.max(spec.absolute, spec.relative * Math.hypot(...values)) / 2;
  const left = all.filter((component) => !(errors[component]! <= enough));
  return left.length === 0 ? all : left;
}

/** Of a complex number one part may be next to nothing: it has to be right beside the other. */
function withModulus(call: Call, { values }: Outcome): Call {
  const { problem, scalar } = call;
  if (problem.shape !== "complex") return call;
  const size = Math.max(0, ...values.filter(Number.isFinite).map(Math.abs));
  const absoluteTolerance = Math.max(problem.spec.absolute, problem.spec.relative * size) / 2;
  return { ...call, scalar: { ...scalar, absoluteTolerance } };
}

function sharedProblem(problem: SeveralProblem): SeveralProblem {
  const maximum = Math.min(problem.spec.maximum, SHARED_MAXIMUM);
  return isShared(problem) ? { ...problem, spec: { ...problem.spec, maximum } } : problem;
}

export async function integrateSeveral(
  house: House,
  f: unknown,
  a: unknown,
  b: unknown,
  options: unknown,
): Promise<AnyResult> {
  const call = pose(f, a, b, options, false);
  const { problem, begun, compiled, signal, onProgress } = call;
  house.context.assertOpen();
  const one = async (posed: ToleranceProblem): Promise<ToleranceResult> => {
    const kernel = house.kernelOf(posed.integrand);
    const run: IntegralResult = await integralInline(
      house.context,
      kernel,
      house.distanceOf(posed.integrand),
      posed.spec,
      {
        deadline: performance.now() + posed.maximumTime,
        wantsSegments: false,
        signal,
        onState: undefined,
      },
    );
    return toleranceResult(posed, run, begun, compiled);
  };
  let result: AnyResult;
  if (problem.sign === 0) result = shaped(problem, emptyOutcome(problem, begun, compiled));
  else if (isShared(problem) && problem.shape === "one") {
    result = resultOfOne(await one(poseAlone(call, 0)), problem.axes[0]!.name);
  } else {
    const shared = sharedProblem(problem);
    const run = await severalInline(house.context, house.kernelOf(problem.integrand), ruleOf(shared), {
      deadline: begun + problem.maximumTime,
      signal,
      onState: onProgress === undefined ? undefined : (state) => onProgress(progressOf(problem, state)),
    });
    let outcome = outcomeOf(shared, run, begun, compiled);
    if (isShared(problem)) {
      const alone = [];
      for (const component of unfinished(problem, outcome)) {
        alone.push({ component, result: await one(poseAlone(withModulus(call, outcome), component)) });
      }
      outcome = withAlone(outcome, alone, problem, begun);
    }
    result = shaped(problem, outcome);
  }
  onProgress?.(lastOf(result));
  return result;
}

export function integrateSeveralSync(house: House, f: unknown, a: unknown, b: unknown, options: unknown): AnyResult {
  const call = pose(f, a, b, options, true);
  const { problem, begun, compiled } = call;
  house.context.assertOpen();
  const one = (posed: ToleranceProblem): ToleranceResult => {
    const kernel = house.kernelOf(posed.integrand);
    const run = integralSync(house.context, kernel, house.distanceOf(posed.integrand), posed.spec, {
      deadline: performance.now() + posed.maximumTime,
      wantsSegments: false,
    });
    return toleranceResult(posed, run, begun, compiled);
  };
  if (problem.sign === 0) return shaped(problem, emptyOutcome(problem, begun, compiled));
  if (isShared(problem) && problem.shape === "one") return resultOfOne(one(poseAlone(call, 0)), problem.axes[0]!.name);
  const shared = sharedProblem(problem);
  const deadline = begun + problem.maximumTime;
  const run = severalSync(house.context, house.kernelOf(problem.integrand), ruleOf(shared), deadline);
  const outcome = outcomeOf(shared, run, begun, compiled);
  if (!isShared(problem)) return shaped(problem, outcome);
  const alone = unfinished(problem, outcome).map((component) => ({
    component,
    result: one(poseAlone(withModulus(call, outcome), component)),
  }));
  return shaped(problem, withAlone(outcome, alone, problem, begun));
}

function lastOf(result: AnyResult): SeveralProgress {
  const { evaluations, rounds } = result;
  if ("values" in result) return { values: result.values, errors: result.errors, evaluations, rounds };
  const { value, error } = result;
  const values = typeof value === "number" ? [value] : [value.re, value.im];
  return {
    values: Float64Array.from(values),
    errors: new Float64Array(values.length).fill(error),
    evaluations,
    rounds,
  };
}
