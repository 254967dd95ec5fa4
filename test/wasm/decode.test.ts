import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { WasmError } from "../../ts/errors.js";
import { decode } from "../../ts/wasm/decode.js";
import { encode } from "../../ts/wasm/encode.js";
import type { Module } from "../../ts/wasm/module.js";
import { assemble } from "./wat.js";

const RUNS = { numRuns: process.env.STRESS ? 200_000 : 3_000 };

/** One module for each thing that a module may have. */
const TEXTS: Readonly<Record<string, string>> = {
  nothing: "(module)",
  "imports of every kind": `(module
    (type (func (param v128 i32 i64 f32 f64 funcref externref) (result v128)))
    (import "math" "sin" (func (type 0)))
    (import "env" "memory" (memory 1 65536 shared))
    (import "env" "table" (table 1 2 funcref))
    (import "env" "constant" (global f64))
    (import "env" "variable" (global (mut v128))))`,
  "a table with elements": `(module
    (type $t (func (param i32) (result i32)))
    (table 2 funcref) (elem (i32.const 0) $f $f)
    (func $f (type $t) (call_indirect (type $t) (local.get 0) (local.get 0))))`,
  "a memory with data": `(module (memory (export "memory") 1 3) (data (i32.const 16) "some bytes\\00") (data "passive")
    (func (memory.init 1 (i32.const 0) (i32.const 0) (i32.const 4)) (data.drop 1)))`,
  "globals and a start": `(module (global $g (mut i64) (i64.const -9007199254740993)) (global f32 (f32.const nan:0x200001))
    (global v128 (v128.const f64x2 1.5 -0)) (global funcref (ref.null func))
    (func $f (global.set $g (i64.add (global.get $g) (i64.const 1)))) (start $f))`,
  "structured control": `(module (func (export "run") (param i32) (result i32) (local i64 i64 f32 i64 v128)
    (block (result i32) (loop (br_if 0 (i32.eqz (local.get 0))))
      (block (block (br_table 0 1 1 0 (local.get 0)) (unreachable)) (nop))
      (if (result i32) (local.get 0) (then (i32.const 1)) (else (return (i32.const 2)))))))`,
  "a block with parameters": `(module (func (result f64) (f64.const 1) (block (param f64) (result f64) (f64.sqrt))))`,
  vectors: `(module (import "env" "memory" (memory 1 1 shared)) (func (param i32 v128) (result v128)
    (v128.store offset=4096 align=8 (local.get 0) (local.get 1))
    (i8x16.shuffle 0 1 2 3 4 5 6 7 24 25 26 27 28 29 30 31 (local.get 1)
      (f64x2.replace_lane 1 (local.get 1) (f64.load (i32.const 0))))))`,
  atomics: `(module (import "env" "memory" (memory 1 1 shared)) (func (param i32) (result i32)
    (atomic.fence) (drop (memory.atomic.wait32 (local.get 0) (i32.const 0) (i64.const -1)))
    (i64.atomic.store (i32.const 8) (i64.const 1))
    (i32.atomic.rmw.cmpxchg (local.get 0) (i32.const 0) (i32.const 1))))`,
};

const assembled = async () =>
  Promise.all(Object.entries(TEXTS).map(async ([what, wat]) => [what, await assemble(wat)] as const));

test("a module encodes to the bytes that it was decoded from, and these are valid", async () => {
  for (const [what, bytes] of await assembled()) {
    assert.ok(WebAssembly.validate(bytes), what);
    const module = decode(bytes);
    const again = encode(module);
    assert.ok(WebAssembly.validate(again), what);
    assert.equal(decode(again), module, what);
    assert.equal(again, bytes, what);
  }
});

test("Heddle's own modules come back valid, with the same exports", () => {
  for (const name of ["core", "drivers", "math"]) {
    const bytes = new Uint8Array(readFileSync(join(process.cwd(), "build", `${name}.wasm`)));
    const module = decode(bytes);
    const again = encode(module);
    assert.equal(decode(again), module, name);
    assert.equal(
      WebAssembly.Module.exports(new WebAssembly.Module(again)),
      WebAssembly.Module.exports(new WebAssembly.Module(bytes)),
      name,
    );
  }
});

test("a decoded module is the data that one expects", async () => {
  const expected: Module = {
    types: [{ parameters: ["v128"], results: ["v128"] }],
    imports: [{ module: "env", name: "memory", kind: "memory", limits: { minimum: 1, maximum: 65536, shared: true } }],
    functions: [
      {
        type: 0,
        locals: ["i32", "i32"],
        body: [["local.get", 0], ["i32.const", 0], ["v128.load", { align: 4, offset: 16 }], ["f64x2.mul"], ["end"]],
      },
    ],
    tables: [],
    memories: [],
    globals: [{ type: "f64", mutable: false, init: [["f64.const", 0xbff0000000000000n], ["end"]] }],
    exports: [{ name: "f", kind: "function", index: 0 }],
    elements: [],
    data: [],
  };
  const bytes = await assemble(`(module (import "env" "memory" (memory 1 65536 shared)) (global f64 (f64.const -1))
    (func (export "f") (param v128) (result v128) (local i32 i32)
      (f64x2.mul (local.get 0) (v128.load offset=16 (i32.const 0)))))`);
  assert.equal(decode(bytes), expected);
});

test("functions that are read later are the same, and say then what is wrong with them", async () => {
  for (const text of Object.values(TEXTS)) {
    const bytes = await assemble(text);
    assert.equal(encode(decode(bytes, { later: true })), encode(decode(bytes)));
  }
  const broken = await assemble("(module (func) (func (result i32) (i32.const 1)))");
  // The opcode of the constant, before its value and the two ends.
  broken[broken.length - 3] = 0xff;
  assert.throws(() => decode(broken), /at byte/);
  const { functions } = decode(broken, { later: true });
  assert.equal(functions[0]?.body, [["end"]]);
  assert.throws(
    () => functions[1]?.body,
    (error: Error) => error instanceof WasmError && error.message === messageOf(() => decode(broken)),
  );
});

test("custom sections are dropped wherever they stand", async () => {
  const bytes = await assemble("(module (func (nop)))");
  const custom = [0, 5, 4, 110, 97, 109, 101];
  const dressed = Uint8Array.from([...bytes.subarray(0, 8), ...custom, ...bytes.subarray(8), ...custom]);
  assert.equal(decode(dressed), decode(bytes));
});

/** Bytes after the preamble, and what the message must say. */
const REFUSED: readonly (readonly [what: string, bytes: readonly number[], message: RegExp])[] = [
  ["sections out of order", [3, 1, 0, 1, 1, 0], /byte 11, expected sections in their order/],
  ["a section twice", [1, 1, 0, 1, 1, 0], /once each/],
  ["an unknown section", [13, 1, 0], /a section that Heddle knows, found section 13/],
  ["a section longer than the bytes", [1, 9, 0], /a section of 9 bytes, found 1 before the end/],
  ["a section longer than its content", [1, 2, 0, 0], /the end of the section/],
  ["functions without code", [1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0], /the code of 1 functions, found 0/],
  ["a 64-bit memory", [5, 3, 1, 4, 1], /32-bit memory or table, found flags 0x4/],
  ["two memories", [5, 5, 2, 0, 1, 0, 1], /one memory at most, found 2/],
  ["a tag import", [2, 5, 1, 0, 0, 4, 0], /a function, table, memory or global, found kind 0x4/],
  ["an unknown instruction", [6, 5, 1, 0x7f, 0, 0x06, 0x0b], /an instruction, found 0x6/],
  ["an unknown vector instruction", [6, 7, 1, 0x7f, 0, 0xfd, 0x9a, 0x01, 0x0b], /an instruction, found 0xfd 0x9a/],
  ["a value of an unknown type", [6, 5, 1, 0x6e, 0, 0x41, 0x0b], /a value type, found 0x6e/],
  ["elements by expressions", [9, 3, 1, 4, 0], /an active segment of functions/],
  ["an announced data count", [12, 1, 1], /1 data segments, as announced, found 0/],
  [
    "too many locals",
    [1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 10, 1, 8, 1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f, 0x0b],
    /locals/,
  ],
];

for (const [what, bytes, message] of REFUSED) {
  test(`${what}: a WasmError that says where`, () => {
    assert.throws(
      () => decode(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...bytes)),
      (error: unknown) => error instanceof WasmError && message.test(error.message),
    );
  });
}

test("what is no module at all is refused at the byte where that shows", () => {
  const refuses = (bytes: Uint8Array, message: RegExp) =>
    assert.throws(
      () => decode(bytes),
      (error: unknown) => error instanceof WasmError && message.test(error.message),
    );
  refuses(new Uint8Array(0), /byte 0.*found the end/);
  refuses(Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0), /byte 4.*found 0x2/);
  refuses(new TextEncoder().encode("(module)"), /byte 0.*found 0x28/);
});

test("locals of many functions do not multiply", () => {
  // 100 functions of 50,000 locals each, in 11 bytes apiece: a few hundred of them would fill any memory.
  const one = [7, 1, 0xd0, 0x86, 0x03, 0x7f, 0x00, 0x0b];
  const count = 100;
  const code = [count, ...Array.from({ length: count }, () => one).flat()];
  const size = [(code.length & 0x7f) | 0x80, code.length >> 7];
  const bytes = [1, 4, 1, 0x60, 0, 0, 3, count + 1, count, ...new Array<number>(count).fill(0), 10, ...size, ...code];
  assert.throws(
    () => decode(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...bytes)),
    (error: unknown) => error instanceof WasmError && /locals/.test(error.message),
  );
});

test("mutated bytes decode to a module that reads back, or to a WasmError", async () => {
  const modules = (await assembled()).map(([, bytes]) => bytes);
  const mutation = fc.record({ at: fc.nat(), remove: fc.nat(3), insert: fc.uint8Array({ maxLength: 3 }) });
  const counts = { read: 0, refused: 0 };
  fc.assert(
    fc.property(fc.constantFrom(...modules), fc.array(mutation, { minLength: 1, maxLength: 4 }), (bytes, mutations) => {
      const mutated = [...bytes];
      for (const { at, remove, insert } of mutations) mutated.splice(at % (mutated.length + 1), remove, ...insert);
      let module: Module;
      try {
        module = decode(Uint8Array.from(mutated));
      } catch (error) {
        if (!(error instanceof WasmError)) throw error;
        counts.refused++;
        return;
      }
      assert.equal(decode(encode(module)), module);
      counts.read++;
    }),
    RUNS,
  );
  // A property that only ever saw one side would prove nothing about the other.
  assert.ok(counts.read > 0 && counts.refused > 0, JSON.stringify(counts));
});

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

test.run();
