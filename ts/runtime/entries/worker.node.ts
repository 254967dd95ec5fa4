/** Entry of a worker in Node. One self-contained file after bundling. */
import { parentPort, workerData } from "node:worker_threads";
import type { ModuleMessage, WorkerData, WorkerMessage } from "../protocol.js";
import { serve } from "./worker.js";

const tell = (message: WorkerMessage): void => parentPort?.postMessage(message);

void serve(
  workerData as WorkerData,
  () => tell({ kind: "ready" }),
  (kernel) =>
    new Promise((resolve) => {
      parentPort?.once("message", ({ module }: ModuleMessage) => resolve(module));
      tell({ kind: "want", kernel });
    }),
);
