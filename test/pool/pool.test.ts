/** Pools: what comes back, in which order, and what becomes of tasks whose time is over, whose worker dies, whose pool ends. */
import { execFileSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LIBRARY_URL, loadLibrary, until } from "../runtime/library.js";
import { watchdog } from "../tools/watchdog.js";

const { Barrier, Event, Pool, asCompleted, wait, close } = await loadLibrary();
type Pools = InstanceType<typeof Pool>;
type Events = InstanceType<typeof Event>;
type Barriers = InstanceType<typeof Barrier>;

const dog = watchdog(100, () => "a pool hangs");
test.after(async () => {
  dog.clear();
  await close();
});

/** Runs a test with a pool, which comes to its end. */
function withPool(act: (pool: Pools) => Promise<void>, options: ConstructorParameters<typeof Pool>[0] = 2) {
  return async (): Promise<void> => {
    const pool = new Pool(options);
    await act(pool);
    await pool.shutdown();
    pool.close();
  };
}

const nameOf = async (outcome: { exception(): Promise<unknown> }): Promise<string> =>
  ((await outcome.exception()) as Error).name;

test(
  "brings results, and errors with what they are made of",
  withPool(async (pool) => {
    assert.is(await pool.submit((a: number, b: number) => a + b, 2, 3), 5);
    assert.is(await pool.apply(async (text: string) => `${text}!`, ["hello"]), "hello!");
    const error = (await pool
      .submit(() => {
        throw Object.assign(new RangeError("mine", { cause: "why" }), { code: "E_MINE", extra: [1] });
      })
      .exception()) as RangeError & { code: string; extra: number[] };
    assert.instance(error, RangeError);
    assert.equal([error.message, error.code, error.extra, error.cause], ["mine", "E_MINE", [1], "why"]);
  }),
);

test(
  "maps in order, whatever the chunks",
  withPool(async (pool) => {
    const items = Array.from({ length: 100 }, (_, i) => i);
    for (const chunksize of [undefined, 1, 7, 1000]) {
      const options = chunksize === undefined ? {} : { chunksize };
      assert.equal(
        await pool.map((x: number) => 2 * x, items, options),
        items.map((x) => 2 * x),
      );
    }
    assert.equal(await pool.map((x: number) => x, []), []);
    assert.equal(await pool.map((x: string) => x.length, ["a", "bb"]), [1, 2]);
    assert.equal(
      await pool.starmap(
        (a: number, b: number) => a - b,
        [
          [3, 1],
          [5, 2],
        ],
      ),
      [2, 3],
    );
    const progress: number[] = [];
    await pool.map((x: number) => x, items, { chunksize: 50, onProgress: ({ done }) => progress.push(done) });
    assert.equal(progress, [50, 100]);
  }),
);

test(
  "reads the input of imap no faster than its results, and goes on after a failure",
  withPool(async (pool) => {
    let read = 0;
    const endless = (function* () {
      for (;;) yield read++;
    })();
    const results: number[] = [];
    for await (const result of pool.imap((x: number) => x * 10, endless)) {
      results.push(result);
      if (results.length === 5) break;
    }
    assert.equal(results, [0, 10, 20, 30, 40]);
    assert.ok(read <= 5 + 4, `read ${read}`);
    const some = pool.imap(
      (x: number) => {
        if (x === 1) throw new Error("one");
        return x;
      },
      [0, 1, 2],
    );
    assert.is((await some.next()).value, 0);
    assert.is(await some.next().catch((error: Error) => error.message), "one");
    assert.is((await some.next()).value, 2);
    assert.is((await some.next()).done, true);
  }),
);

test(
  "a worker that dies loses its task alone, and is replaced",
  withPool(async (pool) => {
    const lost = pool.submit(() => {
      process.exit(3);
    });
    const others = Array.from({ length: 20 }, (_, i) => pool.submit((x: number) => x, i));
    assert.is(await nameOf(lost), "WorkerLostError");
    assert.equal(
      await Promise.all(others),
      Array.from({ length: 20 }, (_, i) => i),
    );
  }),
);

test(
  "an endless task ends with its time, or by its signal, and takes no neighbour with it",
  withPool(
    async (pool) => {
      const neighbours = Array.from({ length: 10 }, (_, i) => pool.submit((x: number) => x, i));
      const late = pool.submitWith({ timeout: 20 }, () => {
        for (;;);
      });
      const given = new AbortController();
      const aborted = pool.submitWith({ signal: given.signal }, () => {
        for (;;);
      });
      given.abort(new Error("enough"));
      assert.is(await nameOf(late), "TimeoutError");
      assert.is(((await aborted.exception()) as Error).message, "enough");
      assert.equal(
        await Promise.all(neighbours),
        Array.from({ length: 10 }, (_, i) => i),
      );
      assert.is(await pool.submit(() => "whole"), "whole");
    },
    { workers: 2, grace: 20 },
  ),
);

test(
  "ends a task's worker after the grace of its call, if that says one",
  withPool(
    async (pool) => {
      const late = pool.submitWith({ timeout: 20, grace: 0 }, () => {
        for (;;);
      });
      assert.is(await nameOf(late), "TimeoutError");
      assert.is(await pool.submit(() => "whole"), "whole");
      for (const grace of [-1, Number.NaN, "1"]) {
        assert.throws(() => pool.submitWith({ grace: grace as number }, () => 1), /`grace` must be 0 or more/);
        assert.throws(() => new Pool({ grace: grace as number }), /`grace` must be 0 or more/);
      }
    },
    // Longer than the watchdog waits.
    { workers: 1, grace: 1e6 },
  ),
);

test(
  "cancels what has not begun",
  withPool(async (pool) => {
    const gate = new Event();
    const busy = pool.submit((open: Events) => open.waitSync(), gate);
    const queued = pool.submit(() => 1);
    assert.is(queued.cancel(), true);
    assert.is(queued.cancelled, true);
    assert.is(await queued.result().catch((error: Error) => error.name), "CancelledError");
    gate.set();
    await busy;
    assert.is(busy.cancel(), false);
    gate.close();
  }, 1),
);

test(
  "waits for the first, for all, and gives futures as they come",
  withPool(async (pool) => {
    const gate = new Event();
    const slow = pool.submit(async (gate: InstanceType<typeof Event>) => gate.wait().then(() => "slow"), gate);
    const quick = pool.submit(() => "quick");
    const { done, notDone } = await wait([slow, quick], { returnWhen: "first-completed" });
    assert.equal([done.has(quick), notDone.has(slow)], [true, true]);
    const order: unknown[] = [];
    for await (const future of asCompleted([slow, quick])) {
      order.push(await future);
      gate.set();
    }
    assert.equal(order, ["quick", "slow"]);
    gate.close();
  }),
);

test("sleeps for a result where it may", () => {
  const pool = new Pool(1);
  assert.is(pool.submit((x: number) => x + 1, 1).resultSync(), 2);
  pool.terminate();
  pool.close();
});

test(
  "counts what it does",
  withPool(async (pool) => {
    await pool.map((x: number) => x, [1, 2, 3, 4], { chunksize: 1 });
    await nameOf(
      pool.submit(() => {
        throw new Error("no");
      }),
    );
    const gate = new Event();
    const running = [
      pool.submit((open: Events) => open.waitSync(), gate),
      pool.submit((open: Events) => open.waitSync(), gate),
    ];
    await until(() => pool.running === 2);
    const queued = pool.submit(() => 1);
    const during = pool.statistics();
    assert.is(during.queued, 1);
    assert.is(during.running, 2);
    queued.cancel();
    gate.set();
    await Promise.all(running);
    const { workers, done, failed, cancelled, lost, utilisation, waitingTimes, runningTimes } = pool.statistics();
    assert.equal({ workers, done, failed, cancelled, lost }, { workers: 2, done: 6, failed: 1, cancelled: 1, lost: 0 });
    assert.is(waitingTimes.count, 7);
    assert.is(runningTimes.count, 7);
    assert.ok(utilisation > 0 && utilisation <= 1, String(utilisation));
    assert.equal(Pool.from(pool.handle).statistics().done, 6);
    gate.close();
  }),
);

test(
  "shows where a task was submitted behind the worker's stack",
  withPool(async (pool) => {
    const failing = () => {
      throw new RangeError("too far");
    };
    const stackOf = async (call: () => PromiseLike<unknown>): Promise<string> => {
      try {
        await call();
      } catch (error) {
        return (error as Error).stack ?? "";
      }
      throw new Error("expected a failure");
    };
    const submitsHere = () => pool.submit(failing);
    const mapsHere = () => pool.map(failing, [1]);
    for (const call of [submitsHere, mapsHere]) {
      const [worker, caller] = (await stackOf(call)).split("\n  submitted\n");
      assert.match(worker!, /^RangeError: too far\n\s+at /);
      assert.match(caller!, new RegExp(`^ +at ${call.name} .*pool\\.test`));
    }
    const lost = await stackOf(() => pool.submitWith({ timeout: 1 }, () => new Promise(() => {})));
    assert.match(lost, /^TimeoutError: [\s\S]*\n {2}submitted\n/);
  }, 1),
);

test(
  "fails a task whose arguments are gone, and goes on",
  withPool(async (pool) => {
    const event = new Event();
    const gate = new Event();
    const first = pool.submit((open: Events) => open.waitSync(), gate);
    const second = pool.submit((gone: Events) => gone.isSet(), event);
    event.close();
    gate.set();
    await first;
    assert.is(await nameOf(second), "HandleError");
    assert.is(await pool.submit(() => 1), 1);
    gate.close();
  }, 1),
);

test(
  "lets events run between tasks that are awaited one by one, though each is over at once",
  withPool(async (pool) => {
    let isOver = false;
    await pool.submit(() => 1);
    setTimeout(() => {
      isOver = true;
    }, 0);
    while (!isOver) await pool.submit(() => 1);
  }, 1),
);

test(
  "one sleeper is woken for each of two tasks that came while one looked",
  withPool(async (pool) => {
    const meet = new Barrier(2);
    // Both are in the pool before either can end: only two workers at a time get past the barrier.
    for (let i = 0; i < 200; i++) {
      const both = [0, 1].map(() => pool.submit(async (barrier: Barriers) => (await barrier.wait()) >= 0, meet));
      assert.equal(await Promise.all(both), [true, true]);
    }
  }, 2),
);

test("a task's time ends while its thread sleeps for it", () => {
  const pool = new Pool({ workers: 1, grace: 10 });
  const late = pool.submitWith({ timeout: 20 }, () => {
    for (;;);
  });
  const next = pool.submit(() => "next");
  assert.throws(
    () => late.resultSync(),
    (error: Error) => error.name === "TimeoutError" && /20 ms/.test(error.message),
  );
  // Its worker is ended after the grace, and another has come.
  assert.is(next.resultSync(), "next");
  pool.terminate();
  pool.close();
});

test("objects of the library reach workers that have just begun", async () => {
  const greeted = new Event();
  const gate = new Event();
  // Each task has a worker of its own, which has met no object of the library before; the second pool's meets one in its initializer.
  const plain = new Pool({ workers: 1, maxTasksPerChild: 1 });
  const greeting = new Pool({ workers: 1, initializer: (event: Events) => event.set(), initArgs: [greeted] });
  assert.is(await plain.submit((x: number) => x + 1, 1), 2);
  await plain.submit(({ deep: [event] }: { deep: Events[] }) => void event!.set(), { deep: [gate] });
  assert.ok(gate.isSet());
  assert.equal(await plain.map((event: Events) => event.isSet(), [gate, gate], { chunksize: 1 }), [true, true]);
  assert.is(await greeting.submit(() => 3), 3);
  assert.ok(greeted.isSet());
  for (const each of [plain, greeting]) await each.shutdown();
  for (const each of [plain, greeting, greeted, gate]) each.close();
});

test("says why no worker can work", async () => {
  const pool = new Pool({
    workers: 1,
    initializer: () => {
      throw new Error("no licence");
    },
  });
  // It may be known before the task is in: then `submit` itself says so.
  const error: Error = await (async () => pool.submit(() => 1))().then(
    () => new Error("nothing"),
    (reason: Error) => reason,
  );
  assert.is(error.name, "BrokenPoolError");
  assert.match(error.message, /no licence/);
  pool.close();
});

test("ends by force what runs, and cancels what does not", async () => {
  const pool = new Pool(1);
  const running = pool.submit(() => {
    for (;;);
  });
  const queued = pool.submit(() => 1);
  while (!running.running) await new Promise((resolve) => setTimeout(resolve, 1));
  pool.terminate();
  assert.is(await nameOf(running), "WorkerLostError");
  assert.is(queued.cancelled, true);
  assert.throws(
    () => pool.submit(() => 1),
    (error: { code?: string }) => error.code === "ERR_POOL_SHUTDOWN",
  );
  pool.close();
});

test("a program that forgets its pool ends when all is done", () => {
  const program = `
    import { Pool } from ${JSON.stringify(LIBRARY_URL)};
    const pool = new Pool(2);
    console.log(await pool.map((x) => x * x, [1, 2, 3]));`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
    timeout: 30_000,
  });
  assert.is(output, "[ 1, 4, 9 ]\n");
});

test("runs in programs that were started with flags of V8, which workers cannot be given", () => {
  const program = `
    import { Pool } from ${JSON.stringify(LIBRARY_URL)};
    console.log(await new Pool(1).submit((x) => [x, globalThis.a], 1));`;
  const flags = ["--max-old-space-size=300", "--stack-size=900", "--import=data:text/javascript,globalThis.a=1"];
  const output = execFileSync(process.execPath, [...flags, "--input-type=module", "-e", program], {
    encoding: "utf8",
    timeout: 30_000,
  });
  assert.is(output, "[ 1, 1 ]\n");
});

test.run();
