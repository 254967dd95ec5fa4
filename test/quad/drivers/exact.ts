/**
 * Doubles as exact numbers: what the contract calls exact is computed here with integers of any size, slowly and obviously.
 *
 * A finite double is a whole multiple of 2^-1074; so it is kept as that multiple.
 */

/** The unit: the smallest positive double is 2^-1074. */
const UNIT_EXPONENT = 1074;

const view = new DataView(new ArrayBuffer(8));

/** x / 2^-1074, a whole number for every finite x. */
export function toUnits(x: number): bigint {
  if (!Number.isFinite(x)) throw new RangeError(`expected a finite number, got ${x}`);
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  const magnitude = exponent === 0n ? fraction : (fraction | (1n << 52n)) << (exponent - 1n);
  return x < 0 ? -magnitude : magnitude;
}

/** The double nearest to numerator / denominator units, ties to even; infinite beyond the largest. */
export function nearest(numerator: bigint, denominator = 1n): number {
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  // A first guess of the length of n / d, right or one too long.
  const length = n.toString(2).length - d.toString(2).length + 1;
  // Drop so many low bits that at most 54 stay; one more may go below.
  let shift = BigInt(Math.max(0, length - 54));
  let significand = n / (d << shift);
  if (significand >= 1n << 53n) significand = n / (d << ++shift);
  const twiceRest = 2n * (n - significand * (d << shift));
  const divisor = d << shift;
  if (twiceRest > divisor || (twiceRest === divisor && (significand & 1n) === 1n)) significand += 1n;
  const magnitude = fromParts(significand, Number(shift));
  return negative ? -magnitude : magnitude;
}

/** significand × 2^shift units, for a significand of at most 53 bits or 2^53. */
function fromParts(significand: bigint, shift: number): number {
  // Both factors are exact, and so is the product unless it overflows.
  if (shift <= UNIT_EXPONENT - 52) return Number(significand) * 2 ** -UNIT_EXPONENT * 2 ** shift;
  return Number(significand) * 2 ** (shift - UNIT_EXPONENT);
}

/** (a b) - rounded, which must be the rounded product, as a double. */
export function productRest(a: number, b: number, rounded: number): number {
  // Units times units are units of 2^-2148.
  return nearest(toUnits(a) * toUnits(b) - (toUnits(rounded) << BigInt(UNIT_EXPONENT)), 1n << BigInt(UNIT_EXPONENT));
}

/** (a + b) - rounded: always a double when `rounded` is the rounded sum. */
export function sumRest(a: number, b: number, rounded: number): number {
  return nearest(toUnits(a) + toUnits(b) - toUnits(rounded));
}
