/**
 * The two records of the arena: its own state, and the head of a block. What they mean together is in README.md.
 *
 * Role: every thread; written under the arena's lock only, unless a field says otherwise.
 *
 *   base          Arena    3296 bytes: lock, figures, bitmaps, list heads
 *   base + 3296   block    first block; every byte up to the sentinel belongs to exactly one block
 *   …             block
 *   last          block    the sentinel: a head of 16 bytes, in use for ever: a neighbour for the last real block
 *   end           (rounded down to 16)
 *
 * Addresses and sizes are u32 up to 4 GiB: compare them as unsigned, subtract only what is known to be smaller.
 */

/** Payloads are aligned to this, the size of a v128; so is everything else here. */
export const ALIGNMENT: u32 = 16;

/**
 * Rows and columns of the free lists (size-class.ts): 24 * 32 lists.
 * 32 columns make a class at most 1/32 wider than its smallest member; the bitmap of a row is one u32.
 */
export const ROWS: u32 = 24;
export const COLUMNS: u32 = 32;

/** "ARN" and the version of this layout; stored last by `arenaInit`. */
export const ARENA_MAGIC: u32 = 0x41524e01;

/**
 *   0   magic           u32   ARENA_MAGIC, atomic
 *   4   lock            i32   sync/lock.ts
 *   8   first           u32   address of the first block       these two never change
 *  12   last            u32   address of the sentinel
 *  16   used            u32   bytes of blocks in use, their heads included    \
 *  20   peak            u32   the most that `used` has been                    | stored atomically under the lock,
 *  24   usedBlocks      u32                                                    | read by anyone without it
 *  28   freeBlocks      u32                                                   /
 *  32   rows            u32   bit r: some list of row r is not empty; atomic as above
 *  36   reserved        28 bytes: the bitmaps below start a cache line of 64 when the base does
 *  64   columns[24]     u32   bit c of word r: list (r, c) is not empty; atomic as above
 * 160   heads[24 * 32]  u32   address of the first block of each list, 0 when it is empty; atomic as above
 * 3232  reserved        64 bytes
 */
@unmanaged
export class Arena {
  magic: u32;
  lock: i32;
  first: u32;
  last: u32;
  used: u32;
  peak: u32;
  usedBlocks: u32;
  freeBlocks: u32;
  rows: u32;
}

/** Address of the arena's lock (sync/lock.ts). */
export function lockWord(base: usize): usize {
  return base + offsetof<Arena>("lock");
}

/** Stores a figure that others may read without the lock. */
export function storeFigure(arena: Arena, offset: usize, value: u32): void {
  atomic.store<u32>(changetype<usize>(arena) + offset, value);
}

export const COLUMNS_OFFSET: u32 = 64;
export const HEADS_OFFSET: u32 = COLUMNS_OFFSET + 4 * ROWS;
export const ARENA_BYTES: u32 = HEADS_OFFSET + 4 * ROWS * COLUMNS + 64;

/**
 *          in use                        free
 *   0   size       u32          size | FREE           bytes from this head to the next: a multiple of 16
 *   4   previous   u32          the same              size of the block just before in memory, 0 for the first
 *   8   owner      i32          thread that took it   -1
 *  12   seal       u32          USED_SEAL ^ address   FREE_SEAL ^ address
 *  16   payload …               nextFree      u32     neighbours in the free list, 0 at its ends
 *  20                           previousFree  u32
 *  24                           whatever the last owner left
 *
 * `size` and `previous` are the boundary tags: both neighbours can be found from here, and must agree.
 * The seal is bound to the address, so a copy of a head somewhere else (in a payload, say) is not taken for a block.
 * It stays "free" when the block is swallowed by a neighbour: freeing the old address again is still recognised.
 */
@unmanaged
export class Block {
  size: u32;
  previous: u32;
  owner: i32;
  seal: u32;
  nextFree: u32;
  previousFree: u32;
}

export const HEAD_BYTES: u32 = 16;

/** The least a block can be: a head, and room for the two links when it is free. */
export const LEAST_BYTES: u32 = 32;

/** Bit 0 of `size`. */
export const FREE: u32 = 1;

export const NO_OWNER: i32 = -1;

/** Two numbers of no meaning, far from plausible sizes, addresses and texts, and from each other. */
const USED_SEAL: u32 = 0x9d3ae571;
const FREE_SEAL: u32 = 0x62c51a8e;

export function isSealedUsed(block: Block): bool {
  return block.seal == (USED_SEAL ^ <u32>changetype<usize>(block));
}

export function isSealedFree(block: Block): bool {
  return block.seal == (FREE_SEAL ^ <u32>changetype<usize>(block));
}

export function sealUsed(block: Block): void {
  block.seal = USED_SEAL ^ <u32>changetype<usize>(block);
}

export function sealFree(block: Block): void {
  block.seal = FREE_SEAL ^ <u32>changetype<usize>(block);
}

export function isFree(block: Block): bool {
  return (block.size & FREE) != 0;
}

export function sizeOf(block: Block): u32 {
  return block.size & ~FREE;
}

/** Whether the size of `block`, somewhere before the sentinel, leads to a place where the next head, or the sentinel, can be. */
export function isPlausible(arena: Arena, block: Block): bool {
  const bytes = sizeOf(block);
  return bytes % ALIGNMENT == 0 && bytes >= LEAST_BYTES && bytes <= arena.last - <u32>changetype<usize>(block);
}

/** The block that follows in memory. The sentinel has none. */
export function blockAfter(block: Block): Block {
  return changetype<Block>(changetype<usize>(block) + sizeOf(block));
}

/** The block before in memory. The first has none: `previous` is 0 there, and this is the block itself. */
export function blockBefore(block: Block): Block {
  return changetype<Block>(changetype<usize>(block) - block.previous);
}
