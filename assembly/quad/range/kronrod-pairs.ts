/**
 * The panel rule for two panels at once, side by side in the lanes of what is computed of their sums: kronrod.ts says what that is, and does it for panels with values
 * that are not finite, with jumps at their ends, and for those that are alone.
 *
 * Bounds: the bits are those of kronrod.ts; test/quad/range/adaptive.test.ts holds both to the oracle.
 * Role:   any thread.
 */
import { PANEL_POINTS_BYTES, PANEL_SUMS_BYTES } from "../desk";
import { Panel } from "./integral";

export const EPSILON: f64 = 2.220446049250313e-16;
/** 50 eps. */
export const ROUND_OFF: f64 = 50 * EPSILON;
/** Below, 50 eps A is lost among subnormals. */
export const TINY: f64 = 1e-290;
/** Half of eps. */
export const NODE_ROUNDING: f64 = 0.5 * EPSILON;
/** Of R, below which D may be rounding: 2^-36. */
export const NOISE: f64 = 1.4551915228366852e-11;

/**
 * @param y values of `one`, and behind them those of `other` @param sums likewise
 * @returns whether all is finite; if not, nothing is written
 */
// @ts-ignore: decorator
@inline
export function applyTwo(rule: usize, one: Panel, other: Panel, y: usize, sums: usize): bool {
  return applyResolved(one, other, sums) || applyUnresolved(rule, one, other, y, sums);
}

/** Most panels of a wide first pass are resolved, and that shows in their sums. @returns whether both are, and of one sign; if not, nothing is written */
// @ts-ignore: decorator
@inline
function applyResolved(one: Panel, other: Panel, sums: usize): bool {
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
  const half = halfOf(low, high);
  const value = f64x2.mul(sum, half);
  const size = f64x2.abs(value);
  const floor = f64x2.mul(f64x2.splat(ROUND_OFF), size);
  const isResolved = v128.and(
    v128.and(f64x2.le(differenceOf(sum, gaussSum, half), floor), f64x2.le(roundingOf(low, high, least, most), floor)),
    // What is not finite is above.
    v128.and(f64x2.gt(size, f64x2.splat(TINY)), f64x2.le(size, f64x2.splat(f64.MAX_VALUE))),
  );
  if (!i64x2.all_true(v128.and(isResolved, areOfOneSign(least, most)))) return false;
  write(one, other, value, floor, size);
  return true;
}

/** @returns as `applyTwo` */
function applyUnresolved(rule: usize, one: Panel, other: Panel, y: usize, sums: usize): bool {
  const sums1 = v128.load(sums);
  const range1 = v128.load(sums, 16);
  const sums2 = v128.load(sums, PANEL_SUMS_BYTES);
  const range2 = v128.load(sums, PANEL_SUMS_BYTES + 16);
  const sum = sides(sums1, sums2, false);
  const least = sides(range1, range2, false);
  const most = sides(range1, range2, true);
  const ends1 = v128.load(changetype<usize>(one));
  const ends2 = v128.load(changetype<usize>(other));
  const low = sides(ends1, ends2, false);
  const high = sides(ends1, ends2, true);
  const half = halfOf(low, high);
  const value = f64x2.mul(sum, half);
  const isOfOneSign = i64x2.all_true(areOfOneSign(least, most));
  const sizes = isOfOneSign ? f64x2.abs(value) : f64x2.mul(sizesOfTwo(rule, y), half);
  // A NaN, or an infinity, among the values is one here.
  if (!i64x2.all_true(f64x2.le(sizes, f64x2.splat(f64.MAX_VALUE)))) return false;
  const reach = f64x2.pmax(f64x2.abs(low), f64x2.abs(high));
  const difference = differenceOf(sum, sides(sums1, sums2, true), half);
  const error = estimateTwo(rule, y, sum, half, reach, sizes, difference, roundingOf(low, high, least, most));
  if (f64x2.extract_lane(error, 0) == Infinity || f64x2.extract_lane(error, 1) == Infinity) return false;
  write(one, other, value, error, sizes);
  return true;
}

/** h. */
// @ts-ignore: decorator
@inline
function halfOf(low: v128, high: v128): v128 {
  const a = f64x2.splat(0.5);
  return f64x2.sub(f64x2.mul(a, high), f64x2.mul(a, low));
}

/** |K - G|. */
// @ts-ignore: decorator
@inline
function differenceOf(sum: v128, gaussSum: v128, half: v128): v128 {
  return f64x2.abs(f64x2.mul(f64x2.sub(sum, gaussSum), half));
}

/** Above eps |t| R / (2 h): R / h is at most 2 (most - least), and where values are resolved, that is mostly enough to know. */
// @ts-ignore: decorator
@inline
function roundingOf(low: v128, high: v128, least: v128, most: v128): v128 {
  const reach = f64x2.pmax(f64x2.abs(low), f64x2.abs(high));
  return f64x2.mul(f64x2.mul(f64x2.splat(1.05 * EPSILON), reach), f64x2.sub(most, least));
}

/** Of one sign, the terms' absolutes add up to the absolute of their sum, to the last bit. */
// @ts-ignore: decorator
@inline
function areOfOneSign(least: v128, most: v128): v128 {
  return v128.or(f64x2.ge(least, f64x2.splat(0)), f64x2.le(most, f64x2.splat(0)));
}

// @ts-ignore: decorator
@inline
function write(one: Panel, other: Panel, value: v128, error: v128, l1: v128): void {
  const at = changetype<usize>(one);
  const behind = changetype<usize>(other);
  v128.store(at, sides(value, error, false), offsetof<Panel>("value"));
  v128.store(behind, sides(value, error, true), offsetof<Panel>("value"));
  v128.store64_lane(at, l1, 0, offsetof<Panel>("l1"));
  v128.store64_lane(behind, l1, 1, offsetof<Panel>("l1"));
  // With notFinite.
  store<i32>(at, 0, offsetof<Panel>("bad"));
  store<i32>(behind, 0, offsetof<Panel>("bad"));
}

function sizesOfTwo(rule: usize, y: usize): v128 {
  return f64x2.replace_lane(f64x2.splat(sizesOf(rule, y)), 1, sizesOf(rule, y + PANEL_POINTS_BYTES));
}

/** The error where values have to be walked through once more for R and N; infinite where R h is not finite. */
function estimateTwo(
  rule: usize,
  y: usize,
  sum: v128,
  half: v128,
  reach: v128,
  absolute: v128,
  difference: v128,
  rounding: v128,
): v128 {
  const zero = f64x2.splat(0);
  const floor = v128.and(f64x2.mul(f64x2.splat(ROUND_OFF), absolute), f64x2.gt(absolute, f64x2.splat(TINY)));
  const isNoise = f64x2.le(difference, floor);
  const mean = f64x2.mul(f64x2.splat(0.5), sum);
  const mean1 = v128.shuffle<f64>(mean, mean, 0, 0);
  const mean2 = v128.shuffle<f64>(mean, mean, 1, 1);
  const center = v128.load64_splat(rule, 160);
  const middle1 = f64x2.abs(f64x2.sub(v128.load(y, 160), mean1));
  const middle2 = f64x2.abs(f64x2.sub(v128.load(y, PANEL_POINTS_BYTES + 160), mean2));
  let r1 = f64x2.replace_lane(f64x2.mul(center, middle1), 1, 0);
  let r2 = f64x2.replace_lane(f64x2.mul(center, middle2), 1, 0);
  let odd1 = zero;
  let odd2 = zero;
  const end = y + 160;
  for (let at = y, weights = rule; at < end; at += 16, weights += 8) {
    const values1 = v128.load(at);
    const values2 = v128.load(at, PANEL_POINTS_BYTES);
    const weight = v128.load64_splat(weights, 80);
    const oddWeight = v128.load64_splat(weights, 208);
    r1 = f64x2.add(r1, f64x2.mul(weight, f64x2.abs(f64x2.sub(values1, mean1))));
    r2 = f64x2.add(r2, f64x2.mul(weight, f64x2.abs(f64x2.sub(values2, mean2))));
    odd1 = f64x2.add(odd1, f64x2.mul(oddWeight, values1));
    odd2 = f64x2.add(odd2, f64x2.mul(oddWeight, values2));
  }
  const variation = f64x2.add(sides(r1, r2, false), sides(r1, r2, true));
  const spread = f64x2.mul(variation, half);
  if (!i64x2.all_true(f64x2.le(spread, f64x2.splat(f64.MAX_VALUE)))) return f64x2.splat(Infinity);
  const odd = f64x2.abs(f64x2.mul(f64x2.sub(sides(odd1, odd2, true), sides(odd1, odd2, false)), half));
  const larger = f64x2.pmax(difference, odd);
  const ratio = f64x2.div(f64x2.mul(f64x2.splat(200), larger), spread);
  // Where the values are all the same, but for rounding, that is what is left.
  const small = f64x2.pmax(
    f64x2.mul(spread, f64x2.mul(ratio, f64x2.sqrt(ratio))),
    f64x2.pmin(larger, f64x2.mul(f64x2.splat(NOISE), spread)),
  );
  const estimate = f64x2.pmax(v128.bitselect(small, spread, f64x2.lt(ratio, f64x2.splat(1))), floor);
  const rounded = f64x2.mul(f64x2.mul(f64x2.splat(NODE_ROUNDING), reach), variation);
  const error = f64x2.pmax(v128.bitselect(floor, estimate, isNoise), rounded);
  const isResolved = v128.and(v128.and(isNoise, f64x2.le(rounding, floor)), f64x2.gt(floor, zero));
  return v128.bitselect(floor, error, isResolved);
}

// @ts-ignore: decorator
@inline
export function both(sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** A / h. */
export function sizesOf(rule: usize, y: usize): f64 {
  let a = f64x2.abs(f64x2.mul(v128.load64_splat(rule, 160), f64x2.replace_lane(v128.load(y, 160), 1, 0)));
  for (let i: usize = 0; i < 10; i++) {
    a = f64x2.add(a, f64x2.abs(f64x2.mul(v128.load64_splat(rule + (i << 3), 80), v128.load(y + (i << 4)))));
  }
  return both(a);
}

/** The low lanes of two vectors, or the high ones. */
// @ts-ignore: decorator
@inline
export function sides(one: v128, other: v128, high: bool): v128 {
  return high ? v128.shuffle<f64>(one, other, 1, 3) : v128.shuffle<f64>(one, other, 0, 2);
}
