/**
 * Giving up a wait: out of the line, with nothing left behind, and without keeping a wake-up from others.
 *
 * Role: the thread that waits, outside sections.
 */
import { Thread } from "../memory/layout";
import { empty, putAway, valueHand } from "./hands";
import { OK } from "./status";
import { set } from "./section";
import { CONDITION, Grip, READ_WRITE, beginWith, end, givers, hold, release, takers, thingOf } from "./thing";
import { GRANTED, RETRY, WOKEN, Waiter, notify, remove, wakeFirst, List } from "./waiter";

/**
 * Takes a waiter out of the line. It may have been granted what it waited for at the last moment: then that counts (its outcome, in the
 * thread's hands, is told), and who gives up has got it after all.
 *
 * @param waiter in line, or apart: then it is only freed
 * @returns 16 + the waiter's outcome (RETRY, GRANTED, FAILED); BUSY or CUT_OFF: nothing changed
 */
export function withdraw(me: Thread, grip: Grip, waiter: usize): i32 {
  const thing = thingOf(grip);
  const it = changetype<Waiter>(waiter);
  const status = beginWith(me, thing, waiter);
  if (status != OK) return status;
  let outcome = RETRY;
  let woken: usize = 0;
  if (it.list != 0) {
    const list = changetype<List>(it.list);
    outcome = it.outcome;
    const wasWoken = it.word == WOKEN;
    if (it.block != 0) {
      set(me, valueHand(me), it.block);
      set(me, waiter + offsetof<Waiter>("block"), 0);
    }
    remove(me, it);
    // Its thread answers for the notify until it has the mutex again (`settleNotify`).
    if (thing.kind == CONDITION && outcome == GRANTED) hold(me, grip, grip.held + 1);
    // A wake-up that came for us goes to the next: the item, the room, the permit is still there.
    if (wasWoken && outcome < GRANTED) woken = wakeFirst(me, list, RETRY);
    // Readers wait for writers that wait: if we were the last of these, they need not any more.
    if (thing.kind == READ_WRITE && givers(thing).first == 0) release(me, thing, takers(thing), RETRY);
  }
  end(me, thing);
  notify(woken);
  putAway(me, me);
  empty(me, valueHand(me));
  return 16 + <i32>outcome;
}
