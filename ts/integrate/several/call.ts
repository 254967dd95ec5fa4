/**
 * Calls of `integrate` with a box, or with several integrands.
 *
 *   one integrand, one variable    integrated as such (tolerance.ts)
 *   several of one variable        together by a rule that shares the evaluations; those that have not converged so, each by itself
 *   several variables              by a rule of regions or of random points
 *
 * Role: the thread that calls `integrate`.
 */
import { refuse, show } from "../../checks.js";
import { ArgumentError } from "../../errors.js";
import { type IntegralResult, integralAsync, integralSync } from "../../quad/run-integral.js";
import { type SeveralRun, severalAsync, severalSync } from "../../quad/run-several.js";
import type { SeveralState } from "../../quad/several-rule.js";
import type { ComponentsOptions, SeveralOptions, SeveralProgress, SeveralReport } from "../../several-types.js";
import type { ToleranceOptions, ToleranceResult } from "../../types.js";
import { checkCallback, checkSignal, hasPoints, readOptions } from "../arguments.js";
import { Handle } from "../handle.js";
import type { House } from "../house.js";
import { poseToTolerance, type ToleranceProblem, toleranceResult } from "../tolerance.js";
import { isBox } from "./box.js";
import { poseSeveral, type SeveralProblem } from "./problem.js";
import { integrateProduct, planOf } from "./product.js";
import {
  type AnyResult,
  emptyOutcome,
  type Outcome,
  outcomeOf,
  progressOf,
  resultOfOne,
  shaped,
  whoComputed,
  withAlone,
} from "./result.js";
import { ruleOf } from "./rules.js";
import { isSeveral } from "./sources.js";

/** Evaluations that several integrands of one variable spend together; what has not converged by then has a singularity, or so many wiggles that it is better off alone. */
const SHARED_MAXIMUM = 100_000;
/** Relative tolerance of the factors of a product. */
const FACTOR_TOLERANCE = 1e-10;

/**
 * Rounds after which panels have been halved towards some point again and again, as towards a singularity: there the panel rule believes too much of its last panel.
 * What is within this part of its tolerance had no share in that.
 */
const LONG = 24;
const DOUBTED = 2 ** -10;

/** Whether the arguments of a call are for this file. */
export function isForSeveral(f: unknown, a: unknown, b: unknown, options: unknown): boolean {
  return isBox(a, b) || (isSeveral(f) && !hasPoints(options));
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
  const isOverBox = isBox(a, b);
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
    rule: problem.rule === "tanh-sinh" ? "tanh-sinh" : "auto",
    parameters: read.parameters ?? {},
    relaxed: read.relaxed ?? false,
    ...(problem.threads === undefined ? {} : { threads: problem.threads }),
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
  const options: ToleranceOptions = {
    ...scalar,
    maximumTime: timeLeft(problem, begun),
    ...(typeof source === "string" ? { variable: axis!.name } : {}),
  };
  // Bounds of the first variable are numbers: there is none before it.
  return poseToTolerance(source, axis!.lo as number, axis!.hi as number, options);
}

function timeLeft({ maximumTime }: SeveralProblem, begun: number): number {
  return Math.max(maximumTime - (performance.now() - begun), Number.MIN_VALUE);
}

/** Whether the problem has one variable, and so components that can be integrated by themselves. */
function isOneDimensional({ rule }: SeveralProblem): boolean {
  return rule === "gauss-kronrod" || rule === "tanh-sinh";
}

/** The components of a problem of one variable whose rule can not share. */
function nothingShared(problem: SeveralProblem, begun: number, compiled: number): Outcome {
  const outcome = emptyOutcome(problem, begun, compiled);
  const status = "budget";
  return { ...outcome, statuses: outcome.statuses.map(() => status), report: { ...outcome.report, status } };
}

/** Components to be integrated by themselves. */
function unfinished({ spec, shape }: SeveralProblem, { statuses, values, errors, report }: Outcome): readonly number[] {
  const all = statuses.map((_, component) => component);
  const isComplex = shape === "complex";
  const toleranceOf = (size: number): number => Math.max(spec.absolute, spec.relative * size);
  const tolerances = all.map((c) => toleranceOf(isComplex ? Math.hypot(...values) / 2 : Math.abs(values[c]!)));
  const share = report.rounds > LONG ? DOUBTED : 1;
  if (report.status === "converged" && share === 1) return [];
  const left = all.filter(
    (c) => (!isComplex && statuses[c] !== "converged") || !(errors[c]! <= share * tolerances[c]!),
  );
  return left.length === 0 && report.status !== "converged" ? all : left;
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
  if (!isOneDimensional(problem)) return problem;
  const maximum = Math.min(problem.spec.maximum, SHARED_MAXIMUM);
  return { ...problem, spec: { ...problem.spec, maximum } };
}

/** How a call is computed: the same steps, at once or in stretches. */
type Steps = Generator<
  { readonly alone: ToleranceProblem } | { readonly together: SeveralProblem },
  AnyResult,
  IntegralResult | SeveralRun
>;

function* steps(call: Call): Steps {
  const { problem, begun, compiled } = call;
  if (problem.sign === 0) return shaped(problem, emptyOutcome(problem, begun, compiled));
  const byItself = function* (
    of: Call,
    component: number,
  ): Generator<{ alone: ToleranceProblem }, ToleranceResult, IntegralResult | SeveralRun> {
    const alone = poseAlone(of, component);
    return toleranceResult(alone, (yield { alone }) as IntegralResult, begun, compiled);
  };
  if (problem.shape === "one" && isOneDimensional(problem)) {
    return resultOfOne(yield* byItself(call, 0), problem.axes[0]!.name);
  }
  const product = yield* byProduct(call);
  if (product !== undefined) return product;
  const together = sharedProblem(problem);
  const outcome =
    problem.rule === "tanh-sinh"
      ? nothingShared(problem, begun, compiled)
      : outcomeOf(together, (yield { together }) as SeveralRun, begun, compiled);
  if (!isOneDimensional(problem)) return shaped(problem, outcome);
  const alone = [];
  for (const component of unfinished(problem, outcome)) {
    alone.push({ component, result: yield* byItself(withModulus(call, outcome), component) });
  }
  return shaped(problem, withAlone(outcome, alone, problem, begun));
}

/** By integrals in one dimension, where the text shows that the integrand is made of products. */
function* byProduct({
  problem,
  scalar,
  begun,
  compiled,
}: Call): Generator<{ alone: ToleranceProblem }, AnyResult | undefined, IntegralResult | SeveralRun> {
  const plan = planOf(problem);
  if (plan === undefined) return undefined;
  const relativeTolerance = Math.min(FACTOR_TOLERANCE, problem.spec.relative / (4 * problem.axes.length));
  const { spec, threads } = problem;
  const { effort = "normal" } = scalar;
  const all = integrateProduct(plan, problem, ({ breaks, scale, center }, parameters) => ({
    relativeTolerance,
    maximumEvaluations: spec.maximum,
    maximumTime: timeLeft(problem, begun),
    breakPoints: breaks as readonly number[],
    scale,
    center,
    effort,
    parameters,
    ...(threads === undefined ? {} : { threads }),
  }));
  const factors: ToleranceResult[] = [];
  let step = all.next();
  while (!step.done) {
    const result = toleranceResult(step.value, (yield { alone: step.value }) as IntegralResult, begun, compiled);
    factors.push(result);
    step = all.next(result);
  }
  const state = step.value;
  if (state === undefined) return undefined;
  const run = { state, isLate: false, threads: 0, restarts: 0, startup: 0, whyAlone: "there was nothing to compute" };
  const outcome = outcomeOf(problem, run, begun, compiled);
  const report: SeveralReport = {
    ...outcome.report,
    ...whoComputed(factors.length > 0 ? factors : [outcome.report]),
    startup: Math.max(compiled, ...factors.map(({ startup }) => startup)),
    rule: "product",
  };
  return shaped(problem, { ...outcome, report });
}

export async function integrateSeveral(
  house: House,
  f: unknown,
  a: unknown,
  b: unknown,
  options: unknown,
): Promise<AnyResult> {
  const call = pose(f, a, b, options, false);
  const { problem, begun, signal, onProgress } = call;
  const { context } = house;
  context.assertOpen();
  const onState = (state: SeveralState): void => onProgress?.(progressOf(problem, state));
  const all = steps(call);
  let step = all.next();
  while (!step.done) {
    if ("alone" in step.value) {
      const { alone } = step.value;
      const run = {
        deadline: performance.now() + alone.maximumTime,
        wantsSegments: false,
        sharing: house.sharingOf(alone, false),
        signal,
        onState: undefined,
      };
      step = all.next(await integralAsync(context, house.taskOf(alone), run));
    } else {
      const { integrand, maximumTime } = step.value.together;
      const sharing = house.sharingOf(step.value.together, false);
      const run = { deadline: begun + maximumTime, sharing, signal, onState: onProgress && onState };
      step = all.next(await severalAsync(context, house.kernelOf(integrand), ruleOf(step.value.together), run));
    }
  }
  onProgress?.(lastOf(step.value));
  return step.value;
}

export function integrateSeveralSync(house: House, f: unknown, a: unknown, b: unknown, options: unknown): AnyResult {
  const call = pose(f, a, b, options, true);
  const { context } = house;
  context.assertOpen();
  const all = steps(call);
  let step = all.next();
  while (!step.done) {
    if ("alone" in step.value) {
      const { alone } = step.value;
      const now = performance.now();
      const sharing = house.sharingOf(alone, true);
      const run = { deadline: now + alone.maximumTime, wantsSegments: false, sharing };
      step = all.next(integralSync(context, house.taskOf(alone), run, now));
    } else {
      const { integrand, maximumTime } = step.value.together;
      const run = { deadline: call.begun + maximumTime, sharing: house.sharingOf(step.value.together, true) };
      step = all.next(severalSync(context, house.kernelOf(integrand), ruleOf(step.value.together), run));
    }
  }
  return step.value;
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
