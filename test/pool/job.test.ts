/** Tasks that are given up: while they wait for room, while they are queued, by threads that sleep for them. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { loadLibrary, until } from "../runtime/library.js";
import { watchdog } from "../tools/watchdog.js";

const { Event, Pool, createHeddle, close } = await loadLibrary();

const dog = watchdog(100, () => "a pool hangs");
test.after(async () => {
  dog.clear();
  await close();
});

const hold = (milliseconds: number): void => {
  const end = Date.now() + milliseconds;
  while (Date.now() < end);
};

const nameOf = async (outcome: { exception(): Promise<unknown> }): Promise<string | undefined> =>
  ((await outcome.exception()) as Error | null)?.name;

test("results are slept for while other tasks of the thread wait for room", () => {
  const pool = new Pool({ workers: 1, maxPending: 1 });
  const futures = Array.from({ length: 10 }, (_, i) => pool.submit((x: number) => x, i));
  assert.is(futures[7]!.resultSync(), 7);
  assert.equal(
    futures.map((future) => future.resultSync()),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
  pool.close();
});

test("a task's own time ends it while its thread sleeps for it", async () => {
  const pool = new Pool({ workers: 1, grace: 1 });
  const endless = pool.submitWith({ timeout: 20 }, () => {
    for (;;);
  });
  assert.throws(
    () => endless.resultSync(),
    (error: Error) => error.name === "TimeoutError",
  );
  assert.is(await pool.submit(() => "whole"), "whole");
  pool.close();
});

test("what waits for room can be cancelled, aborted, and run out of time, and takes no room then", async () => {
  const pool = new Pool({ workers: 1, maxPending: 1 });
  const gate = new Event();
  const running = pool.submit((event: typeof gate) => event.waitSync(), gate);
  const queued = pool.submit(() => "queued");
  await until(() => pool.running === 1);
  const given = new AbortController();
  const cancelled = pool.submit(() => "never");
  const aborted = pool.submitWith({ signal: given.signal }, () => "never");
  const late = pool.submitWith({ timeout: 20 }, () => "never");
  const last = pool.submit(() => "last");
  assert.is(cancelled.cancel(), true);
  given.abort(new RangeError("enough"));
  assert.equal([await nameOf(aborted), await nameOf(late)], ["RangeError", "TimeoutError"]);
  assert.is(cancelled.cancelled, true);
  assert.equal([queued.done, last.done], [false, false]);
  gate.set();
  await running;
  assert.equal([await queued, await last], ["queued", "last"]);
  assert.is(pool.statistics().done, 3);
  pool.close();
});

test("time counts from the call, not from when there was room", async () => {
  const pool = new Pool({ workers: 1, maxPending: 1, grace: 1 });
  const blockers = [pool.submit(hold, 60), pool.submit(hold, 60)];
  await until(() => pool.running === 1);
  const fill = pool.submit(hold, 1);
  const begun = performance.now();
  const late = pool.submitWith({ timeout: 200 }, () => {
    for (;;);
  });
  assert.is(await nameOf(late), "TimeoutError");
  // It waited for room meanwhile: its time would be over twice as late if it began anew.
  assert.ok(performance.now() - begun >= 199);
  assert.equal(await Promise.all([...blockers, fill]), [undefined, undefined, undefined]);
  pool.close();
});

test("cancelled tasks give their memory back although no worker comes to them", async () => {
  const heddle = createHeddle({ memory: 2 ** 20 });
  const pool = new Pool({ workers: 1, context: heddle });
  const gate = new Event({ context: heddle });
  const running = pool.submit((event: typeof gate) => event.waitSync(), gate);
  await until(() => pool.running === 1);
  const text = "x".repeat(10_000);
  const kept = Array.from({ length: 5 }, (_, i) =>
    pool.submitWith({ priority: i % 3 }, (s: string, n: number) => s.length + n, text, i),
  );
  for (let i = 0; i < 2000; i++) {
    const future = pool.submitWith({ priority: i % 5 }, (s: string) => s, text);
    assert.is(future.cancel(), true);
  }
  assert.is(pool.queued, 5);
  gate.set();
  await running;
  assert.equal(await Promise.all(kept), [10_000, 10_001, 10_002, 10_003, 10_004]);
  pool.close();
  await heddle.close();
});

test("refuses a grace that is none", () => {
  for (const grace of [-1, Number.NaN, "soon" as never]) assert.throws(() => new Pool({ workers: 1, grace }), /grace/);
});

test.run();
