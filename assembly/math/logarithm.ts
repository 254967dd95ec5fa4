/**
 * log (natural), log1p, log2, log10, lane by lane.
 *
 * Method:        the language's own scalar functions: log and log2 from tables (ARM optimized routines), log1p and log10 fdlibm.
 * Special cases: of +-0 (log1p: of -1) -inf; of negative numbers (log1p: below -1) NaN; of inf inf; log1p keeps the sign of zero.
 * Accuracy:      log and log2 0.6 ulp, log1p and log10 1 ulp (test/math/accuracy.test.ts).
 * Role:          any thread.
 */
import { high, low, pair } from "./lanes";

export function log(x: v128): v128 {
  return pair(Math.log(low(x)), Math.log(high(x)));
}

/** log(1 + x) without the loss of digits near 0. */
export function log1p(x: v128): v128 {
  return pair(Math.log1p(low(x)), Math.log1p(high(x)));
}

/** Exact for powers of 2. */
export function log2(x: v128): v128 {
  return pair(Math.log2(low(x)), Math.log2(high(x)));
}

export function log10(x: v128): v128 {
  return pair(Math.log10(low(x)), Math.log10(high(x)));
}
