/** The driver of points, with expressions of several variables in it, against the scalar evaluator; and what kernels are in doubt of. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { canonicalOf } from "../../../ts/expr/canonical.js";
import { type CompiledExpression, compile } from "../../../ts/expr/compile.js";
import { evaluate } from "../../../ts/expr/evaluate.js";
import type { Node } from "../../../ts/expr/expression.js";
import { parse } from "../../../ts/expr/parser.js";
import { providerFunctions } from "../../../ts/expr/provider.js";
import { decode } from "../../../ts/wasm/decode.js";
import { encode } from "../../../ts/wasm/encode.js";
import { doubles, printFewest, trees } from "../../expr/tree.js";
import { assemble } from "../../wasm/wat.js";
import { library, pointsOf, provider } from "./points.js";

const RUNS = process.env.STRESS ? 10_000 : 400;
const functions = providerFunctions(provider);

function compiled(
  texts: readonly string[],
  variables: readonly string[],
  parameters: readonly string[] = [],
  relaxed = false,
): CompiledExpression {
  const all: Node[] = [];
  const roots = texts.map((text) => {
    const first = all.length;
    for (const node of parse(text, { variable: undefined, variables, parameters }).nodes)
      all.push(shifted(node, first));
    return all.length - 1;
  });
  const { nodes, roots: places } = canonicalOf(all, roots);
  const expression = { source: "", variable: undefined, variables, parameters, nodes, roots: places };
  return compile(expression, library, { kind: "point", relaxed });
}

function shifted(node: Node, by: number): Node {
  switch (node.kind) {
    case "negate":
    case "not":
      return { ...node, operand: node.operand + by };
    case "binary":
      return { ...node, left: node.left + by, right: node.right + by };
    case "conditional":
      return {
        ...node,
        condition: node.condition + by,
        whenTrue: node.whenTrue + by,
        whenFalse: node.whenFalse + by,
      };
    case "call":
      return { ...node, operands: node.operands.map((each) => each + by) };
    default:
      return node;
  }
}

test("random expressions of two variables, several at a time: the bits of the scalar evaluator", () => {
  const variables = ["x", "a"];
  const scope = { variable: undefined, variables, parameters: ["b"] };
  const several = fc.array(trees, { minLength: 1, maxLength: 3 });
  const rows = fc.array(fc.tuple(doubles, doubles), { minLength: 1, maxLength: 5 });
  const property = fc.property(several, rows, doubles, (list, points, b) => {
    const texts = list.map((tree) => printFewest(tree));
    const values = pointsOf(compiled(texts, variables, ["b"]).kernel, texts.length)([b], points);
    for (const [i, point] of points.entries()) {
      for (const [c, text] of texts.entries()) {
        const expected = evaluate(parse(text, scope), { variables: point, parameters: { b } }, functions);
        if (!Object.is(values[i]![c], expected))
          throw new Error(`${text} at ${point}: expected ${expected}, got ${values[i]![c]}`);
      }
    }
  });
  fc.assert(property, { numRuns: RUNS });
});

test("fused operations stay within some units of the last place", () => {
  const { kernel } = compiled(["x*y + 2*y + z", "x*y - z"], ["x", "y", "z"], [], true);
  if (!WebAssembly.validate(encode(kernel))) return;
  const [first, second] = pointsOf(kernel, 2)([], [[1.1, 2.3, 0.7]])[0]!;
  assert.ok(Math.abs(first! - (1.1 * 2.3 + 4.6 + 0.7)) < 4e-15);
  assert.ok(Math.abs(second! - (1.1 * 2.3 - 0.7)) < 2e-15);
});

test("coordinates in their order, values in theirs; the same value twice, constants, a coordinate itself", () => {
  const run = pointsOf(compiled(["x", "z", "x", "a + 1", "7", "x - y"], ["x", "y", "z"], ["a"]).kernel, 6);
  const rows = Array.from({ length: 131 }, (_, i) => [i, 1000 + i, -i]);
  const values = run([4], rows);
  for (const [i, row] of values.entries()) assert.equal(row, [i, -i, i, 5, 7, -1000]);
});

test("what components have in common is computed once", () => {
  const one = compiled(["exp(x*y)"], ["x", "y"]).operations;
  const both = compiled(["exp(x*y)", "1 + exp(x*y)"], ["x", "y"]).operations;
  assert.ok(both < one + 5, `${one}, ${both}`);
});

test("thirty-two variables", () => {
  const variables = Array.from({ length: 32 }, (_, k) => `x${k}`);
  const run = pointsOf(compiled([variables.map((name, k) => `${k + 1}*${name}`).join(" + ")], variables).kernel, 1);
  assert.equal(run([], [variables.map(() => 1), variables.map((_, k) => (k === 31 ? 1 : 0))]), [[528], [32]]);
});

test("a stretch with doubt in it is computed again, all of it, and no other", async () => {
  // x + y where |x| < 10; in doubt elsewhere, where it writes -77. The careful form adds 0.5 everywhere, so that it shows.
  const kernel = await assemble(`(module
    (import "env" "memory" (memory 1 65536 shared))
    (global $doubt (mut v128) (v128.const i64x2 0 0))
    (func (export "prologue") (param i32) (global.set $doubt (v128.const i64x2 0 0)))
    (func (export "doubt") (result v128) (global.get $doubt) (global.set $doubt (v128.const i64x2 0 0)))
    (func (export "careful") (param i32 i32 i32)
      (v128.store (local.get 1) (f64x2.add (v128.const f64x2 0.5 0.5)
        (f64x2.add (v128.load (local.get 0)) (v128.load offset=16 (local.get 0))))))
    (func (export "integrand") (param i32 i32) (local v128)
      (local.set 2 (f64x2.ge (f64x2.abs (v128.load (local.get 0))) (v128.const f64x2 10 10)))
      (global.set $doubt (v128.or (global.get $doubt) (local.get 2)))
      (v128.store (local.get 1) (v128.bitselect (v128.const f64x2 -77 nan)
        (f64x2.add (v128.load (local.get 0)) (v128.load offset=16 (local.get 0))) (local.get 2)))))`);
  const run = pointsOf(decode(kernel), 1);
  const count = 64 * 4 + 6;
  const careful = (doubtful: readonly number[]): number[] => {
    const rows = Array.from({ length: count }, (_, i) => [doubtful.includes(i) ? 100 : 1, i]);
    const values = run([], rows);
    const stretches = new Set<number>();
    for (const [i, [value]] of values.entries()) {
      const plain = rows[i]![0]! + i;
      if (value === plain + 0.5) stretches.add(Math.floor(i / 64));
      else assert.is(value, plain);
    }
    for (const stretch of stretches)
      for (let i = 64 * stretch; i < Math.min(count, 64 * (stretch + 1)); i++)
        assert.is(values[i]![0], rows[i]![0]! + i + 0.5);
    return [...stretches];
  };
  assert.equal(careful([]), []);
  assert.equal(careful([64]), [1]);
  assert.equal(careful([63, 130, 131]), [0, 2]);
  assert.equal(careful([count - 1]), [4]);
});

test.run();
