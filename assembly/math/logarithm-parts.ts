/**
 * The logarithm taken apart: what log, log2, log10, log1p and the inverse hyperbolic functions are put together from.
 *
 * Method: x = 2^k z with z from 0.6875 to 1.375 (nearly: FIRST), and for z a point c of a table (logarithm-tables.ts):
 *
 *             log(x) = k log(2) + log(c) + log(1 + r),     r = (z - c)/c,     log(1 + r) = r + r^2 P(r)
 *
 *         z - c is exact (P. Sterbenz), and next to 1, where c is 1, so is r: so nothing cancels there and no branch is needed.
 *         Elsewhere |r| is below 2^-8.99, and 1/c good to 2^-57. k LN2_HEAD + log(c) is exact: multiples of 2^-43 below 2^10.
 * Source: P. Tang, "Table-driven implementation of the logarithm function in IEEE floating-point arithmetic", 1990; points after
 *         S. Gal, 1991. Tables and polynomial: scripts/coefficients/logarithm.py.
 * Error:  of the polynomial 2e-17 of log(1 + r); what the sums add is said where they are made.
 * Role:   any thread. Straight lines, for every bit pattern: what `withoutLogarithm` marks gives nonsense, and reads no other memory.
 */
import { LOGARITHMS, POINTS } from "./logarithm-tables";
import { tables } from "./tables";

/** Bits of the smallest z, 0.6875 + 2^-17 - 2^-25. */
const FIRST: i64 = 0x3fe6_000f_f000_0000;
/** What moves the bits of that times 2^-1021 to the smallest of all integers. */
const MOVE: i64 = 0x7fe9_fff0_1000_0000;
/** The bits of the largest number, and of the largest below 2^1000, moved. */
const LAST: i64 = 0xffd9_fff0_0fff_ffff;
const LAST_OF_SUMS: i64 = 0xfe59_fff0_0fff_ffff;
/** Less a moved power of 2, it is the bits of the power's inverse. */
const INVERSE: i64 = 0xffc0_0000_0000_0000;
const SIGNIFICAND: i64 = 0x000f_ffff_ffff_ffff;

/** Bits of 2^52; and 2^52 + the exponent's field of a moved 1. */
const UNITS: i64 = 0x4330_0000_0000_0000;
const BIAS: f64 = 4503599627370496.0 + 0xbfd;

/** log(2): a multiple of 2^-43, and the rest. */
const LN2_HEAD: f64 = 0.6931471805598903;
const LN2_TAIL: f64 = 5.497923018708371e-14;

const P0: f64 = -0.49999999999999983;
const P1: f64 = 0.33333333331889337;
const P2: f64 = -0.25000000006418527;
const P3: f64 = 0.2000030467625431;
const P4: f64 = -0.16666367912469426;

/** The first 26 bits of a significand. */
const HEAD: i64 = 0xffff_ffff_f800_0000;
const SIGN: i64 = 0x8000_0000_0000_0000;

/** x moved so that the exponent's field says k, and the significand's field where z is; the signed order of integers begins with what has a logarithm. */
// @ts-ignore: decorator
@inline
function moved(x: v128): v128 {
  return i64x2.add(x, i64x2.splat(MOVE));
}

/** Lanes with anything but finite numbers from 3.1e-308 on. */
// @ts-ignore: decorator
@inline
export function withoutLogarithm(x: v128): v128 {
  return i64x2.gt_s(moved(x), i64x2.splat(LAST));
}

/** The same with 2^1000 and more. */
// @ts-ignore: decorator
@inline
export function withoutLogarithmOfSum(x: v128): v128 {
  return i64x2.gt_s(moved(x), i64x2.splat(LAST_OF_SUMS));
}

/** How many doubles there are from the smallest z to z. */
// @ts-ignore: decorator
@inline
function place(x: v128): v128 {
  return v128.and(moved(x), i64x2.splat(SIGNIFICAND));
}

/** k, a whole number. */
// @ts-ignore: decorator
@inline
export function exponent(x: v128): v128 {
  return f64x2.sub(v128.or(i64x2.shr_u(moved(x), 52), i64x2.splat(UNITS)), f64x2.splat(BIAS));
}

/** The numbers of the intervals of z, in 32-bit lanes 0 and 2. */
// @ts-ignore: decorator
@inline
function interval(x: v128): v128 {
  return i64x2.shr_u(place(x), 44);
}

/** A value of the table of points for each lane. */
// @ts-ignore: decorator
@inline
function ofPoint(x: v128, second: bool): v128 {
  const index = interval(x);
  const lane0 = v128.load(tables + ((<usize>i32x4.extract_lane(index, 0)) << 4), POINTS);
  const lane1 = v128.load(tables + ((<usize>i32x4.extract_lane(index, 2)) << 4), POINTS);
  return second ? v128.shuffle<f64>(lane0, lane1, 1, 3) : v128.shuffle<f64>(lane0, lane1, 0, 2);
}

/** r: of z, relative to c. */
// @ts-ignore: decorator
@inline
export function remainder(x: v128): v128 {
  const z = i64x2.add(place(x), i64x2.splat(FIRST));
  return f64x2.mul(f64x2.sub(z, ofPoint(x, false)), ofPoint(x, true));
}

/** log(c). */
// @ts-ignore: decorator
@inline
export function logarithmOfPoint(x: v128): v128 {
  const index = interval(x);
  const lane0 = v128.load_zero<f64>(tables + ((<usize>i32x4.extract_lane(index, 0)) << 3), LOGARITHMS);
  return v128.load_lane<f64>(tables + ((<usize>i32x4.extract_lane(index, 2)) << 3), lane0, 1, LOGARITHMS);
}

/** log(1 + r) - r. */
// @ts-ignore: decorator
@inline
export function curvature(r: v128): v128 {
  const square = f64x2.mul(r, r);
  const low = f64x2.add(f64x2.mul(f64x2.splat(P1), r), f64x2.splat(P0));
  const middle = f64x2.add(f64x2.mul(f64x2.splat(P3), r), f64x2.splat(P2));
  const high = f64x2.add(f64x2.mul(f64x2.splat(P4), square), middle);
  return f64x2.mul(f64x2.add(f64x2.mul(high, square), low), square);
}

/** k log(2) + log(c), but for `smallPart`: exact. */
// @ts-ignore: decorator
@inline
export function largePart(k: v128, x: v128): v128 {
  return f64x2.add(f64x2.mul(k, f64x2.splat(LN2_HEAD)), logarithmOfPoint(x));
}

/** What `largePart` leaves out. */
// @ts-ignore: decorator
@inline
export function smallPart(k: v128): v128 {
  return f64x2.mul(k, f64x2.splat(LN2_TAIL));
}

/** log(2^k z); x says z. */
// @ts-ignore: decorator
@inline
export function logarithm(x: v128, k: v128): v128 {
  const r = remainder(x);
  return f64x2.add(largePart(k, x), f64x2.add(r, f64x2.add(curvature(r), smallPart(k))));
}

/** log(x + more) for x from 2^-1000 to 2^1000, and `more` below an ulp of x or two: what x lost when it was rounded. */
// @ts-ignore: decorator
@inline
export function logarithmOfSum(x: v128, more: v128): v128 {
  const k = exponent(x);
  const r = remainder(x);
  const inverseOfPower = i64x2.add(i64x2.sub(i64x2.splat(INVERSE), moved(x)), place(x));
  const moreOfRemainder = f64x2.mul(f64x2.mul(more, inverseOfPower), ofPoint(x, true));
  const curved = curvature(f64x2.add(r, moreOfRemainder));
  return f64x2.add(largePart(k, x), f64x2.add(r, f64x2.add(f64x2.add(curved, smallPart(k)), moreOfRemainder)));
}

/** x, but for the last 27 bits of its significand: what is multiplied by 27 bits without rounding. */
// @ts-ignore: decorator
@inline
export function head(x: v128): v128 {
  return v128.and(x, i64x2.splat(HEAD));
}

/** `value`, which is not negative where x is not, with the sign of x. */
// @ts-ignore: decorator
@inline
export function takeSign(value: v128, x: v128): v128 {
  return v128.or(value, v128.and(x, i64x2.splat(SIGN)));
}
