// @serial
// @timeout 600
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { expectedSum, TESTS, type Test } from "../../../bench/queue/config.js";
import { type Contender, program } from "../../../bench/queue/contender.js";
import type { Summary } from "../../../bench/queue/report.js";
import { runQueue } from "../../../bench/queue/run.js";
import { quietly, runBench } from "../command.js";

const folder = mkdtempSync(join(tmpdir(), "heddle-bench-"));
test.after(() => rmSync(folder, { recursive: true }));

const [NUMBERS] = TESTS as readonly [Test];

/** A contender that runs nothing. */
function actor(name: string, change: Partial<Contender>): Contender {
  return {
    name,
    description: `the ${name}`,
    kinds: ["numbers"],
    excuse: null,
    prepare: async () => ["1.0"],
    run: async (which, items) => ({ seconds: 0.4, sum: expectedSum(which, items) }),
    ...change,
  };
}

/** Runs the first test without its report being seen. */
async function runWith(...contenders: Contender[]) {
  const json = join(folder, "out.json");
  const plan = { tests: [NUMBERS], isWanted: () => true, rounds: 2, minimumSeconds: 0.3, json };
  const { answer: good, printed: report, progress } = await quietly(() => runQueue({ ...plan, contenders }));
  const written = JSON.parse(readFileSync(json, "utf8")) as { complaints: string[]; results: Summary[] };
  return { good, report, progress, ...written };
}

test("right answers are well, and are written down", async () => {
  const { good, report, results } = await runWith(actor("weaver", {}), actor("spinner", {}));
  assert.is(good, true);
  assert.match(report, /weaver +the weaver; 1\.0/);
  assert.equal(
    results.map(({ contender, samples }) => [contender, samples.length]),
    [
      ["weaver", 2],
      ["spinner", 2],
    ],
  );
});

test("a wrong answer fails the bench, unless it is excused", async () => {
  const run = async () => ({ seconds: 0.4, sum: 1 });
  const { good, report, progress, complaints } = await runWith(actor("weaver", {}), actor("liar", { run }));
  assert.is(good, false);
  assert.match(report, /\| liar .* WRONG 2 of 2 \|/);
  const [complaint] = complaints;
  assert.match(complaint as string, /^liar, numbers-1\/1: wrong sums in 2 of 2 samples: expected .*, got 1$/);
  assert.ok(report.endsWith(`\n\nNOT OK:\n${complaint}`), "it stands last");
  assert.ok(progress.endsWith(`\nNOT OK: ${complaint}\n`), "it is said at once");
  assert.is((await runWith(actor("liar", { run, excuse: "it is known for that" }))).good, true);
});

test("who is not there is named with the reason, and who fails drops out alone", async () => {
  let runs = 0;
  const { good, report, results } = await runWith(
    actor("absent", { prepare: () => Promise.reject(new Error("apt-get install abacus")) }),
    actor("broken", {
      run: async (which, items) => {
        if (++runs > 2) throw new Error("out of paper");
        return { seconds: 0.4, sum: expectedSum(which, items) };
      },
    }),
    actor("weaver", {}),
  );
  assert.is(good, false);
  assert.match(report, /absent +missing: apt-get install abacus/);
  assert.match(report, /broken, numbers-1\/1: out of paper/);
  assert.equal(
    results.map(({ contender, samples }) => [contender, samples.length]),
    [
      ["broken", 1],
      ["weaver", 2],
    ],
  );
});

test("a contender takes part only in its kinds of test", async () => {
  const { results } = await runWith(actor("weaver", {}), actor("painter", { kinds: ["objects"] }));
  assert.equal(
    results.map(({ contender }) => contender),
    ["weaver"],
  );
});

test("a program is told the test, its options behind", async () => {
  const text = `
    const [kind, producers, consumers, items, warm, capacity, own] = process.argv.slice(1);
    if (kind !== "numbers" || own !== "fast") throw new Error(process.argv.join(" "));
    console.log(JSON.stringify({ seconds: 0.5, sum: (items * (Number(items) + 1)) / 2 }));`;
  const echo = program("echo", "", {
    kinds: ["numbers"],
    options: ["fast"],
    prepare: async () => ({ command: process.execPath, args: ["-e", text, "--"], remarks: [] }),
  });
  await echo.prepare();
  assert.equal(await echo.run(NUMBERS, 1024), { seconds: 0.5, sum: expectedSum(NUMBERS, 1024) });
});

test("the command measures what it is asked for, and all is right", () => {
  const only =
    "(numbers-2/2 (heddle|ring-batch)|objects-1/1 heddle|ping-pong (messageport|ring)|priority-2 (heddle-wasm|python))";
  const { status, why, results } = runBench<Summary>("queue", ["--quick", "--rounds", "1", "--only", only]);
  assert.is(status, 0, why);
  const names = results.map((each) => `${each.test} ${each.contender}`);
  for (const name of [
    "numbers-2/2 heddle-wasm",
    "numbers-2/2 heddle-batch",
    "objects-1/1 heddle",
    "numbers-2/2 ring-batch",
    "ping-pong messageport",
    "priority-2 heddle-wasm",
  ]) {
    assert.ok(names.includes(name), `${name} in ${names.join(", ")}`);
  }
  for (const { samples } of results) {
    assert.ok(samples.every(({ wrong, seconds }) => wrong === null && seconds >= 0.1));
  }
});

test("an argument that is not understood ends with exit code 2 and the help", () => {
  for (const args of [["--only", "abacus"], ["--only", "("], ["--rounds", "0"], ["--quik"]]) {
    const { status, stderr } = spawnSync(process.execPath, ["scripts/bench.mjs", "queue", ...args], {
      encoding: "utf8",
    });
    assert.is(status, 2, `${args.join(" ")}: ${stderr}`);
    assert.match(stderr, /^heddle: [\s\S]*npm run bench -- queue: /);
  }
});

test.run();
