/**
 * Two modules become one: what is kept of either gets new numbers, and the kernel is put where the template asks for it.
 *
 * Role: any thread.
 *
 * The index spaces of the result, the template's part before the kernel's in each:
 *
 *   functions   imports | hosts (the template's functions) | appended (the kernel's functions that are called)
 *   globals     imports | defined ones; those that became locals are gone
 *   types       as they are met
 */
import { WasmError } from "../errors.js";
import { type Inlinable, place } from "./inline.js";
import type { Func, FunctionType, Global, Import, Instruction, Limits, Module, ValueType } from "./module.js";
import { type Relocation, relocate } from "./relocate.js";
import { isCall, type Seam } from "./seam.js";
import type { Reach, Source } from "./source.js";

/** What is kept of the template. */
export interface Hosts {
  readonly source: Source;
  readonly reach: Reach;
  /** Exports to make: name -> index. */
  readonly drivers: ReadonlyMap<string, number>;
  readonly seam: Seam;
}

/** What is kept of the kernel, and how it comes in. */
export interface Guest {
  readonly source: Source;
  readonly reach: Reach;
  /** What to write in place of an evaluation; a number is the kernel's function to call instead. */
  readonly integrand: Inlinable | number;
  /** The same for the prologue; undefined when the kernel has none. */
  readonly prologue: Inlinable | number | undefined;
  /** The same for the question about doubt: where the kernel has none, the template does not ask. */
  readonly doubt: Inlinable | number | undefined;
  /** The kernel's function to call where the template is careful; where it has none, the template is not. */
  readonly careful: number | undefined;
  /** Globals that become locals of the functions that use them. */
  readonly localGlobals: ReadonlySet<number>;
}

export function join(hosts: Hosts, guest: Guest): Module {
  const { seam, drivers } = hosts;
  const types = new Interned<FunctionType>(({ parameters, results }) => `${parameters.join()}>${results.join()}`);
  const stands = new Set(Object.values(seam));
  const template = new Part(hosts.source, types, {
    ...hosts.reach,
    functions: hosts.reach.functions.filter((index) => !stands.has(index)),
  });
  const kernel = new Part(guest.source, types, {
    ...guest.reach,
    globals: guest.reach.globals.filter((index) => !guest.localGlobals.has(index)),
  });
  const parts = [template, kernel];
  // Imports first, because they are counted before anything that a module defines.
  const functionImports = new Interned<Import>((each) => JSON.stringify(each));
  const globalImports = new Interned<Import>((each) => JSON.stringify(each));
  for (const part of parts) part.numberImports(functionImports, globalImports);
  const next = { function: functionImports.list.length, global: globalImports.list.length };
  for (const part of parts) part.numberDefined(next);

  const functions = [
    ...template.functions().map((func) => writeHost(func, template, kernel, seam, guest)),
    ...kernel.functions().map((func) => ({ ...func, body: func.body.map((each) => relocate(each, kernel)) })),
  ];
  return {
    imports: [...memoryImport(template, kernel), ...functionImports.list, ...globalImports.list],
    functions: functions.map(({ type, locals, body }) => ({ type: types.add(type), locals, body })),
    tables: [],
    memories: [],
    globals: parts.flatMap((part) => part.definedGlobals()),
    exports: [...drivers].map(([name, index]) => ({ name, kind: "function", index: template.function(index) })),
    elements: [],
    data: [],
    // Last, because all of the above adds to them.
    types: types.list,
  };
}

/** A function on its way: its type is not a number yet. */
type Traveller = Omit<Func, "type"> & { readonly type: FunctionType };

/** One of the two modules, what is kept of it, and the numbers that this has in the result. */
class Part implements Relocation {
  private readonly functionNumbers = new Map<number, number>();
  private readonly globalNumbers = new Map<number, number>();

  constructor(
    readonly source: Source,
    private readonly types: Interned<FunctionType>,
    readonly kept: Reach,
  ) {}

  numberImports(functions: Interned<Import>, globals: Interned<Import>): void {
    const { source, kept } = this;
    for (const index of kept.functions) {
      const each = source.functionImports[index];
      if (each !== undefined) this.functionNumbers.set(index, functions.add({ ...each, type: this.type(each.type) }));
    }
    for (const index of kept.globals) {
      const each = source.globalImports[index];
      if (each !== undefined) this.globalNumbers.set(index, globals.add(each));
    }
  }

  /** @param next the first free numbers; moved on */
  numberDefined(next: { function: number; global: number }): void {
    const { source, kept } = this;
    for (const index of source.definedAmong(kept).keys()) this.functionNumbers.set(index, next.function++);
    for (const index of kept.globals) if (source.globalAt(index)) this.globalNumbers.set(index, next.global++);
  }

  functions(): Traveller[] {
    const defined = [...this.source.definedAmong(this.kept).values()];
    return defined.map(({ type, locals, body }) => ({ type: this.source.typeAt(type), locals, body }));
  }

  definedGlobals(): Global[] {
    const defined = this.kept.globals.map((index) => this.source.globalAt(index)).filter((each) => each !== undefined);
    return defined.map((each) => ({ ...each, init: each.init.map((instruction) => relocate(instruction, this)) }));
  }

  readonly function = (index: number): number => numbered(this.functionNumbers, index);
  readonly global = (index: number): number => numbered(this.globalNumbers, index);
  readonly type = (index: number): number => this.types.add(this.source.typeAt(index));
  readonly local = (index: number): number => index;
}

/** A function of the template with the kernel written, or called, at its sites. */
function writeHost(host: Traveller, template: Part, kernel: Part, seam: Seam, guest: Guest): Traveller {
  const locals = [...host.locals];
  const addLocals = (types: readonly ValueType[]): number => {
    const first = host.type.parameters.length + locals.length;
    for (const type of types) locals.push(type);
    return first;
  };
  // Made at the first site that needs them, shared by all others of this function.
  const sites = new Map<Inlinable, readonly Instruction[]>();
  const globalLocals = new Map<number, number>();
  const replaceGlobal = (instruction: Instruction): Instruction | undefined => {
    const name = instruction[0];
    if (name !== "global.get" && name !== "global.set") return undefined;
    const global = instruction[1] as number;
    if (!guest.localGlobals.has(global)) return undefined;
    const local = globalLocals.get(global) ?? addLocals([guest.source.globalTypeAt(global).type]);
    globalLocals.set(global, local);
    return [name === "global.get" ? "local.get" : "local.set", local];
  };
  const site = (what: Inlinable | number | undefined): readonly Instruction[] => {
    if (what === undefined) return [["drop"]];
    if (typeof what === "number") return [["call", kernel.function(what)]];
    const known = sites.get(what);
    if (known !== undefined) return known;
    const first = addLocals([...what.type.parameters, ...what.func.locals]);
    const placed = place(what, first, kernel, replaceGlobal);
    sites.set(what, placed);
    return placed;
  };
  const body: Instruction[] = [];
  for (const instruction of host.body) {
    if (isCall(instruction, seam.evaluate)) for (const each of site(guest.integrand)) body.push(each);
    else if (isCall(instruction, seam.prologue)) for (const each of site(guest.prologue)) body.push(each);
    else if (isCall(instruction, seam.careful)) for (const each of site(guest.careful)) body.push(each);
    else if (isCall(instruction, seam.doubt)) for (const each of site(guest.doubt)) body.push(each);
    else body.push(relocate(instruction, template));
  }
  return { type: host.type, locals, body };
}

/** The one memory, of whoever uses it. */
function memoryImport(template: Part, kernel: Part): Import[] {
  const [one, other] = [template, kernel].map(({ source, kept }) => (kept.memory ? source.memoryImport : undefined));
  if (one === undefined || other === undefined) return [one ?? other].filter((each) => each !== undefined);
  if (one.module !== other.module || one.name !== other.name) {
    throw new WasmError(
      `expected a kernel that imports the template's memory "${one.module}" "${one.name}", ` +
        `found "${other.module}" "${other.name}"; one module has one memory`,
    );
  }
  return [{ ...one, limits: commonLimits(one.limits, other.limits) }];
}

/** What both accept: the larger minimum, the smaller maximum. */
function commonLimits(one: Limits, other: Limits): Limits {
  const minimum = Math.max(one.minimum, other.minimum);
  const maximum = Math.min(one.maximum ?? Infinity, other.maximum ?? Infinity);
  if (Boolean(one.shared) !== Boolean(other.shared) || minimum > maximum) {
    throw new WasmError(
      `expected a kernel whose memory agrees with the template's (${describe(one)}), found ${describe(other)}; ` +
        "compile it for the same shared, imported memory",
    );
  }
  return { minimum, ...(maximum === Infinity ? {} : { maximum }), ...(one.shared ? { shared: true } : {}) };
}

function describe({ minimum, maximum, shared }: Limits): string {
  return `${shared ? "shared, " : ""}${minimum} to ${maximum ?? "any number of"} pages`;
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

/** What was reached has a number. If not, the splicer is at fault, and must not write a call of something else. */
function numbered(numbers: ReadonlyMap<number, number>, index: number): number {
  const number = numbers.get(index);
  if (number === undefined) throw new WasmError(`expected index ${index} to have been reached`);
  return number;
}
