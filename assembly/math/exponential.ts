/**
 * exp, exp2, expm1, on both lanes at once.
 *
 * Method:        e^x = 2^m T e^r with T = 2^(j/256), where 256 m + j = k is the whole number nearest to 256 x/ln 2, and |r| <= ln 2/512.
 *                - Adding 1.5 * 2^52 rounds to k and leaves k in the lowest bits. r = x - k ln 2/256 in two steps; the first is exact, as STEP_HIGH
 *                  has 33 bits and k at most 19.
 *                - T, and what the double T lacks, come from a table (powers-of-two.ts); e^r - 1 from a polynomial of degree 4 (expm1: 5).
 *                - exp and exp2 work 2^56 too high and scale at the end: a subnormal result is rounded there, and no argument below 0 is special.
 *                  Where that would overflow, the total functions work 2^56 too low.
 *                - expm1 is (2^m T - 1) + r + small terms, with what the rounding of both sums loses.
 * Source:        P. Tang, "Table-Driven Implementation of the Exponential Function in IEEE Floating-Point Arithmetic", ACM TOMS 15 (1989); the same
 *                of expm1, TOMS 18 (1992). Coefficients: scripts/coefficients/exponential.sollya.
 * Special cases: exp(-inf) = exp2(-inf) = 0, expm1(-inf) = -1, of +inf inf; NaN gives NaN. exp2 is exact for whole x. expm1 keeps the sign of zero.
 * In doubt:      exp above 670, exp2 above 966, expm1 above 709.
 * Accuracy:      exp 0.55, exp2 0.53 ulp, where the result is subnormal 0.78; expm1 0.75 ulp; over the whole range (test/math/accuracy.test.ts).
 * Role:          any thread.
 */
import { POWERS_OF_TWO } from "./powers-of-two";
import { tables } from "./tables";

/** 256/ln 2; and ln 2/256 in two parts, of which the first has 33 bits. */
const STEPS: f64 = 369.3299304675746;
export const STEP_HIGH: f64 = 0.0027076061737716373;
export const STEP_LOW: f64 = 2.9064910585985925e-13;

/** Added to a double below 2^50 it leaves the nearest whole number in the lowest bits. */
export const ROUND: f64 = 6755399441055744; // 1.5 * 2^52
/** The same for multiples of 1/256. */
const ROUND_256TH: f64 = 26388279066624; // 1.5 * 2^44

/** By which power of 2 exp and exp2 work too high: from 2^-1076, which rounds to 0, to above 2^-1022. */
const LIFT: f64 = 56;
const DOWN: f64 = 1.3877787807814457e-17; // 2^-LIFT
export const UP: f64 = 72057594037927936; // 2^LIFT

/** (e^r - 1 - r)/r^2 is 1/2 + …, |r| <= ln 2/512: to 0.05 * 2^-53 of e^r. */
const EXP_3: f64 = 0.16666667994285345;
const EXP_4: f64 = 0.04166666921270755;

/** (2^r - 1)/r, |r| <= 1/512: to 0.03 * 2^-53 of 2^r. */
const EXP2_1: f64 = 0.6931471805599393;
const EXP2_2: f64 = 0.24022650695909925;
const EXP2_3: f64 = 0.055504115022616804;
const EXP2_4: f64 = 0.009618130079807967;

/** As EXP_3 and EXP_4, but to 0.01 * 2^-53 of e^r - 1. */
const EXPM1_3: f64 = 0.16666666666666632;
const EXPM1_4: f64 = 0.04166666887941876;
const EXPM1_5: f64 = 0.008333333886717928;

/** e^x. */
export function exp(x: v128): v128 {
  const fast = expFast(x);
  const doubt = expDoubt(x);
  return v128.any_true(doubt) ? v128.bitselect(expHuge(x, UP), fast, doubt) : fast;
}

export function expFast(x: v128): v128 {
  // Below -746 all is 0, and k would not fit its bits. 0 is not left to the last product: processors take long over what is too small for them.
  const gone = f64x2.lt(x, f64x2.splat(-746));
  const raised = raisedExp(v128.andnot(x, gone), ROUND + 256 * LIFT);
  return f64x2.mul(v128.andnot(raised, gone), f64x2.splat(DOWN));
}

export function expDoubt(x: v128): v128 {
  return f64x2.gt(x, f64x2.splat(670));
}

/** e^x * scale / 2^LIFT for x above 600, with overflow to infinity where it is due: what is too large for `expFast` and others. */
// @ts-ignore: decorator
@inline
export function expHuge(x: v128, scale: f64): v128 {
  return f64x2.mul(raisedExp(f64x2.pmin(x, f64x2.splat(720)), ROUND - 256 * LIFT), f64x2.splat(scale));
}

/** 2^x; exact for whole x. */
export function exp2(x: v128): v128 {
  const fast = exp2Fast(x);
  const doubt = exp2Doubt(x);
  if (!v128.any_true(doubt)) return fast;
  const huge = raisedExp2(f64x2.pmin(x, f64x2.splat(1026)), ROUND_256TH - LIFT);
  return v128.bitselect(f64x2.mul(huge, f64x2.splat(UP)), fast, doubt);
}

export function exp2Fast(x: v128): v128 {
  // Below -1076 all is 0, and k would not fit its bits.
  const raised = raisedExp2(f64x2.pmax(x, f64x2.splat(-1076)), ROUND_256TH + LIFT);
  return f64x2.mul(raised, f64x2.splat(DOWN));
}

export function exp2Doubt(x: v128): v128 {
  return f64x2.gt(x, f64x2.splat(966));
}

/** e^x - 1 without the loss of digits near 0. */
export function expm1(x: v128): v128 {
  const fast = expm1Fast(x);
  const doubt = expm1Doubt(x);
  return v128.any_true(doubt) ? v128.bitselect(expHuge(x, UP), fast, doubt) : fast;
}

export function expm1Fast(x: v128): v128 {
  // Below -40 all is -1, and 2^m would not be a normal number.
  const y = f64x2.pmax(x, f64x2.splat(-40));
  const t = nearestStep(y, ROUND);
  const k = f64x2.sub(t, f64x2.splat(ROUND));
  const high = f64x2.sub(y, f64x2.mul(k, f64x2.splat(STEP_HIGH)));
  const low = f64x2.mul(k, f64x2.splat(STEP_LOW));
  const r = f64x2.sub(high, low);
  const first = entry(i32x4.extract_lane(t, 0));
  const second = entry(i32x4.extract_lane(t, 2));
  const s = power(t, first, second);

  // e^x - 1 = (s - 1) + high + rest, where rest = s (e^r - 1 - high) + (s - 1) high.
  let p = f64x2.add(f64x2.mul(r, f64x2.splat(EXPM1_5)), f64x2.splat(EXPM1_4));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(EXPM1_3));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(0.5));
  const square = f64x2.mul(r, r);
  p = f64x2.add(f64x2.mul(p, square), f64x2.sub(lack(first, second), low));

  // All with the opposite sign: -0 would not survive 0 + -0, but -0 - 0 is -0.
  const one = f64x2.splat(1);
  const minus = f64x2.sub(one, s);
  const part = f64x2.sub(minus, one);
  const lost = f64x2.sub(f64x2.sub(one, f64x2.sub(minus, part)), f64x2.add(s, part));
  const sum = f64x2.sub(high, minus);
  const lostToo = f64x2.sub(f64x2.add(sum, minus), high);
  const rest = f64x2.sub(f64x2.mul(minus, high), f64x2.mul(s, p));
  return f64x2.sub(sum, f64x2.add(rest, f64x2.add(lost, lostToo)));
}

export function expm1Doubt(x: v128): v128 {
  return f64x2.gt(x, f64x2.splat(709));
}

/** e^x times the power of 2 by whose multiple of 256 `round` is above ROUND. */
// @ts-ignore: decorator
@inline
function raisedExp(x: v128, round: f64): v128 {
  const t = nearestStep(x, round);
  const k = f64x2.sub(t, f64x2.splat(round));
  const high = f64x2.sub(x, f64x2.mul(k, f64x2.splat(STEP_HIGH)));
  const r = f64x2.sub(high, f64x2.mul(k, f64x2.splat(STEP_LOW)));
  const first = entry(i32x4.extract_lane(t, 0));
  const second = entry(i32x4.extract_lane(t, 2));
  const s = power(t, first, second);
  let p = f64x2.add(f64x2.mul(r, f64x2.splat(EXP_4)), f64x2.splat(EXP_3));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(0.5));
  p = f64x2.add(f64x2.mul(p, f64x2.mul(r, r)), f64x2.add(r, lack(first, second)));
  return f64x2.add(f64x2.mul(p, s), s);
}

/** 2^x times the power of 2 by which `round` is above ROUND_256TH. */
// @ts-ignore: decorator
@inline
function raisedExp2(x: v128, round: f64): v128 {
  const t = f64x2.add(x, f64x2.splat(round));
  const r = f64x2.sub(x, f64x2.sub(t, f64x2.splat(round)));
  const first = entry(i32x4.extract_lane(t, 0));
  const second = entry(i32x4.extract_lane(t, 2));
  const s = power(t, first, second);
  let p = f64x2.add(f64x2.mul(r, f64x2.splat(EXP2_4)), f64x2.splat(EXP2_3));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(EXP2_2));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(EXP2_1));
  p = f64x2.add(f64x2.mul(p, r), lack(first, second));
  return f64x2.add(f64x2.mul(p, s), s);
}

/** `round` + k, with k in the lowest bits. */
// @ts-ignore: decorator
@inline
export function nearestStep(x: v128, round: f64): v128 {
  return f64x2.add(f64x2.mul(x, f64x2.splat(STEPS)), f64x2.splat(round));
}

/** The table's entry for k. */
// @ts-ignore: decorator
@inline
export function entry(k: i32): v128 {
  return v128.load(tables + (<usize>(k & 255) << 4), POWERS_OF_TWO);
}

/** 2^(k/256), rounded, for the k in t. */
// @ts-ignore: decorator
@inline
export function power(t: v128, first: v128, second: v128): v128 {
  return i64x2.add(i64x2.shl(t, 44), v128.shuffle<i64>(first, second, 0, 2));
}

/** What `power` lacks, relative to it. */
// @ts-ignore: decorator
@inline
export function lack(first: v128, second: v128): v128 {
  return v128.shuffle<i64>(first, second, 1, 3);
}
