/** Starts the threads of the tests in this folder. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { bundle } from "../death/node.js";
import type { ThreadOrder } from "./threads.node.js";

export interface Threads {
  start(order: ThreadOrder): Worker;
  /** What a thread answers, once. @throws what ended it */
  answer<T>(worker: Worker): Promise<T>;
  remove(): void;
}

export async function threads(): Promise<Threads> {
  const folder = mkdtempSync(join(tmpdir(), "heddle-soak-"));
  const script = join(folder, "threads.mjs");
  writeFileSync(script, await bundle("test/soak/threads.node.ts", "node"));
  return {
    start: (order) => new Worker(script, { workerData: order, transferList: order.share.transfer }),
    answer: (worker) =>
      new Promise((resolve, reject) => {
        worker.once("message", resolve);
        worker.once("error", reject);
        worker.once("exit", (code) => reject(new Error(`expected an answer, the thread ended with code ${code}`)));
      }),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
