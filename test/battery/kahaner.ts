/**
 * Kahaner's 21 integrals, the oldest set that everybody reports on.
 *
 * Source: D. K. Kahaner, "Comparison of numerical quadrature formulas", in J. R. Rice (ed.), Mathematical Software, 1971.
 */
import type { Entry, Kind } from "./item.js";

type Row = readonly [kind: Kind, text: string, a: number, b: number, exact?: string, breakPoints?: readonly number[]];

const ROWS: readonly Row[] = [
  ["smooth", "exp(x)", 0, 1, "exp(1)-1"],
  ["jump", "x < 0.3 ? 0 : 1", 0, 1, "1-0.3", [0.3]],
  ["end singularity", "sqrt(x)", 0, 1, "2/3"],
  ["smooth", "23/25*cosh(x)-cos(x)", -1, 1, "46/25*sinh(1)-2*sin(1)"],
  ["smooth", "1/(x^4+x^2+0.9)", -1, 1],
  ["end singularity", "x^1.5", 0, 1, "2/5"],
  ["end singularity", "1/sqrt(x)", 0, 1, "2"],
  ["smooth", "1/(1+x^4)", 0, 1, "(pi+log(3+2*sqrt(2)))/(4*sqrt(2))"],
  ["oscillation", "2/(2+sin(10*pi*x))", 0, 1],
  ["smooth", "1/(1+x)", 0, 1, "log(2)"],
  ["smooth", "1/(1+exp(x))", 0, 1, "1-log((1+exp(1))/2)"],
  ["smooth", "x/(exp(x)-1)", 0, 1, "zeta(2)-polylog(2, exp(-1))+log(1-exp(-1))"],
  ["oscillation", "sin(100*pi*x)/(pi*x)", 0.1, 1, "(si(100*PI*b)-si(100*PI*a))/PI"],
  ["peak", "sqrt(50)*exp(-50*pi*x^2)", 0, 10, "sqrt(50)*erf(sqrt(50*PI)*b)*sqrt(pi)/(2*sqrt(50*PI))"],
  ["peak", "25*exp(-25*x)", 0, 10, "1-exp(-250)"],
  ["peak", "50/(pi*(2500*x^2+1))", 0, 10, "atan(500)/PI"],
  ["oscillation", "50*(sin(50*pi*x)/(50*pi*x))^2", 0.01, 1],
  ["oscillation", "cos(cos(x)+3*sin(x)+2*cos(2*x)+3*sin(2*x)+3*cos(3*x))", 0, Math.PI],
  ["end singularity", "log(x)", 0, 1, "-1"],
  ["smooth", "1/(x^2+1.005)", -1, 1, "2*atan(1/sqrt(1.005))/sqrt(1.005)"],
  // Its third peak is 0.001 wide and holds 1e-3 of the value: many an adaptive program has passed it by.
  ["peak", "1/cosh(10*(x-0.2))^2+1/cosh(100*(x-0.4))^4+1/cosh(1000*(x-0.6))^6", 0, 1],
];

export const KAHANER: readonly Entry[] = ROWS.map(([kind, text, a, b, exact, breakPoints], index) => ({
  name: `kahaner-${index + 1}`,
  source: `Kahaner, Comparison of numerical quadrature formulas, 1971, number ${index + 1}`,
  kind,
  text,
  range: [a, b],
  ...(exact === undefined ? {} : { exact }),
  ...(breakPoints === undefined ? {} : { breakPoints }),
}));
