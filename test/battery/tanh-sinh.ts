/**
 * The set on which double exponential quadrature was compared with Gauss and erf quadrature: analytic inside, singular at ends. And older
 * integrals of its inventors.
 *
 * Source: D. H. Bailey, K. Jeyabalan, X. S. Li, "A comparison of three high-precision quadrature schemes", Experimental Mathematics 14, 2005: 1 to 14.
 *         H. Takahasi, M. Mori, "Double exponential formulas for numerical integration", Publ. RIMS 9, 1974.
 *         M. Mori, "Quadrature formulas obtained by variable transformation and the DE-rule", J. CAM 12&13, 1985.
 */
import type { Entry, Kind } from "./item.js";

type Row = readonly [kind: Kind, text: string, a: number, b: number, exact: string, uncertainty?: number];

const INFINITY = Number.POSITIVE_INFINITY;

const BAILEY: readonly Row[] = [
  ["smooth", "x*log(1+x)", 0, 1, "1/4"],
  ["smooth", "x^2*atan(x)", 0, 1, "(pi-2+2*log(2))/12"],
  ["smooth", "exp(x)*cos(x)", 0, Math.PI / 2, "(exp(b)*(cos(b)+sin(b))-1)/2"],
  ["smooth", "atan(sqrt(2+x^2))/((1+x^2)*sqrt(2+x^2))", 0, 1, "5*pi^2/96"],
  ["end singularity", "sqrt(x)*log(x)", 0, 1, "-4/9"],
  ["end singularity", "sqrt(1-x^2)", 0, 1, "pi/4"],
  ["end singularity", "sqrt(x)/sqrt(1-x^2)", 0, 1, "2*sqrt(pi)*gamma(3/4)/gamma(1/4)"],
  ["end singularity", "log(x)^2", 0, 1, "2"],
  // The double next to pi/2 lies 6e-17 below it. What is missing is little here, and 7e-9 of the value in the next.
  ["end singularity", "log(cos(x))", 0, Math.PI / 2, "-pi*log(2)/2 - (pi/2-b)*(log(pi/2-b)-1)", 2.4e-15],
  ["end singularity", "sqrt(tan(x))", 0, Math.PI / 2, "pi/sqrt(2) - 2*sqrt(pi/2-b)", 1.6e-8],
  ["infinite range", "1/(1+x^2)", 0, INFINITY, "pi/2"],
  ["infinite range", "exp(-x)/sqrt(x)", 0, INFINITY, "sqrt(pi)"],
  ["infinite range", "exp(-x^2/2)", 0, INFINITY, "sqrt(pi/2)"],
  ["infinite range", "exp(-x)*cos(x)", 0, INFINITY, "1/2"],
];

export const TANH_SINH: readonly Entry[] = [
  ...BAILEY.map(
    ([kind, text, a, b, exact, uncertainty], index): Entry => ({
      name: `bailey-${index + 1}`,
      source: `Bailey, Jeyabalan, Li, A comparison of three high-precision quadrature schemes, 2005, problem ${index + 1}`,
      kind,
      text,
      range: [a, b],
      exact,
      ...(uncertainty === undefined ? {} : { uncertainty }),
    }),
  ),
  {
    name: "takahasi-mori",
    source: "Takahasi, Mori, Double exponential formulas for numerical integration, 1974",
    kind: "end singularity",
    text: "1/((x-2)*(1-x)^0.25*(1+x)^0.75)",
    range: [-1, 1],
    exact: "-sqrt(2)*pi*3^(-3/4)",
  },
  {
    name: "mori-cosine",
    source: "Mori, Quadrature formulas obtained by variable transformation and the DE-rule, 1985",
    kind: "end singularity",
    text: "cos(pi*x)/sqrt(1-x)",
    range: [-1, 1],
    exact: "sqrt(2*pi/PI)*(cos(PI)*fresnelc(2*sqrt(PI/pi)) + sin(PI)*fresnels(2*sqrt(PI/pi)))",
  },
  {
    name: "mori-logarithm",
    source: "Mori, Quadrature formulas obtained by variable transformation and the DE-rule, 1985",
    kind: "end singularity",
    text: "x^-0.25*log(1/x)",
    range: [0, 1],
    exact: "16/9",
  },
];
