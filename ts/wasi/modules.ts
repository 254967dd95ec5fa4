/**
 * Modules of programs: fetched, compiled, and found fit to be run; those with a URL are kept.
 *
 * Source: WASI's application ABI: a command exports `_start` and `memory`, and imports functions of `wasi_snapshot_preview1`.
 * Role:   the thread that runs the program.
 */
import { BoundedMap } from "../bounded-map.js";

/** Compiled modules that a thread keeps. */
const KEPT_MAXIMUM = 32;
const kept = new BoundedMap<string, { module: WebAssembly.Module | undefined }>(KEPT_MAXIMUM);

export const WASI_PREVIEW_1 = "wasi_snapshot_preview1";

/** A program cannot be run. The message is a whole sentence. */
export class Refusal extends Error {}

/**
 * @param known names of the functions that WASI has here
 * @throws {Refusal}
 */
export async function moduleOf(
  source: string | Uint8Array,
  known: (name: string) => boolean,
): Promise<WebAssembly.Module> {
  if (typeof source !== "string") return check(await compile(source, "what was passed"), "what was passed", known);
  const place = kept.get(source, () => ({ module: undefined }));
  // Only what is fit to be run is kept: what was not there may come.
  place.module ??= check(await compile(await read(source), source), source, known);
  return place.module;
}

async function read(url: string): Promise<Uint8Array> {
  try {
    // Pages never come here with such a URL: theirs is refused by `fetch`.
    if (url.startsWith("file:")) return await (await import("node:fs/promises")).readFile(new URL(url));
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`the server answered ${answer.status} ${answer.statusText}`.trimEnd());
    return new Uint8Array(await answer.arrayBuffer());
  } catch (error) {
    throw new Refusal(`expected a program at ${url}, it could not be read: ${reasonOf(error)}`);
  }
}

/** `fetch` says why in the cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message !== "" ? `${message} (${cause.message})` : message;
}

async function compile(bytes: Uint8Array, what: string): Promise<WebAssembly.Module> {
  if (isComponent(bytes)) {
    throw new Refusal(
      `expected ${what} to be a WebAssembly module, it is a component, as of WASI preview 2; compile for preview 1 (wasm32-wasip1)`,
    );
  }
  try {
    return await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>);
  } catch (error) {
    throw new Refusal(`expected ${what} to be a WebAssembly module, it is none: ${(error as Error).message}`);
  }
}

/** Bytes 4 to 7 of a module are 1 0 0 0; of a component, the last two are 1 0. Source: the component model's binary format. */
function isComponent(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d && bytes[6] === 1;
}

function check(module: WebAssembly.Module, what: string, known: (name: string) => boolean): WebAssembly.Module {
  const imports = WebAssembly.Module.imports(module);
  const foreign = imports.filter(
    ({ module, name, kind }) => module !== WASI_PREVIEW_1 || kind !== "function" || !known(name),
  );
  if (foreign.length > 0) {
    const names = foreign.slice(0, 5).map(({ module, name, kind }) => `${module}.${name} (${kind})`);
    const rest = foreign.length > 5 ? ` and ${foreign.length - 5} more` : "";
    throw new Refusal(
      `expected ${what} to import functions of ${WASI_PREVIEW_1} only, it imports ${names.join(", ")}${rest}`,
    );
  }
  const exports = WebAssembly.Module.exports(module);
  const has = (name: string, kind: string): boolean => exports.some((each) => each.name === name && each.kind === kind);
  if (!has("_start", "function")) {
    const it = has("_initialize", "function") ? "it is a library (a reactor)" : "it is none";
    throw new Refusal(`expected ${what} to be a command, which exports a function _start; ${it}`);
  }
  if (imports.length > 0 && !has("memory", "memory")) {
    throw new Refusal(`expected ${what} to export its memory as "memory", as WASI wants it; it does not`);
  }
  return module;
}
