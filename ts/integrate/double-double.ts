/**
 * Numbers of twice the precision: an unevaluated sum of two doubles. For the few values that must be better than a double: the panel
 * width, Gauss nodes. Nothing here is hot.
 *
 * Source: T. J. Dekker, "A floating-point technique for extending the available precision" (1971);
 *         Y. Hida, X. S. Li, D. H. Bailey, "Library for double-double and quad-double arithmetic" (2007).
 * Range:  factors below 2^996; beyond, the split overflows.
 */
export type DoubleDouble = readonly [high: number, low: number];

/** a + b exactly. */
export function twoSum(a: number, b: number): DoubleDouble {
  const sum = a + b;
  const part = sum - a;
  return [sum, a - (sum - part) + (b - part)];
}

/** a - b exactly. */
export function twoDifference(a: number, b: number): DoubleDouble {
  return twoSum(a, -b);
}

/** 2^27 + 1 cuts a double into two halves of 26 bits. */
const SPLITTER = 134217729;

/** a b exactly. */
export function twoProduct(a: number, b: number): DoubleDouble {
  const product = a * b;
  const cutA = SPLITTER * a;
  const highA = cutA - (cutA - a);
  const lowA = a - highA;
  const cutB = SPLITTER * b;
  const highB = cutB - (cutB - b);
  const lowB = b - highB;
  return [product, highA * highB - product + highA * lowB + lowA * highB + lowA * lowB];
}

export function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const [high, low] = twoSum(a[0], b[0]);
  return twoSum(high, low + a[1] + b[1]);
}

export function negate([high, low]: DoubleDouble): DoubleDouble {
  return [-high, -low];
}

export function multiply(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const [high, low] = twoProduct(a[0], b[0]);
  return twoSum(high, low + (a[0] * b[1] + a[1] * b[0]));
}

export function divide(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const first = a[0] / b[0];
  const rest = add(a, negate(multiply(b, [first, 0])));
  const second = rest[0] / b[0];
  const last = add(rest, negate(multiply(b, [second, 0])));
  const [high, low] = twoSum(first, second);
  return twoSum(high, low + last[0] / b[0]);
}
