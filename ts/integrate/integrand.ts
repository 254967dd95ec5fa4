/**
 * From a text or a tree to a spliced module: parse, compile, splice, compile again by the engine. Each tree once; the caches are bounded.
 *
 * Role: any thread that makes contexts.
 */
import { BoundedMap } from "../bounded-map.js";
import { type Canonical, canonical, compile, type Expression, Library, parse } from "../expr/index.js";
import { driverTemplate, mathTemplate } from "../runtime/modules.js";
import type { IntegrandUse } from "../types.js";
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
  /** The user's module, where it came without bytes. */
  readonly given?: WebAssembly.Module | undefined;
  /** What is told of it. */
  readonly use: IntegrandUse;
}

export const CACHE_CAPACITY = 256;
/** By text, and by what the text says. */
const texts = new BoundedMap<string, Integrand>(CACHE_CAPACITY);
const trees = new BoundedMap<string, Integrand>(CACHE_CAPACITY);
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
  return texts.get(JSON.stringify([variable, names, source, relaxed]), () => {
    const { nodes } = parse(source, { variable, parameters: names });
    return integrandOfTree(canonical(nodes), names, relaxed);
  });
}

/** @param names of the parameters, in the order of their record */
export function integrandOfTree({ key, nodes }: Canonical, names: readonly string[], relaxed: boolean): Integrand {
  return trees.get(JSON.stringify([key, names, relaxed]), () =>
    make({ source: key, variable: "x", parameters: names, nodes }, relaxed),
  );
}

function make(expression: Expression, relaxed: boolean): Integrand {
  const { kernel, parameters, operations } = compile(expression, LIBRARY, { relaxed });
  const bytes = spliceKernel(kernel);
  // Fused operations are the only ones that an engine which runs the core may lack.
  if (relaxed && !WebAssembly.validate(bytes)) return make(expression, false);
  const readsTables = kernel.imports.some(({ name, kind }) => name === "tables" && kind === "global");
  const module = new WebAssembly.Module(bytes);
  return { bytes, module, parameters, operations, readsTables, relaxed, use: { kind: "compiled" } };
}

/** The drivers with a kernel in them. */
export function spliceKernel(kernel: Module): Uint8Array<ArrayBuffer> {
  template ??= decode(driverTemplate());
  return splice(template, kernel, { kind: "x", drivers: ["grid", "map"] });
}
