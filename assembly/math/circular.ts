/**
 * sin, cos, tan of an angle in radians, lane by lane.
 *
 * Method:        the language's own scalar functions (fdlibm kernels); from 1.6e6 on the angle is reduced first (reduce.ts), and the
 *                part of it that a double does not hold is put back by one step of Taylor's series.
 * Special cases: sin and tan keep the sign of zero; infinities and NaN give NaN.
 * Accuracy:      sin and cos 1 ulp below 1.6e6, 1.5 ulp for every argument; tan 1 and 3 ulp (test/math/accuracy.test.ts).
 * Role:          any thread.
 */
import { high, low, pair } from "./lanes";
import { reducedHigh, reducedLow, reduceLarge } from "./reduce";

export function sin(x: v128): v128 {
  return pair(sinScalar(low(x)), sinScalar(high(x)));
}

export function cos(x: v128): v128 {
  return pair(cosScalar(low(x)), cosScalar(high(x)));
}

export function tan(x: v128): v128 {
  return pair(tanScalar(low(x)), tanScalar(high(x)));
}

/** Magnitudes from here to infinity, without it, are reduced by us. */
const LARGE: f64 = 1600000;

function isLarge(x: f64): bool {
  return abs<f64>(x) >= LARGE && abs<f64>(x) < Infinity;
}

function sinScalar(x: f64): f64 {
  return isLarge(x) ? quarterTurn(reduceLarge(x)) : Math.sin(x);
}

function cosScalar(x: f64): f64 {
  return isLarge(x) ? quarterTurn(reduceLarge(x) + 1) : Math.cos(x);
}

function tanScalar(x: f64): f64 {
  if (!isLarge(x)) return Math.tan(x);
  const quadrant = reduceLarge(x);
  const t = Math.tan(reducedHigh);
  const whole = t + reducedLow * (1 + t * t);
  return quadrant & 1 ? -1 / whole : whole;
}

/** sin(quadrant * pi/2 + reduced angle). */
function quarterTurn(quadrant: i32): f64 {
  const s = Math.sin(reducedHigh);
  const c = Math.cos(reducedHigh);
  const value = quadrant & 1 ? c - reducedLow * s : s + reducedLow * c;
  return quadrant & 2 ? -value : value;
}
