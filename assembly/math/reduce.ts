/**
 * Reduction of large angles: x - k pi/2 for large |x|, to twice the precision of a double.
 *
 * Source: M. Payne, R. Hanek, "Radian reduction for trigonometric functions", SIGNUM Newsletter 18 (1983).
 * Why:    angles.ts reduces by parts of a step, which suffice up to 2^30.
 * Role:   any thread; the two results lie in globals, of which each instance has its own.
 *
 * Method: x = m 2^E with a 53-bit integer m. Bits of 2/pi that make multiples of 4 with it are skipped, the next 192 are multiplied
 * by m modulo 2^192. Of the product, 2 bits are the quadrant and 190 the fraction. No double is nearer to a multiple of pi/2 than
 * 2^-62, so at least 75 good bits are left, of which 106 at most are used.
 */

/** The reduced angle, in [-pi/4, pi/4]: `reducedHigh` is the nearest double, `reducedLow` the rest. */
export let reducedHigh: f64 = 0;
export let reducedLow: f64 = 0;

/** 64 zero bits, then the first 1280 bits of 2/pi. */
const TWO_OVER_PI = memory.data<u64>([
  0x0000000000000000, 0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561,
  0xb7246e3a424dd2e0, 0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484, 0xe99c7026b45f7e41,
  0x3991d639835339f4, 0x9c845f8bbdf9283b, 0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7,
  0x4f463f669e5fea2d, 0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab,
  0xf0cfbc209af4361d,
]);

/** pi/2 as the sum of two doubles. */
const HALF_PI_HIGH: f64 = reinterpret<f64>(0x3ff921fb54442d18);
const HALF_PI_LOW: f64 = reinterpret<f64>(0x3c91a62633145c07);

/** 2^27 + 1 splits a double into two halves whose products are exact (T. Dekker, 1971). */
const SPLITTER: f64 = 134217729;

/** Reduces x if it is above `limit`, at least 2^17, in magnitude. What is not, and infinities, are what is left of themselves. */
export function reduceAbove(limit: f64, x: f64): i32 {
  if (abs<f64>(x) > limit && abs<f64>(x) < Infinity) return reduceLarge(x);
  reducedHigh = x;
  reducedLow = 0;
  return 0;
}

/**
 * Reduces x by a multiple of pi/2.
 *
 * @param x  finite, 2^17 <= |x|
 * @returns the multiple modulo 4; the rest in `reducedHigh` and `reducedLow`
 */
function reduceLarge(x: f64): i32 {
  const bits = reinterpret<u64>(x);
  const m = (bits & 0x000fffffffffffff) | 0x0010000000000000;
  const exponent = <i32>((bits >> 52) & 0x7ff) - 1075;

  // The bit of 2/pi with weight 2^-i stands at i + 63; bits up to i = exponent - 2 give multiples of 4.
  const first = exponent + 62;
  const ptr = TWO_OVER_PI + ((<usize>first >> 6) << 3);
  const shift = <u64>(first & 63);
  const w2 = window(load<u64>(ptr), load<u64>(ptr, 8), shift);
  const w1 = window(load<u64>(ptr, 8), load<u64>(ptr, 16), shift);
  const w0 = window(load<u64>(ptr, 16), load<u64>(ptr, 24), shift);

  // (p2, p1, p0) = m * (w2, w1, w0) modulo 2^192
  let p0 = m * w0;
  let p1 = m * w1;
  let p2 = m * w2;
  const carry = upperHalf(m, w0);
  p1 += carry;
  p2 += upperHalf(m, w1) + u64(p1 < carry);

  // Round to the nearest quadrant: the fraction becomes a magnitude and a sign.
  let quadrant = <i32>(p2 >> 62);
  p2 = (p2 << 2) | (p1 >> 62);
  p1 = (p1 << 2) | (p0 >> 62);
  p0 <<= 2;
  let sign: f64 = 1;
  if (<i64>p2 < 0) {
    quadrant += 1;
    sign = -1;
    p0 = ~p0 + 1;
    p1 = ~p1 + u64(p0 == 0);
    p2 = ~p2 + u64(p0 == 0 && p1 == 0);
  }
  // The fraction's leading bit goes to the top; at most 62 zeros stand before it (see Method).
  const zeros = clz<u64>(p2);
  p2 = window(p2, p1, zeros);
  p1 = window(p1, p0, zeros);

  // fraction = (high + low) * 2^-zeros, high with 53 bits
  const scale = reinterpret<f64>((1023 - 64 - zeros) << 52) * sign;
  const high = <f64>(p2 & 0xfffffffffffff800) * scale;
  const low = (<f64>(p2 & 0x7ff) + <f64>p1 * reinterpret<f64>(0x3bf0000000000000)) * scale;

  // times pi/2, with the error of the leading product
  const product = high * HALF_PI_HIGH;
  const a = head(high);
  const b = head(HALF_PI_HIGH);
  const rest = a * b - product + a * (HALF_PI_HIGH - b) + (high - a) * b + (high - a) * (HALF_PI_HIGH - b);
  const tail = rest + (high * HALF_PI_LOW + low * HALF_PI_HIGH);
  reducedHigh = product + tail;
  reducedLow = product - reducedHigh + tail;
  if (x < 0) {
    reducedHigh = -reducedHigh;
    reducedLow = -reducedLow;
    quadrant = -quadrant;
  }
  return quadrant & 3;
}

/** 64 bits of (a, b), `shift` bits from the top; shift from 0 to 63. */
function window(a: u64, b: u64, shift: u64): u64 {
  // A shift by 64 would be one by 0, hence the two steps.
  return (a << shift) | ((b >> 1) >> (63 - shift));
}

/** Upper 64 bits of the product of m, of 53 bits, and w. */
function upperHalf(m: u64, w: u64): u64 {
  const m0 = m & 0xffffffff;
  const m1 = m >> 32;
  const w0 = w & 0xffffffff;
  const w1 = w >> 32;
  const middle = m1 * w0 + ((m0 * w0) >> 32);
  return m1 * w1 + (middle >> 32) + ((m0 * w1 + (middle & 0xffffffff)) >> 32);
}

/** The upper 26 bits of x. */
function head(x: f64): f64 {
  const big = x * SPLITTER;
  return big - (big - x);
}
