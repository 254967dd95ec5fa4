/**
 * Quotients of numbers that are more accurate than a double, on both lanes.
 *
 * Method: q, the leading 26 bits of the quotient, has exact products with the halves of the divisor, so that what is left of the dividend can be told; divided in
 *         turn, it is added in the only rounding that counts.
 * Source: T. Dekker, "A floating-point technique for extending the available precision", Numerische Mathematik 18 (1971), for the halves.
 * Error:  0.5001 ulp of the quotient of the two sums, if the low parts are below 2^-40 of the high ones.
 * Role:   any thread.
 */

/** The leading 26 bits of a double. */
const LEADING: i64 = ~0x7ffffff;

/**
 * (high + low) / (divisor + divisorLow). The quotient of a zero and +0 by a positive number keeps the zero's sign.
 *
 * @param divisor  between 2^-900 and 2^900 in magnitude
 */
// @ts-ignore: decorator
@inline
export function quotient(high: v128, low: v128, divisor: v128, divisorLow: v128): v128 {
  const inverse = f64x2.div(f64x2.splat(1), divisor);
  const q = v128.and(f64x2.mul(high, inverse), i64x2.splat(LEADING));
  const excess = f64x2.add(tooMuch(q, high, divisor), f64x2.sub(f64x2.mul(q, divisorLow), low));
  return f64x2.sub(q, f64x2.mul(excess, inverse));
}

/** (high + low) / divisor, likewise. */
// @ts-ignore: decorator
@inline
export function quotientBy(high: v128, low: v128, divisor: v128): v128 {
  const inverse = f64x2.div(f64x2.splat(1), divisor);
  const q = v128.and(f64x2.mul(high, inverse), i64x2.splat(LEADING));
  return f64x2.sub(q, f64x2.mul(f64x2.sub(tooMuch(q, high, divisor), low), inverse));
}

/** q * divisor - high. */
// @ts-ignore: decorator
@inline
function tooMuch(q: v128, high: v128, divisor: v128): v128 {
  const leading = v128.and(divisor, i64x2.splat(LEADING));
  const most = f64x2.sub(f64x2.mul(q, leading), high);
  return f64x2.add(most, f64x2.mul(q, f64x2.sub(divisor, leading)));
}
