// @serial
// @timeout 300
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { expectedAnswer, testNamed } from "../../../bench/pool/config.js";
import type { Contender } from "../../../bench/pool/contenders.js";
import type { Summary } from "../../../bench/pool/report.js";
import { runPool } from "../../../bench/pool/run.js";
import { quietly, runBench } from "../command.js";

const folder = mkdtempSync(join(tmpdir(), "heddle-bench-"));
test.after(() => rmSync(folder, { recursive: true }));

/** A contender that runs nothing. */
function actor(name: string, change: Partial<Contender>): Contender {
  return {
    name,
    description: `the ${name}`,
    tests: ["empty"],
    prepare: async () => "1.0",
    time: async (which) => ({ seconds: 0.03, value: expectedAnswer(which) }),
    stop: async () => {},
    ...change,
  };
}

/** Runs "empty" without its report being seen. */
async function runWith(...contenders: Contender[]) {
  const json = join(folder, "out.json");
  const plan = { tests: [testNamed("empty")], isWanted: () => true, workers: 2, rounds: 2, warmRounds: 1, json };
  const { answer: good, printed: report, progress } = await quietly(() => runPool({ ...plan, contenders }));
  const written = JSON.parse(readFileSync(json, "utf8")) as { complaints: string[]; results: Summary[] };
  return { good, report, progress, ...written };
}

test("right answers are well, in microseconds for each task, and everybody is stopped", async () => {
  const stopped: string[] = [];
  const stop = (name: string) => async () => void stopped.push(name);
  const { good, report, results } = await runWith(
    actor("heddle", { stop: stop("heddle") }),
    actor("weaver", { stop: stop("weaver") }),
    actor("painter", { tests: ["map"] }),
  );
  assert.is(good, true);
  assert.match(report, /weaver +the weaver; 1\.0/);
  assert.equal(stopped, ["heddle", "weaver"]);
  assert.equal(
    results.map(({ contender, samples, figure }) => [contender, samples.length, figure?.median]),
    [
      ["heddle", 2, 1],
      ["weaver", 2, 1],
    ],
  );
});

test("a wrong answer fails the bench; who is missing or fails is named, alone", async () => {
  const { good, report, progress, complaints, results } = await runWith(
    actor("liar", { time: async () => ({ seconds: 0.03, value: 1 }) }),
    actor("absent", { prepare: () => Promise.reject(new Error("apt-get install abacus")) }),
    actor("broken", { time: () => Promise.reject(new Error("out of paper")) }),
    actor("weaver", {}),
  );
  assert.is(good, false);
  assert.match(report, /\| liar .* WRONG 2 of 2 \|/);
  assert.match(report, /absent +missing: apt-get install abacus/);
  assert.equal(complaints, ["liar, empty: wrong answers in 2 of 2 samples", "broken, empty: out of paper"]);
  assert.ok(report.endsWith(["\n\nNOT OK:", ...complaints].join("\n")), "they stand last");
  assert.ok(progress.endsWith(complaints.map((each) => `NOT OK: ${each}\n`).join("")), "they are said at once");
  assert.equal(
    results.map(({ contender, samples }) => [contender, samples.length]),
    [
      ["liar", 2],
      ["broken", 0],
      ["weaver", 2],
    ],
  );
});

test("the command measures what it is asked for, and all is right", () => {
  const only = "(empty (heddle|piscina|port)|map (heddle|tinypool)|one (heddle|workerpool)|cold heddle|start python)";
  const { status, why, results } = runBench<Summary>("pool", ["--quick", "--rounds", "1", "--only", only]);
  assert.is(status, 0, why);
  const names = results.map((each) => `${each.test} ${each.contender}`);
  for (const name of ["empty heddle", "empty piscina-8", "map tinypool", "one workerpool", "cold heddle"]) {
    assert.ok(names.includes(name), `${name} in ${names.join(", ")}`);
  }
  for (const { samples } of results) assert.ok(samples.every(({ isRight, figure }) => isRight && figure > 0));
});

test("an argument that is not understood ends with exit code 2 and the help", () => {
  for (const args of [["--only", "abacus"], ["--only", "("], ["--workers", "0"], ["--quik"]]) {
    const { status, stderr } = spawnSync(process.execPath, ["scripts/bench.mjs", "pool", ...args], {
      encoding: "utf8",
    });
    assert.is(status, 2, `${args.join(" ")}: ${stderr}`);
    assert.match(stderr, /^heddle: [\s\S]*npm run bench -- pool: /);
  }
});

test.run();
