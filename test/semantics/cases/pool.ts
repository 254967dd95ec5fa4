/** Pool: sections 6 and 7 of the reference, without map and imap. Where Python's Pool and Executor differ ours follows the Executor. */
import * as assert from "uvu/assert";
import type { Event, Future, Pool, Queue } from "../library.js";
import { chapter, HOSTS, type Where, type World } from "../world.js";

const { cases, rule } = chapter("Pool", HOSTS);

export { cases };

/** Where a worker can end itself without a word. */
const MORTAL: readonly Where[] = ["main", "thread"];

type Options = NonNullable<ConstructorParameters<typeof Pool>[0]>;
const make = ({ heddle, own }: World, options: Options = 1): Pool => own(new heddle.Pool(options));
const queueOf = ({ heddle, own }: World): Queue => own(new heddle.Queue());
const eventOf = ({ heddle, own }: World): Event => own(new heddle.Event());

/** A task that runs until the gate is set: resolves when it has begun. (Not to the future itself, which would be awaited.) */
async function occupy(world: World, pool: Pool, gate: Event): Promise<{ readonly running: Future<unknown> }> {
  const reached = eventOf(world);
  const running = pool.submit(world.target("pass"), reached, gate);
  await reached.wait();
  return { running };
}

const nameOf = async (future: Future<unknown>): Promise<string> => ((await future.exception()) as Error).name;

// The constructor.

rule(
  "has as many workers as the machine runs at a time",
  "processes defaults to the CPU count; Executor: min(32, cpus + 4)",
  async (world) => {
    const pool = make(world, {});
    assert.ok(pool.workers >= 1);
    assert.is(make(world, 2).workers, 2);
    assert.is(make(world, { workers: 2 }).workers, 2);
  },
  { ours: "as Pool" },
);

for (const workers of [0, -1, 1.5, Number.NaN, "2", null, 1000]) {
  rule(`${String(workers)} workers are refused`, "< 1 ValueError", async (world) => {
    await world.fails(() => make(world, { workers: workers as number }), "ArgumentError");
  });
}

rule("an initializer that is no function is refused", "TypeError", async (world) => {
  for (const initializer of [5, "prepare", {}, null]) {
    await world.fails(() => make(world, { initializer } as unknown as Options), "ArgumentError");
  }
});

for (const maxTasksPerChild of [0, -1, 1.5, "5"]) {
  rule(`maxTasksPerChild ${maxTasksPerChild} is refused`, "not a positive int ValueError", async (world) => {
    await world.fails(() => make(world, { maxTasksPerChild: maxTasksPerChild as number }), "ArgumentError");
  });
}

rule("its text says how much there is to do", "<multiprocessing.pool.Pool state=RUN pool_size=4>", async (world) => {
  const pool = make(world, 2);
  assert.is(String(pool), "Pool { workers: 2, queued: 0, running: 0 }");
  await pool.shutdown();
  pool.close();
  assert.is(String(pool), "Pool { closed }");
});

// submit, apply.

rule("submit runs a function with its arguments", "submit(fn, /, *args)", async (world) => {
  const pool = make(world);
  const { target } = world;
  assert.equal(
    [
      await pool.submit(target("square"), 7),
      await pool.submit(target("add"), 2, 3),
      await pool.submit(target("add"), "a", "b"),
      await pool.submit(target("give"), [1, 2]),
      await pool.submit(target("give"), undefined),
      await pool.submit(target("give")),
    ],
    [49, 5, "ab", [1, 2], undefined, []],
  );
});

rule("apply is its result", "apply_async().get()", async (world) => {
  const pool = make(world);
  assert.is(await pool.apply(world.target("add"), [2, 3]), 5);
  assert.equal(await pool.apply(world.target("give")), []);
  const error = await pool.apply(world.target("fail"), ["mine"]).catch((thrown: unknown) => thrown);
  assert.is(String(error), "RangeError: mine");
});

rule("an asynchronous function is awaited", "(none are)", async (world) => {
  const pool = make(world);
  assert.is(await pool.submit(world.target("rootLater"), 16), 4);
  const error = await pool.submit(world.target("rootLater"), -1).exception();
  assert.is(String(error), "RangeError: of -1");
});

rule(
  "an error keeps its class, message, code, fields and cause, and its worker's stack",
  "same type and args, with a cause holding the remote stack's text",
  async (world) => {
    const pool = make(world);
    const future = pool.submit(world.target("failWithAll"));
    const error = (await future.exception()) as RangeError & { code: string; extra: number[]; cause: unknown };
    assert.instance(error, RangeError);
    assert.equal([error.message, error.code, error.extra], ["mine", "E_MINE", [1, 2]]);
    assert.is(String(error.cause), "TypeError: why");
    assert.match(String(error.stack), "failWithAll");
    assert.is(await future.exception(), error);
  },
  { ours: "the error itself has the worker's stack" },
);

for (const value of [undefined, null, 0, "", "text", { n: 1 }]) {
  rule(
    `${JSON.stringify(value) ?? "undefined"} thrown is what its future fails with`,
    "any thrown value is stored in the future; the worker survives",
    async (world) => {
      const pool = make(world);
      const outcome = await pool.submit(world.target("throwThis"), value).then(
        () => ["returned"],
        (thrown: unknown) => ["thrown", thrown],
      );
      assert.equal(outcome, ["thrown", value]);
      assert.is(await pool.submit(world.target("square"), 3), 9);
    },
  );
}

rule(
  "an exit is what its future fails with, and the worker goes on",
  "Executor: stored in the future, the worker survives; Pool: the result never becomes ready",
  async (world) => {
    const pool = make(world);
    const first = await pool.submit(world.target("count"));
    assert.is(await nameOf(pool.submit(world.target("exit"), 3)), "ThreadExit");
    assert.is(await pool.submit(world.target("count")), (first as number) + 1);
  },
  { ours: "as the Executor" },
);

rule(
  "a result that cannot travel is a TransferError, and the worker goes on",
  "MaybeEncodingError, worker survives",
  async (world) => {
    const pool = make(world);
    const first = await pool.submit(world.target("count"));
    await world.fails(() => pool.submit(world.target("giveFunction")).result(), "TransferError");
    assert.is(await pool.submit(world.target("count")), (first as number) + 1);
  },
);

rule(
  "of an error that cannot travel its name and message do",
  "MaybeEncodingError with exc and value texts",
  async (world) => {
    const error = (await make(world).submit(world.target("failUntransferable")).exception()) as Error;
    assert.equal([error.name, error.message], ["RangeError", "mine"]);
  },
);

rule(
  "arguments that cannot travel are refused at once",
  "that error, at get",
  async (world) => {
    const pool = make(world);
    await world.fails(() => pool.submit(world.target("give"), () => 1), "TransferError");
    await world.fails(() => pool.map(world.target("give"), [() => 1]), "TransferError");
    assert.is(await pool.submit(world.target("square"), 3), 9);
  },
  { ours: "submit throws it: nothing is half done" },
);

rule("an export that is not there is its future's error", "(a name error at the call)", async (world) => {
  const { url } = world.target("put");
  const pool = make(world);
  await world.fails(() => pool.submit({ url, export: "nothing" }).result(), "FunctionError");
  assert.is(await pool.submit(world.target("square"), 3), 9);
});

rule("what is no function is refused", "TypeError in the task", async (world) => {
  const pool = make(world);
  for (const fn of [undefined, null, 5, {}, "square"]) {
    await world.fails(() => pool.submit(fn as unknown as URL), "ArgumentError");
    await world.fails(() => pool.map(fn as unknown as URL, [1]), "ArgumentError");
    await world.fails(() => pool.imap(fn as unknown as URL, [1]), "ArgumentError");
  }
});

rule("tasks begin in the order in which they came", "FIFO", async (world) => {
  const pool = make(world);
  const [queue, gate] = [queueOf(world), eventOf(world)];
  const { running: first } = await occupy(world, pool, gate);
  const futures = [1, 2, 3, 4].map((i) => pool.submit(world.target("put"), queue, i));
  gate.set();
  await Promise.all([first, ...futures]);
  assert.equal(queue.snapshot(), [1, 2, 3, 4]);
});

rule("a lower priority goes first", "(has none)", async (world) => {
  const pool = make(world);
  const [queue, gate] = [queueOf(world), eventOf(world)];
  await occupy(world, pool, gate);
  const put = (priority: number, text: string) => pool.submitWith({ priority }, world.target("put"), queue, text);
  const futures = [put(0, "b"), put(1, "d"), put(-1, "a"), put(0, "c")];
  gate.set();
  await Promise.all(futures);
  assert.equal(queue.snapshot(), ["a", "b", "c", "d"]);
});

rule("a future is pending, running, done", "PENDING, RUNNING, FINISHED", async (world) => {
  const pool = make(world);
  const gate = eventOf(world);
  const { running } = await occupy(world, pool, gate);
  const pending = pool.submit(world.target("square"), 3);
  assert.equal([running.running, running.done, pending.running, pending.done], [true, false, false, false]);
  assert.equal([pool.running, pool.queued], [1, 1]);
  gate.set();
  assert.equal([await running, await pending], [undefined, 9]);
  assert.equal([running.running, running.done, pending.running, pending.done], [false, true, false, true]);
});

rule(
  "a pending task is cancelled and never runs, a running one is not",
  "PENDING True, RUNNING False",
  async (world) => {
    const pool = make(world);
    const [queue, gate] = [queueOf(world), eventOf(world)];
    const { running } = await occupy(world, pool, gate);
    const pending = pool.submit(world.target("put"), queue, 1);
    const calls: boolean[] = [];
    pending.addDoneCallback(({ cancelled }) => calls.push(cancelled));
    assert.equal([running.cancel(), pending.cancel(), pending.cancel()], [false, true, true]);
    assert.equal([calls, pool.queued], [[true], 0]);
    gate.set();
    await running;
    assert.is(running.cancel(), false);
    await pool.shutdown();
    assert.is(queue.qsize(), 0);
  },
);

rule("a task that waits for room can be cancelled, too", "(has no bound)", async (world) => {
  const pool = make(world, { workers: 1, maxPending: 1 });
  const [queue, gate] = [queueOf(world), eventOf(world)];
  const { running: first } = await occupy(world, pool, gate);
  const second = pool.submit(world.target("put"), queue, 2);
  const third = pool.submit(world.target("put"), queue, 3);
  const fourth = pool.submit(world.target("put"), queue, 4);
  assert.equal([third.cancel(), third.cancelled, third.running], [true, true, false]);
  gate.set();
  await Promise.all([first, second, fourth]);
  assert.equal(queue.snapshot(), [2, 4]);
});

rule(
  "a result that does not come in time can be had later",
  "TimeoutError; AsyncResult.get: its own TimeoutError",
  async (world) => {
    const pool = make(world);
    const gate = eventOf(world);
    const future = pool.submit(world.target("giveLater"), gate, 5);
    for (const timeout of [0, 3]) await world.fails(() => future.result({ timeout }), "TimeoutError");
    gate.set();
    assert.equal([await future.result({ timeout: 60_000 }), await future.result({ timeout: 0 })], [5, 5]);
  },
);

rule(
  "resultSync sleeps until it is there",
  "result(timeout)",
  async (world) => {
    const pool = make(world);
    const gate = eventOf(world);
    const future = pool.submit(world.target("giveLater"), gate, 5);
    await world.fails(() => future.resultSync({ timeout: 3 }), "TimeoutError");
    gate.set();
    assert.equal([future.resultSync(), future.exceptionSync()], [5, null]);
    const failed = pool.submit(world.target("fail"), "mine");
    assert.is(String(failed.exceptionSync()), "RangeError: mine");
    assert.throws(() => failed.resultSync(), /mine/);
  },
  { needs: { sync: true } },
);

rule(
  "a callback that throws breaks nothing",
  "Pool: kills the result thread, this get and all later ones hang",
  async (world) => {
    const pool = make(world);
    const { error: usual } = console;
    let reports = 0;
    console.error = () => void reports++;
    try {
      const future = pool.submit(world.target("square"), 3);
      future.addDoneCallback(() => {
        throw new Error("mine");
      });
      assert.is(await future, 9);
      assert.is(await pool.submit(world.target("square"), 4), 16);
    } finally {
      console.error = usual;
    }
    assert.is(reports, 1);
  },
  { ours: "reported, as the Executor does" },
);

rule(
  "a task may put another one into its pool, and await it",
  "allowed; waiting for it in a full pool deadlocks",
  async (world) => {
    const pool = make(world, 2);
    assert.is(await pool.submit(world.target("nested"), pool, world.target("square").url, 5), 25);
  },
);

rule(
  "a task that waits for another one of its pool lends its place",
  "waiting for it in a full pool deadlocks",
  async (world) => {
    const pool = make(world, 1);
    assert.is(await pool.submit(world.target("nested"), pool, world.target("square").url, 5), 25);
    assert.is(await pool.submit(world.target("deep"), pool, world.target("square").url, 3), 3);
  },
  { ours: "another worker runs it meanwhile" },
);

rule(
  "tasks see no thread of their own",
  "current_thread() is the worker's",
  async (world) => {
    assert.is(await make(world).submit(world.target("whoAmI")), "nobody");
  },
  { ours: "a pool's workers are no Thread objects: they are not listed, joined or named" },
);

rule(
  "its workers are not among the threads",
  "executors' threads are enumerated; Pool's processes are active children",
  async (world) => {
    const before = world.heddle.activeCount();
    const pool = make(world, 2);
    await pool.map(world.target("square"), [1, 2, 3, 4], { chunksize: 1 });
    assert.is(world.heddle.activeCount(), before);
  },
  { ours: "enumerate lists what can be joined" },
);

// Workers.

rule(
  "a worker that dies loses its task alone, and is replaced",
  "Pool: its result never becomes ready, the pool stays usable (bpo-22393); Executor: broken",
  async (world) => {
    const pool = make(world, 2);
    const lost = pool.submit(world.target("die"));
    const others = Array.from({ length: 20 }, (_, i) => pool.submit(world.target("square"), i));
    await world.fails(() => lost.result(), "WorkerLostError");
    assert.equal(
      await Promise.all(others),
      Array.from({ length: 20 }, (_, i) => i * i),
    );
  },
  { needs: { only: MORTAL }, ours: "the lost task fails, nothing else does" },
);

rule("an initializer runs in each worker before its first task", "initializer(*initargs)", async (world) => {
  const pool = make(world, { workers: 2, initializer: world.target("prepare"), initArgs: [["ready"]] });
  const seen = await Promise.all([1, 2, 3, 4].map(() => pool.submit(world.target("readPrepared"))));
  assert.equal(seen, [["ready"], ["ready"], ["ready"], ["ready"]]);
});

rule(
  "an initializer that throws breaks the pool",
  "Executor: all queued futures get BrokenThreadPool, submit raises it; Pool: all tasks hang",
  async (world) => {
    const pool = make(world, { workers: 1, initializer: world.target("fail"), initArgs: ["no licence"] });
    const future = (async () => pool.submit(world.target("square"), 3))();
    const error = await world.fails(() => future, "BrokenPoolError");
    assert.match(error.message, "no licence");
    await world.fails(() => pool.submit(world.target("square"), 3), "BrokenPoolError");
    await world.fails(() => pool.map(world.target("square"), [3]), "BrokenPoolError");
    await pool.shutdown();
    await world.fails(() => pool.submit(world.target("square"), 3), "BrokenPoolError");
  },
);

rule("an initializer that cannot be found breaks the pool", "(an error in the worker)", async (world) => {
  const { url } = world.target("put");
  const pool = make(world, { workers: 1, initializer: { url, export: "nothing" } });
  const future = (async () => pool.submit(world.target("square"), 3))();
  assert.match((await world.fails(() => future, "BrokenPoolError")).message, '"nothing"');
});

rule(
  "an initializer that dies breaks the pool",
  "BrokenProcessPool; Pool: dies and is replaced for ever",
  async (world) => {
    const pool = make(world, { workers: 2, initializer: world.target("die") });
    const future = (async () => pool.submit(world.target("square"), 3))();
    assert.match((await world.fails(() => future, "BrokenPoolError")).message, "initializer");
  },
  { needs: { only: MORTAL } },
);

rule(
  "when the pool breaks, what runs in healthy workers ends normally",
  "tasks already running in healthy workers complete normally",
  async (world) => {
    const [roles, failing, reached, gate] = [queueOf(world), eventOf(world), eventOf(world), eventOf(world)];
    await roles.putMany(["fit", "unfit"]);
    const pool = make(world, { workers: 2, initializer: world.target("prepareOr"), initArgs: [roles, failing] });
    const running = pool.submit(world.target("pass"), reached, gate);
    await reached.wait();
    const queued = [1, 2, 3].map((i) => pool.submit(world.target("square"), i));
    failing.set();
    for (const future of queued) await world.fails(() => future.result(), "BrokenPoolError");
    gate.set();
    assert.is(await running, undefined);
    await pool.shutdown();
  },
);

rule("initArgs that cannot travel are refused at once", "(an error in the worker)", async (world) => {
  await world.fails(() => make(world, { initializer: world.target("prepare"), initArgs: [() => 1] }), "TransferError");
});

rule(
  "a worker is replaced after maxTasksPerChild tasks, and the initializer runs again",
  "counts chunks; the worker is replaced, initializer runs again; worker count constant",
  async (world) => {
    const pool = make(world, {
      workers: 1,
      maxTasksPerChild: 2,
      initializer: world.target("prepare"),
      initArgs: ["ready"],
    });
    const counts: unknown[] = [];
    for (let i = 0; i < 5; i++) counts.push(await pool.submit(world.target("count")));
    assert.equal(counts, [1, 2, 1, 2, 1]);
    assert.is(await pool.submit(world.target("readPrepared")), "ready");
  },
);

rule("a chunk counts as one task", "one chunk of 8 with limit 2 stays in one worker", async (world) => {
  const pool = make(world, { workers: 1, maxTasksPerChild: 2 });
  const counts = await pool.map(world.target("count"), Array(8).fill(0), { chunksize: 4 });
  assert.equal(counts, [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.is(await pool.submit(world.target("count")), 1);
});

// Its end.

rule("after a shutdown nothing is taken any more", "shut down -> RuntimeError (Pool: ValueError)", async (world) => {
  const pool = make(world);
  await pool.shutdown();
  await world.fails(() => pool.submit(world.target("square"), 3), "PoolShutdownError");
  await world.fails(() => pool.apply(world.target("square"), [3]), "PoolShutdownError");
  await world.fails(() => pool.map(world.target("square"), [3]), "PoolShutdownError");
  await world.fails(() => pool.starmap(world.target("add"), [[3, 4]]), "PoolShutdownError");
  await world.fails(() => pool.imap(world.target("square"), [3]).next(), "PoolShutdownError");
  assert.equal(await pool.map(world.target("square"), []), []);
});

rule("shutdown may be called again", "idempotent", async (world) => {
  const pool = make(world);
  await pool.shutdown({ wait: false });
  await pool.shutdown();
  await pool.shutdown({ cancelFutures: true });
});

for (const wait of [true, false]) {
  rule(
    `a shutdown that ${wait ? "waits" : "does not wait"} lets run what is in the pool`,
    "queued work still runs unless cancel_futures, also with wait=False",
    async (world) => {
      const pool = make(world);
      const [queue, gate] = [queueOf(world), eventOf(world)];
      await occupy(world, pool, gate);
      const futures = [1, 2].map((i) => pool.submit(world.target("put"), queue, i));
      let isOver = false;
      const over = pool.shutdown({ wait }).then(() => (isOver = true));
      await new Promise((resolve) => setTimeout(resolve));
      assert.is(isOver, !wait);
      gate.set();
      await over;
      if (wait)
        assert.equal(
          futures.map(({ done }) => done),
          [true, true],
        );
      await Promise.all(futures);
      assert.equal(queue.snapshot(), [1, 2]);
    },
  );
}

rule(
  "with cancelFutures what has not begun is cancelled, and everybody who waits is told",
  "pending ones are cancelled, running never; wait and as_completed hang on them (gh-87893)",
  async (world) => {
    const pool = make(world);
    const [queue, gate] = [queueOf(world), eventOf(world)];
    const { running } = await occupy(world, pool, gate);
    const futures = [1, 2, 3].map((i) => pool.submit(world.target("put"), queue, i));
    const waited = world.heddle.wait(futures);
    const over = pool.shutdown({ cancelFutures: true });
    assert.is((await waited).done.size, 3);
    assert.equal(
      futures.map(({ cancelled }) => cancelled),
      [true, true, true],
    );
    await world.fails(() => futures[0]!.result(), "CancelledError");
    gate.set();
    await over;
    assert.equal([await running, queue.qsize()], [undefined, 0]);
  },
  { ours: "told at once" },
);

rule(
  "leaving the scope waits for what is under way",
  "Executor: exit is shutdown(wait=True); Pool: exit calls terminate, unfinished results are lost",
  async (world) => {
    const symbol = Symbol.asyncDispose as symbol | undefined;
    if (symbol === undefined) return;
    const queue = queueOf(world);
    const pool = new world.heddle.Pool(1);
    const futures = [1, 2, 3].map((i) => pool.submit(world.target("put"), queue, i));
    const mapped = pool.map(world.target("square"), [1, 2, 3]);
    await (pool as unknown as Record<symbol, () => Promise<void>>)[symbol]!();
    assert.equal([queue.snapshot(), await mapped, pool.closed], [[1, 2, 3], [1, 4, 9], true]);
    await Promise.all(futures);
    await (pool as unknown as Record<symbol, () => Promise<void>>)[symbol]!();
  },
  { ours: "as the Executor" },
);

rule(
  "join waits until nothing is to be done, whether it was shut down or not",
  "before close/terminate ValueError; repeatable",
  async (world) => {
    const pool = make(world);
    const gate = eventOf(world);
    assert.is(await pool.join(), true);
    const { running } = await occupy(world, pool, gate);
    assert.equal([await pool.join({ timeout: 0 }), await pool.join({ timeout: 3 })], [false, false]);
    const joined = pool.join();
    gate.set();
    assert.is(await joined, true);
    await running;
    await pool.shutdown();
    assert.equal([await pool.join(), await pool.join()], [true, true]);
  },
  { ours: "true, or false out of time; an open pool may be joined, too" },
);

rule(
  "terminate ends what runs, drops what waits, and says so to everybody",
  "results not yet done never become ready",
  async (world) => {
    const pool = make(world, 1);
    const gate = eventOf(world);
    const { running } = await occupy(world, pool, gate);
    const queued = pool.submit(world.target("square"), 3);
    const mapped = pool.map(world.target("square"), [1, 2, 3]);
    mapped.catch(() => {});
    pool.terminate();
    await world.fails(() => running.result(), "WorkerLostError");
    await world.fails(() => queued.result(), "CancelledError");
    assert.is(queued.cancelled, true);
    await world.fails(mapped, "CancelledError");
    await world.fails(() => pool.submit(world.target("square"), 3), "PoolShutdownError");
    pool.terminate();
    await pool.join();
    await pool.shutdown();
  },
  { ours: "they are rejected" },
);

rule("terminate of an idle one is a shutdown", "workers stopped", async (world) => {
  const pool = make(world);
  assert.is(await pool.submit(world.target("square"), 3), 9);
  pool.terminate();
  await pool.join();
  await world.fails(() => pool.submit(world.target("square"), 3), "PoolShutdownError");
});

rule(
  "close lets go of it: what is under way rejects here, and what has not begun is dropped",
  "Pool.close: no new work; running work completes",
  async (world) => {
    const pool = new world.heddle.Pool(1);
    const [queue, gate] = [queueOf(world), eventOf(world)];
    const { running: first } = await occupy(world, pool, gate);
    const second = pool.submit(world.target("put"), queue, "second");
    pool.close();
    pool.close();
    await world.fails(() => first.result(), "ClosedError");
    await world.fails(() => second.result(), "ClosedError");
    await world.fails(() => pool.submit(world.target("square"), 3), "ClosedError");
    await world.fails(() => pool.shutdown(), "ClosedError");
    gate.set();
    const next = make(world, 1);
    await next.submit(world.target("put"), queue, "third");
    assert.equal(queue.snapshot(), ["third"]);
  },
  { ours: "close is what it is for all objects here; shutdown({ wait: false }) is Python's close" },
);

rule(
  "workers of pools that were closed are free again",
  "(garbage collected executors let their threads go)",
  async (world) => {
    // More than there are numbers for workers.
    for (let i = 0; i < 70; i++) {
      const pool = new world.heddle.Pool(4);
      assert.is(await pool.submit(world.target("square"), i), i * i);
      pool.close();
    }
  },
  { needs: { only: ["main"] } },
);

rule("another thread may use it", "(executors are used from any thread)", async (world) => {
  const pool = make(world, 1);
  const queue = queueOf(world);
  const thread = world.own(
    new world.heddle.Thread({ target: world.target("useElsewhere"), args: [pool, queue, world.target("square").url] }),
  );
  thread.start();
  assert.equal(await queue.get(), [25, [1, 4, 9], "PoolShutdownError"]);
  await thread.join();
  await world.fails(() => pool.submit(world.target("square"), 3), "PoolShutdownError");
});

rule("names of what it cannot do yet tell what went wrong", "(messages)", async (world) => {
  const pool = make(world);
  await world.fails(() => pool.submitWith({ wait: true } as never, world.target("square"), 3), "ArgumentError");
  await world.fails(() => pool.submitWith({ priority: Number.NaN }, world.target("square"), 3), "ArgumentError");
  await world.fails(() => pool.submitWith({ timeout: -1 }, world.target("square"), 3), "TimeoutRangeError");
  assert.is(await nameOf(pool.submit(world.target("fail"))), "RangeError");
});
