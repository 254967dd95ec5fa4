/** Errors: the class, the fields and the text of the stack arrive. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as errors from "../../ts/errors.js";
import { difference } from "./same.js";
import { makeTrip } from "./trip.js";

const trip = makeTrip();

function arrives(error: Error): Error {
  const got = trip(error);
  assert.is(difference(got, error), null);
  assert.is(got.stack, error.stack);
  assert.is(String(got), String(error));
  return got;
}

test("takes the errors of the language", () => {
  for (const Class of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]) {
    const got = arrives(new Class("what happened"));
    assert.instance(got, Class);
    assert.is(got.name, Class.name);
    arrives(new Class());
    arrives(new Class("with a cause", { cause: { code: 5 } }));
    arrives(new Class("with a cause that is nothing", { cause: undefined }));
  }
  const several = arrives(new AggregateError([new TypeError("a"), "b", [1]], "several")) as AggregateError;
  assert.instance(several, AggregateError);
  assert.instance(several.errors[0], TypeError);
});

test("makes real errors, which structuredClone knows as such", () => {
  assert.instance(structuredClone(trip(new RangeError("r"))), RangeError);
});

test("takes every error of Heddle, with its fields", () => {
  const samples: Error[] = [
    new errors.ArgumentError("m", "maxsize", { came: -1 }),
    new errors.TimeoutRangeError("m", "timeout", Number.NaN),
    new errors.ExpressionError("expected a number", "x+*2", 2, 3),
    new errors.OutOfMemoryError(3, 2, 1),
    new errors.QueueFullError("m", 7),
    new errors.TransferError("m", "value.x", "a function"),
    new errors.CalledProcessError(["upper", "-x"], 3, null, "out", new Uint8Array([1])),
  ];
  const { HeddleError: _, ...classes } = errors;
  for (const [name, Class] of Object.entries(classes) as [string, new (message: string) => Error][]) {
    const sample = samples.find((error) => error.name === name) ?? new Class("m");
    const got = arrives(sample);
    assert.instance(got, Class);
    assert.is((got as { code?: string }).code, (sample as { code?: string }).code);
  }
});

test("takes fields that were assigned, in their order", () => {
  const error = Object.assign(new TypeError("m"), { code: "ERR_X", errno: -2, info: { list: [1] }, undefined });
  assert.equal(Object.keys(arrives(error)), ["code", "errno", "info", "undefined"]);
  arrives(Object.assign(new Error("m"), { name: "assigned", message: "assigned too" }));
  arrives(Object.defineProperty(new Error("m"), "name", { value: "defined", enumerable: false }));
});

class Outer extends RangeError {
  override readonly name: string = "Outer";
  constructor(readonly status: number) {
    super(`status ${status}`);
  }
}
class Inner extends Outer {}
class Nameless extends TypeError {}
class Beside extends errors.QueueEmptyError {
  readonly since = 5;
}

test("takes errors of other classes as the nearest that is known, under their own names", () => {
  const outer = trip(new Outer(404));
  assert.is(Object.getPrototypeOf(outer), RangeError.prototype);
  assert.equal([outer.name, outer.message, outer.status], ["Outer", "status 404", 404]);
  assert.is(trip(new Inner(1)).name, "Outer");
  const nameless = trip(new Nameless("m"));
  assert.is(Object.getPrototypeOf(nameless), TypeError.prototype);
  assert.is(nameless.name, "Nameless");
  assert.not.ok(Object.keys(nameless).includes("name"));
  const beside = trip(new Beside("m"));
  assert.instance(beside, errors.QueueEmptyError);
  assert.equal([beside.name, beside.code, beside.since], ["QueueEmptyError", "ERR_QUEUE_EMPTY", 5]);
});

test("takes what an AbortSignal gives as its reason", () => {
  const controller = new AbortController();
  controller.abort();
  for (const error of [controller.signal.reason as DOMException, new DOMException("m", "QuotaExceededError")]) {
    const got = trip({ error }).error;
    assert.instance(got, DOMException);
    assert.equal([got.name, got.message, got.code], [error.name, error.message, error.code]);
    assert.is(got.stack, error.stack);
  }
});

test("takes an error whose stack is gone or something else", () => {
  const gone = new Error("m");
  Reflect.deleteProperty(gone, "stack");
  assert.is(trip(gone).message, "m");
  arrives(Object.assign(new Error("m"), { stack: "my own" }));
});

test.run();
