/**
 * Constants of the reference functions, made when they are loaded, from series in integers: nothing is copied that could be copied wrongly.
 *
 * Source: pi by J. Machin's formula; log 2 = 2 atanh(1/3); zeta by P. Borwein, "An efficient algorithm for the Riemann zeta function" (2000),
 *         algorithm 2; Euler's constant by the Euler-Maclaurin formula; Bernoulli numbers by their recurrence.
 * Held:   test/bench/ulp/reference/constants.test.ts.
 * Role:   the bench's workers and tests.
 */
import { DoubleDouble, ONE } from "./double-double.js";
import { fromFixed, ratio } from "./exact.js";

/** Bits after the point of `PI_FIXED`: 1024 for the largest angle, and 256 for what is left of it. */
export const PI_BITS = 1280;
/** pi * 2^PI_BITS, to the last bit or two. */
export const PI_FIXED = piFixed(PI_BITS + 32) >> 32n;

/** Bits after the point of everything else here. */
const BITS = 256;
const UNIT = 1n << BigInt(BITS);

const LOG_2_FIXED = 2n * inverseSeries(3n, BITS, 1n);

export const PI = fromFixed(PI_FIXED, PI_BITS);
export const SQRT_PI = PI.squareRoot();
export const LOG_2 = fromFixed(LOG_2_FIXED, BITS);
/** log 2 in two parts: 40 bits, so that whole multiples up to 2^13 are doubles, and what follows. */
export const LOG_2_HEAD = Number(LOG_2_FIXED >> BigInt(BITS - 40)) / 2 ** 40;
export const LOG_2_TAIL = fromFixed(LOG_2_FIXED - ((LOG_2_FIXED >> BigInt(BITS - 40)) << BigInt(BITS - 40)), BITS);

/** 1/n! for n = 0, 1, … 35. */
export const INVERSE_FACTORIALS: readonly DoubleDouble[] = factorials(36).map((factorial) => quotient(1n, factorial));

/** 1/(2n+1) for n = 0, 1, … 35. */
export const INVERSE_ODDS: readonly DoubleDouble[] = Array.from({ length: 36 }, (_, n) =>
  ONE.over(DoubleDouble.of(2 * n + 1)),
);

/** B(2), B(4), … B(60), numerators and denominators. */
export const BERNOULLI = bernoulliNumbers(60);

/** zeta(2), zeta(3), … zeta(80). */
export const ZETAS: readonly DoubleDouble[] = Array.from({ length: 79 }, (_, n) => fromFixed(zetaFixed(n + 2), BITS));

export const EULER = fromFixed(eulerFixed(), BITS);

/** n / d for values well inside the range of doubles. */
export function quotient(n: bigint, d: bigint): DoubleDouble {
  const { value, exponent } = ratio(n, d);
  return value.scaled(2 ** exponent);
}

/** atan(1/n) for sign -1, atanh(1/n) for 1, times 2^bits. */
function inverseSeries(n: bigint, bits: number, sign: 1n | -1n): bigint {
  let power = (1n << BigInt(bits)) / n;
  let sum = power;
  for (let odd = 3n; power !== 0n; odd += 2n) {
    power = (sign * power) / (n * n);
    sum += power / odd;
  }
  return sum;
}

function piFixed(bits: number): bigint {
  return 16n * inverseSeries(5n, bits, -1n) - 4n * inverseSeries(239n, bits, -1n);
}

/** 0!, 1!, … */
function factorials(count: number): bigint[] {
  const found = [1n];
  for (let n = 1; n < count; n++) found.push(found[n - 1]! * BigInt(n));
  return found;
}

/** B(2), B(4), … B(last): the sum over k of binomial(m + 1, k) B(k) is 0 for every m from 1 on, over the common denominator (last + 1)!. */
function bernoulliNumbers(last: number): readonly (readonly [bigint, bigint])[] {
  const denominator = factorials(last + 2)[last + 1]!;
  const scaled = [denominator];
  for (let m = 1; m <= last; m++) {
    let sum = 0n;
    let binomial = 1n;
    for (let k = 0; k < m; k++) {
      sum += binomial * scaled[k]!;
      binomial = (binomial * BigInt(m + 1 - k)) / BigInt(k + 1);
    }
    scaled.push(-sum / BigInt(m + 1));
  }
  return Array.from({ length: last / 2 }, (_, k) => [scaled[2 * k + 2]!, denominator] as const);
}

/** Weights d(k) of Borwein's sum of n + 1 terms; its error is below (3 + sqrt 8)^-n, here 2^-254. */
function zetaFixed(s: number): bigint {
  const n = 100;
  const weights: bigint[] = [];
  let term = 1n;
  let sum = 0n;
  for (let k = 0; k <= n; k++) {
    // n (n + k - 1)! 4^k / ((n - k)! (2 k)!), from the one before.
    if (k > 0) term = (term * BigInt(4 * (n + k - 1) * (n - k + 1))) / BigInt(2 * k * (2 * k - 1));
    sum += term;
    weights.push(sum);
  }
  const all = weights[n]!;
  let series = 0n;
  for (let k = 0; k < n; k++) {
    const part = ((weights[k]! - all) * UNIT) / BigInt(k + 1) ** BigInt(s);
    series += k % 2 === 0 ? part : -part;
  }
  // zeta(s) = -series / (all (1 - 2^(1 - s)))
  const half = 1n << BigInt(s - 1);
  return (-series * half) / (all * (half - 1n));
}

/** H(n) - log n - 1/(2n) + sum of B(2k) / (2k n^2k), with n = 2^10: the terms fall by 2^-20 and a little less each. */
function eulerFixed(): bigint {
  const n = 1024n;
  let sum = -10n * LOG_2_FIXED - UNIT / (2n * n);
  for (let k = 1n; k <= n; k++) sum += UNIT / k;
  BERNOULLI.slice(0, 15).forEach(([numerator, denominator], index) => {
    const order = BigInt(2 * (index + 1));
    sum += (UNIT * numerator) / (denominator * order * n ** order);
  });
  return sum;
}
