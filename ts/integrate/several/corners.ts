/**
 * Break points of boxes that the texts of the integrands show: planes along one axis (ts/expr/corners.ts), and curved surfaces (ts/expr/curves.ts), which become break
 * points that are expressions of the variables before.
 *
 * Whether a surface crosses the box at all is seen at sample points: one that does not would be moved to the bounds, and cost a piece of no width. What is missed so
 * is left to the rule.
 *
 * Role: the thread that calls `integrate`.
 */
import {
  type Canonical,
  type Curve,
  corners,
  curveOf,
  curves,
  evaluate,
  mayHaveCorners,
  type Node,
  variablesIn,
} from "../../expr/index.js";
import { withCorners } from "../tolerance.js";
import type { Axis, Bound } from "./axes.js";
import { elementary } from "./bounds.js";
import type { Component } from "./integrand.js";

/** Boxes that planes may cut the region into: beyond, they are left to the rule. */
const CELLS_MAXIMUM = 4096;
/** The same of surfaces; but fewer in many dimensions, where a region has many points. */
const MOVING_CELLS_MAXIMUM = 256;
const MOVING_CELLS_AND_CORNERS = 2 ** 13;
const SURFACES_MAXIMUM = 32;
const SAMPLES = 64;
/** Distance from a bound, in parts of the range, from which on a surface counts. */
const INSIDE = 1e-6;

/** Names and values of the parameters, in the order of the record. */
export interface Record {
  readonly names: readonly string[];
  readonly values: readonly number[];
}

/** The axes with such break points besides those that they have. */
export function cutAtCorners(axes: readonly Axis[], components: readonly Component[], record: Record): readonly Axis[] {
  const trees = components.flatMap((each) => ("nodes" in each && mayHaveCorners(each.nodes) ? [each.nodes] : []));
  if (trees.length === 0) return axes;
  const { moving, planes } = surfacesOf(axes, trees, record);
  const all = [...trees, ...planes];
  let cells = 1;
  return axes.map((axis, index): Axis => {
    const own = moving[index]!;
    const [a, b] = [axis.lo, axis.hi];
    if (typeof a !== "number" || typeof b !== "number") return axis;
    const [lo, hi] = [Math.min(a, b), Math.max(a, b)];
    const given = axis.breaks.filter((each) => typeof each === "number");
    // Bounds that move would be sorted among them at each point.
    if (given.length < axis.breaks.length) return axis;
    const found = all.flatMap((nodes) => corners(nodes, record.values, lo, hi, index));
    const breaks: readonly Bound[] = [...withCorners(given, found, lo, hi), ...own];
    if (breaks.length === given.length || cells * (breaks.length + 1) > CELLS_MAXIMUM) return axis;
    cells *= breaks.length + 1;
    return { ...axis, breaks };
  });
}

interface Surfaces {
  /** By axis, those that become break points there. */
  readonly moving: readonly (readonly Canonical[])[];
  /** Trees whose corners are those of their projections onto one axis. */
  readonly planes: readonly (readonly Node[])[];
}

function surfacesOf(axes: readonly Axis[], trees: readonly (readonly Node[])[], record: Record): Surfaces {
  const moving: Canonical[][] = axes.map(() => []);
  const planes: (readonly Node[])[] = [];
  const left = new Map(trees.flatMap(curves).map((tree) => [tree.key, tree]));
  if (left.size === 0) return { moving, planes };
  const samples = samplesOf(axes, record, SAMPLES);
  const most = Math.min(MOVING_CELLS_MAXIMUM, MOVING_CELLS_AND_CORNERS / 2 ** axes.length);
  let cells = 1;
  let count = 0;
  for (let index = axes.length - 1; index > 0; index--) {
    /** Those that are break points here. */
    const chosen: Curve[] = [];
    const { lo, hi, breaks } = axes[index]!;
    if (typeof lo !== "number" || typeof hi !== "number" || breaks.some((each) => typeof each === "object")) continue;
    for (const [key, tree] of [...left]) {
      const used = variablesIn(tree.nodes);
      if (Math.max(...used) !== index || ++count > SURFACES_MAXIMUM) continue;
      left.delete(key);
      const curve = curveOf(tree.nodes, index);
      if (curve === undefined) continue;
      const derived = [lo, hi].filter(Number.isFinite).map((bound) => curve.at(bound));
      const discriminant = curve.discriminant();
      if (discriminant !== undefined) derived.push(discriminant);
      const known = moving[index]!.map((each) => valuesOf(each, samples, record));
      for (const zero of curve.zeros()) {
        const values = valuesOf(zero, samples, record);
        if (!crosses(values, Math.min(lo, hi), Math.max(lo, hi)) || known.some((other) => areEqual(values, other)))
          continue;
        // Cut in part, the integrand would have all of its corners still, and those of the maps besides.
        if (cells * (moving[index]!.length + 2) > most) return { moving: axes.map(() => []), planes: [] };
        known.push(values);
        moving[index]!.push(zero);
        if (chosen.at(-1) === curve) continue;
        for (const one of chosen) {
          const crossing = one.crossing(curve);
          if (crossing !== undefined) derived.push(crossing);
        }
        chosen.push(curve);
      }
      for (const each of derived) {
        const size = variablesIn(each.nodes).size;
        if (size > 1) left.set(each.key, each);
        else if (size === 1)
          planes.push([...each.nodes, { kind: "call", name: "abs", operands: [each.nodes.length - 1] }]);
      }
    }
    cells *= moving[index]!.length + 1;
  }
  return { moving, planes };
}

/** Points of the region, by the fractions of multiples of square roots of primes. */
export function samplesOf(axes: readonly Axis[], record: Record, count: number): readonly (readonly number[])[] {
  return Array.from({ length: count }, (_, i) => {
    const point: number[] = [];
    for (const [k, { lo, hi, scale, center }] of axes.entries()) {
      const fraction = ((i + 0.5) * Math.sqrt(PRIMES[k % PRIMES.length]!) + k / axes.length) % 1;
      const [a, b] = [lo, hi].map((bound) =>
        typeof bound === "number" ? bound : valuesOf(bound, [point], record)[0]!,
      ) as [number, number];
      const reach = (3 * scale * fraction) / (1 - fraction);
      if (Number.isFinite(a) && Number.isFinite(b)) point.push(a + (b - a) * fraction);
      else if (Number.isFinite(a)) point.push(a + Math.sign(b) * reach);
      else if (Number.isFinite(b)) point.push(b + Math.sign(a) * reach);
      else point.push(center + (i % 2 === 0 ? reach : -reach));
    }
    return point;
  });
}

const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];

export function valuesOf(
  tree: { readonly nodes: readonly Node[] },
  points: readonly (readonly number[])[],
  record: Record,
): number[] {
  const { names, values } = record;
  const parameters = Object.fromEntries(names.map((name, index) => [name, values[index]!]));
  const variables = (points[0] ?? []).map((_, k) => `x${k}`);
  const expression = { source: "", variable: undefined, variables, parameters: names, nodes: tree.nodes };
  return points.map((point) => evaluate(expression, { variables: point, parameters }, elementary()));
}

function crosses(values: readonly number[], lo: number, hi: number): boolean {
  const margin = Number.isFinite(hi - lo) ? INSIDE * (hi - lo) : 0;
  return values.some((value) => value > lo + margin && value < hi - margin);
}

function areEqual(one: readonly number[], other: readonly number[]): boolean {
  return one.every(
    (value, i) => Object.is(value, other[i]) || Math.abs(value - other[i]!) <= 1e-9 * (1 + Math.abs(value)),
  );
}
