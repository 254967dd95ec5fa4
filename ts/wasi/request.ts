/**
 * A request: what `run` sends to the thread that runs a program, and what comes back, checked and in plain values.
 *
 * Source: WASI preview 1 (the document `wasi_snapshot_preview1.witx`): arguments and environment are strings that end with a zero byte.
 * Role:   the thread that calls `run`; the types are both sides'.
 */
import { refuse } from "../checks.js";
import type { Trap } from "../errors.js";

/** Bytes, or a text, which goes as UTF-8. */
export type Content = string | ArrayBuffer | ArrayBufferView;

export type FileList = readonly (readonly [path: string, bytes: Uint8Array])[];

export interface ProgramRequest {
  /** A URL, or the module's bytes. */
  readonly module: string | Uint8Array;
  /** The program's name first. */
  readonly args: readonly string[];
  /** "NAME=value" each. */
  readonly env: readonly string[];
  readonly stdin: Uint8Array;
  /** Null: the program sees no directory. */
  readonly files: FileList | null;
}

export type Outcome =
  | { readonly kind: "exit"; readonly code: number; readonly files: FileList }
  | { readonly kind: "trap"; readonly trap: Trap; readonly files: FileList }
  /** It was not run. */
  | { readonly kind: "refused"; readonly reason: string };

/** The parts of the options that become the request. */
export interface ProgramOptions {
  readonly args?: readonly string[] | undefined;
  readonly argv0?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly stdin?: Content | undefined;
  readonly files?: Readonly<Record<string, Content>> | undefined;
}

/** @throws {ArgumentError} */
export function readRequest(program: unknown, options: ProgramOptions): ProgramRequest {
  const { args = [], env = {}, stdin = "", files } = options;
  const module = readModule(program);
  const { argv0 = typeof module === "string" ? nameOf(module) : "program" } = options;
  if (!Array.isArray(args)) refuse("args", "an array of strings", args);
  return {
    module,
    args: [argv0, ...args].map((value, i) => readText(i === 0 ? "argv0" : `args[${i - 1}]`, value)),
    env: readEnvironment(env),
    stdin: readContent("stdin", stdin),
    files: files === undefined ? null : readFiles(files),
  };
}

function readModule(program: unknown): string | Uint8Array {
  if (program instanceof URL) return program.href;
  if (typeof program === "string") {
    if (URL.canParse(program)) return new URL(program).href;
    return refuse("program", "an absolute URL", program, 'write new URL("./program.wasm", import.meta.url)');
  }
  if (program instanceof WebAssembly.Module) {
    return refuse("program", "a URL or bytes", program, "a compiled module cannot go to another thread; pass its URL");
  }
  return isBinary(program) ? bytesOf(program) : refuse("program", "a URL, or a module's bytes", program);
}

/** The last part of a URL's path. */
function nameOf(url: string): string {
  const { pathname } = new URL(url);
  return pathname.slice(pathname.lastIndexOf("/") + 1) || "program";
}

/** A zero byte would end it early. */
function readText(name: string, value: unknown): string {
  return typeof value === "string" && !value.includes("\0") ? value : refuse(name, "a string without \\0", value);
}

function readEnvironment(env: unknown): string[] {
  if (!isRecord(env)) return refuse("env", "an object of strings", env);
  const list: string[] = [];
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) continue;
    if (name === "" || /[=\0]/.test(name)) refuse("env", "an object whose names are without = and \\0", name);
    list.push(`${name}=${readText(`env.${name}`, value)}`);
  }
  return list;
}

function readFiles(files: unknown): FileList {
  if (!isRecord(files)) return refuse("files", "an object of texts and bytes by path", files);
  const paths = Object.keys(files);
  for (const path of paths) {
    if (path.split("/").some((part) => part === "" || part === "." || part === "..") || path.includes("\0")) {
      refuse("files", 'an object with paths such as "in.txt" and "data/in.txt"', path);
    }
    if (paths.some((other) => other.startsWith(`${path}/`))) {
      refuse("files", "an object in which no file is a directory of others as well", path);
    }
  }
  return paths.map((path) => [path, readContent(`files[${JSON.stringify(path)}]`, files[path])]);
}

function readContent(name: string, value: unknown): Uint8Array {
  if (typeof value === "string") return new TextEncoder().encode(value);
  return isBinary(value) ? bytesOf(value) : refuse(name, "a string or bytes", value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isBinary(value: unknown): value is ArrayBuffer | ArrayBufferView {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
}

function bytesOf(value: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
}
