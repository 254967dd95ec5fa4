/**
 * The bare ring: the yardstick of the queue bench. A bounded queue of numbers, fast and without any guarantee: whoever
 * dies between a claim and its stamp stops the queue for ever, nobody is served in order of arrival, nothing can be
 * closed, timed out or looked at. What Heddle's queues cost above this is what their guarantees cost.
 *
 * Source: D. Vyukov, "Bounded MPMC queue" (2010); waiting by an event count: an epoch, and how many sleep on it.
 * Role:   threads that may block.
 *
 *  offset  field
 *       0  tail             where the next value enters
 *      64  head             where the next value leaves
 *     128  items            event: a value entered.  i32 epoch, i32 sleepers
 *     192  room             event: a value left
 *     256  cells            16 bytes each: u32 stamp, f64 value at + 8
 *
 *  stamp of the cell of position p      meaning
 *  p                                    free, for whoever moves the tail from p to p + 1
 *  p + 1                                holds a value, for whoever moves the head from p to p + 1
 *  p + CAPACITY                         free, for the next lap
 *
 * Each field has a cache line of its own, so that the two ends disturb each other only when they meet.
 */
import { FOREVER, futexWait, futexWake } from "../../../assembly/sync/futex";

// Exported so that it stays a function of its own (futex.ts says why it must): here all callers wait for ever, so that
// its last argument would become a constant, the call of itself would vanish, and the wait would be inlined.
export { futexWait };

const CAPACITY: u32 = 1024;

const TAIL: usize = 0;
const HEAD: usize = 64;
const ITEMS: usize = 128;
const ROOM: usize = 192;
const CELLS: usize = 256;

/** Of a cell. */
const VALUE: usize = 8;
/** Of an event; its epoch is at 0. */
const SLEEPERS: usize = 4;

/** Looks before sleeping. Each instance has its own. */
let spin: i32 = 0;
/** What the last successful `tryPop` of this instance took out. */
let taken: f64 = 0;

export function setSpin(looks: i32): void {
  spin = looks;
}

export function ringSize(): usize {
  return CELLS + 16 * CAPACITY;
}

/** Makes an empty ring in memory that nobody uses yet. */
export function ringInit(ring: usize): void {
  memory.fill(ring, 0, CELLS);
  for (let i: u32 = 0; i < CAPACITY; i++) atomic.store<u32>(cellOf(ring, i), i);
}

/** Puts `value` in, waiting for room. */
export function push(ring: usize, value: f64): void {
  let looks = spin;
  while (!tryPush(ring, value)) {
    if (looks > 0) looks--;
    else sleepWhileFull(ring);
  }
  wake(ring + ITEMS, 1);
}

/** Takes the oldest value out, waiting for one. */
export function pop(ring: usize): f64 {
  let looks = spin;
  while (!tryPop(ring)) {
    if (looks > 0) looks--;
    else sleepWhileEmpty(ring);
  }
  wake(ring + ROOM, 1);
  return taken;
}

/** Puts in the `count` numbers at `from`, in order; others may come between. */
export function pushMany(ring: usize, from: usize, count: u32): void {
  let looks = spin;
  for (let done: u32 = 0; done < count; ) {
    const entered = tryPushMany(ring, from + ((<usize>done) << 3), count - done);
    done += entered;
    if (entered > 0) wake(ring + ITEMS, entered);
    else if (looks > 0) looks--;
    else sleepWhileFull(ring);
  }
}

/** Waits for a value, then takes what is there, at most `count`, to `to`. Returns how many. */
export function popMany(ring: usize, to: usize, count: u32): u32 {
  let looks = spin;
  let left = tryPopMany(ring, to, count);
  while (left == 0) {
    if (looks > 0) looks--;
    else sleepWhileEmpty(ring);
    left = tryPopMany(ring, to, count);
  }
  wake(ring + ROOM, left);
  return left;
}

/** Puts in first, first + 1, … */
export function pushNumbers(ring: usize, first: f64, count: i32): void {
  for (let i = 0; i < count; i++) push(ring, first + <f64>i);
}

/** The sum of the next `count` values. */
export function popNumbers(ring: usize, count: i32): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < count; i++) sum += pop(ring);
  return sum;
}

/** Sends `count` values from one ring back through another. */
export function echo(from: usize, to: usize, count: i32): void {
  for (let i = 0; i < count; i++) push(to, pop(from));
}

/** One round trip: what comes back. */
export function trip(out: usize, back: usize, value: f64): f64 {
  push(out, value);
  return pop(back);
}

function cellOf(ring: usize, position: u32): usize {
  return ring + CELLS + ((<usize>(position & (CAPACITY - 1))) << 4);
}

function tryPush(ring: usize, value: f64): bool {
  let tail = atomic.load<u32>(ring, TAIL);
  while (true) {
    const cell = cellOf(ring, tail);
    const ahead = <i32>(atomic.load<u32>(cell) - tail);
    // The value of the lap before is still there.
    if (ahead < 0) return false;
    let seen: u32;
    if (ahead == 0) {
      seen = atomic.cmpxchg<u32>(ring, tail, tail + 1, TAIL);
      if (seen == tail) {
        // Plain: the cell is ours until the stamp, which publishes the value to the popper that sees it.
        store<f64>(cell, value, VALUE);
        atomic.store<u32>(cell, tail + 1);
        return true;
      }
    } else {
      seen = atomic.load<u32>(ring, TAIL);
    }
    tail = seen;
  }
}

/** Leaves the value in `taken`. */
function tryPop(ring: usize): bool {
  let head = atomic.load<u32>(ring, HEAD);
  while (true) {
    const cell = cellOf(ring, head);
    const ahead = <i32>(atomic.load<u32>(cell) - (head + 1));
    if (ahead < 0) return false;
    let seen: u32;
    if (ahead == 0) {
      seen = atomic.cmpxchg<u32>(ring, head, head + 1, HEAD);
      if (seen == head) {
        taken = load<f64>(cell, VALUE);
        atomic.store<u32>(cell, head + CAPACITY);
        return true;
      }
    } else {
      seen = atomic.load<u32>(ring, HEAD);
    }
    head = seen;
  }
}

/** Claims up to `count` free cells in a row by one exchange: what is free for a position stays so until the tail passes. */
function tryPushMany(ring: usize, from: usize, count: u32): u32 {
  const tail = atomic.load<u32>(ring, TAIL);
  let free: u32 = 0;
  while (free < count && atomic.load<u32>(cellOf(ring, tail + free)) == tail + free) free++;
  if (free == 0 || atomic.cmpxchg<u32>(ring, tail, tail + free, TAIL) != tail) return 0;
  for (let i: u32 = 0; i < free; i++) {
    const cell = cellOf(ring, tail + i);
    store<f64>(cell, load<f64>(from + ((<usize>i) << 3)), VALUE);
    atomic.store<u32>(cell, tail + i + 1);
  }
  return free;
}

function tryPopMany(ring: usize, to: usize, count: u32): u32 {
  const head = atomic.load<u32>(ring, HEAD);
  let full: u32 = 0;
  while (full < count && atomic.load<u32>(cellOf(ring, head + full)) == head + full + 1) full++;
  if (full == 0 || atomic.cmpxchg<u32>(ring, head, head + full, HEAD) != head) return 0;
  for (let i: u32 = 0; i < full; i++) {
    const cell = cellOf(ring, head + i);
    store<f64>(to + ((<usize>i) << 3), load<f64>(cell, VALUE));
    atomic.store<u32>(cell, head + i + CAPACITY);
  }
  return full;
}

/** Once round the event: counted as a sleeper first, looking again after that, so that no wake-up can fall between. */
function sleepWhileFull(ring: usize): void {
  const room = ring + ROOM;
  const epoch = atomic.load<i32>(room);
  atomic.add<i32>(room, 1, SLEEPERS);
  const tail = atomic.load<u32>(ring, TAIL);
  if (<i32>(atomic.load<u32>(cellOf(ring, tail)) - tail) < 0) futexWait(room, epoch, FOREVER);
  atomic.sub<i32>(room, 1, SLEEPERS);
}

function sleepWhileEmpty(ring: usize): void {
  const items = ring + ITEMS;
  const epoch = atomic.load<i32>(items);
  atomic.add<i32>(items, 1, SLEEPERS);
  const head = atomic.load<u32>(ring, HEAD);
  if (<i32>(atomic.load<u32>(cellOf(ring, head)) - (head + 1)) < 0) futexWait(items, epoch, FOREVER);
  atomic.sub<i32>(items, 1, SLEEPERS);
}

function wake(event: usize, count: i32): void {
  if (atomic.load<i32>(event, SLEEPERS) == 0) return;
  atomic.add<i32>(event, 1);
  futexWake(event, count);
}
