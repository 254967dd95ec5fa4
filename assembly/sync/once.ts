/**
 * Once: something that one thread does, and everybody waits for. If it fails the next one tries.
 *
 * Role: any thread with a grip; outside sections. WAIT is explained in queue/queue.ts.
 *
 *   new -> running: somebody runs it -> done; or new again: it threw, or its thread died
 */
import { Thread } from "../memory/layout";
import { putAway } from "./hands";
import { set } from "./section";
import { OK, REFUSED, RUN, WAIT } from "./status";
import { Grip, Thing, begin, beginWith, end, release, takers } from "./thing";
import { RETRY, mustWait, notify, served, wakeFirst } from "./waiter";

@unmanaged
export class Once extends Thing {
  done: u32;
  /** Number + 1 of the thread that runs it, 0 when nobody does. */
  runner: i32;
}

export const ONCE_BYTES: u32 = 96;

/** @returns OK: it is done; RUN: the caller runs it, then calls `finishOnce`; WAIT, BUSY, CUT_OFF */
export function enterOnce(me: Thread, grip: Grip, waiter: usize): i32 {
  const once = changetype<Once>(grip.thing);
  let status = beginWith(me, once, waiter);
  if (status != OK) return status;
  if (once.done == 0) {
    if (once.runner != 0) {
      status = mustWait(me, takers(once), waiter);
    } else {
      set(me, grip.thing + offsetof<Once>("runner"), me.number + 1);
      status = RUN;
    }
  }
  if (status != WAIT) served(me, waiter);
  end(me, once);
  if (waiter != 0) putAway(me, me);
  return status;
}

/** @returns OK, REFUSED when this thread does not run it, BUSY, CUT_OFF */
export function finishOnce(me: Thread, grip: Grip, succeeded: bool): i32 {
  const once = changetype<Once>(grip.thing);
  const status = begin(me, once);
  if (status != OK) return status;
  if (once.runner != me.number + 1) {
    end(me, once);
    return REFUSED;
  }
  set(me, grip.thing + offsetof<Once>("runner"), 0);
  let woken: usize = 0;
  if (succeeded) {
    set(me, grip.thing + offsetof<Once>("done"), 1);
    release(me, once, takers(once), RETRY);
  } else {
    woken = wakeFirst(me, takers(once), RETRY);
  }
  end(me, once);
  notify(woken);
  return OK;
}

export function onceIsDone(grip: Grip): bool {
  return atomic.load<u32>(grip.thing + offsetof<Once>("done")) != 0;
}
