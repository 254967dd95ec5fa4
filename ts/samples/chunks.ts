/**
 * Chunks and blocks of samples, and how their sums are added: the part of the numeric contract (docs/numerics.md) that all rules share.
 *
 *   block   up to 4096 samples, or intervals, summed plainly in partial sums
 *   chunk   16 blocks, added with TwoSum: its *slot* holds pairs, a sum and beside it the sum of its errors
 *   whole   slots in a binary tree over the indices of their chunks, neighbours first
 *
 * All of it depends on the number of samples alone, so chunks may be computed by any thread in any order.
 *
 * Source: D. E. Knuth, TAOCP 2, 4.2.2 (TwoSum); T. Ogita, S. Rump, S. Oishi, "Accurate sum and dot product" (2005).
 * Role:   any thread.
 */
import type { DoubleDouble } from "../integrate/double-double.js";

export const BLOCK = 2 ** 12;
export const CHUNK = 2 ** 16;

/** Chunks of that many samples, or intervals. */
export function chunksOf(count: number): number {
  return Math.ceil(count / CHUNK);
}

/** Adds `term` to the pair at `at`. */
export function accumulate(slots: Float64Array, at: number, term: number): void {
  const sum = slots[at] as number;
  const total = sum + term;
  const part = total - sum;
  slots[at + 1] = (slots[at + 1] as number) + (sum - (total - part) + (term - part));
  slots[at] = total;
}

/**
 * Reduces slots to one.
 *
 * @param slots of `width` doubles each, pairs; they are left as they are
 * @returns one slot
 */
export function reduceSlots(slots: Float64Array, width: number): DoubleDouble[] {
  // One slot for each set bit of the number of those that are in: two that stand for equally many are neighbours, and become one.
  const stack: Float64Array[] = [];
  const count = slots.length / width;
  for (let i = 0; i < count; i++) {
    let top: Float64Array = slots.slice(i * width, (i + 1) * width);
    // As many pairs close with slot i as i has ones at its low end.
    for (let rest = i; rest % 2 === 1; rest = (rest - 1) / 2) top = addInto(stack.pop() as Float64Array, top);
    stack.push(top);
  }
  let whole: Float64Array = stack.pop() ?? new Float64Array(width);
  while (stack.length > 0) whole = addInto(stack.pop() as Float64Array, whole);
  return Array.from({ length: width / 2 }, (_, k) => [whole[2 * k] as number, whole[2 * k + 1] as number] as const);
}

function addInto(left: Float64Array, right: Float64Array): Float64Array {
  for (let at = 0; at < left.length; at += 2) {
    const low = (left[at + 1] as number) + (right[at + 1] as number);
    left[at + 1] = 0;
    accumulate(left, at, right[at] as number);
    left[at + 1] = low + (left[at + 1] as number);
  }
  return left;
}
