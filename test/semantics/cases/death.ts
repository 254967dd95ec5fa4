/** What survivors see when a thread dies, for queues. Locks and the like have theirs in their own chapters. */
import * as assert from "uvu/assert";
import type { Queue } from "../library.js";
import { chapter } from "../world.js";

const { cases, rule } = chapter("a thread's death");

export { cases };

const PYTHON = "the queue may be corrupted, and others hang";

rule("while it waits in get takes no item", PYTHON, async (world) => {
  const queue = world.own(new world.heddle.Queue<number>());
  const other = await world.thread();
  void other.run("call", queue, "getSync");
  await world.waiting(queue, 1);
  const got = queue.get();
  await world.waiting(queue, 2);
  await other.kill();
  await world.waiting(queue, 1);
  queue.putNowait(1);
  assert.is(await got, 1);
});

rule("while it waits in get, and items come at that moment: none is lost", PYTHON, async (world) => {
  const queue = world.own(new world.heddle.Queue<number>());
  const other = await world.thread();
  void other.run("call", queue, "getSync");
  await world.waiting(queue, 1);
  const killed = other.kill();
  queue.putNowait(1);
  queue.putNowait(2);
  await killed;
  // The dead may have taken the first: then it is gone with it.
  const rest = await queue.getMany(2);
  assert.ok(rest.at(-1) === 2, String(rest));
  await world.waiting(queue, 0);
  queue.shutdown({ immediate: true });
});

rule("while it waits in put puts nothing", PYTHON, async (world) => {
  const queue = world.own(new world.heddle.Queue<number>(1));
  queue.putNowait(1);
  const other = await world.thread();
  void other.run("call", queue, "putSync", 2);
  await world.waiting(queue, 1);
  await other.kill();
  await world.waiting(queue, 0);
  assert.is(queue.getNowait(), 1);
  assert.equal([queue.qsize(), queue.empty()], [0, true]);
});

rule(
  "with items taken and not done rejects join",
  "join hangs",
  async (world) => {
    const queue = world.own(new world.heddle.Queue<number>());
    queue.putNowait(1);
    const other = await world.thread();
    await other.run("call", queue, "getSync");
    const joined = world.fails(queue.join(), "AbandonedError");
    await world.waiting(queue, 1);
    await other.kill();
    await joined;
  },
  { ours: "join rejects: nobody will report them done" },
);

rule("with items taken and done lets join be", "join", async (world) => {
  const queue = world.own(new world.heddle.Queue<number>());
  queue.putNowait(1);
  const other = await world.thread();
  await other.run("call", queue, "getSync");
  await other.run("call", queue, "taskDone");
  await other.kill();
  assert.is(await queue.join(), true);
});

for (const name of ["Queue", "LifoQueue", "PriorityQueue"] as const) {
  rule(`leaves a ${name} as usable as before`, PYTHON, async (world) => {
    const queue = world.own(new (world.heddle[name] as typeof Queue)(2));
    const other = await world.thread();
    void other.run("produce", queue as never, 0, 1000);
    await world.waiting(queue, 1);
    await other.kill();
    await world.waiting(queue, 0);
    assert.is(queue.qsize(), 2);
    queue.getNowait();
    queue.getNowait();
    queue.putNowait(7);
    assert.is(await queue.get(), 7);
  });
}

rule("while it waits for a lock leaves the lock to the next", PYTHON, async (world) => {
  const lock = world.own(new world.heddle.Lock());
  const guard = await lock.acquire();
  const other = await world.thread();
  void other.run("call", lock, "acquireSync");
  await world.waiting(lock, 1);
  const waited = lock.acquire();
  await world.waiting(lock, 2);
  await other.kill();
  guard?.release();
  const next = await waited;
  assert.is(next?.abandoned, false);
  next?.release();
});

rule(
  "of one that this thread blocks for ends the wait",
  PYTHON,
  async (world) => {
    const lock = world.own(new world.heddle.Lock());
    const [holder, killer] = [await world.thread(), world.own(new world.heddle.Event())];
    await holder.run("take", lock, "acquireSync");
    void holder.run("dieWhenSet", killer);
    const set = world.inThread("whenWaitingOn", lock, 1, killer, "set");
    const guard = lock.acquireSync();
    assert.is(guard?.abandoned, true);
    guard?.release();
    await set;
    await holder.kill();
  },
  { needs: { sync: true } },
);
