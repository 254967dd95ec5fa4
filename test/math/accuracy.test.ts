/**
 * Errors of the math provider in units of the last place, against exact values (fixtures.json, made by scripts/math-fixtures.py).
 * The bounds are those of ts/expr/bounds.ts.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { BOUNDS, type Bound, LARGE_ANGLE } from "../../ts/expr/bounds.js";
import { PROVIDER_BINARY, PROVIDER_UNARY } from "../../ts/expr/functions.js";
import { onLanes, provider } from "../expr/kernel.js";

/** Rows: arguments, the exact value as a double, and the rest of it in ulp of that double. */
const fixtures = JSON.parse(
  readFileSync(process.env.MATH_FIXTURES ?? join(process.cwd(), "test/math/fixtures.json"), "utf8"),
) as Record<string, number[][]>;

const view = new DataView(new ArrayBuffer(8));

/** Distance from |x| to the next double. */
function ulp(x: number): number {
  view.setFloat64(0, Math.abs(x));
  const bits = view.getBigUint64(0);
  view.setBigUint64(0, bits + 1n);
  return view.getFloat64(0) - Math.abs(x);
}

test("ulp is the distance of doubles", () => {
  assert.is(ulp(1), Number.EPSILON);
  assert.is(ulp(-3), 2 * Number.EPSILON);
  assert.is(ulp(0), 5e-324);
  assert.is(ulp(1e-310), 5e-324);
});

for (const name of [...PROVIDER_UNARY, ...PROVIDER_BINARY]) {
  const rows = fixtures[name]!;
  const { ulp: bound, large = bound }: Bound = BOUNDS[name];

  test(`${name}: within ${bound} ulp${large > bound ? `, ${large} for large angles` : ""}`, () => {
    assert.ok(rows.length >= 90, `only ${rows.length} points`);
    const run = onLanes(provider[name]!, rows[0]!.length === 4 ? 2 : 1);
    rows.forEach((row, index) => {
      const rest = row.at(-1)!;
      const exact = row.at(-2)!;
      const theirs = rows[(index + 1) % rows.length]!;
      // The other lane works at the next row's point: lanes must not disturb each other.
      const lanes = row.slice(0, -2).flatMap((argument, position) => [argument, theirs[position]!]);
      const [value] = run(...lanes);
      const [, swapped] = run(...lanes.map((_, position) => lanes[position ^ 1]!));
      assert.ok(
        Object.is(value, swapped),
        `${name}(${row.slice(0, -2)}) differs between the lanes: ${value} ${swapped}`,
      );
      const error = Math.abs((value - exact) / ulp(exact) - rest);
      const allowed = Math.abs(row[0]!) >= LARGE_ANGLE ? large : bound;
      assert.ok(error <= allowed, `${name}(${row.slice(0, -2)}) is ${value}, off by ${error} ulp`);
    });
  });
}

test.run();
