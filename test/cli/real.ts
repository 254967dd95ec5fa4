/**
 * The library as it was built, for tests that run the command in their own process: its workers lie beside it, and not beside a test.
 *
 * It brings error classes of its own; `instanceof` of the sources under test asks for theirs, so its errors are translated.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Library } from "../../ts/cli/library.js";
import { ArgumentError, ExpressionError } from "../../ts/errors.js";

const built = (await import(
  pathToFileURL(join(process.cwd(), "build/node.js")).href
)) as typeof import("../../ts/index.js");

export const realLibrary: Library = {
  info: built.info,
  start: built.start,
  evaluate: (f, x, options) => {
    try {
      return built.evaluate(f, x, options);
    } catch (error) {
      throw translated(error);
    }
  },
  integrate: (f, a, b, options) =>
    built.integrate(f, a, b, options).catch((error: unknown) => {
      throw translated(error);
    }),
  many: (f, a, b, options) =>
    built.integrateMany(f, a, b, options).catch((error: unknown) => {
      throw translated(error);
    }),
  several: (f, box, options) =>
    built.integrate(f, box, options).catch((error: unknown) => {
      throw translated(error);
    }),
  toTolerance: (f, a, b, options) =>
    built.integrate(f, a, b, options).catch((error: unknown) => {
      throw translated(error);
    }),
};

function translated(error: unknown): unknown {
  if (error instanceof built.ExpressionError)
    return new ExpressionError(error.reason, error.source, error.start, error.end);
  if (error instanceof built.ArgumentError) return new ArgumentError(error.message, error.argument, error.got);
  return error;
}
