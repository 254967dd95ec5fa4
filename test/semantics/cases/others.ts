/** What Python has not: a read-write lock, a once, a shared counter. */
import * as assert from "uvu/assert";
import type { Counter, Guard, Once, ReadWriteLock } from "../library.js";
import { type Case, chapter, held, type World } from "../world.js";

const NONE = "(has none)";

// ReadWriteLock.

const rw = chapter("ReadWriteLock");
const makeLock = ({ heddle, own }: World): ReadWriteLock => own(new heddle.ReadWriteLock());

rw.rule("many may read at once, here and in other threads", NONE, async (world) => {
  const lock = makeLock(world);
  const guards = [held(await lock.read()), held(lock.tryRead()), held(await lock.read({ timeout: 0 }))];
  assert.is(await world.inThread("call", lock, "readSync"), "guard");
  for (const guard of guards) guard.release();
});

rw.rule("one may write, and nobody read meanwhile", NONE, async (world) => {
  const lock = makeLock(world);
  const guard = held(await lock.write());
  assert.equal([lock.tryWrite(), lock.tryRead()], [null, null]);
  assert.is(await world.inThread("call", lock, "tryRead"), null);
  guard.release();
  held(lock.tryRead()).release();
});

rw.rule("nobody may write while one reads", NONE, async (world) => {
  const lock = makeLock(world);
  const guards = [held(await lock.read()), held(await lock.read())];
  assert.is(lock.tryWrite(), null);
  guards[0]!.release();
  assert.is(lock.tryWrite(), null);
  guards[1]!.release();
  held(lock.tryWrite()).release();
});

rw.rule(
  "the blocking forms work where nothing has to wait",
  NONE,
  (world) => {
    const lock = makeLock(world);
    held(lock.readSync()).release();
    held(lock.writeSync({ timeout: 0 })).release();
  },
  { needs: { sync: true } },
);

rw.rule("who waits to write goes before who comes to read", NONE, async (world) => {
  const lock = makeLock(world);
  const reader = held(await lock.read());
  const writer = lock.write();
  await world.waiting(lock, 1);
  assert.is(lock.tryRead(), null);
  const late = lock.read();
  await world.waiting(lock, 2);
  reader.release();
  const writing = held(await writer);
  assert.is(world.heddle.waitingOn(lock), 1);
  writing.release();
  held(await late).release();
});

rw.rule("a writer that gives up lets the readers behind it in", NONE, async (world) => {
  const lock = makeLock(world);
  const reader = held(await lock.read());
  const controller = new AbortController();
  const writer = lock.write({ signal: controller.signal }).catch((thrown: unknown) => thrown);
  await world.waiting(lock, 1);
  const late = lock.read();
  await world.waiting(lock, 2);
  controller.abort("enough");
  assert.is(await writer, "enough");
  held(await late).release();
  reader.release();
});

rw.rule("a writer that runs out of time lets the readers behind it in", NONE, async (world) => {
  const lock = makeLock(world);
  const reader = held(await lock.read());
  const writer = lock.write({ timeout: 20 });
  const late = lock.read();
  assert.is(await writer, null);
  held(await late).release();
  reader.release();
});

rw.rule("the end of a write lets all readers in", NONE, async (world) => {
  const lock = makeLock(world);
  const writer = held(await lock.write());
  const readers = [lock.read(), lock.read(), world.inThread("call", lock, "readSync")];
  await world.waiting(lock, 3);
  writer.release();
  const [first, second] = (await Promise.all(readers)) as [Guard, Guard, string];
  first.release();
  second.release();
});

rw.rule("a guard released twice is a LockError", NONE, async (world) => {
  const lock = makeLock(world);
  for (const take of [() => lock.tryRead(), () => lock.tryWrite()]) {
    const guard = held(take());
    guard.release();
    await world.fails(() => guard.release(), "LockError");
  }
  held(lock.tryWrite()).release();
});

rw.rule("a thread that dies writing leaves it, and the next is told", NONE, async (world) => {
  const lock = makeLock(world);
  const other = await world.thread();
  await other.run("take", lock, "writeSync");
  const waited = lock.write();
  await world.waiting(lock, 1);
  await other.kill();
  const guard = held(await waited);
  assert.is(guard.abandoned, true);
  guard.release();
});

rw.rule("a thread that dies reading leaves it to who waits to write", NONE, async (world) => {
  const lock = makeLock(world);
  const other = await world.thread();
  await other.run("take", lock, "readSync");
  const waited = lock.write();
  await world.waiting(lock, 1);
  await other.kill();
  held(await waited).release();
});

// Once.

const once = chapter("Once");
const makeOnce = ({ heddle, own }: World): Once => own(new heddle.Once());

once.rule("runs the first function, and no other", NONE, async (world) => {
  const once = makeOnce(world);
  const log: string[] = [];
  assert.is(once.done, false);
  assert.is(await once.call(() => log.push("first")), true);
  assert.is(once.done, true);
  assert.is(await once.call(() => log.push("second")), false);
  assert.equal(log, ["first"]);
});

once.rule(
  "the blocking form is the same",
  NONE,
  (world) => {
    const once = makeOnce(world);
    let runs = 0;
    assert.equal([once.callSync(() => runs++), once.callSync(() => runs++), runs], [true, false, 1]);
  },
  { needs: { sync: true } },
);

once.rule("everybody else waits until it is done", NONE, async (world) => {
  const once = makeOnce(world);
  let finish = () => {};
  const first = once.call(() => new Promise<void>((resolve) => (finish = resolve)));
  const second = once.call(() => {
    throw new Error("nobody calls this");
  });
  await world.waiting(once, 1);
  assert.is(once.done, false);
  finish();
  assert.equal([await first, await second, once.done], [true, false, true]);
});

once.rule("threads that come at once run it once", NONE, async (world) => {
  const once = makeOnce(world);
  const counter = world.own(new world.heddle.Counter());
  const results = await Promise.all([1, 2, 3, 4].map(() => world.inThread("once", once, counter)));
  assert.equal([results.filter((ran) => ran).length, counter.value], [1, 1]);
  assert.is(once.done, true);
});

once.rule("when it throws the caller gets the error and the next tries", NONE, async (world) => {
  const once = makeOnce(world);
  const thrown: unknown = await once
    .call(() => {
      throw new RangeError("not yet");
    })
    .catch((thrown: unknown) => thrown);
  assert.match(String(thrown), "not yet");
  assert.is(once.done, false);
  assert.is(await once.call(() => {}), true);
});

once.rule("when it rejects who waits tries", NONE, async (world) => {
  const once = makeOnce(world);
  let fail = (_: Error) => {};
  const first = once.call(() => new Promise<void>((_, reject) => (fail = reject))).catch((thrown: unknown) => thrown);
  let runs = 0;
  const second = once.call(() => runs++);
  await world.waiting(once, 1);
  fail(new RangeError("not yet"));
  assert.match(String(await first), "not yet");
  assert.equal([await second, runs, once.done], [true, 1, true]);
});

once.rule("a thread that dies in it leaves it to the next", NONE, async (world) => {
  const once = makeOnce(world);
  const never = world.own(new world.heddle.Event());
  const other = await world.thread();
  void other.run("onceWaiting", once, never);
  await world.waiting(never, 1);
  const waited = once.call(() => {});
  await world.waiting(once, 1);
  await other.kill();
  assert.is(await waited, true);
});

once.rule("what is no function is refused", NONE, async (world) => {
  const once = makeOnce(world);
  for (const fn of [undefined, null, 5, {}])
    await world.fails(() => once.call(fn as unknown as () => void), "ArgumentError");
  assert.is(once.done, false);
});

// Counter.

const counter = chapter("Counter");
const makeCounter = ({ heddle, own }: World, value?: number): Counter => own(new heddle.Counter(value));

counter.rule("starts at 0, or where one says", NONE, (world) => {
  assert.equal(
    [makeCounter(world).value, makeCounter(world, -5).value, makeCounter(world, 2 ** 53).value],
    [0, -5, 2 ** 53],
  );
});

counter.rule("add returns the new value", NONE, (world) => {
  const counter = makeCounter(world, 10);
  assert.equal([counter.add(), counter.add(5), counter.add(-20), counter.add(0), counter.value], [11, 16, -4, -4, -4]);
});

counter.rule("value can be set", NONE, (world) => {
  const counter = makeCounter(world);
  counter.value = 2 ** 40 + 1;
  assert.is(counter.value, 2 ** 40 + 1);
  counter.value = -1;
  assert.is(counter.add(1), 0);
});

counter.rule("compareExchange changes it only from what was expected", NONE, (world) => {
  const counter = makeCounter(world, 3);
  assert.equal([counter.compareExchange(4, 5), counter.value], [false, 3]);
  assert.equal([counter.compareExchange(3, 5), counter.value], [true, 5]);
});

for (const value of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53 + 2, "1", 1n, null]) {
  counter.rule(`${typeof value} ${String(value)} is refused`, NONE, async (world) => {
    const counter = makeCounter(world, 7);
    const wrong = value as number;
    await world.fails(() => makeCounter(world, wrong), "ArgumentError");
    await world.fails(() => counter.add(wrong), "ArgumentError");
    await world.fails(() => {
      counter.value = wrong;
    }, "ArgumentError");
    await world.fails(() => counter.compareExchange(7, wrong), "ArgumentError");
    assert.is(counter.value, 7);
  });
}

counter.rule("ten threads that add lose nothing", "the tutorials' counter += 1", async (world) => {
  const counter = makeCounter(world);
  await Promise.all(Array.from({ length: 10 }, () => world.inThread("repeat", counter, 500, "add", 1)));
  assert.is(counter.value, 5000);
});

counter.rule(
  "ten threads that count under a lock lose nothing",
  "the tutorials' with lock: counter += 1",
  async (world) => {
    const counter = makeCounter(world);
    const lock = world.own(new world.heddle.Lock());
    await Promise.all(Array.from({ length: 10 }, () => world.inThread("countUnderLock", lock, counter, 50)));
    assert.is(counter.value, 500);
  },
);

counter.rule("add works on a page's own thread, too", NONE, async (world) => {
  const counter = makeCounter(world);
  const there = world.inThread("repeat", counter, 1000, "add", 1);
  for (let i = 0; i < 1000; i++) counter.add();
  await there;
  assert.is(counter.value, 2000);
});

export const cases: Case[] = [...rw.cases, ...once.cases, ...counter.cases];
