/** A holder that dies while the thread that made the context is blocked: that thread hears of no death, and must be let go nevertheless. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Handle, Heddle } from "../../ts/index.js";
import { LIBRARY_URL, loadLibrary, memoryReturns } from "../runtime/library.js";
import { stateWatchdog } from "../tools/state-dog.js";
import type { HolderOrder, Holding } from "./holder.node.js";
import { bundle } from "./node.js";

const library = await loadLibrary();
const folder = mkdtempSync(join(tmpdir(), "heddle-holder-"));
const script = join(folder, "holder.mjs");
writeFileSync(script, await bundle("test/death/holder.node.ts", "node"));
test.after(() => rmSync(folder, { recursive: true }));

/** What is waited for, and what comes of it. */
interface Wanted {
  readonly object: { readonly handle: Handle; close(): void };
  /** Blocks. Says what came of it. */
  block(): unknown;
  readonly expected: unknown;
}

const codeOf = (error: unknown): unknown => (error as { code?: string }).code;

function attempt(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return codeOf(error);
  }
}

function wantedOf(heddle: Heddle, holding: Holding): Wanted {
  const options = { context: heddle };
  switch (holding) {
    case "Lock.acquireSync":
    case "RLock.acquireSync": {
      const lock = new library[holding === "Lock.acquireSync" ? "Lock" : "RLock"](options);
      return { object: lock, block: () => lock.acquireSync()?.abandoned, expected: true };
    }
    case "Semaphore.acquireSync": {
      const semaphore = new library.Semaphore(1, options);
      return { object: semaphore, block: () => semaphore.acquireSync() !== null, expected: true };
    }
    case "ReadWriteLock.readSync":
    case "ReadWriteLock.writeSync": {
      const lock = new library.ReadWriteLock(options);
      const isRead = holding.endsWith("readSync");
      return {
        object: lock,
        block: () => {
          const guard = isRead ? lock.readSync() : lock.writeSync();
          guard?.release();
          return guard?.abandoned;
        },
        // Nothing is half changed when a reader dies.
        expected: isRead,
      };
    }
    case "Condition.waitSync": {
      const condition = new library.Condition(undefined, options);
      return {
        object: condition,
        block: () => {
          const guard = condition.acquireSync();
          return [condition.waitSync(), guard?.abandoned];
        },
        expected: [true, true],
      };
    }
    case "Barrier.waitSync": {
      const barrier = new library.Barrier(3, options);
      return { object: barrier, block: () => attempt(() => barrier.waitSync()), expected: "ERR_BROKEN_BARRIER" };
    }
    case "Once.callSync": {
      const once = new library.Once(options);
      return { object: once, block: () => once.callSync(() => {}), expected: true };
    }
    case "Queue.joinSync": {
      const queue = new library.Queue(options);
      queue.putNowait("something to do");
      return { object: queue, block: () => attempt(() => queue.joinSync()), expected: "ERR_ABANDONED" };
    }
    case "Queue.getSync": {
      const queue = new library.Queue(options);
      queue.putNowait("an item");
      return { object: queue, block: () => queue.getSync(), expected: "an item" };
    }
    case "Queue.putSync": {
      const queue = new library.Queue(options);
      return {
        object: queue,
        block: () => {
          queue.putSync(17);
          return queue.qsize();
        },
        expected: 1,
      };
    }
  }
}

const HOLDINGS: readonly Holding[] = [
  "Lock.acquireSync",
  "RLock.acquireSync",
  "Semaphore.acquireSync",
  "ReadWriteLock.readSync",
  "ReadWriteLock.writeSync",
  "Condition.waitSync",
  "Barrier.waitSync",
  "Once.callSync",
  "Queue.joinSync",
  "Queue.getSync",
  "Queue.putSync",
];
const ENDS = ["exit", "throw", "terminate"] as const;

for (const holding of HOLDINGS) {
  test(`${holding} on the main thread comes back when the holder dies`, async () => {
    const heddle = library.createHeddle({ memory: 2 ** 20 });
    const times: string[] = [];
    for (const end of ENDS) {
      const used = heddle.info().memory.used;
      const { object, block, expected } = wantedOf(heddle, holding);
      const share = heddle.share();
      const died = new SharedArrayBuffer(8);
      const order: HolderOrder = { library: LIBRARY_URL, share, holding, end, handle: object.handle, died };
      const worker = new Worker(script, { workerData: order, transferList: share.transfer });
      // Listened to at once: what a worker says while nobody listens is lost.
      const held = new Promise((resolve, reject) => {
        worker.once("message", resolve);
        // Once it holds what it is to hold, its end is planned.
        worker.on("error", reject);
      });
      const dog = await stateWatchdog(30, share.memory.buffer, share.base);
      await held;
      const result = block();
      const milliseconds = performance.timeOrigin + performance.now() - new Float64Array(died)[0]!;
      dog.clear();
      assert.equal(result, expected, end);
      times.push(`${end} ${milliseconds.toFixed(1)} ms`);
      object.close();
      await worker.terminate();
      await memoryReturns(heddle, used);
    }
    console.log(`${holding}: let go after ${times.join(", ")}`);
    await heddle.close();
  });
}

test.run();
