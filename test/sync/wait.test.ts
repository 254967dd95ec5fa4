/** Waits by themselves: claims that are busy, that throw, that are granted at the last moment. What people see of them is in test/semantics. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { JoinableQueue, Queue } from "../../ts/queue/index.js";
import { Answer } from "../../ts/runtime/core/core-things.js";
import type { Member } from "../../ts/runtime/core/member.js";
import { Barrier } from "../../ts/sync/barrier.js";
import { Condition } from "../../ts/sync/condition.js";
import { Event } from "../../ts/sync/event.js";
import { Lock } from "../../ts/sync/lock.js";
import { Once } from "../../ts/sync/once.js";
import { ReadWriteLock } from "../../ts/sync/read-write-lock.js";
import { Semaphore } from "../../ts/sync/semaphore.js";
import { waitingOn } from "../../ts/sync/thing.js";
import { type Claim, claimSync, readTimeout, waitFor } from "../../ts/sync/wait.js";
import { moment, rejection, thrown, waiting, withParty } from "./party.js";

/** A claim on an event that is changed a bit, and what `waitFor` needs besides. */
function claimOn(member: Member, event: Event, change: Partial<Claim> = {}): Claim {
  const { address, id, kind } = event.handle;
  const grip = member.core.thingGrasp(address, id, kind) >>> 0;
  return { member, grip, attempt: (waiter) => member.core.eventAwait(grip, waiter), ...change };
}

const FOR_EVER = { timeout: Number.POSITIVE_INFINITY, signal: undefined, ref: true };
const ends = new Set<(error: unknown) => void>();
const note = (end: (error: unknown) => void): (() => void) => {
  ends.add(end);
  return () => void ends.delete(end);
};

test("timeouts: what is one and what is none", () => {
  for (const timeout of [undefined, null, Number.POSITIVE_INFINITY]) {
    assert.is(readTimeout(timeout), Number.POSITIVE_INFINITY);
  }
  for (const timeout of [0, 0.5, 2 ** 40]) assert.is(readTimeout(timeout), timeout);
  for (const timeout of [-1, Number.NaN, Number.NEGATIVE_INFINITY]) {
    const error = thrown(() => readTimeout(timeout));
    assert.instance(error, RangeError);
    assert.match(error.message, String(timeout));
  }
  for (const timeout of ["5", {}, 5n, Symbol("time"), true]) {
    assert.is(thrown(() => readTimeout(timeout)).code, "ERR_ARGUMENT");
  }
});

test(
  "an attempt that throws while it stands in line leaves the line",
  withParty(async ({ context: { member } }) => {
    const event = new Event({ context: { member } });
    let hasJoined = false;
    const claim = claimOn(member, event);
    const failing: Claim = {
      ...claim,
      attempt(waiter) {
        if (hasJoined) throw new RangeError("on purpose");
        const answer = claim.attempt(waiter);
        hasJoined = waiter !== 0;
        return answer;
      },
    };
    assert.instance(await rejection(waitFor(failing, { ...FOR_EVER, timeout: 1 }, note)), RangeError);
    assert.equal([waitingOn(event), ends.size], [0, 0]);
    hasJoined = false;
    // What was granted before counts.
    const granted = waitFor(failing, FOR_EVER, note);
    await waiting(event, 1, waitingOn);
    event.set();
    event.clear();
    assert.is(await granted, Answer.OK);
    hasJoined = false;
    // The blocking form: woken by nobody, it looks once more when it has joined.
    assert.instance(
      thrown(() => claimSync({ ...failing, member: noSleep(member) }, Number.POSITIVE_INFINITY)),
      RangeError,
    );
    assert.is(waitingOn(event), 0);
  }),
);

/** A member whose sleeps end at once. */
function noSleep(member: Member): Member {
  return Object.create(member, { core: { value: { ...member.core, waiterPark: () => 1 } } }) as Member;
}

test(
  "a wait that finds others faster again and again stands in line, and is out of time like any other",
  withParty(({ context: { member } }) => {
    const event = new Event({ context: { member } });
    const claim = claimOn(member, event, { spin: () => true });
    assert.is(claimSync({ ...claim, member: noSleep(member) }, Number.MIN_VALUE), Answer.WAIT);
    let inLine = 0;
    const served: Claim = { ...claim, attempt: (waiter) => (waiter === 0 || inLine++ < 2 ? Answer.WAIT : Answer.OK) };
    assert.is(claimSync({ ...served, member: noSleep(member) }, Number.POSITIVE_INFINITY), Answer.OK);
    assert.equal([inLine, waitingOn(event)], [3, 0]);
  }),
);

test(
  "what is handed over is read at once, and what that throws ends the wait, which has left the line",
  withParty(async ({ context: { member } }) => {
    const event = new Event({ context: { member } });
    const claim = claimOn(member, event, {
      take() {
        throw new RangeError("on purpose");
      },
    });
    const failed = rejection(waitFor(claim, FOR_EVER, note));
    await waiting(event, 1, waitingOn);
    event.set();
    assert.instance(await failed, RangeError);
    assert.equal([waitingOn(event), ends.size], [0, 0]);
    assert.instance(
      thrown(() => claimSync(claim, 0)),
      RangeError,
    );
  }),
);

test(
  "granted at the last moment: an abort, a close or the end of the time comes too late",
  withParty(async ({ context: { member } }) => {
    for (const way of ["abort", "close", "time"]) {
      const event = new Event({ context: { member } });
      const controller = new AbortController();
      const waited = waitFor(
        claimOn(member, event),
        { timeout: way === "time" ? 3 : Number.POSITIVE_INFINITY, signal: controller.signal, ref: true },
        note,
      );
      await waiting(event, 1, waitingOn);
      event.set();
      event.clear();
      if (way === "abort") controller.abort("enough");
      if (way === "close") for (const end of [...ends]) end(new Error("closed"));
      assert.is(await waited, Answer.OK, way);
      assert.equal([waitingOn(event), ends.size], [0, 0]);
    }
  }),
);

test(
  "a wait that is over takes its waiter along",
  withParty(async ({ context: { member }, used }) => {
    const event = new Event({ context: { member } });
    await waitFor(claimOn(member, event), { ...FOR_EVER, timeout: 1 }, note);
    const claim = claimOn(member, event);
    const before = used();
    for (let i = 0; i < 50; i++) assert.is(await waitFor(claim, { ...FOR_EVER, timeout: i % 2 }, note), Answer.WAIT);
    assert.is(used(), before);
    const waits = Array.from({ length: 50 }, () => waitFor(claim, FOR_EVER, note));
    await waiting(event, 50, waitingOn);
    event.set();
    await Promise.all(waits);
    assert.is(used(), before);
  }),
);

test(
  "a wait without room for a waiter is told so",
  withParty(async ({ context: { member } }) => {
    const event = new Event({ context: { member } });
    const claim = claimOn(member, event);
    const { core } = member;
    while (core.alloc(core.memoryLargestFree() >>> 0) >>> 0 >= 16);
    while (core.alloc(64) >>> 0 >= 16);
    assert.is(await waitFor(claim, FOR_EVER, note), Answer.NO_MEMORY);
    assert.is((await rejection(event.wait())).code, "ERR_OUT_OF_MEMORY");
    assert.is(await event.wait({ timeout: 0 }), false);
  }),
);

test(
  "busy all the time: it ends in time",
  withParty(async ({ context: { member }, becomePage, occupy }) => {
    becomePage();
    const event = new Event({ context: { member } });
    const free = occupy(event);
    const late = event.wait({ timeout: 2 });
    await moment(10);
    free();
    assert.is(await late, false);
    assert.is(waitingOn(event), 0);
  }),
);

/** Options of which reading one closes the object. */
function closing(thing: { close(): void }): { readonly timeout: number } {
  return {
    get timeout() {
      thing.close();
      return 1000;
    },
  };
}

test(
  "an option that closes the object when it is read: refused, with nothing taken and nothing left",
  withParty(async ({ context: { member } }) => {
    const context = { member };
    const used = member.core.memoryUsed();
    const refused: [string, { close(): void }, (options: { timeout: number }) => Promise<unknown>][] = [];
    const add = <One extends { close(): void }>(thing: One, wait: (thing: One, options: object) => unknown): void => {
      refused.push([`${wait}`, thing, async (options) => wait(thing, options)]);
    };
    add(new Lock({ context }), (lock, options) => lock.acquire(options));
    add(new Lock({ context }), (lock, options) => lock.acquireSync(options));
    add(new Semaphore(1, { context }), (semaphore, options) => semaphore.acquire(options));
    add(new Semaphore(1, { context }), (semaphore, options) => semaphore.acquireSync(options));
    add(new Event({ context }), (event, options) => event.wait(options));
    add(new Event({ context }), (event, options) => event.waitSync(options));
    add(new Barrier(1, { context }), (barrier, options) => barrier.wait(options));
    add(new Barrier(1, { context }), (barrier, options) => barrier.waitSync(options));
    add(new Once({ context }), (once, options) => once.call(() => {}, options));
    add(new Once({ context }), (once, options) => once.callSync(() => {}, options));
    add(new ReadWriteLock({ context }), (lock, options) => lock.read(options));
    add(new ReadWriteLock({ context }), (lock, options) => lock.writeSync(options));
    add(new Queue<number>({ context }), (queue, options) => queue.put(1, options));
    add(new Queue<number>({ context }), (queue, options) => queue.putSync(1, options));
    add(new Queue<number>({ context }), (queue, options) => queue.get(options));
    add(new Queue<number>({ context }), (queue, options) => queue.getSync(options));
    add(new Queue<number>({ context }), (queue, options) => queue.putMany([1], options));
    add(new Queue<number>({ context }), (queue, options) => queue.getManySync(1, options));
    add(new JoinableQueue<number>({ context }), (queue, options) => queue.join(options));
    add(new JoinableQueue<number>({ context }), (queue, options) => queue.joinSync(options));
    for (const [what, thing, wait] of refused) {
      assert.is((await rejection(wait(closing(thing)))).code, "ERR_CLOSED", what);
    }
    const lock = new Lock({ context });
    const guard = await lock.acquire();
    for (const wait of ["wait", "waitSync"] as const) {
      const condition = new Condition(lock, { context });
      const options = { ...(wait === "wait" ? { guard } : {}) };
      const error = await rejection(
        (async () =>
          condition[wait](Object.defineProperties(options, Object.getOwnPropertyDescriptors(closing(condition)))))(),
      );
      assert.is(error.code, "ERR_CLOSED");
    }
    guard.release();
    lock.close();
    assert.is(member.core.memoryUsed(), used);
  }),
);

test.run();
