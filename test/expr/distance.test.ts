/** An expression in the distance from a point is the same function; and near the point, where x has lost the distance, it is still exact. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inDistance } from "../../ts/expr/distance.js";
import { evaluate } from "../../ts/expr/evaluate.js";
import { parse } from "../../ts/expr/parser.js";
import { functions } from "./kernel.js";
import { printFewest, trees } from "./tree.js";

const RUNS = 400;

/** f at e + side d, by the form in the distance. @param exact what of the constant part of a sum counts as 0 */
function distant(
  text: string,
  e: number,
  side: number,
  d: number,
  parameters: Record<string, number> = {},
  exact = 0,
): number {
  const names = Object.keys(parameters);
  const { nodes } = parse(text, { variable: "x", parameters: names });
  const { tree } = inDistance(nodes, names.length);
  const expression = {
    source: text,
    variable: "x",
    parameters: [...names, "point", "side", "exact"],
    nodes: tree.nodes,
  };
  return evaluate(expression, { variable: d, parameters: { ...parameters, point: e, side, exact } }, functions);
}

function assertClose(value: number, expected: number, what: string, within = 1e-14): void {
  assert.ok(Math.abs(value - expected) <= within * Math.abs(expected), `${what}: ${value}, expected ${expected}`);
}

test("at a root that was rounded: what is left of the sum there counts as 0, if that is wanted", () => {
  const d = 2 ** -60;
  const root = Math.SQRT1_2;
  const slope = 2 * root;
  assertClose(distant("x^2-0.5", root, 1, d, {}, 2 ** -50), slope * d, "wanted");
  assert.ok(
    Math.abs(distant("x^2-0.5", root, 1, d) - slope * d) > d,
    "not wanted: it is the difference of the doubles",
  );
  // What is not near a root stays.
  assert.is(distant("x^2-0.25", root, 1, 0.125, {}, 2 ** -50), distant("x^2-0.25", root, 1, 0.125));
});

/** A rational number. */
type Rational = readonly [numerator: bigint, denominator: bigint];

/** The value of coefficients, lowest first, at e + side 2^-k, divided by 2^-k; exactly, then rounded. */
function exactly(coefficients: readonly number[], e: number, side: number, k: number): number {
  const x: Rational = [BigInt(e) * 2n ** BigInt(k) + BigInt(side), 2n ** BigInt(k)];
  let sum: Rational = [0n, 1n];
  for (const coefficient of [...coefficients].reverse()) {
    sum = [sum[0] * x[0] + BigInt(coefficient) * sum[1] * x[1], sum[1] * x[1]];
  }
  const scaled = (sum[0] * 2n ** BigInt(k) * 2n ** 80n) / sum[1];
  return Number(scaled) / 2 ** 80;
}

test("polynomials with a zero at the point: the value to 14 digits, however near", () => {
  const whole = fc.integer({ min: -9, max: 9 });
  const property = fc.property(
    fc.array(whole, { minLength: 1, maxLength: 4 }),
    whole,
    fc.constantFrom(1, -1),
    fc.integer({ min: 8, max: 900 }),
    (factor, e, side, k) => {
      // factor (x - e), multiplied out: the text has no factor to see.
      const coefficients = [...factor, 0].map((each, power) => (factor[power - 1] ?? 0) - e * each);
      const text = coefficients.map((each, power) => `(${each})*x^${power}`).join("+");
      const expected = exactly(coefficients, e, side, k);
      const value = distant(text, e, side, 2 ** -k) / 2 ** -k;
      assert.ok(Math.abs(value - expected) <= 1e-13 * (1 + Math.abs(expected)), `${text}: ${value}, not ${expected}`);
    },
  );
  fc.assert(property, { numRuns: RUNS, endOnFailure: true });
});

const TINY = 2 ** -200;
const AT_PI = 1.2246467991473532e-16;
const NEAR: readonly [text: string, e: number, side: number, d: number, expected: number][] = [
  ["1-x", 1, -1, TINY, TINY],
  ["(1-x)^-0.9", 1, -1, TINY, 2 ** 180],
  ["1/sqrt(1-x^2)", 1, -1, TINY, 2 ** 99.5],
  ["1/sqrt(1-x^2)", -1, 1, TINY, 2 ** 99.5],
  ["(x-a)*(b-x)", 5, -1, TINY, 4 * TINY],
  ["abs(x-a/3)", 1 / 3, 1, TINY, TINY],
  ["log(x)", 1, 1, TINY, TINY],
  ["log(x)", 1, -1, TINY, -TINY],
  ["log(x)", 5, 1, TINY, Math.log(5)],
  ["log(1+x)", 0, 1, TINY, TINY],
  ["log(x)", 0, 1, TINY, -200 * Math.LN2],
  ["exp(x)-1", 0, 1, TINY, TINY],
  ["1-exp(-x)", 0, 1, TINY, TINY],
  ["exp(2*x-2)-x^2", 1, 1, 2 ** -300, 0],
  ["sin(x)", Math.PI, -1, 1e-10, 1e-10 + AT_PI],
  ["cos(x)", Math.PI / 2, -1, 1e-10, 1e-10 + AT_PI / 2],
  ["tan(x)", Math.PI / 2, -1, 1e-10, 1 / (1e-10 + AT_PI / 2)],
  ["x<3", 3, -1, TINY, 1],
  ["x<3", 3, 1, TINY, 0],
  ["x/3 >= 1", 3, 1, TINY, 1],
  ["x^2 == 9", 3, 1, TINY, 0],
  ["x < 3 ? 1-x/3 : 7", 3, -1, TINY, TINY / 3],
];

for (const [text, e, side, d, expected] of NEAR) {
  test(`${text} at ${e} ${side > 0 ? "+" : "-"} ${d}`, () => {
    assertClose(distant(text, e, side, d, { a: 1, b: 5 }), expected, text);
  });
}

test("random expressions: the same function as that of x", () => {
  const e = fc.constantFrom(0, 1, -2, 0.5, 3);
  const d = fc.constantFrom(1, 0.5, 0.25, 2);
  const property = fc.property(trees, e, fc.constantFrom(1, -1), d, (tree, point, side, distance) => {
    const text = printFewest(tree);
    const at = (variable: number): number =>
      evaluate(
        parse(text, { variable: "x", parameters: ["a", "b"] }),
        { variable, parameters: { a: 2, b: -1.5 } },
        functions,
      );
    const x = point + side * distance;
    const expected = at(x);
    // Where a rounding of x matters, the two may differ by much: at jumps, at zeros, in waves.
    const isTame = [x - 1e-9, x + 1e-9].every((near) => Math.abs(at(near) - expected) <= 1e-6 * Math.abs(expected));
    if (!isTame || Math.abs(expected) > 1e200 || Math.abs(expected) < 1e-200) return;
    assertClose(distant(text, point, side, distance, { a: 2, b: -1.5 }), expected, text, 1e-6);
  });
  fc.assert(property, { numRuns: RUNS, endOnFailure: true });
});

test("what is better at 0 too says so", () => {
  const isBetter = (text: string): boolean =>
    inDistance(parse(text, { variable: "x", parameters: [] }).nodes, 0).isBetterAtZero;
  assert.equal(["exp(x)-1", "log(1+x)", "1-exp(-x)", "x^-0.5", "sin(x)/x"].map(isBetter), [
    true,
    true,
    true,
    false,
    false,
  ]);
});

test.run();
