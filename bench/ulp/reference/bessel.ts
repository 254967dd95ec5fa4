/**
 * The Bessel functions of the first kind j0 and j1, to 2^-95 of what they swing between; near a zero that much less of their own size.
 *
 * Method: up to 40 the power series, in integers of 256 bits after the point, for its terms grow to 2^55 before they cancel; there the values are right to
 *         2^-95 of their own size at the zeros, too. Beyond, Hankel's asymptotic series, whose smallest term at 40 is 2^-115.
 * Source: Abramowitz, Stegun, 9.1.10 and 9.2.5 to 9.2.10.
 * Role:   the bench's workers and tests.
 */
import { cos, sin } from "./circular.js";
import { PI } from "./constants.js";
import { DoubleDouble, ONE, ZERO } from "./double-double.js";
import { type Exact, exact, ratio, split } from "./exact.js";

const LARGE = 40;
const BITS = 256n;
const UNIT = 1n << BITS;

export function j0(x: number): Exact {
  const size = Math.abs(x);
  return size <= LARGE ? series(size, 0) : asymptotic(size, 0);
}

export function j1(x: number): Exact {
  const size = Math.abs(x);
  const { value, exponent } = size > LARGE ? asymptotic(size, 1) : halfTimes(size, series(size, 1));
  return exact(x < 0 ? value.negated() : value, exponent);
}

/** x/2 times a value. */
function halfTimes(x: number, { value, exponent }: Exact): Exact {
  if (x === 0) return exact(ZERO);
  const parts = split(x);
  return exact(value.times(DoubleDouble.of(parts.fraction)), exponent + parts.exponent - 1);
}

/** The sum of (-x^2/4)^k / (k! (k + order)!). */
function series(x: number, order: 0 | 1): Exact {
  const { fraction, exponent } = x === 0 ? { fraction: 0, exponent: 0 } : split(x);
  const square = BigInt(fraction * 2 ** 52) ** 2n;
  const shift = Number(BITS) - 106 + 2 * exponent;
  const quarterSquare = shift >= 0 ? square << BigInt(shift) : square >> BigInt(Math.min(-shift, 4000));
  let term = UNIT;
  let sum = term;
  for (let k = 1; term !== 0n; k++) {
    term = -((term * quarterSquare) >> BITS) / BigInt(k * (k + order));
    sum += term;
  }
  return ratio(sum, UNIT);
}

/** sqrt(2 / (pi x)) (P cos(x - a) - Q sin(x - a)), a = pi/4 for order 0 and 3 pi/4 for order 1. */
function asymptotic(x: number, order: 0 | 1): Exact {
  const { p, q } = hankel(x, order);
  const [s, c] = [sin(x), cos(x)];
  const [cosine, sine] = order === 0 ? [c.plus(s), s.minus(c)] : [s.minus(c), s.plus(c).negated()];
  const { fraction, exponent } = split(x);
  const half = Math.floor(exponent / 2);
  const root = PI.times(DoubleDouble.of(fraction * 2 ** (exponent - 2 * half))).squareRoot();
  // Both cosine and sine lack a division by sqrt(2), which is the other one's numerator.
  return exact(p.times(cosine).minus(q.times(sine)).over(root), -half);
}

/** The two series; each term is the one before times (4 order^2 - (2k - 1)^2) / (8 k x). */
function hankel(x: number, order: 0 | 1): { readonly p: DoubleDouble; readonly q: DoubleDouble } {
  // From here on the first term of Q is below 2^-120.
  if (x > 2 ** 120) return { p: ONE, q: ZERO };
  const inverse = ONE.over(DoubleDouble.of(x));
  const sums = [ONE, ZERO];
  let term = ONE;
  for (let k = 1; Math.abs(term.high) > 2 ** -118 && k < 2 * LARGE; k++) {
    const factor = DoubleDouble.of(4 * order - (2 * k - 1) ** 2).over(DoubleDouble.of(8 * k));
    term = term.times(factor).times(inverse);
    const part = k % 2;
    // P has the signs + - + -, Q likewise: they change every second term.
    sums[part] = k % 4 < 2 ? sums[part]!.plus(term) : sums[part]!.minus(term);
  }
  return { p: sums[0]!, q: sums[1]! };
}
