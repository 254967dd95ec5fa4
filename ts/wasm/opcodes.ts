/**
 * Every instruction: its name, its bytes, what follows it. One row is a run of neighbouring codes.
 *
 * Source: WebAssembly Core Specification 2.0, "Instructions" of the binary format and the index of instructions;
 *         threads proposal (prefix 0xfe); relaxed SIMD proposal (0xfd 0x100 and above).
 * Role:   any thread; read only.
 * Proof:  test/wasm/opcodes.test.ts assembles every row by another assembler, and the bytes agree.
 *
 * Names are those of the text format. One is ours: `select_typed` is the text's `select (result t)`, which has its own code.
 */

/**
 * What follows a code, in the order of the binary format.
 *
 * The index kinds say into which space they point, so that whoever renumbers a module can do it from this table alone.
 * `zero` is a byte that must be 0 and stands in no instruction: the only memory's index, the order of a fence.
 */
export type ImmediateKind =
  | "label"
  | "labels"
  | "function"
  | "type"
  | "local"
  | "global"
  | "table"
  | "data"
  | "element"
  | "block type"
  | "value types"
  | "reference type"
  | "memory argument"
  | "lane"
  | "lanes"
  | "i32"
  | "i64"
  | "f32"
  | "f64"
  | "v128"
  | "zero";

export interface Opcode {
  readonly name: string;
  /** 0 for one-byte codes, else 0xfc, 0xfd or 0xfe; `code` follows a prefix as LEB128. */
  readonly prefix: number;
  readonly code: number;
  readonly immediates: readonly ImmediateKind[];
}

/** Neighbours: prefix, code of the first name, immediates of each (separated by commas), names. */
type Row = readonly [prefix: number, first: number, immediates: string, names: string];

const MEMORY = "memory argument";
const INTEGER_COMPARISONS = "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u";
const FLOAT_COMPARISONS = "eq ne lt gt le ge";
const INTEGER_ARITHMETIC = "clz ctz popcnt add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr";
const FLOAT_ARITHMETIC = "abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign";
const FLOAT_VECTOR_ARITHMETIC = "add sub mul div min max pmin pmax";

const ROWS: readonly Row[] = [
  // Control
  [0x00, 0x00, "", "unreachable nop"],
  [0x00, 0x02, "block type", "block loop if"],
  [0x00, 0x05, "", "else"],
  [0x00, 0x0b, "", "end"],
  [0x00, 0x0c, "label", "br br_if"],
  [0x00, 0x0e, "labels,label", "br_table"],
  [0x00, 0x0f, "", "return"],
  [0x00, 0x10, "function", "call"],
  [0x00, 0x11, "type,table", "call_indirect"],
  // Parametric, variables, tables, references
  [0x00, 0x1a, "", "drop select"],
  [0x00, 0x1c, "value types", "select_typed"],
  [0x00, 0x20, "local", "local.get local.set local.tee"],
  [0x00, 0x23, "global", "global.get global.set"],
  [0x00, 0x25, "table", "table.get table.set"],
  [0x00, 0xd0, "reference type", "ref.null"],
  [0x00, 0xd1, "", "ref.is_null"],
  [0x00, 0xd2, "function", "ref.func"],
  // Memory
  [0x00, 0x28, MEMORY, "i32.load i64.load f32.load f64.load"],
  [0x00, 0x2c, MEMORY, under("i32", "load8_s load8_u load16_s load16_u")],
  [0x00, 0x30, MEMORY, under("i64", "load8_s load8_u load16_s load16_u load32_s load32_u")],
  [0x00, 0x36, MEMORY, "i32.store i64.store f32.store f64.store i32.store8 i32.store16"],
  [0x00, 0x3c, MEMORY, under("i64", "store8 store16 store32")],
  [0x00, 0x3f, "zero", "memory.size memory.grow"],
  // Numbers
  [0x00, 0x41, "i32", "i32.const"],
  [0x00, 0x42, "i64", "i64.const"],
  [0x00, 0x43, "f32", "f32.const"],
  [0x00, 0x44, "f64", "f64.const"],
  [0x00, 0x45, "", under("i32", `eqz ${INTEGER_COMPARISONS}`)],
  [0x00, 0x50, "", under("i64", `eqz ${INTEGER_COMPARISONS}`)],
  [0x00, 0x5b, "", under("f32", FLOAT_COMPARISONS)],
  [0x00, 0x61, "", under("f64", FLOAT_COMPARISONS)],
  [0x00, 0x67, "", under("i32", INTEGER_ARITHMETIC)],
  [0x00, 0x79, "", under("i64", INTEGER_ARITHMETIC)],
  [0x00, 0x8b, "", under("f32", FLOAT_ARITHMETIC)],
  [0x00, 0x99, "", under("f64", FLOAT_ARITHMETIC)],
  [0x00, 0xa7, "", under("i32", "wrap_i64 trunc_f32_s trunc_f32_u trunc_f64_s trunc_f64_u")],
  [0x00, 0xac, "", under("i64", "extend_i32_s extend_i32_u trunc_f32_s trunc_f32_u trunc_f64_s trunc_f64_u")],
  [0x00, 0xb2, "", under("f32", "convert_i32_s convert_i32_u convert_i64_s convert_i64_u demote_f64")],
  [0x00, 0xb7, "", under("f64", "convert_i32_s convert_i32_u convert_i64_s convert_i64_u promote_f32")],
  [0x00, 0xbc, "", "i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64"],
  [0x00, 0xc0, "", "i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s"],
  [0xfc, 0x00, "", under("i32", "trunc_sat_f32_s trunc_sat_f32_u trunc_sat_f64_s trunc_sat_f64_u")],
  [0xfc, 0x04, "", under("i64", "trunc_sat_f32_s trunc_sat_f32_u trunc_sat_f64_s trunc_sat_f64_u")],
  // Bulk memory and tables
  [0xfc, 0x08, "data,zero", "memory.init"],
  [0xfc, 0x09, "data", "data.drop"],
  [0xfc, 0x0a, "zero,zero", "memory.copy"],
  [0xfc, 0x0b, "zero", "memory.fill"],
  [0xfc, 0x0c, "element,table", "table.init"],
  [0xfc, 0x0d, "element", "elem.drop"],
  [0xfc, 0x0e, "table,table", "table.copy"],
  [0xfc, 0x0f, "table", "table.grow table.size table.fill"],
  // Vectors: memory, constants, lanes
  [0xfd, 0x00, MEMORY, under("v128", "load load8x8_s load8x8_u load16x4_s load16x4_u load32x2_s load32x2_u")],
  [0xfd, 0x07, MEMORY, under("v128", "load8_splat load16_splat load32_splat load64_splat store")],
  [0xfd, 0x0c, "v128", "v128.const"],
  [0xfd, 0x0d, "lanes", "i8x16.shuffle"],
  [0xfd, 0x0e, "", "i8x16.swizzle i8x16.splat i16x8.splat i32x4.splat i64x2.splat f32x4.splat f64x2.splat"],
  [0xfd, 0x15, "lane", under("i8x16", "extract_lane_s extract_lane_u replace_lane")],
  [0xfd, 0x18, "lane", under("i16x8", "extract_lane_s extract_lane_u replace_lane")],
  [0xfd, 0x1b, "lane", "i32x4.extract_lane i32x4.replace_lane i64x2.extract_lane i64x2.replace_lane"],
  [0xfd, 0x1f, "lane", "f32x4.extract_lane f32x4.replace_lane f64x2.extract_lane f64x2.replace_lane"],
  [0xfd, 0x54, `${MEMORY},lane`, under("v128", "load8_lane load16_lane load32_lane load64_lane")],
  [0xfd, 0x58, `${MEMORY},lane`, under("v128", "store8_lane store16_lane store32_lane store64_lane")],
  [0xfd, 0x5c, MEMORY, "v128.load32_zero v128.load64_zero"],
  // Vectors: comparisons, bits
  [0xfd, 0x23, "", under("i8x16", INTEGER_COMPARISONS)],
  [0xfd, 0x2d, "", under("i16x8", INTEGER_COMPARISONS)],
  [0xfd, 0x37, "", under("i32x4", INTEGER_COMPARISONS)],
  [0xfd, 0x41, "", under("f32x4", FLOAT_COMPARISONS)],
  [0xfd, 0x47, "", under("f64x2", FLOAT_COMPARISONS)],
  [0xfd, 0xd6, "", under("i64x2", "eq ne lt_s gt_s le_s ge_s")],
  [0xfd, 0x4d, "", under("v128", "not and andnot or xor bitselect any_true")],
  // Vectors: integers. Codes that were given up in the proposal's course are gaps here.
  [0xfd, 0x60, "", under("i8x16", "abs neg popcnt all_true bitmask narrow_i16x8_s narrow_i16x8_u")],
  [0xfd, 0x6b, "", under("i8x16", "shl shr_s shr_u add add_sat_s add_sat_u sub sub_sat_s sub_sat_u")],
  [0xfd, 0x76, "", under("i8x16", "min_s min_u max_s max_u")],
  [0xfd, 0x7b, "", "i8x16.avgr_u i16x8.extadd_pairwise_i8x16_s i16x8.extadd_pairwise_i8x16_u"],
  [0xfd, 0x7e, "", "i32x4.extadd_pairwise_i16x8_s i32x4.extadd_pairwise_i16x8_u"],
  [0xfd, 0x80, "", under("i16x8", "abs neg q15mulr_sat_s all_true bitmask narrow_i32x4_s narrow_i32x4_u")],
  [0xfd, 0x87, "", under("i16x8", widen("extend", "i8x16"))],
  [0xfd, 0x8b, "", under("i16x8", "shl shr_s shr_u add add_sat_s add_sat_u sub sub_sat_s sub_sat_u")],
  [0xfd, 0x95, "", under("i16x8", "mul min_s min_u max_s max_u")],
  [0xfd, 0x9b, "", under("i16x8", `avgr_u ${widen("extmul", "i8x16")}`)],
  [0xfd, 0xa0, "", under("i32x4", "abs neg")],
  [0xfd, 0xa3, "", under("i32x4", "all_true bitmask")],
  [0xfd, 0xa7, "", under("i32x4", `${widen("extend", "i16x8")} shl shr_s shr_u add`)],
  [0xfd, 0xb1, "", "i32x4.sub"],
  [0xfd, 0xb5, "", under("i32x4", "mul min_s min_u max_s max_u dot_i16x8_s")],
  [0xfd, 0xbc, "", under("i32x4", widen("extmul", "i16x8"))],
  [0xfd, 0xc0, "", under("i64x2", "abs neg")],
  [0xfd, 0xc3, "", under("i64x2", "all_true bitmask")],
  [0xfd, 0xc7, "", under("i64x2", `${widen("extend", "i32x4")} shl shr_s shr_u add`)],
  [0xfd, 0xd1, "", "i64x2.sub"],
  [0xfd, 0xd5, "", "i64x2.mul"],
  [0xfd, 0xdc, "", under("i64x2", widen("extmul", "i32x4"))],
  // Vectors: floats
  [0xfd, 0x5e, "", "f32x4.demote_f64x2_zero f64x2.promote_low_f32x4"],
  [0xfd, 0x67, "", under("f32x4", "ceil floor trunc nearest")],
  [0xfd, 0x74, "", "f64x2.ceil f64x2.floor"],
  [0xfd, 0x7a, "", "f64x2.trunc"],
  [0xfd, 0x94, "", "f64x2.nearest"],
  [0xfd, 0xe0, "", "f32x4.abs f32x4.neg"],
  [0xfd, 0xe3, "", under("f32x4", `sqrt ${FLOAT_VECTOR_ARITHMETIC}`)],
  [0xfd, 0xec, "", "f64x2.abs f64x2.neg"],
  [0xfd, 0xef, "", under("f64x2", `sqrt ${FLOAT_VECTOR_ARITHMETIC}`)],
  [0xfd, 0xf8, "", "i32x4.trunc_sat_f32x4_s i32x4.trunc_sat_f32x4_u f32x4.convert_i32x4_s f32x4.convert_i32x4_u"],
  [0xfd, 0xfc, "", "i32x4.trunc_sat_f64x2_s_zero i32x4.trunc_sat_f64x2_u_zero"],
  [0xfd, 0xfe, "", "f64x2.convert_low_i32x4_s f64x2.convert_low_i32x4_u"],
  // Relaxed vectors
  [0xfd, 0x100, "", "i8x16.relaxed_swizzle i32x4.relaxed_trunc_f32x4_s i32x4.relaxed_trunc_f32x4_u"],
  [0xfd, 0x103, "", "i32x4.relaxed_trunc_f64x2_s_zero i32x4.relaxed_trunc_f64x2_u_zero"],
  [0xfd, 0x105, "", "f32x4.relaxed_madd f32x4.relaxed_nmadd f64x2.relaxed_madd f64x2.relaxed_nmadd"],
  [
    0xfd,
    0x109,
    "",
    "i8x16.relaxed_laneselect i16x8.relaxed_laneselect i32x4.relaxed_laneselect i64x2.relaxed_laneselect",
  ],
  [0xfd, 0x10d, "", "f32x4.relaxed_min f32x4.relaxed_max f64x2.relaxed_min f64x2.relaxed_max"],
  [0xfd, 0x111, "", "i16x8.relaxed_q15mulr_s i16x8.relaxed_dot_i8x16_i7x16_s i32x4.relaxed_dot_i8x16_i7x16_add_s"],
  // Threads
  [0xfe, 0x00, MEMORY, "memory.atomic.notify memory.atomic.wait32 memory.atomic.wait64"],
  [0xfe, 0x03, "zero", "atomic.fence"],
  [0xfe, 0x10, MEMORY, "i32.atomic.load i64.atomic.load i32.atomic.load8_u i32.atomic.load16_u"],
  [0xfe, 0x14, MEMORY, under("i64.atomic", "load8_u load16_u load32_u")],
  [0xfe, 0x17, MEMORY, "i32.atomic.store i64.atomic.store i32.atomic.store8 i32.atomic.store16"],
  [0xfe, 0x1b, MEMORY, under("i64.atomic", "store8 store16 store32")],
  [0xfe, 0x1e, MEMORY, readModifyWrite("add")],
  [0xfe, 0x25, MEMORY, readModifyWrite("sub")],
  [0xfe, 0x2c, MEMORY, readModifyWrite("and")],
  [0xfe, 0x33, MEMORY, readModifyWrite("or")],
  [0xfe, 0x3a, MEMORY, readModifyWrite("xor")],
  [0xfe, 0x41, MEMORY, readModifyWrite("xchg")],
  [0xfe, 0x48, MEMORY, readModifyWrite("cmpxchg")],
];

/** All instructions, in the order of the rows. */
export const OPCODES: readonly Opcode[] = ROWS.flatMap(([prefix, first, immediates, names]) =>
  names.split(" ").map((name, index) => ({
    name,
    prefix,
    code: first + index,
    immediates: (immediates === "" ? [] : immediates.split(",")) as ImmediateKind[],
  })),
);

const BY_NAME: ReadonlyMap<string, Opcode> = new Map(OPCODES.map((opcode) => [opcode.name, opcode]));

/** Sparse: the codes of a prefix by number. The largest is 0x113, so an array serves every prefix. */
const BY_CODE: ReadonlyMap<number, readonly (Opcode | undefined)[]> = new Map(
  [0x00, 0xfc, 0xfd, 0xfe].map((prefix) => {
    const codes: (Opcode | undefined)[] = [];
    for (const opcode of OPCODES) if (opcode.prefix === prefix) codes[opcode.code] = opcode;
    return [prefix, Array.from(codes)];
  }),
);

/** The row of a name; undefined when there is no such instruction. */
export function opcodeByName(name: string): Opcode | undefined {
  return BY_NAME.get(name);
}

/** The row of a code; undefined when the code (or the prefix) means nothing. @param prefix 0 for one-byte codes */
export function opcodeByCode(prefix: number, code: number): Opcode | undefined {
  return BY_CODE.get(prefix)?.[code];
}

/** "i32", "eqz eq" -> "i32.eqz i32.eq" */
function under(type: string, names: string): string {
  return names
    .split(" ")
    .map((name) => `${type}.${name}`)
    .join(" ");
}

/** The four ways from narrow lanes to wide ones: halves before signs. */
function widen(verb: string, from: string): string {
  return `${verb}_low_${from}_s ${verb}_high_${from}_s ${verb}_low_${from}_u ${verb}_high_${from}_u`;
}

/** The seven widths of an atomic read-modify-write. */
function readModifyWrite(verb: string): string {
  const narrow = (type: string, bits: number) => `${type}.atomic.rmw${bits}.${verb}_u`;
  return [
    `i32.atomic.rmw.${verb} i64.atomic.rmw.${verb}`,
    narrow("i32", 8),
    narrow("i32", 16),
    narrow("i64", 8),
    narrow("i64", 16),
    narrow("i64", 32),
  ].join(" ");
}
