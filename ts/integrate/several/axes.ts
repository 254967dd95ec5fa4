/**
 * How the axes of an integral in several variables come to a rule: as a box, and as arithmetic that is part of the integrand.
 *
 *   plain    bounds and break points are numbers, finite         x = u                                    u in [lo, hi]
 *   line     infinite to both sides                              x = c + 3 s u / (1 - u²)                       u in [-1, 1]
 *   ray      infinite to one side                                x = a + 3 s u / (1 - u), b - 3 s u / (1 - u)   u in [0, 1]
 *   pieces   a bound or a break point is an expression of the    piece j between two neighbours e of them:
 *            variables before                                    x = e + (e' - e) (u - j), or a ray        u in [0, n]
 *
 * Where the integrand is singular at an end or at break points (singular.ts), v^4 stands in the place of u, from there on, or where it is so at both ends of a piece, a
 * polynomial with three derivatives 0 at both: then it is smooth, or nearly, where it was a root or a logarithm, and no point comes so near that rounding meets the end.
 *
 * The integrand is multiplied by dx/du. All these maps are rational: smooth, of some instructions, and what decays like 1/x² or faster becomes a function that is
 * finite at the ends. The 3 gives what happens within about one scale a third of the axis: bells of that width took between 1/2 and 1/5 of the evaluations that
 * they take with 1, in 2 to 4 dimensions, and what decays like a power no more. x reaches to 1e16 times the scale. An end itself, if rounding ever leads there, has a large and finite weight, so that 0 stays 0.
 *
 * Break points that are numbers become planes u = constant; expressions become the planes between pieces: sorted, and moved between the bounds, at each point.
 *
 * Role: the thread that calls `integrate`.
 */
import type { Composer, Node } from "../../expr/index.js";

/** A number, or an expression of the variables before: its tree, and a text that tells it from others. */
export type Bound = number | { readonly key: string; readonly nodes: readonly Node[] };

/** One axis as it was asked for. */
export interface Axis {
  readonly name: string;
  /** No NaN; `lo` may be larger. */
  readonly lo: Bound;
  readonly hi: Bound;
  readonly breaks: readonly Bound[];
  /** Of infinite axes: positive, and finite. */
  readonly scale: number;
  readonly center: number;
  /** Where the integrand is singular: at which ends, and whether at break points. */
  readonly singular?: Singular;
}

export interface Singular {
  readonly lo: boolean;
  readonly inside: boolean;
  readonly hi: boolean;
}

export const NOWHERE: Singular = { lo: false, inside: false, hi: false };

/** What a rule sees of the axes. */
export interface Region {
  readonly lo: readonly number[];
  readonly hi: readonly number[];
  /** Break planes by axis: ascending, inside. */
  readonly breaks: readonly (readonly number[])[];
}

/** An axis on its way to the rule. */
export interface MappedAxis {
  readonly lo: number;
  readonly hi: number;
  readonly breaks: readonly number[];
  /** -1 where the bounds were exchanged, 0 where they are equal numbers. */
  readonly sign: number;
  /** Values for the parameter record that its arithmetic reads. */
  readonly values: readonly number[];
  /** Equal for axes of the same arithmetic. */
  readonly key: string;
  /** Where a point of this axis is in the rule's coordinate; undefined where that depends on the other axes. */
  inverse(x: number): number | undefined;
  /**
   * Writes the arithmetic.
   *
   * @param u the rule's coordinate
   * @param before the variables before
   * @param first number of the first of `values` in the record
   * @returns the variable, and what the integrand is multiplied by, if by anything
   */
  compose(to: Composer, u: number, before: readonly number[], first: number): { x: number; weight: number | undefined };
}

/** How far the middle of the rule's axis, or of a half of it, reaches: scales. */
const REACH = 3;

/** Below the square of the least distance from an end that a double can have. */
const LEAST = 2 ** -212;

export function mapAxis(axis: Axis): MappedAxis {
  const { lo, hi } = axis;
  if (lo === hi && typeof lo === "number") return plain(0, 0, [], 0);
  const isDown = typeof lo === "number" && typeof hi === "number" ? lo > hi : lo === Infinity || hi === -Infinity;
  const [from, to, sign] = isDown ? [hi, lo, -1] : [lo, hi, 1];
  const breaks = numbersOf(axis.breaks);
  const { singular: found = NOWHERE } = axis;
  const singular = isDown ? { ...found, lo: found.hi, hi: found.lo } : found;
  if (typeof from !== "number" || typeof to !== "number" || breaks === undefined) {
    return pieces({ ...axis, lo: from, hi: to, singular }, sign);
  }
  const inside = [...new Set(breaks)].filter((each) => each > from && each < to).sort((a, b) => a - b);
  const isFlat = singular.lo || singular.inside || singular.hi;
  if (isFlat && (Number.isFinite(from) || Number.isFinite(to) || inside.length > 0)) {
    return pieces({ ...axis, lo: from, hi: to, breaks: inside, singular }, sign);
  }
  if (from === -Infinity) return to === Infinity ? line(axis, inside, sign) : ray(axis, to, -1, inside, sign);
  return to === Infinity ? ray(axis, from, 1, inside, sign) : plain(from, to, inside, sign);
}

function numbersOf(bounds: readonly Bound[]): readonly number[] | undefined {
  return bounds.every((each) => typeof each === "number") ? bounds : undefined;
}

function plain(lo: number, hi: number, breaks: readonly number[], sign: number): MappedAxis {
  return {
    lo,
    hi,
    breaks,
    sign,
    values: [],
    key: "plain",
    inverse: (x) => x,
    compose: (_, u) => ({ x: u, weight: undefined }),
  };
}

function line({ center, scale }: Axis, breaks: readonly number[], sign: number): MappedAxis {
  const reach = REACH * scale;
  const inverse = (x: number): number => {
    const z = (x - center) / reach;
    return (2 * z) / (1 + Math.sqrt(1 + 4 * z * z));
  };
  return {
    lo: -1,
    hi: 1,
    breaks: planes(breaks.map(inverse), -1, 1),
    sign,
    values: [center, reach],
    key: "line",
    inverse,
    compose: (to, u, _, first) => {
      const [c, s, one] = [to.parameter(first), to.parameter(first + 1), to.number(1)];
      const rest = to.binary(to.binary(one, "-", u), "*", to.binary(one, "+", u));
      const x = to.binary(c, "+", to.binary(s, "*", to.binary(u, "/", rest)));
      const slope = to.binary(s, "*", to.binary(one, "+", to.binary(u, "*", u)));
      return { x, weight: to.binary(slope, "/", squareOf(to, rest)) };
    },
  };
}

function ray({ scale }: Axis, from: number, side: number, breaks: readonly number[], sign: number): MappedAxis {
  const reach = REACH * scale;
  const inverse = (x: number): number => {
    const z = Math.abs(x - from) / reach;
    return z === Infinity ? 1 : z / (1 + z);
  };
  const mapped = breaks.map(inverse);
  return {
    lo: 0,
    hi: 1,
    breaks: planes(side < 0 ? mapped.reverse() : mapped, 0, 1),
    sign,
    values: [from, reach],
    key: side < 0 ? "down" : "up",
    inverse,
    compose: (to, u, _, first) => composeRay(to, u, to.parameter(first), side, to.parameter(first + 1)),
  };
}

function composeRay(to: Composer, u: number, from: number, side: number, scale: number): { x: number; weight: number } {
  const rest = to.binary(to.number(1), "-", u);
  const reach = to.binary(scale, "*", to.binary(u, "/", rest));
  return { x: to.binary(from, side < 0 ? "-" : "+", reach), weight: to.binary(scale, "/", squareOf(to, rest)) };
}

/** From the finite end. */
function composeFlatRay(
  to: Composer,
  v: number,
  from: number,
  side: number,
  scale: number,
  isFlat: boolean,
): { x: number; weight: number } {
  if (!isFlat) return composeRay(to, v, from, side, scale);
  const { t, slope } = flatAtOne(to, v);
  const { x, weight } = composeRay(to, t, from, side, scale);
  return { x, weight: to.binary(weight, "*", slope) };
}

/** What has its first three derivatives 0 at 0: v^4. Powers of the distance to an end become four times as high: its root a square, one over it v. */
function flatAtOne(to: Composer, v: number): { t: number; slope: number } {
  const square = to.binary(v, "*", v);
  return {
    t: to.binary(square, "*", square),
    slope: to.binary(to.number(4), "*", to.binary(square, "*", v)),
  };
}

/** What has them 0 at 0 and at 1, for v up to 1/2: v^4 (35 - 84 v + 70 v^2 - 20 v^3). Beyond it is 1 less that of 1 - v. */
function flatAtBoth(to: Composer, v: number): { t: number; slope: number } {
  const square = to.binary(v, "*", v);
  const inner = to.binary(to.number(70), "-", to.binary(to.number(20), "*", v));
  const middle = to.binary(to.binary(inner, "*", v), "-", to.number(84));
  const outer = to.binary(to.binary(middle, "*", v), "+", to.number(35));
  const product = to.binary(v, "*", to.binary(to.number(1), "-", v));
  return {
    t: to.binary(to.binary(square, "*", square), "*", outer),
    slope: to.binary(to.number(140), "*", to.binary(product, "*", to.binary(product, "*", product))),
  };
}

/** The square of the distance from an end: never 0. */
function squareOf(to: Composer, rest: number): number {
  return to.call("max", to.binary(rest, "*", rest), to.number(LEAST));
}

/** What rounding has made equal is one plane. */
function planes(list: readonly number[], lo: number, hi: number): readonly number[] {
  return [...new Set(list)].filter((each) => each > lo && each < hi);
}

/** Bounds, in this order, and what lies between them; `lo` may be -Infinity, `hi` Infinity. */
function pieces({ lo, hi, breaks, scale, singular = NOWHERE }: Axis, sign: number): MappedAxis {
  const bounds = [lo, ...breaks, hi];
  const flat = bounds.map((_, k) => (k === 0 ? singular.lo : k === bounds.length - 1 ? singular.hi : singular.inside));
  const values = [
    ...bounds.filter((each) => typeof each === "number" && Number.isFinite(each)),
    REACH * scale,
  ] as number[];
  const count = breaks.length + 1;
  return {
    lo: 0,
    hi: count,
    breaks: Array.from({ length: count - 1 }, (_, k) => k + 1),
    sign,
    values,
    key: JSON.stringify([
      bounds.map((each) => (typeof each === "object" ? each.key : Number.isFinite(each) ? 0 : each > 0 ? 1 : -1)),
      singular,
    ]),
    inverse: () => undefined,
    compose: (to, u, before, first) => {
      let next = first;
      const read = (bound: Bound): number | undefined => {
        if (typeof bound === "object") return to.insert(bound.nodes, before);
        return Number.isFinite(bound) ? to.parameter(next++) : undefined;
      };
      const edges = bounds.map(read);
      const s = to.parameter(next);
      sortBetween(to, edges);
      const all = Array.from({ length: count }, (_, j) => {
        const v = j === 0 ? u : to.binary(u, "-", to.number(j));
        const [left, right] = [edges[j], edges[j + 1]];
        const [isFlatLeft, isFlatRight] = [flat[j]!, flat[j + 1]!];
        if (left === undefined) return composeFlatRay(to, v, right!, -1, s, isFlatRight);
        if (right === undefined) return composeFlatRay(to, v, left, 1, s, isFlatLeft);
        const width = to.binary(right, "-", left);
        const ahead = (t: number): number => to.binary(left, "+", to.binary(width, "*", t));
        const back = (t: number): number => to.binary(right, "-", to.binary(width, "*", t));
        if (!isFlatLeft && !isFlatRight) return { x: ahead(v), weight: width };
        const rest = to.binary(to.number(1), "-", v);
        if (isFlatLeft && isFlatRight) {
          const { t, slope } = flatAtBoth(to, to.call("min", v, rest));
          return {
            x: to.choose(to.binary(v, "<", to.number(0.5)), ahead(t), back(t)),
            weight: to.binary(width, "*", slope),
          };
        }
        const { t, slope } = flatAtOne(to, isFlatLeft ? v : rest);
        return { x: isFlatLeft ? ahead(t) : back(t), weight: to.binary(width, "*", slope) };
      });
      return all.reduceRight((rest, piece, j) => {
        const isHere = to.binary(u, "<", to.number(j + 1));
        return { x: to.choose(isHere, piece.x, rest.x), weight: to.choose(isHere, piece.weight, rest.weight) };
      });
    },
  };
}

/** Moves what lies between the first and the last between their values, in ascending order: each pair of neighbours exchanged as often as it takes. */
function sortBetween(to: Composer, edges: (number | undefined)[]): void {
  const last = edges.length - 1;
  const [lo, hi] = [edges[0], edges[last]];
  for (let k = 1; k < last; k++) {
    let edge = edges[k]!;
    // Where an expression says nothing, one bound is as good as another place.
    const rest = lo ?? hi;
    if (rest !== undefined) edge = to.choose(to.binary(edge, "==", edge), edge, rest);
    if (lo !== undefined && hi !== undefined) {
      // Which of the two is the smaller may change from point to point.
      edge = to.call("min", to.call("max", edge, to.call("min", lo, hi)), to.call("max", lo, hi));
    } else if (lo !== undefined) edge = to.call("max", edge, lo);
    else if (hi !== undefined) edge = to.call("min", edge, hi);
    edges[k] = edge;
  }
  for (let end = last - 1; end > 1; end--) {
    for (let k = 1; k < end; k++) {
      const [left, right] = [edges[k]!, edges[k + 1]!];
      edges[k] = to.call("min", left, right);
      edges[k + 1] = to.call("max", left, right);
    }
  }
}
