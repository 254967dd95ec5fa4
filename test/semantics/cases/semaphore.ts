/** Semaphore and BoundedSemaphore: section 3 of the reference. */
import * as assert from "uvu/assert";
import type { Guard, Semaphore } from "../library.js";
import { type Case, chapter, held, type World } from "../world.js";

const both: Case[] = (["Semaphore", "BoundedSemaphore"] as const).flatMap((name) => {
  const { cases, rule } = chapter(name);
  const make = ({ heddle, own }: World, value?: number): Semaphore => own(new heddle[name](value));

  rule("has one permit by default", "value=1", async (world) => {
    const semaphore = make(world);
    assert.is(semaphore.value, 1);
    held(await semaphore.acquire());
    assert.equal([semaphore.value, semaphore.tryAcquire()], [0, null]);
    semaphore.release();
    assert.is(semaphore.value, 1);
  });

  rule("0 permits are allowed", "0 allowed", (world) => {
    const semaphore = make(world, 0);
    assert.equal([semaphore.value, semaphore.tryAcquire()], [0, null]);
  });

  for (const value of [-1, Number.NaN, Number.POSITIVE_INFINITY, "1", null, {}]) {
    rule(`${typeof value} ${String(value)} permits are refused`, "negative -> ValueError", (world) =>
      world.fails(() => make(world, value as number), "ArgumentError").then(() => {}),
    );
  }

  rule("as many as it has may be in at once", "waits while value == 0; decrements", async (world) => {
    const semaphore = make(world, 3);
    const guards = [held(await semaphore.acquire()), held(semaphore.tryAcquire()), held(await semaphore.acquire())];
    assert.equal([semaphore.value, semaphore.tryAcquire()], [0, null]);
    for (const guard of guards) guard.release();
    assert.is(semaphore.value, 3);
  });

  rule(
    "the blocking form works where nothing has to wait",
    "acquire",
    (world) => {
      const semaphore = make(world, 2);
      held(semaphore.acquireSync());
      held(semaphore.acquireSync({ timeout: 0 })).release();
      semaphore.release();
      assert.is(semaphore.value, 2);
    },
    { needs: { sync: true } },
  );

  rule("any thread may release", "no ownership", async (world) => {
    const semaphore = make(world);
    held(semaphore.tryAcquire());
    await world.inThread("call", semaphore, "release");
    assert.is(semaphore.value, 1);
  });

  rule("a guard releases one, once", "exit releases 1", async (world) => {
    const semaphore = make(world, 2);
    const guard = held(await semaphore.acquire());
    guard.release();
    await world.fails(() => guard.release(), "LockError");
    assert.is(semaphore.value, 2);
  });

  rule("a guard is released by its scope", "enter returns True; exit releases 1", async (world) => {
    if (typeof Symbol.dispose !== "symbol") return;
    const semaphore = make(world);
    const guard = held(await semaphore.acquire()) as Guard & Record<symbol, () => void>;
    guard[Symbol.dispose]!();
    assert.is(semaphore.value, 1);
  });

  for (const n of [0, -1, Number.NaN, 0.5, "1"]) {
    rule(`release(${typeof n} ${n}) is refused, nothing is added`, "n < 1 -> ValueError", async (world) => {
      const semaphore = make(world, 2);
      held(semaphore.tryAcquire());
      await world.fails(() => semaphore.release(n as number), "ArgumentError");
      assert.is(semaphore.value, 1);
      semaphore.release();
    });
  }

  rule("release(n) adds n", "value += n", (world) => {
    const semaphore = make(world, 3);
    for (let i = 0; i < 3; i++) held(semaphore.tryAcquire());
    assert.is(semaphore.release(3), undefined);
    assert.is(semaphore.value, 3);
  });

  rule("release(n) wakes the n who came first", "wakes up to n waiters, FIFO", async (world) => {
    const semaphore = make(world, 3);
    for (let i = 0; i < 3; i++) held(semaphore.tryAcquire());
    const woken: number[] = [];
    const waits: Promise<unknown>[] = [];
    for (let i = 0; i < 3; i++) {
      waits.push(semaphore.acquire().then(() => woken.push(i)));
      await world.waiting(semaphore, i + 1);
    }
    semaphore.release(2);
    await Promise.all(waits.slice(0, 2));
    assert.equal([woken.sort(), semaphore.value, world.heddle.waitingOn(semaphore)], [[0, 1], 0, 1]);
    semaphore.release();
    await waits[2];
  });

  rule("threads in it are never more than its permits", "waits while value == 0", async (world) => {
    const semaphore = make(world, 1);
    const counter = world.own(new world.heddle.Counter());
    await Promise.all([1, 2, 3].map(() => world.inThread("countUnderLock", semaphore, counter, 200)));
    assert.equal([counter.value, semaphore.value], [600, 1]);
  });

  rule(
    "blocks here until another thread releases",
    "waits while value == 0",
    async (world) => {
      const semaphore = make(world, 1);
      held(semaphore.acquireSync());
      const released = world.inThread("whenWaiting", semaphore, 1, "release");
      held(semaphore.acquireSync()).release();
      await released;
    },
    { needs: { sync: true } },
  );

  rule(
    "the permit of a guard comes back when its thread dies",
    "lost",
    async (world) => {
      const semaphore = make(world, 2);
      const other = await world.thread();
      await other.run("take", semaphore, "acquireSync");
      const mine = held(await semaphore.acquire());
      const waited = semaphore.acquire();
      await world.waiting(semaphore, 1);
      await other.kill();
      held(await waited).release();
      mine.release();
      assert.is(semaphore.value, 2);
    },
    { ours: "permits of a guard come back" },
  );

  return cases;
});

const semaphore = chapter("Semaphore");

semaphore.rule("may get more permits than it began with", "value += n", (world) => {
  const semaphore = world.own(new world.heddle.Semaphore(1));
  semaphore.release(5);
  assert.is(semaphore.value, 6);
});

semaphore.rule("release(n) of more than wait leaves the rest", "value += n, wakes up to n", async (world) => {
  const semaphore = world.own(new world.heddle.Semaphore(0));
  const waited = semaphore.acquire();
  await world.waiting(semaphore, 1);
  semaphore.release(3);
  held(await waited);
  assert.is(semaphore.value, 2);
});

const bounded = chapter("BoundedSemaphore");

bounded.rule(
  "release beyond its beginning is a SemaphoreError, nothing is added",
  "value + n > initial: ValueError, nothing is added",
  async (world) => {
    const semaphore = world.own(new world.heddle.BoundedSemaphore(2));
    await world.fails(() => semaphore.release(), "SemaphoreError");
    assert.is(semaphore.value, 2);
  },
);

bounded.rule("release(2) with one out fails whole", "all or nothing", async (world) => {
  const semaphore = world.own(new world.heddle.BoundedSemaphore(2));
  held(semaphore.tryAcquire());
  await world.fails(() => semaphore.release(2), "SemaphoreError");
  assert.is(semaphore.value, 1);
  semaphore.release();
  assert.is(semaphore.value, 2);
});

bounded.rule("release that fails wakes nobody", "nothing is added", async (world) => {
  const semaphore = world.own(new world.heddle.BoundedSemaphore(1));
  held(semaphore.tryAcquire());
  const waited = semaphore.acquire();
  await world.waiting(semaphore, 1);
  await world.fails(() => semaphore.release(2), "SemaphoreError");
  assert.is(world.heddle.waitingOn(semaphore), 1);
  semaphore.release();
  held(await waited).release();
});

bounded.rule("its bound is one for all threads", "initial", async (world) => {
  const semaphore = world.own(new world.heddle.BoundedSemaphore(1));
  await world.fails(world.inThread("call", semaphore, "release"), "SemaphoreError");
});

bounded.rule("is a Semaphore", "subclass", (world) => {
  assert.instance(world.own(new world.heddle.BoundedSemaphore(1)), world.heddle.Semaphore);
});

export const cases: Case[] = [...both, ...semaphore.cases, ...bounded.cases];
