// @timeout 3600
/**
 * Storms over pools and threads: every future settles with what was done to its task, none runs twice, the pool is whole at the end, and the process ends by itself.
 *
 *   TASKS   of each storm; default 2,000, with STRESS=1 100,000
 *   EVENTS  deaths and aborts among them; default 60, with STRESS=1 1,000
 *   THREADS of the storm of threads; default 100, with STRESS=1 1,000
 *   SEED    of the first
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LIBRARY_URL } from "../runtime/library.js";
import { bundle } from "./node.js";
import type { Report, Storm } from "./storm.js";
import type { ThreadReport, ThreadStorm } from "./storm-threads.js";

const STRESS = process.env.STRESS === "1";
const TASKS = Number(process.env.TASKS ?? (STRESS ? 100_000 : 2_000));
const EVENTS = Number(process.env.EVENTS ?? (STRESS ? 1_000 : 60));
const THREADS = Number(process.env.THREADS ?? (STRESS ? 1_000 : 100));
const SEED = Number(process.env.SEED ?? 1 + (Date.now() % 1_000_000));
const WORKERS = 3;
/** Until a storm counts as hung. */
const SECONDS = STRESS ? 1500 : 90;
/** Megabytes of a heap: soon full, for tasks that run out of memory. */
const HEAP = 120;

const folder = mkdtempSync(join(tmpdir(), "heddle-storm-"));
test.after(() => rmSync(folder, { recursive: true }));
const file = (name: string): string => join(folder, name);
for (const [name, source] of [
  ["storm", "test/death/storm.ts"],
  ["storm-threads", "test/death/storm-threads.ts"],
  ["work", "test/death/storm-work.ts"],
  ["dog", "test/tools/state-dog.node.ts"],
] as const) {
  writeFileSync(file(`${name}.mjs`), await bundle(source, "node"));
}

/** Runs a storm in a program of its own. @returns what it reports */
async function weather<R extends Report | ThreadReport>(program: string, storm: Storm | ThreadStorm): Promise<R> {
  const flags = [`--max-old-space-size=${HEAP}`, file(`${program}.mjs`), JSON.stringify(storm)];
  const { stdout } = await promisify(execFile)(process.execPath, flags, { maxBuffer: 2 ** 26 }).catch((error) => {
    const { code, signal, stdout, stderr } = error;
    throw new Error(`${JSON.stringify(storm)}: code ${code}, ${signal}\n${stdout}\n${stderr}`);
  });
  console.log(`${program} ${storm.seed}: ${stdout}`);
  return JSON.parse(stdout) as R;
}

const common = { library: LIBRARY_URL, dog: pathToFileURL(file("dog.mjs")).href, seconds: SECONDS };

for (const [i, end] of (["closes", "forgets", "terminates"] as const).entries()) {
  test(`${EVENTS} deaths and aborts among ${TASKS} tasks, in a program that ${end} its pool`, async () => {
    const work = pathToFileURL(file("work.mjs")).href;
    const storm: Storm = { ...common, seed: SEED + i, tasks: TASKS, events: EVENTS, workers: WORKERS, work, end };
    const { findings } = await weather<Report>("storm", storm);
    assert.equal(findings, [], JSON.stringify(storm));
  });
}

test(`${THREADS} threads that end in all ways`, async () => {
  const storm: ThreadStorm = { ...common, seed: SEED, threads: THREADS };
  const { findings } = await weather<ThreadReport>("storm-threads", storm);
  assert.equal(findings, [], JSON.stringify(storm));
});

test.run();
