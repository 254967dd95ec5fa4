/**
 * What an unknown name was probably meant to be.
 *
 * Source: F. Damerau, "A technique for computer detection and correction of spelling errors", CACM 7 (1964), in its restricted form.
 * Role:   the parser's messages.
 */
import type { Scope } from "./expression.js";
import { CONSTANTS, FUNCTIONS } from "./functions.js";
import { variablesOf } from "./scope.js";

/** Names of other languages and books, and what is written here. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ["arcsin", "asin"],
  ["arccos", "acos"],
  ["arctan", "atan"],
  ["arctan2", "atan2"],
  ["arcsinh", "asinh"],
  ["arsinh", "asinh"],
  ["arccosh", "acosh"],
  ["arcosh", "acosh"],
  ["arctanh", "atanh"],
  ["artanh", "atanh"],
  ["tg", "tan"],
  ["cot", "1/tan(x)"],
  ["ctg", "1/tan(x)"],
  ["sec", "1/cos(x)"],
  ["csc", "1/sin(x)"],
  ["cosec", "1/sin(x)"],
  ["coth", "1/tanh(x)"],
  ["sech", "1/cosh(x)"],
  ["csch", "1/sinh(x)"],
  ["lg", "log10"],
  ["lb", "log2"],
  ["ld", "log2"],
  ["sgn", "sign"],
  ["sqr", "x^2"],
  ["root", "sqrt(x) or x^(1/n)"],
  ["fabs", "abs"],
  ["ceiling", "ceil"],
  ["int", "trunc"],
  ["fix", "trunc"],
  ["infinity", "inf"],
  ["infty", "inf"],
  ["mod", "a - b*trunc(a/b)"],
  ["fmod", "a - b*trunc(a/b)"],
  ["power", "x^y"],
  ["besselj", "j0(x) or j1(x)"],
  ["besselj0", "j0"],
  ["besselj1", "j1"],
  ["tgamma", "gamma"],
  ["gammaln", "lgamma"],
  ["lngamma", "lgamma"],
  ["loggamma", "lgamma"],
  ["factorial", "gamma(x + 1)"],
  ["fact", "gamma(x + 1)"],
  ["if", "condition ? a : b"],
]);

/**
 * What to write instead of an unknown name, or undefined; two proposals are separated by " or ".
 *
 * @param called  whether `(` follows: then only functions and products come into question
 */
export function suggest(name: string, called: boolean, scope: Scope): string | undefined {
  // Nobody mistypes a name of this length, and distances cost time.
  if (name.length > 24) return undefined;
  const values = [...variablesOf(scope), ...scope.parameters, ...CONSTANTS.keys()];
  const functions = [...FUNCTIONS.keys()];
  const lower = name.toLowerCase();
  const known = OTHER_NAMES.get(lower);
  if (known !== undefined) return known;
  const candidates = called ? functions : [...values, ...functions];
  const sameLetters = candidates.find((candidate) => candidate.toLowerCase() === lower);
  return sameLetters ?? product(name, called, values, functions) ?? nearest(lower, candidates);
}

/** `ax` -> `a*x`, `x2` -> `x*2`, `sinx` -> `sin(x)`, `xsin` before `(` -> `x*sin`. */
function product(
  name: string,
  called: boolean,
  values: readonly string[],
  functions: readonly string[],
): string | undefined {
  for (let cut = 1; cut < name.length; cut++) {
    const first = name.slice(0, cut);
    const second = name.slice(cut);
    if (values.includes(first) && (called ? functions : values).includes(second)) return `${first}*${second}`;
    if (!called && values.includes(first) && /^\d+$/.test(second)) return `${first}*${second} or ${first}^${second}`;
    if (!called && FUNCTIONS.get(first)?.maximum === 1 && values.includes(second)) return `${first}(${second})`;
  }
  return undefined;
}

/** The candidate with the fewest wrong letters: one, or a third of the name. */
function nearest(name: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    // One letter is near every other letter.
    if (Math.min(candidate.length, name.length) === 1) continue;
    const wrong = distance(name, candidate.toLowerCase());
    if (wrong < least) {
      least = wrong;
      best = candidate;
    }
  }
  return best;
}

/** Letters to change, add, drop, or swap with their neighbour, to make b of a. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, beforeLast[column - 2]! + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length]!;
}
