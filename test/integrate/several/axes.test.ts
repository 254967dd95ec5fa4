/** What rules see of infinite axes and of bounds that are expressions: the mapped integrand, by a product of Gauss rules and at chosen points. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { gaussLegendre } from "../../../ts/integrate/gauss.js";
import { poseSeveral, type SeveralProblem } from "../../../ts/integrate/several/problem.js";
import type { SeveralOptions } from "../../../ts/several-types.js";
import { pointsOfModule } from "../../quad/drivers/points.js";

function pose(texts: readonly string[], box: unknown, options: SeveralOptions = {}): SeveralProblem {
  return poseSeveral(texts, box, options);
}

const [FEW, MANY] = [gaussLegendre(12), gaussLegendre(40)];

/** By 40 nodes an axis, 12 in three dimensions, between break planes. */
function integral(texts: readonly string[], box: unknown, options: SeveralOptions = {}): number[] {
  const { integrand, spec, sign } = pose(texts, box, options);
  const run = pointsOfModule(integrand.module, integrand.components);
  const axes = spec.lo.map((lo, k) => {
    const edges = [lo, ...spec.breaks[k]!, spec.hi[k]!];
    return edges.slice(1).flatMap((to, i) => {
      const half = (to - edges[i]!) / 2;
      return (spec.lo.length > 2 ? FEW : MANY).map(({ t, weight }) => ({
        x: edges[i]! + half * (1 + t),
        weight: half * weight,
      }));
    });
  });
  const sums = texts.map(() => 0);
  const visit = (k: number, point: readonly number[], weight: number, rows: number[][], weights: number[]): void => {
    if (k === axes.length) {
      rows.push([...point]);
      weights.push(weight);
      return;
    }
    for (const node of axes[k]!) visit(k + 1, [...point, node.x], weight * node.weight, rows, weights);
  };
  const rows: number[][] = [];
  const weights: number[] = [];
  visit(0, [], 1, rows, weights);
  for (let first = 0; first < rows.length; first += 1000) {
    for (const [i, values] of run(spec.parameters, rows.slice(first, first + 1000)).entries()) {
      for (const [c, value] of values.entries()) sums[c]! += value * weights[first + i]!;
    }
  }
  return sums.map((sum) => sign * sum);
}

function close(got: number, expected: number, relative = 1e-12): void {
  assert.ok(Math.abs(got - expected) <= relative * Math.abs(expected), `${got}, expected ${expected}`);
}

const { POSITIVE_INFINITY: INFINITE, NEGATIVE_INFINITY: NEGATIVE } = Number;
const ROOT_PI = Math.sqrt(Math.PI);

test("finite axes are passed as they are; flipped ones change the sign, equal bounds make it 0", () => {
  const { spec, sign } = pose(["x*y"], { x: [0, 2], y: [5, 1] }, { breakPoints: { y: [3, 2, 9, 3, 1] } });
  assert.equal({ lo: spec.lo, hi: spec.hi, breaks: spec.breaks }, { lo: [0, 1], hi: [2, 5], breaks: [[], [2, 3]] });
  assert.is(sign, -1);
  assert.is(pose(["x*y"], { x: [0, 1], y: [1, 1] }).sign, 0);
  assert.is(pose(["x*y"], { x: [0, 1], y: [Infinity, Infinity] }).sign, 0);
  close(integral(["x*y"], { x: [0, 2], y: [5, 1] })[0]!, -24);
});

test("infinite axes", () => {
  close(integral(["exp(-x^2)"], { x: [-Infinity, Infinity] })[0]!, ROOT_PI, 1e-6);
  close(integral(["1/(1 + x^2)"], { x: [-Infinity, Infinity] })[0]!, Math.PI);
  close(integral(["exp(-x^2)"], { x: [Infinity, -Infinity] })[0]!, -ROOT_PI, 1e-6);
  close(
    integral(["exp(-(x-1e6)^2/1e4)"], { x: [-Infinity, Infinity] }, { center: { x: 1e6 }, scale: { x: 100 } })[0]!,
    100 * ROOT_PI,
    1e-6,
  );
  close(integral(["exp(-x)"], { x: [2, Infinity] })[0]!, Math.exp(-2), 1e-6);
  close(integral(["exp(-x)"], { x: [Infinity, 2] })[0]!, -Math.exp(-2), 1e-6);
  close(integral(["exp(x)"], { x: [-Infinity, 2] })[0]!, Math.exp(2), 1e-6);
  close(integral(["1/x^2"], { x: [1, Infinity] })[0]!, 1);
  close(integral(["1/x^2"], { x: [-Infinity, -4] }, { scale: { x: 4 } })[0]!, 1 / 4);
  close(integral(["exp(-x^2-y^2)"], { x: [-Infinity, Infinity], y: [0, Infinity] })[0]!, Math.PI / 2, 1e-5);
});

test("break points of infinite axes stay where they are", () => {
  for (const [range, expected] of [
    [[-Infinity, Infinity], 2 * Math.exp(-1) - 2 * Math.exp(-2)],
    [[0, Infinity], Math.exp(-1) - Math.exp(-2)],
    [[-Infinity, 0], Math.exp(-1) - Math.exp(-2)],
  ] as const) {
    const text = "abs(x) > 1 && abs(x) < 2 ? exp(-abs(x)) : 0";
    close(
      integral([text], { x: range }, { breakPoints: { x: [-2, -1, 0, 1, 2] }, scale: { x: 3 } })[0]!,
      expected,
      1e-11,
    );
  }
});

test("bounds that are expressions of the variables before, and of parameters", () => {
  close(integral(["1"], { x: [0, 1], y: [0, "x"] })[0]!, 1 / 2);
  close(
    integral(["x*y*z"], { x: [0, 1], y: ["x^2", "x"], z: ["x - y", "x + a*y"] }, { parameters: { a: 1 } })[0]!,
    1 / 27,
  );
  close(integral(["1"], { x: [0, "pi/2"], y: ["2*a", 4] }, { parameters: { a: 1 } })[0]!, Math.PI);
  close(integral(["x^2 + y^2"], { y: [0, 1], x: ["y", 0] })[0]!, -1 / 3);
  // Half of the plane, under a line.
  close(integral(["exp(-x^2-y^2)"], { x: [-Infinity, Infinity], y: [-Infinity, "x"] })[0]!, Math.PI / 2, 1e-6);
  close(integral(["exp(-x^2-y^2)"], { x: [-Infinity, Infinity], y: ["x", "-inf"] })[0]!, -Math.PI / 2, 1e-6);
  close(integral(["exp(-x-y)"], { x: [0, Infinity], y: ["x", Infinity] })[0]!, 1 / 2, 1e-6);
});

test("the disc, its area and moment", () => {
  const disc = { x: [-1, 1], y: ["-sqrt(1 - x^2)", "sqrt(1 - x^2)"] };
  const [area, moment] = integral(["1", "x^2 + y^2"], disc) as [number, number];
  close(area, Math.PI, 1e-4);
  close(moment, Math.PI / 2, 1e-4);
});

test("break points that are expressions: a corner along a curve", () => {
  const options = { breakPoints: { y: ["x"] } };
  close(integral(["abs(x - y)"], { x: [0, 1], y: [0, 1] }, options)[0]!, 1 / 3, 1e-13);
  close(integral(["abs(x - y)"], { x: [0, 1], y: [1, 0] }, options)[0]!, -1 / 3, 1e-13);
  // Two that cross, one of which leaves the range; and on infinite axes.
  close(
    integral(
      ["abs(y - x) + abs(y - 1 + x)"],
      { x: [0, 1], y: [0, 1] },
      { breakPoints: { x: [0.5], y: ["x", "1 - x", "x + 2"] } },
    )[0]!,
    2 / 3,
    1e-13,
  );
  close(
    integral(["exp(-abs(y - x) - x^2)"], { x: [-Infinity, Infinity], y: [-Infinity, Infinity] }, options)[0]!,
    2 * ROOT_PI,
    1e-5,
  );
});

test("planes where the text says that there are corners become break planes; those on axes that bend do not", () => {
  const breaks = (text: string, box: unknown, options: SeveralOptions = {}) => pose([text], box, options).spec.breaks;
  const square = { x: [0, 1], y: [1, 0] };
  assert.equal(breaks("abs(x - 0.25)*abs(y - a)", square, { parameters: { a: 0.75 } }), [[0.25], [0.75]]);
  assert.equal(breaks("x < 0.3 && y < 0.6 ? exp(x*y) : 0", square), [[0.3], [0.6]]);
  assert.equal(breaks("sin(abs(x - 2)) + abs(exp(x*y) - y)", square), [[], []]);
  assert.equal(breaks("abs(x - 0.25)", square, { breakPoints: { x: [0.5] } }), [[0.25, 0.5], []]);
  assert.equal(breaks("abs(x - 1)", { x: [0, Infinity], y: [0, 1] }), [[0.25], []]);
  assert.equal(breaks("abs(x - 0.5) + abs(y - 0.5)", { x: [0, 1], y: ["x", 1] }), [[0.5], []]);
  assert.equal(breaks("abs(x - 0.25)", square, { rule: "quasi-monte-carlo" }), [[], []]);
  // Too many boxes: what comes last is left to the rule.
  assert.equal(breaks("floor(20*x) + floor(20*y) + floor(20*z)", { ...square, z: [0, 1] })[2], []);
});

/** By evaluations in three rounds of halves at most, each a polynomial or nearly so between its surfaces. */
const SURFACES: readonly (readonly [f: string, box: unknown, exact: number, pieces: readonly number[]])[] = [
  ["abs(x - y)", { x: [0, 1], y: [0, 1] }, 1 / 3, [1, 2]],
  ["abs(x - y)", { x: [1, 0], y: [0, 1] }, -1 / 3, [1, 2]],
  ["max(x, y, z)", { x: [0, 1], y: [0, 1], z: [0, 1] }, 3 / 4, [1, 2, 3]],
  ["x + y < 1 ? x*y : 0", { x: [0, 1], y: [0, 1] }, 1 / 24, [1, 2]],
  ["x + y < a ? 1 : 0", { x: [0, 1], y: [0, 1] }, 1 - 1 / 8, [2, 2]],
  ["min(x, 2*y)", { x: [0, 1], y: [0, 1] }, 5 / 12, [1, 2]],
  ["abs(x*y - 1/4)", { x: [0, 1], y: [0, 1] }, 3 / 32 + Math.log(4) / 16, [2, 2]],
  ["abs(x + y)", { x: [0, 1], y: [0, 1] }, 1, [1, 1]],
  ["abs(x - y) + abs(y - 1 + x)", { x: [0, 1], y: [0, 1] }, 2 / 3, [2, 3]],
  ["y > x^2 ? 1 : 0", { x: [-1, 1], y: [0, 2] }, 4 - 2 / 3, [2, 2]],
  ["y^2 < x ? 1 : 0", { x: [0, 1], y: [-1, 1] }, 4 / 3, [1, 3]],
  ["x < y && y < z ? x*y*z : 0", { x: [0, 1], y: [0, 1], z: [0, 1] }, 1 / 48, [1, 2, 2]],
  ["exp(-abs(x - y))", { x: [0, 1], y: [NEGATIVE, INFINITE] }, 2, [1, 2]],
];

for (const [f, box, exact, pieces] of SURFACES) {
  test(`surfaces that the text shows: ${f} over ${JSON.stringify(box)}`, () => {
    const { spec } = pose([f], box, { parameters: { a: 1.5 } });
    assert.equal(
      spec.breaks.map(({ length }) => length + 1),
      pieces,
    );
    close(
      integral([f], box, { parameters: { a: 1.5 } })[0]!,
      exact,
      f.includes("y^2") || f.includes("exp") ? 1e-4 : 1e-10,
    );
  });
}

test("surfaces that miss the box, or are none of degree 2, or too many, are left to the rule", () => {
  const breaks = (text: string, box: unknown = { x: [0, 1], y: [0, 1] }): unknown => pose([text], box).spec.breaks;
  assert.equal(breaks("abs(x + y + 1)"), [[], []]);
  assert.equal(breaks("abs(x - y - 3)"), [[], []]);
  assert.equal(breaks("abs(x - y^3)"), [[], []]);
  assert.equal(breaks("abs(x - y)", { x: [0, 1], y: [0, "x"] }), [[], []]);
  const many = Array.from({ length: 70 }, (_, k) => `abs(x - y - ${k / 140})`).join(" + ");
  assert.ok((breaks(many) as number[][])[1]!.length < 64);
});

test("a break point that is NaN, or infinite, moves to a bound", () => {
  close(
    integral(["1"], { x: [-1, 1], y: [0, 1] }, { breakPoints: { y: ["sqrt(x)", "1/(x - abs(x))"] } })[0]!,
    2,
    1e-12,
  );
});

test("the ends of infinite axes have weights that are finite", () => {
  const cases: readonly (readonly [unknown, number[]])[] = [
    [{ x: [-Infinity, Infinity], y: [0, Infinity] }, [1, 1]],
    [{ x: [-Infinity, Infinity], y: [-Infinity, 3] }, [-1, 1]],
    [{ x: [0, Infinity], y: ["x", Infinity] }, [1, 1]],
  ];
  for (const [box, end] of cases) {
    const { integrand, spec } = pose(["exp(-x*x - y*y)"], box);
    assert.is(pointsOfModule(integrand.module, 1)(spec.parameters, [end])[0]![0], 0);
  }
});

test("the place of a rule's point", () => {
  const { integrand, spec } = pose(
    ["x + y + z"],
    { x: [0, 4], y: ["x", Infinity], z: [-Infinity, Infinity] },
    { scale: { y: 2 }, center: { z: 7 } },
  );
  assert.equal(integrand.place([1, 0.5, 0], spec.parameters), [1, 7, 7]);
});

test("numbers are no part of what is compiled", () => {
  const one = pose(["x*y"], { x: [0, Infinity], y: ["x", 4] }, { scale: { x: 3 } });
  const other = pose(["x*y"], { x: [5, Infinity], y: ["x", 8] });
  assert.is(one.integrand, other.integrand);
  assert.is.not(one.integrand, pose(["x*y"], { x: [-Infinity, 5], y: ["x", 8] }).integrand);
  assert.is.not(one.integrand, pose(["x*y"], { x: [5, Infinity], y: ["2*x", 8] }).integrand);
});

test.run();
