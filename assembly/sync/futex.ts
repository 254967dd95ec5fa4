/**
 * Futex: the floor that every wait stands on. Sleep while a 32-bit word of shared memory holds a value; wake the
 * threads that sleep on it.
 *
 * Source: WebAssembly threads proposal, `memory.atomic.wait32` and `memory.atomic.notify`.
 * Role:   `futexWake` any thread. `futexWait` threads that may block only: on a page's own thread Chromium traps and
 *         Firefox freezes the page, so callers carry a `canBlock` down to here and do not come when it is false.
 */

/** `timeoutNs` for "sleep until woken". Every negative timeout means the same. */
export const FOREVER: i64 = -1;

/** `count` for "wake every sleeper". */
export const EVERYONE: i32 = -1;

/** What `futexWait` returns; the numbers are those of the instruction. */
export const WAIT_WOKEN: i32 = 0;
export const WAIT_NOT_EQUAL: i32 = 1;
export const WAIT_TIMED_OUT: i32 = 2;

/**
 * Sleeps while the word at `ptr` holds `expected`.
 *
 * The compare and the going to sleep are one step: a `futexWake` between them is not lost.
 * Being woken proves nothing about the word, so call it in a loop that reads the word again.
 *
 * The shape of this function is a cure; do not tidy it. V8 11.3 (Node 20) can lose a live i32 local, reading it back
 * as 0, when its baseline compiler (Liftoff) meets `memory.atomic.wait32`. Therefore the wait is the last thing that
 * happens here, nothing is read after it, and Binaryen must not inline it into a caller whose locals are live.
 * What keeps Binaryen away is the call of itself: as long as a function has more than one call site and contains a
 * call, it stays a function. The condition is never true for the callers of this kit, and right if it were.
 * Held by test/sync/futex.test.ts, in the bytes and by running them.
 *
 * @param ptr        address of an i32 in shared memory, aligned to 4 (else a trap)
 * @param timeoutNs  nanoseconds to sleep at most; `FOREVER` for no limit; 0 compares and returns
 * @returns `WAIT_WOKEN`, `WAIT_NOT_EQUAL` (did not sleep) or `WAIT_TIMED_OUT`
 */
export function futexWait(ptr: usize, expected: i32, timeoutNs: i64): i32 {
  if (timeoutNs == i64.MIN_VALUE) return futexWait(ptr, expected, FOREVER);
  return atomic.wait<i32>(ptr, expected, timeoutNs);
}

/** Wakes up to `count` sleepers on `ptr`, those who slept first first. Returns how many it woke. */
export function futexWake(ptr: usize, count: i32): i32 {
  return atomic.notify(ptr, count);
}
