/** Lock and RLock: section 3 of the reference. What holds of every wait is in waits.ts. */
import * as assert from "uvu/assert";
import type { Guard, Lock, RLock } from "../library.js";
import { type Case, chapter, held, type World } from "../world.js";

// Both.

const both: Case[] = (["Lock", "RLock"] as const).flatMap((name) => {
  const { cases, rule } = chapter(name);
  const make = ({ heddle, own }: World): Lock | RLock => own(new heddle[name]());

  rule(
    "is free at first, held after acquire, free after release",
    "locked() is a flag snapshot",
    async (world) => {
      const lock = make(world);
      assert.is(lock.locked(), false);
      const guard = held(await lock.acquire());
      assert.is(lock.locked(), true);
      guard.release();
      assert.is(lock.locked(), false);
    },
    name === "RLock" ? { ours: "locked() as in 3.14: true whoever holds it" } : {},
  );

  rule(
    "the blocking form works where nothing has to wait",
    "acquire",
    (world) => {
      const lock = make(world);
      held(lock.acquireSync()).release();
      held(lock.acquireSync({ timeout: 0 })).release();
      assert.is(lock.locked(), false);
    },
    { needs: { sync: true } },
  );

  rule("tryAcquire is a guard, or null when another task has it", "acquire(False)", async (world) => {
    const lock = make(world);
    const guard = held(await lock.acquire());
    assert.is(lock.tryAcquire(), null);
    guard.release();
    held(lock.tryAcquire()).release();
  });

  rule(
    "release of a free one is a LockError, and it stays free",
    "RuntimeError; state unchanged",
    async (world) => {
      const lock = make(world);
      await world.fails(() => lock.release(), "LockError");
      assert.is(lock.locked(), false);
      held(lock.tryAcquire()).release();
      await world.fails(() => lock.release(), "LockError");
    },
    { ours: "LockError is our RuntimeError (multiprocessing: ValueError, AssertionError)" },
  );

  rule(
    "a guard released twice is a LockError, and takes nothing from the next holder",
    "RuntimeError",
    async (world) => {
      const lock = make(world);
      const guard = held(await lock.acquire());
      guard.release();
      await world.fails(() => guard.release(), "LockError");
      const next = held(await lock.acquire());
      await world.fails(() => guard.release(), "LockError");
      assert.is(lock.locked(), true);
      next.release();
    },
  );

  rule("a guard is not abandoned when nobody died", "(has none)", async (world) => {
    const guard = held(await make(world).acquire());
    assert.is(guard.abandoned, false);
    guard.release();
  });

  rule("a guard is released by its scope", "enter returns True; exit releases", async (world) => {
    if (typeof Symbol.dispose !== "symbol") return;
    const lock = make(world);
    const guard = held(await lock.acquire()) as Guard & Record<symbol, () => void>;
    assert.is(guard[Symbol.dispose]!(), undefined);
    assert.is(lock.locked(), false);
  });

  rule("is held for every thread", "any thread", async (world) => {
    const lock = make(world);
    const guard = held(await lock.acquire());
    assert.equal(
      await Promise.all([world.inThread("call", lock, "tryAcquire"), world.inThread("call", lock, "locked")]),
      [null, true],
    );
    guard.release();
    assert.is(await world.inThread("call", lock, "tryAcquire"), "guard");
  });

  rule("a release wakes one of those who wait", "wakes one waiter", async (world) => {
    const lock = make(world);
    const guard = held(await lock.acquire());
    const waited = [lock.acquire(), lock.acquire()] as const;
    await world.waiting(lock, 2);
    guard.release();
    const first = held(await waited[0]);
    assert.equal([world.heddle.waitingOn(lock), lock.locked()], [1, true]);
    first.release();
    held(await waited[1]).release();
    assert.is(lock.locked(), false);
  });

  rule("two tasks of one thread exclude each other", "two threads do", async (world) => {
    const lock = make(world);
    let inside = 0;
    let most = 0;
    const task = async () => {
      for (let i = 0; i < 20; i++) {
        const guard = held(await lock.acquire());
        most = Math.max(most, ++inside);
        await Promise.resolve();
        inside--;
        guard.release();
      }
    };
    await Promise.all([task(), task(), task()]);
    assert.is(most, 1);
  });

  rule("threads exclude each other: a counter under it loses nothing", "mutual exclusion", async (world) => {
    const lock = make(world);
    const counter = world.own(new world.heddle.Counter());
    await Promise.all([1, 2, 3].map(() => world.inThread("countUnderLock", lock, counter, 300)));
    assert.is(counter.value, 900);
  });

  rule(
    "blocks here until another thread releases",
    "others wait",
    async (world) => {
      const lock = make(world);
      const other = await world.thread();
      assert.is(await other.run("take", lock, "acquireSync"), true);
      const given = other.run("giveWhenWaiting", lock, 1);
      held(lock.acquireSync()).release();
      await given;
    },
    { needs: { sync: true } },
  );

  rule(
    "a thread that dies with it leaves it to the next, who is told, once",
    "the lock stays held by a dead owner; nobody is told",
    async (world) => {
      const lock = make(world);
      const other = await world.thread();
      await other.run("take", lock, "acquireSync");
      const waited = [lock.acquire(), lock.acquire()] as const;
      await world.waiting(lock, 2);
      await other.kill();
      const first = held(await waited[0]);
      assert.is(first.abandoned, true);
      first.release();
      const second = held(await waited[1]);
      assert.is(second.abandoned, false);
      second.release();
    },
    { ours: "recovered, and the next holder is told" },
  );

  return cases;
});

// Lock.

const lock = chapter("Lock");

lock.rule("any thread may release it", "any thread may release", async (world) => {
  const lock = world.own(new world.heddle.Lock());
  held(lock.tryAcquire());
  await world.inThread("call", lock, "release");
  assert.is(lock.locked(), false);
});

lock.rule("any task may release it, without the guard", "any thread may release", async (world) => {
  const lock = world.own(new world.heddle.Lock());
  held(await lock.acquire());
  lock.release();
  assert.is(lock.locked(), false);
});

lock.rule(
  "is not re-entrant: a second try of the holder is refused",
  "not re-entrant: the holder deadlocks itself",
  async (world) => {
    const lock = world.own(new world.heddle.Lock());
    const guard = held(lock.tryAcquire());
    assert.is(lock.tryAcquire(), null);
    assert.is(await lock.acquire({ timeout: 1 }), null);
    guard.release();
  },
);

lock.rule(
  "is not re-entrant in its blocking form either",
  "not re-entrant",
  (world) => {
    const lock = world.own(new world.heddle.Lock());
    const guard = held(lock.acquireSync());
    assert.is(lock.acquireSync({ timeout: 1 }), null);
    guard.release();
  },
  { needs: { sync: true } },
);

lock.rule("a release by another leaves the guard of the first without effect", "(has no guards)", async (world) => {
  const lock = world.own(new world.heddle.Lock());
  const guard = held(await lock.acquire());
  lock.release();
  await world.fails(() => guard.release(), "LockError");
  assert.is(lock.locked(), false);
});

// RLock.

const rlock = chapter("RLock");
const make = ({ heddle, own }: World): RLock => own(new heddle.RLock());

rlock.rule(
  "the blocking form re-enters for its thread; as many releases free it",
  "owner: count+1, True at once; freed at 0",
  async (world) => {
    const lock = make(world);
    for (let i = 0; i < 3; i++) held(lock.acquireSync({ timeout: 0 }));
    for (let i = 0; i < 3; i++) {
      assert.is(await world.inThread("call", lock, "tryAcquire"), null, `${3 - i} levels`);
      lock.release();
    }
    assert.is(lock.locked(), false);
    assert.is(await world.inThread("call", lock, "tryAcquire"), "guard");
  },
  { needs: { sync: true } },
);

rlock.rule("tryAcquire re-enters for its thread", "owner: True at once", async (world) => {
  const lock = make(world);
  held(lock.tryAcquire());
  held(lock.tryAcquire());
  lock.release();
  assert.is(await world.inThread("call", lock, "tryAcquire"), null);
  lock.release();
  await world.fails(() => lock.release(), "LockError");
  assert.is(lock.locked(), false);
});

rlock.rule("guards of the thread release its levels, in any order", "count-1", async (world) => {
  const lock = make(world);
  const guards = [1, 2, 3].map(() => held(lock.tryAcquire()));
  guards[1]!.release();
  guards[0]!.release();
  assert.is(lock.locked(), true);
  guards[2]!.release();
  assert.is(lock.locked(), false);
});

rlock.rule(
  "release() releases the level of the thread that a guard stands for: one of both",
  "count-1",
  async (world) => {
    const lock = make(world);
    held(lock.tryAcquire());
    const second = held(lock.tryAcquire());
    second.release();
    lock.release();
    assert.is(lock.locked(), false);
  },
);

rlock.rule(
  "argument errors are told to the owner too",
  "argument errors are raised even for the owner",
  async (world) => {
    const lock = make(world);
    const guard = held(await lock.acquire());
    await world.fails(() => lock.acquire({ guard, timeout: -1 }), "TimeoutRangeError");
    assert.is(lock.locked(), true);
    guard.release();
    assert.is(lock.locked(), false);
  },
);

rlock.rule(
  "argument errors are told to the owning thread too",
  "argument errors are raised even for the owner",
  async (world) => {
    const lock = make(world);
    held(lock.acquireSync());
    await world.fails(() => lock.acquireSync({ timeout: Number.NaN }), "TimeoutRangeError");
    lock.release();
    assert.is(lock.locked(), false);
  },
  { needs: { sync: true } },
);

rlock.rule(
  "release by another thread is a LockError, state unchanged",
  "RuntimeError, state unchanged",
  async (world) => {
    const lock = make(world);
    held(lock.tryAcquire());
    await world.fails(world.inThread("call", lock, "release"), "LockError");
    assert.is(lock.locked(), true);
    lock.release();
  },
);

const TASKS = "asynchronous tasks of a thread are told apart: each acquire() without a guard is an owner of its own";

rlock.rule(
  "every acquire() without a guard is a new owner",
  "threads are owners",
  async (world) => {
    const lock = make(world);
    const guard = held(await lock.acquire());
    assert.is(await lock.acquire({ timeout: 0 }), null);
    assert.is(lock.tryAcquire(), null);
    guard.release();
  },
  { ours: TASKS },
);

rlock.rule(
  "acquire({ guard }) re-enters; as many releases free it",
  "owner: count+1",
  async (world) => {
    const lock = make(world);
    const outer = held(await lock.acquire());
    const inner = held(await lock.acquire({ guard: outer, timeout: 0 }));
    const innermost = held(await lock.acquire({ guard: inner }));
    innermost.release();
    inner.release();
    assert.is(lock.tryAcquire(), null);
    outer.release();
    assert.is(lock.locked(), false);
  },
  { ours: TASKS },
);

rlock.rule(
  "the outer guard may be released before the inner",
  "count-1",
  async (world) => {
    const lock = make(world);
    const outer = held(await lock.acquire());
    const inner = held(await lock.acquire({ guard: outer }));
    outer.release();
    assert.equal([lock.locked(), lock.tryAcquire()], [true, null]);
    inner.release();
    assert.is(lock.locked(), false);
  },
  { ours: TASKS },
);

rlock.rule(
  "the thread's own levels do not let a task in",
  "threads are owners",
  async (world) => {
    const lock = make(world);
    held(lock.tryAcquire());
    assert.is(await lock.acquire({ timeout: 0 }), null);
    lock.release();
    held(await lock.acquire({ timeout: 0 })).release();
  },
  { ours: TASKS },
);

rlock.rule(
  "a guard of the thread's own level lets a task in",
  "owner: count+1",
  async (world) => {
    const lock = make(world);
    const own = held(lock.tryAcquire());
    const guard = held(await lock.acquire({ guard: own, timeout: 0 }));
    guard.release();
    own.release();
    assert.is(lock.locked(), false);
  },
  { ours: TASKS },
);

rlock.rule(
  "release() without a guard does not release a task's level",
  "non-owner: RuntimeError",
  async (world) => {
    const lock = make(world);
    const guard = held(await lock.acquire());
    await world.fails(() => lock.release(), "LockError");
    assert.is(lock.locked(), true);
    guard.release();
  },
  { ours: TASKS },
);

rlock.rule(
  "a released guard does not re-enter",
  "non-owner",
  async (world) => {
    const lock = make(world);
    const guard = held(await lock.acquire());
    guard.release();
    await world.fails(() => lock.acquire({ guard, timeout: 0 }), "LockError");
    assert.is(lock.locked(), false);
  },
  { ours: TASKS },
);

rlock.rule(
  "a guard of another lock does not re-enter",
  "non-owner",
  async (world) => {
    const [one, other] = [make(world), make(world)];
    const guard = held(await other.acquire());
    const thrown: unknown = await one.acquire({ guard, timeout: 0 }).catch((thrown: unknown) => thrown);
    assert.ok(["ERR_LOCK", "ERR_ARGUMENT"].includes((thrown as { code: string }).code), String(thrown));
    assert.is(one.locked(), false);
    guard.release();
  },
  { ours: TASKS },
);

rlock.rule("a waiting task is let in when all levels are released, not before", "freed at 0", async (world) => {
  const lock = make(world);
  held(lock.tryAcquire());
  held(lock.tryAcquire());
  const waited = lock.acquire();
  await world.waiting(lock, 1);
  lock.release();
  assert.is(world.heddle.waitingOn(lock), 1);
  lock.release();
  held(await waited).release();
});

rlock.rule("two objects of one lock re-enter for the thread", "one lock, one owner", (world) => {
  const lock = make(world);
  const twin = world.own(world.heddle.RLock.from(lock.handle));
  held(lock.tryAcquire());
  held(twin.tryAcquire());
  twin.release();
  lock.release();
  assert.is(twin.locked(), false);
});

rlock.rule("a thousand levels", "recursion count", (world) => {
  const lock = make(world);
  for (let i = 0; i < 1000; i++) held(lock.tryAcquire());
  for (let i = 0; i < 1000; i++) lock.release();
  assert.is(lock.locked(), false);
});

export const cases: Case[] = [...both, ...lock.cases, ...rlock.cases];
