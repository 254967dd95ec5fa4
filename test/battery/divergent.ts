/**
 * Integrals that are infinite, or have no value: an integrator may say anything about them but "converged". A principal value is an answer only to
 * those who ask for it.
 *
 * Source: each is an exercise of every analysis course; where it comes from a test set or manual, that is named.
 */
import type { Divergent } from "./item.js";

type Row = readonly [name: string, text: string, a: number, b: number, why: string, source?: string];

const INFINITY = Number.POSITIVE_INFINITY;

const ROWS: readonly Row[] = [
  ["reciprocal", "1/x", 0, 1, "grows as log(1/x) towards 0"],
  ["reciprocal-tail", "1/x", 1, INFINITY, "grows as log(x)"],
  [
    "power-1.5",
    "x^-1.5",
    0,
    1,
    "grows as x^-0.5 towards 0",
    "Davis, Rabinowitz, Methods of numerical integration, 1984, section 2.12",
  ],
  ["root-tail", "1/sqrt(x)", 1, INFINITY, "grows as sqrt(x)"],
  ["tangent", "tan(x)", 0, 3, "a pole at pi/2, of which only a principal value can be taken"],
  [
    "pole",
    "1/(x-0.3)",
    0,
    1,
    "a pole at 0.3, of which only a principal value can be taken",
    "SciPy answers 0.847 with a warning",
  ],
  ["pole-at-0", "1/x", -1, 1, "a pole in the middle: an odd function, whose samples cancel"],
  ["double-pole", "1/x^2", -1, 1, "a double pole in the middle: the antiderivative's difference is -2"],
  ["pole-pair", "1/(1-x^2)", 0, 2, "a pole at 1"],
  ["reciprocal-logarithm", "1/log(x)", 0, 2, "a pole at 1: li(2) is its principal value", "A&S 5.1.3"],
  ["cauchy-weight", "1/(x*(5*x^3+6))", -1, 5, "a pole at 0", "GSL, integration/tests.c, f459 (qawc) with its weight"],
  ["cosecant", "1/sin(x)", 0, 1, "grows as log(1/x) towards 0"],
  [
    "reciprocal-at-1",
    "1/(1-x)",
    0,
    1,
    "grows as log(1/(1-x)) towards 1, whose distance doubles cannot tell below 1e-16",
  ],
  ["sine", "sin(x)", 0, INFINITY, "swings between 0 and 2; Abel's sum is 1"],
  ["x-cosine", "x*cos(x)", 0, INFINITY, "swings ever wider; Abel's sum is -1"],
  ["exponential", "exp(x)", 0, INFINITY, "grows without bound"],
  ["constant", "1", -INFINITY, INFINITY, "grows without bound"],
  ["sine-square-tail", "sin(x)^2/x", 1, INFINITY, "grows as log(x)/2"],
];

export const DIVERGENT: readonly Divergent[] = ROWS.map(([name, text, a, b, why, source]) => ({
  name: `divergent-${name}`,
  source: source ?? "analysis courses",
  text,
  range: [a, b],
  why,
}));
