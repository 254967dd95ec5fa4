/**
 * pow: x^y, on both lanes at once.
 *
 * Method:        x^y = e^(y log x), with log x and its product with y as sums of two doubles, because up to 745 times the error of log x is that of x^y.
 *                Their parts are in power-parts.ts: of log x the leading 26 bits are one factor, and y is cut after 26 bits too, so that the product is
 *                exact; what that lacks is added where e^r is computed.
 * Source:        power-parts.ts.
 * Special cases: C99, not JavaScript: pow(1, y) = 1 for every y, NaN included; pow(-1, +-inf) = 1; pow(x, 0) = 1 for every x;
 *                pow of a negative number to an exponent that is not whole is NaN.
 * In doubt:      x that is not positive, below 1.4 * 2^-1022 or not finite; results outside of e^-700 to e^700, whatever is to the power of an infinity or a NaN.
 * Accuracy:      0.59 ulp over 3e7 points, largest for x near 0.995 and results near both ends of the range; the bound is 0.7 (ts/expr/bounds.ts,
 *                `npm run bench -- ulp`).
 * Role:          any thread.
 */
import { high, low, pair } from "./lanes";
import {
  furtherProduct,
  growth,
  INTEGER_OFFSET,
  leadingProduct,
  nearestStep,
  ROUND,
  step,
  TO_LEAST,
} from "./power-parts";

/** The bits of the largest x + TO_LEAST: as signed integers, those of all other x are less. */
const LARGEST: i64 = 0x7fefffffffffffff + TO_LEAST;

/** 2^64, 2^-64, and 2^64 times the least normal number. */
const HUGE: f64 = 18446744073709551616.0;
const TINY: f64 = 5.421010862427522e-20;
const SUBNORMAL: f64 = 4.1045368012983762e-289;

/** Beyond this, y log x is in doubt. */
const SAFE: f64 = 700;

/** x^y. */
export function pow(x: v128, y: v128): v128 {
  const fast = powFast(x, y);
  const doubt = powDoubt(x, y);
  if (!v128.any_true(doubt)) return fast;
  return pair(
    i64x2.extract_lane(doubt, 0) ? powRare(low(x), low(y)) : low(fast),
    i64x2.extract_lane(doubt, 1) ? powRare(high(x), high(y)) : high(fast),
  );
}

export function powFast(x: v128, y: v128): v128 {
  const bits = i64x2.add(x, i64x2.splat(TO_LEAST));
  const product = leadingProduct(bits, INTEGER_OFFSET, y);
  const further = furtherProduct(bits, INTEGER_OFFSET, y);
  const t = nearestStep(f64x2.add(product, further), ROUND);
  const s = step(t);
  return f64x2.add(f64x2.mul(growth(product, further, t, ROUND), s), s);
}

export function powDoubt(x: v128, y: v128): v128 {
  const bits = i64x2.add(x, i64x2.splat(TO_LEAST));
  return v128.or(
    i64x2.gt_s(bits, i64x2.splat(LARGEST)),
    // As integers, so that NaN is above.
    i64x2.gt_s(f64x2.abs(leadingProduct(bits, INTEGER_OFFSET, y)), i64x2.splat(reinterpret<i64>(SAFE))),
  );
}

/** What the vector form cannot do: one lane. */
function powRare(x: f64, y: f64): f64 {
  if (x == 1 || y == 0) return 1;
  if (isNaN(x) || isNaN(y)) return NaN;
  const size = abs<f64>(x);
  const sign = reinterpret<i64>(x) < 0 && isOdd(y) ? -1 : <f64>1;
  const grows = size > 1 == y > 0;
  if (size == 0 || size == Infinity) return sign * (grows ? Infinity : 0);
  if (abs<f64>(y) == Infinity) return size == 1 ? 1 : grows ? Infinity : 0;
  if (x < 0 && trunc<f64>(y) != y) return NaN;
  if (size == 1) return sign;
  // Here log x is 2^-54 or more.
  if (abs<f64>(y) >= 1e20) return sign * (grows ? Infinity : 0);
  return sign * positivePower(size, y);
}

/** x^y for all x but 0 and infinity, and |y| < 1e20. */
function positivePower(x: f64, y: f64): f64 {
  const isSmall = x < 4e-308;
  const bits = i64x2.add(f64x2.splat(isSmall ? x * 18014398509481984 : x), i64x2.splat(TO_LEAST));
  const offset = isSmall ? INTEGER_OFFSET + 54 : INTEGER_OFFSET;
  const factors = f64x2.splat(y);
  const product = leadingProduct(bits, offset, factors);
  const size = low(product);
  if (abs<f64>(size) > 747) return size > 0 ? Infinity : 0;
  // Near the ends of the range all is computed 2^64 too high or too low.
  const lift: f64 = size < -SAFE ? 64 : size > SAFE ? -64 : 0;
  const round = ROUND + 256 * lift;
  const further = furtherProduct(bits, offset, factors);
  const t = nearestStep(f64x2.add(product, further), round);
  const s = low(step(t));
  const rest = low(growth(product, further, t, round)) * s;
  const value = rest + s;
  if (lift == 0) return value;
  if (lift < 0) return value * HUGE;
  if (value >= SUBNORMAL) return value * TINY;
  // Rounded once: what is added has its last place where subnormal numbers have theirs.
  const first = SUBNORMAL + s;
  return (first + (s - (first - SUBNORMAL) + rest) - SUBNORMAL) * TINY;
}

/** Whether y is a whole number that 2 does not divide. */
function isOdd(y: f64): bool {
  const half = y * 0.5;
  return trunc<f64>(y) == y && trunc<f64>(half) != half;
}
