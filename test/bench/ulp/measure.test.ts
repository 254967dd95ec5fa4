/** The harness finds what is wrong: each test puts a wrong function in the place of a right one. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readHardPoints } from "../../../bench/ulp/hard-points.js";
import {
  type Batch,
  batchesOf,
  batchesOfRange,
  measureBatch,
  measureHardPoints,
  merged,
  NOTHING,
  type Tally,
  type Worst,
  worstPoints,
} from "../../../bench/ulp/measure.js";
import { RANGES } from "../../../bench/ulp/ranges.js";
import { REFERENCES } from "../../../bench/ulp/reference/index.js";
import { openSubject } from "../../../bench/ulp/subject.js";
import { BOUNDS } from "../../../ts/expr/bounds.js";
import { provider } from "../../expr/kernel.js";
import { doubtBetween, lanesMixed, offBetween } from "./wrong.js";

const SAMPLES = 20_000;
const right = provider.exp!;

/** exp of a made-up provider, at all ranges. */
function measured(exports: WebAssembly.Exports, seed = 1): Tally {
  const subject = openSubject(exports, "exp");
  return batchesOf(RANGES.exp!, SAMPLES)
    .map((batch) => measureBatch(subject, RANGES.exp!, REFERENCES.exp!, undefined, batch, seed))
    .reduce(merged, NOTHING);
}

test("the function as it is keeps its bound", () => {
  const tally = measured({ exp: right });
  assert.ok(tally.samples >= SAMPLES);
  assert.ok(tally.total!.ulp >= 0.49 && tally.total!.ulp <= BOUNDS.exp.ulp, String(tally.total!.ulp));
  assert.is(tally.fast, null);
  assert.is(tally.differing, null);
});

test("two units too much in a thousandth of the range are found, with the place", () => {
  const { total } = measured({ exp: offBetween(right, 0.5, 0.501, 2n) });
  assert.ok(total!.ulp > 1.4, String(total!.ulp));
  assert.ok(total!.at[0]! > 0.5 && total!.at[0]! < 0.501, String(total!.at));
  assert.ok(Math.abs(total!.expected - Math.exp(total!.at[0]!)) < 1e-12);
  assert.not.equal(total!.value, total!.expected);
});

test("a subnormal result that is one unit off is found", () => {
  const { total } = measured({ exp: offBetween(right, -745.2, -744, 1n) });
  assert.ok(total!.ulp > 0.9, String(total!.ulp));
  assert.is(total!.range, "subnormal results");
});

test("lanes that disturb each other are found", () => {
  assert.ok(measured({ exp: lanesMixed(right) }).total!.ulp > 1e3);
});

test("NaN where there is a value is found", () => {
  const tally = measured({ exp: provider.log! });
  assert.is(tally.total!.ulp, Number.POSITIVE_INFINITY);
});

test("a fast form that is wrong is found, unless it is in doubt there", () => {
  const expFast = offBetween(right, 0.5, 0.6, 3n);
  const careless = measured({ exp: right, expFast });
  assert.ok(careless.total!.ulp <= BOUNDS.exp.ulp);
  assert.ok(careless.fast!.ulp > 2, String(careless.fast!.ulp));
  assert.ok(careless.differing !== null);
  assert.is(careless.doubted, 0);
  const careful = measured({ exp: right, expFast, expDoubt: doubtBetween(right, 0.4, 0.7) });
  assert.ok(careful.fast!.ulp <= BOUNDS.exp.ulp);
  assert.is(careful.differing, null);
  assert.ok(careful.doubted > 0 && careful.doubted < SAMPLES / 5, String(careful.doubted));
});

test("a fast form that is as right, but has other bits, is told", () => {
  const { fast, differing } = measured({ exp: right, expFast: offBetween(right, 0.5, 0.6, 1n) });
  assert.ok(fast!.ulp < 1.6);
  assert.ok(differing!.at[0]! > 0.5 && differing!.at[0]! < 0.6);
});

test("hard points are held against their own values, and two arguments are two", () => {
  const hardPoints = readHardPoints();
  const tally = measureHardPoints(openSubject(provider, "pow"), hardPoints.get("pow")!, undefined);
  assert.is(tally.samples, hardPoints.get("pow")!.length);
  assert.is(tally.total!.at.length, 2);
  assert.ok(tally.total!.ulp <= BOUNDS.pow.ulp, String(tally.total!.ulp));
  const wrong = openSubject({ exp: offBetween(right, 709, 710, 2n) }, "exp");
  assert.ok(measureHardPoints(wrong, hardPoints.get("exp")!, undefined).total!.ulp > 1.4);
});

test("the same seed says the same, another seed looks elsewhere", () => {
  const first = measured({ exp: right });
  assert.equal(measured({ exp: right }), first);
  assert.not.equal(measured({ exp: right }, 2).total!.at, first.total!.at);
});

test("around the worst points so far a narrower fault is found", () => {
  const subject = openSubject({ exp: offBetween(offBetween(right, 0.5, 0.501, 2n), 0.50057, 0.500571, 8n) }, "exp");
  const measure = (batch: Batch): Tally => measureBatch(subject, RANGES.exp!, REFERENCES.exp!, undefined, batch, 1);
  const tallies = batchesOf(RANGES.exp!, SAMPLES).map(measure);
  assert.ok(tallies.reduce(merged).total!.ulp < 3);
  const points = worstPoints(tallies, 8);
  assert.ok(points.length <= 8 && points.some(([x]) => x! > 0.5 && x! < 0.501));
  const refined = batchesOfRange(points, 10 * SAMPLES)
    .map(measure)
    .reduce(merged);
  assert.ok(refined.total!.ulp > 8, String(refined.total!.ulp));
  assert.is(refined.total!.range, "around the worst");
});

test("the worst points are the worst, each once", () => {
  const worst = (ulp: number, x: number): Worst => ({ ulp, at: [x], value: 0, expected: 0, range: "" });
  const tallies: Tally[] = [
    { ...NOTHING, total: worst(1, 10), fast: worst(1, 10) },
    { ...NOTHING, total: worst(3, 30), fast: worst(2, 20) },
    { ...NOTHING },
  ];
  assert.equal(worstPoints(tallies, 2), [[30], [20]]);
  assert.equal(worstPoints(tallies, 9), [[30], [20], [10]]);
});

test("batches cover each range once", () => {
  const batches = batchesOf(RANGES.exp!, 100_000);
  RANGES.exp!.ranges.forEach((_, range) => {
    const own = batches.filter((batch) => batch.range === range);
    const all = own[0]!.all;
    assert.ok(all * RANGES.exp!.ranges.length >= 100_000);
    let next = 0;
    for (const { first, count } of own) {
      assert.is(first, next);
      next += count;
    }
    assert.is(next, all);
  });
});

test.run();
