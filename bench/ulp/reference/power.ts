/**
 * sqrt, cbrt, hypot and pow to about 2^-90, relative.
 *
 * Method: roots by Newton's method; pow is exp(y log x), whose exponent, up to 745, has lost ten bits.
 * Role:   the bench's workers and tests.
 */
import { DoubleDouble, ONE } from "./double-double.js";
import { ENORMOUS, type Exact, exact, MINUTE, negated, split } from "./exact.js";
import { exp } from "./exponential.js";
import { log } from "./logarithm.js";

/** Of a positive number. */
export function sqrt(x: number): Exact {
  const { fraction, exponent } = split(x);
  const half = Math.floor(exponent / 2);
  return exact(DoubleDouble.of(fraction * (exponent - 2 * half === 0 ? 1 : 2)).squareRoot(), half);
}

/** Of a number that is not 0. */
export function cbrt(x: number): Exact {
  const { fraction, exponent } = split(x);
  const third = Math.floor(exponent / 3);
  const cube = DoubleDouble.of(fraction * 2 ** (exponent - 3 * third));
  let root = DoubleDouble.of(Math.cbrt(cube.high));
  // Each step doubles the right digits, of which there are 50 to begin with.
  for (let step = 0; step < 2; step++) {
    const square = root.squared();
    root = root.minus(
      square
        .times(root)
        .minus(cube)
        .over(square.times(DoubleDouble.of(3))),
    );
  }
  return exact(root, third);
}

/** Of two numbers, not both 0. */
export function hypot(x: number, y: number): Exact {
  const [large, small] = Math.abs(x) < Math.abs(y) ? [y, x] : [x, y];
  const { fraction, exponent } = split(large);
  const square = DoubleDouble.product(fraction, fraction);
  if (small === 0) return exact(DoubleDouble.of(Math.abs(fraction)), exponent);
  const lesser = split(small);
  const apart = lesser.exponent - exponent;
  // sqrt(1 + e) is 1 + e/2 to the last bit that counts.
  if (apart < -120) return exact(DoubleDouble.sum(Math.abs(fraction), 2 ** -200), exponent);
  const scaled = lesser.fraction * 2 ** apart;
  return exact(square.plus(DoubleDouble.product(scaled, scaled)).squareRoot(), exponent);
}

/** x^y for finite x and y, x not 0; null where it is no real number. */
export function pow(x: number, y: number): Exact | null {
  if (x < 0) {
    if (!Number.isInteger(y)) return null;
    const value = positivePower(-x, y);
    return y % 2 === 0 ? value : negated(value);
  }
  return positivePower(x, y);
}

function positivePower(x: number, y: number): Exact {
  if (x === 1 || y === 0) return exact(ONE);
  const logarithm = log(DoubleDouble.of(x));
  const size = logarithm.high * y;
  if (Math.abs(size) > 2000) return size > 0 ? ENORMOUS : MINUTE;
  // 1 + size, and nothing is lost by leaving the rest: y could be too small to multiply with.
  if (Math.abs(size) < 2 ** -110) return exact(DoubleDouble.sum(1, size));
  return exp(logarithm.times(DoubleDouble.of(y)));
}
