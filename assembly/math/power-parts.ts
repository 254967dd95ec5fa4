/**
 * Logarithm and power of e in more than twice the precision that is left of them: what pow, gamma and lgamma are made of.
 *
 * Method: log x = first + second, first with 26 bits. x = 2^k z; the leading bits of z choose 1/c of few bits and log c (power-table.ts); r = z/c - 1
 *         is exact, and so is r - s^2/2, where s is r without its last bits. log x = (k ln 2 + log c) + (r - s^2/2) + what follows, of which both
 *         sums in parentheses are exact.
 *         e^(a + b) from the table of powers of 2, as exp (exponential.ts), but with b.
 * Source: P. Tang, "Table-Driven Implementation of the Logarithm Function", ACM TOMS 16 (1990), made longer; the cuts, the table and the polynomial
 *         are from scripts/coefficients/power.py, EXP_3 and EXP_4 from scripts/coefficients/exponential.sollya.
 * Where:  `bits` are those of x + TO_LEAST for x from 1.4 * 2^-1022 on; `offset` is INTEGER_OFFSET, or more where x was scaled by a power of 2.
 * Error:  of log x 2^-67, relative; of a power of e 0.55 ulp, while the sum of a and b has 2^-63.
 * Role:   any thread.
 */
import { low } from "./lanes";
import { LOGARITHMS } from "./power-table";
import { POWERS_OF_TWO } from "./powers-of-two";
import { tables } from "./tables";

/** Bits of the smallest z, 0.689…, and what is added to bits of x so that those of 2^-1022 z become the least signed integer. */
const FIRST: i64 = 0x3fe6100000000000;
export const TO_LEAST: i64 = 0x7fe9f00000000000;
/** The upper 12 bits of x + TO_LEAST are k + 3069; over the bits of 2^52 they make 2^52 + k + 3069. */
const INTEGER: i64 = 0x4330000000000000;
export const INTEGER_OFFSET: f64 = 4503599627370496 + 3069;
const SIGNIFICAND: i64 = 0x000fffffffffffff;

/** These keep 20 bits of z, 1/c in its packed form, and 26 bits of a factor. */
const HALF_32: i64 = 0x80000000;
const UPPER_32: i64 = 0xffffffff00000000;
const UPPER_20: i64 = 0xfffff00000000000;
const UPPER_26: i64 = 0xfffffffff8000000;

/** ln 2 in two parts; the first is a multiple of 2^-43, as the leading parts in the table are. */
const LN2_HIGH: f64 = 0.6931471805598903;
const LN2_LOW: f64 = 5.497923018708371e-14;

/** 2 log(1 + r) - 2 r + r^2 over r^3, |r| <= 0.00586: log(1 + r) to 5e-5 * 2^-53 of itself. */
const LOG_3: f64 = 0.666666666666667;
const LOG_4: f64 = -0.5000000000000016;
const LOG_5: f64 = 0.3999999998509054;
const LOG_6: f64 = -0.33333333305000906;
const LOG_7: f64 = 0.285725770959777;
const LOG_8: f64 = -0.2500138028566250;

/** 256/ln 2; ln 2/256 in two parts, of which the first has 33 bits; the whole number nearest to a double below 2^50 in its lowest bits. */
const STEPS: f64 = 369.3299304675746;
const STEP_HIGH: f64 = 0.0027076061737716373;
const STEP_LOW: f64 = 2.9064910585985925e-13;
export const ROUND: f64 = 6755399441055744; // 1.5 * 2^52

/** (e^r - 1 - r)/r^2 is 1/2 + …, |r| <= ln 2/512. */
const EXP_3: f64 = 0.16666667994285345;
const EXP_4: f64 = 0.04166666921270755;

/** log x = first + second for a positive normal number, first with 26 bits: what other families need in twice the precision. */
export function logarithmFirst(x: f64): f64 {
  return low(cut(logarithm(i64x2.add(f64x2.splat(x), i64x2.splat(TO_LEAST)), INTEGER_OFFSET)));
}

export function logarithmSecond(x: f64, first: f64): f64 {
  const bits = i64x2.add(f64x2.splat(x), i64x2.splat(TO_LEAST));
  return low(logarithmRest(bits, INTEGER_OFFSET, f64x2.splat(first)));
}

/** e^(exponent + further) 2^lift, where that is a normal number, and |further| below 1. */
export function exponential(exponent: f64, further: f64, lift: f64): f64 {
  const round = ROUND + 256 * lift;
  const product = f64x2.splat(exponent);
  const rest = f64x2.splat(further);
  const t = nearestStep(f64x2.add(product, rest), round);
  const s = step(t);
  return low(f64x2.add(f64x2.mul(growth(product, rest, t, round), s), s));
}

/** The leading 26 bits. */
export function cutNumber(x: f64): f64 {
  return reinterpret<f64>(reinterpret<i64>(x) & UPPER_26);
}

/** The product of y with the leading bits of log x: exact. */
// @ts-ignore: decorator
@inline
export function leadingProduct(bits: v128, offset: f64, y: v128): v128 {
  return f64x2.mul(cut(logarithm(bits, offset)), cut(y));
}

/** What y log x has beyond that: up to 2^-14 of it. */
// @ts-ignore: decorator
@inline
export function furtherProduct(bits: v128, offset: f64, y: v128): v128 {
  const first = cut(logarithm(bits, offset));
  const second = logarithmRest(bits, offset, first);
  return f64x2.add(f64x2.mul(f64x2.sub(y, cut(y)), first), f64x2.mul(y, second));
}

/** The whole number nearest to 256/ln 2 times the exponent, added to `round`. */
// @ts-ignore: decorator
@inline
export function nearestStep(exponent: v128, round: f64): v128 {
  return f64x2.add(f64x2.mul(exponent, f64x2.splat(STEPS)), f64x2.splat(round));
}

/** 2^(k/256), rounded, for the k in t. */
// @ts-ignore: decorator
@inline
export function step(t: v128): v128 {
  return i64x2.add(i64x2.shl(t, 44), v128.shuffle<i64>(powerEntry0(t), powerEntry1(t), 0, 2));
}

/** e^(product + further) = step(t) (1 + growth). */
// @ts-ignore: decorator
@inline
export function growth(product: v128, further: v128, t: v128, round: f64): v128 {
  const k = f64x2.sub(t, f64x2.splat(round));
  const exact = f64x2.sub(product, f64x2.mul(k, f64x2.splat(STEP_HIGH)));
  const r = f64x2.add(f64x2.sub(exact, f64x2.mul(k, f64x2.splat(STEP_LOW))), further);
  let p = f64x2.add(f64x2.mul(r, f64x2.splat(EXP_4)), f64x2.splat(EXP_3));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(0.5));
  const lack = v128.shuffle<i64>(powerEntry0(t), powerEntry1(t), 1, 3);
  return f64x2.add(f64x2.mul(p, f64x2.mul(r, r)), f64x2.add(r, lack));
}

/** log x, rounded. */
// @ts-ignore: decorator
@inline
function logarithm(bits: v128, offset: f64): v128 {
  return f64x2.add(wholeSteps(bits, offset), fraction(bits));
}

/** What `first`, which are the leading bits of log x, lacks. */
// @ts-ignore: decorator
@inline
function logarithmRest(bits: v128, offset: f64, first: v128): v128 {
  const r = remainder(bits);
  const s = remainderCut(bits);
  const square = f64x2.mul(r, r);
  const p = f64x2.add(
    f64x2.add(f64x2.mul(r, f64x2.splat(LOG_4)), f64x2.splat(LOG_3)),
    f64x2.mul(
      square,
      f64x2.add(
        f64x2.add(f64x2.mul(r, f64x2.splat(LOG_6)), f64x2.splat(LOG_5)),
        f64x2.mul(square, f64x2.add(f64x2.mul(r, f64x2.splat(LOG_8)), f64x2.splat(LOG_7))),
      ),
    ),
  );
  // (r^3 p - (r - s)(r + s))/2
  const small = f64x2.mul(
    f64x2.sub(f64x2.mul(f64x2.mul(square, r), p), f64x2.mul(f64x2.sub(r, s), f64x2.add(r, s))),
    f64x2.splat(0.5),
  );
  const constants = f64x2.add(
    f64x2.mul(multiple(bits, offset), f64x2.splat(LN2_LOW)),
    i64x2.shl(v128.shuffle<i64>(entry0(bits), entry1(bits), 1, 3), 20),
  );
  const lost = f64x2.add(f64x2.sub(wholeSteps(bits, offset), first), fraction(bits));
  return f64x2.add(lost, f64x2.add(constants, small));
}

/** k ln 2 + log c, their leading parts: exact. */
// @ts-ignore: decorator
@inline
function wholeSteps(bits: v128, offset: f64): v128 {
  return f64x2.add(
    f64x2.mul(multiple(bits, offset), f64x2.splat(LN2_HIGH)),
    v128.shuffle<i64>(entry0(bits), entry1(bits), 0, 2),
  );
}

/** r - s^2/2: exact. */
// @ts-ignore: decorator
@inline
function fraction(bits: v128): v128 {
  const s = remainderCut(bits);
  return f64x2.sub(remainder(bits), f64x2.mul(f64x2.mul(s, s), f64x2.splat(0.5)));
}

/** r: exact, a multiple of 2^-60 where c is not 1. */
// @ts-ignore: decorator
@inline
function remainder(bits: v128): v128 {
  const z = significand(bits);
  return f64x2.add(remainderCut(bits), f64x2.mul(f64x2.sub(z, rounded(z)), inverse(bits)));
}

/** s: exact, a multiple of 2^-28. */
// @ts-ignore: decorator
@inline
function remainderCut(bits: v128): v128 {
  return f64x2.sub(f64x2.mul(rounded(significand(bits)), inverse(bits)), f64x2.splat(1));
}

/** z, to a multiple of 2^-21 or 2^-20. */
// @ts-ignore: decorator
@inline
function rounded(z: v128): v128 {
  return v128.and(i64x2.add(z, i64x2.splat(HALF_32)), i64x2.splat(UPPER_32));
}

/** k. */
// @ts-ignore: decorator
@inline
function multiple(bits: v128, offset: f64): v128 {
  return f64x2.sub(v128.or(i64x2.shr_u(bits, 52), i64x2.splat(INTEGER)), f64x2.splat(offset));
}

/** z, between 0.689 and 1.379. */
// @ts-ignore: decorator
@inline
function significand(bits: v128): v128 {
  return i64x2.add(v128.and(bits, i64x2.splat(SIGNIFICAND)), i64x2.splat(FIRST));
}

/** 1/c. */
// @ts-ignore: decorator
@inline
function inverse(bits: v128): v128 {
  return v128.and(v128.shuffle<i64>(entry0(bits), entry1(bits), 1, 3), i64x2.splat(UPPER_20));
}

/** The entry of lane 0: the 7 bits below the exponent. */
// @ts-ignore: decorator
@inline
function entry0(bits: v128): v128 {
  return v128.load(tables + LOGARITHMS + (<usize>i32x4.extract_lane(i64x2.shr_u(bits, 41), 0) & 0x7f0));
}

// @ts-ignore: decorator
@inline
function entry1(bits: v128): v128 {
  return v128.load(tables + LOGARITHMS + (<usize>i32x4.extract_lane(i64x2.shr_u(bits, 41), 2) & 0x7f0));
}

/** The entry of 2^(k/256), for the k in lane 0. */
// @ts-ignore: decorator
@inline
function powerEntry0(t: v128): v128 {
  return v128.load(tables + POWERS_OF_TWO + (<usize>(i32x4.extract_lane(t, 0) & 255) << 4));
}

// @ts-ignore: decorator
@inline
function powerEntry1(t: v128): v128 {
  return v128.load(tables + POWERS_OF_TWO + (<usize>(i32x4.extract_lane(t, 2) & 255) << 4));
}

/** The leading 26 bits. */
// @ts-ignore: decorator
@inline
function cut(x: v128): v128 {
  return v128.and(x, i64x2.splat(UPPER_26));
}
