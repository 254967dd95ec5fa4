import { test } from "uvu";
import * as assert from "uvu/assert";
import { ArgumentError } from "../../ts/errors.js";
import { evaluate } from "../../ts/expr/evaluate.js";
import { parse } from "../../ts/expr/parser.js";
import { functions } from "./kernel.js";

function value(source: string, x = NaN, parameters: Record<string, number> = {}): number {
  return evaluate(
    parse(source, { variable: "x", parameters: Object.keys(parameters) }),
    { variable: x, parameters },
    functions,
  );
}

const VALUES: readonly (readonly [source: string, x: number, value: number])[] = [
  ["-x^2", 3, -9],
  ["2^3^2", 0, 512],
  ["2^-1", 0, 0.5],
  ["-2^-2", 0, -0.25],
  ["10-4-3", 0, 3],
  ["2*pi", 0, 6.283185307179586],
  ["tau - 2*pi", 0, 0],
  ["-inf", 0, -Infinity],
  ["inf - inf", 0, NaN],
  ["0.1 + 0.2", 0, 0.30000000000000004],
  ["-0", 0, -0],
  ["1/-0", 0, -Infinity],
  ["x < 1", 0, 1],
  ["x < 1", 1, 0],
  ["x != x", NaN, 1],
  ["x == x", NaN, 0],
  ["0 < x && x < 1", 0.5, 1],
  ["x && 1", NaN, 0],
  ["x || 0", NaN, 0],
  ["!x", NaN, 1],
  ["x || 0", -5e-324, 1],
  ["2 && 3", 0, 1],
  ["x ? 1 : 2", NaN, 2],
  ["x ? 1 : 2", -0, 2],
  ["x ? 1 : 2", Infinity, 1],
  ["(x < 0) + (x < 1) + (x < 2)", 0.5, 2],
  ["round(x)", 2.5, 3],
  ["round(x)", -2.5, -2],
  ["round(x)", -0.5, -0],
  ["round(x)", 0.49999999999999994, 0],
  ["round(x)", 4503599627370497, 4503599627370497],
  ["sign(x)", -0, -0],
  ["sign(x)", -Infinity, -1],
  ["sign(x)", NaN, NaN],
  ["trunc(x)", -1.7, -1],
  ["min(x, 1)", NaN, NaN],
  ["max(1, x)", NaN, NaN],
  ["min(0, x)", -0, -0],
  ["max(-0, x)", 0, 0],
  ["min(3, 1, x)", 2, 1],
  ["ln(e)", 0, 1],
  ["pow(x, 3)", 2, 8],
  ["hypot(3, x)", 4, 5],
  ["atan2(x, -1)", 0, Math.PI],
  ["sinc(x)", 0, 1],
  ["erf(x)", -0, -0],
  ["erf(x) + erfc(x)", -Infinity, 1],
  ["erfc(0)", 0, 1],
  ["j0(x) + j1(x)", 0, 1],
  ["gamma(x + 1)", 20, 2432902008176640000],
  ["lgamma(x)", -3, Infinity],
  ["sqrt(x)", -0, -0],
]; // biome-ignore format: a table

for (const [source, x, expected] of VALUES) {
  test(`${source} is ${expected} at ${x}`, () =>
    assert.ok(Object.is(value(source, x), expected), `got ${value(source, x)}`));
}

test("powers with a number as exponent are products, 0.5 a square root", () => {
  const x = 1.1;
  const x2 = x * x;
  const x3 = x2 * x;
  const x5 = x3 * x2;
  const x8 = x2 * x2 * (x2 * x2);
  assert.is(value("x^3", x), x3);
  assert.is(value("x^5", x), x5);
  assert.is(value("x^15", x), x5 * x5 * x5);
  assert.is(value("x^16", x), x8 * x8);
  assert.is(value("x^2.5", x), x2 * Math.sqrt(x));
  assert.is(value("x^(5/2)", x), x2 * Math.sqrt(x));
  assert.is(value("x^-2.5", x), 1 / (x2 * Math.sqrt(x)));
  assert.is(value("x^(-1/2)", x), 1 / Math.sqrt(x));
  assert.is(value("x^(2^2)", x), x2 * x2);
  assert.is(value("x^17", x), functions.pow(x, 17));
  assert.is(value("x^(1/3)", x), functions.pow(x, 1 / 3));
  assert.is(value("x^16.5", x), functions.pow(x, 16.5));
});

// Where a product or a root differs from pow in more than the last bits: docs/expressions.md lists the same rows.
const EDGES: readonly (readonly [source: string, x: number, product: number, pow: number])[] = [
  ["x^0.5", -0, -0, 0],
  ["x^0.5", -Infinity, NaN, Infinity],
  ["x^-0.5", -0, -Infinity, Infinity],
  ["x^-0.5", -Infinity, NaN, 0],
  ["x^1.5", -0, 0, 0],
  ["x^2.5", -0, -0, 0],
  ["x^1.5", -Infinity, NaN, Infinity],
  ["x^-2.5", -0, -Infinity, Infinity],
  ["x^-4", 1.5e77, 0, 1.97530864197531e-309],
  ["x^-2.5", 1e125, 0, 3.1622776602e-313],
  ["x^-2", 7.5e-155, 1.7777777777777781e308, 1.7777777777777775e308],
]; // biome-ignore format: a table

for (const [source, x, product, pow] of EDGES) {
  test(`${source} at ${x} is ${product} where pow gives ${pow}`, () => {
    assert.ok(Object.is(value(source, x), product), `got ${value(source, x)}`);
    const exponent = Number(source.slice(2));
    const called = functions.pow(x, exponent);
    assert.ok(Object.is(called, pow) || Math.abs(called - pow) <= 1e-320, `pow gives ${called}`);
  });
}

test("an exponent that is a parameter always means pow", () => {
  assert.is(value("x^n", -0, { n: 0.5 }), 0);
  assert.is(value("x^n", -Infinity, { n: 0.5 }), Infinity);
});

test("pow follows C99: 1 to any power is 1", () => {
  assert.is(value("1^x", NaN), 1);
  assert.is(value("(-1)^x", Infinity), 1);
  assert.is(value("x^0", NaN), 1);
});

test("a missing value is an ArgumentError that names it", () => {
  const expression = parse("a*x", { variable: "x", parameters: ["a", "toString"] });
  assert.throws(
    () => evaluate(expression, { variable: 1, parameters: {} }, functions),
    (error: unknown) =>
      error instanceof ArgumentError && /number for the parameter `a`, got nothing/.test(error.message),
  );
  assert.throws(
    () => evaluate(expression, { parameters: { a: 1 } }, functions),
    /number for the variable `x`, got nothing/,
  );
  // Not the method that every object has.
  const other = parse("toString", { variable: "x", parameters: ["toString"] });
  assert.throws(() => evaluate(other, { parameters: {} }, functions), /parameter `toString`, got nothing/);
});

test("what the text does not use may be missing", () => {
  const expression = parse("pi/2", { variable: undefined, parameters: [] });
  assert.is(evaluate(expression, {}, functions), Math.PI / 2);
});

test.run();
