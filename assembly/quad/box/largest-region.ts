/**
 * Regions by their errors: a heap with the largest on top, as range/largest.ts has it for panels; of equal ones the one that came to be first.
 *
 * Role: whoever decides between rounds.
 */
import { Cubature, regionOf } from "./regions";

// @ts-ignore: decorator
@inline
function entry(c: Cubature, index: i32): usize {
  return c.heapAt + ((<u32>index) << 2);
}

function precedes(c: Cubature, one: i32, other: i32): bool {
  const a = regionOf(c, one).key;
  const b = regionOf(c, other).key;
  return a != b ? a > b : one < other;
}

export function pushRegion(c: Cubature, slot: i32): void {
  let index = c.heap;
  c.heap += 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = load<i32>(entry(c, parent));
    if (!precedes(c, slot, above)) break;
    store<i32>(entry(c, index), above);
    index = parent;
  }
  store<i32>(entry(c, index), slot);
}

/** @returns the slot of the region with the largest key, which leaves the heap; the heap is not empty */
export function popRegion(c: Cubature): i32 {
  const top = load<i32>(entry(c, 0));
  const size = c.heap - 1;
  c.heap = size;
  const last = load<i32>(entry(c, size));
  let index = 0;
  while (true) {
    let child = 2 * index + 1;
    if (child >= size) break;
    if (child + 1 < size && precedes(c, load<i32>(entry(c, child + 1)), load<i32>(entry(c, child)))) child++;
    const below = load<i32>(entry(c, child));
    if (!precedes(c, below, last)) break;
    store<i32>(entry(c, index), below);
    index = child;
  }
  if (size > 0) store<i32>(entry(c, index), last);
  return top;
}
