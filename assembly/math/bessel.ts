/**
 * j0 and j1, the Bessel functions of the first kind, on both lanes at once.
 *
 * Method:        - |x| < 25: a polynomial of degree 13 around the nearest whole number, for j0 and for j1(a)/a.
 *                - beyond: Hankel's form, (P (cos x + sin x) - Q (sin x - cos x))/sqrt(pi x) for j0, with polynomials in x^-2 for P - 1 and Q x; sine and
 *                  cosine of any angle are those of circular.ts.
 * Source:        Abramowitz, Stegun, 9.2.5 to 9.2.10; coefficients: scripts/coefficients/bessel.py.
 * Special cases: j0 is 1 at 0 and even, j1 odd with the sign of zero; both are 0 at infinities. NaN gives NaN.
 * Accuracy:      3.5 ulp of the larger of the result and, from 2 on, of the height of the wave, sqrt(2/(pi x)); below 25 1.9; over 1e7 points. The bound is
 *                4 (ts/expr/bounds.ts, `npm run bench -- ulp`). Beside their zeros so much less of the result is right.
 * Role:          any thread.
 */
import { J0, J0_P, J0_Q, J1, J1_P, J1_Q } from "./bessel-tables";
import { cos, sin } from "./circular";

/** From here on Hankel's form. */
const FAR: f64 = 25;
/** 1.5 * 2^52: added to a double below 2^50 it leaves the nearest whole number in the lowest bits. */
const ROUND: f64 = 6755399441055744;
const ROW_BYTES: usize = 14 * 8;
/** The columns of a row are pairs. */
const LAST_COLUMN: usize = 6 * 16;
const LAST_PAIR: usize = 3 * 16;
/** 1/sqrt(pi a) is half of 1/sqrt(a pi/4), where nothing overflows. */
const QUARTER_PI: f64 = 0.7853981633974483;
const SIGN: i64 = 0x8000000000000000;

export function j0(x: v128): v128 {
  const a = f64x2.abs(x);
  const isNear = f64x2.lt(a, f64x2.splat(FAR));
  if (v128.all_true<i64>(isNear)) return near(a, J0);
  const c = cos(a);
  const s = sin(a);
  const far = wave(a, f64x2.add(c, s), f64x2.sub(c, s), J0_P, J0_Q);
  return v128.bitselect(near(a, J0), far, isNear);
}

export function j1(x: v128): v128 {
  const a = f64x2.abs(x);
  const sign = v128.and(x, i64x2.splat(SIGN));
  const isNear = f64x2.lt(a, f64x2.splat(FAR));
  const value = f64x2.mul(a, near(a, J1));
  if (v128.all_true<i64>(isNear)) return v128.xor(value, sign);
  const c = cos(a);
  const s = sin(a);
  const far = wave(a, f64x2.sub(s, c), f64x2.add(s, c), J1_P, J1_Q);
  return v128.xor(v128.bitselect(value, far, isNear), sign);
}

/** The table's function below 25; anything beyond. */
function near(a: v128, table: usize): v128 {
  const inside = f64x2.pmin(f64x2.splat(FAR), a);
  const t = f64x2.add(inside, f64x2.splat(ROUND));
  const h = f64x2.sub(inside, f64x2.sub(t, f64x2.splat(ROUND)));
  const row0 = table + <usize>(i32x4.extract_lane(t, 0) & 31) * ROW_BYTES;
  const row1 = table + <usize>(i32x4.extract_lane(t, 2) & 31) * ROW_BYTES;
  const square = f64x2.mul(h, h);
  let sum = linear(h, row0, row1, LAST_COLUMN);
  for (let column = LAST_COLUMN - 16; column > 0; column -= 16) {
    sum = f64x2.add(f64x2.mul(sum, square), linear(h, row0, row1, column));
  }
  // The first coefficient last: it is the largest.
  const column0 = v128.load(row0);
  const column1 = v128.load(row1);
  const slope = f64x2.mul(h, v128.shuffle<i64>(column0, column1, 1, 3));
  return f64x2.add(v128.shuffle<i64>(column0, column1, 0, 2), f64x2.add(slope, f64x2.mul(sum, square)));
}

/** The first coefficient of a column, plus the second times h. */
function linear(h: v128, row0: usize, row1: usize, column: usize): v128 {
  const column0 = v128.load(row0 + column);
  const column1 = v128.load(row1 + column);
  const second = v128.shuffle<i64>(column0, column1, 1, 3);
  return f64x2.add(f64x2.mul(h, second), v128.shuffle<i64>(column0, column1, 0, 2));
}

/** (P first + Q second)/sqrt(pi a); 0 at infinity. */
function wave(a: v128, first: v128, second: v128, p: usize, q: usize): v128 {
  const inverse = f64x2.div(f64x2.splat(1), a);
  const w = f64x2.mul(inverse, inverse);
  const correction = f64x2.add(
    f64x2.mul(first, f64x2.mul(w, polynomial(w, p))),
    f64x2.mul(second, f64x2.mul(inverse, polynomial(w, q))),
  );
  const swing = f64x2.mul(f64x2.add(first, correction), f64x2.splat(0.5));
  const value = f64x2.div(swing, f64x2.sqrt(f64x2.mul(a, f64x2.splat(QUARTER_PI))));
  return v128.andnot(value, f64x2.eq(a, f64x2.splat(Infinity)));
}

/** Of degree 7; the coefficients lie in pairs, and are the same for both lanes. */
function polynomial(w: v128, table: usize): v128 {
  let sum = v128.load64_splat(table + LAST_PAIR + 8);
  for (let at = table + LAST_PAIR; at >= table; at -= 8) {
    sum = f64x2.add(f64x2.mul(sum, w), v128.load64_splat(at));
  }
  return sum;
}
