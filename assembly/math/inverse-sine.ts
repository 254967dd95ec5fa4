/**
 * asin and acos: angles in radians, on both lanes at once.
 *
 * Method:        up to 1/2, asin y is an odd polynomial. Beyond, asin x = pi/2 - 2 asin y with y = sqrt((1 - x)/2), which is at most 1/2 too. The root is
 *                taken as the sum of its leading bits, f, whose square is exact, and the rest, ((1 - x)/2 - f^2) / (y + f).
 *                - acos x is pi/2 - asin x up to 1/2, 2 asin y or pi - 2 asin y beyond.
 *                - Each is a constant plus or minus that; what this sum loses is added again.
 * Source:        fdlibm (Sun Microsystems, 1993), for the two parts of the root. Constants: scripts/coefficients/inverse-circular.sollya.
 * Special cases: magnitudes above 1 give NaN, as roots of negative numbers. asin keeps the sign of zero.
 * Accuracy:      asin 0.85, acos 0.8 ulp (test/math/accuracy.test.ts).
 * Role:          any thread.
 */

/** asin y = y + ASIN_3 y^3 + …, |y| <= 1/2: to 0.14 * 2^-53 of it. */
const ASIN_3: f64 = 0.16666666666665408;
const ASIN_5: f64 = 0.07500000000337102;
const ASIN_7: f64 = 0.04464285682827013;
const ASIN_9: f64 = 0.030381959138981125;
const ASIN_11: f64 = 0.022371758008737835;
const ASIN_13: f64 = 0.01735970531637236;
const ASIN_15: f64 = 0.013885230602039715;
const ASIN_17: f64 = 0.012169240344520724;
const ASIN_19: f64 = 0.006527862707984047;
const ASIN_21: f64 = 0.019528546896388492;
const ASIN_23: f64 = -0.016224660166076297;
const ASIN_25: f64 = 0.03191252891780875;

/** pi/2, and what that double lacks. */
const HALF_PI: f64 = 1.5707963267948966;
const HALF_PI_LACK: f64 = 6.123233995736766e-17;

/** Less than any root but 0 here, which are 2^-27 and more. */
const TINY: f64 = 1e-9;

const SIGN: i64 = 0x8000000000000000;

/** The leading 26 bits of a double. */
const LEADING: i64 = ~0x7ffffff;

export function asin(x: v128): v128 {
  return asinFast(x);
}

export function asinFast(x: v128): v128 {
  const size = f64x2.abs(x);
  const isLarge = f64x2.gt(size, f64x2.splat(0.5));
  const start = v128.and(isLarge, f64x2.splat(HALF_PI));
  const startLack = v128.and(isLarge, f64x2.splat(HALF_PI_LACK));
  const value = plus(start, startLack, size, isLarge, v128.and(isLarge, i64x2.splat(SIGN)));
  return v128.xor(value, v128.and(x, i64x2.splat(SIGN)));
}

export function acos(x: v128): v128 {
  return acosFast(x);
}

export function acosFast(x: v128): v128 {
  const size = f64x2.abs(x);
  const isLarge = f64x2.gt(size, f64x2.splat(0.5));
  // pi/2 up to 1/2; beyond, 0 or pi.
  const sign = v128.and(x, i64x2.splat(SIGN));
  const isLeft = f64x2.lt(x, f64x2.splat(0));
  const turns = v128.bitselect(v128.and(isLeft, f64x2.splat(2)), f64x2.splat(1), isLarge);
  const start = f64x2.mul(turns, f64x2.splat(HALF_PI));
  const startLack = f64x2.mul(turns, f64x2.splat(HALF_PI_LACK));
  return plus(start, startLack, size, isLarge, v128.xor(sign, v128.andnot(i64x2.splat(SIGN), isLarge)));
}

/** start + startLack plus or minus asin(size) or, if large, 2 asin(sqrt((1 - size)/2)). */
// @ts-ignore: decorator
@inline
function plus(start: v128, startLack: v128, size: v128, isLarge: v128, sign: v128): v128 {
  const half = f64x2.sub(f64x2.splat(0.5), f64x2.mul(size, f64x2.splat(0.5)));
  const root = f64x2.sqrt(half);
  const square = v128.bitselect(half, f64x2.mul(size, size), isLarge);
  const y = v128.bitselect(root, size, isLarge);
  const cubic = f64x2.mul(f64x2.mul(y, square), polynomial(square));

  const leading = v128.and(root, i64x2.splat(LEADING));
  // Of 1 nothing is left, and that is not to be divided by 0.
  const twice = f64x2.pmax(f64x2.add(root, leading), f64x2.splat(TINY));
  const lack = f64x2.div(f64x2.sub(half, f64x2.mul(leading, leading)), twice);
  const most = v128.bitselect(leading, size, isLarge);
  const rest = f64x2.add(v128.and(lack, isLarge), cubic);

  const times = f64x2.add(f64x2.splat(1), v128.and(isLarge, f64x2.splat(1)));
  const change = v128.xor(f64x2.mul(most, times), sign);
  const sum = f64x2.add(start, change);
  const lost = f64x2.add(f64x2.sub(start, sum), change);
  const small = f64x2.add(v128.xor(f64x2.mul(rest, times), sign), startLack);
  return f64x2.add(sum, f64x2.add(lost, small));
}

/** (asin y - y) / y^3 in y^2. */
// @ts-ignore: decorator
@inline
function polynomial(z: v128): v128 {
  const z2 = f64x2.mul(z, z);
  const z4 = f64x2.mul(z2, z2);
  const p0 = f64x2.add(f64x2.splat(ASIN_3), f64x2.mul(z, f64x2.splat(ASIN_5)));
  const p1 = f64x2.add(f64x2.splat(ASIN_7), f64x2.mul(z, f64x2.splat(ASIN_9)));
  const p2 = f64x2.add(f64x2.splat(ASIN_11), f64x2.mul(z, f64x2.splat(ASIN_13)));
  const p3 = f64x2.add(f64x2.splat(ASIN_15), f64x2.mul(z, f64x2.splat(ASIN_17)));
  const p4 = f64x2.add(f64x2.splat(ASIN_19), f64x2.mul(z, f64x2.splat(ASIN_21)));
  const p5 = f64x2.add(f64x2.splat(ASIN_23), f64x2.mul(z, f64x2.splat(ASIN_25)));
  const q0 = f64x2.add(p0, f64x2.mul(z2, p1));
  const q1 = f64x2.add(p2, f64x2.mul(z2, p3));
  const q2 = f64x2.add(p4, f64x2.mul(z2, p5));
  return f64x2.add(q0, f64x2.mul(z4, f64x2.add(q1, f64x2.mul(z4, q2))));
}
