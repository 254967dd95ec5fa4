/**
 * sinh, cosh, tanh, on both lanes at once.
 *
 * Method:        sinh and cosh: |x| = k ln 2/256 + r as in exponential.ts; with u = 2^(k/256)/2 and v = 2^(-k/256)/2 from its table,
 *                sinh = (u - v) cosh r + (u + v) sinh r and cosh = (u + v) cosh r + (u - v) sinh r, cosh r and sinh r by polynomials. Each begins
 *                with its largest terms, and what their sum loses is added to the rest.
 *                tanh: |x| = c + d with c from a table of points near j/8, whose tangents T are nearly doubles, and |d| <= 1/16; with
 *                tanh d = d p/q, tanh(c + d) = T + d + (d (p - q) - T d p (T + d))/(q + T d p).
 * Source:        Addition theorems. Coefficients: scripts/coefficients/exponential.sollya and tangents.py; tables: powers-of-two.ts, hyperbolic-tangents.ts.
 * Special cases: sinh and tanh keep the sign of zero; sinh(+-inf) = +-inf, cosh(+-inf) = inf, tanh(+-inf) = +-1; NaN gives NaN.
 * In doubt:      sinh and cosh where |x| is above 707; the total functions take e^|x|/2 there. tanh never.
 * Accuracy:      sinh 0.95, cosh 0.55, tanh 0.9 ulp, over the whole range (test/math/accuracy.test.ts).
 * Role:          any thread.
 */
import { entry, expHuge, lack, nearestStep, power, ROUND, STEP_HIGH, STEP_LOW, UP } from "./exponential";
import { TANGENTS, TANH_A, TANH_B, TANH_C } from "./hyperbolic-tangents";
import { tables } from "./tables";

/** All bits but the sign. */
const MAGNITUDE: i64 = 0x7fffffffffffffff;

/** sinh(r)/r - 1 and cosh(r) - 1 as polynomials in r^2, |r| <= ln 2/512: to less than 10^-5 * 2^-53. */
const SINH_3: f64 = 0.16666666666666638;
const SINH_5: f64 = 0.008333333839742624;
const COSH_2: f64 = 0.499999999999998;
const COSH_4: f64 = 0.04166667021153174;

/** Added to a double below 2^47 it leaves the nearest multiple of 1/8 in the lowest bits, in eighths. */
const ROUND_8TH: f64 = 844424930131968; // 1.5 * 2^49

export function sinh(x: v128): v128 {
  const fast = sinhFast(x);
  const doubt = sinhDoubt(x);
  return v128.any_true(doubt) ? v128.bitselect(withSign(half(x), x), fast, doubt) : fast;
}

export function sinhFast(x: v128): v128 {
  const a = magnitude(x);
  // 256 lower than ROUND: the powers of 2 are halves.
  const t = nearestStep(a, ROUND - 256);
  const minus = negatedStep(t);
  const k = f64x2.sub(t, f64x2.splat(ROUND - 256));
  const high = f64x2.sub(a, f64x2.mul(k, f64x2.splat(STEP_HIGH)));
  const low = f64x2.mul(k, f64x2.splat(STEP_LOW));
  const r = f64x2.sub(high, low);
  const first = entry(i32x4.extract_lane(t, 0));
  const second = entry(i32x4.extract_lane(t, 2));
  const third = entry(i32x4.extract_lane(minus, 0));
  const fourth = entry(i32x4.extract_lane(minus, 2));
  const u = power(t, first, second);
  const v = power(minus, third, fourth);
  const square = f64x2.mul(r, r);
  const sinhRest = f64x2.sub(sinhCubic(r, square), low);
  const coshRest = coshLess1(square);

  // sinh = (u - v) + high + rest; u >= v, and high is smaller than u - v unless that is 0.
  const difference = f64x2.sub(u, v);
  const sum = f64x2.add(u, v);
  const total = f64x2.add(difference, high);
  const lost = f64x2.sub(f64x2.sub(u, difference), v);
  const lostToo = f64x2.add(f64x2.sub(difference, total), high);
  const lacks = f64x2.sub(f64x2.mul(u, lack(first, second)), f64x2.mul(v, lack(third, fourth)));
  let rest = f64x2.add(f64x2.mul(f64x2.sub(sum, f64x2.splat(1)), high), f64x2.mul(sum, sinhRest));
  rest = f64x2.add(rest, f64x2.add(f64x2.mul(difference, coshRest), lacks));
  return withSign(f64x2.add(total, f64x2.add(rest, f64x2.add(lost, lostToo))), x);
}

export function sinhDoubt(x: v128): v128 {
  return f64x2.gt(magnitude(x), f64x2.splat(707));
}

export function cosh(x: v128): v128 {
  const fast = coshFast(x);
  const doubt = coshDoubt(x);
  return v128.any_true(doubt) ? v128.bitselect(half(x), fast, doubt) : fast;
}

export function coshFast(x: v128): v128 {
  const a = magnitude(x);
  const t = nearestStep(a, ROUND - 256);
  const minus = negatedStep(t);
  const k = f64x2.sub(t, f64x2.splat(ROUND - 256));
  const high = f64x2.sub(a, f64x2.mul(k, f64x2.splat(STEP_HIGH)));
  const low = f64x2.mul(k, f64x2.splat(STEP_LOW));
  const r = f64x2.sub(high, low);
  const first = entry(i32x4.extract_lane(t, 0));
  const second = entry(i32x4.extract_lane(t, 2));
  const third = entry(i32x4.extract_lane(minus, 0));
  const fourth = entry(i32x4.extract_lane(minus, 2));
  const u = power(t, first, second);
  const v = power(minus, third, fourth);
  const square = f64x2.mul(r, r);
  const sinhR = f64x2.add(sinhCubic(r, square), r);
  const coshRest = coshLess1(square);

  // cosh = (u + v) + rest; u >= v.
  const difference = f64x2.sub(u, v);
  const sum = f64x2.add(u, v);
  const lost = f64x2.add(f64x2.sub(u, sum), v);
  const lacks = f64x2.add(f64x2.mul(u, lack(first, second)), f64x2.mul(v, lack(third, fourth)));
  const rest = f64x2.add(f64x2.mul(difference, sinhR), f64x2.mul(sum, coshRest));
  return f64x2.add(sum, f64x2.add(rest, f64x2.add(lost, lacks)));
}

export function coshDoubt(x: v128): v128 {
  return f64x2.gt(magnitude(x), f64x2.splat(707));
}

export function tanh(x: v128): v128 {
  return tanhFast(x);
}

export function tanhFast(x: v128): v128 {
  const a = magnitude(x);
  // From 20 on all is 1.
  const b = f64x2.pmin(a, f64x2.splat(20));
  const t = f64x2.add(b, f64x2.splat(ROUND_8TH));
  // The lowest 8 bits, because those of NaN may be any: the table has that many entries.
  const first = v128.load(tables + ((<usize>i8x16.extract_lane_u(t, 0)) << 4), TANGENTS);
  const second = v128.load(tables + ((<usize>i8x16.extract_lane_u(t, 8)) << 4), TANGENTS);
  const d = f64x2.sub(b, v128.shuffle<i64>(first, second, 0, 2));
  const tangent = v128.shuffle<i64>(first, second, 1, 3);
  const square = f64x2.mul(d, d);
  const p = f64x2.add(f64x2.mul(square, f64x2.splat(TANH_A)), f64x2.splat(1));
  const pLessQ = f64x2.mul(f64x2.add(f64x2.mul(square, f64x2.splat(TANH_C)), f64x2.splat(TANH_B)), square);
  const product = f64x2.mul(f64x2.mul(tangent, d), p);
  const above = f64x2.sub(f64x2.mul(d, pLessQ), f64x2.mul(f64x2.add(tangent, d), product));
  const below = f64x2.add(f64x2.sub(p, pLessQ), product);
  // d comes second: where the tangent is near 1, d and the quotient nearly cancel.
  return withSign(f64x2.add(tangent, f64x2.add(d, f64x2.div(above, below))), x);
}

/** e^|x|/2 for large |x|. */
// @ts-ignore: decorator
@inline
function half(x: v128): v128 {
  return expHuge(magnitude(x), UP / 2);
}

// @ts-ignore: decorator
@inline
function magnitude(x: v128): v128 {
  return v128.and(x, i64x2.splat(MAGNITUDE));
}

/** y >= 0 with the sign of x. */
// @ts-ignore: decorator
@inline
function withSign(y: v128, x: v128): v128 {
  return v128.or(y, v128.and(x, i64x2.splat(~MAGNITUDE)));
}

/** From ROUND - 256 + k, what has -256 - k in its lowest bits. */
// @ts-ignore: decorator
@inline
function negatedStep(t: v128): v128 {
  return i64x2.sub(i64x2.splat(-512), t);
}

/** sinh(r) - r. */
// @ts-ignore: decorator
@inline
function sinhCubic(r: v128, square: v128): v128 {
  const p = f64x2.add(f64x2.mul(square, f64x2.splat(SINH_5)), f64x2.splat(SINH_3));
  return f64x2.mul(p, f64x2.mul(r, square));
}

/** cosh(r) - 1. */
// @ts-ignore: decorator
@inline
function coshLess1(square: v128): v128 {
  return f64x2.mul(f64x2.add(f64x2.mul(square, f64x2.splat(COSH_4)), f64x2.splat(COSH_2)), square);
}
