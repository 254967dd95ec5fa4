/**
 * The free lists: one doubly linked list per size class, and two levels of bitmaps that say which are not empty.
 *
 * Source: Masmano et al. 2004 (size-class.ts has the reference): with the bitmaps the search is two bit scans, no loop.
 * Role:   under the arena's lock only, except `largestListed`, which is safe at any time.
 *
 * Heads and bitmaps are stored atomically because `largestListed` reads them without the lock; the links are plain,
 * they belong to the lock.
 */
import {
  Arena,
  Block,
  COLUMNS,
  COLUMNS_OFFSET,
  HEADS_OFFSET,
  ROWS,
  isFree,
  sizeOf,
  storeFigure,
} from "./arena-records";
import { classOf, classThatHolds } from "./size-class";

/** Address of the word that holds the head of list `index`. */
export function headWord(arena: Arena, index: u32): usize {
  return changetype<usize>(arena) + HEADS_OFFSET + 4 * index;
}

/** Address of the word whose bit c says that list (row, c) is not empty. */
export function columnsWord(arena: Arena, row: u32): usize {
  return changetype<usize>(arena) + COLUMNS_OFFSET + 4 * row;
}

function rowsWord(arena: Arena): usize {
  return changetype<usize>(arena) + offsetof<Arena>("rows");
}

/** Files a free block under its size, in front: what was freed last is likely to be in a cache. */
export function link(arena: Arena, block: Block): void {
  assert(isFree(block));
  const index = classOf(sizeOf(block));
  const word = headWord(arena, index);
  const head = load<u32>(word);
  block.nextFree = head;
  block.previousFree = 0;
  if (head != 0) changetype<Block>(head).previousFree = <u32>changetype<usize>(block);
  atomic.store<u32>(word, <u32>changetype<usize>(block));
  if (head == 0) markFilled(arena, index);
  count(arena, 1);
}

/** Takes a free block out of its list. Its size must be the one it was filed under. */
export function unlink(arena: Arena, block: Block): void {
  assert(isFree(block));
  const next = block.nextFree;
  const previous = block.previousFree;
  count(arena, -1);
  if (next != 0) changetype<Block>(next).previousFree = previous;
  if (previous != 0) {
    changetype<Block>(previous).nextFree = next;
    return;
  }
  const index = classOf(sizeOf(block));
  assert(load<u32>(headWord(arena, index)) == <u32>changetype<usize>(block));
  atomic.store<u32>(headWord(arena, index), next);
  if (next == 0) markEmpty(arena, index);
}

/** Empties all lists, whatever state they are in; does not look at a single block. Most words are 0 already: those are left alone. */
export function forgetAll(arena: Arena): void {
  if (arena.rows != 0) atomic.store<u32>(rowsWord(arena), 0);
  const end = headWord(arena, ROWS * COLUMNS);
  for (let word = columnsWord(arena, 0); word < end; word += 4) {
    if (load<u32>(word) != 0) atomic.store<u32>(word, 0);
  }
  storeFigure(arena, offsetof<Arena>("freeBlocks"), 0);
}

/**
 * A free block of at least `size` bytes, still in its list; null when there is none to be found.
 *
 * Finds one exactly when `size <= largestListed(arena)`: in the class of `size` itself, where some members may be too
 * small, only the first is looked at.
 */
export function find(arena: Arena, size: u32): Block | null {
  const index = firstFilled(arena, classThatHolds(size));
  if (index >= 0) return changetype<Block>(load<u32>(headWord(arena, <u32>index)));
  const head = load<u32>(headWord(arena, classOf(size)));
  if (head == 0 || sizeOf(changetype<Block>(head)) < size) return null;
  return changetype<Block>(head);
}

/**
 * Bytes of the largest block that `find` would find, its head included; 0 when no block is free. Needs no lock: a
 * moment's truth.
 *
 * The first block of the highest list that is not empty; others in that list may be larger, by 1/32 at most.
 */
export function largestListed(arena: Arena): u32 {
  const rows = atomic.load<u32>(rowsWord(arena));
  if (rows == 0) return 0;
  const row = 31 - <u32>clz<u32>(rows);
  const columns = atomic.load<u32>(columnsWord(arena, row));
  // Without the lock the list may become empty between any two of these loads: then the answer is 0, as a moment later.
  if (columns == 0) return 0;
  const head = atomic.load<u32>(headWord(arena, (row << 5) | (31 - <u32>clz<u32>(columns))));
  if (head == 0) return 0;
  // The block may be somebody's by now, but blocks lie in the arena for ever: the load cannot trap, only be out of
  // date.
  return min(atomic.load<u32>(head) & ~(<u32>15), arena.last - arena.first);
}

/** The first class from `index` on whose list is not empty, or -1. */
function firstFilled(arena: Arena, index: u32): i32 {
  const row = index >> 5;
  if (row >= ROWS) return -1;
  const columns = load<u32>(columnsWord(arena, row)) & (u32.MAX_VALUE << (index & 31));
  if (columns != 0) return <i32>((row << 5) | <u32>ctz<u32>(columns));
  // ROWS is 24: the shift is at most 24, never the 32 that Wasm would take for 0.
  const rows = arena.rows & (u32.MAX_VALUE << (row + 1));
  if (rows == 0) return -1;
  const higher = <u32>ctz<u32>(rows);
  return <i32>((higher << 5) | <u32>ctz<u32>(load<u32>(columnsWord(arena, higher))));
}

function count(arena: Arena, change: i32): void {
  storeFigure(arena, offsetof<Arena>("freeBlocks"), arena.freeBlocks + change);
}

function markFilled(arena: Arena, index: u32): void {
  const row = index >> 5;
  const columns = columnsWord(arena, row);
  atomic.store<u32>(columns, load<u32>(columns) | ((<u32>1) << (index & 31)));
  atomic.store<u32>(rowsWord(arena), arena.rows | ((<u32>1) << row));
}

function markEmpty(arena: Arena, index: u32): void {
  const row = index >> 5;
  const columns = columnsWord(arena, row);
  const left = load<u32>(columns) & ~((<u32>1) << (index & 31));
  atomic.store<u32>(columns, left);
  if (left == 0) atomic.store<u32>(rowsWord(arena), arena.rows & ~((<u32>1) << row));
}
