/**
 * pow: x^y, on both lanes at once.
 *
 * Method:        x^y = e^(y log x), with log x and its product with y as sums of two doubles, because up to 745 times the error of log x is that of x^y.
 *                - x = 2^k z. The leading bits of z choose 1/c of few bits and log c (power-table.ts); r = z/c - 1 is exact, and so is r - s^2/2, where s
 *                  is r without its last bits. log x = (k ln 2 + log c) + (r - s^2/2) + what follows, of which both sums in parentheses are exact.
 *                - The first factor is the leading 26 bits of log x, and y is cut after 26 bits too: their product is exact.
 *                - e^(a + b) from the table of powers of 2, as exp (exponential.ts), but with b.
 * Source:        P. Tang, "Table-Driven Implementation of the Logarithm Function", ACM TOMS 16 (1990), made longer; the cuts, the table and the polynomial
 *                are from scripts/coefficients/power.py, EXP_3 and EXP_4 from scripts/coefficients/exponential.sollya.
 * Special cases: C99, not JavaScript: pow(1, y) = 1 for every y, NaN included; pow(-1, +-inf) = 1; pow(x, 0) = 1 for every x;
 *                pow of a negative number to an exponent that is not whole is NaN.
 * In doubt:      x that is not positive, below 1.4 * 2^-1022 or not finite; results outside of e^-700 to e^700, whatever is to the power of an infinity or a NaN.
 * Accuracy:      0.74 ulp over 3e7 points: x near 0.998, where r is largest beside log x, and results near both ends of the range; elsewhere 0.64. The bound
 *                is 0.8 (ts/expr/bounds.ts, `npm run bench -- ulp`).
 * Role:          any thread.
 */
import { high, low, pair } from "./lanes";
import { LOGARITHMS } from "./power-table";
import { POWERS_OF_TWO } from "./powers-of-two";
import { tables } from "./tables";

/** Bits of the smallest z, 0.689…, and what is added to bits of x so that those of 2^-1022 z become the least signed integer. */
const FIRST: i64 = 0x3fe6100000000000;
const TO_LEAST: i64 = 0x7fe9f00000000000;
/** Then these, signed, are the bits of the largest x. */
const LARGEST: i64 = 0x7fefffffffffffff + TO_LEAST;
/** The upper 12 bits of x + TO_LEAST are k + 3069; over the bits of 2^52 they make 2^52 + k + 3069. */
const INTEGER: i64 = 0x4330000000000000;
const INTEGER_OFFSET: f64 = 4503599627370496 + 3069;
const SIGNIFICAND: i64 = 0x000fffffffffffff;

/** These keep 20 bits of z, 1/c in its packed form, and 26 bits of a factor. */
const HALF_32: i64 = 0x80000000;
const UPPER_32: i64 = 0xffffffff00000000;
const UPPER_20: i64 = 0xfffff00000000000;
const UPPER_26: i64 = 0xfffffffff8000000;

/** ln 2 in two parts; the first is a multiple of 2^-43, as the leading parts in the table are. */
const LN2_HIGH: f64 = 0.6931471805598903;
const LN2_LOW: f64 = 5.497923018708371e-14;

/** 2 log(1 + r) - 2 r + r^2 over r^3, |r| <= 0.00585: log(1 + r) to 5e-5 * 2^-53 of itself. */
const LOG_3: f64 = 0.66666666666666696;
const LOG_4: f64 = -0.50000000000000144;
const LOG_5: f64 = 0.39999999985191420;
const LOG_6: f64 = -0.33333333306110646;
const LOG_7: f64 = 0.28572572382395778;
const LOG_8: f64 = -0.25001356024919620;

/** 256/ln 2; ln 2/256 in two parts, of which the first has 33 bits; the whole number nearest to a double below 2^50 in its lowest bits. */
const STEPS: f64 = 369.3299304675746;
const STEP_HIGH: f64 = 0.0027076061737716373;
const STEP_LOW: f64 = 2.9064910585985925e-13;
const ROUND: f64 = 6755399441055744; // 1.5 * 2^52

/** (e^r - 1 - r)/r^2 is 1/2 + …, |r| <= ln 2/512. */
const EXP_3: f64 = 0.16666667994285345;
const EXP_4: f64 = 0.04166666921270755;

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

/** The product of y with the leading bits of log x: exact. */
// @ts-ignore: decorator
@inline
function leadingProduct(bits: v128, offset: f64, y: v128): v128 {
  return f64x2.mul(cut(logarithm(bits, offset)), cut(y));
}

/** What y log x has beyond that: up to 2^-14 of it. */
// @ts-ignore: decorator
@inline
function furtherProduct(bits: v128, offset: f64, y: v128): v128 {
  const first = cut(logarithm(bits, offset));
  const second = logarithmRest(bits, offset, first);
  return f64x2.add(f64x2.mul(f64x2.sub(y, cut(y)), first), f64x2.mul(y, second));
}

/** The whole number nearest to 256/ln 2 times the exponent, added to `round`. */
// @ts-ignore: decorator
@inline
function nearestStep(exponent: v128, round: f64): v128 {
  return f64x2.add(f64x2.mul(exponent, f64x2.splat(STEPS)), f64x2.splat(round));
}

/** 2^(k/256), rounded, for the k in t. */
// @ts-ignore: decorator
@inline
function step(t: v128): v128 {
  return i64x2.add(i64x2.shl(t, 44), v128.shuffle<i64>(powerEntry0(t), powerEntry1(t), 0, 2));
}

/** e^(product + further) = step(t) (1 + growth). */
// @ts-ignore: decorator
@inline
function growth(product: v128, further: v128, t: v128, round: f64): v128 {
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
