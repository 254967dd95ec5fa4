/** Integrals by regions in the core: to the bit what the oracle says, whoever computes which unit and in which order; the rule has its degree. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Cubature } from "../../../ts/quad/cubature.js";
import type { SeveralSpec, SeveralState } from "../../../ts/quad/several-rule.js";
import { Heap } from "../../../ts/runtime/core/heap.js";
import { random } from "../../tools/random.js";
import { cubatureSlowly, ruleOf } from "./cubature.js";

const heap = new Heap();

type F = (x: readonly number[]) => readonly number[];

/** In place of the driver. */
function driver(f: F): (list: number) => void {
  return (list) => {
    const { floats, words } = heap.member;
    const [, x, y, points, d, m] = words.subarray(list >>> 2, (list >>> 2) + 6) as unknown as number[];
    for (let i = 0; i < points!; i++) {
      const place = Array.from({ length: d! }, (_, k) => floats[(x! >>> 3) + 2 * (d! * (i >> 1) + k) + (i & 1)]!);
      f(place).forEach((value, c) => {
        floats[(y! >>> 3) + 2 * (m! * (i >> 1) + c) + (i & 1)] = value;
      });
    }
  };
}

/** `order` gives the units of a round in the order in which they are computed. */
function compute(f: F, spec: SeveralSpec, order?: (units: number) => readonly number[]): SeveralState {
  const cubature = new Cubature(heap, spec);
  const points = driver(f);
  do {
    const { units } = cubature;
    for (const unit of order?.(units) ?? Array.from({ length: units }, (_, index) => index))
      cubature.compute(unit, points);
  } while (cubature.decide());
  const state = cubature.state();
  cubature.close();
  return state;
}

const USUAL: Omit<SeveralSpec, "lo" | "hi"> = {
  breaks: [],
  components: 1,
  isComplex: false,
  relative: 1e-6,
  absolute: 0,
  maximum: 40_000,
  first: 64,
  seed: 0,
  parameters: [],
};
const unit = (d: number): Pick<SeveralSpec, "lo" | "hi"> => ({ lo: new Array(d).fill(0), hi: new Array(d).fill(1) });

const wave: F = (x) => [Math.cos(x.reduce((sum, each, axis) => sum + each * (2 + axis / 3), 1))];
const peak: F = (x) => [x.reduce((product, each) => product / (0.01 + (each - 0.4) ** 2), 1)];
const corner: F = (x) => [x.reduce((sum, each, axis) => sum + Math.abs(each - (axis + 1) / 7), 1)];
const ball: F = (x) => [x.reduce((sum, each) => sum + each * each, 0) < 1 ? 1 : 0];

/** Its top lies on a parabola, a thousandth of the box wide. */
const banana: F = ([x, y]) => [Math.exp(-((1 - x!) ** 2) - 100 * (y! - x! * x!) ** 2)];

const CASES: readonly [string, F, Pick<SeveralSpec, "lo" | "hi">, Partial<SeveralSpec>?][] = [
  ["a wave", wave, unit(2)],
  ["a wave over three axes", wave, unit(3)],
  ["a wave over six axes", wave, { lo: [0, 0, 0, 0, 0, -1], hi: [1, 1, 2, 1, 1, 1] }, { maximum: 80_000 }],
  ["a wave over one axis", wave, unit(1)],
  ["eleven axes", wave, unit(11)],
  ["a peak", peak, unit(3)],
  ["a peak, from one region", peak, unit(2), { first: 1, relative: 1e-9 }],
  ["corners", corner, unit(2)],
  ["corners at planes", corner, unit(2), { breaks: [[1 / 7], [2 / 7]] }],
  [
    "more planes than are affordable at first",
    corner,
    unit(4),
    { breaks: [[1 / 7], [2 / 7], [3 / 7], [4 / 7]], maximum: 4000 },
  ],
  ["several planes in an axis", corner, { lo: [-1, 0], hi: [3, 1] }, { breaks: [[-0.5, 1 / 7, 2], []] }],
  ["a disc", ball, { lo: [-1, -1], hi: [1, 1] }, { maximum: 60_000 }],
  ["a ball", ball, { lo: [-1, -1, -1], hi: [1, 1, 1] }],
  ["a jump across one axis", (x) => [x[0]! < 0.3713 ? 1 : 0], unit(2), { maximum: 10_000 }],
  ["a singular corner", (x) => [1 / Math.sqrt(x[0]! + x[1]!)], unit(2), { first: 1 }],
  ["a pole on a face", (x) => [1 / x[0]!], unit(2), { first: 1, maximum: 200_000 }],
  ["a singular point that is met", (x) => [1 / Math.hypot(x[0]!, x[1]!)], { lo: [-1, -1], hi: [1, 1] }, { first: 1 }],
  ["not finite on a part", (x) => [Math.sqrt(x[0]! - 0.5)], unit(2)],
  ["nothing", () => [0], unit(2)],
  [
    "nothing but a peak",
    (x) => [Math.exp(-1e6 * ((x[0]! - 0.31) ** 2 + (x[1]! - 0.77) ** 2))],
    unit(2),
    { maximum: 6e5 },
  ],
  ["a ridge", banana, { lo: [-5, -10], hi: [5, 40] }, { maximum: 6e5 }],
  [
    "a ridge, beside another component, with break planes",
    (x) => [...banana(x), 1 + x[0]!],
    { lo: [-5, -10], hi: [5, 40] },
    { maximum: 3e5, components: 2, breaks: [[1.3], [2, 5]] },
  ],
  ["noise", (x) => [Math.sin(1e15 * x[0]!)], unit(2)],
  ["what rounding allows", (x) => [1 + x[0]! - x[1]!], unit(2), { relative: 1e-16 }],
  ["an absolute tolerance", peak, unit(2), { relative: 0, absolute: 1e-3 }],
  ["two components", (x) => [...peak(x), ...wave(x)], unit(2), { components: 2 }],
  ["three of different sizes", (x) => [1e9 * corner(x)[0]!, 1e-9 * peak(x)[0]!, 0], unit(3), { components: 3 }],
  [
    "a complex one",
    (x) => [Math.cos(9 * x[0]!), Math.sin(9 * x[0]! * x[1]!)],
    unit(2),
    { components: 2, isComplex: true },
  ],
  [
    "three of one axis",
    (x) => [...peak(x), ...corner(x), Math.sqrt(x[0]!)],
    unit(1),
    { components: 3, relative: 1e-9 },
  ],
];

for (const [name, f, box, rest] of CASES) {
  test(`${name}: the bits of the oracle`, () => {
    const spec = { ...USUAL, ...box, ...rest };
    assert.equal(compute(f, spec), cubatureSlowly(f, spec));
  });
}

test("a ridge is followed across regions that saw nothing of it", () => {
  const found = compute(banana, { ...USUAL, lo: [-5, -10], hi: [5, 40], maximum: 6e5 });
  assert.is(found.status, "converged");
  // The integral over y is sqrt(pi)/10 to 1e-30, but where x is above 6.
  assert.ok(Math.abs(found.values[0]! - 0.3141592629372421) <= found.errors[0]!, `${found.values[0]}`);
});

test("a first pass whose error is nearly the tolerance is not believed", () => {
  const singular: F = (x) => [1 / Math.sqrt(x.reduce((sum, each) => sum + each, 0))];
  const first = compute(singular, { ...USUAL, ...unit(5), relative: 1e-3 });
  assert.is(first.rounds, 1);
  const relative = (2 * first.errors[0]!) / first.values[0]!;
  const second = compute(singular, { ...USUAL, ...unit(5), relative });
  assert.is(second.status, "converged");
  assert.ok(second.rounds > 1);
});

test("units in any order, some of them twice: the same bits", () => {
  const seed = 5;
  const next = random(seed);
  const shuffled = (units: number): number[] => {
    const list = Array.from({ length: units + (units >> 2) }, (_, index) => index % units);
    return list
      .map((each) => ({ each, at: next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ each }) => each);
  };
  for (const [f, d, components] of [
    [corner, 3, 1],
    [(x: readonly number[]) => [...peak(x), ...wave(x)], 2, 2],
  ] as const) {
    const spec = { ...USUAL, ...unit(d), components };
    assert.equal(compute(f, spec, shuffled), compute(f, spec), `seed ${seed}`);
  }
});

const NULL_DEGREES = [3, 3, 5, 5, 5, 7, 7];

test("the rule is right for polynomials of degree 9, the null rules are 0 up to theirs, in each dimension", () => {
  for (let d = 2; d <= 12; d++) {
    const { orbits, value, nulls } = ruleOf(d);
    const sum = (weights: readonly number[], powers: readonly number[]): number =>
      orbits.reduce((total, { points, halves }, index) => {
        if (halves.length === 0) return total;
        // Even powers: both points of a pair give the same.
        const mean =
          halves.reduce(
            (part, t) => part + powers.reduce((product, power, axis) => product * t[axis]! ** power, 1),
            0,
          ) / halves.length;
        return total + weights[index]! * points * mean;
      }, 0);
    const size = orbits.reduce((total, { points }, index) => total + points * Math.abs(value[index]!), 0);
    const lists = [[], [2], [4], [6], [8], [2, 2], [4, 2], [6, 2], [4, 4], [2, 2, 2], [4, 2, 2], [2, 2, 2, 2]];
    for (const powers of lists.filter(({ length }) => length <= d)) {
      const exact = powers.reduce((product, power) => product / (power + 1), 1);
      assert.ok(Math.abs(sum(value, powers) - exact) < 1e-14 * size, `${d}: ${powers}`);
      const degree = powers.reduce((total, power) => total + power, 0);
      nulls.forEach((weights, k) => {
        if (degree <= NULL_DEGREES[k]!) assert.ok(Math.abs(sum(weights, powers)) < 1e-13, `${d}: ${k}, ${powers}`);
      });
    }
    const product = (one: readonly number[], other: readonly number[]): number =>
      orbits.reduce((total, { points }, index) => total + points * one[index]! * other[index]!, 0);
    const rules = nulls.filter((weights) => weights.some((weight) => weight !== 0));
    assert.is(rules.length, d === 2 ? 6 : 7);
    for (const [k, weights] of rules.entries()) {
      for (const other of rules.slice(0, k)) assert.ok(Math.abs(product(weights, other)) < 1e-13);
      assert.ok(Math.abs(product(weights, weights) / product(value, value) - 1) < 1e-12);
    }
  }
});

test("no point is on a face", () => {
  const f: F = (x) => {
    assert.ok(x.every((each) => each > 1 && each < 2));
    return [1 / Math.sqrt(x[0]! - 1)];
  };
  compute(f, { ...USUAL, lo: [1, 1], hi: [2, 2] });
});

test("memory comes back", () => {
  compute(corner, { ...USUAL, ...unit(2) });
  const before = heap.use().used;
  compute(ball, { ...USUAL, lo: [-1, -1], hi: [1, 1] });
  assert.is(heap.use().used, before);
});

test.run();
