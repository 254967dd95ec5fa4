/**
 * Lanes: how a scalar function becomes a function of two points.
 *
 * Source: WebAssembly SIMD, `f64x2.extract_lane`, `f64x2.replace_lane`.
 * Role:   any thread. Functions that are computed on both lanes at once do not need this file.
 */

/** Value of lane 0. */
export function low(x: v128): f64 {
  return f64x2.extract_lane(x, 0);
}

/** Value of lane 1. */
export function high(x: v128): f64 {
  return f64x2.extract_lane(x, 1);
}

/** Two values as lanes 0 and 1. */
export function pair(lane0: f64, lane1: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(lane0), 1, lane1);
}
