/**
 * Codecs of value types, block types, instructions and instruction sequences.
 *
 * Source: WebAssembly Core Specification 2.0, "Types" and "Instructions" of the binary format.
 * Role:   any thread.
 *
 * Writing checks every immediate, because instructions come from compilers that are still being written: a wrong one is
 * a `WasmError` that names the instruction, never a module that means something else.
 */
import { WasmError } from "../errors.js";
import { type Codec, fixed, pattern, type Reader, s32, s33, s64, u32, vector, Writer } from "./bytes.js";
import type { BlockType, Immediate, Instruction, MemoryArgument, ValueType } from "./module.js";
import { type ImmediateKind, opcodeByCode, opcodeByName } from "./opcodes.js";

const VALUE_TYPE_CODES: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  funcref: 0x70,
  externref: 0x6f,
};
const VALUE_TYPES = new Map(Object.entries(VALUE_TYPE_CODES).map(([type, code]) => [code, type as ValueType]));
const EMPTY_BLOCK = 0x40;

export const valueType: Codec<ValueType> = {
  write(writer, type) {
    const code = VALUE_TYPE_CODES[type];
    if (code === undefined) throw new WasmError(`expected a value type, got ${show(type)}`);
    writer.byte(code);
  },
  read(reader) {
    const start = reader.offset;
    const code = reader.byte();
    const type = VALUE_TYPES.get(code);
    if (type === undefined) throw reader.fault("a value type", hex(code), start);
    return type;
  },
};

export const referenceType: Codec<ValueType> = {
  write(writer, type) {
    if (!isReferenceType(type)) throw new WasmError(`expected funcref or externref, got ${show(type)}`);
    valueType.write(writer, type);
  },
  read(reader) {
    const start = reader.offset;
    const type = valueType.read(reader);
    if (!isReferenceType(type)) throw reader.fault("a reference type", type, start);
    return type;
  },
};

/** One byte for the common types; else the index of a type, as a number that is never negative. */
export const blockType: Codec<BlockType> = {
  write(writer, type) {
    if (typeof type === "number") s33.write(writer, type);
    else if (type === "empty") writer.byte(EMPTY_BLOCK);
    else valueType.write(writer, type);
  },
  read(reader) {
    const start = reader.offset;
    const type = reader.peek() === EMPTY_BLOCK ? "empty" : VALUE_TYPES.get(reader.peek());
    if (type !== undefined) {
      reader.byte();
      return type;
    }
    const index = s33.read(reader);
    if (index < 0) throw reader.fault("a block type", String(index), start);
    return index;
  },
};

const memoryArgument: Codec<MemoryArgument> = {
  write(writer, { align, offset }) {
    u32.write(writer, align);
    u32.write(writer, offset);
  },
  read(reader) {
    const start = reader.offset;
    const align = u32.read(reader);
    // Bit 6 would announce the index of another memory, and the next number would be no offset.
    if (align > 4) throw reader.fault("an alignment of 2^0 to 2^4 in the only memory", hex(align), start);
    return { align, offset: u32.read(reader) };
  },
};

/** A kind of immediate: what it may be, and how it travels. */
interface ImmediateCodec extends Codec<Immediate> {
  readonly expected: string;
  accepts(value: unknown): boolean;
}

function immediate<T extends Immediate>(
  expected: string,
  accepts: (value: unknown) => value is T,
  codec: Codec<T>,
): ImmediateCodec {
  return {
    expected,
    accepts,
    // `accepts` was asked before.
    write: (writer, value) => codec.write(writer, value as T),
    read: (reader) => codec.read(reader),
  };
}

const isInteger = (low: number, high: number) => (value: unknown) =>
  Number.isInteger(value) && (value as number) >= low && (value as number) <= high;
const isU32 = isInteger(0, 2 ** 32 - 1) as (value: unknown) => value is number;
const isS32 = isInteger(-(2 ** 31), 2 ** 31 - 1) as (value: unknown) => value is number;
const isLane = isInteger(0, 255) as (value: unknown) => value is number;
const isBig =
  (low: bigint, high: bigint) =>
  (value: unknown): value is bigint =>
    typeof value === "bigint" && value >= low && value <= high;
const isSixteenBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array && value.length === 16;
const isValueType = (value: unknown): value is ValueType => typeof value === "string" && value in VALUE_TYPE_CODES;
const isReferenceType = (value: unknown): value is ValueType => value === "funcref" || value === "externref";
const isMemoryArgument = (value: unknown): value is MemoryArgument => {
  if (typeof value !== "object" || value === null) return false;
  const { align, offset } = value as Partial<MemoryArgument>;
  return isInteger(0, 4)(align) && isU32(offset);
};

const index = immediate("an index of 32 bits", isU32, u32);
const sixteenBytes = immediate("16 bytes", isSixteenBytes, fixed(16));

const IMMEDIATES: Readonly<Record<Exclude<ImmediateKind, "zero">, ImmediateCodec>> = {
  label: index,
  labels: immediate("an array of labels", (value): value is number[] => isArrayOf(value, isU32), vector(u32)),
  function: index,
  type: index,
  local: index,
  global: index,
  table: index,
  data: index,
  element: index,
  "block type": immediate(
    '"empty", a value type or the index of a type',
    (value): value is BlockType => value === "empty" || isValueType(value) || isU32(value),
    blockType,
  ),
  "value types": immediate(
    "an array of value types",
    (value): value is ValueType[] => isArrayOf(value, isValueType),
    vector(valueType),
  ),
  "reference type": immediate("funcref or externref", isReferenceType, referenceType),
  "memory argument": immediate("{ align: 0 to 4, offset: 32 bits }", isMemoryArgument, memoryArgument),
  lane: immediate("the number of a lane", isLane, {
    write: (writer, value) => writer.byte(value),
    read: (reader) => reader.byte(),
  }),
  lanes: sixteenBytes,
  i32: immediate("an integer from -2^31 to 2^31 - 1", isS32, s32),
  i64: immediate("a bigint from -2^63 to 2^63 - 1", isBig(-(2n ** 63n), 2n ** 63n - 1n), s64),
  f32: immediate("a bigint, the 32 bits of a float", isBig(0n, 2n ** 32n - 1n), pattern(4)),
  f64: immediate("a bigint, the 64 bits of a float", isBig(0n, 2n ** 64n - 1n), pattern(8)),
  v128: sixteenBytes,
};

export const instruction: Codec<Instruction> = {
  write(writer, value) {
    const name = value[0];
    const opcode = opcodeByName(name);
    if (opcode === undefined) throw new WasmError(`expected the name of an instruction, got ${show(name)}`);
    if (opcode.prefix === 0) writer.byte(opcode.code);
    else {
      writer.byte(opcode.prefix);
      u32.write(writer, opcode.code);
    }
    let used = 1;
    for (const kind of opcode.immediates) {
      if (kind === "zero") {
        writer.byte(0);
        continue;
      }
      const codec = IMMEDIATES[kind];
      const given = value[used++];
      if (!codec.accepts(given)) throw new WasmError(`${name}: expected ${codec.expected}, got ${show(given)}`);
      codec.write(writer, given as Immediate);
    }
    if (used !== value.length) {
      throw new WasmError(`${name}: expected ${used - 1} immediates, got ${value.length - 1}`);
    }
  },
  read(reader) {
    const start = reader.offset;
    const first = reader.byte();
    const prefix = first === 0xfc || first === 0xfd || first === 0xfe ? first : 0;
    const code = prefix === 0 ? first : u32.read(reader);
    const opcode = opcodeByCode(prefix, code);
    if (opcode === undefined) {
      throw reader.fault("an instruction", prefix === 0 ? hex(code) : `${hex(prefix)} ${hex(code)}`, start);
    }
    const result: [string, ...Immediate[]] = [opcode.name];
    for (const kind of opcode.immediates) {
      if (kind === "zero") readZero(reader);
      else result.push(IMMEDIATES[kind].read(reader));
    }
    return result;
  },
};

/** Instructions up to the `end` that closes the sequence itself. */
export const expression: Codec<readonly Instruction[]> = {
  write(writer, instructions) {
    let depth = 1;
    for (const each of instructions) {
      if (depth === 0) throw new WasmError(`expected nothing after the last end, got ${show(each[0])}`);
      depth += nesting(each[0]);
      instruction.write(writer, each);
    }
    if (depth !== 0) throw new WasmError(`expected ${depth} more ["end"] at the end of the instructions`);
  },
  read(reader) {
    const instructions: Instruction[] = [];
    for (let depth = 1; depth > 0; ) {
      const each = instruction.read(reader);
      depth += nesting(each[0]);
      instructions.push(each);
    }
    return instructions;
  },
};

/** How an instruction changes the number of open constructs. */
export function nesting(name: string): -1 | 0 | 1 {
  if (name === "block" || name === "loop" || name === "if") return 1;
  return name === "end" ? -1 : 0;
}

/** The labels that an instruction may branch to. */
export function branchTargets(instruction: Instruction): readonly number[] {
  const name = instruction[0];
  if (name === "br" || name === "br_if" || name === "br_table") return instruction.slice(1).flat() as number[];
  return NO_LABELS;
}

const NO_LABELS: readonly number[] = [];

function readZero(reader: Reader): void {
  const start = reader.offset;
  const value = reader.byte();
  if (value !== 0) throw reader.fault("0, the index of the only memory", hex(value), start);
}

function isArrayOf<T>(value: unknown, accepts: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.every(accepts);
}

export function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

/** A value as an error message shows it. */
function show(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** How many bytes instructions take, their last `end` included. */
export function encodedLength(instructions: readonly Instruction[]): number {
  const writer = new Writer();
  expression.write(writer, instructions);
  return writer.length;
}
