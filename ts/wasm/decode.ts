/**
 * Bytes -> a module as data.
 *
 * Source: WebAssembly Core Specification 2.0, "Modules" of the binary format.
 * Role:   any thread.
 *
 * What `module.ts` cannot hold is refused, not dropped; only custom sections (names, producers) are. Decoding is not validation:
 * `WebAssembly.validate` the bytes when they come from outside.
 */
import { Reader } from "./bytes.js";
import { PREAMBLE, SECTIONS } from "./encode.js";
import { hex } from "./instructions.js";
import type { Func, Module } from "./module.js";
import { type Code, checkMemories, codesLater } from "./sections.js";

type SectionName = keyof typeof SECTIONS;
type Contents = { -readonly [Name in SectionName]?: ReturnType<(typeof SECTIONS)[Name]["codec"]["read"]> } & {
  /** Instead of `code`, when functions are read later. */
  later?: readonly (() => Code)[];
};

const ORDER = Object.keys(SECTIONS) as SectionName[];
const CUSTOM = 0;

/**
 * Decodes a module.
 *
 * Memory and time are bounded by the length of the bytes, whatever they say.
 *
 * @returns data that shares nothing with `bytes`
 * @param options.later  whether functions are read when they are first looked at: for a large module of which little is needed. The bytes
 *                       must stay as they are, and a function that is not understood throws then
 * @throws WasmError at the first byte that is not understood; the message gives its offset, what was expected and found
 * @example
 * const { exports } = decode(await readFile("kernel.wasm"));
 */
export function decode(bytes: Uint8Array, { later = false } = {}): Module {
  const reader = new Reader(bytes);
  for (const expected of PREAMBLE) {
    const start = reader.offset;
    const found = reader.offset < reader.end ? reader.byte() : undefined;
    if (found !== expected) {
      throw reader.fault('"\\0asm" and version 1', found === undefined ? "the end" : hex(found), start);
    }
  }
  const contents: Contents = {};
  let next = 0;
  while (reader.offset < reader.end) next = readSection(reader, contents, next, later);
  return assemble(reader, contents);
}

/** Reads one section into `contents`. Sections stand in their order, each once at most. @returns the first that may follow */
function readSection(reader: Reader, contents: Contents, first: number, later: boolean): number {
  const start = reader.offset;
  const id = reader.byte();
  const size = readSize(reader);
  const outerEnd = reader.end;
  reader.end = reader.offset + size;
  let next = first;
  if (id === CUSTOM) reader.offset = reader.end;
  else {
    const position = ORDER.findIndex((name) => SECTIONS[name].id === id);
    const name = ORDER[position];
    if (name === undefined) throw reader.fault("a section that Heddle knows", `section ${id}`, start);
    if (position < first) throw reader.fault("sections in their order, once each", `${name} again or late`, start);
    if (name === "code" && later) contents.later = codesLater(reader);
    else readContent(reader, contents, name);
    if (reader.offset !== reader.end) throw reader.fault("the end of the section", `more of ${name}`);
    next = position + 1;
  }
  reader.end = outerEnd;
  return next;
}

/** Apart, so that the name and the type of its content stay one parameter. */
function readContent<Name extends SectionName>(reader: Reader, contents: Contents, name: Name): void {
  contents[name] = SECTIONS[name].codec.read(reader) as Contents[Name];
}

function readSize(reader: Reader): number {
  const start = reader.offset;
  const size = SECTIONS.start.codec.read(reader);
  if (size > reader.end - reader.offset) {
    throw reader.fault(`a section of ${size} bytes`, `${reader.end - reader.offset} before the end`, start);
  }
  return size;
}

/** Types and bodies of functions stand in different sections and are brought together here. */
function assemble(reader: Reader, contents: Contents): Module {
  const { types = [], imports = [], functions = [], data = [], start, dataCount, later } = contents;
  const code = contents.code ?? later ?? [];
  if (functions.length !== code.length) {
    throw reader.fault(`the code of ${functions.length} functions`, String(code.length));
  }
  if (dataCount !== undefined && dataCount !== data.length) {
    throw reader.fault(`${dataCount} data segments, as announced`, String(data.length));
  }
  const { tables = [], memories = [], globals = [], exports = [], elements = [] } = contents;
  checkMemories(imports, memories);
  return {
    types,
    imports,
    functions: code.map((each, index) => {
      const type = functions[index] as number;
      return typeof each === "function" ? new LaterFunc(type, each) : { type, ...each };
    }),
    tables,
    memories,
    globals,
    exports,
    ...(start === undefined ? {} : { start }),
    elements,
    data,
  };
}

/** A function that is read when it is first looked at. */
class LaterFunc implements Func {
  private code: Code | undefined;

  constructor(
    readonly type: number,
    private readonly read: () => Code,
  ) {}

  get locals(): Func["locals"] {
    this.code ??= this.read();
    return this.code.locals;
  }

  get body(): Func["body"] {
    this.code ??= this.read();
    return this.code.body;
  }
}
