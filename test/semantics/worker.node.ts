/** A worker of these tests in Node. */
import { parentPort, Worker } from "node:worker_threads";
import { serve } from "./inside.js";
import { nodeChannel } from "./node-channel.js";

if (parentPort === null) throw new Error("expected to be a worker");
const port = parentPort;

serve({
  post: (message) => port.postMessage(message),
  listen: (hear) => void port.on("message", hear),
  exit: () => process.exit(0),
  onRejection: (hear) => void process.on("unhandledRejection", hear),
  spawn: () => nodeChannel(new Worker(new URL(import.meta.url))),
});
