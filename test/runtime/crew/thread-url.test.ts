// @serial
/** Workers for threads and pools that cannot start: typed errors, soon, for whoever joins the thread or has submitted the task. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ContextOptions } from "../../../ts/index.js";
import { failureOf, inContext, LIBRARY_URL, loadLibrary } from "../library.js";

const { BrokenPoolError, Event, Pool, Thread, WorkerError } = await loadLibrary();

const folder = mkdtempSync(join(tmpdir(), "heddle-threads-"));
test.after(() => rmSync(folder, { recursive: true }));

/** A worker script of this text; its address. */
function script(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return pathToFileURL(file).href;
}

const SERVE = `import { serveThread } from ${JSON.stringify(LIBRARY_URL)};\nserveThread();`;

test("a worker's script that is run as a program says what it is for", () => {
  const { status, stderr } = spawnSync(process.execPath, [fileURLToPath(script("program.mjs", SERVE))], {
    encoding: "utf8",
  });
  assert.is(status, 1);
  assert.match(stderr, /UnsupportedError: expected serveThread\(\) in a script that Heddle starts .* `threadUrl`/);
});

const BROKEN: readonly [name: string, url: () => string, reason: RegExp][] = [
  ["a file that does not exist", () => pathToFileURL(join(folder, "missing.mjs")).href, /missing\.mjs/],
  ["a script with a syntax error", () => script("syntax.mjs", "const = 1;"), /Unexpected token/],
  ["a script that throws at once", () => script("throws.mjs", 'throw new Error("thrown at once");'), /thrown at once/],
  ["a script that exits", () => script("exits.mjs", "process.exit(3);"), /ended before it was ready/],
  ["a relative path", () => "workers/none.js", /relative/],
];

for (const [name, url, reason] of BROKEN) {
  test(`says soon that no thread can start when threadUrl is ${name}`, async () => {
    await inContext({ threadUrl: url() }, async (context) => {
      const begun = performance.now();
      const threads = [false, true].map((daemon) => new Thread({ target: () => 1, daemon, name: "loom", context }));
      for (const thread of threads) thread.start();
      const failures = [await failureOf(threads[0]!.join()), await failureOf(threads[1]!.join())];
      console.log(`told after ${(performance.now() - begun).toFixed(0)} ms`);
      for (const failure of failures) {
        assert.instance(failure, WorkerError);
        assert.match((failure as Error).message, reason);
        assert.match((failure as Error).message, /for loom, .*check threadUrl/);
      }
      assert.throws(
        () => threads[0]!.joinSync(),
        (error: unknown) => error instanceof WorkerError,
      );
      assert.equal([threads[0]!.isAlive, threads[0]!.exitCode], [false, -1]);
      for (const thread of threads) thread.close();
    });
  });

  test(`breaks a pool soon when threadUrl is ${name}`, async () => {
    await inContext({ threadUrl: url() }, async (context) => {
      const begun = performance.now();
      const pool = new Pool({ workers: 2, context });
      // It may be known before the task is in: then `submit` itself says so.
      const failure = await failureOf((async () => pool.submit(() => 1))());
      console.log(`told after ${(performance.now() - begun).toFixed(0)} ms`);
      assert.instance(failure, BrokenPoolError);
      assert.match((failure as Error).message, reason);
      assert.match((failure as Error).message, /check threadUrl/);
      pool.close();
    });
  });
}

test("works again once the script is there", async () => {
  const threadUrl = pathToFileURL(join(folder, "late.mjs")).href;
  await inContext({ threadUrl }, async (context) => {
    const early = new Thread({ target: () => 1, context });
    early.start();
    assert.instance(await failureOf(early.join()), WorkerError);
    script("late.mjs", SERVE);
    const late = new Thread({ target: () => 1, context });
    late.start();
    assert.equal([await late.join(), late.exitCode], [true, 0]);
  });
});

test("a pool that has a worker goes on when others cannot start any more", async () => {
  const threadUrl = script("gone.mjs", SERVE);
  await inContext({ threadUrl }, async (context) => {
    const pool = new Pool({ workers: 2, context });
    const gate = new Event({ context });
    const both = [1, 2].map((n) => pool.submit((gate: InstanceType<typeof Event>, n) => gate.waitSync() && n, gate, n));
    while (pool.running < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    script("gone.mjs", 'throw new Error("gone");');
    gate.set();
    assert.equal(await Promise.all(both), [1, 2]);
    const lost = pool.submit(() => process.exit(1));
    assert.is(((await lost.exception()) as Error).name, "WorkerLostError");
    // Others fail to start in its place; when they have, the one that is left works, and a thread cannot be had.
    const thread = new Thread({ target: () => 1, context });
    thread.start();
    assert.instance(await failureOf(thread.join()), WorkerError);
    assert.is(await pool.submit(() => 3), 3);
    // From here on all can be had again.
    script("gone.mjs", SERVE);
    const other = new Thread({ target: () => 4, context });
    other.start();
    assert.is(await other.join(), true);
    await pool.shutdown();
    for (const each of [pool, gate, thread, other]) each.close();
  });
});

test("a script that never takes its seat is given up after ten seconds", async () => {
  const options: ContextOptions = { threadUrl: script("sits.mjs", "setInterval(() => {}, 1000);") };
  await inContext(options, async (context) => {
    const thread = new Thread({ target: () => 1, context });
    thread.start();
    const failure = await failureOf(thread.join());
    assert.instance(failure, WorkerError);
    assert.match((failure as Error).message, /was not ready after 10 s/);
  });
});

test.run();
