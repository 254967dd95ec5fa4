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
import { type Inlinable, inlinable, place } from "./inline.js";
import { encodedLength } from "./instructions.js";
import { KERNEL_KINDS, type KernelKind, PROLOGUE_TYPE } from "./kernel.js";
import type { Func, FunctionType, Global, Import, Instruction, Limits, Module, ValueType } from "./module.js";
import { type Relocation, relocate } from "./relocate.js";
import { checkType, countCalls, findSeam, isCall, localGlobals, type Seam } from "./seam.js";
import { commonLimits, type Reach, Source } from "./source.js";

/** Bytes of encoded bodies, over all sites, up to which a kernel is written in place. */
export const INLINE_LIMIT = 16_384;

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
  const fromTemplate = template.reach(drivers.values(), []);
  const hosts = definedAmong(template, fromTemplate);
  const plan = planKernel(kernel, hosts, seam, options);
  return join(template, fromTemplate, hosts, drivers, kernel, plan, seam);
}

/** How the kernel comes in. A function to call is an index of the kernel; no prologue at all is undefined. */
interface Plan {
  readonly integrand: Inlinable | number;
  readonly prologue: Inlinable | number | undefined;
  readonly reach: Reach;
  /** Globals that become locals of the functions that use them. */
  readonly localGlobals: ReadonlySet<number>;
}

function planKernel(kernel: Source, hosts: ReadonlyMap<number, Func>, seam: Seam, options: SpliceOptions): Plan {
  const integrand = findExport(kernel, "integrand", KERNEL_KINDS[options.kind]);
  if (integrand === undefined) {
    throw new WasmError(`expected a kernel that exports the function "integrand", found ${kernel.exportedNames()}`);
  }
  const prologue = findExport(kernel, "prologue", PROLOGUE_TYPE);
  const body = kernel.functionAt(integrand);
  const setup = prologue === undefined ? EMPTY : kernel.functionAt(prologue);
  const sites = { evaluate: countCalls(hosts.values(), seam.evaluate), prologue: countCalls(hosts.values(), seam.prologue) };
  // What a kernel merely passes on from its own imports has no body to write.
  if (body === undefined || setup === undefined || !fits(body, setup, sites, options.inlineLimit ?? INLINE_LIMIT)) {
    const roots = [
      ...(sites.evaluate > 0 ? [integrand] : []),
      ...(prologue !== undefined && sites.prologue > 0 ? [prologue] : []),
    ];
    return { integrand, prologue, reach: kernel.reach(roots, []), localGlobals: new Set() };
  }
  const reach = kernel.reach(
    [],
    [sites.evaluate > 0 ? body.body : [], sites.prologue > 0 ? setup.body : []],
  );
  const appended = definedAmong(kernel, reach).values();
  return {
    integrand: inlinable(body, KERNEL_KINDS[options.kind]),
    prologue: prologue === undefined ? undefined : inlinable(setup, PROLOGUE_TYPE),
    reach,
    localGlobals: localGlobals(hosts, seam, kernel, setup, body, appended),
  };
}

/** Stands for the prologue that a kernel does not have. */
const EMPTY: Func = { type: 0, locals: [], body: [["end"]] };

function fits(body: Func, setup: Func, sites: { evaluate: number; prologue: number }, limit: number): boolean {
  return encodedLength(body.body) * sites.evaluate + encodedLength(setup.body) * sites.prologue <= limit;
}

/** Brings both modules together: imports, then functions and globals, the template's before the kernel's. */
function join(
  template: Source,
  fromTemplate: Reach,
  hosts: ReadonlyMap<number, Func>,
  drivers: ReadonlyMap<string, number>,
  kernel: Source,
  plan: Plan,
  seam: Seam,
): Module {
  const types = new Interned<FunctionType>(({ parameters, results }) => `${parameters.join()}>${results.join()}`);
  const functionImports = new Interned<Import>((each) => JSON.stringify(each));
  const globalImports = new Interned<Import>((each) => JSON.stringify(each));
  const parts = [
    { source: template, reach: fromTemplate, functions: new Map<number, number>(), globals: new Map<number, number>() },
    { source: kernel, reach: plan.reach, functions: new Map<number, number>(), globals: new Map<number, number>() },
  ] as const;
  const isSeam = (source: Source, index: number) =>
    source === template && (index === seam.prologue || index === seam.evaluate);
  // Imports first, because they are counted before anything that a module defines.
  for (const { source, reach, functions, globals } of parts) {
    for (const index of reach.functions) {
      const each = source.functionImports[index];
      if (each === undefined || isSeam(source, index)) continue;
      functions.set(index, functionImports.add({ ...each, type: types.add(source.typeAt(each.type)) }));
    }
    for (const index of reach.globals) {
      const each = source.globalImports[index];
      if (each !== undefined) globals.set(index, globalImports.add(each));
    }
  }
  let nextFunction = functionImports.list.length;
  let nextGlobal = globalImports.list.length;
  for (const { source, reach, functions, globals } of parts) {
    for (const index of reach.functions) if (source.functionAt(index) !== undefined) functions.set(index, nextFunction++);
    for (const index of reach.globals) {
      if (source === kernel && plan.localGlobals.has(index)) continue;
      if (source.globalAt(index) !== undefined) globals.set(index, nextGlobal++);
    }
  }
  const [templateTo, kernelTo] = parts.map(({ source, functions, globals }) => ({
    function: (index: number) => mapped(functions, index),
    type: (index: number) => types.add(source.typeAt(index)),
    global: (index: number) => mapped(globals, index),
    local: (index: number) => index,
  })) as [Relocation, Relocation];

  const spliced = [...hosts.values()].map((host) => spliceHost(host, template, templateTo, kernel, kernelTo, plan, seam));
  const appended = [...definedAmong(kernel, plan.reach).values()].map((func) => moveFunction(func, kernel, kernelTo));
  const globals = [...moveGlobals(parts[0], templateTo), ...moveGlobals(parts[1], kernelTo)];
  return {
    types: types.list,
    imports: [...memoryImport(template, fromTemplate, kernel, plan.reach), ...functionImports.list, ...globalImports.list],
    functions: [...spliced, ...appended].map((func) => ({ ...func, type: types.add(func.type) })),
    tables: [],
    memories: [],
    globals,
    exports: [...drivers].map(([name, index]) => ({ name, kind: "function", index: templateTo.function(index) })),
    elements: [],
    data: [],
  };
}

/** A function on its way: its type not yet a number. */
interface Moved {
  readonly type: FunctionType;
  readonly locals: readonly ValueType[];
  readonly body: readonly Instruction[];
}

function moveFunction(func: Func, source: Source, to: Relocation): Moved {
  return {
    type: source.typeAt(func.type),
    locals: func.locals,
    body: func.body.map((instruction) => relocate(instruction, to)),
  };
}

/** A template function with the kernel written (or called) at its sites. */
function spliceHost(
  host: Func,
  template: Source,
  templateTo: Relocation,
  kernel: Source,
  kernelTo: Relocation,
  plan: Plan,
  seam: Seam,
): Moved {
  const type = template.typeAt(host.type);
  const locals = [...host.locals];
  const addLocals = (added: readonly ValueType[]) => {
    const first = type.parameters.length + locals.length;
    for (const each of added) locals.push(each);
    return first;
  };
  const frames = new Map<Inlinable, number>();
  const globalLocals = new Map<number, number>();
  const replaceGlobal = ([name, index]: Instruction): Instruction | undefined => {
    if ((name !== "global.get" && name !== "global.set") || !plan.localGlobals.has(index as number)) return undefined;
    const global = index as number;
    const local = globalLocals.get(global) ?? addLocals([kernel.globalTypeAt(global).type]);
    globalLocals.set(global, local);
    return [name === "global.get" ? "local.get" : "local.set", local];
  };
  const site = (what: Inlinable | number | undefined): Instruction[] => {
    if (what === undefined) return [["drop"]];
    if (typeof what === "number") return [["call", kernelTo.function(what)]];
    const first = frames.get(what) ?? addLocals([...what.type.parameters, ...what.func.locals]);
    frames.set(what, first);
    return place(what, first, kernelTo, replaceGlobal);
  };
  const body = host.body.flatMap((instruction) => {
    if (isCall(instruction, seam.evaluate)) return site(plan.integrand);
    if (isCall(instruction, seam.prologue)) return site(plan.prologue);
    return [relocate(instruction, templateTo)];
  });
  return { type, locals, body };
}

function moveGlobals(
  part: { readonly source: Source; readonly globals: ReadonlyMap<number, number> },
  to: Relocation,
): Global[] {
  const moved: Global[] = [];
  for (const index of part.globals.keys()) {
    const global = part.source.globalAt(index);
    if (global !== undefined) moved.push({ ...global, init: global.init.map((each) => relocate(each, to)) });
  }
  return moved;
}

/** The one memory, of whoever uses it. */
function memoryImport(template: Source, fromTemplate: Reach, kernel: Source, fromKernel: Reach): Import[] {
  const one = fromTemplate.memory ? template.memoryImport : undefined;
  const other = fromKernel.memory ? kernel.memoryImport : undefined;
  if (one === undefined || other === undefined) return [one ?? other].filter((each) => each !== undefined);
  if (one.module !== other.module || one.name !== other.name) {
    throw new WasmError(
      `expected a kernel that imports the template's memory "${one.module}" "${one.name}", ` +
        `found "${other.module}" "${other.name}"; one module has one memory`,
    );
  }
  const limits: Limits = commonLimits(one.limits, other.limits);
  return [{ ...one, limits }];
}

/** What cannot be moved into another module, and why. */
const REFUSALS = {
  start: "its start function would run at each instantiation, before any driver is called; move what it does to the prologue",
  memories: "a memory of its own would be a second one; import one",
  data: "data segments are written again at each instantiation, over what other threads left there; leave out static data",
  tables: "tables are not moved; call functions directly",
  elements: "tables are not moved, nor what fills them; call functions directly",
};

function refuse(source: Source, parts: Partial<Record<keyof typeof REFUSALS, unknown>>): void {
  for (const [name, part] of Object.entries(parts) as [keyof typeof REFUSALS, unknown][]) {
    if (part === undefined || (Array.isArray(part) && part.length === 0)) continue;
    throw new WasmError(`expected a ${source.role} without ${name}, found ${Array.isArray(part) ? part.length : "one"}: ${REFUSALS[name]}`);
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
  if (found.size === 0) throw new ArgumentError("`drivers` must name one function at least, got none", "drivers", names);
  return found;
}

/** The functions of a reach that have bodies. */
function definedAmong(source: Source, { functions }: Reach): ReadonlyMap<number, Func> {
  const defined = new Map<number, Func>();
  for (const index of functions) {
    const func = source.functionAt(index);
    if (func !== undefined) defined.set(index, func);
  }
  return defined;
}

/** A list without duplicates, by key. */
class Interned<T> {
  readonly list: T[] = [];
  private readonly indices = new Map<string, number>();
  constructor(private readonly key: (value: T) => string) {}

  /** @returns the index of the value */
  add(value: T): number {
    const key = this.key(value);
    const known = this.indices.get(key);
    if (known !== undefined) return known;
    this.indices.set(key, this.list.length);
    return this.list.push(value) - 1;
  }
}

/** What was reached was given a number: no number is a fault of the splicer itself, and must not become a wrong call. */
function mapped(indices: ReadonlyMap<number, number>, index: number): number {
  const to = indices.get(index);
  if (to === undefined) throw new WasmError(`expected index ${index} to have been reached`);
  return to;
}
