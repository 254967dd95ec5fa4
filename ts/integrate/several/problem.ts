/**
 * Integrals in several variables, and of several components: from the arguments of a call to what a rule is asked.
 *
 * Role: the thread that calls `integrate`.
 */
import { BoundedMap } from "../../bounded-map.js";
import { refuse, show } from "../../checks.js";
import type { SeveralSpec } from "../../quad/several-rule.js";
import type { SeveralOptions, SeveralRuleName } from "../../several-types.js";
import { checkParameters, checkRelaxed, checkThreads, checkValue } from "../arguments.js";
import { CACHE_CAPACITY } from "../integrand.js";
import { checkBudget, checkEffort, checkTime, checkTolerance } from "../tolerance.js";
import { type Axis, type Bound, mapAxis } from "./axes.js";
import { readBox } from "./box.js";
import { cutAtCorners, type Record as Parameters } from "./corners.js";
import { type Component, integrandOfSeveral, type SeveralIntegrand } from "./integrand.js";
import { flattened } from "./singular.js";
import { componentsOf, readSources, type Shape } from "./sources.js";

const RELATIVE_DEFAULT = 1e-6;
const RELATIVE_DEFAULT_OF_ONE = 1e-10;
const EVALUATIONS_DEFAULT = 4_000_000;
const SEED_MAXIMUM = 2 ** 53 - 1;

export type RuleName = Exclude<SeveralRuleName, "auto">;

/** What a call comes to before anything is computed. */
export interface SeveralProblem {
  readonly shape: Shape;
  /** The integrands, as they came. */
  readonly sources: readonly unknown[];
  readonly integrand: SeveralIntegrand;
  readonly components: readonly Component[];
  /** Of the parameters, in the order of their record. */
  readonly names: readonly string[];
  readonly relaxed: boolean;
  readonly axes: readonly Axis[];
  readonly spec: SeveralSpec;
  /** -1 when an odd number of ranges came in descending order; 0 when a range is empty: then there is nothing to compute. */
  readonly sign: number;
  readonly rule: RuleName;
  /** Whether the rule is our choice. */
  readonly isAuto: boolean;
  readonly threads: number | undefined;
  /** Milliseconds that it may take. */
  readonly maximumTime: number;
}

/** @param options as `readOptions` gave them; @throws {ArgumentError} @throws {ExpressionError} @throws {FunctionError} @throws {WasmError} */
export function poseSeveral(f: unknown, box: unknown, options: SeveralOptions): SeveralProblem {
  const { shape, list } = readSources(f);
  const { parameters = {} } = options;
  const names = [...checkParameters(parameters)].sort();
  const values = Object.fromEntries(
    names.map((name) => [name, checkValue(name, (parameters as Readonly<Record<string, unknown>>)[name])]),
  );
  const axes = readBox(box, options, names, values);
  const variables = axes.map(({ name }) => name);
  const rule = checkRule(options.rule, axes.length);
  const isOne = axes.length === 1;
  const { components, module } = componentsOf({ shape, list }, variables, names);
  const record = names.map((name) => values[name]!);
  const cut =
    rule === "genz-malik" || rule === "gauss-kronrod" ? shaped(axes, components, { names, values: record }) : axes;
  const mapped = cut.map(mapAxis);
  const relaxed = checkRelaxed(options.relaxed);
  const integrand = integrandOfSeveral({ components, axes: mapped, variables, names, relaxed, module });
  return {
    shape,
    sources: list,
    integrand,
    components,
    names,
    relaxed,
    axes,
    spec: {
      lo: mapped.map(({ lo }) => lo),
      hi: mapped.map(({ hi }) => hi),
      breaks: mapped.map(({ breaks }) => breaks),
      components: list.length,
      isComplex: shape === "complex",
      relative: checkTolerance(
        "relativeTolerance",
        options.relativeTolerance,
        isOne ? RELATIVE_DEFAULT_OF_ONE : RELATIVE_DEFAULT,
      ),
      absolute: checkTolerance("absoluteTolerance", options.absoluteTolerance, 0),
      maximum: checkBudget(options.maximumEvaluations, EVALUATIONS_DEFAULT),
      first: checkEffort(options.effort),
      seed: checkSeed(options.seed),
      parameters: [...record, ...mapped.flatMap((axis) => axis.values)],
    },
    sign: mapped.reduce((sign, axis) => sign * axis.sign, 1),
    rule,
    isAuto: (options.rule ?? "auto") === "auto",
    threads: checkThreads(options.threads),
    maximumTime: checkTime(options.maximumTime),
  };
}

/** To see it in the text takes some milliseconds: longer than an easy integral. */
const known = new BoundedMap<string, readonly Axis[]>(CACHE_CAPACITY);

/** Cut where the text shows corners, and flattened where it shows singular ends; in one variable panels do that by themselves. */
function shaped(axes: readonly Axis[], components: readonly Component[], record: Parameters): readonly Axis[] {
  return known.get(keyOf(axes, components, record), () => {
    const cut = cutAtCorners(axes, components, record);
    return axes.length === 1 ? cut : flattened(cut, components, record);
  });
}

/** Equal for the same problem. */
function keyOf(axes: readonly Axis[], components: readonly Component[], record: Parameters): string {
  const nameOf = (bound: Bound): string => (typeof bound === "object" ? bound.key : String(bound));
  const ranges = axes.map(({ name, lo, hi, breaks, scale, center }) => {
    return [name, [lo, hi, ...breaks].map(nameOf), scale, center];
  });
  return JSON.stringify([components.map(({ key }) => key), ranges, record.names, record.values.map(String)]);
}

/** Dimensions of regions at most: of 6,745 points each then. Beyond, random points are better. */
const REGIONS_DIMENSIONS = 12;

/** By rule, the dimensions that it is for. */
const DIMENSIONS: Readonly<Record<RuleName, readonly [least: number, most: number]>> = {
  "gauss-kronrod": [1, 1],
  "tanh-sinh": [1, 1],
  "genz-malik": [2, REGIONS_DIMENSIONS],
  // There are direction numbers for so many (ts/quad/sobol-numbers.ts).
  "quasi-monte-carlo": [1, 64],
  // 128 bins for each, in each of 64 slots.
  vegas: [1, 64],
};

function checkRule(rule: unknown = "auto", dimensions: number): RuleName {
  if (rule === "auto") {
    if (dimensions === 1) return "gauss-kronrod";
    return dimensions <= REGIONS_DIMENSIONS ? "genz-malik" : "quasi-monte-carlo";
  }
  if (typeof rule !== "string" || !Object.hasOwn(DIMENSIONS, rule)) {
    refuse("rule", `"auto", ${Object.keys(DIMENSIONS).map(show).join(", ")}`, rule);
  }
  const [least, most] = DIMENSIONS[rule as RuleName];
  if (dimensions < least || dimensions > most) {
    const range = least === most ? String(least) : `${least} to ${most}`;
    refuse("rule", `one for ${dimensions} variables`, rule, `that is for ${range}; leave it out`);
  }
  return rule as RuleName;
}

function checkSeed(seed: unknown = 0): number {
  if (!Number.isInteger(seed) || (seed as number) < 0 || (seed as number) > SEED_MAXIMUM) {
    refuse("seed", "a whole number from 0 to 2^53 - 1", seed);
  }
  return seed as number;
}

/** An integrand whose variables are all passed as they are: what a box of finite ranges needs. @throws as `poseSeveral` */
export function integrandOfVariables(
  f: unknown,
  variables: readonly string[],
  parameters: readonly string[],
  relaxed: boolean,
): SeveralIntegrand {
  const names = [...parameters].sort();
  const box = Object.fromEntries(variables.map((name) => [name, [0, 1]]));
  const axes = readBox(box, {}, names, {}).map(mapAxis);
  const { components, module } = componentsOf({ shape: "one", list: [f] }, variables, names);
  return integrandOfSeveral({ components, axes, variables, names, relaxed, module });
}
