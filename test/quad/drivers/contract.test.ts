/** The library against the oracle of the contract: bit for bit, every rule, sizes around each boundary, ranges of every kind. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { integrateSync, type Rule } from "../../../ts/index.js";
import { gaussLegendre } from "../../../ts/integrate/gauss.js";
import { makeGrid } from "../../../ts/integrate/plan.js";
import { contract, gaussRule, ORACLE_RULES, type OracleRule, type OracleRuleName, stepOf } from "./contract.js";

const STRESS = process.env.STRESS === "1";
const RUNS = STRESS ? 5000 : 400;

/** A text for the library, and the same arithmetic for the oracle. */
const INTEGRANDS: readonly (readonly [text: string, f: (x: number) => number])[] = [
  ["x", (x) => x],
  ["x*x", (x) => x * x],
  ["1/(1+x*x)", (x) => 1 / (1 + x * x)],
  ["sqrt(x*x+1)-x", (x) => Math.sqrt(x * x + 1) - x],
  ["1/x", (x) => 1 / x],
  ["sqrt(x)", (x) => Math.sqrt(x)],
  ["(x-0.3)*(x+7)/(x*x+0.01)", (x) => ((x - 0.3) * (x + 7)) / (x * x + 0.01)],
];

const NAMES = Object.keys(ORACLE_RULES) as OracleRuleName[];

function oracleRule(rule: Rule): OracleRule {
  if (typeof rule === "string") return ORACLE_RULES[rule];
  return gaussRule(gaussLegendre(rule.gauss).map(({ t, weight }) => [t, weight]));
}

/** Compares all that the contract promises. */
function compare(integrand: (typeof INTEGRANDS)[number], rule: Rule, a: number, b: number, points: number): void {
  const [text, f] = integrand;
  const expected = contract(f, oracleRule(rule), a, b, points);
  const { value, error, evaluations, nonFinite, status } = integrateSync(text, a, b, { points, rule });
  const got = { value, error, evaluations, nonFinite };
  const what = `${text}, ${JSON.stringify(rule)}, ${a} to ${b}, N = ${points}`;
  for (const key of ["value", "error", "evaluations"] as const) {
    if (!Object.is(got[key], expected[key])) {
      assert.unreachable(`${what}: expected ${key} ${expected[key]}, got ${got[key]}`);
    }
  }
  assert.equal(nonFinite, expected.nonFinite, what);
  assert.is(status, Number.isNaN(expected.value) ? "not-finite" : "done", what);
}

const SIZES = [1, 2, 3, 15, 16, 17, 31, 32, 33, 63, 64, 65, 4095, 4096, 4097, 16383, 16384, 16385, 100_007];

for (const rule of NAMES) {
  test(`contract: ${rule} gives the oracle's bits at every boundary of N`, () => {
    SIZES.forEach((points, k) => {
      for (const [a, b] of [
        [0, 10],
        [-3.7, 1.1],
      ] as const) {
        compare(INTEGRANDS[k % INTEGRANDS.length]!, rule, a, b, points);
        compare(INTEGRANDS[2]!, rule, a, b, points);
      }
    });
  });
}

test("contract: Gauss rules give the oracle's bits", () => {
  for (const gauss of [1, 2, 3, 4, 5, 7, 10, 16, 21, 32, 63, 64]) {
    for (const points of [1, 2, 15, 16, 17, 4097]) compare(INTEGRANDS[2]!, { gauss }, -1, 2.5, points);
  }
  compare(INTEGRANDS[3]!, { gauss: 3 }, 0, 1, 16385);
});

test("contract: many chunks, an odd number of them", () => {
  compare(INTEGRANDS[2]!, "midpoint", 0, 1, 5 * 16384 + 3);
  compare(INTEGRANDS[1]!, "simpson", 0, 1, 7 * 16384);
});

const RANGES: readonly (readonly [number, number])[] = [
  [1, 1 + 2 ** -52],
  [1, 1 + 3 * 2 ** -52],
  [1, 1 + 40 * 2 ** -52],
  [1, 1 + 2 ** -40],
  [-1 - 2 ** -50, -1],
  [1e15, 1e15 + 3],
  [2 ** 53, 2 ** 53 + 64],
  [0, 5e-324],
  [0, 1e-320],
  [-1e-310, 3e-310],
  [0, 1e-300],
  [1e-155, 3e-155],
  [0, 1e300],
  [-8e307, 8e307],
  [-1.7e308, 0],
  [0, Number.MAX_VALUE],
  [-Number.MAX_VALUE / 2, Number.MAX_VALUE / 2],
  [-1e-9, 1e9],
  [10, 0],
  [0.1, -0.3],
  [-0, 1],
  [3, 3],
];

for (const [a, b] of RANGES) {
  test(`contract: the range ${a} to ${b}`, () => {
    for (const rule of [...NAMES, { gauss: 2 }, { gauss: 5 }, { gauss: 64 }] as const) {
      for (const points of [1, 2, 3, 17, 40, 200]) {
        for (const integrand of INTEGRANDS) compare(integrand, rule, a, b, points);
      }
    }
  });
}

test("contract: a > b flips the sign and nothing else", () => {
  for (const rule of NAMES) {
    const there = integrateSync("1/(1+x*x)", 0, 3, { points: 777, rule });
    const back = integrateSync("1/(1+x*x)", 3, 0, { points: 777, rule });
    assert.is(back.value, -there.value);
    assert.is(back.error, there.error);
    assert.is(back.evaluations, there.evaluations);
  }
});

const anyRule = fc.oneof(
  fc.constantFrom(...NAMES),
  fc.integer({ min: 1, max: 12 }).map((gauss) => ({ gauss })),
);
const bound = fc.oneof(
  fc.double({ min: -10, max: 10, noNaN: true }),
  fc.double({ min: -8e307, max: 8e307, noNaN: true }),
  fc.integer({ min: -100, max: 100 }),
);
/** Both bounds free, or the second some ulps from the first. */
const range = fc.oneof(
  fc.tuple(bound, bound),
  fc
    .tuple(fc.double({ min: 0.5, max: 1e6, noNaN: true }), fc.integer({ min: -5000, max: 5000 }))
    .map(([a, ulps]): [number, number] => [a, a + ulps * 2 ** (Math.floor(Math.log2(a)) - 52)]),
);
const size = fc.oneof(
  fc.integer({ min: 1, max: 100 }),
  fc.integer({ min: 1, max: 9000 }),
  fc.constantFrom(...SIZES.slice(0, 18)),
);

test("contract: any rule, range and N", () => {
  fc.assert(
    fc.property(fc.constantFrom(...INTEGRANDS), anyRule, range, size, (integrand, rule, [a, b], points) =>
      compare(integrand, rule, a, b, points),
    ),
    { numRuns: RUNS },
  );
});

test("contract: the step is the nearest pair of doubles to (b - a) / N", () => {
  const check = (lo: number, hi: number, points: number): void => {
    const grid = makeGrid(lo, hi, points);
    const [step, rest] = stepOf(lo, hi, points);
    assert.equal([grid.step, grid.stepLow], [step, rest], `${lo} to ${hi}, N = ${points}`);
  };
  for (const [a, b] of RANGES) {
    if (a === b) continue;
    for (const points of [1, 3, 10, 2 ** 52, 2 ** 52 - 1]) check(Math.min(a, b), Math.max(a, b), points);
  }
  const finite = fc.double({ min: -8e307, max: 8e307, noNaN: true });
  const points = fc.oneof(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 2 ** 52 }));
  fc.assert(
    fc.property(finite, finite, points, (a, b, n) => {
      fc.pre(a !== b);
      check(Math.min(a, b), Math.max(a, b), n);
    }),
    { numRuns: 5 * RUNS },
  );
});

test.run();
