/**
 * The reference: what each function of the expression language is exactly, at any double.
 *
 * Null where no finite value is to be compared with (poles, and pairs such as 0^y): test/math/special-values.test.ts has these.
 * Held: test/bench/ulp/reference/index.test.ts, against values of 40 digits that another program made.
 */
import * as bessel from "./bessel.js";
import * as circular from "./circular.js";
import { DoubleDouble } from "./double-double.js";
import * as errors from "./error-function.js";
import { type Exact, exact, NOT_A_NUMBER } from "./exact.js";
import * as exponential from "./exponential.js";
import * as gammas from "./gamma.js";
import * as hyperbolic from "./hyperbolic.js";
import * as circularInverse from "./inverse-circular.js";
import * as logarithm from "./logarithm.js";
import * as powers from "./power.js";

/** The exact value at finite arguments; functions of one argument ignore the second. */
export type Reference = (x: number, y: number) => Exact | null;

/** A function that gives a double-double, where `isInside` holds; NaN outside. */
function plain(f: (x: number) => DoubleDouble, isInside: (x: number) => boolean = () => true): Reference {
  return (x) => (isInside(x) ? exact(f(x)) : NOT_A_NUMBER);
}

/** log and its relatives: NaN below the pole, which is left out. */
function logarithmic(f: (x: DoubleDouble) => DoubleDouble, pole: number): Reference {
  return (x) => (x === pole ? null : x < pole ? NOT_A_NUMBER : exact(f(DoubleDouble.of(x))));
}

/** Where x is 0 the value is, too. */
function fromZero(f: (x: number) => Exact): Reference {
  return (x) => (x === 0 ? exact(DoubleDouble.of(0)) : f(x));
}

const isUnit = (x: number): boolean => Math.abs(x) <= 1;

export const REFERENCES: Readonly<Record<string, Reference>> = {
  sin: plain(circular.sin),
  cos: plain(circular.cos),
  tan: plain(circular.tan),
  sinc: circular.sinc,
  asin: plain(circularInverse.asin, isUnit),
  acos: plain(circularInverse.acos, isUnit),
  atan: circularInverse.atan,
  atan2: (y, x) => (y === 0 && x === 0 ? null : circularInverse.atan2(y, x)),
  sinh: hyperbolic.sinh,
  cosh: hyperbolic.cosh,
  tanh: plain(hyperbolic.tanh),
  asinh: plain(hyperbolic.asinh),
  acosh: plain(hyperbolic.acosh, (x) => x >= 1),
  atanh: (x) => (Math.abs(x) === 1 ? null : isUnit(x) ? exact(hyperbolic.atanh(x)) : NOT_A_NUMBER),
  exp: (x) => exponential.exp(DoubleDouble.of(x)),
  expm1: (x) => exponential.expm1(DoubleDouble.of(x)),
  exp2: exponential.exp2,
  log: logarithmic(logarithm.log, 0),
  log1p: logarithmic(logarithm.log1p, -1),
  log2: logarithmic(logarithm.log2, 0),
  log10: logarithmic(logarithm.log10, 0),
  pow: (x, y) => (x === 0 ? null : (powers.pow(x, y) ?? NOT_A_NUMBER)),
  sqrt: fromZero((x) => (x < 0 ? NOT_A_NUMBER : powers.sqrt(x))),
  cbrt: fromZero(powers.cbrt),
  hypot: (x, y) => (x === 0 && y === 0 ? null : powers.hypot(x, y)),
  erf: errors.erf,
  erfc: errors.erfc,
  gamma: gammas.gamma,
  lgamma: gammas.lgamma,
  j0: bessel.j0,
  j1: bessel.j1,
};
