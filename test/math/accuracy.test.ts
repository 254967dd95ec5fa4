/**
 * Errors of the math provider in units of the last place, against exact values (fixtures.json, made by scripts/math-fixtures.py).
 * The bounds are those of docs/expressions.md and of the headers in assembly/math.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PROVIDER_BINARY, PROVIDER_UNARY } from "../../ts/expr/functions.js";
import { onLanes, provider } from "../expr/kernel.js";

/** Rows: arguments, the exact value as a double, and the rest of it in ulp of that double. */
const fixtures = JSON.parse(
  readFileSync(process.env.MATH_FIXTURES ?? join(process.cwd(), "test/math/fixtures.json"), "utf8"),
) as Record<string, number[][]>;

/** Largest error in ulp; `large` is for angles from 1.6e6 on. */
const BOUNDS: Readonly<Record<string, { readonly ulp: number; readonly large?: number }>> = {
  sin: { ulp: 1, large: 1.5 },
  cos: { ulp: 1, large: 1.5 },
  tan: { ulp: 1, large: 3 },
  asin: { ulp: 1 },
  acos: { ulp: 1 },
  atan: { ulp: 1 },
  atan2: { ulp: 1.5 },
  sinh: { ulp: 2.5 },
  cosh: { ulp: 1.5 },
  tanh: { ulp: 2.5 },
  asinh: { ulp: 2 },
  acosh: { ulp: 2.5 },
  atanh: { ulp: 2 },
  exp: { ulp: 0.6 },
  expm1: { ulp: 2 },
  exp2: { ulp: 0.6 },
  log: { ulp: 0.6 },
  log1p: { ulp: 1 },
  log2: { ulp: 0.6 },
  log10: { ulp: 1 },
  pow: { ulp: 0.6 },
  cbrt: { ulp: 1 },
  hypot: { ulp: 1 },
};
const LARGE_ANGLE = 1.6e6;

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
  const { ulp: bound, large = bound } = BOUNDS[name]!;

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
