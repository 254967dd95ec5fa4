/**
 * How wrong a function of the math provider may be: what docs/expressions.md promises.
 *
 * The one place of these figures. The table of docs/expressions.md is held against it by test/expr/bounds.test.ts, the functions by
 * test/math/accuracy.test.ts at chosen points and by `npm run bench -- ulp` at millions.
 *
 * Role: tests and benches; no part of the library loads it.
 */
import type { ProviderBinary, ProviderUnary } from "./functions.js";

export interface Bound {
  /** Largest error in units of the last place of the exact result. */
  readonly ulp: number;
  /** Where the result is smaller than this value at its argument, the units are those of this value. Absent: always those of the result. */
  readonly floor?: (x: number) => number;
}

/** What j0 and j1 swing between, far from 0; up to 2 neither has a zero but that of j1, next to which it keeps its digits. */
function swing(x: number): number {
  return Math.abs(x) < 2 ? 0 : Math.sqrt(2 / Math.PI / Math.abs(x));
}

export const BOUNDS: Readonly<Record<ProviderUnary | ProviderBinary | "sqrt", Bound>> = {
  sin: { ulp: 0.8 },
  cos: { ulp: 0.8 },
  tan: { ulp: 0.6 },
  sinc: { ulp: 0.8 },
  asin: { ulp: 0.85 },
  acos: { ulp: 0.8 },
  atan: { ulp: 0.6 },
  atan2: { ulp: 1.2 },
  sinh: { ulp: 1 },
  cosh: { ulp: 0.6 },
  tanh: { ulp: 1 },
  asinh: { ulp: 1.2 },
  acosh: { ulp: 0.9 },
  atanh: { ulp: 1.1 },
  exp: { ulp: 0.8 },
  expm1: { ulp: 0.8 },
  exp2: { ulp: 0.8 },
  log: { ulp: 0.85 },
  log1p: { ulp: 0.85 },
  log2: { ulp: 0.85 },
  log10: { ulp: 0.85 },
  pow: { ulp: 0.7 },
  cbrt: { ulp: 0.6 },
  erf: { ulp: 1 },
  erfc: { ulp: 2.5 },
  gamma: { ulp: 3 },
  // Its zeros below 0 are no doubles, and lie where two logarithms cancel.
  lgamma: { ulp: 3, floor: (x) => (x < 0 ? 1 : 0) },
  j0: { ulp: 4, floor: swing },
  j1: { ulp: 4, floor: swing },
  hypot: { ulp: 1 },
  sqrt: { ulp: 0.5 },
};
