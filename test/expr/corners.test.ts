/** Points that a text names: where it may have a corner, a jump or a singularity. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { corners, haveFixedCorners, mayHaveCorners } from "../../ts/expr/corners.js";
import { parse } from "../../ts/expr/parser.js";

function points(text: string, lo = -10, hi = 10, parameters: Record<string, number> = {}): readonly number[] {
  const { nodes } = parse(text, { variable: "x", parameters: Object.keys(parameters) });
  const found = corners(nodes, Object.values(parameters), lo, hi);
  if (found.length > 0) assert.ok(mayHaveCorners(nodes), text);
  if (haveFixedCorners(nodes)) {
    const all = corners(nodes, [], Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    assert.equal(
      all.filter((x) => x > lo && x < hi),
      found,
      `${text}: the same in every range`,
    );
  }
  return [...new Set(found)].sort((one, other) => one - other);
}

const POINTS: readonly [text: string, expected: readonly number[]][] = [
  ["abs(x-1/3)", [1 / 3]],
  ["abs(3*x-1)^-0.5", [1 / 3]],
  ["x < 0.3 ? 0 : 1", [0.3]],
  ["0.3 >= x && x != 2", [0.3, 2]],
  ["1/(x-2)", [2]],
  ["1/(x^2-4)", [-2, 2]],
  ["1/((x-1)*(x-3))", [1, 3]],
  ["(x-1)^-2", [1]],
  ["(x-1)^2.5", [1]],
  ["(x-1)^3", []],
  ["2^x", []],
  ["(x-1)^(2*x)", [1]],
  ["sqrt(4-x^2)", [-2, 2]],
  ["log(abs(x+5))", [-5]],
  ["cbrt(x)", [0]],
  ["floor(x/4)", [-8, -4, 0, 4, 8]],
  ["round(x/8)", [-4, 4]],
  ["floor(1000*x)", []],
  ["max(x, 1)", [1]],
  ["min(x, 2-x, 5)", [-3, 1]],
  ["asin(x/2)", [-2, 2]],
  ["sign(x-sqrt(2))", [Math.SQRT2]],
  ["1/(1+x^2)", []],
  ["abs(sin(x))", []],
  ["exp(-abs(x-20))", []],
  ["x/x", [0]],
  ["1/(x-1e300)", []],
  ["sqrt(0*x)", []],
];

for (const [text, expected] of POINTS) {
  test(text, () => assert.equal(points(text), expected));
}

test("with parameters", () => {
  assert.equal(points("abs(a*x-b)", 0, 10, { a: 2, b: 3 }), [1.5]);
  assert.equal(points("abs(a*x-b)", 0, 10, { a: 0, b: 3 }), []);
});

test("the ends are not between the ends", () => {
  assert.equal(points("abs(x)*abs(x-1)", 0, 1), []);
});

test("infinite ranges; a floor there has too many steps", () => {
  assert.equal(points("abs(x-3)+floor(x)", Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY), [3]);
});

test("two zeros of which subtracting would lose the smaller", () => {
  assert.equal(points("1/(x^2-1e9*x+1)", 0, 2e9), [1e-9, 1e9]);
});

test("what can have none is not looked at again and again", () => {
  for (const text of ["x^2/3", "3*x^3", "exp(-x^2)"]) {
    assert.not(mayHaveCorners(parse(text, { variable: "x", parameters: [] }).nodes), text);
  }
  for (const text of ["x^-2", "x^0.5", "1/x", "2/(1+x)"]) {
    assert.ok(mayHaveCorners(parse(text, { variable: "x", parameters: [] }).nodes), text);
  }
});

test("only some are the same for all parameters and ranges", () => {
  const isFixed = (text: string): boolean => haveFixedCorners(parse(text, { variable: "x", parameters: ["a"] }).nodes);
  assert.ok(isFixed("abs(x-1/3)"));
  assert.not(isFixed("abs(x-a)"));
  assert.not(isFixed("floor(x)"));
});

test.run();
