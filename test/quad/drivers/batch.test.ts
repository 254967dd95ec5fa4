/** The drivers for many points at a time: the sums of grid.ts however often they are interrupted, cancelled between two calls, no more points than they say. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { integrandOfFunction } from "../../../ts/integrate/function-integrand.js";
import { withCompanions } from "../../../ts/runtime/compute/foreign.js";
import type { JobSums } from "../../../ts/runtime/core/job.js";
import { batchDrivers } from "../../../ts/runtime/core/modules.js";
import { Bench, CANCELLED, MORE } from "./driver.js";

const RUNS = process.env.STRESS === "1" ? 1000 : 60;
const WHOLE = 2 ** 30;
const BATCH = 1024;
const RULES = ["left", "right", "midpoint", "trapezoid", "simpson", "boole", { gauss: 3 }] as const;

const MODULE = integrandOfFunction(
  (x: number) => {
    let y = x;
    y *= x;
    return 1 / x + Math.sqrt(y + x);
  },
  [],
  false,
).module;
const TEXT = "1/x + sqrt(x*x + x)";

function bitsOf(sums: JobSums): string {
  const numbers = [...sums.fine, ...sums.coarse, sums.nonFinite?.count ?? 0, sums.nonFinite?.x ?? 0];
  return numbers.map((x) => (Object.is(x, -0) ? "-0" : String(x))).join();
}

for (const rule of RULES) {
  test(`batch: ${JSON.stringify(rule)} has the sums of grid.ts, whole and in pieces`, () => {
    for (const panels of [1, 15, 16, 17, 1023, 1024, 1025, 4095, 4097, 9000, 16385]) {
      for (const [lo, hi] of [[-0.5, 3], [0, 1], [1, 1 + 2 ** -44]] as const) {
        const expected = bitsOf(new Bench(TEXT, rule, lo, hi, panels).run(() => WHOLE));
        for (const budget of [WHOLE, 1, 3, 65]) {
          const got = bitsOf(new Bench(MODULE, rule, lo, hi, panels).run(() => budget));
          assert.is(got, expected, `${panels} panels from ${lo} to ${hi}, by ${budget}`);
        }
      }
    }
  }); // biome-ignore format: short
}

test("batch: the same with any sequence of budgets", () => {
  const budgets = fc.array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 700 })), {
    minLength: 1,
  });
  fc.assert(
    fc.property(fc.constantFrom(...RULES), fc.integer({ min: 1, max: 40_000 }), budgets, (rule, panels, list) => {
      let at = 0;
      const got = new Bench(MODULE, rule, -0.5, 3, panels).run(() => list[at++ % list.length] as number);
      assert.is(bitsOf(got), bitsOf(new Bench(TEXT, rule, -0.5, 3, panels).run(() => WHOLE)));
    }),
    { numRuns: RUNS },
  );
});

/** Drivers whose integrand is a function of this test, on the same thread. */
function calling(f: (x: number) => number): WebAssembly.Module {
  (globalThis as { heddlePoint?: typeof f }).heddlePoint = f;
  const source = "(x) => globalThis.heddlePoint(x)";
  const foreign = { kind: "callback", source, label: "a test's", parameters: [] } as const;
  return new WebAssembly.Module(withCompanions(batchDrivers(), { foreign }));
}

test("batch: a cancelled chunk ends after the call that is under way", () => {
  let points = 0;
  const module = calling((x) => {
    if (++points === 1500) bench.core.jobCancel(bench.job);
    return x;
  });
  const bench = new Bench(module, "midpoint", 0, 1, 16384);
  bench.take();
  assert.is(bench.drivers.grid(bench.work, WHOLE), CANCELLED);
  assert.is(points, 2 * BATCH);
});

test("batch: a call does what its budget says, and no more", () => {
  let points = 0;
  const module = calling((x) => {
    points++;
    return x;
  });
  const bench = new Bench(module, "midpoint", 0, 1, 16384);
  bench.take();
  for (let k = 1; k <= 10; k++) {
    assert.is(bench.drivers.grid(bench.work, 3), MORE);
    assert.is(points, 16 * 3 * k);
  }
});

for (const [what, end, times] of [
  ["once", 1, 1],
  ["twice where the sum is not finite", Number.POSITIVE_INFINITY, 2],
] as const) {
  test(`batch: each point is asked for in order, ${what}`, () => {
    const asked: number[] = [];
    const module = calling((x) => {
      asked.push(x);
      return x > 0.7 ? end : x;
    });
    const bench = new Bench(module, "midpoint", 0, 1, 3000);
    bench.take();
    while (bench.drivers.grid(bench.work, 7) === MORE);
    assert.is(asked.length, 3000 * times);
    for (let i = 3000; i < asked.length; i++) assert.is(asked[i], asked[i - 3000]);
    for (let i = 1; i < 3000; i++) assert.ok(asked[i]! > asked[i - 1]!);
  });
}

test.run();
