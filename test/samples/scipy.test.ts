/** What SciPy makes of the same samples. scripts/sample-fixtures.py wrote the fixtures. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cumulateSamplesSync, integrateSamplesSync, type SamplesRule } from "../../ts/index.js";

interface Case {
  readonly y: number[];
  readonly x?: number[];
  readonly dx?: number;
  readonly trapezoid: number;
  readonly simpson: number;
  readonly romberg?: number;
  readonly runningTrapezoid: number[];
  readonly runningSimpson?: number[];
}

const { scipy, cases } = JSON.parse(readFileSync("test/samples/fixtures.json", "utf8")) as {
  readonly scipy: string;
  readonly cases: readonly Case[];
};

/** Of what the largest terms are, more than the roundings of either side. */
const TOLERANCE = 1e-13;

/** The integral of |y|, about: what roundings are a share of. Parabolas over uneven widths have larger terms than that. */
function sizeOf({ y, x, dx = 1 }: Case): number {
  const places = x ?? y.map((_, i) => i * dx);
  const widths = places.slice(1).map((place, i) => Math.abs(place - places[i]!));
  const unevenness = Math.max(...widths) / Math.min(...widths);
  return unevenness * Math.abs(places.at(-1)! - places[0]!) * Math.max(...y.map(Math.abs));
}

function optionsOf({ x, dx }: Case): { x?: number[]; dx?: number } {
  return x === undefined ? { dx: dx! } : { x };
}

function assertNear(found: number, expected: number, size: number, what: string): void {
  assert.ok(Math.abs(found - expected) <= TOLERANCE * size, `${what}: expected ${expected}, got ${found}`);
}

test("there are cases of each kind", () => {
  assert.ok(cases.length >= 60);
  for (const name of ["x", "dx", "romberg", "runningSimpson"] as const) {
    assert.ok(cases.filter((each) => each[name] !== undefined).length >= 5, name);
  }
});

for (const rule of ["trapezoid", "simpson", "romberg"] as const satisfies SamplesRule[]) {
  test(`${rule} gives what SciPy ${scipy} gives`, () => {
    for (const each of cases) {
      const expected = each[rule];
      if (expected === undefined) continue;
      const { value, status } = integrateSamplesSync(each.y, { ...optionsOf(each), rule });
      assert.is(status, "done");
      assertNear(value, expected, sizeOf(each), `${each.y.length} samples`);
    }
  });
}

for (const [rule, name] of [
  ["trapezoid", "runningTrapezoid"],
  ["simpson", "runningSimpson"],
] as const) {
  test(`running ${rule} gives what SciPy ${scipy} gives`, () => {
    for (const each of cases) {
      const expected = each[name];
      if (expected === undefined) continue;
      const found = cumulateSamplesSync(each.y, { ...optionsOf(each), rule });
      assert.is(found.length, expected.length);
      expected.forEach((value, i) => {
        assertNear(found[i]!, value, sizeOf(each), `${each.y.length} samples, result ${i}`);
      });
    }
  });
}

test.run();
