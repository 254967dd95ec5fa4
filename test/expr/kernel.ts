/** Runs kernels of kind "x" as modules by themselves, and the math provider: what the tests of ts/expr and assembly/math stand on. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CompiledExpression } from "../../ts/expr/compile.js";
import { Library } from "../../ts/expr/library.js";
import { providerFunctions } from "../../ts/expr/provider.js";
import { decode } from "../../ts/wasm/decode.js";
import { encode } from "../../ts/wasm/encode.js";
import type { Func, Instruction, Module } from "../../ts/wasm/module.js";

export const providerBytes = readFileSync(join(process.cwd(), "build/math.wasm"));
export const provider = new WebAssembly.Instance(new WebAssembly.Module(providerBytes), {}).exports;
export const functions = providerFunctions(provider);
export const library = new Library(() => decode(providerBytes));

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

/** Where the tables lie. */
const TABLES = 65536;

/** What became of a kernel at two points. */
export interface Outcome {
  readonly fast: readonly [number, number];
  readonly careful: readonly [number, number];
  /** Lanes in which the fast value may be wrong. */
  readonly doubt: readonly [boolean, boolean];
}

/** An instance of a kernel: set the parameters (in the record's order), then run two points. */
export function instantiate(
  compiled: CompiledExpression,
): (values: readonly number[], x0: number, x1: number) => Outcome {
  const memory = new WebAssembly.Memory({ initial: 3, maximum: 3, shared: true });
  new Uint8Array(memory.buffer).set(library.image(), TABLES);
  const { functions: kernels, exports: names, ...rest } = compiled.kernel;
  const imported = compiled.kernel.imports.filter(({ kind }) => kind === "function").length;
  const indexOf = (name: string) => names.find((each) => each.name === name)?.index;
  // What takes a v128, in terms of doubles.
  const wrapped: Module = {
    ...rest,
    types: [
      ...rest.types,
      { parameters: ["f64", "f64"], results: ["f64", "f64"] },
      { parameters: [], results: ["i32"] },
    ],
    functions: [
      ...kernels,
      lanesOf(rest.types.length, [], indexOf("integrand")!),
      lanesOf(rest.types.length, [["i32.const", RECORD]], indexOf("careful")!),
      {
        type: rest.types.length + 1,
        locals: [],
        body: [
          ...(indexOf("doubt") === undefined ? NO_DOUBT : [["call", indexOf("doubt")!] as const]),
          ["i64x2.bitmask"],
          ["end"],
        ],
      },
    ],
    exports: [
      ...names.filter(({ name }) => name === "prologue"),
      ...["integrand", "careful", "doubt"].map((name, index) => ({
        name,
        kind: "function" as const,
        index: imported + kernels.length + index,
      })),
    ],
  };
  const module = new WebAssembly.Module(encode(wrapped));
  const { exports } = new WebAssembly.Instance(module, { env: { memory, tables: TABLES }, math: provider });
  const run = exports as unknown as Record<"integrand" | "careful", (x0: number, x1: number) => [number, number]> & {
    prologue?: (record: number) => void;
    doubt: () => number;
  };
  return (values, x0, x1) => {
    new Float64Array(memory.buffer, RECORD).set(values);
    run.prologue?.(RECORD);
    const fast = run.integrand(x0, x1);
    const mask = run.doubt();
    return { fast, careful: run.careful(x0, x1), doubt: [(mask & 1) !== 0, (mask & 2) !== 0] };
  };
}

const NO_DOUBT: readonly Instruction[] = [["v128.const", new Uint8Array(16)]];

/** (f64, f64) -> (f64, f64) around a function of the same module; `more` are further arguments. */
function lanesOf(type: number, more: readonly Instruction[], callee: number): Func {
  return {
    type,
    locals: ["v128"],
    body: [
      ["local.get", 0],
      ["f64x2.splat"],
      ["local.get", 1],
      ["f64x2.replace_lane", 1],
      ...more,
      ["call", callee],
      ["local.tee", 2],
      ["f64x2.extract_lane", 0],
      ["local.get", 2],
      ["f64x2.extract_lane", 1],
      ["end"],
    ],
  };
}

/** The function that a kernel exports under a name. */
export function functionOf({ kernel }: CompiledExpression, name: string): Func {
  const imported = kernel.imports.filter(({ kind }) => kind === "function").length;
  return kernel.functions[kernel.exports.find((each) => each.name === name)!.index - imported]!;
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
