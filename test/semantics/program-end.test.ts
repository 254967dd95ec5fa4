/** The end of a program: section 4 of the reference, "waits for all non-daemon threads, also those started late by other threads; daemon ones are dropped". Node alone: a page lives anyhow. */
// @timeout 200
import { test } from "uvu";
import * as assert from "uvu/assert";
import { run } from "./program.js";

/** Name, program, what it prints. */
const PROGRAMS: readonly [name: string, text: string, stdout: string][] = [
  [
    "waits for a thread that is no daemon",
    `new heddle.Thread({ target: async () => { await new Promise((r) => setTimeout(r, 200)); console.log("thread"); } }).start();
     print("main");`,
    "main\nthread\n",
  ],
  [
    "waits for no daemon",
    `const begun = new heddle.Event();
     const target = async (begun) => { begun.set(); await new Promise((r) => setTimeout(r, 60_000)); console.log("thread"); };
     new heddle.Thread({ target, args: [begun], daemon: true }).start();
     await begun.wait();
     print("main");`,
    "main\n",
  ],
  [
    "waits for a thread that blocks",
    `const gate = new heddle.Event();
     new heddle.Thread({ target: (gate) => { gate.waitSync(); console.log("thread"); }, args: [gate] }).start();
     setTimeout(() => { print("main"); gate.set(); }, 100);`,
    "main\nthread\n",
  ],
  [
    "waits for threads that threads start late",
    `const target = async (library) => {
       const { Thread } = await import(library);
       await new Promise((r) => setTimeout(r, 100));
       const child = async () => { await new Promise((r) => setTimeout(r, 100)); console.log("child"); };
       new Thread({ target: child }).start();
       console.log("parent");
     };
     new heddle.Thread({ target, args: [LIBRARY] }).start();`,
    "parent\nchild\n",
  ],
  [
    "waits for a thread that a pool's task starts, also when main ends at once",
    `const pool = new heddle.Pool(1);
     const start = async (library) => {
       const { Thread } = await import(library);
       new Thread({ target: async () => { await new Promise((r) => setTimeout(r, 100)); console.log("thread"); } }).start();
     };
     await pool.submit(start, LIBRARY);
     print("main");`,
    "main\nthread\n",
  ],
  [
    "waits for no thread that a daemon starts: it is one, too",
    `const begun = new heddle.Event();
     const target = async (library, begun) => {
       const { Thread } = await import(library);
       const child = async (begun) => { begun.set(); await new Promise((r) => setTimeout(r, 60_000)); };
       new Thread({ target: child, args: [begun] }).start();
     };
     new heddle.Thread({ target, args: [LIBRARY, begun], daemon: true }).start();
     await begun.wait();
     print("main");`,
    "main\n",
  ],
  [
    "waits for a timer that is under way",
    `new heddle.Timer(200, () => console.log("timer")).start();
     print("main");`,
    "main\ntimer\n",
  ],
  [
    "waits for no timer that was cancelled, or is a daemon",
    `const timer = new heddle.Timer(600_000, () => console.log("never"));
     timer.start();
     new heddle.Timer(600_000, () => console.log("never"), [], { daemon: true }).start();
     setTimeout(() => timer.cancel(), 50);
     print("main");`,
    "main\n",
  ],
  [
    "goes on although a thread has failed",
    `const thread = new heddle.Thread({ target: () => { throw new RangeError("mine"); } });
     thread.start();
     await thread.join();
     print(thread.exitCode);`,
    "1\n",
  ],
  [
    "goes on although a thread has called process.exit",
    `const thread = new heddle.Thread({ target: () => process.exit(3) });
     thread.start();
     await thread.join();
     print(thread.exitCode);`,
    "-1\n",
  ],
  [
    "waits for what is in a pool that was shut down without waiting",
    `const pool = new heddle.Pool(1);
     pool.submit(async () => { await new Promise((r) => setTimeout(r, 100)); return "done"; }).then(print);
     await pool.shutdown({ wait: false });
     print("main");`,
    "main\ndone\n",
  ],
  [
    "runs a scheduler's events before it ends",
    `const scheduler = new heddle.Scheduler();
     scheduler.enter(100, 1, () => print("event"));
     scheduler.run();
     print("main");`,
    "main\nevent\n",
  ],
];

for (const [name, text, stdout] of PROGRAMS) {
  test(`a program ${name}`, async () => {
    const ending = await run(text);
    assert.is(ending.stdout, stdout, ending.stderr);
    assert.is(ending.code, 0, ending.stderr);
  });
}

test.run();
