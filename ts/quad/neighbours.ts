/** Doubles next to others. */

const scratch = new DataView(new ArrayBuffer(8));

/** The double next to `x` in the direction of `towards`, which is another. */
function next(x: number, towards: number): number {
  if (x === 0) return towards > 0 ? Number.MIN_VALUE : -Number.MIN_VALUE;
  scratch.setFloat64(0, x);
  const bits = scratch.getBigInt64(0);
  scratch.setBigInt64(0, bits + (towards > x === x > 0 ? 1n : -1n));
  return scratch.getFloat64(0);
}

/** The least and the greatest double between two, lo < hi; the two themselves if there is none. */
export function between(lo: number, hi: number): readonly [least: number, most: number] {
  const least = next(lo, hi);
  return least < hi ? [least, next(hi, lo)] : [lo, hi];
}
