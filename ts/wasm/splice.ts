/**
 * The splicer: a driver template and a kernel -> one module in which the kernel's instructions stand where the template called for them.
 *
 * Role: any thread.
 *
 *   template   imports "integrand": prologue (i32) -> (), evaluate (the kind's type); exports drivers
 *   kernel     exports "integrand" and perhaps "prologue" (see kernel.ts)
 *   result     the drivers asked for, what they reach of either module, and nothing else. Both imports are gone
 *
 * A large kernel with many sites is appended once and called instead: `inlineLimit`. Either way the result computes the same bits as
 * the two modules linked by their imports; test/wasm/splice.test.ts holds that.
 *
 * Types are checked at the seam only. A kernel from outside must pass `WebAssembly.validate` before it comes here: a body that takes
 * more from the stack than it was given would take it from the driver's.
 */
import { ArgumentError, WasmError } from "../errors.js";
import { encode } from "./encode.js";
import { inlinable } from "./inline.js";
import { encodedLength } from "./instructions.js";
import { type Guest, join } from "./join.js";
import { KERNEL_KINDS, type KernelKind, PROLOGUE_TYPE } from "./kernel.js";
import type { Func, FunctionType, Module } from "./module.js";
import { checkType, collectCalls, countCalls, findSeam, localGlobals, type Seam } from "./seam.js";
import { Source } from "./source.js";

/**
 * Bytes of encoded bodies, over all sites, up to which a kernel is written in place. Measured on Node 20 with sums of products: in place was
 * faster at every size tried (1.8 times at 77 kB over 11 sites), so what limits it is only the time to compile.
 */
export const INLINE_LIMIT = 65_536;

export interface SpliceOptions {
  /** What the integrand takes and gives; decides the type of "evaluate". */
  readonly kind: KernelKind;
  /** Names of the template's exports to emit, one at least. */
  readonly drivers: readonly string[];
  /** Bytes of the kernel's encoded bodies, each times its sites, above which it is called. Default `INLINE_LIMIT`; 0 calls always. */
  readonly inlineLimit?: number;
}

/**
 * Splices a kernel into drivers.
 *
 * @returns a module's bytes: equal inputs give equal bytes
 * @throws WasmError when either module has what cannot be moved, or they do not fit: the message says which and why
 * @throws ArgumentError for drivers that the template lacks
 * @example
 * const bytes = splice(decode(drivers), kernel, { kind: "x", drivers: ["grid"] });
 */
export function splice(template: Module, kernel: Module, options: SpliceOptions): Uint8Array<ArrayBuffer> {
  return encode(spliceModule(template, kernel, options));
}

/** The same, as data. */
export function spliceModule(templateModule: Module, kernelModule: Module, options: SpliceOptions): Module {
  const template = new Source("template", templateModule);
  const kernel = new Source("kernel", kernelModule);
  refuse(template, { start: templateModule.start, memories: templateModule.memories, data: templateModule.data });
  refuse(kernel, {
    start: kernelModule.start,
    memories: kernelModule.memories,
    data: kernelModule.data,
    tables: [...kernelModule.tables, ...kernelModule.imports.filter((each) => each.kind === "table")],
    elements: kernelModule.elements,
  });
  const seam = findSeam(template, options.kind);
  const drivers = findDrivers(template, options.drivers);
  const reach = template.reach(drivers.values(), []);
  const hosts = template.definedAmong(reach);
  return join({ source: template, reach, drivers, seam }, asGuest(kernel, hosts, seam, options));
}

/** Decides between writing and calling, and what of the kernel that takes. */
function asGuest(kernel: Source, hosts: ReadonlyMap<number, Func>, seam: Seam, options: SpliceOptions): Guest {
  const integrand = findExport(kernel, "integrand", KERNEL_KINDS[options.kind]);
  if (integrand === undefined) {
    throw new WasmError(`expected a kernel that exports the function "integrand", found ${kernel.exportedNames()}`);
  }
  const prologue = findExport(kernel, "prologue", PROLOGUE_TYPE);
  const body = kernel.functionAt(integrand);
  const setup = prologue === undefined ? EMPTY : kernel.functionAt(prologue);
  const calls = collectCalls(hosts);
  const sites = { evaluate: countCalls(calls, seam.evaluate), prologue: countCalls(calls, seam.prologue) };
  // What a kernel merely passes on from its own imports has no body to write.
  if (body === undefined || setup === undefined || !fits(body, setup, sites, options.inlineLimit ?? INLINE_LIMIT)) {
    const roots = [
      ...(sites.evaluate > 0 ? [integrand] : []),
      ...(prologue !== undefined && sites.prologue > 0 ? [prologue] : []),
    ];
    return { source: kernel, reach: kernel.reach(roots, []), integrand, prologue, localGlobals: new Set() };
  }
  const reach = kernel.reach([], [sites.evaluate > 0 ? body.body : [], sites.prologue > 0 ? setup.body : []]);
  const appended = kernel.definedAmong(reach).values();
  return {
    source: kernel,
    reach,
    integrand: inlinable(body, KERNEL_KINDS[options.kind]),
    prologue: prologue === undefined ? undefined : inlinable(setup, PROLOGUE_TYPE),
    localGlobals: localGlobals(hosts, calls, seam, kernel, setup, body, appended),
  };
}

/** Stands for the prologue that a kernel does not have. */
const EMPTY: Func = { type: 0, locals: [], body: [["end"]] };

function fits(body: Func, setup: Func, sites: { evaluate: number; prologue: number }, limit: number): boolean {
  return encodedLength(body.body) * sites.evaluate + encodedLength(setup.body) * sites.prologue <= limit;
}

/** What cannot be moved into another module, and why. */
const REFUSALS = {
  start:
    "its start function would run at each instantiation, before any driver is called; move what it does to the prologue",
  memories: "a memory of its own would be a second one; import one",
  data: "data segments are written again at each instantiation, over what other threads left there; leave out static data",
  tables: "tables are not moved; call functions directly",
  elements: "tables are not moved, nor what fills them; call functions directly",
};

function refuse(source: Source, parts: Partial<Record<keyof typeof REFUSALS, unknown>>): void {
  for (const [name, part] of Object.entries(parts) as [keyof typeof REFUSALS, unknown][]) {
    if (part === undefined || (Array.isArray(part) && part.length === 0)) continue;
    throw new WasmError(
      `expected a ${source.role} without ${name}, found ${Array.isArray(part) ? part.length : "one"}: ${REFUSALS[name]}`,
    );
  }
}

function findExport(kernel: Source, name: string, type: FunctionType): number | undefined {
  const index = kernel.exportedFunction(name);
  if (index !== undefined) checkType(`a kernel that exports "${name}"`, kernel.typeOfFunction(index), type);
  return index;
}

function findDrivers(template: Source, names: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const name of names) {
    const index = template.exportedFunction(name);
    if (index === undefined || template.functionAt(index) === undefined) {
      throw new ArgumentError(
        `\`drivers\` must name functions of the template (${template.exportedNames()}), got "${name}"`,
        "drivers",
        name,
      );
    }
    found.set(name, index);
  }
  if (found.size === 0)
    throw new ArgumentError("`drivers` must name one function at least, got none", "drivers", names);
  return found;
}
