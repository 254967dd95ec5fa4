/** Queues: put and get at their bounds, by two and three threads, with deaths, cuts and shutdowns (assembly/sync/README.md). */
import { Answer, Kind } from "../../../ts/runtime/core-things.js";
import type { End, Thread } from "../program.js";
import { suite } from "../suite.js";
import {
  type Body,
  blocking,
  core,
  countOf,
  lastItem,
  repairsItself,
  type Scene,
  type Seat,
  type Shipped,
  scene,
  scratchOf,
} from "./core.js";

const NUMBER = 1;
/** Tag of an item with bytes. */
const BYTES = 16;

/** Facts: what a thread says it has done. */
const PUT = 1;
const GOT = 2;

async function putOne(thread: Thread<Shipped>, { grip, waiter, number }: Seat, value: number): Promise<void> {
  const answer = await blocking(thread, { grip, waiter, number }, (waiter) =>
    thread.call("queuePut", grip, waiter, NUMBER, 0, value, value),
  );
  if (answer === Answer.SHUT) return;
  if (answer !== Answer.OK) throw new Error(`expected to put, got ${answer}`);
  thread.log(PUT);
  thread.log(value);
}

async function getOne(thread: Thread<Shipped>, seat: Seat): Promise<boolean> {
  const answer = await blocking(thread, seat, (waiter) => thread.call("queueGet", seat.grip, waiter));
  if (answer === Answer.SHUT) return false;
  if (answer !== Answer.OK) throw new Error(`expected to get, got ${answer}`);
  const value = await thread.call("host.loadF64", itemNumber(seat));
  thread.log(GOT);
  thread.log(value);
  return true;
}

const itemNumber = ({ waiter }: Seat): number => waiter - 64 + 8;

const puts =
  (...values: number[]): Body =>
  async (thread, seat) => {
    for (const value of values) await putOne(thread, seat, value);
  };

const gets =
  (times: number): Body =>
  async (thread, seat) => {
    for (let i = 0; i < times; i++) if (!(await getOne(thread, seat))) return;
  };

/** Where nothing else can come. */
const getsNumbers =
  (times: number): Body =>
  async (thread, seat) => {
    const item = itemNumber(seat) - 8;
    for (let i = 0; i < times; i++) {
      await getOne(thread, seat);
      const [tag, block] = [await thread.call("host.load", item), await thread.call("host.load", item + 4)];
      if (tag !== NUMBER || block !== 0) throw new Error(`expected a number, got tag ${tag} with block ${block}`);
    }
  };

/** An item with bytes: they are in the thread's hand, in the queue, or freed. */
const putsBytes =
  (...values: number[]): Body =>
  async (thread, { grip, waiter, number }) => {
    for (const value of values) {
      const block = await thread.call("valueTake", 16);
      const answer = await blocking(thread, { grip, waiter, number }, (waiter) =>
        thread.call("queuePut", grip, waiter, BYTES, block, value, value),
      );
      if (answer !== Answer.OK) throw new Error(`expected to put, got ${answer}`);
      thread.log(PUT);
      thread.log(value);
    }
  };

const getsBytes =
  (times: number): Body =>
  async (thread, seat) => {
    for (let i = 0; i < times; i++) {
      await getOne(thread, seat);
      await thread.call("valueDrop");
    }
  };

/** In one piece, as far as there is room; the rest after a wait, in pieces. */
const putsMany =
  (...values: number[]): Body =>
  async (thread, seat) => {
    const source = scratchOf(seat.number);
    for (let rest = values; rest.length > 0; ) {
      for (const [i, value] of rest.entries()) await thread.call("host.storeF64", source + 8 * i, value);
      const answer = await blocking(thread, seat, (waiter) =>
        thread.call("queuePutMany", seat.grip, waiter, source, rest.length),
      );
      if (answer === Answer.SHUT) return;
      if (answer !== Answer.OK) throw new Error(`expected to put, got ${answer}`);
      const count = await countOf(thread, seat);
      for (const value of rest.slice(0, count)) {
        thread.log(PUT);
        thread.log(value);
      }
      rest = rest.slice(count);
    }
  };

/** So many in all, as many at a time as there are; what is no number comes by itself, with the same waiter. */
const getsMany =
  (total: number): Body =>
  async (thread, seat) => {
    const { grip, number } = seat;
    const target = scratchOf(number);
    for (let done = 0; done < total; ) {
      let count = 0;
      const answer = await blocking(thread, seat, async (waiter) => {
        const answer = await thread.call("queueGetMany", grip, waiter, target, total - done);
        count = answer === Answer.OK ? await countOf(thread, seat) : 0;
        return answer !== Answer.OK || count > 0 ? answer : thread.call("queueGet", grip, waiter);
      });
      if (answer === Answer.SHUT) return;
      if (answer !== Answer.OK) throw new Error(`expected to get, got ${answer}`);
      const places = count > 0 ? Array.from({ length: count }, (_, i) => target + 8 * i) : [itemNumber(seat)];
      for (const place of places) {
        const value = await thread.call("host.loadF64", place);
        thread.log(GOT);
        thread.log(value);
      }
      if (count === 0) await thread.call("valueDrop");
      done += places.length;
    }
  };

const shuts =
  (immediate: 0 | 1): Body =>
  async (thread, { grip }) => {
    await thread.call("queueShutdown", grip, immediate);
  };

/** Puts and takes where there is room and an item all the time: looks without the lock must not say otherwise. */
const triesBoth: Body = async (thread, { grip }) => {
  for (let i = 0; i < 2; i++) {
    const put = await thread.call("queuePut", grip, 0, NUMBER, 0, i, i);
    const got = await thread.call("queueGet", grip, 0);
    if (put !== Answer.OK || got !== Answer.OK) throw new Error(`expected to put and to get, got ${put} and ${got}`);
  }
};

/** Looks how many there are while others put and take: never more than they have. */
const looks =
  (most: number): Body =>
  async (thread, { grip }) => {
    const size = await thread.call("queueSize", grip);
    if (size > most) throw new Error(`expected at most ${most} items, was told of ${size}`);
  };

/** What the threads said with this fact. */
function told({ threads }: End<Shipped>, fact: number): number[] {
  return threads.flatMap(({ facts }) => facts.filter((_, i) => facts[i - 1] === fact && i % 2 === 1)) as number[];
}

/** What is left in the queue; takes it out. */
function leftIn({ exports, memory }: End<Shipped>, grip: number): number[] {
  const left: number[] = [];
  while (exports.queueGet(grip, 0) === Answer.OK) left.push(lastItem(memory, 0));
  exports.valueDrop();
  return left;
}

/**
 * Every item that was put is somewhere, once. A dead thread may have put the one that it was about, and taken the one that it had last in hand.
 */
function accounted(end: End<Shipped>, grip: number, seats: readonly Seat[]): void {
  // What the dead took and did not do counts as done.
  const living = { ...end, threads: end.threads.filter((_, i) => !end.deaths.includes(i)) };
  const undone = end.exports.queueSize(grip) + told(living, GOT).length;
  const unfinished = end.exports.queueUnfinished(grip);
  if (unfinished !== undone) throw new Error(`expected ${undone} that are not done, got ${unfinished}`);
  const found = [...told(end, GOT), ...leftIn(end, grip)];
  if (new Set(found).size !== found.length) throw new Error(`expected each item once, found ${found}`);
  const dead = seats.filter((_, i) => end.deaths.includes(i));
  const taken = dead.flatMap(({ number }) => [lastItem(end.memory, number), ...scratch(end, number)]);
  const missing = told(end, PUT).filter((value) => !found.includes(value));
  const lost = missing.filter((value) => !taken.includes(value));
  if (lost.length > 0) throw new Error(`expected ${lost} to be somewhere; found ${found}, taken by the dead ${taken}`);
  const begun = [
    ...end.calls.filter(({ name }) => name === "queuePut").map(({ args }) => args[4]),
    ...end.calls.filter(({ name }) => name === "host.storeF64").map(({ args }) => args[1]),
  ];
  const foreign = found.filter((value) => !begun.includes(value));
  if (foreign.length > 0) throw new Error(`expected only what was put, found ${foreign}`);
}

/** What the last batch of a thread left there: what it took, or what it was about to put. */
function scratch({ memory }: End<Shipped>, number: number): number[] {
  return Array.from({ length: 4 }, (_, i) => memory.getFloat64(scratchOf(number) + 8 * i, true));
}

/** Who sleeps in the end does so because its partner is dead: for an item while there is none, for room while there is none. */
function reasonably(exports: Shipped, grip: number, end: End<Shipped>): void {
  if (end.deaths.length === 0) throw new Error("expected nobody asleep, for nobody died");
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
const fresh = (kind: number, maxsize: number) => ({
  kind,
  // puts, gets, maxsize, capacity, shut (assembly/queue/records.ts)
  glanced: [88, 92, 100, 108, 112],
  make: (exports: Shipped) => exports.queueMake(kind, maxsize, 0),
});

/** One that has had an item: shorter runs, which leave room for more departures. */
const queue = (kind: number, maxsize: number) => ({
  ...fresh(kind, maxsize),
  make: (exports: Shipped) => {
    const grip = exports.queueMake(kind, maxsize, 0);
    exports.queuePut(grip, 0, NUMBER, 0, 0, 0);
    exports.queueGet(grip, 0);
    exports.queueTaskDone(grip);
    return grip;
  },
});

const exact = { check: accounted };
const mortal = { deaths: true, check: accounted, mayStayAsleep: reasonably };

const KINDS: readonly (readonly [string, number])[] = [
  ["first in, first out", Kind.FIFO],
  ["last in, first out", Kind.LIFO],
  ["by priority", Kind.PRIORITY],
];

const SCENES: Scene[] = KINDS.flatMap(([name, kind]) => [
  {
    name: `queue of 1, ${name}, one puts, one gets`,
    ...queue(kind, 1),
    bound: 3,
    quick: 2,
    threads: [puts(1, 2), gets(2)],
    ...exact,
  },
  {
    name: `queue of 2, ${name}, two put, one gets`,
    ...queue(kind, 2),
    bound: 2,
    quick: 1,
    threads: [puts(1, 2), puts(3), gets(3)],
    ...exact,
  },
  {
    name: `queue of 1, ${name}, one puts, two get`,
    ...queue(kind, 1),
    bound: 2,
    quick: 1,
    threads: [puts(1, 2), gets(1), gets(1)],
    ...exact,
  },
  {
    name: `queue of 1, ${name}, one puts, one gets, who may die`,
    ...queue(kind, 1),
    bound: 3,
    quick: 1,
    threads: [puts(1, 2), gets(2)],
    ...mortal,
  },
  {
    name: `queue that grows, ${name}, one puts, one gets, who may die`,
    ...fresh(kind, 0),
    bound: 2,
    quick: 1,
    threads: [puts(1), gets(1)],
    ...mortal,
  },
  {
    name: `queue of 2, ${name}, three who may die`,
    ...queue(kind, 2),
    bound: 2,
    quick: 1,
    threads: [puts(1, 2), gets(1), gets(1)],
    ...mortal,
  },
  {
    name: `queue of 1, ${name}, operations that may be cut off`,
    ...queue(kind, 1),
    bound: 2,
    quick: 1,
    cuts: true,
    threads: [puts(1, 2), gets(2)].map(repairsItself),
    check: leavesNothing,
    mayStayAsleep: () => {},
  },
]);

/** Queues that numbers go through in batches. */
for (const [name, kind] of KINDS.slice(0, 2)) {
  SCENES.push(
    {
      name: `batches, ${name}, one puts, one gets`,
      ...queue(kind, 2),
      bound: 3,
      quick: 2,
      threads: [putsMany(1, 2, 3), getsMany(3)],
      ...exact,
    },
    {
      name: `batches, ${name}, one puts, one gets, who may die`,
      ...queue(kind, 1),
      bound: 2,
      quick: 1,
      threads: [putsMany(1, 2), getsMany(2)],
      ...mortal,
    },
    {
      name: `batches, ${name}, one puts, two get`,
      ...queue(kind, 2),
      bound: 2,
      quick: 1,
      threads: [putsMany(1, 2, 3), getsMany(2), gets(1)],
      ...exact,
    },
    {
      name: `batches, ${name}, operations that may be cut off`,
      ...queue(kind, 1),
      bound: 2,
      quick: 1,
      cuts: true,
      threads: [putsMany(1, 2), getsMany(2)].map(repairsItself),
      check: leavesNothing,
      mayStayAsleep: () => {},
    },
  );
}

SCENES.push(
  {
    name: "batches, two who put, one who gets one by one, who may die",
    ...queue(Kind.FIFO, 1),
    bound: 2,
    quick: 1,
    threads: [putsMany(1, 2), puts(3), gets(3)],
    ...mortal,
  },
  {
    // In a stack they come to the same cell, one after the other.
    name: "batches, with items that have bytes, by threads that may die",
    ...queue(Kind.LIFO, 1),
    bound: 2,
    quick: 1,
    threads: [
      async (thread, seat) => {
        await putsBytes(1)(thread, seat);
        await putsMany(2, 3)(thread, seat);
      },
      async (thread, seat) => {
        await getsMany(1)(thread, seat);
        await getsNumbers(2)(thread, seat);
      },
    ],
    ...mortal,
  },
  {
    name: "batches, more at once than there are cells",
    ...fresh(Kind.FIFO, 0),
    bound: 1,
    threads: [putsMany(...Array.from({ length: 18 }, (_, i) => i + 1)), getsMany(18)],
    ...exact,
  },
  {
    name: "batches, shut down while one waits to put",
    ...queue(Kind.FIFO, 1),
    bound: 2,
    threads: [putsMany(1, 2), shuts(0)],
    ...exact,
  },
  {
    name: "batches, shut down while one waits to get",
    ...queue(Kind.FIFO, 1),
    bound: 2,
    threads: [getsMany(2), shuts(0)],
    ...exact,
  },
);

SCENES.push(
  {
    name: "queue of 3, two that put and take at once",
    ...queue(Kind.FIFO, 3),
    bound: 3,
    quick: 2,
    threads: [triesBoth, triesBoth],
    check: () => {},
  },
  {
    name: "queue of 3, one that puts and takes, one that looks",
    ...queue(Kind.FIFO, 3),
    bound: 3,
    threads: [triesBoth, looks(1)],
    check: () => {},
  },
  {
    name: "queue of 1, items with bytes, threads that may die",
    ...queue(Kind.FIFO, 1),
    bound: 2,
    quick: 1,
    threads: [putsBytes(1, 2), getsBytes(2)],
    ...mortal,
  },
  {
    name: "queue, shut down while one waits to put",
    ...queue(Kind.FIFO, 1),
    bound: 2,
    threads: [puts(1, 2), shuts(0)],
    ...exact,
  },
  {
    name: "queue, shut down while one waits to get",
    ...queue(Kind.FIFO, 1),
    bound: 2,
    threads: [gets(1), shuts(0)],
    ...exact,
  },
  {
    name: "queue, shut down between one who puts and one who gets, who may die",
    ...queue(Kind.FIFO, 1),
    bound: 2,
    quick: 1,
    threads: [puts(1, 2), gets(2), shuts(0)],
    ...mortal,
  },
  {
    name: "queue, shut down at once, by one who may die",
    ...queue(Kind.FIFO, 1),
    bound: 2,
    quick: 1,
    threads: [gets(1), shuts(1)],
    deaths: true,
    check: leavesNothing,
    mayStayAsleep: (_, __, end) => {
      if (end.deaths.length === 0) throw new Error("expected nobody asleep, for nobody died");
    },
  },
  {
    name: "queue, joined by one, done by another who may die",
    ...queue(Kind.FIFO, 0),
    bound: 2,
    quick: 1,
    threads: [
      async (thread, { grip }) => {
        await thread.call("queuePut", grip, 0, NUMBER, 0, 1, 0);
        for (;;) {
          const answer = await thread.call("queueGet", grip, 0);
          if (answer !== Answer.OK) return;
          await thread.call("queueTaskDone", grip);
        }
      },
      async (thread, seat) => {
        const answer = await blocking(thread, seat, (waiter) => thread.call("queueJoin", seat.grip, waiter));
        if (answer !== Answer.OK && answer !== Answer.ABANDONED) throw new Error(`expected a join, got ${answer}`);
      },
    ],
    deaths: true,
    check: () => {},
    mayStayAsleep: (exports, grip, end) => {
      if (end.deaths.length === 0) throw new Error("expected nobody asleep, for nobody died");
      // The dead put it and never took it: it is unfinished, and in the queue.
      if (exports.queueUnfinished(grip) !== exports.queueSize(grip))
        throw new Error("expected a join of lost items to end");
    },
  },
);

/** Where what was cut off cannot be told from what was not: each item at most once, and all memory back. */
function leavesNothing(end: End<Shipped>, grip: number): void {
  const found = [...told(end, GOT), ...leftIn(end, grip)];
  if (new Set(found).size !== found.length) throw new Error(`expected each item once, found ${found}`);
}

export const QUEUE = suite<Shipped>({
  name: "queue",
  subject: core,
  programs: SCENES.map(scene),
  mutated: ({ within, kind }) =>
    /^assembly\/(queue|sync\/(waiter|withdraw|section|hands))\//.test(within) && kind !== "branch",
  survivors: {},
});
