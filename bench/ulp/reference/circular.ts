/**
 * sin, cos and tan to about 2^-100, relative, of every double.
 *
 * Method: x less the nearest multiple of pi/2 in integers, with 1280 bits of pi: 256 bits are right after the point, and no double is nearer to a multiple
 *         than 2^-62 (J.-M. Muller, "Elementary Functions", 3rd edition, section 11.2.2). Then Taylor's series up to pi/4.
 * Role:   the bench's workers and tests.
 */
import { INVERSE_FACTORIALS, PI_BITS, PI_FIXED } from "./constants.js";
import { DoubleDouble, polynomial } from "./double-double.js";
import { type Exact, exact, fromFixed, split } from "./exact.js";

export interface Reduced {
  /** Which multiple of pi/2 was taken away, 0 to 3. */
  readonly quadrant: number;
  /** What is left, between -pi/4 and pi/4. */
  readonly angle: DoubleDouble;
}

export function reduce(x: number): Reduced {
  if (Math.abs(x) < 0.78) return { quadrant: 0, angle: DoubleDouble.of(x) };
  const { fraction, exponent } = split(x);
  // Smaller angles need fewer bits of pi.
  const bits = Math.min(PI_BITS, 256 + Math.max(0, exponent + 1));
  const quarter = PI_FIXED >> BigInt(PI_BITS - bits + 1);
  const fixed = BigInt(fraction * 2 ** 52) << BigInt(bits + exponent - 52);
  const doubled = 2n * fixed + quarter;
  // Floor of x / (pi/2) + 1/2: BigInt's division cuts towards 0.
  const cut = doubled / (2n * quarter);
  const count = doubled < 0n ? cut - 1n : cut;
  return { quadrant: Number(count & 3n), angle: fromFixed(fixed - count * quarter, bits) };
}

/** Coefficients of sin(r)/r and cos(r) in r^2: (-1)^n / (2n+1)! and (-1)^n / (2n)!; 0.79^30 / 30! is 2^-118. */
const SIN = signed(INVERSE_FACTORIALS.filter((_, n) => n % 2 === 1).slice(0, 15));
const COS = signed(INVERSE_FACTORIALS.filter((_, n) => n % 2 === 0).slice(0, 15));

function signed(terms: readonly DoubleDouble[]): DoubleDouble[] {
  return terms.map((term, n) => (n % 2 === 0 ? term : term.negated()));
}

/** sin of an angle between -pi/4 and pi/4. */
export function sinWithin(angle: DoubleDouble): DoubleDouble {
  return angle.times(polynomial(SIN, angle.squared()));
}

/** cos of an angle between -pi/4 and pi/4. */
export function cosWithin(angle: DoubleDouble): DoubleDouble {
  return polynomial(COS, angle.squared());
}

export function sin(x: number): DoubleDouble {
  return turned(reduce(x), 0);
}

export function cos(x: number): DoubleDouble {
  return turned(reduce(x), 1);
}

/** sin of the angle and so many quarter turns. */
function turned({ quadrant, angle }: Reduced, quarters: number): DoubleDouble {
  const turns = (quadrant + quarters) & 3;
  const value = turns % 2 === 0 ? sinWithin(angle) : cosWithin(angle);
  return turns >= 2 ? value.negated() : value;
}

export function tan(x: number): DoubleDouble {
  const reduced = reduce(x);
  return turned(reduced, 0).over(turned(reduced, 1));
}

/** sin(x) / x. */
export function sinc(x: number): Exact {
  if (Math.abs(x) < 2 ** -60) return exact(DoubleDouble.sum(1, -(x * x) / 6));
  const { fraction, exponent } = split(x);
  return exact(sin(x).over(DoubleDouble.of(fraction)), -exponent);
}
