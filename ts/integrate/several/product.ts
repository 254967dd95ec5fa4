/**
 * Integrals over boxes whose integrands are sums of products of functions of one variable each, as the text shows: sums of products of integrals in one dimension,
 * to nearly all digits, in any number of dimensions.
 *
 *   integral of  c prod f_k(x_k)                            c prod I_k
 *   integral of  c prod f_k(x_k) cos(a + sum of g_k(x_k))   the real part of  c exp(i a) prod (integral of f_k cos g_k + i integral of f_k sin g_k)
 *
 * The error is that of the products, if each factor is off by its own error in the worst way. Where a factor does not converge, or the terms cancel each other, this
 * gives up, and the integral is left to a rule of several variables.
 *
 * Role: the thread that calls `integrate`.
 */
import { type Canonical, Composer, canonical, evaluate, separate, type Term } from "../../expr/index.js";
import type { SeveralState } from "../../quad/several-rule.js";
import type { ToleranceOptions, ToleranceResult } from "../../types.js";
import { Handle } from "../handle.js";
import { integrandOfTree } from "../integrand.js";
import { poseToTolerance, type ToleranceProblem } from "../tolerance.js";
import { elementary } from "./bounds.js";
import type { SeveralProblem } from "./problem.js";

/** The integrals in one dimension that each term is made of, and what is made of them. */
export interface Plan {
  readonly components: readonly (readonly Term[])[];
}

/** @returns undefined where the integrand is no such sum, or the region no box */
export function planOf({ components, axes, isAuto }: SeveralProblem): Plan | undefined {
  if (!isAuto || axes.length < 2) return undefined;
  const isPlain = axes.every(({ lo, hi, breaks }) => [lo, hi, ...breaks].every((each) => typeof each === "number"));
  if (!isPlain) return undefined;
  const terms: (readonly Term[])[] = [];
  for (const component of components) {
    const found = "nodes" in component ? separate(component.nodes) : undefined;
    if (found === undefined) return undefined;
    terms.push(found);
  }
  return { components: terms };
}

/** Asks for one integral in one dimension, and gets its result. */
export type Ask = Generator<ToleranceProblem, SeveralState | undefined, ToleranceResult>;

/** A value with the error that it may have, and the integral of the absolute value. */
interface Known {
  readonly re: number;
  readonly im: number;
  readonly error: number;
  readonly l1: number;
}

/** @returns what came of it; undefined where a rule of several variables has to do it. @param options of each integral */
export function* integrateProduct(plan: Plan, problem: SeveralProblem, options: () => ToleranceOptions): Ask {
  const { axes, spec, names, relaxed } = problem;
  const values = Object.fromEntries(names.map((name, index) => [name, spec.parameters[index]!]));
  const known = new Map<string, ToleranceResult>();
  let evaluations = 0;
  let panels = 0;
  const factor = function* (
    axis: number,
    tree: Canonical,
  ): Generator<ToleranceProblem, ToleranceResult | undefined, ToleranceResult> {
    const { lo, hi, breaks, scale, center } = axes[axis]!;
    const [a, b] = [Math.min(lo as number, hi as number), Math.max(lo as number, hi as number)];
    const key = JSON.stringify([tree.key, String(a), String(b), breaks, scale, center]);
    let result = known.get(key);
    if (result === undefined) {
      const handle = new Handle("", undefined, names, integrandOfTree(tree, names, relaxed));
      const all = { ...options(), parameters: values, breakPoints: breaks as number[], scale, center };
      result = yield poseToTolerance(handle, a, b, all);
      known.set(key, result);
      evaluations += result.evaluations;
      panels += result.panels;
    }
    return result.status === "converged" || result.status === "round-off-limit" ? result : undefined;
  };
  const constantOf = ({ nodes }: Canonical): number =>
    evaluate({ source: "", variable: undefined, parameters: names, nodes }, { parameters: values }, elementary());

  const sums: number[] = [];
  const errors: number[] = [];
  let l1 = 0;
  for (const terms of plan.components) {
    let sum = 0;
    let error = 0;
    for (const { constant, factors, phase } of terms) {
      const all: Known[] = [];
      for (const [axis, { lo, hi }] of axes.entries()) {
        const f = factors.get(axis);
        const angle = phase?.angles.get(axis);
        if (f === undefined && angle === undefined) {
          const width = Math.abs((hi as number) - (lo as number));
          all.push({ re: width, im: 0, error: 0, l1: width });
        } else if (angle === undefined) {
          const found = yield* factor(axis, f!);
          if (found === undefined) return undefined;
          all.push({ re: found.value, im: 0, error: found.error, l1: found.l1 });
        } else {
          const re = yield* factor(axis, within("cos", angle, f));
          const im = yield* factor(axis, within("sin", angle, f));
          if (re === undefined || im === undefined) return undefined;
          all.push({ re: re.value, im: im.value, error: re.error + im.error, l1: re.l1 + im.l1 });
        }
      }
      const c = constantOf(constant);
      const start = phase === undefined ? 0 : constantOf(phase.angle);
      const { cos, sin } = elementary();
      let [re, im] = phase === undefined ? [c, 0] : [c * cos(start), c * sin(start)];
      let size = Math.abs(c);
      let most = Math.abs(c);
      let largest = Math.abs(c);
      for (const each of all) {
        [re, im] = [re * each.re - im * each.im, re * each.im + im * each.re];
        const modulus = Math.abs(each.re) + Math.abs(each.im);
        size *= modulus;
        most *= modulus + each.error;
        largest *= each.l1;
      }
      sum += phase?.kind === "sin" ? im : re;
      // Roundings of the products, beside the factors' errors.
      error += most - size + 2 ** -52 * (all.length + 2) * most;
      l1 += largest;
    }
    sums.push(sum);
    errors.push(error);
  }
  const isRight = spec.isComplex
    ? Math.hypot(...errors) <= Math.max(spec.absolute, spec.relative * Math.hypot(...sums))
    : sums.every((sum, index) => errors[index]! <= Math.max(spec.absolute, spec.relative * Math.abs(sum)));
  if (!isRight || !Number.isFinite(l1)) return undefined;
  return {
    status: "converged",
    values: sums,
    errors,
    l1,
    evaluations,
    rounds: known.size,
    regions: panels,
    nonFinite: null,
  };
}

/** f times the sine or cosine of g. */
function within(name: "sin" | "cos", g: Canonical, f: Canonical | undefined): Canonical {
  const composer = new Composer();
  const x = composer.variable(0);
  const wave = composer.call(name, composer.insert(g.nodes, [x]));
  const root = f === undefined ? wave : composer.binary(composer.insert(f.nodes, [x]), "*", wave);
  return canonical(composer.nodes, root);
}
