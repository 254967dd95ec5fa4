/** Error estimates: how often the true error is within them, for ten functions, smooth and not, on five kinds of grids; and where there can be none. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { integrateSamplesSync, type SamplesRule } from "../../ts/index.js";
import { random } from "../tools/random.js";

/** f, and an integral of it. */
const FUNCTIONS: readonly (readonly [name: string, f: (x: number) => number, F: (x: number) => number])[] = [
  ["exp(x)", Math.exp, Math.exp],
  ["sin(3x)", (x) => Math.sin(3 * x), (x) => -Math.cos(3 * x) / 3],
  ["cos(20x)", (x) => Math.cos(20 * x), (x) => Math.sin(20 * x) / 20],
  ["x^4", (x) => x ** 4, (x) => x ** 5 / 5],
  ["exp(-x)", (x) => Math.exp(-x), (x) => -Math.exp(-x)],
  ["a peak", (x) => 1 / (1 + 25 * (x - 0.4) ** 2), (x) => Math.atan(5 * (x - 0.4)) / 5],
  ["sqrt(x)", Math.sqrt, (x) => (2 / 3) * x ** 1.5],
  ["log(x + 0.01)", (x) => Math.log(x + 0.01), (x) => (x + 0.01) * Math.log(x + 0.01) - x],
  ["a corner", (x) => Math.abs(x - 0.3), (x) => ((x - 0.3) * Math.abs(x - 0.3)) / 2],
  ["a jump", (x) => (x < 0.37 ? 0 : 1), (x) => Math.max(0, x - 0.37)],
];

const SIZES = [9, 10, 12, 15, 17, 20, 25, 33, 40, 50, 65, 80, 100, 129, 150, 200, 257, 400];

function fromWidths(widths: readonly number[]): number[] {
  const whole = widths.reduce((sum, width) => sum + width);
  const x = [0];
  for (const width of widths) x.push((x.at(-1) as number) + width / whole);
  return x;
}

/** n places from 0 to 1. */
const GRIDS: Record<string, (n: number, next: () => number) => number[]> = {
  equal: (n) => Array.from({ length: n }, (_, i) => i / (n - 1)),
  jittered: (n, next) => fromWidths(Array.from({ length: n - 1 }, () => 0.2 + 1.6 * next())),
  random: (n, next) => [0, ...Array.from({ length: n - 2 }, next).sort((a, b) => a - b), 1],
  "narrow and wide": (n) => fromWidths(Array.from({ length: n - 1 }, (_, i) => (i % 2 === 0 ? 1 : 10))),
  growing: (n) => fromWidths(Array.from({ length: n - 1 }, (_, i) => 1.1 ** i)),
};

/** Percent of estimates that hold, at least. */
const HONEST: Record<SamplesRule, Record<string, number>> = {
  trapezoid: { equal: 99, jittered: 96, random: 96, "narrow and wide": 98, growing: 96 },
  simpson: { equal: 99, jittered: 95, random: 93, "narrow and wide": 97, growing: 99 },
  romberg: { equal: 98 },
};

for (const [rule, grids] of Object.entries(HONEST) as [SamplesRule, Record<string, number>][]) {
  for (const [grid, percent] of Object.entries(grids)) {
    test(`estimates of ${rule} hold in ${percent} of 100 cases, ${grid} places`, () => {
      const next = random(11);
      let held = 0;
      let count = 0;
      for (const n of SIZES) {
        if (rule === "romberg" && !Number.isInteger(Math.log2(n - 1))) continue;
        for (const [, f, F] of FUNCTIONS) {
          for (let repeat = 0; repeat < (grid === "jittered" || grid === "random" ? 4 : 1); repeat++) {
            const x = GRIDS[grid]!(n, next);
            const where = grid === "equal" ? { dx: 1 / (n - 1) } : { x };
            const { value, error } = integrateSamplesSync(x.map(f), { ...where, rule });
            count++;
            if (Math.abs(value - (F(x.at(-1)!) - F(0))) <= error) held++;
          }
        }
      }
      console.log(`${rule}, ${grid}: ${((100 * held) / count).toFixed(1)} of 100, ${count} cases`);
      assert.ok(100 * held >= percent * count, `${held} of ${count}`);
    });
  }
}

test("of noise the estimate is about the standard deviation, and more", () => {
  for (const rule of ["trapezoid", "simpson", "romberg"] as const) {
    const next = random(3);
    let held = 0;
    for (let k = 0; k < 1000; k++) {
      const y = Array.from({ length: 129 }, () => next() - 0.5);
      const { value, error } = integrateSamplesSync(y, { dx: 1 / 128, rule });
      if (Math.abs(value) <= error) held++;
    }
    assert.ok(held >= 500, `${rule}: ${held} of 1000`);
  }
});

test("two samples have no estimate, one needs none", () => {
  for (const rule of ["trapezoid", "simpson", "romberg"] as const) {
    assert.is(integrateSamplesSync([1, 2], { rule }).error, Infinity);
  }
  assert.is(integrateSamplesSync([1, 2], { x: [0, 2] }).error, Infinity);
  const { value, error, status } = integrateSamplesSync([5], { x: [3] });
  assert.equal([value, error, status], [0, 0, "done"]);
});

test("steps are summed exactly where two samples share their place", () => {
  const { value, error } = integrateSamplesSync([0, 0, 1, 1], { x: [0, 1, 1, 3] });
  assert.is(value, 2);
  assert.ok(error < 1e-14, String(error));
});

test.run();
