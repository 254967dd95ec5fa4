/** SimpleQueue: sections 2 and 5 of the reference. */
import * as assert from "uvu/assert";
import type { SimpleQueue } from "../library.js";
import { chapter, type World } from "../world.js";

const { cases, rule } = chapter("SimpleQueue");

export { cases };

function make<T = number>({ heddle, own }: World): SimpleQueue<T> {
  return own(new heddle.SimpleQueue<T>());
}

rule("is first in first out, and unbounded", "unbounded FIFO", async (world) => {
  const queue = make(world);
  for (let i = 0; i < 1000; i++) await queue.put(i);
  assert.is(queue.qsize(), 1000);
  for (let i = 0; i < 1000; i++) assert.is(await queue.get(), i);
});

rule(
  "put never blocks, in each of its forms",
  "put never blocks",
  (world) => {
    const queue = make(world);
    queue.putNowait(1);
    queue.putSync(2);
    assert.equal([queue.getSync(), queue.getNowait()], [1, 2]);
  },
  { needs: { sync: true } },
);

rule("qsize and empty follow", "qsize, empty", (world) => {
  const queue = make(world);
  assert.equal([queue.qsize(), queue.empty()], [0, true]);
  queue.putNowait(1);
  assert.equal([queue.qsize(), queue.empty()], [1, false]);
});

rule("getNowait on an empty one throws QueueEmptyError", "get_nowait -> Empty", async (world) => {
  const queue = make(world);
  await world.fails(() => queue.getNowait(), "QueueEmptyError");
});

for (const missing of ["maxsize", "full", "taskDone", "join", "shutdown", "isShutdown", "unfinishedTasks"]) {
  rule(`has no ${missing}`, "no maxsize, full, task_done, join, shutdown", (world) => {
    assert.is(missing in make(world), false);
  });
}

rule("a bound is refused, and told where there are some", "SimpleQueue(1): TypeError", async ({ heddle, fails }) => {
  const { message } = await fails(() => new heddle.SimpleQueue({ maxsize: 1 } as object), "ArgumentError");
  assert.match(message, /unknown option `maxsize`.*Queue has/);
  await fails(() => new heddle.SimpleQueue(1 as never), "ArgumentError");
});

rule(
  "a wrong timeout of put is told",
  "put: negative ignored",
  async (world) => {
    const queue = make(world);
    await world.fails(() => queue.put(1, { timeout: -1 }), "TimeoutRangeError");
    assert.is(queue.qsize(), 0);
  },
  { ours: "a negative time is a mistake everywhere, also where nothing has to wait" },
);

rule(
  "a timeout of put that is right changes nothing",
  "put: all of block/timeout accepted and ignored",
  async (world) => {
    const queue = make(world);
    await queue.put(1, { timeout: 0 });
    await queue.put(2, { timeout: null });
    assert.is(queue.qsize(), 2);
  },
);

rule(
  "a wrong timeout of get is told although an item is there",
  "get: C version ignores a negative timeout with block=False",
  async (world) => {
    const queue = make(world);
    queue.putNowait(1);
    await world.fails(() => queue.get({ timeout: -1 }), "TimeoutRangeError");
    assert.is(queue.getNowait(), 1);
  },
);

rule("wakes one getter for one item, in order of arrival", "FIFO", async (world) => {
  const queue = make(world);
  const got = [queue.get(), queue.get()];
  await world.waiting(queue, 2);
  queue.putNowait(1);
  assert.is(await got[0], 1);
  assert.is(world.heddle.waitingOn(queue), 1);
  queue.putNowait(2);
  assert.is(await got[1], 2);
});

rule("goes between threads", "any thread", async (world) => {
  const queue = make(world);
  const gathered = world.inThread("gather", queue, 200);
  for (let i = 0; i < 200; i++) queue.putNowait(i);
  assert.equal(
    await gathered,
    Array.from({ length: 200 }, (_, i) => i),
  );
});

rule("takes values of every kind", "any object", async (world) => {
  const queue = make<unknown>(world);
  const values = [undefined, null, false, "a", 1n, [1, { b: 2 }], new Uint8Array([1])];
  for (const value of values) queue.putNowait(value);
  for (const value of values) assert.equal(await queue.get(), value);
});

rule("refuses a function, and is as it was", "any object", async (world) => {
  const queue = make<unknown>(world);
  await world.fails(() => queue.putNowait(() => {}), "TransferError");
  assert.is(queue.qsize(), 0);
});
