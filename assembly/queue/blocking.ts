/**
 * Put and get for threads that may sleep: try, look for a while, then stand in line and sleep.
 *
 * Source: the adapting follows glibc's adaptive mutex: a moving average of the looks that were enough.
 * Role:   threads that may block. Waits that end by themselves (time-outs, aborts) are the host's, who has a clock.
 */
import { Thread, itemOf } from "../memory/layout";
import { FOREVER, futexWait } from "../sync/futex";
import { UNLIKELY, pause } from "../sync/pause";
import { NO_MEMORY, WAIT } from "../sync/status";
import { Grip, Thing } from "../sync/thing";
import { WAITING, ownWaiter } from "../sync/waiter";
import { withdraw } from "../sync/withdraw";
import { getsOf, putsOf } from "./records";
import { NUMBER, get, hasRoom, put, queueOf } from "./queue";

/**
 * The fewest and the most looks of an adapting spin: 2 and 10 µs. To sleep and be woken takes some 50, so even the fewest are worth a try each time; more
 * would only take the processor from those who have something to do.
 */
const FEWEST_LOOKS: i32 = 150;
const MOST_LOOKS: i32 = 800;

/** Rounds of the pause between two looks: 12 ns. */
const ROUNDS: i32 = 8;

/** Tries that others were quicker at, before standing in line: who only looks has no place there, and may be overtaken for ever. */
const TRIES: i32 = 10;

/** How often to look. A negative `spin` is the complement of the average so far. */
function looksOf(thing: Thing): i32 {
  const spin = thing.spin;
  return spin >= 0 ? spin : min(2 * ~spin + FEWEST_LOOKS, MOST_LOOKS);
}

/** Learns from a spin. Plain: threads may overwrite each other's lesson, which is only a guess. */
function learn(thing: Thing, used: i32, succeeded: bool): void {
  const spin = thing.spin;
  if (spin >= 0) return;
  const average = ~spin;
  thing.spin = ~(succeeded ? average + (used - average) / 8 : average - average / 8);
}

/** Looks until there seems to be an item. @returns whether it is worth trying */
export function spinForItem(grip: Grip): bool {
  const queue = queueOf(grip);
  const looks = looksOf(queue);
  for (let i = 0; i < looks; i++) {
    if (putsOf(queue) != getsOf(queue)) {
      learn(queue, i, true);
      return true;
    }
    if (pause(i, ROUNDS) == UNLIKELY) break;
  }
  learn(queue, looks, false);
  return false;
}

/** Looks until there seems to be room. @returns whether it is worth trying */
export function spinForRoom(grip: Grip): bool {
  const queue = queueOf(grip);
  const looks = looksOf(queue);
  for (let i = 0; i < looks; i++) {
    if (hasRoom(queue)) {
      learn(queue, i, true);
      return true;
    }
    if (pause(i, ROUNDS) == UNLIKELY) break;
  }
  learn(queue, looks, false);
  return false;
}

/** @returns the answers of `put` but WAIT */
export function putBlocking(me: Thread, grip: Grip, tag: i32, block: u32, number: f64, priority: f64): i32 {
  let status = put(me, grip, 0, tag, block, number, priority);
  for (let i = 0; i < TRIES && status == WAIT && spinForRoom(grip); i++) {
    status = put(me, grip, 0, tag, block, number, priority);
  }
  while (status == WAIT) {
    const waiter = changetype<usize>(ownWaiter(me));
    status = put(me, grip, waiter, tag, block, number, priority);
    if (status == WAIT) futexWait(waiter, WAITING, FOREVER);
    // It stands in line with the item still, and would be taken for the next one's.
    else if (status == NO_MEMORY) withdraw(me, grip, waiter);
  }
  return status;
}

/** @returns the answers of `get` but WAIT; the item is in the thread's Item */
export function getBlocking(me: Thread, grip: Grip): i32 {
  let status = get(me, grip, 0);
  for (let i = 0; i < TRIES && status == WAIT && spinForItem(grip); i++) status = get(me, grip, 0);
  while (status == WAIT) {
    const waiter = changetype<usize>(ownWaiter(me));
    status = get(me, grip, waiter);
    if (status == WAIT) futexWait(waiter, WAITING, FOREVER);
  }
  return status;
}

/** For numbers that travel within Wasm. @returns the answers of `put` but WAIT */
export function putNumber(me: Thread, grip: Grip, number: f64): i32 {
  return putBlocking(me, grip, NUMBER, 0, number, number);
}

/** @returns the number; NaN when the queue is shut, or the item is none */
export function getNumber(me: Thread, grip: Grip): f64 {
  return getBlocking(me, grip) == 0 && itemOf(me).tag == NUMBER ? itemOf(me).number : NaN;
}
