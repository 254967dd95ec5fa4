/**
 * From an export of a WebAssembly module to a driver module.
 *
 *   (f64) -> f64, (v128) -> v128     spliced into the driver's loop where the function stands by itself, called from it elsewhere
 *   (i32, i32, i32) -> ()            many points: called once for up to a block of them
 *
 * Role: any thread that makes contexts.
 */
import { refuse, show } from "../checks.js";
import { ArgumentError, WasmError } from "../errors.js";
import { ELEMENTARY, scalarFunctions } from "../expr/index.js";
import { type Foreign, withCompanions } from "../runtime/compute/foreign.js";
import { batchDrivers } from "../runtime/core/modules.js";
import type { IntegrandExport, IntegrandUse } from "../types.js";
import { decode } from "../wasm/decode.js";
import { callingKernel, FOREIGN_FORMS, type ForeignForm, formOf, splicedKernel } from "../wasm/foreign.js";
import type { Module } from "../wasm/module.js";
import { Source } from "../wasm/source.js";
import { type Integrand, spliceKernel } from "./integrand.js";
import { probe } from "./probe.js";

/** Modules that are remembered. */
const MODULES_MAXIMUM = 16;
/** Cost of a call, in the same measure as instructions: a guess. */
const CALL_COST = 30;

/** A module that somebody integrates exports of. */
export interface Known {
  /** A copy: the caller's may change. Null when only the compiled module came. */
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  readonly module: WebAssembly.Module;
  readonly exports: Map<string, Integrand>;
}

/** The last one used stands first. */
const known: Known[] = [];

/** @throws {ArgumentError} @throws {WasmError} the module cannot be used: the message says what of it */
export function integrandOfExport(f: IntegrandExport): Integrand {
  checkShape(f);
  const { export: name } = f;
  const entry = remember(f.module);
  let integrand = entry.exports.get(name);
  if (integrand === undefined) {
    integrand = make(entry, name);
    entry.exports.set(name, integrand);
  }
  return integrand;
}

/** The module of an export, as it is remembered. @throws {ArgumentError} @throws {WasmError} */
export function moduleOfExport(f: IntegrandExport): Known {
  checkShape(f);
  return remember(f.module);
}

function checkShape(f: IntegrandExport): void {
  for (const key of Object.keys(f)) {
    if (key !== "module" && key !== "export") {
      throw new ArgumentError(`expected \`f\` with \`module\` and \`export\` alone, got \`${key}\` besides`, "f", f);
    }
  }
  if (typeof f.export !== "string") refuse("f.export", "the name of a function that the module exports", f.export);
}

function remember(given: unknown): Known {
  const bytes = given instanceof WebAssembly.Module ? null : bytesOf(given);
  const place = known.findIndex((each) => (bytes === null ? each.module === given : same(each.bytes, bytes)));
  const found = place >= 0 ? (known.splice(place, 1)[0] as Known) : load(given, bytes);
  known.unshift(found);
  if (known.length > MODULES_MAXIMUM) known.pop();
  return found;
}

/** By name: pages that are not isolated have no class of the second. */
const BUFFERS = ["[object ArrayBuffer]", "[object SharedArrayBuffer]"];

/** A view of what came. */
function bytesOf(given: unknown): Uint8Array {
  try {
    if (ArrayBuffer.isView(given)) return new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
    if (BUFFERS.includes(Object.prototype.toString.call(given))) return new Uint8Array(given as ArrayBuffer);
  } catch {
    refuse("f.module", "the bytes of a WebAssembly module", given, "its buffer was transferred: pass a copy");
  }
  const remedy =
    given instanceof WebAssembly.Instance
      ? "an instance belongs to its thread: pass its module, or the module's bytes"
      : `\`await (await fetch(url)).arrayBuffer()\` and \`readFileSync(path)\` give bytes`;
  return refuse("f.module", "the bytes of a WebAssembly module, or a WebAssembly.Module", given, remedy);
}

function same(one: Uint8Array | null, other: Uint8Array): boolean {
  if (one === null || one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (one[index] !== other[index]) return false;
  return true;
}

function load(given: unknown, view: Uint8Array | null): Known {
  if (view === null) return { bytes: null, module: given as WebAssembly.Module, exports: new Map() };
  // A copy, also because not every engine compiles from shared memory.
  const bytes = new Uint8Array(view);
  try {
    return { bytes, module: new WebAssembly.Module(bytes), exports: new Map() };
  } catch (cause) {
    throw new WasmError(`expected a WebAssembly module, the engine says: ${(cause as Error).message}`, { cause });
  }
}

function make({ bytes, module }: Known, name: string): Integrand {
  const exported = WebAssembly.Module.exports(module);
  checkExported(module, name);
  const scalars = checkImports(module);
  const onOurs = WebAssembly.Module.imports(module).some(({ kind }) => kind === "memory");
  const read = bytes === null ? undefined : tryDecode(bytes);
  if (onOurs) checkOurs(read);
  const form = read === undefined ? probe(module, name, scalars) : formOfExport(read, name);
  const companions = {
    ...(bytes === null ? {} : { module: bytes }),
    ...(scalars === undefined ? {} : { scalars }),
  };
  const given = bytes === null ? module : undefined;
  if (form === "batch") {
    const memory = onOurs ? null : exported.find(({ kind }) => kind === "memory")?.name;
    if (memory === undefined) {
      throw new WasmError(
        `expected a module that exports its memory, or imports env.memory, for ${JSON.stringify(name)} takes addresses, found neither`,
      );
    }
    const foreign: Foreign = { kind: "batch", name, memory };
    return finish(withCompanions(batchDrivers(), { foreign, ...companions }), CALLED_IN_BATCHES, given);
  }
  const spliced = read === undefined ? (bytes === null ? COMPILED : UNREADABLE) : trySplice(read, name, form);
  if (typeof spliced !== "string") {
    return finish(withCompanions(spliced, { foreign: { kind: "spliced" } }), { kind: "spliced" });
  }
  const driver = withCompanions(spliceKernel(callingKernel(form)), { foreign: { kind: "point", name }, ...companions });
  return finish(driver, { kind: "called", reason: spliced }, given);
}

/** @throws {WasmError} */
export function checkExported(module: WebAssembly.Module, name: string): void {
  const exported = WebAssembly.Module.exports(module);
  const functions = exported.filter(({ kind }) => kind === "function").map((each) => JSON.stringify(each.name));
  if (functions.includes(JSON.stringify(name))) return;
  throw new WasmError(
    `expected a module that exports the function ${JSON.stringify(name)}, found ${functions.join(", ") || "none"}`,
  );
}

const COMPILED = "it came as a compiled module, whose instructions cannot be read; its bytes can";
const UNREADABLE = "the module has parts that Heddle does not know";
const CALLED_IN_BATCHES: IntegrandUse = { kind: "called", reason: "it takes many points at a time" };

function finish(bytes: Uint8Array<ArrayBuffer>, use: IntegrandUse, given?: WebAssembly.Module): Integrand {
  const module = new WebAssembly.Module(bytes);
  return { bytes, module, given, parameters: [], operations: CALL_COST, readsTables: false, relaxed: false, use };
}

/** Undefined for a module that the engine knows and the decoder does not. */
export function tryDecode(bytes: Uint8Array): Module | undefined {
  try {
    return decode(bytes, { later: true });
  } catch (error) {
    if (error instanceof WasmError) return undefined;
    throw error;
  }
}

function formOfExport(module: Module, name: string): ForeignForm {
  const source = new Source("kernel", module);
  const type = source.typeOfFunction(source.exportedFunction(name) as number);
  const form = formOf(type);
  if (form !== undefined) return form;
  throw new WasmError(
    `expected ${JSON.stringify(name)} with the type ${Object.values(FOREIGN_FORMS).map(typeText).join(" or ")}, found ${typeText(type)}`,
  );
}

function typeText({ parameters, results }: { parameters: readonly string[]; results: readonly string[] }): string {
  return `(${parameters.join(", ")}) -> ${results.length === 1 ? results[0] : `(${results.join(", ")})`}`;
}

/** The driver module with the export in it; or why not. */
function trySplice(module: Module, name: string, form: "f64" | "v128"): Uint8Array<ArrayBuffer> | string {
  const kernel = splicedKernel(module, new Source("kernel", module).exportedFunction(name) as number, form);
  if (typeof kernel === "string") return kernel;
  const bytes = spliceKernel(kernel);
  return WebAssembly.validate(bytes) ? bytes : "what came of writing it into the loop was no valid module";
}

/**
 * What a module may import: the shared memory, `abort` as AssemblyScript wants it, and elementary functions.
 *
 * @returns a module that gives it those of one number
 * @throws {WasmError} it imports something else
 */
export function checkImports(module: WebAssembly.Module): Uint8Array | undefined {
  const wanted = new Set<string>();
  for (const each of WebAssembly.Module.imports(module)) {
    const isFunction = each.kind === "function";
    if (each.module === "env" && each.name === "memory" && each.kind === "memory") continue;
    if (each.module === "env" && each.name === "abort" && isFunction) continue;
    if (each.module === "math" && isFunction && ELEMENTARY.includes(each.name)) continue;
    if (each.module === "env" && isFunction && ELEMENTARY.includes(each.name)) {
      wanted.add(each.name);
      continue;
    }
    throw new WasmError(
      `expected a module that imports nothing, or env.memory, env.abort, or elementary functions such as env.sin: (f64) -> f64 and math.sin: (v128) -> v128, found the import ${each.module}.${each.name} (${each.kind})`,
    );
  }
  return wanted.size === 0 ? undefined : scalarFunctions([...wanted]);
}

/** What is on the shared memory must write nothing there by itself: each thread instantiates it, and others' data are there. */
export function checkOurs(read: Module | undefined): void {
  if (read === undefined) {
    throw new WasmError(
      "expected the bytes of a module that imports env.memory, so that it can be seen what it writes there, found a compiled module, or one that Heddle cannot read",
    );
  }
  const memory = read.imports.find(({ kind }) => kind === "memory");
  if (memory?.kind === "memory" && memory.limits.shared !== true) {
    throw new WasmError(
      "expected a module that imports env.memory as a shared memory, found one that is not; give the module a memory of its own and export it, or compile it for threads",
    );
  }
  const found = read.start !== undefined ? "a start function" : read.data.length > 0 ? "data segments" : undefined;
  if (found === undefined) return;
  throw new WasmError(
    `expected a module on Heddle's memory to leave it as it is, found ${found}, which would write over what others have there; give the module a memory of its own and export it`,
  );
}

/** What `f` is, for messages about what it should have been. */
export function isExport(f: unknown): f is IntegrandExport {
  return typeof f === "object" && f !== null && ("module" in f || "export" in f);
}

/** An export gets x and nothing else. @throws {ArgumentError} */
export function checkNoParameters(names: readonly string[]): void {
  if (names.length === 0) return;
  throw new ArgumentError(
    `\`parameters\` are for texts and functions, got ${names.map(show).join(", ")} beside an export of a module, which takes x alone`,
    "parameters",
    names,
  );
}
