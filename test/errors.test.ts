/** ts/errors.ts: the table at its head is true, and every class can be told by name, code and parent. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as errors from "../ts/errors.js";

/** Classes whose constructors take more than a message. */
const SPECIAL: Readonly<Record<string, () => Error>> = {
  ArgumentError: () => new errors.ArgumentError("m", "maxsize", "x"),
  TimeoutRangeError: () => new errors.TimeoutRangeError("m", "timeout", -1),
  ExpressionError: () => new errors.ExpressionError("m", "x+", 1, 2),
  OutOfMemoryError: () => new errors.OutOfMemoryError(3, 2, 1),
  QueueFullError: () => new errors.QueueFullError("m", 7),
  CalledProcessError: () => new errors.CalledProcessError(["a.wasm"], 3, null, "", ""),
  TransferError: () => new errors.TransferError("functions cannot travel", "value.f", "a function"),
};

const source = readFileSync("ts/errors.ts", "utf8");
const rows = [...source.matchAll(/^ \* \| `(\w+)` +\| `(\w+)` +\|/gm)].map(([, name, code]) => [name!, code!] as const);
const { HeddleError, ...rest } = errors;
const classes = new Map<string, unknown>(Object.entries(rest));

test("has a row in the table for every class, and no other", () => {
  assert.equal(rows.map(([name]) => name).sort(), [...classes.keys()].sort());
});

for (const [name, code] of rows) {
  test(`makes a ${name} with its name and its code`, () => {
    const Class = classes.get(name) as new (message: string) => Error & { code: string };
    const error = (SPECIAL[name]?.() ?? new Class("m")) as Error & { code: string };
    assert.is(error.name, name);
    assert.is(error.code, code);
    assert.instance(error, Class);
    assert.instance(error, Error);
    assert.is(error instanceof HeddleError, name !== "TimeoutRangeError");
  });
}

test("makes a TimeoutRangeError that is a RangeError and carries what came", () => {
  const error = new errors.TimeoutRangeError("m", "timeout", -1);
  assert.instance(error, RangeError);
  assert.is(error.argument, "timeout");
  assert.is(error.got, -1);
});

test("says in a QueueFullError how many values of a batch went in, 0 unless told", () => {
  assert.is(new errors.QueueFullError("m").put, 0);
  assert.is(new errors.QueueFullError("m", 7).put, 7);
});

test("names in a TransferError the place, what stands there and what to do", () => {
  const cause = new Error("inner");
  const error = new errors.TransferError("functions cannot travel", "value.items[3].f", "function f", { cause });
  assert.is(error.message, "value.items[3].f is function f: functions cannot travel");
  assert.is(error.path, "value.items[3].f");
  assert.is(error.got, "function f");
  assert.is(error.cause, cause);
});

test.run();
