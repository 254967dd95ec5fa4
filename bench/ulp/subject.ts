/**
 * What is measured: the functions of a math provider, called for many numbers at once.
 *
 * JavaScript cannot pass vectors, so a small module stands between: it takes pairs of numbers from a memory, calls, and puts the results back. Neighbours
 * in the batch share a vector, so that a function whose lanes disturb each other shows it.
 *
 * Role: the bench's workers and tests.
 */
import { encode } from "../../ts/wasm/encode.js";
import type { Instruction, Module } from "../../ts/wasm/module.js";

/** The most numbers at once. */
export const BATCH = 8192;

const PAGES = (4 * 8 * BATCH) / 65536;
const SECOND = 8 * BATCH;
const RESULTS = 2 * 8 * BATCH;

/** One function and its forms; assembly/math.ts says what they are. */
export interface Subject {
  readonly name: string;
  readonly arity: 1 | 2;
  /** Arguments: the caller fills as many as it wants. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** The results of the first `count` arguments, in an array of the caller's own. */
  readonly total: (count: number) => Float64Array;
  readonly fast: ((count: number) => Float64Array) | null;
  /** All bits set where `fast` may be wrong; null where it never is. */
  readonly doubt: ((count: number) => Float64Array) | null;
}

/** sqrt is an instruction, and everything the provider exports but the forms beside the total ones. */
export function subjectNames(provider: WebAssembly.Exports): string[] {
  const names = Object.keys(provider).filter((name) => typeof provider[name] === "function");
  return [...names.filter((name) => !/(Fast|Doubt)$/.test(name)), "sqrt"];
}

export function openSubject(provider: WebAssembly.Exports, name: string): Subject {
  const memory = new WebAssembly.Memory({ initial: PAGES });
  const open = (callee: WebAssembly.ExportValue | undefined): Subject["total"] | null => {
    if (typeof callee !== "function") return null;
    return batch(memory, arity, [["call", 0]], callee);
  };
  const arity = provider[name] === undefined ? 1 : (provider[name] as { readonly length: 1 | 2 }).length;
  return {
    name,
    arity,
    x: new Float64Array(memory.buffer, 0, BATCH),
    y: new Float64Array(memory.buffer, SECOND, BATCH),
    total: open(provider[name]) ?? batch(memory, 1, [["f64x2.sqrt"]], () => {}),
    fast: open(provider[`${name}Fast`]),
    doubt: open(provider[`${name}Doubt`]),
  };
}

function batch(
  memory: WebAssembly.Memory,
  arity: 1 | 2,
  operation: readonly Instruction[],
  callee: WebAssembly.ImportValue,
): Subject["total"] {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(encode(loop(arity, operation))), {
    bench: { memory, callee },
  });
  const run = exports.run as (bytes: number) => void;
  return (count) => {
    // The last vector may have one argument alone; its other lane computes what lay there.
    run(8 * (count + (count % 2)));
    return new Float64Array(memory.buffer, RESULTS, count).slice();
  };
}

/** (bytes) -> (): the operation on 16 bytes after the other. */
function loop(arity: 1 | 2, operation: readonly Instruction[]): Module {
  const load = (offset: number): Instruction[] => [
    ["local.get", 1],
    ["v128.load", { align: 4, offset }],
  ];
  const parameters = Array.from({ length: arity }, () => "v128" as const);
  const usesCallee = operation.some(([name]) => name === "call");
  return {
    types: [
      usesCallee ? { parameters, results: ["v128"] } : { parameters: [], results: [] },
      { parameters: ["i32"], results: [] },
    ],
    imports: [
      { module: "bench", name: "callee", kind: "function", type: 0 },
      { module: "bench", name: "memory", kind: "memory", limits: { minimum: PAGES } },
    ],
    functions: [
      {
        type: 1,
        locals: ["i32"],
        body: [
          ["loop", "empty"],
          ["local.get", 1],
          ...load(0),
          ...(arity === 2 ? load(SECOND) : []),
          ...operation,
          ["v128.store", { align: 4, offset: RESULTS }],
          ["local.get", 1],
          ["i32.const", 16],
          ["i32.add"],
          ["local.tee", 1],
          ["local.get", 0],
          ["i32.lt_u"],
          ["br_if", 0],
          ["end"],
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
}
