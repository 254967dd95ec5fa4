/**
 * Rules as lists of passes (assembly/quad/drivers/records.ts explains them; docs/numerics.md has the table).
 */
import type { PassSpec } from "../runtime/core/job.js";
import type { Rule } from "../types.js";
import { gaussLegendre } from "./gauss.js";

export interface RulePasses {
  readonly passes: readonly PassSpec[];
  /** Weights of f(lo) and f(hi), in units of the panel width. */
  readonly endLow: number;
  readonly endHigh: number;
}

const RIGHT_ENDS: PassSpec = { shift: 1, weight: 1 };

/** Rules by name, each exact for polynomials of the degree in the comment. */
const NAMED: Record<Extract<Rule, string>, RulePasses> = {
  /* 0 */ left: { passes: [RIGHT_ENDS], endLow: 1, endHigh: 0 },
  /* 0 */ right: { passes: [RIGHT_ENDS], endLow: 0, endHigh: 1 },
  /* 1 */ midpoint: { passes: [{ shift: 1 / 2, weight: 1 }], endLow: 0, endHigh: 0 },
  /* 1 */ trapezoid: { passes: [RIGHT_ENDS], endLow: 1 / 2, endHigh: 1 / 2 },
  /* 3 */ simpson: {
    passes: [
      { shift: 1 / 2, weight: 4 / 6 },
      { shift: 1, weight: 2 / 6 },
    ],
    endLow: 1 / 6,
    endHigh: 1 / 6,
  },
  /* 5 */ boole: {
    passes: [
      { shift: 1 / 4, weight: 32 / 90 },
      { shift: 2 / 4, weight: 12 / 90 },
      { shift: 3 / 4, weight: 32 / 90 },
      { shift: 1, weight: 14 / 90 },
    ],
    endLow: 7 / 90,
    endHigh: 7 / 90,
  },
};

export const RULE_NAMES = Object.keys(NAMED) as readonly Extract<Rule, string>[];

export function passesOf(rule: Rule): RulePasses {
  if (typeof rule === "string") return NAMED[rule];
  const passes = gaussLegendre(rule.gauss).map(({ t, weight }) => ({ shift: (1 + t) / 2, weight: weight / 2 }));
  return { passes, endLow: 0, endHigh: 0 };
}

/** Evaluations that `panels` panels cost: neighbouring panels share their ends. */
export function evaluationsOf(rule: RulePasses, panels: number): number {
  let evaluations = Number(rule.endLow !== 0) + Number(rule.endHigh !== 0);
  for (const { shift } of rule.passes) evaluations += shift === 1 ? panels - 1 : panels;
  return evaluations;
}
