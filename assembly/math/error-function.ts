/**
 * erf and erfc, on both lanes at once.
 *
 * Method:        A table row for each stretch of a = |x|, with a point c in it where the function's value is a double but for a thousandth of its last place,
 *                and a polynomial for what the function gains from c to a.
 *                - erf: rows 1/8 wide from 7/16 on; up to there erf(a) = a + a p(a^2), whose row looks like the others, with c = 0 and a itself for the value.
 *                - erfc: e^(-a^2) times e^(a^2) erfc(a), which falls slowly, in rows that grow with a. a^2 is taken as the exact square of the leading
 *                  26 bits and what is left; the power as in power.ts. Below 0: 2 - erfc(a).
 * Source:        scripts/coefficients/error-function.py; rows around points of such values: S. Gal, "An accurate elementary mathematical library" (1991).
 * Special cases: erf keeps the sign of zero, erf(+-inf) = +-1; erfc(inf) = 0, erfc(-inf) = 2, erfc(0) = 1. NaN gives NaN.
 * In doubt:      erf: nothing. erfc: above 26; its results are subnormal from 26.55 on, and 0 from 27.3 on.
 * Accuracy:      erf 0.85 ulp; erfc 1.95, below 7 1.55, over 1e7 points; the bounds are 1 and 2.5 (ts/expr/bounds.ts, `npm run bench -- ulp`).
 * Role:          any thread.
 */
import { ERF, ERF_STRIDE, ERFCX, ERFCX_STRIDE } from "./error-function-tables";
import { high, low, pair } from "./lanes";
import { POWERS_OF_TWO } from "./powers-of-two";
import { tables } from "./tables";

const SIGN: i64 = 0x8000000000000000;
/** 1.5 * 2^52: added to a double below 2^50 it leaves the nearest whole number in the lowest bits. */
const ROUND: f64 = 6755399441055744;
/** Row 0 of erf is for a below 7/16, row 1 for those near 4/8, …, row 45 for those near 6, where erf is 1 already. */
const ERF_FIRST: f64 = 3;
const ERF_LAST: f64 = 6;

/** Bits of 1/2. Above 26, erfc is in doubt; above 27.3 it is 0. */
const ONE_HALF: i64 = 0x3fe0000000000000;
const SAFE: f64 = 26;
const UPPER_26: i64 = 0xfffffffff8000000;
const TINY: f64 = 5.421010862427522e-20; // 2^-64

/** 256/ln 2; ln 2/256 in two parts, of which the first has 33 bits; (e^r - 1 - r)/r^2 is 1/2 + …: as in exponential.ts. */
const STEPS: f64 = 369.3299304675746;
const STEP_HIGH: f64 = 0.0027076061737716373;
const STEP_LOW: f64 = 2.9064910585985925e-13;
const EXP_3: f64 = 0.16666667994285345;
const EXP_4: f64 = 0.04166666921270755;

/** 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x. */
export function erf(x: v128): v128 {
  return erfFast(x);
}

export function erfFast(x: v128): v128 {
  const a = f64x2.pmin(f64x2.abs(x), f64x2.splat(ERF_LAST));
  const t = f64x2.pmax(
    f64x2.add(f64x2.mul(a, f64x2.splat(8)), f64x2.splat(ROUND - ERF_FIRST)),
    f64x2.splat(ROUND),
  );
  const row0 = tables + ERF + (<usize>(i32x4.extract_lane(t, 0) & 63) << 4);
  const row1 = tables + ERF + (<usize>(i32x4.extract_lane(t, 2) & 63) << 4);
  const c = first(row0, row1, 0);
  const h = f64x2.sub(a, c);
  const isCore = f64x2.eq(c, f64x2.splat(0));
  // In the core c = 0 and f(c) = 0.
  const value = v128.or(second(row0, row1, 0), v128.and(h, isCore));
  const w = v128.bitselect(f64x2.mul(h, h), h, isCore);
  const gain = f64x2.mul(h, polynomial(w, row0, row1, ERF_STRIDE));
  return v128.or(f64x2.add(value, gain), v128.and(x, i64x2.splat(SIGN)));
}

/** 1 - erf(x), without the loss of digits where erf is near 1. */
export function erfc(x: v128): v128 {
  const fast = erfcFast(x);
  const doubt = erfcDoubt(x);
  if (!v128.any_true(doubt)) return fast;
  return v128.bitselect(pair(erfcRare(low(x)), erfcRare(high(x))), fast, doubt);
}

export function erfcFast(x: v128): v128 {
  const value = raisedErfc(f64x2.pmin(f64x2.abs(x), f64x2.splat(SAFE)), ROUND);
  return v128.bitselect(f64x2.sub(f64x2.splat(2), value), value, f64x2.lt(x, f64x2.splat(0)));
}

export function erfcDoubt(x: v128): v128 {
  return f64x2.gt(x, f64x2.splat(SAFE));
}

/** Above 26, one lane: computed 2^64 too high, so that it is rounded to a subnormal number in the last multiplication. */
function erfcRare(x: f64): f64 {
  if (!(x < 27.3)) return 0;
  return low(raisedErfc(f64x2.splat(x), ROUND + 256 * 64)) * TINY;
}

/** erfc(a), a >= 0, times the power of 2 by whose multiple of 256 `round` is above ROUND. */
// @ts-ignore: decorator
@inline
function raisedErfc(a: v128, round: f64): v128 {
  const steps = i64x2.shr_u(i64x2.sub(f64x2.add(a, f64x2.splat(0.5)), i64x2.splat(ONE_HALF)), 45);
  const row0 = tables + ERFCX + <usize>(i32x4.extract_lane(steps, 0) & 0x3f0);
  const row1 = tables + ERFCX + <usize>(i32x4.extract_lane(steps, 2) & 0x3f0);
  const value = second(row0, row1, 0);
  const h = f64x2.sub(a, first(row0, row1, 0));
  const gain = f64x2.mul(h, polynomial(h, row0, row1, ERFCX_STRIDE));

  const a1 = v128.and(a, i64x2.splat(UPPER_26));
  const square = f64x2.mul(a1, a1);
  const rest = f64x2.mul(f64x2.sub(a, a1), f64x2.add(a, a1));
  const t = f64x2.sub(f64x2.splat(round), f64x2.mul(square, f64x2.splat(STEPS)));
  const k = f64x2.sub(t, f64x2.splat(round));
  const exact = f64x2.add(square, f64x2.mul(k, f64x2.splat(STEP_HIGH)));
  const r = f64x2.add(f64x2.add(exact, f64x2.mul(k, f64x2.splat(STEP_LOW))), rest);
  const entry0 = v128.load(tables + POWERS_OF_TWO + (<usize>(i32x4.extract_lane(t, 0) & 255) << 4));
  const entry1 = v128.load(tables + POWERS_OF_TWO + (<usize>(i32x4.extract_lane(t, 2) & 255) << 4));
  const s = i64x2.add(i64x2.shl(t, 44), v128.shuffle<i64>(entry0, entry1, 0, 2));
  // e^-r = 1 - p
  let p = f64x2.sub(f64x2.splat(EXP_3), f64x2.mul(r, f64x2.splat(EXP_4)));
  p = f64x2.sub(f64x2.mul(p, r), f64x2.splat(0.5));
  p = f64x2.add(f64x2.mul(p, f64x2.mul(r, r)), f64x2.sub(r, v128.shuffle<i64>(entry0, entry1, 1, 3)));
  // (value + gain)(1 - p), with one rounding of the value's size
  const whole = f64x2.add(value, gain);
  return f64x2.mul(s, f64x2.add(value, f64x2.sub(gain, f64x2.mul(p, whole))));
}

/** p0 + p1 w + … + p9 w^9 of the two rows. */
// @ts-ignore: decorator
@inline
function polynomial(w: v128, row0: usize, row1: usize, stride: usize): v128 {
  const square = f64x2.mul(w, w);
  let sum = linear(w, row0, row1, 5 * stride);
  sum = f64x2.add(f64x2.mul(sum, square), linear(w, row0, row1, 4 * stride));
  sum = f64x2.add(f64x2.mul(sum, square), linear(w, row0, row1, 3 * stride));
  sum = f64x2.add(f64x2.mul(sum, square), linear(w, row0, row1, 2 * stride));
  return f64x2.add(f64x2.mul(sum, square), linear(w, row0, row1, stride));
}

/** The two coefficients of a column: the first plus the second times w. */
// @ts-ignore: decorator
@inline
function linear(w: v128, row0: usize, row1: usize, column: usize): v128 {
  return f64x2.add(f64x2.mul(w, second(row0, row1, column)), first(row0, row1, column));
}

// @ts-ignore: decorator
@inline
function first(row0: usize, row1: usize, column: usize): v128 {
  return v128.shuffle<i64>(v128.load(row0 + column), v128.load(row1 + column), 0, 2);
}

// @ts-ignore: decorator
@inline
function second(row0: usize, row1: usize, column: usize): v128 {
  return v128.shuffle<i64>(v128.load(row0 + column), v128.load(row1 + column), 1, 3);
}
