/**
 * Condition: a line of waiters that others notify. The mutex around it is a thing of its own: whoever waits joins the line while it holds the mutex,
 * then releases it, sleeps, leaves the line, and acquires it again. From the line to the mutex its grip holds the notify, which goes to the next if it does
 * not get there: the mutex is gone, or its thread.
 *
 * Source: C. A. R. Hoare, "Monitors" (1974); CPython's `Condition` for the meaning, without its lost notify: a waiter whose time ran out
 *         and that was notified before it left the line has been notified (`withdraw` says GRANTED).
 * Role:   any thread with a grip; outside sections.
 */
import { Thread } from "../memory/layout";
import { OK } from "./status";
import { Grip, Thing, begin, end, hold, release, takers, thingOf } from "./thing";
import { GRANTED, Waiter, mustWait, notify, wakeFirst } from "./waiter";

export const CONDITION_BYTES: u32 = 96;

/** Joins the line, or looks whether a notify has come. @returns WAIT; OK when it has: then `withdraw`; BUSY, CUT_OFF */
export function awaitNotify(me: Thread, grip: Grip, waiter: usize): i32 {
  const condition = thingOf(grip);
  let status = begin(me, condition);
  if (status != OK) return status;
  const it = changetype<Waiter>(waiter);
  if (it.list == 0 || it.outcome != GRANTED) status = mustWait(me, takers(condition), waiter);
  end(me, condition);
  return status;
}

/** Notifies the first `count` who wait. @returns OK, BUSY, CUT_OFF */
export function notifyWaiters(me: Thread, grip: Grip, count: u32): i32 {
  const condition = thingOf(grip);
  for (let i: u32 = 0; i < count; i++) {
    const status = begin(me, condition);
    if (status != OK) return status;
    const woken = wakeFirst(me, takers(condition), GRANTED);
    end(me, condition);
    notify(woken);
    if (woken == 0) return OK;
  }
  return OK;
}

/**
 * For each notify with which a waiter was withdrawn.
 *
 * @param hasMutex it can be acted on; else it goes to the next
 * @returns OK, BUSY, CUT_OFF
 */
export function settleNotify(me: Thread, grip: Grip, hasMutex: bool): i32 {
  const condition = thingOf(grip);
  const status = begin(me, condition);
  if (status != OK) return status;
  hold(me, grip, grip.held - 1);
  const woken: usize = hasMutex ? 0 : wakeFirst(me, takers(condition), GRANTED);
  end(me, condition);
  notify(woken);
  return OK;
}

/** @returns OK, BUSY, CUT_OFF */
export function notifyEverybody(me: Thread, grip: Grip): i32 {
  const condition = thingOf(grip);
  const status = begin(me, condition);
  if (status != OK) return status;
  release(me, condition, takers(condition), GRANTED);
  end(me, condition);
  return OK;
}
