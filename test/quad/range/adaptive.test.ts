/** The core computes integrals to a tolerance as the oracle does, to the bit, whatever the integrand: here it is JavaScript, on both sides. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { integrateSync } from "../../../ts/index.js";
import { Integral, type IntegralSpec, type IntegralState } from "../../../ts/quad/integral.js";
import { Heap } from "../../../ts/runtime/core/heap.js";
import { epsilon, GAUSS_WEIGHTS, integrateSlowly, MIDDLE_WEIGHT, NODES, NULL_WEIGHTS, WEIGHTS } from "./adaptive.js";

const heap = new Heap();

const USUAL: Omit<IntegralSpec, "lo" | "hi"> = {
  relative: 1e-10,
  absolute: 0,
  scale: 1,
  center: 0,
  maximum: 50_000,
  first: 64,
  parameters: [],
  breaks: [],
  rule: "gauss-kronrod" as const,
  poles: [],
};

/** What drivers do with a plain panel: f at its nodes; K, G, the least value, the largest. */
function evaluatePanel(f: (x: number) => number, lo: number, hi: number, y: number, to: number): void {
  const { floats } = heap.member;
  const center = 0.5 * lo + 0.5 * hi;
  const half = 0.5 * hi - 0.5 * lo;
  const middle = f(center);
  const [left, right] = [-half, half].map((reach) => NODES.map((t) => f(center + reach * t))) as [number[], number[]];
  floats.set([...left.flatMap((value, k) => [value, right[k]!]), middle, middle], y);
  const k = (side: number[], first: number) => side.reduce((sum, value, index) => sum + WEIGHTS[index]! * value, first);
  const g = (side: number[]) => GAUSS_WEIGHTS.reduce((sum, weight, index) => sum + weight * side[2 * index + 1]!, 0);
  const all = [...left, ...right, middle];
  floats.set([k(left, MIDDLE_WEIGHT * middle) + k(right, 0), g(left) + g(right)], to);
  floats.set([Math.min(...all), Math.max(...all)], to + 2);
}

/** One integral by the core, the integrand evaluated here. */
function compute(f: (x: number) => number, spec: IntegralSpec, until?: () => boolean): IntegralState {
  const { floats, words } = heap.member;
  const runs = (list: number): void => {
    const run = Array.from(words.subarray(list >>> 2, (list >>> 2) + 11), (word) => word >>> 0);
    const [, x, y, points, , , slots, panels, stride, , sums] = run as [number, number, number, number, ...number[]];
    if (slots === 0) for (let i = 0; i < points; i++) floats[(y >>> 3) + i] = f(floats[(x >>> 3) + i]!);
    for (let index = 0; slots !== 0 && 22 * index < points; index++) {
      const ends = (panels! + words[(slots! >>> 2) + index]! * stride!) >>> 3;
      evaluatePanel(f, floats[ends]!, floats[ends + 1]!, (y >>> 3) + 22 * index, (sums! >>> 3) + 4 * index);
    }
  };
  const integral = new Integral(heap, spec, { runs, distance: undefined });
  while (integral.compute(until) !== "done") {}
  const state = integral.state();
  integral.close();
  return state;
}

const { POSITIVE_INFINITY: INFINITY, NEGATIVE_INFINITY } = Number;
const CASES: readonly [string, (x: number) => number, number, number, Partial<IntegralSpec>?][] = [
  ["exp", Math.exp, 0, 1],
  ["exp, one panel", Math.exp, -3, 1, { first: 1 }],
  ["a corner", (x) => Math.abs(x - 1 / 3), 0, 1],
  ["a jump", (x) => (x < 0.3 ? 0 : 1), 0, 1, { first: 1 }],
  ["a jump that hides between two panels", (x) => (x < 0.50001 ? 0 : 1), 0, 1, { first: 1 }],
  ["many jumps", (x) => Math.floor(x * x), 0, 4],
  ["an even panel with an odd function in it", (x) => Math.sign(x) * x * x, -1, 1.001],
  ["what rounding leaves of a difference", (x) => x - Math.sin(x), 0, 0.01],
  ["a tail like 1/(x log² x)", (x) => 1 / (x * Math.log(x) ** 2), 2, INFINITY],
  ["a slow end", (x) => 1 / (x * Math.log(x) ** 4), 0, 0.5],
  ["zeros but near 0", (x) => Math.exp(-1e12 * x), 0, INFINITY, { maximum: 1e6 }],
  ["zeros but near the upper end", (x) => Math.exp(-1e12 * (1 - x)), 0, 1, { maximum: 1e6 }],
  ["zeros but near 0, one panel", (x) => Math.exp(-1e6 * x), 0, INFINITY, { first: 1 }],
  ["a root", Math.sqrt, 0, 1, { first: 1 }],
  ["a pole of order 0.99", (x) => x ** -0.99, 0, 1],
  ["two ends", (x) => 1 / Math.sqrt(1 - x * x), -1, 1],
  ["an end that is not 0", (x) => (1 - x) ** -0.8, 0, 1],
  ["a logarithm at a break point", (x) => Math.log(Math.abs(x - 0.25)), 0, 1, { breaks: [0.25] }],
  ["a divergent end", (x) => 1 / x, 0, 1],
  ["a pole within", (x) => 1 / (x - 0.3), 0, 1],
  ["a slow one", (x) => 1 / (x * Math.log(x) ** 2), 0, 0.5],
  ["many waves", (x) => Math.cos(1000 * x), 0, 10],
  ["a half line", (x) => Math.exp(-x) / Math.sqrt(x), 0, INFINITY],
  ["the other half", (x) => Math.exp(x - 1), NEGATIVE_INFINITY, 1],
  ["the line", (x) => Math.exp(-((x - 800) ** 2) / 2), NEGATIVE_INFINITY, INFINITY],
  ["the line, one panel a piece", (x) => 1 / (1 + x * x), NEGATIVE_INFINITY, INFINITY, { first: 1 }],
  [
    "the line, cut, stretched",
    (x) => Math.exp(-Math.abs(x - 3) / 50),
    NEGATIVE_INFINITY,
    INFINITY,
    { breaks: [3], scale: 50 },
  ],
  ["the line, placed", (x) => Math.exp(-((x - 1e6) ** 2)), NEGATIVE_INFINITY, INFINITY, { center: 1e6 }],
  ["a slow tail", (x) => x ** -1.01, 1, INFINITY],
  ["a divergent tail", () => 1, 0, INFINITY],
  ["not finite at one place", (x) => (x === 0.5 ? Number.NaN : 1), 0, 1, { first: 1 }],
  ["not finite on a part", (x) => Math.sqrt(x), -1, 1],
  ["not finite where it has overflowed", (x) => (x * x * Math.exp(x)) / (Math.exp(x) - 1) ** 2, 0, INFINITY],
  ["a logarithm beside a pole of order 0.98", (x) => x ** -0.98 * Math.log(x), 0, 1],
  ["nothing", () => 0, 0, 1, { maximum: 1e6 }],
  [
    "nothing but a peak far out",
    (x) => Math.exp(-(((x - 916.9) / 0.12) ** 2)),
    NEGATIVE_INFINITY,
    INFINITY,
    { maximum: 1e6 },
  ],
  ["an odd one", (x) => x, -1, 1],
  ["values whose differences are no doubles", (x) => (x < 0.997 ? 8e307 : -1.7e308), 0, 1, { first: 2 }],
  ["noise", (x) => Math.sin(1e15 * x), 0, 1],
  ["an absolute tolerance", (x) => Math.abs(Math.sin(40 * x)), 0, 3, { relative: 0, absolute: 1e-6 }],
  ["a small budget", (x) => Math.abs(Math.sin(40 * x)), 0, 3, { maximum: 1400 }],
  ["more panels than there was room for", (x) => Math.abs(Math.sin(1e5 * x)), 0, 3, { maximum: 300_000, first: 1024 }],
  ["careful", (x) => Math.abs(x - 0.1), 0, 1, { first: 1024 }],
];

for (const [name, f, lo, hi, rest] of CASES) {
  test(`${name}: the bits of the oracle`, () => {
    const spec = { ...USUAL, lo, hi, ...rest };
    const { nonFinite, ...state } = compute(f, spec);
    assert.equal(state, integrateSlowly(f, spec));
    assert.is(nonFinite === null, !name.startsWith("not finite"));
  });
}

for (const [text, f] of [
  ["1/(1+25*x^2)", (x: number) => 1 / (1 + 25 * (x * x))],
  ["sqrt(x)", Math.sqrt],
  ["1/sqrt(1.5-x)", (x: number) => 1 / Math.sqrt(1.5 - x)],
  ["x-0.25", (x: number) => x - 0.25],
  ["-1/(x-2)", (x: number) => -1 / (x - 2)],
] as const) {
  test(`${text}, added up by the driver: the bits of the oracle`, () => {
    for (const [effort, first] of Object.entries({ fast: 1, normal: 64 })) {
      const { value, error, l1, evaluations } = integrateSync(text, 0, 1, { effort: effort as "fast" });
      const slowly = integrateSlowly(f, { ...USUAL, lo: 0, hi: 1, first });
      assert.equal([value, error, l1, evaluations], [slowly.value, slowly.error, slowly.l1, slowly.evaluations]);
    }
  });
}

test("the panel rule is right for polynomials of degree 31, Gauss's part for 19, and the null rule is 0 for 18", () => {
  const moment = (degree: number): number => 2 / (degree + 1);
  for (let degree = 0; degree <= 32; degree += 2) {
    const powers = NODES.map((t) => t ** degree);
    const middle = degree === 0 ? MIDDLE_WEIGHT : 0;
    const kronrod = WEIGHTS.reduce((sum, weight, k) => sum + 2 * weight * powers[k]!, middle);
    const gauss = GAUSS_WEIGHTS.reduce((sum, weight, k) => sum + 2 * weight * powers[2 * k + 1]!, 0);
    assert.is(Math.abs(kronrod - moment(degree)) < 1e-15, degree <= 31, `degree ${degree}: ${kronrod}`);
    assert.is(Math.abs(gauss - moment(degree)) < 1e-15, degree <= 19, `degree ${degree}: ${gauss}`);
  }
  // Even powers cancel by themselves.
  for (let degree = 1; degree <= 19; degree += 2) {
    const nothing = NULL_WEIGHTS.reduce((sum, weight, k) => sum + 2 * weight * NODES[k]! ** degree, 0);
    assert.is(Math.abs(nothing) < 1e-15, degree <= 18, `degree ${degree}: ${nothing}`);
  }
});

test("interrupted after each unit: the same bits", () => {
  const spec = { ...USUAL, lo: 0, hi: 1 };
  const f = (x: number): number => x ** -0.9;
  assert.equal(
    compute(f, spec, () => true),
    compute(f, spec),
  );
});

test("no node is an end of the range", () => {
  for (const [lo, hi] of [
    [0, 1],
    [1, 2],
    [-1e300, 1e300],
    [1, 1 + 2 ** -40],
  ] as const) {
    const f = (x: number): number => {
      assert.ok(x > lo && x < hi, `${x} in ${lo} … ${hi}`);
      return 1 / Math.sqrt(Math.abs((x - lo) * (hi - x)));
    };
    compute(f, { ...USUAL, lo, hi, maximum: 5000 });
  }
});

test("what is not finite is counted, and its place told", () => {
  const { nonFinite } = compute((x) => (x < 0.5 ? x : Number.NaN), { ...USUAL, lo: 0, hi: 1, first: 1 });
  assert.ok(nonFinite !== null && nonFinite.count > 0 && nonFinite.x > 0.5);
});

test("memory comes back", () => {
  const before = heap.use().used;
  for (let i = 0; i < 20; i++) compute(Math.sqrt, { ...USUAL, lo: 0, hi: 1 });
  compute((x) => Math.abs(Math.sin(1e5 * x)), { ...USUAL, lo: 0, hi: 3, maximum: 300_000 });
  compute(Math.exp, { ...USUAL, lo: 0, hi: 1, parameters: new Array(100).fill(1), breaks: [0.1, 0.2] });
  // One block may be kept for the next integral; it was kept before.
  assert.ok(heap.use().used <= before, `${heap.use().used}, ${before} before`);
});

test("the oracle's epsilon finds the limit of geometric sequences, and of two of them", () => {
  const sums = Array.from({ length: 20 }, (_, k) => 3 - 0.99 ** k - 0.5 ** k);
  assert.ok(Math.abs(epsilon(sums).limit - 3) < 1e-9);
});

test.run();
