/** Functions that are deliberately wrong, for the tests of what should find them. */
import { encode } from "../../../ts/wasm/encode.js";
import type { Instruction, Module } from "../../../ts/wasm/module.js";

function module(
  parameters: 1 | 2,
  name: string,
  body: readonly Instruction[],
  callee: boolean,
): Uint8Array<ArrayBuffer> {
  const types: Module["types"] = [
    { parameters: Array.from({ length: parameters }, () => "v128" as const), results: ["v128"] },
  ];
  return encode({
    types,
    imports: callee ? [{ module: "right", name: "callee", kind: "function", type: 0 }] : [],
    functions: [{ type: 0, locals: ["v128"], body: [...body, ["end"]] }],
    tables: [],
    memories: [],
    globals: [],
    exports: [{ name, kind: "function", index: callee ? 1 : 0 }],
    elements: [],
    data: [],
  });
}

const view = new DataView(new ArrayBuffer(8));

function bitsOf(x: number): bigint {
  view.setFloat64(0, x);
  return view.getBigUint64(0);
}

function splat(x: number): Instruction[] {
  return [["f64.const", bitsOf(x)], ["f64x2.splat"]];
}

/** All bits of a lane where from < x < to. */
const between = (from: number, to: number): Instruction[] => [
  ["local.get", 0],
  ...splat(from),
  ["f64x2.gt"],
  ["local.get", 0],
  ...splat(to),
  ["f64x2.lt"],
  ["v128.and"],
];

function instance(bytes: Uint8Array<ArrayBuffer>, callee: WebAssembly.ExportValue): WebAssembly.ExportValue {
  const imports = { right: { callee: callee as WebAssembly.ImportValue } };
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports.wrong!;
}

/** A function of one argument, `ulps` doubles too large where from < x < to. */
export function offBetween(
  right: WebAssembly.ExportValue,
  from: number,
  to: number,
  ulps: bigint,
): WebAssembly.ExportValue {
  const body: Instruction[] = [
    ["local.get", 0],
    ["call", 0],
    ...between(from, to),
    ["i64.const", ulps],
    ["i64x2.splat"],
    ["v128.and"],
    ["i64x2.add"],
  ];
  return instance(module(1, "wrong", body, true), right);
}

/** A mask of the lanes where from < x < to, in the place of a function `xDoubt`. */
export function doubtBetween(anything: WebAssembly.ExportValue, from: number, to: number): WebAssembly.ExportValue {
  return instance(module(1, "wrong", between(from, to), true), anything);
}

/** A function whose second lane is that of the first. */
export function lanesMixed(right: WebAssembly.ExportValue): WebAssembly.ExportValue {
  const body: Instruction[] = [["local.get", 0], ["call", 0], ["f64x2.extract_lane", 0], ["f64x2.splat"]];
  return instance(module(1, "wrong", body, true), right);
}

/** A provider with `hypot` alone, as the square root of the sum of the squares: it overflows and underflows on the way. */
export function naiveHypot(): Uint8Array {
  const square = (index: number): Instruction[] => [["local.get", index], ["local.get", index], ["f64x2.mul"]];
  return module(2, "hypot", [...square(0), ...square(1), ["f64x2.add"], ["f64x2.sqrt"]], false);
}
