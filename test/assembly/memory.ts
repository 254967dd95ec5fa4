/**
 * Entry of the test module of the futex, the lock and the arena: their exports, and the loops that run inside test
 * threads.
 *
 * Compiled with the flags of `release` and of `debug` by test/memory/module.ts.
 */
import { futexWait, futexWake, FOREVER, WAIT_WOKEN } from "../../assembly/sync/futex";
import { LOCK_TAKEN, lock, unlock } from "../../assembly/sync/lock";
import { ARENA_LEAST_ADDRESS, ARENA_OK, arenaAlloc, arenaFree } from "../../assembly/memory/arena";

export { futexWait, futexWake } from "../../assembly/sync/futex";
export { lock, lockOwner, tryLock, unlock } from "../../assembly/sync/lock";
export {
  arenaAlloc,
  arenaBlocks,
  arenaFree,
  arenaFreeBlocks,
  arenaInit,
  arenaLargestFree,
  arenaLockOwner,
  arenaPeak,
  arenaTotal,
  arenaUnused,
  arenaUsed,
} from "../../assembly/memory/arena";
export { arenaRepair } from "../../assembly/memory/arena-repair";
export { arenaCheck } from "../../assembly/memory/arena-check";
export { blockBytes, classOf, classThatHolds } from "../../assembly/memory/size-class";

/** What the Liftoff trap breaks: locals that live across the wait. Leaves b, c and the address at `word`. */
export function waitAmongLocals(word: usize, b: i32, c: i32): void {
  futexWait(word, 99, 0);
  store<i32>(word, b);
  store<i32>(word, c, 4);
  store<u32>(word, <u32>word, 8);
}

/**
 * Plays `rounds` rounds of ping-pong on the word at `turn`, as player 0 or 1. At turn + 4: a count bumped without
 * atomics, by whoever has the turn.
 *
 * @returns how many waits really slept
 */
export function pingPong(turn: usize, player: i32, rounds: i32): i32 {
  let slept = 0;
  for (let round = 0; round < rounds; round++) {
    // Ends when the other player has stored our number.
    while (atomic.load<i32>(turn) != player) {
      if (futexWait(turn, 1 - player, FOREVER) == WAIT_WOKEN) slept++;
    }
    store<i32>(turn, load<i32>(turn, 4) + 1, 4);
    atomic.store<i32>(turn, 1 - player);
    futexWake(turn, 1);
  }
  return slept;
}

/**
 * Bumps two plain counters under a lock, `times` times: word + 64 and word + 128. A lock that lets two in tears them.
 *
 * @returns times that the lock answered something else than LOCK_TAKEN (possible when `canBlock` is false only)
 */
export function tear(word: usize, owner: i32, times: i32, canBlock: bool): i32 {
  let refused = 0;
  for (let i = 0; i < times; i++) {
    while (lock(word, owner, canBlock) != LOCK_TAKEN) refused++;
    const seen = load<i32>(word, 64);
    store<i32>(word, seen + 1, 64);
    if (load<i32>(word, 128) != seen) unreachable();
    store<i32>(word, seen + 1, 128);
    unlock(word, owner);
  }
  return refused;
}

/** xorshift32: a step of a pseudo-random walk that never is 0. */
function step(seed: u32): u32 {
  seed ^= seed << 13;
  seed ^= seed >> 17;
  return seed ^ (seed << 5);
}

/** Mostly small sizes, sometimes up to 4 kB. */
function someSize(seed: u32): u32 {
  return (seed >> 8) & ((seed & 7) == 0 ? 4095 : 255);
}

function fill(address: usize, size: u32, pattern: u32): void {
  for (let i: u32 = 0; i < size; i++) store<u8>(address + i, <u8>(pattern + i));
}

function holds(address: usize, size: u32, pattern: u32): bool {
  for (let i: u32 = 0; i < size; i++) if (load<u8>(address + i) != <u8>(pattern + i)) return false;
  return true;
}

/**
 * Allocates, fills, verifies and frees at random, and frees everything in the end.
 *
 * @param slots  address of 64 cleared records of 16 bytes: address, size, pattern, hand
 * @returns 0, or what went wrong: 1 a pattern was damaged, 2 an answer that is neither address nor 0, 3 a hand that does not name its block,
 *   16 + status of a refused free
 */
export function hammer(base: usize, owner: i32, slots: usize, seed: u32, steps: i32): i32 {
  for (let i = 0; i < steps; i++) {
    seed = step(seed);
    const slot = slots + 16 * (seed & 63);
    if (load<u32>(slot) != 0) {
      const status = giveUp(base, owner, slot);
      if (status != 0) return status;
    } else {
      seed = step(seed);
      const size = someSize(seed);
      const address = arenaAlloc(base, size, owner, true, slot + 12);
      if (address == 0) continue;
      if (address < ARENA_LEAST_ADDRESS) return 2;
      if (load<u32>(slot, 12) != <u32>address) return 3;
      fill(address, size, seed);
      store<u32>(slot, <u32>address);
      store<u32>(slot, size, 4);
      store<u32>(slot, seed, 8);
      store<u32>(slot, 0, 12);
    }
  }
  for (let slot = slots; slot < slots + 1024; slot += 16) {
    if (load<u32>(slot) == 0) continue;
    const status = giveUp(base, owner, slot);
    if (status != 0) return status;
  }
  return 0;
}

function giveUp(base: usize, owner: i32, slot: usize): i32 {
  const address = load<u32>(slot);
  if (!holds(address, load<u32>(slot, 4), load<u32>(slot, 8))) return 1;
  const status = arenaFree(base, address, owner, true, slot + 12);
  store<u32>(slot, 0);
  return status == ARENA_OK ? 0 : 16 + status;
}
