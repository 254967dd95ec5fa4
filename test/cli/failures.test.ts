import { CommanderError } from "commander";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { explain, Failure, Interruption } from "../../ts/cli/failures.js";
import { ArgumentError, ExpressionError, OutOfMemoryError, UnsupportedError, WorkerError } from "../../ts/errors.js";

test("gives each kind of error its exit code", () => {
  for (const [error, code] of [
    [new ArgumentError("m", "points", 0), 2],
    [new ExpressionError("m", "x+", 2, 2), 2],
    [new CommanderError(1, "commander.unknownOption", "error: unknown option '--foo'"), 2],
    [new CommanderError(0, "commander.helpDisplayed", "(outputHelp)"), 0],
    [new WorkerError("m"), 1],
    [new OutOfMemoryError(2, 1, 1), 1],
    [new UnsupportedError("m"), 1],
    [new Failure("m"), 1],
    [new TypeError("m"), 1],
    ["thrown text", 1],
    [new Interruption("SIGINT", 130), 130],
  ] as const) {
    assert.is(explain(error).code, code, String(error));
  }
});

test("puts the caret under the place, whatever stands before the first line", () => {
  const lines = explain(new ExpressionError("expected `)`", "sin(x+", 6, 6)).text.split("\n");
  assert.equal(lines, ["heddle: expected `)`", "  sin(x+", "        ^", ""]);
});

test("speaks of options where the library speaks of fields", () => {
  const { text } = explain(
    new ExpressionError("unknown name `a`. A parameter is passed as `parameters: { a: … }`", "a*x", 0, 1),
  );
  assert.is(text.split("\n")[0], "heddle: unknown name `a`. A parameter is passed as `--param a=…`");
});

test("says what one can type where memory is short", () => {
  assert.match(explain(new OutOfMemoryError(2, 1, 1)).text, /--max-evaluations/);
  assert.not.match(explain(new OutOfMemoryError(2, 1, 1)).text, /createHeddle/);
});

test("shows the stack of an error that nobody foresaw, and of no other", () => {
  assert.match(explain(new TypeError("oops")).text, /oops\n +at /);
  assert.not.match(explain(new WorkerError("none could start")).text, / at /);
});

test.run();
