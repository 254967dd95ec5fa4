/** What threads print: at once, whole, and not lost. Programs of their own, whose output goes into a pipe. */
import { spawn } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LIBRARY_URL } from "../library.js";

/** More than a pipe holds, in lines. */
const LINES = 20_000;
const LINE = "a line that is one of many";

interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

/** Runs a program. Its output is read only after `pause` milliseconds. */
function run(body: string, pause = 0): Promise<Printed> {
  const text = `import { Event, Pool, Thread } from ${JSON.stringify(LIBRARY_URL)}; ${body}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", text], { timeout: 60_000 });
  const printed = { stdout: "", stderr: "" };
  const listen = (): void => {
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text) => {
        printed[name] += text;
      });
    }
  };
  if (pause === 0) listen();
  else setTimeout(listen, pause);
  return new Promise((resolve) => child.on("close", (code) => resolve({ ...printed, code })));
}

test("who joins a thread finds on the console what it printed, also who joins by sleeping", async () => {
  const { stdout, stderr, code } = await run(`
    for (let i = 0; i < 20; i++) {
      const thread = new Thread({ target: (i) => { console.log("thread", i); console.error("thread", i); }, args: [i] });
      thread.start();
      if (i % 2) thread.joinSync(); else await thread.join();
      console.log("joined", i);
    }`);
  const numbers = [...Array(20).keys()];
  assert.is(stderr, numbers.map((i) => `thread ${i}\n`).join(""));
  assert.is(stdout, numbers.map((i) => `thread ${i}\njoined ${i}\n`).join(""));
  assert.is(code, 0);
});

test("what a task printed is there before its result", async () => {
  const { stdout } = await run(`
    const pool = new Pool(2);
    for (let i = 0; i < 20; i++) console.log("result", await pool.submit((i) => { console.log("task", i); return i; }, i));`);
  assert.is(stdout, [...Array(20).keys()].map((i) => `task ${i}\nresult ${i}\n`).join(""));
});

test("nothing is lost with a thread that is ended by force", async () => {
  const { stdout } = await run(`
    const printed = new Event();
    const thread = new Thread({ target: (printed) => { console.log("last words"); printed.set(); for (;;); }, args: [printed] });
    thread.start();
    printed.waitSync();
    thread.terminate();
    process.exit();`);
  assert.is(stdout, "last words\n");
});

test("all arrives, whole lines in order, through a pipe that is read slowly", async () => {
  const { stdout } = await run(
    `
    const target = (lines, line) => { for (let i = 0; i < lines; i++) console.log(i + " " + line); };
    const thread = new Thread({ target, args: [${LINES}, ${JSON.stringify(LINE)}] });
    thread.start();
    await thread.join();`,
    300,
  );
  assert.is(stdout, Array.from({ length: LINES }, (_, i) => `${i} ${LINE}\n`).join(""));
});

test("a callback of write is called, and text in other encodings arrives", async () => {
  const { stdout } = await run(`
    const target = () => new Promise((done) => {
      process.stdout.cork();
      process.stdout.write("68c3a9", "hex");
      process.stdout.write(new Uint8Array([100, 10]), done);
      process.stdout.uncork();
    });
    const thread = new Thread({ target });
    thread.start();
    await thread.join();`);
  assert.is(stdout, "héd\n");
});

test.run();
