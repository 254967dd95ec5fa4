/**
 * The first hand, which the host has spawned and the supervisor watches: it is ended though the host is blocked, its death is heard meanwhile, and it goes with its
 * supervisor.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Heddle } from "../../../ts/index.js";
import { inContext, loadLibrary, until } from "../library.js";

const { Condition, Event, Lock, Pool, Thread } = await loadLibrary();

type Gate = InstanceType<typeof Event>;
type Mutex = InstanceType<typeof Lock>;

/** Runs for ever on the first hand, having said so. */
function endless(context: Heddle) {
  const begun = new Event({ context });
  const target = (begun: Gate): void => {
    begun.set();
    for (;;);
  };
  const thread = new Thread({ context, target, args: [begun] });
  thread.start();
  assert.is(begun.waitSync(), true);
  begun.close();
  return thread;
}

test("is ended though the host sleeps until it has ended", () =>
  inContext({}, async (context) => {
    const thread = endless(context);
    thread.terminate();
    assert.is(thread.joinSync(), true);
    assert.is(thread.isAlive, false);
    thread.close();
  }));

test("is ended by another thread while the host sleeps on a lock or a condition", async () => {
  for (const kind of ["lock", "condition"]) {
    await inContext({}, async (context) => {
      const lock = new Lock({ context });
      const condition = new Condition(lock, { context });
      const held = new Event({ context });
      const first = new Thread({
        context,
        target: (lock: Mutex, held: Gate) => {
          lock.acquireSync();
          held.set();
          for (;;);
        },
        args: [lock, held],
      });
      const guard = kind === "condition" ? lock.acquireSync() : undefined;
      first.start();
      if (guard === undefined) held.waitSync();
      const ender = new Thread({
        context,
        target: (first: InstanceType<typeof Thread>, held: Gate) => {
          held.waitSync();
          first.terminate();
        },
        args: [first, held],
      });
      ender.start();
      // The condition lets the first hand have the lock, and the wait ends by its death: it is taken again then.
      if (guard === undefined) {
        const abandoned = lock.acquireSync();
        assert.is(abandoned?.abandoned, true);
        abandoned?.release();
      } else {
        assert.is(condition.waitSync({ timeout: 0.5 }), false);
        guard.release();
      }
      first.joinSync();
      ender.joinSync();
      for (const each of [condition, lock, held, first, ender]) each.close();
    });
  }
});

test("a task on it that is out of time costs the pool one worker, for a moment", () =>
  inContext({}, async (context) => {
    const pool = new Pool({ workers: 1, grace: 0, context });
    const lost = pool.submitWith({ timeout: 200 }, () => {
      for (;;);
    });
    assert.throws(
      () => lost.resultSync(),
      (error: unknown) => (error as { code?: string }).code === "ERR_TIMEOUT",
    );
    assert.is(pool.submit(() => 1).resultSync(), 1);
    await pool.shutdown();
    pool.close();
  }));

test("a pool of one goes on while the host, which would have to end it, is busy", () =>
  inContext({}, async (context) => {
    const pool = new Pool({ workers: 1, grace: 0, context });
    const done = new Event({ context });
    const target = async (pool: InstanceType<typeof Pool>, done: Gate): Promise<void> => {
      const endless = (): void => {
        for (;;);
      };
      await pool.submitWith({ timeout: 50 }, endless).exception();
      if ((await pool.submit(() => 1)) === 1) done.set();
    };
    const thread = new Thread({ context, target, args: [pool, done] });
    thread.start();
    while (!done.isSet());
    await thread.join();
    await pool.shutdown();
    for (const each of [pool, done, thread]) each.close();
  }));

test("its death is heard while the host sleeps: what it held comes back", () =>
  inContext({}, async (context) => {
    const lock = new Lock({ context });
    const held = new Event({ context });
    const target = (lock: Mutex, held: Gate): void => {
      lock.acquireSync();
      held.set();
      process.exit();
    };
    const thread = new Thread({ context, target, args: [lock, held] });
    thread.start();
    held.waitSync();
    const guard = lock.acquireSync();
    assert.is(guard?.abandoned, true);
    guard?.release();
    thread.joinSync();
    for (const each of [lock, held, thread]) each.close();
  }));

test("ends with its supervisor, and is buried by the next", () =>
  inContext({}, async (context) => {
    for (let round = 0; round < 3; round++) {
      const lock = new Lock({ context });
      const held = new Event({ context });
      const target = (lock: Mutex, held: Gate): void => {
        lock.acquireSync();
        held.set();
        for (;;);
      };
      const thread = new Thread({ context, target, args: [lock, held], daemon: true });
      thread.start();
      await held.wait();
      const before = context["context"]["crew"];
      before!["supervisor"]!.terminate();
      await until(() => before!.isOver);
      // The next supervisor: with a first hand of its own, or without.
      const next = new Thread({ context, target: () => 1 });
      next.start();
      assert.is(await next.join(), true);
      assert.is((await lock.acquire())?.abandoned, true);
      lock.release();
      for (const each of [lock, held, thread, next]) each.close();
    }
  }));

test.run();
