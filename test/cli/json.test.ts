import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { spellJson } from "../../ts/cli/json.js";

test("reads back to the same bits, for every number", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) =>
      Object.is(JSON.parse(spellJson(value)), value),
    ),
    { numRuns: process.env.STRESS ? 1_000_000 : 5000 },
  );
  assert.ok(Object.is(JSON.parse(spellJson(-0)), -0));
});

test("spells non-finite numbers as strings", () => {
  assert.equal(JSON.parse(spellJson([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])), [
    "NaN",
    "Infinity",
    "-Infinity",
  ]);
});

test("agrees with JSON.stringify about everything else", () => {
  const values = [
    { a: 1, b: [true, null, 'x\n"y\u2028'], c: {}, d: [] },
    [],
    {},
    "",
    [[1], [2, { "k\\": -1.5e-7 }]],
    null,
  ];
  for (const value of values) assert.is(spellJson(value), JSON.stringify(value, null, 2));
});

test.run();
