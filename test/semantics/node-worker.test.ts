/** The table in a worker of Node, which has attached to the main thread's memory; it has workers of its own as partners. */
// @timeout 300
import { Worker } from "node:worker_threads";
import { test } from "uvu";
import { LIBRARY_URL, loadLibrary } from "../runtime/library.js";
import { nodeScripts } from "./bundle.js";
import { nodeChannel } from "./node-channel.js";
import { testAll } from "./table.js";
import { Thread } from "./threads.js";
import { within } from "./within.js";

/** Longer than a stage takes to notice that a case hangs which does not block its thread. */
const SECONDS = 60;

const scripts = await nodeScripts(LIBRARY_URL);
const heddle = await loadLibrary();
const engine = {
  library: LIBRARY_URL,
  targets: scripts.targets.href,
  share: async () => heddle.share(),
  used: () => heddle.info().memory.used,
  spawn: () => nodeChannel(new Worker(scripts.worker)),
  onRejection() {},
};
let thread: Thread | undefined;

testAll("worker", async (index) => {
  thread ??= await Thread.start(heddle, engine);
  try {
    await within(SECONDS, () => "the thread is blocked", thread.ask({ do: "case", index, where: "worker" }));
  } catch (error) {
    // It may be blocked for ever: the next case has a new one.
    await thread.kill();
    thread = undefined;
    throw error;
  }
});

test.after(async () => {
  await thread?.kill();
  scripts.remove();
});

test.run();
