/** Values of another realm, such as test runners and frames make: they arrive as the same classes of this one. */
import { createContext, runInContext, runInThisContext } from "node:vm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { TransferError } from "../../ts/errors.js";
import { difference } from "./same.js";
import { makeTrip } from "./trip.js";

const trip = makeTrip();
const context = createContext({});
const foreign = (code: string): unknown => runInContext(`(${code})`, context);

const SOURCES = [
  "{ a: 1, b: { c: [1, undefined, 2] } }",
  "[1, [2], { x: undefined }]",
  "new Map([[1, { a: 1 }], ['k', new Set([1])]])",
  "new Date(86400000)",
  "/a+/gi",
  "[Object(1), Object('s'), Object(true), Object(5n)]",
  "new Uint8Array([1, 2, 3])",
  "new Float64Array([1.5])",
  "new DataView(new ArrayBuffer(4))",
  "new ArrayBuffer(3)",
  "Object.create(null)",
];

for (const source of SOURCES) {
  test(`takes ${source}`, () => {
    const value = foreign(source);
    const own = runInThisContext(`(${source})`) as unknown;
    assert.is(difference(trip(value), own), null);
    assert.is(difference(trip([value]), [own]), null);
  });
}

test("takes errors", () => {
  const error = foreign("Object.assign(new RangeError('far'), { code: 7, cause: new TypeError('t') })") as RangeError;
  assert.not(error instanceof RangeError);
  const got = trip(error) as RangeError & { code: number };
  assert.instance(got, RangeError);
  assert.equal([got.message, got.name, got.code, got.stack], ["far", "RangeError", 7, error.stack]);
  assert.instance(got.cause, TypeError);
});

test("refuses its classes and its shared memory", () => {
  for (const source of [
    "new (class Point {})()",
    "new (class Map {})()",
    "new SharedArrayBuffer(4)",
    "new WeakMap()",
  ]) {
    assert.throws(
      () => trip([foreign(source)]),
      (error: unknown) => error instanceof TransferError,
    );
  }
});

test("leaves out what it gave to its Object.prototype", () => {
  runInContext("Object.prototype.polluted = () => 0", context);
  assert.equal(trip(foreign("{ own: 1 }")), { own: 1 });
});

test.run();
