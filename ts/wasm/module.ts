/**
 * A WebAssembly module as plain data: what the decoder makes and the encoder takes.
 *
 * Source: WebAssembly Core Specification 2.0, "Structure" and "Binary Format"; threads proposal (shared memories, atomics).
 * Only what Heddle's own modules and integrands use is represented: one table, one memory, no exceptions, no garbage collection.
 */

export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128" | "funcref" | "externref";

export interface FunctionType {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** Type of a block: nothing, one result, or an index into the module's types. */
export type BlockType = "empty" | ValueType | number;

export interface MemoryArgument {
  /** log2 of the promised alignment. */
  readonly align: number;
  readonly offset: number;
}

/**
 * One instruction: its name in the text format, then its immediates in the order of the binary format
 * (which is the text's, but for `call_indirect type table` and `table.init element table`).
 *
 *   ["local.get", 0]   ["i32.const", -1]   ["i64.const", -1n]   ["f64.const", 0x3ff0000000000000n]
 *   ["v128.const", <16 bytes>]   ["v128.load", { align: 4, offset: 16 }]   ["block", "v128"]
 *   ["f64x2.extract_lane", 1]   ["br_table", [0, 1], 2]   ["call", 3]   ["end"]
 *   ["f32.const", 0x3f800000n]   ["i8x16.shuffle", <16 bytes>]   ["select_typed", ["f64"]]   ["ref.null", "funcref"]
 *
 * Floats are bit patterns, so that no NaN loses its payload on the way.
 */
export type Instruction = readonly [name: string, ...immediates: Immediate[]];
export type Immediate =
  | number
  | bigint
  | Uint8Array
  | MemoryArgument
  | BlockType
  | readonly number[]
  | readonly ValueType[];

export interface Limits {
  readonly minimum: number;
  readonly maximum?: number;
  readonly shared?: boolean;
}

export interface GlobalType {
  readonly type: ValueType;
  readonly mutable: boolean;
}

export type ImportKind =
  | { readonly kind: "function"; readonly type: number }
  | { readonly kind: "memory"; readonly limits: Limits }
  | { readonly kind: "table"; readonly element: ValueType; readonly limits: Limits }
  | ({ readonly kind: "global" } & GlobalType);

export type Import = { readonly module: string; readonly name: string } & ImportKind;

export interface Export {
  readonly name: string;
  readonly kind: "function" | "table" | "memory" | "global";
  readonly index: number;
}

export interface Func {
  /** Index into `types`. */
  readonly type: number;
  /** Locals after the parameters. */
  readonly locals: readonly ValueType[];
  /** Ends with its own `["end"]`. */
  readonly body: readonly Instruction[];
}

export interface Global extends GlobalType {
  /** A constant expression; ends with its own `["end"]`. */
  readonly init: readonly Instruction[];
}

export interface DataSegment {
  /** Where an active segment goes; undefined for a passive one. */
  readonly offset?: readonly Instruction[];
  readonly bytes: Uint8Array;
}

/** Index spaces as in the specification: imports first, then what the module defines. */
export interface Module {
  readonly types: readonly FunctionType[];
  readonly imports: readonly Import[];
  readonly functions: readonly Func[];
  readonly tables: readonly { readonly element: ValueType; readonly limits: Limits }[];
  readonly memories: readonly Limits[];
  readonly globals: readonly Global[];
  readonly exports: readonly Export[];
  readonly start?: number;
  readonly elements: readonly { readonly offset: readonly Instruction[]; readonly functions: readonly number[] }[];
  readonly data: readonly DataSegment[];
}
