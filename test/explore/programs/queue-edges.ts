/** Queues where it gets narrow: heaps of some depth, blocks of cells that are full, waits by promise, waits that are given up, shutdowns with bytes. */
import { Answer, Kind } from "../../../ts/runtime/core/core-things.js";
import type { End } from "../program.js";
import {
  type Body,
  blocking,
  byPromise,
  countOf,
  lastCount,
  repairsItself,
  type Scene,
  type Seat,
  type Shipped,
  scratchOf,
} from "./core.js";
import {
  BYTES,
  comesLate,
  GOT,
  gets,
  getsBytes,
  getsOrGivesUp,
  itemNumber,
  NUMBER,
  PUT,
  puts,
  putsOrGivesUp,
  shuts,
  takesBack,
} from "./queue-acts.js";
import { accounted, exact, fresh, leavesNothing, mortal, queue, reasonably, withReason } from "./queue-checks.js";

// By priority: the tens of an item are its priority, and of equal ones the lower comes first, so what leaves is sorted.

/** Seven items: two levels below the first. */
const HEAP = [20, 41, 42, 43, 51, 53, 65];
/** Odd numbers have another tag: it is seen when an item has come apart. */
const tagOf = (value: number): number => (value % 2 === 1 ? 2 : NUMBER);
const priorityOf = (value: number): number => Math.floor(value / 10);

const putsRanked =
  (...values: number[]): Body =>
  async (thread, { grip, waiter }) => {
    for (const value of values) {
      for (;;) {
        const answer = await thread.call("queuePut", grip, waiter, tagOf(value), 0, value, priorityOf(value));
        if (answer === Answer.OK) break;
        await thread.call("waiterPark", waiter, -1);
      }
      thread.log(PUT);
      thread.log(value);
    }
  };

const getsRanked =
  (times: number): Body =>
  async (thread, { grip, waiter, number }) => {
    for (let i = 0; i < times; i++) {
      while ((await thread.call("queueGet", grip, waiter)) !== Answer.OK) await thread.call("waiterPark", waiter, -1);
      const item = itemNumber({ grip, waiter, number });
      const value = await thread.call("host.loadF64", item);
      const priority = await thread.call("host.loadF64", item + 8);
      const tag = await thread.call("host.load", item - 8);
      if (tag !== tagOf(value)) throw new Error(`expected ${value} with tag ${tagOf(value)}, got ${tag}`);
      if (priority !== priorityOf(value)) throw new Error(`expected priority ${priorityOf(value)}, got ${priority}`);
      thread.log(GOT);
      thread.log(value);
    }
  };

const heap = (maxsize: number) => ({
  ...fresh(Kind.PRIORITY, maxsize),
  make: (exports: Shipped) => {
    const grip = exports.queueMake(Kind.PRIORITY, maxsize, 0);
    for (const value of HEAP) exports.queuePut(grip, 0, tagOf(value), 0, value, priorityOf(value));
    return grip;
  },
});

function isSorted(left: readonly number[]): void {
  const sorted = left.toSorted((one, other) => one - other);
  if (left.join() !== sorted.join()) throw new Error(`expected the order ${sorted}, got ${left}`);
}

const sorted = {
  check: (end: End<Shipped>, grip: number, seats: readonly Seat[]): void =>
    isSorted(
      accounted(
        end,
        grip,
        seats,
        HEAP,
        ({ tag, number, priority }) => tag === tagOf(number) && priority === priorityOf(number),
      ),
    ),
};

// As many items as there are cells, some of them before the others in the block

const FULL = Array.from({ length: 16 }, (_, i) => 100 + i);

const full = (kind: number) => ({
  ...fresh(kind, 0),
  make: (exports: Shipped) => {
    const grip = exports.queueMake(kind, 0, 0);
    for (const value of [1, 2, 3]) exports.queuePut(grip, 0, NUMBER, 0, value, value);
    for (let i = 0; i < 3; i++) {
      exports.queueGet(grip, 0);
      exports.queueTaskDone(grip);
    }
    for (const value of FULL) exports.queuePut(grip, 0, NUMBER, 0, value, value);
    return grip;
  },
  check: (end: End<Shipped>, grip: number, seats: readonly Seat[]): void => {
    const left = accounted(end, grip, seats, FULL).filter((value) => FULL.includes(value));
    const expected = kind === Kind.LIFO ? FULL.toReversed() : FULL;
    if (left.join() !== expected.join()) throw new Error(`expected the order ${expected}, got ${left}`);
  },
});

// By promise

const putsByPromise =
  (...values: number[]): Body =>
  async (thread, { grip }) => {
    for (const value of values) {
      const block = await thread.call("valueTake", 16);
      const answer = await byPromise(thread, (waiter) =>
        thread.call("queuePut", grip, waiter, BYTES, block, value, value),
      );
      if (answer !== Answer.OK) throw new Error(`expected to put, got ${answer}`);
      thread.log(PUT);
      thread.log(value);
    }
  };

const getsByPromise =
  (times: number): Body =>
  async (thread, seat) => {
    for (let i = 0; i < times; i++) {
      const answer = await byPromise(thread, (waiter) => thread.call("queueGet", seat.grip, waiter));
      if (answer !== Answer.OK) throw new Error(`expected to get, got ${answer}`);
      thread.log(GOT);
      thread.log(await thread.call("host.loadF64", itemNumber(seat)));
      await thread.call("valueDrop");
    }
  };

/** Waits for an item by promise, but not for ever. */
const givesUpByPromise: Body = async (thread, seat) => {
  const waiter = await thread.call("waiterTake");
  for (;;) {
    const answer = await thread.call("queueGet", seat.grip, waiter);
    if (answer === Answer.OK) {
      thread.log(GOT);
      thread.log(await thread.call("host.loadF64", itemNumber(seat)));
      return void (await thread.call("valueDrop"));
    }
    if ((await thread.sleep(waiter, 0, 1000n)) !== "timed-out") continue;
    await thread.call("waiterWithdraw", seat.grip, waiter);
    return;
  }
};

/** A put that waits with bytes until the queue is shut down: they come back, and are freed. */
const putsUntilShut: Body = async (thread, { grip, waiter }) => {
  for (let value = 1; ; value++) {
    const block = await thread.call("valueTake", 16);
    for (;;) {
      const answer = await thread.call("queuePut", grip, waiter, BYTES, block, value, value);
      if (answer === Answer.SHUT) return void (await thread.call("valueDrop"));
      if (answer === Answer.OK) break;
      await thread.call("waiterPark", waiter, -1);
    }
    thread.log(PUT);
    thread.log(value);
  }
};

/** Within Wasm. */
const putsAndSleeps =
  (...values: number[]): Body =>
  async (thread, { grip }) => {
    for (const value of values) {
      const answer = await thread.call("queuePutBlocking", grip, NUMBER, 0, value, value);
      if (answer !== Answer.OK) throw new Error(`expected to put, got ${answer}`);
      thread.log(PUT);
      thread.log(value);
    }
  };

const getsAndSleeps =
  (times: number): Body =>
  async (thread, { grip }) => {
    for (let i = 0; i < times; i++) {
      thread.log(GOT);
      thread.log(await thread.call("queueGetNumber", grip, NUMBER));
    }
  };

/** Looks at all of it while others put and take. */
const takesSnapshot: Body = async (thread, seat) => {
  const target = scratchOf(seat.number);
  const answer = await thread.call("queueSnapshot", seat.grip, target, 512);
  if (answer !== Answer.OK) throw new Error(`expected a snapshot, got ${answer}`);
  const [count, bytes] = [await countOf(thread, seat), await thread.call("host.loadF64", itemNumber(seat))];
  if (count < 1 || count > 2 || bytes !== 16 * count) throw new Error(`expected 1 or 2 items, got ${count}: ${bytes}`);
  for (let i = 0; i < count; i++) {
    const value = await thread.call("host.loadF64", target + 16 * i + 8);
    if (value !== i + 1) throw new Error(`expected ${i + 1}, got ${value}`);
  }
};

/** A queue that begins with these. */
const holding = (...values: number[]) => ({
  ...fresh(Kind.FIFO, 0),
  make: (exports: Shipped) => {
    const grip = exports.queueMake(Kind.FIFO, 0, 0);
    for (const value of values) exports.queuePut(grip, 0, NUMBER, 0, value, value);
    return grip;
  },
});

/** A fact: it was told that something is lost. */
const TOLD = 3;

/** Joins, but not for ever. */
const joinsOrGivesUp: Body = async (thread, { grip, waiter }) => {
  for (;;) {
    const answer = await thread.call("queueJoin", grip, waiter);
    if (answer === Answer.ABANDONED) thread.log(TOLD);
    if (answer === Answer.OK || answer === Answer.ABANDONED) return;
    if (answer !== Answer.WAIT) throw new Error(`expected a join, got ${answer}`);
    if ((await thread.sleep(waiter, 0, 1000n)) !== "timed-out") continue;
    await thread.call("queueLeaveJoin", grip, waiter);
    return;
  }
};

/** Joins twice: what was lost is told once. */
const joinsTwice: Body = async (thread, seat) => {
  const join = () => blocking(thread, seat, (waiter) => thread.call("queueJoin", seat.grip, waiter));
  if ((await join()) !== Answer.ABANDONED) return;
  const lost = await countOf(thread, seat);
  if (lost !== 1) throw new Error(`expected one item lost, got ${lost}`);
  const again = await join();
  if (again !== Answer.OK) throw new Error(`expected to hear of it once, got ${again}`);
};

/** Takes one, and is at it still when it ends. */
const takesOne: Body = async (thread, { grip }) => void (await thread.call("queueGet", grip, 0));

/** Stands in line twice, by promise, as two tasks of one thread do. */
const waitsTwice: Body = async (thread, seat) => {
  const waiters: number[] = [];
  for (let i = 0; i < 2; i++) {
    const waiter = await thread.call("waiterTake");
    const answer = await thread.call("queueGet", seat.grip, waiter);
    if (answer !== Answer.WAIT) throw new Error(`expected to wait, got ${answer}`);
    waiters.push(waiter);
  }
  for (const waiter of waiters) {
    do await thread.sleep(waiter, 0);
    while ((await thread.call("queueGet", seat.grip, waiter)) === Answer.WAIT);
    thread.log(GOT);
    thread.log(await thread.call("host.loadF64", itemNumber(seat)));
  }
};

const putsAfter =
  (waiting: number, ...values: number[]): Body =>
  async (thread, seat) => {
    while ((await thread.call("thingWaiting", seat.grip)) < waiting) await thread.yield();
    await puts(...values)(thread, seat);
  };

const takesAndIsDone =
  (times: number): Body =>
  async (thread, { grip }) => {
    for (let i = 0; i < times; i++) {
      if ((await thread.call("queueGet", grip, 0)) !== Answer.OK) return;
      if ((await thread.call("queueTaskDone", grip)) !== Answer.OK) throw new Error("expected to be done with it");
    }
  };

const QUICK = { bound: 2, quick: 1 };
/** Nobody brings anything: only the line is looked at, and the memory. */
const lineOnly = { check: () => {}, mayStayAsleep: () => {} };
const anyDeath = {
  deaths: true,
  mayStayAsleep: (_: Shipped, __: number, end: End<Shipped>): void => {
    if (end.deaths.length === 0) throw new Error("expected nobody asleep, for nobody died");
  },
};

export const EDGES: Scene[] = [
  {
    name: "heap of 7, one puts, one gets",
    ...heap(0),
    ...QUICK,
    threads: [putsRanked(46, 47, 48, 11), getsRanked(3)],
    ...sorted,
  },
  {
    name: "heap of 7, one puts, who may die",
    ...heap(0),
    ...QUICK,
    threads: [putsRanked(31, 11)],
    ...mortal,
    ...sorted,
  },
  {
    name: "heap of 7, one gets, who may die",
    ...heap(0),
    ...QUICK,
    threads: [getsRanked(2)],
    ...mortal,
    ...sorted,
  },
  {
    name: "heap of 7, full, one puts, one gets, who may die",
    ...heap(7),
    ...QUICK,
    threads: [putsRanked(46), getsRanked(1)],
    ...mortal,
    ...sorted,
  },
  ...[Kind.FIFO, Kind.LIFO, Kind.PRIORITY].map(
    (kind): Scene => ({
      name: `queue of kind ${kind} with as many items as cells, two put, who may die`,
      ...QUICK,
      threads: [puts(201), puts(202)],
      deaths: true,
      mayStayAsleep: reasonably,
      ...full(kind),
    }),
  ),
  {
    name: "queue of 3, two wait for an item that is taken back",
    ...queue(Kind.FIFO, 3),
    ...QUICK,
    threads: [gets(1), gets(1), takesBack],
    ...exact,
  },
  {
    name: "queue of 2, two wait for an item and one gives up, who may die",
    ...queue(Kind.FIFO, 2),
    ...QUICK,
    threads: [getsOrGivesUp, gets(1), puts(1, 2)],
    ...mortal,
  },
  {
    name: "queue of 2, two wait for an item and one gives up, operations that may be cut off",
    ...queue(Kind.FIFO, 2),
    ...QUICK,
    cuts: true,
    threads: [getsOrGivesUp, gets(1), puts(1)].map(repairsItself),
    check: leavesNothing,
    mayStayAsleep: withReason,
  },
  {
    name: "queue of 1, an item comes when one gives up and another waits",
    ...queue(Kind.FIFO, 1),
    ...QUICK,
    threads: [getsOrGivesUp, gets(1), comesLate(puts(1))],
    ...exact,
    mayStayAsleep: withReason,
  },
  {
    name: "queue of 1, full, one gives up its item, who may die",
    ...queue(Kind.FIFO, 1),
    ...QUICK,
    threads: [
      async (thread, seat) => {
        await puts(1)(thread, seat);
        await putsOrGivesUp(thread, seat);
      },
    ],
    ...mortal,
  },
  {
    name: "queue of 1, two wait for room and one gives up, who may die",
    ...queue(Kind.FIFO, 1),
    ...QUICK,
    threads: [puts(1, 2), putsOrGivesUp, getsBytes(2)],
    ...mortal,
  },
  {
    name: "queue of 1, one gives up while another comes, who may die",
    ...queue(Kind.FIFO, 1),
    ...QUICK,
    threads: [getsOrGivesUp, comesLate(gets(1))],
    deaths: true,
    ...lineOnly,
  },
  {
    name: "queue of 1, two who wait give up, who may die",
    ...queue(Kind.FIFO, 1),
    ...QUICK,
    threads: [getsOrGivesUp, getsOrGivesUp],
    deaths: true,
    ...lineOnly,
  },
  {
    name: "queue of 1, one gives up before another in line while a third comes, who may die",
    ...queue(Kind.FIFO, 1),
    ...QUICK,
    threads: [getsOrGivesUp, gets(1), comesLate(gets(1))],
    deaths: true,
    ...lineOnly,
  },
  {
    name: "queue of 1, one gives up before another in line while a third comes, operations that may be cut off",
    ...queue(Kind.FIFO, 1),
    ...QUICK,
    cuts: true,
    threads: [getsOrGivesUp, gets(1), comesLate(gets(1))].map(repairsItself),
    ...lineOnly,
  },
  {
    name: "queue of 1, by promise, one puts, one gets, who may die",
    ...queue(Kind.FIFO, 1),
    ...QUICK,
    threads: [putsByPromise(1, 2), getsByPromise(2)],
    ...mortal,
  },
  {
    name: "queue of 1, by promise, one who gets gives up, who may die",
    ...queue(Kind.FIFO, 1),
    ...QUICK,
    threads: [givesUpByPromise, putsByPromise(1)],
    ...mortal,
  },
  {
    name: "queue of 2, by promise, two waits of one thread",
    ...queue(Kind.FIFO, 2),
    ...QUICK,
    threads: [waitsTwice, putsAfter(2, 1, 2)],
    ...exact,
  },
  {
    name: "queue of 1, items with bytes, shut down while one waits to put, who may die",
    ...queue(Kind.FIFO, 1),
    ...QUICK,
    threads: [putsUntilShut, shuts(0)],
    ...anyDeath,
    check: leavesNothing,
  },
  {
    name: "queue of 2, items with bytes, dropped by a shutdown, who may die",
    ...queue(Kind.FIFO, 2),
    ...QUICK,
    threads: [putsUntilShut, shuts(1)],
    ...anyDeath,
    check: leavesNothing,
  },
  {
    name: "queue of 1, within Wasm, one puts, one gets",
    ...queue(Kind.FIFO, 1),
    ...QUICK,
    threads: [putsAndSleeps(1, 2), getsAndSleeps(2)],
    ...exact,
  },
  {
    name: "queue of 1, made larger while one waits to put, who may die",
    ...queue(Kind.FIFO, 1),
    ...QUICK,
    threads: [puts(1, 2), async (thread, { grip }) => void (await thread.call("queueSetMaxsize", grip, 2))],
    ...mortal,
  },
  {
    name: "queue of 2, one looks at all of it, who may die",
    ...queue(Kind.FIFO, 2),
    ...QUICK,
    ...mortal,
    check: (end, grip, seats) => void accounted(end, grip, seats, [1]),
    make: (exports: Shipped) => {
      const grip = exports.queueMake(Kind.FIFO, 2, 0);
      exports.queuePut(grip, 0, NUMBER, 0, 1, 1);
      return grip;
    },
    threads: [puts(2), takesSnapshot],
  },
  {
    name: "queue, taken and done, operations that may be cut off",
    ...holding(1, 2),
    ...QUICK,
    cuts: true,
    threads: [takesAndIsDone(2), takesAndIsDone(1)].map(repairsItself),
    check: leavesNothing,
  },
  {
    name: "queue, joined by one who hears of a loss, who may die",
    ...holding(1),
    ...QUICK,
    deaths: true,
    threads: [joinsTwice, takesOne],
    check: () => {},
    mayStayAsleep: () => {},
  },
  {
    name: "queue, joined by one who gives up when something is lost, who may die",
    ...holding(1),
    bound: 2,
    deaths: true,
    threads: [joinsOrGivesUp, comesLate(takesOne)],
    check: ({ exports, memory, deaths, threads }, grip) => {
      const lost = deaths.includes(1) && exports.queueSize(grip) === 0;
      const isTold = threads[0]?.facts.includes(TOLD) === true;
      const last = exports.queueJoin(grip, 0);
      if (lost && !isTold && !deaths.includes(0) && last !== Answer.ABANDONED) {
        throw new Error(`expected the next to hear of the loss, got ${last}`);
      }
      if (last === Answer.ABANDONED && lastCount(memory, 0) !== 1) throw new Error("expected one item lost");
    },
    mayStayAsleep: () => {},
  },
  {
    name: "queue, joined by one who gives up, done by two, who may die",
    ...holding(1, 2),
    ...QUICK,
    threads: [joinsOrGivesUp, takesAndIsDone(1), takesAndIsDone(1)],
    deaths: true,
    check: ({ exports, deaths }, grip) => {
      const [unfinished, size] = [exports.queueUnfinished(grip), exports.queueSize(grip)];
      if (unfinished !== size) throw new Error(`expected ${size} that are not done, got ${unfinished}`);
      if (deaths.length === 0 && size !== 0) throw new Error(`expected an empty queue, got ${size}`);
    },
    mayStayAsleep: (exports, grip) => {
      if (exports.queueUnfinished(grip) === 0) throw new Error("expected a join to end");
    },
  },
];
