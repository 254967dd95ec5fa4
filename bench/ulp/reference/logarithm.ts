/**
 * Logarithms to about 2^-100, relative, near 1 too.
 *
 * Method: x = 2^k m with m between 0.7 and 1.41; log m = 2 atanh((m - 1) / (m + 1)), the series of atanh.
 * Role:   the bench's workers and tests.
 */
import { INVERSE_ODDS, LOG_2 } from "./constants.js";
import { DoubleDouble, ONE, polynomial, TWO, ZERO } from "./double-double.js";
import { split } from "./exact.js";

/** atanh(s)/s in s^2, for |s| <= 0.18: 1/(2n+1); 0.18^50 is 2^-123. */
const ATANH = INVERSE_ODDS.slice(0, 25);
const LOG_10 = log(DoubleDouble.of(10));

export function atanhSeries(s: DoubleDouble): DoubleDouble {
  return s.times(polynomial(ATANH, s.squared()));
}

/** Of a positive number. */
export function log(x: DoubleDouble): DoubleDouble {
  const { fraction, exponent } = split(x.high);
  const k = fraction > Math.SQRT2 ? exponent + 1 : exponent;
  // In two steps: 2^-k may be no double.
  const half = Math.trunc(k / 2);
  const m = x.scaled(2 ** -half).scaled(2 ** (half - k));
  const logarithm = atanhSeries(m.minus(ONE).over(m.plus(ONE))).scaled(2);
  return k === 0 ? logarithm : LOG_2.times(DoubleDouble.of(k)).plus(logarithm);
}

export function log2(x: DoubleDouble): DoubleDouble {
  return log(x).over(LOG_2);
}

export function log10(x: DoubleDouble): DoubleDouble {
  return log(x).over(LOG_10);
}

/** log(1 + x) for x > -1. */
export function log1p(x: DoubleDouble): DoubleDouble {
  if (Math.abs(x.high) < 2 ** -120) return x.high === 0 ? ZERO : x;
  return Math.abs(x.high) < 0.25 ? atanhSeries(x.over(TWO.plus(x))).scaled(2) : log(ONE.plus(x));
}
