/**
 * What was typed -> what is to be computed: texts become numbers, and whatever is wrong with them is found before any thread starts.
 */
import { ArgumentError } from "../errors.js";
import type { IntegrateOptions, Rule } from "../types.js";
import type { Typed } from "./arguments.js";
import { readConstant } from "./constants.js";
import type { Library } from "./library.js";
import { readNamed } from "./named.js";
import { readRule } from "./rule.js";

/** The most workers that the library takes. */
const THREADS_MAXIMUM = 255;

/** What is integrated where nothing else is typed, in the variable and between the bounds that are usual. */
export const USUAL = { variable: "x", a: "0", b: "10" } as const;
const USUAL_POINTS = "100000000";
const USUAL_RULE = "midpoint";

export interface Request {
  readonly expression: string;
  readonly a: number;
  readonly b: number;
  readonly points: number;
  readonly rule: Rule;
  /** Neither panels nor a rule were typed. */
  readonly usual: boolean;
  readonly parameters: Readonly<Record<string, number>>;
  readonly variable: string;
  /** Numbers of threads to compute with: one, or those of a sweep in the order of the command line, each once. */
  readonly threads: readonly number[];
  readonly relaxed: boolean;
  readonly json: boolean;
  readonly sweep: boolean;
  /** Path of the picture. */
  readonly plot: string | undefined;
  readonly progress: boolean | undefined;
}

/**
 * @throws {ArgumentError} @throws {ExpressionError} something that was typed is wrong
 */
export async function readRequest(library: Library, typed: Typed): Promise<Request> {
  const { expression, variable = USUAL.variable } = typed;
  const constant = (text: string, what: string): number => readConstant(library, text, what, variable);
  const request: Request = {
    expression,
    variable,
    rule: readRule(typed.rule ?? USUAL_RULE),
    usual: typed.points === undefined && typed.rule === undefined,
    a: constant(typed.a ?? USUAL.a, "the lower bound"),
    b: constant(typed.b ?? USUAL.b, "the upper bound"),
    points: constant(typed.points ?? USUAL_POINTS, "--points"),
    parameters: readParameters(typed.parameters, constant),
    threads: readThreads(typed, constant, library.info().threads),
    relaxed: typed.relaxed,
    json: typed.json,
    sweep: typed.sweep !== undefined,
    plot: checkPlot(typed.plot),
    progress: typed.progress,
  };
  await rehearse(library, request);
  return request;
}

/** The options of a call of the library. */
export function optionsOf(request: Request, threads: number): IntegrateOptions {
  const { points, rule, parameters, variable, relaxed } = request;
  return { points, rule, parameters, variable, relaxed, threads };
}

/**
 * Lets the library refuse what it refuses: a call that is aborted from the start checks its arguments and computes nothing.
 * Its compiled integrand stays in the library's cache.
 */
async function rehearse(library: Library, request: Request): Promise<void> {
  const reason = new Error("nothing was to be computed");
  const options = { ...optionsOf(request, Math.max(...request.threads)), signal: AbortSignal.abort(reason) };
  await library.integrate(request.expression, request.a, request.b, options).catch((error: unknown) => {
    if (error !== reason) throw error;
  });
}

export function readParameters(
  texts: readonly string[],
  constant: (text: string, what: string) => number,
): Readonly<Record<string, number>> {
  const parameters: Record<string, number> = Object.create(null);
  for (const [name, text] of readNamed("--param", "a=2", texts))
    parameters[name] = constant(text, `the parameter ${name}`);
  return parameters;
}

function readThreads(typed: Typed, constant: (text: string, what: string) => number, allCores: number): number[] {
  if (typed.sweep === undefined) return [typed.threads === undefined ? allCores : constant(typed.threads, "--threads")];
  const counts = typed.sweep.split(",").map((text) => (text.trim() === "" ? Number.NaN : constant(text, "--sweep")));
  if (counts.some((count) => !Number.isInteger(count) || count < 1 || count > THREADS_MAXIMUM)) {
    throw new ArgumentError(
      `--sweep must be numbers of threads from 1 to ${THREADS_MAXIMUM} such as 1,2,4,8, got ${JSON.stringify(typed.sweep)}`,
      "--sweep",
      typed.sweep,
    );
  }
  return [...new Set(counts)];
}

export function checkPlot(file: string | undefined): string | undefined {
  if (file === undefined || /.\.svg$/i.test(file)) return file;
  throw new ArgumentError(
    `--plot must be the name of an SVG file such as plot.svg, got ${JSON.stringify(file)}`,
    "--plot",
    file,
  );
}
