/**
 * exp and its relatives to about 2^-100, relative.
 *
 * Method: x = k log 2 + r, Taylor's series of exp(r) for |r| <= 0.35, times 2^k.
 * Role:   the bench's workers and tests.
 */
import { INVERSE_FACTORIALS, LOG_2, LOG_2_HEAD, LOG_2_TAIL } from "./constants.js";
import { DoubleDouble, ONE, polynomial } from "./double-double.js";
import { ENORMOUS, type Exact, exact, MINUTE } from "./exact.js";

/** exp(r) = sum of r^n / n!; 0.35^26 / 26! is 2^-127. */
const EXP = INVERSE_FACTORIALS.slice(0, 26);
/** (exp(r) - 1) / r. */
const EXPM1 = INVERSE_FACTORIALS.slice(1, 27);

/** Where exp neither overflows nor underflows by far. */
const FAR = 3000;

export function exp(x: DoubleDouble): Exact {
  if (x.high > FAR) return ENORMOUS;
  if (x.high < -FAR) return MINUTE;
  const k = Math.round(x.high / LOG_2.high);
  const head = x.minus(DoubleDouble.of(k * LOG_2_HEAD));
  const rest = head.minus(LOG_2_TAIL.times(DoubleDouble.of(k)));
  return exact(polynomial(EXP, rest), k);
}

/** As one double-double: for |x| below 600. */
export function expWithin(x: DoubleDouble): DoubleDouble {
  const { value, exponent } = exp(x);
  return value.scaled(2 ** exponent);
}

export function expm1(x: DoubleDouble): Exact {
  if (Math.abs(x.high) < 0.35) return exact(x.times(polynomial(EXPM1, x)));
  // Beyond, 1 is less than 2^-140 of the value.
  if (x.high > 100) return exp(x);
  return exact(expWithin(x.high < -200 ? DoubleDouble.of(-200) : x).minus(ONE));
}

/** 2^x: the whole part is the exponent. */
export function exp2(x: number): Exact {
  if (Math.abs(x) > FAR) return x > 0 ? ENORMOUS : MINUTE;
  const whole = Math.round(x);
  return exact(polynomial(EXP, LOG_2.times(DoubleDouble.of(x - whole))), whole);
}
