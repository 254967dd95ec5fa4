import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { canonical } from "../../ts/expr/canonical.js";
import { evaluate } from "../../ts/expr/evaluate.js";
import type { Node } from "../../ts/expr/expression.js";
import { parse } from "../../ts/expr/parser.js";
import { functions } from "./kernel.js";
import { doubles, printAll, printFewest, SCOPE, trees } from "./tree.js";

const RUNS = process.env.STRESS ? 20_000 : 1000;

const keyOf = (text: string): string => canonical(parse(text, SCOPE).nodes).key;

const SAME: readonly (readonly [one: string, other: string])[] = [
  ["x*x + x*x", "(x*x) + (x * x)"],
  ["x^2", "x**2"],
  ["ln(x)", "log(x)"],
  ["1e3*x", "1000*x"],
  ["pi*x", "3.141592653589793*x"],
  ["pow(x, a)", "x^a"],
];

const DIFFERENT: readonly (readonly [one: string, other: string])[] = [
  ["x + 1", "1 + x"],
  ["x - a", "x - b"],
  ["x*(a*b)", "x*a*b"],
  ["-x^2", "(-x)^2"],
  ["x ? 1 : 2", "x ? 2 : 1"],
  ["min(x, a, b)", "min(min(x, a), b)"],
  ["0.1*x", "0.10000000000000002*x"],
  ["5e-324*x", "0*x"],
  ["x && a", "x || a"],
  ["!x", "-x"],
  ["sin(x)", "cos(x)"],
  ["inf", "1e308"],
];

for (const [one, other] of SAME) test(`${one} and ${other} are one`, () => assert.is(keyOf(one), keyOf(other)));
for (const [one, other] of DIFFERENT) {
  test(`${one} and ${other} are two`, () => assert.is.not(keyOf(one), keyOf(other)));
}

test("each step is there once, what the value does not need not at all, and the value is the last", () => {
  const x: Node = { kind: "variable" };
  const one: Node = { kind: "number", value: 1 };
  const nodes: Node[] = [
    x,
    one,
    x,
    { kind: "binary", operator: "+", left: 0, right: 1 },
    { kind: "binary", operator: "+", left: 2, right: 1 },
    { kind: "binary", operator: "*", left: 3, right: 4 },
    { kind: "negate", operand: 5 },
    one,
  ];
  const sum: Node = { kind: "binary", operator: "+", left: 0, right: 1 };
  assert.equal(canonical(nodes, 5).nodes, [x, one, sum, { kind: "binary", operator: "*", left: 2, right: 2 }]);
  assert.equal(canonical(nodes, 7).nodes, [one]);
  assert.is(canonical(nodes, 5).key, keyOf("(x+1)*(x+1)"));
});

test("the value stays, and two prints of a tree are one", () => {
  const property = fc.property(trees, doubles, doubles, (tree, variable, a) => {
    const expression = parse(printAll(tree), SCOPE);
    const { nodes, key } = canonical(expression.nodes);
    const point = { variable, parameters: { a, b: 0.5 } };
    const value = evaluate(expression, point, functions);
    assert.ok(Object.is(evaluate({ ...expression, nodes }, point, functions), value));
    assert.is(keyOf(printFewest(tree)), key);
    assert.equal(canonical(nodes), { nodes, key }, "once is enough");
  });
  fc.assert(property, { numRuns: RUNS });
});

test("sums of thousands of terms do not overflow the stack", () => {
  const text = Array.from({ length: 4000 }, (_, index) => `x*${index}`).join("+");
  assert.is(canonical(parse(text, SCOPE).nodes).nodes.length, 1 + 3 * 4000 - 1);
});

test.run();
