/**
 * The error of a double in units of the last place of the exact value.
 *
 * Definition: for a value e with 2^k <= |e| < 2^(k+1) the unit is 2^(k-52), and never less than 2^-1074, the distance of subnormal doubles
 *             (D. Goldberg, "What every computer scientist should know about floating-point arithmetic", 1991). A correctly rounded result is off by 1/2 at
 *             most. Infinity stands for 2^1024, as IEEE 754 rounds to it: right beyond the largest double, and one unit off just below.
 * Role:       the bench's workers and tests.
 */
import { type Exact, shifted, split } from "./reference/exact.js";

const LARGEST_UNIT = 971;
const SMALLEST_UNIT = -1074;

/**
 * @param value   what a function returned
 * @param exact   what it should have been
 * @param floor   the unit is that of `floor` where |exact| is smaller: where a function promises that much and no more
 * @returns       0 or above; Infinity where one of the two is NaN and the other is not
 */
export function errorInUlp(value: number, { value: exact, exponent }: Exact, floor = 0): number {
  if (Number.isNaN(exact.high) || Number.isNaN(value))
    return Object.is(exact.high, value) ? 0 : Number.POSITIVE_INFINITY;
  const size = binade(exact.high, exact.low) + exponent;
  const least = floor > 0 ? binade(floor, 0) : SMALLEST_UNIT;
  const unit = Math.min(LARGEST_UNIT, Math.max(SMALLEST_UNIT, Math.max(size, least) - 52));
  const high = shifted(exact.high, exponent - unit);
  const low = shifted(exact.low, exponent - unit);
  if (Math.abs(high) > 2 ** 53)
    return value === Math.sign(high) * Number.POSITIVE_INFINITY ? 0 : beyond(value, high, unit);
  return Math.abs(inUnits(value, unit) - high - low);
}

/** The error where the exact value is beyond the largest double: as if it were 2^1024. */
function beyond(value: number, high: number, unit: number): number {
  return Math.abs(inUnits(value, unit) - Math.sign(high) * 2 ** 53);
}

function inUnits(value: number, unit: number): number {
  return Number.isFinite(value) ? shifted(value, -unit) : Math.sign(value) * shifted(1, 1024 - unit);
}

/** k with 2^k <= |high + low| < 2^(k+1). */
function binade(high: number, low: number): number {
  if (high === 0) return SMALLEST_UNIT;
  const { fraction, exponent } = split(high);
  return Math.abs(fraction) === 1 && low !== 0 && low > 0 !== high > 0 ? exponent - 1 : exponent;
}
