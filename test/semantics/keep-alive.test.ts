/**
 * Whether a wait keeps its process alive: by default it does, with `ref: false` it does not. Node alone: a page lives anyhow.
 *
 * Each child begins a wait that nobody but its timeout ends, and prints what came. One that ends before prints nothing.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LIBRARY_URL } from "../runtime/library.js";
import { run } from "./program.js";

/** Milliseconds that a wait takes that keeps its process. */
const WAIT = 200;

/** A call that waits, with `OPTIONS` for its options; and what it prints in the end. */
const WAITS: readonly [name: string, text: string, stdout: string][] = [
  ["Queue.get", "new heddle.Queue().get(OPTIONS)", "ERR_QUEUE_EMPTY\n"],
  [
    "Queue.put",
    "(() => { const q = new heddle.Queue(1); q.putNowait(1); return q.put(2, OPTIONS); })()",
    "ERR_QUEUE_FULL\n",
  ],
  ["Queue.getMany", "new heddle.Queue().getMany(2, OPTIONS)", "ERR_QUEUE_EMPTY\n"],
  ["Queue.putMany", "new heddle.Queue(1).putMany([1, 2], OPTIONS)", "ERR_QUEUE_FULL\n"],
  ["Queue.join", "(() => { const q = new heddle.Queue(); q.putNowait(1); return q.join(OPTIONS); })()", "false\n"],
  ["SimpleQueue.get", "new heddle.SimpleQueue().get(OPTIONS)", "ERR_QUEUE_EMPTY\n"],
  ["Lock.acquire", "(() => { const l = new heddle.Lock(); l.tryAcquire(); return l.acquire(OPTIONS); })()", "null\n"],
  ["RLock.acquire", "(() => { const l = new heddle.RLock(); l.tryAcquire(); return l.acquire(OPTIONS); })()", "null\n"],
  [
    "Condition.wait",
    "(() => { const c = new heddle.Condition(); c.tryAcquire(); return c.wait(OPTIONS); })()",
    "false\n",
  ],
  ["Semaphore.acquire", "new heddle.Semaphore(0).acquire(OPTIONS)", "null\n"],
  ["Event.wait", "new heddle.Event().wait(OPTIONS)", "false\n"],
  ["Barrier.wait", "new heddle.Barrier(2).wait(OPTIONS)", "ERR_BROKEN_BARRIER\n"],
  [
    "ReadWriteLock.write",
    "(() => { const l = new heddle.ReadWriteLock(); l.tryRead(); return l.write(OPTIONS); })()",
    "null\n",
  ],
  [
    "Once.call",
    "(() => { const o = new heddle.Once(); o.call(() => new Promise(() => {})); return o.call(() => {}, OPTIONS); })()",
    "null\n",
  ],
];

const THEN = ".then(print, ({ code }) => print(code));";

for (const [name, text, stdout] of WAITS) {
  test(`${name} keeps its process alive until it is over`, async () => {
    const program = text.replace("OPTIONS", `{ timeout: ${WAIT} }`) + THEN;
    assert.equal(await run(program), { code: 0, stdout, stderr: "", signal: null });
  });

  test(`${name} with ref: false does not`, async () => {
    const program = text.replace("OPTIONS", "{ ref: false, timeout: 1e8 }") + THEN;
    assert.equal(await run(program), { code: 0, stdout: "", stderr: "", signal: null });
  });
}

test("a wait without a timeout keeps its process until another thread ends it", async () => {
  const worker = `
    import { workerData } from "node:worker_threads";
    const heddle = await import(workerData.library);
    await heddle.attach(workerData.share);
    const queue = heddle.Queue.from(workerData.handle);
    while (heddle.waitingOn(queue) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    queue.putNowait("from there");`;
  const ending = await run(`
    import { Worker } from "node:worker_threads";
    const queue = new heddle.Queue();
    const share = heddle.share();
    const worker = new Worker(${JSON.stringify(worker)}, {
      eval: true,
      workerData: { library: ${JSON.stringify(LIBRARY_URL)}, share, handle: queue.handle },
      transferList: share.transfer,
    });
    worker.unref();
    queue.get().then(print);`);
  assert.equal(ending, { code: 0, stdout: "from there\n", stderr: "", signal: null });
});

test("a wait with ref: false is served while something else keeps the process", async () => {
  const ending = await run(`
    const queue = new heddle.Queue();
    queue.get({ ref: false }).then(print);
    setTimeout(() => queue.putNowait("in time"), ${WAIT});
    setTimeout(() => {}, ${2 * WAIT});`);
  assert.equal(ending, { code: 0, stdout: "in time\n", stderr: "", signal: null });
});

test("after an abort nothing keeps the process", async () => {
  const ending = await run(`
    const controller = new AbortController();
    new heddle.Queue().get({ signal: controller.signal, timeout: 1e8 }).catch(print);
    setTimeout(() => controller.abort("enough"), 1);`);
  assert.equal(ending, { code: 0, stdout: "enough\n", stderr: "", signal: null });
});

test("a signal that nobody aborts does not keep the process", async () => {
  const ending = await run(`
    const queue = new heddle.Queue();
    queue.get({ signal: new AbortController().signal }).then(print);
    queue.putNowait("there");`);
  assert.equal(ending, { code: 0, stdout: "there\n", stderr: "", signal: null });
});

test("objects that nobody waits on do not keep the process", async () => {
  const ending = await run(`
    for (const name of ["Queue", "Lock", "Event", "Condition"]) new heddle[name]();
    const queue = new heddle.Queue();
    queue.putNowait(1);
    print(await queue.get());`);
  assert.equal(ending, { code: 0, stdout: "1\n", stderr: "", signal: null });
});

test("a share that nobody attached to does not keep the process", async () => {
  assert.equal(await run("heddle.share(); print('shared');"), {
    code: 0,
    stdout: "shared\n",
    stderr: "",
    signal: null,
  });
});

test("a blocking wait does not depend on an event loop", async () => {
  const ending = await run(`
    const queue = new heddle.Queue();
    try { queue.getSync({ timeout: ${WAIT} }); } catch ({ code }) { print(code); }
    print(new heddle.Event().waitSync({ timeout: 1 }));`);
  assert.equal(ending, { code: 0, stdout: "ERR_QUEUE_EMPTY\nfalse\n", stderr: "", signal: null });
});

test("an item is not lost with a loop over a queue that is left waiting", async () => {
  const ending = await run(`
    const queue = new heddle.Queue();
    (async () => { for await (const item of queue) print(item); print("over"); })();
    setTimeout(() => { queue.putNowait("item"); queue.shutdown(); }, ${WAIT});`);
  assert.equal(ending, { code: 0, stdout: "item\nover\n", stderr: "", signal: null });
});

test.run();
