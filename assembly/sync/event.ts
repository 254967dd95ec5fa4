/**
 * Event: a flag that threads wait for.
 *
 * Source: CPython's `Event` for the meaning: who waits when it is set has been notified, even if it is cleared at once.
 * Role:   any thread with a grip; outside sections. WAIT is explained in queue/queue.ts.
 */
import { Thread } from "../memory/layout";
import { putAway } from "./hands";
import { set } from "./section";
import { OK, WAIT } from "./status";
import { Grip, Thing, begin, beginWith, end, release, takers } from "./thing";
import { GRANTED, Waiter, mustWait, served } from "./waiter";

@unmanaged
export class Event extends Thing {
  flag: u32;
  reserved0: u32;
}

export const EVENT_BYTES: u32 = 96;

function flagWord(grip: Grip): usize {
  return grip.thing + offsetof<Event>("flag");
}

/** @returns OK, BUSY, CUT_OFF */
export function setEvent(me: Thread, grip: Grip): i32 {
  const event = changetype<Event>(grip.thing);
  const status = begin(me, event);
  if (status != OK) return status;
  set(me, flagWord(grip), 1);
  release(me, event, takers(event), GRANTED);
  end(me, event);
  return OK;
}

/** @returns OK, BUSY, CUT_OFF */
export function clearEvent(me: Thread, grip: Grip): i32 {
  const event = changetype<Event>(grip.thing);
  const status = begin(me, event);
  if (status != OK) return status;
  set(me, flagWord(grip), 0);
  end(me, event);
  return OK;
}

export function eventIsSet(grip: Grip): bool {
  return atomic.load<u32>(flagWord(grip)) != 0;
}

/** @returns OK, WAIT, BUSY, CUT_OFF */
export function awaitEvent(me: Thread, grip: Grip, waiter: usize): i32 {
  const event = changetype<Event>(grip.thing);
  let status = beginWith(me, event, waiter);
  if (status != OK) return status;
  const isGranted =
    waiter != 0 && changetype<Waiter>(waiter).list != 0 && changetype<Waiter>(waiter).outcome == GRANTED;
  if (event.flag != 0 || isGranted) served(me, waiter);
  else status = mustWait(me, takers(event), waiter);
  end(me, event);
  if (waiter != 0) putAway(me, me);
  return status;
}
