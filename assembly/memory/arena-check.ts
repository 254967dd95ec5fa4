/**
 * The arena's invariants, checked one by one. For tests and for hunting a wild write: it visits every block.
 *
 * Role: any thread, while no other is at work in the arena (it takes no lock, so that it can also look at what a death
 * has left).
 * The invariants are those of README.md, under the same names.
 */
import {
  ALIGNMENT,
  ARENA_MAGIC,
  Arena,
  Block,
  COLUMNS,
  HEAD_BYTES,
  NO_OWNER,
  ROWS,
  blockAfter,
  isFree,
  isPlausible,
  isSealedFree,
  isSealedUsed,
  sizeOf,
} from "./arena-records";
import { columnsWord, headWord } from "./free-list";
import { classOf } from "./size-class";

/** All invariants hold. */
export const CHECK_OK: i32 = 0;
/** There is no arena at this address. */
export const CHECK_MAGIC: i32 = 1;
/** Chain: a size is no multiple of 16, too small, or leads past the sentinel. */
export const CHECK_CHAIN: i32 = 2;
/** Tags: `previous` is not the size of the block before. */
export const CHECK_TAGS: i32 = 3;
/** Seals: seal or owner do not suit the FREE flag. */
export const CHECK_SEALS: i32 = 4;
/** Coalesced: two free blocks touch. */
export const CHECK_COALESCED: i32 = 5;
/** Lists: a list holds something else than the free blocks of its class, or its links disagree. */
export const CHECK_LISTS: i32 = 6;
/** Bitmaps: a bit does not say whether its list is empty. */
export const CHECK_BITMAPS: i32 = 7;
/** Figures: used, peak or a count of blocks differs from what the walk found. */
export const CHECK_FIGURES: i32 = 8;

/**
 * Walks all blocks and all lists.
 *
 * @returns `CHECK_OK`, or the first invariant that does not hold
 * Cost: proportional to the number of blocks, plus 800 lists.
 */
export function arenaCheck(base: usize): i32 {
  const arena = changetype<Arena>(base);
  if (arena.magic != ARENA_MAGIC) return CHECK_MAGIC;
  const chain = checkChain(arena);
  if (chain != CHECK_OK) return chain;
  return checkLists(arena);
}

function checkChain(arena: Arena): i32 {
  let block = changetype<Block>(<usize>arena.first);
  let previous: u32 = 0;
  let wasFree: bool = false;
  let used: u32 = 0;
  let usedBlocks: u32 = 0;
  let freeBlocks: u32 = 0;
  while (<u32>changetype<usize>(block) != arena.last) {
    const bytes = sizeOf(block);
    if (!isPlausible(arena, block)) return CHECK_CHAIN;
    if (block.previous != previous) return CHECK_TAGS;
    if (!isSealedRight(block)) return CHECK_SEALS;
    if (wasFree && isFree(block)) return CHECK_COALESCED;
    wasFree = isFree(block);
    if (wasFree) {
      freeBlocks++;
    } else {
      used += bytes;
      usedBlocks++;
    }
    previous = bytes;
    block = blockAfter(block);
  }
  if (block.previous != previous) return CHECK_TAGS;
  if (block.size != HEAD_BYTES || !isSealedUsed(block)) return CHECK_SEALS;
  if (used != arena.used || used > arena.peak) return CHECK_FIGURES;
  return usedBlocks == arena.usedBlocks && freeBlocks == arena.freeBlocks ? CHECK_OK : CHECK_FIGURES;
}

function isSealedRight(block: Block): bool {
  return isFree(block) ? isSealedFree(block) && block.owner == NO_OWNER : isSealedUsed(block) && block.owner >= 0;
}

/**
 * With the chain in order: every listed block is a free one of the right class, and there are as many as the chain has.
 */
function checkLists(arena: Arena): i32 {
  let listed: u32 = 0;
  for (let index: u32 = 0; index < ROWS * COLUMNS; index++) {
    const head = load<u32>(headWord(arena, index));
    if (hasBit(arena, index) != (head != 0)) return CHECK_BITMAPS;
    let previous: u32 = 0;
    for (let address = head; address != 0; address = changetype<Block>(<usize>address).nextFree) {
      if (!isListedRight(arena, address, previous, index)) return CHECK_LISTS;
      // A ring in the links ends here: no list is longer than all of them together.
      if (++listed > arena.freeBlocks) return CHECK_LISTS;
      previous = address;
    }
  }
  for (let row: u32 = 0; row < 32; row++) {
    const isFilled = row < ROWS && load<u32>(columnsWord(arena, row)) != 0;
    if (((arena.rows >> row) & 1) != u32(isFilled)) return CHECK_BITMAPS;
  }
  return listed == arena.freeBlocks ? CHECK_OK : CHECK_LISTS;
}

function hasBit(arena: Arena, index: u32): bool {
  return ((load<u32>(columnsWord(arena, index >> 5)) >> (index & 31)) & 1) != 0;
}

function isListedRight(arena: Arena, address: u32, previous: u32, index: u32): bool {
  if (address % ALIGNMENT != 0 || address < arena.first || address >= arena.last) return false;
  const block = changetype<Block>(<usize>address);
  if (!isFree(block) || !isSealedFree(block)) return false;
  return block.previousFree == previous && classOf(sizeOf(block)) == index;
}
