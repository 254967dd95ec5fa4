/**
 * From the arguments of a call to the problem it poses: everything checked, compiled and planned, nothing computed.
 */
import { refuse, show } from "../checks.js";
import { ArgumentError } from "../errors.js";
import type { AnyFunction } from "../inline-function.js";
import type { JobSpec } from "../runtime/core/job.js";
import type { IntegrateOptions, Rule } from "../types.js";
import {
  checkBounds,
  checkNoVariable,
  checkParameters,
  checkPoints,
  checkRelaxed,
  checkRule,
  checkThreads,
  checkValue,
  checkVariable,
} from "./arguments.js";
import { integrandOfFunction } from "./function-integrand.js";
import { Handle, valuesFor } from "./handle.js";
import { type Integrand, integrandOf } from "./integrand.js";
import { checkNoParameters, integrandOfExport, isExport } from "./module-integrand.js";
import { coarsePanels, makeGrid } from "./plan.js";
import { evaluationsOf, passesOf } from "./rules.js";

/** What a call comes to before anything is computed. */
export interface Problem {
  readonly integrand: Integrand;
  readonly spec: JobSpec;
  /** -1 when the bounds came in descending order. */
  readonly sign: number;
  readonly points: number;
  readonly rule: Rule;
  readonly evaluations: number;
  readonly threads: number | undefined;
}

/** @param options as `readOptions` gave them; @throws as `prepare`, and {ArgumentError} */
export function pose(f: unknown, a: number, b: number, options: IntegrateOptions): Problem {
  checkBounds(a, b);
  const points = checkPoints(options.points);
  const rule = checkRule(options.rule);
  const threads = checkThreads(options.threads);
  const { integrand, parameters } = prepare(f, options);
  const passes = passesOf(rule);
  const lo = Math.min(a, b);
  const hi = Math.max(a, b);
  const coarse = coarsePanels(points);
  return {
    integrand,
    spec: {
      ...passes,
      fine: makeGrid(lo, hi, points),
      coarse: coarse === null ? null : makeGrid(lo, hi, coarse),
      parameters,
    },
    sign: a > b ? -1 : 1,
    points,
    rule,
    evaluations: evaluationsOf(passes, points) + (coarse === null ? 0 : evaluationsOf(passes, coarse)),
    threads,
  };
}

/** The options that say what the names in an integrand stand for. */
export type Prepared = Pick<IntegrateOptions, "parameters" | "variable" | "relaxed">;

/** The integrand, and the values for its parameter record. @throws {ArgumentError} @throws {ExpressionError} @throws {FunctionError} */
export function prepare(f: unknown, options: Prepared): { integrand: Integrand; parameters: number[] } {
  const { parameters, variable, relaxed } = options;
  const names: readonly string[] = parameters === undefined ? NO_NAMES : checkParameters(parameters);
  const values = names.map((name) => checkValue(name, (parameters as Readonly<Record<string, unknown>>)[name]));
  if (f instanceof Handle) {
    checkNoVariable(variable, "what `compile` made, which was told its variable");
    if (relaxed !== undefined) refuse("relaxed", "left out beside what `compile` made, which was told it", relaxed);
    const integrand = Handle.integrandOf(f);
    return { integrand, parameters: valuesFor(integrand.parameters, names, values) };
  }
  const integrand = integrandFor(f, options, names);
  return { integrand, parameters: integrand.parameters.map((name) => values[names.indexOf(name)] as number) };
}

const NO_NAMES: readonly string[] = [];

/** @param names of the parameters, whose values come later; @throws as `prepare` */
export function integrandFor(
  f: unknown,
  { variable, relaxed }: Omit<Prepared, "parameters">,
  names: readonly string[],
): Integrand {
  if (typeof f === "string") return integrandOf(f, checkVariable(variable), names, checkRelaxed(relaxed));
  if (typeof f === "function") {
    checkNoVariable(variable, "a function, whose first argument is the variable");
    return integrandOfFunction(f as AnyFunction, names, checkRelaxed(relaxed));
  }
  if (isExport(f)) {
    checkNoVariable(variable, "an export of a module, whose argument is the variable");
    checkRelaxed(relaxed);
    checkNoParameters(names);
    return integrandOfExport(f);
  }
  throw new ArgumentError(
    `\`f\` must be an expression as a text, such as "x^2", a function, such as (x) => x * x, { module, export } of a WebAssembly module, or what \`compile\` returned, got ${show(f)}`,
    "f",
    f,
  );
}
