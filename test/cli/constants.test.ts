import { test } from "uvu";
import * as assert from "uvu/assert";
import { readConstant } from "../../ts/cli/constants.js";
import { ExpressionError } from "../../ts/errors.js";
import { realLibrary } from "./real.js";

const read = (text: string, variable = "x"): number => readConstant(realLibrary, text, "the upper bound", variable);

test("reads numbers to the bit", () => {
  for (const [text, value] of [
    ["10", 10],
    ["-10", -10],
    ["+.5", 0.5],
    ["1e8", 1e8],
    ["1E-300", 1e-300],
    ["0.1", 0.1],
    ["-0", -0],
    ["1_000_000", 1e6],
    ["-1_000.5", -1000.5],
    [" 3 ", 3],
  ] as const) {
    assert.ok(Object.is(read(text), value), text);
  }
});

test("reads constant expressions", () => {
  assert.is(read("pi/2"), Math.PI / 2);
  assert.is(read("-pi/2"), -Math.PI / 2);
  assert.is(read("2^20"), 2 ** 20);
  assert.is(read("10^8"), 1e8);
  assert.is(read("1_000*2"), 2000);
  assert.is(read("-inf"), Number.NEGATIVE_INFINITY);
  assert.is(read("-(1+e)"), -(1 + Math.E));
});

test("says that a constant has no variable, and where", () => {
  const error = caught(() => read("1+x"));
  assert.is(
    error.message,
    "the upper bound: expected a constant such as 10, pi/2 or -1e3, got the variable `x`\n  1+x\n    ^",
  );
  assert.is(error.source.slice(error.start, error.end), "x");
  assert.match(caught(() => read("2*t", "t")).reason, "got the variable `t`");
});

test("says what was expected in the place of nothing", () => {
  assert.match(caught(() => read(" ")).reason, "the upper bound: expected a constant such as 10, pi/2 or -1e3, got");
});

test("does not propose parameters for a constant", () => {
  const { reason } = caught(() => read("2*whatever"));
  assert.match(reason, /^the upper bound: unknown name `whatever`/);
  assert.match(reason, "expected a constant");
  assert.not.match(reason, "param");
});

test("refuses what is no expression, with a caret", () => {
  for (const text of ["", "1 2", "1/", "(", "1__0", "_1", "0x10", "1e", "--", "1,5"]) {
    assert.match(caught(() => read(text), text).message, /\n +\^+$/);
  }
});

function caught(action: () => unknown, text = ""): ExpressionError {
  try {
    action();
  } catch (error) {
    assert.instance(error, ExpressionError);
    return error as ExpressionError;
  }
  throw new Error(`expected an ExpressionError ${text}`);
}

test.run();
