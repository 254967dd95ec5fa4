/**
 * Names of JavaScript: what an integrand may use of them, what they are in the language of expressions, and what to say of all others.
 *
 * Role: the thread that calls `integrate`.
 */
import { ArgumentError } from "../../errors.js";
import { helperNote } from "../../inline-function.js";
import { CONSTANTS, FUNCTIONS } from "../functions.js";
import type { Subject } from "./syntax.js";

/** Constants of `Math`: the doubles that ECMAScript says (2025, 21.3.1), independent of the engine. */
// biome-ignore-start lint/suspicious/noApproximativeNumericConstant: to the last bit
export const MATH_CONSTANTS: ReadonlyMap<string, number> = new Map([
  ["PI", 3.141592653589793],
  ["E", 2.718281828459045],
  ["LN2", 0.6931471805599453],
  ["LN10", 2.302585092994046],
  ["LOG2E", 1.4426950408889634],
  ["LOG10E", 0.4342944819032518],
  ["SQRT2", 1.4142135623730951],
  ["SQRT1_2", 0.7071067811865476],
]);
// biome-ignore-end lint/suspicious/noApproximativeNumericConstant: the constants end here

/** Functions of `Math` that expressions have too, under the same name and with the same number of arguments, but for `VARIADIC`. */
export const MATH_FUNCTIONS: ReadonlySet<string> = new Set([
  "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
  "exp", "expm1", "log", "log1p", "log2", "log10", "cbrt", "sqrt", "abs", "sign", "floor", "ceil", "round", "trunc",
  "atan2", "pow", "hypot", "min", "max",
]); // biome-ignore format: a family or two per line

/** Of any number of arguments, and what they are of none. */
export const VARIADIC: ReadonlyMap<string, number> = new Map([
  ["min", Number.POSITIVE_INFINITY],
  ["max", Number.NEGATIVE_INFINITY],
  ["hypot", 0],
]);

/** Constants of `Number`. */
export const NUMBER_CONSTANTS: ReadonlyMap<string, number> = new Map(
  (
    [
      "EPSILON",
      "MAX_VALUE",
      "MIN_VALUE",
      "MAX_SAFE_INTEGER",
      "MIN_SAFE_INTEGER",
      "POSITIVE_INFINITY",
      "NEGATIVE_INFINITY",
      "NaN",
    ] as const
  ).map((name) => [name, Number[name]]),
);

/** What every thread has of its own. A function that uses others of these than numbers and `Math` is called back. */
const EVERYWHERE: ReadonlySet<string> = new Set([
  "undefined", "NaN", "Infinity", "globalThis", "isFinite", "isNaN", "parseFloat", "parseInt",
  "Math", "Number", "BigInt", "Boolean", "String", "Symbol", "Object", "Array", "Date", "RegExp", "JSON", "Reflect", "Proxy", "Intl", "Iterator",
  "Promise", "Map", "Set", "WeakMap", "WeakSet", "WeakRef", "Atomics", "ArrayBuffer", "SharedArrayBuffer", "DataView",
  "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array",
  "BigInt64Array", "BigUint64Array", "Float16Array", "Float32Array", "Float64Array",
  "Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError", "AggregateError",
  "WebAssembly", "console", "performance", "crypto", "structuredClone",
]); // biome-ignore format: families per line

/** How constants of expressions are written in JavaScript. */
const CONSTANT_SPELLINGS: ReadonlyMap<string, string> = new Map([
  ["pi", "Math.PI"],
  ["tau", "2 * Math.PI"],
  ["e", "Math.E"],
  ["inf", "Infinity"],
  ["ln", "Math.log"],
]);

/**
 * A function that goes to other threads may use what it declares, and what is everywhere.
 *
 * @param free names that it does not declare, @param parameters those that it could have
 * @throws {ArgumentError} one is neither: it names it, and says how to pass it
 */
export function checkFreeNames(free: readonly string[], parameters: readonly string[], { label, fn }: Subject): void {
  const name = free.find((each) => !EVERYWHERE.has(each));
  if (name === undefined) return;
  const remedy = remedyOf(name, parameters);
  throw new ArgumentError(
    `expected a function that uses its arguments and \`Math\` alone, ${label} refers to \`${name}\`${helperNote(name)}, which stands outside it; ${remedy}`,
    "f",
    fn,
  );
}

function remedyOf(name: string, parameters: readonly string[]): string {
  if (name === "this" || name === "super")
    return "take what it needs of it as parameters: (x, { a }) => …, with `parameters: { a }`";
  if (name === "arguments") return "name its arguments: (x, { a }) => …";
  if (parameters.includes(name)) return `\`parameters\` has it: take it as (x, { ${name} }) => …`;
  if (MATH_FUNCTIONS.has(name)) return `write Math.${name}`;
  const spelling = CONSTANT_SPELLINGS.get(name);
  if (spelling !== undefined)
    return `write ${spelling}, or pass a number of that name: (x, { ${name} }) => …, with \`parameters: { ${name} }\``;
  if (FUNCTIONS.has(name) || CONSTANTS.has(name))
    return `\`${name}\` is of the language of expressions: write the integrand as a text`;
  return `if it is a number, pass it: (x, { ${name} }) => …, with \`parameters: { ${name} }\`; if it is a function, put it into this one`;
}
