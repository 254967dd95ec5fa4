/**
 * atan, and atan2, the angle of a point: in radians, on both lanes at once.
 *
 * Method:        for a quotient n/d >= 0 and a centre c near it, atan(n/d) = atan(c) + atan(t), t = (n - c d)/(d + c n). Centres and their inverse tangents are in a
 *                table (inverse-tangents.ts), by the exponent and four more bits of the quotient; so |t| <= 1/64, and a polynomial of degree 7 is enough.
 *                - A centre has six bits, and n - c d is exact before its only rounding. Where c = 0, t is n/d itself.
 *                - atan is that with d = 1. Of the quotient |y/x|, which need not be exact, atan2 only takes the centre; an angle beyond pi/2 is pi less the one of |x|.
 *                - Lengths near the ends of the range are scaled first, infinities and zeros replaced by 1 and 0: that is what is in doubt.
 * Source:        P. Tang, "Table-Lookup Algorithms for Elementary Functions and Their Error Analysis", ARITH 10 (1991). Constants:
 *                scripts/coefficients/inverse-circular.sollya.
 * Special cases: atan(+-inf) = +-pi/2. atan2 tells the four quadrants apart by the signs of both arguments, those of zeros included, and has finite values at
 *                infinities (C99, F.9.1.4).
 * In doubt:      atan never; atan2 where the greater of |x| and |y| is 0, below 2^-900 or above 2^1000.
 * Accuracy:      atan 0.6, atan2 1.2 ulp: where c = 0 the quotient's own rounding comes on top (test/math/accuracy.test.ts).
 * Role:          any thread.
 */
import { INVERSE_TANGENTS } from "./inverse-tangents";
import { high, low, pair } from "./lanes";
import { tables } from "./tables";

/** In the table's first interval, and in its last. */
const LEAST: f64 = 0.01513671875; // 31/16 * 2^-7
const MOST: f64 = 32;

/** The leading 16 bits of the first interval: the index counts from there. */
const FIRST: i32 = 0x3f8f;

/** Beyond this, 2^70, atan is the same; and its products stay finite. */
const FLAT: f64 = 1.1805916207174113e21;

/** atan t = t - ATAN_3 t^3 + ATAN_5 t^5 - ATAN_7 t^7, |t| <= 1/64: to 0.04 * 2^-53 of it. */
const ATAN_3: f64 = 0.3333333333330368;
const ATAN_5: f64 = 0.19999999262830861;
const ATAN_7: f64 = 0.14280504988725634;

/** pi, and what that double lacks. */
const PI: f64 = 3.141592653589793;
const PI_LACK: f64 = 1.2246467991473532e-16;

/** 2^-900, 2^1000, and powers of 2 that bring what is beyond into the middle. */
const SMALL: f64 = 1.1830521861667747e-271;
const LARGE: f64 = 1.0715086071862673e301;
const UP: f64 = 4.149515568880993e180; // 2^600
const DOWN: f64 = 2.409919865102884e-181; // 2^-600

const SIGN: i64 = 0x8000000000000000;

export function atan(x: v128): v128 {
  return atanFast(x);
}

export function atanFast(x: v128): v128 {
  const size = f64x2.abs(x);
  const within = bounded(size);
  const first = entry(i32x4.extract_lane(within, 1));
  const second = entry(i32x4.extract_lane(within, 3));
  const c = centre(first, second);
  // A NaN stays one.
  const n = f64x2.pmin(size, f64x2.splat(FLAT));
  const t = f64x2.div(f64x2.sub(n, c), f64x2.add(f64x2.splat(1), f64x2.mul(n, c)));
  const value = f64x2.add(angle(first, second), beyond(first, second, t));
  return v128.xor(value, v128.and(x, i64x2.splat(SIGN)));
}

/** Angle of the point (x, y): the ordinate comes first, as in C and in JavaScript. */
export function atan2(y: v128, x: v128): v128 {
  if (!v128.any_true(atan2Doubt(y, x))) return atan2Fast(y, x);
  const upright = pair(ordinate(low(y), low(x)), ordinate(high(y), high(x)));
  const across = pair(abscissa(low(y), low(x)), abscissa(high(y), high(x)));
  const isLeft = i64x2.lt_s(x, i64x2.splat(0));
  return v128.or(angleOf(upright, across, isLeft), v128.and(y, i64x2.splat(SIGN)));
}

export function atan2Fast(y: v128, x: v128): v128 {
  const value = angleOf(f64x2.abs(y), f64x2.abs(x), f64x2.lt(x, f64x2.splat(0)));
  return v128.or(value, v128.and(y, i64x2.splat(SIGN)));
}

export function atan2Doubt(y: v128, x: v128): v128 {
  const length = f64x2.pmax(f64x2.abs(y), f64x2.abs(x));
  return v128.or(f64x2.lt(length, f64x2.splat(SMALL)), f64x2.gt(length, f64x2.splat(LARGE)));
}

/** The angle of (x, y), 0 or above, or where `isLeft` of (-x, y). */
// @ts-ignore: decorator
@inline
function angleOf(y: v128, x: v128, isLeft: v128): v128 {
  const within = bounded(f64x2.div(y, x));
  const first = entry(i32x4.extract_lane(within, 1));
  const second = entry(i32x4.extract_lane(within, 3));
  const c = centre(first, second);
  // The leading 45 bits of x, and the rest of it: both have exact products with c.
  const leading = v128.and(x, i64x2.splat(~0xff));
  const n = f64x2.sub(f64x2.sub(y, f64x2.mul(c, leading)), f64x2.mul(c, f64x2.sub(x, leading)));
  const t = f64x2.div(n, f64x2.add(x, f64x2.mul(c, y)));

  const sign = v128.and(isLeft, i64x2.splat(SIGN));
  const start = v128.and(isLeft, f64x2.splat(PI));
  const most = v128.xor(angle(first, second), sign);
  const rest = v128.xor(beyond(first, second, t), sign);
  const sum = f64x2.add(start, most);
  const lost = f64x2.add(f64x2.sub(start, sum), most);
  return f64x2.add(sum, f64x2.add(lost, f64x2.add(rest, v128.and(isLeft, f64x2.splat(PI_LACK)))));
}

/** As close to the quotient as the table's intervals are; of NaN a number too. */
// @ts-ignore: decorator
@inline
function bounded(quotient: v128): v128 {
  return f64x2.pmax(f64x2.pmin(f64x2.splat(MOST), quotient), f64x2.splat(LEAST));
}

/** Where the table's entry is, less INVERSE_TANGENTS, for the leading half of a bounded quotient. */
// @ts-ignore: decorator
@inline
function entry(leading: i32): usize {
  return tables + <usize>((leading >>> 16) - FIRST) * 24;
}

/** What atan(c) + atan(t) has beyond the double nearest to atan(c). */
// @ts-ignore: decorator
@inline
function beyond(first: usize, second: usize, t: v128): v128 {
  const one = v128.load_zero<i64>(first, INVERSE_TANGENTS + 16);
  const lack = v128.load_lane<i64>(second, one, 1, INVERSE_TANGENTS + 16);
  const square = f64x2.mul(t, t);
  let p = f64x2.sub(f64x2.splat(ATAN_5), f64x2.mul(square, f64x2.splat(ATAN_7)));
  p = f64x2.sub(f64x2.splat(ATAN_3), f64x2.mul(square, p));
  return f64x2.add(t, f64x2.sub(lack, f64x2.mul(f64x2.mul(t, square), p)));
}

// @ts-ignore: decorator
@inline
function centre(first: usize, second: usize): v128 {
  return v128.shuffle<i64>(v128.load(first, INVERSE_TANGENTS), v128.load(second, INVERSE_TANGENTS), 0, 2);
}

/** atan(c), rounded. */
// @ts-ignore: decorator
@inline
function angle(first: usize, second: usize): v128 {
  return v128.shuffle<i64>(v128.load(first, INVERSE_TANGENTS), v128.load(second, INVERSE_TANGENTS), 1, 3);
}

/** |y|, or a number in its place that has the same angle with `abscissa`. */
function ordinate(y: f64, x: f64): f64 {
  return inTheMiddle(abs<f64>(y), abs<f64>(x), 0);
}

function abscissa(y: f64, x: f64): f64 {
  return inTheMiddle(abs<f64>(x), abs<f64>(y), 1);
}

/** One of two lengths, both scaled, or 1 and 0 if one is infinite. Of two zeros it is `zero`. */
function inTheMiddle(length: f64, other: f64, zero: f64): f64 {
  if (isNaN(length) || isNaN(other)) return NaN;
  const most = max(length, other);
  if (most == Infinity) return length == most ? 1 : 0;
  if (most == 0) return zero;
  return most > LARGE ? length * DOWN : most < SMALL ? length * UP : length;
}
