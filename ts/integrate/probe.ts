/**
 * The type of an export where only the engine can read the module: by trying which of the types it can be linked as.
 *
 * Role: any thread that makes contexts.
 */
import { WasmError } from "../errors.js";
import { instantiateForeign } from "../runtime/compute/foreign.js";
import { instantiate } from "../runtime/core/core.js";
import { mathModule } from "../runtime/core/modules.js";
import { encode } from "../wasm/encode.js";
import { FOREIGN_FORMS, type ForeignForm, linkTest } from "../wasm/foreign.js";

/** @throws {WasmError} it cannot be instantiated, or the export has none of the types */
export function probe(module: WebAssembly.Module, name: string, scalars: Uint8Array | undefined): ForeignForm {
  const exports = instantiateForeign(module, scalars, { env: {}, math: () => instantiate(mathModule(), {}) });
  const integrand = exports[name] as WebAssembly.ExportValue;
  for (const form of Object.keys(FOREIGN_FORMS) as ForeignForm[]) {
    try {
      new WebAssembly.Instance(new WebAssembly.Module(encode(linkTest(FOREIGN_FORMS[form]))), {
        foreign: { integrand },
      });
      return form;
    } catch (error) {
      if (!(error instanceof WebAssembly.LinkError)) throw error;
    }
  }
  throw new WasmError(
    `expected ${JSON.stringify(name)} with the type (f64) -> f64 or (v128) -> v128 or (i32, i32, i32) -> (), found another`,
  );
}
