/**
 * Panels by their errors: a heap with the largest on top; of equal ones the one further left. So which panels a round takes does not depend on where they lie.
 *
 * Most panels of a wide first pass are resolved, and never needed: they stay out until there are no others.
 *
 * Source: J. W. J. Williams, "Algorithm 232: Heapsort" (1964).
 * Role:   whoever decides between rounds.
 */
import { Integral, panelOf } from "./integral";

// @ts-ignore: decorator
@inline
function at(integral: Integral, index: i32): usize {
  return integral.heapAt + ((<u32>index) << 2);
}

/** Whether panel `one` comes before panel `other`. */
function precedes(integral: Integral, one: i32, other: i32): bool {
  const a = panelOf(integral, one);
  const b = panelOf(integral, other);
  if (a.error != b.error) return a.error > b.error;
  if (a.piece != b.piece) return a.piece < b.piece;
  return a.lo < b.lo;
}

/** A panel takes part in choices from now on: in the heap, or, if its error is small, when there is nothing else. */
export function push(integral: Integral, slot: i32): void {
  const panel = panelOf(integral, slot);
  panel.isLeft = i16(panel.error < integral.cut);
  if (panel.isLeft) return;
  let index = integral.heap;
  integral.heap += 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = load<i32>(at(integral, parent));
    if (!precedes(integral, slot, above)) break;
    store<i32>(at(integral, index), above);
    index = parent;
  }
  store<i32>(at(integral, index), slot);
}

/** All panels take part. */
export function pushAll(integral: Integral): void {
  const cut = integral.cut;
  for (let slot = 0; slot < integral.panels; slot++) {
    const panel = panelOf(integral, slot);
    if (panel.error < cut) panel.isLeft = 1;
    else push(integral, slot);
  }
}

/** Whether there is a panel to be popped. The first time that there would be none, those that were left out come in. */
export function hasMore(integral: Integral): bool {
  if (integral.heap == 0 && integral.cut > 0) {
    integral.cut = 0;
    for (let slot = 0; slot < integral.panels; slot++) {
      if (panelOf(integral, slot).isLeft) push(integral, slot);
    }
  }
  return integral.heap > 0;
}

/** @returns the slot of the panel with the largest error, which leaves the heap; the heap is not empty */
export function pop(integral: Integral): i32 {
  const top = load<i32>(at(integral, 0));
  const size = integral.heap - 1;
  integral.heap = size;
  const last = load<i32>(at(integral, size));
  let index = 0;
  while (true) {
    let child = 2 * index + 1;
    if (child >= size) break;
    if (child + 1 < size && precedes(integral, load<i32>(at(integral, child + 1)), load<i32>(at(integral, child)))) child++;
    const below = load<i32>(at(integral, child));
    if (!precedes(integral, below, last)) break;
    store<i32>(at(integral, index), below);
    index = child;
  }
  if (size > 0) store<i32>(at(integral, index), last);
  return top;
}
