/**
 * Sweeps: from the arguments of a call to what the core is asked, and from what came of that to the result of the call.
 */
import { refuse, show } from "../checks.js";
import { ArgumentError } from "../errors.js";
import { type ManyOptions, type ManyResult, type ManySources, TOLERANCE_STATUSES } from "../many-types.js";
import type { SweepRun } from "../quad/run-sweep.js";
import type { Column, Sweeping, SweepSpec } from "../quad/sweep.js";
import type { ToleranceOptions, ToleranceStatus } from "../types.js";
import { checkNumbers, checkThreads } from "./arguments.js";
import type { Integrand } from "./integrand.js";
import type { Choice } from "./result.js";
import { breakPointsFor, checkRange, poseToTolerance } from "./tolerance.js";

/** What a call comes to before anything is computed. */
export interface ManyProblem {
  readonly integrand: Integrand;
  readonly spec: SweepSpec;
  readonly threads: number | undefined;
}

/** @param options as `readOptions` gave them; @throws as `poseToTolerance` */
export function poseMany(f: unknown, a: unknown, b: unknown, options: ManyOptions): ManyProblem {
  const threads = checkThreads(options.threads);
  const sources = checkSources(options.parameters);
  const columns = new Map<string, Column>();
  for (const [name, source] of Object.entries(sources)) columns.set(name, columnOf(`parameters.${name}`, source));
  const low = columnOf("a", a);
  const high = columnOf("b", b);
  const named = [...columns].map(([name, column]): [string, Column] => [`parameters.${name}`, column]);
  const count = countOf([["a", low], ["b", high], ...named]);
  checkRanges(low, high, count);
  const at = (column: Column, set: number): number => (typeof column === "number" ? column : (column[set] ?? 0));
  // The first set stands for all: what is wrong with it is wrong with the call.
  const first: Record<string, number> = {};
  for (const [name, column] of columns) first[name] = at(column, 0);
  const { threads: _threads, signal: _signal, onProgress: _onProgress, ...others } = options;
  const usual: ToleranceOptions = { ...others, parameters: first };
  const { integrand, spec } = poseToTolerance(f, at(low, 0), at(high, 0), usual);
  const { breaks, ...common } = spec;
  const parameters = integrand.parameters.map((name) => columns.get(name)!);
  const isFixed = typeof low === "number" && typeof high === "number";
  const given = options.breakPoints;
  const mayDiffer = integrand.mayHaveCorners === true || (given !== undefined && !isFixed);
  const values = parameters.map(() => 0);
  const breaksOf = (set: number): readonly number[] => {
    const from = at(low, set);
    const to = at(high, set);
    for (let index = 0; index < values.length; index++) values[index] = at(parameters[index]!, set);
    return breakPointsFor(integrand, given, values, from < to ? from : to, from < to ? to : from);
  };
  return {
    integrand,
    spec: { count, common, parameters, a: low, b: high, breaks: mayDiffer ? breaksOf : breaks },
    threads,
  };
}

/** What is known of a job before it is decided who computes it. */
export interface Work {
  readonly integrand: Integrand;
  readonly evaluations: number;
  readonly threads: number | undefined;
}

/** Evaluations of a panel. */
const NODES = 21;

/** @returns how many evaluations it takes, if the first pass is all that it takes */
export function workOf({ integrand, spec, threads }: ManyProblem): Work {
  return { integrand, threads, evaluations: spec.count * spec.common.first * NODES };
}

function checkSources(parameters: unknown = {}): ManySources {
  if (typeof parameters !== "object" || parameters === null || Array.isArray(parameters)) {
    refuse("parameters", "an object of numbers and arrays of numbers", parameters);
  }
  return parameters as ManySources;
}

/** Arrays that are no Float64Array are copied. */
function columnOf(name: string, source: unknown): Column {
  if (typeof source === "number" || source instanceof Float64Array) return source;
  if (typeof source !== "object" || source === null) refuse(name, "a number or an array of numbers", source);
  return checkNumbers(name, source);
}

/** How many sets there are. */
function countOf(columns: readonly (readonly [string, Column])[]): number {
  const arrays = columns.filter((each): each is [string, Float64Array] => typeof each[1] !== "number");
  const [first, ...others] = arrays;
  if (first === undefined) {
    throw new ArgumentError(
      "expected an array among the values of `parameters`, `a` and `b`, with a number for each integral; for one integral use integrate",
      "parameters",
      undefined,
    );
  }
  const [name, { length }] = first;
  for (const [other, array] of others) {
    if (array.length !== length) {
      throw new ArgumentError(
        `\`${other}\` must have as many numbers as \`${name}\`, ${length}, got ${array.length}`,
        other,
        array.length,
      );
    }
  }
  return length;
}

function checkRanges(low: Column, high: Column, count: number): void {
  if (typeof low === "number" && typeof high === "number") {
    checkRange(low, high);
    return;
  }
  for (let set = 0; set < count; set++) {
    const a = typeof low === "number" ? low : low[set]!;
    const b = typeof high === "number" ? high : high[set]!;
    // NaN, too, differs from itself.
    if (b - a - (b - a) === 0) continue;
    if (Number.isNaN(a)) refuse(typeof low === "number" ? "a" : `a[${set}]`, "a number, Infinity included", a);
    if (Number.isNaN(b)) refuse(typeof high === "number" ? "b" : `b[${set}]`, "a number, Infinity included", b);
    if (!Number.isFinite(a) || !Number.isFinite(b)) continue;
    throw new ArgumentError(
      `the width b - a must be a finite number, or a bound infinite, got ${show(a)} to ${show(b)} in set ${set}; split the range`,
      "b",
      b,
    );
  }
}

export function manyResult(
  { integrand, spec }: ManyProblem,
  { values, errors, statuses, evaluations }: Sweeping,
  { threads, restarts, startup }: SweepRun,
  { inline, reason }: Choice,
  begun: number,
  compiled: number,
): ManyResult {
  const numbers = new Float64Array(TOLERANCE_STATUSES.length);
  for (let set = 0; set < statuses.length; set++) numbers[statuses[set]!]!++;
  const counts = Object.fromEntries(TOLERANCE_STATUSES.map((status, code) => [status, numbers[code]!]));
  return {
    values,
    errors,
    statuses,
    counts: counts as Record<ToleranceStatus, number>,
    evaluations,
    rule: spec.common.rule,
    integrand: integrand.use,
    threads,
    mode: inline ? "inline" : "threads",
    modeReason: reason,
    restarts,
    elapsed: performance.now() - begun,
    startup: compiled + startup,
    relaxed: integrand.relaxed,
  };
}
