/** Objects: what arrives is what was sent, in class, contents, order and sharing. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { difference } from "./same.js";
import { makeTrip } from "./trip.js";

const RUNS = process.env["STRESS"] ? 200_000 : 3000;
const DEEP = 1000;

const trip = makeTrip();

function arrives(value: unknown): void {
  const complaint = difference(trip(value), value);
  if (complaint !== null) assert.unreachable(complaint);
}

/** What msgpackr keeps of a string, whatever its length. */
const text = (unit: "grapheme" | "binary") =>
  fc.string({ unit, maxLength: 200 }).map((text) => text.replace(/^\ufeff/, ""));
const isTaken = (name: string) => name !== "__proto__" && name !== "__keys__";

test("takes whatever fast-check can think of, but for what the table of losses says", () => {
  const anything = fc.anything({
    key: fc
      .oneof(fc.string(), text("binary"), fc.constantFrom("toString", "constructor", "0", "7", ""))
      .filter(isTaken),
    values: [
      fc.boolean(),
      fc.integer(),
      fc.double(),
      fc.maxSafeInteger(),
      fc.bigInt(),
      text("grapheme"),
      text("binary"),
      fc.constantFrom(
        null,
        undefined,
        Number.NaN,
        Infinity,
        -Infinity,
        63,
        64,
        255,
        -1,
        -32,
        -33,
        2 ** 31,
        -(2 ** 31),
        2 ** 32,
      ),
    ],
    maxDepth: 4,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
    withTypedArray: true,
  });
  fc.assert(fc.property(anything, arrives), { numRuns: RUNS });
});

test("loses what the table of losses says", () => {
  const holes = Object.assign(new Array<unknown>(5), { 1: 1, 3: undefined });
  assert.is(difference(trip(holes), [undefined, 1, undefined, undefined, undefined]), null);
  assert.match(trip({ lone: "a\ud800b" }).lone, /^a\ufffd+b$/);
  const [mark] = trip([`\ufeff${"x".repeat(70)}`]);
  assert.is(mark, "x".repeat(70));
  assert.is(trip(["\ufeff short"])[0], "\ufeff short");
});

/** A graph: containers that point at one another in any way, also at themselves. */
const graph = fc
  .array(fc.record({ kind: fc.nat(5), edges: fc.array(fc.nat(99), { maxLength: 5 }) }), { minLength: 1, maxLength: 40 })
  .map((nodes) => {
    const make: (() => object)[] = [
      () => ({}),
      () => [],
      () => new Map(),
      () => new Set(),
      () => Object.create(null) as object,
      () => new RangeError("r"),
    ];
    const objects = nodes.map(({ kind }) => make[kind]!());
    for (const [i, { edges }] of nodes.entries()) {
      for (const [j, edge] of edges.entries()) {
        const from = objects[i]!;
        const to = objects[edge % objects.length]!;
        if (Array.isArray(from)) from.push(to);
        else if (from instanceof Map) from.set(j % 2 ? to : j, to);
        else if (from instanceof Set) from.add(to);
        else (from as Record<string, object>)[`edge${j}`] = to;
      }
    }
    return objects[0]!;
  });

test("keeps every ring and every sharing", () => {
  fc.assert(fc.property(graph, arrives), { numRuns: RUNS });
});

test("keeps rings and sharing by name", () => {
  const shared = { x: 1 };
  const value: Record<string, unknown> = {
    a: shared,
    b: [shared, shared],
    date: new Date(5),
    bytes: new Uint8Array(3),
  };
  value["self"] = value;
  value["again"] = [value["date"], value["bytes"], new Map([[value, value["b"]]])];
  arrives(value);
  const error = new Error("of itself");
  error.cause = error;
  arrives([error, { error }]);
});

const special: Record<string, unknown> = {
  "-0 wherever it may stand": [
    -0,
    { zero: -0, one: 1 },
    new Map<unknown, unknown>([["a", -0], [{}, -0]]), // biome-ignore format: one line
    Object.assign(Object.create(null), { zero: -0 }),
    Object.assign(new Error("e", { cause: -0 }), { zero: -0, list: [0, -0] }),
    [0, [-0], -0],
  ],
  "an object without properties": {},
  "an array without elements": [],
  "an invalid date": new Date(Number.NaN),
  "dates at the ends of time": [new Date(8.64e15), new Date(-8.64e15), new Date(0.5)],
  "regular expressions": [/a/, /[\u2028/]\n"é/dgimsy, /\p{L}+/u, /(?:)/],
  "boxed primitives": [Object(1), Object(-0), Object("text"), Object(false), Object(10n), Object("длинно".repeat(30))],
  "names that Object.prototype has": JSON.parse(
    '{"hasOwnProperty": {"a": 1}, "constructor": 2, "toString": 3, "valueOf": 4, "toJSON": 5}',
  ),
  "the same in an object without prototype": Object.assign(Object.create(null), { constructor: 1, hasOwnProperty: 2 }),
  "names that are indices": { 10: "a", 9: "b", x: "c", 1: "d", "-1": "e", "01": "f" },
  "names outside of Latin-1": { имя: 1, "😀": 3, é: 4 },
  "long names": { ["n".repeat(300)]: 1, ["m".repeat(200)]: 2, ["o".repeat(100)]: 3 },
  "a name without letters": { "": 1 },
  "24 properties": Object.fromEntries(Array.from({ length: 24 }, (_, i) => [`p${i}`, i])),
  "25 properties": Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`p${i}`, i])),
  "5,000 properties": Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`p${i}`, { i }])),
  arguments: (function (..._: unknown[]) {
    // biome-ignore lint/complexity/noArguments: they are an object of their own kind
    return { ...arguments };
  })(1, 2),
  "entries in their order": [
    new Map<unknown, unknown>([
      [2, "b"],
      [1, "a"],
      [Number.NaN, -0],
      [{}, []],
    ]),
    new Set([3, 1, 2]),
  ],
  "1,000 objects": Array.from({ length: 1000 }, (_, id) => ({ id, tags: [id], at: new Date(id) })),
  "10,000 numbers": Array.from({ length: 10_000 }, (_, i) => (i % 3 ? i / 7 : i)),
};

for (const [name, value] of Object.entries(special)) test(`takes ${name}`, () => arrives(value));

test("gives arrays without holes to the engine as such", () => {
  // Engines keep a note of holes, and are slower for ever after: what arrives must not have been filled from the end.
  const got = trip(Array.from({ length: 100 }, (_, i) => i));
  assert.is(got.length, 100);
  assert.ok(got.every((item, i) => item === i));
});

test("takes what accessors give, and leaves out what is not enumerable, inherited or named by a symbol", () => {
  const value = Object.defineProperties(
    { plain: 1, [Symbol("s")]: 2 },
    {
      computed: { get: () => 3, enumerable: true },
      hidden: { value: 4, enumerable: false },
    },
  );
  assert.is(difference(trip(value), { plain: 1, computed: 3 }), null);
});

test("leaves out what a page gave to Object.prototype", () => {
  const prototype = Object.prototype as { polluted?: unknown };
  prototype.polluted = () => 0;
  try {
    const got = trip({ own: { inner: 1 } });
    assert.equal(Object.keys(got), ["own"]);
    assert.equal(Object.keys(got.own), ["inner"]);
  } finally {
    delete prototype.polluted;
  }
});

test(`takes ${DEEP} levels of anything`, () => {
  const wrap: ((inner: unknown) => unknown)[] = [
    (inner) => ({ next: inner, and: "something" }),
    (inner) => [inner, 1],
    (inner) => new Map([["key", inner]]),
    (inner) => new Map([[inner, "value"]]),
    (inner) => new Set([inner]),
    (inner) => Object.assign(Object.create(null) as object, { inner }),
  ];
  let mixed: unknown = "end";
  for (let i = 0; i < DEEP; i++) mixed = wrap[i % wrap.length]!(mixed);
  arrives(mixed);
  let errors = new Error("first");
  for (let i = 0; i < 1000; i++) errors = new Error(`number ${i}`, { cause: errors });
  arrives(errors);
});

test(`keeps rings and sharing over ${DEEP} levels`, () => {
  const shared = { shared: true };
  const ring: Record<string, unknown> = { shared };
  let value: unknown = ring;
  for (let i = 0; i < DEEP; i++) value = { value, shared, side: [shared, { ring }] };
  ring["top"] = value;
  arrives(value);
});

test("tells shapes apart that look alike", () => {
  // Same letters in a row, cut at different places; same first name; more shapes than msgpackr has numbers for.
  const objects = [
    { ab: 1, c: 2 },
    { a: 1, bc: 2 },
    { abc: 1 },
    { a: 1 },
    { a: 1, b: 2 },
    { a: 1, c: 2 },
    { c: 2, a: 1 },
  ];
  for (let round = 0; round < 3; round++) for (const object of objects) arrives(object);
  for (let i = 0; i < 5000; i++) arrives({ [`name${i % 700}`]: i, same: 1, [`other${i % 3}`]: null });
  for (let i = 0; i < 100; i++) arrives({ same: 1, [`n${i % 20}`]: 2 });
  arrives(Array.from({ length: 5000 }, (_, i) => ({ [`name${i % 150}`]: i, at: { [`x${i % 70}`]: i } })));
});

test("takes the Buffer of Node as the Uint8Array that it is", () => {
  const Buffer = (globalThis as { Buffer?: { from(text: string): Uint8Array } }).Buffer;
  if (Buffer === undefined) return;
  for (const got of [trip(Buffer.from("text")), trip([Buffer.from("text")])[0]!]) {
    assert.is(Object.getPrototypeOf(got), Uint8Array.prototype);
    assert.equal([...got], [116, 101, 120, 116]);
    assert.is(got.buffer.byteLength, 4);
  }
});

test("takes resizable buffers as they are at the moment", () => {
  const Resizable = ArrayBuffer as unknown as new (
    length: number,
    options: object,
  ) => ArrayBuffer & { resize(n: number): void };
  const buffer = new Resizable(8, { maxByteLength: 64 });
  if (!("resize" in buffer)) return;
  const tracking = new Uint8Array(buffer);
  buffer.resize(16);
  tracking.fill(7);
  assert.equal([...trip(tracking)], new Array(16).fill(7));
  assert.is(trip(buffer).byteLength, 16);
});

test.run();
