/**
 * Arena: the allocator that all threads share. Its whole state lies in the shared memory, at a base address that the
 * host chooses.
 *
 * Source: two-level segregated fit, Masmano et al. 2004 (size-class.ts), with boundary tags (D. Knuth, TAOCP 1, 2.5)
 *         and immediate coalescing.
 * Role:   any thread, after one thread has called `arenaInit`. A page's own thread passes `canBlock` false and must be
 *         ready for `ARENA_BUSY`.
 * Cost:   no loop under the lock, whatever the number of blocks. An `arenaAlloc` with its `arenaFree`, undisturbed: 60 ns
 *         (AMD EPYC, Node 20).
 *
 * Addresses and counts are unsigned; JavaScript sees them signed and writes `>>> 0`. README.md has the invariants and
 * what a death leaves.
 */
import { LOCK_BUSY, LOCK_OWNED, LOCK_TAKEN, lock, lockOwner, unlock } from "../sync/lock";
import {
  ALIGNMENT,
  ARENA_BYTES,
  ARENA_MAGIC,
  Arena,
  Block,
  FREE,
  HEAD_BYTES,
  LEAST_BYTES,
  NO_OWNER,
  blockAfter,
  blockBefore,
  isFree,
  isSealedFree,
  isSealedUsed,
  lockWord,
  sealFree,
  sealUsed,
  sizeOf,
  storeFigure,
} from "./arena-records";
import { find, largestListed, link, unlink } from "./free-list";
import { blockBytes } from "./size-class";

/** Done. */
export const ARENA_OK: i32 = 0;
/** Answer of `arenaAlloc`: no free block is large enough. Nothing changed. */
export const ARENA_OUT_OF_MEMORY: i32 = 0;
/**
 * The lock was held all the time that a thread which may not sleep can look at it. Nothing changed; try again later.
 */
export const ARENA_BUSY: i32 = LOCK_BUSY;
/**
 * An earlier call of this very thread was cut off (trap, stack overflow) while it held the lock. Nothing changed now; after
 * `arenaRepair` (arena-repair.ts) for itself the thread can try again.
 */
export const ARENA_ABANDONED: i32 = LOCK_OWNED;
/** `arenaFree`: the address is not one that `arenaAlloc` gave out. Nothing changed. */
export const ARENA_NOT_A_BLOCK: i32 = 3;
/** `arenaFree`: the block was given out, and is free already. Nothing changed. */
export const ARENA_ALREADY_FREE: i32 = 4;
/** `arenaFree`: the tags around the block disagree: somebody wrote past the end of a block. Nothing changed. */
export const ARENA_DAMAGED: i32 = 5;
/** `arenaInit`: the base is not aligned to 16, or there is no room for a block. Nothing changed. */
export const ARENA_BAD_RANGE: i32 = 6;

/** Smallest answer of `arenaAlloc` that is an address; below it are the codes above. */
export const ARENA_LEAST_ADDRESS: usize = 16;

/**
 * Makes an arena of one free block in [base, end). Once, by one thread, before any other comes.
 *
 * @param base  aligned to 16, to 64 for good cache lines; the memory there may hold anything
 * @param end   first address beyond; rounded down to a multiple of 16
 * @returns `ARENA_OK` or `ARENA_BAD_RANGE` (less than 3344 bytes will not do)
 */
export function arenaInit(base: usize, end: usize): i32 {
  const last = (end & ~(<usize>ALIGNMENT - 1)) - HEAD_BYTES;
  const isRoomy = end > base && end - base >= ARENA_BYTES + LEAST_BYTES + HEAD_BYTES;
  if (base % ALIGNMENT != 0 || !isRoomy) return ARENA_BAD_RANGE;
  memory.fill(base, 0, ARENA_BYTES);
  const arena = changetype<Arena>(base);
  arena.first = <u32>base + ARENA_BYTES;
  arena.last = <u32>last;
  const bytes = arena.last - arena.first;
  const sentinel = changetype<Block>(last);
  sentinel.size = HEAD_BYTES;
  sentinel.previous = bytes;
  sentinel.owner = NO_OWNER;
  sealUsed(sentinel);
  const block = changetype<Block>(<usize>arena.first);
  block.size = bytes | FREE;
  block.previous = 0;
  block.owner = NO_OWNER;
  sealFree(block);
  link(arena, block);
  // Publishes the arena to threads that look at the magic; the others learn of it from whoever made it.
  atomic.store<u32>(base, ARENA_MAGIC);
  return ARENA_OK;
}

/**
 * Takes a block of at least `size` bytes for the caller. What it holds is arbitrary.
 *
 * @param base      of the arena
 * @param size      bytes, any u32; 0 gives a block too (with an address of its own, to be freed like others)
 * @param owner     the caller's thread number
 * @param canBlock  false on a page's own thread
 * @param slot      address of the thread's hand, a u32 in its own record, 0 now. It holds the answer before anything has changed and
 *   afterwards, until the caller has published the block and stores 0 itself. Failures do not touch it.
 * @returns address, aligned to 16; or a code below `ARENA_LEAST_ADDRESS`: `ARENA_OUT_OF_MEMORY`,
 *   `ARENA_BUSY` (only when `canBlock` is false), `ARENA_ABANDONED`
 *
 * Guarantee: with nobody else at work, succeeds exactly when `arenaLargestFree(base)` is not 0 and `size` is not above
 *   it.
 */
export function arenaAlloc(base: usize, size: u32, owner: i32, canBlock: bool, slot: usize): usize {
  const bytes = blockBytes(size);
  if (bytes == 0) return ARENA_OUT_OF_MEMORY;
  const status = lock(lockWord(base), owner, canBlock);
  if (status != LOCK_TAKEN) return status;
  const arena = changetype<Arena>(base);
  const block = find(arena, bytes);
  if (block != null) {
    // Before the first change: a death from here on leaves the block's name to whoever repairs.
    store<u32>(slot, <u32>changetype<usize>(block) + HEAD_BYTES);
    take(arena, block, bytes, owner);
  }
  unlock(lockWord(base), owner);
  if (block == null) return ARENA_OUT_OF_MEMORY;
  return changetype<usize>(block) + HEAD_BYTES;
}

/**
 * Gives a block back. Any thread may free any block.
 *
 * @param address  what `arenaAlloc` answered
 * @param slot     address of the thread's hand; it holds 0 or `address` now, names the block while it is being freed, and is 0 in the end.
 *   Failures do not touch it.
 * @returns `ARENA_OK`; else nothing changed: `ARENA_NOT_A_BLOCK` (0 too), `ARENA_ALREADY_FREE`, `ARENA_DAMAGED`,
 *   `ARENA_BUSY`, `ARENA_ABANDONED`
 *
 * Limits: once the memory has been given out again from the very same address, a late second free of it cannot be told
 *   from a right one.
 */
export function arenaFree(base: usize, address: usize, owner: i32, canBlock: bool, slot: usize): i32 {
  const status = lock(lockWord(base), owner, canBlock);
  if (status != LOCK_TAKEN) return status;
  const arena = changetype<Arena>(base);
  // Wraps for addresses below 16, to something above every arena.
  const block = changetype<Block>(address - HEAD_BYTES);
  const verdict = judge(arena, block);
  if (verdict == ARENA_OK) {
    // As in `arenaAlloc`. Back to 0 under the lock still: once others are let in, the address may be theirs.
    store<u32>(slot, <u32>address);
    release(arena, block);
    store<u32>(slot, 0);
  }
  unlock(lockWord(base), owner);
  return verdict;
}

/** Bytes that the arena manages: blocks in use and free, their heads included. Never changes. */
export function arenaTotal(base: usize): u32 {
  return changetype<Arena>(base).last - changetype<Arena>(base).first;
}

// These need no lock: each is a word that is stored atomically. A moment's truth while others are at work, and not all
// of one moment.

/** Bytes of the blocks in use, their heads of 16 bytes included. */
export function arenaUsed(base: usize): u32 {
  return atomic.load<u32>(base, offsetof<Arena>("used"));
}

/** Bytes of the free blocks, heads included: `arenaTotal - arenaUsed`. */
export function arenaUnused(base: usize): u32 {
  return arenaTotal(base) - arenaUsed(base);
}

/** The most that `arenaUsed` has been. */
export function arenaPeak(base: usize): u32 {
  return atomic.load<u32>(base, offsetof<Arena>("peak"));
}

/** Blocks in use. */
export function arenaBlocks(base: usize): u32 {
  return atomic.load<u32>(base, offsetof<Arena>("usedBlocks"));
}

/** Free blocks; 1 or 0 when nothing is fragmented. */
export function arenaFreeBlocks(base: usize): u32 {
  return atomic.load<u32>(base, offsetof<Arena>("freeBlocks"));
}

/** The largest `size` that `arenaAlloc` would grant, 0 when none. */
export function arenaLargestFree(base: usize): u32 {
  return max(largestListed(changetype<Arena>(base)), HEAD_BYTES) - HEAD_BYTES;
}

/** Thread number of whoever is inside `arenaAlloc` or `arenaFree`, -1 for nobody: for a watchdog, and after a death. */
export function arenaLockOwner(base: usize): i32 {
  return lockOwner(lockWord(base));
}

// Under the lock from here: it orders all loads and stores. Whatever happens in between, `size` words alone lead from the
// first block to the sentinel: each change of the chain is one store of one size word (README.md: what that is good for).

/**
 * Takes a free block of at least `bytes` out of its list; what it has too much becomes a free block again, if it can be
 * one.
 */
function take(arena: Arena, block: Block, bytes: u32, owner: i32): void {
  assert(isSealedFree(block) && isFree(block) && sizeOf(block) >= bytes);
  unlink(arena, block);
  if (sizeOf(block) - bytes >= LEAST_BYTES) splitOff(arena, block, bytes);
  // In use from here: the flag is gone.
  block.size = sizeOf(block);
  block.owner = owner;
  sealUsed(block);
  const used = arena.used + block.size;
  storeFigure(arena, offsetof<Arena>("used"), used);
  if (used > arena.peak) storeFigure(arena, offsetof<Arena>("peak"), used);
  storeFigure(arena, offsetof<Arena>("usedBlocks"), arena.usedBlocks + 1);
}

/** Cuts an unlisted free block after `bytes`; the second part goes into its list. */
function splitOff(arena: Arena, block: Block, bytes: u32): void {
  const restBytes = sizeOf(block) - bytes;
  const rest = changetype<Block>(changetype<usize>(block) + bytes);
  // Plain memory of a free block until the store of `block.size` below makes it a head.
  rest.size = restBytes | FREE;
  rest.previous = bytes;
  rest.owner = NO_OWNER;
  sealFree(rest);
  block.size = bytes | FREE;
  blockAfter(rest).previous = restBytes;
  link(arena, rest);
}

/** Whether `block` may be freed. Reads only, and only inside the arena, wherever `block` points. */
function judge(arena: Arena, block: Block): i32 {
  const address = <u32>changetype<usize>(block);
  if (address % ALIGNMENT != 0 || address < arena.first || address >= arena.last) return ARENA_NOT_A_BLOCK;
  if (isSealedFree(block)) return ARENA_ALREADY_FREE;
  if (!isSealedUsed(block)) return ARENA_NOT_A_BLOCK;
  // The seal is right, so this is a head: if the rest does not fit together, it has been written over.
  const bytes = block.size;
  if (bytes % ALIGNMENT != 0 || bytes < LEAST_BYTES || bytes > arena.last - address) return ARENA_DAMAGED;
  if (block.previous % ALIGNMENT != 0 || block.previous > address - arena.first) return ARENA_DAMAGED;
  return agrees(block) ? ARENA_OK : ARENA_DAMAGED;
}

/**
 * Whether both neighbours are heads whose tags say what the block's own say. Releasing would write through a wrong one.
 */
function agrees(block: Block): bool {
  const after = blockAfter(block);
  if (after.previous != block.size || !(isSealedUsed(after) || isSealedFree(after))) return false;
  if (block.previous == 0) return true;
  const before = blockBefore(block);
  return sizeOf(before) == block.previous && (isSealedUsed(before) || isSealedFree(before));
}

/** Makes a block free and one with its free neighbours: never do two free blocks touch. */
function release(arena: Arena, block: Block): void {
  storeFigure(arena, offsetof<Arena>("used"), arena.used - block.size);
  storeFigure(arena, offsetof<Arena>("usedBlocks"), arena.usedBlocks - 1);
  sealFree(block);
  block.owner = NO_OWNER;
  let start = block;
  let bytes = sizeOf(block);
  const after = blockAfter(block);
  if (isFree(after)) {
    unlink(arena, after);
    bytes += sizeOf(after);
  }
  // The first block is its own neighbour here, and in use until the store of `start.size`.
  const before = blockBefore(block);
  if (isFree(before)) {
    unlink(arena, before);
    start = before;
    bytes += sizeOf(before);
  }
  // From here the heads that were swallowed are payload; their seals still say "free", which catches a second free of
  // them.
  start.size = bytes | FREE;
  blockAfter(start).previous = bytes;
  link(arena, start);
}
