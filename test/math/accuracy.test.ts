/**
 * Errors of the math provider in units of the last place at hard points (fixtures.json, made by scripts/math-fixtures.py).
 * The bounds are those of ts/expr/bounds.ts; at millions of points `npm run bench -- ulp` holds them.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { errorInUlp } from "../../bench/ulp/error.js";
import { readHardPoints } from "../../bench/ulp/hard-points.js";
import { BOUNDS, type Bound } from "../../ts/expr/bounds.js";
import { PROVIDER_BINARY, PROVIDER_UNARY } from "../../ts/expr/functions.js";
import { onLanes, provider } from "../expr/kernel.js";

const hardPoints = readHardPoints();

for (const name of [...PROVIDER_UNARY, ...PROVIDER_BINARY]) {
  const points = hardPoints.get(name)!;
  const { ulp: bound, floor }: Bound = BOUNDS[name];

  test(`${name}: within ${bound} ulp`, () => {
    assert.ok(points.length >= 30, `only ${points.length} points`);
    const run = onLanes(provider[name]!, points[0]!.at.length === 2 ? 2 : 1);
    points.forEach(({ at, exact }, index) => {
      const theirs = points[(index + 1) % points.length]!.at;
      // The other lane works at the next point: lanes must not disturb each other.
      const lanes = at.flatMap((argument, position) => [argument, theirs[position]!]);
      const [value] = run(...lanes);
      const [, swapped] = run(...lanes.map((_, position) => lanes[position ^ 1]!));
      assert.ok(Object.is(value, swapped), `${name}(${at}) differs between the lanes: ${value} ${swapped}`);
      const error = errorInUlp(value, exact, floor?.(at[0]!));
      assert.ok(error <= bound, `${name}(${at}) is ${value}, off by ${error} ulp`);
    });
  });
}

test.run();
