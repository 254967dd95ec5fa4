/**
 * The hot paths of the math provider: `xFast` has the bits of `x` in every lane that `xDoubt` does not mark, whatever the other lane holds.
 * The module's exports say what there is to hold, so a new hot path comes in by itself. `STRESS=1` takes more points.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { onLanes, provider } from "../expr/kernel.js";
import { random } from "../tools/random.js";

const COUNT = process.env.STRESS ? 200_000 : 20_000;
const SEED = Number(process.env.SEED ?? 5);
const SUFFIX = "Fast";

/** Where a function leaves its ordinary course: zeros, ends of the range, small and large numbers, infinities, NaN. */
const SPECIAL = [
  0, -0, 5e-324, -5e-324, 1e-310, 2 ** -1022, -(2 ** -1022), 1e-8, -1e-8, 0.5, -0.5, 1, -1, 2, -2, 3, 10, -10, 1e5, 200000, -200000.00000000003, 2 ** 52, -(2 ** 53), 1e17, 1e300, -1e300,
  709.782712893384, 709.7827128933841, 710.4758600739439, -708.3964185322641, -745.1332191019411, -745.1332191019412, 1023.9999999999999, 1024, -1074, -1075,
  Number.MAX_VALUE, -Number.MAX_VALUE, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN,
]; // biome-ignore format: a list

/** Arguments of every kind: special ones, their neighbours, ordinary ones, all magnitudes, any bits. */
function argumentsFrom(next: () => number): () => number {
  const view = new DataView(new ArrayBuffer(8));
  const sign = () => (next() < 0.5 ? -1 : 1);
  const special = () => SPECIAL[Math.floor(next() * SPECIAL.length)]!;
  const kinds = [
    special,
    () => special() * (1 + (next() - 0.5) * 2 ** -48),
    () => sign() * next(),
    () => (next() - 0.5) * 80,
    () => (next() - 0.5) * 2200,
    () => sign() * 2 ** (next() * 80 - 60),
    () => sign() * 2 ** (next() * 2098 - 1074),
    () => Math.round((next() - 0.5) * 2000) / 2 ** Math.round(next() * 9),
    () => {
      view.setUint32(0, next() * 2 ** 32);
      view.setUint32(4, next() * 2 ** 32);
      return view.getFloat64(0);
    },
  ];
  return () => kinds[Math.floor(next() * kinds.length)]!();
}

const names = Object.keys(provider)
  .filter((name) => name.endsWith(SUFFIX))
  .map((name) => name.slice(0, -SUFFIX.length));

test("there are hot paths, each of a function, and no doubt about anything else", () => {
  assert.ok(names.length > 0);
  for (const name of names) assert.type(provider[name], "function");
  for (const doubt of Object.keys(provider).filter((name) => name.endsWith("Doubt"))) {
    assert.ok(names.includes(doubt.slice(0, -"Doubt".length)), `${doubt}, but no hot path`);
  }
});

for (const name of names) {
  test(`${name}: the hot path has the same bits where it is not in doubt`, () => {
    const parameters = (provider[name] as () => unknown).length as 1 | 2;
    const total = onLanes(provider[name]!, parameters);
    const fast = onLanes(provider[name + SUFFIX]!, parameters);
    const doubts = provider[`${name}Doubt`];
    const doubt = doubts === undefined ? () => [0, 0] : onLanes(doubts, parameters);
    const argument = argumentsFrom(random(SEED));
    let compared = 0;
    for (let count = 0; count < COUNT; count++) {
      const lanes = Array.from({ length: 2 * parameters }, argument);
      const expected = total(...lanes);
      const found = fast(...lanes);
      const unsure = doubt(...lanes);
      for (const lane of [0, 1] as const) {
        // A mask of all bits is a NaN, one of none is 0; -0 or anything else is not a mask.
        if (Number.isNaN(unsure[lane])) continue;
        assert.ok(Object.is(unsure[lane], 0), `${name}Doubt(${lanes}) is ${unsure[lane]} in lane ${lane}`);
        assert.ok(
          Object.is(found[lane], expected[lane]),
          `lane ${lane} of (${lanes}): ${name} ${expected[lane]}, ${name}Fast ${found[lane]} (SEED=${SEED})`,
        );
        compared++;
      }
    }
    assert.ok(compared > COUNT / 2, `${name}Doubt doubts ${2 * COUNT - compared} of ${2 * COUNT} lanes`);
  });
}

test.run();
