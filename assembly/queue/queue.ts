/**
 * Queue: put, get, done, join, shut down; one section each, whatever the discipline.
 *
 * Source: CPython's `queue` for the meaning (order of checks, what a shutdown lets through). README.md for the protocol.
 * Role:   any thread with a grip; outside sections. None of these waits: WAIT with a waiter says that it stands in line. Then sleep on its word and
 *         call again with the same waiter, until the answer is another one, or `withdraw` it.
 */
import { Thread, itemOf } from "../memory/layout";
import { empty, putAway, valueHand } from "../sync/hands";
import { set } from "../sync/section";
import { ABANDONED, OK, REFUSED, SHUT, WAIT } from "../sync/status";
import { Grip, LIFO, begin, beginWith, end, givers, hold, joiners, release, takers } from "../sync/thing";
import {
  FAILED,
  List,
  RETRY,
  Waiter,
  hasWaiting,
  mustWait,
  notify,
  served,
  wakeFirst,
} from "../sync/waiter";
import { futexWake, EVERYONE } from "../sync/futex";
import {
  Cell,
  GRACEFUL,
  IMMEDIATE,
  OPEN,
  Queue,
  cellAt,
  cellShift,
  getsOf,
  isLookedFor,
  isRanked,
  putsOf,
  rankedAt,
  shutOf,
  sizeOf,
} from "./records";
import { drain, grow, pop, push } from "./storage";

/** Tag of a number: all of it is in the cell (ts/values). */
export const NUMBER: i32 = 1;

// @ts-ignore: decorator
@inline
export function queueOf(grip: Grip): Queue {
  return changetype<Queue>(grip.thing);
}

// @ts-ignore: decorator
@inline
function isFull(queue: Queue): bool {
  return queue.maxsize != 0 && sizeOf(queue) >= queue.maxsize;
}

/**
 * Whether there is nothing to take, without the lock: whoever waits for an item would only be in the way of whoever brings one.
 * It is the truth of one moment: `puts` is read later than `gets` and never less, so when they are equal they were equal then.
 */
// @ts-ignore: decorator
@inline
export function isVacant(queue: Queue): bool {
  const gets = getsOf(queue);
  return putsOf(queue) == gets && shutOf(queue) == OPEN;
}

/** Whether there is no room, without the lock. */
// @ts-ignore: decorator
@inline
function isCrammed(queue: Queue): bool {
  return !hasRoom(queue) && shutOf(queue) == OPEN;
}

/** Whether there is room, without the lock; `gets` is read later than `puts`, so there was no more of it when `puts` was. */
// @ts-ignore: decorator
@inline
export function hasRoom(queue: Queue): bool {
  const puts = putsOf(queue);
  const maxsize = atomic.load<u32>(changetype<usize>(queue), offsetof<Queue>("maxsize"));
  const size = puts - getsOf(queue);
  // Takers may have passed the puts that were read: less than nothing.
  return maxsize == 0 || size < maxsize || <i32>size < 0;
}

/**
 * Puts an item in. Its block, if it has one, is in the value hand; it is the queue's with OK and the waiter's with WAIT, and stays in the hand otherwise.
 *
 * @param waiter 0, or a waiter: apart, or in line since an earlier call; then the item is the one of that call
 * @returns OK, WAIT, SHUT, NO_MEMORY, BUSY, CUT_OFF
 */
export function put(me: Thread, grip: Grip, waiter: usize, tag: i32, block: u32, number: f64, priority: f64): i32 {
  const queue = queueOf(grip);
  if (waiter == 0 && isCrammed(queue)) return WAIT;
  for (;;) {
    let status = beginWith(me, queue, waiter);
    if (status != OK) return status;
    if (queue.shut != OPEN) {
      const wasInLine = waiter != 0 && changetype<Waiter>(waiter).list != 0;
      recall(me, waiter);
      end(me, queue);
      putAway(me, me);
      // The caller has given its bytes away when it went into the line.
      if (wasInLine) empty(me, valueHand(me));
      return SHUT;
    }
    if (isFull(queue)) {
      if (waiter != 0) entrust(me, changetype<Waiter>(waiter), tag, block, number, priority);
      status = mustWait(me, givers(queue), waiter);
      end(me, queue);
      return status;
    }
    if (sizeOf(queue) < queue.capacity) {
      const woken = accept(me, queue, waiter, tag, block, number, priority);
      end(me, queue);
      notify(woken);
      if (waiter != 0) putAway(me, me);
      return OK;
    }
    end(me, queue);
    status = grow(me, queue);
    if (status != OK) return status;
  }
  return OK;
}

/** There is room: the item goes in, and one who waits for it is woken. @returns the word to notify */
// @ts-ignore: decorator
@inline
function accept(
  me: Thread,
  queue: Queue,
  waiter: usize,
  tag: i32,
  block: u32,
  number: f64,
  priority: f64,
): usize {
  if (waiter != 0 && changetype<Waiter>(waiter).list != 0) {
    const it = changetype<Waiter>(waiter);
    push(me, queue, it.tag, it.block, it.number, it.priority);
    set(me, waiter + offsetof<Waiter>("block"), 0);
    served(me, waiter);
  } else {
    push(me, queue, tag, block, number, priority);
    if (block != 0) set(me, valueHand(me), 0);
  }
  return isLookedFor(queue) ? 0 : wakeFirst(me, takers(queue), RETRY);
}

/** Before a put goes to wait for the first time: the item goes into its waiter, and the block with it. */
function entrust(me: Thread, it: Waiter, tag: i32, block: u32, number: f64, priority: f64): void {
  if (it.list != 0) return;
  it.tag = tag;
  it.number = number;
  it.priority = priority;
  set(me, changetype<usize>(it) + offsetof<Waiter>("block"), block);
  if (block != 0) set(me, valueHand(me), 0);
}

/** A put that waits gives up: out of the line, the block back into the hand. */
export function recall(me: Thread, waiter: usize): void {
  if (waiter == 0 || changetype<Waiter>(waiter).list == 0) return;
  const it = changetype<Waiter>(waiter);
  if (it.block != 0) {
    set(me, valueHand(me), it.block);
    set(me, waiter + offsetof<Waiter>("block"), 0);
  }
  served(me, waiter);
}

/**
 * Takes the next item: into the thread's Item, its block into the value hand. It is taken when this has returned OK.
 *
 * @returns OK, WAIT, SHUT, BUSY, CUT_OFF
 */
export function get(me: Thread, grip: Grip, waiter: usize): i32 {
  const queue = queueOf(grip);
  if (waiter == 0 && isVacant(queue)) return WAIT;
  let status = empty(me, valueHand(me));
  if (status == OK) status = beginWith(me, queue, waiter);
  if (status != OK) return status;
  status = canGet(queue);
  if (status == WAIT) {
    mustWait(me, takers(queue), waiter);
    end(me, queue);
    return WAIT;
  }
  let woken: usize = 0;
  if (status == OK) {
    pop(me, queue);
    hold(me, grip, grip.held + 1);
    woken = wakeFirst(me, givers(queue), RETRY);
  }
  served(me, waiter);
  end(me, queue);
  notify(woken);
  if (waiter != 0) putAway(me, me);
  return status;
}

// @ts-ignore: decorator
@inline
function canGet(queue: Queue): i32 {
  if (queue.shut == OPEN) return sizeOf(queue) != 0 ? OK : WAIT;
  return queue.shut == GRACEFUL && sizeOf(queue) != 0 ? OK : SHUT;
}

/**
 * Puts numbers in, as many as there is room for: all of them, some or, with WAIT, none. Not for priority queues. One section, so whoever waits with a waiter
 * leaves the line in the same moment in which something goes in.
 *
 * @param waiter as `put` takes it; it carries no item, so the numbers must be there at each call
 * @param source address of `count` f64, at least one
 * @returns OK: Item.count says how many went in; WAIT, SHUT, NO_MEMORY, BUSY, CUT_OFF: none did
 */
export function putMany(me: Thread, grip: Grip, waiter: usize, source: usize, count: u32): i32 {
  const queue = queueOf(grip);
  if (waiter == 0 && isCrammed(queue)) return WAIT;
  for (;;) {
    let status = beginBatch(me, queue, waiter);
    if (status != OK) return status;
    if (queue.shut != OPEN) {
      served(me, waiter);
      end(me, queue);
      if (waiter != 0) putAway(me, me);
      return SHUT;
    }
    if (isFull(queue)) {
      status = mustWait(me, givers(queue), waiter);
      end(me, queue);
      return status;
    }
    if (sizeOf(queue) < queue.capacity) {
      itemOf(me).count = acceptMany(me, queue, waiter, source, count);
      end(me, queue);
      if (waiter != 0) putAway(me, me);
      return OK;
    }
    end(me, queue);
    status = grow(me, queue);
    if (status != OK) return status;
  }
  return OK;
}

/** There is room, and cells for some of it. @returns how many went in */
function acceptMany(me: Thread, queue: Queue, waiter: usize, source: usize, count: u32): u32 {
  const size = sizeOf(queue);
  const bound = queue.maxsize == 0 ? queue.capacity : min(queue.capacity, queue.maxsize);
  const part = min(count, bound - size);
  for (let i: u32 = 0; i < part; i++) {
    const cell = cellAt(queue, isStack(queue) ? size + i : (queue.puts + i) & (queue.capacity - 1));
    cell.tag = NUMBER;
    cell.block = 0;
    cell.number = load<f64>(source + ((<usize>i) << 3));
  }
  set(me, changetype<usize>(queue) + offsetof<Queue>("puts"), queue.puts + part);
  served(me, waiter);
  wakeSome(me, queue, takers(queue), part);
  return part;
}

/**
 * Takes the numbers that would leave next, at most `most`, up to the first item that is none. Not for priority queues. One section, as `putMany`.
 *
 * @param waiter as `get` takes it
 * @param target address of room for `most` f64, at least one
 * @returns OK: Item.count says how many; 0: the next item is no number, nothing has changed, and a waiter is where it was: `get` with it;
 *          WAIT, SHUT, BUSY, CUT_OFF
 */
export function getMany(me: Thread, grip: Grip, waiter: usize, target: usize, most: u32): i32 {
  const queue = queueOf(grip);
  if (waiter == 0 && isVacant(queue)) return WAIT;
  let status = beginBatch(me, queue, waiter);
  if (status != OK) return status;
  status = canGet(queue);
  if (status == WAIT) {
    mustWait(me, takers(queue), waiter);
    end(me, queue);
    return WAIT;
  }
  const taken = status == OK ? copyNumbers(queue, target, most) : 0;
  if (taken != 0) {
    set(me, changetype<usize>(queue) + offsetof<Queue>("gets"), queue.gets + taken);
    hold(me, grip, grip.held + taken);
  }
  const isOver = taken != 0 || status == SHUT;
  if (isOver) served(me, waiter);
  if (taken != 0) wakeSome(me, queue, givers(queue), taken);
  itemOf(me).count = taken;
  end(me, queue);
  if (isOver && waiter != 0) putAway(me, me);
  return status;
}

/** @returns how many */
function copyNumbers(queue: Queue, target: usize, most: u32): u32 {
  const size = sizeOf(queue);
  const limit = min(most, size);
  let count: u32 = 0;
  while (count < limit) {
    const cell = cellAt(queue, isStack(queue) ? size - 1 - count : (queue.gets + count) & (queue.capacity - 1));
    if (cell.tag != NUMBER) break;
    store<f64>(target + ((<usize>count) << 3), cell.number);
    count++;
  }
  return count;
}

/** `beginWith` for batches: what is in the value hand is theirs, and no waiter of theirs has bytes. */
function beginBatch(me: Thread, queue: Queue, waiter: usize): i32 {
  if (waiter != 0 && me.handWaiter != 0 && me.handWaiter != <u32>waiter) {
    const status = putAway(me, me);
    if (status != OK) return status;
  }
  return begin(me, queue);
}

// @ts-ignore: decorator
@inline
function isStack(queue: Queue): bool {
  return queue.kind == LIFO;
}

/** Waiters that are woken one by one, in the log; more are woken all together. */
const FEW: u32 = 8;

/** Wakes one waiter for each of `count` changes. */
function wakeSome(me: Thread, queue: Queue, list: List, count: u32): void {
  for (let i: u32 = 0; i < min(count, FEW); i++) {
    const word = wakeFirst(me, list, RETRY);
    if (word == 0) return;
    // Inside the section, so that it need not be remembered: whoever wakes waits for us, or for our undo.
    futexWake(word, EVERYONE);
  }
  if (count > FEW && hasWaiting(list)) release(me, queue, list, RETRY);
}

/** One item taken earlier is done with. @returns OK, REFUSED when all are done already, BUSY, CUT_OFF */
export function taskDone(me: Thread, grip: Grip): i32 {
  const queue = queueOf(grip);
  let status = begin(me, queue);
  if (status != OK) return status;
  if (queue.done == queue.puts) {
    status = REFUSED;
  } else {
    set(me, changetype<usize>(queue) + offsetof<Queue>("done"), queue.done + 1);
    if (grip.held != 0) hold(me, grip, grip.held - 1);
    if (queue.done == queue.puts) release(me, queue, joiners(queue), RETRY);
  }
  end(me, queue);
  return status;
}

/** Waits until all is done. @returns OK, WAIT, BUSY, CUT_OFF; ABANDONED when a thread died with items that were not: Item.count says how many */
export function join(me: Thread, grip: Grip, waiter: usize): i32 {
  const queue = queueOf(grip);
  const item = itemOf(me);
  let status = beginWith(me, queue, waiter);
  if (status != OK) return status;
  const outcome = waiter == 0 || changetype<Waiter>(waiter).list == 0 ? RETRY : changetype<Waiter>(waiter).outcome;
  if (outcome == FAILED) {
    item.count = changetype<Waiter>(waiter).extra;
    status = ABANDONED;
  } else if (queue.abandoned != 0) {
    item.count = queue.abandoned;
    set(me, changetype<usize>(queue) + offsetof<Queue>("abandoned"), 0);
    status = ABANDONED;
  } else if (queue.done != queue.puts) {
    status = mustWait(me, joiners(queue), waiter);
  }
  if (status != WAIT) served(me, waiter);
  end(me, queue);
  if (waiter != 0) putAway(me, me);
  return status;
}

/** Gives up a wait of `join`. If it would have been told of lost items just now, the next one is told. @returns WAIT: it has left; BUSY, CUT_OFF */
export function leaveJoin(me: Thread, grip: Grip, waiter: usize): i32 {
  const queue = queueOf(grip);
  const it = changetype<Waiter>(waiter);
  const status = beginWith(me, queue, waiter);
  if (status != OK) return status;
  if (it.list != 0 && it.outcome == FAILED) {
    set(me, changetype<usize>(queue) + offsetof<Queue>("abandoned"), queue.abandoned + it.extra);
  }
  served(me, waiter);
  end(me, queue);
  putAway(me, me);
  return WAIT;
}

/**
 * A dead thread had `count` items that were not done: they never will be, and whoever joins is told; the next who does, if nobody is in line who has not
 * been told of something else already. In the section.
 */
export function abandon(me: Thread, queue: Queue, count: u32): void {
  // What it handed on may be done by others, or being done: then it is not lost twice, and what nobody has taken is not lost at all.
  const lost = min(count, <u32>max<i32>(0, <i32>(queue.gets - queue.done)));
  if (lost == 0) return;
  set(me, changetype<usize>(queue) + offsetof<Queue>("done"), queue.done + lost);
  const list = joiners(queue);
  let isTold = false;
  for (let address = list.first; address != 0; address = changetype<Waiter>(address).next) {
    const it = changetype<Waiter>(address);
    // Two deaths may be recovered before a joiner has looked: what it is to hear of the first must stay.
    if (it.outcome == FAILED) continue;
    // Plain: until the outcome says FAILED nobody looks at it.
    it.extra = lost;
    isTold = true;
  }
  if (isTold) release(me, queue, list, FAILED);
  else set(me, changetype<usize>(queue) + offsetof<Queue>("abandoned"), queue.abandoned + lost);
}

/**
 * No more puts; with `immediate` nothing more to get either, and what was there is dropped.
 *
 * @returns OK, BUSY, CUT_OFF. With OK it is shut; blocks of dropped items that could not be freed now are freed with the queue.
 */
export function shutdown(me: Thread, grip: Grip, immediate: bool): i32 {
  const queue = queueOf(grip);
  const status = begin(me, queue);
  if (status != OK) return status;
  if (immediate && queue.shut != IMMEDIATE) {
    const dropped = min(sizeOf(queue), queue.puts - queue.done);
    set(me, changetype<usize>(queue) + offsetof<Queue>("done"), queue.done + dropped);
    set(me, changetype<usize>(queue) + offsetof<Queue>("shut"), IMMEDIATE);
  } else if (queue.shut == OPEN) {
    set(me, changetype<usize>(queue) + offsetof<Queue>("shut"), GRACEFUL);
  }
  release(me, queue, takers(queue), RETRY);
  release(me, queue, givers(queue), RETRY);
  if (queue.done == queue.puts) release(me, queue, joiners(queue), RETRY);
  end(me, queue);
  if (immediate) drain(me, queue);
  return OK;
}

/** Items that can be got: a moment's truth. */
export function size(grip: Grip): u32 {
  const queue = queueOf(grip);
  return shutOf(queue) == IMMEDIATE ? 0 : putsBeyond(queue, offsetof<Queue>("gets"));
}

export function unfinished(grip: Grip): u32 {
  return putsBeyond(queueOf(grip), offsetof<Queue>("done"));
}

/** How many more puts there were than gets, or dones, at one moment. */
function putsBeyond(queue: Queue, offset: usize): u32 {
  const other = changetype<usize>(queue) + offset;
  for (;;) {
    const count = atomic.load<u32>(other);
    const puts = putsOf(queue);
    // Else this thread was kept waiting between the two, and the difference is of no moment at all.
    if (atomic.load<u32>(other) == count) return puts - count;
  }
  return 0;
}

/** Changes the bound; puts that wait look again. @returns OK, BUSY, CUT_OFF */
export function setMaxsize(me: Thread, grip: Grip, maxsize: u32): i32 {
  const queue = queueOf(grip);
  const status = begin(me, queue);
  if (status != OK) return status;
  set(me, changetype<usize>(queue) + offsetof<Queue>("maxsize"), maxsize);
  release(me, queue, givers(queue), RETRY);
  end(me, queue);
  return OK;
}

/**
 * Copies what is in the queue: each cell, followed by its bytes (rounded up to 8), in the order in which a FIFO or LIFO queue would let them go;
 * a priority queue's cells carry priority and arrival, to be sorted by.
 *
 * @param target address of `room` bytes
 * @returns OK, BUSY, CUT_OFF: Item.count cells, Item.number bytes; when these are more than `room`, nothing was copied
 */
export function snapshot(me: Thread, grip: Grip, target: usize, room: u32): i32 {
  const queue = queueOf(grip);
  const item = itemOf(me);
  const status = begin(me, queue);
  if (status != OK) return status;
  const count: u32 = queue.shut == IMMEDIATE ? 0 : sizeOf(queue);
  let bytes: u64 = 0;
  for (let i: u32 = 0; i < count; i++) bytes += <u64>(copiedBytes(queue, leaving(queue, i)));
  item.count = count;
  item.number = <f64>bytes;
  if (bytes <= <u64>room) {
    for (let i: u32 = 0; i < count; i++) {
      const cell = leaving(queue, i);
      const head = (<u32>1) << cellShift(queue);
      memory.copy(target, changetype<usize>(cell), head);
      if (cell.block != 0) memory.copy(target + head, cell.block, <u32>cell.number);
      target += copiedBytes(queue, cell);
    }
  }
  end(me, queue);
  return OK;
}

function leaving(queue: Queue, i: u32): Cell {
  if (isRanked(queue)) return rankedAt(queue, i);
  return cellAt(queue, isStack(queue) ? sizeOf(queue) - 1 - i : (queue.gets + i) & (queue.capacity - 1));
}

/** A cell with a block says in `number` how many bytes of it are meant. */
function copiedBytes(queue: Queue, cell: Cell): u32 {
  return ((<u32>1) << cellShift(queue)) + (cell.block == 0 ? 0 : (<u32>cell.number + 7) & ~7);
}
