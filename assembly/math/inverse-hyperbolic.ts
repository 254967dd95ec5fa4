/**
 * asinh, acosh, atanh, lane by lane.
 *
 * Method:        the language's own scalar functions, from log and log1p (musl).
 * Special cases: asinh and atanh keep the sign of zero; acosh(x < 1) and atanh(|x| > 1) are NaN; atanh(+-1) = +-inf.
 * Accuracy:      asinh 2, acosh 2.5, atanh 2 ulp (test/math/accuracy.test.ts).
 * Role:          any thread.
 */
import { high, low, pair } from "./lanes";

export function asinh(x: v128): v128 {
  return pair(Math.asinh(low(x)), Math.asinh(high(x)));
}

export function acosh(x: v128): v128 {
  return pair(Math.acosh(low(x)), Math.acosh(high(x)));
}

export function atanh(x: v128): v128 {
  return pair(Math.atanh(low(x)), Math.atanh(high(x)));
}
