/**
 * Test integrals over boxes of several dimensions, beside Genz's.
 *
 * Source: S. G. Johnson, cubature, test.c, 2005: with the origins that it names (T. Tsuda 1973; W. J. Morokoff, R. E. Caflisch 1995; the two bells are
 *         G. P. Lepage's, J. Comp. Phys. 27, 1978).
 *         P. Bratley, B. L. Fox, H. Niederreiter, "Implementation and tests of low-discrepancy sequences", ACM TOMACS 2, 1992.
 *         P. C. Roos, L. B. Arnold, "Numerische Experimente zur mehrdimensionalen Quadratur", 1963; I. M. Sobol' made it less hard, 1993 and later.
 *         T. Hahn, "Cuba - a library for multidimensional numerical integration", 2005: demo, three dimensions.
 */
import type { BoxEntry } from "./item.js";

type Ranges = BoxEntry["ranges"];

/** x1 to xd, each from a to b. */
const cube = (dimension: number, a = 0, b = 1): Ranges =>
  Object.fromEntries(each(dimension, (x) => [x, [a, b] as const]));

function each<T>(dimension: number, make: (x: string, i: number) => T): T[] {
  return Array.from({ length: dimension }, (_, index) => make(`x${index + 1}`, index + 1));
}

const halves = (dimension: number): Record<string, readonly number[]> =>
  Object.fromEntries(each(dimension, (x) => [x, [0.5]]));

/** The unit ball as an indicator, over the cube around it. */
const ball = (dimension: number, exact: string): BoxEntry => ({
  name: `ball d=${dimension}`,
  source: "Johnson, cubature, 2005, test 2; Hahn, Cuba, 2005, demo 11: the volume of a ball",
  kind: "jump",
  text: `${each(dimension, (x) => `${x}^2`).join(" + ")} < 1 ? 1 : 0`,
  ranges: cube(dimension, -1, 1),
  exact,
});

const sobol = (dimension: number): BoxEntry => ({
  name: `sobol-g d=${dimension}`,
  source: "Roos, Arnold, 1963, after Sobol': |4 x - 2| with weights 1/(1+i)",
  kind: "kink",
  text: each(dimension, (x, i) => `(abs(4*${x}-2)+${i})/${i + 1}`).join("*"),
  ranges: cube(dimension),
  breakPoints: halves(dimension),
  exact: "1",
});

const HAHN = "Hahn, Cuba, 2005, demo";
const UNIT: Ranges = { x: [0, 1], y: [0, 1], z: [0, 1] };

export const CUBES: readonly BoxEntry[] = [
  ball(2, "pi"),
  ball(3, "4*pi/3"),
  ball(5, "8*pi^2/15"),
  {
    name: "cosines d=3",
    source: "Johnson, cubature, 2005, test 0",
    kind: "smooth",
    text: each(3, (x) => `cos(${x})`).join("*"),
    ranges: cube(3),
    exact: "sin(1)^3",
  },
  {
    name: "tsuda d=4",
    source: "Tsuda, 1973; Johnson, cubature, 2005, test 6",
    kind: "peak",
    text: each(4, (x) => `c/(c+1)*((c+1)/(c+${x}))^2`).join("*"),
    parameters: { c: (1 + Math.sqrt(10)) / 9 },
    ranges: cube(4),
    exact: "1",
  },
  {
    name: "morokoff-caflisch d=5",
    source: "Morokoff, Caflisch, Quasi-Monte Carlo integration, 1995; Johnson, cubature, 2005, test 7",
    kind: "end singularity",
    text: `1.2^5*(${each(5, (x) => x).join("*")})^0.2`,
    ranges: cube(5),
    exact: "(1.2/(1+0.2))^5",
  },
  {
    name: "two-bells d=4",
    source: "Lepage, A new algorithm for adaptive multidimensional integration, 1978; Johnson, cubature, 2005, test 5",
    kind: "peak",
    text: ["1/3", "2/3"].map((place) => `exp(-(${each(4, (x) => `(${x}-${place})^2`).join(" + ")})/s^2)`).join(" + "),
    parameters: { s: 0.1 },
    ranges: cube(4),
    exact: "2*(sqrt(pi)*s/2*(erf(1/3/s)+erf(2/3/s)))^4",
  },
  {
    name: "bratley-fox-niederreiter d=6",
    source: "Bratley, Fox, Niederreiter, 1992: the product of i cos(i x_i)",
    kind: "oscillation",
    text: each(6, (x, i) => `${i}*cos(${i}*${x})`).join("*"),
    ranges: cube(6),
    exact: "sin(1)*sin(2)*sin(3)*sin(4)*sin(5)*sin(6)",
  },
  {
    name: "bratley-fox-niederreiter-sum d=5",
    source: "Bratley, Fox, Niederreiter, 1992: the alternating sum of x1, x1 x2, x1 x2 x3 ...",
    kind: "smooth",
    text: each(5, (_, i) => `${i % 2 === 0 ? "+" : "-"}${each(i, (x) => x).join("*")}`).join(" "),
    ranges: cube(5),
    exact: "-(1+2^-5)/3",
  },
  {
    name: "roos-arnold d=6",
    source: "Roos, Arnold, Numerische Experimente zur mehrdimensionalen Quadratur, 1963",
    kind: "kink",
    text: each(6, (x) => `abs(4*${x}-2)`).join("*"),
    ranges: cube(6),
    breakPoints: halves(6),
    exact: "1",
  },
  sobol(4),
  sobol(8),
  sobol(12),
  {
    name: "hahn-2",
    source: `${HAHN} 2`,
    kind: "peak",
    text: "1/((x+y)^2+0.003)*cos(y)*exp(z)",
    ranges: UNIT,
  },
  { name: "hahn-3", source: `${HAHN} 3`, kind: "smooth", text: "1/(3.75-cos(pi*x)-cos(pi*y)-cos(pi*z))", ranges: UNIT },
  {
    name: "hahn-5",
    source: `${HAHN} 5`,
    kind: "smooth",
    text: "exp(-x^2-y^2-z^2)",
    ranges: UNIT,
    exact: "(sqrt(pi)/2*erf(1))^3",
  },
  {
    name: "hahn-6",
    source: `${HAHN} 6`,
    kind: "end singularity",
    text: "1/(1+1e-10-x*y*z)",
    ranges: UNIT,
    exact: "polylog(3, 1/(1+1e-10))",
  },
  {
    name: "hahn-7",
    source: `${HAHN} 7`,
    kind: "kink",
    text: "sqrt(abs(x-y-z))",
    ranges: UNIT,
    // x - y - z is a sum of three uniform numbers, less 2: their density is made of parabolas.
    exact:
      "quad(lambda t: sqrt(2-t)*t^2/2, [0, 1]) + quad(lambda t: sqrt(2-t)*(6*t-2*t^2-3)/2, [1, 2]) + quad(lambda t: sqrt(t-2)*(3-t)^2/2, [2, 3])",
  },
  {
    name: "hahn-8",
    source: `${HAHN} 8`,
    kind: "smooth",
    text: "exp(-x*y*z)",
    ranges: UNIT,
    exact: "nsum(lambda k: (-1)^k/(factorial(k)*(k+1)^3), [0, inf])",
  },
  {
    name: "hahn-9",
    source: `${HAHN} 9`,
    kind: "smooth",
    text: "x^2/(cos(x+y+z+1)+5)",
    ranges: UNIT,
  },
];
