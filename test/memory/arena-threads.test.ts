/** Several threads in one arena at a time: no block belongs to two, nothing is lost. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { watchdog } from "../tools/watchdog.js";
import { ARENA, ARENA_BYTES, HEAD_BYTES } from "./chain.js";
import { type Call, compile, instantiate, PAGE_BYTES, runThreads, sharedMemory } from "./module.js";

const STEPS = process.env.STRESS === "1" ? 20_000_000 : 300_000;
const SEED = 1 + (Date.now() % 1_000_000);

const BASE = 1024;

/** Where the threads' slots lie: 64 records of 16 bytes for each (`hammer` in test/assembly/memory.ts). */
const SLOTS = PAGE_BYTES - 16 * 1024;
const slotsOf = (thread: number) => SLOTS + 1024 * thread;

/** Lets `threads` threads loose on an arena of `bytes` bytes. */
async function hammer(target: "release" | "debug", threads: number, bytes: number, count: number): Promise<void> {
  const module = new WebAssembly.Module(compile("memory", target));
  const base = bytes > SLOTS ? PAGE_BYTES : BASE;
  const memory = sharedMemory(Math.ceil((base + bytes) / PAGE_BYTES) + 1);
  const arena = instantiate(module, memory);
  assert.is(arena.arenaInit(base, base + ARENA_BYTES + bytes + HEAD_BYTES), 0);
  const words = new Int32Array(memory.buffer);
  const word = (offset: number) => Atomics.load(words, (base + offset) / 4);
  const dog = watchdog(
    90,
    () =>
      `seed ${SEED}; ${Object.entries(ARENA)
        .map(([name, offset]) => `${name} ${word(offset)}`)
        .join(", ")}`,
  );
  const calls = Array.from(
    { length: threads },
    (_, owner): Call => ["hammer", base, owner, slotsOf(owner), SEED + 7919 * owner, count],
  );
  const results = await runThreads(module, memory, calls);
  dog.clear();
  assert.equal(
    results,
    calls.map(() => 0),
    `seed ${SEED}`,
  );
  assert.is(arena.arenaCheck(base), 0, `seed ${SEED}`);
  assert.is(arena.arenaUsed(base), 0);
  assert.is(arena.arenaBlocks(base), 0);
  assert.is(arena.arenaFreeBlocks(base), 1);
  assert.is(arena.arenaLargestFree(base), bytes - HEAD_BYTES);
  assert.is(arena.arenaLockOwner(base), -1);
  assert.ok(arena.arenaPeak(base) > 0 && arena.arenaPeak(base) <= bytes);
}

test("arena: contended, three threads with room for all", () => hammer("release", 3, 4 * 1024 * 1024, STEPS));

test("arena: contended, four threads in an arena that is always nearly full", () =>
  hammer("release", 4, 16_384, STEPS));

test("arena: contended, three threads with every assertion of the debug build", () =>
  hammer("debug", 3, 32_768, STEPS / 10));

test("arena: a repair lets in all who slept behind the dead", async () => {
  const module = new WebAssembly.Module(compile("memory", "release"));
  const memory = sharedMemory(2);
  const arena = instantiate(module, memory);
  assert.is(arena.arenaInit(BASE, BASE + ARENA_BYTES + 16_384 + HEAD_BYTES), 0);
  const [dead, hand, word] = [7, 64, BASE + ARENA.lock];
  assert.is(arena.tryLock(word, dead), 1);
  const calls = [0, 1, 2].map((owner): Call => ["hammer", BASE, owner, slotsOf(owner), SEED + owner, 100]);
  const results = runThreads(module, memory, calls);
  const dog = watchdog(90, () => `seed ${SEED}; the lock holds ${new Int32Array(memory.buffer)[word / 4]}`);
  // Its sign is set by the first of them that goes to sleep; how many sleep when the repair comes is chance.
  while ((Atomics.load(new Int32Array(memory.buffer), word / 4) | 0) >= 0) await new Promise(setImmediate);
  assert.is(arena.arenaRepair(BASE, dead, hand), 1);
  assert.equal(await results, [0, 0, 0]);
  dog.clear();
  assert.is(arena.arenaCheck(BASE), 0);
  assert.is(arena.arenaFreeBlocks(BASE), 1);
});

test.run();
