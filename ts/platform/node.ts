/**
 * Node (and Deno, Bun): worker_threads.
 *
 * Role: any thread.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Platform, SpawnEvents, SpawnedWorker } from "./types.js";

function spawn(
  role: "worker" | "supervisor",
  url: string | undefined,
  data: object,
  events: SpawnEvents,
): SpawnedWorker {
  const script = url ?? new URL(role === "worker" ? "./worker.node.js" : "./supervisor.node.js", import.meta.url);
  // Flags such as --import belong to the program, not to our workers: they would slow each start or fail in it.
  const worker = new Worker(typeof script === "string" ? scriptOf(script) : script, { workerData: data, execArgv: [] });
  worker.on("message", (message) => events.onMessage(message));
  worker.on("messageerror", (error) => events.onError(error));
  worker.on("error", (error) => events.onError(error instanceof Error ? error : new Error(String(error))));
  worker.on("exit", () => events.onDeath());
  let isTerminated = false;
  return {
    post: (message) => worker.postMessage(message),
    ref: () => worker.ref(),
    unref: () => worker.unref(),
    terminate: () => {
      // Each call waits for the end with a listener of its own: once is enough.
      if (!isTerminated) void worker.terminate();
      isTerminated = true;
    },
  };
}

/** `Worker` takes a path, or a URL object: a URL in a string is neither. */
function scriptOf(url: string): string | URL {
  return /^(file|data):/.test(url) ? new URL(url) : url;
}

export const platform: Platform = {
  name: "node",
  parallelism: availableParallelism,
  mayBlock: () => true,
  threadsMissing: () => null,
  supervised: true,
  afterlife: 0,
  spawn,
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
};
