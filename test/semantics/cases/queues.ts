/** Queue, LifoQueue and PriorityQueue, where all are equal: section 2 of the reference. */
import * as assert from "uvu/assert";
import type { Queue, QueueOptions } from "../library.js";
import { type Case, chapter, type World } from "../world.js";

interface Discipline {
  readonly name: "Queue" | "LifoQueue" | "PriorityQueue";
  /** The order in which numbers leave. */
  order(items: readonly number[]): number[];
}

const DISCIPLINES: readonly Discipline[] = [
  { name: "Queue", order: (items) => [...items] },
  { name: "LifoQueue", order: (items) => [...items].reverse() },
  { name: "PriorityQueue", order: (items) => [...items].sort((a, b) => a - b) },
];

/** Neither rising nor falling. */
const ITEMS = [5, 1, 4, 2, 3];

function drain(queue: Queue<number>): number[] {
  return Array.from({ length: queue.qsize() }, () => queue.getNowait());
}

function rulesOf({ name, order }: Discipline): Case[] {
  const { cases, rule } = chapter(name);
  const make = ({ heddle, own }: World, options?: number | QueueOptions<undefined>): Queue<number> =>
    own(new (heddle[name] as typeof Queue)<number>(options));

  rule("is empty, not full, not shut down at first, with no task", "constructor", (world) => {
    const queue = make(world);
    assert.equal(
      [queue.qsize(), queue.empty(), queue.full(), queue.maxsize, queue.isShutdown, queue.unfinishedTasks],
      [0, true, false, 0, false, 0],
    );
  });

  rule(
    "items leave in their order",
    name === "Queue" ? "first in first out" : "LifoQueue, PriorityQueue: all else equal",
    async (world) => {
      const queue = make(world);
      for (const item of ITEMS) await queue.put(item);
      const out: number[] = [];
      for (let i = 0; i < ITEMS.length; i++) out.push(await queue.get());
      assert.equal(out, order(ITEMS));
    },
  );

  rule("put and get return nothing and the item", "put returns None", async (world) => {
    const queue = make(world);
    assert.is(await queue.put(1), undefined);
    assert.is(queue.putNowait(2), undefined);
    assert.equal(order([1, 2]), [await queue.get(), queue.getNowait()]);
  });

  rule(
    "the blocking forms work where nothing has to wait",
    "put, get",
    (world) => {
      const queue = make(world, 2);
      assert.is(queue.putSync(1), undefined);
      queue.putSync(2, { timeout: 0 });
      assert.equal([queue.getSync(), queue.getSync({ timeout: 0 })], order([1, 2]));
    },
    { needs: { sync: true } },
  );

  rule("qsize, empty and full follow", "under the mutex, snapshot only", (world) => {
    const queue = make(world, 2);
    const seen: unknown[] = [];
    const look = () => seen.push([queue.qsize(), queue.empty(), queue.full()]);
    queue.putNowait(1);
    look();
    queue.putNowait(2);
    look();
    queue.getNowait();
    look();
    queue.getNowait();
    look();
    assert.equal(seen, [
      [1, false, false],
      [2, false, true],
      [1, false, false],
      [0, true, false],
    ]);
  });

  rule("putNowait on a full one throws QueueFullError and leaves it as it was", "put_nowait -> Full", async (world) => {
    const queue = make(world, 1);
    queue.putNowait(1);
    await world.fails(() => queue.putNowait(2), "QueueFullError");
    assert.equal([queue.qsize(), queue.unfinishedTasks, queue.snapshot()], [1, 1, [1]]);
  });

  rule("getNowait on an empty one throws QueueEmptyError", "get_nowait -> Empty", async (world) => {
    const queue = make(world);
    await world.fails(() => queue.getNowait(), "QueueEmptyError");
    queue.putNowait(1);
    assert.is(queue.getNowait(), 1);
    await world.fails(() => queue.getNowait(), "QueueEmptyError");
  });

  for (const maxsize of [0, -1, -5]) {
    rule(
      `maxsize ${maxsize} is unbounded, and stays readable`,
      "<= 0 means unbounded; the given number stays readable",
      (world) => {
        const queue = make(world, maxsize);
        for (let i = 0; i < 100; i++) queue.putNowait(i);
        assert.equal([queue.full(), queue.qsize(), queue.maxsize], [false, 100, maxsize]);
        assert.is(drain(queue).length, 100);
      },
    );
  }

  rule("maxsize 1.5 holds 2", "a fraction works by comparison", async (world) => {
    const queue = make(world, 1.5);
    queue.putNowait(1);
    assert.is(queue.full(), false);
    queue.putNowait(2);
    assert.equal([queue.full(), queue.maxsize], [true, 1.5]);
    await world.fails(() => queue.putNowait(3), "QueueFullError");
  });

  rule("maxsize as an option is the same", "Queue(maxsize=0)", async (world) => {
    const queue = make(world, { maxsize: 1 });
    queue.putNowait(1);
    assert.is(queue.maxsize, 1);
    await world.fails(() => queue.putNowait(2), "QueueFullError");
  });

  for (const maxsize of ["1", Number.NaN, {}, 1n]) {
    rule(
      `maxsize ${typeof maxsize} ${String(maxsize)} is refused`,
      "takes anything; put fails later",
      (world) => world.fails(() => make(world, { maxsize: maxsize as number }), "ArgumentError").then(() => {}),
      { ours: "bad input is an error where it is given" },
    );
  }

  rule(
    "maxsize lowered below qsize keeps put out",
    "a live attribute: lowering it below qsize keeps put blocked/Full",
    async (world) => {
      const queue = make(world, 3);
      for (const item of [1, 2, 3]) queue.putNowait(item);
      queue.maxsize = 1;
      assert.equal([queue.full(), queue.maxsize, queue.qsize()], [true, 1, 3]);
      for (let left = 2; left >= 1; left--) {
        queue.getNowait();
        assert.is(queue.full(), true, `${left} left`);
        await world.fails(() => queue.putNowait(9), "QueueFullError");
      }
      queue.getNowait();
      queue.putNowait(4);
      assert.is(queue.getNowait(), 4);
    },
  );

  rule("maxsize raised lets the next in at once", "raising it", (world) => {
    const queue = make(world, 1);
    queue.putNowait(1);
    queue.maxsize = 2;
    assert.is(queue.full(), false);
    queue.putNowait(2);
    assert.is(queue.full(), true);
  });

  rule(
    "maxsize raised: one who waits is let in by the next get at the latest",
    "raising it does not wake blocked putters until the next get",
    async (world) => {
      const queue = make(world, 1);
      queue.putNowait(1);
      const put = queue.put(2);
      await world.waiting(queue, 1);
      queue.maxsize = 3;
      queue.getNowait();
      await put;
      assert.is(queue.qsize(), 1);
    },
  );

  rule("maxsize set to 0 makes it unbounded", "a live attribute", (world) => {
    const queue = make(world, 1);
    queue.putNowait(1);
    queue.maxsize = 0;
    for (let i = 0; i < 50; i++) queue.putNowait(i);
    assert.is(queue.qsize(), 51);
  });

  rule("maxsize is one for all threads", "a live attribute", async (world) => {
    const queue = make(world, 1);
    queue.maxsize = 7;
    assert.is(await world.inThread("read", queue, "maxsize"), 7);
  });

  rule("put counts a task, get does not", "unfinished_tasks += 1; get does not change it", (world) => {
    const queue = make(world);
    queue.putNowait(1);
    queue.putNowait(2);
    queue.getNowait();
    assert.is(queue.unfinishedTasks, 2);
    queue.taskDone();
    assert.is(queue.unfinishedTasks, 1);
  });

  rule(
    "taskDone too often throws TaskDoneError, and the count stays",
    "negative -> ValueError, count unchanged",
    async (world) => {
      const queue = make(world);
      await world.fails(() => queue.taskDone(), "TaskDoneError");
      queue.putNowait(1);
      queue.taskDone();
      await world.fails(() => queue.taskDone(), "TaskDoneError");
      assert.is(queue.unfinishedTasks, 0);
      queue.putNowait(2);
      assert.is(queue.unfinishedTasks, 1);
    },
  );

  rule(
    "taskDone needs no get before it",
    "calling it twice after two puts works although both items are still stored",
    async (world) => {
      const queue = make(world);
      queue.putNowait(1);
      queue.putNowait(2);
      queue.taskDone();
      queue.taskDone();
      assert.is(await queue.join(), true);
      assert.is(queue.qsize(), 2);
    },
  );

  rule("join of a new one returns at once", "blocks while count != 0", async (world) => {
    assert.is(await make(world).join(), true);
  });

  rule(
    "join waits for taskDone, not for get; all who wait go on",
    "reaching 0 wakes all joiners; any number of joiners",
    async (world) => {
      const queue = make(world);
      queue.putNowait(1);
      queue.putNowait(2);
      const joined = [queue.join(), queue.join(), world.inThread("call", queue, "joinSync")];
      await world.waiting(queue, 3);
      queue.getNowait();
      queue.getNowait();
      queue.taskDone();
      assert.is(world.heddle.waitingOn(queue), 3);
      queue.taskDone();
      assert.equal(await Promise.all(joined), [true, true, true]);
    },
  );

  rule("join again after more was put waits again", "blocks while count != 0", async (world) => {
    const queue = make(world);
    queue.putNowait(1);
    queue.taskDone();
    await queue.join();
    queue.putNowait(2);
    assert.is(await queue.join({ timeout: 0 }), false);
    queue.taskDone();
    assert.is(await queue.join({ timeout: 0 }), true);
  });

  rule("tasks are counted for all threads together", "unfinished_tasks", async (world) => {
    const queue = make(world);
    queue.putNowait(1);
    await world.inThread("repeat", queue, 2, "putNowait", 1);
    assert.is(queue.unfinishedTasks, 3);
    await world.inThread("repeat", queue, 3, "taskDone");
    assert.is(await queue.join({ timeout: 0 }), true);
  });

  rule("wakes one getter for one item", "notify one getter", async (world) => {
    const queue = make(world);
    const got = [queue.get(), queue.get(), queue.get()];
    await world.waiting(queue, 3);
    queue.putNowait(1);
    assert.is(await Promise.race(got), 1);
    assert.is(world.heddle.waitingOn(queue), 2);
    queue.putNowait(2);
    queue.putNowait(3);
    assert.equal((await Promise.all(got)).sort(), [1, 2, 3]);
  });

  rule("wakes one putter for one slot", "then remove, notify one putter", async (world) => {
    const queue = make(world, 1);
    queue.putNowait(0);
    const put = [queue.put(1), queue.put(2)];
    await world.waiting(queue, 2);
    queue.getNowait();
    await Promise.race(put);
    assert.equal([world.heddle.waitingOn(queue), queue.qsize()], [1, 1]);
    queue.getNowait();
    await Promise.all(put);
    assert.is(queue.qsize(), 1);
  });

  rule("getters in other threads and here share what comes", "any number of threads", async (world) => {
    const queue = make(world);
    const got = [world.inThread("call", queue, "getSync"), queue.get(), world.inThread("call", queue, "get")];
    await world.waiting(queue, 3);
    for (const item of ITEMS.slice(0, 3)) queue.putNowait(item);
    assert.equal(((await Promise.all(got)) as number[]).sort(), ITEMS.slice(0, 3).sort());
    assert.is(queue.qsize(), 0);
  });

  rule(
    "blocks here until another thread puts",
    "get waits on not_empty",
    async (world) => {
      const queue = make(world);
      const put = world.inThread("whenWaiting", queue, 1, "putSync", 8);
      assert.is(queue.getSync(), 8);
      await put;
    },
    { needs: { sync: true } },
  );

  rule(
    "blocks here until another thread gets",
    "put waits on not_full",
    async (world) => {
      const queue = make(world, 1);
      queue.putSync(1);
      const got = world.inThread("whenWaiting", queue, 1, "getSync");
      queue.putSync(2);
      assert.is(await got, 1);
      assert.is(queue.getSync(), 2);
    },
    { needs: { sync: true } },
  );

  rule("nothing is lost or comes twice between threads", "one mutex", async (world) => {
    const queue = make(world, 3);
    const count = 300;
    const gathered = [1, 2].map(() => world.inThread("gather", queue, count));
    await Promise.all([1, 2].map((_, i) => world.inThread("produce", queue, i * count, count)));
    const seen = (await Promise.all(gathered)).flat().sort((a, b) => a - b);
    assert.equal(
      seen,
      Array.from({ length: 2 * count }, (_, i) => i),
    );
    assert.is(queue.unfinishedTasks, 2 * count);
  });

  rule(
    "snapshot shows what is in it, in the order in which it would leave, and takes nothing",
    "q.queue",
    (world) => {
      const queue = make(world);
      assert.equal(queue.snapshot(), []);
      for (const item of ITEMS) queue.putNowait(item);
      assert.equal(queue.snapshot(), order(ITEMS));
      assert.equal(queue.snapshot(), order(ITEMS));
      assert.equal([queue.qsize(), queue.unfinishedTasks], [5, 5]);
      assert.equal(drain(queue), order(ITEMS));
    },
    { ours: "a copy, in the order of leaving; Python shows the store itself" },
  );

  rule("snapshot follows what was taken and what wrapped round", "q.queue", (world) => {
    const queue = make(world, 3);
    const model: number[] = [];
    for (let i = 0; i < 20; i++) {
      const item = (i * 7) % 10;
      queue.putNowait(item);
      model.push(item);
      assert.equal(queue.snapshot(), order(model));
      if (model.length < 3) continue;
      const out = queue.getNowait();
      assert.is(out, order(model)[0]);
      model.splice(name === "LifoQueue" ? model.lastIndexOf(out) : model.indexOf(out), 1);
    }
  });

  // Shutdown.

  rule("isShutdown starts false and never goes back", "public flag, starts False, never goes back", (world) => {
    const queue = make(world);
    queue.shutdown();
    assert.is(queue.isShutdown, true);
    queue.shutdown();
    queue.shutdown({ immediate: true });
    queue.shutdown({ immediate: false });
    assert.is(queue.isShutdown, true);
  });

  rule("shutdown takes options, not a flag", "shutdown(immediate=False)", async (world) => {
    const queue = make(world);
    for (const wrong of [true, 1, null, { now: true }, { immediate: 1 }, { immediate: "yes" }]) {
      await world.fails(() => queue.shutdown(wrong as object), "ArgumentError");
    }
    assert.is(queue.isShutdown, false);
    queue.shutdown({ immediate: undefined });
    assert.is(queue.isShutdown, true);
  });

  rule("a codec can write and read, or is refused", "(has none)", async (world) => {
    const { handle } = make(world);
    const found = world.heddle[name] as typeof Queue;
    for (const codec of [JSON, { encode: () => {} }, { decode: () => {} }, null, "json"] as never[]) {
      for (const wrong of [() => new found({ codec }), () => found.from(handle, { codec })]) {
        const { message } = await world.fails(wrong, "ArgumentError");
        assert.match(message, "encode and decode");
      }
    }
  });

  rule("after shutdown every put throws", "put -> ShutDown", async (world) => {
    const queue = make(world);
    queue.shutdown();
    await world.fails(() => queue.put(1), "QueueShutdownError");
    await world.fails(() => queue.putNowait(1), "QueueShutdownError");
    await world.fails(() => queue.putMany([1]), "QueueShutdownError");
    assert.equal([queue.qsize(), queue.unfinishedTasks], [0, 0]);
  });

  rule(
    "after shutdown every blocking form throws at once",
    "put, get -> ShutDown",
    async (world) => {
      const queue = make(world);
      queue.shutdown();
      await world.fails(() => queue.putSync(1), "QueueShutdownError");
      await world.fails(() => queue.getSync(), "QueueShutdownError");
      await world.fails(() => queue.putManySync([1]), "QueueShutdownError");
      await world.fails(() => queue.getManySync(1), "QueueShutdownError");
    },
    { needs: { sync: true } },
  );

  rule(
    "after shutdown what is in it can be got, then get throws",
    "graceful: stored items stay readable",
    async (world) => {
      const queue = make(world);
      for (const item of ITEMS) queue.putNowait(item);
      queue.shutdown();
      assert.is(queue.qsize(), 5);
      const out = [await queue.get(), queue.getNowait(), ...(await queue.getMany(9))];
      assert.equal(out, order(ITEMS));
      await world.fails(() => queue.get(), "QueueShutdownError");
      await world.fails(() => queue.get({ timeout: 0 }), "QueueShutdownError");
      await world.fails(() => queue.getNowait(), "QueueShutdownError");
      await world.fails(() => queue.getMany(1), "QueueShutdownError");
    },
  );

  rule("shutdown wakes all getters of an empty one", "wakes all getters and putters", async (world) => {
    const queue = make(world);
    const got = [queue.get(), queue.get(), world.inThread("call", queue, "getSync"), queue.getMany(2)].map((one) =>
      world.fails(one, "QueueShutdownError"),
    );
    await world.waiting(queue, 4);
    queue.shutdown();
    await Promise.all(got);
  });

  for (const immediate of [false, true]) {
    rule(
      `shutdown wakes all putters, immediate: ${immediate}`,
      "blocked putters raise ShutDown even if a slot is free by then",
      async (world) => {
        const queue = make(world, 1);
        queue.putNowait(1);
        const put = [queue.put(2), world.inThread("call", queue, "putSync", 3), queue.putMany([4, 5])].map((one) =>
          world.fails(one, "QueueShutdownError"),
        );
        await world.waiting(queue, 3);
        queue.shutdown({ immediate });
        if (!immediate) queue.getNowait();
        await Promise.all(put);
        assert.equal([queue.qsize(), queue.unfinishedTasks], [0, immediate ? 0 : 1]);
      },
    );
  }

  rule(
    "a shutdown in another thread wakes who blocks here",
    "wakes all getters",
    async (world) => {
      const queue = make(world);
      const done = world.inThread("whenWaiting", queue, 1, "shutdown");
      await world.fails(() => queue.getSync(), "QueueShutdownError");
      await done;
      assert.is(queue.isShutdown, true);
    },
    { needs: { sync: true } },
  );

  rule(
    "after a graceful shutdown join goes on waiting for taskDone",
    "join keeps waiting for task_done",
    async (world) => {
      const queue = make(world);
      queue.putNowait(1);
      queue.shutdown();
      const joined = queue.join();
      await world.waiting(queue, 1);
      queue.getNowait();
      assert.is(await queue.join({ timeout: 0 }), false);
      queue.taskDone();
      assert.is(await joined, true);
    },
  );

  rule(
    "an immediate shutdown drops what is in it and releases who joins",
    "items dropped, count reduced by the number dropped, joiners woken",
    async (world) => {
      const queue = make(world);
      for (const item of ITEMS) queue.putNowait(item);
      const joined = queue.join();
      await world.waiting(queue, 1);
      queue.shutdown({ immediate: true });
      assert.is(await joined, true);
      assert.equal([queue.qsize(), queue.unfinishedTasks, queue.snapshot()], [0, 0, []]);
      await world.fails(() => queue.get(), "QueueShutdownError");
    },
  );

  rule(
    "after an immediate shutdown join waits for what was taken before",
    "join stays blocked if items taken earlier were not task_done'd yet; task_done for those still works",
    async (world) => {
      const queue = make(world);
      for (const item of ITEMS) queue.putNowait(item);
      queue.getNowait();
      queue.getNowait();
      const joined = queue.join();
      await world.waiting(queue, 1);
      queue.shutdown({ immediate: true });
      assert.is(queue.unfinishedTasks, 2);
      assert.is(await queue.join({ timeout: 0 }), false);
      queue.taskDone();
      queue.taskDone();
      assert.is(await joined, true);
      await world.fails(() => queue.taskDone(), "TaskDoneError");
    },
  );

  rule("an immediate shutdown never counts below nothing", "count reduced, not below 0", async (world) => {
    const queue = make(world);
    for (const item of ITEMS) queue.putNowait(item);
    for (let i = 0; i < 3; i++) queue.taskDone();
    queue.shutdown({ immediate: true });
    assert.is(queue.unfinishedTasks, 0);
    assert.is(await queue.join({ timeout: 0 }), true);
  });

  rule(
    "a graceful shutdown may be followed by an immediate one",
    "may be called again with immediate=True later",
    async (world) => {
      const queue = make(world);
      queue.putNowait(1);
      queue.shutdown();
      assert.is(queue.qsize(), 1);
      queue.shutdown({ immediate: true });
      assert.equal([queue.qsize(), queue.unfinishedTasks], [0, 0]);
      await world.fails(() => queue.getNowait(), "QueueShutdownError");
    },
  );

  rule(
    "after shutdown a wrong timeout is told first",
    "ShutDown is checked first: put(-1) -> ShutDown; get(-1) -> ShutDown if empty",
    async (world) => {
      const queue = make(world);
      queue.shutdown();
      await world.fails(() => queue.put(1, { timeout: -1 }), "TimeoutRangeError");
      await world.fails(() => queue.get({ timeout: Number.NaN }), "TimeoutRangeError");
      await world.fails(() => queue.putMany([1], { timeout: -1 }), "TimeoutRangeError");
      await world.fails(() => queue.getMany(1, { timeout: -1 }), "TimeoutRangeError");
    },
    { ours: "arguments first, then shutdown, then capacity: a mistake shows whatever the state" },
  );

  rule(
    "a wrong timeout is told although there is room, or an item",
    "ValueError even when there is room, even when an item is present",
    async (world) => {
      const queue = make(world, 2);
      queue.putNowait(1);
      await world.fails(() => queue.put(2, { timeout: -1 }), "TimeoutRangeError");
      await world.fails(() => queue.get({ timeout: -1 }), "TimeoutRangeError");
      await world.fails(() => queue.putMany([2], { timeout: -1 }), "TimeoutRangeError");
      await world.fails(() => queue.putMany([], { timeout: -1 }), "TimeoutRangeError");
      await world.fails(() => queue.getMany(1, { timeout: -1 }), "TimeoutRangeError");
      assert.equal(queue.snapshot(), [1]);
    },
  );

  rule(
    "an aborted signal rejects although there is room, or an item",
    "(has no signals)",
    async (world) => {
      const queue = make(world, 4);
      queue.putNowait(1);
      const signal = AbortSignal.abort("enough");
      for (const call of [
        () => queue.put(2, { signal }),
        () => queue.get({ signal }),
        () => queue.putMany([2, 3], { signal }),
        () => queue.getMany(1, { signal }),
      ]) {
        assert.is(await call().then(String, (thrown: unknown) => thrown), "enough");
      }
      assert.equal(queue.snapshot(), [1]);
    },
    { ours: "an aborted wait takes and puts nothing" },
  );

  rule(
    "a wrong timeout of put is told without a maxsize too",
    "ValueError only if maxsize > 0",
    async (world) => {
      const queue = make(world);
      await world.fails(() => queue.put(1, { timeout: -1 }), "TimeoutRangeError");
      assert.is(queue.qsize(), 0);
    },
    { ours: "the same rule whatever the maxsize" },
  );

  rule(
    "after shutdown a full one says shutdown, not full",
    "shutdown, then block/timeout validation, then capacity",
    async (world) => {
      const queue = make(world, 1);
      queue.putNowait(1);
      queue.shutdown();
      await world.fails(() => queue.putNowait(2), "QueueShutdownError");
      await world.fails(() => queue.put(2, { timeout: 0 }), "QueueShutdownError");
    },
  );

  rule("after shutdown an aborted signal is told first, like any argument", "(has no signals)", async (world) => {
    const queue = make(world);
    queue.shutdown();
    const thrown: unknown = await queue.get({ signal: AbortSignal.abort("enough") }).catch((thrown) => thrown);
    assert.is(thrown, "enough");
  });

  // Time out of the way of others.

  rule("an item put after a get ran out of time stays for the next", "get leaves nothing behind", async (world) => {
    const queue = make(world);
    for (let i = 0; i < 20; i++) await world.fails(() => queue.get({ timeout: i % 3 }), "QueueEmptyError");
    queue.putNowait(1);
    assert.is(queue.qsize(), 1);
    assert.is(await queue.get(), 1);
  });

  rule("a put that ran out of time puts nothing later", "put leaves nothing behind", async (world) => {
    const queue = make(world, 1);
    queue.putNowait(1);
    for (let i = 0; i < 20; i++) await world.fails(() => queue.put(9, { timeout: i % 3 }), "QueueFullError");
    assert.equal([queue.getNowait(), queue.empty(), queue.unfinishedTasks], [1, true, 1]);
  });

  rule("an aborted put puts nothing later, its slot goes to the next", "(has no signals)", async (world) => {
    const queue = make(world, 1);
    queue.putNowait(1);
    const controller = new AbortController();
    const aborted = queue.put(8, { signal: controller.signal }).catch((thrown: unknown) => thrown);
    await world.waiting(queue, 1);
    const next = queue.put(9);
    await world.waiting(queue, 2);
    controller.abort("enough");
    assert.is(await aborted, "enough");
    assert.is(queue.getNowait(), 1);
    await next;
    assert.equal(queue.snapshot(), [9]);
  });

  rule("aborts at random moments lose no item", "(has no signals)", async (world) => {
    const queue = make(world);
    let got = 0;
    for (let i = 0; i < 100; i++) {
      const controller = new AbortController();
      const one = queue.get({ signal: controller.signal }).then(
        () => got++,
        () => {},
      );
      if (i % 2 === 0) controller.abort();
      queue.putNowait(i);
      // A turn of the promises, or of the event loop, or none.
      if (i % 3 === 1) await Promise.resolve();
      if (i % 3 === 2) await new Promise((resolve) => setTimeout(resolve));
      controller.abort();
      await one;
    }
    assert.is(got + queue.qsize(), 100);
  });

  rule("items that time out at random moments lose no item between threads", "(none)", async (world) => {
    const queue = make(world);
    const seen = world.inThread("attempts", queue, 60, "getSync", { timeout: 1 });
    for (let i = 0; i < 40; i++) {
      queue.putNowait(1);
      if (i % 4 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const items = (await seen).filter((one) => one === 1).length;
    assert.is(items + queue.qsize(), 40);
  });

  // Batches.

  rule("putMany puts all, in order, and says how many", "(has none)", async (world) => {
    const queue = make(world);
    assert.is(await queue.putMany(ITEMS), 5);
    assert.equal([queue.unfinishedTasks, queue.snapshot()], [5, order(ITEMS)]);
  });

  rule("putMany takes any iterable and any array-like", "(has none)", async (world) => {
    const queue = make(world);
    function* generate() {
      yield* ITEMS;
    }
    assert.is(await queue.putMany(new Set(ITEMS)), 5);
    assert.is(await queue.putMany(generate()), 5);
    assert.is(await queue.putMany({ length: 2, 0: 7, 1: 8 }), 2);
    assert.is(await queue.putMany(new Float64Array([6])), 1);
    assert.equal(drain(queue), order([...ITEMS, ...ITEMS, 7, 8, 6]));
  });

  rule("putMany of nothing puts nothing", "(has none)", async (world) => {
    const queue = make(world, 1);
    queue.putNowait(1);
    assert.is(await queue.putMany([]), 0);
    assert.is(await queue.putMany([], { timeout: 0 }), 0);
    assert.is(queue.qsize(), 1);
  });

  rule("putMany of what is no collection is refused", "(has none)", async (world) => {
    const queue = make(world);
    for (const values of [5, null, undefined, {}]) {
      await world.fails(() => queue.putMany(values as unknown as number[]), "ArgumentError");
    }
    assert.is(queue.qsize(), 0);
  });

  rule("putMany waits until all are in", "(has none)", async (world) => {
    const queue = make(world, 2);
    const put = queue.putMany([1, 2, 3, 4, 5]);
    await world.waiting(queue, 1);
    assert.is(queue.qsize(), 2);
    const out: number[] = [];
    for (let i = 0; i < 5; i++) out.push(await queue.get());
    assert.is(await put, 5);
    assert.equal(out.sort(), [1, 2, 3, 4, 5]);
  });

  rule("putMany out of time says how many went in; they stay", "(has none)", async (world) => {
    const queue = make(world, 3);
    queue.putNowait(0);
    const error = await world.fails(() => queue.putMany([1, 2, 3, 4], { timeout: 1 }), "QueueFullError");
    assert.is((error as unknown as { put: number }).put, 2);
    assert.equal([queue.qsize(), queue.unfinishedTasks], [3, 3]);
    assert.equal(drain(queue), order([0, 1, 2]));
  });

  rule("putMany with timeout 0 puts what fits", "(has none)", async (world) => {
    const queue = make(world, 2);
    const error = await world.fails(() => queue.putMany([1, 2, 3], { timeout: 0 }), "QueueFullError");
    assert.is((error as unknown as { put: number }).put, 2);
    assert.is(queue.qsize(), 2);
  });

  rule("putMany wakes as many getters as it puts items", "(has none)", async (world) => {
    const queue = make(world);
    const got = [queue.get(), queue.get(), world.inThread("call", queue, "getSync")];
    await world.waiting(queue, 3);
    await queue.putMany([1, 2, 3]);
    assert.equal(((await Promise.all(got)) as number[]).sort(), [1, 2, 3]);
  });

  rule(
    "putManySync and getManySync are the same",
    "(has none)",
    (world) => {
      const queue = make(world, 9);
      assert.is(queue.putManySync(ITEMS), 5);
      assert.equal(queue.getManySync(3), order(ITEMS).slice(0, 3));
      assert.equal(queue.getManySync(9, { timeout: 0 }), order(ITEMS).slice(3));
    },
    { needs: { sync: true } },
  );

  rule("getMany takes what is there, at most so many", "(has none)", async (world) => {
    const queue = make(world);
    await queue.putMany(ITEMS);
    assert.equal(await queue.getMany(2), order(ITEMS).slice(0, 2));
    assert.equal(await queue.getMany(100), order(ITEMS).slice(2));
    assert.is(queue.unfinishedTasks, 5);
  });

  rule("getMany waits for one and does not wait for more", "(has none)", async (world) => {
    const queue = make(world);
    const got = queue.getMany(10);
    await world.waiting(queue, 1);
    queue.putNowait(3);
    assert.equal(await got, [3]);
  });

  rule("getMany makes room for as many putters", "(has none)", async (world) => {
    const queue = make(world, 2);
    await queue.putMany([1, 2]);
    const put = [queue.put(3), queue.put(4)];
    await world.waiting(queue, 2);
    assert.is((await queue.getMany(2)).length, 2);
    await Promise.all(put);
    assert.equal(drain(queue).sort(), [3, 4]);
  });

  for (const max of [0, -1, 1.5, Number.NaN, "2", undefined]) {
    rule(`getMany of ${typeof max} ${max} is refused`, "(has none)", async (world) => {
      const queue = make(world);
      queue.putNowait(1);
      await world.fails(() => queue.getMany(max as number), "ArgumentError");
      assert.is(queue.qsize(), 1);
    });
  }

  // Iteration.

  rule("for await takes items until shutdown", "iter(q.get, …) has no end of its own", async (world) => {
    const queue = make(world);
    await queue.putMany(ITEMS);
    queue.shutdown();
    const out: number[] = [];
    for await (const item of queue) out.push(item);
    assert.equal(out, order(ITEMS));
  });

  rule("for await waits for what comes, and ends when the shutdown comes", "(has none)", async (world) => {
    const queue = make(world);
    const out: number[] = [];
    const loop = (async () => {
      for await (const item of queue) out.push(item);
    })();
    for (const item of ITEMS) {
      await world.waiting(queue, 1);
      queue.putNowait(item);
      await world.until(() => out.at(-1) === item);
    }
    await world.waiting(queue, 1);
    queue.shutdown();
    await loop;
    assert.equal(out, ITEMS);
  });

  rule("leaving a for await leaves the rest", "(has none)", async (world) => {
    const queue = make(world);
    await queue.putMany(ITEMS);
    for await (const item of queue) {
      assert.is(item, order(ITEMS)[0]);
      break;
    }
    assert.equal(queue.snapshot(), order(ITEMS).slice(1));
    assert.is(world.heddle.waitingOn(queue), 0);
  });

  rule("two loops share the items", "(has none)", async (world) => {
    const queue = make(world);
    const out: number[] = [];
    const loop = async () => {
      for await (const item of queue) out.push(item);
    };
    const loops = [loop(), loop()];
    await world.waiting(queue, 2);
    await queue.putMany(ITEMS);
    queue.shutdown();
    await Promise.all(loops);
    assert.equal(out.sort(), [1, 2, 3, 4, 5]);
  });

  rule("workers that consume until shutdown, the usual program", "task_done, join, shutdown", async (world) => {
    const queue = make(world, 4);
    const workers = [1, 2].map(() => world.inThread("consume", queue));
    for (let i = 0; i < 50; i++) await queue.put(i);
    assert.is(await queue.join(), true);
    queue.shutdown();
    const seen = (await Promise.all(workers)).flat().sort((a, b) => a - b);
    assert.equal(
      seen,
      Array.from({ length: 50 }, (_, i) => i),
    );
  });

  return cases;
}

export const cases: Case[] = DISCIPLINES.flatMap(rulesOf);
