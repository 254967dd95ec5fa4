import { test } from "uvu";
import * as assert from "uvu/assert";
import { ratioOf, showNumber, showSpread, spreadOf } from "../../../bench/tools/statistics.js";

test("spreadOf finds the middle and the quartiles in any order", () => {
  assert.equal(spreadOf([5]), { median: 5, q1: 5, q3: 5 });
  assert.equal(spreadOf([4, 1, 3, 2]), { median: 2.5, q1: 1.75, q3: 3.25 });
  assert.equal(spreadOf([70, 10, 60, 20, 50, 30, 40]), { median: 40, q1: 25, q3: 55 });
});

test("spreadOf leaves its argument as it was", () => {
  const samples = [3, 1, 2];
  spreadOf(samples);
  assert.equal(samples, [3, 1, 2]);
});

test("spreadOf refuses to make a figure of nothing", () => {
  assert.throws(() => spreadOf([]), /at least one sample/);
});

test("ratioOf compares within a round", () => {
  // The machine was three times slower in the second round: the medians' ratio would be 2, each round says 1/2.
  assert.equal(ratioOf([1, 3, 1], [2, 6, 2]), { median: 1 / 2, q1: 1 / 2, q3: 1 / 2 });
  assert.throws(() => ratioOf([1, 2], [1]), /as many samples/);
});

test("showNumber keeps three digits", () => {
  assert.is(showNumber(0.27431), "0.274");
  assert.is(showNumber(0.0600001), "0.0600");
  assert.is(showNumber(2.5), "2.50");
  assert.is(showNumber(25.06), "25.1");
  assert.is(showNumber(1234.5), "1235");
  assert.is(showNumber(0), "0");
});

test("showSpread says how far apart the quartiles are", () => {
  assert.is(showSpread({ median: 2, q1: 1.9, q3: 2.1 }), "2.00 (10%)");
});

test.run();
