import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { WasmError } from "../../ts/errors.js";
import {
  blob,
  type Codec,
  fixed,
  pattern,
  Reader,
  s32,
  s33,
  s64,
  sized,
  text,
  u32,
  vector,
  Writer,
} from "../../ts/wasm/bytes.js";

const RUNS = { numRuns: process.env.STRESS ? 100_000 : 500 };

function write<T>(codec: Codec<T>, value: T): number[] {
  const writer = new Writer();
  codec.write(writer, value);
  return [...writer.written()];
}

/** Reads one value and sees that nothing is left. */
function read<T>(codec: Codec<T>, bytes: readonly number[]): T {
  const reader = new Reader(Uint8Array.from(bytes));
  const value = codec.read(reader);
  assert.is(reader.offset, bytes.length);
  return value;
}

const refuses = (codec: Codec<unknown>, bytes: readonly number[], message: RegExp) =>
  assert.throws(
    () => read(codec, bytes),
    (error: unknown) => error instanceof WasmError && message.test(error.message),
  );

test("numbers have the bytes of the specification's examples", () => {
  assert.equal(write(u32, 624485), [0xe5, 0x8e, 0x26]);
  assert.equal(write(u32, 2 ** 32 - 1), [0xff, 0xff, 0xff, 0xff, 0x0f]);
  assert.equal(write(s32, -123456), [0xc0, 0xbb, 0x78]);
  assert.equal(write(s32, 64), [0xc0, 0x00]);
  assert.equal(write(s32, -64), [0x40]);
  assert.equal(write(s32, -(2 ** 31)), [0x80, 0x80, 0x80, 0x80, 0x78]);
  assert.equal(write(s64, -(2n ** 63n)), [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f]);
  assert.equal(write(pattern(8), 0x3ff0000000000000n), [0, 0, 0, 0, 0, 0, 0xf0, 0x3f]);
  assert.equal(write(text, "é"), [2, 0xc3, 0xa9]);
});

test("every number reads back", () => {
  const both = <T>(codec: Codec<T>, values: fc.Arbitrary<T>) =>
    fc.assert(
      fc.property(values, (value) => assert.is(read(codec, write(codec, value)), value)),
      RUNS,
    );
  both(u32, fc.nat(2 ** 32 - 1));
  both(s32, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
  both(s33, fc.integer({ min: -(2 ** 32), max: 2 ** 32 - 1 }));
  both(s64, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
  both(pattern(4), fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }));
  both(pattern(8), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));
  both(text, fc.string({ unit: "binary" }));
});

test("numbers that are too long or too large are refused, padded ones are read", () => {
  assert.is(read(u32, [0x83, 0x80, 0x80, 0x80, 0x00]), 3);
  refuses(u32, [0x83, 0x80, 0x80, 0x80, 0x80, 0x00], /byte 0.*unsigned number of 32 bits/);
  refuses(u32, [0xff, 0xff, 0xff, 0xff, 0x1f], /unsigned number of 32 bits/);
  assert.is(read(s32, [0xff, 0xff, 0xff, 0xff, 0x7f]), -1);
  refuses(s32, [0x80, 0x80, 0x80, 0x80, 0x08], /signed number of 32 bits/);
  refuses(s32, [0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], /signed number of 32 bits/);
  assert.is(read(s33, [0x80, 0x80, 0x80, 0x80, 0x08]), 2 ** 31);
  assert.is(read(s64, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]), -1n);
  refuses(s64, [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01], /signed number of 64 bits/);
  refuses(s64, [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], /signed number of 64 bits/);
});

test("a length is not believed before its bytes are seen", () => {
  refuses(vector(u32), [0xff, 0xff, 0xff, 0xff, 0x0f, 1], /count of at most 1, found 4294967295/);
  refuses(blob, [5, 1, 2], /5 more bytes, found 2/);
  refuses(fixed(16), [1, 2, 3], /16 more bytes/);
  refuses(sized(u32, "a thing"), [3, 1], /3 bytes of a thing/);
  refuses(sized(u32, "a thing"), [2, 1, 1], /the end of a thing, found 1 more/);
  refuses(text, [1, 0xff], /UTF-8/);
  refuses(u32, [], /another byte, found the end/);
});

test("half a character is no name", () => {
  assert.throws(
    () => write(text, "\ud800"),
    (error: unknown) => error instanceof WasmError,
  );
});

test("what is read shares nothing with the source, a Buffer's included", () => {
  const source = Buffer.from([3, 7, 8, 9]);
  const reader = new Reader(source);
  const value = blob.read(reader);
  source.fill(0);
  assert.equal([...value], [7, 8, 9]);
});

test("a writer grows over any number of bytes", () => {
  const writer = new Writer();
  const long = Uint8Array.from({ length: 10_000 }, (_, index) => index & 0xff);
  writer.byte(1);
  writer.bytes(long);
  for (let index = 0; index < 1000; index++) writer.byte(index & 0xff);
  assert.is(writer.length, 11_001);
  assert.equal(writer.written().slice(1, 10_001), long);
});

test.run();
