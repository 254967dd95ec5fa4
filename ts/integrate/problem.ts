/**
 * From the arguments of a call to the problem it poses: everything checked, compiled and planned, nothing computed.
 */
import { show } from "../checks.js";
import { ArgumentError } from "../errors.js";
import type { JobSpec } from "../runtime/job.js";
import type { IntegrateOptions, Rule } from "../types.js";
import {
  checkBounds,
  checkParameters,
  checkPoints,
  checkRelaxed,
  checkRule,
  checkThreads,
  checkVariable,
} from "./arguments.js";
import { type Integrand, integrandOf } from "./integrand.js";
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

/** @param options as `readOptions` gave them; @throws {ArgumentError} @throws {ExpressionError} */
export function pose(f: unknown, a: number, b: number, options: IntegrateOptions): Problem {
  checkBounds(a, b);
  const points = checkPoints(options.points);
  const rule = checkRule(options.rule);
  const threads = checkThreads(options.threads);
  const { integrand, parameters } = compileText(f, options);
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

/** The integrand of a text, and the values for its parameter record. @throws {ArgumentError} @throws {ExpressionError} */
export function compileText(f: unknown, options: IntegrateOptions): { integrand: Integrand; parameters: number[] } {
  if (typeof f !== "string") {
    throw new ArgumentError(`\`f\` must be an expression as a text, such as "x^2", got ${show(f)}`, "f", f);
  }
  const values = checkParameters(options.parameters);
  const relaxed = checkRelaxed(options.relaxed);
  const integrand = integrandOf(f, checkVariable(options.variable), Object.keys(values), relaxed);
  return { integrand, parameters: integrand.parameters.map((name) => values[name] as number) };
}
