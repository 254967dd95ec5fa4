/**
 * Exports of WebAssembly modules as integrands of several variables: (f64, …, f64) -> f64, called for each point.
 *
 * Role: the thread that calls `integrate`.
 */
import { WasmError } from "../../errors.js";
import { instantiateForeign } from "../../runtime/compute/foreign.js";
import { instantiate } from "../../runtime/core/core.js";
import { mathModule } from "../../runtime/core/modules.js";
import type { IntegrandExport } from "../../types.js";
import { encode } from "../../wasm/encode.js";
import { linkTest } from "../../wasm/foreign.js";
import type { FunctionType, Module } from "../../wasm/module.js";
import { Source } from "../../wasm/source.js";
import { checkExported, checkImports, checkOurs, moduleOfExport, tryDecode } from "../module-integrand.js";
import type { CalledModule, Component } from "./integrand.js";

/** Numbers for modules, so that a key can name them. */
const numbers = new WeakMap<WebAssembly.Module, number>();
let last = 0;

/**
 * @param variables how many numbers it takes
 * @throws {ArgumentError} @throws {WasmError} the module cannot be used, or the export is of another type
 */
export function componentOfExport(
  f: IntegrandExport,
  variables: number,
): { readonly component: Component; readonly module: CalledModule } {
  const { bytes, module } = moduleOfExport(f);
  const { export: name } = f;
  checkExported(module, name);
  const scalars = checkImports(module);
  const read = bytes === null ? undefined : tryDecode(bytes);
  if (WebAssembly.Module.imports(module).some(({ kind }) => kind === "memory")) checkOurs(read);
  const type: FunctionType = { parameters: new Array(variables).fill("f64"), results: ["f64"] };
  if (!(read === undefined ? links(module, name, scalars, type) : hasType(read, name, type))) {
    throw new WasmError(
      `expected ${JSON.stringify(name)} with the type (${type.parameters.join(", ")}) -> f64, a number for each variable, found another`,
    );
  }
  const number = numbers.get(module) ?? ++last;
  numbers.set(module, number);
  const key = `export ${number} ${JSON.stringify(name)}`;
  return {
    component: { key, call: { export: name }, reason: "exports of several variables are called, a point at a time" },
    module: {
      key: String(number),
      bytes: bytes ?? undefined,
      scalars,
      given: bytes === null ? module : undefined,
    },
  };
}

function hasType(read: Module, name: string, { parameters, results }: FunctionType): boolean {
  const source = new Source("kernel", read);
  const type = source.typeOfFunction(source.exportedFunction(name) as number);
  return type.parameters.join() === parameters.join() && type.results.join() === results.join();
}

/** Where the module cannot be read: the engine links it, or says that the type is another. */
function links(module: WebAssembly.Module, name: string, scalars: Uint8Array | undefined, type: FunctionType): boolean {
  const math = (): WebAssembly.Exports => instantiate(mathModule(), {});
  const integrand = instantiateForeign(module, scalars, { env: {}, math })[name] as WebAssembly.ExportValue;
  try {
    new WebAssembly.Instance(new WebAssembly.Module(encode(linkTest(type))), { foreign: { integrand } });
    return true;
  } catch (error) {
    if (!(error instanceof WebAssembly.LinkError)) throw error;
    return false;
  }
}
