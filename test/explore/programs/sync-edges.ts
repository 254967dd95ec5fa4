/** Locks and their like where it gets narrow: given up and taken back, released many at a time, failed, left, refused. */
import { Answer, GRANTED, WITHDRAWN } from "../../../ts/runtime/core/core-things.js";
import type { End } from "../program.js";
import { type Body, blocking, blockOf, byPromise, countOf, type Scene, type Shipped } from "./core.js";
import {
  acquires,
  arrives,
  barrier,
  condition,
  event,
  expectAnswer,
  free,
  hasPermits,
  IN,
  inBarrier,
  isFree,
  isToldOnce,
  lock,
  notifies,
  once,
  permits,
  reads,
  readWrite,
  rlock,
  runsOnce,
  semaphore,
  THREAD,
  waitsFor,
  waitsForNotify,
  writes,
} from "./sync-acts.js";

const QUICK = { bound: 2, quick: 1 };

/** Twice in, all given up for a moment, and in again as before. */
const standsAside: Body = async (thread, seat) => {
  const { grip } = seat;
  for (let depth = 0; depth < 2; depth++) {
    const answer = await blocking(thread, seat, (waiter) => thread.call("mutexAcquire", grip, waiter, THREAD));
    expectAnswer(answer, Answer.OK, Answer.ABANDONED);
  }
  expectAnswer(await thread.call("mutexReleaseAll", grip, 0), Answer.OK);
  const item = seat.waiter - 64;
  const [ticket, depth] = [await countOf(thread, seat), await blockOf(thread, seat)];
  const identity = await thread.call("host.load", item);
  if (depth !== 2 || identity !== THREAD)
    throw new Error(`expected depth 2 of the thread, got ${depth} of ${identity}`);
  await thread.yield();
  const answer = await blocking(thread, seat, (waiter) =>
    thread.call("mutexReacquire", grip, waiter, identity, ticket, depth),
  );
  expectAnswer(answer, Answer.OK, Answer.ABANDONED);
  for (let i = 0; i < 2; i++) expectAnswer(await thread.call("mutexRelease", grip, 0), Answer.OK);
};

const acquiresByPromise: Body = async (thread, seat) => {
  const answer = await byPromise(thread, (waiter) => thread.call("mutexAcquire", seat.grip, waiter, 0));
  expectAnswer(answer, Answer.OK, Answer.ABANDONED);
  const ticket = await countOf(thread, seat);
  await thread.yield();
  expectAnswer(await thread.call("mutexRelease", seat.grip, ticket), Answer.OK);
};

/** Two permits, given back at once. */
const takesTwo: Body = async (thread, seat) => {
  const { grip } = seat;
  for (let i = 0; i < 2; i++) {
    expectAnswer(await blocking(thread, seat, (waiter) => thread.call("semaphoreAcquire", grip, waiter)), Answer.OK);
  }
  await thread.yield();
  expectAnswer(await thread.call("semaphoreRelease", grip, 2), Answer.OK);
};

/** Runs it, in vain the first time. */
const failsOnce: Body = async (thread, seat) => {
  const answer = await blocking(thread, seat, (waiter) => thread.call("onceEnter", seat.grip, waiter));
  expectAnswer(answer, Answer.OK, Answer.RUN);
  if (answer === Answer.RUN) expectAnswer(await thread.call("onceFinish", seat.grip, 0), Answer.OK);
};

/** Notifies all who are in line once there are so many; or after so many looks, where they may die. */
const notifiesAll =
  (waiting: number, looks = Number.POSITIVE_INFINITY): Body =>
  async (thread, { grip }) => {
    for (let i = 0; i < looks && (await thread.call("thingWaiting", grip)) < waiting; i++) await thread.yield();
    expectAnswer(await thread.call("conditionNotifyAll", grip), Answer.OK);
  };

/** The last to arrive fails in its action. */
const arrivesAndFails: Body = async (thread, seat) => {
  const answer = await blocking(thread, seat, (waiter) => thread.call("barrierArrive", seat.grip, waiter));
  if (answer !== Answer.RUN) return expectAnswer(answer, Answer.OK, Answer.BROKEN);
  expectAnswer(await thread.call("barrierOpen", seat.grip, await blockOf(thread, seat), 0), Answer.BROKEN);
};

/** Arrives, and leaves when its time is over. @param breaks as who runs out of time does; or without a trace, as who is aborted */
const arrivesOrLeaves =
  (breaks: 0 | 1): Body =>
  async (thread, seat) => {
    const { grip, waiter } = seat;
    for (;;) {
      let answer = await thread.call("barrierArrive", grip, waiter);
      if (answer === Answer.WAIT) {
        if ((await thread.sleep(waiter, 0, 1000n)) !== "timed-out") continue;
        answer = await thread.call("barrierLeave", grip, waiter, breaks);
        expectAnswer(answer, Answer.OK, Answer.BROKEN, Answer.WAIT);
        if (breaks === 1 && answer === Answer.WAIT) throw new Error("expected to break it, or to be let go");
      }
      if (answer === Answer.RUN) {
        answer = await thread.call("barrierOpen", grip, await blockOf(thread, seat), 1);
        expectAnswer(answer, Answer.OK, Answer.BROKEN);
      }
      if (answer === Answer.OK) thread.log(IN);
      return;
    }
  };

const resets: Body = async (thread, { grip }) => expectAnswer(await thread.call("barrierBreak", grip, 0), Answer.OK);

/** Notified once, it waits again, in vain: it is not told of the first notify a second time. */
const waitsAgain: Body = async (thread, seat) => {
  const { grip, waiter } = seat;
  await waitsForNotify()(thread, seat);
  for (;;) {
    expectAnswer(await thread.call("conditionAwait", grip, waiter), Answer.WAIT);
    if ((await thread.sleep(waiter, 0, 1000n)) === "timed-out") break;
  }
  expectAnswer((await thread.call("waiterWithdraw", grip, waiter)) - WITHDRAWN, 0);
};

/** In line for a notify, but not for ever; what it is told then is one thing or the other. */
const waitsOrGivesUp: Body = async (thread, { grip, waiter }) => {
  while ((await thread.call("conditionAwait", grip, waiter)) === Answer.WAIT) {
    if ((await thread.sleep(waiter, 0, 1000n)) === "timed-out") break;
  }
  const outcome = (await thread.call("waiterWithdraw", grip, waiter)) - WITHDRAWN;
  expectAnswer(outcome, 0, GRANTED);
  if (outcome === GRANTED) expectAnswer(await thread.call("conditionSettle", grip, 1), Answer.OK);
};

/** Waits to write, but not for ever: those who wait to read behind it need not any more. */
const writesOrGivesUp: Body = async (thread, seat) => {
  const { grip, waiter } = seat;
  for (;;) {
    const answer = await thread.call("writeAcquire", grip, waiter);
    if (answer !== Answer.WAIT) {
      expectAnswer(answer, Answer.OK, Answer.ABANDONED);
      expectAnswer(await thread.call("writeRelease", grip, await countOf(thread, seat)), Answer.OK);
      return;
    }
    if ((await thread.sleep(waiter, 0, 1000n)) !== "timed-out") continue;
    await thread.call("waiterWithdraw", grip, waiter);
    return;
  }
};

/** Gives back what it has not. */
const isRefused =
  (name: "mutexRelease" | "readRelease" | "writeRelease" | "onceFinish" | "semaphoreRelease"): Body =>
  async (thread, { grip }) => {
    const answer = name === "readRelease" ? await thread.call(name, grip) : await thread.call(name, grip, 1);
    expectAnswer(answer, Answer.REFUSED);
  };

const refused = (name: Parameters<typeof isRefused>[0], thing: Pick<Scene, "kind" | "make">): Scene => ({
  name: `${name} of what it has not, who may die`,
  ...thing,
  ...QUICK,
  deaths: true,
  threads: [isRefused(name), isRefused(name)],
  check: free,
});

const arrivedAt =
  (count: number) =>
  ({ exports }: End<Shipped>, grip: number): void => {
    if (exports.barrierWaiting(grip) !== count)
      throw new Error(`expected ${count}, got ${exports.barrierWaiting(grip)}`);
  };

export const EDGES: Scene[] = [
  {
    name: "lock that re-enters, given up for a moment, two who may die",
    ...rlock,
    ...QUICK,
    deaths: true,
    threads: [standsAside, standsAside],
    check: isFree,
  },
  {
    name: "lock of users, by promise, two who may die",
    ...lock,
    ...QUICK,
    deaths: true,
    threads: [acquiresByPromise, acquiresByPromise],
    check: isFree,
  },
  {
    name: "lock of users, by promise, one who sleeps and one who does not",
    ...lock,
    ...QUICK,
    threads: [acquires(2), acquiresByPromise],
    check: isFree,
  },
  {
    name: "semaphore of 2, two at once, three threads",
    ...semaphore(2),
    ...QUICK,
    threads: [takesTwo, permits(1), permits(1)],
    check: hasPermits(2),
  },
  {
    name: "semaphore of 2, two at once, who may die",
    ...semaphore(2),
    ...QUICK,
    deaths: true,
    threads: [takesTwo, permits(1)],
    check: hasPermits(2),
  },
  {
    name: "event, cleared by one who may die while another waits",
    ...event,
    ...QUICK,
    deaths: true,
    threads: [
      waitsFor,
      async (thread, { grip }) => {
        await thread.call("eventSet", grip);
        await thread.call("eventClear", grip);
      },
    ],
    check: ({ exports, threads }, grip) => {
      if (threads[1]?.fate === "ended" && exports.eventIsSet(grip)) throw new Error("expected it cleared");
    },
    // Who came before it was set sleeps no more; who came after it was cleared does.
    mayStayAsleep: (exports, grip) => {
      if (exports.eventIsSet(grip)) throw new Error("expected nobody asleep, the event is set");
    },
  },
  {
    name: "once, one fails, who may die",
    ...once,
    ...QUICK,
    deaths: true,
    threads: [failsOnce, runsOnce],
    check: ({ exports, threads }, grip) => {
      if (threads[1]?.fate === "ended" && !exports.onceIsDone(grip)) throw new Error("expected it to be done");
    },
  },
  {
    name: "condition, all are notified, who may die",
    ...condition,
    ...QUICK,
    deaths: true,
    threads: [waitsForNotify(), waitsForNotify(), notifiesAll(2, 5)],
    mayStayAsleep: () => {},
  },
  {
    name: "condition, all are notified",
    ...condition,
    ...QUICK,
    threads: [waitsForNotify(), waitsForNotify(), notifiesAll(2)],
    check: free,
  },
  {
    name: "condition, notified once, waits again in vain",
    ...condition,
    ...QUICK,
    threads: [waitsAgain, notifies(1, 1)],
    check: free,
  },
  {
    name: "condition, one notify for three, who may die",
    ...condition,
    bound: 1,
    deaths: true,
    threads: [waitsForNotify(), waitsForNotify(), waitsForNotify(), notifies(3, 1, 7)],
    check: ({ threads, deaths }) => {
      const notified = threads.filter(({ facts }, i) => !deaths.includes(i) && facts.includes(IN)).length;
      if (notified > 1) throw new Error(`expected one to be notified, got ${notified}`);
    },
    mayStayAsleep: () => {},
  },
  {
    name: "condition, one gives up, one notifies, who may die",
    ...condition,
    ...QUICK,
    deaths: true,
    threads: [waitsOrGivesUp, notifies(1, 1, 3)],
    mayStayAsleep: () => {},
  },
  {
    name: "barrier of 2, the action fails, who may die",
    ...barrier(2),
    ...QUICK,
    deaths: true,
    threads: [arrivesAndFails, arrivesAndFails],
    mayStayAsleep: inBarrier,
    check: ({ exports, threads }, grip) => {
      const isBroken = exports.barrierIsBroken(grip) !== 0;
      if (threads.slice(0, 2).every(({ fate }) => fate === "ended") && !isBroken) throw new Error("expected it broken");
    },
  },
  {
    name: "barrier of 3, two leave",
    ...barrier(3),
    ...QUICK,
    threads: [arrivesOrLeaves(0), arrivesOrLeaves(0)],
    check: arrivedAt(0),
  },
  {
    name: "barrier of 3, one leaves without a trace, who may die",
    ...barrier(3),
    ...QUICK,
    deaths: true,
    threads: [arrivesOrLeaves(0), arrives(1)],
    mayStayAsleep: inBarrier,
    check: (end, grip) => {
      if (end.deaths.length === 0) arrivedAt(1)(end, grip);
    },
  },
  {
    name: "barrier of 2, one runs out of time, who may die",
    ...barrier(2),
    ...QUICK,
    deaths: true,
    threads: [arrivesOrLeaves(1), arrives(1)],
    mayStayAsleep: inBarrier,
  },
  {
    name: "barrier of 2, reset while they arrive, who may die",
    ...barrier(2),
    ...QUICK,
    deaths: true,
    threads: [arrives(1), arrives(1), resets],
    mayStayAsleep: inBarrier,
    check: free,
  },
  {
    name: "readers and a writer who gives up, who may die",
    ...readWrite,
    ...QUICK,
    deaths: true,
    threads: [reads(1), writesOrGivesUp, reads(1)],
    check: isToldOnce,
  },
  {
    name: "two who write, and one who reads, who may die",
    ...readWrite,
    ...QUICK,
    deaths: true,
    threads: [writes(1), writes(1), reads(1)],
    check: isToldOnce,
  },
  refused("mutexRelease", rlock),
  refused("readRelease", readWrite),
  refused("writeRelease", readWrite),
  refused("onceFinish", once),
  refused("semaphoreRelease", semaphore(0)),
];
