/**
 * Priority discipline: a heap of cells with four children each, the lowest priority first, equal ones in order of arrival.
 *
 * Source: D. B. Johnson, "Priority queues with update and finding minimum spanning trees" (1975), the d-ary heap; a hole is moved instead of items being
 *         swapped. Four children of 32 bytes lie in two cache lines, and the tree is half as high as a binary one.
 * Role:   inside the queue's section. Each cell that is overwritten goes into the log first, so a death in the middle of a sift is undone.
 */
import { Thread } from "../memory/layout";
import { noteWide } from "../sync/section";
import { Queue, Ranked, rankedAt, sizeOf } from "./records";

/** Adds an item; there is room for it. */
export function pushRanked(me: Thread, queue: Queue, tag: i32, block: u32, number: f64, priority: f64): void {
  const arrival = queue.arrivals;
  let hole = sizeOf(queue);
  // The cell behind the last is nobody's: the first move into it needs no log.
  let isFree = true;
  while (hole > 0) {
    const above = (hole - 1) >> 2;
    const parent = rankedAt(queue, above);
    // An older one of the same priority stays in front.
    if (!(priority < parent.priority)) break;
    move(me, rankedAt(queue, hole), parent, isFree);
    isFree = false;
    hole = above;
  }
  const cell = rankedAt(queue, hole);
  if (!isFree) keep(me, cell);
  cell.tag = tag;
  cell.block = block;
  cell.number = number;
  cell.priority = priority;
  cell.arrival = arrival;
  noteWide(me, changetype<usize>(queue) + offsetof<Queue>("arrivals"));
  queue.arrivals = arrival + 1;
}

/** Closes the gap that taking the first item leaves. The queue's size still counts it. */
export function popRanked(me: Thread, queue: Queue): void {
  sink(me, queue, 0);
}

/** The same for the item in any cell. */
export function removeRanked(me: Thread, queue: Queue, index: u32): void {
  const size = sizeOf(queue) - 1;
  if (index == size) return;
  const last = rankedAt(queue, size);
  let hole = index;
  while (hole > 0) {
    const above = (hole - 1) >> 2;
    const parent = rankedAt(queue, above);
    if (!precedes(last, parent)) break;
    move(me, rankedAt(queue, hole), parent, false);
    hole = above;
  }
  if (hole == index) sink(me, queue, index);
  else move(me, rankedAt(queue, hole), last, false);
}

/** The last item looks for its place from a gap on downwards. Its own cell is nobody's from here on, but stays as it is for the undo. */
function sink(me: Thread, queue: Queue, gap: u32): void {
  const size = sizeOf(queue) - 1;
  const last = rankedAt(queue, size);
  let hole = gap;
  for (;;) {
    const first = (hole << 2) + 1;
    if (first >= size) break;
    const least = leastOf(queue, first, min(first + 4, size));
    if (!precedes(least, last)) break;
    move(me, rankedAt(queue, hole), least, false);
    hole = <u32>((changetype<usize>(least) - queue.cells) >> 5);
  }
  if (hole != size) move(me, rankedAt(queue, hole), last, false);
}

/** The cell that comes first of those with index from `from` to before `to`. */
// @ts-ignore: decorator
@inline
function leastOf(queue: Queue, from: u32, to: u32): Ranked {
  let least = rankedAt(queue, from);
  for (let i = from + 1; i < to; i++) {
    const cell = rankedAt(queue, i);
    if (precedes(cell, least)) least = cell;
  }
  return least;
}

// @ts-ignore: decorator
@inline
function precedes(a: Ranked, b: Ranked): bool {
  return a.priority < b.priority || (a.priority == b.priority && a.arrival < b.arrival);
}

// @ts-ignore: decorator
@inline
function move(me: Thread, to: Ranked, from: Ranked, isFree: bool): void {
  if (!isFree) keep(me, to);
  const target = changetype<usize>(to);
  const source = changetype<usize>(from);
  store<u64>(target, load<u64>(source));
  store<u64>(target, load<u64>(source, 8), 8);
  store<u64>(target, load<u64>(source, 16), 16);
  store<u64>(target, load<u64>(source, 24), 24);
}

/** Notes the four words of a cell that is about to be overwritten. */
// @ts-ignore: decorator
@inline
function keep(me: Thread, cell: Ranked): void {
  const address = changetype<usize>(cell);
  noteWide(me, address);
  noteWide(me, address + 8);
  noteWide(me, address + 16);
  noteWide(me, address + 24);
}
