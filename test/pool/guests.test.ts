/** Pools used by guests: threads that somebody else has started, and that take part by `attach`. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startGuest } from "../runtime/crew/share-guest.js";
import { loadLibrary } from "../runtime/library.js";
import { watchdog } from "../tools/watchdog.js";

const { Pool, Thread, Event, close, share } = await loadLibrary();

const dog = watchdog(100, () => "a guest of a pool hangs");
test.after(async () => {
  dog.clear();
  await close();
});

const SCOPE = `
  await library.attach(share);
  const pool = library.Pool.from(data.pool);
  const nameOf = (future) => awake(future.result()).catch(({ name }) => name);`;

test("a guest submits, sleeps for results, and what it has put in ends with its time", async () => {
  const pool = new Pool({ workers: 1, grace: 10 });
  const text = `${SCOPE}
    const seen = [pool.submit((x) => 2 * x, 4).resultSync(), await awake(pool.map((x) => x + 1, [1, 2]))];
    seen.push(await nameOf(pool.submitWith({ timeout: 20 }, () => { for (;;); })));
    // Its worker was ended, else nobody would come to this.
    seen.push(pool.submit(() => "whole").resultSync());
    tell(seen);`;
  const guest = startGuest(share(), text, { pool: pool.handle });
  assert.equal(await guest.next(), [8, [2, 3], "TimeoutError", "whole"]);
  await guest.worker.terminate();
  await pool.shutdown();
  pool.close();
});

test("a guest ends a thread, and a pool, by force", async () => {
  const pool = new Pool(1);
  const begun = new Event();
  const thread = new Thread({
    target: (begun: InstanceType<typeof Event>) => {
      begun.set();
      for (;;);
    },
    args: [begun],
  });
  thread.start();
  await begun.wait();
  const text = `${SCOPE}
    const running = pool.submit(() => { for (;;); });
    while (!running.running) await new Promise((resolve) => setTimeout(resolve, 1));
    pool.terminate();
    const thread = library.Thread.from(data.thread);
    thread.terminate();
    tell([await nameOf(running), thread.joinSync()]);`;
  const guest = startGuest(share(), text, { pool: pool.handle, thread: thread.handle });
  assert.equal(await guest.next(), ["WorkerLostError", true]);
  assert.equal([await thread.join(), thread.exitCode], [true, -1]);
  await guest.worker.terminate();
  for (const thing of [pool, thread, begun]) thing.close();
});

test.run();
