/** The workshop: whom an end by force hits, and what a hand's death means for who comes after. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inContext, loadLibrary, until } from "../library.js";

const { Event, Pool, Thread } = await loadLibrary();

/** Threads that are ended at about the moment at which they are over. */
const ENDED = 150;

test("ending a thread that is just over hits no other that has its worker", () =>
  inContext({}, async (heddle) => {
    const spin = (milliseconds: number): void => {
      const end = performance.now() + milliseconds;
      while (performance.now() < end);
    };
    for (let i = 0; i < ENDED; i++) {
      const thread = new Thread({ context: heddle, target: spin, args: [1] });
      thread.start();
      // From just before its end to just after.
      const until = performance.now() + 1 + (i % 10) / 10;
      while (thread.isAlive && performance.now() < until);
      thread.terminate();
      const next = new Thread({ context: heddle, target: spin, args: [2] });
      next.start();
      await next.join();
      assert.is(next.exitCode, 0);
      await thread.join();
      thread.close();
      next.close();
    }
  }));

test("a thread begins although its worker dies of what another has left there", () =>
  inContext({}, async (heddle) => {
    // The first hand hears nothing there: it gets its duties on another line.
    const gate = new Event({ context: heddle });
    const first = new Thread({
      context: heddle,
      target: (gate: InstanceType<typeof Event>) => gate.waitSync(),
      args: [gate],
    });
    first.start();
    const leaves = new Thread({
      context: heddle,
      target: async () => {
        const { parentPort } = await import("node:worker_threads");
        // The next message is the next thread's.
        (parentPort as NodeJS.EventEmitter | null)?.prependListener("message", () => process.exit());
      },
    });
    leaves.start();
    leaves.joinSync();
    const next = new Thread({ context: heddle, target: () => 1 });
    next.start();
    await next.join();
    assert.is(next.exitCode, 0);
    gate.set();
    await first.join();
    first.close();
    gate.close();
    leaves.close();
    next.close();
  }));

test("outcomes that there is no memory for are errors that say so, and cost no worker", () =>
  inContext({ memory: 2 ** 20 }, async (heddle) => {
    const pool = new Pool({ workers: 1, context: heddle });
    assert.is(await pool.submit((n: number) => "x".repeat(n), 1), "x");
    const { core } = heddle.member;
    const blocks: number[] = [];
    // A file: who waits for an event has a block of the memory, and gives it back.
    const folder = mkdtempSync(join(tmpdir(), "heddle-workshop-"));
    const gate = join(folder, "gate");
    const running = pool.submit(async (gate: string) => {
      const { existsSync } = await import("node:fs");
      while (!existsSync(gate));
      return "x".repeat(50);
    }, gate);
    await until(() => running.running);
    for (let size = 2 ** 18; size >= 16; ) {
      const block = core.alloc(size) >>> 0;
      if (block < 16) size /= 2;
      else blocks.push(block);
    }
    writeFileSync(gate, "");
    const error = (await running.exception()) as Error;
    assert.is(error.name, "OutOfMemoryError");
    // Long enough for the worker to want to wait for the next task, for which there is no memory either.
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (const block of blocks) core.free(block);
    assert.is(await pool.submit(() => "whole"), "whole");
    assert.is(pool.statistics().lost, 0);
    pool.close();
    rmSync(folder, { recursive: true });
  }));

test.run();
