/**
 * What a function's exact value is known as: a double-double times a power of two, so that values far outside the range of doubles, and subnormal
 * ones, keep all their bits.
 *
 * Role: the bench's workers and tests.
 */
import { DoubleDouble } from "./double-double.js";

export interface Exact {
  readonly value: DoubleDouble;
  /** The whole is value * 2^exponent. */
  readonly exponent: number;
}

export function exact(value: DoubleDouble, exponent = 0): Exact {
  return { value, exponent };
}

/** Outside of the function's domain. */
export const NOT_A_NUMBER = exact(DoubleDouble.of(Number.NaN));

/** Beyond everything that a double can hold, and below. */
export const ENORMOUS = exact(DoubleDouble.of(1), 5000);
export const MINUTE = exact(DoubleDouble.of(1), -5000);

export function negated({ value, exponent }: Exact): Exact {
  return { value: value.negated(), exponent };
}

const view = new DataView(new ArrayBuffer(8));

/** x = fraction * 2^exponent with 1 <= |fraction| < 2; x is finite and not 0. */
export function split(x: number): { readonly fraction: number; readonly exponent: number } {
  const lifted = Math.abs(x) < 2 ** -1022 ? x * 2 ** 100 : x;
  view.setFloat64(0, lifted);
  const biased = (view.getUint16(0) >> 4) & 0x7ff;
  view.setUint16(0, (view.getUint16(0) & 0x800f) | 0x3ff0);
  return { fraction: view.getFloat64(0), exponent: biased - 1023 - (lifted === x ? 0 : 100) };
}

/** x * 2^exponent: exact unless the result is subnormal or too large. */
export function shifted(x: number, exponent: number): number {
  let scaled = x;
  let left = exponent;
  for (; left > 1000; left -= 1000) scaled *= 2 ** 1000;
  for (; left < -1000; left += 1000) scaled *= 2 ** -1000;
  return scaled * 2 ** left;
}

/** n / d to 106 bits and more, whatever their size. */
export function ratio(n: bigint, d: bigint): Exact {
  if (n === 0n) return exact(DoubleDouble.of(0));
  // A quotient of 120 to 122 bits.
  const shift = 121 - (bitLength(n) - bitLength(d));
  const quotient = shift >= 0 ? (n << BigInt(shift)) / d : n / (d << BigInt(-shift));
  const high = Number(quotient);
  const low = Number(quotient - BigInt(high));
  return exact(DoubleDouble.sum(high, low), -shift);
}

function bitLength(n: bigint): number {
  return (n < 0n ? -n : n).toString(16).length * 4;
}

/** The value of a decimal number such as "-1.25e-310", however many its digits. */
export function fromDecimal(text: string): Exact {
  const [, sign, whole, digits = "", power = "0"] = /^(-?)(\d+)(?:\.(\d*))?(?:e([+-]?\d+))?$/.exec(text) ?? [];
  if (whole === undefined) throw new Error(`expected a decimal number, got "${text}"`);
  const integer = BigInt(sign + whole + digits);
  const tens = Number(power) - digits.length;
  return tens >= 0 ? ratio(integer * 10n ** BigInt(tens), 1n) : ratio(integer, 10n ** BigInt(-tens));
}

/** A fixed-point number, fixed / 2^bits, as one double-double: for values well inside the range. */
export function fromFixed(fixed: bigint, bits: number): DoubleDouble {
  const { value, exponent } = ratio(fixed, 1n << BigInt(bits));
  return value.scaled(2 ** exponent);
}
