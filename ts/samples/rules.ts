/**
 * From sums of samples to integrals: a rule's value, and what the same rule makes of fewer samples, for the error estimate.
 *
 * n samples have m = n - 1 intervals. Simpson's rule takes them by pairs; the last, if m is odd, has the parabola through the last three samples. Two others of the same samples are near it:
 *
 *   coarse   Simpson's rule on samples 0, 2, 4, … and the last
 *   shifted  pairs that begin with interval 1; the first interval has the parabola through the first three samples
 *
 * Source: P. J. Davis, P. Rabinowitz, "Methods of Numerical Integration" (1984), 2.2, 6.3 (Romberg); K. V. Cartwright (2017) for the last interval.
 * Role:   any thread.
 */
import { add, type DoubleDouble, divide } from "../integrate/double-double.js";
import { scaleSum } from "../integrate/plan.js";
import { bendOfLast, correction, sixLastParabolas, sixParabolas } from "./spaced.js";

export interface Estimate {
  readonly value: number;
  /** How far from it other rules are. Null where there are too few samples for one. */
  readonly difference: number | null;
}

/** The trapezoid rule is three times as far from that at twice the spacing as from Simpson's. */
const TRAPEZOID_MARGIN = 3;

/**
 * Widths of pairs that are uneven make an error which the coarse rule may not have, the shifted one has it with the other sign: twice that distance beside the coarse rule's. Tried on ten
 * functions and five kinds of grids (test/samples/estimate.test.ts).
 */
const SHIFT_MARGIN = 2;

/** Larger factors cannot be multiplied exactly. */
const LARGEST = 2 ** 900;

function sum(...terms: (DoubleDouble | number)[]): DoubleDouble {
  return terms.map((term): DoubleDouble => (typeof term === "number" ? [term, 0] : term)).reduce(add, [0, 0]);
}

/** Times a power of two. */
function times([high, low]: DoubleDouble, factor: number): DoubleDouble {
  return [high * factor, low * factor];
}

/** total / divisor × width, rounded once where doubles reach. */
function scaled(total: DoubleDouble, width: number, divisor: number): number {
  const [step, stepLow] = divide([Math.abs(width), 0], [divisor, 0]);
  const exact = Math.abs(width) <= LARGEST;
  const value = scaleSum(total, { step: exact ? step : Math.abs(width) / divisor, stepLow: exact ? stepLow : 0 });
  return width < 0 ? -value : value;
}

/** Width between two samples. */
type Width = (from: number, to: number) => number;

/** What pairs of intervals leave of m > 1: six times the integral over the last, if m is odd. */
function restOfPairs(y: Float64Array, m: number, width: Width): number {
  if (m % 2 === 0) return 0;
  const [y0, y1, y2] = [y[m - 2] as number, y[m - 1] as number, y[m] as number];
  return sixLastParabolas(width(m - 2, m - 1), width(m - 1, m), y0, y1, y2);
}

/** What quads leave of m > 1 intervals: six times the integral by samples of even index and the last. */
function restOfQuads(y: Float64Array, m: number, width: Width): number {
  const rest = m % 4;
  if (rest === 0) return 0;
  if (m === 2) return 3 * (width(0, 2) * ((y[0] as number) + (y[2] as number)));
  const [i, j] = rest === 3 ? [m - 3, m - 1] : [m - rest - 2, m - rest];
  const over = rest === 3 ? sixParabolas : sixLastParabolas;
  return over(width(i, j), width(j, m), y[i] as number, y[j] as number, y[m] as number);
}

/** What the parabolas at the ends take off the trapezoid rule where pairs begin one interval later, six times, for m > 2. */
function bendsOfEnds(y: Float64Array, m: number, width: Width): number {
  const [y0, y1, y2] = [y[0] as number, y[1] as number, y[2] as number];
  const first = bendOfLast(width(1, 2), width(0, 1), y2, y1, y0);
  const [a, b, c] = [y[m - 2] as number, y[m - 1] as number, y[m] as number];
  const [h0, h1] = [width(m - 2, m - 1), width(m - 1, m)];
  // If m is odd, that is the last of the pairs.
  return first + (m % 2 === 0 ? bendOfLast(h0, h1, a, b, c) : correction(h0, h1, b - a, c - b));
}

/** How far Simpson's rule is from the others. */
function simpsonDifference(simpson: number, coarse: number, shifted: number | null): number {
  return Math.abs(simpson - coarse) + (shifted === null ? 0 : SHIFT_MARGIN * Math.abs(simpson - shifted));
}

/** Trapezoid or Simpson. @param classes sums of all samples by index modulo 8. @param m intervals, at least one */
export function estimateEqual(
  rule: "trapezoid" | "simpson",
  classes: readonly DoubleDouble[],
  y: Float64Array,
  m: number,
  dx: number,
): Estimate {
  const [c0, c1, c2, c3, c4, c5, c6, c7] = classes as [
    ...[DoubleDouble, DoubleDouble, DoubleDouble, DoubleDouble],
    ...[DoubleDouble, DoubleDouble, DoubleDouble, DoubleDouble],
  ];
  const first = y[0] as number;
  const trapezoid = scaled(sum(...classes, -first / 2, -(y[m] as number) / 2), dx, 1);
  if (m === 1) return { value: trapezoid, difference: null };
  const width: Width = (from, to) => to - from;

  const even = sum(c0, c2, c4, c6);
  const odd = sum(c1, c3, c5, c7, m % 2 === 1 ? -(y[m] as number) : 0);
  const pairs = sum(times(odd, 8), times(even, 4), -2 * first, -2 * (y[m - (m % 2)] as number));
  const simpson = scaled(sum(pairs, restOfPairs(y, m, width)), dx, 6);
  if (rule === "trapezoid") return { value: trapezoid, difference: TRAPEZOID_MARGIN * Math.abs(trapezoid - simpson) };

  const quads = m - (m % 4);
  const inner = sum(c2, c6, m % 4 >= 2 ? -(y[quads + 2] as number) : 0);
  const coarse = sum(times(inner, 16), times(sum(c0, c4), 8), -4 * first, -4 * (y[quads] as number));
  const far = scaled(sum(coarse, restOfQuads(y, m, width)), dx, 6);
  if (m === 2) return { value: simpson, difference: simpsonDifference(simpson, far, null) };
  const [y1, y2] = [y[1] as number, y[2] as number];
  const end = m - 1 + (m % 2);
  const inside = sum(even, -first, m % 2 === 0 ? -(y[m] as number) : 0);
  const later = sum(times(inside, 8), times(sum(c1, c3, c5, c7), 4), -2 * y1, -2 * (y[end] as number));
  const ends = [sixLastParabolas(1, 1, y2, y1, first), restOfPairs(y.subarray(1), m - 1, width)];
  const shifted = scaled(sum(later, ...ends), dx, 6);
  return { value: simpson, difference: simpsonDifference(simpson, far, shifted) };
}

/** Trapezoid or Simpson. @param sums of t, c, q and r (spaced.ts). @param m intervals, at least one */
export function estimateSpaced(
  rule: "trapezoid" | "simpson",
  [t, c, q, r]: readonly [DoubleDouble, DoubleDouble, DoubleDouble, DoubleDouble],
  x: Float64Array,
  y: Float64Array,
  m: number,
): Estimate {
  const width: Width = (from, to) => (x[to] as number) - (x[from] as number);
  const last = m % 2 === 0 ? 0 : width(m - 1, m) * ((y[m - 1] as number) + (y[m] as number));
  const trapezoid = scaled(sum(t, last), 1, 2);
  if (m === 1) return { value: trapezoid, difference: null };
  const pairs = sum(t, times(t, 2), times(c, -1));
  const simpson = scaled(sum(pairs, restOfPairs(y, m, width)), 1, 6);
  if (rule === "trapezoid") return { value: trapezoid, difference: TRAPEZOID_MARGIN * Math.abs(trapezoid - simpson) };
  const coarse = scaled(sum(q, restOfQuads(y, m, width)), 1, 6);
  if (m === 2) return { value: simpson, difference: simpsonDifference(simpson, coarse, null) };
  const later = sum(t, times(t, 2), 3 * last, times(r, -1), -bendsOfEnds(y, m, width));
  return { value: simpson, difference: simpsonDifference(simpson, coarse, scaled(later, 1, 6)) };
}

/**
 * Romberg's rule. The coarse one is the same on every other sample.
 *
 * @param levels the trapezoid rule of two samples, of three, of five …, in units of the spacing
 */
export function estimateRomberg(levels: readonly DoubleDouble[], dx: number): Estimate {
  // Where exact products would overflow, smaller numbers are extrapolated.
  const shrink = levels.some(([high]) => Math.abs(high) > LARGEST) ? 2 ** -200 : 1;
  const row = levels.map((level) => times(level, shrink));
  let before: DoubleDouble | null = null;
  for (let k = 1; k < row.length; k++) {
    before = row.at(-2) as DoubleDouble;
    for (let j = row.length - 1; j >= k; j--) {
      const [fine, coarse] = [row[j] as DoubleDouble, row[j - 1] as DoubleDouble];
      row[j] = sum(fine, divide(sum(fine, times(coarse, -1)), sum(4 ** k, -1)));
    }
  }
  const value = scaled(row.at(-1) as DoubleDouble, dx, 1) / shrink;
  return { value, difference: before === null ? null : Math.abs(value - scaled(before, dx, 1) / shrink) };
}

/** The trapezoid rule at the spacings 1, 2 and 4 of a pass over every `stride`-th of m + 1 samples, in units of the finest spacing; as many as there are. */
export function levelsOfPass(
  classes: readonly DoubleDouble[],
  y: Float64Array,
  m: number,
  stride: number,
): DoubleDouble[] {
  const first = -(y[0] as number) / 2;
  const last = -(y[m] as number) / 2;
  const within = [
    classes,
    [0, 2, 4, 6].map((k) => classes[k] as DoubleDouble),
    [0, 4].map((k) => classes[k] as DoubleDouble),
  ];
  return within
    .map((some, j) => ({ some, stride: stride * 2 ** j }))
    .filter(({ stride }) => stride <= m)
    .map(({ some, stride }) => times(sum(...some, first, last), stride));
}
