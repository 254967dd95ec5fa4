/**
 * Integrals with which essays on numerical integration make their points: how fast rules converge, and what functions defeat them.
 *
 * Source: L. N. Trefethen, "Is Gauss quadrature better than Clenshaw-Curtis?", SIAM Review 50, 2008, figure 2.
 *         L. N. Trefethen, J. A. C. Weideman, "The exponentially convergent trapezoidal rule", SIAM Review 56, 2014 (the perimeter is Poisson's, 1827).
 *         F. Johansson, "Numerical integration in arbitrary-precision ball arithmetic", ICMS 2018.
 *         F. Bornemann, D. Laurie, S. Wagon, J. Waldvogel, "The SIAM 100-digit challenge", 2004, problem 1.
 *         W. Kahan, "Handheld calculator evaluates integrals", Hewlett-Packard Journal, August 1980.
 */
import type { Entry, Kind } from "./item.js";

type Row = readonly [
  kind: Kind,
  text: string,
  a: number,
  b: number,
  exact?: string | undefined,
  breakPoints?: readonly number[],
];

function named(prefix: string, source: string, rows: readonly Row[]): readonly Entry[] {
  return rows.map(([kind, text, a, b, exact, breakPoints], index) => ({
    name: `${prefix}-${index + 1}`,
    source,
    kind,
    text,
    range: [a, b],
    ...(exact === undefined ? {} : { exact }),
    ...(breakPoints === undefined ? {} : { breakPoints }),
  }));
}

export const ANALYTIC: readonly Entry[] = [
  ...named("trefethen", "Trefethen, Is Gauss quadrature better than Clenshaw-Curtis?, 2008, figure 2", [
    ["smooth", "x^20", -1, 1, "2/21"],
    ["smooth", "exp(x)", -1, 1, "2*sinh(1)"],
    ["smooth", "exp(-x^2)", -1, 1, "sqrt(pi)*erf(1)"],
    ["smooth", "1/(1+16*x^2)", -1, 1, "atan(4)/2"],
    ["smooth", "exp(-1/x^2)", -1, 1, "2*(exp(-1)-sqrt(pi)*erfc(1))"],
    ["kink", "abs(x)^3", -1, 1, "1/2", [0]],
  ]),
  ...named("trapezoidal", "Trefethen, Weideman, The exponentially convergent trapezoidal rule, 2014", [
    ["smooth", "exp(cos(x))", 0, 2 * Math.PI, "2*pi*besseli(0, 1)-exp(1)*(2*pi-b)"],
    ["smooth", "sqrt(1-0.36*sin(x)^2)/(2*pi)", 0, 2 * Math.PI, "(4*ellipe(0.36)-(2*pi-b))/(2*PI)"],
  ]),
  ...named("johansson", "Johansson, Numerical integration in arbitrary-precision ball arithmetic, 2018", [
    // Rump's: the frequency rises to 3000 at the end.
    ["oscillation", "sin(x+exp(x))", 0, 8],
    // Helfgott's: the polynomial changes its sign once.
    ["kink", "abs(x^4+10*x^3+19*x^2-6*x-6)*exp(x)", 0, 1, undefined, [0.6161648050691049]],
    ["smooth", "x*sin(x)/(1+cos(x)^2)", 0, Math.PI, "pi^2/4"],
    [
      "jump",
      "(x-floor(x)-1/2)*max(sin(x), cos(x))",
      0,
      10,
      undefined,
      [0.7853981633974483, 1, 2, 3, 3.9269908169872414, 4, 5, 6, 7, 7.0685834705770345, 8, 9],
    ],
  ]),
  {
    name: "hundred-digits-1",
    source: "Bornemann, Laurie, Wagon, Waldvogel, The SIAM 100-digit challenge, 2004, problem 1",
    kind: "oscillating tail",
    text: "cos(log(x)/x)/x",
    range: [0, 1],
  },
  {
    name: "kahan-handheld",
    source: "Kahan, Handheld calculator evaluates integrals, 1980",
    kind: "end singularity",
    text: "sqrt(x)/(x-1)-1/log(x)",
    range: [0, 1],
    exact: "2-euler-log(4)",
  },
  {
    name: "runge",
    source: "Runge, Zeitschrift für Mathematik und Physik 46, 1901",
    kind: "smooth",
    text: "1/(1+25*x^2)",
    range: [-1, 1],
    exact: "2*atan(5)/5",
  },
  {
    name: "serret",
    source: "Serret, Journal de mathématiques pures et appliquées 9, 1844",
    kind: "smooth",
    text: "log1p(x)/(1+x^2)",
    range: [0, 1],
    exact: "pi*log(2)/8",
  },
  {
    name: "bernoulli",
    source: "J. Bernoulli, 1697",
    kind: "end singularity",
    text: "x^x",
    range: [0, 1],
    exact: "nsum(lambda n: -(-n)^-n, [1, inf])",
  },
];
