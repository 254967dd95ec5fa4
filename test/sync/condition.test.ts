/** Condition beyond what test/semantics says: a page's thread that is kept from each step, closes, handles. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Answer } from "../../ts/runtime/core/core-things.js";
import { Condition } from "../../ts/sync/condition.js";
import { Lock } from "../../ts/sync/lock.js";
import { RLock } from "../../ts/sync/rlock.js";
import { waitingOn } from "../../ts/sync/thing.js";
import { moment, rejection, thrown, waiting, withParty } from "./party.js";

test(
  "smoke: wait, notify",
  withParty(async ({ context }) => {
    const condition = new Condition(undefined, { context });
    const guard = (await condition.acquire())!;
    const waited = condition.wait({ guard });
    await waiting(condition, 1, waitingOn);
    const own = condition.tryAcquire()!;
    condition.notify();
    own.release();
    assert.is(await waited, true);
    guard.release();
    condition.close();
    assert.is(condition.lock.closed, true);
  }),
);

test(
  "busy: a wait that cannot join the line at once still has the lock, and joins later",
  withParty(async ({ context, becomePage, occupy }) => {
    const condition = new Condition(undefined, { context });
    becomePage();
    const guard = (await condition.acquire())!;
    const free = occupy(condition);
    const waited = condition.wait({ guard });
    await moment();
    assert.is(condition.lock.locked(), true);
    free();
    await waiting(condition, 1, waitingOn);
    const own = (await condition.acquire())!;
    condition.notify(1, { guard: own });
    own.release();
    assert.is(await waited, true);
    guard.release();
  }),
);

test(
  "busy: a wait that cannot give the lock up at once does so later",
  withParty(async ({ context, becomePage, occupy }) => {
    const condition = new Condition(undefined, { context });
    becomePage();
    const guard = (await condition.acquire())!;
    const free = occupy(condition.lock);
    const waited = condition.wait({ guard });
    await waiting(condition, 1, waitingOn);
    assert.is(condition.lock.locked(), true);
    free();
    const own = (await condition.acquire())!;
    condition.notify(1, { guard: own });
    own.release();
    assert.is(await waited, true);
    guard.release();
    assert.is(condition.lock.locked(), false);
  }),
);

test(
  "busy: a wait that is over before it could give the lock up has it all along",
  withParty(async ({ context, becomePage, occupy }) => {
    const condition = new Condition(undefined, { context });
    becomePage();
    const guard = (await condition.acquire())!;
    const free = occupy(condition.lock);
    assert.is(await condition.wait({ guard, timeout: 3 }), false);
    free();
    await moment();
    assert.is(condition.lock.locked(), true);
    guard.release();
    assert.is(condition.lock.locked(), false);
  }),
);

test(
  "busy: a lock that somebody else released before it could be given up ends the wait",
  withParty(async ({ context, guest, becomePage, occupy }) => {
    const lock = new Lock({ context });
    const other = Lock.from(lock.handle, { context: guest(1) });
    const condition = new Condition(lock);
    becomePage();
    const guard = (await condition.acquire())!;
    const free = occupy(lock);
    const waited = rejection(condition.wait({ guard }));
    await waiting(condition, 1, waitingOn);
    free();
    other.release();
    assert.is((await waited).code, "ERR_LOCK");
    assert.equal([lock.locked(), waitingOn(condition)], [false, 0]);
  }),
);

test(
  "busy: a wait that cannot take the lock again at once does so later",
  withParty(async ({ context, guest, becomePage, occupy }) => {
    const condition = new Condition(undefined, { context });
    const other = Condition.from(condition.handle, { context: guest(1) });
    becomePage();
    const guard = (await condition.acquire())!;
    const waited = condition.wait({ guard });
    await waiting(condition, 1, waitingOn);
    const own = other.tryAcquire()!;
    other.notify();
    own.release();
    const free = occupy(condition.lock);
    await moment();
    free();
    assert.is(await waited, true);
    assert.is(other.tryAcquire(), null);
    guard.release();
  }),
);

test(
  "busy: a wait that cannot leave the line at once does so later, and then rejects",
  withParty(async ({ context, becomePage, occupy }) => {
    const condition = new Condition(undefined, { context });
    becomePage();
    const guard = (await condition.acquire())!;
    const controller = new AbortController();
    const waited = rejection(condition.wait({ guard, signal: controller.signal }));
    await waiting(condition, 1, waitingOn);
    const free = occupy(condition);
    controller.abort("enough");
    await moment();
    assert.is(condition.lock.locked(), false);
    free();
    assert.is(await waited, "enough");
    assert.is(condition.tryAcquire(), null);
    guard.release();
  }),
);

test(
  "busy: notify throws BusyError when nobody was woken",
  withParty(async ({ context, becomePage, occupy }) => {
    const condition = new Condition(undefined, { context });
    becomePage();
    const guard = condition.tryAcquire()!;
    const free = occupy(condition);
    assert.is(thrown(() => condition.notify()).code, "ERR_BUSY");
    assert.is(thrown(() => condition.notify(5)).code, "ERR_BUSY");
    assert.is(thrown(() => condition.notifyAll()).code, "ERR_BUSY");
    free();
    condition.notify(5);
    condition.notifyAll();
    guard.release();
  }),
);

test(
  "a notify right after a death finds who waits",
  withParty(async ({ context, guest, kill }) => {
    const condition = new Condition(undefined, { context });
    const there = guest(1);
    Condition.from(condition.handle, { context: there });
    const guard = (await condition.acquire())!;
    const waited = condition.wait({ guard });
    await waiting(condition, 1, waitingOn);
    kill(there);
    const own = condition.tryAcquire()!;
    condition.notify();
    own.release();
    assert.is(await waited, true);
    guard.release();
  }),
);

test(
  "no memory for a waiter: the lock was never given up",
  withParty(async ({ context }) => {
    const condition = new Condition(undefined, { context });
    const guard = (await condition.acquire())!;
    const { core } = context.member;
    while (core.alloc(core.memoryLargestFree() >>> 0) >>> 0 >= 16);
    while (core.alloc(64) >>> 0 >= 16);
    assert.is((await rejection(condition.wait({ guard }))).code, "ERR_OUT_OF_MEMORY");
    assert.is(condition.lock.locked(), true);
    guard.release();
  }),
);

test(
  "close while it waits: with a lock of the caller's, it is held again",
  withParty(async ({ context }) => {
    const lock = new Lock({ context });
    const condition = new Condition(lock);
    const guard = (await condition.acquire())!;
    const waited = rejection(condition.wait({ guard }));
    await waiting(condition, 1, waitingOn);
    condition.close();
    assert.is((await waited).code, "ERR_CLOSED");
    assert.equal([lock.closed, lock.locked()], [false, true]);
    guard.release();
    assert.is(lock.locked(), false);
  }),
);

test(
  "close while it waits: with a lock of its own that is closed, too; the guard's release says nothing",
  withParty(async ({ context, used }) => {
    new Condition(undefined, { context }).close();
    const before = used();
    const condition = new Condition(undefined, { context });
    const guard = (await condition.acquire())!;
    const waited = rejection(condition.wait({ guard }));
    await waiting(condition, 1, waitingOn);
    condition.close();
    assert.is((await waited).code, "ERR_CLOSED");
    guard.release();
    assert.is(used(), before);
  }),
);

test(
  "handle: brings the lock along, and is nothing without it",
  withParty(({ context, guest, used }) => {
    for (const Class of [Lock, RLock]) {
      const lock = new Class({ context });
      const condition = new Condition(lock);
      const twin = Condition.from(structuredClone(condition.handle), { context: guest(1) });
      assert.instance(twin.lock, Class);
      assert.equal(twin.lock.handle, lock.handle);
      const { lock: _, ...rest } = condition.handle;
      assert.is(thrown(() => Condition.from(rest as never, { context })).code, "ERR_HANDLE");
      const before = used();
      twin.close();
      assert.is(twin.lock.closed, true);
      assert.ok(used() < before);
      condition.close();
      assert.is(lock.closed, false);
      assert.is(thrown(() => new Condition(lock, { context: guest(2) })).code, "ERR_ARGUMENT");
      lock.close();
      assert.is(thrown(() => new Condition(lock)).code, "ERR_CLOSED");
    }
  }),
);

test(
  "options that there are not are refused, and the lock is as it was",
  withParty(async ({ context }) => {
    const condition = new Condition(undefined, { context });
    const guard = await condition.acquire();
    const gaurd = { gaurd: guard } as never;
    for (const call of [() => condition.wait(gaurd), () => condition.waitFor(() => true, gaurd)]) {
      assert.match((await rejection(call())).message, "expected one of timeout, signal, ref, guard");
    }
    for (const call of [() => condition.waitSync({ guard } as never), () => condition.waitForSync(() => true, gaurd)]) {
      assert.match(thrown(call).message, "expected timeout");
    }
    for (const call of [() => condition.notify(1, gaurd), () => condition.notifyAll({ timeout: 5 } as never)]) {
      assert.match(thrown(call).message, "expected guard");
    }
    condition.notify(1, { guard });
    guard.release();
  }),
);

test(
  "a condition that cannot be made leaves no lock behind",
  withParty(({ context, used }) => {
    new Condition(undefined, { context }).close();
    const before = used();
    assert.is(thrown(() => new Condition(undefined, { context, spin: -1 })).code, "ERR_ARGUMENT");
    const condition = new Condition(undefined, { context });
    const { handle } = condition;
    assert.is(thrown(() => Condition.from({ ...handle, id: handle.id + 77 } as never, { context })).code, "ERR_HANDLE");
    condition.close();
    assert.is(used(), before);
  }),
);

/** Waits through one object after the other, in this order, and whether each was notified, or the code of its error. */
async function inLine(...conditions: Condition[]): Promise<(() => Promise<boolean | string | undefined>)[]> {
  const ends = [];
  for (const [i, condition] of conditions.entries()) {
    const guard = (await condition.acquire())!;
    const end = condition.wait({ guard }).then(
      (isNotified) => {
        guard.release();
        return isNotified;
      },
      (error: { code: string }) => error.code,
    );
    ends.push(() => end);
    await waiting(conditions.at(-1)!, i + 1, waitingOn);
  }
  return ends;
}

for (const where of ["in line", "on the way to the lock"]) {
  test(
    `a notify for one that is closed while it is ${where} goes to the next`,
    withParty(async ({ context, guest, used }) => {
      const condition = new Condition(undefined, { context });
      const before = used();
      const twin = Condition.from(condition.handle, { context: guest(1) });
      const [first, second] = await inLine(twin, condition);
      const guard = (await condition.acquire())!;
      condition.notify(1, { guard });
      if (where !== "in line") await waiting(condition, 1, waitingOn);
      twin.close();
      guard.release();
      assert.is(await first!(), "ERR_CLOSED");
      assert.is(await second!(), true);
      assert.is(used(), before);
    }),
  );

  test(
    `a notify for one whose thread leaves while it is ${where} goes to the next`,
    withParty(async ({ context, guest, kill }) => {
      const condition = new Condition(undefined, { context });
      const there = guest(1);
      const [first, second] = await inLine(Condition.from(condition.handle, { context: there }), condition);
      const guard = (await condition.acquire())!;
      condition.notify(1, { guard });
      if (where !== "in line") await waiting(condition, 1, waitingOn);
      there.member.leave();
      kill(there);
      guard.release();
      assert.is(await first!(), "ERR_CLOSED");
      assert.is(await second!(), true);
    }),
  );
}

test(
  "a notify that was acted on is nobody else's, whatever becomes of its thread",
  withParty(async ({ context, guest, kill }) => {
    const condition = new Condition(undefined, { context });
    const there = guest(1);
    const [first, second] = await inLine(Condition.from(condition.handle, { context: there }), condition);
    const guard = (await condition.acquire())!;
    condition.notify(1, { guard });
    guard.release();
    assert.is(await first!(), true);
    kill(there);
    await moment();
    assert.is(waitingOn(condition), 1);
    const own = (await condition.acquire())!;
    condition.notify(1, { guard: own });
    own.release();
    assert.is(await second!(), true);
  }),
);

test(
  "busy: a notify for one that is closed goes to the next later",
  withParty(async ({ context, guest, becomePage, occupy }) => {
    const condition = new Condition(undefined, { context });
    const twin = Condition.from(condition.handle, { context: guest(1) });
    becomePage();
    const [first, second] = await inLine(condition, twin);
    const guard = (await twin.acquire())!;
    twin.notify(1, { guard });
    await waiting(twin, 1, waitingOn);
    const free = occupy(twin);
    condition.close();
    assert.is(await first!(), "ERR_CLOSED");
    guard.release();
    await moment();
    free();
    assert.is(await second!(), true);
  }),
);

test(
  "a notify for one whose lock somebody else released before it could be given up goes to the next",
  withParty(async ({ context, guest, becomePage, occupy }) => {
    const lock = new Lock({ context });
    const there = guest(1);
    const condition = new Condition(lock);
    const twin = Condition.from(condition.handle, { context: there });
    becomePage();
    const guard = (await condition.acquire())!;
    const free = occupy(lock);
    const first = rejection(condition.wait({ guard }));
    await waiting(condition, 1, waitingOn);
    free();
    twin.lock.release();
    const own = (await twin.acquire())!;
    const second = twin.wait({ guard: own });
    await waiting(condition, 2, waitingOn);
    const last = (await twin.acquire())!;
    twin.notify(1, { guard: last });
    last.release();
    assert.is((await first).code, "ERR_LOCK");
    assert.is(await second, true);
  }),
);

test(
  "notify of more than there are ends, also when one of them has been notified and is in line still",
  withParty(async ({ context }) => {
    const condition = new Condition(undefined, { context });
    const [first, second] = await inLine(condition, condition);
    const guard = (await condition.acquire())!;
    condition.notify(1, { guard });
    condition.notify(Number.MAX_SAFE_INTEGER, { guard });
    guard.release();
    assert.equal([await first!(), await second!()], [true, true]);
  }),
);

test(
  "busy: notify that has woken one wakes the others later, and no more than it was told",
  withParty(async ({ context, guest, becomePage, occupy }) => {
    const condition = new Condition(undefined, { context });
    const twin = Condition.from(condition.handle, { context: guest(1) });
    const ends = await inLine(twin, twin, twin);
    const guard = condition.tryAcquire()!;
    becomePage();
    const { member } = context;
    const { core } = member;
    let free = (): void => {};
    member.core = {
      ...core,
      conditionNotify(grip: number, count: number) {
        const answer = core.conditionNotify(grip, count);
        if (answer === Answer.OK) free = occupy(condition);
        return answer;
      },
    };
    condition.notify(2);
    member.core = core;
    free();
    guard.release();
    assert.equal([await ends[0]!(), await ends[1]!()], [true, true]);
    await moment();
    assert.is(waitingOn(twin), 1);
    const own = (await twin.acquire())!;
    twin.notify(1, { guard: own });
    own.release();
    assert.is(await ends[2]!(), true);
  }),
);

test.run();
