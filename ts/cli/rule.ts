/**
 * Rules as they are typed and shown: a name, or `gauss:5` for Gauss-Legendre with 5 points in each panel.
 */
import { ArgumentError } from "../errors.js";
import type { Rule } from "../types.js";

const NAMES = ["left", "right", "midpoint", "trapezoid", "simpson", "boole"] as const;
/** As many points as the library has nodes for. */
const GAUSS_POINTS_MAXIMUM = 64;

/** What `--rule` takes, for help and errors. */
export const RULES = `${NAMES.join(", ")}, or gauss:N with N from 1 to ${GAUSS_POINTS_MAXIMUM}`;

/**
 * @throws {ArgumentError} the text names no rule
 * @example
 *   readRule("gauss:5")   // { gauss: 5 }
 */
export function readRule(text: string): Rule {
  const name = NAMES.find((candidate) => candidate === text);
  if (name !== undefined) return name;
  const points = Number(/^gauss:(\d{1,3})$/.exec(text)?.[1] ?? 0);
  if (points < 1 || points > GAUSS_POINTS_MAXIMUM) {
    throw new ArgumentError(`--rule must be one of ${RULES}, got ${JSON.stringify(text)}`, "--rule", text);
  }
  return { gauss: points };
}

/** The text that `readRule` reads. */
export function spellRule(rule: Rule): string {
  return typeof rule === "string" ? rule : `gauss:${rule.gauss}`;
}
