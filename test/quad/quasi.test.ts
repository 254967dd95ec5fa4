/** Quasi-Monte Carlo in the core: to the bit what the oracle says; nets stay nets when they are scrambled; claims hold. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Heap } from "../../ts/runtime/heap.js";
import { Quasi, type QuasiSpec, type QuasiState } from "../../ts/runtime/quasi.js";
import { quasiSlowly } from "./quasi.js";

const heap = new Heap();

type Integrand = (x: readonly number[]) => readonly number[];

const UNIT = (dimensions: number): Pick<QuasiSpec, "lo" | "hi"> => ({
  lo: new Array(dimensions).fill(0),
  hi: new Array(dimensions).fill(1),
});
const USUAL = { breaks: [], components: 1, relative: 1e-4, absolute: 0, maximum: 3e5, seed: 1, parameters: [] };

/** In place of the driver; `seen` is told each point. */
function driver(f: Integrand, seen?: (x: readonly number[]) => void): (list: number) => void {
  return (list) => {
    const { floats, words } = heap.member;
    const [, x, y, points, d, m] = words.subarray(list >>> 2, (list >>> 2) + 6) as unknown as number[];
    for (let i = 0; i < points!; i++) {
      const pair = i >> 1;
      const lane = i & 1;
      const place = Array.from({ length: d! }, (_, k) => floats[(x! >>> 3) + 2 * (d! * pair + k) + lane]!);
      seen?.(place);
      f(place).forEach((value, c) => {
        floats[(y! >>> 3) + 2 * (m! * pair + c) + lane] = value;
      });
    }
  };
}

/** `order` gives the units of a round in the order in which they are computed. */
function compute(
  f: Integrand,
  spec: QuasiSpec,
  { order, seen }: { order?: (units: number) => number[]; seen?: (x: readonly number[]) => void } = {},
): QuasiState {
  const quasi = new Quasi(heap, spec);
  const points = driver(f, seen);
  do {
    const { units } = quasi;
    for (const unit of order?.(units) ?? Array.from({ length: units }, (_, index) => index)) quasi.compute(unit, points);
  } while (quasi.decide());
  const state = quasi.state();
  quasi.close();
  return state;
}

const peak: Integrand = (x) => [x.reduce((product, each) => product / (0.3 + (each - 0.4) ** 2), 1)];
const corner: Integrand = (x) => [x.reduce((sum, each, index) => sum + Math.abs(each - index / 7), 1)];
const jump: Integrand = (x) => [x.reduce((sum, each) => sum + each * each, 0) < 1.3 ? 1 : 0];

const CASES: readonly [string, Integrand, Partial<QuasiSpec> & Pick<QuasiSpec, "lo" | "hi">][] = [
  ["a smooth one", peak, UNIT(3)],
  ["one axis", peak, UNIT(1)],
  ["a corner", corner, { lo: [-1, 0, 2], hi: [1, 0.5, 5] }],
  ["a jump", jump, { ...UNIT(4), seed: 7 }],
  ["eleven dimensions", peak, { ...UNIT(11), seed: 12345678901 }],
  ["two components", (x) => [...peak(x), ...corner(x)], { ...UNIT(2), components: 2, relative: 1e-6 }],
  ["more blocks than one", peak, { ...UNIT(2), relative: 1e-13, maximum: 2 ** 19 }],
];

for (const points of ["sobol", "lattice", "either"] as const) {
  for (const [name, f, own] of CASES) {
    test(`has the oracle's bits: ${name}, ${points}`, () => {
      const spec = { ...USUAL, ...own, points };
      const { status, values, errors, evaluations, rounds, points: used } = compute(f, spec);
      assert.equal({ status, values, errors, evaluations, rounds, points: used }, quasiSlowly(f, spec));
    });
  }
}

test.run();
