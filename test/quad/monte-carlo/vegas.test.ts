// @timeout 1500
/** VEGAS in the core: to the bit what the oracle says; what it learns, that it is honest (1000 seeds with STRESS=1), that nothing depends on who computes what. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { SeveralSpec } from "../../../ts/quad/several-rule.js";
import { Vegas, type VegasState } from "../../../ts/quad/vegas.js";
import { Heap } from "../../../ts/runtime/core/heap.js";
import { backwards, compute as computeRule, type Integrand, USUAL, unit, type Ways } from "./samples.js";
import { vegasSlowly } from "./vegas.js";

const heap = new Heap();

function compute(f: Integrand, spec: SeveralSpec, ways?: Ways): VegasState {
  return computeRule(heap, new Vegas(heap, spec), f, ways);
}

const ROOT_PI = Math.sqrt(Math.PI);
const needle: Integrand = (x) => [Math.exp(-x.reduce((sum, each) => sum + ((each - 0.3) / 0.02) ** 2, 0))];
const product: Integrand = (x) => [x.reduce((product, each) => product * (1 + each ** 2), 1)];
const jump: Integrand = (x) => [x.reduce((sum, each) => sum + each * each, 0) < 1 ? 1 : 0];

test("a needle that one sample in 10,000 meets is learnt: three digits", () => {
  const exact = (0.02 * ROOT_PI) ** 3;
  const { values, errors, regions } = compute(needle, { ...USUAL, ...unit(3), relative: 1e-6, maximum: 2e5 });
  assert.ok(Math.abs(values[0]! - exact) <= errors[0]!);
  assert.ok(errors[0]! < 1e-2 * exact, String(errors[0]! / exact));
  assert.ok(regions > 1000);
});

for (const [name, f, own] of [
  ["a needle", needle, unit(2)],
  ["a product", product, { ...unit(5), seed: 7 }],
  ["a jump in a wide box", jump, { lo: [-1, 0], hi: [1, 3] }],
  ["one axis, to a tolerance", product, { ...unit(1), relative: 1e-2 }],
] as const) {
  test(`has the oracle's bits: ${name}`, () => {
    const spec = { ...USUAL, relative: 1e-4, maximum: 20_000, ...own };
    const { status, values, errors, l1, evaluations, rounds, iterations } = compute(f, spec);
    const slow = vegasSlowly((x) => f(x)[0]!, spec);
    assert.equal({ status, values, errors, l1, evaluations, rounds, iterations }, slow);
  });
}

test("it converges where the tolerance is no more than Monte Carlo can do", () => {
  const { status, values, errors, iterations, consistency, evaluations } = compute(product, {
    ...USUAL,
    ...unit(4),
    relative: 2e-3,
    maximum: 2e5,
  });
  assert.is(status, "converged");
  assert.ok(Math.abs(values[0]! - (4 / 3) ** 4) <= errors[0]!);
  assert.ok(iterations >= 4 && consistency < 5);
  assert.ok(evaluations < 2e5);
});

test("the order of units does not matter, nor that one is computed twice", () => {
  for (const dimensions of [1, 2, 5, 9]) {
    const spec = { ...USUAL, ...unit(dimensions), relative: 1e-9, seed: 5, maximum: 3e4 };
    assert.equal(compute(product, spec, { order: backwards }), compute(product, spec));
  }
});

test("seeds differ, and repeat; boxes scale", () => {
  const spec = { ...USUAL, ...unit(2), relative: 1e-9 };
  const [one, other, again] = [1, 2, 1].map((seed) => compute(product, { ...spec, seed }));
  assert.equal(again, one);
  assert.is.not(one!.values[0], other!.values[0]);
  const wide = compute((x) => product(x.map((each) => (each + 4) / 8)), { ...spec, lo: [-4, -4], hi: [4, 4] });
  assert.ok(Math.abs(wide.values[0]! / one!.values[0]! - 64) < 1e-12);
});

test("samples are within the box, and not on its faces, however narrow it is", () => {
  const lo = [1, -3, 1e200];
  const hi = [1 + 4 * 2 ** -52, -2, 1.5e200];
  let count = 0;
  compute(
    () => [1],
    { ...USUAL, lo, hi },
    {
      seen: (x) => {
        count++;
        if (!x.every((each, axis) => each > lo[axis]! && each < hi[axis]!)) assert.unreachable(String(x));
      },
    },
  );
  assert.ok(count > 5000);
});

test("values whose squares are no doubles scale like others", () => {
  const spec = { ...USUAL, ...unit(3), relative: 2e-3, maximum: 1e6 };
  const usual = compute(product, spec);
  assert.is(usual.status, "converged");
  for (const scale of [2 ** 600, 2 ** -600, 2 ** -900]) {
    const { status, values, errors, l1, evaluations, rounds, consistency } = compute(
      (x) => product(x).map((each) => scale * each),
      spec,
    );
    assert.equal([status, rounds, consistency], [usual.status, usual.rounds, usual.consistency]);
    assert.equal([values[0]! / scale, errors[0]! / scale, l1 / scale], [usual.values[0], usual.errors[0], usual.l1]);
    // The first iteration is computed twice.
    const more = evaluations - usual.evaluations;
    assert.ok(more > 45_000 && more <= 50_000, String(more));
  }
});

test("several components, and complex ones", () => {
  const f: Integrand = (x) => [...product(x), ...jump(x)];
  const { values, errors } = compute(f, { ...USUAL, ...unit(2), components: 2, relative: 1e-6 });
  assert.ok(Math.abs(values[0]! - (4 / 3) ** 2) <= errors[0]!);
  assert.ok(Math.abs(values[1]! - Math.PI / 4) <= errors[1]!);
  // The second part is 0: alone, it could not be right to a part of itself.
  const complex: Integrand = ([x]) => [1 + x!, Math.sin(2 * Math.PI * x!)];
  const spec = { ...USUAL, ...unit(1), components: 2, relative: 1e-3, maximum: 1e6 };
  assert.is(compute(complex, { ...spec, isComplex: true }).status, "converged");
});

test("what is not finite is found, with its place", () => {
  const f: Integrand = ([x, y]) => [x! > 0.75 && y! < 0.25 ? 1 / 0 : 1];
  const { status, nonFinite } = compute(f, { ...USUAL, ...unit(2) });
  assert.is(status, "not-finite");
  assert.ok(nonFinite!.count > 130 && nonFinite!.count < 250, String(nonFinite!.count));
  const [x, y] = nonFinite!.point!;
  assert.ok(x! > 0.75 && y! < 0.25, String(nonFinite!.point));
});

test("what is not finite in a later iteration is found, with its very place", () => {
  const seen: (readonly number[])[] = [];
  const spec = { ...USUAL, ...unit(2), relative: 1e-9 };
  compute(product, spec, { seen: (x) => seen.push(x) });
  const [a, b] = seen[30_001]!;
  const { status, nonFinite, rounds } = compute((x) => (x[0] === a && x[1] === b ? [Number.NaN] : product(x)), spec);
  assert.is(status, "not-finite");
  assert.ok(rounds > 1);
  assert.equal(nonFinite, { count: 1, point: [a, b] });
});

test("budgets hold, also small ones; zeros and constants", () => {
  for (const maximum of [10, 999, 1000, 5000, 30_000]) {
    const { status, evaluations, values } = compute(jump, { ...USUAL, ...unit(3), relative: 0, maximum });
    assert.is(status, "budget");
    assert.ok(evaluations <= maximum, `${evaluations} of ${maximum}`);
    assert.is(Number.isNaN(values[0]!), maximum < 1000);
  }
  const zero = compute(() => [0], { ...USUAL, ...unit(2), maximum: 1e6 });
  assert.is(zero.status, "converged");
  assert.equal(zero.values, [0]);
  const tenth = compute(() => [0.1], { ...USUAL, ...unit(2), relative: 1e-9 });
  assert.is(tenth.status, "converged");
  assert.ok(Math.abs(tenth.values[0]! - 0.1) < 1e-15);
});

/** Over the unit cube, with their integrals. */
const KNOWN: readonly [string, number, Integrand, number][] = [
  ["a product", 6, product, (4 / 3) ** 6],
  ["a jump", 3, jump, Math.PI / 6],
  ["a needle", 2, needle, (0.02 * ROOT_PI) ** 2],
  ["two peaks", 2, ([x, y]) => [needle([x!, y!])[0]! + needle([x! - 0.5, y! - 0.5])[0]!], 2 * (0.02 * ROOT_PI) ** 2],
];
const SEEDS = process.env.STRESS ? 1000 : 8;

test("errors are honest: 99 of 100 claims hold", () => {
  let claims = 0;
  let honest = 0;
  for (const [name, dimensions, f, exact] of KNOWN) {
    let own = 0;
    let held = 0;
    for (let seed = 0; seed < SEEDS; seed++) {
      const { status, values, errors } = compute(f, {
        ...USUAL,
        ...unit(dimensions),
        seed,
        relative: 2e-2,
        maximum: 5e4,
      });
      if (status !== "converged") continue;
      own++;
      if (Math.abs(values[0]! - exact) <= errors[0]!) held++;
    }
    console.log(`${name}: ${own} claims, ${held} honest`);
    claims += own;
    honest += held;
  }
  assert.ok(claims > 0.7 * KNOWN.length * SEEDS, `${claims} claims`);
  assert.ok(honest >= 0.99 * claims, `${honest} of ${claims}`);
});

test.run();
