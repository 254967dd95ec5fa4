import { test } from "uvu";
import * as assert from "uvu/assert";
import { WasmError } from "../../ts/errors.js";
import { encode } from "../../ts/wasm/encode.js";
import { encodedLength } from "../../ts/wasm/instructions.js";
import type { Immediate, Instruction, Module } from "../../ts/wasm/module.js";
import { EMPTY } from "./empty.js";

const withBody = (...body: Instruction[]): Module => ({
  ...EMPTY,
  types: [{ parameters: ["f64"], results: ["f64"] }],
  functions: [{ type: 0, locals: [], body }],
  exports: [{ name: "f", kind: "function", index: 0 }],
});

test("what is encoded runs", () => {
  const bytes = encode(withBody(["local.get", 0], ["f64.const", 0x4000000000000000n], ["f64.mul"], ["end"]));
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  assert.is((f as (x: number) => number)(21), 42);
});

test("the bytes are the caller's own, whole", () => {
  const bytes = encode(EMPTY);
  assert.is(bytes.buffer.byteLength, bytes.length);
  assert.is(bytes.length, 8);
});

/** An instruction with a fault, and what the message must say. */
const REFUSED: readonly (readonly [Instruction, RegExp])[] = [
  [["f64.power"], /name of an instruction, got "f64.power"/],
  [["local.get"], /local.get: expected an index of 32 bits, got undefined/],
  [["local.get", -1], /local.get: expected an index of 32 bits, got -1/],
  [["local.get", 1.5], /got 1.5/],
  [["i32.const", 2 ** 31], /i32.const: expected an integer from/],
  [["i64.const", 1], /i64.const: expected a bigint/],
  [["i64.const", 2n ** 63n], /i64.const: expected a bigint/],
  [["f64.const", 1.5], /f64.const: expected a bigint, the 64 bits of a float, got 1.5/],
  [["f32.const", 2n ** 32n], /f32.const: expected a bigint, the 32 bits/],
  [["v128.const", new Uint8Array(15)], /v128.const: expected 16 bytes, got 15 bytes/],
  [["v128.load", { align: 5, offset: 0 }], /v128.load: expected \{ align/],
  [["v128.load", { align: 4 } as unknown as Immediate], /v128.load: expected \{ align/],
  [["block"], /block: expected "empty"/],
  [["block", "f65" as Immediate], /block: expected "empty"/],
  [["f64x2.extract_lane", 256], /the number of a lane/],
  [["br_table", 0, 0], /br_table: expected an array of labels/],
  [["select_typed", ["f65"] as unknown as Immediate], /an array of value types/],
  [["ref.null", "i32"], /funcref or externref/],
  [["nop", 1], /nop: expected 0 immediates, got 1/],
];

for (const [instruction, message] of REFUSED) {
  test(`${JSON.stringify(instruction, (_, each) => (typeof each === "bigint" ? `${each}n` : each))} is refused by name`, () => {
    assert.throws(
      () => encode(withBody(instruction, ["end"])),
      (error: unknown) => error instanceof WasmError && message.test(error.message),
    );
  });
}

test("bodies whose constructs do not close once are refused", () => {
  const refuses = (message: RegExp, ...body: Instruction[]) =>
    assert.throws(
      () => encode(withBody(...body)),
      (error: unknown) => error instanceof WasmError && message.test(error.message),
    );
  refuses(/expected 1 more \["end"\]/, ["nop"]);
  refuses(/expected 1 more \["end"\]/, ["block", "empty"], ["end"]);
  refuses(/nothing after the last end, got "nop"/, ["end"], ["nop"]);
});

test("two memories are refused", () => {
  assert.throws(
    () => encode({ ...EMPTY, memories: [{ minimum: 1 }, { minimum: 1 }] }),
    (error: unknown) => error instanceof WasmError && /one memory at most, found 2/.test(error.message),
  );
});

test("the length of instructions is that of their bytes", () => {
  assert.is(encodedLength([["i32.const", 300], ["v128.const", new Uint8Array(16)], ["end"]]), 3 + 18 + 1);
});

test.run();
