/** The life of a process that integrates: it ends when its results are in, not before, and by itself. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Ending, runProgram } from "../../tools/program.js";
import { inContext, LEISURELY, LIBRARY_URL } from "../library.js";

const F = "exp(-x*x)*sin(3*x)+cos(x)";
/** Processor time of an idle context, as a part of one core. */
const IDLE_MAXIMUM = 0.2;

/** Runs a module of this text, which finds the library's exports in its scope, until its process has ended. */
function run(text: string): Promise<Ending> {
  const source = `
    const { integrate, integrateSync, start, info, createHeddle } = await import(${JSON.stringify(LIBRARY_URL)});
    const F = ${JSON.stringify(F)};
    ${text}`;
  return runProgram(source);
}

const LIVES: readonly [name: string, text: string, stdout: string][] = [
  [
    "ends by itself after an awaited integral, with workers that sleep",
    `const { threads } = await integrate(F, 0, 4, { points: 3e6, threads: 2 });
     console.log(threads >= 1, info().workers.length >= 1);`,
    "true true\n",
  ],
  ["ends by itself after start()", "await start(2); console.log(info().workers.length);", "2\n"],
  [
    "finishes an integral that nobody awaits",
    `integrate(F, 0, 4, { points: 1e7, threads: 2 }).then(({ status }) => console.log(status));`,
    "done\n",
  ],
  [
    "finishes an integral on the calling thread that nobody awaits",
    `integrate(F, 0, 4, { points: 1e6 }).then(({ mode, status }) => console.log(mode, status));`,
    "inline done\n",
  ],
  [
    "finishes more integrals than fit on the board",
    `for (let i = 0; i < 20; i++) integrate(F, 0, 4, { points: 1e5, threads: 2 }).then(({ status }) => console.log(status));`,
    "done\n".repeat(20),
  ],
  [
    "finishes an integral whose workers all die, that nobody awaits",
    `const heddle = createHeddle({ threads: 2 });
     await heddle.start();
     const victims = heddle.info().workers;
     const onProgress = () => victims.splice(0).forEach((worker) => heddle.killWorker(worker));
     heddle.integrate(${LEISURELY}, 0, 4, { points: 20_000, threads: 2, onProgress }).then(({ status, restarts }) => console.log(status, restarts > 0));`,
    "done true\n",
  ],
  [
    "ends by itself after integrateSync",
    "console.log(integrateSync(F, 0, 4, { points: 1e7, threads: 3 }).status);",
    "done\n",
  ],
  [
    "ends by itself after an abort",
    `const controller = new AbortController();
     const call = integrate(F, 0, 4, { points: 2 ** 40, threads: 2, signal: controller.signal });
     setImmediate(() => controller.abort("enough"));
     await call.catch((reason) => console.log(reason));`,
    "enough\n",
  ],
  [
    "ends by itself after close()",
    `const heddle = createHeddle({ threads: 2 });
     await heddle.start();
     await heddle.close();
     console.log("closed");`,
    "closed\n",
  ],
  [
    "ends by itself after close() with a kill that is still to come",
    `const heddle = createHeddle({ threads: 2 });
     await heddle.start();
     heddle.killWorker(1, 1e8);
     await heddle.close();
     console.log("closed");`,
    "closed\n",
  ],
  [
    "ends by itself with two contexts, one of which is closed",
    `const a = createHeddle({ threads: 1 }), b = createHeddle({ threads: 2 });
     const results = await Promise.all([a, b].map((heddle) => heddle.integrate(F, 0, 4, { points: 1e6, threads: 2 })));
     await a.close();
     console.log(results[0].value === results[1].value);`,
    "true\n",
  ],
];

for (const [name, text, stdout] of LIVES) {
  test(`a process ${name}`, async () => {
    assert.equal(await run(text), { code: 0, signal: null, stdout, stderr: "" });
  });
}

test("process.exit in the middle of an integral ends the process with its code", async () => {
  const ending = await run(`
    integrate(F, 0, 4, { points: 2 ** 40, threads: 2 }).then(() => console.log("never"));
    await start(2);
    process.exit(7);`);
  assert.equal(ending, { code: 7, signal: null, stdout: "", stderr: "" });
});

test("an exception that nobody catches ends the process, in the middle of an integral too", async () => {
  const { code, stdout, stderr } = await run(`
    integrate(F, 0, 4, { points: 2 ** 40, threads: 2 }).then(() => console.log("never"));
    await start(2);
    setImmediate(() => { throw new Error("nobody catches this"); });`);
  assert.is(code, 1);
  assert.is(stdout, "");
  assert.match(stderr, "nobody catches this");
});

test("a rejected integral that nobody awaits is an unhandled rejection like any other", async () => {
  const { code, stderr } = await run(
    `integrate(F, 0, 4, { points: 2 ** 40, threads: 2, signal: AbortSignal.timeout(1) });`,
  );
  assert.is(code, 1);
  assert.match(stderr, "TimeoutError");
});

test("an idle context takes no processor time", () =>
  inContext({ threads: 4 }, async (heddle) => {
    await heddle.start();
    await heddle.integrate(F, 0, 4, { points: 1_000_000, threads: 4 });
    // Not waiting for anything: this is the interval that is measured.
    const before = process.cpuUsage();
    const begun = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { user, system } = process.cpuUsage(before);
    const part = (user + system) / 1000 / (performance.now() - begun);
    console.log(`an idle context of four workers took ${(100 * part).toFixed(2)} % of a core`);
    assert.ok(part < IDLE_MAXIMUM, `${part}`);
  }));

test.run();
