/**
 * Checks of what callers pass. Each refusal says what was expected, what came and, where it helps, what to do.
 */
import { checkOptions, refuse, show } from "../checks.js";
import { ArgumentError } from "../errors.js";
import { WORKERS_MAXIMUM } from "../runtime/core/core.js";
import type { IntegrateOptions, Rule } from "../types.js";
import { GAUSS_POINTS_MAXIMUM } from "./gauss.js";
import { RULE_NAMES } from "./rules.js";

const POINTS_MAXIMUM = 2 ** 52;

/** Those of integrals to a tolerance. */
const TO_TOLERANCE = [
  "relativeTolerance",
  "absoluteTolerance",
  "maximumEvaluations",
  "maximumTime",
  "breakPoints",
  "principalValue",
  "scale",
  "center",
  "effort",
  "rule",
  "parameters",
  "variable",
  "relaxed",
  "segments",
  "threads",
] as const;

/** Those of several integrands over a range: these two are of one integrand. */
const COMPONENTS = TO_TOLERANCE.filter((name) => name !== "segments" && name !== "principalValue");

/** Those of integrals over a box. */
const SEVERAL = [...COMPONENTS.filter((name) => name !== "variable"), "seed"];

/** Those of sweeps. */
const MANY = COMPONENTS.filter((name) => name !== "maximumTime");

/** Options by call. */
const OPTIONS = {
  integrate: ["points", "rule", "parameters", "variable", "threads", "relaxed", "signal", "onProgress"],
  integrateSync: ["points", "rule", "parameters", "variable", "threads", "relaxed"],
  evaluate: ["parameters", "variable"],
  toTolerance: [...TO_TOLERANCE, "signal", "onProgress"],
  toToleranceSync: TO_TOLERANCE,
  several: [...SEVERAL, "signal", "onProgress"],
  severalSync: SEVERAL,
  components: [...COMPONENTS, "signal", "onProgress"],
  componentsSync: COMPONENTS,
  many: [...MANY, "signal", "onProgress"],
  manySync: MANY,
} as const;

/** Whether a call says how many panels there are to be, and so is no integral to a tolerance. */
export function hasPoints(options: unknown): boolean {
  if (typeof options !== "object" || options === null || !Object.hasOwn(options, "points")) return false;
  return (options as { readonly points?: unknown }).points !== undefined;
}

/** The options as an object without a prototype, so that nothing inherited counts. */
export function readOptions<T = IntegrateOptions>(options: unknown, call: keyof typeof OPTIONS): T {
  checkOptions(options, OPTIONS[call], (name) => remedyOf(name, call));
  return Object.assign(Object.create(null), options);
}

/** What is of one integrand over a range, to a tolerance, and of nothing else. */
const OF_ONE = ["segments", "principalValue"];

function remedyOf(name: string, call: keyof typeof OPTIONS): string {
  const isOf = (other: keyof typeof OPTIONS): boolean => (OPTIONS[other] as readonly string[]).includes(name);
  if (call === "evaluate") return isOf("integrate") ? "`evaluate` has no use for it, use integrate" : "";
  const isFixed = call === "integrate" || call === "integrateSync";
  if (isFixed && isOf("toTolerance") && !isOf("integrate")) {
    return "it is for integrals to a tolerance: leave out `points`";
  }
  const blocking = call === "manySync" ? "integrateManySync" : "integrateSync";
  if (name === "signal" || name === "onProgress")
    return `\`${blocking}\` has no use for it, use ${blocking.slice(0, -4)}`;
  if (OF_ONE.includes(name)) return "it is for one integrand over a range, to a tolerance: integrate each by itself";
  switch (call) {
    case "many":
    case "manySync":
      if (name === "maximumTime") return "abort a `signal`, or see to it that `maximumEvaluations` are few";
      return name === "points" ? "integrals of a sweep are to a tolerance" : "";
    case "several":
    case "severalSync":
      if (name === "variable") return "the box names the variables";
      return name === "points" ? "a fixed number of panels is for one variable" : "";
    case "components":
    case "componentsSync":
      return name === "points" ? "a fixed number of panels is for one integrand" : "";
    default:
      return isOf("several") ? "it is for the rules with random numbers, over a box" : "";
  }
}

export function checkBounds(a: unknown, b: unknown): asserts a is number {
  for (const [name, value] of [
    ["a", a],
    ["b", b],
  ] as const) {
    if (typeof value !== "number") refuse(name, "a number", value);
    if (Number.isNaN(value)) refuse(name, "a finite number", value);
    if (!Number.isFinite(value))
      refuse(name, "a finite number", value, "a fixed number of panels cannot fill an infinite range");
  }
  if (!Number.isFinite((b as number) - (a as number))) {
    throw new ArgumentError(
      `the width b - a must be a finite number, got ${show(a)} to ${show(b)}; split the range`,
      "b",
      b,
    );
  }
}

export function checkPoints(points: unknown): number {
  if (!Number.isInteger(points) || (points as number) < 1 || (points as number) > POINTS_MAXIMUM) {
    refuse("points", "an integer from 1 to 2^52", points);
  }
  return points as number;
}

export function checkRule(rule: unknown = "midpoint"): Rule {
  if (typeof rule === "string" && (RULE_NAMES as readonly string[]).includes(rule)) return rule as Rule;
  if (typeof rule === "object" && rule !== null && Object.keys(rule).join() === "gauss") {
    const { gauss } = rule as { gauss: unknown };
    if (Number.isInteger(gauss) && (gauss as number) >= 1 && (gauss as number) <= GAUSS_POINTS_MAXIMUM) {
      return { gauss: gauss as number };
    }
    refuse("rule.gauss", `an integer from 1 to ${GAUSS_POINTS_MAXIMUM}`, gauss);
  }
  refuse("rule", `one of ${RULE_NAMES.map((name) => `"${name}"`).join(", ")} or { gauss: n }`, rule);
}

/** @returns undefined when the caller left it to us */
export function checkThreads(threads: unknown): number | undefined {
  if (threads === undefined) return undefined;
  if (!Number.isInteger(threads) || (threads as number) < 1 || (threads as number) > WORKERS_MAXIMUM) {
    refuse("threads", `an integer from 1 to ${WORKERS_MAXIMUM}`, threads);
  }
  return threads as number;
}

/** @returns the names */
export function checkParameters(parameters: unknown): readonly string[] {
  if (typeof parameters !== "object" || parameters === null || Array.isArray(parameters)) {
    refuse("parameters", "an object of numbers", parameters);
  }
  return Object.keys(parameters);
}

export function checkValue(name: string, value: unknown): number {
  if (typeof value !== "number") refuse(`parameters.${name}`, "a number", value);
  return value;
}

/** A function names its own variable. */
export function checkNoVariable(variable: unknown, what: string): void {
  if (variable === undefined) return;
  throw new ArgumentError(
    `\`variable\` is for texts, got ${show(variable)} beside ${what}; leave it out`,
    "variable",
    variable,
  );
}

export function checkVariable(variable: unknown): string {
  if (variable === undefined) return "x";
  if (typeof variable !== "string" || !/^[A-Za-z_]\w*$/.test(variable)) {
    refuse("variable", "a name of letters, digits and _", variable);
  }
  return variable;
}

export function checkRelaxed(relaxed: unknown = false): boolean {
  if (typeof relaxed !== "boolean") refuse("relaxed", "true or false", relaxed);
  return relaxed;
}

/** Numbers as `evaluate` takes them: an array, a typed array, anything with a length and numbers at 0, 1, 2 … */
export function checkNumbers(name: string, numbers: unknown): Float64Array {
  const length = typeof numbers === "object" && numbers !== null ? (numbers as { length?: unknown }).length : undefined;
  if (!Number.isInteger(length) || (length as number) < 0) refuse(name, "an array of numbers", numbers);
  const list = numbers as ArrayLike<unknown>;
  const copy = roomFor(name, list);
  for (let i = 0; i < copy.length; i++) {
    const value = list[i];
    if (typeof value !== "number") refuse(`${name}[${i}]`, "a number", value);
    copy[i] = value;
  }
  return copy;
}

/** What only says that it is so long may be longer than any memory. */
function roomFor(name: string, { length }: ArrayLike<unknown>): Float64Array {
  try {
    return new Float64Array(length);
  } catch {
    throw new ArgumentError(
      `\`${name}\` must be an array that memory has room for, got ${length} numbers`,
      name,
      length,
    );
  }
}

/** @returns what an option has that is to be a list: an array, or any typed one */
export function checkList(name: string, list: unknown, most: number, what: string): readonly unknown[] {
  const isList = Array.isArray(list) || (ArrayBuffer.isView(list) && !(list instanceof DataView));
  if (!isList || (list as ArrayLike<unknown>).length > most) refuse(name, `an array of at most ${most} ${what}`, list);
  const { length } = list as ArrayLike<unknown>;
  // By index: engines refuse to go through an array whose buffer was transferred, which is an empty one.
  return Array.from({ length }, (_, index) => (list as ArrayLike<unknown>)[index]);
}

export function checkSignal(signal: unknown): AbortSignal | undefined {
  if (signal === undefined) return undefined;
  const { addEventListener, throwIfAborted } = Object(signal) as Partial<AbortSignal>;
  if (typeof addEventListener !== "function" || typeof throwIfAborted !== "function") {
    refuse("signal", "an AbortSignal", signal);
  }
  return signal as AbortSignal;
}

export function checkCallback<T extends (...args: never[]) => unknown>(name: string, callback: unknown): T | undefined {
  if (callback !== undefined && typeof callback !== "function") refuse(name, "a function", callback);
  return callback as T | undefined;
}
