import { test } from "uvu";
import * as assert from "uvu/assert";
import { batchOf, expectedAnswer, isRight, orderOf, PANELS, TESTS, testNamed } from "../../../bench/pool/config.js";
import { double, doubleAll, integral, nothing, pass } from "../../../bench/pool/functions.js";

test("a sample is whole batches", () => {
  for (const each of TESTS) assert.is(each.items % batchOf(each.name), 0, each.name);
});

test("right answers are those of the functions", () => {
  const map = testNamed("map");
  const numbers = Float64Array.from({ length: batchOf("map") }, (_, i) => i);
  const sum = doubleAll(numbers).reduce((total, number) => total + number, 0);
  assert.is(double(3), 6);
  assert.is((map.items / batchOf("map")) * sum, expectedAnswer(map));
  assert.ok(isRight(testNamed("compute"), testNamed("compute").items * integral()), `${PANELS} panels`);
  assert.is(nothing(), undefined);
});

test("an answer that is off is wrong", () => {
  for (const each of TESTS) {
    assert.ok(isRight(each, expectedAnswer(each)), each.name);
    assert.not.ok(isRight(each, expectedAnswer(each) - 1), each.name);
  }
  for (const each of TESTS) assert.not.ok(isRight(each, Number.NaN), each.name);
});

test("an object is a kilobyte", () => {
  const { length } = JSON.stringify(pass(orderOf(123)));
  assert.ok(length > 900 && length < 1200, String(length));
});

test("a name that is none is refused", () => {
  assert.throws(() => testNamed("abacus"), /expected the name of a test, got "abacus"/);
});

test.run();
