/**
 * Section: a short stretch under one lock in which a shared record changes, all of it or nothing, even if the thread
 * dies in the middle.
 *
 * Source: undo logging, as in databases (J. Gray, A. Reuter, "Transaction Processing", 1993, chapter 10), with the release
 *         of the lock as the commit.
 * Role:   any thread; whoever may not sleep is told BUSY.
 *
 *   outside   -> entering   the log is emptied, then named after the lock
 *   entering  -> inside     the lock's word holds the thread's number
 *   inside                  each change: (address, old value) into the log, the log's length, then the new value
 *   inside    -> outside    the lock's word is set free: the commit
 *
 * The log counts only while the lock that it is named after is held by its thread. So nothing has to be cleaned up at the end, a
 * section that is over can never be undone, and one that was cut off is undone by restoring the log backwards (`undo`).
 * README.md has the whole protocol.
 */
import { LOG_OFFSET, Thread } from "../memory/layout";
import { lock, unlock } from "./lock";

/** Entries that fit; the longest section is a pop from a heap of 2^26 cells (queue/priority.ts): 4 in each of 13 levels, and a few more. */
export const LOG_ENTRIES: u32 = 88;

/** Marks an entry of 8 bytes. Addresses are multiples of 4. */
const WIDE: u32 = 1;

/**
 * Takes the lock at `word`.
 *
 * @returns OK, BUSY or CUT_OFF, the numbers of sync/lock.ts; unless it is OK the section has not begun
 */
// @ts-ignore: decorator
@inline
export function enter(me: Thread, word: usize): i32 {
  // In this order: a log that still has entries must not be named after a lock that we are about to hold.
  me.logLength = 0;
  me.section = <u32>word;
  return lock(word, me.number, me.canBlock != 0);
}

/** Commits, and lets the next in. */
// @ts-ignore: decorator
@inline
export function leave(me: Thread, word: usize): void {
  unlock(word, me.number);
  // For `repair`: a thread that lives on must not take a lock for its own whose memory has become something else meanwhile.
  me.section = 0;
}

/** Names the log after a lock that is held already: recovery holds the registry's while it goes through the things. */
// @ts-ignore: decorator
@inline
export function resume(me: Thread, word: usize): void {
  me.logLength = 0;
  me.section = <u32>word;
}

/** Makes what was changed so far final although the section goes on: for steps that can only be completed, not undone. */
// @ts-ignore: decorator
@inline
export function commit(me: Thread): void {
  me.logLength = 0;
}

/** Notes the old value of a word that is about to change. */
// @ts-ignore: decorator
@inline
function note(me: Thread, address: usize): void {
  const length = me.logLength;
  assert(length < LOG_ENTRIES);
  const entry = changetype<usize>(me) + LOG_OFFSET + ((<usize>length) << 4);
  store<u32>(entry, <u32>address);
  store<u32>(entry, load<u32>(address), 8);
  me.logLength = length + 1;
}

/** Changes a word of a shared record. */
// @ts-ignore: decorator
@inline
export function set(me: Thread, address: usize, value: u32): void {
  note(me, address);
  store<u32>(address, value);
}

/** The same for a word that others sleep on without having the lock. */
// @ts-ignore: decorator
@inline
export function setAtomic(me: Thread, address: usize, value: u32): void {
  note(me, address);
  atomic.store<u32>(address, value);
}

/** Notes the old value of 8 bytes, aligned to 8, that are about to change. */
// @ts-ignore: decorator
@inline
export function noteWide(me: Thread, address: usize): void {
  const length = me.logLength;
  assert(length < LOG_ENTRIES);
  const entry = changetype<usize>(me) + LOG_OFFSET + ((<usize>length) << 4);
  store<u32>(entry, (<u32>address) | WIDE);
  store<u64>(entry, load<u64>(address), 8);
  me.logLength = length + 1;
}

/**
 * Undoes what `thread` changed in the section it was cut off in. The lock of that section must still name it; it stays as it is, and so does the log: whoever
 * is cut off in here leaves the same work to the next.
 */
export function undo(thread: Thread): void {
  for (let i = thread.logLength; i > 0; i--) {
    const entry = changetype<usize>(thread) + LOG_OFFSET + ((<usize>i - 1) << 4);
    const address = load<u32>(entry);
    if (address & WIDE) store<u64>(address & ~WIDE, load<u64>(entry, 8));
    // Somebody may be about to sleep on this word.
    else atomic.store<u32>(address, load<u32>(entry, 8));
  }
}
