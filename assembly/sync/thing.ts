/**
 * Thing: what every lock, queue and their like begin with, and a grip: one thread's hold on a thing.
 *
 * Role: any thread that has a grip on it; inside the thing's section unless said otherwise.
 *
 *   thing, in a block of the arena                     grip, 32 bytes: one per handle that a thread has
 *     0  identity, its place among all things            thing, thread, neighbours among the thing's grips
 *    32  three lists of waiters                          held   what this thread took from the thing and has to give back
 *                                                        shut   closed, and kept for what it holds, behind those that are not
 *    80  the lock of its section
 *    88  what the kind needs
 *     …  the maker's grip
 */
import { Thread } from "../memory/layout";
import { empty, putAway, valueHand } from "./hands";
import { commit, enter, leave, set } from "./section";
import { OK } from "./status";
import { List, Waiter, markAll } from "./waiter";

export const FIFO: u32 = 1;
export const LIFO: u32 = 2;
export const PRIORITY: u32 = 3;
export const LOCK: u32 = 4;
export const RLOCK: u32 = 5;
export const CONDITION: u32 = 6;
export const SEMAPHORE: u32 = 7;
export const EVENT: u32 = 8;
export const BARRIER: u32 = 9;
export const READ_WRITE: u32 = 10;
export const ONCE: u32 = 11;
export const COUNTER: u32 = 12;
export const TASKS: u32 = 13;
export const THREAD: u32 = 14;

@unmanaged
export class Thing {
  kind: u32;
  /** Never given to another thing of this context; 0 once it is gone. Known to handles. */
  identity: u32;
  /** Neighbours in the context's list of things. This and the next three: guarded by the registry's lock. */
  next: u32;
  previous: u32;
  /** First of the grips. */
  grips: u32;
  /** Number + 1 of the thread that is taking it apart; 0 while it lives, KEEPS when some of its grips are shut, AWAITED when it lives without grips, too. */
  closer: i32;
  /** Bytes of the record with the maker's grip. */
  bytes: u32;
  /** Looks before sleeping; negative: adapts. */
  spin: i32;
  /** Waiters of three kinds: who takes (get, acquire, wait), who gives or writes (put, write), who joins. */
  takersFirst: u32;
  takersLast: u32;
  takersCursor: u32;
  takersTickets: u32;
  giversFirst: u32;
  giversLast: u32;
  giversCursor: u32;
  giversTickets: u32;
  joinersFirst: u32;
  joinersLast: u32;
  joinersCursor: u32;
  joinersTickets: u32;
  /** The lock of the section. */
  lock: i32;
  /** Not 0 while `release` is under way: which list, and with what outcome. */
  releasing: u32;
}

@unmanaged
export class Grip {
  thing: u32;
  thread: i32;
  next: u32;
  previous: u32;
  /** Items taken and not done, permits, read locks, notifies on their way: given back, or reported lost, when the thread dies. */
  held: u32;
  /** Not 0 when it was closed while it held something. */
  shut: u32;
  /** Of tasks: SERVES, LEAVES, or 0. Guarded by the registry's lock. */
  role: u32;
  reserved: u32;
}

/** `role` of a grip: its thread runs the tasks. */
export const SERVES: u32 = 1;
/** It is about to be closed. */
export const LEAVES: u32 = 2;

/** `closer` of a thing that lives, and has grips that are shut. */
export const KEEPS: i32 = -1;

/** `closer` of a thing that somebody is about to take a grip on: until then it stays, although all others have let go. Set and cleared with an open grip. */
export const AWAITED: i32 = -2;

export const GRIP_BYTES: u32 = 32;

// @ts-ignore: decorator
@inline
export function thingOf(grip: Grip): Thing {
  return changetype<Thing>(grip.thing);
}

// @ts-ignore: decorator
@inline
export function lockWord(thing: Thing): usize {
  return changetype<usize>(thing) + offsetof<Thing>("lock");
}

// @ts-ignore: decorator
@inline
export function takers(thing: Thing): List {
  return changetype<List>(changetype<usize>(thing) + offsetof<Thing>("takersFirst"));
}

// @ts-ignore: decorator
@inline
export function givers(thing: Thing): List {
  return changetype<List>(changetype<usize>(thing) + offsetof<Thing>("giversFirst"));
}

// @ts-ignore: decorator
@inline
export function joiners(thing: Thing): List {
  return changetype<List>(changetype<usize>(thing) + offsetof<Thing>("joinersFirst"));
}

// @ts-ignore: decorator
@inline
export function begin(me: Thread, thing: Thing): i32 {
  return enter(me, lockWord(thing));
}

/**
 * `begin` for an operation that may take a waiter out of its line, and its block, and what that stands for, into the hands. What an earlier one has left there,
 * because the arena could not be had, would be lost.
 *
 * @param waiter 0, or one that is apart (then it is in its hand, and the item's bytes in theirs) or in line
 */
// @ts-ignore: decorator
@inline
export function beginWith(me: Thread, thing: Thing, waiter: usize): i32 {
  const status = waiter == 0 ? OK : clearHands(me, waiter);
  return status == OK ? begin(me, thing) : status;
}

function clearHands(me: Thread, waiter: usize): i32 {
  let status = OK;
  if (me.handWaiter != 0 && me.handWaiter != <u32>waiter) status = putAway(me, me);
  if (status == OK && me.handValue != 0 && changetype<Waiter>(waiter).list != 0) status = empty(me, valueHand(me));
  return status;
}

// @ts-ignore: decorator
@inline
export function end(me: Thread, thing: Thing): void {
  leave(me, lockWord(thing));
}

/** Changes what a grip holds. */
// @ts-ignore: decorator
@inline
export function hold(me: Thread, grip: Grip, held: u32): void {
  set(me, changetype<usize>(grip) + offsetof<Grip>("held"), held);
}

/**
 * Wakes all of one list. What led to it is made final first, and the rest of the section can only be completed: a thread that dies in here leaves `releasing`
 * behind, and its recovery marks the rest (`completeRelease`).
 */
export function release(me: Thread, thing: Thing, list: List, outcome: u32): void {
  if (list.first == 0) return;
  const offset = <u32>(changetype<usize>(list) - changetype<usize>(thing));
  set(me, changetype<usize>(thing) + offsetof<Thing>("releasing"), (offset << 8) | outcome);
  commit(me);
  completeRelease(thing);
}

/** Finishes a `release` that was begun, if one was. By whoever has the section: its thread, or the one that recovers it. */
export function completeRelease(thing: Thing): void {
  const releasing = thing.releasing;
  if (releasing == 0) return;
  markAll(changetype<List>(changetype<usize>(thing) + (releasing >> 8)), releasing & 0xff);
  thing.releasing = 0;
}
