/**
 * Functions for threads: how one is named here and found there, since a function itself cannot travel.
 *
 *   place    a module's URL and the name of an export; the way that satisfies a strict Content-Security-Policy
 *   task     a function that knows its own place: `task(import.meta.url, "square", (x: number) => x * x)`
 *   inline   any other function goes as its text, and may use its arguments only
 *   own      a function of the library, by its name
 *
 * Role: any thread.
 */

import { refuse, show } from "../checks.js";
import { FunctionError } from "../errors.js";
import { type AnyFunction, explain, functionOf, labelOf, textOf } from "../inline-function.js";

/** A module's URL and the name of an export of it, "default" when it is not said. */
export interface Place {
  readonly url: string | URL;
  readonly export?: string;
}

/** A function that knows where it is exported. */
export type Task<F extends AnyFunction> = F & { readonly [AT]: Required<Place> };

export type { AnyFunction };

/** What threads and pools can be given to run. */
export type Target<F extends AnyFunction = AnyFunction> = F | Place | URL;

/** How a target travels. */
export type Spec =
  | { readonly url: string; readonly name: string }
  | { readonly source: string; readonly label: string };

const AT = Symbol.for("heddle.task");

/**
 * Makes a function that threads find by its place, with the types of its arguments and of its result kept. Export it under the name that is said.
 *
 * @param url   `import.meta.url` of the module that exports it
 * @param name  of the export
 * @returns the function; calling it here runs it here
 * @throws {ArgumentError}
 * @example
 *   // squares.ts; elsewhere it is imported: import { square } from "./squares.js"
 *   export const square = task(import.meta.url, "square", (x: number) => x * x);
 *   await new Pool().map(square, [1, 2, 3]);   // [ 1, 4, 9 ]
 */
export function task<F extends AnyFunction>(url: string | URL, name: string, fn: F): Task<F> {
  if (typeof fn !== "function") refuse("fn", "a function", fn);
  if (typeof name !== "string" || name === "") refuse("name", "the name of an export", name);
  const at: Required<Place> = { url: absolute(url), export: name };
  return Object.defineProperty(fn, AT, { value: at }) as Task<F>;
}

/** Where functions of the library itself are. */
const OWN = "heddle:own";
const ownTasks = new Map<string, AnyFunction>();

/** Makes a function of the library itself one that its threads find by name, whatever file they run. `keepClasses` names it. */
export function ownTask<F extends AnyFunction>(name: string, fn: F): Task<F> {
  ownTasks.set(name, fn);
  return Object.defineProperty(fn, AT, { value: { url: OWN, export: name } }) as Task<F>;
}

/** Whether that is a function of the library. */
export function isOwn(spec: Spec): boolean {
  return "url" in spec && spec.url === OWN;
}

/** @throws {ArgumentError} it is no URL */
function absolute(url: unknown): string {
  try {
    return new URL(String(url)).href;
  } catch {
    return refuse("url", "an absolute URL, such as import.meta.url or new URL('./work.js', import.meta.url)", url);
  }
}

/** How a target travels. @throws {ArgumentError} it is none. @throws {FunctionError} it is a function that cannot */
export function specOf(target: unknown, what = "target"): Spec {
  if (typeof target === "function") return specOfFunction(target as AnyFunction);
  if (target instanceof URL) return { url: target.href, name: "default" };
  if (typeof target === "object" && target !== null && "url" in target) {
    const { url, export: name = "default" } = target as Place;
    if (typeof name !== "string") refuse(`${what}.export`, "the name of an export", name);
    return { url: absolute(url), name };
  }
  return refuse(what, "a function, a URL, or { url, export }", target);
}

function specOfFunction(fn: AnyFunction): Spec {
  const at = (fn as Partial<Task<AnyFunction>>)[AT];
  if (at !== undefined) return { url: String(at.url), name: at.export };
  return { source: textOf(fn), label: labelOf(fn) };
}

/** The name that a thread or a message shows. */
export function nameOfTarget(target: unknown): string {
  if (typeof target === "function") return (target as Partial<Task<AnyFunction>>)[AT]?.export ?? target.name;
  if (target instanceof URL) return baseName(target.pathname);
  const { url, export: name } = target as Place;
  return name ?? baseName(String(url));
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.\w+$/, "");
}

/** Finds the function of a spec on this thread. @throws {FunctionError} */
export async function find(spec: Spec): Promise<AnyFunction> {
  return "source" in spec ? compile(spec) : load(spec.url, spec.name);
}

/** Modules that this thread is loading, to find an export. */
const loading: string[] = [];

/**
 * Refuses to run a function of a module that is being loaded here for the same reason: the next thread would load it too, start one more, and so on.
 *
 * @throws {FunctionError}
 */
export function assertLoaded(url: string, name: string): void {
  if (!loading.includes(url)) return;
  throw new FunctionError(
    `the module starts ${JSON.stringify(name)}, a function of its own, on another thread while a thread loads it, and so on for ever; ` +
      "put what only the program is to do under `if (currentThread() === mainThread())`, or the function into a module of its own",
  );
}

/** An export of a module, of any kind. @throws {FunctionError} */
export async function loadExport(url: string, name: string): Promise<unknown> {
  let module: Record<string, unknown>;
  loading.push(url);
  try {
    // Bundlers must leave it: the module is the user's, known when the program runs.
    module = (await import(/* webpackIgnore: true */ /* @vite-ignore */ url)) as Record<string, unknown>;
  } catch (cause) {
    throw new FunctionError(`expected a module at ${url}, it could not be loaded: ${(cause as Error).message}`, {
      cause,
    });
  } finally {
    loading.splice(loading.indexOf(url), 1);
  }
  if (name in module) return module[name];
  const names = Object.keys(module);
  throw new FunctionError(
    `expected an export ${JSON.stringify(name)} of ${url}, it has ${names.length === 0 ? "none" : names.join(", ")}; ` +
      "a module that a bundler has merged into another file has to be an entry of its own, named by new URL('./work.js', import.meta.url)",
  );
}

async function load(url: string, name: string): Promise<AnyFunction> {
  const found = url === OWN ? ownTasks.get(name) : await loadExport(url, name);
  if (typeof found === "function") return found as AnyFunction;
  throw new FunctionError(`expected a function as export ${JSON.stringify(name)} of ${url}, got ${show(found)}`);
}

const compiled = new Map<string, AnyFunction>();
/** Texts that are kept compiled. */
const COMPILED_MAXIMUM = 1000;

function compile({ source, label }: { readonly source: string; readonly label: string }): AnyFunction {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const fn = functionOf(source, label, ELSEWHERE);
  if (compiled.size >= COMPILED_MAXIMUM) compiled.clear();
  compiled.set(source, explaining(fn, source, label));
  return compiled.get(source) as AnyFunction;
}

const ELSEWHERE = "name a module and an export instead: { url: new URL('./work.js', import.meta.url), export: 'work' }";
const STAYED = "pass it as an argument, or put the function into a module of its own: { url, export }";

/** The function, which says what is wrong when it reaches for a variable that has stayed behind. */
function explaining(fn: AnyFunction, source: string, label: string): AnyFunction {
  return function (this: unknown, ...args) {
    try {
      const result = fn.apply(this, args);
      if (!isThenable(result)) return result;
      return Promise.resolve(result).catch((error: unknown) => {
        throw explain(error, source, label, STAYED);
      });
    } catch (error) {
      throw explain(error, source, label, STAYED);
    }
  };
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    typeof (value as { then?: unknown }).then === "function"
  );
}
