/** Node's `Worker` as a channel. */
import type { TransferListItem, Worker } from "node:worker_threads";
import type { Channel } from "./threads.js";

export function nodeChannel(worker: Worker): Channel {
  return {
    post: (message, transfer) => worker.postMessage(message, transfer as readonly unknown[] as TransferListItem[]),
    listen(hear, end) {
      worker.on("message", hear);
      worker.on("error", (error) => end(error instanceof Error ? error : new Error(String(error))));
      worker.on("exit", (code) => end(new Error(`another thread ended with code ${code}`)));
    },
    terminate: async () => void (await worker.terminate()),
  };
}
