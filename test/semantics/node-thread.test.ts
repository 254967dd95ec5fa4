/** The table in a `Thread` of Node: what may start threads there, and make pools. */
// @timeout 300
import { test } from "uvu";
import { LIBRARY_URL, loadLibrary } from "../runtime/library.js";
import { nodeScripts } from "./bundle.js";
import { CasesInThread } from "./cases-in-thread.js";
import { testAll } from "./table.js";

const scripts = await nodeScripts(LIBRARY_URL);
const heddle = await loadLibrary();
const urls = { script: scripts.thread.href, targets: scripts.targets.href, library: LIBRARY_URL };
const cases = new CasesInThread(heddle, urls, "thread");

testAll("thread", (index) => cases.run(index));

test.after(async () => {
  cases.close();
  await heddle.close();
  scripts.remove();
});

test.run();
