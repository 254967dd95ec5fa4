/**
 * What the GNU Scientific Library tests its own integrators with, beyond QUADPACK's families.
 *
 * Source: M. Galassi et al., GNU Scientific Library: integration/tests.c (f454 to f459 are numbered after the pages of the QUADPACK book, f1 to f25 of
 *         cquad are Kahaner's list as P. Gonnet continued it), and the example of its manual.
 *         f22, f23: W. Gander, W. Gautschi, "Adaptive quadrature - revisited", BIT 40, 2000.
 */
import type { Entry } from "./item.js";

const SOURCE = "GNU Scientific Library, integration";

export const GSL: readonly Entry[] = [
  {
    name: "gsl-manual",
    source: `${SOURCE}, example of the manual`,
    kind: "end singularity",
    text: "log(x)/sqrt(x)",
    range: [0, 1],
    exact: "-4",
  },
  {
    name: "gsl-f454",
    source: `${SOURCE}, tests.c, f454 (qagp)`,
    kind: "inner singularity",
    text: "x^3*log(abs((x^2-1)*(x^2-2)))",
    range: [0, 3],
    breakPoints: [1, Math.SQRT2],
    exact: "61*log(2)+77/4*log(7)-27",
  },
  {
    name: "gsl-f455",
    source: `${SOURCE}, tests.c, f455 (qagiu)`,
    kind: "infinite range",
    text: "log(x)/(1+100*x^2)",
    range: [0, Number.POSITIVE_INFINITY],
    exact: "-pi*log(10)/20",
  },
  {
    name: "gsl-f456",
    source: `${SOURCE}, tests.c, f456 (qawo) with its weight`,
    kind: "end singularity",
    text: "sin(10*pi*x)*log(x)",
    range: [0, 1],
    exact: "(ci(10*PI)-log(10*PI)-euler)/(10*PI)",
  },
  {
    name: "gsl-f457",
    source: `${SOURCE}, tests.c, f457 (qawf) with its weight`,
    kind: "oscillating tail",
    text: "cos(pi*x/2)/sqrt(x)",
    range: [0, Number.POSITIVE_INFINITY],
    exact: "sqrt(pi/PI)",
  },
  {
    name: "gsl-f458",
    source: `${SOURCE}, tests.c, f458 (qaws) with its weight`,
    kind: "end singularity",
    text: "log(x)/(1+log(x)^2)^2",
    range: [0, 1],
    exact: "(ci(1)*sin(1)+(pi/2-si(1))*cos(1)-1)/2",
  },
  {
    name: "gsl-myfn1",
    source: `${SOURCE}, tests.c, myfn1 (qagi)`,
    kind: "infinite range",
    text: "exp(-x-x^2)",
    range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    exact: "sqrt(pi)*exp(1/4)",
  },
  {
    name: "gsl-myfn2",
    source: `${SOURCE}, tests.c, myfn2 (qagil)`,
    kind: "infinite range",
    text: "exp(alpha*x)",
    range: [Number.NEGATIVE_INFINITY, 1],
    parameters: { alpha: 1 },
    exact: "exp(alpha*b)/alpha",
  },
  {
    name: "gsl-cquad-f21",
    source: `${SOURCE}, tests.c, cquad f21, after Gonnet`,
    kind: "peak",
    text: "1/cosh(20*(x-0.2))+1/cosh(400*(x-0.4))+1/cosh(8000*(x-0.6))",
    range: [0, 1],
    exact:
      "2*((atan(exp(16))-atan(exp(-20*0.2)))/20 + (atan(exp(400*(1-0.4)))-atan(exp(-400*0.4)))/400 + (atan(exp(8000*(1-0.6)))-atan(exp(-8000*0.6)))/8000)",
  },
  {
    name: "gander-gautschi-22",
    source: "Gander, Gautschi, Adaptive quadrature - revisited, 2000, number 22; GSL's cquad f22",
    kind: "oscillation",
    text: "4*pi^2*x*sin(20*pi*x)*cos(2*pi*x)",
    range: [0, 1],
  },
  {
    name: "gander-gautschi-23",
    source: "Gander, Gautschi, Adaptive quadrature - revisited, 2000, number 23; GSL's cquad f23",
    kind: "peak",
    text: "1/(1+(230*x-30)^2)",
    range: [0, 1],
    exact: "(atan(200)+atan(30))/230",
  },
  {
    name: "gsl-cquad-f24",
    source: `${SOURCE}, tests.c, cquad f24, after Gonnet`,
    kind: "jump",
    text: "floor(exp(x))",
    range: [0, 3],
    breakPoints: Array.from({ length: 19 }, (_, index) => Math.log(index + 2)),
    exact: "60-loggamma(21)",
  },
  {
    name: "gsl-cquad-f25",
    source: `${SOURCE}, tests.c, cquad f25, after Gonnet`,
    kind: "jump",
    text: "x < 1 ? x+1 : x <= 3 ? 3-x : 2",
    range: [0, 5],
    breakPoints: [1, 3],
    exact: "15/2",
  },
];
