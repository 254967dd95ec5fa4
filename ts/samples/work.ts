/**
 * Work on samples as data, so that any thread can do any chunk of it: what is to be done, on which arrays, chunk by chunk into slots.
 *
 *   equal    sums by index modulo 8                     equal.ts
 *   spaced   sums over pairs and quads of intervals     spaced.ts
 *   running  running sums into an array; with a carry where it is known     running.ts
 *   finish   the same array once the carries are known
 *
 * A chunk of sums may be done twice, and at the same time; one of running sums, which is written in place, may not.
 *
 * Role: any thread.
 */
import { CHUNK, chunksOf } from "./chunks.js";
import { addClasses, EQUAL_WIDTH } from "./equal.js";
import { type Carry, finish, RUNNING_WIDTH, runChunk } from "./running.js";
import { addPairs, type Order, SPACED_WIDTH } from "./spaced.js";
import type { Curve } from "./terms.js";

export type Work =
  | { readonly kind: "equal"; readonly y: Float64Array; readonly stride: number; readonly count: number }
  | {
      readonly kind: "spaced";
      readonly x: Float64Array;
      readonly y: Float64Array;
      readonly order: Order;
      readonly withCoarse: boolean;
      /** Intervals: an even number. */
      readonly count: number;
    }
  | RunningWork
  | {
      readonly kind: "finish";
      readonly curve: Curve;
      readonly initial: number;
      readonly out: Float64Array;
      readonly count: number;
      /** Of each chunk: sum and errors. */
      readonly carries: Float64Array;
    };

export interface RunningWork {
  readonly kind: "running";
  readonly curve: Curve;
  readonly initial: number;
  readonly out: Float64Array;
  readonly count: number;
}

const WIDTHS = { equal: EQUAL_WIDTH, spaced: SPACED_WIDTH, running: RUNNING_WIDTH, finish: 0 };

/** Doubles of a chunk's slot. */
export function widthOf(work: Work): number {
  return WIDTHS[work.kind];
}

/** Doubles of all slots. */
export function slotsOf(work: Work): number {
  return widthOf(work) * chunksOf(work.count);
}

/**
 * Does one chunk, which needs no other.
 *
 * @param slots all of them: that of the chunk is written once, when it is complete; so whoever does the same chunk at the same time writes the same bits
 */
export function doChunk(work: Work, chunk: number, slots: Float64Array): void {
  const width = widthOf(work);
  const slot = new Float64Array(width);
  const from = chunk * CHUNK;
  const to = Math.min(work.count, from + CHUNK);
  if (work.kind === "equal") addClasses(work.y, work.stride, from, to, slot);
  else if (work.kind === "spaced") addPairs(work.x, work.y, work.order, work.withCoarse, from, to, slot);
  else if (work.kind === "running") runChunk(work.curve, 0, null, from, to, work.out, slot);
  else {
    const carry = { sum: work.carries[2 * chunk] as number, low: work.carries[2 * chunk + 1] as number };
    finish(work.curve, work.initial, carry, from, to, work.out);
  }
  slots.set(slot, chunk * width);
}

/** Does one chunk of running sums after the one before it. @returns its slot */
export function doNext(work: RunningWork, chunk: number, carry: Carry): Float64Array {
  const slot = new Float64Array(RUNNING_WIDTH);
  const from = chunk * CHUNK;
  runChunk(work.curve, work.initial, carry, from, Math.min(work.count, from + CHUNK), work.out, slot);
  return slot;
}
