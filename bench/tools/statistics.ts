/** Medians and quartiles: what a handful of samples, some of them disturbed, can honestly be reduced to. */

export interface Spread {
  readonly median: number;
  /** Lower and upper quartile. */
  readonly q1: number;
  readonly q3: number;
}

/**
 * Median and quartiles.
 *
 * @param samples at least one, in any order
 * Source: R. J. Hyndman, Y. Fan, "Sample Quantiles in Statistical Packages" (1996), definition 7.
 * @example spreadOf([4, 1, 3, 2])   // { median: 2.5, q1: 1.75, q3: 3.25 }
 */
export function spreadOf(samples: readonly number[]): Spread {
  if (samples.length === 0) throw new Error("expected at least one sample");
  const sorted = [...samples].sort((a, b) => a - b);
  const quantile = (p: number): number => {
    const place = p * (sorted.length - 1);
    const below = sorted[Math.floor(place)] as number;
    const above = sorted[Math.ceil(place)] as number;
    return below + (place - Math.floor(place)) * (above - below);
  };
  return { median: quantile(1 / 2), q1: quantile(1 / 4), q3: quantile(3 / 4) };
}

/**
 * The spread of `a[i] / b[i]`. Samples of one round were taken within a second or two, so that what slows the machine
 * down slows both: their ratio is steadier than the ratio of two medians.
 *
 * @param a @param b samples by round, as many of each
 */
export function ratioOf(a: readonly number[], b: readonly number[]): Spread {
  if (a.length !== b.length) throw new Error(`expected as many samples of both, got ${a.length} and ${b.length}`);
  return spreadOf(a.map((sample, round) => sample / (b[round] as number)));
}

/** Median to three digits, and how far apart the quartiles are in percent of it: "0.274 (3%)". */
export function showSpread({ median, q1, q3 }: Spread): string {
  return `${showNumber(median)} (${Math.round((100 * (q3 - q1)) / median)}%)`;
}

/** Median and quartiles, three digits each: "41.2 [38.0-45.1]". */
export function showQuartiles({ median, q1, q3 }: Spread): string {
  return `${showNumber(median)} [${showNumber(q1)}-${showNumber(q3)}]`;
}

/** Three significant digits, without an exponent for what a bench measures. */
export function showNumber(value: number): string {
  if (!Number.isFinite(value) || value === 0) return String(value);
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(12, digits));
}
