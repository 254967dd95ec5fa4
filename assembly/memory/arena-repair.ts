/**
 * Repair of the arena after a thread's death inside `arenaAlloc` or `arenaFree`, at whichever instruction.
 *
 * Source: own. Nothing is logged ahead, so the operations pay one store each: the chain of sizes holds at every instant, and all
 *         else is a function of the chain and of the one block that the dead was about (README.md, "A death in mid-section").
 * Role:   the one thread that recovers a dead one; or a living thread for itself, after a trap or a stack overflow cut its
 *         call off. Not two threads for the same dead at the same time. Never waits, so a page's own thread may do it.
 * Cost:   two walks over all blocks and one over 800 words of lists.
 */
import { EVERYONE, futexWake } from "../sync/futex";
import { lockOwner } from "../sync/lock";
import { ARENA_DAMAGED } from "./arena";
import {
  Arena,
  Block,
  FREE,
  HEAD_BYTES,
  NO_OWNER,
  blockAfter,
  isFree,
  isPlausible,
  lockWord,
  sealFree,
  sizeOf,
  storeFigure,
} from "./arena-records";
import { forgetAll, link } from "./free-list";

/** The dead was not inside: there was nothing to repair. */
export const ARENA_NOT_INSIDE: i32 = 0;
/** The arena holds all its invariants again, the lock is free, the hand is 0. */
export const ARENA_REPAIRED: i32 = 1;

/**
 * Finishes the free, or undoes the alloc, in which thread `dead` was cut off; then gives its lock up. Wakes whoever sleeps on the
 * lock in any case: the dead may have freed it and not come to the wake-up, or have been woken in another's place.
 *
 * May itself be cut off at any instruction: until the lock is given up, a second call with the same arguments begins anew, and
 * after that there is nothing left but the wake-up, which every call does.
 *
 * @param dead  number of a thread whose death is confirmed and which nobody else has got yet; or the caller's own
 * @param slot  address of that thread's hand, as it was given to `arenaAlloc` and `arenaFree`. Touched only when the thread
 *   was inside; else it may still name a block that the dead took and nobody else knows of.
 * @returns `ARENA_NOT_INSIDE`, `ARENA_REPAIRED`; or `ARENA_DAMAGED`: somebody wrote over a size, so that the blocks behind
 *   it cannot be found. Then nothing has changed, and the lock stays with the dead.
 */
export function arenaRepair(base: usize, dead: i32, slot: usize): i32 {
  const arena = changetype<Arena>(base);
  let status = ARENA_NOT_INSIDE;
  if (lockOwner(lockWord(base)) == dead) {
    if (!isWhole(arena)) return ARENA_DAMAGED;
    forgetAll(arena);
    // Of a hand that is 0 there is no head: it would lie behind every arena.
    rebuild(arena, load<u32>(slot) - HEAD_BYTES);
    // Not before all is done, or a second repair would take the block for one in use. Not after the store below, or the block
    // might be another's by now.
    store<u32>(slot, 0);
    // Publishes the arena, and what the dead had written to it, to the next holder. Others can only have added CONTENDED here.
    atomic.store<i32>(lockWord(base), 0);
    status = ARENA_REPAIRED;
  }
  futexWake(lockWord(base), EVERYONE);
  return status;
}

/** Whether the sizes lead from the first block to the sentinel. */
function isWhole(arena: Arena): bool {
  let block = changetype<Block>(<usize>arena.first);
  while (<u32>changetype<usize>(block) != arena.last) {
    if (!isPlausible(arena, block)) return false;
    block = blockAfter(block);
  }
  return true;
}

/**
 * Makes everything but the chain anew: `named` becomes a free block if it is one at all, free neighbours become one, and tags, lists
 * and figures follow from that. The lists are empty before.
 */
function rebuild(arena: Arena, named: u32): void {
  let used: u32 = 0;
  let usedBlocks: u32 = 0;
  let previous: u32 = 0;
  let block = changetype<Block>(<usize>arena.first);
  while (<u32>changetype<usize>(block) != arena.last) {
    if (isToBeFree(block, named)) {
      swallow(block, named);
      link(arena, block);
    } else {
      used += sizeOf(block);
      usedBlocks++;
    }
    block.previous = previous;
    previous = sizeOf(block);
    block = blockAfter(block);
  }
  block.previous = previous;
  storeFigure(arena, offsetof<Arena>("used"), used);
  storeFigure(arena, offsetof<Arena>("usedBlocks"), usedBlocks);
  if (used > arena.peak) storeFigure(arena, offsetof<Arena>("peak"), used);
}

function isToBeFree(block: Block, named: u32): bool {
  return isFree(block) || <u32>changetype<usize>(block) == named;
}

/** Makes `block` free, and one with all that are to be free behind it. The sentinel is in use, so it ends there. */
function swallow(block: Block, named: u32): void {
  disown(block);
  block.size |= FREE;
  for (let after = blockAfter(block); isToBeFree(after, named); after = blockAfter(block)) {
    // Its seal stays where it is, as in `arenaFree`: a second free of the block that was named is still recognised.
    disown(after);
    block.size += sizeOf(after);
  }
}

/** What `arenaCheck` expects of a free block, besides the flag. */
function disown(block: Block): void {
  block.owner = NO_OWNER;
  sealFree(block);
}
