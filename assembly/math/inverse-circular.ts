/**
 * asin, acos, atan, atan2: angles in radians, lane by lane.
 *
 * Method:        the language's own scalar functions (fdlibm).
 * Special cases: asin and acos of |x| > 1 are NaN; atan(+-inf) = +-pi/2; atan2 tells the four quadrants apart by the
 *                signs of both arguments, those of zeros included, and has finite values at infinities (C99, F.9.1.4).
 * Accuracy:      1 ulp, atan2 1.5 (test/math/accuracy.test.ts).
 * Role:          any thread.
 */
import { high, low, pair } from "./lanes";

export function asin(x: v128): v128 {
  return pair(Math.asin(low(x)), Math.asin(high(x)));
}

export function acos(x: v128): v128 {
  return pair(Math.acos(low(x)), Math.acos(high(x)));
}

export function atan(x: v128): v128 {
  return pair(Math.atan(low(x)), Math.atan(high(x)));
}

/** Angle of the point (x, y): the ordinate comes first, as in C and in JavaScript. */
export function atan2(y: v128, x: v128): v128 {
  return pair(Math.atan2(low(y), low(x)), Math.atan2(high(y), high(x)));
}
