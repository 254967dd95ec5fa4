/**
 * The page of these tests: runs cases on its own thread, or in a worker of it, for the runner that looks on from outside.
 */

import { browserChannel, onRejection } from "./browser-channel.js";
import { CASES } from "./cases/index.js";
import { CasesInThread } from "./cases-in-thread.js";
import type { Library } from "./library.js";
import { type PlainError, plainError } from "./messages.js";
import { Stage } from "./stage.js";
import { type Engine, Thread } from "./threads.js";
import { within } from "./within.js";

/** Longer than a stage takes to notice that a case hangs which does not block its thread. */
const SECONDS = 60;

const LIBRARY = new URL("/browser.js", location.href).href;
const TARGETS = new URL("/semantics-targets.js", location.href).href;
const heddle = (await import(LIBRARY)) as Library;
const engine: Engine = {
  library: LIBRARY,
  targets: TARGETS,
  share: async () => heddle.share(),
  used: () => heddle.info().memory.used,
  onRejection,
  spawn: () => browserChannel(new Worker(new URL("/semantics-worker.js", location.href), { type: "module" })),
};

const stage = new Stage(heddle, "page", engine);
let worker: Thread | undefined;
const script = new URL("/semantics-thread.js", location.href).href;
const thread = new CasesInThread(heddle, { script, targets: TARGETS, library: LIBRARY }, "page-thread");

type Place = "page" | "page-worker" | "page-thread";

async function run(index: number, where: Place): Promise<unknown> {
  if (where === "page") return stage.run(CASES[index]!);
  if (where === "page-thread") return thread.run(index);
  worker ??= await Thread.start(heddle, engine);
  try {
    return await within(SECONDS, () => "the worker is blocked", worker.ask({ do: "case", index, where }));
  } catch (error) {
    // It may be blocked for ever: the next case has a new one.
    await worker.kill();
    worker = undefined;
    throw error;
  }
}

/** Null when the case passed. */
async function judge(index: number, where: Place): Promise<PlainError | null> {
  try {
    await run(index, where);
    return null;
  } catch (thrown) {
    return plainError(thrown);
  }
}

Object.assign(globalThis, { judge });
