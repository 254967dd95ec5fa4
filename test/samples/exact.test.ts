/** Rules against exact fractions: how much rounding takes off, for samples of few and of many, mild and wild. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cumulateSamplesSync, integrateSamplesSync } from "../../ts/index.js";
import { toUnits } from "../quad/drivers/exact.js";
import { random } from "../tools/random.js";
import {
  distance,
  type Fraction,
  fraction,
  parabolas,
  plus,
  product,
  romberg,
  total,
  trapezoids,
  ZERO,
} from "./fraction.js";

const SEED = Number(process.env.SEED ?? 7);
const EPSILON = 2 ** -53;

interface Samples {
  readonly name: string;
  readonly x: number[];
  readonly y: number[];
}

/** @param dx null: places of their own */
function samplesOf(name: string, n: number, dx: number | null, seed: number, wild = false): Samples {
  const next = random(seed);
  const scale = (): number => (wild ? 2 ** Math.floor(40 * next() - 20) : 1);
  const y = Array.from({ length: n }, () => (2 * next() - 1) * scale());
  let place = -3;
  const x = Array.from({ length: n }, (_, i) => {
    place += (0.1 + next()) * (wild ? 2 ** (8 * next()) : 1);
    return dx === null ? place : i * dx;
  });
  return { name: `${name}, ${n} samples, seed ${seed}`, x, y };
}

const SIZES = [2, 3, 4, 5, 6, 7, 8, 9, 10, 16, 31, 64];
const EQUAL = SIZES.flatMap((n) => [
  samplesOf("equal", n, 0.375, SEED + n),
  samplesOf("wild", n, -0.5, SEED + n, true),
]);
const SPACED = SIZES.flatMap((n) => [
  samplesOf("places", n, null, SEED + n),
  samplesOf("wild", n, null, SEED + n, true),
]);

/** The largest that rounding may take off: some roundings of the largest term of each sum. */
function boundOf(terms: readonly Fraction[], factor: number): number {
  return factor * EPSILON * terms.reduce((sum, term) => sum + Math.abs(distance(0, term)), 0);
}

function exactOf({ x, y }: Samples, rule: "trapezoid" | "simpson"): Fraction[] {
  return (rule === "simpson" ? parabolas : trapezoids)(x.map(fraction), y.map(fraction));
}

/** Terms as the rules add them: without what cancels between neighbours before it is rounded. */
function sizeOf({ x, y }: Samples): Fraction[] {
  const positive = y.map((value) => fraction(Math.abs(value)));
  return trapezoids(x.map(fraction), positive);
}

for (const rule of ["trapezoid", "simpson"] as const) {
  test(`${rule}, equal spacing: within 2 roundings of the samples' size`, () => {
    for (const each of EQUAL) {
      const dx = each.x[1]! - each.x[0]!;
      const { value } = integrateSamplesSync(each.y, { dx, rule });
      assert.ok(distance(value, total(exactOf(each, rule))) <= boundOf(sizeOf(each), 2), each.name);
    }
  });

  test(`${rule}, running, equal spacing: each within 4 roundings`, () => {
    for (const each of EQUAL) {
      const dx = each.x[1]! - each.x[0]!;
      const found = cumulateSamplesSync(each.y, { dx, rule });
      const terms = exactOf(each, rule);
      assert.is(found[0], 0);
      const bound = boundOf(sizeOf(each), 4);
      let exact = ZERO;
      terms.forEach((term, i) => {
        exact = plus(exact, term);
        assert.ok(distance(found[i + 1]!, exact) <= bound, `${each.name}, result ${i + 1}`);
      });
    }
  });

  test(`${rule}, places: within 8 roundings of the terms`, () => {
    for (const each of SPACED) {
      const { x, y } = each;
      const terms = exactOf(each, rule);
      // Parabolas over uneven widths are differences of larger terms.
      const size = boundOf(terms, 8) + boundOf(sizeOf(each), 8) * (rule === "simpson" ? 64 : 1);
      assert.ok(distance(integrateSamplesSync(y, { x, rule }).value, total(terms)) <= size, each.name);
      const found = cumulateSamplesSync(y, { x, rule });
      const error = distance(found.at(-1)!, total(terms));
      assert.ok(error <= size, `${each.name}, running`);
    }
  });
}

test("romberg: within 8 roundings of the samples' size", () => {
  for (const levels of [0, 1, 2, 3, 4, 6, 8]) {
    const each = samplesOf("romberg", 2 ** levels + 1, 0.25, SEED + levels);
    const rules = Array.from({ length: levels + 1 }, (_, j) => {
      const kept = each.y.map((_, i) => i).filter((i) => i % 2 ** (levels - j) === 0);
      return total(
        trapezoids(
          kept.map((i) => fraction(each.x[i]!)),
          kept.map((i) => fraction(each.y[i]!)),
        ),
      );
    });
    const { value } = integrateSamplesSync(each.y, { dx: 0.25, rule: "romberg" });
    assert.ok(distance(value, romberg(rules)) <= boundOf(sizeOf(each), 8), each.name);
  }
});

/** The sum of y, exact: in units of 2^-1074. */
function exactSum(y: Float64Array): bigint {
  return y.reduce((sum, value) => sum + toUnits(value), 0n);
}

test("rounding does not grow with the number of samples", () => {
  const next = random(SEED);
  for (const n of [4097, 65_537, 400_001]) {
    const y = Float64Array.from({ length: n }, () => next());
    const sum: Fraction = { n: 2n * exactSum(y) - toUnits(y[0]!) - toUnits(y[n - 1]!), d: 1n << 1075n };
    const { value } = integrateSamplesSync(y, { dx: 3 });
    assert.ok(distance(value, product(sum, fraction(3))) <= 2 * EPSILON * value, `${n} samples`);
    const found = cumulateSamplesSync(y, { dx: 3 });
    assert.ok(distance(found[n - 1]!, product(sum, fraction(3))) <= 4 * EPSILON * value, `running, ${n} samples`);
  }
});

test.run();
