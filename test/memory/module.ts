/** The test module (test/assembly/memory.ts): compiled, instantiated, run on several threads. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync } from "node:fs";
import { Worker } from "node:worker_threads";

/** Exports of test/assembly/memory.ts. Addresses and sizes come back signed: write `>>> 0`. Booleans are 0 and 1. */
export interface MemoryExports {
  futexWait(ptr: number, expected: number, timeoutNs: bigint): number;
  futexWake(ptr: number, count: number): number;
  tryLock(ptr: number, owner: number): number;
  lock(ptr: number, owner: number, canBlock: number): number;
  unlock(ptr: number, owner: number): void;
  lockOwner(ptr: number): number;
  arenaInit(base: number, end: number): number;
  arenaAlloc(base: number, size: number, owner: number, canBlock: number, slot: number): number;
  arenaFree(base: number, address: number, owner: number, canBlock: number, slot: number): number;
  arenaRepair(base: number, dead: number, slot: number): number;
  arenaTotal(base: number): number;
  arenaUsed(base: number): number;
  arenaUnused(base: number): number;
  arenaPeak(base: number): number;
  arenaBlocks(base: number): number;
  arenaFreeBlocks(base: number): number;
  arenaLargestFree(base: number): number;
  arenaLockOwner(base: number): number;
  arenaCheck(base: number): number;
  blockBytes(request: number): number;
  classOf(size: number): number;
  classThatHolds(size: number): number;
  waitAmongLocals(word: number, b: number, c: number): void;
  pingPong(turn: number, player: number, rounds: number): number;
  tear(word: number, owner: number, times: number, canBlock: number): number;
  hammer(base: number, owner: number, slots: number, seed: number, steps: number): number;
}

export const PAGE_BYTES = 65536;

/**
 * Compiles `test/assembly/<name>.ts` to `build/test/<name>-<target>.wasm`, as the shipped modules are.
 *
 * @returns the bytes
 */
export function compile(name: string, target: "release" | "debug"): Uint8Array<ArrayBuffer> {
  mkdirSync("build/test", { recursive: true });
  // Test files run side by side: each compiles under a name of its own, and the last one's result stays for people to
  // look at.
  const output = `build/test/${name}-${target}.${process.pid}.wasm`;
  const args = ["scripts/compile-assembly.mjs", `test/assembly/${name}.ts`, output, target];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0 || /WARNING/.test(stderr))
    throw new Error(`expected ${name}.ts to compile without a word, got:\n${stderr}`);
  const bytes = new Uint8Array(readFileSync(output));
  renameSync(output, `build/test/${name}-${target}.wasm`);
  return bytes;
}

export function sharedMemory(pages: number): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

export function instantiate(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  imports: WebAssembly.ModuleImports = {},
): MemoryExports {
  const instance = new WebAssembly.Instance(module, { env: { memory }, test: imports });
  return instance.exports as unknown as MemoryExports;
}

/** What a thread runs: one export, once. */
const THREAD = `
const { parentPort, workerData: { module, memory, name, args } } = require("node:worker_threads");
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
parentPort.postMessage(exports[name](...args));
`;

/** One call of an export. */
export type Call = readonly [name: keyof MemoryExports, ...args: number[]];

/**
 * Makes each call on a thread of its own, all at the same time, on one memory.
 *
 * @returns what they returned, in the order of `calls`; rejects with the first trap
 */
export function runThreads(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  calls: readonly Call[],
): Promise<number[]> {
  return Promise.all(
    calls.map(
      ([name, ...args]) =>
        new Promise<number>((resolve, reject) => {
          const worker = new Worker(THREAD, { eval: true, workerData: { module, memory, name, args } });
          worker.once("message", resolve).once("error", reject);
          worker.once("exit", (code) =>
            reject(new Error(`thread ${name}(${args}) ended with code ${code} and no answer`)),
          );
        }),
    ),
  );
}
