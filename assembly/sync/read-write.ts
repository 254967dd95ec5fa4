/**
 * Read-write lock: many readers or one writer. A writer that waits goes before readers that come.
 *
 * Source: P. J. Courtois, F. Heymans, D. L. Parnas, "Concurrent control with readers and writers" (1971), the second problem.
 * Role:   any thread with a grip; outside sections. WAIT is explained in queue/queue.ts. Readers are the thing's takers, writers its givers.
 */
import { Thread, itemOf } from "../memory/layout";
import { putAway } from "./hands";
import { set } from "./section";
import { ABANDONED, OK, REFUSED, WAIT } from "./status";
import { Grip, Thing, begin, beginWith, end, givers, hold, release, takers } from "./thing";
import { RETRY, mustWait, notify, served, wakeFirst } from "./waiter";

@unmanaged
export class ReadWrite extends Thing {
  /** Number + 1 of the thread that writes, 0 when none does. */
  writer: i32;
  readers: u32;
  /** Ticket of the last writer. */
  ticket: u32;
  /** 1 when the last writer died writing, until the next who enters is told. */
  abandoned: u32;
}

export const READ_WRITE_BYTES: u32 = 112;

// @ts-ignore: decorator
@inline
function lockOf(grip: Grip): ReadWrite {
  return changetype<ReadWrite>(grip.thing);
}

// @ts-ignore: decorator
@inline
function put(me: Thread, lock: ReadWrite, offset: usize, value: u32): void {
  set(me, changetype<usize>(lock) + offset, value);
}

/** @returns OK, ABANDONED (as OK, but the last writer died writing), WAIT, BUSY, CUT_OFF */
export function acquireRead(me: Thread, grip: Grip, waiter: usize): i32 {
  const lock = lockOf(grip);
  let status = beginWith(me, lock, waiter);
  if (status != OK) return status;
  if (lock.writer == 0 && givers(lock).first == 0) {
    put(me, lock, offsetof<ReadWrite>("readers"), lock.readers + 1);
    hold(me, grip, grip.held + 1);
    status = tell(me, lock);
    served(me, waiter);
  } else {
    status = mustWait(me, takers(lock), waiter);
  }
  end(me, lock);
  if (waiter != 0) putAway(me, me);
  return status;
}

/** As `acquireRead`; Item.count is the ticket. */
export function acquireWrite(me: Thread, grip: Grip, waiter: usize): i32 {
  const lock = lockOf(grip);
  let status = beginWith(me, lock, waiter);
  if (status != OK) return status;
  if (lock.writer == 0 && lock.readers == 0) {
    put(me, lock, offsetof<ReadWrite>("writer"), me.number + 1);
    const ticket = (lock.ticket % <u32>i32.MAX_VALUE) + 1;
    put(me, lock, offsetof<ReadWrite>("ticket"), ticket);
    itemOf(me).count = ticket;
    status = tell(me, lock);
    served(me, waiter);
  } else {
    status = mustWait(me, givers(lock), waiter);
  }
  end(me, lock);
  if (waiter != 0) putAway(me, me);
  return status;
}

function tell(me: Thread, lock: ReadWrite): i32 {
  if (lock.abandoned == 0) return OK;
  put(me, lock, offsetof<ReadWrite>("abandoned"), 0);
  return ABANDONED;
}

/** @returns OK, REFUSED when this grip does not read, BUSY, CUT_OFF */
export function releaseRead(me: Thread, grip: Grip): i32 {
  const lock = lockOf(grip);
  const status = begin(me, lock);
  if (status != OK) return status;
  if (grip.held == 0) {
    end(me, lock);
    return REFUSED;
  }
  hold(me, grip, grip.held - 1);
  put(me, lock, offsetof<ReadWrite>("readers"), lock.readers - 1);
  const woken = lock.readers == 0 ? wakeFirst(me, givers(lock), RETRY) : 0;
  end(me, lock);
  notify(woken);
  return OK;
}

/** @returns OK, REFUSED when the ticket is not that of the one who writes, BUSY, CUT_OFF */
export function releaseWrite(me: Thread, grip: Grip, ticket: u32): i32 {
  const lock = lockOf(grip);
  const status = begin(me, lock);
  if (status != OK) return status;
  if (lock.writer == 0 || lock.ticket != ticket) {
    end(me, lock);
    return REFUSED;
  }
  put(me, lock, offsetof<ReadWrite>("writer"), 0);
  let woken: usize = 0;
  if (givers(lock).first != 0) woken = wakeFirst(me, givers(lock), RETRY);
  else release(me, lock, takers(lock), RETRY);
  end(me, lock);
  notify(woken);
  return OK;
}

/** What a dead thread held is given back; whoever waits is woken by the recovery. In the section. */
export function abandonReadWrite(me: Thread, lock: ReadWrite, dead: i32, reads: u32): void {
  if (reads != 0) put(me, lock, offsetof<ReadWrite>("readers"), lock.readers - reads);
  if (lock.writer != dead + 1) return;
  put(me, lock, offsetof<ReadWrite>("writer"), 0);
  put(me, lock, offsetof<ReadWrite>("abandoned"), 1);
}
