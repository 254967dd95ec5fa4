/**
 * Integrands that are somebody else's code: a function of JavaScript, or an export of a WebAssembly module. What travels with their driver module, in its
 * custom sections, and how a thread links the two.
 *
 *   "heddle"           what it is, as JSON (`Foreign`)
 *   "heddle.module"    the bytes of the user's module
 *   "heddle.scalars"   a module that gives it elementary functions of one number, (f64) -> f64, made of Heddle's own
 *
 * Role: any thread that computes.
 */
import { HeddleError, IntegrandError, WasmError } from "../../errors.js";
import { customSection, withCustomSection } from "../../wasm/custom.js";
import { instantiate } from "../core/core.js";
import { callbackMap } from "./callback.js";
import { ownMap } from "./own-memory.js";
import type { SeveralCalls } from "./several-callback.js";

/** What a driver module calls. */
export type Foreign =
  | {
      readonly kind: "callback";
      readonly source: string;
      readonly label: string;
      /** Names, in the order of the parameter record. */
      readonly parameters: readonly string[];
    }
  /** An export whose instructions stand in the driver. They may trap. */
  | { readonly kind: "spliced" }
  /** An export for a point, or a pair of points. */
  | { readonly kind: "point"; readonly name: string }
  /** Functions, or exports, of several variables: called for each point. */
  | SeveralCalls
  /** An export for many points, in the shared memory, or in the one that the module exports under a name. */
  | { readonly kind: "batch"; readonly name: string; readonly memory: string | null };

export interface Companions {
  readonly foreign: Foreign;
  readonly module?: Uint8Array;
  readonly scalars?: Uint8Array;
}

/** What a module may import. */
export interface Surroundings {
  readonly env: WebAssembly.ModuleImports;
  /** Exports of the math provider. */
  readonly math: () => WebAssembly.Exports;
}

const FOREIGN = "heddle";
const MODULE = "heddle.module";
const SCALARS = "heddle.scalars";

/** A driver module with its companions. */
export function withCompanions(driver: Uint8Array, { foreign, module, scalars }: Companions): Uint8Array<ArrayBuffer> {
  let bytes = withCustomSection(driver, FOREIGN, new TextEncoder().encode(JSON.stringify(foreign)));
  if (module !== undefined) bytes = withCustomSection(bytes, MODULE, module);
  if (scalars !== undefined) bytes = withCustomSection(bytes, SCALARS, scalars);
  return bytes;
}

/** What a driver module calls; undefined when its integrand is written in it. */
export function foreignOf(driver: WebAssembly.Module): Foreign | undefined {
  const text = customSection(driver, FOREIGN);
  return text === undefined ? undefined : (JSON.parse(new TextDecoder().decode(text)) as Foreign);
}

/** Whether the driver module calls a module whose bytes it does not bring. */
export function needsModule(driver: WebAssembly.Module): boolean {
  const foreign = foreignOf(driver);
  if (foreign === undefined || customSection(driver, MODULE) !== undefined) return false;
  return foreign.kind === "point" || foreign.kind === "batch" || (foreign.kind === "several" && callsExports(foreign));
}

/**
 * What the driver module imports as "foreign".
 *
 * @param given the user's module, where its bytes do not travel
 * @throws {WasmError} it cannot be instantiated. @throws {FunctionError} the function cannot be compiled here
 */
export function link(
  driver: WebAssembly.Module,
  foreign: Foreign,
  given: WebAssembly.Module | undefined,
  memory: WebAssembly.Memory,
  math: () => WebAssembly.Exports,
): WebAssembly.ModuleImports {
  if (foreign.kind === "spliced" || foreign.kind === "several") return {};
  if (foreign.kind === "callback") return callbackMap(foreign, memory);
  const exports = exportsOf(driver, given, memory, math);
  const called = exports[foreign.name] as (...values: number[]) => void;
  if (foreign.kind === "point") return { integrand: called };
  const begin = (): void => {};
  return { begin, map: foreign.memory === null ? called : ownMap(exports, called, foreign.memory, memory) };
}

function callsExports({ values }: SeveralCalls): boolean {
  return values.some((each) => each !== null && "export" in each);
}

/** The exports that functions of several variables are called by; none, where no export is. Its arguments are those of `link`. */
export function exportsToCall(
  driver: WebAssembly.Module,
  calls: SeveralCalls,
  given: WebAssembly.Module | undefined,
  memory: WebAssembly.Memory,
  math: () => WebAssembly.Exports,
): WebAssembly.Exports {
  return callsExports(calls) ? exportsOf(driver, given, memory, math) : {};
}

/** An instance of the user's module. */
function exportsOf(
  driver: WebAssembly.Module,
  given: WebAssembly.Module | undefined,
  memory: WebAssembly.Memory,
  math: () => WebAssembly.Exports,
): WebAssembly.Exports {
  const module = given ?? new WebAssembly.Module(customSection(driver, MODULE) ?? new Uint8Array(0));
  return instantiateForeign(module, customSection(driver, SCALARS), { env: { memory }, math });
}

/** @throws {WasmError} the engine refuses */
export function instantiateForeign(
  module: WebAssembly.Module,
  scalars: Uint8Array | undefined,
  { env, math }: Surroundings,
): WebAssembly.Exports {
  const functions =
    scalars === undefined ? {} : instantiate(new WebAssembly.Module(scalars as BufferSource), { math: { ...math() } });
  const usesMath = WebAssembly.Module.imports(module).some((each) => each.module === "math");
  try {
    return instantiate(module, { env: { ...env, ...functions }, math: usesMath ? { ...math() } : {} });
  } catch (cause) {
    throw new WasmError(`expected a module that can be instantiated, the engine says: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** What went wrong in an integrand, as an error of ours. */
export function integrandFailure(error: unknown): Error {
  if (error instanceof HeddleError) return error;
  const what =
    error instanceof WebAssembly.RuntimeError
      ? `ended by a trap: ${error.message}`
      : `threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  return new IntegrandError(`the integrand ${what}`, null, { cause: error });
}
