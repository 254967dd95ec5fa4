/**
 * Lock: one word that says who holds it. For short sections inside the kit, never for users' code.
 *
 * Source: U. Drepper, "Futexes Are Tricky" (2011), the three-state mutex, with the owner's number in place of "locked".
 * Role:   threads that may block sleep in `lock`; a page's own thread spins a bounded while, then is told `LOCK_BUSY`.
 * Fair:   no. A thread that arrives may overtake one that sleeps.
 *
 *  word                held by   sleepers    next
 *  0                   nobody    none        lock -> n + 1
 *  n + 1               thread n  none        unlock -> 0, wake no one; a thread about to sleep -> n + 1 | CONTENDED
 *  n + 1 | CONTENDED   thread n  maybe some  unlock -> 0, wake one
 *
 * The owner stands in the word so that a thread's death can be repaired: whoever has proof that thread n is dead, and
 * finds n here, knows that n died inside the section that this word guards (see assembly/memory/README.md).
 * Plus one, because thread numbers begin at 0 and 0 must mean free: cleared memory is a free lock.
 */
import { FOREVER, futexWait, futexWake } from "./futex";
import { UNLIKELY, pause } from "./pause";

/** Set by a thread before it sleeps, so that `unlock` need not call `futexWake` when nobody does. */
const CONTENDED: i32 = i32.MIN_VALUE;
const HELD_MASK: i32 = i32.MAX_VALUE;

/** What `lockOwner` answers when nobody holds the lock. */
export const NOBODY: i32 = -1;

/** The lock is yours. */
export const LOCK_TAKEN: i32 = 0;
/** Another thread kept it for the whole spin, and this thread may not sleep. Nothing changed. */
export const LOCK_BUSY: i32 = 1;
/** The caller's own number stands in the word: an earlier call of this thread was cut off (trap, stack overflow). */
export const LOCK_OWNED: i32 = 2;

/** Looks at the word before sleeping: 16 µs. Sections last well under a microsecond; a sleep and a wake cost some 50. */
const SPINS: i32 = 20;

/** Looks at the word on a thread that may not sleep: 0.8 ms. A page can afford 1 ms, and a holder that was only preempted has a chance to come back. */
const SPINS_OF_A_PAGE: i32 = 1000;

/**
 * Rounds of the pause before the first look, and before the others: 20 ns and 0.8 µs.
 *
 * A holder is mostly gone at the first look. If it is not, or another is there, the lock is in demand, and then it is best left alone for a while: whoever
 * has it takes it some twenty times in a row before its cache line must travel. Two threads that put and get came to 17 million items a second that way,
 * and to 7 with looks as close together as possible (2 cores, AMD EPYC, Node 20).
 */
const FIRST_ROUNDS: i32 = 16;
const ROUNDS: i32 = 600;

/**
 * Takes the lock if it is free. Never blocks, never spins.
 *
 * @param ptr    address of the word, aligned to 4; 0 when the lock is made
 * @param owner  the caller's thread number, 0 to 2^31 - 2, unlike every other living thread's
 */
export function tryLock(ptr: usize, owner: i32): bool {
  assert(owner >= 0 && owner < i32.MAX_VALUE);
  // Sees everything that was written before the `unlock` which left the 0.
  return atomic.cmpxchg<i32>(ptr, 0, owner + 1) == 0;
}

/**
 * Takes the lock; sleeps until it is free where that is allowed.
 *
 * @param canBlock  false on a page's own thread
 * @returns `LOCK_TAKEN`; else the lock is not taken: `LOCK_BUSY` (only when `canBlock` is false) or `LOCK_OWNED`
 */
export function lock(ptr: usize, owner: i32, canBlock: bool): i32 {
  if (tryLock(ptr, owner)) return LOCK_TAKEN;
  return lockSlow(ptr, owner, canBlock);
}

/** Gives the lock up and wakes one sleeper, if any. Call it only while holding the lock. */
export function unlock(ptr: usize, owner: i32): void {
  // Publishes everything written under the lock to the next who takes it.
  const seen = atomic.xchg<i32>(ptr, 0);
  assert((seen & HELD_MASK) == owner + 1);
  // From here another thread may hold the lock, or have freed its memory: `ptr` is only a number to wake on.
  if (seen & CONTENDED) futexWake(ptr, 1);
}

/** Number of the thread that holds the lock, or `NOBODY`: a moment's truth, unless that thread is dead. */
export function lockOwner(ptr: usize): i32 {
  return (atomic.load<i32>(ptr) & HELD_MASK) - 1;
}

function lockSlow(ptr: usize, owner: i32, canBlock: bool): i32 {
  if (lockOwner(ptr) == owner) return LOCK_OWNED;
  if (spin(ptr, owner, canBlock ? SPINS : SPINS_OF_A_PAGE)) return LOCK_TAKEN;
  if (!canBlock) return LOCK_BUSY;
  lockSleeping(ptr, owner);
  return LOCK_TAKEN;
}

/** Looks for a free lock `count` times. Reads only, until it sees one: a write would steal the holder's cache line. */
function spin(ptr: usize, owner: i32, count: i32): bool {
  for (let i = 0; i < count; i++) {
    if (pause(i, i == 0 ? FIRST_ROUNDS : ROUNDS) == UNLIKELY) break;
    if (atomic.load<i32>(ptr) == 0 && tryLock(ptr, owner)) return true;
  }
  return false;
}

/** Ends when the word was seen free and taken; every `unlock` that finds CONTENDED lets one sleeper look again. */
function lockSleeping(ptr: usize, owner: i32): void {
  for (;;) {
    const seen = atomic.load<i32>(ptr);
    if (seen == 0) {
      // We take it as contended although nobody may sleep any more. Taken without the bit:
      //   T2 and T3 sleep; T1: unlock        word T1|C -> 0, wakes T2 only
      //   T2: takes it as T2
      //   T2: unlock                         sees no C, wakes nobody      T3 sleeps for ever
      // The price is one needless wake by the last of them.
      if (atomic.cmpxchg<i32>(ptr, 0, (owner + 1) | CONTENDED) == 0) return;
    } else if (seen & CONTENDED || atomic.cmpxchg<i32>(ptr, seen, seen | CONTENDED) == seen) {
      // The bit is set before we sleep, and the sleep expects it:
      //   T2: sees T1, sets T1|C
      //   T1: unlock                         word 0, wakes nobody (T2 does not sleep yet)
      //   T3: lock                           word T3, without C
      //   T2: futexWait expects T1|C         not equal, looks again; sleeping here would miss T3's unlock
      // If T1 itself has come back as T1|C, its unlock will wake us: sleeping is right.
      futexWait(ptr, seen | CONTENDED, FOREVER);
    }
  }
}
