/**
 * erf and erfc to about 2^-85, relative.
 *
 * Method: up to 3 the series exp(-x^2) 2/sqrt(pi) (x + 2/3 x^3 + 2^2/(3 5) x^5 + …), whose terms are all positive; beyond, the continued fraction of
 *         erfc, from its far end.
 * Source: M. Abramowitz, I. A. Stegun, "Handbook of Mathematical Functions", 7.1.6 and 7.1.14.
 * Role:   the bench's workers and tests.
 */
import { SQRT_PI } from "./constants.js";
import { DoubleDouble, ONE, TWO } from "./double-double.js";
import { type Exact, exact, MINUTE, split } from "./exact.js";
import { exp, expWithin } from "./exponential.js";

/** Where the continued fraction begins. */
const LARGE = 3;
/** The fraction's terms from there on: its error falls as exp(-4 x sqrt(n / 2)), so 150 leave 2^-150. */
const TERMS = 150;

export function erf(x: number): Exact {
  if (Math.abs(x) < 2 ** -60) {
    if (x === 0) return exact(DoubleDouble.of(x));
    // The next term is x^2/3 of this one.
    const { fraction, exponent } = split(x);
    return exact(TWO.over(SQRT_PI).times(DoubleDouble.of(fraction)), exponent);
  }
  return exact(Math.abs(x) <= LARGE ? series(x) : x > 0 ? ONE.minus(tail(x)) : tail(-x).minus(ONE));
}

export function erfc(x: number): Exact {
  if (x > LARGE) return fraction(x);
  return exact(x < -LARGE ? TWO.minus(tail(-x)) : ONE.minus(Math.abs(x) < 2 ** -120 ? DoubleDouble.of(x) : series(x)));
}

/** erf(x) for |x| <= 3. */
function series(x: number): DoubleDouble {
  const square = DoubleDouble.product(x, x);
  let term = DoubleDouble.of(x);
  let sum = term;
  for (let odd = 3; Math.abs(term.high) > 2 ** -115 * Math.abs(sum.high); odd += 2) {
    term = term.times(square.scaled(2)).over(DoubleDouble.of(odd));
    sum = sum.plus(term);
  }
  return expWithin(square.negated()).times(sum).times(TWO.over(SQRT_PI));
}

/** erfc(x) as one number, where only its distance from 1 or 2 counts. */
function tail(x: number): DoubleDouble {
  if (x > 12) return DoubleDouble.of(2 ** -200);
  const { value, exponent } = fraction(x);
  return value.scaled(2 ** exponent);
}

/** exp(-x^2) / sqrt(pi) / (x + 1/2 / (x + 2/2 / (x + 3/2 / (x + …)))). */
function fraction(x: number): Exact {
  if (x > 40) return MINUTE;
  const wide = DoubleDouble.of(x);
  let rest = wide;
  for (let n = TERMS; n > 0; n--) rest = wide.plus(DoubleDouble.of(n / 2).over(rest));
  const { value, exponent } = exp(DoubleDouble.product(x, x).negated());
  return exact(value.over(SQRT_PI.times(rest)), exponent);
}
