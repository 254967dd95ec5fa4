/**
 * Where integrators claim what is wrong, or give up: jumps and singular points at places that are no doubles, which an error estimate overlooks when they stand between
 * the last node and the end; sums that converge like those of 1/k²; waves that are not those of sin(x)/x; a scale that is not that of the range.
 *
 * Source: by entry. A&S: M. Abramowitz, I. A. Stegun, Handbook of Mathematical Functions, 1964. DLMF: dlmf.nist.gov.
 */
import type { Entry } from "./item.js";

const INFINITY = Number.POSITIVE_INFINITY;

export const LIARS: readonly Entry[] = [
  {
    name: "step-square",
    source: "Graham, Knuth, Patashnik, Concrete Mathematics, 1994, chapter 3: sums of floors of roots",
    kind: "jump",
    text: "floor(x^2)",
    range: [0, 4],
    breakPoints: Array.from({ length: 15 }, (_, k) => Math.sqrt(k + 1)),
    exact: `60-${Array.from({ length: 15 }, (_, k) => `sqrt(${k + 1})`).join("-")}`,
  },
  {
    name: "inverse-root-irrational",
    source:
      "Lyness, Kaganove, Comments on the nature of automatic quadrature routines, TOMS 2, 1976: a singular point, at no double",
    kind: "inner singularity",
    text: "1/sqrt(abs(x^2-0.5))",
    range: [0, 1],
    breakPoints: [Math.SQRT1_2],
    exact: "pi/2+log(1+sqrt(2))",
  },
  {
    name: "logarithm-irrational",
    source: "the same, with the singularity of GSL's f454",
    kind: "inner singularity",
    text: "log(abs(x^2-2))",
    range: [0, 2],
    breakPoints: [Math.SQRT2],
    exact: "2*log(2)-4+sqrt(2)*log((2+sqrt(2))/(2-sqrt(2)))",
  },
  {
    name: "bertrand-tail",
    source: "Bertrand, Journal de mathématiques pures et appliquées 7, 1842: the scale of logarithms",
    kind: "infinite range",
    text: "1/(x*log(x)^2)",
    range: [2, INFINITY],
    exact: "1/log(2)",
  },
  {
    name: "bertrand-end",
    source: "the same, towards 0",
    kind: "end singularity",
    text: "1/(x*log(x)^4)",
    range: [0, 0.5],
    exact: "1/(3*log(2)^3)",
  },
  {
    name: "decay-in-seconds",
    source: "Users of SciPy: 0 instead of a mean life, in units in which it is small",
    kind: "infinite range",
    text: "exp(-1e12*x)",
    range: [0, INFINITY],
    exact: "1/1e12",
  },
  {
    name: "cosine-cube",
    source: "DLMF 5.9.6 with z = 1/3, after t = x^3",
    kind: "oscillating tail",
    text: "cos(x^3)",
    range: [0, INFINITY],
    exact: "gamma(4/3)*cos(pi/6)",
  },
  {
    name: "airy-1",
    source: "A&S 10.4.32 with x = 1",
    kind: "oscillating tail",
    text: "cos(x^3/3+x)",
    range: [0, INFINITY],
    exact: "pi*airyai(1)",
  },
  {
    name: "reciprocal-at-1",
    source: "A&S 5.2.2 after 1 - x = 1/t",
    kind: "oscillating tail",
    text: "sin(1/(1-x))",
    range: [0, 1],
    exact: "sin(1)-ci(1)",
  },
];
