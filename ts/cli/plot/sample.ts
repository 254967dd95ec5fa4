/**
 * A function on the screen: many samples, reduced to what a column of pixels can show.
 *
 * Source: U. Jugel et al., "M4: A Visualization-Oriented Time Series Data Aggregation", PVLDB 7 (2014): the first, lowest,
 *         highest and last sample of each column draw the same picture as all of them.
 */

/** A place on the curve; null where the curve has a gap. */
export type Point = { readonly x: number; readonly y: number } | null;

/** Samples in each column of pixels: oscillations that are finer show as a band. */
const SAMPLES_PER_COLUMN = 8;
/** Where a function has a pole, so much of its samples decides how far up and down the picture goes. */
const KEPT = 0.96;
/** A value beside a pole is this many times as large as three quarters of all samples. */
const POLE = 20;

/** f at `count` points. */
export type Evaluate = (x: Float64Array) => Float64Array;

/** A function as it can be drawn. */
export interface Curve {
  /** From left to right. */
  readonly points: readonly Point[];
  /** Whether the samples tell of a pole. */
  readonly hasPole: boolean;
}

/**
 * @param low  @param high  ends of the range, low < high
 * @param columns width in pixels
 */
export function sampleCurve(evaluate: Evaluate, low: number, high: number, columns: number): Curve {
  const intervals = columns * SAMPLES_PER_COLUMN;
  // Two products instead of low + width * t: the ends are hit exactly, and nothing overflows.
  const x = Float64Array.from({ length: intervals + 1 }, (_, i) => low * (1 - i / intervals) + high * (i / intervals));
  const y = evaluate(x);
  const points: Point[] = [];
  for (let start = 0; start <= intervals; start += SAMPLES_PER_COLUMN) {
    const end = Math.min(intervals, start + SAMPLES_PER_COLUMN - 1);
    for (const index of extremes(y, start, end)) {
      const value = y[index] as number;
      points.push(Number.isFinite(value) ? { x: x[index] as number, y: value } : null);
    }
  }
  return { points, hasPole: hasPole(y) };
}

/** Indices of the first, lowest, highest, last sample, in ascending order, and of one that is not finite. */
function extremes(y: Float64Array, start: number, end: number): number[] {
  const chosen = new Set([start, end]);
  let lowest = -1;
  let highest = -1;
  for (let i = start; i <= end; i++) {
    const value = y[i] as number;
    if (!Number.isFinite(value)) chosen.add(i);
    else if (lowest < 0) lowest = highest = i;
    else if (value < (y[lowest] as number)) lowest = i;
    else if (value > (y[highest] as number)) highest = i;
  }
  if (lowest >= 0) chosen.add(lowest).add(highest);
  return [...chosen].sort((p, q) => p - q);
}

/** Values from the lowest to the highest that a picture shows. */
export interface View {
  readonly low: number;
  readonly high: number;
  /** Whether some of the curve lies outside. */
  readonly isCut: boolean;
}

/**
 * The values to show: 0, from where the area is measured, and all of the curve, except around poles, of which all but the outermost
 * samples are shown: to show everything would flatten the rest to a line.
 *
 * @param others values that must be in view: heights of panels
 */
export function chooseView({ points, hasPole: isCut }: Curve, others: readonly number[] = []): View {
  const values = points.flatMap((point) => (point === null ? [] : [point.y])).sort((p, q) => p - q);
  const finite = others.filter(Number.isFinite);
  if (values.length === 0 && finite.length === 0) return { low: 0, high: 1, isCut: false };
  let low = Math.min(0, values[0] ?? 0);
  let high = Math.max(0, values.at(-1) ?? 0);
  if (isCut) {
    const skipped = Math.floor((values.length * (1 - KEPT)) / 2);
    low = Math.min(0, values[skipped] as number);
    high = Math.max(0, values[values.length - 1 - skipped] as number);
  } else {
    low = Math.min(low, ...finite);
    high = Math.max(high, ...finite);
  }
  if (low === high) return { low: low === 0 ? 0 : low, high: low === 0 ? 1 : high, isCut };
  // A little air, so that the curve does not run along the frame; the side that ends at 0 needs none.
  const air = 0.05 * (high / 2 - low / 2) * 2;
  const aired = { low: low < 0 ? low - air : low, high: high > 0 ? high + air : high };
  const fits = Number.isFinite(aired.high - aired.low);
  return fits ? { ...aired, isCut } : { low: low / 4, high: high / 4, isCut: true };
}

/**
 * Whether neighbouring samples tell of a pole: a gap beside a value that towers above most others, or a jump between two such values of
 * opposite signs that are the ends of two climbs. (An oscillation, however wild, climbs down before it changes sign.)
 */
function hasPole(y: Float64Array): boolean {
  const sizes = y.map(Math.abs).filter(Number.isFinite).sort();
  const tower = POLE * (sizes[Math.floor(sizes.length * 0.75)] ?? 0);
  const size = (index: number): number => Math.abs(y[index] ?? 0);
  return y.some((value, i) => {
    const next = y[i + 1] ?? value;
    if (!Number.isFinite(value))
      return [size(i - 1), size(i + 1)].some((beside) => Number.isFinite(beside) && beside > tower);
    const isJump = value < 0 !== next < 0 && Math.min(size(i), size(i + 1)) > tower;
    return isJump && size(i) >= size(i - 1) && size(i + 1) >= size(i + 2);
  });
}

/** Breaks the curve where it leaves the view on one side and comes back on the other: a pole is no vertical line. */
export function breakAtPoles(points: readonly Point[], view: View): Point[] {
  if (!view.isCut) return [...points];
  return points.flatMap((point, index) => {
    const before = points[index - 1];
    if (point === null || before === null || before === undefined) return [point];
    const crosses = (before.y > view.high && point.y < view.low) || (before.y < view.low && point.y > view.high);
    return crosses ? [null, point] : [point];
  });
}
