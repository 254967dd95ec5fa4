/**
 * Angles as a number of steps of pi/256, and what is left: the reduction under sin, cos, tan and sinc, on both lanes at once.
 *
 * Method: x = k pi/256 + r - e with the whole number k nearest to 256 x/pi: |r| <= pi/512, and e, far smaller, is what rounding r loses.
 *         - Adding 1.5 * 2^52 rounds to k and leaves k in the lowest bits. Up to 200,000 the step is the sum of three doubles of 29, 36 and 53 bits. Times k,
 *           of 24 bits at most, the first is exact. So is the second where it matters, at multiples of pi/2: there k ends in seven zeros.
 *         - Beyond, up to 2^30, k is the sum of two numbers of 19 bits, and the step of four of 33, 33, 33 and 53 bits. Products of all but the last are exact.
 *         - From there on: Payne and Hanek's reduction (reduce.ts), and the first one of what that leaves.
 * Source: W. Cody, W. Waite, "Software Manual for the Elementary Functions" (1980). Constants: scripts/coefficients/circular.sollya.
 * Error:  r - e is off by 0.22 of its last place at most, at doubles next to multiples of pi/2; elsewhere by far less.
 * Role:   any thread.
 */
import { high, low, pair } from "./lanes";
import { reduceAbove, reducedHigh, reducedLow } from "./reduce";

/** Above this magnitude an angle is far: from 205,887 on k times the first part of the step is not exact. */
const FAR: f64 = 200000;

/** From here on, 2^30, it takes all of pi's digits. */
const REMOTE: f64 = 1073741824;

/** 256/pi; and pi/256 in three parts. */
const STEPS: f64 = 81.48733086305042;
const STEP_HIGH: f64 = 0.012271846295334399;
const STEP_MIDDLE: f64 = 7.750731091238423e-12;
const STEP_LOW: f64 = 1.5798955068718364e-23;

/** The same in four parts. */
const STEP_1: f64 = 0.012271846302610356;
const STEP_2: f64 = 4.747734770549973e-13;
const STEP_3: f64 = 1.5798955068055988e-23;
const STEP_4: f64 = 6.623771609663203e-34;

/** A quarter of a turn, in steps. */
export const QUARTER: i64 = 128;

/** Added to a double below 2^50 it leaves the nearest whole number in the lowest bits: here, 128 more, so that tables may begin at -pi/2. */
const ROUND: f64 = 6755399441055744 + 128; // 1.5 * 2^52 + QUARTER

/** Added and subtracted again it leaves the nearest multiple of 2^18. */
const ROUND_HIGH: f64 = 1.770887431076117e21; // 1.5 * 2^70

/** Where the parts of the step do not suffice. NaN is not far: it goes through all sums. */
// @ts-ignore: decorator
@inline
export function isFar(x: v128): v128 {
  return f64x2.gt(f64x2.abs(x), f64x2.splat(FAR));
}

/** ROUND + k: k + QUARTER in the lowest bits. */
// @ts-ignore: decorator
@inline
export function nearestStep(x: v128): v128 {
  return f64x2.add(f64x2.mul(x, f64x2.splat(STEPS)), f64x2.splat(ROUND));
}

/** r: what the nearest step leaves of x, rounded. Of -0 it is -0: 0 times a positive step is subtracted twice. */
// @ts-ignore: decorator
@inline
export function remainder(x: v128, t: v128): v128 {
  return f64x2.sub(afterHigh(x, t), f64x2.mul(steps(t), f64x2.splat(STEP_MIDDLE)));
}

/** e: by how much `remainder` is too large. Of zeros it is +0. */
// @ts-ignore: decorator
@inline
export function excess(x: v128, t: v128, r: v128): v128 {
  const k = steps(t);
  const rounding = f64x2.add(f64x2.sub(r, afterHigh(x, t)), f64x2.mul(k, f64x2.splat(STEP_MIDDLE)));
  return f64x2.add(rounding, f64x2.mul(k, f64x2.splat(STEP_LOW)));
}

// @ts-ignore: decorator
@inline
function steps(t: v128): v128 {
  return f64x2.sub(t, f64x2.splat(ROUND));
}

/** Exact where x is not far. */
// @ts-ignore: decorator
@inline
function afterHigh(x: v128, t: v128): v128 {
  return f64x2.sub(x, f64x2.mul(steps(t), f64x2.splat(STEP_HIGH)));
}

/** What `reduceFar` makes of two angles, as nearestStep, remainder and excess make it of near ones. A splat would need a start function. */
export let farSteps: v128 = i64x2(0, 0);
export let farRemainder: v128 = i64x2(0, 0);
export let farExcess: v128 = i64x2(0, 0);

/** Reduces far angles. What it makes of others is of no use. */
export function reduceFar(x: v128): void {
  const isRemote = f64x2.ge(f64x2.abs(x), f64x2.splat(REMOTE));
  if (v128.any_true(isRemote)) reduceRemote(x);
  else reduceBetween(x);
}

function reduceBetween(x: v128): void {
  const t = nearestStep(x);
  const k = steps(t);
  const most = f64x2.sub(f64x2.add(k, f64x2.splat(ROUND_HIGH)), f64x2.splat(ROUND_HIGH));
  const few = f64x2.sub(k, most);
  // Exact up to here; then two sums keep what they lose.
  const after1 = f64x2.sub(f64x2.sub(x, f64x2.mul(most, f64x2.splat(STEP_1))), f64x2.mul(few, f64x2.splat(STEP_1)));
  const after2 = f64x2.sub(after1, f64x2.mul(most, f64x2.splat(STEP_2)));
  const second = f64x2.mul(few, f64x2.splat(STEP_2));
  const after3 = f64x2.sub(after2, second);
  const third = f64x2.mul(most, f64x2.splat(STEP_3));
  const r = f64x2.sub(after3, third);
  const lost2 = f64x2.add(f64x2.sub(after3, after2), second);
  const lost3 = f64x2.add(f64x2.sub(r, after3), third);
  const last = f64x2.add(f64x2.mul(few, f64x2.splat(STEP_3)), f64x2.mul(k, f64x2.splat(STEP_4)));
  farSteps = t;
  farRemainder = r;
  farExcess = f64x2.add(f64x2.add(lost2, lost3), last);
}

function reduceRemote(x: v128): void {
  const turns0 = reduceAbove(FAR, low(x));
  const high0 = reducedHigh;
  const low0 = reducedLow;
  const turns1 = reduceAbove(FAR, high(x));
  const y = pair(high0, reducedHigh);
  const t = nearestStep(y);
  const r = remainder(y, t);
  const quadrants = i64x2.replace_lane(i64x2.splat(turns0), 1, turns1);
  farSteps = i64x2.add(t, i64x2.mul(quadrants, i64x2.splat(QUARTER)));
  farRemainder = r;
  farExcess = f64x2.sub(excess(y, t, r), pair(low0, reducedLow));
}
