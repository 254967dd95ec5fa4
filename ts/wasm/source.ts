/**
 * A module as the splicer reads it: functions and globals by index, imports and own ones alike, and what a piece of code reaches.
 *
 * Role: any thread.
 *
 * Indices are looked up, never trusted: a module that was not validated ends in a `WasmError`, not in `undefined`.
 */
import { WasmError } from "../errors.js";
import type { Func, FunctionType, Global, GlobalType, Import, ImportKind, Instruction, Module } from "./module.js";
import { OPCODES } from "./opcodes.js";

type ImportOf<Kind extends ImportKind["kind"]> = Extract<Import, { kind: Kind }>;

/** What code uses, directly and through the functions that it calls. */
export interface Reach {
  /** In the order of their indices. */
  readonly functions: readonly number[];
  readonly globals: readonly number[];
  readonly memory: boolean;
}

export class Source {
  readonly functionImports: readonly ImportOf<"function">[];
  readonly globalImports: readonly ImportOf<"global">[];
  readonly memoryImport: ImportOf<"memory"> | undefined;

  /** @param role what messages call this module */
  constructor(
    readonly role: "template" | "kernel",
    readonly module: Module,
  ) {
    this.functionImports = module.imports.filter((each) => each.kind === "function");
    this.globalImports = module.imports.filter((each) => each.kind === "global");
    this.memoryImport = module.imports.find((each) => each.kind === "memory");
  }

  /** The function of an index; undefined when it is imported. */
  functionAt(index: number): Func | undefined {
    if (index < this.functionImports.length) return undefined;
    return this.found(this.module.functions[index - this.functionImports.length], "function", index);
  }

  typeAt(index: number): FunctionType {
    return this.found(this.module.types[index], "type", index);
  }

  typeOfFunction(index: number): FunctionType {
    return this.typeAt((this.functionImports[index] ?? this.functionAt(index))?.type ?? -1);
  }

  /** The global of an index with its initial value; undefined when it is imported. */
  globalAt(index: number): Global | undefined {
    if (index < this.globalImports.length) return undefined;
    return this.found(this.module.globals[index - this.globalImports.length], "global", index);
  }

  globalTypeAt(index: number): GlobalType {
    return this.found(this.globalImports[index] ?? this.globalAt(index), "global", index);
  }

  exportedFunction(name: string): number | undefined {
    return this.module.exports.find((each) => each.kind === "function" && each.name === name)?.index;
  }

  /** Those functions of a reach that have bodies, by index. */
  definedAmong({ functions }: Reach): ReadonlyMap<number, Func> {
    const defined = new Map<number, Func>();
    for (const index of functions) {
      const func = this.functionAt(index);
      if (func !== undefined) defined.set(index, func);
    }
    return defined;
  }

  /** Names of the exported functions, for messages. */
  exportedNames(): string {
    const names = this.module.exports.filter(({ kind }) => kind === "function").map(({ name }) => `"${name}"`);
    return names.join(", ") || "none";
  }

  /**
   * Follows code to everything that it uses.
   *
   * @param functions indices to begin with: they are part of the answer
   * @param bodies    code to begin with, which is not (but what it calls is)
   * @throws WasmError where it meets a table or a reference to a function, which cannot be moved
   */
  reach(functions: Iterable<number>, bodies: Iterable<readonly Instruction[]>): Reach {
    const reached = { functions: new Set<number>(), globals: new Set<number>(), memory: false };
    const todo = [...bodies];
    const call = (index: number) => {
      if (reached.functions.has(index)) return;
      reached.functions.add(index);
      const func = this.functionAt(index);
      if (func !== undefined) todo.push(func.body);
    };
    for (const index of functions) call(index);
    for (let body = todo.pop(); body !== undefined; body = todo.pop()) {
      for (const instruction of body) {
        const use = USES.get(instruction[0]);
        if (use === undefined) continue;
        const index = instruction[1] as number;
        if (use === "function") call(index);
        else if (use === "memory") reached.memory = true;
        else if (use === "global") {
          if (!reached.globals.has(index)) todo.push(this.globalAt(index)?.init ?? []);
          reached.globals.add(index);
        } else throw this.referenceFault(instruction[0]);
      }
    }
    const sorted = (indices: Set<number>) => [...indices].sort((a, b) => a - b);
    return { functions: sorted(reached.functions), globals: sorted(reached.globals), memory: reached.memory };
  }

  private referenceFault(name: string): WasmError {
    return new WasmError(
      `expected a ${this.role} whose code names no table, segment or function reference, found ${name}; call functions directly`,
    );
  }

  private found<T>(value: T | undefined, what: string, index: number): T {
    if (value !== undefined) return value;
    throw new WasmError(`expected a valid ${this.role}, found ${what} ${index}, which it does not have`);
  }
}

/** What an instruction reaches out of its body for. Segments and tables do not travel, so whatever names one is a fault. */
type Use = "function" | "global" | "memory" | "reference";

/** By name; instructions that need nothing but their operands have none. */
const USES: ReadonlyMap<string, Use> = new Map(
  OPCODES.flatMap(({ name, immediates }): [string, Use][] => {
    if (name === "call") return [[name, "function"]];
    if (immediates.includes("global")) return [[name, "global"]];
    const referring = ["function", "table", "data", "element"] as const;
    if (referring.some((kind) => immediates.includes(kind))) return [[name, "reference"]];
    const touches = immediates.includes("memory argument") || (immediates.includes("zero") && name !== "atomic.fence");
    return touches ? [[name, "memory"]] : [];
  }),
);
