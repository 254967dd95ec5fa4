/**
 * The math provider's functions as functions of JavaScript numbers.
 *
 * JavaScript cannot pass a v128, so a small module stands between: for each function, splat the arguments, call, take lane 0.
 * What comes out has the bits that an integrand gets, on every engine; `Math.sin` and the others do not.
 *
 * Role: any thread; made once per instance of the provider.
 */
import { ArgumentError } from "../errors.js";
import { encode } from "../wasm/encode.js";
import type { Func, Module } from "../wasm/module.js";
import { type FunctionTable, PROVIDER_BINARY, PROVIDER_UNARY } from "./functions.js";

const NAMES = [...PROVIDER_UNARY, ...PROVIDER_BINARY];

/**
 * Scalar functions with the bits of the math provider.
 *
 * @param provider  exports of an instance of build/math.wasm
 * @throws ArgumentError  an export is missing: it is another module
 * @example
 *   providerFunctions(instance.exports).sin(1)   // 0.8414709848078965
 */
export function providerFunctions(provider: WebAssembly.Exports): FunctionTable {
  const missing = NAMES.find((name) => typeof provider[name] !== "function");
  if (missing !== undefined) {
    throw new ArgumentError(
      `expected the exports of the math provider, got an object without \`${missing}\`; pass those of build/math.wasm`,
      "provider",
      provider,
    );
  }
  const module = new WebAssembly.Module(encode(adapter()));
  const instance = new WebAssembly.Instance(module, { math: provider });
  // The adapter exports exactly these names, with these signatures.
  return instance.exports as unknown as FunctionTable;
}

/** Names of the provider's functions. */
export const ELEMENTARY: readonly string[] = NAMES;

/** Bytes of a module that imports those functions of the provider and exports them for numbers: (f64) -> f64, or (f64, f64) -> f64. */
export function scalarFunctions(names: readonly string[]): Uint8Array {
  return encode(adapter(names));
}

/** (f64) -> f64 for each name, or (f64, f64) -> f64. Types: 0 and 1 the provider's, 2 and 3 the adapter's, by arity. */
function adapter(names: readonly string[] = NAMES): Module {
  const arity = (name: string): number => ((PROVIDER_BINARY as readonly string[]).includes(name) ? 2 : 1);
  const pass = (argument: number): Func["body"] => [["local.get", argument], ["f64x2.splat"]];
  return {
    types: [
      { parameters: ["v128"], results: ["v128"] },
      { parameters: ["v128", "v128"], results: ["v128"] },
      { parameters: ["f64"], results: ["f64"] },
      { parameters: ["f64", "f64"], results: ["f64"] },
    ],
    imports: names.map((name) => ({ module: "math", name, kind: "function", type: arity(name) - 1 })),
    functions: names.map((name, index) => ({
      type: arity(name) + 1,
      locals: [],
      body: [...pass(0), ...(arity(name) === 2 ? pass(1) : []), ["call", index], ["f64x2.extract_lane", 0], ["end"]],
    })),
    tables: [],
    memories: [],
    globals: [],
    exports: names.map((name, index) => ({ name, kind: "function", index: names.length + index })),
    elements: [],
    data: [],
  };
}
