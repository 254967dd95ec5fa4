/**
 * sin and cos of an angle in radians, on both lanes at once.
 *
 * Method:        x = k pi/256 + r - e with the whole number k nearest to 256 x/pi: |r| <= pi/512, and e, far smaller, is what rounding r loses.
 *                - Adding 1.5 * 2^52 rounds to k and leaves k in the lowest bits. The step pi/256 is the sum of three doubles of 29, 36 and 53 bits. Times k,
 *                  of 24 bits at most, the first is exact. So is the second where it matters, at multiples of pi/2: there k ends in seven zeros.
 *                - sin(k pi/256 + r) = S + r - (q + D (r - q) + S v), with S = sin(k pi/256) and D = 1 - cos(k pi/256) from a table (sines.ts), q = r - sin r
 *                  and v = 1 - cos r from polynomials; what S as a double lacks is in the table too. All in brackets is small beside the result. The table is
 *                  half a turn long, and the sign of the other half is the bit above its index.
 *                - cos(x) is the sine a quarter of a turn on: of one angle, sin and cos have all but the table in common.
 *                - Beyond 200,000: Payne and Hanek's reduction (reduce.ts), and the same with what is left.
 * Source:        W. Cody, W. Waite, "Software Manual for the Elementary Functions" (1980), for the reduction; P. Tang, "Table-Lookup Algorithms for Elementary
 *                Functions and Their Error Analysis", ARITH 10 (1991), for the table. Constants: scripts/coefficients/circular.sollya.
 * Special cases: sin keeps the sign of zero; infinities and NaN give NaN.
 * In doubt:      magnitudes above 200,000: from 205,887 on k times the first part of the step is no longer exact.
 * Accuracy:      0.8 ulp over the whole range (test/math/accuracy.test.ts).
 * Role:          any thread.
 */
import { high, low, pair } from "./lanes";
import { reducedHigh, reducedLow, reduceLarge } from "./reduce";
import { SINES } from "./sines";
import { tables } from "./tables";

/** Above this magnitude angles are far. */
const FAR: f64 = 200000;

/** 256/pi; and pi/256 in three parts. */
const STEPS: f64 = 81.48733086305042;
const STEP_HIGH: f64 = 0.012271846295334399;
const STEP_MIDDLE: f64 = 7.750731091238423e-12;
const STEP_LOW: f64 = 1.5798955068718364e-23;

/** A quarter of a turn, in steps. */
const QUARTER: i64 = 128;

/** Added to a double below 2^50 it leaves the nearest whole number in the lowest bits: here, 128 more, so that the table begins at -pi/2. */
const ROUND: f64 = 6755399441055744 + 128; // 1.5 * 2^52 + QUARTER

/** r - sin r = SIN_3 r^3 - SIN_5 r^5, |r| <= pi/512: to 0.004 * 2^-53 of sin r. */
const SIN_3: f64 = 0.1666666666665455;
const SIN_5: f64 = 0.008333322932416077;

/** 1 - cos r = COS_2 r^2 - COS_4 r^4: to 0.03 * 2^-53. */
const COS_2: f64 = 0.4999999999991519;
const COS_4: f64 = 0.04166659386137545;

export function sin(x: v128): v128 {
  const fast = sinFast(x);
  const doubt = sinDoubt(x);
  return v128.any_true(doubt) ? v128.bitselect(pair(farSine(low(x), 0), farSine(high(x), 0)), fast, doubt) : fast;
}

export function sinFast(x: v128): v128 {
  const t = nearestStep(x);
  const r = remainder(x, t);
  return sine(t, r, excess(x, t, r));
}

export function sinDoubt(x: v128): v128 {
  return isFar(x);
}

export function cos(x: v128): v128 {
  const fast = cosFast(x);
  const doubt = cosDoubt(x);
  return v128.any_true(doubt) ? v128.bitselect(pair(farSine(low(x), 1), farSine(high(x), 1)), fast, doubt) : fast;
}

export function cosFast(x: v128): v128 {
  const t = nearestStep(x);
  const r = remainder(x, t);
  return sine(i64x2.add(t, i64x2.splat(QUARTER)), r, excess(x, t, r));
}

export function cosDoubt(x: v128): v128 {
  return isFar(x);
}

/** Where the parts of the step do not suffice. NaN is not far: it goes through all sums. */
// @ts-ignore: decorator
@inline
export function isFar(x: v128): v128 {
  return f64x2.gt(f64x2.abs(x), f64x2.splat(FAR));
}

/** ROUND + k, with k + QUARTER in the lowest bits. */
// @ts-ignore: decorator
@inline
export function nearestStep(x: v128): v128 {
  return f64x2.add(f64x2.mul(x, f64x2.splat(STEPS)), f64x2.splat(ROUND));
}

/** r: what the nearest step leaves of x, rounded. Of -0 it is -0: 0 times a positive step is subtracted twice. */
// @ts-ignore: decorator
@inline
export function remainder(x: v128, t: v128): v128 {
  return f64x2.sub(afterHigh(x, t), f64x2.mul(steps(t), f64x2.splat(STEP_MIDDLE)));
}

/** e: by how much `remainder` is too large. Of zeros it is +0. */
// @ts-ignore: decorator
@inline
export function excess(x: v128, t: v128, r: v128): v128 {
  const k = steps(t);
  const rounding = f64x2.add(f64x2.sub(r, afterHigh(x, t)), f64x2.mul(k, f64x2.splat(STEP_MIDDLE)));
  return f64x2.add(rounding, f64x2.mul(k, f64x2.splat(STEP_LOW)));
}

// @ts-ignore: decorator
@inline
function steps(t: v128): v128 {
  return f64x2.sub(t, f64x2.splat(ROUND));
}

/** Exact for near angles. */
// @ts-ignore: decorator
@inline
function afterHigh(x: v128, t: v128): v128 {
  return f64x2.sub(x, f64x2.mul(steps(t), f64x2.splat(STEP_HIGH)));
}

/** sin((k - QUARTER) pi/256 + r - e), for the k in the lowest bits of t. */
// @ts-ignore: decorator
@inline
function sine(t: v128, r: v128, e: v128): v128 {
  const first = entry(i32x4.extract_lane(t, 0));
  const second = entry(i32x4.extract_lane(t, 2));
  const s = v128.shuffle<i64>(v128.load(first, SINES), v128.load(second, SINES), 0, 2);
  const d = v128.shuffle<i64>(v128.load(first, SINES), v128.load(second, SINES), 1, 3);
  const lack = v128.load_lane<i64>(second, v128.load_zero<i64>(first, SINES + 16), 1, SINES + 16);
  const square = f64x2.mul(r, r);

  const cubic = f64x2.sub(f64x2.splat(SIN_3), f64x2.mul(square, f64x2.splat(SIN_5)));
  const q = f64x2.add(f64x2.mul(f64x2.mul(r, square), cubic), e);
  const v = f64x2.mul(square, f64x2.sub(f64x2.splat(COS_2), f64x2.mul(square, f64x2.splat(COS_4))));

  // For -0, q and the rest are +0 and S is -0, so that -0 comes out.
  const main = f64x2.add(f64x2.mul(d, f64x2.sub(r, q)), q);
  const rest = f64x2.add(main, f64x2.sub(f64x2.mul(s, v), lack));
  const value = f64x2.add(s, f64x2.sub(r, rest));
  // The bit above the index says which half of the turn it is.
  return v128.xor(value, v128.and(i64x2.shl(t, 55), i64x2.splat(0x8000000000000000)));
}

/** Where the table's entry for k is, less SINES. */
// @ts-ignore: decorator
@inline
function entry(k: i32): usize {
  return tables + <usize>(k & 255) * 24;
}

/** The sine of a far angle and so many quarters of a turn. */
function farSine(x: f64, quarters: i32): f64 {
  if (!(abs<f64>(x) > FAR)) return 0; // The other lane asked.
  if (abs<f64>(x) == Infinity) return NaN;
  const turned = <i64>(reduceLarge(x) + quarters) * QUARTER;
  const y = f64x2.splat(reducedHigh);
  const t = nearestStep(y);
  const r = remainder(y, t);
  const e = f64x2.sub(excess(y, t, r), f64x2.splat(reducedLow));
  return low(sine(i64x2.add(t, i64x2.splat(turned)), r, e));
}

/** tan, which still goes through the language's own function. */
export function tan(x: v128): v128 {
  return pair(tanScalar(low(x)), tanScalar(high(x)));
}

function tanScalar(x: f64): f64 {
  if (!(abs<f64>(x) >= 1600000 && abs<f64>(x) < Infinity)) return Math.tan(x);
  const quadrant = reduceLarge(x);
  const t = Math.tan(reducedHigh);
  const whole = t + reducedLow * (1 + t * t);
  return quadrant & 1 ? -1 / whole : whole;
}
