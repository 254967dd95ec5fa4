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
async function runWith(...contenders: Contender[]): Promise<{ good: boolean; report: string; results: Summary[] }> {
  const { log } = console;
  const lines: string[] = [];
  const json = join(folder, "out.json");
  console.log = (text: string) => lines.push(text);
  try {
    const plan = { workers: 2, rounds: 2, warmRounds: 1, json };
    const good = await runPool({ tests: [testNamed("empty")], contenders, isWanted: () => true, ...plan });
    const { results } = JSON.parse(readFileSync(json, "utf8")) as { results: Summary[] };
    return { good, report: lines.join("\n"), results };
  } finally {
    console.log = log;
  }
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
  const { good, report, results } = await runWith(
    actor("liar", { time: async () => ({ seconds: 0.03, value: 1 }) }),
    actor("absent", { prepare: () => Promise.reject(new Error("apt-get install abacus")) }),
    actor("broken", { time: () => Promise.reject(new Error("out of paper")) }),
    actor("weaver", {}),
  );
  assert.is(good, false);
  assert.match(report, /\| liar .* WRONG 2 of 2 \|/);
  assert.match(report, /absent +missing: apt-get install abacus/);
  assert.match(report, /broken, empty: out of paper/);
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
  const json = join(folder, "real.json");
  const only = "(empty (heddle|piscina|port)|map (heddle|tinypool)|one (heddle|workerpool)|cold heddle|start python)";
  const args = ["scripts/bench.mjs", "pool", "--quick", "--rounds", "1", "--only", only, "--json", json];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  assert.is(status, 0, stdout + stderr);
  const { results } = JSON.parse(readFileSync(json, "utf8")) as { results: Summary[] };
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
