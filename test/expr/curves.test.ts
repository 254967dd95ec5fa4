/** What is 0 along curves, as polynomials of the last variable: zeros, values at bounds, discriminants. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Canonical } from "../../ts/expr/canonical.js";
import { curveOf, curves, variablesIn } from "../../ts/expr/curves.js";
import { evaluate } from "../../ts/expr/evaluate.js";
import { parse } from "../../ts/expr/parser.js";
import { functions } from "./kernel.js";

const VARIABLES = ["x", "y", "z"];
const nodesOf = (text: string) => parse(text, { variable: undefined, variables: VARIABLES, parameters: ["a"] }).nodes;

function value({ nodes }: { nodes: Canonical["nodes"] }, ...variables: number[]): number {
  const expression = { source: "", variable: undefined, variables: VARIABLES, parameters: ["a"], nodes };
  return evaluate(expression, { variables, parameters: { a: 3 } }, functions);
}

test("what stands in abs and sign, is compared, or chosen from", () => {
  const found = (text: string): number[] => curves(nodesOf(text)).map((tree) => value(tree, 5, 7, 11));
  assert.equal(found("abs(x - y) + sign(x*y)"), [-2, 35]);
  assert.equal(found("x < y ? z : y >= z"), [-2, -4]);
  assert.equal(found("max(x, y, z)"), [-2, -6, -4]);
  assert.equal(found("abs(x - y) + abs(x - y)^2"), [-2]);
  // Of one variable, or of none: that is the business of corners.
  assert.equal(found("abs(x - 1) + sign(a) + sqrt(x + y) + max(x, 1)"), []);
  assert.equal(found("max(x, y, z, x*y, y*z)"), []);
});

test("zeros, in the variables before", () => {
  const zeros = (text: string, variable: number, ...at: number[]): number[] | undefined =>
    curveOf(nodesOf(text), variable)
      ?.zeros()
      .map((zero) => value(zero, ...at));
  assert.equal(zeros("x - y", 1, 5), [5]);
  assert.equal(zeros("2*y - x*a", 1, 5), [7.5]);
  assert.equal(zeros("(x + y)/4 - 1", 1, 5), [-1]);
  assert.equal(zeros("y^2 - x", 1, 9), [-3, 3]);
  assert.equal(zeros("x^2 + y^2 + z^2 - 169", 2, 3, 4), [-12, 12]);
  assert.equal(zeros("(z - x)*(z - y)", 2, 3, 4), [3, 4]);
  assert.equal(zeros("-(y - sin(x)*x)", 1, 2), [2 * functions.sin(2)]);
  // No real ones: some number.
  assert.equal(zeros("y^2 + x", 1, 9), [-0, 0]);
  for (const text of ["y^3 - x", "sin(y) - x", "x/y - 1", "y^0.5 - x", "x - 1", "y < x ? y : x"]) {
    assert.is(zeros(text, 1, 5), undefined, text);
  }
});

test("at a number; where two zeros are one", () => {
  const curve = curveOf(nodesOf("a*y^2 - 2*x*y + 1"), 1)!;
  assert.is(value(curve.at(-2), 5), 3 * 4 + 20 + 1);
  assert.is(value(curve.at(0), 5), 1);
  assert.is(value(curve.discriminant()!, 5), 100 - 12);
  assert.equal([...variablesIn(curve.discriminant()!.nodes)], [0]);
  assert.is(curveOf(nodesOf("y - x"), 1)!.discriminant(), undefined);
});

test("where two are 0 at once", () => {
  const crossing = (one: string, other: string, ...at: number[]): number | undefined => {
    const tree = curveOf(nodesOf(one), 1)!.crossing(curveOf(nodesOf(other), 1)!);
    return tree === undefined ? undefined : value(tree, ...at);
  };
  // At y = x and y = 1 - x: x = 1/2.
  assert.is(crossing("y - x", "y + x - 1", 0.5), 0);
  assert.is(Math.abs(crossing("y - x", "y + x - 1", 2)!), 3);
  // The circle of radius 5 and the line y = x + 1: x = 3.
  for (const [one, other] of [
    ["y - x - 1", "x^2 + y^2 - 25"],
    ["x^2 + y^2 - 25", "y - x - 1"],
  ] as const) {
    assert.is(crossing(one, other, 3), 0);
    assert.is(crossing(one, other, 0), -24);
  }
  assert.is(crossing("x^2 + y^2 - 25", "y^2 - x"), undefined);
});

test.run();
