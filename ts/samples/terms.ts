/**
 * The integral over each interval, for running sums: unscaled, so that one product at the end makes the result.
 *
 *              equal spacing                        at places x
 *   trapezoid  y0 + y1, in halves of dx             h (y0 + y1), in halves
 *   Simpson    5 y0 + 8 y1 - y2                     3 h0 (y0 + y1) - d (h0/h1) (h0/(h0 + h1))
 *              5 y2 + 8 y1 - y0, in twelfths of dx  3 h1 (y1 + y2) - d (h1/h0) (h1/(h0 + h1)), in sixths
 *
 * with d = h0 (y2 - y1) - h1 (y1 - y0). Simpson's rule takes intervals by pairs, each with the parabola of its pair; the last, if intervals are odd, has that through the last three
 * samples. Two samples have the trapezoid rule.
 *
 * Role: any thread.
 */
import { type Order, sixLastParabolas } from "./spaced.js";

/** What running sums are of. */
export interface Curve {
  readonly rule: "trapezoid" | "simpson";
  readonly y: Float64Array;
  /** Null: equal spacing. */
  readonly x: Float64Array | null;
  readonly dx: number;
  readonly order: Order;
}

/** The rule that the curve really gets. */
function isSimpson({ rule, y }: Curve): boolean {
  return rule === "simpson" && y.length > 2;
}

/** By what terms are to be multiplied. */
export function scaleOf(curve: Curve): number {
  if (curve.x !== null) return isSimpson(curve) ? 1 / 6 : 1 / 2;
  return isSimpson(curve) ? curve.dx / 12 : curve.dx / 2;
}

/**
 * Writes the terms of the intervals from <= i < to.
 *
 * @param from even; `to` is even or the number of intervals
 * @returns whether all widths are right
 */
export function fillTerms(curve: Curve, from: number, to: number, terms: Float64Array): boolean {
  const { x, y, order } = curve;
  if (x === null) {
    if (isSimpson(curve)) equalParabolas(y, from, to, terms);
    else for (let i = from; i < to; i++) terms[i - from] = (y[i] as number) + (y[i + 1] as number);
    return true;
  }
  if (isSimpson(curve)) spacedParabolas(x, y, from, to, terms);
  else {
    for (let i = from; i < to; i++) {
      terms[i - from] = ((x[i + 1] as number) - (x[i] as number)) * ((y[i] as number) + (y[i + 1] as number));
    }
  }
  return isOrdered(x, order, from, to);
}

/** Whether the widths of the intervals from <= i < to are right. */
function isOrdered(x: Float64Array, { direction, least }: Order, from: number, to: number): boolean {
  let isRight = true;
  for (let i = from; i < to; i++) {
    isRight = isRight && direction * ((x[i + 1] as number) - (x[i] as number)) >= least;
  }
  return isRight;
}

function equalParabolas(y: Float64Array, from: number, to: number, terms: Float64Array): void {
  let i = from;
  for (; i + 2 <= to; i += 2) {
    const y0 = y[i] as number;
    const middle = 8 * (y[i + 1] as number);
    const y2 = y[i + 2] as number;
    terms[i - from] = 5 * y0 + middle - y2;
    terms[i - from + 1] = 5 * y2 + middle - y0;
  }
  if (i < to) terms[i - from] = 5 * (y[i + 1] as number) + 8 * (y[i] as number) - (y[i - 1] as number);
}

function spacedParabolas(x: Float64Array, y: Float64Array, from: number, to: number, terms: Float64Array): void {
  let i = from;
  for (; i + 2 <= to; i += 2) {
    const x1 = x[i + 1] as number;
    const h0 = x1 - (x[i] as number);
    const h1 = (x[i + 2] as number) - x1;
    const y0 = y[i] as number;
    const y1 = y[i + 1] as number;
    const y2 = y[i + 2] as number;
    const d = h0 * (y2 - y1) - h1 * (y1 - y0);
    const h = h0 + h1;
    terms[i - from] = 3 * (h0 * (y0 + y1)) - d * ((h0 / h1) * (h0 / h));
    terms[i - from + 1] = 3 * (h1 * (y1 + y2)) - d * ((h1 / h0) * (h1 / h));
  }
  if (i < to) {
    const x1 = x[i] as number;
    const [y0, y1, y2] = [y[i - 1] as number, y[i] as number, y[i + 1] as number];
    terms[i - from] = sixLastParabolas(x1 - (x[i - 1] as number), (x[i + 1] as number) - x1, y0, y1, y2);
  }
}
