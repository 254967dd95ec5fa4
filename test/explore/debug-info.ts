/**
 * Names of functions and lines of sources, for a release module that carries neither: from a twin that the compiler makes with both. It is the
 * same code, byte for byte, or its names are not believed.
 *
 * Source: WebAssembly Core Specification 2.0, "Name Section"; ECMA-426, source maps.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { Reader, text, u32 } from "../../ts/wasm/bytes.js";
import { instruction, nesting, valueType } from "../../ts/wasm/instructions.js";

export interface DebugInfo {
  /** @param index of a function, imports included */
  nameOf(index: number): string;
  /** "assembly/sync/lock.ts:78", or "" where the compiler does not say. @param instruction position in the body */
  lineOf(index: number, instruction: number): string;
  /** The text of that line. */
  textOf(line: string): string;
}

/** Of a module about which nothing is known. */
export const NO_DEBUG_INFO: DebugInfo = { nameOf: (index) => `function ${index}`, lineOf: () => "", textOf: () => "" };

const CUSTOM = 0;
const CODE = 10;

/** What is kept on disk: compiling the twin takes seconds, and the sources may be other ones by the next time. */
interface Facts {
  readonly imports: number;
  readonly names: Readonly<Record<number, string>>;
  /** Of each function with a body, of each of its instructions: an index into `places`. */
  readonly lines: readonly (readonly number[])[];
  readonly places: readonly string[];
  readonly texts: readonly string[];
}

/**
 * @param entry  what `bytes` were compiled from, such as "assembly/core.ts"
 * @param bytes  a module of target "release"
 * @throws Error when the twin does not compile, or is another module
 */
export function debugInfo(entry: string, bytes: Uint8Array): DebugInfo {
  const hash = createHash("sha1").update(bytes).digest("hex");
  const file = `build/test/explore/names-${entry.replaceAll("/", "-")}-${hash}.json`;
  if (existsSync(file)) return infoOf(JSON.parse(readFileSync(file, "utf8")) as Facts);
  const facts = compileTwin(entry, bytes);
  mkdirSync("build/test/explore", { recursive: true });
  // Others may be looking for the same file.
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(facts));
  renameSync(`${file}.${process.pid}`, file);
  return infoOf(facts);
}

function infoOf({ imports, names, lines, places, texts }: Facts): DebugInfo {
  return {
    nameOf: (index) => names[index] ?? NO_DEBUG_INFO.nameOf(index),
    lineOf: (index, instruction) => places[lines[index - imports]?.[instruction] ?? -1] ?? "",
    textOf: (line) => texts[places.indexOf(line)] ?? "",
  };
}

function compileTwin(entry: string, bytes: Uint8Array): Facts {
  const folder = `build/test/explore/twin-${process.pid}`;
  mkdirSync(folder, { recursive: true });
  try {
    const output = `${folder}/twin.wasm`;
    const args = ["scripts/compile-assembly.mjs", entry, output, "release", "--debug", "--sourceMap"];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    if (status !== 0) throw new Error(`expected ${entry} to compile, got:\n${stderr}`);
    const twin = new Uint8Array(readFileSync(output));
    const code = sections(twin).get(CODE);
    if (code === undefined || !equal(code.bytes, sections(bytes).get(CODE)?.bytes)) {
      throw new Error(`expected ${entry} to compile to the code that is looked at: build again`);
    }
    return read(twin, code.start, readFileSync(`${output}.map`, "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function read(twin: Uint8Array<ArrayBuffer>, codeStart: number, map: string): Facts {
  const lineOf = sourceLines(map);
  const places: string[] = [];
  const indexOf = new Map<string, number>();
  const lines = instructionOffsets(twin, codeStart).map((offsets) =>
    offsets.map((offset) => {
      const place = lineOf(offset);
      if (!indexOf.has(place)) indexOf.set(place, places.push(place) - 1);
      return indexOf.get(place) as number;
    }),
  );
  const names = Object.fromEntries(functionNames(twin));
  return { imports: importedFunctions(twin), names, lines, places, texts: places.map(sourceText) };
}

const sources = new Map<string, readonly string[]>();

/** The compiler's own library is not there to be read. */
function sourceText(place: string): string {
  const [, path = "", number = "0"] = /^(.*):(\d+)$/.exec(place) ?? [];
  if (path === "" || path.startsWith("~")) return "";
  const lines = sources.get(path) ?? readFileSync(path, "utf8").split("\n");
  sources.set(path, lines);
  return lines[Number(number) - 1]?.trim() ?? "";
}

interface Section {
  /** Offset of the content in the module. */
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** By id; of the custom sections only "name" is kept, under id 0. */
function sections(bytes: Uint8Array): Map<number, Section> {
  const found = new Map<number, Section>();
  const reader = new Reader(bytes);
  reader.bytes(8);
  while (reader.offset < reader.end) {
    const id = reader.byte();
    const size = u32.read(reader);
    let start = reader.offset;
    const end = start + size;
    const name = id === CUSTOM ? text.read(reader) : undefined;
    if (name !== undefined) start = reader.offset;
    reader.offset = end;
    if (name === undefined || name === "name") found.set(id, { start, bytes: bytes.subarray(start, end) });
  }
  return found;
}

function functionNames(bytes: Uint8Array): Map<number, string> {
  const names = new Map<number, string>();
  const section = sections(bytes).get(CUSTOM);
  if (section === undefined) return names;
  const reader = new Reader(section.bytes);
  while (reader.offset < reader.end) {
    const kind = reader.byte();
    const size = u32.read(reader);
    const end = reader.offset + size;
    if (kind === 1) {
      for (let count = u32.read(reader); count > 0; count--) names.set(u32.read(reader), text.read(reader));
    }
    reader.offset = end;
  }
  return names;
}

function importedFunctions(bytes: Uint8Array<ArrayBuffer>): number {
  return WebAssembly.Module.imports(new WebAssembly.Module(bytes)).filter(({ kind }) => kind === "function").length;
}

/** For each function of the code section the offsets of its instructions in the module. */
function instructionOffsets(bytes: Uint8Array, codeStart: number): number[][] {
  const reader = new Reader(bytes);
  reader.offset = codeStart;
  return Array.from({ length: u32.read(reader) }, () => {
    u32.read(reader);
    for (let runs = u32.read(reader); runs > 0; runs--) {
      u32.read(reader);
      valueType.read(reader);
    }
    const offsets: number[] = [];
    for (let depth = 1; depth > 0; ) {
      offsets.push(reader.offset);
      depth += nesting(instruction.read(reader)[0]);
    }
    return offsets;
  });
}

/** Offset in the module -> "file:line", by the last mark at or before it. */
function sourceLines(map: string): (offset: number) => string {
  const { sources, mappings } = JSON.parse(map) as { sources: string[]; mappings: string };
  const marks: { offset: number; place: string }[] = [];
  let [offset, source, line] = [0, 0, 0];
  for (const segment of mappings.split(",")) {
    const [skip = 0, from = 0, down = 0] = vlq(segment);
    offset += skip;
    source += from;
    line += down;
    marks.push({ offset, place: `${sources[source]}:${line + 1}` });
  }
  return (at) => {
    let [low, high] = [0, marks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((marks[middle]?.offset ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return marks[low - 1]?.place ?? "";
  };
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The numbers of a segment: base 64, five bits a digit, lowest first, the sign in the lowest bit. */
function vlq(segment: string): number[] {
  const numbers: number[] = [];
  let [value, shift] = [0, 0];
  for (const digit of segment) {
    const bits = DIGITS.indexOf(digit);
    value += (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return numbers;
}

function equal(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return a.length === b?.length && a.every((byte, index) => byte === b[index]);
}
