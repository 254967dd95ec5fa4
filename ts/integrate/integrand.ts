/**
 * From a text to a spliced module: parse, compile, splice, compile again by the engine. Each text once; the cache is bounded.
 *
 * Role: any thread that makes contexts.
 */
import { BoundedMap } from "../bounded-map.js";
import { compile, Library, parse } from "../expr/index.js";
import { driverTemplate, mathTemplate } from "../runtime/modules.js";
import { decode } from "../wasm/decode.js";
import type { Module } from "../wasm/module.js";
import { splice } from "../wasm/splice.js";

export interface Integrand {
  readonly bytes: Uint8Array;
  readonly module: WebAssembly.Module;
  /** Names in the order of the parameter record. */
  readonly parameters: readonly string[];
  /** Rough cost of an evaluation, in instructions. */
  readonly operations: number;
}

const CACHE_CAPACITY = 256;
const cache = new BoundedMap<string, Integrand>(CACHE_CAPACITY);
let template: Module | undefined;
let library: Library | undefined;

/** The elementary functions, as the compiler reads them. */
export function mathLibrary(): Library {
  library ??= new Library(decode(mathTemplate()));
  return library;
}

/**
 * @param source the expression, @param variable its variable, @param parameters names it may use besides
 * @throws {ExpressionError}
 */
export function integrandOf(source: string, variable: string, parameters: readonly string[]): Integrand {
  const names = [...parameters].sort();
  return cache.get(JSON.stringify([variable, names, source]), () => make(source, variable, names));
}

function make(source: string, variable: string, names: readonly string[]): Integrand {
  const { kernel, parameters, operations } = compile(parse(source, { variable, parameters: names }), mathLibrary());
  template ??= decode(driverTemplate());
  const bytes = splice(template, kernel, { kind: "x", drivers: ["grid", "map"] });
  return { bytes, module: new WebAssembly.Module(bytes as BufferSource), parameters, operations };
}
