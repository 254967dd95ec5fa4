// @timeout 300
/** The library against the page: the same bits for samples of every length about the ends of groups, blocks and chunks. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cumulateSamplesSync, integrateSamplesSync } from "../../ts/index.js";
import { bitsOf, resultBits } from "../runtime/library.js";
import { random } from "../tools/random.js";
import { oracle, runningOracle } from "./contract.js";

const RUNS = process.env.STRESS === "1" ? 3000 : 300;
const SEED = Number(process.env.SEED ?? 5);

const RULES = ["trapezoid", "simpson"] as const;

function samples(n: number, seed: number): { readonly y: Float64Array; readonly x: Float64Array } {
  const next = random(seed);
  let place = 100 * next();
  const direction = next() < 0.5 ? -1 : 1;
  return {
    y: Float64Array.from({ length: n }, () => 2 * next() - 0.75),
    x: Float64Array.from({ length: n }, () => {
      place += direction * (0.01 + next());
      return place;
    }),
  };
}

function assertContract(n: number, seed: number): void {
  const { x, y } = samples(n, seed);
  const dx = x[0]! / 3;
  for (const rule of RULES) {
    for (const where of [{ dx }, { x }]) {
      const what = `${n} samples, seed ${seed}, ${rule}, ${Object.keys(where)}`;
      assert.is(
        resultBits(integrateSamplesSync(y, { ...where, rule })),
        resultBits(oracle({ y, ...where, rule })),
        what,
      );
      const expected = runningOracle({ y, ...where, rule }, dx);
      const found = cumulateSamplesSync(y, { ...where, rule, initial: dx });
      assert.is(found.length, n, what);
      const wrong = expected.findIndex((value, i) => !Object.is(value, found[i]));
      assert.is(wrong, -1, `${what}, running: result ${wrong} is ${found[wrong]}, expected ${expected[wrong]}`);
    }
  }
}

test("few samples", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 200 }), fc.integer(), (n, seed) => assertContract(n, seed)),
    { numRuns: RUNS },
  );
});

for (const edge of [4096, 8192, 65_536, 131_072, 5 * 65_536]) {
  test(`about ${edge} samples`, () => {
    for (const n of [edge - 1, edge, edge + 1, edge + 2, edge + 3]) assertContract(n, SEED);
  });
}

test("romberg", () => {
  for (const levels of [0, 1, 2, 3, 4, 5, 6, 7, 9, 12, 13, 17]) {
    const { y, x } = samples(2 ** levels + 1, SEED + levels);
    for (const dx of [x[0]!, -1 / 3]) {
      const found = integrateSamplesSync(y, { dx, rule: "romberg" });
      assert.is(resultBits(found), resultBits(oracle({ y, dx, rule: "romberg" })), `2^${levels} + 1 samples`);
    }
  }
});

test("a result is never -0 where nothing was negative", () => {
  assert.is(bitsOf(integrateSamplesSync([0, 0, 0]).value), bitsOf(0));
  assert.equal([...cumulateSamplesSync([0, 0, 0])].map(bitsOf), [0, 0, 0].map(bitsOf));
});

test.run();
