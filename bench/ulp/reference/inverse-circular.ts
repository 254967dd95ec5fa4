/**
 * asin, acos, atan, atan2 to about 2^-100, relative.
 *
 * Method: all are the angle of a point (x, y). A double a near that angle is known; turning the point back by a leaves an angle of about 1e-16, whose
 *         tangent's series needs two terms. (One step of Newton's method for tan, in other words.)
 * Role:   the bench's workers and tests.
 */
import { cos, sin } from "./circular.js";
import { DoubleDouble } from "./double-double.js";
import { type Exact, exact, split } from "./exact.js";

/** The angle of (x, y), not both 0, neither beyond 1e250 nor, unless 0, below 1e-250. */
function angle(y: DoubleDouble, x: DoubleDouble): DoubleDouble {
  const near = Math.atan2(y.high, x.high);
  const [c, s] = [cos(near), sin(near)];
  const tangent = y
    .times(c)
    .minus(x.times(s))
    .over(x.times(c).plus(y.times(s)));
  const rest = tangent.minus(tangent.squared().times(tangent).over(DoubleDouble.of(3)));
  return DoubleDouble.of(near).plus(rest);
}

/** Of two finite numbers, not both 0. */
export function atan2(y: number, x: number): Exact {
  if (y === 0 || x === 0) return exact(angle(DoubleDouble.of(Math.sign(y)), DoubleDouble.of(Math.sign(x))));
  const [top, side] = [split(y), split(x)];
  const apart = top.exponent - side.exponent;
  // A small angle is the quotient, to the last bit that counts, and may be smaller than any double.
  if (apart < -200 && x > 0) return exact(DoubleDouble.of(top.fraction).over(DoubleDouble.of(side.fraction)), apart);
  const close = Math.max(-300, Math.min(300, apart));
  return exact(angle(DoubleDouble.of(top.fraction).scaled(2 ** close), DoubleDouble.of(side.fraction)));
}

export function atan(x: number): Exact {
  return Math.abs(x) < 2 ** -100 ? exact(DoubleDouble.of(x)) : atan2(x, 1);
}

/** sqrt(1 - x^2). */
function other(x: number): DoubleDouble {
  return DoubleDouble.sum(1, -x).times(DoubleDouble.sum(1, x)).squareRoot();
}

/** For |x| <= 1. */
export function asin(x: number): DoubleDouble {
  return Math.abs(x) < 2 ** -100 ? DoubleDouble.of(x) : angle(DoubleDouble.of(x), other(x));
}

/** For |x| <= 1. */
export function acos(x: number): DoubleDouble {
  return angle(other(x), DoubleDouble.of(x));
}
