/**
 * Waiters: records in order of arrival, each with a word of its own to sleep on; a wake names one record.
 *
 * Role: any thread, inside the section of the object that the list belongs to, unless said otherwise.
 *
 *   apart     -> waiting   `mustWait`: at the end of the list
 *   waiting   -> woken     `wakeFirst`, `releaseAll`: still in the list, so it keeps its place and its death is seen
 *   woken     -> waiting   `mustWait` again: what it was woken for is gone
 *   waiting, woken -> apart   `remove`: served, or given up
 *
 * The engines' own wait lists cannot do this: an abandoned `waitAsync` swallows a wake-up, and whoever waits in slices
 * loses its place.
 */
import { OWN_WAITER_OFFSET, Thread, contextOf, threadAt } from "../memory/layout";
import { EVERYONE, futexWake } from "./futex";
import { set, setAtomic } from "./section";
import { WAIT } from "./status";

/** `word` of a waiter. */
export const WAITING: i32 = 0;
export const WOKEN: i32 = 1;

/** `outcome` of a waiter: what it is told when it is woken. Nothing but to look again. */
export const RETRY: u32 = 0;
/** What was waited for has happened, whatever the object looks like now. Who was told this, or the next, does not wait on. */
export const GRANTED: u32 = 1;
/** It will not happen: the barrier broke, the items are lost. */
export const FAILED: u32 = 2;

/** 64 bytes: the thread's own for waits that block, or a block of the arena for each wait that does not. */
@unmanaged
export class Waiter {
  word: i32;
  thread: i32;
  next: u32;
  previous: u32;
  /** Order of arrival. */
  ticket: u32;
  /** Address of the list that it stands in, 0 when apart. */
  list: u32;
  outcome: u32;
  /** For the kind: a barrier's index. */
  extra: u32;
  /** The item of a put that waits; its block belongs to the waiter. */
  tag: i32;
  block: u32;
  number: f64;
  priority: f64;
  reserved: u64;
}

export const WAITER_BYTES: u32 = 64;

@unmanaged
export class List {
  first: u32;
  last: u32;
  /** The first that is WAITING, 0 when none is. */
  cursor: u32;
  /** Tickets given out. */
  tickets: u32;
}

/** The waiter in the thread's own record. */
// @ts-ignore: decorator
@inline
export function ownWaiter(me: Thread): Waiter {
  return changetype<Waiter>(changetype<usize>(me) + OWN_WAITER_OFFSET);
}

/** Whether it lies in the record of the thread that it is for: anything else is a block of the arena. */
function isOwn(me: Thread, waiter: Waiter): bool {
  return changetype<usize>(waiter) == changetype<usize>(ownWaiter(threadAt(contextOf(me), waiter.thread)));
}

/**
 * The caller cannot have what it came for: puts its waiter into the list, or back to sleep in its place.
 *
 * @param waiter address, 0 for a caller that does not want to wait
 * @returns WAIT
 */
export function mustWait(me: Thread, list: List, waiter: usize): i32 {
  if (waiter != 0) {
    const it = changetype<Waiter>(waiter);
    if (it.list == 0) append(me, list, it);
    else restart(me, list, it);
  }
  return WAIT;
}

/** Whether the list has somebody who sleeps. */
// @ts-ignore: decorator
@inline
export function hasWaiting(list: List): bool {
  return list.cursor != 0;
}

function append(me: Thread, list: List, it: Waiter): void {
  const address = <u32>changetype<usize>(it);
  // Apart, so nobody else looks at it yet. After an undo it is apart again, and these are set anew.
  atomic.store<i32>(address + offsetof<Waiter>("word"), WAITING);
  it.outcome = RETRY;
  it.thread = me.number;
  it.next = 0;
  it.previous = list.last;
  it.ticket = list.tickets;
  set(me, field(list, offsetof<List>("tickets")), list.tickets + 1);
  if (list.last == 0) set(me, field(list, offsetof<List>("first")), address);
  else set(me, list.last + offsetof<Waiter>("next"), address);
  set(me, field(list, offsetof<List>("last")), address);
  if (list.cursor == 0) set(me, field(list, offsetof<List>("cursor")), address);
  set(me, address + offsetof<Waiter>("list"), <u32>changetype<usize>(list));
  // A block of the arena was in our hand: from here the list has it.
  if (me.handWaiter == address) set(me, changetype<usize>(me) + offsetof<Thread>("handWaiter"), 0);
}

function restart(me: Thread, list: List, it: Waiter): void {
  if (it.word == WAITING) return;
  const address = <u32>changetype<usize>(it);
  setAtomic(me, address + offsetof<Waiter>("word"), WAITING);
  const cursor = list.cursor;
  // Tickets wrap around: the difference tells which is earlier.
  if (cursor == 0 || <i32>(it.ticket - changetype<Waiter>(cursor).ticket) < 0) {
    set(me, field(list, offsetof<List>("cursor")), address);
  }
}

/** Takes it out of its list, if it is in one. A block of the arena is in our hand from here. */
export function remove(me: Thread, it: Waiter): void {
  if (it.list == 0) return;
  const list = changetype<List>(it.list);
  const address = <u32>changetype<usize>(it);
  if (list.cursor == address) set(me, field(list, offsetof<List>("cursor")), nextWaiting(it.next));
  if (it.previous == 0) set(me, field(list, offsetof<List>("first")), it.next);
  else set(me, it.previous + offsetof<Waiter>("next"), it.next);
  if (it.next == 0) set(me, field(list, offsetof<List>("last")), it.previous);
  else set(me, it.next + offsetof<Waiter>("previous"), it.previous);
  set(me, address + offsetof<Waiter>("list"), 0);
  if (!isOwn(me, it)) set(me, changetype<usize>(me) + offsetof<Thread>("handWaiter"), address);
}

/** The caller has what it came for. */
// @ts-ignore: decorator
@inline
export function served(me: Thread, waiter: usize): void {
  if (waiter != 0) remove(me, changetype<Waiter>(waiter));
}

/**
 * Wakes the one who has slept longest.
 *
 * @returns address of the word to `notify` once the section is over, 0 when nobody sleeps
 */
export function wakeFirst(me: Thread, list: List, outcome: u32): usize {
  const first = list.cursor;
  if (first == 0) return 0;
  const it = changetype<Waiter>(first);
  set(me, field(list, offsetof<List>("cursor")), nextWaiting(it.next));
  if (outcome != RETRY) set(me, first + offsetof<Waiter>("outcome"), outcome);
  setAtomic(me, first + offsetof<Waiter>("word"), WOKEN);
  return first + offsetof<Waiter>("word");
}

/** The first from `address` on that is WAITING. Those before the cursor are woken and not yet served: usually very few. */
function nextWaiting(address: u32): u32 {
  while (address != 0 && changetype<Waiter>(address).word != WAITING) address = changetype<Waiter>(address).next;
  return address;
}

/** Wakes whoever sleeps on `word`, after the section: 0 does nothing. Whoever has gone meanwhile does not mind, nor does who has come to that address. */
// @ts-ignore: decorator
@inline
export function notify(word: usize): void {
  if (word != 0) futexWake(word, EVERYONE);
}

/**
 * Wakes all who sleep. Not logged, for they may be many; it can be done again from anywhere in the middle, so the caller notes before
 * what is to be done and completes it after a death (`release` in thing.ts).
 */
export function markAll(list: List, outcome: u32): void {
  for (let address = list.first; address != 0; address = changetype<Waiter>(address).next) {
    const it = changetype<Waiter>(address);
    // Who was granted something keeps it.
    if (it.outcome < GRANTED) it.outcome = outcome;
    atomic.store<i32>(address + offsetof<Waiter>("word"), WOKEN);
    futexWake(address + offsetof<Waiter>("word"), EVERYONE);
  }
  list.cursor = 0;
}

// @ts-ignore: decorator
@inline
function field(list: List, offset: usize): usize {
  return changetype<usize>(list) + offset;
}
