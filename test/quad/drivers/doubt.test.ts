/** What a kernel doubts is computed again by its careful form, wherever it lies and wherever calls end; what it is sure of is not. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { decode } from "../../../ts/wasm/decode.js";
import { splice } from "../../../ts/wasm/splice.js";
import { random } from "../../tools/random.js";
import { assemble } from "../../wasm/wat.js";
import { Bench } from "./driver.js";

const template = decode(readFileSync("build/drivers.wasm"));

/** x + 1 where |x| < limit; in doubt elsewhere, where the body says `wrong`, and the careful form x + 1 as well, plus `mark` everywhere. */
async function drivers(limit: number, mark = 0): Promise<WebAssembly.Module> {
  const kernel = await assemble(`(module
    (global $doubt (mut v128) (v128.const i64x2 0 0))
    (func (export "prologue") (param i32) (global.set $doubt (v128.const i64x2 0 0)))
    (func (export "doubt") (result v128) (global.get $doubt) (global.set $doubt (v128.const i64x2 0 0)))
    (func (export "careful") (param v128 i32) (result v128)
      (f64x2.add (f64x2.add (local.get 0) (v128.const f64x2 1 1)) (v128.const f64x2 ${mark} ${mark})))
    (func (export "integrand") (param v128) (result v128) (local v128)
      (local.set 1 (f64x2.ge (f64x2.abs (local.get 0)) (v128.const f64x2 ${limit} ${limit})))
      (global.set $doubt (v128.or (global.get $doubt) (local.get 1)))
      (v128.bitselect (v128.const f64x2 -77 nan) (f64x2.add (local.get 0) (v128.const f64x2 1 1)) (local.get 1))))`);
  return new WebAssembly.Module(splice(template, decode(kernel), { kind: "x", drivers: ["grid", "map"] }));
}

const PANELS = [1, 7, 16, 255, 256, 257, 4096, 16_384, 50_001];

for (const [what, lo, hi, limit] of [
  ["nowhere", -3, 3, 4],
  ["at both ends", -3, 3, 2.9],
  ["at the last points alone", 0, 3, 2.99999],
  ["in all points but few", -3, 3, 0.01],
  ["everywhere", 1, 3, 0.5],
] as const) {
  test(`doubt ${what}: the bits of an integrand without doubt, whatever the budget`, async () => {
    const module = await drivers(limit);
    const next = random(limit);
    for (const panels of PANELS) {
      const expected = new Bench("x+1", "midpoint", lo, hi, panels).run(() => 1 << 16);
      for (const budget of [() => 1 << 16, () => 1, () => 1 + Math.floor(40 * next())]) {
        assert.equal(new Bench(module, "midpoint", lo, hi, panels).run(budget), expected, `${panels} panels`);
      }
    }
  });
}

test("what is computed again depends on the doubt alone, not on where calls end", async () => {
  // The careful form is another function here, so every stretch that is computed again shows.
  const module = await drivers(2.5, 0.125);
  const expected = new Bench(module, "midpoint", 0, 3, 20_000).run(() => 1 << 16);
  const next = random(1);
  for (let repeat = 0; repeat < 20; repeat++) {
    const sums = new Bench(module, "midpoint", 0, 3, 20_000).run(() => 1 + Math.floor(40 * next()));
    assert.equal(sums, expected);
  }
  assert.not.equal(
    new Bench("x+1", "midpoint", 0, 3, 20_000).run(() => 1 << 16),
    expected,
  );
});

test("map computes again what is in doubt, and that alone", async () => {
  const { drivers: spliced, core, memory } = new Bench(await drivers(2, 0.125), "midpoint", 0, 1, 1);
  const at = core.alloc(64) >>> 0;
  const view = new Float64Array(memory.buffer, at, 6);
  view.set([0, 1, 1, 3, -2, 0.5]);
  spliced.map(0, at, at, 6);
  // A pair shares its fate; the two are the same where there is no doubt.
  assert.equal([...view], [1, 2, 2.125, 4.125, -0.875, 1.625]);
});

test.run();
