/** A thread that is to die, in Node. */
import { parentPort } from "node:worker_threads";
import { serve } from "./inside.js";

if (parentPort === null) throw new Error("expected to be a worker");
const port = parentPort;

serve({
  post: (message) => port.postMessage(message),
  listen: (hear) => void port.once("message", hear),
  end: () => {},
  exit: () => {
    process.exit();
    // It has asked the engine for the end, which comes at the next loop.
    for (;;);
  },
});
