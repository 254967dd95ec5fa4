/**
 * A module as data -> its bytes.
 *
 * Source: WebAssembly Core Specification 2.0, "Modules" of the binary format.
 * Role:   any thread.
 */
import { type Codec, sized, u32, vector, Writer } from "./bytes.js";
import type { Module } from "./module.js";
import { OPCODES } from "./opcodes.js";
import {
  checkMemories,
  codes,
  data,
  elements,
  exportCodec,
  functionType,
  global,
  importCodec,
  limits,
  table,
} from "./sections.js";

/** "\0asm", version 1. */
export const PREAMBLE = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

/**
 * The sections by their numbers in the binary format, each with the codec of its content. In order of appearance they stand
 * 1 to 9, 12, 10, 11: the data count came later and has to be known before the code.
 */
export const SECTIONS = {
  types: { id: 1, codec: vector(functionType) },
  imports: { id: 2, codec: vector(importCodec) },
  functions: { id: 3, codec: vector(u32) },
  tables: { id: 4, codec: vector(table) },
  memories: { id: 5, codec: vector(limits) },
  globals: { id: 6, codec: vector(global) },
  exports: { id: 7, codec: vector(exportCodec) },
  start: { id: 8, codec: u32 },
  elements: { id: 9, codec: vector(elements) },
  dataCount: { id: 12, codec: u32 },
  code: { id: 10, codec: codes },
  data: { id: 11, codec: vector(data) },
} as const;

/**
 * Encodes a module. Numbers take their shortest form, so that equal modules give equal bytes.
 *
 * Not validated: types and indices are the caller's, and `WebAssembly.validate` the judge. What is checked is what would
 * come out as another module: names of instructions, their immediates, the nesting of every body.
 *
 * @throws WasmError where the data is no module; the message names the instruction
 * @example
 * encode({
 *   types: [{ parameters: ["f64"], results: ["f64"] }], imports: [],
 *   functions: [{ type: 0, locals: [], body: [["local.get", 0], ["f64.sqrt"], ["end"]] }],
 *   tables: [], memories: [], globals: [], exports: [{ name: "root", kind: "function", index: 0 }], elements: [], data: [],
 * });
 */
export function encode(module: Module): Uint8Array<ArrayBuffer> {
  checkMemories(module.imports, module.memories);
  const writer = new Writer();
  writer.bytes(PREAMBLE);
  list(writer, SECTIONS.types, module.types);
  list(writer, SECTIONS.imports, module.imports);
  list(
    writer,
    SECTIONS.functions,
    module.functions.map(({ type }) => type),
  );
  list(writer, SECTIONS.tables, module.tables);
  list(writer, SECTIONS.memories, module.memories);
  list(writer, SECTIONS.globals, module.globals);
  list(writer, SECTIONS.exports, module.exports);
  if (module.start !== undefined) section(writer, SECTIONS.start, module.start);
  list(writer, SECTIONS.elements, module.elements);
  if (namesData(module)) section(writer, SECTIONS.dataCount, module.data.length);
  list(writer, SECTIONS.code, module.functions);
  list(writer, SECTIONS.data, module.data);
  return writer.written().slice();
}

interface Section<T> {
  readonly id: number;
  readonly codec: Codec<T>;
}

function section<T>(writer: Writer, { id, codec }: Section<T>, content: T): void {
  writer.byte(id);
  sized(codec, "a section").write(writer, content);
}

function list<T>(writer: Writer, kind: Section<readonly T[]>, content: readonly T[]): void {
  if (content.length > 0) section(writer, kind, content);
}

const NAMING_DATA: ReadonlySet<string> = new Set(
  OPCODES.filter(({ immediates }) => immediates.includes("data")).map(({ name }) => name),
);

/** Whether code names data segments: only then must their count stand before it. */
function namesData({ functions }: Module): boolean {
  return functions.some(({ body }) => body.some((each) => NAMING_DATA.has(each[0])));
}
