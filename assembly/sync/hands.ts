/**
 * Hands: how a thread takes blocks from the arena and gives them back so that its death loses none.
 *
 * Each thread record has seven hands. A block is in a hand from before the arena gives it out until the section that publishes it (puts it into a queue, a
 * list …) clears the hand, both or neither; and the other way round when a block is taken out. What is in a dead thread's hands is freed by its recovery.
 *
 * Role: any thread, for its own hands; outside sections, for the arena has a section of its own. Recovery, for those of the dead.
 */
import {
  ARENA_ABANDONED,
  ARENA_BUSY,
  ARENA_LEAST_ADDRESS,
  ARENA_OUT_OF_MEMORY,
  arenaAlloc,
  arenaFree,
} from "../memory/arena";
import { ARENA_OFFSET, Thread, contextOf, itemOf } from "../memory/layout";
import { EVERYONE, futexWake } from "./futex";
import { BUSY, CUT_OFF, NO_MEMORY, OK } from "./status";

export function valueHand(me: Thread): usize {
  return changetype<usize>(me) + offsetof<Thread>("handValue");
}

export function waiterHand(me: Thread): usize {
  return changetype<usize>(me) + offsetof<Thread>("handWaiter");
}

export function bufferHand(me: Thread): usize {
  return changetype<usize>(me) + offsetof<Thread>("handBuffer");
}

export function deskHand(me: Thread): usize {
  return changetype<usize>(me) + offsetof<Thread>("handDesk");
}

/** @param other 0 or 1: of the two, since what is in the one is copied into the other before it is freed */
export function roomHand(me: Thread, other: i32): usize {
  return changetype<usize>(me) + (other ? offsetof<Thread>("handOtherRoom") : offsetof<Thread>("handRoom"));
}

/** Frees what a thread needs while it is in a job of units. @returns as `empty` */
export function clearDesk(me: Thread, whose: Thread): i32 {
  let status = empty(me, deskHand(whose));
  if (status == OK) status = empty(me, roomHand(whose, 0));
  if (status == OK) status = empty(me, roomHand(whose, 1));
  return status;
}

export function anyHand(me: Thread): usize {
  return changetype<usize>(me) + offsetof<Thread>("hand");
}

/**
 * Takes a block of at least `size` bytes into a hand. What the hand still held, because the arena could not be had, is freed first.
 *
 * @returns OK, BUSY, CUT_OFF or NO_MEMORY, then Item.count is the size; the address is in the hand
 */
export function take(me: Thread, hand: usize, size: u32): i32 {
  const status = empty(me, hand);
  if (status != OK) return status;
  me.section = <u32>hand;
  const address = arenaAlloc(contextOf(me) + ARENA_OFFSET, size, me.number, me.canBlock != 0, hand);
  me.section = 0;
  if (address >= ARENA_LEAST_ADDRESS) return OK;
  if (address != ARENA_OUT_OF_MEMORY) return ofArena(<i32>address);
  itemOf(me).count = size;
  return NO_MEMORY;
}

/** Frees what is in a hand, our own or a dead thread's. @returns OK, or BUSY or CUT_OFF: then it is still there */
export function empty(me: Thread, hand: usize): i32 {
  const address = load<u32>(hand);
  if (address == 0) return OK;
  me.section = <u32>hand;
  const status = arenaFree(contextOf(me) + ARENA_OFFSET, address, me.number, me.canBlock != 0, hand);
  me.section = 0;
  if (status == ARENA_BUSY || status == ARENA_ABANDONED) return ofArena(status);
  // Any other answer but OK says that the block is none, which no step of ours leads to; keeping it would only say so again.
  store<u32>(hand, 0);
  return OK;
}

/**
 * Frees a waiter that has left its line, if the hand has one.
 *
 * Its thread may have come by itself, and be waiting for the word by `waitAsync` still: that wait would swallow the wake-up of whoever uses the address next.
 *
 * @returns as `empty`
 */
export function putAway(me: Thread, whose: Thread): i32 {
  const waiter = whose.handWaiter;
  if (waiter == 0) return OK;
  futexWake(waiter, EVERYONE);
  return empty(me, waiterHand(whose));
}

function ofArena(status: i32): i32 {
  return status == ARENA_BUSY ? BUSY : CUT_OFF;
}
