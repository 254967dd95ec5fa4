/**
 * What the shipped modules may contain: a gate that reads the bytes.
 *
 * Every thread has an instance of the core on one shared memory. So nothing in it may be initialised by instantiation (data, a start function), nothing
 * may allocate by the language (each instance would hand out the same addresses), and all state but three globals is in shared memory.
 *
 * Source: the WebAssembly Core Specification's sections, as ts/wasm/decode.ts reads them.
 */
import { decode } from "../../ts/wasm/decode.js";
import type { Func, Import, Module } from "../../ts/wasm/module.js";

/** Exports of AssemblyScript's allocator and collector. */
const ALLOCATOR = /^__(new|pin|unpin|collect|alloc|realloc|free|renew|link|visit|rtti_base|heap_base|reset)$/;

/** Instructions that no module of ours may contain. */
const FORBIDDEN = ["memory.grow", "memory.init", "data.drop", "table.get", "table.set", "table.grow", "call_indirect"];

const WAITS = ["memory.atomic.wait32", "memory.atomic.wait64"];

/** Globals of core.ts: where the context is, which thread this is, whether it may sleep. */
const STATE = 3;

/** @returns what is wrong with the core, one sentence each; empty when nothing is */
export function complaintsAboutCore(bytes: Uint8Array): string[] {
  const module = decode(bytes);
  const complaints = [...complaintsAboutAny(module), ...complaintsAboutStatics(module)];
  for (const entry of module.imports) {
    if (!isSharedMemory(entry))
      complaints.push(`imports ${entry.module}.${entry.name}; only a shared env.memory is expected`);
  }
  const mutable = module.globals.filter((global) => global.mutable);
  if (mutable.length > STATE) complaints.push(`has ${mutable.length} mutable globals, at most ${STATE} are expected`);
  const attach = functionNamed(module, "attach");
  mutable.forEach((global) => {
    const index = module.globals.indexOf(global);
    // Set by one function alone: a global that others write would be state that the other threads' instances do not see.
    const setters = module.functions.filter((func) => func.body.some((i) => i[0] === "global.set" && i[1] === index));
    if (setters.some((func) => func !== attach)) complaints.push(`global ${index} is set outside of \`attach\``);
  });
  const waiting = module.functions.filter((func) => func.body.some(([name]) => WAITS.includes(name)));
  if (waiting.length !== 1) complaints.push(`has ${waiting.length} functions that wait, expected one, not inlined`);
  for (const func of waiting) if (!waitsLast(func)) complaints.push("does something after the futex wait");
  if (module.exports.some((entry) => entry.kind !== "function"))
    complaints.push("exports something else than functions");
  return complaints;
}

/** The same for the driver templates, which are spliced before they run. */
export function complaintsAboutDrivers(bytes: Uint8Array): string[] {
  return complaintsAboutLoops(
    bytes,
    ["integrand", "point-integrand"].flatMap((integrand) =>
      ["prologue", "evaluate", "careful", "doubt"].map((name) => `${integrand}.${name}`),
    ),
  );
}

/** The same for the drivers that call their integrand once for many points. */
export function complaintsAboutBatch(bytes: Uint8Array): string[] {
  return complaintsAboutLoops(bytes, ["foreign.begin", "foreign.map", "env.buffer"]);
}

function complaintsAboutLoops(bytes: Uint8Array, imports: readonly string[]): string[] {
  const module = decode(bytes);
  const complaints = [...complaintsAboutAny(module), ...complaintsAboutStatics(module)];
  if (module.globals.length > 0) complaints.push("has globals");
  for (const entry of module.imports) {
    const name = `${entry.module}.${entry.name}`;
    if (isSharedMemory(entry) || imports.includes(name)) continue;
    complaints.push(`imports ${name}; only env.memory and the integrand are expected`);
  }
  if (module.functions.some((func) => func.body.some(([name]) => WAITS.includes(name)))) complaints.push("waits");
  return complaints;
}

/** The same for the math provider: a memory of its own, which nobody writes. Its globals carry results between its functions; each thread has its own. */
export function complaintsAboutMath(bytes: Uint8Array): string[] {
  const module = decode(bytes);
  const complaints = complaintsAboutAny(module);
  for (const entry of module.imports) complaints.push(`imports ${entry.module}.${entry.name}; nothing is expected`);
  if (module.memories.some((memory) => memory.shared)) complaints.push("has a shared memory");
  const writes = module.functions.some((func) =>
    func.body.some(([name]) => /\.store|memory\.(fill|copy)|\.rmw/.test(name)),
  );
  if (writes) complaints.push("writes to its memory");
  const others = module.exports.filter((entry) => entry.kind !== "function" && entry.name !== "tables");
  if (others.length > 0) complaints.push("exports something else than functions and the base of its tables");
  return complaints;
}

function complaintsAboutAny(module: Module): string[] {
  const complaints: string[] = [];
  for (const { name } of module.exports) if (ALLOCATOR.test(name)) complaints.push(`exports ${name}, an allocator`);
  if (module.start !== undefined) complaints.push("has a start function");
  if (module.elements.length > 0) complaints.push("has element segments");
  if (module.tables.length > 0) complaints.push("has tables");
  const used = new Set(module.functions.flatMap((func) => func.body.map(([name]) => name)));
  for (const name of FORBIDDEN) if (used.has(name)) complaints.push(`contains ${name}`);
  return complaints;
}

function complaintsAboutStatics(module: Module): string[] {
  return module.data.length > 0 ? ["has data segments, which each instance would write again"] : [];
}

function isSharedMemory(entry: Import): boolean {
  return entry.module === "env" && entry.name === "memory" && entry.kind === "memory" && entry.limits.shared === true;
}

function functionNamed(module: Module, name: string): Func | undefined {
  const index = module.exports.find((entry) => entry.kind === "function" && entry.name === name)?.index;
  if (index === undefined) return undefined;
  return module.functions[index - module.imports.filter((entry) => entry.kind === "function").length];
}

/** Node 20's baseline compiler can lose locals across a wait, so the wait stands last: assembly/sync/futex.ts. */
function waitsLast(func: Func): boolean {
  const names = func.body.map(([name]) => name);
  return names.filter((name) => WAITS.includes(name)).length === 1 && WAITS.includes(names.at(-2) ?? "");
}
