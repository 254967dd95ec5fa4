// @serial
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { COMPARISON, problemNamed } from "../../../bench/tolerance/config.js";
import type { Summary } from "../../../bench/tools/comparison.js";
import { type Integrator, integrator, runSideBySide } from "../../../bench/tools/side-by-side.js";
import { quietly, runBench } from "../command.js";

const folder = mkdtempSync(join(tmpdir(), "heddle-bench-"));
const json = join(folder, "out.json");
test.after(() => rmSync(folder, { recursive: true }));

/** A contender that always answers the same, at once. */
function answering(name: string, value: number, isParallel = false): Integrator {
  const program = `
    console.log("hello");
    require("node:readline").createInterface({ input: process.stdin }).on("line", () => console.log("0.2 ${value} 7"));`;
  return integrator(name, "", async () => [process.execPath, ["-e", program]], { isParallel });
}

async function runWith(...contenders: Integrator[]) {
  const problems = [problemNamed("exp")];
  const options = { problems, contenders, threads: [1, 2], samples: 1, minimumSeconds: 0.1, firstPoints: 1, json };
  const { answer: good, printed: report } = await quietly(() => runSideBySide(COMPARISON, options));
  return { good, report, ...(JSON.parse(readFileSync(json, "utf8")) as { complaints: string[]; results: Summary[] }) };
}

test("a right answer is well, a wrong one fails the bench, and who is not there is named", async () => {
  const absent: Integrator = {
    ...answering("abacus", 0),
    start: () => Promise.reject(new Error("there are no beads")),
  };
  const right = await runWith(answering("oracle", Math.E - 1), absent);
  assert.is(right.good, true);
  assert.match(right.report, /abacus +missing: there are no beads/);
  const wrong = await runWith(answering("oracle", 1.7));
  assert.is(wrong.good, false);
  assert.match(wrong.complaints.join(), /^oracle, exp, 1 threads: expected 1\.718\d*, got 1\.7$/);
});

test("who does not take a problem is left out of it", async () => {
  const idle: Integrator = { ...answering("idle", 0), takes: () => false };
  const { good, results } = await runWith(answering("oracle", Math.E - 1), idle);
  assert.is(good, true);
  assert.equal(
    results.map(({ contender }) => contender),
    ["oracle"],
  );
});

test("those that know several threads are asked with each number of them", async () => {
  const { results } = await runWith(answering("alone", Math.E - 1), answering("many", Math.E - 1, true));
  assert.equal(
    results.map(({ contender, threads, evaluations }) => `${contender} ${threads} ${evaluations}`),
    ["alone 1 7", "many 1 7", "many 2 7"],
  );
});

test("the command measures Heddle, and writes what it measured", () => {
  const args = ["--only", "exp", "--contenders", "single-fast,single", "--samples", "1", "--threads", "1"];
  const { status, why, report, results } = runBench<Summary>("tolerance", args);
  assert.is(status, 0, why);
  assert.match(report, /### microseconds per integral, 1 thread/);
  assert.equal(
    results.map(({ contender, evaluations }) => `${contender} ${evaluations}`),
    ["single-fast 21", "single 1344"],
  );
});

test("an argument that is not understood ends with exit code 2 and the help", () => {
  const args = ["scripts/bench.mjs", "tolerance", "--contenders", "fortran"];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  assert.is(status, 2);
  assert.match(stderr, /^heddle: [\s\S]*npm run bench -- tolerance: /);
});

test.run();
