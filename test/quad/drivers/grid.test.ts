/** The fixed-step driver by itself: interruptions, cancelling, the far end of the largest grids. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { JobSums } from "../../../ts/runtime/core/job.js";
import { sumChunk } from "./contract.js";
import { Bench, CANCELLED, FINISHED, MORE, oracleRule } from "./driver.js";

const RUNS = process.env.STRESS === "1" ? 1000 : 60;

const WHOLE = 2 ** 30;
const RULES = ["left", "right", "midpoint", "trapezoid", "simpson", "boole", { gauss: 3 }] as const;

/** Text that tells any two doubles apart but NaNs, whose bits are nobody's promise. */
function bitsOf(sums: JobSums): string {
  const numbers = [...sums.fine, ...sums.coarse, sums.nonFinite?.count ?? 0, sums.nonFinite?.x ?? 0];
  return numbers.map((x) => (Object.is(x, -0) ? "-0" : String(x))).join();
}

function sumsWith(text: string, rule: (typeof RULES)[number], panels: number, budgets: () => number): string {
  return bitsOf(new Bench(text, rule, -0.5, 3, panels).run(budgets));
}

for (const rule of RULES) {
  test(`grid: ${JSON.stringify(rule)} has the same bits however often it is interrupted`, () => {
    for (const panels of [1, 15, 16, 17, 4095, 4097, 9000, 16385]) {
      for (const text of ["1/(1+x*x)", "1/x + sqrt(x)"]) {
        const whole = sumsWith(text, rule, panels, () => WHOLE);
        assert.is(
          sumsWith(text, rule, panels, () => 1),
          whole,
          `${panels} by 1`,
        );
        assert.is(
          sumsWith(text, rule, panels, () => 3),
          whole,
          `${panels} by 3`,
        );
      }
    }
  });
}

test("grid: the same with any sequence of budgets", () => {
  const panels = fc.integer({ min: 1, max: 40_000 });
  const budgets = fc.array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 700 })), {
    minLength: 1,
  });
  fc.assert(
    fc.property(fc.constantFrom(...RULES), panels, budgets, (rule, n, list) => {
      let at = 0;
      const got = sumsWith("1/(1+x*x)", rule, n, () => list[at++ % list.length] as number);
      assert.is(
        got,
        sumsWith("1/(1+x*x)", rule, n, () => WHOLE),
      );
    }),
    { numRuns: RUNS },
  );
});

test("grid: a call does about as much as its budget says", () => {
  const bench = new Bench("x", "midpoint", 0, 1, 16384);
  bench.take();
  let calls = 1;
  while (bench.drivers.grid(bench.work, 64) === MORE) calls++;
  // 1024 groups; each of the four blocks may add one.
  assert.ok(calls >= 16 && calls <= 20, `${calls} calls`);
});

test("grid: a cancelled chunk says so, and the sums stay as they were", () => {
  const bench = new Bench("x", "midpoint", 0, 1, 16384);
  bench.take();
  assert.is(bench.drivers.grid(bench.work, 256), MORE);
  const before = bench.sum();
  bench.core.jobCancel(bench.job);
  assert.is(bench.drivers.grid(bench.work, WHOLE), CANCELLED);
  assert.equal(bench.sum(), before);
});

test("grid: parameters are read from the record, not compiled in", () => {
  const sum = (a: number): number => new Bench("a*x", "midpoint", 0, 2, 10, { a }).run(() => WHOLE).fine[0];
  assert.is(sum(3), 30);
  assert.is(sum(-0.5), -5);
});

const BIG = [2 ** 26 - 1, 2 ** 26 + 5, 2 ** 33 + 12345, 2 ** 40 + 1, 3 * 2 ** 45 + 7, 2 ** 52 - 5000, 2 ** 52 - 4097];

test("grid: chunks far out in the largest grids have the oracle's bits", () => {
  const f = (x: number): number => 1 / (1 + x * x);
  for (const panels of [2 ** 52, 2 ** 52 - 3]) {
    for (const rule of ["midpoint", "trapezoid", "simpson", { gauss: 2 }] as const) {
      for (const [lo, hi] of [
        [0, 10],
        [-1e-3, 12345.678],
        [1, 1 + 2 ** -20],
      ] as const) {
        for (const wanted of BIG) {
          const first = Math.min(wanted, panels - 4000);
          const count = Math.min(4300, panels - first);
          const bench = new Bench("1/(1+x*x)", rule, lo, hi, panels);
          bench.take();
          bench.retarget(first, count, first + count === panels);
          assert.is(bench.drivers.grid(bench.work, WHOLE), FINISHED);
          const expected = sumChunk(f, oracleRule(rule), lo, hi, panels, first, count);
          assert.equal(
            bench.sum(),
            expected,
            `${JSON.stringify(rule)} ${lo} to ${hi}, panels from ${first} of ${panels}`,
          );
        }
      }
    }
  }
});

test("grid: the first chunk of a grid holds the ends, the last one leaves its last node out", () => {
  const bench = new Bench("x*x", "trapezoid", 1, 3, 20_000);
  assert.is(bench.take(), 0);
  bench.drivers.grid(bench.work, WHOLE);
  const rule = oracleRule("trapezoid");
  const f = (x: number): number => x * x;
  assert.equal(bench.sum(), sumChunk(f, rule, 1, 3, 20_000, 0, 16384));
  assert.is(bench.take(), 1);
  bench.drivers.grid(bench.work, WHOLE);
  assert.equal(bench.sum(), sumChunk(f, rule, 1, 3, 20_000, 16384, 20_000 - 16384));
});

test.run();
