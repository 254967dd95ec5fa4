/**
 * asinh, acosh, atanh of two numbers at once.
 *
 * Method:        log(u + lost), where u is what the argument of the logarithm is rounded to, and `lost` what that rounding lost
 *                (logarithm-parts.ts). With y = |x| the argument is:
 *                - asinh: 1 + y + (sqrt(1 + y^2) - 1), the last as y^2/(1 + sqrt(1 + y^2)).
 *                - acosh: 1 + t + sqrt(2t + t^2) with t = x - 1. Near 1 the root is nearly all, so its rounding is mended by a step of Newton's,
 *                  whose remainder is exact (T. Dekker's product).
 *                - atanh: half of (1 + y)/(1 - y), the remainder of the division exact in the same way.
 *                From 2^500 on asinh and acosh are log(2y).
 * Special cases: asinh and atanh keep the sign of zero; acosh(x < 1) and atanh(|x| > 1) are NaN; atanh(+-1) = +-inf.
 * In doubt:      asinh from 2^500 on, acosh there and below 1, atanh from 1 on.
 * Accuracy:      asinh 1.2, acosh 0.9, atanh 1.1 ulp (test/math/accuracy.test.ts). asinh: the quotient's own error, near 1; atanh: what u lost
 *                is rounded itself, which counts half an ulp near 2^-53.
 * Role:          any thread.
 */
import { exponent, head, logarithm, logarithmOfSum, takeSign } from "./logarithm-parts";

/** 2^500; its bits less those of 1; and what moves the bits of 1 to the smallest of all integers. */
const LARGE: f64 = 3.273390607896142e150;
const LAST: i64 = 0x9f3f_ffff_ffff_ffff;
const MOVE: i64 = 0x4010_0000_0000_0000;

/** Less than the least root but 0, by far. */
const TINY: f64 = 1e-300;

export function asinhFast(x: v128): v128 {
  const one = f64x2.splat(1);
  const y = f64x2.abs(x);
  const square = f64x2.mul(y, y);
  const root = f64x2.sqrt(f64x2.add(square, one));
  const more = f64x2.div(square, f64x2.add(root, one));
  const v = f64x2.add(y, more);
  const u = f64x2.add(one, v);
  const lost = f64x2.add(lostOfOneMore(v, u), f64x2.sub(more, f64x2.sub(v, y)));
  return takeSign(logarithmOfSum(u, lost), x);
}

export function asinhDoubt(x: v128): v128 {
  return f64x2.ge(f64x2.abs(x), f64x2.splat(LARGE));
}

export function asinh(x: v128): v128 {
  const fast = asinhFast(x);
  const doubt = asinhDoubt(x);
  if (!v128.any_true(doubt)) return fast;
  return v128.bitselect(takeSign(logarithmOfDouble(f64x2.abs(x)), x), fast, doubt);
}

export function acoshFast(x: v128): v128 {
  const t = f64x2.sub(x, f64x2.splat(1));
  const twice = f64x2.add(t, t);
  const square = f64x2.mul(t, t);
  const radicand = f64x2.add(twice, square);
  const root = f64x2.sqrt(radicand);
  const v = f64x2.add(root, t);
  const u = f64x2.add(f64x2.splat(1), v);
  // What the root's square lacks of the radicand, and that of its sum.
  const rootHead = head(root);
  const rootTail = f64x2.sub(root, rootHead);
  let lacking = f64x2.sub(radicand, f64x2.mul(rootHead, rootHead));
  lacking = f64x2.sub(lacking, f64x2.mul(f64x2.add(rootHead, root), rootTail));
  lacking = f64x2.add(lacking, f64x2.sub(square, f64x2.sub(radicand, twice)));
  const lost = f64x2.add(lostOfOneMore(v, u), f64x2.sub(t, f64x2.sub(v, root)));
  const mend = f64x2.div(lacking, f64x2.pmax(f64x2.add(root, root), f64x2.splat(TINY)));
  return logarithmOfSum(u, f64x2.add(lost, mend));
}

export function acoshDoubt(x: v128): v128 {
  return i64x2.gt_s(i64x2.add(x, i64x2.splat(MOVE)), i64x2.splat(LAST));
}

export function acosh(x: v128): v128 {
  const fast = acoshFast(x);
  const doubt = acoshDoubt(x);
  if (!v128.any_true(doubt)) return fast;
  const large = v128.bitselect(logarithmOfDouble(x), f64x2.splat(NaN), f64x2.ge(x, f64x2.splat(LARGE)));
  return v128.bitselect(large, fast, doubt);
}

export function atanhFast(x: v128): v128 {
  const one = f64x2.splat(1);
  const y = f64x2.abs(x);
  const above = f64x2.add(one, y);
  const below = f64x2.sub(one, y);
  const aboveLost = f64x2.sub(y, f64x2.sub(above, one));
  const belowLost = f64x2.sub(f64x2.sub(one, below), y);
  const u = f64x2.div(above, below);
  // above - u below, exactly but for the last step.
  const uHead = head(u);
  const uTail = f64x2.sub(u, uHead);
  const belowHead = head(below);
  const belowTail = f64x2.sub(below, belowHead);
  let remains = f64x2.sub(above, f64x2.mul(uHead, belowHead));
  remains = f64x2.sub(remains, f64x2.mul(uHead, belowTail));
  remains = f64x2.sub(remains, f64x2.mul(uTail, belowHead));
  remains = f64x2.sub(remains, f64x2.mul(uTail, belowTail));
  remains = f64x2.add(remains, f64x2.sub(aboveLost, f64x2.mul(u, belowLost)));
  return takeSign(f64x2.mul(f64x2.splat(0.5), logarithmOfSum(u, f64x2.div(remains, below))), x);
}

export function atanhDoubt(x: v128): v128 {
  return f64x2.ge(f64x2.abs(x), f64x2.splat(1));
}

export function atanh(x: v128): v128 {
  const fast = atanhFast(x);
  const doubt = atanhDoubt(x);
  if (!v128.any_true(doubt)) return fast;
  // +-inf or NaN
  const beyond = f64x2.div(x, f64x2.sub(f64x2.splat(1), f64x2.pmin(f64x2.abs(x), f64x2.splat(1))));
  const isOne = f64x2.eq(f64x2.abs(x), f64x2.splat(1));
  return v128.bitselect(v128.bitselect(beyond, f64x2.splat(NaN), isOne), fast, doubt);
}

/** log(2y) for y > 1. */
function logarithmOfDouble(y: v128): v128 {
  const value = logarithm(y, f64x2.add(exponent(y), f64x2.splat(1)));
  const infinity = f64x2.splat(Infinity);
  return v128.bitselect(infinity, value, f64x2.eq(y, infinity));
}

/** (1 + v) - u where u is that sum, rounded; v >= 0. */
// @ts-ignore: decorator
@inline
function lostOfOneMore(v: v128, u: v128): v128 {
  const one = f64x2.splat(1);
  return f64x2.sub(f64x2.pmin(v, one), f64x2.sub(u, f64x2.pmax(v, one)));
}
