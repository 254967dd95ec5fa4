/**
 * The families with which QUADPACK was measured.
 *
 * Source: R. Piessens, E. de Doncker-Kapenga, C. W. Überhuber, D. K. Kahaner, "QUADPACK: a subroutine package for automatic integration", 1983,
 *         section 4: families 1 to 13, each at a few of its parameters (the easiest, one between, the hardest).
 */
import { type Entry, family } from "./item.js";

const SOURCE = "Piessens, de Doncker-Kapenga, Überhuber, Kahaner, QUADPACK, 1983, section 4, family";

export const QUADPACK: readonly Entry[] = [
  ...family<Entry>(
    {
      name: "quadpack-1",
      source: `${SOURCE} 1`,
      kind: "end singularity",
      text: "x^alpha*log(1/x)",
      range: [0, 1],
      exact: "(1+alpha)^-2",
    },
    "alpha",
    [-0.9, -0.5, 0.6, 2.6],
  ),
  ...family<Entry>(
    {
      name: "quadpack-2",
      source: `${SOURCE} 2`,
      kind: "peak",
      text: "4^(-alpha)/((x-c)^2+16^(-alpha))",
      range: [0, 1],
      parameters: { c: Math.PI / 4 },
      exact: "atan((1-c)*4^alpha) + atan(c*4^alpha)",
    },
    "alpha",
    [2, 6, 10, 15],
  ),
  ...family<Entry>(
    {
      name: "quadpack-3",
      source: `${SOURCE} 3`,
      kind: "oscillation",
      text: "cos(2^alpha*sin(x))",
      range: [0, Math.PI],
      exact: "pi*besselj(0, 2^alpha) - (pi-b)",
    },
    "alpha",
    [2, 6, 10],
  ),
  ...family<Entry>(
    {
      name: "quadpack-4",
      source: `${SOURCE} 4`,
      kind: "inner singularity",
      text: "abs(x-c)^alpha",
      range: [0, 1],
      parameters: { c: 1 / 3 },
      breakPoints: [1 / 3],
      exact: "((1-c)^(alpha+1) + c^(alpha+1))/(alpha+1)",
    },
    "alpha",
    [-0.8, -0.5, 0.5, 2.1],
  ),
  ...family<Entry>(
    {
      name: "quadpack-5",
      source: `${SOURCE} 5`,
      kind: "inner singularity",
      text: "abs(x-c)^alpha",
      range: [0, 1],
      parameters: { c: Math.PI / 4 },
      breakPoints: [Math.PI / 4],
      exact: "((1-c)^(alpha+1) + c^(alpha+1))/(alpha+1)",
    },
    "alpha",
    [-0.8, -0.3, 1.3],
  ),
  ...family<Entry>(
    {
      name: "quadpack-6",
      source: `${SOURCE} 6`,
      kind: "end singularity",
      text: "1/(sqrt(1-x^2)*(x+1+2^(-alpha)))",
      range: [-1, 1],
      exact: "pi/sqrt((1+2^-alpha)^2-1)",
    },
    "alpha",
    [1, 8, 20],
  ),
  ...family<Entry>(
    {
      name: "quadpack-7",
      source: `${SOURCE} 7`,
      kind: "end singularity",
      text: "sin(x)^(alpha-1)",
      range: [0, Math.PI / 2],
      exact: "2^(alpha-2)*gamma(alpha/2)^2/gamma(alpha) - (pi/2-b)",
    },
    "alpha",
    [0.1, 0.5, 1.3],
  ),
  ...family<Entry>(
    {
      name: "quadpack-8",
      source: `${SOURCE} 8`,
      kind: "end singularity",
      text: "log(1/x)^(alpha-1)",
      range: [0, 1],
      exact: "gamma(alpha)",
    },
    "alpha",
    [0.1, 0.5, 1.8],
  ),
  ...family<Entry>(
    {
      name: "quadpack-9",
      source: `${SOURCE} 9`,
      kind: "oscillation",
      text: "exp(20*(x-1))*sin(2^alpha*x)",
      range: [0, 1],
      exact: "(20*sin(2^alpha) - 2^alpha*cos(2^alpha) + 2^alpha*exp(-20))/(400+4^alpha)",
    },
    "alpha",
    [4, 9],
  ),
  ...family<Entry>(
    {
      name: "quadpack-10",
      source: `${SOURCE} 10`,
      kind: "end singularity",
      text: "cos(2^alpha*x)/sqrt(x*(1-x))",
      range: [0, 1],
      exact: "pi*cos(2^(alpha-1))*besselj(0, 2^(alpha-1))",
    },
    "alpha",
    [0, 4, 8],
  ),
  ...family<Entry>(
    {
      name: "quadpack-11",
      source: `${SOURCE} 11`,
      kind: "infinite range",
      text: "exp(-2^(-alpha)*x)*cos(x)/sqrt(x)",
      range: [0, Number.POSITIVE_INFINITY],
      exact: "sqrt(pi)*(1+4^-alpha)^(-1/4)*cos(atan(2^alpha)/2)",
    },
    "alpha",
    [0, 3, 6],
  ),
  ...family<Entry>(
    {
      name: "quadpack-12",
      source: `${SOURCE} 12`,
      kind: "infinite range",
      text: "x^2*exp(-2^(-alpha)*x)",
      range: [0, Number.POSITIVE_INFINITY],
      exact: "2^(3*alpha+1)",
    },
    "alpha",
    [0, 3, 5],
  ),
  ...family<Entry>(
    {
      name: "quadpack-13",
      source: `${SOURCE} 13`,
      kind: "infinite range",
      text: "x^(alpha-1)/(1+10*x)^2",
      range: [0, Number.POSITIVE_INFINITY],
      exact: "10^-alpha*(1-alpha)*pi/sin(pi*alpha)",
    },
    "alpha",
    [0.1, 0.7, 1.9],
  ),
];
