import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";

/** Runs `body` as a test file of its own, bundled like this one. */
async function run(body: string) {
  const { build } = await import("esbuild");
  const outfile = `build/test/tools/watched-${process.pid}.js`;
  await build({
    stdin: { contents: body, resolveDir: "test/tools", loader: "ts" },
    bundle: true,
    outfile,
    platform: "node",
    format: "esm",
  });
  // A watchdog that does not bark would leave the process blocked for ever: this limit makes it a failed assertion.
  const result = spawnSync(process.execPath, [outfile], { encoding: "utf8", timeout: 20_000 });
  rmSync(outfile);
  return result;
}

test("watchdog: ends a process that awaits what never comes, and prints the words", async () => {
  const { status, stdout } = await run(`
    import { watchdog } from "./watchdog.js";
    watchdog(0.2, () => "mutex: CONTENDED");
    setInterval(() => {}, 1000);
  `);
  assert.is(status, 1);
  assert.match(stdout, "watchdog: nothing for 0.2 s; mutex: CONTENDED");
});

test("watchdog: cleared, it lets the process end", async () => {
  const { status, stdout } = await run(`
    import { watchdog } from "./watchdog.js";
    watchdog(0.2, () => "never").clear();
  `);
  assert.is(status, 0);
  assert.is(stdout, "");
});

test("wordWatchdog: ends a process whose main thread is blocked, and prints the words", async () => {
  const { signal, stdout } = await run(`
    import { wordWatchdog } from "./watchdog.js";
    const words = new Int32Array(new SharedArrayBuffer(16));
    words[2] = 7;
    wordWatchdog(0.2, words.buffer, { mutex: 0, waiters: 8 });
    Atomics.wait(words, 0, 0);
  `);
  assert.is(signal, "SIGKILL");
  assert.match(stdout, "watchdog: nothing for 0.2 s; mutex: 0, waiters: 7");
});

test("wordWatchdog: cleared, it lets the process end", async () => {
  const { status, stdout } = await run(`
    import { wordWatchdog } from "./watchdog.js";
    wordWatchdog(60, new SharedArrayBuffer(16), { mutex: 0 }).clear();
  `);
  assert.is(status, 0);
  assert.is(stdout, "");
});

test.run();
