// @serial
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { problemNamed } from "../../../bench/integrate/config.js";
import type { Contender } from "../../../bench/integrate/contenders.js";
import type { Summary } from "../../../bench/integrate/report.js";
import { runIntegrate } from "../../../bench/integrate/run.js";
import { ContenderProcess } from "../../../bench/tools/process.js";
import { quietly, runBench } from "../command.js";

const folder = mkdtempSync(join(tmpdir(), "heddle-bench-"));
const json = join(folder, "out.json");
test.after(() => rmSync(folder, { recursive: true }));

/** A contender that always answers the same, at once. */
function answering(value: number): Contender {
  const program = `
    console.log("hello");
    require("node:readline").createInterface({ input: process.stdin }).on("line", () => console.log("0.2 ${value}"));`;
  return {
    name: "oracle",
    description: "",
    prepare: async () => ({
      start: async () => {
        const { contender } = await ContenderProcess.start("oracle", process.execPath, ["-e", program]);
        return { process: contender, title: "" };
      },
    }),
  };
}

/** Runs x2 without its report being seen. */
async function runWith(...contenders: Contender[]) {
  const problems = [problemNamed("x2")];
  const options = { problems, contenders, threads: [1], samples: 1, minimumSeconds: 0.1, json };
  const { answer: good, printed: report, progress } = await quietly(() => runIntegrate(options));
  const { complaints } = JSON.parse(readFileSync(json, "utf8")) as { complaints: string[] };
  return { good, report, progress, complaints };
}

test("a right answer is well, a wrong one fails the bench", async () => {
  assert.is((await runWith(answering(1000 / 3))).good, true);
  const { good, report, progress, complaints } = await runWith(answering(333));
  assert.is(good, false);
  const [complaint] = complaints;
  assert.match(complaint as string, /^oracle, x2, 1 threads: expected 333\.3+\d*, got 333$/);
  assert.match(report, /WRONG ANSWERS/);
  assert.ok(report.endsWith(`\n${complaint}`), "it stands last");
  assert.ok(progress.endsWith(`\nNOT OK: ${complaint}\n`), "it is said at once");
});

test("a contender that is not there is named with its reason", async () => {
  const absent: Contender = {
    name: "abacus",
    description: "",
    prepare: () => Promise.reject(new Error("there are no beads")),
  };
  const { good, report } = await runWith(answering(1000 / 3), absent);
  assert.is(good, true);
  assert.match(report, /abacus +missing: there are no beads/);
});

test("the command measures Heddle and JavaScript, and writes what it measured", () => {
  const args = ["--only", "x2", "--contenders", "heddle,javascript", "--samples", "1", "--threads", "1,2"];
  const { status, why, report, results } = runBench<Summary>("integrate", args);
  assert.is(status, 0, why);
  assert.match(report, /### heddle \/ contender, 2 threads/);
  assert.equal(
    results.map(({ contender, threads }) => `${contender} ${threads}`),
    ["heddle 1", "javascript 1", "heddle 2", "javascript 2"],
  );
  for (const { samples, nanoseconds } of results) {
    assert.ok(samples.every(({ seconds, points }) => seconds >= 0.1 && points > 0));
    assert.ok(nanoseconds.median > 0);
  }
});

test("an argument that is not understood ends with exit code 2 and the help", () => {
  for (const args of [
    ["--only", "x3"],
    ["--threads", "0"],
    ["--sampels", "3"],
    ["--contenders", "fortran"],
  ]) {
    const { status, stderr } = spawnSync(process.execPath, ["scripts/bench.mjs", "integrate", ...args], {
      encoding: "utf8",
    });
    assert.is(status, 2);
    assert.match(stderr, /^heddle: [\s\S]*npm run bench -- integrate: /);
  }
});

test.run();
