/** What is taken apart comes together again: terms against the whole, at points. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Canonical } from "../../ts/expr/canonical.js";
import { evaluate } from "../../ts/expr/evaluate.js";
import { parse } from "../../ts/expr/parser.js";
import { providerFunctions } from "../../ts/expr/provider.js";
import { separate, type Term } from "../../ts/expr/separate.js";

const provider = new WebAssembly.Instance(new WebAssembly.Module(readFileSync("build/math.wasm"))).exports;
const functions = providerFunctions(provider);
const variables = ["x", "y", "z"];
const parameters = { a: 0.7, b: 3 };
const scope = { variable: undefined, variables, parameters: Object.keys(parameters) };

function valueAt({ nodes }: Canonical, x: number): number {
  return evaluate({ ...scope, source: "", nodes }, { variables: [x, x, x], parameters }, functions);
}

function together(terms: readonly Term[], point: readonly number[]): number {
  let sum = 0;
  for (const { constant, factors, phase } of terms) {
    let product = valueAt(constant, 0);
    for (const [axis, factor] of factors) product *= valueAt(factor, point[axis]!);
    if (phase !== undefined) {
      let angle = valueAt(phase.angle, 0);
      for (const [axis, part] of phase.angles) angle += valueAt(part, point[axis]!);
      product *= Math[phase.kind](angle);
    }
    sum += product;
  }
  return sum;
}

const APART: readonly [text: string, terms: number][] = [
  ["x*y*z", 1],
  ["exp(-(x^2+y^2))*(1+x*y)", 2],
  ["1/((a^-2+(x-1)^2)*(1+y))", 1],
  ["cos(2*pi*a + x - 3*y/b + z)", 1],
  ["exp(-x)*sin(x+y)*z^2", 1],
  ["x > 0.3 || y > 0.6 ? 0 : exp(x+y)", 1],
  ["x > 0.3 && y > 0.6 ? exp(x+y) : z", 3],
  ["!(x > 0.3 && y > 0.6) ? x : y*z", 3],
  ["x > 0.3 || y > 0.6 || z < 0.2 ? x*y : 1", 4],
  ["(x+y)^2", 4],
  ["(x*y)^a", 1],
  ["a^(x+y-z)", 1],
  ["exp2(x-y)/b", 1],
  ["sqrt(x*y)*abs(x*(z-0.5))", 1],
  ["-(x+a*y)+z/3-2", 4],
  ["sin(x)*sin(y)+b*x", 2],
  ["(x+y)*(y+z)", 4],
  ["exp(sqrt(x*x)+a*(y-z))", 1],
  ["a+b", 1],
  ["x^2*sin(x)", 1],
  ["a > 1 ? x*y : x+y", 3],
];
const POINTS = [
  [0.2, 0.7, 0.5],
  [0.9, 0.1, 0.1],
  [0.4, 0.65, 0.8],
  [0.05, 0.3, 0.19],
];

for (const [text, count] of APART) {
  test(`takes apart ${text}`, () => {
    const { nodes, ...rest } = parse(text, scope);
    const terms = separate(nodes);
    assert.ok(terms !== undefined);
    assert.is(terms!.length, count);
    for (const point of POINTS) {
      const whole = evaluate({ ...rest, nodes }, { variables: point, parameters }, functions);
      const sum = together(terms!, point);
      assert.ok(Math.abs(sum - whole) <= 1e-14 * Math.max(1, Math.abs(whole)), `${sum}, not ${whole} at ${point}`);
    }
  });
}

for (const text of [
  "sqrt(x+y)",
  "1/(1-x*y)",
  "x^2+y^2 < 1 ? 4 : 0",
  "exp(x*y)",
  "x < y ? 1 : 0",
  "cos(x+y)*cos(y+z)",
  "cos(x*y)",
  "max(x, y)",
  "(x+y+z)^5",
  "(x+y+z)^-4",
  "x^y",
  "log(x+y)",
  "(x+y+z)^4",
]) {
  test(`leaves whole ${text}`, () => assert.is(separate(parse(text, scope).nodes), undefined));
}

test("texts that are long chains are no deeper than others", () => {
  const chain = (link: string, count: number, operator: string): string => new Array(count).fill(link).join(operator);
  const partsOf = (text: string): number | undefined => separate(parse(text, scope).nodes)?.length;
  assert.is(partsOf(chain("x*y", 4000, "+")), undefined);
  assert.is(partsOf(chain("exp(x+y)", 2000, "*")), 1);
  assert.is(partsOf(`exp(${chain("(x+y)", 20, "+")})`), 1);
  assert.is(partsOf(`exp(${chain("(x+y)", 3000, "+")})`), undefined);
  assert.is(partsOf(`${chain("x<y", 4000, "&&")} ? 1 : 0`), undefined);
  assert.is(partsOf(`${chain("(x<1&&y<1)", 1500, "&&")} ? 1 : 0`), undefined);
  assert.is(partsOf(`${chain("(x<1&&y<1)", 20, "&&")} ? 1 : 0`), 1);
});

test("what is not chosen need not be finite", () => {
  const terms = separate(parse("x > 0.5 ? y/(x-0.2) : 0", scope).nodes)!;
  assert.is(together(terms, [0.2, 1, 0]), 0);
});

test.run();
