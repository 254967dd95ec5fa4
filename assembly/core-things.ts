/**
 * The core's exports for locks and queues: each operation for the thread of this instance.
 *
 * Answers are those of sync/status.ts unless said otherwise; addresses are 16 and more. A `waiter` is 0, `threadWaiter()` or what `waiterTake()`
 * gave: WAIT says that it stands in line; sleep on its word while that is 0, then call again with it.
 */
import { ITEM_OFFSET, SCRATCH_OFFSET, itemOf } from "./memory/layout";
import { me } from "./instance";
import * as queues from "./queue/queue";
import * as blocking from "./queue/blocking";
import { QUEUE_BYTES, Queue } from "./queue/records";
import { closeGrip, tidy } from "./recovery/close";
import { repair } from "./recovery/repair";
import * as barriers from "./sync/barrier";
import * as conditions from "./sync/condition";
import * as counters from "./sync/counter";
import * as events from "./sync/event";
import { futexWait } from "./sync/futex";
import { empty, take, valueHand, waiterHand } from "./sync/hands";
import * as mutexes from "./sync/mutex";
import * as onces from "./sync/once";
import * as readWrites from "./sync/read-write";
import { enrol, grasp, make } from "./sync/registry";
import * as semaphores from "./sync/semaphore";
import { OK } from "./sync/status";
import {
  BARRIER,
  CONDITION,
  COUNTER,
  EVENT,
  Grip,
  LOCK,
  ONCE,
  RLOCK,
  READ_WRITE,
  SEMAPHORE,
  begin,
  end,
  givers,
  joiners,
  takers,
  thingOf,
} from "./sync/thing";
import { List, WAITER_BYTES, WAITING, Waiter, ownWaiter } from "./sync/waiter";
import { withdraw } from "./sync/withdraw";

// Things. Those that make one, and `thingGrasp`, return the address of a grip, or a status below 16.

/** @param kind FIFO 1, LIFO 2, PRIORITY 3; @param spin looks before sleeping, negative: adapts; so for all that follow */
export function queueMake(kind: u32, maxsize: u32, spin: i32): usize {
  const status = make(me(), kind, QUEUE_BYTES, spin);
  if (status != OK) return status;
  changetype<Queue>(me().hand).maxsize = maxsize;
  return enrol(me());
}

/** @param reentrant an RLock, not a Lock */
export function mutexMake(reentrant: bool, spin: i32): usize {
  const status = make(me(), reentrant ? RLOCK : LOCK, mutexes.MUTEX_BYTES, spin);
  return status == OK ? enrol(me()) : status;
}

export function conditionMake(spin: i32): usize {
  const status = make(me(), CONDITION, conditions.CONDITION_BYTES, spin);
  return status == OK ? enrol(me()) : status;
}

/** @param bound the most permits there may be; 0xffffffff: no limit */
export function semaphoreMake(permits: u32, bound: u32, spin: i32): usize {
  const status = make(me(), SEMAPHORE, semaphores.SEMAPHORE_BYTES, spin);
  if (status != OK) return status;
  const semaphore = changetype<semaphores.Semaphore>(me().hand);
  semaphore.permits = permits;
  semaphore.bound = bound;
  return enrol(me());
}

export function eventMake(spin: i32): usize {
  const status = make(me(), EVENT, events.EVENT_BYTES, spin);
  return status == OK ? enrol(me()) : status;
}

export function barrierMake(parties: u32, spin: i32): usize {
  const status = make(me(), BARRIER, barriers.BARRIER_BYTES, spin);
  if (status != OK) return status;
  changetype<barriers.Barrier>(me().hand).parties = parties;
  return enrol(me());
}

export function readWriteMake(spin: i32): usize {
  const status = make(me(), READ_WRITE, readWrites.READ_WRITE_BYTES, spin);
  return status == OK ? enrol(me()) : status;
}

export function onceMake(spin: i32): usize {
  const status = make(me(), ONCE, onces.ONCE_BYTES, spin);
  return status == OK ? enrol(me()) : status;
}

export function counterMake(value: f64): usize {
  const status = make(me(), COUNTER, counters.COUNTER_BYTES, 0);
  if (status != OK) return status;
  changetype<counters.Counter>(me().hand).value = <i64>value;
  return enrol(me());
}

/** Another grip, by what a handle says; anything may come. */
export function thingGrasp(address: u32, identity: u32, kind: u32): usize {
  return grasp(me(), address, identity, kind);
}

export function thingAddress(grip: Grip): usize {
  return grip.thing;
}

export function thingIdentity(grip: Grip): u32 {
  return thingOf(grip).identity;
}

/** Gives up a grip. No wait of this thread may be going on through it. */
export function thingClose(grip: Grip): i32 {
  return closeGrip(me(), grip);
}

/** Finishes what `thingClose` or a shutdown could not free. */
export function thingsTidy(): i32 {
  return tidy(me());
}

/** Waiters in all lines of the thing: a moment's truth. -1 when its lock could not be had. */
export function thingWaiting(grip: Grip): i32 {
  const thing = thingOf(grip);
  if (begin(me(), thing) != OK) return -1;
  const count = waitingIn(takers(thing)) + waitingIn(givers(thing)) + waitingIn(joiners(thing));
  end(me(), thing);
  return count;
}

function waitingIn(list: List): i32 {
  let count = 0;
  for (let at = list.first; at != 0; at = changetype<Waiter>(at).next) count++;
  return count;
}

// This thread

/** Address of what an operation hands over: tag i32, block u32, number f64, priority f64, count u32. */
export function threadItem(): usize {
  return changetype<usize>(me()) + ITEM_OFFSET;
}

/** Address of 512 bytes for what goes into the next operation, or comes out of it. */
export function threadScratch(): usize {
  return changetype<usize>(me()) + SCRATCH_OFFSET;
}

/** The waiter of waits that block. */
export function threadWaiter(): usize {
  return changetype<usize>(ownWaiter(me()));
}

/** Address of the hand that holds an item's bytes: what `valueTake` took. */
export function threadValueHand(): usize {
  return valueHand(me());
}

/** A waiter for a wait that does not block: it is in the hand until it stands in line, and is freed when it is served or withdrawn. */
export function waiterTake(): usize {
  const status = take(me(), waiterHand(me()), WAITER_BYTES);
  if (status != OK) return status;
  const waiter = me().handWaiter;
  memory.fill(waiter, 0, WAITER_BYTES);
  return waiter;
}

/** Takes a block for an item's bytes into the value hand. @returns its address, or a status */
export function valueTake(bytes: u32): usize {
  const status = take(me(), valueHand(me()), bytes);
  return status == OK ? me().handValue : status;
}

/** Frees what is in the value hand: bytes that were read, or that found no place. */
export function valueDrop(): i32 {
  return empty(me(), valueHand(me()));
}

/** Sleeps until the waiter is woken. Threads that may block only. @param milliseconds negative: for ever. @returns whether it was woken */
export function waiterPark(waiter: usize, milliseconds: f64): bool {
  const nanoseconds = milliseconds < 0 ? -1 : <i64>min(milliseconds * 1e6, 9e18);
  return futexWait(waiter, WAITING, nanoseconds) != 2;
}

/** Leaves the line. @returns BUSY or CUT_OFF; else 16 + outcome: 0 to look again, if it was woken at all; 1 granted, 2 failed */
export function waiterWithdraw(grip: Grip, waiter: usize): i32 {
  return withdraw(me(), grip, waiter);
}

/** After an operation of this thread threw: undoes it. BUSY: again, later. */
export function threadRepair(): i32 {
  return repair(me());
}

// Queues

export function queuePut(grip: Grip, waiter: usize, tag: i32, block: u32, number: f64, priority: f64): i32 {
  return queues.put(me(), grip, waiter, tag, block, number, priority);
}

export function queueGet(grip: Grip, waiter: usize): i32 {
  return queues.get(me(), grip, waiter);
}

/**
 * Not for priority queues, nor is `queueGetMany`: `count` f64 at `source`, in the scratch or in the value hand, at every call; with OK some or all of them
 * went in, and the item's count says how many.
 */
export function queuePutMany(grip: Grip, waiter: usize, source: usize, count: u32): i32 {
  return queues.putMany(me(), grip, waiter, source, count);
}

/** `most` f64 at `target`. With OK the item's count says how many; 0: the next item is no number, so `queueGet` with the same waiter. */
export function queueGetMany(grip: Grip, waiter: usize, target: usize, most: u32): i32 {
  return queues.getMany(me(), grip, waiter, target, most);
}

/** Looks for a while whether there is an item. @returns whether it is worth trying */
export function queueSpinForItem(grip: Grip): bool {
  return blocking.spinForItem(grip);
}

export function queueSpinForRoom(grip: Grip): bool {
  return blocking.spinForRoom(grip);
}

export function queueTaskDone(grip: Grip): i32 {
  return queues.taskDone(me(), grip);
}

export function queueJoin(grip: Grip, waiter: usize): i32 {
  return queues.join(me(), grip, waiter);
}

/** Gives up a wait of `queueJoin`: WAIT when it is out of the line. */
export function queueLeaveJoin(grip: Grip, waiter: usize): i32 {
  return queues.leaveJoin(me(), grip, waiter);
}

export function queueShutdown(grip: Grip, immediate: bool): i32 {
  return queues.shutdown(me(), grip, immediate);
}

/** 0 open, 1 shut down, 2 shut down at once. */
export function queueShut(grip: Grip): u32 {
  return atomic.load<u32>(grip.thing, offsetof<Queue>("shut"));
}

export function queueSize(grip: Grip): u32 {
  return queues.size(grip);
}

export function queueUnfinished(grip: Grip): u32 {
  return queues.unfinished(grip);
}

export function queueMaxsize(grip: Grip): u32 {
  return atomic.load<u32>(grip.thing, offsetof<Queue>("maxsize"));
}

export function queueSetMaxsize(grip: Grip, maxsize: u32): i32 {
  return queues.setMaxsize(me(), grip, maxsize);
}

/** Item.count cells of 16 or (priority queues) 32 bytes, each followed by its bytes; Item.number bytes in all: nothing was copied when these are more than `room`. */
export function queueSnapshot(grip: Grip, target: usize, room: u32): i32 {
  return queues.snapshot(me(), grip, target, room);
}

/** `queuePut` of a number that is its own priority, without a wait: few arguments, since passing them is much of what a call costs. */
export function queuePutNumber(grip: Grip, tag: i32, number: f64): i32 {
  return queues.put(me(), grip, 0, tag, 0, number, number);
}

/**
 * `queueGetBlocking` of a number with that tag. NaN: look closer, Item.count is the status, and with OK the item is there, whatever it is.
 */
export function queueGetNumber(grip: Grip, tag: i32): f64 {
  const item = itemOf(me());
  const status = blocking.getBlocking(me(), grip);
  item.count = <u32>status;
  return status == OK && item.tag == tag ? item.number : NaN;
}

/** `queuePut` that sleeps while there is no room, for ever: on threads that may block. */
export function queuePutBlocking(grip: Grip, tag: i32, block: u32, number: f64, priority: f64): i32 {
  return blocking.putBlocking(me(), grip, tag, block, number, priority);
}

/** `queueGet` that sleeps while there is nothing, for ever: on threads that may block. */
export function queueGetBlocking(grip: Grip): i32 {
  return blocking.getBlocking(me(), grip);
}

// Locks and their like

/** @param identity -1 for blocking calls; 0 for a new asynchronous holder; a ticket to re-enter. Item.count is the ticket. */
export function mutexAcquire(grip: Grip, waiter: usize, identity: i32): i32 {
  return mutexes.acquire(me(), grip, waiter, identity);
}

/** @param ticket the holder's; 0: whoever holds a Lock, this thread's blocking calls of an RLock */
export function mutexRelease(grip: Grip, ticket: u32): i32 {
  return mutexes.unlockMutex(me(), grip, ticket);
}

/** Item.count ticket, Item.block depth, Item.tag identity: for `mutexReacquire`. */
export function mutexReleaseAll(grip: Grip, ticket: u32): i32 {
  return mutexes.releaseAll(me(), grip, ticket);
}

export function mutexReacquire(grip: Grip, waiter: usize, identity: i32, ticket: u32, depth: u32): i32 {
  return mutexes.reacquire(me(), grip, waiter, identity, ticket, depth);
}

/** Whether `mutexRelease` with this ticket would be allowed: a moment's truth. */
export function mutexIsHeldBy(grip: Grip, ticket: u32): bool {
  return mutexes.mayRelease(me(), mutexes.mutexOf(grip), ticket);
}

export function mutexIsLocked(grip: Grip): bool {
  return atomic.load<i32>(grip.thing, offsetof<mutexes.Mutex>("owner")) != 0;
}

export function conditionAwait(grip: Grip, waiter: usize): i32 {
  return conditions.awaitNotify(me(), grip, waiter);
}

/** After each `waiterWithdraw` that answered 16 + granted. @param hasMutex whether the mutex is held again; else the notify goes to the next */
export function conditionSettle(grip: Grip, hasMutex: bool): i32 {
  return conditions.settleNotify(me(), grip, hasMutex);
}

export function conditionNotify(grip: Grip, count: u32): i32 {
  return conditions.notifyWaiters(me(), grip, count);
}

export function conditionNotifyAll(grip: Grip): i32 {
  return conditions.notifyEverybody(me(), grip);
}

export function semaphoreAcquire(grip: Grip, waiter: usize): i32 {
  return semaphores.acquirePermit(me(), grip, waiter);
}

export function semaphoreRelease(grip: Grip, count: u32): i32 {
  return semaphores.releasePermits(me(), grip, count);
}

export function semaphoreValue(grip: Grip): u32 {
  return atomic.load<u32>(semaphores.permitsWord(semaphores.semaphoreOf(grip)));
}

export function eventSet(grip: Grip): i32 {
  return events.setEvent(me(), grip);
}

export function eventClear(grip: Grip): i32 {
  return events.clearEvent(me(), grip);
}

export function eventIsSet(grip: Grip): bool {
  return events.eventIsSet(grip);
}

export function eventAwait(grip: Grip, waiter: usize): i32 {
  return events.awaitEvent(me(), grip, waiter);
}

/** Item.count is the index. RUN: the caller is the last, and says `barrierOpen` after the action, with Item.block, the round. */
export function barrierArrive(grip: Grip, waiter: usize): i32 {
  return barriers.arrive(me(), grip, waiter);
}

export function barrierOpen(grip: Grip, round: u32, succeeded: bool): i32 {
  return barriers.open(me(), grip, round, succeeded);
}

/** @param breaks or it leaves no trace. @returns OK: the others had arrived; BROKEN; WAIT: it is as if it had not arrived itself */
export function barrierLeave(grip: Grip, waiter: usize, breaks: bool): i32 {
  return barriers.leaveBarrier(me(), grip, waiter, breaks);
}

/** @param forGood abort; else reset */
export function barrierBreak(grip: Grip, forGood: bool): i32 {
  return barriers.breakBarrier(me(), grip, forGood);
}

export function barrierParties(grip: Grip): u32 {
  return barriers.barrierOf(grip).parties;
}

export function barrierWaiting(grip: Grip): u32 {
  return barriers.waitingAt(grip);
}

export function barrierIsBroken(grip: Grip): bool {
  return barriers.isBroken(grip);
}

export function readAcquire(grip: Grip, waiter: usize): i32 {
  return readWrites.acquireRead(me(), grip, waiter);
}

export function readRelease(grip: Grip): i32 {
  return readWrites.releaseRead(me(), grip);
}

/** Item.count is the ticket. */
export function writeAcquire(grip: Grip, waiter: usize): i32 {
  return readWrites.acquireWrite(me(), grip, waiter);
}

export function writeRelease(grip: Grip, ticket: u32): i32 {
  return readWrites.releaseWrite(me(), grip, ticket);
}

/** RUN: the caller runs it, and says `onceFinish` after. */
export function onceEnter(grip: Grip, waiter: usize): i32 {
  return onces.enterOnce(me(), grip, waiter);
}

export function onceFinish(grip: Grip, succeeded: bool): i32 {
  return onces.finishOnce(me(), grip, succeeded);
}

export function onceIsDone(grip: Grip): bool {
  return onces.onceIsDone(grip);
}

/** @returns the sum. Whole numbers up to 2^53 come and go unharmed. */
export function counterAdd(grip: Grip, n: f64): f64 {
  return <f64>(counters.addToCounter(grip, <i64>n) + <i64>n);
}

export function counterValue(grip: Grip): f64 {
  return <f64>counters.readCounter(grip);
}

export function counterSet(grip: Grip, value: f64): void {
  counters.writeCounter(grip, <i64>value);
}

export function counterExchange(grip: Grip, expected: f64, value: f64): bool {
  return counters.exchangeCounter(grip, <i64>expected, <i64>value);
}
