/** Programs that start functions of their own file, and forget to ask whether this is the main thread: each thread would load the file and start another. */
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LIBRARY_URL } from "../runtime/library.js";

const FOLDER = "build/test/circle";
const ADVICE = "put what only the program is to do under `if (currentThread() === mainThread())`";

interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

function run(name: string, body: string): Promise<Printed> {
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, `${name}.mjs`);
  const imports = `import { currentThread, mainThread, Pool, Thread, task } from ${JSON.stringify(LIBRARY_URL)};\n`;
  writeFileSync(path, imports + body);
  return new Promise((resolve) =>
    execFile(process.execPath, [path], { timeout: 60_000 }, (_error, stdout, stderr) => resolve({ stdout, stderr })),
  );
}

const WORK = 'export const work = task(import.meta.url, "work", (x) => x * x);';
const START = "thread.start(); await thread.join(); console.log('over,', thread.exitCode);";

test("a thread's own function is refused, with advice, and the program ends", async () => {
  const { stdout, stderr } = await run("thread", `${WORK} const thread = new Thread({ target: work }); ${START}`);
  assert.is(stdout, "over, 1\n");
  assert.match(stderr, 'the module starts "work", a function of its own');
  assert.match(stderr, ADVICE);
});

test("so is a thread's own class", async () => {
  const { stdout, stderr } = await run(
    "class",
    `export class Mine extends Thread { static url = import.meta.url; run() {} } const thread = new Mine(); ${START}`,
  );
  assert.is(stdout, "over, 1\n");
  assert.match(stderr, ADVICE);
});

test("so is a pool's", async () => {
  const { stdout } = await run(
    "pool",
    `${WORK} console.log(await new Pool(2).map(work, [1, 2]).catch((error) => error.code + " " + error.message));`,
  );
  assert.match(stdout, "ERR_FUNCTION");
  assert.match(stdout, ADVICE);
});

test("who asks whether this is the main thread is served, and may start more from within", async () => {
  const { stdout, stderr } = await run(
    "guarded",
    `${WORK}
    export async function outer() {
      const pool = new Pool(1);
      console.log((await pool.map(work, [1, 2, 3])).join(" "));
      await pool.shutdown();
    }
    if (currentThread() === mainThread()) {
      const thread = new Thread({ target: { url: import.meta.url, export: "outer" } }); ${START}
    }`,
  );
  assert.is(stderr, "");
  assert.is(stdout, "1 4 9\nover, 0\n");
});

test.run();
