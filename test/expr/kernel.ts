/** Runs kernels of kind "x" as modules by themselves, and the math provider: what the tests of ts/expr and assembly/math stand on. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CompiledExpression } from "../../ts/expr/compile.js";
import { providerFunctions } from "../../ts/expr/provider.js";
import { encode } from "../../ts/wasm/encode.js";
import type { Instruction, Module } from "../../ts/wasm/module.js";

export const providerBytes = readFileSync(join(process.cwd(), "build/math.wasm"));
export const provider = new WebAssembly.Instance(new WebAssembly.Module(providerBytes), {}).exports;
export const functions = providerFunctions(provider);

/** (f64, f64) -> (f64, f64) around a (v128, …) -> v128: each argument is a pair of lanes. */
export function onLanes(callee: WebAssembly.ExportValue, parameters: 1 | 2): (...lanes: number[]) => [number, number] {
  const lanes = 2 * parameters;
  const pair = (first: number): Instruction[] => [
    ["local.get", first],
    ["f64x2.splat"],
    ["local.get", first + 1],
    ["f64x2.replace_lane", 1],
  ];
  const module: Module = {
    types: [
      { parameters: Array.from({ length: parameters }, () => "v128" as const), results: ["v128"] },
      { parameters: Array.from({ length: lanes }, () => "f64" as const), results: ["f64", "f64"] },
    ],
    imports: [{ module: "a", name: "callee", kind: "function", type: 0 }],
    functions: [
      {
        type: 1,
        locals: ["v128"],
        body: [
          ...pair(0),
          ...(parameters === 2 ? pair(2) : []),
          ["call", 0],
          ["local.tee", lanes],
          ["f64x2.extract_lane", 0],
          ["local.get", lanes],
          ["f64x2.extract_lane", 1],
          ["end"],
        ],
      },
    ],
    tables: [],
    memories: [],
    globals: [],
    exports: [{ name: "run", kind: "function", index: 1 }],
    elements: [],
    data: [],
  };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(encode(module)), { a: { callee } });
  return instance.exports.run as (...lanes: number[]) => [number, number];
}

/** Where the parameter record lies in the tests; not 0, so that an address that is dropped is noticed. */
const RECORD = 64;

/** An instance of a kernel: set the parameters (in the record's order), then run two points. */
export function instantiate(
  compiled: CompiledExpression,
): (values: readonly number[], x0: number, x1: number) => [number, number] {
  const memory = new WebAssembly.Memory({ initial: 3, maximum: 3, shared: true });
  const module = new WebAssembly.Module(encode(compiled.kernel));
  const { exports } = new WebAssembly.Instance(module, { env: { memory }, math: provider });
  const run = onLanes(exports.integrand!, 1);
  const prologue = exports.prologue as ((record: number) => void) | undefined;
  return (values, x0, x1) => {
    new Float64Array(memory.buffer, RECORD).set(values);
    prologue?.(RECORD);
    return run(x0, x1);
  };
}

/** A body as text, for golden listings: instructions separated by "; ", without the last `end`. */
export function listing(body: readonly Instruction[]): string {
  const one = ([name, ...immediates]: Instruction): string =>
    [
      name,
      ...immediates.map((value) =>
        typeof value === "object" && "offset" in value ? `offset=${value.offset}` : String(value),
      ),
    ].join(" ");
  return body.slice(0, -1).map(one).join("; ");
}
