/**
 * From the arguments of a call to the problem it poses: everything checked, compiled and planned, nothing computed.
 */
import { show } from "../checks.js";
import { ArgumentError } from "../errors.js";
import type { AnyFunction } from "../inline-function.js";
import type { JobSpec } from "../runtime/job.js";
import type { IntegrateOptions, Rule } from "../types.js";
import {
  checkBounds,
  checkNoVariable,
  checkParameters,
  checkPoints,
  checkRelaxed,
  checkRule,
  checkThreads,
  checkVariable,
} from "./arguments.js";
import { integrandOfFunction } from "./function-integrand.js";
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
  const values = checkParameters(options.parameters);
  const relaxed = checkRelaxed(options.relaxed);
  const names = Object.keys(values);
  const integrand = integrandFor(f, options, names, relaxed);
  return { integrand, parameters: integrand.parameters.map((name) => values[name] as number) };
}

function integrandFor(
  f: unknown,
  { variable, parameters }: Prepared,
  names: readonly string[],
  relaxed: boolean,
): Integrand {
  if (typeof f === "string") return integrandOf(f, checkVariable(variable), names, relaxed);
  if (typeof f === "function") {
    checkNoVariable(variable, "a function, whose first argument is the variable");
    return integrandOfFunction(f as AnyFunction, names, relaxed);
  }
  if (isExport(f)) {
    checkNoVariable(variable, "an export of a module, whose argument is the variable");
    checkNoParameters(names, parameters);
    return integrandOfExport(f);
  }
  throw new ArgumentError(
    `\`f\` must be an expression as a text, such as "x^2", a function, such as (x) => x * x, or { module, export } of a WebAssembly module, got ${show(f)}`,
    "f",
    f,
  );
}
