/** The set of states against a map, with hashes so close together that they meet in the table. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Seen } from "./seen.js";

/** Hashes differ in the 61 bits that count, and are few enough to come again. */
const states = fc.array(
  fc.record({
    low: fc.integer({ min: -40, max: 40 }),
    high: fc.integer({ min: -2, max: 2 }).map((high) => high << 3),
    left: fc.nat({ max: 6 }),
  }),
  { size: "max", maxLength: 2000 },
);

test("seen: a state is new once for each larger number of departures that are left", () => {
  fc.assert(
    fc.property(states, (all) => {
      const seen = new Seen(2);
      const model = new Map<string, number>();
      for (const { low, high, left } of all) {
        const key = `${low} ${high}`;
        assert.is(seen.note(low, high, left), (model.get(key) ?? -1) < left, `${key} with ${left}`);
        model.set(key, Math.max(left, model.get(key) ?? -1));
        assert.is(seen.size, model.size);
      }
      seen.clear();
      for (const key of model.keys()) {
        const [low = 0, high = 0] = key.split(" ").map(Number);
        assert.is(seen.note(low, high, 0), true);
      }
    }),
    { numRuns: 200 },
  );
});

test("seen: keeps a million states", () => {
  const seen = new Seen();
  const hash = (index: number) => Math.imul(index, 0x9e3779b1);
  for (let index = 0; index < 1_000_000; index++) seen.note(hash(index), index << 3, 1);
  assert.is(seen.size, 1_000_000);
  for (let index = 0; index < 1_000_000; index++) {
    if (seen.note(hash(index), index << 3, 1)) assert.unreachable(String(index));
  }
});

test.run();
