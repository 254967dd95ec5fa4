// @timeout 1500
/** Quasi-Monte Carlo in the core: to the bit what the oracle says; nets stay nets when they are scrambled; claims hold: 1000 seeds with STRESS=1. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Quasi, type QuasiSpec, type QuasiState } from "../../../ts/quad/quasi.js";
import { Heap } from "../../../ts/runtime/core/heap.js";
import { quasiSlowly } from "./quasi.js";
import { backwards, compute as computeRule, type Integrand, USUAL, unit, type Ways } from "./samples.js";

const heap = new Heap();

/** By the core, the integrand evaluated here. */
function compute(f: Integrand, spec: QuasiSpec, ways?: Ways): QuasiState {
  return computeRule(heap, new Quasi(heap, spec), f, ways);
}

const peak: Integrand = (x) => [x.reduce((product, each) => product / (0.3 + (each - 0.4) ** 2), 1)];
const corner: Integrand = (x) => [x.reduce((sum, each, index) => sum + Math.abs(each - index / 7), 1)];
const jump: Integrand = (x) => [x.reduce((sum, each) => sum + each * each, 0) < 1.3 ? 1 : 0];

const CASES: readonly [string, Integrand, Partial<QuasiSpec> & Pick<QuasiSpec, "lo" | "hi">][] = [
  ["a smooth one", peak, unit(3)],
  ["one axis", peak, unit(1)],
  ["a corner", corner, { lo: [-1, 0, 2], hi: [1, 0.5, 5] }],
  ["a jump", jump, { ...unit(4), seed: 7 }],
  ["eleven dimensions", peak, { ...unit(11), seed: 12345678901 }],
  ["two components", (x) => [...peak(x), ...corner(x)], { ...unit(2), components: 2 }],
  [
    "a complex one",
    (x) => [Math.cos(x[0]!), Math.sin(4 * x[1]!)],
    { ...unit(2), components: 2, isComplex: true, relative: 1e-6 },
  ],
  ["a jump along an axis", ([x]) => [x! < 0.3333 ? 1 : 0], { ...unit(1), seed: 93 }],
  ["a constant", () => [0.1], unit(2)],
  ["more blocks than one", peak, { ...unit(2), relative: 1e-13, maximum: 2 ** 17 }],
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

test("scrambled Sobol points: each coordinate of 2^n points has one in each interval of length 2^-n, in each randomisation", () => {
  const dimensions = 64;
  const seen: (readonly number[])[] = [];
  compute(
    () => [1],
    { ...USUAL, ...unit(dimensions), points: "sobol", maximum: 16 * 1024 },
    { seen: (x) => seen.push(x) },
  );
  assert.is(seen.length, 16 * 1024);
  for (let replicate = 0; replicate < 16; replicate++) {
    for (let axis = 0; axis < dimensions; axis++) {
      const own = seen.slice(1024 * replicate, 1024 * (replicate + 1)).map((x) => Math.floor(1024 * x[axis]!));
      assert.is(new Set(own).size, 1024, `randomisation ${replicate}, axis ${axis}`);
    }
  }
});

test("the first two Sobol coordinates are a net of quality 0: one point in every box of volume 2^-10", () => {
  const seen: (readonly number[])[] = [];
  compute(() => [1], { ...USUAL, ...unit(2), points: "sobol", maximum: 16 * 1024 }, { seen: (x) => seen.push(x) });
  for (let columns = 0; columns <= 10; columns++) {
    const own = seen
      .slice(0, 1024)
      .map(([x, y]) => Math.floor(x! * 2 ** columns) * 1024 + Math.floor(y! * 2 ** (10 - columns)));
    assert.is(new Set(own).size, 1024, `${columns} binary digits of the first`);
  }
});

test("points are within the box, and not on its faces, however narrow it is", () => {
  const lo = [1, -3, 1e300, 0];
  const hi = [1 + 4 * 2 ** -52, -2, 1.5e300, Number.MIN_VALUE * 8];
  for (const points of ["sobol", "lattice"] as const) {
    let count = 0;
    compute(
      () => [1],
      { ...USUAL, lo, hi, points },
      {
        seen: (x) => {
          count++;
          if (!x.every((each, axis) => each > lo[axis]! && each < hi[axis]!)) assert.unreachable(String(x));
        },
      },
    );
    assert.ok(count > 0);
  }
});

test("the order of units does not matter, nor that one is computed twice", () => {
  for (const points of ["sobol", "lattice", "either"] as const) {
    const spec = { ...USUAL, ...unit(3), breaks: [[0.3], [], [0.2, 0.7]], points, maximum: 3e5, relative: 1e-6 };
    const usual = compute(corner, spec);
    assert.equal(compute(corner, spec, { order: backwards }), usual);
    assert.is(usual.regions, 6);
  }
});

test("seeds differ, and repeat", () => {
  for (const points of ["sobol", "lattice"] as const) {
    const [one, other, again] = [1, 2, 1].map((seed) => compute(peak, { ...USUAL, ...unit(5), points, seed }));
    assert.equal(again, one);
    assert.is.not(one!.values[0], other!.values[0]);
    assert.ok(Math.abs(one!.values[0]! - other!.values[0]!) <= one!.errors[0]! + other!.errors[0]!);
  }
});

test("break planes: a jump along them is no jump", () => {
  const f: Integrand = ([x, y, z]) => [x! > 0.3 || y! > 0.6 ? 0 : 1 + z!];
  const spec = { ...USUAL, ...unit(3), points: "either" as const, relative: 1e-9 };
  assert.is(compute(f, spec).status, "budget");
  const { status, values } = compute(f, { ...spec, breaks: [[0.3], [0.6], []], maximum: 1e6 });
  assert.is(status, "converged");
  assert.ok(Math.abs(values[0]! - 0.27) < 1e-9);
});

test("what is not finite is found, with its place", () => {
  const f: Integrand = ([x, y]) => [x! < 0.5 && y! < 0.25 ? Number.NaN : 1];
  for (const points of ["sobol", "lattice"] as const) {
    const { status, nonFinite } = compute(f, { ...USUAL, ...unit(2), points });
    assert.is(status, "not-finite");
    assert.is.not(nonFinite, null);
    const { count, point } = nonFinite!;
    assert.ok(count > 1500 && count < 2600, String(count));
    assert.ok(point![0]! < 0.5 && point![1]! < 0.25, String(point));
  }
});

test("what is not finite where the second pilot looks alone is found there, though the first was better", () => {
  // So smooth that lattices win; the place is next to a point that only Sobol's have.
  const seen: (readonly number[])[] = [];
  const smooth: Integrand = ([x, y]) => [Math.cos(2 * Math.PI * x!) * Math.cos(2 * Math.PI * y!) + 2];
  const spec = { ...USUAL, ...unit(2), points: "either" as const, maximum: 2 * 16 * 1024 };
  assert.is(compute(smooth, spec, { seen: (x) => seen.push(x) }).points, "lattice");
  const [a, b] = seen[20_000]!;
  const isThere: (x: readonly number[]) => boolean = ([x, y]) => Math.hypot(x! - a!, y! - b!) < 1e-4;
  assert.ok(!seen.slice(0, 16 * 1024).some(isThere));
  const { status, nonFinite } = compute((x) => (isThere(x) ? [1 / 0] : smooth(x)), spec);
  assert.is(status, "not-finite");
  assert.ok(isThere(nonFinite!.point!), String(nonFinite!.point));
});

test("zeros are looked at for longer before they are believed; budgets hold, also small ones", () => {
  const zero = compute(() => [0], { ...USUAL, ...unit(2), points: "either", maximum: 1e7 });
  assert.is(zero.status, "converged");
  assert.ok(zero.evaluations > 3e5);
  for (const maximum of [10, 31, 32, 1000, 16383, 16384, 40000]) {
    const { status, evaluations, values } = compute(jump, {
      ...USUAL,
      ...unit(4),
      points: "either",
      maximum,
      relative: 0,
    });
    assert.is(status, "budget");
    assert.ok(evaluations <= maximum, String(maximum));
    assert.is(Number.isNaN(values[0]!), maximum < 32);
  }
});

test("sequences that a small budget has begun short go on with all of their points", () => {
  const f: Integrand = ([x, y]) => [x! < 0.5 && y! < 0.5 ? 10 + 10 * x! * y! * y! + Math.sin(30 * x!) : 1];
  const exact = 2.5 + 10 / 8 / 24 + (1 - Math.cos(15)) / 60 + 0.75;
  // Of four boxes one is worth more points: from 2^8 to 2^10, from 2^9 to 2^11.
  for (const maximum of [32_000, 60_000]) {
    let count = 0;
    const spec = { ...USUAL, ...unit(2), breaks: [[0.5], [0.5]], points: "either" as const, maximum, relative: 1e-9 };
    const { values, errors, evaluations, rounds } = compute(f, spec, { seen: () => count++ });
    assert.ok(rounds > 1 && evaluations <= maximum, `${rounds} rounds, ${evaluations} evaluations`);
    assert.is(count, evaluations);
    assert.ok(Math.abs(values[0]! - exact) <= errors[0]!, `${values[0]} of ${exact}`);
  }
});

test("values whose squares are no doubles have the errors of others", () => {
  const planes = { ...unit(2), breaks: [[0.4], []] };
  for (const points of ["sobol", "lattice", "either"] as const) {
    const spec = { ...USUAL, ...planes, points, relative: 1e-7, maximum: 3e5 };
    const usual = compute(corner, spec);
    for (const scale of [2 ** 600, 2 ** -600, 2 ** -900]) {
      const scaled = compute((x) => corner(x).map((each) => scale * each), spec);
      const { values, errors, l1, status, evaluations, rounds } = scaled;
      assert.equal([values[0]! / scale, errors[0]! / scale, l1 / scale], [usual.values[0], usual.errors[0], usual.l1]);
      assert.equal([status, evaluations, rounds], [usual.status, usual.evaluations, usual.rounds]);
    }
  }
});

test("constants are exact, and their error is rounding", () => {
  for (const points of ["sobol", "lattice"] as const) {
    const { values, errors, status } = compute(() => [0.1], { ...USUAL, ...unit(6), points, relative: 1e-13 });
    assert.is(status, "converged");
    assert.ok(Math.abs(values[0]! - 0.1) <= errors[0]! && errors[0]! < 1e-15);
  }
});

/** Over the unit cube, with their integrals. */
const KNOWN: readonly [string, number, Integrand, number][] = [
  ["a product", 6, (x) => [x.reduce((product, each) => product * (1 + each ** 2), 1)], (4 / 3) ** 6],
  ["a corner", 4, (x) => [x.reduce((product, each) => product * Math.abs(4 * each - 2), 1)], 1],
  ["a jump", 5, (x) => [x.reduce((sum, each) => sum + each, 0) < 1.5 ? 1 : 0], 119 / 1920],
  [
    "a peak",
    3,
    (x) => [x.reduce((product, each) => product / (0.01 + (each - 0.4) ** 2), 1)],
    (10 * (Math.atan(6) + Math.atan(4))) ** 3,
  ],
];
const SEEDS = process.env.STRESS ? 1000 : 4;

test("errors are honest: 99 of 100 claims hold", () => {
  let claims = 0;
  let honest = 0;
  let results = 0;
  for (const [name, dimensions, f, exact] of KNOWN) {
    for (const points of ["sobol", "lattice", "either"] as const) {
      let own = 0;
      for (let seed = 0; seed < SEEDS; seed++) {
        const spec = { ...USUAL, ...unit(dimensions), points, seed, relative: 2e-2, maximum: 7e4 };
        const { status, values, errors } = compute(f, spec);
        if (status !== "converged") continue;
        claims++;
        if (Math.abs(values[0]! - exact) <= errors[0]!) own++;
      }
      honest += own;
      results += SEEDS;
      console.log(`${name}, ${points}: ${own} honest`);
    }
  }
  console.log(`${claims} claims of ${results}, ${honest} honest`);
  assert.ok(claims > 0.7 * results, `${claims} claims of ${results}`);
  assert.ok(honest >= 0.99 * claims, `${honest} of ${claims}`);
});

test.run();
