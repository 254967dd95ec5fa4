import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ArgumentError, ExpressionError } from "../../ts/errors.js";
import { MAXIMUM_LENGTH, MAXIMUM_NESTING, MAXIMUM_NODES, parse } from "../../ts/expr/parser.js";
import { printAll, printExpression, printFewest, SCOPE, trees } from "./tree.js";

const RUNS = process.env.STRESS ? 50_000 : 2_000;

function grouped(source: string): string {
  return printExpression(parse(source, SCOPE));
}

const GROUPING: readonly (readonly [source: string, grouped: string])[] = [
  ["-x^2", "(-(x^2))"],
  ["2^3^2", "(2^(3^2))"],
  ["2^-1", "(2^(-1))"],
  ["2^-x^2", "(2^(-(x^2)))"],
  ["-2^-2", "(-(2^(-2)))"],
  ["x**2", "(x^2)"],
  ["2**3^x", "(2^(3^x))"],
  ["(-x)^2", "((-x)^2)"],
  ["--x", "(-(-x))"],
  ["+x", "x"],
  ["x--1", "(x-(-1))"],
  ["x++1", "(x+1)"],
  ["-x*a", "((-x)*a)"],
  ["x*-a", "(x*(-a))"],
  ["x-a-b", "((x-a)-b)"],
  ["x/a/b", "((x/a)/b)"],
  ["x/a*b", "((x/a)*b)"],
  ["1+2*3^x", "(1+(2*(3^x)))"],
  ["x^a*b", "((x^a)*b)"],
  ["x+a < b*2", "((x+a)<(b*2))"],
  ["x < 1 == 0", "refused"],
  ["x < 1 && a > 2 || b", "(((x<1)&&(a>2))||b)"],
  ["x || a && b", "(x||(a&&b))"],
  ["!x && a", "((!x)&&a)"],
  ["!x^2", "(!(x^2))"],
  ["!x < 1", "((!x)<1)"],
  ["-!x", "(-(!x))"],
  ["x ? a : b ? 1 : 2", "(x?a:(b?1:2))"],
  ["x ? a ? 1 : 2 : b", "(x?(a?1:2):b)"],
  ["x < 0 ? -x : x + 1", "((x<0)?(-x):(x+1))"],
  ["x || a ? 1 : 2", "((x||a)?1:2)"],
  ["ln(x)", "log(x)"],
  ["pow(x, a)", "(x^a)"],
  ["min(x, a, b)", "min(x,a,b)"],
  ["atan2(x, a)", "atan2(x,a)"],
  ["pi*e*tau*inf", "(((pi*e)*tau)*inf)"],
  ["\t x \n+\r\n1 ", "(x+1)"],
  ["((((x))))", "x"],
  [".5 + 2. + 1.5E1 + 1e-3 + 2.E5", "((((0.5+2)+15)+0.001)+200000)"],
];

for (const [source, expected] of GROUPING) {
  if (expected === "refused")
    test(`${source} is refused`, () => assert.throws(() => grouped(source), /cannot be chained/));
  else test(`${JSON.stringify(source)} is ${expected}`, () => assert.is(grouped(source), expected));
}

test("trees printed with the fewest parentheses come back as the same trees, and so do their full prints", () => {
  const property = fc.property(trees, (tree) => {
    const expected = grouped(printAll(tree));
    assert.is(grouped(printFewest(tree)), expected);
    assert.is(grouped(expected), expected);
  });
  fc.assert(property, { numRuns: RUNS });
});

test("full prints of a tree keep its shape", () => {
  // The printers themselves: were both wrong in the same way, the test above would not see it.
  assert.is(grouped("(2^(3^x))"), "(2^(3^x))");
  assert.is(grouped("((2^3)^x)"), "((2^3)^x)");
  assert.is(grouped("(a-(b-x))"), "(a-(b-x))");
});

test("numbers are the nearest doubles", () => {
  for (const text of [
    "0.1",
    "1e22",
    "9007199254740993",
    "123456789012345678901234567890",
    "5e-324",
    "2.2250738585072011e-308",
    "1e-400",
  ]) {
    const node = parse(text, SCOPE).nodes[0]!;
    assert.is(node.kind === "number" && node.value, Number(text));
  }
});

test("nodes stand in evaluation order, each used once", () => {
  const property = fc.property(trees, (tree) => {
    const { nodes } = parse(printFewest(tree), SCOPE);
    const uses = nodes.map(() => 0);
    nodes.forEach((node, index) => {
      const operands = Object.entries(node).flatMap(([key, value]) =>
        ["operand", "left", "right", "condition", "whenTrue", "whenFalse", "operands"].includes(key)
          ? [value].flat()
          : [],
      ) as number[];
      for (const operand of operands) {
        assert.ok(operand < index);
        uses[operand]!++;
      }
    });
    assert.equal(uses, [...nodes.slice(1).map(() => 1), 0]);
  });
  fc.assert(property, { numRuns: RUNS / 4 });
});

test("without a variable only constants are known", () => {
  const constant = { variable: undefined, parameters: [] };
  assert.is(printExpression(parse("-inf", constant)), "(-inf)");
  assert.is(printExpression(parse("sqrt(pi/2)", constant)), "sqrt((pi/2))");
  assert.throws(() => parse("x", constant), /unknown name `x`. Expected a constant/);
});

test("the variable and parameters may have any names that the language has not", () => {
  assert.is(
    printExpression(parse("t*_v1/constructor", { variable: "t", parameters: ["_v1", "constructor"] })),
    "((t*_v1)/constructor)",
  );
});

const REFUSED_SCOPES: readonly (readonly [variable: string, parameters: unknown, message: RegExp])[] = [
  ["e", [], /variable may not be called `e`, which is a constant/],
  ["sin", [], /variable may not be called `sin`, which is a function/],
  ["x", ["pi"], /parameter may not be called `pi`, which is a constant/],
  ["x", ["min"], /parameter may not be called `min`, which is a function/],
  ["x", ["ln"], /parameter may not be called `ln`/],
  ["x", ["x"], /named otherwise than the variable, got `x`/],
  ["x", ["a", "b", "a"], /each parameter once, got `a` twice/],
  ["x", ["2a"], /parameter name of letters.* got "2a"/],
  ["x", [""], /got ""/],
  ["x", ["α"], /got "α"/],
  ["x", [7], /got number/],
  ["x", "a", /array of parameter names, got string/],
];

for (const [variable, parameters, message] of REFUSED_SCOPES) {
  test(`names ${variable} and ${JSON.stringify(parameters)} are refused`, () => {
    const error = thrownBy(() => parse("1", { variable, parameters: parameters as string[] }));
    assert.instance(error, ArgumentError);
    assert.match((error as Error).message, message);
  });
}

test("what is no string is an ArgumentError", () => {
  for (const source of [undefined, null, 7, {}, () => 1]) {
    assert.instance(
      thrownBy(() => parse(source as unknown as string, SCOPE)),
      ArgumentError,
    );
  }
});

const LIMITS: readonly (readonly [name: string, source: string, place: number, message: RegExp])[] = [
  ["a million characters", "x".repeat(1_000_000), MAXIMUM_LENGTH, /at most 65536 characters, got 1000000/],
  ["100 000 parentheses", "(".repeat(100_000), MAXIMUM_LENGTH, /at most 65536 characters, got 100000/],
  ["65 000 parentheses", "(".repeat(65_000), MAXIMUM_NESTING, /at most 256 expressions within each other/],
  ["65 000 signs", "-".repeat(65_000), MAXIMUM_NESTING, /at most 256 expressions within each other/],
  ["32 000 powers", `x${"^x".repeat(32_000)}`, 2 * MAXIMUM_NESTING + 1, /at most 256 expressions within each other/],
  [
    "10 000 branches",
    `x${"?1:x".repeat(10_000)}`,
    4 * MAXIMUM_NESTING + 1,
    /at most 256 expressions within each other/,
  ],
  ["32 000 terms", `x${"+x".repeat(32_000)}`, 16_383, /at most 16384 numbers, names and operations/],
];

for (const [name, source, place, message] of LIMITS) {
  test(`${name} are refused at their place`, () => {
    const error = thrownBy(() => parse(source, SCOPE));
    assert.instance(error, ExpressionError);
    assert.match((error as ExpressionError).reason, message);
    assert.is((error as ExpressionError).start, place);
  });
}

test("what is just within the limits is accepted", () => {
  assert.is(parse(`${"(".repeat(MAXIMUM_NESTING)}x${")".repeat(MAXIMUM_NESTING)}`, SCOPE).nodes.length, 1);
  assert.is(parse(`x${"+x".repeat(MAXIMUM_NODES / 2 - 1)}`, SCOPE).nodes.length, MAXIMUM_NODES - 1);
  assert.is(parse(`${" ".repeat(MAXIMUM_LENGTH - 1)}x`, SCOPE).nodes.length, 1);
  // All levels of the table within each parenthesis: the deepest recursion that a text can cause.
  const levels = MAXIMUM_NESTING / 2;
  assert.type(
    parse(`${"x || x && x < x + x * -(".repeat(levels)}x${")".repeat(levels)}`, SCOPE).nodes.length,
    "number",
  );
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

test.run();
