/**
 * sin and cos of an angle in radians, on both lanes at once.
 *
 * Method:        x = k pi/256 + r - e with |r| <= pi/512 and a far smaller e (angles.ts).
 *                - sin(k pi/256 + r) = S + r - (q + D (r - q) + S v), with S = sin(k pi/256) and D = 1 - cos(k pi/256) from a table (sines.ts), q = r - sin r
 *                  and v = 1 - cos r from polynomials; what S as a double lacks is in the table too. All in brackets is small beside the result. The table is
 *                  half a turn long, and the sign of the other half is the bit above its index.
 *                - cos(x) is the sine a quarter of a turn on: of one angle, sin and cos have all but the table in common.
 * Source:        P. Tang, "Table-Lookup Algorithms for Elementary Functions and Their Error Analysis", ARITH 10 (1991). Constants:
 *                scripts/coefficients/circular.sollya.
 * Special cases: sin keeps the sign of zero; infinities and NaN give NaN.
 * In doubt:      magnitudes above 200,000 (angles.ts).
 * Accuracy:      0.8 ulp over the whole range (test/math/accuracy.test.ts).
 * Role:          any thread.
 */
import {
  excess,
  farExcess,
  farRemainder,
  farSteps,
  isFar,
  nearestStep,
  QUARTER,
  reduceFar,
  remainder,
} from "./angles";
import { SINES } from "./sines";
import { tables } from "./tables";

/** r - sin r = SIN_3 r^3 - SIN_5 r^5, |r| <= pi/512: to 0.004 * 2^-53 of sin r. */
const SIN_3: f64 = 0.1666666666665455;
const SIN_5: f64 = 0.008333322932416077;

/** 1 - cos r = COS_2 r^2 - COS_4 r^4: to 0.03 * 2^-53. */
const COS_2: f64 = 0.4999999999991519;
const COS_4: f64 = 0.04166659386137545;

export function sin(x: v128): v128 {
  const doubt = sinDoubt(x);
  if (!v128.any_true(doubt)) return sinFast(x);
  reduceFar(x);
  const far = turned(farSteps, sineHigh(farSteps, farRemainder, farExcess));
  return v128.bitselect(far, sinFast(x), doubt);
}

export function sinFast(x: v128): v128 {
  const t = nearestStep(x);
  const r = remainder(x, t);
  return turned(t, sineHigh(t, r, excess(x, t, r)));
}

export function sinDoubt(x: v128): v128 {
  return isFar(x);
}

export function cos(x: v128): v128 {
  const doubt = cosDoubt(x);
  if (!v128.any_true(doubt)) return cosFast(x);
  reduceFar(x);
  const t = quarterOn(farSteps);
  const far = turned(t, sineHigh(t, farRemainder, farExcess));
  return v128.bitselect(far, cosFast(x), doubt);
}

export function cosFast(x: v128): v128 {
  const nearest = nearestStep(x);
  const r = remainder(x, nearest);
  const t = quarterOn(nearest);
  return turned(t, sineHigh(t, r, excess(x, nearest, r)));
}

export function cosDoubt(x: v128): v128 {
  return isFar(x);
}

// @ts-ignore: decorator
@inline
export function quarterOn(t: v128): v128 {
  return i64x2.add(t, i64x2.splat(QUARTER));
}

/** sin(k pi/256 + r - e) for the k in t, in the half of a turn that begins at -pi/2. */
// @ts-ignore: decorator
@inline
export function sineHigh(t: v128, r: v128, e: v128): v128 {
  return f64x2.add(tableSine(t), f64x2.sub(r, rest(t, r, e)));
}

/** What `sineHigh`, rounded, is too small by. */
// @ts-ignore: decorator
@inline
export function sineLow(t: v128, r: v128, e: v128): v128 {
  const s = tableSine(t);
  const less = rest(t, r, e);
  const change = f64x2.sub(r, less);
  const ofChange = f64x2.sub(f64x2.sub(r, change), less);
  return f64x2.add(f64x2.add(f64x2.sub(s, f64x2.add(s, change)), change), ofChange);
}

/** The sign of the half of a turn: the bit above the table's index. */
// @ts-ignore: decorator
@inline
export function turned(t: v128, value: v128): v128 {
  return v128.xor(value, v128.and(i64x2.shl(t, 55), i64x2.splat(0x8000000000000000)));
}

// @ts-ignore: decorator
@inline
function tableSine(t: v128): v128 {
  return v128.shuffle<i64>(firstEntry(t), secondEntry(t), 0, 2);
}

/** By how much S + r is too large. Of zeros it is +0, and S is -0, so that -0 comes out for -0. */
// @ts-ignore: decorator
@inline
function rest(t: v128, r: v128, e: v128): v128 {
  const s = tableSine(t);
  const d = v128.shuffle<i64>(firstEntry(t), secondEntry(t), 1, 3);
  const first = v128.load_zero<i64>(addressOf(i32x4.extract_lane(t, 0)), SINES + 16);
  const lack = v128.load_lane<i64>(addressOf(i32x4.extract_lane(t, 2)), first, 1, SINES + 16);
  const square = f64x2.mul(r, r);
  const cubic = f64x2.sub(f64x2.splat(SIN_3), f64x2.mul(square, f64x2.splat(SIN_5)));
  const q = f64x2.add(f64x2.mul(f64x2.mul(r, square), cubic), e);
  const v = f64x2.mul(square, f64x2.sub(f64x2.splat(COS_2), f64x2.mul(square, f64x2.splat(COS_4))));
  const main = f64x2.add(f64x2.mul(d, f64x2.sub(r, q)), q);
  return f64x2.add(main, f64x2.sub(f64x2.mul(s, v), lack));
}

/** The first two values of the table's entry for the k in the first lane. */
// @ts-ignore: decorator
@inline
function firstEntry(t: v128): v128 {
  return v128.load(addressOf(i32x4.extract_lane(t, 0)), SINES);
}

// @ts-ignore: decorator
@inline
function secondEntry(t: v128): v128 {
  return v128.load(addressOf(i32x4.extract_lane(t, 2)), SINES);
}

/** Where the table's entry for k is, less SINES. */
// @ts-ignore: decorator
@inline
function addressOf(k: i32): usize {
  return tables + <usize>(k & 255) * 24;
}
