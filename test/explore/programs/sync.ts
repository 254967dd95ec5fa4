/** Locks and their like: who gets in, who is woken, what a death gives back (assembly/sync/README.md). */
import { suite } from "../suite.js";
import { core, repairsItself, type Scene, type Shipped, scene } from "./core.js";
import {
  aborts,
  acquires,
  afterDeaths,
  arrives,
  barrier,
  condition,
  event,
  exactly,
  free,
  givesUp,
  hasPermits,
  IN,
  inBarrier,
  isFree,
  isToldOnce,
  lock,
  notifies,
  once,
  permits,
  pulses,
  reads,
  readWrite,
  reenters,
  rlock,
  runsOnce,
  semaphore,
  sets,
  unlessNotified,
  waitsFor,
  waitsForNotify,
  writes,
} from "./sync-acts.js";
import { EDGES } from "./sync-edges.js";
import { THINGS } from "./things.js";

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
    // All of it has happened, or nothing.
    check: ({ exports, threads }, grip) => {
      if (exports.eventIsSet(grip)) return;
      if (threads.slice(0, 2).some(({ fate }) => fate === "ended"))
        throw new Error("expected it set, one came through");
    },
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
    mayStayAsleep: inBarrier,
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
    check: isToldOnce,
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

const SET_UP = "made in `setup`, where nothing is a mutant";
const SKIPPED = "identities that are skipped belong to nobody";
const ONLY_CHANGE = "the only change of its section: undone or not, its thread died before it or after it";
const AGAIN = "whose grip is taken out when its thread dies in here is taken out again, and the same is written then";

export const SYNC = suite<Shipped>({
  name: "sync",
  subject: core,
  programs: [...SCENES, ...EDGES, ...THINGS].map(scene),
  // What was inlined from the lock and the arena: their own suites have it.
  mutated: ({ line, within, kind }) =>
    /^assembly\/(sync\/(mutex|semaphore|event|condition|barrier|read|write|once|thing|registry|threadRepair)|recovery\/)/.test(
      within.replace(
        /core-things\/(mutex|semaphore|event|condition|barrier|read|write|once|thing|threadRepair)/,
        "sync/$1",
      ),
    ) &&
    !/^assembly\/(memory\/|sync\/lock\.ts)/.test(line) &&
    kind !== "branch",
  survivors: {
    "removed: me.section = 0;": "as in the suite of queues (queue-survivors.ts)",
    "removed: thing.spin = spin; in make, i32.store": "looks before a sleep: for speed only",
    "removed: semaphore.permits = permits; in semaphoreMake, i32.store": SET_UP,
    "removed: semaphore.bound = bound; in semaphoreMake, i32.store": SET_UP,
    "removed: changetype<barriers.Barrier>(me().hand).parties = parties; in barrierMake, i32.store": SET_UP,
    "removed: store<u32>(entry, load<u32>(address), 8); in enrol, i32.store": SKIPPED,
    "removed: me.logLength = length + 1; in enrol, i32.store": SKIPPED,
    "removed: me.section = <u32>word; in thingWaiting, i32.store": "its section changes nothing",
    "removed: store<u32>(entry, <u32>address); in eventClear, i32.store": ONLY_CHANGE,
    "removed: store<u32>(entry, load<u32>(address), 8); in eventClear, i32.store": ONLY_CHANGE,
    "removed: me.logLength = length + 1; in eventClear, i32.store": ONLY_CHANGE,
    "removed: me.section = <u32>word; in eventClear, i32.store": ONLY_CHANGE,
    "removed: store<u32>(entry, load<u32>(address), 8); in takeOut, i32.store (2)": AGAIN,
    "removed: me.logLength = length + 1; in takeOut, i32.store (2)": AGAIN,
  },
});
