/**
 * Integrals to a tolerance: from the arguments of a call to what the core is asked, and from what came of that to the result of the call.
 */
import { checkFlag, checkWhole, refuse, show } from "../checks.js";
import { ArgumentError } from "../errors.js";
import type { IntegralSpec, IntegralState } from "../quad/integral.js";
import type { IntegralResult } from "../quad/run-integral.js";
import type { Effort, Segments, Suspect, ToleranceOptions, ToleranceResult, ToleranceStatus } from "../types.js";
import { checkList, checkThreads } from "./arguments.js";
import type { Integrand } from "./integrand.js";
import { checkPoles, type Window, windowsOf, withoutPoles } from "./poles.js";
import { prepare } from "./problem.js";
import { suspectsOf } from "./suspects.js";

/** Panels of the first pass. */
const EFFORTS: Readonly<Record<Effort, number>> = { fast: 1, normal: 64, careful: 1024, paranoid: 8192 };

const RELATIVE_DEFAULT = 1e-10;
const EVALUATIONS_DEFAULT = 1_000_000;
/** A panel takes 72 bytes and 21 evaluations: this is 3 GB. */
const EVALUATIONS_MAXIMUM = 1e9;
const BREAKS_MAXIMUM = 10_000;
const NO_POINTS: readonly number[] = [];
const NO_SUSPECTS: readonly Suspect[] = Object.freeze([]);
const NO_WINDOWS: readonly Window[] = [];
const NOTHING = new Float64Array(0);
const NO_SEGMENTS: Segments = { lo: NOTHING, hi: NOTHING, value: NOTHING, error: NOTHING };

/** What a call comes to before anything is computed. */
export interface ToleranceProblem {
  readonly integrand: Integrand;
  readonly spec: IntegralSpec;
  /** -1 when the bounds came in descending order. */
  readonly sign: number;
  /** Milliseconds that it may take. */
  readonly maximumTime: number;
  readonly wantsSegments: boolean;
  readonly threads: number | undefined;
}

/** @param options as `readOptions` gave them; @throws as `prepare`, and {ArgumentError} */
export function poseToTolerance(f: unknown, a: number, b: number, options: ToleranceOptions): ToleranceProblem {
  checkRange(a, b);
  const relative = checkTolerance("relativeTolerance", options.relativeTolerance, RELATIVE_DEFAULT);
  const absolute = checkTolerance("absoluteTolerance", options.absoluteTolerance, 0);
  const maximum = checkBudget(options.maximumEvaluations, EVALUATIONS_DEFAULT);
  const maximumTime = checkTime(options.maximumTime);
  const first = checkEffort(options.effort);
  checkFlag("segments", options.segments);
  const threads = checkThreads(options.threads);
  const rule = checkRule(options.rule);
  const scale = checkPositive("scale", options.scale, 1);
  const center = checkCenter(options.center);
  const lo = Math.min(a, b);
  const hi = Math.max(a, b);
  const given = checkBreaks(options.breakPoints, lo, hi);
  const { integrand, parameters } = prepare(f, options);
  const corners = withCorners(given, integrand.corners?.(parameters, lo, hi) ?? NO_POINTS, lo, hi);
  const poles = checkPoles(options.principalValue, lo, hi);
  if (poles.length > 0 && rule === "tanh-sinh") {
    throw new ArgumentError(
      'expected the rule "auto" or "gauss-kronrod" with `principalValue`, got "tanh-sinh"',
      "rule",
      options.rule,
    );
  }
  const { breaks, windows } =
    poles.length === 0 ? { breaks: corners, windows: NO_WINDOWS } : cutOut(poles, corners, lo, hi, scale);
  return {
    integrand: integrand.toTolerance ?? integrand,
    spec: { lo, hi, relative, absolute, scale, center, maximum, first, parameters, breaks, rule, poles: windows },
    sign: a > b ? -1 : 1,
    maximumTime,
    wantsSegments: options.segments === true,
    threads,
  };
}

/** The windows of poles, and the breaks with their ends. */
function cutOut(poles: readonly number[], corners: readonly number[], lo: number, hi: number, scale: number) {
  const others = withoutPoles(corners, poles);
  const windows = windowsOf(poles, others, lo, hi, scale);
  const ends = windows.flatMap(({ center, half }) => [center - half, center + half]);
  const breaks = [...new Set([...others, ...ends])].filter((point) => point > lo && point < hi);
  return { breaks: breaks.sort((one, other) => one - other), windows };
}

export function checkRange(a: unknown, b: unknown): void {
  checkBound("a", a);
  checkBound("b", b);
  const isBounded = Number.isFinite(a) && Number.isFinite(b);
  if (isBounded && !Number.isFinite((b as number) - (a as number))) {
    throw new ArgumentError(
      `the width b - a must be a finite number, or a bound infinite, got ${show(a)} to ${show(b)}; split the range`,
      "b",
      b,
    );
  }
}

function checkBound(name: string, value: unknown): void {
  if (typeof value !== "number" || Number.isNaN(value)) refuse(name, "a number, Infinity included", value);
}

export function checkTolerance(name: string, value: unknown, usual: number): number {
  if (value === undefined) return usual;
  if (typeof value !== "number" || !(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    refuse(name, "a number from 0 up", value);
  }
  return value;
}

/** Evaluations that may be spent. */
export function checkBudget(maximum: unknown, usual: number): number {
  if (maximum === undefined) return usual;
  checkWhole("maximumEvaluations", maximum, 1, EVALUATIONS_MAXIMUM);
  return maximum as number;
}

/** Milliseconds that a call may take. */
export function checkTime(milliseconds: unknown = Number.POSITIVE_INFINITY): number {
  if (typeof milliseconds !== "number" || !(milliseconds > 0)) {
    refuse("maximumTime", "a positive number of milliseconds", milliseconds);
  }
  return milliseconds;
}

function checkPositive(name: string, value: unknown, usual: number): number {
  if (value === undefined) return usual;
  if (typeof value !== "number" || !(value > 0 && value < Number.POSITIVE_INFINITY)) {
    refuse(name, "a positive number", value);
  }
  return value;
}

function checkCenter(center: unknown = 0): number {
  if (typeof center !== "number" || !Number.isFinite(center)) refuse("center", "a finite number", center);
  return center;
}

/** @returns panels of the first pass */
export function checkEffort(effort: unknown = "normal"): number {
  if (typeof effort !== "string" || !Object.hasOwn(EFFORTS, effort)) {
    refuse("effort", Object.keys(EFFORTS).map(show).join(", "), effort);
  }
  return EFFORTS[effort as Effort];
}

function checkRule(rule: unknown = "auto"): IntegralSpec["rule"] {
  if (rule === "auto" || rule === "gauss-kronrod") return "gauss-kronrod";
  if (rule === "tanh-sinh") return rule;
  refuse(
    "rule",
    '"auto", "gauss-kronrod" or "tanh-sinh"',
    rule,
    "rules of a fixed number of panels need the option `points`",
  );
}

/** Ascending, each once, those between the bounds. */
function checkBreaks(breakPoints: unknown, lo: number, hi: number): readonly number[] {
  if (breakPoints === undefined) return NO_POINTS;
  const list = checkList("breakPoints", breakPoints, BREAKS_MAXIMUM, "numbers").map((point, index) => {
    if (typeof point !== "number" || Number.isNaN(point)) refuse(`breakPoints[${index}]`, "a number", point);
    return point;
  });
  const within = list.filter((point) => point > lo && point < hi).sort((one, other) => one - other);
  return within.filter((point, index) => point !== within[index - 1]);
}

/** Where the range is cut: at break points that lie in it, and at corners. */
export function breakPointsFor(
  integrand: Integrand,
  breakPoints: unknown,
  parameters: readonly number[],
  lo: number,
  hi: number,
): readonly number[] {
  const corners = integrand.corners?.(parameters, lo, hi) ?? NO_POINTS;
  if (breakPoints === undefined && corners.length === 0) return NO_POINTS;
  return withCorners(checkBreaks(breakPoints, lo, hi), corners, lo, hi);
}

/** Points closer than this, in units of themselves, are one: between them there would be no room for a panel. */
const NEIGHBOURS = 2 ** -36;
const CORNERS_MAXIMUM = 256;

/** Break points, with those corners that are not near one of them, nor an end, nor each other. */
export function withCorners(
  given: readonly number[],
  corners: readonly number[],
  lo: number,
  hi: number,
): readonly number[] {
  if (corners.length === 0 || corners.length > CORNERS_MAXIMUM) return given;
  const all = [...given];
  const isNear = (one: number, other: number): boolean =>
    Number.isFinite(other) && Math.abs(one - other) <= NEIGHBOURS * Math.max(Math.abs(one), Math.abs(other));
  for (const corner of [...corners].sort((one, other) => one - other)) {
    if (isNear(corner, lo) || isNear(corner, hi) || all.some((point) => isNear(point, corner))) continue;
    all.push(corner);
  }
  return all.sort((one, other) => one - other);
}

/** Why rounds were shared, or none was. @param threads that computed those that were */
export function reasonOfMode(threads: number): string {
  if (threads === 0) return "no round of it was long enough to share";
  const long = "rounds of it were long enough to share";
  return threads === 1 ? `${long}, and one thread came to all of them` : long;
}

export function toleranceResult(
  problem: ToleranceProblem,
  { state, isLate, segments, whyAlone, threads, restarts, startup }: IntegralResult,
  begun: number,
  compiled: number,
): ToleranceResult {
  const status = state.status === "computing" ? "budget" : state.status;
  const isLost = status === "not-finite" || status === "divergent";
  const result: ToleranceResult = {
    value: isLost ? Number.NaN : problem.sign * state.value,
    error: isLost || Number.isNaN(state.value) ? Number.POSITIVE_INFINITY : state.error,
    status,
    reason: reasonOf(status, state, problem, isLate),
    evaluations: state.evaluations,
    panels: state.panels,
    rounds: state.rounds,
    l1: state.l1,
    nonFinite: state.nonFinite,
    suspects: status === "converged" || segments === undefined ? NO_SUSPECTS : suspectsOf(segments),
    rule: problem.spec.rule,
    integrand: problem.integrand.use,
    threads: Math.max(1, threads),
    mode: threads > 0 ? "threads" : "inline",
    modeReason: whyAlone ?? reasonOfMode(threads),
    restarts,
    elapsed: performance.now() - begun,
    startup: compiled + startup,
    relaxed: problem.integrand.relaxed,
  };
  return problem.wantsSegments ? { ...result, segments: signed(segments ?? NO_SEGMENTS, problem.sign) } : result;
}

function signed(segments: Segments, sign: number): Segments {
  return sign > 0 ? segments : { ...segments, value: segments.value.map((each) => sign * each) };
}

/** Positive and negative parts that cancel this far leave fewer digits than the usual tolerance asks for. */
const SMALL_BESIDE = 1e-3;

function reasonOf(
  status: ToleranceStatus,
  { value, l1, nonFinite, evaluations }: IntegralState,
  { spec, maximumTime }: ToleranceProblem,
  isLate: boolean,
): string {
  switch (status) {
    case "converged":
      return "the estimate of the error is within the tolerance";
    case "round-off-limit":
      return Math.abs(value) < SMALL_BESIDE * l1
        ? "rounding is all that is left of the error; the integral is small beside that of |f|: give it an `absoluteTolerance`"
        : "rounding is all that is left of the error, and it is more than the tolerance";
    case "tolerance-not-reached":
      return "what keeps the error stands at a point that cannot be approached any further; pass it as one of `breakPoints`";
    case "divergent":
      return "the integral of |f| towards some point does not get smaller";
    case "not-finite":
      return nonFinite === null
        ? "the integral of |f| is larger than a double can hold"
        : `f(x) was not finite ${nonFinite.count === 1 ? "once, at" : `${nonFinite.count} times, first at`} x = ${nonFinite.x}`;
    case "budget":
      return isLate
        ? `the time is over: ${maximumTime} ms`
        : `${evaluations} evaluations are made, and more than ${spec.maximum} are not allowed`;
  }
}

/** a = b: nothing is evaluated. */
export function emptyTolerance(problem: ToleranceProblem, begun: number, compiled: number): ToleranceResult {
  const nothing = { value: 0, error: 0, l1: 0, evaluations: 0, rounds: 0, panels: 0, nonFinite: null };
  const state = { ...nothing, status: "converged" } as const;
  const whyAlone = "there was nothing to compute";
  const run = { state, isLate: false, segments: undefined, whyAlone, threads: 0, restarts: 0, startup: 0 };
  const result = toleranceResult(problem, run, begun, compiled);
  return { ...result, value: 0, reason: "the bounds are equal" };
}
