import { test } from "uvu";
import * as assert from "uvu/assert";
import { reportOf, summaryOf, wrongAnswers } from "../../../bench/integrate/report.js";
import type { Result } from "../../../bench/tools/cells.js";

const EXACT = 1000 / 3;

/** Samples of x2 that took so many ns per point. */
function result(contender: string, threads: number, nanoseconds: readonly number[], value = EXACT): Result {
  const samples = nanoseconds.map((ns, round) => {
    const points = 1e9 * (round + 1);
    return { points, seconds: 1e-9 * ns * points, value };
  });
  return { problem: "x2", contender, threads, samples };
}

test("the report has times, ratios and speed-ups", () => {
  const report = reportOf([
    result("heddle", 1, [0.2, 0.2, 0.2]),
    result("gcc", 1, [0.4, 0.4, 0.4]),
    result("heddle", 2, [0.1, 0.1, 0.1]),
    result("gcc", 2, [0.05, 0.05, 0.05]),
  ]);
  const sections = report.split("\n\n");
  const after = (title: string): string => sections[sections.indexOf(`### ${title}`) + 1] ?? "";
  assert.match(after("ns per evaluation, 1 thread"), /\| x2 +\| +0\.200 \(0%\) \| +0\.400 \(0%\) \|/);
  assert.match(after("heddle / contender, 1 thread"), /\| x2 +\| +0\.500 \(0%\) \|/);
  assert.match(after("heddle / contender, 2 threads"), /\| x2 +\| +2\.00 \(0%\) \|/);
  assert.match(after("speed-up, 2 threads over 1"), /\| x2 +\| +2\.00 \(0%\) \| +8\.00 \(0%\) \|/);
  assert.match(report, /Medians of 3 samples/);
  assert.match(report, /Every answer is within 1e-9/);
});

test("without Heddle there are times and no ratios", () => {
  const report = reportOf([result("gcc", 1, [0.4])]);
  assert.match(report, /ns per evaluation/);
  assert.not.match(report, /heddle \/ contender/);
  assert.equal(
    summaryOf([result("gcc", 1, [0.4])]).map(({ ratio }) => ratio),
    [null],
  );
});

test("an answer that is off in one sample only is wrong, and named", () => {
  const off = result("gcc", 2, [1, 1, 1]);
  const samples = off.samples.map((sample, round) => (round === 1 ? { ...sample, value: EXACT * (1 + 2e-9) } : sample));
  const results = [result("heddle", 2, [1, 1, 1]), { ...off, samples }];
  assert.equal(
    wrongAnswers(results).map(({ contender }) => contender),
    ["gcc"],
  );
  assert.match(
    reportOf(results),
    /WRONG ANSWERS[\s\S]*\ngcc, x2, 2 threads: expected 333\.3333333333333, got 333\.333334/,
  );
});

test("NaN is a wrong answer wherever it stands", () => {
  for (const place of [0, 1, 2]) {
    const some = result("gcc", 1, [1, 1, 1]);
    const samples = some.samples.map((sample, round) => (round === place ? { ...sample, value: Number.NaN } : sample));
    assert.is(wrongAnswers([{ ...some, samples }]).length, 1);
    assert.match(reportOf([{ ...some, samples }]), /got NaN/);
  }
});

test.run();
