/**
 * A function as its text: how it leaves its thread, and is compiled again on another.
 *
 * Role: any thread. What it refers to outside itself stays behind: `explain` says so when it is reached for.
 */
import { FunctionError } from "./errors.js";

// biome-ignore lint/suspicious/noExplicitAny: what any function is assignable to
export type AnyFunction = (...args: any[]) => unknown;

/** Names that build tools put into functions. */
const HELPER = /^(__|_async|_object|_class|_define|_to|cov_|_interop|_sliced|_extends)/;
const FREE_NAME = /^(?:Can't find variable: )?([\p{ID_Start}$_][\p{ID_Continue}$]*)(?: is not defined)?$/u;

/** How messages call it. */
export function labelOf(fn: AnyFunction): string {
  return fn.name === "" ? "an inline function" : `the inline function ${JSON.stringify(fn.name)}`;
}

/** The text. @throws {FunctionError} it has none: it is built in, or bound */
export function textOf(fn: AnyFunction): string {
  const source = Function.prototype.toString.call(fn);
  if (!/\{\s*\[native code\]\s*\}$/.test(source)) return source;
  throw new FunctionError(
    `expected a function with a text of its own, ${labelOf(fn)} is built in or bound; wrap it: (x) => ${fn.name || "f"}(x)`,
  );
}

/**
 * The function of a text.
 *
 * @param remedy what to do where a policy forbids to compile texts
 * @throws {FunctionError} a policy forbids it, or the text is none of a function
 */
export function functionOf(source: string, label: string, remedy: string): AnyFunction {
  let failure: unknown;
  // A method's text is no expression, but is one inside an object.
  for (const text of [`(${source})`, `Object.values({ ${source} })[0]`]) {
    try {
      return new Function(`"use strict"; return ${text};`)() as AnyFunction;
    } catch (error) {
      failure ??= error;
      // What a policy refuses is no syntax error.
      if (!(error instanceof SyntaxError)) {
        throw new FunctionError(
          `expected a place where ${label} may be compiled, the Content-Security-Policy forbids it (script-src without 'unsafe-eval'); ${remedy}`,
          { cause: error },
        );
      }
    }
  }
  throw new FunctionError(`expected ${label} as a function's text, it is none: ${(failure as Error).message}`, {
    cause: failure,
  });
}

/** What may be said of a name that is not there. */
export function helperNote(name: string): string {
  return HELPER.test(name) ? " (it looks like a helper that a build tool has put there)" : "";
}

/**
 * What a function has thrown, or, when it has reached for a variable that has stayed behind, an error that says so.
 *
 * @param remedy what to do about that
 */
export function explain(error: unknown, source: string, label: string, remedy: string): unknown {
  if (!(error instanceof ReferenceError)) return error;
  const name = FREE_NAME.exec(error.message)?.[1];
  if (name === undefined || name in globalThis || !source.includes(name)) return error;
  return new FunctionError(
    `${label} reached for the outer variable \`${name}\`${helperNote(name)}, which has stayed on the thread that it came from: ${remedy}`,
    { cause: error },
  );
}
