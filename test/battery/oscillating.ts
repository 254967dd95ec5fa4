/**
 * Oscillation without end: integrals over half lines whose integrands decay slowly or not at all, and one that oscillates ever faster towards 0.
 *
 * Source: I. M. Longman, "Note on a method for computing infinite integrals of oscillatory functions", Proc. Cambridge Phil. Soc. 52, 1956.
 *         T. Ooura, M. Mori, "A robust double exponential formula for Fourier-type integrals", J. CAM 112, 1999.
 *         M. Abramowitz, I. A. Stegun, Handbook of Mathematical Functions, 1964 (A&S), by formula.
 */
import type { Entry } from "./item.js";

const OOURA_MORI = "Ooura, Mori, A robust double exponential formula for Fourier-type integrals, 1999";

const HALF_LINE = { kind: "oscillating tail", range: [0, Number.POSITIVE_INFINITY] } as const;

export const OSCILLATING: readonly Entry[] = [
  {
    name: "dirichlet",
    source: `${OOURA_MORI}; A&S 5.2.25`,
    text: "sin(x)/x",
    exact: "pi/2",
    ...HALF_LINE,
  },
  {
    name: "longman-sine",
    source: "Longman, Proc. Cambridge Phil. Soc. 52, 1956",
    text: "x*sin(x)/(1+x^2)",
    exact: "pi*exp(-1)/2",
    ...HALF_LINE,
  },
  {
    name: "laplace-cosine",
    source: `${OOURA_MORI}; A&S section 4.3`,
    text: "cos(x)/(1+x^2)",
    exact: "pi*exp(-1)/2",
    ...HALF_LINE,
  },
  {
    name: "ooura-mori-logarithm",
    source: OOURA_MORI,
    text: "log(x)*sin(x)/x",
    exact: "-pi*euler/2",
    ...HALF_LINE,
  },
  {
    name: "fresnel",
    source: "A&S 7.3.20: the limit of C",
    text: "cos(x^2)",
    exact: "sqrt(pi/8)",
    ...HALF_LINE,
  },
  {
    name: "fejer",
    source: "A&S section 4.3",
    text: "(sin(x)/x)^2",
    exact: "pi/2",
    ...HALF_LINE,
  },
  {
    name: "mehler-sonine",
    source:
      "A&S 9.1.24: J0(1) after Mehler and Sonine, 2/pi times the integral of sin(x t)/sqrt(t^2-1) over t from 1 on",
    kind: "oscillating tail",
    text: "sin(x)/sqrt(x^2-1)",
    range: [1, Number.POSITIVE_INFINITY],
    exact: "pi*besselj(0, 1)/2",
  },
  {
    name: "bessel-0",
    source: "A&S 11.4.17 with order 0",
    text: "j0(x)",
    exact: "1",
    ...HALF_LINE,
  },
  {
    name: "bessel-1",
    source: "A&S 11.4.16 with order 1: it decays like x^-1.5",
    text: "j1(x)/x",
    exact: "1",
    ...HALF_LINE,
  },
  {
    name: "sine-of-reciprocal",
    source: "A&S 5.2.1 after x = 1/t",
    kind: "oscillating tail",
    text: "sin(1/x)/x",
    range: [0, 1],
    exact: "pi/2-si(1)",
  },
];
