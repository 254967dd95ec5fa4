/**
 * Which class computes which rule.
 *
 * Role: the thread that calls `integrate`.
 */
import { Choosing, divide } from "../../quad/choosing.js";
import { Cubature } from "../../quad/cubature.js";
import { Quasi } from "../../quad/quasi.js";
import type { MakeRule } from "../../quad/run-several.js";
import { Vegas } from "../../quad/vegas.js";
import type { Heap } from "../../runtime/core/heap.js";
import type { RuleName, SeveralProblem } from "./problem.js";

/** The rule of a problem. */
export function ruleOf({ rule, spec, isAuto }: SeveralProblem): MakeRule {
  if (isAuto && rule === "genz-malik") return (heap) => choosing(heap, spec);
  // What is double-exponential integrates each component by itself, and does not come here.
  return MAKERS[rule as Exclude<RuleName, "tanh-sinh">](spec);
}

const MAKERS: Readonly<Record<Exclude<RuleName, "tanh-sinh">, (spec: SeveralProblem["spec"]) => MakeRule>> = {
  "gauss-kronrod": (spec) => (heap) => new Cubature(heap, spec),
  "genz-malik": (spec) => (heap) => new Cubature(heap, spec),
  "quasi-monte-carlo": (spec) => (heap) => new Quasi(heap, { ...spec, points: "either" }),
  vegas: (spec) => (heap) => new Vegas(heap, spec),
};

/** Regions, with quasi-Monte Carlo to hold them against. */
function choosing(heap: Heap, spec: SeveralProblem["spec"]): Choosing {
  const { ofRegions, planes } = divide(spec);
  const regions = new Cubature(heap, { ...spec, maximum: ofRegions });
  return new Choosing(regions, () => new Quasi(heap, { ...spec, breaks: planes, points: "either" }), spec.maximum);
}
