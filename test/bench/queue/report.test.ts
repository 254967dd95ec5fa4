import { test } from "uvu";
import * as assert from "uvu/assert";
import { failures, type Result, reportOf, summaryOf } from "../../../bench/queue/report.js";

function result(name: string, contender: string, values: readonly number[], rest: Partial<Result> = {}): Result {
  const samples = values.map((value) => ({ items: 1e6, seconds: 1, columns: [value, 10 * value], wrong: null }));
  return { test: name, contender, samples, failure: null, excuse: null, ...rest };
}

/** The same with these rounds wrong. */
function withWrong(some: Result, ...rounds: number[]): Result {
  return {
    ...some,
    samples: some.samples.map((sample, round) => ({
      ...sample,
      wrong: rounds.includes(round) ? "expected 6, got 5" : null,
    })),
  };
}

test("a table has medians, quartiles, ratios and a verdict", () => {
  const report = reportOf([
    result("numbers-1/1", "heddle-wasm", [20, 30, 40]),
    result("numbers-1/1", "heddle-f64", [5, 5, 5]),
    result("numbers-1/1", "go", [10, 10, 10]),
  ]);
  assert.match(report, /### numbers-1\/1/);
  assert.match(report, /\| +million\/s \| × heddle-wasm \| × heddle-f64 \| +ok \|/);
  assert.match(report, /\| heddle-wasm \| 30\.0 \[25\.0-35\.0\] \| +\| +0\.167 \| yes \|/);
  assert.match(report, /\| go +\| 10\.0 \[10\.0-10\.0\] \| +3\.00 \| +0\.500 \| yes \|/);
  assert.match(report, /Medians of 3 samples/);
  assert.not.match(report, /heddle-batch/, "a row that did not run is no reference");
  assert.not.match(report, /NOT OK/);
});

test("a latency is better when it is smaller", () => {
  const results = [result("ping-pong", "heddle-spin0", [5, 5]), result("ping-pong", "messageport", [50, 50])];
  assert.match(reportOf(results), /\| messageport +\| 50\.0 \[50\.0-50\.0\] \| +500 \[500-500\] \| +10\.0 \| yes \|/);
  assert.is(summaryOf(results)[1]?.timesAsFast["heddle-spin0"]?.median, 10);
});

test("ratios are of the same round", () => {
  const [, go] = summaryOf([
    result("numbers-1/1", "heddle-wasm", [10, 40, 10]),
    result("numbers-1/1", "go", [5, 20, 5]),
  ]);
  assert.equal(go?.timesAsFast, { "heddle-wasm": { median: 2, q1: 2, q3: 2 } });
});

test("wrong and failed results are named and fail the bench", () => {
  const results = [
    result("numbers-1/1", "heddle-wasm", [20, 20, 20]),
    withWrong(result("numbers-1/1", "go", [10, 10, 10]), 1),
    result("numbers-1/1", "tbb", [9], { failure: "it did not end within 30 s" }),
    result("numbers-1/1", "cpp-mutex", [], { failure: "out of paper" }),
  ];
  const report = reportOf(results);
  assert.match(report, /\| go .*\| WRONG 1 of 3 \|/);
  assert.match(
    report,
    /\| tbb +\| 9\.00 \[9\.00-9\.00\] \| +\| +FAILED \|/,
    "no ratio of rounds that have no counterpart",
  );
  assert.match(report, /\| cpp-mutex +\| +\| +\| +FAILED \|/);
  assert.match(
    report,
    /NOT OK:\ngo, numbers-1\/1: wrong sums in 1 of 3 samples: expected 6, got 5\ntbb, numbers-1\/1: it did not end/,
  );
  assert.equal(
    failures(results).map(({ contender }) => contender),
    ["go", "tbb", "cpp-mutex"],
  );
});

test("who is excused is shown and does not fail the bench", () => {
  const excuse = "two locks over one heap";
  const results = [
    withWrong(result("numbers-1/1", "multithreading", [1, 1], { excuse }), 0),
    result("objects-1/1", "multithreading", [], { excuse, failure: "out of memory" }),
  ];
  assert.equal(failures(results), []);
  const report = reportOf(results);
  assert.match(report, /WRONG 1 of 2/);
  assert.match(
    report,
    /multithreading, numbers-1\/1: wrong sums in 1 of 2 samples: expected 6, got 5 \(two locks over one heap\)/,
  );
  assert.match(report, /multithreading, objects-1\/1: out of memory \(two locks over one heap\)/);
});

test("tables stand in the order of the tests, whatever the results' order", () => {
  const report = reportOf([result("ping-pong", "go", [1]), result("numbers-2/2", "go", [1])]);
  assert.ok(report.indexOf("### numbers-2/2") < report.indexOf("### ping-pong"));
});

test.run();
