/**
 * cbrt and hypot, on both lanes at once.
 *
 * Method:        cbrt: with a = |x|, whole-number arithmetic on the upper bits of a gives y, which is a^(-1/3) to 4 %. A polynomial of degree 6 in
 *                e = 1 - a y^3 makes y good to 2^-31, without a division. t is a y^2, the root, rounded to 26 bits: t^2 and what stands between a and t^3
 *                are then exact but for its last bits, d = a - t^3. One step of Newton's with what the next power of d adds, t + d y^2 (2 - y t)/3.
 *                hypot: both arguments in halves, so that the squares' leading parts, and their sum (D. Knuth's TwoSum), are exact. The sum of
 *                squares is rounded once, and its root once.
 * Source:        scripts/coefficients/roots.py; the way to the first guess is that of W. Kahan, "Computing a Real Cube Root" (1991).
 * Special cases: cbrt keeps the sign, also of zero. hypot of an infinity is inf, whatever the other argument.
 * In doubt:      cbrt: infinities, and magnitudes below 2^-960 but 0. hypot: sums of squares outside of 2^-920 to 2^1020, also 0.
 * Accuracy:      cbrt 0.53 ulp, hypot 0.86 (subnormal results 0.90) over 1e7 points; the bounds are 0.6 and 1 (ts/expr/bounds.ts, `npm run bench -- ulp`).
 * Role:          any thread.
 */
import { high, low, pair } from "./lanes";

/** 2^52; and 2^52 4/3 more than what a third of the upper half of x's bits is taken from. */
const INTEGER: i64 = 0x4330000000000000;
const GUESS: f64 = 6004800933347013; // 2^52 4/3 + 0x553ee970

/** ((1-e)^(-1/3) - 1)/e for -0.10207 <= e <= 0.10202, to 3.9e-10. */
const CBRT_1: f64 = 0.33333333693172703;
const CBRT_2: f64 = 0.22222224177614081;
const CBRT_3: f64 = 0.17283329713702721;
const CBRT_4: f64 = 0.1440210256767087;
const CBRT_5: f64 = 0.12641302606548199;
const CBRT_6: f64 = 0.11288485143235231;

/** These keep 26 bits. */
const UPPER_26: i64 = 0xfffffffff8000000;
const HALF_26: i64 = 0x0000000004000000;

const SIGN: i64 = 0x8000000000000000;
const INFINITE: i64 = 0x7ff0000000000000;
/** Magnitudes of numbers below this but 0 are in doubt: 2^-960. */
const SMALL: i64 = 0x03f0000000000000;

/** Sums of squares from 2^-920 to 2^1020: their bits, less those of the least and with their sign changed, are the least signed integers. */
const TO_LEAST: i64 = 0x8000000000000000 - 0x0670000000000000;
const LARGEST: i64 = 0x7fb0000000000000 + TO_LEAST;

/** The cube root. */
export function cbrt(x: v128): v128 {
  const fast = cbrtFast(x);
  const doubt = cbrtDoubt(x);
  if (!v128.any_true(doubt)) return fast;
  // Infinities, and numbers that are multiplied by 2^180.
  const raised = f64x2.mul(cbrtFast(f64x2.mul(x, f64x2.splat(1.5324955408658889e54))), f64x2.splat(8.673617379884035e-19));
  const isInfinite = f64x2.eq(f64x2.abs(x), f64x2.splat(Infinity));
  return v128.bitselect(v128.bitselect(x, raised, isInfinite), fast, doubt);
}

export function cbrtFast(x: v128): v128 {
  const a = f64x2.abs(x);
  const upper = v128.or(i64x2.shr_u(a, 32), i64x2.splat(INTEGER));
  const guess = i64x2.shl(f64x2.sub(f64x2.splat(GUESS), f64x2.mul(upper, f64x2.splat(1.0 / 3))), 32);

  const e = f64x2.sub(f64x2.splat(1), f64x2.mul(f64x2.mul(a, guess), f64x2.mul(guess, guess)));
  const square = f64x2.mul(e, e);
  const p = f64x2.add(
    f64x2.add(f64x2.mul(e, f64x2.splat(CBRT_2)), f64x2.splat(CBRT_1)),
    f64x2.mul(
      square,
      f64x2.add(
        f64x2.add(f64x2.mul(e, f64x2.splat(CBRT_4)), f64x2.splat(CBRT_3)),
        f64x2.mul(square, f64x2.add(f64x2.mul(e, f64x2.splat(CBRT_6)), f64x2.splat(CBRT_5))),
      ),
    ),
  );
  const y = f64x2.add(guess, f64x2.mul(f64x2.mul(guess, e), p));
  const y2 = f64x2.mul(y, y);

  const t = v128.and(i64x2.add(f64x2.mul(a, y2), i64x2.splat(HALF_26)), i64x2.splat(UPPER_26));
  const t2 = f64x2.mul(t, t);
  const first = v128.and(t2, i64x2.splat(UPPER_26));
  const d = f64x2.sub(f64x2.sub(a, f64x2.mul(first, t)), f64x2.mul(f64x2.sub(t2, first), t));
  const factor = f64x2.sub(f64x2.splat(2.0 / 3), f64x2.mul(f64x2.mul(y, t), f64x2.splat(1.0 / 3)));
  const root = f64x2.add(t, f64x2.mul(f64x2.mul(d, y2), factor));
  return v128.or(root, v128.and(x, i64x2.splat(SIGN)));
}

export function cbrtDoubt(x: v128): v128 {
  const a = f64x2.abs(x);
  // Signed, with the sign changed: 0 - 1 is above all.
  const isSmall = i64x2.gt_s(i64x2.splat(SMALL + SIGN - 1), i64x2.add(a, i64x2.splat(SIGN - 1)));
  return v128.or(isSmall, i64x2.eq(a, i64x2.splat(INFINITE)));
}

/** sqrt(x^2 + y^2) without overflow or underflow on the way. */
export function hypot(x: v128, y: v128): v128 {
  const fast = hypotFast(x, y);
  const doubt = hypotDoubt(x, y);
  if (!v128.any_true(doubt)) return fast;
  return v128.bitselect(pair(hypotRare(low(x), low(y)), hypotRare(high(x), high(y))), fast, doubt);
}

export function hypotFast(x: v128, y: v128): v128 {
  return f64x2.sqrt(sumOfSquares(x, y));
}

export function hypotDoubt(x: v128, y: v128): v128 {
  return i64x2.gt_s(i64x2.add(sumOfSquares(x, y), i64x2.splat(TO_LEAST)), i64x2.splat(LARGEST));
}

/** Very large and very small arguments are scaled by 2^-700 or 2^700. */
function hypotRare(x: f64, y: f64): f64 {
  if (abs<f64>(x) == Infinity || abs<f64>(y) == Infinity) return Infinity;
  const isLarge = abs<f64>(x) > 1 || abs<f64>(y) > 1;
  const scale = reinterpret<f64>(isLarge ? 0x1430000000000000 : 0x6bb0000000000000);
  const back = reinterpret<f64>(isLarge ? 0x6bb0000000000000 : 0x1430000000000000);
  return low(hypotFast(f64x2.splat(x * scale), f64x2.splat(y * scale))) * back;
}

// @ts-ignore: decorator
@inline
function sumOfSquares(x: v128, y: v128): v128 {
  const x1 = v128.and(x, i64x2.splat(UPPER_26));
  const y1 = v128.and(y, i64x2.splat(UPPER_26));
  const a = f64x2.mul(x1, x1);
  const b = f64x2.mul(y1, y1);
  const rest = f64x2.add(
    f64x2.mul(f64x2.sub(x, x1), f64x2.add(x, x1)),
    f64x2.mul(f64x2.sub(y, y1), f64x2.add(y, y1)),
  );
  const sum = f64x2.add(a, b);
  const part = f64x2.sub(sum, a);
  const lost = f64x2.add(f64x2.sub(a, f64x2.sub(sum, part)), f64x2.sub(b, part));
  return f64x2.add(sum, f64x2.add(lost, rest));
}
