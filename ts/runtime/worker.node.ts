/** Entry of a worker in Node. One self-contained file after bundling. */
import { parentPort, workerData } from "node:worker_threads";
import type { WorkerData, WorkerMessage } from "./protocol.js";
import { serve } from "./worker.js";

const ready: WorkerMessage = { kind: "ready" };
serve(workerData as WorkerData, () => parentPort?.postMessage(ready));
