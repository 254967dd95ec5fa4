/**
 * Integrals that define or give well-known functions and constants, and that people compute: statistics, physics, finance.
 *
 * Source: M. Abramowitz, I. A. Stegun, Handbook of Mathematical Functions, 1964 (A&S), by formula; NIST Digital Library of Mathematical Functions (DLMF).
 *         L. F. Shampine, "Vectorized adaptive quadrature in MATLAB", J. CAM 211, 2008, and the examples of MATLAB's quadgk that come from it.
 *         A. L. Lewis, "A simple option formula for general jump-diffusion and other exponential Lévy processes", 2001.
 */
import type { Entry } from "./item.js";

const INFINITY = Number.POSITIVE_INFINITY;
const HALF_LINE = { kind: "infinite range", range: [0, INFINITY] } as const;
const LINE = { kind: "infinite range", range: [-INFINITY, INFINITY] } as const;
const SHAMPINE = "Shampine, Vectorized adaptive quadrature in MATLAB, 2008";

export const SPECIAL_FUNCTIONS: readonly Entry[] = [
  {
    name: "shampine-1",
    source: SHAMPINE,
    text: "exp(-x^2)*log(x)^2",
    exact: "sqrt(pi)/8*((euler+2*log(2))^2+pi^2/2)",
    ...HALF_LINE,
  },
  { name: "shampine-2", source: SHAMPINE, text: "x^5*exp(-x)*sin(x)", exact: "-15", ...HALF_LINE },
  {
    name: "euler-gamma",
    source: "A&S 6.1.1 and 6.3.2: the derivative of gamma at 1",
    text: "exp(-x)*log(x)",
    exact: "-euler",
    ...HALF_LINE,
  },
  { name: "gamma-21/2", source: "A&S 6.1.1: gamma(10.5)", text: "x^9.5*exp(-x)", exact: "gamma(21/2)", ...HALF_LINE },
  {
    name: "planck",
    source: "Planck's law, integrated: A&S 27.1.3",
    text: "x^3/expm1(x)",
    exact: "pi^4/15",
    ...HALF_LINE,
  },
  {
    name: "fermi-dirac",
    source: "DLMF 25.12.14 with s = 1/2, x = 1",
    text: "sqrt(x)/(1+exp(x-1))",
    exact: "-gamma(3/2)*polylog(3/2, -exp(1)).real",
    ...HALF_LINE,
  },
  {
    name: "raabe",
    source: "Raabe, Journal für die reine und angewandte Mathematik 25, 1843; DLMF 5.17: log gamma from 3 to 4",
    kind: "smooth",
    text: "lgamma(x)",
    range: [3, 4],
    exact: "log(2*pi)/2+3*log(3)-3",
  },
  {
    name: "fransen-robinson",
    source: "Fransén, Accurate determination of the inverse gamma integral, BIT 19, 1979",
    text: "1/gamma(x)",
    ...HALF_LINE,
  },
  {
    name: "erfc-area",
    source: "A&S section 7.4: the area under erfc",
    text: "erfc(x)",
    exact: "1/sqrt(pi)",
    ...HALF_LINE,
  },
  {
    name: "lipschitz",
    source:
      "Lipschitz, 1859: Laplace's transform of J0 at 1; Watson, Treatise on the theory of Bessel functions, section 13.2",
    text: "exp(-x)*j0(x)",
    exact: "1/sqrt(2)",
    ...HALF_LINE,
  },
  {
    name: "option-price",
    source:
      "Lewis, A simple option formula, 2001: Black and Scholes, spot 100, strike 110, volatility 0.25, 1 year, rate 0",
    text: "cos(k*x)*exp(-v/2*(x^2+1/4))/(x^2+1/4)",
    parameters: { k: -0.0953101798043249, v: 0.0625 },
    exact: "pi*(exp(k/2)*ncdf(-(k+v/2)/sqrt(v)) + exp(-k/2)*ncdf((k-v/2)/sqrt(v)))",
    ...HALF_LINE,
  },
  {
    name: "option-payoff",
    source:
      "Black, Scholes, The pricing of options and corporate liabilities, 1973: the same price as a mean of payoffs",
    kind: "kink",
    text: "max(100*exp(s*x-(x^2+s^2)/2)-110*exp(-x^2/2), 0)/sqrt(2*pi)",
    range: [-INFINITY, INFINITY],
    parameters: { s: 0.25 },
    breakPoints: [0.5062407192172997],
    exact: "(100*ncdf((log(100/110)+s^2/2)/s) - 110*ncdf((log(100/110)-s^2/2)/s))*sqrt(pi/PI)",
  },
  {
    name: "rectified-sine",
    source: "electrical engineering: a rectified alternating current",
    kind: "kink",
    text: "abs(sin(x))",
    range: [0, 10],
    breakPoints: [Math.PI, 2 * Math.PI, 3 * Math.PI],
    exact: "7-cos(10-3*pi)",
  },
  {
    name: "ohara-smith",
    source: "O'Hara, Smith, The evaluation of definite integrals by interval subdivision, Computer Journal 12, 1969",
    kind: "inner singularity",
    text: "sqrt(abs(x+0.5))",
    range: [-1, 1],
    breakPoints: [-0.5],
    exact: "2/3*(1.5^1.5+0.5^1.5)",
  },
  {
    name: "cauchy-quartic",
    source: "Bronstein, Semendjajew, Taschenbuch der Mathematik, definite integrals",
    text: "1/(1+x^4)",
    exact: "pi/sqrt(2)",
    ...LINE,
  },
  { name: "sech", source: "DLMF section 4.40", text: "1/cosh(x)", exact: "pi", ...LINE },
  {
    name: "normal-variance",
    source: "A&S 26.2.1: the normal distribution's second moment",
    text: "x^2*exp(-x^2/2)/sqrt(2*pi)",
    exact: "sqrt(pi/PI)",
    ...LINE,
  },
  {
    name: "normal-mean",
    source: "A&S 26.2.1: the normal distribution's first moment, which is 0",
    text: "x*exp(-x^2/2)",
    exact: "0",
    ...LINE,
  },
  {
    name: "complementary-error",
    source: "DLMF 7.7.1 with z = 1",
    text: "exp(-x^2)/(1+x^2)",
    exact: "pi*exp(1)*erfc(1)",
    ...LINE,
  },
  {
    name: "normal-tail",
    source: "A&S 26.2.3: the normal distribution's tail from 5 on",
    kind: "infinite range",
    text: "exp(-x^2/2)/sqrt(2*pi)",
    range: [5, INFINITY],
    exact: "erfc(5/sqrt(2))/2*sqrt(pi/PI)",
  },
  {
    name: "exponential-integral",
    source: "A&S 5.1.1: E1(1)",
    kind: "infinite range",
    text: "exp(-x)/x",
    range: [1, INFINITY],
    exact: "e1(1)",
  },
  {
    name: "heavy-tail",
    source: "A&S section 3.3: a power just beyond -1",
    kind: "infinite range",
    text: "x^-1.1",
    range: [1, INFINITY],
    exact: "1/(1.1-1)",
  },
  {
    name: "cauchy-tail",
    source: "A&S section 26.1: the Cauchy distribution beyond 1",
    kind: "infinite range",
    text: "1/(pi*(1+x^2))",
    range: [-INFINITY, -1],
    exact: "pi/4/PI",
  },
  {
    name: "pendulum",
    source: "A&S 17.3.1: K(m) with m = 0.99, the period of a pendulum that swings to 169 degrees",
    kind: "peak",
    text: "1/sqrt(1-0.99*sin(x)^2)",
    range: [0, Math.PI / 2],
    exact: "ellipk(0.99)-(pi/2-b)/sqrt(1-0.99)",
  },
  {
    name: "catalan",
    source: "DLMF 25.11.40: Catalan's constant",
    kind: "smooth",
    text: "atan(x)/x",
    range: [0, 1],
    exact: "catalan",
  },
  {
    name: "jacobi-anger",
    source: "A&S 9.1.21: pi J10(30)",
    kind: "oscillation",
    text: "cos(10*x-30*sin(x))",
    range: [0, Math.PI],
    exact: "pi*besselj(10, 30)-(pi-b)",
  },
  {
    name: "beta",
    source: "A&S 6.2.1: B(0.3, 0.6)",
    kind: "end singularity",
    text: "x^-0.7*(1-x)^-0.4",
    range: [0, 1],
    exact: "beta(1-0.7, 1-0.4)",
  },
  {
    name: "dilogarithm",
    source: "Boost.Math, the example of tanh_sinh; A&S 27.7",
    kind: "end singularity",
    text: "log(x)*log1p(-x)",
    range: [0, 1],
    exact: "2-pi^2/6",
  },
  {
    name: "debye",
    source: "A&S 27.1.1: Debye's function of order 3 at 20, times 20^3/3: heat at low temperature",
    kind: "smooth",
    text: "x^3/expm1(x)",
    range: [0, 20],
    exact: "pi^4/15 - nsum(lambda n: exp(-n*b)*(b^3/n+3*b^2/n^2+6*b/n^3+6/n^4), [1, inf])",
  },
];
