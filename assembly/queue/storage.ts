/**
 * Where a queue's items lie: one block of cells that doubles when it is full, and how an item comes in and goes out under each discipline.
 *
 * Role: `push` and `pop` inside the queue's section; `grow`, `drain` and `discard` outside, for they go to the arena.
 */
import { Thread, itemOf } from "../memory/layout";
import { anyHand, empty, take, valueHand } from "../sync/hands";
import { set } from "../sync/section";
import { NO_MEMORY, OK } from "../sync/status";
import { FIFO, begin, end } from "../sync/thing";
import { Cell, FEWEST_CELLS, Queue, cellAt, cellShift, isRanked, rankedAt, sizeOf } from "./records";
import { popRanked, pushRanked } from "./priority";

/** Bytes of the largest block of cells: beyond it the size would not fit an i32. */
const MOST_BYTES: u32 = 1 << 30;

/** Adds an item at the queue's end, as its discipline has it. There is room. */
// @ts-ignore: decorator
@inline
export function push(me: Thread, queue: Queue, tag: i32, block: u32, number: f64, priority: f64): void {
  if (isRanked(queue)) {
    pushRanked(me, queue, tag, block, number, priority);
  } else {
    const cell = cellAt(queue, queue.kind == FIFO ? queue.puts & (queue.capacity - 1) : sizeOf(queue));
    cell.tag = tag;
    cell.block = block;
    cell.number = number;
  }
  set(me, changetype<usize>(queue) + offsetof<Queue>("puts"), queue.puts + 1);
}

/** Takes the next item out, into the thread's Item; its block into the value hand, which is empty. There is one. */
// @ts-ignore: decorator
@inline
export function pop(me: Thread, queue: Queue): void {
  const item = itemOf(me);
  const cell = nextCell(queue);
  item.tag = cell.tag;
  item.block = cell.block;
  item.number = cell.number;
  if (cell.block != 0) set(me, valueHand(me), cell.block);
  if (isRanked(queue)) {
    item.priority = rankedAt(queue, 0).priority;
    popRanked(me, queue);
  }
  set(me, changetype<usize>(queue) + offsetof<Queue>("gets"), queue.gets + 1);
}

/** The cell whose item leaves next. */
// @ts-ignore: decorator
@inline
export function nextCell(queue: Queue): Cell {
  if (queue.kind == FIFO) return cellAt(queue, queue.gets & (queue.capacity - 1));
  if (isRanked(queue)) return rankedAt(queue, 0);
  return cellAt(queue, sizeOf(queue) - 1);
}

/**
 * Makes room for at least one more item, in a block of twice the cells.
 *
 * @returns OK, also when somebody else did it meanwhile; BUSY, CUT_OFF, NO_MEMORY
 */
export function grow(me: Thread, queue: Queue): i32 {
  const shift = cellShift(queue);
  const capacity = max(FEWEST_CELLS, queue.capacity << 1);
  if (capacity > MOST_BYTES >> shift) {
    itemOf(me).count = capacity << shift;
    return NO_MEMORY;
  }
  let status = take(me, anyHand(me), capacity << shift);
  if (status != OK) return status;
  status = begin(me, queue);
  if (status == OK) {
    if (sizeOf(queue) == queue.capacity && queue.capacity < capacity) {
      copyCells(queue, me.hand, capacity);
      const old = queue.cells;
      set(me, changetype<usize>(queue) + offsetof<Queue>("cells"), me.hand);
      set(me, changetype<usize>(queue) + offsetof<Queue>("capacity"), capacity);
      set(me, anyHand(me), old);
    }
    end(me, queue);
  }
  empty(me, anyHand(me));
  return status;
}

/** Copies all cells into a larger block, each to where it belongs there. */
function copyCells(queue: Queue, target: u32, capacity: u32): void {
  if (queue.kind != FIFO) {
    memory.copy(target, queue.cells, sizeOf(queue) << cellShift(queue));
    return;
  }
  // The numbers of the items stay, so their cells do not lie in one piece: from `gets` to the old block's end, and from its beginning.
  for (let i = queue.gets; i != queue.puts; i++) {
    const from = queue.cells + ((i & (queue.capacity - 1)) << 4);
    const to = target + ((i & (capacity - 1)) << 4);
    store<u64>(to, load<u64>(from));
    store<u64>(to, load<u64>(from, 8), 8);
  }
}

/** Drops all items, one section for each that has a block. @returns OK, BUSY or CUT_OFF: then some may be left */
export function drain(me: Thread, queue: Queue): i32 {
  for (;;) {
    let status = empty(me, valueHand(me));
    if (status != OK) return status;
    status = begin(me, queue);
    if (status != OK) return status;
    const isOver = sizeOf(queue) == 0;
    if (!isOver) pop(me, queue);
    end(me, queue);
    if (isOver) return OK;
  }
  return OK;
}

/** Gives the block of cells back. The queue is empty, and nobody has a grip on it. */
export function discard(me: Thread, queue: Queue): i32 {
  let status = drain(me, queue);
  if (status == OK) status = empty(me, anyHand(me));
  if (status == OK) status = begin(me, queue);
  if (status != OK) return status;
  if (queue.cells != 0) {
    set(me, anyHand(me), queue.cells);
    set(me, changetype<usize>(queue) + offsetof<Queue>("cells"), 0);
    set(me, changetype<usize>(queue) + offsetof<Queue>("capacity"), 0);
  }
  end(me, queue);
  return empty(me, anyHand(me));
}
