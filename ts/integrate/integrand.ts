/**
 * From a text to a spliced module: parse, compile, splice, compile again by the engine. Each text once; the cache is bounded.
 *
 * Role: any thread that makes contexts.
 */
import { BoundedMap } from "../bounded-map.js";
import { compile, type Expression, Library, parse } from "../expr/index.js";
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
  /** Whether it reads tables of elementary functions. */
  readonly readsTables: boolean;
  /** Whether it has fused operations. */
  readonly relaxed: boolean;
}

const CACHE_CAPACITY = 256;
const cache = new BoundedMap<string, Integrand>(CACHE_CAPACITY);
let template: Module | undefined;

/** The elementary functions, as the compiler reads them. */
export const LIBRARY = new Library(() => decode(mathTemplate(), { later: true }));

/**
 * @param source the expression, @param variable its variable, @param parameters names it may use besides
 * @param relaxed whether to fuse operations, if the engine can
 * @throws {ExpressionError}
 */
export function integrandOf(
  source: string,
  variable: string,
  parameters: readonly string[],
  relaxed = false,
): Integrand {
  const names = [...parameters].sort();
  return cache.get(JSON.stringify([variable, names, source, relaxed]), () =>
    make(parse(source, { variable, parameters: names }), relaxed),
  );
}

function make(expression: Expression, relaxed: boolean): Integrand {
  const { kernel, parameters, operations } = compile(expression, LIBRARY, { relaxed });
  template ??= decode(driverTemplate());
  const bytes = splice(template, kernel, { kind: "x", drivers: ["grid", "map"] });
  // Fused operations are the only ones that an engine which runs the core may lack.
  if (relaxed && !WebAssembly.validate(bytes)) return make(expression, false);
  const readsTables = kernel.imports.some(({ name, kind }) => name === "tables" && kind === "global");
  return { bytes, module: new WebAssembly.Module(bytes), parameters, operations, readsTables, relaxed };
}
