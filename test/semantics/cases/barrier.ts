/** Barrier: section 3 of the reference. */
import * as assert from "uvu/assert";
import type { Barrier, BarrierOptions } from "../library.js";
import { chapter, type World } from "../world.js";

const { cases, rule } = chapter("Barrier");

export { cases };

function make({ heddle, own }: World, parties: number, options?: BarrierOptions): Barrier {
  return own(new heddle.Barrier(parties, options));
}

for (const parties of [0, -1, Number.NaN, 1.5, "2", undefined]) {
  rule(`${typeof parties} ${parties} parties are refused`, "parties < 1: ValueError", (world) =>
    world.fails(() => make(world, parties as number), "ArgumentError").then(() => {}),
  );
}

rule("shows its parties, who waits, and that it is whole", "parties, n_waiting, broken", async (world) => {
  const barrier = make(world, 3);
  assert.equal([barrier.parties, barrier.waiting, barrier.broken], [3, 0, false]);
  const waits = [barrier.wait(), barrier.wait()];
  await world.waiting(barrier, 2);
  assert.equal([barrier.waiting, barrier.broken], [2, false]);
  waits.push(barrier.wait());
  await Promise.all(waits);
  assert.equal([barrier.waiting, barrier.broken], [0, false]);
});

rule(
  "gives each an index, by arrival; the last gets parties - 1",
  "index = arrival number 0..parties-1",
  async (world) => {
    const barrier = make(world, 3);
    const waits: Promise<unknown>[] = [];
    for (let i = 0; i < 2; i++) {
      waits.push(barrier.wait());
      await world.waiting(barrier, i + 1);
    }
    waits.push(barrier.wait());
    assert.equal(await Promise.all(waits), [0, 1, 2]);
  },
);

rule("for one party opens at once, and runs the action", "parties=1: returns 0 at once, action runs", async (world) => {
  let runs = 0;
  const barrier = make(world, 1, { action: () => void runs++ });
  assert.equal([await barrier.wait(), await barrier.wait({ timeout: 0 }), runs], [0, 0, 2]);
});

rule(
  "for one party opens at once in the blocking form",
  "parties=1",
  (world) => {
    assert.is(make(world, 1).waitSync(), 0);
  },
  { needs: { sync: true } },
);

rule("holds threads and tasks together", "any thread", async (world) => {
  const barrier = make(world, 3);
  const there = [world.inThread("call", barrier, "waitSync"), world.inThread("call", barrier, "wait")];
  await world.waiting(barrier, 2);
  const indexes = await Promise.all([...there, barrier.wait()]);
  assert.equal([...indexes].sort(), [0, 1, 2]);
  assert.is(indexes[2], 2);
});

rule("serves round after round", "filling, draining", async (world) => {
  const barrier = make(world, 3);
  const rounds = 50;
  const there = [1, 2].map(() => world.inThread("meet", barrier, rounds));
  const here: number[] = [];
  for (let i = 0; i < rounds; i++) here.push(await barrier.wait());
  const [first, second] = await Promise.all(there);
  for (let i = 0; i < rounds; i++) {
    assert.equal([here[i], first![i], second![i]].sort(), [0, 1, 2], `round ${i}`);
  }
});

rule("tasks of one thread meet round after round", "filling, draining", async (world) => {
  const barrier = make(world, 3);
  const log: number[] = [];
  const task = async () => {
    for (let round = 0; round < 20; round++) {
      log.push(round);
      await barrier.wait();
    }
  };
  await Promise.all([task(), task(), task()]);
  assert.equal(
    log,
    Array.from({ length: 60 }, (_, i) => Math.floor(i / 3)),
  );
});

rule(
  "blocks here until the last one comes",
  "wait",
  async (world) => {
    const barrier = make(world, 2);
    const there = world.inThread("whenWaiting", barrier, 1, "waitSync");
    assert.is(barrier.waitSync(), 0);
    assert.is(await there, 1);
  },
  { needs: { sync: true } },
);

// The action.

rule(
  "the last to arrive runs the action, before anybody goes on",
  "runs action in its own thread, before anyone is released",
  async (world) => {
    const log: string[] = [];
    const barrier = make(world, 2, { action: () => void log.push("action") });
    const first = barrier.wait().then(() => log.push("first"));
    await world.waiting(barrier, 1);
    assert.equal(log, []);
    await Promise.all([first, barrier.wait().then(() => log.push("last"))]);
    assert.is(log[0], "action");
    assert.equal(log.slice(1).sort(), ["first", "last"]);
  },
);

rule("the action runs before a thread that waits goes on", "before anyone is released", async (world) => {
  let waitingInside = -1;
  const barrier: Barrier = make(world, 2, {
    action: () => {
      waitingInside = world.heddle.waitingOn(barrier);
    },
  });
  const there = world.inThread("call", barrier, "waitSync");
  await world.waiting(barrier, 1);
  assert.is(await barrier.wait(), 1);
  assert.is(await there, 0);
  assert.is(waitingInside, 1);
});

rule("inside the action all parties wait, and it is whole", "n_waiting equals parties, broken false", async (world) => {
  let seen: unknown;
  const barrier: Barrier = make(world, 2, {
    action: () => {
      seen = [barrier.waiting, barrier.broken];
    },
  });
  await Promise.all([barrier.wait(), barrier.wait()]);
  assert.equal(seen, [2, false]);
});

rule(
  "an action that throws: its error to the last, BrokenBarrierError to the others",
  "that thread gets the action's error, barrier broken, the others BrokenBarrierError",
  async (world) => {
    const error = new RangeError("from the action");
    const barrier = make(world, 3, {
      action() {
        throw error;
      },
    });
    const others = [barrier.wait(), world.inThread("call", barrier, "waitSync")].map((one) =>
      world.fails(one, "BrokenBarrierError"),
    );
    await world.waiting(barrier, 2);
    const thrown: unknown = await barrier.wait().catch((thrown: unknown) => thrown);
    assert.is(thrown, error);
    await Promise.all(others);
    assert.is(barrier.broken, true);
    await world.fails(() => barrier.wait(), "BrokenBarrierError");
  },
);

rule(
  "an action that throws in the blocking form",
  "that thread gets the action's error",
  async (world) => {
    const barrier = make(world, 2, {
      action() {
        throw new RangeError("from the action");
      },
    });
    const other = world.inThread("call", barrier, "waitSync");
    await world.waiting(barrier, 1);
    assert.throws(() => barrier.waitSync(), "from the action");
    await world.fails(other, "BrokenBarrierError");
  },
  { needs: { sync: true } },
);

rule(
  "an action that is no function is refused",
  "TypeError when called",
  (world) => world.fails(() => make(world, 2, { action: 5 as unknown as () => void }), "ArgumentError").then(() => {}),
  { ours: "bad input is an error where it is given" },
);

rule(
  "from() may bring an action of its own",
  "(has none)",
  async (world) => {
    const barrier = make(world, 2);
    let runs = 0;
    const twin = world.own(world.heddle.Barrier.from(barrier.handle, { action: () => void runs++ }));
    const first = barrier.wait();
    await world.waiting(barrier, 1);
    await Promise.all([first, twin.wait()]);
    assert.is(runs, 1);
  },
  { ours: "functions do not travel: who arrives last runs the action that its own object has" },
);

// Time.

rule(
  "who runs out of time breaks it for all",
  "all current and future waiters get BrokenBarrierError until reset",
  async (world) => {
    const barrier = make(world, 3);
    const other = world.fails(barrier.wait(), "BrokenBarrierError");
    await world.waiting(barrier, 1);
    await world.fails(() => barrier.wait({ timeout: 1 }), "BrokenBarrierError");
    await other;
    assert.equal([barrier.broken, barrier.waiting], [true, 0]);
    await world.fails(() => barrier.wait(), "BrokenBarrierError");
    await world.fails(() => barrier.wait({ timeout: 0 }), "BrokenBarrierError");
    barrier.reset();
    assert.is(barrier.broken, false);
  },
);

rule("timeout 0 breaks it unless last", "breaks the barrier unless last", async (world) => {
  const barrier = make(world, 2);
  const first = barrier.wait();
  await world.waiting(barrier, 1);
  assert.is(await barrier.wait({ timeout: 0 }), 1);
  assert.is(await first, 0);
  await world.fails(() => barrier.wait({ timeout: 0 }), "BrokenBarrierError");
  assert.is(barrier.broken, true);
});

rule(
  "a wrong timeout does not break it",
  "like 0: breaks it",
  async (world) => {
    const barrier = make(world, 2);
    await world.fails(() => barrier.wait({ timeout: -1 }), "TimeoutRangeError");
    assert.is(barrier.broken, false);
  },
  { ours: "a negative timeout is an error, before anything happens" },
);

for (const timeout of [0, 1]) {
  rule(
    `the constructor's timeout ${timeout} holds where a wait says none`,
    "timeout=None: the constructor's default",
    async (world) => {
      const barrier = make(world, 2, { timeout });
      await world.fails(() => barrier.wait(), "BrokenBarrierError");
      barrier.reset();
      await world.fails(() => barrier.wait({ timeout: undefined }), "BrokenBarrierError");
    },
  );
}

for (const timeout of [null, Number.POSITIVE_INFINITY, 1e6]) {
  rule(
    `a wait's own timeout ${timeout} goes before the constructor's`,
    "timeout=None: the constructor's default",
    async (world) => {
      const barrier = make(world, 2, { timeout: 0 });
      const first = barrier.wait({ timeout });
      await world.waiting(barrier, 1);
      assert.is(await barrier.wait({ timeout: 0 }), 1);
      assert.is(await first, 0);
    },
    timeout === null ? { ours: "undefined means the constructor's; null and Infinity wait for ever" } : {},
  );
}

rule("the constructor's timeout null waits for ever", "forever only if that is None too", async (world) => {
  const barrier = make(world, 2, { timeout: null });
  const first = barrier.wait();
  await world.waiting(barrier, 1);
  await barrier.wait();
  assert.is(await first, 0);
});

for (const timeout of [-1, Number.NaN]) {
  rule(
    `the constructor's timeout ${timeout} is refused`,
    "accepted; each wait then breaks it",
    (world) => world.fails(() => make(world, 2, { timeout }), "TimeoutRangeError").then(() => {}),
    { ours: "a negative timeout is an error where it is given" },
  );
}

rule("from() may bring a timeout of its own", "(has none)", async (world) => {
  const barrier = make(world, 2);
  const twin = world.own(world.heddle.Barrier.from(barrier.handle, { timeout: 0 }));
  await world.fails(() => twin.wait(), "BrokenBarrierError");
  assert.is(barrier.broken, true);
});

// Abort and reset.

rule(
  "abort breaks it for all, now and later",
  "broken now; current waiters and later ones raise; repeatable",
  async (world) => {
    const barrier = make(world, 3);
    const waits = [barrier.wait(), world.inThread("call", barrier, "waitSync")].map((one) =>
      world.fails(one, "BrokenBarrierError"),
    );
    await world.waiting(barrier, 2);
    barrier.abort();
    await Promise.all(waits);
    barrier.abort();
    assert.equal([barrier.broken, barrier.waiting], [true, 0]);
    await world.fails(() => barrier.wait(), "BrokenBarrierError");
    await world.fails(world.inThread("call", barrier, "waitSync"), "BrokenBarrierError");
  },
);

rule(
  "a wait on a broken one fails at once, in the blocking form too",
  "broken -> BrokenBarrierError at once",
  async (world) => {
    const barrier = make(world, 2);
    barrier.abort();
    await world.fails(() => barrier.waitSync(), "BrokenBarrierError");
  },
  { needs: { sync: true } },
);

rule(
  "abort in another thread wakes who blocks here",
  "abort",
  async (world) => {
    const barrier = make(world, 2);
    const aborted = world.inThread("whenWaiting", barrier, 1, "abort");
    await world.fails(() => barrier.waitSync(), "BrokenBarrierError");
    await aborted;
  },
  { needs: { sync: true } },
);

rule("reset of an empty one changes nothing", "no waiters: to filling, un-broken", async (world) => {
  const barrier = make(world, 2);
  barrier.reset();
  assert.is(barrier.broken, false);
  assert.equal(await Promise.all([barrier.wait(), barrier.wait()]), [0, 1]);
});

rule("reset mends a broken one", "un-broken", async (world) => {
  const barrier = make(world, 2);
  barrier.abort();
  barrier.reset();
  assert.is(barrier.broken, false);
  assert.equal(await Promise.all([barrier.wait(), barrier.wait()]), [0, 1]);
});

rule(
  "reset with waiters: they fail, and it is usable after",
  "they all get BrokenBarrierError, the barrier ends not broken",
  async (world) => {
    const barrier = make(world, 3);
    const waits = [barrier.wait(), world.inThread("call", barrier, "waitSync")].map((one) =>
      world.fails(one, "BrokenBarrierError"),
    );
    await world.waiting(barrier, 2);
    barrier.reset();
    await Promise.all(waits);
    assert.equal([barrier.broken, barrier.waiting], [false, 0]);
    assert.equal((await Promise.all([barrier.wait(), barrier.wait(), barrier.wait()])).sort(), [0, 1, 2]);
  },
);

rule("who comes right after a reset belongs to the new round", "a newcomer waits for the drain", async (world) => {
  const barrier = make(world, 2);
  const old = barrier.wait();
  await world.waiting(barrier, 1);
  barrier.reset();
  const fresh = [barrier.wait(), barrier.wait()];
  await world.fails(old, "BrokenBarrierError");
  assert.equal(await Promise.all(fresh), [0, 1]);
});

rule("a reset that follows an abort at once still fails who waited", "abort, reset", async (world) => {
  const barrier = make(world, 2);
  const waited = barrier.wait();
  await world.waiting(barrier, 1);
  barrier.abort();
  barrier.reset();
  await world.fails(waited, "BrokenBarrierError");
  assert.is(barrier.broken, false);
});

rule(
  "an abort right after the last came does not reach those who were let go",
  "draining",
  async (world) => {
    const barrier = make(world, 2);
    const first = barrier.wait();
    await world.waiting(barrier, 1);
    const last = barrier.wait();
    assert.is(await last, 1);
    barrier.abort();
    assert.is(await first, 0);
    assert.is(barrier.broken, true);
  },
  { ours: "who was let go has passed; in Python a slow one may see the barrier broken" },
);

rule(
  "an aborted signal takes its wait out as if it had never come",
  "(has no signals)",
  async (world) => {
    const barrier = make(world, 3);
    const controller = new AbortController();
    const aborted = barrier.wait({ signal: controller.signal }).catch((thrown: unknown) => thrown);
    await world.waiting(barrier, 1);
    controller.abort("enough");
    assert.is(await aborted, "enough");
    assert.equal([barrier.waiting, barrier.broken], [0, false]);
    assert.equal((await Promise.all([barrier.wait(), barrier.wait(), barrier.wait()])).sort(), [0, 1, 2]);
  },
  { ours: "an aborted wait leaves no trace" },
);

rule(
  "a thread that dies while it waits breaks it",
  "the others wait for ever",
  async (world) => {
    const barrier = make(world, 3);
    const other = await world.thread();
    void other.run("call", barrier, "waitSync");
    await world.waiting(barrier, 1);
    const waited = world.fails(barrier.wait(), "BrokenBarrierError");
    await world.waiting(barrier, 2);
    await other.kill();
    await waited;
    assert.is(barrier.broken, true);
  },
  { ours: "the parties will not meet, and are told" },
);

rule("is one for all threads: parties, waiting, broken", "parties, n_waiting, broken", async (world) => {
  const barrier = make(world, 3);
  const waited = barrier.wait();
  await world.waiting(barrier, 1);
  const read = (property: string) => world.inThread("read", barrier, property);
  assert.equal(await Promise.all([read("parties"), read("waiting"), read("broken")]), [3, 1, false]);
  barrier.abort();
  await world.fails(waited, "BrokenBarrierError");
  assert.is(await read("broken"), true);
});
