/**
 * Which ends of an axis, and which break points, are singular as the text shows it: where what stands in a root or a logarithm, under a division or a power is 0 all along
 * that face or surface. The axis is flattened there (axes.ts).
 *
 *   1/sqrt(x*y)     at x = 0 and at y = 0
 *   abs(x-y)^-0.5   along y = x, which is a break point of y
 *   sqrt(1-x^2-y^2) at both ends of y, if these are -sqrt(1-x^2) and sqrt(1-x^2)
 *   log(x+y)        nowhere: at x = 0 it is singular at one point alone
 *
 * Whether it is 0 there is looked at in sample points of the other variables, in numbers: no algebra has to know why.
 *
 * Role: the thread that calls `integrate`.
 */
import { type Canonical, canonical, type Node, variablesIn } from "../../expr/index.js";
import { type Axis, type Bound, NOWHERE, type Singular } from "./axes.js";
import { type Record, samplesOf, valuesOf } from "./corners.js";
import type { Component } from "./integrand.js";

const SINGULAR: ReadonlySet<string> = new Set(["sqrt", "cbrt", "log", "log2", "log10"]);
/** Powers from here on are smooth enough. */
const SMOOTH_POWER = 2;
const SAMPLES = 8;
const CANDIDATES_MAXIMUM = 16;
/** In units of the mean of its size in the region, what counts as 0. */
const ZERO = 1e-9;

/** The axes, with what is singular about them. Where a component is a function that is called back, nothing is known. */
export function flattened(axes: readonly Axis[], components: readonly Component[], record: Record): readonly Axis[] {
  const all = components.flatMap((each) => ("nodes" in each ? [each.nodes] : []));
  if (all.length < components.length || !all.some(mayBeSingular)) return axes;
  const found = singularOf(axes, all, record);
  return axes.map((axis, k) => ({ ...axis, singular: found[k]! }));
}

function singularOf(axes: readonly Axis[], all: readonly (readonly Node[])[], record: Record): readonly Singular[] {
  const trees = [
    ...new Map(all.flatMap((nodes) => candidates(nodes, record)).map((tree) => [tree.key, tree])).values(),
  ];
  if (trees.length > CANDIDATES_MAXIMUM) return axes.map(() => NOWHERE);
  const samples = samplesOf(axes, record, SAMPLES);
  const scales = trees.map((tree) => mean(valuesOf(tree, samples, record).map(Math.abs)));
  return axes.map((axis, k) => {
    const [lo, hi] = [valuesAt(axis.lo, samples, record), valuesAt(axis.hi, samples, record)];
    const isSingular = (edge: Bound): boolean => {
      const places = valuesAt(edge, samples, record);
      const there = samples.flatMap((point, i) => {
        const place = places[i]!;
        const isInside = place >= Math.min(lo[i]!, hi[i]!) && place <= Math.max(lo[i]!, hi[i]!);
        return isInside && Number.isFinite(place) ? [point.with(k, place)] : [];
      });
      if (there.length === 0) return false;
      return trees.some(
        (tree, index) =>
          variablesIn(tree.nodes).has(k) &&
          valuesOf(tree, there, record).every((value) => Math.abs(value) <= ZERO * scales[index]!),
      );
    };
    return { lo: isSingular(axis.lo), inside: axis.breaks.some(isSingular), hi: isSingular(axis.hi) };
  });
}

function mayBeSingular(nodes: readonly Node[]): boolean {
  return nodes.some(
    (node) =>
      (node.kind === "call" && SINGULAR.has(node.name)) ||
      (node.kind === "binary" && (node.operator === "/" || node.operator === "^")),
  );
}

/** What is singular where it is 0. */
function candidates(nodes: readonly Node[], record: Record): readonly Canonical[] {
  const tree = (index: number): Canonical => canonical(nodes, index);
  const isSmooth = (exponent: number): boolean => {
    const own = tree(exponent);
    if (variablesIn(own.nodes).size > 0) return false;
    const [power] = valuesOf(own, [[]], record);
    return power! >= SMOOTH_POWER || (Number.isInteger(power) && power! >= 0);
  };
  return nodes
    .flatMap((node) => {
      if (node.kind === "call" && SINGULAR.has(node.name)) return [tree(node.operands[0]!)];
      if (node.kind !== "binary") return [];
      if (node.operator === "/") return [tree(node.right)];
      return node.operator === "^" && !isSmooth(node.right) ? [tree(node.left)] : [];
    })
    .filter(({ nodes: own }) => variablesIn(own).size > 0);
}

function valuesAt(bound: Bound, samples: readonly (readonly number[])[], record: Record): readonly number[] {
  return typeof bound === "number" ? samples.map(() => bound) : valuesOf(bound, samples, record);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}
