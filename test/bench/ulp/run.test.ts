// @timeout 300
/** The command, from its line to its exit code. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { naiveHypot } from "./wrong.js";

const folder = mkdtempSync(join(tmpdir(), "heddle-ulp-"));
test.after(() => rmSync(folder, { recursive: true }));

function bench(...args: string[]): { code: number | null; out: string; error: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/bench.mjs", "ulp", ...args], {
    encoding: "utf8",
  });
  return { code: status, out: stdout, error: stderr };
}

test("some functions, quickly: a table, and all of it as JSON", () => {
  const json = join(folder, "out.json");
  const { code, out, error } = bench("--quick", "--only", "exp,sqrt,atan2", "--threads", "2", "--json", json);
  assert.is(code, 0, out + error);
  assert.match(out, /^\| exp +\| 0\.\d{3} /m);
  assert.match(out, /^\| atan2 +\| \d\.\d{3} \| +[-\d.e+]+, [-\d.e+]+ /m);
  assert.match(out, "All bounds hold.");
  const { results, seed } = JSON.parse(readFileSync(json, "utf8")) as {
    results: { name: string; tally: { samples: number } }[];
    seed: number;
  };
  assert.is(seed, 1);
  assert.equal(results.map(({ name }) => name).sort(), ["atan2", "exp", "sqrt"]);
  assert.ok(results.every(({ tally }) => tally.samples >= 20_000));
});

test("the figures do not depend on the number of threads", () => {
  const table = (threads: string): string[] =>
    bench("--samples", "3e4", "--seed", "5", "--only", "cbrt,hypot", "--threads", threads)
      .out.split("\n")
      .filter((line) => line.startsWith("| "));
  const single = table("1");
  assert.is(single.length, 4);
  assert.equal(table("3"), single);
});

test("a wrong function ends in exit code 1, and is named", () => {
  const wrong = join(folder, "wrong.wasm");
  writeFileSync(wrong, naiveHypot());
  const { code, out } = bench("--quick", "--provider", wrong);
  assert.is(code, 1);
  assert.match(out, /NOT OK:\nhypot: \S+ ulp, at /);
});

test("a wrong option ends in exit code 2, and says what was expected", () => {
  assert.is(bench("--samples", "0").code, 2);
  const { code, error } = bench("--only", "sine");
  assert.is(code, 2);
  assert.match(error, /--only: expected some of .*sin.*, got "sine"/);
});

test.run();
