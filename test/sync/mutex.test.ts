/** Lock and RLock beyond what test/semantics says: busy internal locks, guards that outlive their object, news of a death while it was given up. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Condition } from "../../ts/sync/condition.js";
import { Guard } from "../../ts/sync/guard.js";
import { Lock } from "../../ts/sync/lock.js";
import { RLock } from "../../ts/sync/rlock.js";
import { waitingOn } from "../../ts/sync/thing.js";
import { moment, rejection, thrown, waiting, withParty } from "./party.js";

test(
  "lock: smoke",
  withParty(async ({ context }) => {
    const lock = new Lock({ context });
    const guard = await lock.acquire();
    assert.instance(guard, Guard);
    assert.equal([guard!.abandoned, guard!.released, lock.locked(), lock.tryAcquire()], [false, false, true, null]);
    guard!.release();
    assert.equal([guard!.released, lock.locked()], [true, false]);
    lock.close();
  }),
);

test(
  "lock: what it is called with is checked",
  withParty(async ({ context }) => {
    const lock = new Lock({ context });
    for (const options of [100, null, "soon", [], () => {}]) {
      assert.is((await rejection(lock.acquire(options as never))).code, "ERR_ARGUMENT", String(options));
      assert.is(thrown(() => lock.acquireSync(options as never)).code, "ERR_ARGUMENT", String(options));
    }
    assert.match((await rejection(lock.acquire({ timeout: "soon" as never }))).message, '"soon"');
    const guard = await lock.acquire();
    assert.match((await rejection(lock.acquire({ guard } as never))).message, "RLock");
    for (const context of [null, 5, {}, { member: {} }]) {
      assert.is(thrown(() => new Lock({ context: context as never })).code, "ERR_ARGUMENT");
    }
    assert.match(
      thrown(() => lock.acquireSync({ guard } as never)).message,
      /unknown option `guard`; expected timeout$/,
    );
    assert.is(lock.locked(), true);
    const other = new RLock({ context });
    assert.match(thrown(() => other.acquireSync({ guard } as never)).message, "`RLock.acquire`, can take it");
    const gaurd = { gaurd: guard } as never;
    assert.match((await rejection(other.acquire(gaurd))).message, "expected one of timeout, signal, ref, guard");
    for (const guard of [5, {}, new Guard(false, () => {})]) {
      assert.is((await rejection(other.acquire({ guard: guard as never }))).code, "ERR_ARGUMENT");
    }
  }),
);

test(
  "busy: tryAcquire and release throw BusyError and nothing has changed",
  withParty(({ context, becomePage, occupy }) => {
    const lock = new Lock({ context });
    becomePage();
    let free = occupy(lock);
    assert.is(thrown(() => lock.tryAcquire()).code, "ERR_BUSY");
    free();
    const guard = lock.tryAcquire();
    free = occupy(lock);
    assert.is(thrown(() => lock.release()).code, "ERR_BUSY");
    assert.is(lock.locked(), true);
    free();
    guard!.release();
    assert.is(lock.locked(), false);
  }),
);

test(
  "busy: a page's thread never blocks",
  withParty(({ context, becomePage }) => {
    becomePage();
    const lock = new Lock({ context });
    const error = thrown(() => lock.acquireSync({ timeout: 0 }));
    assert.is(error.code, "ERR_UNSUPPORTED");
    assert.match(error.message, "Lock.acquire`");
  }),
);

test(
  "busy: a guard's release is done when the lock can be had, once",
  withParty(async ({ context, guest, becomePage, occupy }) => {
    const lock = new Lock({ context });
    const other = Lock.from(lock.handle, { context: guest(1) });
    becomePage();
    const guard = lock.tryAcquire()!;
    const waited = other.acquire();
    await waiting(lock, 1, waitingOn);
    const free = occupy(lock);
    guard.release();
    assert.is(guard.released, true);
    assert.is(thrown(() => guard.release()).code, "ERR_LOCK");
    await moment();
    assert.is(lock.locked(), true);
    // Closed meanwhile: the release still needs the grip, and has it.
    lock.close();
    free();
    const next = (await waited)!;
    assert.is(next.abandoned, false);
    next.release();
    assert.is(other.locked(), false);
  }),
);

test(
  "busy: an acquire waits for its turn to look, and may be aborted, closed or out of time meanwhile",
  withParty(async ({ context, becomePage, occupy }) => {
    const lock = new Lock({ context });
    becomePage();
    const free = occupy(lock);
    const controller = new AbortController();
    const aborted = rejection(lock.acquire({ signal: controller.signal }));
    const tried = lock.acquire({ timeout: 0 });
    const late = lock.acquire({ timeout: 3 });
    const twin = Lock.from(lock.handle, { context });
    const closed = rejection(twin.acquire());
    controller.abort("enough");
    assert.is(await aborted, "enough");
    twin.close();
    assert.is((await closed).code, "ERR_CLOSED");
    await moment(8);
    free();
    // Whoever came first has it; both had come when it was free.
    const guards = await Promise.all([tried, late]);
    assert.is(guards.filter((guard) => guard !== null).length, 1);
    guards.find((guard) => guard !== null)!.release();
    assert.equal([lock.locked(), waitingOn(lock)], [false, 0]);
  }),
);

test(
  "busy: waits that could not join the line at once do not share a waiter",
  withParty(async ({ context, becomePage, occupy }) => {
    const locks = [new Lock({ context }), new Lock({ context })] as const;
    becomePage();
    const held = locks.map((lock) => lock.tryAcquire()!);
    const free = occupy(locks[0]);
    const first = locks[0].acquire();
    const second = locks[1].acquire();
    await waiting(locks[1], 1, waitingOn);
    free();
    await waiting(locks[0], 1, waitingOn);
    held[0]!.release();
    (await first)!.release();
    assert.is(waitingOn(locks[1]), 1);
    held[1]!.release();
    (await second)!.release();
  }),
);

test(
  "guard: released after the object was closed it frees the lock for others",
  withParty(async ({ context, guest }) => {
    const mine = new Lock({ context });
    const other = Lock.from(mine.handle, { context: guest(1) });
    const guard = await mine.acquire();
    mine.close();
    assert.is(other.tryAcquire(), null);
    const waited = other.acquire();
    guard!.release();
    (await waited)!.release();
    assert.is(thrown(() => guard!.release()).code, "ERR_LOCK");
  }),
);

test(
  "guard: released after the last close, or after the context's, it says nothing",
  withParty(async ({ context, used }) => {
    new Lock({ context }).close();
    const before = used();
    const lock = new Lock({ context });
    const guard = await lock.acquire();
    lock.close();
    guard!.release();
    assert.is(used(), before);
    const second = new RLock({ context });
    const held = second.tryAcquire();
    context.member.close();
    held!.release();
    assert.is(thrown(() => second.locked()).code, "ERR_CLOSED");
  }),
);

test(
  "guard: its scope releases it",
  withParty(async ({ context }) => {
    if (typeof Symbol.dispose !== "symbol") return;
    const lock = new Lock({ context });
    (await lock.acquire())![Symbol.dispose]();
    assert.is(lock.locked(), false);
  }),
);

test(
  "RLock: a guard re-enters through another object of the same lock, not through one of another",
  withParty(async ({ context }) => {
    const lock = new RLock({ context });
    const twin = RLock.from(lock.handle, { context });
    const guard = (await lock.acquire())!;
    const inner = (await twin.acquire({ guard, timeout: 0 }))!;
    guard.release();
    assert.is(lock.locked(), true);
    inner.release();
    assert.is(lock.locked(), false);
    const other = new RLock({ context });
    const foreign = (await other.acquire())!;
    assert.is((await rejection(lock.acquire({ guard: foreign }))).code, "ERR_LOCK");
    other.close();
    assert.is((await rejection(lock.acquire({ guard: foreign }))).code, "ERR_LOCK");
  }),
);

test(
  "RLock: a guard that was overtaken by release() neither re-enters nor releases",
  withParty(async ({ context }) => {
    const lock = new RLock({ context });
    const guard = lock.tryAcquire()!;
    lock.release();
    const next = lock.tryAcquire()!;
    assert.is((await rejection(lock.acquire({ guard }))).code, "ERR_LOCK");
    assert.is(thrown(() => guard.release()).code, "ERR_LOCK");
    assert.equal([guard.released, lock.locked()], [false, true]);
    next.release();
  }),
);

test(
  "closed context: waits end",
  withParty(async ({ context }) => {
    const lock = new Lock({ context });
    lock.tryAcquire();
    const waited = rejection(lock.acquire());
    context.member.close();
    const error = await waited;
    assert.is(error.code, "ERR_CLOSED");
    assert.match(error.message, "context");
    assert.is(waitingOn.length, 1);
  }),
);

test(
  "a thread that has left the context: its waits have ended, its guards and closes say nothing, its objects refuse",
  withParty(async ({ context, guest, kill }) => {
    const there = guest(1);
    const lock = new Lock({ context });
    const other = Lock.from(lock.handle, { context: there });
    const second = new Lock({ context: there });
    const guards = [other.tryAcquire()!, second.tryAcquire()!];
    const waited = rejection(other.acquire());
    const next = lock.acquire();
    await waiting(lock, 2, waitingOn);
    there.member.leave();
    assert.is((await waited).code, "ERR_CLOSED");
    second.close();
    for (const guard of guards) guard.release();
    assert.is(thrown(() => other.locked()).code, "ERR_CLOSED");
    other.close();
    kill(there);
    assert.is((await next)!.abandoned, true);
  }),
);

test(
  "abandoned: told to the guard that the lock was given up by, in either form of naming it",
  withParty(async ({ context, guest, kill }) => {
    for (const [round, named] of [true, false].entries()) {
      const condition = new Condition(undefined, { context });
      const there = guest(1 + round);
      const other = Condition.from(condition.handle, { context: there });
      const guard = named ? (await condition.acquire())! : condition.tryAcquire()!;
      const waited = condition.wait({ timeout: 20, ...(named ? { guard } : {}) });
      await waiting(condition, 1, waitingOn);
      assert.ok(other.tryAcquire());
      await waiting(condition.lock, 1, waitingOn);
      kill(there);
      assert.is(await waited, false);
      assert.is(guard.abandoned, true);
      guard.release();
      const next = (await condition.acquire())!;
      assert.is(next.abandoned, false);
      next.release();
    }
  }),
);

test.run();
