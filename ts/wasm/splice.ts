/**
 * The splicer: a driver template and a kernel -> one module in which the kernel's instructions stand where the template called for them.
 *
 * Role: any thread.
 *
 *   template   imports "integrand" ("point-integrand" for points of several coordinates): prologue, evaluate, careful, doubt, as far as its
 *              drivers need them; exports drivers
 *   kernel     exports "integrand" and perhaps "prologue", "careful", "doubt" (see kernel.ts)
 *   result     the drivers asked for, what they reach of either module, and nothing else. Those imports are gone
 *
 * What is careful is rare: it is always called, never written in place.
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
import { carefulType, DOUBT_TYPE, KERNEL_KINDS, type KernelKind, PROLOGUE_TYPE } from "./kernel.js";
import type { Func, FunctionType, Module } from "./module.js";
import { checkType, collectCalls, countCalls, findSeam, localGlobals, type Seam, settle } from "./seam.js";
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
  const kernel = new Source("kernel", kernelModule);
  refuse("template", { start: templateModule.start, memories: templateModule.memories, data: templateModule.data });
  refuse("kernel", {
    start: kernelModule.start,
    memories: kernelModule.memories,
    data: kernelModule.data,
    tables: [...kernelModule.tables, ...kernelModule.imports.filter((each) => each.kind === "table")],
    elements: kernelModule.elements,
  });
  const seam = findSeam(new Source("template", templateModule), options.kind);
  const parts = findParts(kernel, options.kind);
  const has = { careful: parts.careful !== undefined, doubt: parts.doubt !== undefined };
  const template = new Source("template", settle(templateModule, seam, has));
  const drivers = findDrivers(template, options.drivers);
  const reach = template.reach(drivers.values(), []);
  const hosts = template.definedAmong(reach);
  return join({ source: template, reach, drivers, seam }, asGuest(kernel, parts, hosts, seam, options));
}

/** Function indices of what a kernel exports. */
type Parts = { readonly integrand: number } & Readonly<Record<"prologue" | "careful" | "doubt", number | undefined>>;

function findParts(kernel: Source, kind: KernelKind): Parts {
  const integrand = findExport(kernel, "integrand", KERNEL_KINDS[kind]);
  if (integrand === undefined) {
    throw new WasmError(`expected a kernel that exports the function "integrand", found ${kernel.exportedNames()}`);
  }
  return {
    integrand,
    prologue: findExport(kernel, "prologue", PROLOGUE_TYPE),
    careful: findExport(kernel, "careful", carefulType(kind)),
    doubt: findExport(kernel, "doubt", DOUBT_TYPE),
  };
}

/** Decides between writing and calling, and what of the kernel that takes. */
function asGuest(
  kernel: Source,
  parts: Parts,
  hosts: ReadonlyMap<number, Func>,
  seam: Seam,
  options: SpliceOptions,
): Guest {
  const { integrand, prologue, careful, doubt } = parts;
  const body = kernel.functionAt(integrand);
  const setup = prologue === undefined ? EMPTY : kernel.functionAt(prologue);
  const question = doubt === undefined ? EMPTY : kernel.functionAt(doubt);
  const calls = collectCalls(hosts);
  const count = (name: keyof Seam) => countCalls(calls, seam[name]);
  const used = (part: number | undefined, name: keyof Seam) => (part !== undefined && count(name) > 0 ? [part] : []);
  const called = used(careful, "careful");
  // What a kernel merely passes on from its own imports has no body to write.
  const bytes = (func: Func, name: keyof Seam) => encodedLength(func.body) * count(name);
  if (
    body === undefined ||
    setup === undefined ||
    question === undefined ||
    bytes(body, "evaluate") + bytes(setup, "prologue") + bytes(question, "doubt") >
      (options.inlineLimit ?? INLINE_LIMIT)
  ) {
    const roots = [...used(integrand, "evaluate"), ...used(prologue, "prologue"), ...used(doubt, "doubt"), ...called];
    return {
      source: kernel,
      reach: kernel.reach(roots, []),
      integrand,
      prologue,
      careful,
      doubt,
      localGlobals: new Set(),
    };
  }
  const written = [
    ...(count("evaluate") > 0 ? [body.body] : []),
    ...(count("prologue") > 0 ? [setup.body] : []),
    ...(count("doubt") > 0 ? [question.body] : []),
  ];
  const reach = kernel.reach(called, written);
  const appended = kernel.definedAmong(reach).values();
  return {
    source: kernel,
    reach,
    integrand: inlinable(body, KERNEL_KINDS[options.kind]),
    prologue: prologue === undefined ? undefined : inlinable(setup, PROLOGUE_TYPE),
    careful,
    doubt: doubt === undefined ? undefined : inlinable(question, DOUBT_TYPE),
    localGlobals: localGlobals(hosts, calls, seam, kernel, setup, appended),
  };
}

/** Stands for what a kernel does not have. */
const EMPTY: Func = { type: 0, locals: [], body: [["end"]] };

/** What cannot be moved into another module, and why. */
const REFUSALS = {
  start:
    "its start function would run at each instantiation, before any driver is called; move what it does to the prologue",
  memories: "a memory of its own would be a second one; import one",
  data: "data segments are written again at each instantiation, over what other threads left there; leave out static data",
  tables: "tables are not moved; call functions directly",
  elements: "tables are not moved, nor what fills them; call functions directly",
};

function refuse(role: Source["role"], parts: Partial<Record<keyof typeof REFUSALS, unknown>>): void {
  for (const [name, part] of Object.entries(parts) as [keyof typeof REFUSALS, unknown][]) {
    if (part === undefined || (Array.isArray(part) && part.length === 0)) continue;
    throw new WasmError(
      `expected a ${role} without ${name}, found ${Array.isArray(part) ? part.length : "one"}: ${REFUSALS[name]}`,
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
