// @serial
import { spawnSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CONTENDERS } from "../../../bench/cubature/contenders.js";
import type { Summary } from "../../../bench/tools/comparison.js";
import { runBench } from "../command.js";

test("the command measures Heddle, and writes what it measured", () => {
  const args = ["--only", "gauss-3", "--contenders", "heddle", "--samples", "1", "--threads", "1"];
  const { status, why, report, results } = runBench<Summary>("cubature", args);
  assert.is(status, 0, why);
  assert.match(report, /### milliseconds per integral, 1 thread/);
  assert.match(report, /### evaluations per integral/);
  assert.ok((results[0]?.evaluations ?? 0) > 1000);
});

test("nquad is spared what takes it minutes", () => {
  const nquad = CONTENDERS.find(({ name }) => name === "nquad");
  assert.equal(
    ["gauss-4", "gauss-5", "kinks-3", "kinks-4"].map((name) => nquad?.takes(name)),
    [true, false, true, false],
  );
});

test("an argument that is not understood ends with exit code 2 and the help", () => {
  const args = ["scripts/bench.mjs", "cubature", "--only", "gauss-2"];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  assert.is(status, 2);
  assert.match(stderr, /^heddle: [\s\S]*npm run bench -- cubature: /);
});

test.run();
