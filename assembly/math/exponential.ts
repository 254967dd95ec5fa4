/**
 * exp, expm1, exp2, lane by lane.
 *
 * Method:        the language's own scalar functions: exp and exp2 from a table of 128 powers of 2 (ARM optimized routines), expm1 fdlibm.
 * Special cases: exp(-inf) = exp2(-inf) = 0, expm1(-inf) = -1, of +inf inf; expm1 keeps the sign of zero. Results below
 *                2^-1022 are rounded once, as subnormal numbers.
 * Accuracy:      exp and exp2 0.6 ulp, expm1 2 ulp (test/math/accuracy.test.ts).
 * Role:          any thread.
 */
import { high, low, pair } from "./lanes";

export function exp(x: v128): v128 {
  return pair(Math.exp(low(x)), Math.exp(high(x)));
}

/** e^x - 1 without the loss of digits near 0. */
export function expm1(x: v128): v128 {
  return pair(Math.expm1(low(x)), Math.expm1(high(x)));
}

/** 2^x; exact for whole x. */
export function exp2(x: v128): v128 {
  return pair(NativeMath.exp2(low(x)), NativeMath.exp2(high(x)));
}
