/**
 * Thread: what all threads may know of one that Heddle runs: whether it has begun, who runs it, how it ended.
 *
 *   NEW ──start──> STARTED ──run──> RUNNING ──end──> ENDED
 *                     └───────────────┴── its worker dies, or none can be had ──> ENDED
 *
 * Source: CPython's `threading.Thread` for the meaning.
 * Role:   any thread with a grip; outside sections. WAIT is explained in queue/queue.ts.
 */
import { Context, Thread, contextOf, itemOf } from "../memory/layout";
import { anyHand, empty, putAway, valueHand } from "../sync/hands";
import { enterRegistry, leaveRegistry } from "../sync/registry";
import { set } from "../sync/section";
import { OK, REFUSED, WAIT } from "../sync/status";
import { AWAITED, Grip, THREAD, Thing, begin, beginWith, end, joiners, release } from "../sync/thing";
import { GRANTED, mustWait, served } from "../sync/waiter";

@unmanaged
export class ThreadThing extends Thing {
  state: u32;
  /** Number + 1 of the worker that runs it. */
  runner: i32;
  /** Order of the starts, from 1; 0 before. */
  ident: u32;
  isDaemon: u32;
  /** How it ended. */
  outcome: u32;
  /** What `process.exit` was called with, or what stands for it. */
  exitCode: i32;
  /** Block with its name: bytes, then UTF-16. */
  name: u32;
  nameBytes: u32;
  /** Block with what it is to run: a value's tag, number, and bytes. Of one that never began: why not, as UTF-8. */
  luggage: u32;
  /** Bytes of that text. */
  reasonBytes: u32;
  /** Number + 1 of the thread that has started it. */
  starter: i32;
}

export const THREAD_THING_BYTES: u32 = 136;

/** `state` of a thread. */
export const NEW: u32 = 0;
export const STARTED: u32 = 1;
export const RUNNING_THREAD: u32 = 2;
export const ENDED: u32 = 3;

/** `outcome` of a thread. */
export const RETURNED: u32 = 0;
export const THREW: u32 = 1;
/** Its worker died: ended by force, out of memory, `process.exit`. */
export const DIED: u32 = 2;
/** No worker could be had. */
export const NEVER_BEGAN: u32 = 3;

// @ts-ignore: decorator
@inline
export function threadOf(grip: Grip): ThreadThing {
  return changetype<ThreadThing>(grip.thing);
}

/** Puts the block in the value hand in the place of its name. @returns OK, BUSY, CUT_OFF */
export function rename(me: Thread, grip: Grip, bytes: u32): i32 {
  const thread = threadOf(grip);
  const status = begin(me, thread);
  if (status != OK) return status;
  const old = thread.name;
  setField(me, thread, offsetof<ThreadThing>("name"), me.handValue);
  setField(me, thread, offsetof<ThreadThing>("nameBytes"), bytes);
  set(me, valueHand(me), old);
  end(me, thread);
  empty(me, valueHand(me));
  return OK;
}

/** Copies the name to `target`, at most `room` bytes. @returns OK: Item.count bytes; BUSY, CUT_OFF */
export function nameOf(me: Thread, grip: Grip, target: usize, room: u32): i32 {
  const thread = threadOf(grip);
  const status = begin(me, thread);
  if (status != OK) return status;
  const bytes = min(thread.nameBytes, room);
  memory.copy(target, thread.name, bytes);
  itemOf(me).count = bytes;
  end(me, thread);
  return OK;
}

/** Before the start: what it is to run, the block in the value hand. @returns OK; REFUSED: it was started before; BUSY, CUT_OFF */
export function start(me: Thread, grip: Grip, isDaemon: bool): i32 {
  const thread = threadOf(grip);
  let status = begin(me, thread);
  if (status != OK) return status;
  if (thread.state != NEW) {
    end(me, thread);
    empty(me, valueHand(me));
    return REFUSED;
  }
  const context = contextOf(me);
  const ident = atomic.add<u32>(context + offsetof<Context>("idents"), 1) + 1;
  setField(me, thread, offsetof<ThreadThing>("state"), STARTED);
  setField(me, thread, offsetof<ThreadThing>("ident"), ident);
  setField(me, thread, offsetof<ThreadThing>("isDaemon"), isDaemon ? 1 : 0);
  setField(me, thread, offsetof<ThreadThing>("starter"), me.number + 1);
  setField(me, thread, offsetof<ThreadThing>("luggage"), me.handValue);
  // Whoever has started it may forget it at once: it runs all the same.
  setField(me, thread, offsetof<ThreadThing>("closer"), AWAITED);
  set(me, valueHand(me), 0);
  end(me, thread);
  return OK;
}

/** This thread runs it from here on: the luggage's block is in the value hand. @returns OK; REFUSED: it does not wait for that; BUSY, CUT_OFF */
export function run(me: Thread, grip: Grip): i32 {
  const thread = threadOf(grip);
  let status = empty(me, valueHand(me));
  if (status == OK) status = begin(me, thread);
  if (status != OK) return status;
  if (thread.state != STARTED) {
    end(me, thread);
    return REFUSED;
  }
  setField(me, thread, offsetof<ThreadThing>("state"), RUNNING_THREAD);
  setField(me, thread, offsetof<ThreadThing>("runner"), me.number + 1);
  itemOf(me).block = thread.luggage;
  set(me, valueHand(me), thread.luggage);
  setField(me, thread, offsetof<ThreadThing>("luggage"), 0);
  setField(me, thread, offsetof<ThreadThing>("closer"), 0);
  end(me, thread);
  return OK;
}

/** It is over. By its runner, or by whoever finds that none can be had. @returns OK, REFUSED: it is over already; BUSY, CUT_OFF */
export function finishThread(me: Thread, grip: Grip, outcome: u32, exitCode: i32): i32 {
  const thread = threadOf(grip);
  let status = begin(me, thread);
  if (status != OK) return status;
  if (thread.state == ENDED) status = REFUSED;
  else endThread(me, thread, outcome, exitCode);
  end(me, thread);
  return status;
}

/** No worker can be had for a thread that was started: the text in the value hand says why. @returns OK; REFUSED: it runs, or is over; BUSY, CUT_OFF */
export function failThread(me: Thread, grip: Grip, bytes: u32): i32 {
  const thread = threadOf(grip);
  let status = begin(me, thread);
  if (status != OK) return status;
  if (thread.state == STARTED) {
    const luggage = thread.luggage;
    setField(me, thread, offsetof<ThreadThing>("luggage"), me.handValue);
    setField(me, thread, offsetof<ThreadThing>("reasonBytes"), bytes);
    set(me, valueHand(me), luggage);
    endThread(me, thread, NEVER_BEGAN, 0);
  } else {
    status = REFUSED;
  }
  end(me, thread);
  empty(me, valueHand(me));
  return status;
}

/** Copies that text to `target`, at most `room` bytes. @returns OK: Item.count bytes; BUSY, CUT_OFF */
export function reasonOf(me: Thread, grip: Grip, target: usize, room: u32): i32 {
  const thread = threadOf(grip);
  const status = begin(me, thread);
  if (status != OK) return status;
  const bytes = min(thread.reasonBytes, room);
  memory.copy(target, thread.luggage, bytes);
  itemOf(me).count = bytes;
  end(me, thread);
  return OK;
}

/** A thread that was started and has not begun is not to begin. @returns OK, REFUSED: it runs, or is over; BUSY, CUT_OFF */
export function abandonThread(me: Thread, grip: Grip): i32 {
  const thread = threadOf(grip);
  let status = begin(me, thread);
  if (status != OK) return status;
  if (thread.state == STARTED) endThread(me, thread, DIED, 0);
  else status = REFUSED;
  end(me, thread);
  return status;
}

/** In its section. */
export function endThread(me: Thread, thread: ThreadThing, outcome: u32, exitCode: i32): void {
  setField(me, thread, offsetof<ThreadThing>("state"), ENDED);
  setField(me, thread, offsetof<ThreadThing>("runner"), 0);
  setField(me, thread, offsetof<ThreadThing>("outcome"), outcome);
  setField(me, thread, offsetof<ThreadThing>("exitCode"), <u32>exitCode);
  setField(me, thread, offsetof<ThreadThing>("closer"), 0);
  release(me, thread, joiners(thread), GRANTED);
}

/** Waits for its end. @returns OK, WAIT, BUSY, CUT_OFF */
export function joinThread(me: Thread, grip: Grip, waiter: usize): i32 {
  const thread = threadOf(grip);
  let status = beginWith(me, thread, waiter);
  if (status != OK) return status;
  if (thread.state == ENDED) served(me, waiter);
  else status = mustWait(me, joiners(thread), waiter);
  end(me, thread);
  if (waiter != 0) putAway(me, me);
  return status;
}

/**
 * Lists the threads that are started and not over: address and identity of each, at `target`.
 *
 * @param starter -1; or only those that the thread with this number has started, and nobody runs
 * @param room how many fit
 * @returns OK: Item.count is how many there are, which may be more; BUSY, CUT_OFF
 */
export function listThreads(me: Thread, starter: i32, target: usize, room: u32): i32 {
  const status = enterRegistry(me);
  if (status != OK) return status;
  let count: u32 = 0;
  let address = load<u32>(contextOf(me), offsetof<Context>("things"));
  while (address != 0) {
    const thing = changetype<Thing>(address);
    if (thing.kind == THREAD && isListed(changetype<ThreadThing>(address), starter)) {
      if (count < room) {
        store<u32>(target + ((<usize>count) << 3), address);
        store<u32>(target + ((<usize>count) << 3), thing.identity, 4);
      }
      count++;
    }
    address = thing.next;
  }
  itemOf(me).count = count;
  leaveRegistry(me);
  return OK;
}

function isListed(thread: ThreadThing, starter: i32): bool {
  const state = atomic.load<u32>(changetype<usize>(thread), offsetof<ThreadThing>("state"));
  if (starter >= 0) return state == STARTED && thread.starter == starter + 1;
  return state == STARTED || state == RUNNING_THREAD;
}

/** Item.count is how many threads there are that the program waits for, the main one aside. @returns OK, BUSY, CUT_OFF */
export function countLively(me: Thread): i32 {
  const status = enterRegistry(me);
  if (status != OK) return status;
  let count: u32 = 0;
  let address = load<u32>(contextOf(me), offsetof<Context>("things"));
  while (address != 0) {
    const thread = changetype<ThreadThing>(address);
    // The main thread runs itself, under number 0.
    if (thread.kind == THREAD && thread.isDaemon == 0 && thread.runner != 1 && isListed(thread, -1)) count++;
    address = thread.next;
  }
  itemOf(me).count = count;
  leaveRegistry(me);
  return OK;
}

/** Frees what belongs to a thread that nobody has a grip on. @returns OK, BUSY, CUT_OFF: then call again */
export function discardThread(me: Thread, thread: ThreadThing): i32 {
  for (;;) {
    let status = empty(me, anyHand(me));
    if (status == OK) status = begin(me, thread);
    if (status != OK) return status;
    const block = thread.name != 0 ? thread.name : thread.luggage;
    if (block != 0) {
      const field = thread.name != 0 ? offsetof<ThreadThing>("name") : offsetof<ThreadThing>("luggage");
      setField(me, thread, field, 0);
      set(me, anyHand(me), block);
    }
    end(me, thread);
    if (block == 0) return OK;
  }
  return OK;
}

// @ts-ignore: decorator
@inline
function setField(me: Thread, thread: ThreadThing, offset: usize, value: u32): void {
  set(me, changetype<usize>(thread) + offset, value);
}
