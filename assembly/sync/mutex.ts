/**
 * Mutex: the users' Lock and RLock.
 *
 * Source: CPython's `threading.Lock` and `RLock` for the meaning.
 * Role:   any thread with a grip; outside sections. WAIT is explained in queue/queue.ts.
 *
 *   free -> held by (thread, identity), with a ticket and a depth -> free
 *
 * The identity tells apart who of one thread holds it: THREAD for blocking calls, the holder's own ticket for asynchronous ones. Only
 * an RLock looks at it, and only the same identity re-enters.
 */
import { Thread, itemOf } from "../memory/layout";
import { putAway } from "./hands";
import { set } from "./section";
import { ABANDONED, OK, REFUSED, WAIT } from "./status";
import { Grip, RLOCK, Thing, begin, beginWith, end, takers } from "./thing";
import { RETRY, mustWait, notify, served, wakeFirst } from "./waiter";

@unmanaged
export class Mutex extends Thing {
  /** Number + 1 of the thread that holds it, 0 when free. */
  owner: i32;
  /** Ticket of the holder. */
  ticket: u32;
  /** Who of that thread: THREAD, or the ticket. */
  holder: i32;
  depth: u32;
  /** Tickets given out. */
  tickets: u32;
  /** 1 when the last holder died with it, until the next one is told. */
  abandoned: u32;
}

export const MUTEX_BYTES: u32 = 112;

/** Identity of a thread's blocking calls. */
export const THREAD: i32 = -1;

// @ts-ignore: decorator
@inline
export function mutexOf(grip: Grip): Mutex {
  return changetype<Mutex>(grip.thing);
}

/**
 * Acquires it. Item.count is the ticket then.
 *
 * @param identity THREAD; 0 for a new asynchronous holder; a ticket, to re-enter as its holder
 * @returns OK, ABANDONED (as OK, but the last holder died with it), WAIT, BUSY, CUT_OFF
 */
export function acquire(me: Thread, grip: Grip, waiter: usize, identity: i32): i32 {
  const mutex = mutexOf(grip);
  let status = beginWith(me, mutex, waiter);
  if (status != OK) return status;
  if (mutex.owner == 0) {
    const ticket = nextTicket(mutex);
    put(me, mutex, offsetof<Mutex>("tickets"), ticket);
    status = own(me, mutex, identity == THREAD ? THREAD : <i32>ticket, ticket, 1);
  } else if (mutex.kind == RLOCK && mutex.owner == me.number + 1 && mutex.holder == identity) {
    put(me, mutex, offsetof<Mutex>("depth"), mutex.depth + 1);
    itemOf(me).count = mutex.ticket;
  } else {
    status = mustWait(me, takers(mutex), waiter);
  }
  if (status != WAIT) served(me, waiter);
  end(me, mutex);
  if (waiter != 0) putAway(me, me);
  return status;
}

/** Acquires it again as it was before `releaseAll`. @returns as `acquire` */
export function reacquire(me: Thread, grip: Grip, waiter: usize, identity: i32, ticket: u32, depth: u32): i32 {
  const mutex = mutexOf(grip);
  let status = beginWith(me, mutex, waiter);
  if (status != OK) return status;
  status = mutex.owner == 0 ? own(me, mutex, identity, ticket, depth) : mustWait(me, takers(mutex), waiter);
  if (status != WAIT) served(me, waiter);
  end(me, mutex);
  if (waiter != 0) putAway(me, me);
  return status;
}

function own(me: Thread, mutex: Mutex, identity: i32, ticket: u32, depth: u32): i32 {
  put(me, mutex, offsetof<Mutex>("owner"), me.number + 1);
  put(me, mutex, offsetof<Mutex>("ticket"), ticket);
  put(me, mutex, offsetof<Mutex>("holder"), identity);
  put(me, mutex, offsetof<Mutex>("depth"), depth);
  itemOf(me).count = ticket;
  if (mutex.abandoned == 0) return OK;
  put(me, mutex, offsetof<Mutex>("abandoned"), 0);
  return ABANDONED;
}

/** Tickets are positive, so that none is THREAD or 0. */
function nextTicket(mutex: Mutex): u32 {
  return (mutex.tickets % <u32>i32.MAX_VALUE) + 1;
}

/**
 * Gives up one level.
 *
 * @param ticket of the holder; 0: a Lock whoever holds it, an RLock as THREAD
 * @returns OK, REFUSED, BUSY, CUT_OFF
 */
export function unlockMutex(me: Thread, grip: Grip, ticket: u32): i32 {
  const mutex = mutexOf(grip);
  let status = begin(me, mutex);
  if (status != OK) return status;
  let woken: usize = 0;
  if (!mayRelease(me, mutex, ticket)) status = REFUSED;
  else if (mutex.depth > 1) put(me, mutex, offsetof<Mutex>("depth"), mutex.depth - 1);
  else woken = free(me, mutex);
  end(me, mutex);
  notify(woken);
  return status;
}

/**
 * Gives up all levels, to take them again with `reacquire`: Item.count is the ticket, Item.block the depth, Item.tag the identity.
 *
 * @returns OK, REFUSED, BUSY, CUT_OFF
 */
export function releaseAll(me: Thread, grip: Grip, ticket: u32): i32 {
  const mutex = mutexOf(grip);
  let status = begin(me, mutex);
  if (status != OK) return status;
  let woken: usize = 0;
  if (mayRelease(me, mutex, ticket)) {
    const item = itemOf(me);
    item.count = mutex.ticket;
    item.block = mutex.depth;
    item.tag = mutex.holder;
    woken = free(me, mutex);
  } else {
    status = REFUSED;
  }
  end(me, mutex);
  notify(woken);
  return status;
}

/** Whether `unlockMutex` with this ticket would be allowed. In the section, or as a moment's truth. */
export function mayRelease(me: Thread, mutex: Mutex, ticket: u32): bool {
  if (mutex.owner == 0) return false;
  if (ticket != 0) return mutex.ticket == ticket;
  return mutex.kind != RLOCK || (mutex.owner == me.number + 1 && mutex.holder == THREAD);
}

/** Free, and the first who waits looks again. In the section. */
export function free(me: Thread, mutex: Mutex): usize {
  put(me, mutex, offsetof<Mutex>("owner"), 0);
  return wakeFirst(me, takers(mutex), RETRY);
}

/** Its holder is dead. In the section. */
export function abandonMutex(me: Thread, mutex: Mutex): void {
  put(me, mutex, offsetof<Mutex>("owner"), 0);
  put(me, mutex, offsetof<Mutex>("abandoned"), 1);
}

// @ts-ignore: decorator
@inline
function put(me: Thread, mutex: Mutex, offset: usize, value: u32): void {
  set(me, changetype<usize>(mutex) + offset, value);
}
