/** Pools that come to an end, or are many objects on one thread: nothing stays behind, nothing waits for ever. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Heddle } from "../../ts/index.js";
import { takenNumbers } from "../runtime/crew/share-guest.js";
import { LIBRARY_URL, loadLibrary, memoryReturns, until } from "../runtime/library.js";
import { stateWords } from "../tools/state-words.js";
import { watchdog } from "../tools/watchdog.js";

/** Workers without a duty that a context keeps (ts/runtime/crew/workshop.ts); the supervisor is one more. */
const KEPT = Math.max(4, availableParallelism());
/** Of the memory of a context that has its own. */
const BASE = 1024;
/** Objects of one pool. */
const OBJECTS = 20;
/** Bytes that the smallest block takes, its head included. */
const LEAST_BLOCK = 32;

const { Event, Pool, createHeddle, close } = await loadLibrary();
type Pools = InstanceType<typeof Pool>;

const folder = mkdtempSync(join(tmpdir(), "heddle-desk-"));
const file = join(folder, "nested.mjs");
writeFileSync(
  file,
  `export const nested = async (pool, depth) => depth === 0 ? 0 : 1 + await pool.submit({ url: import.meta.url, export: "nested" }, pool, depth - 1);
   export const nestedSync = (pool, depth) => depth === 0 ? 0 : 1 + pool.submit({ url: import.meta.url, export: "nestedSync" }, pool, depth - 1).resultSync();
   export const maps = async (pool, n) => (await pool.map((x) => x * x, Array.from({ length: n }, (_, i) => i))).length;`,
);
const url = pathToFileURL(file).href;

/** The context of the test that runs. */
let context: Heddle | undefined;
const dog = watchdog(100, () => {
  if (context === undefined) return "a pool hangs";
  const { memory } = context.member;
  return `a pool hangs\n${JSON.stringify(takenNumbers(context))}${stateWords(memory.buffer, BASE)}`;
});
test.after(async () => {
  dog.clear();
  rmSync(folder, { recursive: true });
  await close();
});

function fresh(): Heddle {
  context = createHeddle();
  return context;
}

/** Bytes of the memory that are in use when there is no pool. */
function bare(heddle: Heddle): number {
  // The main thread's own record stays.
  heddle.member.workshop?.main();
  return heddle.info().memory.used;
}

test("tasks may submit to the pool that runs them and wait, however few its workers", async () => {
  const pool = new Pool(1);
  for (const name of ["nested", "nestedSync"]) {
    assert.is(await pool.submit<(pool: Pools, depth: number) => number>({ url, export: name }, pool, 4), 4);
  }
  const widths = await Promise.all(
    [3, 5, 7].map((n) => pool.submit<(pool: Pools, n: number) => Promise<number>>({ url, export: "maps" }, pool, n)),
  );
  assert.equal(widths, [3, 5, 7]);
  // One worker runs one task at a time again.
  const begun = await Promise.all(
    Array.from({ length: 8 }, () =>
      pool.submit(() => {
        const share = globalThis as { at?: number };
        share.at = (share.at ?? 0) + 1;
        return new Promise<boolean>((resolve) => setTimeout(() => resolve(share.at!-- === 1), 1));
      }),
    ),
  );
  assert.equal(begun, new Array(8).fill(true));
  assert.is(pool.statistics().lost, 0);
  await pool.shutdown();
  pool.close();
});

test("a pool that its maker closes, or that all have closed, gives its workers and its memory back", async () => {
  const heddle = fresh();
  const used = bare(heddle);
  for (let i = 0; 3 * i < 2 * KEPT; i++) {
    const pool = new Pool({ workers: 3, context: heddle });
    const other = Pool.from(pool.handle);
    assert.equal(await other.map((x: number) => x + 1, [1, 2]), [2, 3]);
    assert.is(await pool.submit((x: number) => x, i), i);
    if (i % 2 === 0) {
      other.close();
      assert.is(await pool.submit((x: number) => x, i), i);
      pool.close();
    } else {
      pool.close();
      assert.throws(
        () => other.submit((x: number) => x, i),
        (error: Error) => error.name === "PoolShutdownError",
      );
      other.close();
    }
    await memoryReturns(heddle, used);
  }
  // Those that had not begun when their pool was closed find that out yet, and end when there are more than are kept.
  await until(() => Object.values(takenNumbers(heddle)).length <= 1 + KEPT);
  await heddle.close();
});

test("a pool that its thread has made and left is over with it", async () => {
  const heddle = fresh();
  const used = bare(heddle);
  const thread = new (await loadLibrary()).Thread({
    context: heddle,
    target: async (library: string) => {
      const { Pool: There } = (await import(library)) as { Pool: typeof Pool };
      const pool = new There(2);
      await pool.submit(() => 1);
      process.exit(3);
    },
    args: [LIBRARY_URL],
  });
  thread.start();
  await thread.join();
  assert.is(thread.exitCode, -1);
  thread.close();
  await memoryReturns(heddle, used);
  await heddle.close();
});

test("objects of one pool on one thread share what they need: it does not grow with them", async () => {
  const heddle = fresh();
  const pool = new Pool({ workers: 1, context: heddle });
  await pool.submit((x: number) => x, 1);
  const objects = Array.from({ length: OBJECTS }, () => Pool.from(pool.handle));
  const used = heddle.info().memory.used;
  for (const each of objects) assert.is(await each.submit((x: number) => x, 2), 2);
  const grown = heddle.info().memory.used - used;
  // A worker without tasks has a waiter's block, some moments after its last task.
  assert.ok(Math.abs(grown) < OBJECTS * LEAST_BLOCK, `${grown} bytes for ${OBJECTS} objects`);
  // Each has its own tasks: closing one says nothing about the others'.
  const [first, second] = objects as [Pools, Pools];
  const gate = new Event({ context: heddle });
  const blocker = pool.submit((open: typeof gate) => open.waitSync(), gate);
  const mine = first.submit((x: number) => x, 3);
  const others = second.submit((x: number) => x, 4);
  first.close();
  gate.set();
  assert.is(((await mine.exception()) as Error).name, "ClosedError");
  assert.is(await others, 4);
  await blocker;
  await pool.shutdown();
  await heddle.close();
});

test("may be closed by what is called when a task is done", async () => {
  for (let i = 0; i < 5; i++) {
    const pool = new Pool(2);
    const futures = Array.from({ length: 30 }, () => pool.submit(() => "a result with bytes"));
    futures[3]!.addDoneCallback(() => pool.close());
    for (const outcome of await Promise.allSettled(futures)) {
      if (outcome.status === "fulfilled") assert.is(outcome.value, "a result with bytes");
      else assert.is(outcome.reason.name, "ClosedError");
    }
  }
});

test("rejects what is under way, queued, or waits for room, when its context is closed", async () => {
  const heddle = fresh();
  const pool = new Pool({ workers: 1, maxPending: 2, context: heddle });
  const endless = () => {
    for (;;);
  };
  const futures = Array.from({ length: 6 }, () => pool.submit(endless));
  await until(() => pool.running === 1);
  const outcomes = Promise.allSettled(futures);
  await heddle.close();
  const names = (await outcomes).map((outcome) => (outcome.status === "rejected" ? outcome.reason.name : "value"));
  assert.equal(names, new Array(6).fill("ClosedError"));
});

test("a program whose context is closed under its tasks ends", () => {
  const program = `
    import { Pool, close } from ${JSON.stringify(LIBRARY_URL)};
    const pool = new Pool(1);
    const futures = [1, 2, 3].map(() => pool.submit(() => { for (;;); }));
    Promise.allSettled(futures).then((all) => console.log(all.map(({ reason }) => reason.name).join()));
    while (!futures[0].running) await new Promise((resolve) => setTimeout(resolve, 1));
    await close();`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
    timeout: 30_000,
  });
  assert.is(output, "ClosedError,ClosedError,ClosedError\n");
});

test.run();
