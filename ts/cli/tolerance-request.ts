/**
 * What was typed of an integral to a tolerance -> what is to be computed.
 *
 * An integral is computed to a tolerance where something that was typed makes no sense otherwise: an option of that group, a rule, an infinite bound. Without any of these
 * there are panels, as there were before there were tolerances.
 */
import { ArgumentError } from "../errors.js";
import type { Effort, ToleranceOptions } from "../types.js";
import type { Typed } from "./arguments.js";
import { readConstant } from "./constants.js";
import type { Library } from "./library.js";
import { checkPlot, readParameters, USUAL } from "./request.js";
import { isToleranceRule, readRule, TOLERANCE_RULES } from "./rule.js";
import { split } from "./split.js";

export interface ToleranceRequest {
  readonly expression: string;
  readonly variable: string;
  readonly a: number;
  readonly b: number;
  readonly options: ToleranceOptions;
  readonly json: boolean;
  /** Whether the terminal shows how the range was cut. */
  readonly segments: boolean;
  readonly plot: string | undefined;
  readonly progress: boolean | undefined;
}

/** @returns what was typed that asks for a tolerance, to be named in a message; undefined when nothing did */
export function whyToTolerance(library: Library, typed: Typed): string | undefined {
  const { relative, absolute, effort, evaluations, time, breaks, poles, scale, center, segments } = typed.tolerance;
  const given: readonly (readonly [isGiven: boolean, name: string])[] = [
    [relative !== undefined, "--tolerance"],
    [absolute !== undefined, "--absolute-tolerance"],
    [effort !== undefined, "--effort"],
    [evaluations !== undefined, "--max-evaluations"],
    [time !== undefined, "--max-time"],
    [breaks.length > 0, "--break"],
    [poles.length > 0, "--pv"],
    [scale.length > 0, "--scale"],
    [center.length > 0, "--center"],
    [segments, "--segments"],
    [typed.rule !== undefined && isToleranceRule(typed.rule), `--rule ${typed.rule}`],
    [isInfinite(library, typed.a) || isInfinite(library, typed.b), "an infinite bound"],
  ];
  return given.find(([isGiven]) => isGiven)?.[1];
}

/** @throws {ArgumentError} @throws {ExpressionError} something that was typed is wrong */
export async function readToleranceRequest(library: Library, typed: Typed, why: string): Promise<ToleranceRequest> {
  refuseOfPanels(typed, why);
  const { expression, variable = USUAL.variable, tolerance } = typed;
  const constant = (text: string, what: string): number => readConstant(library, text, what, variable);
  const options: ToleranceOptions = {
    ...readToleranceOptions(library, typed),
    segments: tolerance.segments || typed.plot !== undefined,
  };
  const request: ToleranceRequest = {
    expression,
    variable,
    a: constant(typed.a ?? USUAL.a, "the lower bound"),
    b: constant(typed.b ?? USUAL.b, "the upper bound"),
    options,
    json: typed.json,
    segments: tolerance.segments,
    plot: checkPlot(typed.plot),
    progress: typed.progress,
  };
  await rehearse(library, request);
  return request;
}

/** The options that are of every integral, single ones and those of a sweep. */
export function readToleranceOptions(library: Library, typed: Typed): Omit<ToleranceOptions, "onProgress" | "signal"> {
  const { variable = USUAL.variable, tolerance } = typed;
  const constant = (text: string, what: string): number => readConstant(library, text, what, variable);
  const number = (text: string | undefined, what: string): number | undefined =>
    text === undefined ? undefined : constant(text, what);
  return {
    ...defined({
      relativeTolerance: number(tolerance.relative, "--tolerance"),
      absoluteTolerance: number(tolerance.absolute, "--absolute-tolerance"),
      maximumEvaluations: number(tolerance.evaluations, "--max-evaluations"),
      maximumTime: readTime(tolerance.time, constant),
      scale: number(single("--scale", tolerance.scale), "--scale"),
      center: number(single("--center", tolerance.center), "--center"),
      effort: tolerance.effort as Effort | undefined,
      rule: readToleranceRule(typed.rule),
    }),
    ...(tolerance.breaks.length > 0 ? { breakPoints: readPoints("--break", tolerance.breaks, constant) } : {}),
    ...(tolerance.poles.length > 0 ? { principalValue: readPoints("--pv", tolerance.poles, constant) } : {}),
    parameters: readParameters(typed.parameters, constant),
    variable,
    relaxed: typed.relaxed,
    ...(typed.threads === undefined ? {} : { threads: constant(typed.threads, "--threads") }),
  };
}

/** Wrong constants are told by who reads them. */
function isInfinite(library: Library, text: string | undefined): boolean {
  if (text === undefined) return false;
  try {
    return Math.abs(readConstant(library, text, "", "")) === Number.POSITIVE_INFINITY;
  } catch {
    return false;
  }
}

export function refuseOfPanels(typed: Typed, why: string): void {
  for (const flag of ["points", "sweep"] as const) {
    if (typed[flag] === undefined) continue;
    throw new ArgumentError(
      `expected no --${flag} beside ${why}: the one means a fixed number of panels, the other an integral to a tolerance; leave one of them out`,
      `--${flag}`,
      typed[flag],
    );
  }
}

function readToleranceRule(text: string | undefined): ToleranceOptions["rule"] {
  if (text === undefined || isToleranceRule(text)) return text;
  readRule(text);
  throw new ArgumentError(
    `--rule must be one of ${TOLERANCE_RULES} to a tolerance, got ${JSON.stringify(text)}, which is for a fixed number of panels`,
    "--rule",
    text,
  );
}

/** Milliseconds, of a number of them or of one with a unit. */
export function readTime(
  text: string | undefined,
  constant: (text: string, what: string) => number,
): number | undefined {
  if (text === undefined) return undefined;
  const [, number = text, unit = "ms"] = /^(.*?[\d).])\s*(ms|s|min)$/.exec(text) ?? [];
  return constant(number, "--max-time") * { ms: 1, s: 1000, min: 60_000 }[unit as "ms" | "s" | "min"];
}

/** The numbers of texts such as `0.3,pi/4`. */
function readPoints(
  flag: string,
  texts: readonly string[],
  constant: (text: string, what: string) => number,
): number[] {
  return texts.flatMap((text) => split(text, ",").map((each) => constant(each, flag)));
}

function single(flag: string, texts: readonly string[]): string | undefined {
  if (texts.length > 1) throw new ArgumentError(`${flag} must be given once, got ${texts.join(" and ")}`, flag, texts);
  return texts[0];
}

export function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** As for panels: a call that is aborted from the start checks its arguments and computes nothing. */
async function rehearse(library: Library, { expression, a, b, options }: ToleranceRequest): Promise<void> {
  const reason = new Error("nothing was to be computed");
  const call = library.toTolerance(expression, a, b, { ...options, signal: AbortSignal.abort(reason) });
  await call.catch((error: unknown) => {
    if (error !== reason) throw error;
  });
}
