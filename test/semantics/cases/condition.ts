/** Condition: section 3 of the reference, and the lost wake-up that we do not have. */
import * as assert from "uvu/assert";
import type { Condition, Guard } from "../library.js";
import { chapter, held, type World } from "../world.js";

const { cases, rule } = chapter("Condition");

export { cases };

const make = ({ heddle, own }: World): Condition => own(new heddle.Condition());

/** One asynchronous task: acquires, waits, says what came, releases. */
async function visit(condition: Condition, options: { timeout?: number; signal?: AbortSignal } = {}): Promise<boolean> {
  const guard = held(await condition.acquire());
  try {
    return await condition.wait({ ...options, guard });
  } finally {
    guard.release();
  }
}

/** Under the lock, from this thread. */
async function notify(condition: Condition, n?: number | "all"): Promise<void> {
  const guard = held(await condition.acquire());
  if (n === "all") condition.notifyAll({ guard });
  else condition.notify(n, { guard });
  guard.release();
}

/** So many tasks that wait, in this order; `woken` says who has come back. */
async function waiters(world: World, condition: Condition, count: number) {
  const woken: number[] = [];
  const waits: Promise<boolean>[] = [];
  for (let i = 0; i < count; i++) {
    waits.push(visit(condition).finally(() => woken.push(i)));
    await world.waiting(condition, i + 1);
  }
  return { woken, waits };
}

rule("has an RLock of its own by default", "a new RLock", (world) => {
  assert.instance(make(world).lock, world.heddle.RLock);
});

for (const name of ["Lock", "RLock"] as const) {
  rule(`shares a given ${name}`, "a given Lock/RLock is shared", async (world) => {
    const lock = world.own(new world.heddle[name]());
    const condition = world.own(new world.heddle.Condition(lock));
    assert.equal(condition.lock.handle, lock.handle);
    const guard = held(await condition.acquire());
    assert.is(lock.locked(), true);
    guard.release();
    assert.is(lock.locked(), false);
  });

  rule(`several may share one ${name}: a notify is for its own`, "several conditions may share one", async (world) => {
    const lock = world.own(new world.heddle[name]());
    const [one, other] = [world.own(new world.heddle.Condition(lock)), world.own(new world.heddle.Condition(lock))];
    const waited = [visit(one), visit(other)] as const;
    await world.waiting(one, 1);
    await world.waiting(other, 1);
    await notify(other);
    assert.is(await waited[1], true);
    assert.is(world.heddle.waitingOn(one), 1);
    await notify(one);
    assert.is(await waited[0], true);
  });

  rule(`with a ${name}: wait, notify, wake`, "wait, notify", async (world) => {
    const lock = world.own(new world.heddle[name]());
    const condition = world.own(new world.heddle.Condition(lock));
    const waited = visit(condition);
    await world.waiting(condition, 1);
    assert.is(lock.locked(), false);
    await notify(condition);
    assert.is(await waited, true);
    assert.is(lock.locked(), false);
  });
}

rule(
  "what is no lock is refused",
  "any object with acquire and release",
  async (world) => {
    for (const lock of [5, {}, null, "lock"]) {
      await world.fails(() => new world.heddle.Condition(lock as never), "ArgumentError");
    }
  },
  { ours: "a Lock or an RLock" },
);

rule("acquire, tryAcquire and release are the lock's", "acquire, release", async (world) => {
  const condition = make(world);
  const guard = held(await condition.acquire());
  assert.is(condition.lock.locked(), true);
  guard.release();
  held(condition.tryAcquire());
  assert.is(condition.lock.locked(), true);
  condition.release();
  assert.is(condition.lock.locked(), false);
  await world.fails(() => condition.release(), "LockError");
});

for (const name of ["Lock", "RLock"] as const) {
  rule(`wait, notify and notifyAll with a free ${name} are LockErrors`, "not owned -> RuntimeError", async (world) => {
    const condition = world.own(new world.heddle.Condition(world.own(new world.heddle[name]())));
    await world.fails(() => condition.wait(), "LockError");
    await world.fails(() => condition.wait({ timeout: 0 }), "LockError");
    await world.fails(() => condition.notify(), "LockError");
    await world.fails(() => condition.notifyAll(), "LockError");
  });

  rule(
    `waitSync with a free ${name} is a LockError`,
    "not owned -> RuntimeError",
    async (world) => {
      const condition = world.own(new world.heddle.Condition(world.own(new world.heddle[name]())));
      await world.fails(() => condition.waitSync(), "LockError");
      await world.fails(() => condition.waitForSync(() => false), "LockError");
    },
    { needs: { sync: true } },
  );
}

rule(
  "with an RLock that another thread holds, wait and notify are LockErrors",
  "with RLock: true owner check",
  async (world) => {
    const condition = make(world);
    const other = await world.thread();
    await other.run("take", condition, "acquireSync");
    await world.fails(() => condition.notify(), "LockError");
    await world.fails(() => condition.notifyAll(), "LockError");
    await world.fails(() => condition.wait({ timeout: 0 }), "LockError");
    await other.run("give");
  },
);

rule(
  "with an RLock that another task of the thread holds, notify is a LockError",
  "true owner check",
  async (world) => {
    const condition = make(world);
    const guard = held(await condition.acquire());
    await world.fails(() => condition.notify(), "LockError");
    await world.fails(() => condition.wait({ timeout: 0 }), "LockError");
    condition.notify(1, { guard });
    guard.release();
  },
  { ours: "tasks are owners too" },
);

rule("with a plain Lock that anybody holds, notify raises nothing", "only 'is it locked'", async (world) => {
  const lock = world.own(new world.heddle.Lock());
  const condition = world.own(new world.heddle.Condition(lock));
  const other = await world.thread();
  await other.run("take", lock, "acquireSync");
  condition.notify();
  condition.notifyAll();
  await other.run("give");
});

rule(
  "an RLock that the thread holds by tryAcquire serves wait and notify without a guard",
  "owner check",
  async (world) => {
    const condition = make(world);
    held(condition.tryAcquire());
    condition.notify();
    assert.is(await condition.wait({ timeout: 1 }), false);
    assert.is(condition.lock.locked(), true);
    condition.release();
    assert.is(condition.lock.locked(), false);
  },
);

rule(
  "wait gives the lock up and has it again when it returns",
  "releases fully, re-takes before returning",
  async (world) => {
    const condition = make(world);
    const guard = held(await condition.acquire());
    const waited = condition.wait({ guard });
    await world.waiting(condition, 1);
    const other = held(await condition.acquire());
    condition.notify(1, { guard: other });
    // Woken, but the lock is not free yet.
    await world.waiting(condition.lock, 1);
    assert.is(world.heddle.waitingOn(condition), 0);
    other.release();
    assert.is(await waited, true);
    assert.equal([condition.lock.locked(), condition.tryAcquire()], [true, null]);
    guard.release();
    assert.is(condition.lock.locked(), false);
  },
);

rule(
  "wait gives all levels up and takes all again",
  "releases all recursion levels, re-takes at the same level",
  async (world) => {
    const condition = make(world);
    const outer = held(await condition.acquire());
    const inner = held(await condition.acquire({ guard: outer }));
    const waited = condition.wait({ guard: inner });
    await world.waiting(condition, 1);
    assert.is(condition.lock.locked(), false);
    await notify(condition);
    assert.is(await waited, true);
    inner.release();
    assert.is(condition.lock.locked(), true);
    outer.release();
    assert.is(condition.lock.locked(), false);
  },
);

rule(
  "waitSync gives all levels of the thread up and takes all again",
  "releases all recursion levels",
  async (world) => {
    const condition = make(world);
    for (let i = 0; i < 3; i++) held(condition.acquireSync());
    const probed = world.inThread("probeThenNotify", condition);
    assert.is(condition.waitSync(), true);
    assert.is(await probed, true);
    for (let i = 0; i < 3; i++) {
      assert.is(await world.inThread("call", condition.lock, "tryAcquire"), null);
      condition.release();
    }
    assert.is(condition.lock.locked(), false);
  },
  { needs: { sync: true } },
);

rule("wait in the promise form gives the thread's own levels up", "releases all recursion levels", async (world) => {
  const condition = make(world);
  held(condition.tryAcquire());
  held(condition.tryAcquire());
  const waited = condition.wait();
  await world.waiting(condition, 1);
  assert.is(condition.lock.locked(), false);
  await world.inThread("notifyWhenWaiting", condition, 1, 1);
  assert.is(await waited, true);
  condition.release();
  assert.is(condition.lock.locked(), true);
  condition.release();
  assert.is(condition.lock.locked(), false);
});

rule("a wait that ran out of time has the lock again", "re-takes, also after a timeout", async (world) => {
  const condition = make(world);
  const guard = held(await condition.acquire());
  for (const timeout of [0, 1]) {
    assert.is(await condition.wait({ guard, timeout }), false);
    assert.equal([condition.lock.locked(), condition.tryAcquire()], [true, null]);
  }
  guard.release();
});

rule(
  "a wait that ran out of time returns only when it can have the lock",
  "may thus return later than the timeout",
  async (world) => {
    const condition = make(world);
    const guard = held(await condition.acquire());
    const acquired = condition.acquire();
    await world.waiting(condition.lock, 1);
    let isBack = false;
    const waited = condition.wait({ guard, timeout: 20 }).then((result) => {
      isBack = true;
      guard.release();
      return result;
    });
    const other = held(await acquired);
    // Unless this thread slept so long that the wait was over first.
    if (!isBack) {
      await world.waiting(condition.lock, 1);
      assert.is(isBack, false);
    }
    other.release();
    assert.is(await waited, false);
  },
);

rule(
  "an aborted wait has the lock again, too",
  "(has no signals)",
  async (world) => {
    const condition = make(world);
    const guard = held(await condition.acquire());
    const controller = new AbortController();
    const waited = condition.wait({ guard, signal: controller.signal }).catch((thrown: unknown) => thrown);
    await world.waiting(condition, 1);
    controller.abort("enough");
    assert.is(await waited, "enough");
    assert.equal([condition.lock.locked(), condition.tryAcquire()], [true, null]);
    guard.release();
    assert.is(condition.lock.locked(), false);
  },
  { ours: "whoever waited holds the lock after, however it ended" },
);

rule("an aborted wait whose lock another holds rejects when it has it", "(has no signals)", async (world) => {
  const condition = make(world);
  const controller = new AbortController();
  const waited = visit(condition, { signal: controller.signal }).catch((thrown: unknown) => thrown);
  await world.waiting(condition, 1);
  const guard = held(await condition.acquire());
  controller.abort("enough");
  await world.waiting(condition.lock, 1);
  guard.release();
  assert.is(await waited, "enough");
  assert.is(condition.lock.locked(), false);
});

rule("notify wakes the one who came first", "wakes the oldest, FIFO", async (world) => {
  const condition = make(world);
  const { woken, waits } = await waiters(world, condition, 3);
  for (let i = 0; i < 3; i++) {
    await notify(condition);
    assert.is(await waits[i], true);
    assert.equal(woken, [0, 1, 2].slice(0, i + 1));
    assert.is(world.heddle.waitingOn(condition), 2 - i);
  }
});

rule("notify(2) wakes the first two", "wakes the oldest min(n, waiters)", async (world) => {
  const condition = make(world);
  const { woken, waits } = await waiters(world, condition, 4);
  await notify(condition, 2);
  await Promise.all(waits.slice(0, 2));
  assert.equal([woken.sort(), world.heddle.waitingOn(condition)], [[0, 1], 2]);
  await notify(condition, "all");
  assert.equal(await Promise.all(waits), [true, true, true, true]);
});

rule("notify of more than there are wakes all, and remembers nothing", "min(n, waiters)", async (world) => {
  const condition = make(world);
  const { waits } = await waiters(world, condition, 2);
  await notify(condition, 10);
  assert.equal(await Promise.all(waits), [true, true]);
  assert.is(await visit(condition, { timeout: 1 }), false);
});

for (const n of [0, -1, Number.NEGATIVE_INFINITY]) {
  rule(`notify(${n}) does nothing`, "n <= 0 no-op", async (world) => {
    const condition = make(world);
    const { waits } = await waiters(world, condition, 1);
    await notify(condition, n);
    assert.is(world.heddle.waitingOn(condition), 1);
    await notify(condition);
    assert.is(await waits[0], true);
  });
}

rule("notify(Infinity) wakes all", "min(n, waiters)", async (world) => {
  const condition = make(world);
  const { waits } = await waiters(world, condition, 2);
  await notify(condition, Number.POSITIVE_INFINITY);
  assert.equal(await Promise.all(waits), [true, true]);
});

rule("notify of NaN or no number is refused", "TypeError", async (world) => {
  const condition = make(world);
  const guard = held(await condition.acquire());
  for (const n of [Number.NaN, "1", {}])
    await world.fails(() => condition.notify(n as number, { guard }), "ArgumentError");
  guard.release();
});

rule("a notify without waiters is not remembered", "without waiters it is not remembered", async (world) => {
  const condition = make(world);
  await notify(condition);
  await notify(condition, "all");
  assert.is(await visit(condition, { timeout: 1 }), false);
});

rule("notifyAll wakes all, here and in other threads", "notify(number of waiters now)", async (world) => {
  const condition = make(world);
  const { waits } = await waiters(world, condition, 2);
  const there = [1, 2].map(() => world.inThread("waitOnCondition", condition, {}));
  await world.waiting(condition, 4);
  await notify(condition, "all");
  assert.equal(await Promise.all([...waits, ...there]), [true, true, true, true]);
});

rule("a second notify before the first one has the lock goes to the second", "FIFO", async (world) => {
  const condition = make(world);
  const { waits } = await waiters(world, condition, 2);
  const guard = held(await condition.acquire());
  condition.notify(1, { guard });
  condition.notify(1, { guard });
  guard.release();
  assert.equal(await Promise.all(waits), [true, true]);
});

const HANDED_ON = "a notify is never eaten by a waiter that timed out or was aborted";

rule(
  "a notify that meets a timeout goes to somebody",
  "a notify(1) goes to one whose time is up: it returns False, and the next stays asleep",
  async (world) => {
    for (let round = 0; round < 30; round++) {
      const condition = make(world);
      const first = visit(condition, { timeout: 1 });
      let hasLock = false;
      const second = (async () => {
        const guard = held(await condition.acquire());
        hasLock = true;
        const result = await condition.wait({ guard });
        guard.release();
        return result;
      })();
      await world.until(() => hasLock);
      // We have the lock: the second waits. The first one's time is up before, at, or after the notify, and all is well in every case.
      const guard = held(await condition.acquire());
      if (round % 2 === 1) await new Promise((resolve) => setTimeout(resolve, round % 5));
      condition.notify(1, { guard });
      guard.release();
      if (await first) {
        await world.waiting(condition, 1);
        await notify(condition);
      }
      assert.is(await second, true);
    }
  },
  { ours: HANDED_ON },
);

rule(
  "a notify after an abort goes to the next",
  "(has no signals)",
  async (world) => {
    const condition = make(world);
    const controller = new AbortController();
    const first = visit(condition, { signal: controller.signal }).catch((thrown: unknown) => thrown);
    await world.waiting(condition, 1);
    const second = visit(condition);
    await world.waiting(condition, 2);
    const guard = held(await condition.acquire());
    controller.abort("enough");
    condition.notify(1, { guard });
    guard.release();
    assert.is(await first, "enough");
    assert.is(await second, true);
  },
  { ours: HANDED_ON },
);

rule(
  "an abort after the notify: woken, or handed on",
  "(has no signals)",
  async (world) => {
    const condition = make(world);
    const controller = new AbortController();
    const first = visit(condition, { signal: controller.signal }).catch((thrown: unknown) => thrown);
    await world.waiting(condition, 1);
    const second = visit(condition);
    await world.waiting(condition, 2);
    const guard = held(await condition.acquire());
    condition.notify(1, { guard });
    controller.abort("enough");
    guard.release();
    if ((await first) === true) {
      await world.waiting(condition, 1);
      await notify(condition);
    }
    assert.is(await second, true);
  },
  { ours: HANDED_ON },
);

rule("a notify wakes nobody who came after it", "FIFO; not remembered", async (world) => {
  const condition = make(world);
  const { waits } = await waiters(world, condition, 1);
  const guard = held(await condition.acquire());
  condition.notify(1, { guard });
  assert.is(await condition.wait({ guard, timeout: 1 }), false);
  guard.release();
  assert.is(await waits[0], true);
});

// waitFor.

rule(
  "waitFor: a predicate that is true at once returns its value, whoever has the lock",
  "if true at once, returns its value without any ownership check",
  async (world) => {
    const condition = make(world);
    assert.is(await condition.waitFor(() => 42), 42);
  },
);

rule(
  "waitForSync: the same",
  "without any ownership check",
  (world) => {
    assert.is(
      make(world).waitForSync(() => "value"),
      "value",
    );
  },
  { needs: { sync: true } },
);

rule("waitFor of a false predicate without the lock is a LockError", "not owned -> RuntimeError", async (world) => {
  const condition = make(world);
  await world.fails(() => condition.waitFor(() => false), "LockError");
});

rule(
  "waitFor returns the last value of the predicate, not a boolean",
  "returns the last predicate value",
  async (world) => {
    const condition = make(world);
    const guard = held(await condition.acquire());
    const values = [0, "", { the: "value" }];
    const waited = condition.waitFor(() => values.shift(), { guard });
    for (let left = 2; left > 0; left--) {
      await world.until(() => values.length === left && world.heddle.waitingOn(condition) === 1);
      await notify(condition);
    }
    assert.equal(await waited, { the: "value" });
    guard.release();
  },
);

for (const falsy of [0, "", null, undefined, false, 0n]) {
  rule(
    `waitFor out of time returns the falsy value ${typeof falsy} ${String(falsy)}`,
    "on timeout that is the falsy value",
    async (world) => {
      const condition = make(world);
      const guard = held(await condition.acquire());
      assert.is(await condition.waitFor<unknown>(() => falsy, { guard, timeout: 1 }), falsy);
      guard.release();
    },
  );
}

rule("waitFor with timeout 0 asks the predicate twice", "predicate called twice, value returned", async (world) => {
  const condition = make(world);
  const guard = held(await condition.acquire());
  let calls = 0;
  assert.is(await condition.waitFor(() => void calls++, { guard, timeout: 0 }), undefined);
  assert.is(calls, 2);
  guard.release();
});

rule(
  "waitForSync with timeout 0 asks the predicate twice",
  "predicate called twice",
  (world) => {
    const condition = make(world);
    held(condition.acquireSync());
    let calls = 0;
    assert.is(
      condition.waitForSync(() => ++calls > 5, { timeout: 0 }),
      false,
    );
    assert.is(calls, 2);
    condition.release();
  },
  { needs: { sync: true } },
);

rule(
  "waitFor with a wrong timeout does not ask the predicate",
  "negative: same as 0",
  async (world) => {
    const condition = make(world);
    let calls = 0;
    await world.fails(() => condition.waitFor(() => ++calls, { timeout: -1 }), "TimeoutRangeError");
    assert.is(calls, 0);
  },
  { ours: "a negative timeout is an error, before anything happens" },
);

rule("waitFor calls the predicate under the lock", "calls pred under the lock", async (world) => {
  const condition = make(world);
  const guard = held(await condition.acquire());
  const seen: boolean[] = [];
  const waited = condition.waitFor(
    () => {
      seen.push(condition.lock.locked());
      return seen.length === 3;
    },
    { guard },
  );
  for (let calls = 1; calls < 3; calls++) {
    await world.until(() => seen.length === calls && world.heddle.waitingOn(condition) === 1);
    await notify(condition);
  }
  assert.is(await waited, true);
  assert.equal(seen, [true, true, true]);
  guard.release();
});

rule("waitFor takes an asynchronous predicate", "(has none)", async (world) => {
  const condition = make(world);
  const guard = held(await condition.acquire());
  let value = 0;
  const waited = condition.waitFor(
    async () => {
      await Promise.resolve();
      return value;
    },
    { guard },
  );
  await world.waiting(condition, 1);
  value = 7;
  await notify(condition);
  assert.is(await waited, 7);
  guard.release();
});

rule("waitFor: what the predicate throws comes out, and the lock is held", "the error comes out", async (world) => {
  const condition = make(world);
  const guard = held(await condition.acquire());
  const thrown: unknown = await condition
    .waitFor(
      () => {
        throw new RangeError("from the predicate");
      },
      { guard },
    )
    .catch((thrown: unknown) => thrown);
  assert.match(String(thrown), "from the predicate");
  assert.is(condition.lock.locked(), true);
  guard.release();
});

rule(
  "waitFor has one deadline for all its waits",
  "one deadline; a wake-up without success never restarts it",
  async (world) => {
    const condition = make(world);
    const guard = held(await condition.acquire());
    let isOver = false;
    const waited = condition
      .waitFor(() => false, { guard, timeout: 30 })
      .finally(() => {
        isOver = true;
      });
    // Woken without end: were each wake-up a new start, this would never end.
    while (!isOver) {
      const own = held(await condition.acquire());
      condition.notifyAll({ guard: own });
      own.release();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    assert.is(await waited, false);
    guard.release();
  },
);

rule(
  "blocks here until another thread notifies",
  "wait",
  async (world) => {
    const condition = make(world);
    held(condition.acquireSync());
    const notified = world.inThread("notifyWhenWaiting", condition, 1, 1);
    assert.is(condition.waitSync(), true);
    condition.release();
    await notified;
  },
  { needs: { sync: true } },
);

rule(
  "a thread that dies while it waits leaves the notify to the next",
  "(a dead thread stays in the list)",
  async (world) => {
    const condition = make(world);
    const other = await world.thread();
    void other.run("waitOnCondition", condition, {});
    await world.waiting(condition, 1);
    const second = visit(condition);
    await world.waiting(condition, 2);
    await other.kill();
    await world.waiting(condition, 1);
    await notify(condition);
    assert.is(await second, true);
  },
  { ours: "the dead leave no trace" },
);

rule("from() has the same lock", "(has none)", async (world) => {
  const condition = make(world);
  const twin = world.own(world.heddle.Condition.from(condition.handle));
  assert.equal(twin.lock.handle, condition.lock.handle);
  assert.instance(twin.lock, world.heddle.RLock);
  const lock = world.own(new world.heddle.Lock());
  const plain = world.own(new world.heddle.Condition(lock));
  assert.instance(world.own(world.heddle.Condition.from(plain.handle)).lock, world.heddle.Lock);
});

rule("a guard that was passed on is typed: a wrong one is refused", "not owned -> RuntimeError", async (world) => {
  const condition = make(world);
  const other = make(world);
  const guard = held(await other.acquire());
  const thrown: unknown = await condition.wait({ guard, timeout: 0 }).catch((thrown: unknown) => thrown);
  assert.ok(["ERR_LOCK", "ERR_ARGUMENT"].includes((thrown as { code: string }).code), String(thrown));
  guard.release();
  const stale: Guard = guard;
  await world.fails(() => other.wait({ guard: stale, timeout: 0 }), "LockError");
});
