/**
 * Running sums: a chunk's terms one after the other.
 *
 *   group    8 terms: added plainly, one after the other, from 0
 *   local    hi + (lo + group's sum so far), where hi and lo are the sum and its errors, by TwoSum over the chunk's groups before
 *   carry    the same pair over all chunks before, in their order
 *   result   initial + scale (carry + (carry's errors + local))
 *
 * A chunk's locals need no other chunk. Where its carry is known they become results at once; otherwise `finish` does that later, to the same bits.
 *
 * Role: any thread.
 */
import { accumulate, BLOCK } from "./chunks.js";
import { type Curve, fillTerms, scaleOf } from "./terms.js";

/** Doubles of a slot: the chunk's sum and errors; whether a width was wrong. */
export const RUNNING_WIDTH = 4;
export const FAULTS_AT = 2;

const GROUP = 8;

/** A sum and its errors. */
export interface Carry {
  readonly sum: number;
  readonly low: number;
}

const terms = new Float64Array(BLOCK);

/**
 * Writes results, or locals, of the intervals from <= i < to to out[i + 1], and their sum to the slot.
 *
 * @param carry null: not known yet
 */
export function runChunk(
  curve: Curve,
  initial: number,
  carry: Carry | null,
  from: number,
  to: number,
  out: Float64Array,
  slot: Float64Array,
): void {
  for (let first = from; first < to; first += BLOCK) {
    const last = Math.min(to, first + BLOCK);
    if (!fillTerms(curve, first, last, terms)) accumulate(slot, FAULTS_AT, 1);
    addGroups(last - first, out, first + 1, slot);
    if (carry !== null) finish(curve, initial, carry, first, last, out);
  }
}

function addGroups(count: number, out: Float64Array, to: number, slot: Float64Array): void {
  let hi = slot[0] as number;
  let lo = slot[1] as number;
  let first = 0;
  for (; first + GROUP <= count; first += GROUP) {
    const at = to + first;
    const s0 = terms[first] as number;
    const s1 = s0 + (terms[first + 1] as number);
    const s2 = s1 + (terms[first + 2] as number);
    const s3 = s2 + (terms[first + 3] as number);
    const s4 = s3 + (terms[first + 4] as number);
    const s5 = s4 + (terms[first + 5] as number);
    const s6 = s5 + (terms[first + 6] as number);
    const s7 = s6 + (terms[first + 7] as number);
    out[at] = hi + (lo + s0);
    out[at + 1] = hi + (lo + s1);
    out[at + 2] = hi + (lo + s2);
    out[at + 3] = hi + (lo + s3);
    out[at + 4] = hi + (lo + s4);
    out[at + 5] = hi + (lo + s5);
    out[at + 6] = hi + (lo + s6);
    out[at + 7] = hi + (lo + s7);
    const total = hi + s7;
    const part = total - hi;
    lo += hi - (total - part) + (s7 - part);
    hi = total;
  }
  if (first < count) {
    // The last of all.
    let sum = 0;
    for (let i = first; i < count; i++) {
      sum += terms[i] as number;
      out[to + i] = hi + (lo + sum);
    }
    const total = hi + sum;
    const part = total - hi;
    lo += hi - (total - part) + (sum - part);
    hi = total;
  }
  slot[0] = hi;
  slot[1] = lo;
}

/** Makes results of the locals of the intervals from <= i < to. */
export function finish(curve: Curve, initial: number, carry: Carry, from: number, to: number, out: Float64Array): void {
  const scale = scaleOf(curve);
  const { sum, low } = carry;
  for (let i = from + 1; i <= to; i++) out[i] = initial + scale * (sum + (low + (out[i] as number)));
}

/** The carry of the next chunk. */
export function carryOn({ sum, low }: Carry, slot: Float64Array): Carry {
  const pair = Float64Array.of(sum, low + (slot[1] as number));
  accumulate(pair, 0, slot[0] as number);
  return { sum: pair[0] as number, low: pair[1] as number };
}
