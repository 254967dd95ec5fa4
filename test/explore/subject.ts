/**
 * What is explored: a module, its sites, and its mutants, ready to be instantiated.
 */
import { readFileSync } from "node:fs";
import { decode } from "../../ts/wasm/decode.js";
import type { Func, FunctionType, Instruction, Module } from "../../ts/wasm/module.js";
import { compile } from "../memory/module.js";
import { type DebugInfo, debugInfo } from "./debug-info.js";
import { instrument, type Mutation } from "./instrument.js";
import { type Site, sitesOf } from "./sites.js";

/** A module to run programs on. */
export interface Target {
  readonly sites: readonly Site[];
  /** For the threads. */
  readonly module: WebAssembly.Module;
  /** For `setup` and `check`: instrumented as well, so that what they write is undone, but never a mutant. */
  readonly sane: WebAssembly.Module;
}

/** A number in the code that would make runs needlessly long: how often a lock looks before it sleeps. */
export interface Constant {
  /** Name of the function, as sites show it. */
  readonly within: string;
  readonly from: number;
  readonly to: number;
}

/**
 * What a host does by itself, with typed arrays and `Atomics`, as exports that a program can call: then these are steps as well.
 */
export interface HostExports {
  "host.load"(address: number): number;
  "host.store"(address: number, value: number): void;
  "host.loadF64"(address: number): number;
  "host.storeF64"(address: number, value: number): void;
  "host.atomicLoad"(address: number): number;
  "host.atomicStore"(address: number, value: number): void;
  "host.notify"(address: number, count: number): number;
}

export class Subject {
  readonly sites: readonly Site[];
  private readonly module: Module;
  private readonly sane: WebAssembly.Module;

  /**
   * @param bytes      a module that imports a memory and nothing else
   * @param info       names and lines for the sites
   * @param constants  numbers to replace
   */
  constructor(bytes: Uint8Array, info: DebugInfo, constants: readonly Constant[] = []) {
    const named = withHost(decode(bytes), info);
    this.module = replaceConstants(named.module, named.info, constants);
    this.sites = sitesOf(this.module, named.info);
    this.sane = new WebAssembly.Module(instrument(this.module, this.sites));
  }

  /** The module as it is, or with one thing done otherwise. */
  target(mutation?: Mutation): Target {
    const { sites, sane } = this;
    if (mutation === undefined) return { sites, sane, module: sane };
    return { sites, sane, module: new WebAssembly.Module(instrument(this.module, sites, mutation)) };
  }

  /** The one site whose name matches. @throws Error when there is none, or another */
  site(pattern: RegExp): Site {
    const found = this.sites.filter(({ name, kind }) => kind !== "woken" && pattern.test(name));
    if (found.length === 1) return found[0] as Site;
    throw new Error(`expected one site like ${pattern}, found ${found.map(({ name }) => name).join(", ") || "none"}`);
  }
}

/** `test/assembly/<name>.ts`, compiled as the shipped modules are. */
export function testModule(name: string, constants?: readonly Constant[]): Subject {
  const bytes = compile(name, "release");
  return new Subject(bytes, debugInfo(`test/assembly/${name}.ts`, bytes), constants);
}

/** The shipped core. */
export function shippedCore(constants?: readonly Constant[]): Subject {
  const bytes = new Uint8Array(readFileSync("build/core.wasm"));
  return new Subject(bytes, debugInfo("assembly/core.ts", bytes), constants);
}

const OPERAND: readonly Instruction[] = [
  ["local.get", 0],
  ["local.get", 1],
];
const PLAIN = { align: 2, offset: 0 };

const HOST: Readonly<Record<keyof HostExports, readonly [FunctionType, Instruction]>> = {
  "host.load": [{ parameters: ["i32"], results: ["i32"] }, ["i32.load", PLAIN]],
  "host.store": [{ parameters: ["i32", "i32"], results: [] }, ["i32.store", PLAIN]],
  "host.loadF64": [{ parameters: ["i32"], results: ["f64"] }, ["f64.load", { align: 3, offset: 0 }]],
  "host.storeF64": [{ parameters: ["i32", "f64"], results: [] }, ["f64.store", { align: 3, offset: 0 }]],
  "host.atomicLoad": [{ parameters: ["i32"], results: ["i32"] }, ["i32.atomic.load", PLAIN]],
  "host.atomicStore": [{ parameters: ["i32", "i32"], results: [] }, ["i32.atomic.store", PLAIN]],
  "host.notify": [{ parameters: ["i32", "i32"], results: ["i32"] }, ["memory.atomic.notify", PLAIN]],
};

function withHost(module: Module, info: DebugInfo): { module: Module; info: DebugInfo } {
  const imported = module.imports.filter(({ kind }) => kind === "function").length;
  const first = imported + module.functions.length;
  const names = Object.keys(HOST);
  const rows = Object.values(HOST);
  return {
    module: {
      ...module,
      types: [...module.types, ...rows.map(([type]) => type)],
      functions: [
        ...module.functions,
        ...rows.map(([{ parameters }, instruction], index): Func => {
          const body = [...OPERAND.slice(0, parameters.length), instruction, ["end"] as const];
          return { type: module.types.length + index, locals: [], body };
        }),
      ],
      exports: [
        ...module.exports,
        ...names.map((name, index) => ({ name, kind: "function" as const, index: first + index })),
      ],
    },
    info: {
      nameOf: (index) => names[index - first] ?? info.nameOf(index),
      lineOf: (index, instruction) => (index < first ? info.lineOf(index, instruction) : ""),
      textOf: (line) => info.textOf(line),
    },
  };
}

function replaceConstants(module: Module, info: DebugInfo, constants: readonly Constant[]): Module {
  const imported = module.imports.filter(({ kind }) => kind === "function").length;
  const unused = new Set(constants);
  const functions = module.functions.map((func, position) => {
    const name = info.nameOf(imported + position);
    const here = constants.filter(({ within }) => within === name);
    if (here.length === 0) return func;
    const body = func.body.map((each) => {
      const constant = here.find(({ from }) => each[0] === "i32.const" && each[1] === from);
      if (constant === undefined) return each;
      unused.delete(constant);
      return ["i32.const", constant.to] as const;
    });
    return { ...func, body };
  });
  for (const { within, from } of unused)
    throw new Error(`expected a constant ${from} in ${within}: it was inlined, or renamed`);
  return { ...module, functions };
}
