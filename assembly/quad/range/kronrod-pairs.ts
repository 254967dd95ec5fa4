/**
 * The panel rule for panels that are resolved, two of them at once: kronrod.ts says what is computed, and does it for all others.
 *
 * Bounds: the bits are those of kronrod.ts; test/quad/range/adaptive.test.ts holds both to the oracle.
 * Role:   any thread.
 */
import { PANEL_SUMS_BYTES } from "../desk";
import { Panel } from "./integral";

export const EPSILON: f64 = 2.220446049250313e-16;
/** 50 eps. */
export const ROUND_OFF: f64 = 50 * EPSILON;
/** Below, 50 eps A is lost among subnormals. */
export const TINY: f64 = 1e-290;

/**
 * Two panels at once, side by side in the lanes of what is computed at the end: those of which f is of one sign, and resolved to the last digit. Most panels of a
 * wide first pass are.
 *
 * Their error is what the rounding of values may do, whatever R is: the largest and the smallest value say enough of it. And their terms' absolutes add up to the
 * absolute of their sum, to the last bit. So what is written has the bits that `apply` would give.
 *
 * @param sums what `sumUp` makes of the values of `one`, and behind that of those of `other`
 * @returns whether they were so; if not, nothing is written
 */
export function applyTwo(one: Panel, other: Panel, sums: usize): bool {
  const sums1 = v128.load(sums);
  const range1 = v128.load(sums, 16);
  const sums2 = v128.load(sums, PANEL_SUMS_BYTES);
  const range2 = v128.load(sums, PANEL_SUMS_BYTES + 16);
  const sum = sides(sums1, sums2, false);
  const gaussSum = sides(sums1, sums2, true);
  const least = sides(range1, range2, false);
  const most = sides(range1, range2, true);
  const ends1 = v128.load(changetype<usize>(one));
  const ends2 = v128.load(changetype<usize>(other));
  const low = sides(ends1, ends2, false);
  const high = sides(ends1, ends2, true);
  const a = f64x2.splat(0.5);
  const half = f64x2.sub(f64x2.mul(a, high), f64x2.mul(a, low));
  const value = f64x2.mul(sum, half);
  const absolute = f64x2.abs(value);
  const error = f64x2.mul(f64x2.splat(ROUND_OFF), absolute);
  const difference = f64x2.abs(f64x2.mul(f64x2.sub(sum, gaussSum), half));
  const reach = f64x2.pmax(f64x2.abs(low), f64x2.abs(high));
  // R / h is at most 2 (most - least).
  const range = f64x2.sub(most, least);
  const rounding = f64x2.mul(f64x2.mul(f64x2.splat(1.05 * EPSILON), reach), range);
  const zero = f64x2.splat(0);
  const fits = v128.and(
    v128.and(f64x2.le(difference, error), f64x2.le(rounding, error)),
    v128.and(
      v128.or(f64x2.ge(least, zero), f64x2.le(most, zero)),
      // What is not finite is above.
      v128.and(f64x2.gt(absolute, f64x2.splat(TINY)), f64x2.le(absolute, f64x2.splat(f64.MAX_VALUE))),
    ),
  );
  if (!i64x2.all_true(fits)) return false;
  one.value = f64x2.extract_lane(value, 0);
  other.value = f64x2.extract_lane(value, 1);
  one.error = f64x2.extract_lane(error, 0);
  other.error = f64x2.extract_lane(error, 1);
  one.l1 = f64x2.extract_lane(absolute, 0);
  other.l1 = f64x2.extract_lane(absolute, 1);
  one.bad = 0;
  one.notFinite = 0;
  other.bad = 0;
  other.notFinite = 0;
  return true;
}

/** The low lanes of two vectors, or the high ones. */
// @ts-ignore: decorator
@inline
export function sides(one: v128, other: v128, high: bool): v128 {
  return high ? v128.shuffle<f64>(one, other, 1, 3) : v128.shuffle<f64>(one, other, 0, 2);
}
