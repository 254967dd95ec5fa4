/**
 * pow, cbrt, hypot, lane by lane.
 *
 * Method:        the language's own scalar functions (pow: ARM optimized routines; cbrt: fdlibm; hypot: musl).
 * Special cases: C99 and IEEE 754, not JavaScript: pow(1, y) = 1 for every y, NaN included; pow(-1, +-inf) = 1;
 *                pow(x, 0) = 1 for every x; pow of a negative number to an exponent that is not whole is NaN; cbrt keeps the sign;
 *                hypot of an infinity is inf, whatever the other argument.
 * Accuracy:      pow 0.6 ulp, cbrt and hypot 1 ulp (test/math/accuracy.test.ts).
 * Role:          any thread.
 */
import { high, low, pair } from "./lanes";

export function pow(x: v128, y: v128): v128 {
  return pair(powScalar(low(x), low(y)), powScalar(high(x), high(y)));
}

export function cbrt(x: v128): v128 {
  return pair(Math.cbrt(low(x)), Math.cbrt(high(x)));
}

/** sqrt(x^2 + y^2) without overflow or underflow on the way. */
export function hypot(x: v128, y: v128): v128 {
  return pair(Math.hypot(low(x), low(y)), Math.hypot(high(x), high(y)));
}

/** Where JavaScript, and with it the language's own function, answers NaN and C99 answers 1: 1^NaN, 1^inf and (-1)^inf. */
function powScalar(x: f64, y: f64): f64 {
  if (x == 1 || (x == -1 && abs<f64>(y) == Infinity)) return 1;
  return Math.pow(x, y);
}
