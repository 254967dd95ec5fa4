/**
 * The workload: ten integrands of one variable and one parameter, to 1e-10, each written in the language of each contender, with its closed form.
 *
 * The parameter of integral number i is `base (1 + (i mod 1000) / 2000)`: no two neighbours are the same integral, and the mean over any number of them is known.
 */

import type { Comparison } from "../tools/comparison.js";

export interface Problem {
  readonly name: string;
  /** As Heddle reads it, and as the tables show it. */
  readonly heddle: string;
  readonly c: string;
  /** With the functions of `math` in scope. */
  readonly python: string;
  readonly range: readonly [number, number];
  /** The first value of the parameter. */
  readonly base: number;
  /** The integral, from a closed form. */
  readonly exact: (p: number) => number;
}

/** What the contenders are asked for, relatively; those who know an absolute tolerance get the same for that, as these figures are usually taken. */
export const ASKED = 1e-10;

/**
 * Largest |mean - exact| / |exact| of a right answer. It is not the tolerance that was asked for, because GSL and SciPy exceed that on `kink` by a factor of a hundred:
 * they take the corner for a singularity, and extrapolate.
 */
export const TOLERANCE = 3e-8;

/** Values of the parameter, before they come again. */
export const CYCLE = 1000;

export const PROBLEMS: readonly Problem[] = [
  row("exp", "exp(p*x)", "exp(p * x)", "exp(p * x)", [0, 1], 1, (p) => Math.expm1(p) / p),
  row("sqrt", "sqrt(p*x)", "sqrt(p * x)", "sqrt(p * x)", [0, 1], 1, (p) => (2 / 3) * Math.sqrt(p)),
  row("quart", "1/(1+p*x^4)", "1 / (1 + p * (x * x) * (x * x))", "1 / (1 + p * (x * x) * (x * x))", [-1, 1], 1, quart),
  // Five whole periods.
  row(
    "osc",
    "2/(p+sin(10*pi*x))",
    "2 / (p + sin(10 * M_PI * x))",
    "2 / (p + sin(10 * pi * x))",
    [0, 1],
    2,
    (p) => 2 / Math.sqrt(p * p - 1),
  ),
  row("log", "log(p*x)", "log(p * x)", "log(p * x)", [0, 1], 1, (p) => Math.log(p) - 1),
  row("invsqrt", "1/sqrt(p*x)", "1 / sqrt(p * x)", "1 / sqrt(p * x)", [0, 1], 1, (p) => 2 / Math.sqrt(p)),
  row("runge", "1/(1+p*x^2)", "1 / (1 + p * x * x)", "1 / (1 + p * x * x)", [-1, 1], 25, (p) => {
    const root = Math.sqrt(p);
    return (2 * Math.atan(root)) / root;
  }),
  // erf(10) differs from 1 by 2e-45.
  row("gauss", "exp(-p*x^2)", "exp(-p * x * x)", "exp(-p * x * x)", [0, 10], 1, (p) => Math.sqrt(Math.PI / p) / 2),
  row(
    "peak",
    "1/(p+(x-0.3)^2)",
    "1 / (p + (x - 0.3) * (x - 0.3))",
    "1 / (p + (x - 0.3) * (x - 0.3))",
    [0, 1],
    1e-4,
    (p) => (Math.atan(0.7 / Math.sqrt(p)) + Math.atan(0.3 / Math.sqrt(p))) / Math.sqrt(p),
  ),
  row("kink", "abs(x-p)", "fabs(x - p)", "fabs(x - p)", [0, 1], 1 / 3, (p) => (p * p + (1 - p) * (1 - p)) / 2),
];

function row(
  name: string,
  heddle: string,
  c: string,
  python: string,
  range: readonly [number, number],
  base: number,
  exact: (p: number) => number,
): Problem {
  return { name, heddle, c, python, range, base, exact };
}

/** From -1 to 1: with u = p^(1/4) x, the integral of 1/(1 + u^4), twice that from 0. */
function quart(p: number): number {
  const u = p ** 0.25;
  const s = Math.SQRT2 * u;
  const logarithm = Math.log((u * u + s + 1) / (u * u - s + 1));
  return (2 * (logarithm + 2 * Math.atan(s + 1) + 2 * Math.atan(s - 1))) / (4 * Math.SQRT2 * u);
}

/** The problem of that name. @throws when there is none */
export function problemNamed(name: string): Problem {
  const problem = PROBLEMS.find((candidate) => candidate.name === name);
  if (problem === undefined) {
    throw new Error(`heddle: expected one of ${PROBLEMS.map((known) => known.name).join(", ")}, got "${name}"`);
  }
  return problem;
}

/** The parameter of integral number `index`. */
export function parameterOf({ base }: Problem, index: number): number {
  return base * (1 + (index % CYCLE) / (2 * CYCLE));
}

/** The mean of the first `integrals`, from closed forms. */
export function exactMean(problem: Problem, integrals: number): number {
  let [whole, part] = [0, 0];
  for (let index = 0; index < Math.min(CYCLE, integrals); index++) {
    const value = problem.exact(parameterOf(problem, index));
    whole += value;
    if (index < integrals % CYCLE) part += value;
  }
  return (Math.floor(integrals / CYCLE) * whole + part) / integrals;
}

export const COMPARISON: Comparison = {
  unit: "microseconds",
  perSecond: 1e6,
  exact: (name, integrals) => exactMean(problemNamed(name), integrals),
  tolerance: TOLERANCE,
  pairs: [
    ["sweep-fast", "gsl"],
    ["sweep", "scipy-c"],
    ["single-fast", "scipy-c"],
    ["single", "scipy-c"],
    ["single", "scipy"],
  ],
};
