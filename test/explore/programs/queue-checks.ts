/** Queues as programs begin with them, and what must be true of them in the end. */
import { Answer } from "../../../ts/runtime/core/core-things.js";
import type { End } from "../program.js";
import { type Item, lastItem, type Seat, type Shipped, scratchOf } from "./core.js";
import { heldOn } from "./lines.js";
import { BYTES, GOT, NUMBER, PUT } from "./queue-acts.js";

/** What the threads said with this fact. */
export function told({ threads }: End<Shipped>, fact: number): number[] {
  return threads.flatMap(({ facts }) => facts.filter((_, i) => facts[i - 1] === fact && i % 2 === 1)) as number[];
}

const isItem = ({ tag }: Item): boolean => tag === NUMBER || tag === BYTES;

/** What is left in the queue; takes it out. */
export function leftIn({ exports, memory }: End<Shipped>, grip: number, isRight: (item: Item) => boolean): number[] {
  const left: number[] = [];
  while (exports.queueGet(grip, 0) === Answer.OK) {
    const item = lastItem(memory, 0);
    if (!isRight(item)) throw new Error(`expected an item, found ${JSON.stringify(item)}`);
    left.push(item.number);
  }
  exports.valueDrop();
  return left;
}

/** Of all that was put, what is not in the queue is done, or held by somebody who lives. */
function isBalanced({ exports, memory }: End<Shipped>, grip: number): void {
  const [unfinished, size] = [exports.queueUnfinished(grip), exports.queueSize(grip)];
  const held = heldOn(memory, exports.thingAddress(grip));
  if (unfinished !== size + held) throw new Error(`expected ${size} and ${held} that are not done, got ${unfinished}`);
}

/**
 * Every item that was put is somewhere, once. A dead thread may have put the one that it was about, and taken the one that it had last in hand.
 *
 * @returns what was left in the queue, in the order in which it came out
 */
export function accounted(
  end: End<Shipped>,
  grip: number,
  seats: readonly Seat[],
  initial: readonly number[] = [],
  isRight = isItem,
): readonly number[] {
  isBalanced(end, grip);
  // What the dead took and did not do counts as done.
  const living = { ...end, threads: end.threads.filter((_, i) => !end.deaths.includes(i)) };
  const undone = end.exports.queueSize(grip) + told(living, GOT).length;
  const unfinished = end.exports.queueUnfinished(grip);
  if (unfinished !== undone) throw new Error(`expected ${undone} that are not done, got ${unfinished}`);
  const left = leftIn(end, grip, isRight);
  const found = [...told(end, GOT), ...left];
  if (new Set(found).size !== found.length) throw new Error(`expected each item once, found ${found}`);
  const dead = seats.filter((_, i) => end.deaths.includes(i));
  const taken = dead.flatMap(({ number }) => [lastItem(end.memory, number).number, ...scratch(end, number)]);
  const missing = [...initial, ...told(end, PUT)].filter((value) => !found.includes(value));
  const lost = missing.filter((value) => !taken.includes(value));
  if (lost.length > 0) throw new Error(`expected ${lost} to be somewhere; found ${found}, taken by the dead ${taken}`);
  const begun = [
    ...initial,
    ...end.calls.filter(({ name }) => name === "queuePut").map(({ args }) => args[4]),
    ...end.calls.filter(({ name }) => name === "queuePutBlocking").map(({ args }) => args[3]),
    ...end.calls.filter(({ name }) => name === "host.storeF64").map(({ args }) => args[1]),
  ];
  const foreign = found.filter((value) => !begun.includes(value));
  if (foreign.length > 0) throw new Error(`expected only what was put, found ${foreign}`);
  return left;
}

/** What the last batch of a thread left there: what it took, or what it was about to put. */
function scratch({ memory }: End<Shipped>, number: number): number[] {
  return Array.from({ length: 4 }, (_, i) => memory.getFloat64(scratchOf(number) + 8 * i, true));
}

/** Who sleeps in the end does so because its partner is dead. */
export function reasonably(exports: Shipped, grip: number, end: End<Shipped>): void {
  if (end.deaths.length === 0) throw new Error("expected nobody asleep, for nobody died");
  withReason(exports, grip, end);
}

/** Who sleeps in the end waits for an item while there is none, or for room while there is none. */
export function withReason(exports: Shipped, grip: number, end: End<Shipped>): void {
  const size = exports.queueSize(grip);
  const full = size >= exports.queueMaxsize(grip);
  for (const [i, { fate }] of end.threads.entries()) {
    if (fate !== "asleep") continue;
    const waits = end.calls.findLast(({ thread, name }) => thread === i && /^queue(Put|Get)(Many)?$/.test(name))?.name;
    if (waits?.startsWith("queueGet") && size > 0) throw new Error(`expected thread ${i} awake, the queue has ${size}`);
    if (waits?.startsWith("queuePut") && !full) throw new Error(`expected thread ${i} awake, the queue has room`);
  }
}

/** A queue without cells yet: the first put makes them. */
export const fresh = (kind: number, maxsize: number) => ({
  kind,
  // puts, gets, maxsize, capacity, shut (assembly/queue/records.ts)
  glanced: [88, 92, 100, 108, 112],
  make: (exports: Shipped) => exports.queueMake(kind, maxsize, 0),
});

/** One that has had an item: shorter runs, which leave room for more departures. */
export const queue = (kind: number, maxsize: number) => ({
  ...fresh(kind, maxsize),
  make: (exports: Shipped) => {
    const grip = exports.queueMake(kind, maxsize, 0);
    exports.queuePut(grip, 0, NUMBER, 0, 0, 0);
    exports.queueGet(grip, 0);
    exports.queueTaskDone(grip);
    return grip;
  },
});

export const exact = { check: accounted };
export const mortal = { deaths: true, check: accounted, mayStayAsleep: reasonably };

/** Where what was cut off cannot be told from what was not: each item at most once, and all memory back. */
export function leavesNothing(end: End<Shipped>, grip: number): void {
  isBalanced(end, grip);
  const found = [...told(end, GOT), ...leftIn(end, grip, isItem)];
  if (new Set(found).size !== found.length) throw new Error(`expected each item once, found ${found}`);
}
