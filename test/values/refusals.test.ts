/** What cannot travel: an error that says where it stands, what it is, and what to do. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { TransferError } from "../../ts/errors.js";
import { makeCodec } from "../../ts/values/codec.js";
import { NO_HANDLES } from "./trip.js";

const codec = makeCodec(NO_HANDLES);

/** The error of a value that is refused. */
function refusal(value: unknown): TransferError {
  try {
    codec.encode(value);
  } catch (error) {
    assert.instance(error, TransferError);
    return error as TransferError;
  }
  return assert.unreachable("it was taken") as never;
}

class Point {
  constructor(
    readonly x: number,
    readonly y: number,
  ) {}
}
class Registry extends Map {}
class Samples extends Float64Array {}
class Stack extends Array {}

const detached = new Float64Array(4);
structuredClone(detached, { transfer: [detached.buffer] });
const shared = new SharedArrayBuffer(8);

const things: [what: string, value: unknown, got: string, advice: RegExp][] = [
  ["a function", function onDone() {}, "function onDone", /module/],
  ["a function without a name", () => {}, "a function", /module/],
  ["a class", Point, "function Point", /module/],
  ["a symbol", Symbol("s"), "Symbol(s)", /string/],
  ["a well-known symbol", Symbol.iterator, "Symbol(Symbol.iterator)", /string/],
  ["a promise", Promise.resolve(), "a Promise", /await/],
  ["a WeakMap", new WeakMap(), "a WeakMap", /Map/],
  ["a WeakSet", new WeakSet(), "a WeakSet", /Set/],
  ["a WeakRef", new WeakRef({}), "a WeakRef", /deref/],
  ["an iterator", [].values(), "an ", /plain data/],
  ["a URL", new URL("https://example.org"), "a URL", /href/],
  ["an instance of a class", new Point(1, 2), "a Point", /plain data/],
  ["a Map of a class of its own", new Registry(), "a Registry", /plain data/],
  ["a typed array of a class of its own", new Samples(2), "a Samples", /plain data/],
  ["an array of a class of its own", Stack.from([1]), "a Stack", /plain data/],
  ["an object made from another", Object.create({}), "an object with a prototype", /plain data/],
  ["an object with an odd prototype", Object.create(Object.create(null)), "an object with a prototype", /plain data/],
  ["a typed array that is none", Object.create(Uint8Array.prototype), "a Uint8Array", /plain data/],
  ["shared memory", shared, "a SharedArrayBuffer", /move\(value, \[\]\)/],
  ["a view of shared memory", new Int32Array(shared), "an Int32Array of shared memory", /slice/],
  ["a detached view", detached, "a detached Float64Array", /transferred/],
  ["a detached buffer", detached.buffer, "a detached ArrayBuffer", /transferred/],
];

for (const [what, value, got, advice] of things) {
  test(`refuses ${what}, alone and at any place`, () => {
    const alone = refusal(value);
    assert.is(alone.path, "value");
    assert.ok(alone.got.startsWith(got), alone.got);
    assert.match(alone.reason, advice);
    assert.match(alone.message, alone.path);
    const places: [path: string, value: unknown][] = [
      ["value.items[3].callback", { a: { b: [1] }, items: [1, {}, [2], { first: 1, callback: value }] }],
      ["value[0][0][0]", [[[value]]]],
      ['value["a-b"].$c', { "a-b": { x: {}, $c: value } }],
      ["value.имя", { имя: value }],
      ['value.get("k").x', new Map([["j", {}], ["k", { x: value }]])], // biome-ignore format: one line
      ["value.get(7)", new Map([[7, value]])],
      ["[...value.values()][1]", new Map<unknown, unknown>([[[], 1], [{}, value]])], // biome-ignore format: one line
      ["[...value.keys()][1]", new Map<unknown, unknown>([[1, 1], [value, 2]])], // biome-ignore format: one line
      ["[...value.s][2].x", { s: new Set([1, {}, { x: value }]) }],
      ["value.cause[0]", new Error("e", { cause: [value] })],
      ["value.errors[1].field", new AggregateError([1, Object.assign(new TypeError("t"), { field: value })])],
      ["value.x", Object.assign(Object.create(null), { x: value })],
      ["value[2000]", Object.assign(new Array(5000), { 2000: value })],
    ];
    for (const [path, place] of places) {
      const nested = refusal(place);
      assert.is(nested.path, path);
      assert.is(nested.got, alone.got);
    }
  });
}

test("shows both ends of the path to what stands deep", () => {
  let value: unknown = { callback() {} };
  for (let i = 0; i < 1000; i++) value = i % 2 ? [value] : { next: value };
  const { path } = refusal(value);
  assert.ok(path.length < 400, path);
  assert.match(path, /^value\[0\]\.next\[0\]\.next/);
  assert.match(path, /\(961 more\).*\[0\]\.next\.callback$/);
});

test("refuses what is deeper than it can be written", () => {
  let value: unknown = [];
  for (let i = 0; i < 100_000; i++) value = i % 2 ? [value] : { next: value };
  const error = refusal(value);
  assert.match(error.got, /1024 levels/);
  assert.ok(error.path.length < 400, error.path);
});

test("refuses what needs more stack than there is", () => {
  let value: unknown = 1;
  for (let i = 0; i < 500; i++) value = new Set([value]);
  // Every frame tries while the stack unwinds: the first that has room for anything must not have room for this.
  let error: unknown;
  const dive = (): void => {
    try {
      dive();
    } catch {
      // The stack has ended somewhere below.
    }
    if (error !== undefined) return;
    try {
      codec.encode(value);
    } catch (thrown) {
      if (thrown instanceof TransferError) error = thrown;
    }
  };
  dive();
  assert.match((error as TransferError).got, "too deep");
  assert.match((error as TransferError).reason, "list of its parts");
  assert.instance((error as TransferError).cause, RangeError);
});

test("refuses names that msgpackr gives a meaning of its own", () => {
  for (const name of ["__proto__", "__keys__"]) {
    const value = [JSON.parse(`{ "before": 1, "${name}": 2 }`)];
    const error = refusal(value);
    assert.is(error.path, `value[0].${name}`);
    assert.match(error.reason, "Map");
  }
});

test("refuses arrays that are nearly all holes", () => {
  const sparse: unknown[] = [1, undefined];
  sparse[4_000_000_000] = { last: true };
  const error = refusal({ sparse });
  assert.is(error.path, "value.sparse");
  assert.match(error.got, "4000000001");
});

test("names the place whose accessor throws, and carries what it threw", () => {
  const cause = new RangeError("not now");
  const thrower = {
    get bad() {
      throw cause;
    },
  };
  const error = refusal({ list: [{ fine: [1] }, thrower] });
  assert.is(error.path, "value.list[1].bad");
  assert.is(error.cause, cause);
  assert.match(error.message, /not now/);
  const element = Object.defineProperty([1, 2], 1, { get: () => thrower.bad });
  assert.is(refusal({ element }).path, "value.element[1]");
});

test("names the object that a proxy does not let it read", () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  assert.is(refusal(proxy).path, "value");
  assert.is(refusal({ a: [{ b: 1 }, proxy] }).path, "value.a[1]");
  const listing = new Proxy({}, { ownKeys: () => assert.unreachable("listed") as never });
  assert.is(refusal({ before: { x: 1 }, listing }).path, "value.listing");
  const thrower = new Proxy(
    {},
    {
      getPrototypeOf() {
        throw Symbol("even this");
      },
    },
  );
  assert.match(refusal([thrower]).message, "Symbol(even this)");
});

test("refuses what only looks like a built-in", () => {
  for (const Class of [Map, Set, Date, RegExp, Number, ArrayBuffer, DataView]) {
    const error = refusal([Object.create(Class.prototype)]);
    assert.is(error.path, "value[0]", Class.name);
  }
});

test("takes proxies of plain things, as what they show", () => {
  const encoded = codec.encode(new Proxy({ a: 1 }, { get: () => 2 }));
  const bytes = new Uint8Array(encoded.byteLength);
  encoded.write(bytes);
  assert.equal(codec.decode(encoded.tag, encoded.number, bytes), { a: 2 });
});

test("is an error that can itself travel", () => {
  const error = refusal({ f() {} });
  const encoded = codec.encode(error);
  const bytes = new Uint8Array(encoded.byteLength);
  encoded.write(bytes);
  const got = codec.decode(encoded.tag, encoded.number, bytes) as TransferError;
  assert.instance(got, TransferError);
  assert.is(got.path, "value.f");
  assert.is(got.message, error.message);
});

test.run();
