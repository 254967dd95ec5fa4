/**
 * Tasks: put in, taken, finished, heard of; cancelled, doomed, lost. What a pool is made of.
 *
 * Each step is one section under one lock, so that a task is always in exactly one place, and is run once or, if its thread died, reported as lost.
 *
 * Source: the shape follows assembly/queue; the meaning CPython's `concurrent.futures`. README.md has the places and the steps.
 * Role:   any thread with a grip; outside sections. WAIT is explained in queue/queue.ts.
 */
import { Thread, itemOf } from "../memory/layout";
import { popRanked, removeRanked } from "../queue/priority";
import { isVacant, put, size } from "../queue/queue";
import { GRACEFUL, IMMEDIATE, LOOKER, OPEN, Queue, isLookedFor, rankedAt, sizeOf } from "../queue/records";
import { anyHand, empty, putAway, take as takeBlock, valueHand } from "../sync/hands";
import { UNLIKELY, pause } from "../sync/pause";
import { set, setAtomic } from "../sync/section";
import { OK, REFUSED, SHUT, WAIT } from "../sync/status";
import { GRIP_BYTES, Grip, begin, beginWith, end, givers, joiners, release, takers } from "../sync/thing";
import { RETRY, mustWait, notify, served, wakeFirst } from "../sync/waiter";
import {
  CANCELLED,
  DEFINITION_BYTES,
  DOOMED,
  Definition,
  ENDED,
  LOST,
  MAILBOX_BYTES,
  Mailbox,
  QUEUED,
  RUNNING,
  SERVERS,
  TASK_TAG,
  Task,
  Tasks,
} from "./records";

// @ts-ignore: decorator
@inline
export function tasksOf(grip: Grip): Tasks {
  return changetype<Tasks>(grip.thing);
}

/**
 * Puts a task in: the block in the value hand, whose record the caller has filled in.
 *
 * @returns as queue's `put`; with OK and WAIT the block is no longer the caller's
 */
export function submit(me: Thread, grip: Grip, waiter: usize, task: u32, priority: f64): i32 {
  return put(me, grip, waiter, TASK_TAG, task, 0, priority);
}

/**
 * Looks for a task before sleeping, 8 µs together, and rounds of the pause between two. Whoever awaits empty tasks one by one has the next in 2. Not longer: who
 * has to be woken to hear of the last one is often put on this processor, and has to wait for the end of the looks (2 cores, Linux: 50 µs of looks, 72 each time).
 */
const LOOKS: i32 = 2000;
const ROUNDS: i32 = 8;

/**
 * Looks for a while whether there is a task, before sleeping. One thread at a time does: two would take the processor from those who bring tasks. It will be there
 * before one who sleeps, so meanwhile `submit` wakes nobody. For that the thread has to come back with `take` and a waiter, which ends its looking in the same
 * section in which it takes a task, and wakes the next for those behind it, or goes to sleep; if it dies before, its recovery ends it and wakes all.
 */
export function look(me: Thread, grip: Grip): void {
  const tasks = tasksOf(grip);
  // No call in here: nothing may cut a thread off that is known to look.
  if (atomic.cmpxchg<i32>(lookerOf(tasks), 0, me.number + 1) != 0) return;
  for (let i = 0; i < LOOKS && isVacant(tasks); i++) if (pause(i, ROUNDS) == UNLIKELY) break;
}

/** In the section. */
function stopLooking(me: Thread, tasks: Tasks, thread: i32): void {
  if (atomic.load<i32>(lookerOf(tasks)) == thread + 1) setAtomic(me, lookerOf(tasks), 0);
}

// @ts-ignore: decorator
@inline
function lookerOf(tasks: Tasks): usize {
  return changetype<usize>(tasks) + LOOKER;
}

/**
 * Takes the next task, to run it: its address is in the thread's Item, as `block`. It is this thread's until `finish`.
 *
 * @returns OK, WAIT, SHUT, BUSY, CUT_OFF
 */
export function take(me: Thread, grip: Grip, waiter: usize): i32 {
  const tasks = tasksOf(grip);
  if (waiter == 0 && isVacant(tasks)) return WAIT;
  for (;;) {
    // What was thrown away in the turn before.
    let status = empty(me, anyHand(me));
    if (status == OK) status = beginWith(me, tasks, waiter);
    if (status != OK) return status;
    stopLooking(me, tasks, me.number);
    if (sizeOf(tasks) == 0) {
      if (tasks.shut == OPEN) {
        status = mustWait(me, takers(tasks), waiter);
        end(me, tasks);
        return status;
      }
      served(me, waiter);
      end(me, tasks);
      if (waiter != 0) putAway(me, me);
      return SHUT;
    }
    const task = popFirst(me, tasks);
    const isWanted = task.state == QUEUED && tasks.shut != IMMEDIATE && mailboxOf(tasks, task.mailbox) != 0;
    let woken: usize = 0;
    let next: usize = 0;
    if (isWanted) {
      itemOf(me).block = <u32>changetype<usize>(task);
      start(me, tasks, task);
      woken = wakeFirst(me, givers(tasks), RETRY);
      served(me, waiter);
      // Those behind it may have come while this thread was looking.
      if (sizeOf(tasks) != 0 && !isLookedFor(tasks)) next = wakeFirst(me, takers(tasks), RETRY);
    } else {
      woken = throwAway(me, tasks, task);
    }
    end(me, tasks);
    notify(woken);
    notify(next);
    if (isWanted) {
      if (waiter != 0) putAway(me, me);
      return OK;
    }
  }
  return OK;
}

function popFirst(me: Thread, tasks: Tasks): Task {
  const task = changetype<Task>(rankedAt(tasks, 0).block);
  popRanked(me, tasks);
  set(me, changetype<usize>(tasks) + offsetof<Queue>("gets"), tasks.gets + 1);
  return task;
}

/** Into the line of those that run. */
function start(me: Thread, tasks: Tasks, task: Task): void {
  const address = <u32>changetype<usize>(task);
  const first = tasks.running;
  set(me, address + offsetof<Task>("state"), RUNNING);
  set(me, address + offsetof<Task>("runner"), me.number + 1);
  set(me, address + offsetof<Task>("previous"), 0);
  set(me, address + offsetof<Task>("next"), first);
  if (first != 0) set(me, first + offsetof<Task>("previous"), address);
  setField(me, tasks, offsetof<Tasks>("running"), address);
  setField(me, tasks, offsetof<Tasks>("runners"), tasks.runners + 1);
}

/** A task that was popped and is not to run: to whoever waits for it, or into the hand. @returns the word to notify */
function throwAway(me: Thread, tasks: Tasks, task: Task): usize {
  const address = <u32>changetype<usize>(task);
  if (task.state == CANCELLED) {
    // It had lent its place (cancel), and counts as done already.
    setField(me, tasks, offsetof<Tasks>("cancelled"), tasks.cancelled - 1);
    if (tasks.maxsize != 0) setField(me, tasks, offsetof<Queue>("maxsize"), tasks.maxsize - 1);
    set(me, anyHand(me), address);
    return 0;
  }
  return settle(me, tasks, task, CANCELLED);
}

/** A task's end: it is done with, and goes to its mailbox, or into the hand where there is none. @returns the word to notify */
function settle(me: Thread, tasks: Tasks, task: Task, state: i32): usize {
  const address = <u32>changetype<usize>(task);
  set(me, address + offsetof<Task>("state"), state);
  const mailbox = mailboxOf(tasks, task.mailbox);
  let woken: usize = 0;
  if (mailbox == 0) set(me, anyHand(me), address);
  else woken = deliver(me, changetype<Mailbox>(mailbox), address);
  countDone(me, tasks, state);
  return woken;
}

/** One more is done with; who waits for all is woken when it is the last. The last step of a section: it makes final what is before. */
function countDone(me: Thread, tasks: Tasks, state: i32): void {
  const count = changetype<usize>(tasks) + ENDED + 4 * state;
  set(me, count, load<u32>(count) + 1);
  setField(me, tasks, offsetof<Queue>("done"), tasks.done + 1);
  if (tasks.done == tasks.puts) release(me, tasks, joiners(tasks), RETRY);
}

function deliver(me: Thread, mailbox: Mailbox, task: u32): usize {
  const address = changetype<usize>(mailbox);
  set(me, task + offsetof<Task>("next"), 0);
  if (mailbox.last == 0) set(me, address + offsetof<Mailbox>("first"), task);
  else set(me, mailbox.last + offsetof<Task>("next"), task);
  set(me, address + offsetof<Mailbox>("last"), task);
  if (mailbox.asleep == 0) return 0;
  set(me, address + offsetof<Mailbox>("asleep"), 0);
  setAtomic(me, address + offsetof<Mailbox>("word"), mailbox.word + 1);
  return address + offsetof<Mailbox>("word");
}

function mailboxOf(tasks: Tasks, serial: u32): usize {
  let address = tasks.mailboxes;
  while (address != 0 && changetype<Mailbox>(address).serial != serial) address = changetype<Mailbox>(address).next;
  return address;
}

/** Out of the line of those that run. */
function stop(me: Thread, tasks: Tasks, task: Task): void {
  if (task.previous == 0) setField(me, tasks, offsetof<Tasks>("running"), task.next);
  else set(me, task.previous + offsetof<Task>("next"), task.next);
  if (task.next != 0) set(me, task.next + offsetof<Task>("previous"), task.previous);
  set(me, changetype<usize>(task) + offsetof<Task>("runner"), 0);
  setField(me, tasks, offsetof<Tasks>("runners"), tasks.runners - 1);
}

/**
 * The end of a task that this thread runs. The outcome's block, if it has one, is in the value hand.
 *
 * @param state DONE or FAILED
 * @returns OK; REFUSED: it is doomed, so is the thread, which should wait for its end and do nothing more; BUSY, CUT_OFF
 */
export function finish(me: Thread, grip: Grip, task: Task, state: i32, tag: i32, block: u32, number: f64): i32 {
  const tasks = tasksOf(grip);
  const address = changetype<usize>(task);
  let status = empty(me, anyHand(me));
  if (status == OK) status = begin(me, tasks);
  if (status != OK) return status;
  if (task.state != RUNNING || task.runner != me.number + 1) {
    end(me, tasks);
    return REFUSED;
  }
  stop(me, tasks, task);
  // Nobody reads these before it is in the mailbox, but an undo leaves it with the line of those that run: then they are written again.
  task.outcomeTag = tag;
  task.outcomeNumber = number;
  if (mailboxOf(tasks, task.mailbox) != 0 && block != 0) {
    set(me, address + offsetof<Task>("outcomeBlock"), block);
    set(me, valueHand(me), 0);
  }
  const woken = settle(me, tasks, task, state);
  end(me, tasks);
  notify(woken);
  empty(me, valueHand(me));
  empty(me, anyHand(me));
  return OK;
}

/**
 * The next task that is over, of those that this mailbox is for. Its record is in the hand, the bytes of its outcome are in the value hand, until the thread's
 * next operation; Item.block is the record.
 *
 * @returns OK; WAIT: none; whoever wants to wait sleeps while the mailbox's word is Item.count; BUSY, CUT_OFF
 */
export function reap(me: Thread, grip: Grip, mailbox: Mailbox): i32 {
  const tasks = tasksOf(grip);
  const item = itemOf(me);
  let status = empty(me, anyHand(me));
  if (status == OK) status = empty(me, valueHand(me));
  if (status == OK) status = begin(me, tasks);
  if (status != OK) return status;
  if (!unbox(me, mailbox)) {
    set(me, changetype<usize>(mailbox) + offsetof<Mailbox>("asleep"), 1);
    item.count = mailbox.word;
    status = WAIT;
  } else {
    item.block = me.hand;
  }
  end(me, tasks);
  return status;
}

/** Looks into a mailbox before waiting, 32 µs together: an empty task is over in 4, and in some 25 where a worker has to be woken; to wait for it takes longer. */
const LOOKS_INTO: i32 = 8000;

/** Looks for a while whether something is in a mailbox. @returns whether it seems so: whoever wants to know reaps */
export function lookInto(mailbox: Mailbox): bool {
  const first = changetype<usize>(mailbox) + offsetof<Mailbox>("first");
  for (let i = 0; i < LOOKS_INTO; i++) {
    if (atomic.load<u32>(first) != 0) return true;
    if (pause(i, ROUNDS) == UNLIKELY) break;
  }
  return false;
}

/** Takes the first out of a mailbox into the hands. @returns whether there was one */
function unbox(me: Thread, mailbox: Mailbox): bool {
  const first = mailbox.first;
  if (first == 0) return false;
  const task = changetype<Task>(first);
  set(me, changetype<usize>(mailbox) + offsetof<Mailbox>("first"), task.next);
  if (task.next == 0) set(me, changetype<usize>(mailbox) + offsetof<Mailbox>("last"), 0);
  set(me, anyHand(me), first);
  if (task.outcomeBlock != 0) set(me, valueHand(me), task.outcomeBlock);
  return true;
}

/**
 * Gives a task up, by the one who put it in, and has not heard of its end.
 *
 * @returns OK: it will not run, and is not heard of again; WAIT: it runs, and its flag is raised; REFUSED: it is over; BUSY, CUT_OFF
 */
export function cancel(me: Thread, grip: Grip, task: Task): i32 {
  const tasks = tasksOf(grip);
  const address = changetype<usize>(task);
  let status = begin(me, tasks);
  if (status != OK) return status;
  let woken: usize = 0;
  if (task.state == QUEUED) {
    set(me, address + offsetof<Task>("state"), CANCELLED);
    setField(me, tasks, offsetof<Tasks>("cancelled"), tasks.cancelled + 1);
    // Its cell stays until it would have been taken; until then there is room for one more.
    if (tasks.maxsize != 0) setField(me, tasks, offsetof<Queue>("maxsize"), tasks.maxsize + 1);
    woken = wakeFirst(me, givers(tasks), RETRY);
    countDone(me, tasks, CANCELLED);
  } else if (task.state == RUNNING) {
    setAtomic(me, address + offsetof<Task>("flag"), 1);
    woken = address + offsetof<Task>("flag");
    status = WAIT;
  } else {
    status = REFUSED;
  }
  // So many cells whose tasks will never be taken hold memory, if nobody comes to take.
  const isCrowded = tasks.cancelled > sizeOf(tasks) >> 1;
  end(me, tasks);
  notify(woken);
  if (isCrowded) sweep(me, tasks);
  return status;
}

/** Cells that are looked at in one section. */
const SWEEP: u32 = 1000;

/** Throws away cancelled tasks, wherever they are: one, or a look at some cells, in each section. What is missed, or cannot be done, is left to whoever takes. */
function sweep(me: Thread, tasks: Tasks): void {
  let index = u32.MAX_VALUE;
  while (index != 0) {
    if (empty(me, anyHand(me)) != OK || begin(me, tasks) != OK) return;
    index = min(index, sizeOf(tasks));
    const least = index > SWEEP ? index - SWEEP : 0;
    while (index > least) {
      index--;
      const task = changetype<Task>(rankedAt(tasks, index).block);
      if (task.state != CANCELLED) continue;
      removeRanked(me, tasks, index);
      setField(me, tasks, offsetof<Queue>("gets"), tasks.gets + 1);
      throwAway(me, tasks, task);
      break;
    }
    end(me, tasks);
  }
  empty(me, anyHand(me));
}

/**
 * Before a thread is ended because of the task that it runs: from here on it takes no other, so that its end hits none.
 *
 * @returns OK: the thread's number is Item.count; REFUSED: the task does not run; BUSY, CUT_OFF
 */
export function doom(me: Thread, grip: Grip, task: Task): i32 {
  const tasks = tasksOf(grip);
  let status = begin(me, tasks);
  if (status != OK) return status;
  if (task.state == RUNNING || task.state == DOOMED) {
    set(me, changetype<usize>(task) + offsetof<Task>("state"), DOOMED);
    itemOf(me).count = task.runner - 1;
  } else {
    status = REFUSED;
  }
  end(me, tasks);
  return status;
}

/**
 * No more tasks; with `immediate` those that have not begun are cancelled, and whoever put them in hears of it.
 *
 * @returns OK, BUSY, CUT_OFF: then it is not done yet
 */
export function shutdown(me: Thread, grip: Grip, immediate: bool): i32 {
  const tasks = tasksOf(grip);
  let status = begin(me, tasks);
  if (status != OK) return status;
  if (tasks.shut != IMMEDIATE) setField(me, tasks, offsetof<Queue>("shut"), immediate ? IMMEDIATE : GRACEFUL);
  release(me, tasks, takers(tasks), RETRY);
  release(me, tasks, givers(tasks), RETRY);
  end(me, tasks);
  return immediate ? flush(me, tasks) : OK;
}

/** Throws away all that has not begun, one section each. */
function flush(me: Thread, tasks: Tasks): i32 {
  for (;;) {
    let status = empty(me, anyHand(me));
    if (status == OK) status = begin(me, tasks);
    if (status != OK) return status;
    const isOver = sizeOf(tasks) == 0;
    let woken: usize = 0;
    if (!isOver) woken = throwAway(me, tasks, popFirst(me, tasks));
    end(me, tasks);
    notify(woken);
    if (isOver) return OK;
  }
  return OK;
}

/** Opens a mailbox for this thread. @returns its address; NO_MEMORY, BUSY, CUT_OFF */
export function openMailbox(me: Thread, grip: Grip): usize {
  const tasks = tasksOf(grip);
  let status = takeBlock(me, anyHand(me), MAILBOX_BYTES);
  if (status == OK) status = begin(me, tasks);
  if (status != OK) return status;
  const address = me.hand;
  memory.fill(address, 0, MAILBOX_BYTES);
  const mailbox = changetype<Mailbox>(address);
  const first = tasks.mailboxes;
  mailbox.thread = me.number;
  mailbox.next = first;
  mailbox.serial = tasks.serials + 1;
  setField(me, tasks, offsetof<Tasks>("serials"), mailbox.serial);
  if (first != 0) set(me, first + offsetof<Mailbox>("previous"), address);
  setField(me, tasks, offsetof<Tasks>("mailboxes"), address);
  set(me, anyHand(me), 0);
  end(me, tasks);
  return address;
}

/** Closes a mailbox: what it was for is not heard of, and what has not begun will not run. @returns OK, BUSY, CUT_OFF: then call again */
export function closeMailbox(me: Thread, grip: Grip, mailbox: Mailbox): i32 {
  return removeMailbox(me, tasksOf(grip), mailbox);
}

function removeMailbox(me: Thread, tasks: Tasks, mailbox: Mailbox): i32 {
  const address = <u32>changetype<usize>(mailbox);
  for (;;) {
    let status = empty(me, anyHand(me));
    if (status == OK) status = empty(me, valueHand(me));
    if (status == OK) status = begin(me, tasks);
    if (status != OK) return status;
    const isEmpty = !unbox(me, mailbox);
    if (isEmpty) {
      if (mailbox.previous == 0) setField(me, tasks, offsetof<Tasks>("mailboxes"), mailbox.next);
      else set(me, mailbox.previous + offsetof<Mailbox>("next"), mailbox.next);
      if (mailbox.next != 0) set(me, mailbox.next + offsetof<Mailbox>("previous"), mailbox.previous);
      set(me, anyHand(me), address);
    }
    end(me, tasks);
    if (isEmpty) break;
  }
  // A `waitAsync` that nobody looks at any more would swallow the wake-up of whoever uses this address next.
  notify(address + offsetof<Mailbox>("word"));
  return empty(me, anyHand(me));
}

/** Makes the text in the value hand known, whose record's `bytes` the caller has filled in; once, whoever says it. @returns OK: its number is Item.count; BUSY, CUT_OFF */
export function define(me: Thread, grip: Grip): i32 {
  const tasks = tasksOf(grip);
  const status = begin(me, tasks);
  if (status != OK) return status;
  const text = changetype<Definition>(me.handValue);
  let known = tasks.definitions;
  while (known != 0 && !isSame(changetype<Definition>(known), text)) known = changetype<Definition>(known).next;
  itemOf(me).count = known == 0 ? publish(me, tasks) : changetype<Definition>(known).key;
  end(me, tasks);
  // What was known already.
  empty(me, valueHand(me));
  return OK;
}

function isSame(a: Definition, b: Definition): bool {
  if (a.bytes != b.bytes || a.tag != b.tag) return false;
  return memory.compare(changetype<usize>(a) + DEFINITION_BYTES, changetype<usize>(b) + DEFINITION_BYTES, a.bytes) == 0;
}

/** The same; what the text says is why no task will be run any more. The first reason stays. @returns OK, BUSY, CUT_OFF */
export function breakDown(me: Thread, grip: Grip): i32 {
  const tasks = tasksOf(grip);
  const status = begin(me, tasks);
  if (status != OK) return status;
  const key = publish(me, tasks);
  if (tasks.broken == 0) setField(me, tasks, offsetof<Tasks>("broken"), key);
  end(me, tasks);
  return OK;
}

/** In the section. @returns the text's number */
function publish(me: Thread, tasks: Tasks): u32 {
  const address = me.handValue;
  const definition = changetype<Definition>(address);
  const newest = tasks.definitions;
  definition.next = newest;
  definition.key = newest == 0 ? 1 : changetype<Definition>(newest).key + 1;
  setField(me, tasks, offsetof<Tasks>("definitions"), address);
  set(me, valueHand(me), 0);
  return definition.key;
}

/** The text of a number: Item.block is where it lies, Item.count how long it is. It stays as long as the tasks do. @returns OK, REFUSED, BUSY, CUT_OFF */
export function definitionOf(me: Thread, grip: Grip, key: u32): i32 {
  const tasks = tasksOf(grip);
  const item = itemOf(me);
  const status = begin(me, tasks);
  if (status != OK) return status;
  let address = tasks.definitions;
  while (address != 0 && changetype<Definition>(address).key != key) address = changetype<Definition>(address).next;
  if (address != 0) {
    item.block = address + DEFINITION_BYTES;
    item.count = changetype<Definition>(address).bytes;
  }
  end(me, tasks);
  return address == 0 ? REFUSED : OK;
}

/**
 * Whether a thread other than those that serve has a part in it: else nothing will be put in any more. In the registry's section.
 *
 * @param gone number of a thread that does not count, -1: none
 */
export function hasClients(tasks: Tasks, gone: i32): bool {
  // The maker's grip lies in the record itself: it is there most of the time, and then nobody need go through all of them.
  const makers = changetype<Grip>(changetype<usize>(tasks) + tasks.bytes - GRIP_BYTES);
  if (isClient(tasks, makers, gone)) return true;
  let address = tasks.grips;
  while (address != 0 && !isClient(tasks, changetype<Grip>(address), gone)) address = changetype<Grip>(address).next;
  return address != 0;
}

function isClient(tasks: Tasks, grip: Grip, gone: i32): bool {
  if (grip.role != 0 || grip.thread == gone) return false;
  return ((load<u32>(serverWord(tasks, grip.thread)) >> (grip.thread & 31)) & 1) == 0;
}

function serverWord(tasks: Tasks, thread: i32): usize {
  return changetype<usize>(tasks) + SERVERS + ((<usize>thread >> 5) << 2);
}

/** A thread begins to serve, or does so no more. In the registry's section. */
export function setServer(tasks: Tasks, thread: i32, serves: bool): void {
  const word = serverWord(tasks, thread);
  const bit: u32 = 1 << (thread & 31);
  store<u32>(word, serves ? load<u32>(word) | bit : load<u32>(word) & ~bit);
}

/** In the section: nobody is left who could put something in. */
export function retire(me: Thread, tasks: Tasks): void {
  if (tasks.shut == OPEN) setField(me, tasks, offsetof<Queue>("shut"), GRACEFUL);
}

/** Waits until nothing is queued, nothing runs. @returns OK, WAIT, BUSY, CUT_OFF */
export function join(me: Thread, grip: Grip, waiter: usize): i32 {
  const tasks = tasksOf(grip);
  let status = beginWith(me, tasks, waiter);
  if (status != OK) return status;
  if (tasks.done != tasks.puts) status = mustWait(me, joiners(tasks), waiter);
  else served(me, waiter);
  end(me, tasks);
  if (waiter != 0) putAway(me, me);
  return status;
}

/** Tasks that have not begun, and were not cancelled: a moment's truth. */
export function queued(grip: Grip): u32 {
  const cells = size(grip);
  const cancelled = atomic.load<u32>(grip.thing, offsetof<Tasks>("cancelled"));
  return <u32>max<i32>(0, <i32>(cells - cancelled));
}

export function running(grip: Grip): u32 {
  return atomic.load<u32>(grip.thing, offsetof<Tasks>("runners"));
}

/** Of those that run: Item.number is the sum of the times at which they have begun, Item.count how many these are. @returns OK, BUSY, CUT_OFF */
export function begun(me: Thread, grip: Grip): i32 {
  const tasks = tasksOf(grip);
  const status = begin(me, tasks);
  if (status != OK) return status;
  let sum: f64 = 0;
  let count: u32 = 0;
  for (let address = tasks.running; address != 0; address = changetype<Task>(address).next) {
    const begunAt = changetype<Task>(address).begunAt;
    // Else its thread has not got to it yet.
    if (begunAt == 0) continue;
    sum += begunAt;
    count++;
  }
  itemOf(me).number = sum;
  itemOf(me).count = count;
  end(me, tasks);
  return OK;
}

/**
 * A thread that ran tasks of these has died, and its recovery has to wait, for it may still take some steps: whoever waits for an end is woken, to see whether the
 * task was that thread's.
 *
 * @returns OK, BUSY, CUT_OFF
 */
export function announceDeath(me: Thread, grip: Grip): i32 {
  const tasks = tasksOf(grip);
  const status = begin(me, tasks);
  if (status != OK) return status;
  setField(me, tasks, offsetof<Tasks>("deaths"), tasks.deaths + 1);
  for (let address = tasks.mailboxes; address != 0; address = changetype<Mailbox>(address).next) {
    // Not undone when this is cut off: once more is as good.
    atomic.add<i32>(address + offsetof<Mailbox>("word"), 1);
    notify(address + offsetof<Mailbox>("word"));
  }
  end(me, tasks);
  return OK;
}

/** How many were announced. */
export function deaths(grip: Grip): u32 {
  return atomic.load<u32>(grip.thing, offsetof<Tasks>("deaths"));
}

// Recovery and the end

/** What the dead thread ran is lost; its mailboxes go. By its recovery, in no section. @returns OK, BUSY, CUT_OFF: then call again */
export function recoverTasks(me: Thread, tasks: Tasks, dead: i32): i32 {
  let status = begin(me, tasks);
  if (status != OK) return status;
  stopLooking(me, tasks, dead);
  end(me, tasks);
  status = loseTasks(me, tasks, dead);
  while (status == OK) {
    status = begin(me, tasks);
    if (status != OK) return status;
    let address = tasks.mailboxes;
    while (address != 0 && changetype<Mailbox>(address).thread != dead) address = changetype<Mailbox>(address).next;
    end(me, tasks);
    if (address == 0) break;
    status = removeMailbox(me, tasks, changetype<Mailbox>(address));
  }
  return status == OK ? wakeMailboxes(me, tasks) : status;
}

function loseTasks(me: Thread, tasks: Tasks, dead: i32): i32 {
  for (;;) {
    let status = empty(me, anyHand(me));
    if (status == OK) status = begin(me, tasks);
    if (status != OK) return status;
    let address = tasks.running;
    while (address != 0 && changetype<Task>(address).runner != dead + 1) address = changetype<Task>(address).next;
    let woken: usize = 0;
    if (address != 0) {
      const task = changetype<Task>(address);
      stop(me, tasks, task);
      // Not told who ran it: who hears of it wants to know.
      woken = settle(me, tasks, task, LOST);
    }
    end(me, tasks);
    notify(woken);
    if (address == 0) return OK;
  }
  return OK;
}

/** A death, or a cut, may lie between a delivery and its notify. */
export function wakeMailboxes(me: Thread, tasks: Tasks): i32 {
  const status = begin(me, tasks);
  if (status != OK) return status;
  for (let address = tasks.mailboxes; address != 0; address = changetype<Mailbox>(address).next) {
    notify(address + offsetof<Mailbox>("word"));
  }
  end(me, tasks);
  return OK;
}

/** Frees all that belongs to tasks that nobody has a grip on. @returns OK, BUSY, CUT_OFF: then call again */
export function discardTasks(me: Thread, tasks: Tasks): i32 {
  // Who ran them, and has no grip, is not coming back; mailboxes were closed, or their threads died.
  for (;;) {
    let status = empty(me, anyHand(me));
    if (status == OK) status = empty(me, valueHand(me));
    if (status == OK) status = begin(me, tasks);
    if (status != OK) return status;
    const isOver = !discardOne(me, tasks);
    end(me, tasks);
    if (isOver) return OK;
  }
  return OK;
}

function discardOne(me: Thread, tasks: Tasks): bool {
  if (sizeOf(tasks) != 0) {
    set(me, anyHand(me), <u32>changetype<usize>(popFirst(me, tasks)));
    return true;
  }
  if (tasks.running != 0) {
    const address = tasks.running;
    stop(me, tasks, changetype<Task>(address));
    set(me, anyHand(me), address);
    return true;
  }
  if (tasks.mailboxes != 0) {
    const address = tasks.mailboxes;
    if (unbox(me, changetype<Mailbox>(address))) return true;
    setField(me, tasks, offsetof<Tasks>("mailboxes"), changetype<Mailbox>(address).next);
    set(me, anyHand(me), address);
    return true;
  }
  if (tasks.definitions != 0) {
    const address = tasks.definitions;
    setField(me, tasks, offsetof<Tasks>("definitions"), changetype<Definition>(address).next);
    set(me, anyHand(me), address);
    return true;
  }
  if (tasks.cells != 0) {
    set(me, anyHand(me), tasks.cells);
    setField(me, tasks, offsetof<Queue>("cells"), 0);
    setField(me, tasks, offsetof<Queue>("capacity"), 0);
    return true;
  }
  return false;
}

// @ts-ignore: decorator
@inline
function setField(me: Thread, tasks: Tasks, offset: usize, value: u32): void {
  set(me, changetype<usize>(tasks) + offset, value);
}
