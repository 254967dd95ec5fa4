// @serial
// @timeout 300
/**
 * A guest that holds a lock dies while the main thread is blocked in a wait for that lock: it is released within a second, and no step of the dead comes
 * after that. On every version of Node, for every way to die.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { findNode, NODE_MAJORS } from "../../tools/node-versions.js";
import { runProgram } from "../../tools/program.js";
import { skip } from "../../tools/skip.js";
import { LIBRARY_URL } from "../library.js";
import { GUEST_SCOPE } from "./share-guest.js";

/** What the guest does once it holds the lock, and what main does before it blocks. `step()` counts. */
const WAYS: Readonly<Record<string, { guest: string; main?: string; options?: string }>> = {
  "process.exit()": { guest: "process.exit(1);" },
  "process.exit() with a handler that takes its time": {
    guest: `process.on("exit", () => { for (let i = 0; i < 1e6; i++) step(); }); process.exit(1);`,
  },
  "an error that nobody catches": { guest: `setTimeout(() => { throw new Error("on purpose"); });` },
  "a rejection that nobody handles": {
    guest: `process.removeAllListeners("unhandledRejection"); Promise.reject(new Error("on purpose"));`,
  },
  "a stack overflow that nobody catches": { guest: "setTimeout(function deeper() { deeper(); });" },
  "no memory left": {
    guest: "const all = []; for (;;) { step(); all.push(new Array(1000).fill(0)); }",
    options: "resourceLimits: { maxOldGenerationSizeMb: 16 },",
  },
  "its end": { guest: "" },
  "terminate() while it is idle": { guest: "await hear();", main: "worker.terminate();" },
  "terminate() in a loop": { guest: "for (;;) step();", main: "worker.terminate();" },
  "terminate() in a loop of Wasm": {
    guest: "new WebAssembly.Instance(new WebAssembly.Module(data.loop), { e: { m: data.memory } }).exports.f();",
    main: "worker.terminate();",
  },
  "terminate() while it sleeps": {
    guest: "Atomics.wait(data.words, 4, 0); for (;;) step();",
    main: "worker.terminate();",
  },
};

/** One process for one version: an answer, milliseconds, and the steps that came after, for each way. */
const PROGRAM = `
import { Worker } from "node:worker_threads";
const { createHeddle } = await import(${JSON.stringify(LIBRARY_URL)});
const heddle = createHeddle();
const { core, ownWaiter } = heddle.member;
const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
const words = new Int32Array(memory.buffer);
const times = new Float64Array(memory.buffer);
const name = (text) => [text.length, ...Buffer.from(text)];
const section = (id, bytes) => [id, bytes.length, ...bytes];
// (func (loop (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1))) (br 0))) on the memory above
const code = [0, 3, 0x40, 0x41, 0, 0x41, 1, 0xfe, 0x1e, 2, 0, 0x1a, 0x0c, 0, 0x0b, 0x0b];
const loop = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, ...section(1, [1, 0x60, 0, 0]), ...section(2, [1, ...name("e"), ...name("m"), 2, 3, 1, 1]),
  ...section(3, [1, 0]), ...section(7, [1, ...name("f"), 0, 0]), ...section(10, [1, code.length, ...code])]);
const now = () => performance.timeOrigin + performance.now();
const acquireSync = (grip) => {
  for (;;) {
    const answer = core.mutexAcquire(grip, ownWaiter, -1);
    if (answer !== 3) return answer;
    if (!core.waiterPark(ownWaiter, 20000)) return -1;
  }
};
const results = {};
for (const [way, { guest, main = "", options = "" }] of Object.entries(${JSON.stringify(WAYS)})) {
  const grip = core.mutexMake(0, 0) >>> 0;
  const share = heddle.share();
  const data = { handle: [core.thingAddress(grip) >>> 0, core.thingIdentity(grip) >>> 0, 4], words, memory, times, loop };
  const text = ${JSON.stringify(GUEST_SCOPE)} + \`
    const { share, data } = workerData;
    const step = () => Atomics.add(data.words, 0, 1);
    import(${JSON.stringify(LIBRARY_URL)}).then(async ({ attach }) => {
      const { member } = await attach(share);
      acquire(member, data.handle);
      tell("held");
      await hear();
      data.times[1] = performance.timeOrigin + performance.now();
      \${guest}
    });\`;
  const worker = new Worker(text, { eval: true, execArgv: [], workerData: { share, data }, transferList: share.transfer, stderr: true,
    ...new Function("return {" + options + "}")() });
  worker.on("error", () => {});
  const gone = new Promise((resolve) => worker.once("exit", resolve));
  await new Promise((resolve) => worker.once("message", resolve));
  worker.postMessage("go");
  // Until it is in the middle of what it is to be ended in.
  while (main !== "" && (times[1] === 0 || (guest.includes("step") && !guest.includes("wait") && words[0] === 0))) await new Promise((resolve) => setTimeout(resolve, 1));
  if (main !== "") { times[1] = now(); new Function("worker", main)(worker); }
  const answer = acquireSync(grip);
  const released = now();
  const steps = Atomics.load(words, 0);
  await gone;
  results[way] = { answer, milliseconds: released - times[1], after: Atomics.load(words, 0) - steps };
  core.mutexRelease(grip, 0);
  core.thingClose(grip);
  words.fill(0);
}
for (let number = 1; number < 256; number++) while (core.threadState(number) !== 0) await new Promise((resolve) => setTimeout(resolve, 1));
console.log(JSON.stringify({ results, used: heddle.info().memory.used }));
`;

interface Outcome {
  readonly results: Readonly<Record<string, { answer: number; milliseconds: number; after: number }>>;
  readonly used: number;
}

async function run(node: string): Promise<Outcome> {
  const { code, stdout, stderr } = await runProgram(PROGRAM, { node, seconds: 60 });
  if (code !== 0) throw new Error(`the program ended with code ${code}: ${stderr}`);
  return JSON.parse(stdout) as Outcome;
}

for (const major of NODE_MAJORS) {
  test(`a dead guest's lock is released while main is blocked, in Node ${major}`, async () => {
    const node = findNode(major);
    if (node === null) return skip(`no Node ${major} for ${process.platform} ${process.arch}`);
    const { results, used } = await run(node);
    const slowest = Math.max(...Object.values(results).map(({ milliseconds }) => milliseconds));
    console.log(`Node ${major}: released after ${slowest.toFixed(0)} ms at most, ${JSON.stringify(results)}`);
    for (const [way, { answer, after }] of Object.entries(results)) {
      assert.is(answer, 9, `${way}: expected ABANDONED (9)`);
      assert.is(after, 0, `${way}: steps after the release`);
    }
    assert.is(Object.keys(results).length, Object.keys(WAYS).length);
    assert.is(used, 0);
  });
}

test.run();
