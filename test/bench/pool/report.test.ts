import { test } from "uvu";
import * as assert from "uvu/assert";
import { failures, type Result, reportOf, summaryOf } from "../../../bench/pool/report.js";

function result(name: string, contender: string, figures: readonly number[], rest: Partial<Result> = {}): Result {
  return {
    test: name,
    contender,
    samples: figures.map((figure) => ({ figure, isRight: true })),
    failure: null,
    ...rest,
  };
}

test("a table has medians, quartiles, ratios of the same round and a verdict", () => {
  const results = [result("one", "heddle", [1, 20, 10]), result("one", "piscina", [3, 60, 30])];
  assert.match(reportOf(results), /\| heddle +\| 10\.0 \[5\.50-15\.0\] \| +\| yes \|/);
  assert.match(reportOf(results), /\| piscina +\| 30\.0 \[16\.5-45\.0\] \| +3\.00 \| yes \|/);
  assert.equal(summaryOf(results)[1]?.timesAsFast, { median: 3, q1: 3, q3: 3 });
  assert.not.match(reportOf(results), /NOT OK/);
});

test("wrong and failed results are named and fail the bench", () => {
  const results = [
    result("empty", "heddle", [1, 1]),
    { ...result("empty", "liar", []), samples: [1, 2].map((figure) => ({ figure, isRight: figure > 1 })) },
    result("empty", "broken", [1], { failure: "out of paper" }),
    result("empty", "absent", [], { failure: "no beads" }),
  ];
  const report = reportOf(results);
  assert.match(report, /\| liar .* WRONG 1 of 2 \|/);
  assert.match(report, /\| broken +\| 1\.00 \[1\.00-1\.00\] \| +\| +FAILED \|/, "no ratio without a counterpart");
  assert.match(report, /NOT OK:\nliar, empty: wrong answers in 1 of 2 samples\nbroken, empty: out of paper/);
  assert.equal(
    failures(results).map(({ contender }) => contender),
    ["liar", "broken", "absent"],
  );
});

test("tables stand in the order of the tests", () => {
  const report = reportOf([result("cold", "heddle", [1]), result("empty", "heddle", [1])]);
  assert.ok(report.indexOf("### empty") < report.indexOf("### cold"));
});

test.run();
