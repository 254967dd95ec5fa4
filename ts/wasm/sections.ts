/**
 * Codecs of what stands in the sections of a module.
 *
 * Source: WebAssembly Core Specification 2.0, "Modules" of the binary format; threads proposal (shared limits).
 * Role:   any thread.
 *
 * Reading refuses what `module.ts` cannot hold (64-bit memories, segments of expressions, tags) where it stands,
 * because a part that is quietly dropped makes another module.
 */
import { WasmError } from "../errors.js";
import { blob, byte, type Codec, type Reader, readerAt, sized, text, u32, vector } from "./bytes.js";
import { expression, hex, referenceType, valueType } from "./instructions.js";
import type {
  DataSegment,
  Export,
  Func,
  FunctionType,
  Global,
  GlobalType,
  Import,
  Limits,
  Module,
  ValueType,
} from "./module.js";

type Table = Module["tables"][number];
type Elements = Module["elements"][number];

/** The kinds of import and export, by their number. */
const KINDS = ["function", "table", "memory", "global"] as const;

/** Six bytes can ask for 2^32 locals. Engines refuse more than this in a function; over a module, a hundred such functions would still fill any memory. */
const MOST_LOCALS = 50_000;
const MOST_LOCALS_IN_MODULE = 1_000_000;

export const functionType: Codec<FunctionType> = {
  write(writer, type) {
    writer.byte(0x60);
    resultType.write(writer, type.parameters);
    resultType.write(writer, type.results);
  },
  read(reader) {
    expectByte(reader, 0x60, "a function type");
    return { parameters: resultType.read(reader), results: resultType.read(reader) };
  },
};
const resultType = vector(valueType);

export const limits: Codec<Limits> = {
  write(writer, { minimum, maximum, shared }) {
    writer.byte((maximum === undefined ? 0 : 1) | (shared ? 2 : 0));
    u32.write(writer, minimum);
    if (maximum !== undefined) u32.write(writer, maximum);
  },
  read(reader) {
    const start = reader.offset;
    const flags = reader.byte();
    if (flags > 3) throw reader.fault("limits of a 32-bit memory or table", `flags ${hex(flags)}`, start);
    const minimum = u32.read(reader);
    return {
      minimum,
      ...(flags & 1 ? { maximum: u32.read(reader) } : {}),
      ...(flags & 2 ? { shared: true } : {}),
    };
  },
};

export const table: Codec<Table> = {
  write(writer, value) {
    referenceType.write(writer, value.element);
    limits.write(writer, value.limits);
  },
  read: (reader) => ({ element: referenceType.read(reader), limits: limits.read(reader) }),
};

const globalType: Codec<GlobalType> = {
  write(writer, { type, mutable }) {
    valueType.write(writer, type);
    writer.byte(mutable ? 1 : 0);
  },
  read(reader) {
    const type = valueType.read(reader);
    const start = reader.offset;
    const mutable = reader.byte();
    if (mutable > 1) throw reader.fault("0 (immutable) or 1 (mutable)", hex(mutable), start);
    return { type, mutable: mutable === 1 };
  },
};

export const global: Codec<Global> = {
  write(writer, value) {
    globalType.write(writer, value);
    expression.write(writer, value.init);
  },
  read: (reader) => ({ ...globalType.read(reader), init: expression.read(reader) }),
};

export const importCodec: Codec<Import> = {
  write(writer, value) {
    text.write(writer, value.module);
    text.write(writer, value.name);
    writer.byte(KINDS.indexOf(value.kind));
    if (value.kind === "function") u32.write(writer, value.type);
    else if (value.kind === "table") table.write(writer, value);
    else if (value.kind === "memory") limits.write(writer, value.limits);
    else globalType.write(writer, value);
  },
  read(reader) {
    const module = text.read(reader);
    const name = text.read(reader);
    const kind = readKind(reader);
    if (kind === "function") return { module, name, kind, type: u32.read(reader) };
    if (kind === "table") return { module, name, kind, ...table.read(reader) };
    if (kind === "memory") return { module, name, kind, limits: limits.read(reader) };
    return { module, name, kind, ...globalType.read(reader) };
  },
};

export const exportCodec: Codec<Export> = {
  write(writer, value) {
    text.write(writer, value.name);
    writer.byte(KINDS.indexOf(value.kind));
    u32.write(writer, value.index);
  },
  read: (reader) => ({ name: text.read(reader), kind: readKind(reader), index: u32.read(reader) }),
};

/** Locals (in runs of one type) and body; the type stands in another section. */
export type Code = Omit<Func, "type">;

/** @param allowed how many locals there may be */
const code = (allowed: number): Codec<Code> =>
  sized(
    {
      write(writer, { locals, body }) {
        runs.write(writer, toRuns(locals));
        expression.write(writer, body);
      },
      read(reader) {
        const start = reader.offset;
        const locals: ValueType[] = [];
        for (const { count, type } of runs.read(reader)) {
          if (count > allowed - locals.length) {
            throw reader.fault(`at most ${allowed} locals`, String(locals.length + count), start);
          }
          for (let index = 0; index < count; index++) locals.push(type);
        }
        return { locals, body: expression.read(reader) };
      },
    },
    "a function's code",
  );

export const codes: Codec<readonly Code[]> = {
  write: vector(code(MOST_LOCALS)).write,
  read(reader) {
    let left = MOST_LOCALS_IN_MODULE;
    const counted: Codec<Code> = {
      write: code(MOST_LOCALS).write,
      read() {
        const value = code(Math.min(MOST_LOCALS, left)).read(reader);
        left -= value.locals.length;
        return value;
      },
    };
    return vector(counted).read(reader);
  },
};

/**
 * The codes of functions, each read when it is asked for.
 *
 * @returns for each what reads it, and throws what reading it at once would have thrown
 */
export function codesLater(reader: Reader): readonly (() => Code)[] {
  const count = u32.read(reader);
  return Array.from({ length: Math.min(count, reader.end - reader.offset) }, () => {
    const start = reader.offset;
    reader.bytes(u32.read(reader));
    return () => code(MOST_LOCALS).read(readerAt(reader, start));
  });
}

interface Run {
  count: number;
  readonly type: ValueType;
}

const runs = vector<Run>({
  write(writer, { count, type }) {
    u32.write(writer, count);
    valueType.write(writer, type);
  },
  read: (reader) => ({ count: u32.read(reader), type: valueType.read(reader) }),
});

function toRuns(locals: readonly ValueType[]): readonly Run[] {
  const result: Run[] = [];
  for (const type of locals) {
    const last = result.at(-1);
    if (last?.type === type) last.count++;
    else result.push({ count: 1, type });
  }
  return result;
}

/** An active segment of functions for table 0: the only form that `module.ts` holds. */
export const elements: Codec<Elements> = {
  write(writer, { offset, functions }) {
    writer.byte(0);
    expression.write(writer, offset);
    vector(u32).write(writer, functions);
  },
  read(reader) {
    expectByte(reader, 0, "an active segment of functions for table 0");
    return { offset: expression.read(reader), functions: vector(u32).read(reader) };
  },
};

/** 0: active. 1: passive. 2: active, with the index of the memory, which is 0. */
export const data: Codec<DataSegment> = {
  write(writer, { offset, bytes }) {
    writer.byte(offset === undefined ? 1 : 0);
    if (offset !== undefined) expression.write(writer, offset);
    blob.write(writer, bytes);
  },
  read(reader) {
    const start = reader.offset;
    const flags = reader.byte();
    if (flags > 2) throw reader.fault("a data segment", `flags ${hex(flags)}`, start);
    if (flags === 1) return { bytes: blob.read(reader) };
    if (flags === 2) expectByte(reader, 0, "the index of the only memory");
    return { offset: expression.read(reader), bytes: blob.read(reader) };
  },
};

function readKind(reader: Reader): (typeof KINDS)[number] {
  const start = reader.offset;
  const number = byte.read(reader);
  const kind = KINDS[number];
  if (kind === undefined) throw reader.fault("a function, table, memory or global", `kind ${hex(number)}`, start);
  return kind;
}

function expectByte(reader: Reader, value: number, what: string): void {
  const start = reader.offset;
  const found = reader.byte();
  if (found !== value) throw reader.fault(`${what} (${hex(value)})`, hex(found), start);
}

/** The memories of a module, imported and own: instructions name none, so there may be one at most. */
export function checkMemories(imports: readonly Import[], memories: readonly Limits[]): void {
  const count = memories.length + imports.filter(({ kind }) => kind === "memory").length;
  if (count > 1) throw new WasmError(`expected one memory at most, found ${count}; import a single one`);
}
