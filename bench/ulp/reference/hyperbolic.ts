/**
 * The hyperbolic functions and their inverses to about 2^-98, relative.
 *
 * Method: from exp, expm1, log and log1p; near 0 from what does not cancel.
 * Role:   the bench's workers and tests.
 */
import { INVERSE_FACTORIALS, LOG_2 } from "./constants.js";
import { DoubleDouble, ONE, polynomial, TWO } from "./double-double.js";
import { type Exact, exact, negated } from "./exact.js";
import { exp, expm1, expWithin } from "./exponential.js";
import { atanhSeries, log, log1p } from "./logarithm.js";

/** From here on exp(-x) is less than 2^-170 of exp(x). */
const LARGE = 60;

/** sinh(x)/x in x^2: 1/(2n+1)!. */
const SINH = INVERSE_FACTORIALS.filter((_, n) => n % 2 === 1).slice(0, 14);

/** Half of it. */
function half({ value, exponent }: Exact): Exact {
  return { value, exponent: exponent - 1 };
}

export function sinh(x: number): Exact {
  if (x < 0) return negated(sinh(-x));
  const wide = DoubleDouble.of(x);
  if (x < 0.35) return exact(wide.times(polynomial(SINH, wide.squared())));
  return half(x > LARGE ? exp(wide) : exact(expWithin(wide).minus(expWithin(wide.negated()))));
}

export function cosh(x: number): Exact {
  const wide = DoubleDouble.of(Math.abs(x));
  return half(wide.high > LARGE ? exp(wide) : exact(expWithin(wide).plus(expWithin(wide.negated()))));
}

export function tanh(x: number): DoubleDouble {
  if (x < 0) return tanh(-x).negated();
  if (x < 2 ** -100) return DoubleDouble.of(x);
  const grown = expm1(DoubleDouble.of(2 * Math.min(x, LARGE)));
  const value = grown.value.scaled(2 ** grown.exponent);
  return value.over(value.plus(TWO));
}

export function asinh(x: number): DoubleDouble {
  if (x < 0) return asinh(-x).negated();
  const wide = DoubleDouble.of(x);
  if (x < 2 ** -100) return wide;
  if (x > 2 ** 100) return log(wide).plus(LOG_2);
  const square = wide.squared();
  return log1p(wide.plus(square.over(ONE.plus(ONE.plus(square).squareRoot()))));
}

/** For x >= 1. */
export function acosh(x: number): DoubleDouble {
  if (x > 2 ** 100) return log(DoubleDouble.of(x)).plus(LOG_2);
  const above = DoubleDouble.sum(x, -1);
  return log1p(above.plus(above.times(above.plus(TWO)).squareRoot()));
}

/** For |x| < 1. */
export function atanh(x: number): DoubleDouble {
  if (Math.abs(x) < 2 ** -100) return DoubleDouble.of(x);
  if (Math.abs(x) < 0.15) return atanhSeries(DoubleDouble.of(x));
  return log(DoubleDouble.sum(1, x).over(DoubleDouble.sum(1, -x))).scaled(0.5);
}
