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
import { type Canonical, Composer, canonical, evaluate, type Node, separate, type Term } from "../../expr/index.js";
import type { SeveralState } from "../../quad/several-rule.js";
import type { Parameters, ToleranceOptions, ToleranceResult } from "../../types.js";
import { Handle } from "../handle.js";
import { integrandOfTree } from "../integrand.js";
import { poseToTolerance, type ToleranceProblem } from "../tolerance.js";
import type { Axis, Bound } from "./axes.js";
import { elementary } from "./bounds.js";
import type { SeveralProblem } from "./problem.js";

/** What is made of integrals in one dimension: by component, the terms of the sum. */
export interface Plan {
  readonly components: readonly (readonly Product[])[];
}

/** One term. */
interface Product {
  readonly constant: Canonical;
  /** Which part of the product of complex numbers counts, and the angle that it is turned by. */
  readonly phase: { readonly kind: "sin" | "cos"; readonly angle: Canonical } | undefined;
  /** By axis; of an axis that is not there the factor is 1. */
  readonly factors: ReadonlyMap<number, Factor>;
}

/** What is integrated along an axis: a function, or the parts of a complex one. */
interface Factor {
  readonly re: Canonical;
  readonly im?: Canonical;
}

/** @returns undefined where the integrand is no such sum, or the region no box */
export function planOf({ components, axes, isAuto }: SeveralProblem): Plan | undefined {
  if (!isAuto || axes.length < 2) return undefined;
  const isPlain = axes.every(({ lo, hi, breaks }) => [lo, hi, ...breaks].every((each) => typeof each === "number"));
  if (!isPlain) return undefined;
  const all: (readonly Product[])[] = [];
  for (const component of components) {
    const products = "nodes" in component ? productsOf(component.nodes) : null;
    if (products === null) return undefined;
    all.push(products);
  }
  return { components: all };
}

/** By a component's nodes, what they are a sum of; null where they are none. To see that takes longer than an easy integral. */
const known = new WeakMap<readonly Node[], readonly Product[] | null>();

function productsOf(nodes: readonly Node[]): readonly Product[] | null {
  let products = known.get(nodes);
  if (products === undefined) {
    products = separate(nodes)?.map(productOf) ?? null;
    known.set(nodes, products);
  }
  return products;
}

function productOf({ constant, factors, phase }: Term): Product {
  const all = new Map<number, Factor>([...factors].map(([axis, re]) => [axis, { re }]));
  for (const [axis, angle] of phase?.angles ?? []) {
    const f = factors.get(axis);
    all.set(axis, { re: within("cos", angle, f), im: within("sin", angle, f) });
  }
  return { constant, phase: phase && { kind: phase.kind, angle: phase.angle }, factors: all };
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

/** @returns what came of it; undefined where a rule of several variables has to do it. @param optionsOf the integrals along an axis */
export function* integrateProduct(
  plan: Plan,
  problem: SeveralProblem,
  optionsOf: (axis: Axis, parameters: Parameters) => ToleranceOptions,
): Ask {
  const { axes, spec, names, relaxed } = problem;
  const values = Object.fromEntries(names.map((name, index) => [name, spec.parameters[index]!]));
  /** By tree and range: the same one is integrated once. */
  const found = new Map<string, ToleranceResult>();
  const alike = axes.map((axis) => axes.findIndex((other) => haveSameRange(axis, other)));
  let evaluations = 0;
  let panels = 0;
  const factor = function* (
    axis: number,
    tree: Canonical,
  ): Generator<ToleranceProblem, ToleranceResult | undefined, ToleranceResult> {
    const { lo, hi } = axes[axis]!;
    const [a, b] = [Math.min(lo as number, hi as number), Math.max(lo as number, hi as number)];
    const key = `${alike[axis]} ${tree.key}`;
    let result = found.get(key);
    if (result === undefined) {
      const handle = handleOf(tree, names, relaxed);
      result = yield poseToTolerance(handle, a, b, optionsOf(axes[axis]!, values));
      found.set(key, result);
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
        if (f === undefined) {
          const width = Math.abs((hi as number) - (lo as number));
          all.push({ re: width, im: 0, error: 0, l1: width });
          continue;
        }
        const re = yield* factor(axis, f.re);
        if (re === undefined) return undefined;
        if (f.im === undefined) {
          all.push({ re: re.value, im: 0, error: re.error, l1: re.l1 });
          continue;
        }
        const im = yield* factor(axis, f.im);
        if (im === undefined) return undefined;
        all.push({ re: re.value, im: im.value, error: re.error + im.error, l1: re.l1 + im.l1 });
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
    rounds: found.size,
    regions: panels,
    nonFinite: null,
  };
}

function haveSameRange(one: Axis, other: Axis): boolean {
  const numbersOf = ({ lo, hi, breaks, scale, center }: Axis): readonly Bound[] => [lo, hi, scale, center, ...breaks];
  const [left, right] = [numbersOf(one), numbersOf(other)];
  return left.length === right.length && left.every((each, index) => each === right[index]);
}

/** Handles of factors: plain, and with fused operations. */
const handles = [new WeakMap<Canonical, Handle>(), new WeakMap<Canonical, Handle>()] as const;

/** @param names those of the text that the tree is from */
function handleOf(tree: Canonical, names: readonly string[], relaxed: boolean): Handle {
  const made = handles[relaxed ? 1 : 0];
  let handle = made.get(tree);
  if (handle === undefined) {
    handle = new Handle("", undefined, names, integrandOfTree(tree, names, relaxed));
    made.set(tree, handle);
  }
  return handle;
}

/** f times the sine or cosine of g. */
function within(name: "sin" | "cos", g: Canonical, f: Canonical | undefined): Canonical {
  const composer = new Composer();
  const x = composer.variable(0);
  const wave = composer.call(name, composer.insert(g.nodes, [x]));
  const root = f === undefined ? wave : composer.binary(composer.insert(f.nodes, [x]), "*", wave);
  return canonical(composer.nodes, root);
}
