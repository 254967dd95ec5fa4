/**
 * Rules as they are typed and shown: a name, or `gauss:5` for Gauss-Legendre with 5 points in each panel.
 */
import { ArgumentError } from "../errors.js";
import type { SeveralRuleName } from "../several-types.js";
import type { Rule, ToleranceOptions } from "../types.js";

const NAMES = ["left", "right", "midpoint", "trapezoid", "simpson", "boole"] as const;
/** As many points as the library has nodes for. */
const GAUSS_POINTS_MAXIMUM = 64;

type ToleranceRule = NonNullable<ToleranceOptions["rule"]>;

const NAMES_TO_TOLERANCE: readonly ToleranceRule[] = ["auto", "gauss-kronrod", "tanh-sinh"];
const NAMES_OF_SEVERAL: readonly SeveralRuleName[] = [
  ...NAMES_TO_TOLERANCE,
  "genz-malik",
  "quasi-monte-carlo",
  "vegas",
];

/** What `--rule` takes to a tolerance, for help and errors. */
export const TOLERANCE_RULES = NAMES_TO_TOLERANCE.join(", ");
/** What it takes besides for several variables. */
export const SEVERAL_RULES = NAMES_OF_SEVERAL.slice(NAMES_TO_TOLERANCE.length).join(", ");

/** Whether the text names a rule that integrates to a tolerance. */
export function isToleranceRule(text: string): text is ToleranceRule {
  return NAMES_TO_TOLERANCE.some((name) => name === text);
}

/** Whether the text names a rule that integrates over several variables, or over one of `--var`. */
export function isSeveralRule(text: string): text is SeveralRuleName {
  return NAMES_OF_SEVERAL.some((name) => name === text);
}

/** What `--rule` takes for a fixed number of panels. */
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
    throw new ArgumentError(
      `--rule must be one of ${RULES}, or to a tolerance ${TOLERANCE_RULES}, got ${JSON.stringify(text)}`,
      "--rule",
      text,
    );
  }
  return { gauss: points };
}

/** The text that `readRule` reads. */
export function spellRule(rule: Rule): string {
  return typeof rule === "string" ? rule : `gauss:${rule.gauss}`;
}
