/**
 * Of what the manuals of integrators warn: something narrow in a wide range, which is not seen unless one looks for it; and their other examples.
 *
 * Source: SciPy's documentation of `quad`; R's of `integrate`; users' reports to SciPy of Gaussians far from 0.
 */
import type { Entry } from "./item.js";

const INFINITY = Number.POSITIVE_INFINITY;

export const WARNINGS: readonly Entry[] = [
  {
    name: "scipy-step",
    source: "SciPy, scipy.integrate.quad: a pulse in a wide range is overlooked",
    kind: "jump",
    text: "x <= 0 ? 1 : 0",
    range: [-1, 10000],
    breakPoints: [0],
    exact: "1",
  },
  {
    name: "scipy-tutorial",
    source: "SciPy, scipy.integrate.quad, example: x^2",
    kind: "smooth",
    text: "x^2",
    range: [0, 4],
    exact: "64/3",
  },
  {
    name: "r-normal-20000",
    source: "R, ?integrate: `integrate(dnorm, 0, 20000) ## fails on many systems`",
    kind: "peak",
    text: "exp(-x^2/2)/sqrt(2*pi)",
    range: [0, 20000],
    exact: "sqrt(pi/PI)/2",
  },
  {
    name: "r-square-root",
    source: "R, ?integrate",
    kind: "infinite range",
    text: "1/((x+1)*sqrt(x))",
    range: [0, INFINITY],
    exact: "pi",
  },
  {
    name: "far-gaussian",
    source: "Users of SciPy: 0 instead of sqrt(pi)",
    kind: "infinite range",
    text: "exp(-(x-20)^2)",
    range: [0, INFINITY],
    exact: "sqrt(pi)/2*erfc(-20)",
  },
  {
    name: "far-normal",
    source: "Users of SciPy: a normal distribution with its mean at 800",
    kind: "infinite range",
    text: "exp(-(x-800)^2/2)/sqrt(2*pi)",
    range: [-INFINITY, INFINITY],
    exact: "sqrt(pi/PI)",
  },
  {
    name: "wide-normal",
    source: "R, ?integrate, in the other direction: a standard deviation of 20000",
    kind: "infinite range",
    text: "exp(-(x/s)^2/2)",
    range: [-INFINITY, INFINITY],
    parameters: { s: 20000 },
    exact: "s*sqrt(2*pi)",
  },
];
