/**
 * What the operations on locks and queues answer. Below 16, so that an address is never one of them.
 *
 * Role: every thread.
 */

export const OK: i32 = 0;
/** A thread that may not sleep did not get an internal lock. Nothing changed; try again later. */
export const BUSY: i32 = 1;
/** An earlier operation of this very thread was cut off (trap, stack overflow). Nothing changed now: `repair`, then try again. */
export const CUT_OFF: i32 = 2;
/** Not possible now. With a waiter: it stands in line, sleep on its word; without: nothing changed. */
export const WAIT: i32 = 3;
export const NO_MEMORY: i32 = 4;
/** The queue was shut down. */
export const SHUT: i32 = 5;
/** No such object any more at this address. */
export const STALE: i32 = 6;
/** Against the rules of the object: not held, not owned, too often. Nothing changed. */
export const REFUSED: i32 = 7;
/** The barrier is broken. */
export const BROKEN: i32 = 8;
/** As OK, but whoever had it before died with it. */
export const ABANDONED: i32 = 9;
/** The caller is the one who runs the action of a barrier, the function of a once. */
export const RUN: i32 = 10;
