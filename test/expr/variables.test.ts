/** Texts of several variables: names, their order, what is refused; trees with several values. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ArgumentError, ExpressionError } from "../../ts/errors.js";
import { canonicalOf } from "../../ts/expr/canonical.js";
import { evaluate } from "../../ts/expr/evaluate.js";
import { parse } from "../../ts/expr/parser.js";
import { functions } from "./kernel.js";

const scope = (...variables: string[]) => ({ variable: undefined, variables, parameters: ["a"] });

test("variables stand for their places", () => {
  const { nodes, variables } = parse("x - y", scope("x", "y"));
  assert.equal(nodes.slice(0, 2), [{ kind: "variable" }, { kind: "variable", index: 1 }]);
  assert.equal(variables, ["x", "y"]);
  assert.is(evaluate(parse("x - a*y", scope("y", "x")), { variables: [3, 1], parameters: { a: 2 } }, functions), -5);
});

test("a variable without a value is named", () => {
  assert.throws(() => evaluate(parse("y", scope("x", "y")), { variables: [1] }, functions), /variable `y`/);
});

test("unknown names, calls of variables, names that are taken", () => {
  const refused = (text: string, message: RegExp): void =>
    assert.throws(
      () => parse(text, scope("x", "y")),
      (error: unknown) => error instanceof ExpressionError && message.test(error.message),
    );
  refused("x + z", /unknown name `z`/);
  refused("xy", /did you mean `x\*y`/);
  refused("y(1)", /`y` is a variable, not a function/);
  for (const [names, message] of [
    [["x", "x"], /each variable once, got `x` twice/],
    [["x", "a"], /got `a`/],
    [["x", "pi"], /`pi`, which is a constant/],
    [["x", "1y"], /variable name of letters/],
  ] as const) {
    assert.throws(
      () => parse("1", scope(...names)),
      (error: unknown) => error instanceof ArgumentError && message.test(error.message),
    );
  }
});

test("of several values, common parts stand once; keys tell values apart", () => {
  const { nodes } = parse("(x + y) * (x + y) - (x + y)", scope("x", "y"));
  // x y + x y + * x y + -
  const product = nodes.findIndex((node) => node.kind === "binary" && node.operator === "*");
  const both = canonicalOf(nodes, [product, nodes.length - 1]);
  assert.is(both.nodes.length, 5);
  assert.equal(both.roots, [3, 4]);
  assert.is.not(both.key, canonicalOf(nodes, [nodes.length - 1, product]).key);
  assert.is.not(both.key, canonicalOf(nodes, [nodes.length - 1]).key);
});

test.run();
