/**
 * tan of an angle in radians, and sinc, which is sin(x)/x, on both lanes at once.
 *
 * Method:        sines and cosines as in circular.ts, each with what its rounding loses, and a quotient that takes both parts (quotient.ts).
 * Special cases: tan keeps the sign of zero; of infinities it is NaN. sinc is 1 at zeros and 0 at infinities, its limits there.
 * In doubt:      magnitudes above 200,000, as of sin and cos.
 * Accuracy:      0.6 ulp over the whole range; sinc where it is subnormal 0.8 (test/math/accuracy.test.ts).
 * Role:          any thread.
 */
import {
  excess,
  farExcess,
  farRemainder,
  farSteps,
  isFar,
  nearestStep,
  reduceFar,
  remainder,
} from "./angles";
import { quarterOn, sineHigh, sineLow, turned } from "./circular";
import { quotient, quotientBy } from "./quotient";

/** Below this, 2^-26, x^2/6 is less than half of the last place of 1. */
const FLAT: f64 = 1.4901161193847656e-8;

/** By this, 2^-100, far angles are divided, lest their inverses be subnormal. */
const SCALE: f64 = 7.888609052210118e-31;

export function tan(x: v128): v128 {
  const doubt = tanDoubt(x);
  if (!v128.any_true(doubt)) return tanFast(x);
  reduceFar(x);
  return v128.bitselect(tangent(farSteps, farRemainder, farExcess), tanFast(x), doubt);
}

export function tanFast(x: v128): v128 {
  const t = nearestStep(x);
  const r = remainder(x, t);
  return tangent(t, r, excess(x, t, r));
}

export function tanDoubt(x: v128): v128 {
  return isFar(x);
}

/** sin(x)/x. */
export function sinc(x: v128): v128 {
  const doubt = sincDoubt(x);
  if (!v128.any_true(doubt)) return sincFast(x);
  reduceFar(x);
  const scale = f64x2.splat(SCALE);
  const far = f64x2.mul(ratio(farSteps, farRemainder, farExcess, f64x2.mul(x, scale)), scale);
  const atInfinity = f64x2.eq(f64x2.abs(x), f64x2.splat(Infinity));
  return v128.bitselect(v128.andnot(far, atInfinity), sincFast(x), doubt);
}

export function sincFast(x: v128): v128 {
  const t = nearestStep(x);
  const r = remainder(x, t);
  const value = ratio(t, r, excess(x, t, r), x);
  return v128.bitselect(f64x2.splat(1), value, f64x2.lt(f64x2.abs(x), f64x2.splat(FLAT)));
}

export function sincDoubt(x: v128): v128 {
  return isFar(x);
}

/** The tangent of the angle that t, r and e are (circular.ts). */
// @ts-ignore: decorator
@inline
function tangent(t: v128, r: v128, e: v128): v128 {
  const u = quarterOn(t);
  const sine = sineHigh(t, r, e);
  // The cosine has its own sign before it divides: where x is a zero it must be 1.
  const cosine = turned(u, sineHigh(u, r, e));
  const cosineLow = turned(u, sineLow(u, r, e));
  return turned(t, quotient(sine, sineLow(t, r, e), cosine, cosineLow));
}

/** The sine of the angle that t, r and e are, over x. */
// @ts-ignore: decorator
@inline
function ratio(t: v128, r: v128, e: v128, x: v128): v128 {
  return turned(t, quotientBy(sineHigh(t, r, e), sineLow(t, r, e), x));
}
