/** The table on Node's main thread. */
// @timeout 300
import { Worker } from "node:worker_threads";
import { test } from "uvu";
import { LIBRARY_URL, loadLibrary } from "../runtime/library.js";
import { nodeScripts } from "./bundle.js";
import { CASES } from "./cases/index.js";
import { dog } from "./dog.js";
import { nodeChannel } from "./node-channel.js";
import { Stage } from "./stage.js";
import { testAll } from "./table.js";

/** Longer than a stage takes to notice that a case hangs which does not block its thread. */
const SECONDS = 60;

const scripts = await nodeScripts(LIBRARY_URL);
const heddle = await loadLibrary();
const stage = new Stage(heddle, "main", {
  library: LIBRARY_URL,
  targets: scripts.targets.href,
  share: async () => heddle.share(),
  used: () => heddle.info().memory.used,
  spawn: () => nodeChannel(new Worker(scripts.worker)),
  onRejection: (hear) => void process.on("unhandledRejection", hear),
});
const watch = dog(
  SECONDS,
  CASES.map(({ name }) => name),
);

testAll("main", async (index, subject) => {
  watch.tell(index);
  try {
    await stage.run(subject);
  } finally {
    watch.tell(-1);
  }
});

test.after(async () => {
  await stage.close();
  await watch.end();
  await heddle.close();
  scripts.remove();
});

test.run();
