/**
 * The records of a queue: what follows its Thing, and the cells that its items lie in.
 *
 * Role: inside the queue's section. A cell that holds no item belongs to nobody: it is written without a log.
 *
 *   puts, gets, done    counts of what was ever put, taken (or dropped), and done; they wrap around, their differences do not:
 *                       puts - gets is the size, puts - done what is unfinished
 *   cells               a block of `capacity` cells, a power of two; it doubles when it is full
 *                       FIFO: the item put as number i lies in cell i mod capacity. LIFO: in cells 0 .. size - 1.
 *                       PRIORITY: a heap in cells 0 .. size - 1 (priority.ts).
 */
import { FIFO, LIFO, TASKS, Thing } from "../sync/thing";

/** Offset in a pool's tasks of the word that says who looks for one (assembly/tasks/tasks.ts, `look`). */
export const LOOKER: u32 = 188;

@unmanaged
export class Queue extends Thing {
  puts: u32;
  gets: u32;
  done: u32;
  /** 0: bounded by memory only. */
  maxsize: u32;
  cells: u32;
  capacity: u32;
  /** OPEN, GRACEFUL or IMMEDIATE. */
  shut: u32;
  /** Items that a dead thread had taken and not done, and that no `join` was told of yet. */
  abandoned: u32;
  /** Arrivals in a priority queue: 64 bits, so that equal priorities keep their order for ever. */
  arrivals: u64;
}

export const QUEUE_BYTES: u32 = 128;

export const OPEN: u32 = 0;
/** No more puts; what is there can be taken. */
export const GRACEFUL: u32 = 1;
/** No more puts, and nothing to take. */
export const IMMEDIATE: u32 = 2;

/** 16 bytes; a value that is all in the cell has no block. */
@unmanaged
export class Cell {
  tag: i32;
  block: u32;
  number: f64;
}

/** 32 bytes, in a heap. */
@unmanaged
export class Ranked extends Cell {
  priority: f64;
  arrival: u64;
}

/** Cells in the first block. */
export const FEWEST_CELLS: u32 = 16;

/** Whether it is a heap: priority queues, and a pool's tasks. */
// @ts-ignore: decorator
@inline
export function isRanked(queue: Queue): bool {
  return queue.kind != FIFO && queue.kind != LIFO;
}

/** Power of two of a cell's bytes. */
// @ts-ignore: decorator
@inline
export function cellShift(queue: Queue): u32 {
  return isRanked(queue) ? 5 : 4;
}

// @ts-ignore: decorator
@inline
export function cellAt(queue: Queue, index: u32): Cell {
  return changetype<Cell>(queue.cells + (index << 4));
}

// @ts-ignore: decorator
@inline
export function rankedAt(queue: Queue, index: u32): Ranked {
  return changetype<Ranked>(queue.cells + (index << 5));
}

// @ts-ignore: decorator
@inline
export function sizeOf(queue: Queue): u32 {
  return queue.puts - queue.gets;
}

/** Those that are read without the lock too. */
// @ts-ignore: decorator
@inline
export function putsOf(queue: Queue): u32 {
  return atomic.load<u32>(changetype<usize>(queue), offsetof<Queue>("puts"));
}

// @ts-ignore: decorator
@inline
export function getsOf(queue: Queue): u32 {
  return atomic.load<u32>(changetype<usize>(queue), offsetof<Queue>("gets"));
}

/** Whether a thread is about to take what is put in, so that nobody need be woken (assembly/tasks). In the section. */
// @ts-ignore: decorator
@inline
export function isLookedFor(queue: Queue): bool {
  return queue.kind == TASKS && atomic.load<u32>(changetype<usize>(queue), LOOKER) != 0;
}

// @ts-ignore: decorator
@inline
export function shutOf(queue: Queue): u32 {
  return atomic.load<u32>(changetype<usize>(queue), offsetof<Queue>("shut"));
}
