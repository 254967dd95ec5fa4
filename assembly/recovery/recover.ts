/**
 * Recovery: a thread is dead for certain. What it had begun is undone, what it held is given back, who waited for it is woken.
 *
 * Role: whoever watches the threads: the supervisor, or thread 0. Never for a thread that may still take a step. It does not sleep, it can be repeated, and
 *       it can itself be cut off and repeated by another. README.md has the steps and why each is there.
 */
import { arenaRepair } from "../memory/arena-repair";
import { ARENA_OFFSET, Context, Thread, contextOf, threadAt } from "../memory/layout";
import { abandon } from "../queue/queue";
import { Queue } from "../queue/records";
import { Barrier, breakUp } from "../sync/barrier";
import { EVERYONE, futexWake } from "../sync/futex";
import { anyHand, bufferHand, clearDesk, empty, putAway, valueHand } from "../sync/hands";
import { lockOwner, unlock } from "../sync/lock";
import { Mutex, abandonMutex } from "../sync/mutex";
import { Once } from "../sync/once";
import { ReadWrite, abandonReadWrite } from "../sync/read-write";
import { enterRegistry, leaveRegistry, unlink } from "../sync/registry";
import { commit, resume, set, undo } from "../sync/section";
import { Semaphore, returnPermits } from "../sync/semaphore";
import { OK } from "../sync/status";
import { Tasks } from "../tasks/records";
import { hasClients, recoverTasks, retire, setServer } from "../tasks/tasks";
import { DIED, ThreadThing, endThread } from "../tasks/thread";
import {
  BARRIER,
  CONDITION,
  Grip,
  LEAVES,
  LOCK,
  ONCE,
  PRIORITY,
  READ_WRITE,
  RLOCK,
  SEMAPHORE,
  TASKS,
  THREAD,
  Thing,
  begin,
  completeRelease,
  end,
  givers,
  joiners,
  lockWord,
  release,
  takers,
} from "../sync/thing";
import { GRANTED, List, RETRY, WOKEN, Waiter, remove, wakeFirst } from "../sync/waiter";
import { tidy } from "./close";

/**
 * Recovers thread `dead`.
 *
 * @returns OK when it is done; BUSY: a lock could not be had, by a thread that works or by another dead one: recover the others, come again soon;
 *          CUT_OFF: `repair` first
 */
export function recover(me: Thread, dead: i32): i32 {
  const context = contextOf(me);
  const thread = threadAt(context, dead);
  freeSharedLocks(context, thread, dead);
  let status = emptyHands(me, changetype<Thread>(me));
  if (status == OK) status = enterRegistry(me);
  if (status != OK) return status;
  // All sections first: no thing that the dead has locked can keep the second round from another one.
  let address = load<u32>(context, offsetof<Context>("things"));
  for (; address != 0; address = changetype<Thing>(address).next) freeSection(thread, dead, changetype<Thing>(address));
  address = load<u32>(context, offsetof<Context>("things"));
  while (address != 0 && status == OK) {
    const thing = changetype<Thing>(address);
    address = thing.next;
    status = recoverThing(me, thing, dead);
  }
  leaveRegistry(me);
  if (status == OK) status = emptyHands(me, thread);
  // Not of those whose hands we empty before: they may be our own, and buffer and desk in use.
  if (status == OK) status = empty(me, bufferHand(thread));
  if (status == OK) status = clearDesk(me, thread);
  if (status == OK) status = tidy(me);
  return status;
}

/** The arena's lock and the registry's. Whoever sleeps on them is woken in any case: the death may lie between a release and its notify. */
function freeSharedLocks(context: usize, thread: Thread, dead: i32): void {
  const arena = context + ARENA_OFFSET;
  arenaRepair(arena, dead, thread.section);
  const registry = context + offsetof<Context>("registryLock");
  if (lockOwner(registry) == dead) {
    // It may hold this lock with a log that is about another: then it was recovering somebody itself.
    if (thread.section == <u32>registry) undo(thread);
    unlock(registry, dead);
  }
  futexWake(registry, EVERYONE);
}

function freeSection(thread: Thread, dead: i32, thing: Thing): void {
  const word = lockWord(thing);
  if (lockOwner(word) == dead) {
    if (thread.section == <u32>word) undo(thread);
    completeRelease(thing);
    unlock(word, dead);
  }
  futexWake(word, EVERYONE);
}

function emptyHands(me: Thread, whose: Thread): i32 {
  let status = empty(me, valueHand(whose));
  if (status == OK) status = putAway(me, whose);
  if (status == OK) status = empty(me, anyHand(whose));
  return status;
}

/** Everything about one thing. In the registry's section, so that it and its grips stay. */
function recoverThing(me: Thread, thing: Thing, dead: i32): i32 {
  let status = dismissWaiters(me, thing, dead);
  if (status == OK && thing.kind == TASKS) status = recoverTasks(me, changetype<Tasks>(thing), dead);
  if (status == OK) status = begin(me, thing);
  if (status != OK) return status;
  giveBack(me, thing, dead);
  if (thing.kind == TASKS) {
    setServer(changetype<Tasks>(thing), dead, false);
    if (!hasClients(changetype<Tasks>(thing), dead)) retire(me, changetype<Tasks>(thing));
  }
  if (thing.kind == CONDITION) {
    // There is nothing to look for again, and whoever looked would not be found by a notify meanwhile: only those who were notified, and perhaps not woken.
    wakeNotified(takers(thing));
  } else {
    // It may have been woken in place of another, or died between a change and its notify: everybody looks again.
    release(me, thing, takers(thing), RETRY);
    release(me, thing, givers(thing), RETRY);
    release(me, thing, joiners(thing), RETRY);
  }
  end(me, thing);
  return dropGrips(me, thing, dead);
}

/** Takes the dead thread's waiters out of the lines, one section for each: their blocks leave through our hands. */
function dismissWaiters(me: Thread, thing: Thing, dead: i32): i32 {
  for (;;) {
    let status = emptyHands(me, me);
    if (status == OK) status = begin(me, thing);
    if (status != OK) return status;
    let waiter = waiterOf(takers(thing), dead);
    if (waiter == 0) waiter = waiterOf(givers(thing), dead);
    if (waiter == 0) waiter = waiterOf(joiners(thing), dead);
    if (waiter != 0) dismiss(me, thing, changetype<Waiter>(waiter));
    end(me, thing);
    if (waiter == 0) return OK;
  }
  return OK;
}

function wakeNotified(list: List): void {
  for (let address = list.first; address != 0; address = changetype<Waiter>(address).next) {
    if (changetype<Waiter>(address).word == WOKEN) futexWake(address, EVERYONE);
  }
}

function waiterOf(list: List, dead: i32): usize {
  let address = list.first;
  while (address != 0 && changetype<Waiter>(address).thread != dead) address = changetype<Waiter>(address).next;
  return address;
}

function dismiss(me: Thread, thing: Thing, it: Waiter): void {
  const wasNotified = thing.kind == CONDITION && it.outcome == GRANTED;
  const hadArrived = thing.kind == BARRIER && it.list == <u32>changetype<usize>(takers(thing)) && it.outcome < GRANTED;
  if (it.block != 0) {
    set(me, valueHand(me), it.block);
    set(me, changetype<usize>(it) + offsetof<Waiter>("block"), 0);
  }
  remove(me, it);
  // A notify is for somebody who can act on it. (The release that follows wakes whom it went to.)
  if (wasNotified) wakeFirst(me, takers(thing), GRANTED);
  // The others would wait for ever.
  if (hadArrived) breakUp(me, changetype<Barrier>(thing), true);
}

/** What the dead held of this thing. In its section; each grip is settled before the next, so that any number fits in the log. */
function giveBack(me: Thread, thing: Thing, dead: i32): void {
  for (let address = thing.grips; address != 0; address = changetype<Grip>(address).next) {
    const grip = changetype<Grip>(address);
    while (grip.thread == dead && grip.held != 0) {
      // Each notify wakes somebody, which takes some of the log.
      const held = thing.kind == CONDITION ? 1 : grip.held;
      set(me, address + offsetof<Grip>("held"), grip.held - held);
      settle(me, thing, dead, held);
    }
  }
  settle(me, thing, dead, 0);
}

/** `held` items, permits, read locks or notifies come back; so does what names the dead as its owner. */
function settle(me: Thread, thing: Thing, dead: i32, held: u32): void {
  const kind = thing.kind;
  if (kind <= PRIORITY) {
    if (held != 0) abandon(me, changetype<Queue>(thing), held);
  } else if (kind == CONDITION) {
    if (held != 0) wakeFirst(me, takers(thing), GRANTED);
  } else if (kind == SEMAPHORE) {
    if (held != 0) returnPermits(me, changetype<Semaphore>(thing), held);
  } else if (kind == LOCK || kind == RLOCK) {
    if (changetype<Mutex>(thing).owner == dead + 1) abandonMutex(me, changetype<Mutex>(thing));
  } else if (kind == READ_WRITE) {
    abandonReadWrite(me, changetype<ReadWrite>(thing), dead, held);
  } else if (kind == ONCE) {
    if (changetype<Once>(thing).runner == dead + 1) set(me, changetype<usize>(thing) + offsetof<Once>("runner"), 0);
  } else if (kind == BARRIER) {
    if (changetype<Barrier>(thing).runner == dead + 1) breakUp(me, changetype<Barrier>(thing), true);
  } else if (kind == THREAD) {
    if (changetype<ThreadThing>(thing).runner == dead + 1) endThread(me, changetype<ThreadThing>(thing), DIED, 0);
  }
  commit(me);
}

/** Takes the dead thread's grips off the thing, and over what it was taking apart. In the registry's section. */
function dropGrips(me: Thread, thing: Thing, dead: i32): i32 {
  const registry = contextOf(me) + offsetof<Context>("registryLock");
  let address = thing.grips;
  while (address != 0) {
    const grip = changetype<Grip>(address);
    address = grip.next;
    if (grip.thread != dead) continue;
    const status = empty(me, anyHand(me));
    if (status != OK) return status;
    resume(me, registry);
    unlink(me, grip);
    commit(me);
    // The maker's stays where it is, and must not look like one that is open.
    grip.role = LEAVES;
  }
  if (thing.closer == dead + 1) thing.closer = me.number + 1;
  return empty(me, anyHand(me));
}
