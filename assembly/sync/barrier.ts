/**
 * Barrier: a number of parties wait for each other.
 *
 * Source: CPython's `Barrier` for the meaning.
 * Role:   any thread with a grip; outside sections. WAIT is explained in queue/queue.ts.
 *
 *   filling          fewer than `parties` wait, each with its index      -> acting: the last one arrives
 *   acting           the last one runs the action; newcomers stand aside -> filling: all are let go, or broken: the action failed
 *   broken           everybody is refused                                -> filling: reset
 *
 * Each waiter carries away its own outcome, so the next round can fill while the last one's waiters are still waking up.
 */
import { Thread, itemOf } from "../memory/layout";
import { putAway } from "./hands";
import { set } from "./section";
import { BROKEN, OK, RUN, WAIT } from "./status";
import { Grip, Thing, begin, beginWith, end, givers, release, takers } from "./thing";
import { FAILED, GRANTED, RETRY, Waiter, mustWait, remove, served } from "./waiter";

@unmanaged
export class Barrier extends Thing {
  parties: u32;
  arrived: u32;
  broken: u32;
  /** Number + 1 of the thread that runs the action, 0 when nobody does. */
  runner: i32;
  /** Counts the actions: a thread whose action was overtaken by a reset may run that of the next round as well, and means one of them. */
  round: u32;
}

export const BARRIER_BYTES: u32 = 112;

// @ts-ignore: decorator
@inline
export function barrierOf(grip: Grip): Barrier {
  return changetype<Barrier>(grip.thing);
}

// @ts-ignore: decorator
@inline
function put(me: Thread, barrier: Barrier, offset: usize, value: u32): void {
  set(me, changetype<usize>(barrier) + offset, value);
}

/**
 * Arrives, or looks whether the others have. With waiter 0: only if it is not necessary to wait.
 *
 * @returns OK: all have arrived, Item.count is the index; RUN: the caller is the last, its index likewise, and calls `open` after the action with the
 *          round, which is Item.block; WAIT, BROKEN, BUSY, CUT_OFF
 */
export function arrive(me: Thread, grip: Grip, waiter: usize): i32 {
  const barrier = barrierOf(grip);
  let status = beginWith(me, barrier, waiter);
  if (status != OK) return status;
  status = look(me, barrier, waiter);
  if (status != WAIT) served(me, waiter);
  end(me, barrier);
  if (waiter != 0) putAway(me, me);
  return status;
}

function look(me: Thread, barrier: Barrier, waiter: usize): i32 {
  const item = itemOf(me);
  const it = changetype<Waiter>(waiter);
  const line = <u32>(waiter == 0 ? 0 : it.list);
  const inLine = line == <u32>changetype<usize>(takers(barrier));
  if (line != 0 && it.outcome == GRANTED) {
    item.count = it.extra;
    return OK;
  }
  if ((line != 0 && it.outcome == FAILED) || barrier.broken != 0) return BROKEN;
  // It has arrived, and was woken for nothing.
  if (inLine) return mustWait(me, takers(barrier), waiter);
  if (barrier.runner != 0) return mustWait(me, givers(barrier), waiter);
  const index = barrier.arrived;
  item.count = index;
  if (index + 1 == barrier.parties) {
    put(me, barrier, offsetof<Barrier>("arrived"), index + 1);
    put(me, barrier, offsetof<Barrier>("runner"), me.number + 1);
    const round = barrier.round + 1;
    put(me, barrier, offsetof<Barrier>("round"), round);
    item.block = round;
    return RUN;
  }
  if (waiter == 0) return WAIT;
  put(me, barrier, offsetof<Barrier>("arrived"), index + 1);
  if (line != 0) {
    // It stood aside while the last round's action ran. A block of the arena goes through the hand into the other line.
    remove(me, it);
  }
  set(me, waiter + offsetof<Waiter>("extra"), index);
  return mustWait(me, takers(barrier), waiter);
}

/**
 * The action is over: lets everybody go, or breaks the barrier.
 *
 * @param round what `arrive` said
 * @returns OK; BROKEN when it is broken, or was aborted or reset meanwhile; BUSY, CUT_OFF
 */
export function open(me: Thread, grip: Grip, round: u32, succeeded: bool): i32 {
  const barrier = barrierOf(grip);
  let status = begin(me, barrier);
  if (status != OK) return status;
  if (barrier.runner != me.number + 1 || barrier.round != round) {
    status = BROKEN;
  } else {
    put(me, barrier, offsetof<Barrier>("runner"), 0);
    put(me, barrier, offsetof<Barrier>("arrived"), 0);
    if (!succeeded) {
      put(me, barrier, offsetof<Barrier>("broken"), 1);
      status = BROKEN;
    }
    letGo(me, barrier, succeeded ? GRANTED : FAILED);
  }
  end(me, barrier);
  return status;
}

/** Those who arrived go with `outcome`, those who stood aside look again. In the section, whose changes it makes final. */
function letGo(me: Thread, barrier: Barrier, outcome: u32): void {
  release(me, barrier, takers(barrier), outcome);
  release(me, barrier, givers(barrier), RETRY);
}

/** Whoever waits is refused; with `forGood` so is whoever comes, until a reset. In the section, whose changes it makes final. */
export function breakUp(me: Thread, barrier: Barrier, forGood: bool): void {
  put(me, barrier, offsetof<Barrier>("broken"), forGood ? 1 : 0);
  put(me, barrier, offsetof<Barrier>("runner"), 0);
  put(me, barrier, offsetof<Barrier>("arrived"), 0);
  letGo(me, barrier, FAILED);
}

/** @param forGood true: abort; false: reset. @returns OK, BUSY, CUT_OFF */
export function breakBarrier(me: Thread, grip: Grip, forGood: bool): i32 {
  const barrier = barrierOf(grip);
  const status = begin(me, barrier);
  if (status != OK) return status;
  breakUp(me, barrier, forGood);
  end(me, barrier);
  return OK;
}

/**
 * Gives up a wait.
 *
 * @param breaks whether the barrier breaks when the others have not arrived yet; else it is as if this one had never arrived
 * @returns OK: they had, Item.count is the index; BROKEN: it is or was broken; WAIT: it is gone without a trace; BUSY, CUT_OFF
 */
export function leaveBarrier(me: Thread, grip: Grip, waiter: usize, breaks: bool): i32 {
  const barrier = barrierOf(grip);
  let status = beginWith(me, barrier, waiter);
  if (status != OK) return status;
  const it = changetype<Waiter>(waiter);
  const outcome = it.list == 0 ? RETRY : it.outcome;
  const arrived = it.list == <u32>changetype<usize>(takers(barrier));
  remove(me, it);
  if (outcome == GRANTED) {
    itemOf(me).count = it.extra;
  } else if (outcome == FAILED) {
    status = BROKEN;
  } else if (arrived && breaks) {
    breakUp(me, barrier, true);
    status = BROKEN;
  } else {
    if (arrived) takeBack(me, barrier, it.extra);
    status = WAIT;
  }
  end(me, barrier);
  putAway(me, me);
  return status;
}

/** One of those who arrived is gone: whoever has the last index takes the one that is free, so that the indexes stay without a gap. In the section. */
function takeBack(me: Thread, barrier: Barrier, index: u32): void {
  const last = barrier.arrived - 1;
  put(me, barrier, offsetof<Barrier>("arrived"), last);
  if (index == last) return;
  let address = takers(barrier).first;
  // Others in this line may belong to the round before: they have their outcome, and this one's index is not theirs.
  while (address != 0 && (changetype<Waiter>(address).extra != last || changetype<Waiter>(address).outcome >= GRANTED)) {
    address = changetype<Waiter>(address).next;
  }
  if (address != 0) set(me, address + offsetof<Waiter>("extra"), index);
}

/** Parties that wait: a moment's truth. */
export function waitingAt(grip: Grip): u32 {
  return atomic.load<u32>(grip.thing + offsetof<Barrier>("arrived"));
}

export function isBroken(grip: Grip): bool {
  return atomic.load<u32>(grip.thing + offsetof<Barrier>("broken")) != 0;
}
