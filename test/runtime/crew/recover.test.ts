// @timeout 180
/** Recovery: its turns, with a core that answers what is asked for and with the real one; the supervisor's own death; deaths in a crowd. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { platform } from "#platform";
import type { Heddle } from "../../../ts/index.js";
import { type Core, instantiateCore, SUPERVISOR } from "../../../ts/runtime/core/core.js";
import { Answer } from "../../../ts/runtime/core/core-things.js";
import { BASE, Heap } from "../../../ts/runtime/core/heap.js";
import { coreModule } from "../../../ts/runtime/core/modules.js";
import { Recovery } from "../../../ts/runtime/crew/recovery.js";
import { inContext, memoryReturns, until } from "../library.js";
import { acquireSync, type CoreLock, type Guest, makeLock, startGuest, takenNumbers } from "./share-guest.js";

const SEED = Number(process.env.SEED ?? 1 + (Date.now() % 1_000_000));
const CROWD = process.env.STRESS === "1" ? 400 : 40;
const CROWD_THREADS = 3;
/** Address of the registry's lock in a context (assembly/memory/layout.ts). */
const REGISTRY_LOCK = 16;

// With a core that answers what is asked for

/** A core that notes its calls, and answers `threadRecover(number)` with what `answers` has for it; then OK. */
function scripted(answers: Record<number, (number | Error)[]>): { core: Core; calls: string[] } {
  const calls: string[] = [];
  const note =
    (name: string) =>
    (...rest: number[]): number => {
      calls.push(`${name} ${rest.join(" ")}`.trim());
      return Answer.OK;
    };
  const core = {
    attach: note("attach"),
    threadDied: note("died"),
    threadVacate: note("vacate"),
    threadRepair: note("repair"),
    threadRecover: (number: number) => {
      const answer = answers[number]?.shift() ?? Answer.OK;
      calls.push(`recover ${number} ${answer instanceof Error ? "throws" : answer}`);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return { core: core as unknown as Core, calls };
}

const SELF = { base: 1024, number: 7, mayBlock: true };

test("smoke: buried, recovered by a thread that cannot sleep meanwhile, vacated, told", () => {
  const { core, calls } = scripted({});
  const recovery = new Recovery(core, SELF);
  recovery.onVacant = () => calls.push("vacant");
  recovery.bury(3);
  assert.is(platform.afterlife, 0);
  assert.equal(calls, ["died 3", "attach 1024 7 0", "recover 3 0", "vacate 3", "attach 1024 7 1", "vacant"]);
});

test("a lock that another dead thread holds: the same turn goes round until both are done", () => {
  const { core, calls } = scripted({ 3: [Answer.BUSY], 4: [] });
  const recovery = new Recovery(core, SELF);
  recovery.buryNow([3, 4]);
  assert.equal(
    calls.filter((call) => /recover|vacate/.test(call)),
    ["recover 3 1", "recover 4 0", "vacate 4", "recover 3 0", "vacate 3"],
  );
});

test("a lock that a thread at work holds: the number stays taken until a later turn", async () => {
  const { core, calls } = scripted({ 3: [Answer.BUSY, Answer.BUSY, Answer.BUSY] });
  const recovery = new Recovery(core, SELF);
  let vacant = false;
  recovery.onVacant = () => {
    vacant = true;
  };
  recovery.bury(3);
  assert.not.ok(calls.includes("vacate 3"));
  assert.not.ok(vacant);
  // The thread is as it was between the turns: its own calls may sleep.
  assert.is(calls.at(-1), "attach 1024 7 1");
  await until(() => vacant);
  assert.is(calls.filter((call) => call.startsWith("recover")).length, 4);
});

test("cut off, or thrown out of: repaired before it is tried again", () => {
  const { core, calls } = scripted({ 3: [Answer.CUT_OFF, new Error("a trap"), Answer.BUSY] });
  new Recovery(core, SELF).buryNow([3]);
  assert.equal(
    calls.filter((call) => /recover|vacate|repair/.test(call)),
    ["recover 3 2", "repair", "recover 3 throws", "repair", "recover 3 1", "recover 3 0", "vacate 3"],
  );
});

test("a repair that throws is no end either", () => {
  const { core, calls } = scripted({ 3: [new Error("a trap")] });
  let throws = 1;
  core.threadRepair = () => {
    calls.push("repair");
    if (throws-- > 0) throw new Error("no room");
    return Answer.OK;
  };
  new Recovery(core, SELF).buryNow([3]);
  assert.is(calls.filter((call) => call === "vacate 3").length, 1);
});

test("a death during another's pause has its turn at once", async () => {
  const { core, calls } = scripted({ 3: Array.from({ length: 8 }, () => Answer.BUSY) });
  const recovery = new Recovery(core, SELF);
  recovery.bury(3);
  recovery.bury(4);
  assert.ok(calls.includes("vacate 4"));
  await until(() => calls.includes("vacate 3"));
});

// With the real core: threads that are only instances, and end by not being called any more

/** A thread of `heap`, on this very thread. */
function makeThread(heap: Heap): { core: Core; number: number } {
  const number = heap.core.threadClaim();
  const core = instantiateCore(coreModule(), heap.memory, BASE, number, true);
  core.threadReady();
  return { core, number };
}

test("dead threads that hold the registry's lock and locks of things do not keep each other from recovery", () => {
  const heap = new Heap(2 ** 20);
  const [a, b, c] = [makeThread(heap), makeThread(heap), makeThread(heap)];
  const grip = heap.core.mutexMake(0, 0) >>> 0;
  const thing = heap.core.thingAddress(grip) >>> 0;
  const used = heap.use().used;
  for (const { core } of [a, b, c]) {
    const own = core.thingGrasp(thing, core.thingIdentity(grip), 4) >>> 0;
    core.mutexAcquire(own, 0, -1);
  }
  // b died in the registry's section, before it had changed anything.
  Atomics.store(heap.words, (BASE + REGISTRY_LOCK) >>> 2, b.number + 1);
  assert.is(heap.core.mutexIsLocked(grip), 1);
  const supervisor = instantiateCore(coreModule(), heap.memory, BASE, SUPERVISOR, false);
  assert.is(supervisor.threadRecover(a.number), Answer.BUSY);
  const recovery = new Recovery(supervisor, { base: BASE, number: SUPERVISOR, mayBlock: false });
  recovery.buryNow([a.number, b.number, c.number]);
  assert.is(heap.core.mutexAcquire(grip, 0, -1), Answer.ABANDONED);
  assert.is(heap.core.mutexRelease(grip, 0), Answer.OK);
  assert.is(heap.use().used, used);
  for (const { number } of [a, b, c]) assert.is(heap.core.threadState(number), 0);
});

test("the host recovers as itself where there is no supervisor, and may sleep again after", () => {
  const heap = new Heap(2 ** 20);
  const dead = makeThread(heap);
  const grip = dead.core.semaphoreMake(1, 0xffffffff, 0) >>> 0;
  const ours = heap.core.thingGrasp(dead.core.thingAddress(grip) >>> 0, dead.core.thingIdentity(grip) >>> 0, 7) >>> 0;
  assert.is(dead.core.semaphoreAcquire(grip, 0), Answer.OK);
  assert.is(heap.core.semaphoreAcquire(ours, 0), Answer.WAIT);
  const recovery = new Recovery(heap.core, { base: BASE, number: 0, mayBlock: platform.mayBlock() });
  recovery.bury(dead.number);
  assert.is(heap.core.semaphoreAcquire(ours, 0), Answer.OK);
  assert.is(heap.core.threadState(dead.number), 0);
  heap.core.thingClose(ours);
  assert.is(heap.use().used, 0);
});

// With guests

/** A guest that holds the lock until it is told to end: by its own hand, so that main may be blocked. */
async function holder(heddle: Heddle, lock: CoreLock): Promise<Guest> {
  const guest = startGuest(
    heddle.share(),
    `
    const { member } = await library.attach(share);
    acquire(member, data.handle);
    tell("held");
    await hear();
    process.exit(0);`,
    { handle: lock.handle },
  );
  assert.is(await guest.next(), "held");
  return guest;
}

function endSupervisor(heddle: Heddle): void {
  // Private on purpose: nobody but a test wants to. The compiler allows brackets.
  heddle["context"]["crew"]!["supervisor"]!.terminate();
}

test("a supervisor that dies leaves the guests as they are; the next one hears of their deaths", () =>
  inContext({ threads: 2 }, async (heddle) => {
    const { core } = heddle.member;
    const lock = makeLock(heddle);
    const used = heddle.info().memory.used;
    for (let round = 0; round < 3; round++) {
      const guest = await holder(heddle, lock);
      const before = heddle["context"]["crew"];
      endSupervisor(heddle);
      await until(() => heddle["context"]["crew"] !== before);
      assert.is(core.mutexAcquire(lock.grip, 0, -1), Answer.WAIT, "the guest lives, and holds it");
      guest.worker.postMessage("end");
      assert.is(acquireSync(heddle, lock, 20), Answer.ABANDONED);
      core.mutexRelease(lock.grip, 0);
      await guest.gone;
      await until(() => Object.keys(takenNumbers(heddle)).length === 0);
      await memoryReturns(heddle, used);
    }
  }));

test("guests that die together with the supervisor are recovered by the next, and so are its workers", () =>
  inContext({ threads: 2 }, async (heddle) => {
    const lock = makeLock(heddle);
    await heddle.start();
    const used = heddle.info().memory.used;
    for (let round = 0; round < 3; round++) {
      const guest = await holder(heddle, lock);
      endSupervisor(heddle);
      guest.worker.postMessage("end");
      await guest.gone;
      await until(() => heddle.member.core.mutexIsLocked(lock.grip) === 0);
      await until(() => Object.keys(takenNumbers(heddle)).length === 0);
      await memoryReturns(heddle, used);
    }
    const { threads } = await heddle.integrate("x^2", 0, 3, { points: 3e6, threads: 2 });
    assert.ok(threads >= 1);
  }));

/** Numbers from 0 up to 1, the same for the same seed (Mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test(`stress: ${CROWD} guests that die at random moments among others leave nothing taken`, () =>
  inContext(
    {},
    async (heddle) => {
      const { core } = heddle.member;
      const lock = makeLock(heddle);
      const queue = core.queueMake(1, 4, 0) >>> 0;
      const handles = {
        lock: lock.handle,
        queue: [core.thingAddress(queue) >>> 0, core.thingIdentity(queue) >>> 0, 1],
      };
      const next = random(SEED);
      let deaths = 0;
      const life = async (): Promise<void> => {
        while (deaths++ < CROWD) {
          const guest = startGuest(
            heddle.share(),
            `
            const { member } = await library.attach(share);
            const { core } = member;
            const lock = core.thingGrasp(...data.lock) >>> 0;
            const queue = core.thingGrasp(...data.queue) >>> 0;
            tell("up");
            for (let i = 0; ; i++) {
              while (core.mutexAcquire(lock, member.ownWaiter, -1) === 3) core.waiterPark(member.ownWaiter, -1);
              core.queuePut(queue, 0, 1, 0, i, 0);
              core.mutexRelease(lock, 0);
              const bytes = core.valueTake(100) >>> 0;
              // Whatever is still in the hand after a step is dropped: bytes that found no room, or that came.
              core.queuePut(queue, 0, 16, bytes, 0, 0);
              core.valueDrop();
              core.queueGet(queue, 0);
              core.valueDrop();
              core.queueGet(queue, 0);
              core.valueDrop();
              core.thingClose(core.mutexMake(0, 0) >>> 0);
            }`,
            handles,
          );
          await guest.next();
          await new Promise((resolve) => setTimeout(resolve, next() * 20));
          await guest.worker.terminate();
        }
      };
      await Promise.all(Array.from({ length: CROWD_THREADS }, life));
      await until(() => Object.keys(takenNumbers(heddle)).length === 0);
      const answer = acquireSync(heddle, lock, 20);
      assert.ok(answer === Answer.OK || answer === Answer.ABANDONED, `seed ${SEED}: ${answer}`);
      core.mutexRelease(lock.grip, 0);
      assert.is(core.thingWaiting(lock.grip), 0);
      core.thingClose(lock.grip);
      core.thingClose(queue);
      await memoryReturns(heddle, 0);
    },
    150,
  ));

test.run();
