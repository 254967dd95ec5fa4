/**
 * Samples at places of their own: sums of the trapezoid rule, of what Simpson's takes off it, and what the error of Simpson's is estimated from.
 *
 * Over a *pair* of intervals of widths h0, h1 between the samples y0, y1, y2
 *
 *   t = h0 (y0 + y1) + h1 (y1 + y2)                                      twice the trapezoid rule
 *   c = (h0 (y2 - y1) - h1 (y1 - y0)) (h0/h1 + h1/h0 - 1)                six times what the parabola through the three takes off it
 *
 * so that the parabola's integral is t/2 - c/6. Quotients of widths can neither overflow nor underflow before c does. Where a width is 0 there is no parabola, and c is 0.
 * For the error: over a *quad* of intervals q = 3t - c of samples 0, 2, 4, six times Simpson's rule on every other sample; and r, which is c over pairs that begin one interval later.
 *
 * Source: I. Newton and R. Cotes by P. J. Davis, P. Rabinowitz, "Methods of Numerical Integration" (1984), 2.2, for the parabola in divided differences.
 * Role:   any thread.
 */
import { accumulate, BLOCK } from "./chunks.js";

/** Doubles of a slot: pairs for t, c, q and r, and in the last one whether a width was wrong. */
export const SPACED_WIDTH = 10;
export const SpacedAt = {
  T: 0,
  C: 2,
  Q: 4,
  R: 6,
  FAULTS: 8,
} as const;

/** Which widths are right. */
export interface Order {
  /** 1 when x ascends, -1 when it descends. */
  readonly direction: number;
  /** Least width: 0, or the least double above it where a rule divides by widths. */
  readonly least: number;
}

/** What the parabola takes off the trapezoid rule, six times, where both widths are above 0 or both below. @param d0 @param d1 differences of samples */
function bend(h0: number, h1: number, d0: number, d1: number): number {
  return (h0 * d1 - h1 * d0) * (h0 / h1 + h1 / h0 - 1);
}

/** The same for all widths. */
export function correction(h0: number, h1: number, d0: number, d1: number): number {
  return h0 === 0 || h1 === 0 ? 0 : bend(h0, h1, d0, d1);
}

/**
 * Adds the intervals from <= i < to, an even number of them, to a slot.
 *
 * @param from a multiple of a block's length
 * @param withCoarse whether q and r are wanted: they cost as much again
 */
export function addPairs(
  x: Float64Array,
  y: Float64Array,
  order: Order,
  withCoarse: boolean,
  from: number,
  to: number,
  slot: Float64Array,
): void {
  const { direction, least } = order;
  for (let first = from; first < to; first += BLOCK) {
    const last = Math.min(to, first + BLOCK);
    let t0 = 0;
    let t1 = 0;
    let c0 = 0;
    let c1 = 0;
    let q0 = 0;
    let r0 = 0;
    let r1 = 0;
    let isRight = true;
    let i = first;
    // The interval before, for the pair that it begins. The first has none: it gets its own continuation, which bends nothing.
    const before = first === 0 ? 0 : first - 1;
    let width = (x[before + 1] as number) - (x[before] as number);
    let rise = (y[before + 1] as number) - (y[before] as number);
    for (; i + 4 <= last; i += 4) {
      const x0 = x[i] as number;
      const x1 = x[i + 1] as number;
      const x2 = x[i + 2] as number;
      const x3 = x[i + 3] as number;
      const x4 = x[i + 4] as number;
      const y0 = y[i] as number;
      const y1 = y[i + 1] as number;
      const y2 = y[i + 2] as number;
      const y3 = y[i + 3] as number;
      const y4 = y[i + 4] as number;
      const h0 = x1 - x0;
      const h1 = x2 - x1;
      const h2 = x3 - x2;
      const h3 = x4 - x3;
      t0 += h0 * (y0 + y1) + h1 * (y1 + y2);
      t1 += h2 * (y2 + y3) + h3 * (y3 + y4);
      if (direction * h0 > 0 && direction * h1 > 0 && direction * h2 > 0 && direction * h3 > 0) {
        c0 += bend(h0, h1, y1 - y0, y2 - y1);
        c1 += bend(h2, h3, y3 - y2, y4 - y3);
        if (withCoarse) {
          const [w0, w1] = [x2 - x0, x4 - x2];
          q0 += 3 * (w0 * (y0 + y2) + w1 * (y2 + y4)) - bend(w0, w1, y2 - y0, y4 - y2);
          r0 += bend(width, h0, rise, y1 - y0);
          r1 += bend(h1, h2, y2 - y1, y3 - y2);
          width = h3;
          rise = y4 - y3;
        }
      } else {
        // Of NaN, too, it says no.
        isRight = isRight && [h0, h1, h2, h3].every((h) => direction * h >= least);
        c0 += correction(h0, h1, y1 - y0, y2 - y1);
        c1 += correction(h2, h3, y3 - y2, y4 - y3);
      }
    }
    if (i < last) {
      const h0 = (x[i + 1] as number) - (x[i] as number);
      const h1 = (x[i + 2] as number) - (x[i + 1] as number);
      const [y0, y1, y2] = [y[i] as number, y[i + 1] as number, y[i + 2] as number];
      isRight = isRight && direction * h0 >= least && direction * h1 >= least;
      t0 += h0 * (y0 + y1) + h1 * (y1 + y2);
      c0 += correction(h0, h1, y1 - y0, y2 - y1);
      if (withCoarse) r0 += correction(width, h0, rise, y1 - y0);
    }
    accumulate(slot, SpacedAt.T, t0 + t1);
    accumulate(slot, SpacedAt.C, c0 + c1);
    accumulate(slot, SpacedAt.Q, q0);
    accumulate(slot, SpacedAt.R, r0 + r1);
    if (!isRight) accumulate(slot, SpacedAt.FAULTS, 1);
  }
}

/** Six times the integral of the parabola through three samples. */
export function sixParabolas(h0: number, h1: number, y0: number, y1: number, y2: number): number {
  return 3 * (h0 * (y0 + y1) + h1 * (y1 + y2)) - correction(h0, h1, y1 - y0, y2 - y1);
}

/**
 * What the parabola takes off the trapezoid rule over the second of two intervals, six times: for what is left where intervals are odd. With widths and samples the other way round:
 * over the first.
 *
 * Source: K. V. Cartwright, "Simpson's rule cumulative integration with MS Excel and irregularly-spaced data" (2017).
 */
export function bendOfLast(h0: number, h1: number, y0: number, y1: number, y2: number): number {
  if (h0 === 0 || h1 === 0) return 0;
  return (h0 * (y2 - y1) - h1 * (y1 - y0)) * ((h1 / h0) * (h1 / (h0 + h1)));
}

/** Six times the parabola's integral over the second interval alone. */
export function sixLastParabolas(h0: number, h1: number, y0: number, y1: number, y2: number): number {
  return 3 * (h1 * (y1 + y2)) - bendOfLast(h0, h1, y0, y1, y2);
}
