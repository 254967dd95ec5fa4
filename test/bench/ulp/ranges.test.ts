import { test } from "uvu";
import * as assert from "uvu/assert";
import { RANGES, type Range } from "../../../bench/ulp/ranges.js";
import { REFERENCES } from "../../../bench/ulp/reference/index.js";
import { type Pair, randomNumbers } from "../../../bench/ulp/samples.js";
import { BOUNDS } from "../../../ts/expr/bounds.js";

const COUNT = 200;

test("there are ranges for every function that has a reference, and for every one that promises a bound", () => {
  assert.equal(Object.keys(RANGES).sort(), Object.keys(REFERENCES).sort());
  for (const name of Object.keys(BOUNDS)) assert.ok(name in RANGES, name);
});

for (const [name, { ranges }] of Object.entries(RANGES)) {
  test(`${name}: the ranges have finite arguments, nearly all with an exact value`, () => {
    for (const { name: range, draw } of ranges as readonly Range<number | Pair>[]) {
      const random = randomNumbers(3);
      let known = 0;
      for (let index = 0; index < COUNT; index++) {
        const point = draw((index + random()) / COUNT, random);
        const [x, y] = typeof point === "number" ? [point, 0] : point;
        assert.ok(Number.isFinite(x) && Number.isFinite(y), `${range}: ${x}, ${y}`);
        if (REFERENCES[name]!(x, y) !== null) known++;
      }
      assert.ok(known >= 0.9 * COUNT, `${range}: ${known} of ${COUNT}`);
    }
  });
}

test.run();
