/** Samples that are not finite, and sums that do not fit: a result that says where, never a number that is wrong. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cumulateSamplesSync, integrateSamplesSync, type SamplesRule } from "../../ts/index.js";

const WRONG = [Number.NaN, Infinity, -Infinity];
const SIZES = [1, 2, 3, 5, 9, 8193, 65_537, 131_073];

/** Ways to call for n samples. */
function ways(n: number): { rule: SamplesRule; x?: Float64Array }[] {
  const x = Float64Array.from({ length: n }, (_, i) => i);
  const spaced = (["trapezoid", "simpson"] as const).flatMap((rule) => [{ rule }, { rule, x }]);
  return n === 1 ? spaced : [...spaced, { rule: "romberg" }];
}

test("one sample anywhere is found, with its index", () => {
  for (const n of SIZES) {
    for (const at of new Set([0, 1, n >> 1, n - 2, n - 1])) {
      if (at < 0 || at >= n) continue;
      for (const wrong of WRONG) {
        const y = new Float64Array(n).fill(1);
        y[at] = wrong;
        for (const options of ways(n)) {
          const result = integrateSamplesSync(y, options);
          assert.ok(Number.isNaN(result.value));
          assert.is(result.error, Infinity);
          assert.is(result.status, "not-finite");
          assert.equal(result.nonFinite, { count: 1, index: at });
          assert.is(result.reason, `y[${at}] is not finite`);
        }
      }
    }
  }
});

test("several are counted, and cannot cancel", () => {
  const y = new Float64Array(70_000);
  y.set([Infinity, -Infinity, Number.NaN], 40_000);
  y[69_999] = Infinity;
  const { value, nonFinite, reason } = integrateSamplesSync(y);
  assert.ok(Number.isNaN(value));
  assert.equal(nonFinite, { count: 4, index: 40_000 });
  assert.is(reason, "4 samples are not finite, the first is y[40000]");
});

test("a sum that does not fit has the status, and no index", () => {
  for (const options of [...ways(5), { dx: 1e300 }]) {
    const y = "dx" in options ? [1e10, 1e10, 1e10, 1e10, 1e10] : new Array(5).fill(1.7e308);
    const result = integrateSamplesSync(y, options);
    assert.ok(Number.isNaN(result.value));
    assert.equal([result.status, result.nonFinite], ["not-finite", null]);
    assert.match(result.reason, "larger than a double can hold");
  }
});

test("large samples whose sums fit are summed, and small ones", () => {
  for (const size of [1e306, 2 ** 1000, 1e300, 1e-300, 2 ** -1060]) {
    for (const options of ways(9)) {
      const { value, status } = integrateSamplesSync(new Float64Array(9).fill(size), options);
      assert.is(status, "done");
      assert.ok(Math.abs(value - 8 * size) <= 2 ** -51 * value, `${size}, ${options.rule}: ${value}`);
    }
    const running = cumulateSamplesSync(new Float64Array(9).fill(size), { rule: "simpson" });
    assert.ok(Math.abs(running[8]! - 8 * size) <= 2 ** -50 * 8 * size, `${size}, running: ${running[8]}`);
  }
});

/** The first result that a sample at `at` belongs to. */
function firstOf(rule: "trapezoid" | "simpson", at: number, n: number): number {
  if (n === 1) return 1;
  if (rule === "trapezoid" || n === 2 || at % 2 === 1) return Math.max(at, 1);
  return Math.max(at - 1, 1);
}

test("running: results are NaN from the sample on, and untouched before", () => {
  for (const n of SIZES) {
    const clean = new Float64Array(n).fill(1);
    for (const at of new Set([0, 1, 2, n >> 1, n - 2, n - 1])) {
      if (at < 0 || at >= n) continue;
      for (const wrong of WRONG) {
        const y = clean.slice();
        y[at] = wrong;
        for (const { rule, x } of ways(n)) {
          if (rule === "romberg") continue;
          const options = x === undefined ? { rule, initial: 3 } : { rule, x, initial: 3 };
          const found = cumulateSamplesSync(y, options);
          const expected = cumulateSamplesSync(clean, options).fill(Number.NaN, firstOf(rule, at, n));
          const different = found.findIndex((value, i) => !Object.is(value, expected[i]));
          assert.is(
            different,
            -1,
            `${n} samples, ${wrong} at ${at}, ${rule}: result ${different} is ${found[different]}`,
          );
        }
      }
    }
  }
});

test("running: a start that is not finite is passed on", () => {
  assert.equal([...cumulateSamplesSync([1, 2], { initial: Infinity })], [Infinity, Infinity]);
  assert.equal([...cumulateSamplesSync([1, 2], { initial: Number.NaN })], [Number.NaN, Number.NaN]);
  assert.equal([...cumulateSamplesSync([7], { initial: 2 })], [2]);
});

test.run();
