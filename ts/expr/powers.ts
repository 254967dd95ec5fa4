/**
 * Powers with a constant exponent: which are products, and in which order they are multiplied.
 *
 * Part of the language: evaluator and compiler both follow it, so that x^2.5 is (x*x)*sqrt(x) to the last bit wherever it runs.
 *
 *   exponent                     value
 *   0                            1
 *   1 to 16                      the chain below
 *   0.5                          sqrt(x)
 *   1.5 to 15.5, half-integers   chain of the whole part, times sqrt(x)
 *   the same, negative           1 / (that of the positive exponent)
 *   all others                   pow(x, exponent)
 *
 * Source: D. Knuth, "The Art of Computer Programming" 2, 4.6.3: shortest addition chains, of these the shallow ones.
 */

/** Largest magnitude of an exponent that is multiplied out. */
export const LARGEST_CHAIN = 16;

/** x^n = x^CHAIN[n] * x^(n - CHAIN[n]) for n from 2 to 16. */
export const CHAIN: readonly number[] = [0, 0, 1, 2, 2, 3, 3, 4, 4, 6, 5, 6, 6, 10, 7, 10, 8];

/** The exponent taken apart: value = x^whole * (half ? sqrt(x) : 1), or its reciprocal. */
export interface Power {
  readonly whole: number;
  readonly half: boolean;
  readonly reciprocal: boolean;
}

/** How x^exponent is multiplied out; undefined where it is `pow`. */
export function multipliedOut(exponent: number): Power | undefined {
  const magnitude = Math.abs(exponent);
  const whole = Math.floor(magnitude);
  const half = magnitude - whole === 0.5;
  // NaN and infinities fail one of these, too.
  if (magnitude > LARGEST_CHAIN || !(half || magnitude === whole)) return undefined;
  return { whole, half, reciprocal: exponent < 0 };
}
