/** Semaphores, Event, ReadWriteLock, Once and Counter beyond what test/semantics says: busy internal locks, guards that outlive their object. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Counter } from "../../ts/sync/counter.js";
import { Event } from "../../ts/sync/event.js";
import { Once } from "../../ts/sync/once.js";
import { ReadWriteLock } from "../../ts/sync/read-write-lock.js";
import { BoundedSemaphore, Semaphore } from "../../ts/sync/semaphore.js";
import { revive, waitingOn } from "../../ts/sync/thing.js";
import { moment, rejection, thrown, waiting, withParty } from "./party.js";

test(
  "every class is revived by its name, as what it is",
  withParty(({ context }) => {
    const all = [
      new Semaphore(2, { context }),
      new BoundedSemaphore(2, { context }),
      new Event({ context }),
      new ReadWriteLock({ context }),
      new Once({ context }),
      new Counter(5, { context }),
    ];
    for (const one of all) {
      const twin = revive(structuredClone(one.handle));
      assert.ok(twin.constructor === one.constructor);
      assert.equal(twin.handle, one.handle);
    }
    assert.is(thrown(() => revive({ ...all[0]!.handle, type: "Sempahore" })).code, "ERR_HANDLE");
    assert.is(thrown(() => Semaphore.from(all[1]!.handle)).code, "ERR_HANDLE");
    assert.is(thrown(() => BoundedSemaphore.from(all[0]!.handle)).code, "ERR_HANDLE");
  }),
);

test(
  "semaphore: a guard's release is done when the lock can be had",
  withParty(async ({ context, becomePage, occupy }) => {
    becomePage();
    const semaphore = new Semaphore(1, { context });
    const guard = semaphore.tryAcquire()!;
    const waited = semaphore.acquire();
    const free = occupy(semaphore);
    assert.is(thrown(() => semaphore.release()).code, "ERR_BUSY");
    assert.is(thrown(() => semaphore.tryAcquire()).code, "ERR_BUSY");
    guard.release();
    await moment();
    free();
    (await waited)!.release();
    assert.is(semaphore.value, 1);
  }),
);

test(
  "semaphore: a guard released after the close gives its permit to others",
  withParty(async ({ context, guest }) => {
    const mine = new Semaphore(1, { context });
    const other = Semaphore.from(mine.handle, { context: guest(1) });
    const guard = mine.tryAcquire()!;
    mine.close();
    const waited = other.acquire();
    guard.release();
    (await waited)!.release();
    assert.is(other.value, 1);
  }),
);

test(
  "semaphore: sizes at both ends",
  withParty(({ context }) => {
    const most = 2 ** 32 - 1;
    const semaphore = new Semaphore(most, { context });
    assert.is(semaphore.value, most);
    for (const n of [1, 2 ** 31, most, 2 ** 40]) {
      assert.is(thrown(() => semaphore.release(n)).code, "ERR_SEMAPHORE", String(n));
    }
    semaphore.tryAcquire();
    semaphore.release();
    assert.is(semaphore.value, most);
    assert.is(thrown(() => new Semaphore(2 ** 32, { context })).code, "ERR_ARGUMENT");
  }),
);

test(
  "BoundedSemaphore: a guard whose permit was given back past it is a SemaphoreError",
  withParty(({ context }) => {
    const semaphore = new BoundedSemaphore(1, { context });
    const guard = semaphore.tryAcquire()!;
    semaphore.release();
    assert.is(thrown(() => guard.release()).code, "ERR_SEMAPHORE");
    assert.is(semaphore.value, 1);
  }),
);

test(
  "event: busy",
  withParty(async ({ context, becomePage, occupy }) => {
    becomePage();
    const event = new Event({ context });
    const free = occupy(event);
    assert.is(thrown(() => event.set()).code, "ERR_BUSY");
    assert.is(thrown(() => event.clear()).code, "ERR_BUSY");
    const waited = event.wait();
    const tried = event.wait({ timeout: 0 });
    await moment();
    free();
    assert.is(await tried, false);
    event.set();
    assert.is(await waited, true);
  }),
);

test(
  "ReadWriteLock: guards that are held keep a closed object's part until they are released",
  withParty(async ({ context, guest, used }) => {
    new ReadWriteLock({ context }).close();
    const before = used();
    const mine = new ReadWriteLock({ context });
    const other = ReadWriteLock.from(mine.handle, { context: guest(1) });
    const guards = [mine.tryRead()!, mine.tryRead()!];
    const writer = other.write();
    mine.close();
    assert.is(other.tryWrite(), null);
    guards[0]!.release();
    assert.is(other.tryWrite(), null);
    guards[1]!.release();
    (await writer)!.release();
    const again = ReadWriteLock.from(other.handle, { context });
    const writing = again.tryWrite()!;
    again.close();
    assert.is(other.tryRead(), null);
    writing.release();
    other.tryRead()!.release();
    assert.is(thrown(() => writing.release()).code, "ERR_LOCK");
    other.close();
    assert.is(used(), before);
  }),
);

test(
  "ReadWriteLock: busy",
  withParty(async ({ context, becomePage, occupy }) => {
    becomePage();
    const lock = new ReadWriteLock({ context });
    let free = occupy(lock);
    assert.is(thrown(() => lock.tryRead()).code, "ERR_BUSY");
    assert.is(thrown(() => lock.tryWrite()).code, "ERR_BUSY");
    free();
    const guard = lock.tryRead()!;
    const writer = lock.write();
    await waiting(lock, 1, waitingOn);
    free = occupy(lock);
    guard.release();
    // It waits for the release that is still to come.
    lock.close();
    await moment();
    free();
    assert.is((await rejection(writer)).code, "ERR_CLOSED");
  }),
);

test(
  "once: a function that closes it ends as it should",
  withParty(async ({ context, guest, used }) => {
    new Once({ context }).close();
    const before = used();
    const once = new Once({ context });
    const other = Once.from(once.handle, { context: guest(1) });
    assert.is(await once.call(() => once.close()), true);
    assert.is(other.done, true);
    const second = new Once({ context });
    assert.is(
      second.callSync(() => second.close()),
      true,
    );
    other.close();
    assert.is(used(), before);
  }),
);

test(
  "once: closed at once after the call, it still runs",
  withParty(async ({ context }) => {
    const once = new Once({ context });
    let runs = 0;
    const called = once.call(() => runs++);
    once.close();
    assert.equal([await called, runs], [true, 1]);
  }),
);

test(
  "once: callSync with a function that returns a promise is an error, and the next one tries",
  withParty(async ({ context }) => {
    const once = new Once({ context });
    const error = thrown(() => once.callSync(() => Promise.reject(new Error("nobody hears this"))));
    assert.is(error.code, "ERR_ARGUMENT");
    assert.match(error.message, "await");
    assert.is(once.done, false);
    assert.is(
      thrown(() =>
        once.callSync(() => {
          throw new RangeError("not yet");
        }),
      ).name,
      "RangeError",
    );
    assert.is(await once.call(() => {}), true);
  }),
);

test(
  "once: its end is told when the lock can be had",
  withParty(async ({ context, becomePage, occupy }) => {
    becomePage();
    const once = new Once({ context });
    let free = (): void => {};
    const first = once.call(() => {
      free = occupy(once);
    });
    const second = once.call(() => {});
    assert.is(await first, true);
    assert.is(once.done, false);
    free();
    assert.is(await second, false);
    assert.is(once.done, true);
  }),
);

test(
  "counter: sums beyond 2^53 are kept exactly",
  withParty(({ context }) => {
    const counter = new Counter(2 ** 53, { context });
    counter.add(1);
    counter.add(1);
    assert.is(counter.value, 2 ** 53 + 2);
    counter.add(-(2 ** 53));
    assert.is(counter.value, 2);
    counter.value = -(2 ** 53);
    assert.is(counter.add(-0), -(2 ** 53));
    assert.is(Object.is(counter.add(2 ** 53), 0), true);
  }),
);

test(
  "counter: works on a page's thread whatever others do",
  withParty(({ context, becomePage, occupy }) => {
    becomePage();
    const counter = new Counter(0, { context });
    occupy(counter);
    assert.equal([counter.add(3), counter.value, counter.compareExchange(3, 4), counter.value], [3, 3, true, 4]);
  }),
);

test(
  "collected as garbage: what nobody has is closed",
  withParty(async ({ context, used }) => {
    const { gc } = globalThis as { gc?: () => void };
    if (gc === undefined) return;
    new Event({ context }).close();
    const before = used();
    (() => {
      for (let i = 0; i < 10; i++) new Event({ context });
    })();
    while (used() !== before) {
      gc();
      await moment(1);
    }
  }),
);

test.run();
