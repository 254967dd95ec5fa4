import { test } from "uvu";
import * as assert from "uvu/assert";
import { aligned, bar, duration, folded, fullValue, longDuration, rough, sixDecimals } from "../../ts/cli/format.js";

test("shows six decimals, and an exponent where they would lose the digits", () => {
  assert.is(sixDecimals(1000 / 3), "333.333333");
  assert.is(sixDecimals(-2), "-2.000000");
  assert.is(sixDecimals(0), "0.000000");
  assert.is(sixDecimals(-0), "0.000000");
  assert.is(sixDecimals(0.0012345678), "0.001235");
  assert.is(sixDecimals(1e-9), "1.000000e-9");
  assert.is(sixDecimals(-123456789.25), "-123456789.250000");
  assert.is(sixDecimals(1e20), "1.000000e20");
  assert.is(sixDecimals(Number.NaN), "NaN");
});

test("shows a value that reads back to the same bits", () => {
  for (const value of [0.1 + 0.2, 5e-324, 1.7976931348623157e308, -0, -1e21, 1000 / 3]) {
    assert.ok(Object.is(Number(fullValue(value)), value), fullValue(value));
  }
});

test("folds what is too long for the terminal between words, under the text", () => {
  const report = "Solution : 1\n\nstatus   divergent: it does not get smaller\ntime     1 ms\n";
  assert.is(
    folded(report, 28),
    "Solution : 1\n\nstatus   divergent: it does\n         not get smaller\ntime     1 ms\n",
  );
  assert.is(folded(report, 80), report);
  assert.is(folded(report, undefined), report);
  assert.is(folded("csv   /a/path/that/is/long to", 10), "csv   /a/path/that/is/long\n      to");
});

test("rounds roughly", () => {
  assert.is(rough(2.449e9), "2.4e9");
  assert.is(rough(8.4e-13), "8.4e-13");
  assert.is(rough(0.25), "0.25");
  assert.is(rough(1234, 3), "1230");
  assert.is(rough(0), "0");
  assert.is(rough(Number.POSITIVE_INFINITY), "infinity");
});

test("shows durations in their unit", () => {
  assert.is(duration(0), "0.00 ms");
  assert.is(duration(9.994), "9.99 ms");
  assert.is(duration(9.996), "10.0 ms");
  assert.is(duration(99.96), "100 ms");
  assert.is(duration(999.6), "1.00 s");
  assert.is(duration(59_996), "1 min 0 s");
  assert.is(longDuration(400), "under 1 s");
  assert.is(longDuration(3_725_000), "1 h 2 min");
  assert.is(longDuration(Number.POSITIVE_INFINITY), "unknown");
});

test("draws bars in eighths", () => {
  assert.is(bar(0, 10), "");
  assert.is(bar(1, 3), "███");
  assert.is(bar(0.5, 3), "█▌");
  assert.is(bar(1 / 8, 1), "▏");
  assert.is(bar(7, 2), "██");
  assert.is(bar(Number.NaN, 2), "");
});

test("aligns texts under each other", () => {
  assert.is(
    aligned([
      ["a", "1"],
      ["long", "2"],
    ]),
    "a      1\nlong   2\n",
  );
});

test.run();
