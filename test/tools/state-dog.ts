/** A watchdog for tests that block this thread on locks and queues: when the time is up it prints the context's state words (state-words.ts). */
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import type { Watchdog } from "./watchdog.js";

/**
 * @param base address of the context, as a share tells it
 * @example
 *   const dog = await stateWatchdog(20, share.memory.buffer, share.base);
 */
export async function stateWatchdog(seconds: number, memory: ArrayBufferLike, base: number): Promise<Watchdog> {
  const { outputFiles } = await build({
    entryPoints: ["test/tools/state-dog.node.ts"],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "es2022",
    logLevel: "silent",
  });
  const worker = new Worker(outputFiles[0]!.text, { eval: true, workerData: { seconds, memory, base } });
  // A finished test must be able to end without clearing it.
  worker.unref();
  return { clear: () => void worker.terminate() };
}
