/** What threads do with locks and their like in the programs, the things to do it with, and what must be true in the end. */
import { Answer, GRANTED, Kind, WITHDRAWN } from "../../../ts/runtime/core/core-things.js";
import type { End, Thread } from "../program.js";
import { type Body, blocking, blockOf, countOf, type Seat, type Shipped } from "./core.js";

/** Identity of a thread's blocking calls (assembly/sync/mutex.ts). */
export const THREAD = -1;
/** Facts. */
export const IN = 1;
export const OUT = 2;
/** It was told that who had it died with it. */
export const TOLD = 3;

/** Expects one of these answers. */
export function expectAnswer(answer: number, ...expected: number[]): void {
  if (!expected.includes(answer)) throw new Error(`expected answer ${expected.join(" or ")}, got ${answer}`);
}

type Enter = (thread: Thread<Shipped>, seat: Seat, waiter: number) => Promise<number>;
type Leave = (thread: Thread<Shipped>, seat: Seat, ticket: number) => Promise<number>;

/** Enters and leaves so many times, and says so. */
export const passes =
  (times: number, enter: Enter, leave: Leave): Body =>
  async (thread, seat) => {
    for (let i = 0; i < times; i++) {
      const answer = await blocking(thread, seat, (waiter) => enter(thread, seat, waiter));
      expectAnswer(answer, Answer.OK, Answer.ABANDONED);
      const ticket = await countOf(thread, seat);
      if (answer === Answer.ABANDONED) thread.log(TOLD);
      thread.log(IN);
      await thread.yield();
      thread.log(OUT);
      expectAnswer(await leave(thread, seat, ticket), Answer.OK);
    }
  };

export const acquires = (times: number): Body =>
  passes(
    times,
    (thread, { grip }, waiter) => thread.call("mutexAcquire", grip, waiter, THREAD),
    (thread, { grip }) => thread.call("mutexRelease", grip, 0),
  );

export const permits = (times: number): Body =>
  passes(
    times,
    (thread, { grip }, waiter) => thread.call("semaphoreAcquire", grip, waiter),
    (thread, { grip }) => thread.call("semaphoreRelease", grip, 1),
  );

export const reads = (times: number): Body =>
  passes(
    times,
    (thread, { grip }, waiter) => thread.call("readAcquire", grip, waiter),
    (thread, { grip }) => thread.call("readRelease", grip),
  );

export const writes = (times: number): Body =>
  passes(
    times,
    (thread, { grip }, waiter) => thread.call("writeAcquire", grip, waiter),
    (thread, { grip }, ticket) => thread.call("writeRelease", grip, ticket),
  );

/** Acquires an RLock twice, by two calls. */
export const reenters: Body = async (thread, seat) => {
  for (let depth = 0; depth < 2; depth++) {
    const answer = await blocking(thread, seat, (waiter) => thread.call("mutexAcquire", seat.grip, waiter, THREAD));
    expectAnswer(answer, Answer.OK, Answer.ABANDONED);
  }
  for (let depth = 0; depth < 2; depth++) expectAnswer(await thread.call("mutexRelease", seat.grip, 0), Answer.OK);
};

/** Waits for a lock, but not for ever; in the end it is not in line any more. */
export const givesUp: Body = async (thread, { grip, waiter }) => {
  for (;;) {
    const answer = await thread.call("mutexAcquire", grip, waiter, THREAD);
    if (answer === Answer.OK || answer === Answer.ABANDONED) return void (await thread.call("mutexRelease", grip, 0));
    if ((await thread.sleep(waiter, 0, 1000n)) !== "timed-out") continue;
    await thread.call("waiterWithdraw", grip, waiter);
    return;
  }
};

export const waitsFor: Body = async (thread, seat) => {
  expectAnswer(await blocking(thread, seat, (waiter) => thread.call("eventAwait", seat.grip, waiter)), Answer.OK);
};

export const sets: Body = async (thread, { grip }) => expectAnswer(await thread.call("eventSet", grip), Answer.OK);

/** Sets, and clears at once: who waits has been notified all the same. */
export const pulses: Body = async (thread, { grip }) => {
  while ((await thread.call("thingWaiting", grip)) === 0) await thread.yield();
  await thread.call("eventSet", grip);
  await thread.call("eventClear", grip);
};

export const arrives =
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

export const aborts: Body = async (thread, { grip }) =>
  expectAnswer(await thread.call("barrierBreak", grip, 1), Answer.OK);

/** In line for a notify, for ever; then has the mutex again, or has not, for it is gone: so the notify is for somebody else. */
export const waitsForNotify =
  (getsMutex = true): Body =>
  async (thread, seat) => {
    const { grip, waiter } = seat;
    await blocking(thread, seat, () => thread.call("conditionAwait", grip, waiter));
    expectAnswer((await thread.call("waiterWithdraw", grip, waiter)) - WITHDRAWN, GRANTED);
    if (getsMutex) thread.log(IN);
    expectAnswer(await thread.call("conditionSettle", grip, getsMutex ? 1 : 0), Answer.OK);
  };

/** Notifies as soon as so many are in line, and says so; or after so many looks: where those who would come may die, nobody may come. */
export const notifies =
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

export const runsOnce: Body = async (thread, seat) => {
  const answer = await blocking(thread, seat, (waiter) => thread.call("onceEnter", seat.grip, waiter));
  expectAnswer(answer, Answer.OK, Answer.RUN);
  if (answer === Answer.OK) return;
  thread.log(IN);
  expectAnswer(await thread.call("onceFinish", seat.grip, 1), Answer.OK);
};

export const factsOf = (end: End<Shipped>, fact: number): number =>
  end.threads.reduce((sum, { facts }) => sum + facts.filter((each) => each === fact).length, 0);

/** Counts of one kind of fact. */
export const exactly =
  (fact: number, count: number) =>
  (end: End<Shipped>): void => {
    if (factsOf(end, fact) !== count) throw new Error(`expected ${count} times ${fact}, got ${factsOf(end, fact)}`);
  };

/** Who sleeps in the end was to be woken by somebody who is dead. */
export const afterDeaths = (_: Shipped, __: number, end: End<Shipped>): void => {
  if (end.deaths.length === 0) throw new Error("expected nobody asleep, for nobody died");
};

/** Who sleeps in the end was not to be woken: the notify came to somebody who could act on it, or to nobody. */
export const unlessNotified = (_: Shipped, __: number, end: End<Shipped>): void => {
  if (factsOf(end, OUT) > 0 && factsOf(end, IN) === 0) throw new Error("expected a notify to be acted on");
};

export const lock = { kind: Kind.LOCK, make: (exports: Shipped) => exports.mutexMake(0, 0) };
export const rlock = { kind: Kind.RLOCK, make: (exports: Shipped) => exports.mutexMake(1, 0) };
export const semaphore = (permits: number) => ({
  kind: Kind.SEMAPHORE,
  make: (exports: Shipped) => exports.semaphoreMake(permits, permits, 0),
});
export const event = { kind: Kind.EVENT, make: (exports: Shipped) => exports.eventMake(0) };
export const barrier = (parties: number) => ({
  kind: Kind.BARRIER,
  make: (exports: Shipped) => exports.barrierMake(parties, 0),
});
export const condition = { kind: Kind.CONDITION, make: (exports: Shipped) => exports.conditionMake(0) };
export const readWrite = { kind: Kind.READ_WRITE, make: (exports: Shipped) => exports.readWriteMake(0) };
export const once = { kind: Kind.ONCE, make: (exports: Shipped) => exports.onceMake(0) };

export const free = (_: End<Shipped>): void => {};
/** Nobody hears twice of one death. */
export const isToldOnce = (end: End<Shipped>): void => {
  const told = factsOf(end, TOLD);
  if (told > end.deaths.length) throw new Error(`expected to hear of ${end.deaths.length} deaths at most, got ${told}`);
};

/** Who sleeps waits for somebody who has not arrived. */
export const inBarrier = (exports: Shipped, grip: number, end: End<Shipped>): void => {
  const asleep = end.threads.filter(({ fate }) => fate === "asleep").length;
  const [waiting, parties] = [exports.barrierWaiting(grip), exports.barrierParties(grip)];
  if (exports.barrierIsBroken(grip)) throw new Error("expected nobody asleep, the barrier is broken");
  if (waiting !== asleep || waiting >= parties)
    throw new Error(`expected ${asleep} of ${parties} there, got ${waiting}`);
};

export const isFree = (end: End<Shipped>, grip: number): void => {
  const { exports } = end;
  isToldOnce(end);
  if (exports.mutexIsLocked(grip)) throw new Error("expected a free lock");
};
export const hasPermits =
  (count: number) =>
  ({ exports }: End<Shipped>, grip: number): void => {
    if (exports.semaphoreValue(grip) !== count)
      throw new Error(`expected ${count}, got ${exports.semaphoreValue(grip)}`);
  };
