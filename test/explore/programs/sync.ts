/** Locks and their like: who gets in, who is woken, what a death gives back (assembly/sync/README.md). */
import { Answer, GRANTED, Kind, WITHDRAWN } from "../../../ts/runtime/core-things.js";
import type { End, Thread } from "../program.js";
import { suite } from "../suite.js";
import {
  type Body,
  blocking,
  blockOf,
  core,
  countOf,
  repairsItself,
  type Scene,
  type Seat,
  type Shipped,
  scene,
} from "./core.js";

/** Identity of a thread's blocking calls (assembly/sync/mutex.ts). */
const THREAD = -1;
/** Facts. */
const IN = 1;
const OUT = 2;

/** Expects one of these answers. */
function expectAnswer(answer: number, ...expected: number[]): void {
  if (!expected.includes(answer)) throw new Error(`expected answer ${expected.join(" or ")}, got ${answer}`);
}

type Enter = (thread: Thread<Shipped>, seat: Seat, waiter: number) => Promise<number>;
type Leave = (thread: Thread<Shipped>, seat: Seat, ticket: number) => Promise<number>;

/** Enters and leaves so many times, and says so. */
const passes =
  (times: number, enter: Enter, leave: Leave): Body =>
  async (thread, seat) => {
    for (let i = 0; i < times; i++) {
      const answer = await blocking(thread, seat, (waiter) => enter(thread, seat, waiter));
      expectAnswer(answer, Answer.OK, Answer.ABANDONED);
      const ticket = await countOf(thread, seat);
      thread.log(IN);
      await thread.yield();
      thread.log(OUT);
      expectAnswer(await leave(thread, seat, ticket), Answer.OK);
    }
  };

const acquires = (times: number): Body =>
  passes(
    times,
    (thread, { grip }, waiter) => thread.call("mutexAcquire", grip, waiter, THREAD),
    (thread, { grip }) => thread.call("mutexRelease", grip, 0),
  );

const permits = (times: number): Body =>
  passes(
    times,
    (thread, { grip }, waiter) => thread.call("semaphoreAcquire", grip, waiter),
    (thread, { grip }) => thread.call("semaphoreRelease", grip, 1),
  );

const reads = (times: number): Body =>
  passes(
    times,
    (thread, { grip }, waiter) => thread.call("readAcquire", grip, waiter),
    (thread, { grip }) => thread.call("readRelease", grip),
  );

const writes = (times: number): Body =>
  passes(
    times,
    (thread, { grip }, waiter) => thread.call("writeAcquire", grip, waiter),
    (thread, { grip }, ticket) => thread.call("writeRelease", grip, ticket),
  );

/** Acquires an RLock twice, by two calls. */
const reenters: Body = async (thread, seat) => {
  for (let depth = 0; depth < 2; depth++) {
    const answer = await blocking(thread, seat, (waiter) => thread.call("mutexAcquire", seat.grip, waiter, THREAD));
    expectAnswer(answer, Answer.OK, Answer.ABANDONED);
  }
  for (let depth = 0; depth < 2; depth++) expectAnswer(await thread.call("mutexRelease", seat.grip, 0), Answer.OK);
};

/** Waits for a lock, but not for ever; in the end it is not in line any more. */
const givesUp: Body = async (thread, { grip, waiter }) => {
  for (;;) {
    const answer = await thread.call("mutexAcquire", grip, waiter, THREAD);
    if (answer === Answer.OK || answer === Answer.ABANDONED) return void (await thread.call("mutexRelease", grip, 0));
    if ((await thread.sleep(waiter, 0, 1000n)) !== "timed-out") continue;
    await thread.call("waiterWithdraw", grip, waiter);
    return;
  }
};

const waitsFor: Body = async (thread, seat) => {
  expectAnswer(await blocking(thread, seat, (waiter) => thread.call("eventAwait", seat.grip, waiter)), Answer.OK);
};

const sets: Body = async (thread, { grip }) => expectAnswer(await thread.call("eventSet", grip), Answer.OK);

/** Sets, and clears at once: who waits has been notified all the same. */
const pulses: Body = async (thread, { grip }) => {
  while ((await thread.call("thingWaiting", grip)) === 0) await thread.yield();
  await thread.call("eventSet", grip);
  await thread.call("eventClear", grip);
};

const arrives =
  (rounds: number): Body =>
  async (thread, seat) => {
    for (let round = 0; round < rounds; round++) {
      const answer = await blocking(thread, seat, (waiter) => thread.call("barrierArrive", seat.grip, waiter));
      expectAnswer(answer, Answer.OK, Answer.RUN, Answer.BROKEN);
      if (answer === Answer.BROKEN) return;
      if (answer === Answer.RUN) {
        const round = await blockOf(thread, seat);
        if ((await thread.call("barrierOpen", seat.grip, round, 1)) === Answer.BROKEN) return;
      }
      thread.log(IN);
    }
  };

const aborts: Body = async (thread, { grip }) => expectAnswer(await thread.call("barrierBreak", grip, 1), Answer.OK);

/** In line for a notify, for ever; then has the mutex again, or has not, for it is gone: so the notify is for somebody else. */
const waitsForNotify =
  (getsMutex = true): Body =>
  async (thread, seat) => {
    const { grip, waiter } = seat;
    await blocking(thread, seat, () => thread.call("conditionAwait", grip, waiter));
    expectAnswer((await thread.call("waiterWithdraw", grip, waiter)) - WITHDRAWN, GRANTED);
    if (getsMutex) thread.log(IN);
    expectAnswer(await thread.call("conditionSettle", grip, getsMutex ? 1 : 0), Answer.OK);
  };

/** Notifies as soon as so many are in line, and says so; or after so many looks: where those who would come may die, nobody may come. */
const notifies =
  (waiting: number, count: number, looks = Number.POSITIVE_INFINITY): Body =>
  async (thread, { grip }) => {
    let inLine = await thread.call("thingWaiting", grip);
    for (let i = 1; i < looks && inLine < waiting; i++) {
      await thread.yield();
      inLine = await thread.call("thingWaiting", grip);
    }
    expectAnswer(await thread.call("conditionNotify", grip, count), Answer.OK);
    if (inLine >= waiting) thread.log(OUT);
  };

const runsOnce: Body = async (thread, seat) => {
  const answer = await blocking(thread, seat, (waiter) => thread.call("onceEnter", seat.grip, waiter));
  expectAnswer(answer, Answer.OK, Answer.RUN);
  if (answer === Answer.OK) return;
  thread.log(IN);
  expectAnswer(await thread.call("onceFinish", seat.grip, 1), Answer.OK);
};

const factsOf = (end: End<Shipped>, fact: number): number =>
  end.threads.reduce((sum, { facts }) => sum + facts.filter((each) => each === fact).length, 0);

/** Counts of one kind of fact. */
const exactly =
  (fact: number, count: number) =>
  (end: End<Shipped>): void => {
    if (factsOf(end, fact) !== count) throw new Error(`expected ${count} times ${fact}, got ${factsOf(end, fact)}`);
  };

/** Who sleeps in the end was to be woken by somebody who is dead. */
const afterDeaths = (_: Shipped, __: number, end: End<Shipped>): void => {
  if (end.deaths.length === 0) throw new Error("expected nobody asleep, for nobody died");
};

/** Who sleeps in the end was not to be woken: the notify came to somebody who could act on it, or to nobody. */
const unlessNotified = (_: Shipped, __: number, end: End<Shipped>): void => {
  if (factsOf(end, OUT) > 0 && factsOf(end, IN) === 0) throw new Error("expected a notify to be acted on");
};

const lock = { kind: Kind.LOCK, make: (exports: Shipped) => exports.mutexMake(0, 0) };
const rlock = { kind: Kind.RLOCK, make: (exports: Shipped) => exports.mutexMake(1, 0) };
const semaphore = (permits: number) => ({
  kind: Kind.SEMAPHORE,
  make: (exports: Shipped) => exports.semaphoreMake(permits, permits, 0),
});
const event = { kind: Kind.EVENT, make: (exports: Shipped) => exports.eventMake(0) };
const barrier = (parties: number) => ({
  kind: Kind.BARRIER,
  make: (exports: Shipped) => exports.barrierMake(parties, 0),
});
const condition = { kind: Kind.CONDITION, make: (exports: Shipped) => exports.conditionMake(0) };
const readWrite = { kind: Kind.READ_WRITE, make: (exports: Shipped) => exports.readWriteMake(0) };
const once = { kind: Kind.ONCE, make: (exports: Shipped) => exports.onceMake(0) };

const free = (_: End<Shipped>): void => {};
const isFree = ({ exports }: End<Shipped>, grip: number): void => {
  if (exports.mutexIsLocked(grip)) throw new Error("expected a free lock");
};
const hasPermits =
  (count: number) =>
  ({ exports }: End<Shipped>, grip: number): void => {
    if (exports.semaphoreValue(grip) !== count)
      throw new Error(`expected ${count}, got ${exports.semaphoreValue(grip)}`);
  };

const SCENES: Scene[] = [
  { name: "lock of users, two threads", ...lock, bound: 3, threads: [acquires(2), acquires(2)], check: isFree },
  {
    name: "lock of users, three threads",
    ...lock,
    bound: 2,
    quick: 1,
    threads: [acquires(1), acquires(1), acquires(1)],
    check: isFree,
  },
  {
    name: "lock of users, two who may die",
    ...lock,
    bound: 3,
    quick: 1,
    deaths: true,
    threads: [acquires(1), acquires(1)],
    check: isFree,
  },
  {
    name: "lock of users, three who may die",
    ...lock,
    bound: 2,
    quick: 1,
    deaths: true,
    threads: [acquires(1), acquires(1), acquires(1)],
    check: isFree,
  },
  {
    name: "lock of users, one who gives up",
    ...lock,
    bound: 2,
    quick: 1,
    threads: [acquires(1), givesUp, acquires(1)],
    check: isFree,
  },
  {
    name: "lock of users, operations that may be cut off",
    ...lock,
    bound: 2,
    quick: 1,
    cuts: true,
    threads: [acquires(1), acquires(1)].map(repairsItself),
    mayStayAsleep: (exports, grip) => {
      if (!exports.mutexIsLocked(grip)) throw new Error("expected nobody asleep, the lock is free");
    },
  },
  {
    name: "lock that re-enters, two who may die",
    ...rlock,
    bound: 2,
    quick: 1,
    deaths: true,
    threads: [reenters, reenters],
    check: isFree,
  },
  {
    name: "semaphore of 1, two threads",
    ...semaphore(1),
    bound: 3,
    threads: [permits(2), permits(2)],
    check: hasPermits(1),
  },
  {
    name: "semaphore of 2, three threads",
    ...semaphore(2),
    bound: 2,
    quick: 1,
    threads: [permits(1), permits(1), permits(2)],
    check: hasPermits(2),
  },
  {
    name: "semaphore of 1, two who may die",
    ...semaphore(1),
    bound: 3,
    quick: 1,
    deaths: true,
    threads: [permits(1), permits(1)],
    check: hasPermits(1),
  },
  { name: "event, set while two wait", ...event, bound: 2, threads: [waitsFor, waitsFor, sets], check: free },
  { name: "event, set and cleared at once", ...event, bound: 2, quick: 1, threads: [waitsFor, pulses], check: free },
  {
    name: "event, set by one who may die",
    ...event,
    bound: 2,
    quick: 1,
    deaths: true,
    threads: [waitsFor, waitsFor, sets],
    mayStayAsleep: afterDeaths,
  },
  {
    name: "barrier of 2, two rounds",
    ...barrier(2),
    bound: 3,
    quick: 2,
    threads: [arrives(2), arrives(2)],
    check: exactly(IN, 4),
  },
  {
    name: "barrier of 3",
    ...barrier(3),
    bound: 2,
    quick: 1,
    threads: [arrives(1), arrives(1), arrives(1)],
    check: exactly(IN, 3),
  },
  {
    name: "barrier of 2, who may die",
    ...barrier(2),
    bound: 2,
    quick: 1,
    deaths: true,
    threads: [arrives(1), arrives(1)],
    mayStayAsleep: afterDeaths,
  },
  {
    name: "barrier of 2, aborted",
    ...barrier(2),
    bound: 2,
    quick: 1,
    threads: [arrives(1), arrives(1), aborts],
    check: free,
  },
  {
    name: "condition, two in line, two notified",
    ...condition,
    bound: 2,
    quick: 1,
    threads: [waitsForNotify(), waitsForNotify(), notifies(2, 2)],
    check: exactly(IN, 2),
  },
  {
    name: "condition, those who wait may die",
    ...condition,
    bound: 2,
    quick: 1,
    deaths: true,
    threads: [waitsForNotify(), waitsForNotify(), notifies(1, 1, 5)],
    mayStayAsleep: () => {},
  },
  {
    name: "condition, a notify outlives who it was for",
    ...condition,
    bound: 2,
    quick: 1,
    deaths: true,
    threads: [waitsForNotify(), waitsForNotify(), notifies(2, 1, 5)],
    mayStayAsleep: unlessNotified,
  },
  {
    name: "condition, one who cannot act on its notify",
    ...condition,
    bound: 2,
    quick: 1,
    threads: [waitsForNotify(false), waitsForNotify(), notifies(2, 1)],
    mayStayAsleep: unlessNotified,
  },
  {
    name: "readers and a writer",
    ...readWrite,
    bound: 2,
    quick: 1,
    threads: [reads(1), reads(1), writes(1)],
    check: free,
  },
  {
    name: "a reader and a writer who may die",
    ...readWrite,
    bound: 3,
    quick: 1,
    deaths: true,
    threads: [reads(1), writes(1)],
    check: free,
  },
  { name: "once, two threads", ...once, bound: 3, threads: [runsOnce, runsOnce], check: exactly(IN, 1) },
  {
    name: "once, two who may die",
    ...once,
    bound: 2,
    quick: 1,
    deaths: true,
    threads: [runsOnce, runsOnce],
    check: free,
  },
];

export const SYNC = suite<Shipped>({
  name: "sync",
  subject: core,
  programs: SCENES.map(scene),
  // What was inlined from the lock and the arena: their own suites have it.
  mutated: ({ line, within, kind }) =>
    /^assembly\/(sync\/(mutex|semaphore|event|condition|barrier|read|write|once|thing|registry)|recovery\/)/.test(
      within.replace(/core-things\/(mutex|semaphore|event|condition|barrier|read|write|once|thing)/, "sync/$1"),
    ) &&
    !/^assembly\/(memory\/|sync\/lock\.ts)/.test(line) &&
    kind !== "branch",
  survivors: {},
});
