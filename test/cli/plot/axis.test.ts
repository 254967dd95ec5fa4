import { scaleLinear } from "d3-scale";
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Axis, makeAxis } from "../../../ts/cli/plot/axis.js";
import { textWidth } from "../../../ts/cli/plot/svg.js";

const across = (low: number, high: number): Axis => makeAxis(low, high, 60, 770, scaleLinear);
const labels = (low: number, high: number): string[] => across(low, high).ticks.map(({ label }) => label);

test("places the ends of the range at the ends of the axis", () => {
  for (const [low, high] of [
    [0, 10],
    [-1e308, 7e307],
    [1, 1 + 1e-12],
    [5e-324, 1e-322],
    [-3e-300, 0],
  ] as const) {
    const axis = across(low, high);
    assert.is(axis.place(low), 60);
    assert.ok(Math.abs(axis.place(high) - 770) < 1e-6, `${low} to ${high}`);
  }
});

test("labels short, in units of a power of ten where they would be long", () => {
  assert.equal(labels(0, 10), ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]);
  assert.is(across(0, 10).unit, "");
  assert.is(across(0, 3e20).unit, "(× 10²⁰)");
  assert.is(across(-2e-7, 1e-7).unit, "(× 10⁻⁷)");
  assert.is(across(1, 1 + 1e-12).unit, "− 1 (× 10⁻¹²)");
  assert.is(across(-1000, -999.99).unit, "+ 1000");
});

test("keeps labels apart and true over all ranges that doubles have", () => {
  const bound = fc.oneof(
    fc.double({ noNaN: true, min: -8e307, max: 8e307 }),
    fc.double({ noNaN: true, min: -1000, max: 1000 }),
    fc.integer({ min: -20, max: 20 }),
  );
  const width = fc.oneof(
    fc.double({ noNaN: true, min: 5e-324, max: 8e307 }),
    fc.double({ noNaN: true, min: 1e-15, max: 100 }),
  );
  fc.assert(
    fc.property(bound, width, (low, wide) => {
      const high = low + wide;
      fc.pre(high > low);
      const { ticks, place, unit } = across(low, high);
      assert.ok(ticks.length >= 1, `no tick from ${low} to ${high}`);
      ticks.forEach((tick, index) => {
        assert.ok(tick.at >= 59.9 && tick.at <= 770.1, `${tick.label} at ${tick.at}`);
        assert.ok(textWidth(tick.label, 12) < 120, tick.label);
        const before = ticks[index - 1];
        if (before === undefined) return;
        assert.ok(tick.at - before.at > (textWidth(tick.label, 12) + textWidth(before.label, 12)) / 2);
        assert.is.not(tick.label, before.label);
      });
      // Where the labels are the values themselves, each must stand where its value does.
      if (unit !== "") return;
      for (const { at, label } of ticks) {
        const value = Number(label.replaceAll(",", "").replace("−", "-"));
        assert.ok(Math.abs(place(value) - at) < 1, `${label} from ${low} to ${high}`);
      }
    }),
    { numRuns: process.env.STRESS ? 100_000 : 2000 },
  );
});

test.run();
