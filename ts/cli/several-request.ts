/**
 * What was typed of an integral over several variables -> what is to be computed.
 */
import { ArgumentError, ExpressionError } from "../errors.js";
import type { Bound, Box, SeveralOptions } from "../several-types.js";
import type { Effort } from "../types.js";
import type { Typed } from "./arguments.js";
import { readConstant } from "./constants.js";
import type { Library } from "./library.js";
import { readNamed } from "./named.js";
import { readParameters } from "./request.js";
import { isSeveralRule, readRule, SEVERAL_RULES, TOLERANCE_RULES } from "./rule.js";
import { split } from "./split.js";
import { defined, readTime, refuseOfPanels } from "./tolerance-request.js";

export interface SeveralRequest {
  readonly expression: string;
  readonly box: Box;
  readonly options: SeveralOptions;
  readonly json: boolean;
  readonly progress: boolean | undefined;
}

type Constant = (text: string, what: string) => number;

/** @throws {ArgumentError} @throws {ExpressionError} something that was typed is wrong */
export async function readSeveralRequest(library: Library, typed: Typed): Promise<SeveralRequest> {
  refuseOfPanels(typed, "--var");
  refuseOfOne(typed);
  const { expression, tolerance } = typed;
  const constant: Constant = (text, what) => readConstant(library, text, what, "");
  const number = (text: string | undefined, what: string): number | undefined =>
    text === undefined ? undefined : constant(text, what);
  const options: SeveralOptions = {
    ...defined({
      relativeTolerance: number(tolerance.relative, "--tolerance"),
      absoluteTolerance: number(tolerance.absolute, "--absolute-tolerance"),
      maximumEvaluations: number(tolerance.evaluations, "--max-evaluations"),
      maximumTime: readTime(tolerance.time, constant),
      effort: tolerance.effort as Effort | undefined,
      rule: readSeveralRule(typed.rule),
      seed: number(tolerance.seed, "--seed"),
      threads: number(typed.threads, "--threads"),
      scale: perAxis("--scale", tolerance.scale, constant),
      center: perAxis("--center", tolerance.center, constant),
      breakPoints: breaksOf(tolerance.breaks, constant),
    }),
    parameters: readParameters(typed.parameters, constant),
    relaxed: typed.relaxed,
  };
  const box = readBox(tolerance.variables, constant);
  const request: SeveralRequest = { expression, box, options, json: typed.json, progress: typed.progress };
  await rehearse(library, request);
  return request;
}

/** `x=0:1`, `y=-sqrt(1-x^2):sqrt(1-x^2)`, `z=(x>0?0:1):2`. */
function readBox(texts: readonly string[], constant: Constant): Box {
  const named = readNamed("--var", "x=0:1", texts);
  return Object.fromEntries(
    named.map(([name, text]) => {
      const bounds = split(text, ":");
      if (bounds.length !== 2 || bounds.some((bound) => bound.trim() === "")) {
        throw new ArgumentError(
          `--var must be a name and two bounds such as x=0:1, got ${JSON.stringify(`${name}=${text}`)}; a \`:\` within a bound stands in parentheses`,
          "--var",
          text,
        );
      }
      const [low, high] = bounds.map((bound) => readBound(bound, constant)) as [Bound, Bound];
      return [name, [low, high] as const];
    }),
  );
}

/** A number, or a text, which the library reads: it knows what stands before. */
function readBound(text: string, constant: Constant): Bound {
  try {
    return constant(text, "");
  } catch (error) {
    if (error instanceof ExpressionError) return text;
    throw error;
  }
}

function perAxis(
  flag: string,
  texts: readonly string[],
  constant: Constant,
): Readonly<Record<string, number>> | undefined {
  if (texts.length === 0) return undefined;
  return Object.fromEntries(readNamed(flag, "x=2", texts).map(([name, text]) => [name, constant(text, flag)]));
}

function breaksOf(texts: readonly string[], constant: Constant): Readonly<Record<string, Bound[]>> | undefined {
  if (texts.length === 0) return undefined;
  const read = (text: string): Bound[] => split(text, ",").map((each) => readBound(each, constant));
  return Object.fromEntries(readNamed("--break", "x=0.3,0.5", texts).map(([name, text]) => [name, read(text)]));
}

function readSeveralRule(text: string | undefined): SeveralOptions["rule"] {
  if (text === undefined || isSeveralRule(text)) return text;
  readRule(text);
  throw new ArgumentError(
    `--rule must be one of ${TOLERANCE_RULES}, ${SEVERAL_RULES} over several variables, got ${JSON.stringify(text)}, which is for a fixed number of panels`,
    "--rule",
    text,
  );
}

/** What one variable has, and several have not. */
function refuseOfOne(typed: Typed): void {
  const given: readonly (readonly [isGiven: boolean, name: string, remedy: string])[] = [
    [typed.a !== undefined, "bounds behind the expression", "each variable has its own, --var x=0:1"],
    [typed.variable !== undefined, "--variable", "--var names the variables"],
    [typed.tolerance.poles.length > 0, "--pv", "a principal value is of one variable"],
    [typed.tolerance.segments, "--segments", "it shows a range of one variable"],
    [typed.plot !== undefined, "--plot", "it draws functions of one variable"],
  ];
  const found = given.find(([isGiven]) => isGiven);
  if (found === undefined) return;
  const [, name, remedy] = found;
  throw new ArgumentError(`expected no ${name} beside --var: ${remedy}`, name, undefined);
}

/** A call that is aborted from the start checks its arguments and computes nothing. */
async function rehearse(library: Library, { expression, box, options }: SeveralRequest): Promise<void> {
  const reason = new Error("nothing was to be computed");
  await library.several(expression, box, { ...options, signal: AbortSignal.abort(reason) }).catch((error: unknown) => {
    if (error !== reason) throw error;
  });
}
