/** Exact fractions of doubles: the integrals that rules stand for, without any rounding. */
import { nearest, toUnits } from "../quad/drivers/exact.js";

/** 2^1074: a double is a whole number of units. */
const UNIT = 1n << 1074n;

export interface Fraction {
  readonly n: bigint;
  readonly d: bigint;
}

/** A double, or a small whole number, as a fraction. */
export function fraction(value: number): Fraction {
  const n = toUnits(value);
  // Powers of two in common make everything slow.
  let shift = 0n;
  while (n !== 0n && shift < 1074n && ((n >> shift) & 1n) === 0n) shift++;
  return { n: n >> shift, d: UNIT >> shift };
}

export const ZERO: Fraction = { n: 0n, d: 1n };

export function plus(a: Fraction, b: Fraction): Fraction {
  // Sums of doubles have powers of two below: the larger will do.
  if (a.d % b.d === 0n) return { n: a.n + b.n * (a.d / b.d), d: a.d };
  if (b.d % a.d === 0n) return { n: a.n * (b.d / a.d) + b.n, d: b.d };
  return { n: a.n * b.d + b.n * a.d, d: a.d * b.d };
}

export function minus(a: Fraction, b: Fraction): Fraction {
  return plus(a, { n: -b.n, d: b.d });
}

export function product(...factors: Fraction[]): Fraction {
  return factors.reduce((a, b) => ({ n: a.n * b.n, d: a.d * b.d }), { n: 1n, d: 1n });
}

export function quotient(a: Fraction, b: Fraction): Fraction {
  const sign = b.n < 0n ? -1n : 1n;
  return { n: sign * a.n * b.d, d: sign * a.d * b.n };
}

/** The nearest double. */
export function toDouble({ n, d }: Fraction): number {
  return nearest(n * UNIT, d);
}

/** The distance of a double from it, as a double. */
export function distance(value: number, exact: Fraction): number {
  return Math.abs(toDouble(minus(fraction(value), exact)));
}

const TWO = fraction(2);
const SIX = fraction(6);

/** Of each interval of the trapezoid rule. */
export function trapezoids(x: readonly Fraction[], y: readonly Fraction[]): Fraction[] {
  return x.slice(1).map((place, i) => quotient(product(minus(place, x[i]!), plus(y[i]!, y[i + 1]!)), TWO));
}

/** Of each interval of Simpson's rule: the parabola of its pair, or of the last three samples. */
export function parabolas(x: readonly Fraction[], y: readonly Fraction[]): Fraction[] {
  const plain = trapezoids(x, y);
  if (x.length < 3) return plain;
  return plain.map((term, i) => {
    const first = i % 2 === 1 || i + 2 === x.length ? i - 1 : i;
    const h = minus(x[i + 1]!, x[i]!);
    return minus(term, quotient(product(dividedDifference(x, y, first), h, h, h), SIX));
  });
}

/** The second one of three samples. */
function dividedDifference(x: readonly Fraction[], y: readonly Fraction[], i: number): Fraction {
  const slope = (j: number): Fraction => quotient(minus(y[j + 1]!, y[j]!), minus(x[j + 1]!, x[j]!));
  return quotient(minus(slope(i + 1), slope(i)), minus(x[i + 2]!, x[i]!));
}

/** Romberg's table, from trapezoid rules, the coarsest first. */
export function romberg(levels: readonly Fraction[]): Fraction {
  let row = [...levels];
  for (let power = 4; row.length > 1; power *= 4) {
    const before = row;
    row = before.slice(1).map((fine, j) => plus(fine, quotient(minus(fine, before[j]!), fraction(power - 1))));
  }
  return row[0]!;
}

export function total(terms: readonly Fraction[]): Fraction {
  return terms.reduce(plus, ZERO);
}
