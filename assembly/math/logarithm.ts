/**
 * log (natural), log2, log10, log1p of two numbers at once.
 *
 * Method:        logarithm-parts.ts. log is (k LN2_HEAD + log(c)) + (r + rest); log2 and log10 multiply it, in two parts, by 1/log(2) or 1/log(10)
 *                in two parts (T. Dekker), log2 adds k itself; log1p is that of 1 + x and of what this sum loses.
 *                Small numbers are scaled by 2^54 first.
 * Special cases: of +-0 (log1p: of -1) -inf; of negative numbers (log1p: below -1) NaN; of inf inf; log1p keeps the sign of zero;
 *                log2 of powers of 2 is exact.
 * In doubt:      all but finite numbers from 3.1e-308 on; log1p: where 1 + x is none of these, or above 2^1000.
 * Accuracy:      0.85 ulp each (test/math/accuracy.test.ts). Next to 1 log(x) = r + r^2 P(r) with an exact r: 0.7 ulp. The next
 *                intervals begin at 2^-8 from 1, where |r| < 2^-9 and its rounding still counts an eighth of an ulp; further away less.
 * Role:          any thread.
 */
import { high, low, pair } from "./lanes";
import {
  curvature,
  exponent,
  head,
  largePart,
  logarithm,
  logarithmOfPoint,
  logarithmOfSum,
  remainder,
  smallPart,
  takeSign,
  withoutLogarithm,
  withoutLogarithmOfSum,
} from "./logarithm-parts";

/** Small numbers are multiplied by 2^54. */
const SCALE: f64 = 18014398509481984.0;
const SCALE_EXPONENT: f64 = 54.0;

/** 1/log(2) and 1/log(10): 26 bits, and the rest; and rounded. */
const LOG2_E_HEAD: f64 = 1.4426950514316559;
const LOG2_E_TAIL: f64 = -1.0542692476429138e-8;
const LOG2_E: f64 = 1.4426950408889634;
const LOG10_E_HEAD: f64 = 0.4342944845557213;
const LOG10_E_TAIL: f64 = -2.6524694553078553e-9;
const LOG10_E: f64 = 0.4342944819032518;

/** log(x) for finite x from 3.1e-308 on. */
export function logFast(x: v128): v128 {
  return logarithm(x, exponent(x));
}

/** The other lanes. */
export function logDoubt(x: v128): v128 {
  return withoutLogarithm(x);
}

export function log(x: v128): v128 {
  const fast = logFast(x);
  const doubt = logDoubt(x);
  if (!v128.any_true(doubt)) return fast;
  const scaled = f64x2.mul(x, f64x2.splat(SCALE));
  return settle(x, doubt, fast, logarithm(scaled, scaledExponent(scaled)));
}

/** log2(x), where `logFast` is right. */
export function log2Fast(x: v128): v128 {
  return binary(x, exponent(x));
}

export function log2Doubt(x: v128): v128 {
  return logDoubt(x);
}

/** Exact for powers of 2. */
export function log2(x: v128): v128 {
  const fast = log2Fast(x);
  const doubt = logDoubt(x);
  if (!v128.any_true(doubt)) return fast;
  const scaled = f64x2.mul(x, f64x2.splat(SCALE));
  return settle(x, doubt, fast, binary(scaled, scaledExponent(scaled)));
}

/** log10(x), where `logFast` is right. */
export function log10Fast(x: v128): v128 {
  return decimal(x, exponent(x));
}

export function log10Doubt(x: v128): v128 {
  return logDoubt(x);
}

export function log10(x: v128): v128 {
  const fast = log10Fast(x);
  const doubt = logDoubt(x);
  if (!v128.any_true(doubt)) return fast;
  const scaled = f64x2.mul(x, f64x2.splat(SCALE));
  return settle(x, doubt, fast, decimal(scaled, scaledExponent(scaled)));
}

/** log(1 + x) for x above -1 and below 2^1000. */
export function log1pFast(x: v128): v128 {
  const one = f64x2.splat(1);
  const sum = f64x2.add(one, x);
  const lost = f64x2.sub(f64x2.pmin(x, one), f64x2.sub(sum, f64x2.pmax(x, one)));
  // The value has the sign of x already, unless that is -0.
  return takeSign(logarithmOfSum(sum, lost), x);
}

export function log1pDoubt(x: v128): v128 {
  return withoutLogarithmOfSum(f64x2.add(f64x2.splat(1), x));
}

/** log(1 + x) without the loss of digits near 0. */
export function log1p(x: v128): v128 {
  const fast = log1pFast(x);
  const doubt = log1pDoubt(x);
  if (!v128.any_true(doubt)) return fast;
  // 1 + x is not below 2^-53 unless it is 0 or negative.
  return settle(f64x2.add(f64x2.splat(1), x), doubt, fast, logarithm(x, exponent(x)));
}

/** The logarithm of 2^k z to base 10; x says z. */
// @ts-ignore: decorator
@inline
function decimal(x: v128, k: v128): v128 {
  const r = remainder(x);
  const large = largePart(k, x);
  const sum = f64x2.add(large, r);
  const lost = f64x2.sub(r, f64x2.sub(sum, large));
  const rest = f64x2.add(lost, f64x2.add(curvature(r), smallPart(k)));
  const start = head(sum);
  const tail = f64x2.add(f64x2.sub(sum, start), rest);
  const product = f64x2.mul(start, f64x2.splat(LOG10_E_HEAD));
  const remains = f64x2.add(f64x2.mul(start, f64x2.splat(LOG10_E_TAIL)), f64x2.mul(tail, f64x2.splat(LOG10_E)));
  return f64x2.add(product, remains);
}

/** The same to base 2: only the logarithm of z is multiplied. */
// @ts-ignore: decorator
@inline
function binary(x: v128, k: v128): v128 {
  const r = remainder(x);
  const large = logarithmOfPoint(x);
  const sum = f64x2.add(large, r);
  const lost = f64x2.sub(r, f64x2.sub(sum, large));
  const rest = f64x2.add(lost, curvature(r));
  const start = head(sum);
  const tail = f64x2.add(f64x2.sub(sum, start), rest);
  const product = f64x2.mul(start, f64x2.splat(LOG2_E_HEAD));
  const remains = f64x2.add(f64x2.mul(start, f64x2.splat(LOG2_E_TAIL)), f64x2.mul(tail, f64x2.splat(LOG2_E)));
  // |k| is 0, or at least 1 and larger than the product.
  const whole = f64x2.add(k, product);
  const fraction = f64x2.sub(product, f64x2.sub(whole, k));
  return f64x2.add(whole, f64x2.add(fraction, remains));
}

/** The exponent before scaling. */
function scaledExponent(scaled: v128): v128 {
  return f64x2.sub(exponent(scaled), f64x2.splat(SCALE_EXPONENT));
}

/** Lanes in doubt get the value of a special case, or `scaled` where x is positive and small. */
function settle(x: v128, doubt: v128, fast: v128, scaled: v128): v128 {
  const settled = pair(special(low(x), low(scaled)), special(high(x), high(scaled)));
  return v128.bitselect(settled, fast, doubt);
}

function special(x: f64, scaled: f64): f64 {
  if (x == 0) return -Infinity;
  if (x < 0) return NaN;
  // inf, NaN
  if (!(x < Infinity)) return x;
  return scaled;
}
