/**
 * Pure instructions: how many operands one takes, and the type of what it gives.
 *
 * Source: WebAssembly Core Specification 2.0, "Validation"; relaxed SIMD proposal. The names follow a grammar, so a few patterns say it.
 * Role:   any thread. Loads count as pure: whoever asks reads what nobody writes.
 */
import type { ValueType } from "./module.js";

export interface Shape {
  readonly operands: number;
  readonly result: ValueType;
}

const PURE = /^(v128|[if]\d+x\d+|[if](32|64))\.(?!const|store|atomic)/;
const TERNARY = /\.(bitselect|relaxed_n?madd|relaxed_laneselect|relaxed_dot_i8x16_i7x16_add_s)$/;
const LANE_ACCESS = /\.load\d+_lane$/;
const UNARY =
  /\.(abs|neg|sqrt|ceil|floor|trunc|nearest|not|splat|eqz|clz|ctz|popcnt|any_true|all_true|bitmask|extract_lane(_[su])?|load\w*|convert_\w+|promote_\w+|demote_\w+|trunc_\w+|relaxed_trunc_\w+|extend\w*|extadd_\w+|wrap_i64|reinterpret_\w+)$/;
/** Comparisons of scalars, and questions about vectors, give a truth value. */
const SCALAR_TRUTH = /^[if](32|64)\.(eqz|eq|ne|[lg][te](_[su])?)$|\.(any_true|all_true|bitmask)$/;
const EXTRACT = /^([if]\d+)x\d+\.extract_lane(_[su])?$/;
const NARROW_LANES: ReadonlySet<string> = new Set(["i8", "i16"]);

/** The shape of an instruction; undefined for what is not pure: stores, calls, control, variables. */
export function shapeOf(name: string): Shape | undefined {
  if (!PURE.test(name)) return undefined;
  return { operands: operandsOf(name), result: resultOf(name) };
}

function operandsOf(name: string): number {
  if (TERNARY.test(name)) return 3;
  if (LANE_ACCESS.test(name)) return 2;
  return UNARY.test(name) ? 1 : 2;
}

function resultOf(name: string): ValueType {
  if (SCALAR_TRUTH.test(name)) return "i32";
  const lane = EXTRACT.exec(name)?.[1];
  if (lane !== undefined) return NARROW_LANES.has(lane) ? "i32" : (lane as ValueType);
  const prefix = name.slice(0, name.indexOf("."));
  return prefix.includes("x") || prefix === "v128" ? "v128" : (prefix as ValueType);
}
