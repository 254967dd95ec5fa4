/**
 * The futex floor: what it answers, and that it survives the baseline compiler of Node 20 (the trap is told in
 * assembly/sync/futex.ts).
 */
import { spawnSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { disassemble } from "../memory/instrument.js";
import { compile, instantiate, runThreads, sharedMemory } from "../memory/module.js";
import { findNode, NODE_MAJORS } from "../tools/node-versions.js";
import { skip } from "../tools/skip.js";
import { watchdog } from "../tools/watchdog.js";

const ROUNDS = process.env.STRESS === "1" ? 200_000 : 10_000;

const bytes = compile("memory", "release");
const module = new WebAssembly.Module(bytes);

test("futex: answers at once when the word holds something else, and when the time is up", () => {
  const memory = sharedMemory(1);
  const { futexWait } = instantiate(module, memory);
  assert.is(futexWait(64, 1, -1n), 1);
  assert.is(futexWait(64, 0, 0n), 2);
  assert.is(futexWait(64, 0, 1000n), 2);
  assert.is(futexWait(64, 1, -(2n ** 63n)), 1, "the condition that keeps the function from being inlined");
  assert.throws(() => futexWait(66, 0, 0n), "unaligned");
});

test("futex: waking nobody wakes nobody", () => {
  assert.is(instantiate(module, sharedMemory(1)).futexWake(64, -1), 0);
});

test("futex: the wait stands alone and last in a function that was not inlined", async () => {
  const functions = (await disassemble(bytes)).split(/^ {2}\(func /m).slice(1);
  const waiting = functions.filter((text) => text.includes("memory.atomic.wait"));
  assert.is(waiting.length, 1, "functions that contain a wait");
  const [text] = waiting as [string];
  const name = /^\$\S+/.exec(text)?.[0];
  assert.ok(text.includes(`call ${name}`), "it calls itself");
  const lines = text.trim().split("\n");
  const end = lines.findIndex((line) => line.includes("memory.atomic.wait"));
  assert.match(lines[end] as string, /^ +memory\.atomic\.wait32\)$/, "nothing comes after the wait");
  assert.is(lines.length - 1, end);
  const callers = functions.filter((other) => other !== text && other.includes(`call ${name}`));
  assert.ok(callers.length >= 3, "and the loops that wait call it");
});

/** Three calls with fresh locals each; prints what they left in memory. */
const REGRESSION = `
import { readFileSync } from "node:fs";
const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
const module = new WebAssembly.Module(readFileSync(process.argv[1]));
const { waitAmongLocals } = new WebAssembly.Instance(module, { env: { memory } }).exports;
const words = new Int32Array(memory.buffer, 256, 3);
const seen = [];
for (let k = 0; k < 3; k++) {
  words.fill(0);
  waitAmongLocals(256, 11 + k, 22 + k);
  seen.push([...words]);
}
console.log(JSON.stringify(seen));
`;

/** b, c and the address of the word: see waitAmongLocals in test/assembly/memory.ts. */
const RIGHT = [
  [11, 22, 256],
  [12, 23, 256],
  [13, 24, 256],
];

function runLiftoff(node: string, wasm: string): unknown {
  const args = ["--liftoff-only", "--input-type=module", "-e", REGRESSION, wasm];
  const { status, stdout, stderr } = spawnSync(node, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`expected exit code 0, got ${status}:\n${stderr}`);
  return JSON.parse(stdout);
}

for (const major of NODE_MAJORS) {
  test(`futex: locals live across a wait keep their values under --liftoff-only in Node ${major}`, () => {
    const node = findNode(major);
    if (node === null) return skip(`no Node ${major} for ${process.platform} ${process.arch}`);
    assert.equal(runLiftoff(node, "build/test/memory-release.wasm"), RIGHT);
  });
}

test("futex: the same test sees the trap in Node 20 when the wait is in the middle", () => {
  const node = findNode(20);
  if (node === null) return skip(`no Node 20 for ${process.platform} ${process.arch}`);
  compile("liftoff", "release");
  assert.not.equal(runLiftoff(node, "build/test/liftoff-release.wasm"), RIGHT);
});

test("futex: spsc, two threads play ping-pong and none is left asleep", async () => {
  const memory = sharedMemory(1);
  const words = new Int32Array(memory.buffer);
  const dog = watchdog(
    60,
    () => `turn ${Atomics.load(words, 16)}, strokes ${Atomics.load(words, 17)} of ${2 * ROUNDS}`,
  );
  const slept = await runThreads(module, memory, [
    ["pingPong", 64, 0, ROUNDS],
    ["pingPong", 64, 1, ROUNDS],
  ]);
  dog.clear();
  assert.is(words[17], 2 * ROUNDS);
  assert.is(words[16], 0);
  assert.ok((slept[0] as number) > 0 && (slept[1] as number) > 0, `both must really have slept, got ${slept}`);
});

/** The same game in a process that stays in Liftoff. */
const PING_PONG = `
import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
const module = new WebAssembly.Module(readFileSync(process.argv[1]));
const rounds = Number(process.argv[2]);
const words = new Int32Array(memory.buffer);
const dog = setTimeout(() => {
  console.log("turn " + Atomics.load(words, 16) + ", strokes " + Atomics.load(words, 17));
  process.exit(1);
}, 60_000);
const code = \`
  const { workerData: { module, memory, rounds, player } } = require("node:worker_threads");
  new WebAssembly.Instance(module, { env: { memory } }).exports.pingPong(64, player, rounds);
\`;
// No execArgv: the threads' code is not an ES module. V8's flags hold for the whole process anyway.
const options = { eval: true, execArgv: [] };
const players = [0, 1].map((player) => new Worker(code, { ...options, workerData: { module, memory, rounds, player } }));
await Promise.all(players.map((worker) => new Promise((resolve) => worker.once("exit", resolve))));
clearTimeout(dog);
console.log(words[17]);
`;

test("futex: the same game under --liftoff-only in Node 20", () => {
  const node = findNode(20);
  if (node === null) return skip(`no Node 20 for ${process.platform} ${process.arch}`);
  const args = [
    "--liftoff-only",
    "--input-type=module",
    "-e",
    PING_PONG,
    "build/test/memory-release.wasm",
    String(ROUNDS),
  ];
  const { stdout, stderr } = spawnSync(node, args, { encoding: "utf8" });
  assert.is(stdout.trim(), String(2 * ROUNDS), stderr);
});

test.run();
