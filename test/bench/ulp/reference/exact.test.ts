import { test } from "uvu";
import * as assert from "uvu/assert";
import { fromDecimal, fromFixed, ratio, shifted, split } from "../../../../bench/ulp/reference/exact.js";

function toNumber(text: string): number {
  const { value, exponent } = fromDecimal(text);
  return shifted(value.high, exponent);
}

test("decimal numbers of every size", () => {
  for (const text of [
    "1.5",
    "-0.1",
    "3",
    "1e22",
    "1.7976931348623157e+308",
    "-2.2250738585072014e-308",
    "5e-324",
    "9.5367431640625e-7",
  ]) {
    assert.is(toNumber(text), Number(text), text);
  }
  assert.throws(() => fromDecimal("1,5"), /got "1,5"/);
});

test("what a double leaves of a decimal number is in the lower part", () => {
  const { value, exponent } = fromDecimal("0.1");
  // 0.1 as a double is 0.1000000000000000055511151231257827…
  assert.is(value.scaled(2 ** exponent).low, -5.551115123125783e-18);
});

test("splits and shifts", () => {
  for (const x of [1, -1.5, 5e-324, -2.5e-310, Number.MAX_VALUE, 2 ** -1022]) {
    const { fraction, exponent } = split(x);
    assert.ok(Math.abs(fraction) >= 1 && Math.abs(fraction) < 2);
    assert.is(shifted(fraction, exponent), x);
  }
  assert.is(shifted(1, 3000), Number.POSITIVE_INFINITY);
  assert.is(shifted(-1, -3000), -0);
});

test("ratios and fixed-point numbers", () => {
  const third = ratio(-(10n ** 400n), 3n * 10n ** 400n);
  assert.is(shifted(third.value.high, third.exponent), -1 / 3);
  assert.is(fromFixed(3n, 1).high, 1.5);
  assert.is(ratio(0n, 7n).value.high, 0);
});

test.run();
