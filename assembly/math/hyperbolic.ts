/**
 * sinh, cosh, tanh, lane by lane.
 *
 * Method:        the language's own scalar functions, from expm1 and exp (fdlibm).
 * Special cases: sinh and tanh keep the sign of zero; sinh(+-inf) = +-inf, cosh(+-inf) = inf, tanh(+-inf) = +-1.
 * Accuracy:      sinh 2.5, cosh 1.5, tanh 2.5 ulp (test/math/accuracy.test.ts).
 * Role:          any thread.
 */
import { high, low, pair } from "./lanes";

export function sinh(x: v128): v128 {
  return pair(Math.sinh(low(x)), Math.sinh(high(x)));
}

export function cosh(x: v128): v128 {
  return pair(Math.cosh(low(x)), Math.cosh(high(x)));
}

export function tanh(x: v128): v128 {
  return pair(Math.tanh(low(x)), Math.tanh(high(x)));
}
