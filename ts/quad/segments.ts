/**
 * What an integral to a tolerance knows of its range, part by part (assembly/quad/range/segments.ts).
 *
 * Role: the thread that computed it.
 */

import type { Heap } from "../runtime/core/heap.js";
import type { Segments } from "../types.js";

/** As many as the core writes at a time, of so many doubles. */
const BATCH = 256;
const DOUBLES = 4;

/** Of numbers that may be infinite, whose difference would be NaN. */
function compare(one: number, other: number): number {
  return Number(one > other) - Number(one < other);
}

/** In the order of x. Afterwards the integral cannot go on. */
export function readSegments({ core, member }: Heap, integral: number): Segments {
  const slots = core.integralSegmentCount(integral);
  const found = new Float64Array(DOUBLES * slots);
  let count = 0;
  for (let first = 0; first < slots; first += BATCH) {
    const at = (core.integralSegments(integral, first) >>> 0) >>> 3;
    const end = at + DOUBLES * Math.min(BATCH, slots - first);
    for (let place = at; place < end; place += DOUBLES) {
      if (Number.isNaN(member.floats[place]!)) continue;
      found.set(member.floats.subarray(place, place + DOUBLES), DOUBLES * count++);
    }
  }
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  // Far out ends may be the same double: then those that are next to nothing wide stand before the one that goes on.
  order.sort(
    (one, other) =>
      found[DOUBLES * one]! - found[DOUBLES * other]! ||
      compare(found[DOUBLES * one + 1]!, found[DOUBLES * other + 1]!),
  );
  const column = (offset: number): Float64Array =>
    Float64Array.from(order, (index) => found[DOUBLES * index + offset]!);
  // Where nothing is known the core says the largest double.
  const error = column(3).map((each) => (each === Number.MAX_VALUE ? Number.POSITIVE_INFINITY : each));
  return { lo: column(0), hi: column(1), value: column(2), error };
}
