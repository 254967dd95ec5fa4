import { test } from "uvu";
import * as assert from "uvu/assert";
import { errorInUlp } from "../../../bench/ulp/error.js";
import { DoubleDouble } from "../../../bench/ulp/reference/double-double.js";
import { exact, NOT_A_NUMBER } from "../../../bench/ulp/reference/exact.js";

const inf = Number.POSITIVE_INFINITY;
const MAX = Number.MAX_VALUE;
/** 2^1024 and half a unit below it, where rounding goes to infinity. */
const BORDER = exact(DoubleDouble.sum(1, -(2 ** -54)), 1024);

test("the unit is the distance of the doubles around the exact value", () => {
  assert.is(errorInUlp(1 + 2 ** -52, exact(DoubleDouble.of(1))), 1);
  assert.is(errorInUlp(-3, exact(DoubleDouble.of(-3 + 2 ** -51))), 1);
  assert.is(errorInUlp(1.25, exact(DoubleDouble.sum(1.25, 2 ** -54))), 0.25);
  assert.is(errorInUlp(1, exact(DoubleDouble.sum(1, -(2 ** -54)))), 0.5);
});

test("subnormal values have the unit 2^-1074", () => {
  assert.is(errorInUlp(5e-324, exact(DoubleDouble.of(1.5), -1074)), 0.5);
  assert.is(errorInUlp(5e-324, exact(DoubleDouble.of(0))), 1);
  assert.is(errorInUlp(2 ** -1074, exact(DoubleDouble.of(1), -5000)), 1);
});

test("infinity is 2^1024, and right beyond", () => {
  assert.is(errorInUlp(inf, BORDER), 0.5);
  assert.is(errorInUlp(MAX, BORDER), 0.5);
  assert.is(errorInUlp(inf, exact(DoubleDouble.of(MAX))), 1);
  assert.is(errorInUlp(inf, exact(DoubleDouble.of(1), 5000)), 0);
  assert.is(errorInUlp(MAX, exact(DoubleDouble.of(1), 5000)), 1);
  assert.is(errorInUlp(-inf, exact(DoubleDouble.of(1), 5000)), 2 ** 54);
  assert.is(errorInUlp(-inf, exact(DoubleDouble.of(-1), 5000)), 0);
});

test("a floor makes the units wider below it", () => {
  assert.is(errorInUlp(2 ** -60, exact(DoubleDouble.of(0)), 1), 2 ** -8);
  assert.is(errorInUlp(4, exact(DoubleDouble.of(4 + 2 ** -50)), 1), 1);
});

test("NaN is right where it is expected, alone", () => {
  assert.is(errorInUlp(Number.NaN, NOT_A_NUMBER), 0);
  assert.is(errorInUlp(0, NOT_A_NUMBER), inf);
  assert.is(errorInUlp(Number.NaN, exact(DoubleDouble.of(1))), inf);
});

test.run();
