/** The codec: cells, blocks, whose bytes they are, and what it does when asked at a bad moment. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ArgumentError, HandleError, TransferError } from "../../ts/errors.js";
import { type Encoded, makeCodec } from "../../ts/values/codec.js";
import { Tag } from "../../ts/values/tags.js";
import { difference } from "./same.js";
import { makeTrip, NO_HANDLES, written } from "./trip.js";

const isTransferError = (error: unknown) => error instanceof TransferError;
const isArgumentError = (error: unknown) => error instanceof ArgumentError;

const codec = () => makeCodec(NO_HANDLES);

class Gate {
  constructor(readonly id: number) {}
}

test("puts into the cell alone what fits there", () => {
  const cases: [unknown, number, number][] = [
    [1.5, Tag.NUMBER, 1.5],
    [-0, Tag.NUMBER, -0],
    [Number.NaN, Tag.NUMBER, Number.NaN],
    [Number.NEGATIVE_INFINITY, Tag.NUMBER, Number.NEGATIVE_INFINITY],
    [undefined, Tag.UNDEFINED, 0],
    [null, Tag.NULL, 0],
    [false, Tag.FALSE, 0],
    [true, Tag.TRUE, 0],
  ];
  const trip = makeTrip();
  for (const [value, tag, number] of cases) {
    const encoded = codec().encode(value);
    assert.is(encoded.tag, tag);
    assert.ok(Object.is(encoded.number, number));
    assert.is(encoded.byteLength, 0);
    assert.ok(encoded.tag < Tag.FIRST_WITH_BYTES);
    assert.ok(Object.is(trip(value), value));
  }
});

test("gives every class of bytes a tag of its own and takes them there", () => {
  const trip = makeTrip();
  const { buffer } = Uint8Array.from({ length: 48 }, (_, i) => i * 37);
  const Float16 = (globalThis as { Float16Array?: Float32ArrayConstructor }).Float16Array;
  const classes: (new (buffer: ArrayBuffer, offset?: number, length?: number) => ArrayBufferView)[] = [
    ...[DataView, Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array],
    ...[BigInt64Array, BigUint64Array, Float32Array, Float64Array, ...(Float16 ? [Float16] : [])],
  ];
  const tags = new Set<number>([codec().encode(buffer).tag]);
  assert.is(difference(trip(buffer), buffer), null);
  for (const Class of classes) {
    for (const view of [new Class(buffer), new Class(buffer, 16), new Class(buffer, 16, 2), new Class(buffer, 48)]) {
      const encoded = codec().encode(view);
      tags.add(encoded.tag);
      assert.is(encoded.byteLength, view.byteLength);
      assert.is(difference(trip(view), view), null);
      assert.is(trip(view).buffer.byteLength, view.byteLength, "only what the view shows");
      assert.is(difference(trip({ view }), { view }), null);
    }
  }
  assert.is(tags.size, classes.length + 1);
  assert.ok([...tags].every((tag) => tag >= Tag.FIRST_BINARY));
});

test("takes BigInts of any size", () => {
  const trip = makeTrip();
  for (const bits of [0n, 1n, 7n, 8n, 9n, 31n, 32n, 63n, 64n, 65n, 1000n, 100_003n]) {
    for (const value of [1n << bits, (1n << bits) - 1n, -(1n << bits), 1n - (1n << bits)]) {
      assert.ok(trip(value) === value, `2^${bits}`);
      assert.ok(trip([value])[0] === value, `2^${bits}, nested`);
    }
  }
});

test("lets a block wait in its buffer while others are encoded", () => {
  const sender = codec();
  const values = ["a text", { an: "object" }, "длинный текст ".repeat(20), [1, 2, 3], { another: new Map([[1, 2]]) }];
  const waiting = values.map((value) => sender.encode(value));
  for (const [i, encoded] of waiting.entries()) {
    const bytes = written(encoded);
    assert.is(difference(codec().decode(encoded.tag, encoded.number, bytes), values[i]) ?? "", "");
  }
});

test("lets a block of one codec wait while another encodes, whatever it is", () => {
  const buffer = new Uint8Array(8);
  const again = {
    encode: (value: unknown) => buffer.fill((value as number[]).length),
    decode: (bytes: Uint8Array) => bytes[0],
  };
  const codecs = [makeCodec(GATES), makeCodec(GATES), makeCodec(GATES, again), makeCodec(GATES, again)];
  const values = [
    "a text",
    new Gate(1),
    [1, 2, 3],
    { e: new Error("e"), list: ["long ".repeat(100)] },
    new Map([[1, [2]]]),
  ];
  const received = (encoded: Encoded, by: number): unknown =>
    codecs[by]!.decode(encoded.tag, encoded.number, written(encoded));
  for (const [i, first] of codecs.entries()) {
    for (const [j, second] of codecs.entries()) {
      for (const value of values.filter((value) => i < 2 || Array.isArray(value))) {
        for (const other of values.filter((value) => j < 2 || Array.isArray(value))) {
          const encoded = first.encode(value);
          const next = second.encode(Array.isArray(other) ? [...other, 4] : other);
          if (i < 2) assert.is(difference(received(encoded, i), value) ?? "", "");
          else assert.is(received(encoded, i), 3);
          if (j < 2) written(next);
          else assert.is(received(next, j), 4);
        }
      }
    }
  }
});

test("lets blocks wait that were encoded within an accessor, by whichever codec", () => {
  const [sender, other] = [makeCodec(GATES), makeCodec(GATES)];
  for (const inner of ["a text", new Gate(1), [1, 2, 3], { list: ["long ".repeat(100)] }, new Map([[1, [2]]])]) {
    const inside: Encoded[] = [];
    const value = {
      before: [1, "eins"],
      get inner() {
        inside.push(other.encode(inner));
        return "asked";
      },
    };
    const outer = sender.encode(value);
    const last = other.encode({ last: [1, 2, 3] });
    for (const encoded of inside) {
      assert.is(difference(sender.decode(encoded.tag, encoded.number, written(encoded)), inner) ?? "", "");
    }
    assert.equal(other.decode(outer.tag, 0, written(outer)), { before: [1, "eins"], inner: "asked" });
    assert.equal(other.decode(last.tag, 0, written(last)), { last: [1, 2, 3] });
  }
});

test("says so when a block is written whose place was used again", () => {
  const sender = codec();
  const first = sender.encode("first");
  written(first);
  sender.encode("second");
  assert.throws(() => written(first), /not kept/);
});

test("writes a block again that was kept, or that nothing came after", () => {
  const sender = codec();
  for (const [value, other] of [
    ["first", "second"],
    [{ n: 1 }, { other: 2 }],
  ]) {
    const first = sender.encode(value);
    const bytes = written(first);
    assert.equal(written(first), bytes);
    first.keep();
    written(sender.encode(other));
    assert.equal(written(first), bytes);
  }
});

test("takes an array as it is when it is written, unless told to keep it", () => {
  const kept = Float64Array.of(1, 2);
  const loose = Float64Array.of(1, 2);
  const sender = codec();
  const [a, b] = [sender.encode(kept), sender.encode(loose)];
  a.keep();
  a.keep();
  kept[0] = loose[0] = 9;
  assert.equal(codec().decode(a.tag, 0, written(a)), Float64Array.of(1, 2));
  assert.equal(codec().decode(b.tag, 0, written(b)), Float64Array.of(9, 2));
});

test("refuses to write an array that was transferred away meanwhile", () => {
  const sender = codec();
  for (const view of [new Uint8Array(100), new Float64Array(4)]) {
    const encoded = sender.encode(view);
    structuredClone(view, { transfer: [view.buffer] });
    assert.throws(() => written(encoded), isTransferError);
  }
});

test("encodes within an accessor of the value that it encodes", () => {
  const sender = codec();
  let inner: Uint8Array | undefined;
  const value = {
    before: [1, "eins"],
    get inner() {
      inner = written(sender.encode({ before: "other", list: [2] }));
      return written(sender.encode(["again", { x: 1 }])).length;
    },
    after: { z: null },
  };
  const encoded = sender.encode(value);
  const plain = { before: [1, "eins"], inner: value.inner, after: { z: null } };
  assert.is(difference(codec().decode(encoded.tag, encoded.number, written(encoded)), plain), null);
  assert.equal(codec().decode(encoded.tag, 0, inner!), { before: "other", list: [2] });
});

test("lets blocks wait that were encoded within an accessor", () => {
  const sender = codec();
  const inner: Encoded[] = [];
  const value = {
    before: [1, "eins"],
    get inner() {
      inner.push(sender.encode({ asked: inner.length }), sender.encode(`text ${inner.length}`));
      return "asked";
    },
  };
  const outer = sender.encode(value);
  const waiting = [...inner, outer].map((encoded) => codec().decode(encoded.tag, encoded.number, written(encoded)));
  assert.equal(waiting, [{ asked: 0 }, "text 0", { asked: 2 }, "text 2", { before: [1, "eins"], inner: "asked" }]);
});

test("keeps a copy of what a codec of the caller's may write over", () => {
  // Node's, whose `slice` gives a view of itself, where there is one.
  const buffer: Uint8Array = typeof Buffer === "undefined" ? new Uint8Array(1000) : Buffer.alloc(1000);
  const sender = makeCodec(NO_HANDLES, { encode: () => buffer.fill(7), decode: () => null });
  const encoded = sender.encode({});
  encoded.keep();
  buffer.fill(8);
  assert.equal([...new Set(written(encoded))], [7]);
});

test("encodes something large within an accessor of the value that it encodes", () => {
  const sender = codec();
  const value = {
    before: "b".repeat(100),
    get inner() {
      return sender.encode({ large: "l".repeat(500_000) }).byteLength > 500_000;
    },
    after: "a".repeat(100),
  };
  const { before, inner, after } = value;
  const encoded = sender.encode([value, value]);
  const [first, second] = codec().decode(encoded.tag, encoded.number, written(encoded)) as object[];
  assert.equal(first, { before, inner, after });
  assert.is(second, first);
});

test("refuses a function that an accessor gives the second time only", () => {
  let asked = 0;
  const value = {
    get late() {
      return asked++ === 0 ? 1 : () => 2;
    },
  };
  assert.throws(() => codec().encode(value), isTransferError);
});

test("says so when it cannot make a value again", () => {
  const encoded = codec().encode({ list: [1, 2, 3] });
  const bytes = written(encoded);
  assert.throws(() => codec().decode(encoded.tag, encoded.number, bytes.subarray(0, -2)), isTransferError);
  assert.equal(codec().decode(encoded.tag, encoded.number, bytes), { list: [1, 2, 3] });
});

test("passes on the error of a handle that leads nowhere, and is as good as new", () => {
  const stale = makeCodec({
    toHandle: (value) => (value instanceof Gate ? { gate: value.id } : undefined),
    fromHandle() {
      throw new HandleError("it is stale");
    },
  });
  for (const value of [new Gate(1), [{ gate: new Gate(1) }]]) {
    const encoded = stale.encode(value);
    assert.throws(
      () => stale.decode(encoded.tag, encoded.number, written(encoded)),
      (error: unknown) => error instanceof HandleError,
    );
    const next = stale.encode([1]);
    assert.equal(stale.decode(next.tag, next.number, written(next)), [1]);
  }
});

test("is as good as new after a refusal", () => {
  const sender = codec();
  const shared = { deep: [new Map([["f", { list: [1, () => 1] }]])] };
  for (let i = 0; i < 3; i++) {
    assert.throws(() => sender.encode({ a: shared, b: shared }), isTransferError);
    const encoded = sender.encode({ a: 1 });
    assert.equal(codec().decode(encoded.tag, encoded.number, written(encoded)), { a: 1 });
  }
});

test("is as good as new after the stack ended anywhere within it", () => {
  const sender = codec();
  const value = {
    list: [1, { text: "abc".repeat(50), map: new Map([[{ k: 1 }, new Set([1.5])]]) }],
    e: new Error("e"),
  };
  let failures = 0;
  // Every frame tries while the stack unwinds, so that the end of it falls on each place in turn.
  const dive = (): void => {
    try {
      dive();
    } catch {
      // The stack has ended somewhere below; here there is a little more of it than there.
    }
    if (failures < 300) {
      try {
        sender.encode(value);
        failures = 1000;
      } catch {
        failures++;
      }
    }
  };
  dive();
  assert.ok(failures > 1, "the stack never ended within it");
  const encoded = sender.encode(value);
  assert.is(difference(codec().decode(encoded.tag, encoded.number, written(encoded)), value), null);
});

test("goes on after large messages", () => {
  const sender = codec();
  const large = { text: "x".repeat(300_000) };
  const first = sender.encode(large);
  const second = sender.encode({ small: true, text: "длинный текст ".repeat(20) });
  assert.equal(codec().decode(first.tag, first.number, written(first)), large);
  assert.equal(codec().decode(second.tag, second.number, written(second)), {
    small: true,
    text: "длинный текст ".repeat(20),
  });
});

test("leaves objects to a codec of the caller's, and nothing else", () => {
  const seen: unknown[] = [];
  const json = {
    encode(value: unknown): Uint8Array {
      seen.push(value);
      return new TextEncoder().encode(JSON.stringify(value));
    },
    decode: (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes)),
  };
  const trip = makeTrip(NO_HANDLES, json);
  const object = { a: [1, 2, { b: null }], date: "2020" };
  assert.equal(trip(object), object);
  assert.equal(trip(new Uint16Array([1, 2])), new Uint16Array([1, 2]));
  assert.is(trip("text"), "text");
  assert.equal(seen, [object]);
});

test("says what is wrong with a codec of the caller's", () => {
  const failing = makeCodec(NO_HANDLES, {
    encode() {
      throw new SyntaxError("no such thing");
    },
    decode: () => 0,
  });
  try {
    failing.encode({});
    assert.unreachable();
  } catch (error) {
    assert.instance(error, TransferError);
    assert.instance((error as Error).cause, SyntaxError);
  }
  const wrong = makeCodec(NO_HANDLES, { encode: () => "text" as never, decode: () => 0 });
  assert.throws(() => wrong.encode({}), isArgumentError);
});

test("refuses a tag that it does not know", () => {
  assert.throws(() => codec().decode(31, 0, new Uint8Array(8)), isTransferError);
  assert.throws(() => codec().decode(99, 0, new Uint8Array(8)), isTransferError);
});

const GATES = {
  toHandle: (value: object) => (value instanceof Gate ? { gate: value.id, tags: ["g"] } : undefined),
  fromHandle: (handle: unknown) => new Gate((handle as { gate: number }).gate),
};

test("takes objects that have handles, alone and inside others, the same one where it was the same", () => {
  const trip = makeTrip(GATES);
  assert.is(difference(trip(new Gate(7)), new Gate(7)), null);
  const gate = new Gate(8);
  const value: Record<string, unknown> = { gate, list: [gate, { after: 1 }], map: new Map([[gate, gate]]) };
  value["self"] = value;
  value["last"] = value["list"];
  assert.is(difference(trip(value), value), null);
});

test("takes a handle that is already plain as the plain object that it is", () => {
  const handle = GATES.toHandle(new Gate(9));
  assert.equal(makeTrip(GATES)({ handle }), { handle });
});

test("passes on what asking for a handle threw, when it is an error of the house", () => {
  const closed = makeCodec({
    ...NO_HANDLES,
    toHandle() {
      throw new ArgumentError("it is closed", "queue", null);
    },
  });
  assert.throws(() => closed.encode(new Gate(1)), isArgumentError);
  assert.throws(() => closed.encode([new Gate(1)]), isArgumentError);
});

test.run();
