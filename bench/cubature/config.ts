/**
 * The workload: five of Genz's families over the unit cube in 3 to 6 dimensions, to 1e-6, with parameters that are neither easy nor extreme.
 *
 * Source: A. Genz, "Testing multidimensional integration routines", in Tools, Methods and Languages for Scientific and Engineering Computation (1984).
 */
import type { Comparison } from "../tools/comparison.js";

export interface Problem {
  readonly name: string;
  readonly family: string;
  readonly dimensions: number;
  /** As Heddle reads it, in x1, x2 … */
  readonly heddle: string;
  readonly exact: number;
}

export const ASKED = 1e-6;

/** Largest relative error of a right answer: those who stop at their limit of evaluations are further off than what was asked for. */
export const TOLERANCE = 1e-4;

/** Evaluations that are allowed: that of hcubature in the reference figures. */
export const MAXIMUM = 20_000_000;

export const FAMILIES = ["oscillatory", "product", "corner", "gauss", "kinks"] as const;
export const DIMENSIONS = [3, 4, 5, 6] as const;

export const PROBLEMS: readonly Problem[] = DIMENSIONS.flatMap((dimensions) =>
  FAMILIES.map((family) => ({
    name: `${family}-${dimensions}`,
    family,
    dimensions,
    heddle: heddleOf(family, dimensions),
    exact: exactOf(family, dimensions),
  })),
);

/** Of the oscillatory family, (k + 1) 3 / d; of the corner's, (1 + k / 5) 2 / d. */
export function coefficient(family: string, k: number, dimensions: number): number {
  return family === "oscillatory" ? ((k + 1) * 3) / dimensions : ((1 + k / 5) * 2) / dimensions;
}

function heddleOf(family: (typeof FAMILIES)[number], dimensions: number): string {
  const of = (term: (x: string, k: number) => string, joint: string): string =>
    Array.from({ length: dimensions }, (_, k) => term(`x${k + 1}`, k)).join(joint);
  switch (family) {
    case "oscillatory":
      return `cos(1+${of((x, k) => `${coefficient(family, k, dimensions)}*${x}`, "+")})`;
    case "product":
      return `1/(${of((x) => `(0.25+(${x}-0.5)^2)`, "*")})`;
    case "corner":
      return `(1+${of((x, k) => `${coefficient(family, k, dimensions)}*${x}`, "+")})^-${dimensions + 1}`;
    case "gauss":
      return `exp(-4*(${of((x) => `(${x}-0.5)^2`, "+")}))`;
    case "kinks":
      return `exp(-2*(${of((x) => `abs(${x}-0.5)`, "+")}))`;
  }
}

function exactOf(family: (typeof FAMILIES)[number], dimensions: number): number {
  switch (family) {
    case "oscillatory": {
      // The real part of e^i times the product of (e^(i c) - 1) / (i c) = sinc(c / 2) e^(i c / 2).
      let [size, angle] = [1, 1];
      for (let k = 0; k < dimensions; k++) {
        const half = coefficient(family, k, dimensions) / 2;
        size *= Math.sin(half) / half;
        angle += half;
      }
      return size * Math.cos(angle);
    }
    case "product":
      // Twice the arc tangent of 1, and that twice, in each dimension.
      return Math.PI ** dimensions;
    case "corner":
      return corner(Array.from({ length: dimensions }, (_, k) => coefficient(family, k, dimensions)));
    case "gauss":
      // The integral of exp(-4 (x - 1/2)²) is √π erf(1) / 2.
      return 0.7468241328124271 ** dimensions;
    case "kinks":
      return (1 - Math.exp(-1)) ** dimensions;
  }
}

/** Alternating sums over the corners of 1 / (1 + sum of c), over d! and the product of the c. */
function corner(c: readonly number[]): number {
  let sum = 0;
  for (let mask = 0; mask < 1 << c.length; mask++) {
    let [sign, below] = [1, 1];
    c.forEach((each, k) => {
      if (((mask >> k) & 1) === 0) return;
      sign = -sign;
      below += each;
    });
    sum += sign / below;
  }
  return c.reduce((rest, each, k) => rest / ((k + 1) * each), sum);
}

/** The problem of that name. @throws when there is none */
export function problemNamed(name: string): Problem {
  const problem = PROBLEMS.find((candidate) => candidate.name === name);
  if (problem === undefined) {
    throw new Error(`heddle: expected one of ${PROBLEMS.map((known) => known.name).join(", ")}, got "${name}"`);
  }
  return problem;
}

export const COMPARISON: Comparison = {
  unit: "milliseconds",
  perSecond: 1e3,
  exact: (name) => problemNamed(name).exact,
  tolerance: TOLERANCE,
  pairs: [
    ["heddle", "hcubature"],
    ["heddle", "nquad"],
  ],
};
