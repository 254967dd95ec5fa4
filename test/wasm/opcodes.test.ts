/**
 * Every row of the opcode table against another assembler (wabt), byte for byte.
 *
 * Each instruction is put alone into a function, within the constructs without which it would not parse, and the code sections are compared.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { decode } from "../../ts/wasm/decode.js";
import { encode } from "../../ts/wasm/encode.js";
import type { Immediate, Instruction, Module } from "../../ts/wasm/module.js";
import { type ImmediateKind, OPCODES, type Opcode, opcodeByCode, opcodeByName } from "../../ts/wasm/opcodes.js";
import { EMPTY } from "./empty.js";
import { assemble } from "./wat.js";

/** Indices point into empty spaces: nobody validates here. Types are real, because the text names them. */
const MODULE: Module = {
  ...EMPTY,
  types: [
    { parameters: [], results: [] },
    { parameters: ["i32"], results: ["i32"] },
  ],
};
const WAT_TYPES = "(type (func)) (type (func (param i32) (result i32)))";

const SIXTEEN = Uint8Array.of(0, 17, 2, 19, 4, 21, 6, 23, 8, 25, 10, 27, 12, 29, 14, 31);

/** A telling immediate of each kind: as we write it and as the text format writes it. */
const SAMPLES: Readonly<Record<Exclude<ImmediateKind, "zero">, readonly [Immediate, string]>> = {
  label: [1, "1"],
  labels: [[0, 1], "0 1"],
  function: [200, "200"],
  type: [1, "(type 1)"],
  local: [3, "3"],
  global: [300, "300"],
  table: [1, "1"],
  data: [2, "2"],
  element: [3, "3"],
  "block type": ["v128", "(result v128)"],
  "value types": [["f32"], "(result f32)"],
  "reference type": ["externref", "extern"],
  "memory argument": [{ align: 3, offset: 70000 }, "offset=70000 align=8"],
  lane: [1, "1"],
  lanes: [SIXTEEN, SIXTEEN.join(" ")],
  i32: [-123456, "-123456"],
  i64: [-(2n ** 62n), "-4611686018427387904"],
  f32: [0x7fa0dea0n, "nan:0x20dea0"],
  f64: [0x3ff123456789abcdn, "0x1.123456789abcdp+0"],
  v128: [SIXTEEN, `i8x16 ${SIXTEEN.join(" ")}`],
};

/** The text of a sample. Where the two formats order immediates differently, this is where it shows. */
function text({ name, immediates }: Opcode): string {
  const words = immediates.filter((kind) => kind !== "zero").map((kind) => SAMPLES[kind][1]);
  if (name === "call_indirect" || name === "table.init") words.reverse();
  return [name === "select_typed" ? "select" : name, ...words].join(" ");
}

/** The sample between the constructs without which it would not parse. */
function bodyOf(opcode: Opcode): { readonly ours: Instruction[]; readonly theirs: string } {
  const immediates = opcode.immediates.filter((kind) => kind !== "zero").map((kind) => SAMPLES[kind][0]);
  const sample: Instruction = [opcode.name, ...immediates];
  switch (opcode.name) {
    case "block":
    case "loop":
    case "if":
      return { ours: [sample, ["end"], ["end"]], theirs: `${text(opcode)} end` };
    case "else":
      return { ours: [["if", "empty"], sample, ["nop"], ["end"], ["end"]], theirs: "if else nop end" };
    case "end":
      return { ours: [["block", "empty"], sample, ["end"]], theirs: "block end" };
    default:
      return { ours: [sample, ["end"]], theirs: text(opcode) };
  }
}

test("the table has every instruction of Core 2.0, threads and relaxed SIMD, once", () => {
  const count = (prefix: number, from = 0, to = Infinity) =>
    OPCODES.filter((opcode) => opcode.prefix === prefix && opcode.code >= from && opcode.code < to).length;
  assert.is(count(0x00), 13 + 3 + 5 + 2 + 3 + 25 + 4 + 123 + 5, "one byte");
  assert.is(count(0xfc, 0, 8), 8, "saturating truncation");
  assert.is(count(0xfc, 8), 10, "bulk memory and tables");
  assert.is(count(0xfd, 0, 0x100), 236, "fixed-width SIMD");
  assert.is(count(0xfd, 0x100), 20, "relaxed SIMD");
  assert.is(count(0xfe), 67, "threads");
  assert.is(new Set(OPCODES.map(({ name }) => name)).size, OPCODES.length, "names");
  assert.is(new Set(OPCODES.map(({ prefix, code }) => `${prefix} ${code}`)).size, OPCODES.length, "codes");
});

test("rows are found by name and by code, and nothing else is", () => {
  for (const opcode of OPCODES) {
    assert.is(opcodeByName(opcode.name), opcode);
    assert.is(opcodeByCode(opcode.prefix, opcode.code), opcode);
  }
  assert.is(opcodeByName("i32.nonsense"), undefined);
  assert.is(opcodeByName("constructor"), undefined);
  assert.is(opcodeByCode(0xfd, 0x9a), undefined);
  assert.is(opcodeByCode(0xfd, 0xffffffff), undefined);
  assert.is(opcodeByCode(0xfb, 0), undefined);
});

test("every row gives the bytes of the other assembler, and reads back", async () => {
  let compared = 0;
  for (const opcode of OPCODES) {
    const { ours, theirs } = bodyOf(opcode);
    const module: Module = { ...MODULE, functions: [{ type: 0, locals: [], body: ours }] };
    const bytes = encode(module);
    const expected = await assemble(`(module ${WAT_TYPES} (func (type 0) ${theirs}))`);
    assert.equal(codeOf(bytes), codeOf(expected), opcode.name);
    assert.equal(decode(bytes).functions[0]?.body, ours, opcode.name);
    compared++;
  }
  assert.is(compared, OPCODES.length);
  assert.is(compared, 524);
});

/** The content of the code section: the last one in these modules. */
function codeOf(bytes: Uint8Array): number[] {
  for (let offset = 8; offset < bytes.length; ) {
    const [id, low = 0, high = 0] = bytes.subarray(offset);
    const [size, start] = low < 0x80 ? [low, offset + 2] : [(low & 0x7f) | (high << 7), offset + 3];
    if (id === 10) return [...bytes.subarray(start, start + size)];
    offset = start + size;
  }
  throw new Error("expected a code section");
}

test.run();
