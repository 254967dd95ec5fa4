/** Sweeps that tests have in common. Each has a parameter k, 0.3 to 7.3. */
import type { ManyOptions } from "../../ts/index.js";

export type Bound = number | ArrayLike<number>;

const { NEGATIVE_INFINITY, POSITIVE_INFINITY: INFINITY } = Number;

/** Easy ones, ends where f is singular, corners at places that depend on k, tails that oscillate; integrals that do not converge. */
export const CASES: readonly [f: string, a: Bound, b: Bound, options?: ManyOptions][] = [
  ["exp(k*x)", 0, 1],
  ["exp(-k*x^2)", NEGATIVE_INFINITY, INFINITY],
  ["x^(k-1)*exp(-x)", 0, INFINITY, { maximumEvaluations: 20_000 }],
  ["log(x)*k", 0, 1],
  ["1/sqrt(abs(1-x^2))*k", -1, 1],
  ["abs(x-k/10)", 0, 1],
  ["sin(k*x)/x", 0, INFINITY, { maximumEvaluations: 50_000 }],
  ["k/x", 0, 1],
  ["sqrt(x-k)", 0, 1],
  ["cos(30*k*x)", 0, 3, { relativeTolerance: 1e-6 }],
];

export function setsOf(count: number): { k: Float64Array } {
  return { k: Float64Array.from({ length: count }, (_, i) => 0.3 + (7 * i) / count) };
}

export function boundAt(bound: Bound, set: number): number {
  return typeof bound === "number" ? bound : bound[set]!;
}
