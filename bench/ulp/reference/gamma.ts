/**
 * gamma and lgamma to about 2^-90, relative; lgamma of negative numbers to 2^-90 of the larger of 1 and its magnitude.
 *
 * Method: Stirling's series from 30 on; below, the recurrence moves the argument there. lgamma near its zeros 1 and 2 by its power series there. Below 1/2
 *         the reflection formula.
 * Source: Abramowitz, Stegun, 6.1.17 (reflection), 6.1.33 (power series), 6.1.40 (Stirling).
 * Role:   the bench's workers and tests.
 */
import { cosWithin, sinWithin } from "./circular.js";
import { BERNOULLI, EULER, LOG_2, PI, quotient, ZETAS } from "./constants.js";
import { DoubleDouble, ONE, polynomial, TWO, ZERO } from "./double-double.js";
import { ENORMOUS, type Exact, exact, MINUTE, negated, split } from "./exact.js";
import { exp } from "./exponential.js";
import { log, log1p } from "./logarithm.js";

/** Where Stirling's series is good: its terms fall until the 90th or so, down to exp(-2 pi x). */
const FAR = 30;
/** B(2k) / (2k (2k-1)): 25 terms leave 2^-130 at 30. */
const STIRLING = BERNOULLI.slice(0, 25).map(([n, d], index) =>
  quotient(n, d * BigInt((2 * index + 2) * (2 * index + 1))),
);
const HALF_LOG_2_PI = LOG_2.plus(log(PI)).scaled(0.5);

/** lgamma(1 + z) / z in z: -Euler's constant, zeta(2)/2, -zeta(3)/3, …; for |z| <= 0.25. */
const NEAR_ONE = [
  EULER.negated(),
  ...ZETAS.slice(0, 58).map((zeta, index) => zeta.over(DoubleDouble.of(index % 2 === 0 ? index + 2 : -(index + 2)))),
];

/** log(gamma(x)) for x >= 30. */
function stirling(x: DoubleDouble): DoubleDouble {
  const inverse = ONE.over(x);
  const series = inverse.times(polynomial(STIRLING, inverse.squared()));
  const main = x.minus(DoubleDouble.of(0.5)).times(log(x)).minus(x);
  return main.plus(HALF_LOG_2_PI).plus(series);
}

/** x moved to 30 or beyond, and the product by which gamma grew on the way. */
function moved(x: DoubleDouble): { readonly far: DoubleDouble; readonly product: DoubleDouble } {
  let far = x;
  let product = ONE;
  for (; far.high < FAR; far = far.plus(ONE)) product = product.times(far);
  return { far, product };
}

/** gamma(x) for x >= 1/2. */
function positiveGamma(x: DoubleDouble): Exact {
  const { far, product } = moved(x);
  // Beyond this it is larger than 1e400, and x^x would not be of use.
  if (far.high > 1200) return ENORMOUS;
  const { value, exponent } = exp(stirling(far));
  return exact(value.over(product), exponent);
}

/** sin(pi x), relative to its size also near whole x. */
function sinPi(x: number): DoubleDouble {
  const whole = Math.round(2 * x);
  const rest = PI.times(DoubleDouble.of(x - whole / 2));
  const quadrant = ((whole % 4) + 4) % 4;
  const value = quadrant % 2 === 0 ? sinWithin(rest) : cosWithin(rest);
  return quadrant >= 2 ? value.negated() : value;
}

/** Of a finite number; null at its poles, 0 and the negative integers. */
export function gamma(x: number): Exact | null {
  if (x <= 0 && Number.isInteger(x)) return null;
  if (x >= 0.5) return positiveGamma(DoubleDouble.of(x));
  if (Math.abs(x) < 2 ** -60) {
    // 1/gamma(x) = x + Euler's constant x^2 + …
    const { fraction, exponent } = split(x);
    const slope = ONE.plus(Math.abs(x) < 2 ** -200 ? ZERO : EULER.times(DoubleDouble.of(x)));
    return exact(ONE.over(slope.times(DoubleDouble.of(fraction))), -exponent);
  }
  if (x < -1000) return Math.floor(x) % 2 === 0 ? MINUTE : negated(MINUTE);
  const { value, exponent } = positiveGamma(DoubleDouble.sum(1, -x));
  return exact(PI.over(sinPi(x).times(value)), -exponent);
}

/** log(|gamma(x)|) of a finite number; null at the poles. */
export function lgamma(x: number): Exact | null {
  if (x <= 0 && Number.isInteger(x)) return null;
  // x (log x - 1): the rest is less than 2^-390 of it.
  if (x > 2 ** 400)
    return exact(
      log(DoubleDouble.of(x))
        .minus(ONE)
        .times(DoubleDouble.of(x * 2 ** -300)),
      300,
    );
  if (x >= 0.5) return exact(positiveLgamma(DoubleDouble.of(x)));
  const size = Math.abs(x);
  if (size < 2 ** -110) return exact(log(DoubleDouble.of(size)).negated());
  if (x > 0) return exact(positiveLgamma(DoubleDouble.sum(x, 1)).minus(log(DoubleDouble.of(x))));
  return exact(log(PI.over(sinPi(x).absolute())).minus(positiveLgamma(DoubleDouble.sum(1, -x))));
}

/** For x >= 1/2. */
function positiveLgamma(x: DoubleDouble): DoubleDouble {
  const beyondOne = x.minus(ONE);
  if (Math.abs(beyondOne.high) <= 0.25) return nearOne(beyondOne);
  const beyondTwo = x.minus(TWO);
  // gamma(2 + z) = (1 + z) gamma(1 + z)
  if (Math.abs(beyondTwo.high) <= 0.25) return log1p(beyondTwo).plus(nearOne(beyondTwo));
  const { far, product } = moved(x);
  return stirling(far).minus(log(product));
}

function nearOne(z: DoubleDouble): DoubleDouble {
  return z.times(polynomial(NEAR_ONE, z));
}
