/** Things that come and go while others do: the registry's list, grips, closing, what is kept of those that were closed too early (assembly/sync/registry.ts). */
import { Answer, Kind } from "../../../ts/runtime/core/core-things.js";
import type { Thread } from "../program.js";
import { ARENA_PLACE, type Body, type Scene, type Shipped, scratchOf } from "./core.js";
import { expectAnswer, hasPermits, semaphore } from "./sync-acts.js";

const QUICK = { bound: 2, quick: 1 };
const NUMBER = 1;
const BYTES = 16;

const close = async (thread: Thread<Shipped>, grip: number): Promise<void> =>
  expectAnswer(await thread.call("thingClose", grip), Answer.OK);

/** Makes some events, and closes them in this order. */
const makesAndCloses =
  (...order: number[]): Body =>
  async (thread) => {
    const grips: number[] = [];
    for (const _ of order) grips.push(await thread.call("eventMake", 0));
    const identities: number[] = [];
    for (const grip of grips) identities.push(await thread.call("thingIdentity", grip));
    if (new Set([0, ...identities]).size <= grips.length) throw new Error(`expected one for each, got ${identities}`);
    for (const which of order) await close(thread, grips[which] as number);
  };

/** Makes a queue, and closes it with items in it. */
const leavesItems: Body = async (thread) => {
  const grip = await thread.call("queueMake", Kind.FIFO, 0, 0);
  const block = await thread.call("valueTake", 16);
  expectAnswer(await thread.call("queuePut", grip, 0, BYTES, block, 1, 1), Answer.OK);
  expectAnswer(await thread.call("queuePut", grip, 0, NUMBER, 0, 2, 2), Answer.OK);
  await close(thread, grip);
};

/** Another grip on the thing, for a moment. */
const graspsAndCloses =
  (times: number): Body =>
  async (thread, seat) => {
    const [address, identity] = [
      await thread.call("thingAddress", seat.grip),
      await thread.call("thingIdentity", seat.grip),
    ];
    const grips: number[] = [];
    for (let i = 0; i < times; i++) grips.push(await thread.call("thingGrasp", address, identity, Kind.SEMAPHORE));
    for (const grip of grips) await close(thread, grip);
  };

/** A handle may come late: then what lies at its address is looked at, whatever that is by now, and found to be another. */
export const WHERE_THINGS_WERE = [ARENA_PLACE];

/** Where the first thread says which thing it has made. */
const ADDRESS = 0;
const IDENTITY = 4;
const noteOf = (number: number): number => scratchOf(number);

/** Makes an event, says so, and closes it: whoever has it then, or comes too late. */
const offers: Body = async (thread) => {
  const grip = await thread.call("eventMake", 0);
  const note = noteOf(1);
  await thread.call("host.atomicStore", note + IDENTITY, await thread.call("thingIdentity", grip));
  await thread.call("host.atomicStore", note + ADDRESS, await thread.call("thingAddress", grip));
  await close(thread, grip);
};

const accepts: Body = async (thread) => {
  const note = noteOf(1);
  const address = await thread.call("host.atomicLoad", note + ADDRESS);
  if (address === 0) return;
  const identity = await thread.call("host.atomicLoad", note + IDENTITY);
  const grip = (await thread.call("thingGrasp", address, identity, Kind.EVENT)) >>> 0;
  if (grip === Answer.STALE) return;
  expectAnswer(await thread.call("eventSet", grip), Answer.OK);
  await close(thread, grip);
};

/** Closes a grip while it has a permit: it is kept, and comes back with the next. */
const closesTooEarly =
  (givesBack: boolean): Body =>
  async (thread, seat) => {
    const [address, identity] = [
      await thread.call("thingAddress", seat.grip),
      await thread.call("thingIdentity", seat.grip),
    ];
    const grip = await thread.call("thingGrasp", address, identity, Kind.SEMAPHORE);
    const answer = await thread.call("semaphoreAcquire", grip, 0);
    expectAnswer(answer, Answer.OK, Answer.WAIT);
    await close(thread, grip);
    if (answer === Answer.WAIT || !givesBack) return;
    const again = await thread.call("thingGrasp", address, identity, Kind.SEMAPHORE);
    if (again !== grip) throw new Error(`expected the grip ${grip} that was kept, got ${again}`);
    expectAnswer(await thread.call("semaphoreRelease", again, 1), Answer.OK);
    await close(thread, again);
  };

/** Makes a semaphore, and closes its only grip with a permit: that was the last. */
const closesTheLast: Body = async (thread) => {
  const grip = await thread.call("semaphoreMake", 1, 1, 0);
  expectAnswer(await thread.call("semaphoreAcquire", grip, 0), Answer.OK);
  await close(thread, grip);
};

const base = { ...semaphore(2), ...QUICK, check: hasPermits(2) };
const mortal = { ...base, deaths: true };

export const THINGS: Scene[] = [
  {
    name: "things, two threads make and close two each",
    ...base,
    threads: [makesAndCloses(0, 1), makesAndCloses(1, 0)],
  },
  { name: "things, made and closed by one who may die", ...mortal, threads: [makesAndCloses(0, 1)] },
  {
    name: "things, made and closed from the middle, by one who may die",
    ...mortal,
    threads: [makesAndCloses(1, 2, 0)],
  },
  { name: "things, made and closed by two who may die", ...mortal, threads: [makesAndCloses(0), makesAndCloses(0)] },
  { name: "things, a queue closed with items, by one who may die", ...mortal, threads: [leavesItems] },
  {
    name: "things, a queue closed with items, by one of two who may die",
    ...mortal,
    threads: [leavesItems, makesAndCloses(0)],
  },
  { name: "things, grips taken and closed by two", ...base, threads: [graspsAndCloses(2), graspsAndCloses(1)] },
  {
    name: "things, grips taken and closed by two who may die",
    ...mortal,
    threads: [graspsAndCloses(2), graspsAndCloses(1)],
  },
  { name: "things, one is offered and closed", ...base, threads: [offers, accepts], racy: WHERE_THINGS_WERE },
  {
    name: "things, one is offered and closed, by those who may die",
    ...mortal,
    threads: [offers, accepts],
    racy: WHERE_THINGS_WERE,
  },
  {
    name: "things, a grip closed too early, by one of two",
    ...base,
    threads: [closesTooEarly(true), closesTooEarly(true)],
  },
  {
    name: "things, a grip closed too early, by one who may die",
    ...mortal,
    threads: [closesTooEarly(true), graspsAndCloses(1)],
  },
  {
    name: "things, the last grip closed too early, by one who may die",
    ...mortal,
    threads: [closesTheLast, makesAndCloses(0)],
  },
];
