/** Queues: put and get at their bounds, by two and three threads, with deaths, cuts and shutdowns (assembly/sync/README.md). */
import { Answer, Kind } from "../../../ts/runtime/core/core-things.js";
import { suite } from "../suite.js";
import { blocking, core, repairsItself, type Scene, type Shipped, scene } from "./core.js";
import {
  gets,
  getsBytes,
  getsMany,
  getsNumbers,
  looks,
  NUMBER,
  puts,
  putsBytes,
  putsMany,
  shuts,
  triesBoth,
} from "./queue-acts.js";
import { exact, fresh, leavesNothing, mortal, queue, withReason } from "./queue-checks.js";
import { EDGES } from "./queue-edges.js";
import { SURVIVORS } from "./queue-survivors.js";

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
    mayStayAsleep: withReason,
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
      mayStayAsleep: withReason,
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
    threads: [putsBytes(1, 2, 3), getsBytes(3)],
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

export const QUEUE = suite<Shipped>({
  name: "queue",
  subject: core,
  programs: [...SCENES, ...EDGES].map(scene),
  // What was inlined from the lock and the arena: their own suites have it.
  // Out of the middle of a heap come a pool's tasks only: their suite has that.
  mutated: ({ line, within, kind }) =>
    !/removeRanked$/.test(within) &&
    /^assembly\/(queue\/|sync\/(waiter|withdraw|section|hands)\/|core-things\/queue)/.test(within) &&
    !/^assembly\/(memory\/|sync\/lock\.ts)/.test(line) &&
    kind !== "branch",
  survivors: SURVIVORS,
});
