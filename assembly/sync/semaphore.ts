/**
 * Semaphore: a number of permits.
 *
 * Source: E. W. Dijkstra, "Cooperating sequential processes" (1965); CPython's `Semaphore` and `BoundedSemaphore` for the meaning.
 * Role:   any thread with a grip; outside sections. WAIT is explained in queue/queue.ts.
 *
 * A grip counts the permits that it took and did not give back: when its thread dies, these come back. A permit that one thread takes and another
 * gives back is in nobody's count any more once it was given back by a grip that holds none.
 */
import { Thread } from "../memory/layout";
import { putAway } from "./hands";
import { set } from "./section";
import { OK, REFUSED, WAIT } from "./status";
import { Grip, Thing, begin, beginWith, end, hold, release, takers } from "./thing";
import { RETRY, mustWait, notify, served, wakeFirst } from "./waiter";

@unmanaged
export class Semaphore extends Thing {
  permits: u32;
  /** The most there may be; u32.MAX_VALUE: no limit. */
  bound: u32;
}

export const SEMAPHORE_BYTES: u32 = 96;

// @ts-ignore: decorator
@inline
export function semaphoreOf(grip: Grip): Semaphore {
  return changetype<Semaphore>(grip.thing);
}

/** @returns OK, WAIT, BUSY, CUT_OFF */
export function acquirePermit(me: Thread, grip: Grip, waiter: usize): i32 {
  const semaphore = semaphoreOf(grip);
  let status = beginWith(me, semaphore, waiter);
  if (status != OK) return status;
  if (semaphore.permits != 0) {
    set(me, permitsWord(semaphore), semaphore.permits - 1);
    hold(me, grip, grip.held + 1);
    served(me, waiter);
  } else {
    status = mustWait(me, takers(semaphore), waiter);
  }
  end(me, semaphore);
  if (waiter != 0) putAway(me, me);
  return status;
}

/** Gives `count` permits, all or none. @returns OK, REFUSED when there would be more than the bound, BUSY, CUT_OFF */
export function releasePermits(me: Thread, grip: Grip, count: u32): i32 {
  const semaphore = semaphoreOf(grip);
  const status = begin(me, semaphore);
  if (status != OK) return status;
  if (count > semaphore.bound - semaphore.permits) {
    end(me, semaphore);
    return REFUSED;
  }
  hold(me, grip, grip.held - min(grip.held, count));
  let woken: usize = 0;
  if (count == 1) woken = addPermit(me, semaphore);
  else addPermits(me, semaphore, count);
  end(me, semaphore);
  notify(woken);
  return OK;
}

/** In the section. @returns the word to notify */
function addPermit(me: Thread, semaphore: Semaphore): usize {
  set(me, permitsWord(semaphore), semaphore.permits + 1);
  return wakeFirst(me, takers(semaphore), RETRY);
}

/** The permits of a dead thread come back, as far as nobody has given them back for it. In the section, whose changes it makes final. */
export function returnPermits(me: Thread, semaphore: Semaphore, count: u32): void {
  const missing = semaphore.bound - semaphore.permits;
  addPermits(me, semaphore, min(count, missing));
}

/** In the section, whose changes it makes final. */
function addPermits(me: Thread, semaphore: Semaphore, count: u32): void {
  set(me, permitsWord(semaphore), semaphore.permits + count);
  release(me, semaphore, takers(semaphore), RETRY);
}

export function permitsWord(semaphore: Semaphore): usize {
  return changetype<usize>(semaphore) + offsetof<Semaphore>("permits");
}
