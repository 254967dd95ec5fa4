import { test } from "uvu";
import * as assert from "uvu/assert";
import { COMPARISON, exactMean, problemNamed } from "../../../bench/tolerance/config.js";
import type { Result } from "../../../bench/tools/cells.js";
import { complaintsOf, reportOf, summaryOf } from "../../../bench/tools/comparison.js";

const EXP = problemNamed("exp");

/** Samples of exp that took so many microseconds per integral. */
function result(contender: string, threads: number, microseconds: readonly number[], factor = 1): Result {
  const samples = microseconds.map((each, round) => {
    const points = 1000 * (round + 1);
    return { points, seconds: 1e-6 * each * points, value: factor * exactMean(EXP, points), evaluations: 21 };
  });
  return { problem: "exp", contender, threads, samples };
}

test("the report has times, evaluations, ratios and speed-ups", () => {
  const results = [
    result("sweep-fast", 1, [0.2, 0.2, 0.2]),
    result("gsl", 1, [0.4, 0.4, 0.4]),
    result("sweep-fast", 2, [0.1, 0.1, 0.1]),
  ];
  const sections = reportOf(results, COMPARISON).split("\n\n");
  const after = (title: string): string => sections[sections.indexOf(`### ${title}`) + 1] ?? "";
  assert.match(after("microseconds per integral, 1 thread"), /\| exp +\| +0\.200 \(0%\) \| +0\.400 \(0%\) \|/);
  assert.match(after("evaluations per integral"), /\| exp +\| +21 \| +21 \|/);
  assert.match(after("ratios"), /sweep-fast \/ gsl \|[\s\S]*\| exp +\| +0\.500 \(0%\) \|/);
  assert.match(after("speed-up, 2 threads over 1"), /\| exp +\| +2\.00 \(0%\) \|/);
  assert.match(sections.at(-1) ?? "", /^Every mean is within/);
  assert.equal(
    summaryOf(results, COMPARISON).map(({ times, evaluations }) => [Number(times.median.toFixed(6)), evaluations]),
    [
      [0.2, 21],
      [0.4, 21],
      [0.1, 21],
    ],
  );
});

test("a mean that is off is named, one that is not a number too", () => {
  assert.equal(complaintsOf([result("gsl", 1, [1, 1])], COMPARISON), []);
  const [complaint] = complaintsOf([result("gsl", 1, [1, 1], 1.0001)], COMPARISON);
  assert.match(complaint ?? "", /^gsl, exp, 1 threads: expected 2\.\d+, got 2\.\d+$/);
  assert.is(complaintsOf([result("gsl", 1, [1], Number.NaN)], COMPARISON).length, 1);
  assert.match(reportOf([result("gsl", 1, [1], 2)], COMPARISON), /WRONG ANSWERS/);
});

test.run();
