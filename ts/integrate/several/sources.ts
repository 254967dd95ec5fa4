/**
 * What can stand for f where there are several variables or components: one integrand, a list of them, or the parts of a complex one.
 *
 * Role: the thread that calls `integrate`.
 */
import { refuse, show } from "../../checks.js";
import { ArgumentError } from "../../errors.js";
import type { AnyFunction } from "../../inline-function.js";
import { Handle } from "../handle.js";
import { isExport } from "../module-integrand.js";
import { componentOfExport } from "./export.js";
import type { CalledModule, Component } from "./integrand.js";
import { componentOfFunction, componentOfText } from "./read.js";

const COMPONENTS_MAXIMUM = 64;

/** How the result is to look. */
export type Shape = "one" | "list" | "complex";

/** The integrands, as they came. */
export interface Sources {
  readonly shape: Shape;
  readonly list: readonly unknown[];
}

/** Whether f is more than one integrand. */
export function isSeveral(f: unknown): boolean {
  return Array.isArray(f) || isComplex(f);
}

function isComplex(f: unknown): f is { readonly re: unknown; readonly im: unknown } {
  return typeof f === "object" && f !== null && !(f instanceof Handle) && ("re" in f || "im" in f);
}

/** @throws {ArgumentError} */
export function readSources(f: unknown): Sources {
  if (Array.isArray(f)) {
    if (f.length === 0 || f.length > COMPONENTS_MAXIMUM) {
      throw new ArgumentError(`\`f\` must be 1 to ${COMPONENTS_MAXIMUM} integrands, got ${f.length}`, "f", f);
    }
    return { shape: "list", list: f };
  }
  if (!isComplex(f)) return { shape: "one", list: [f] };
  for (const name of ["re", "im"] as const) {
    if (f[name] === undefined) refuse(`f.${name}`, "an integrand", f[name], 'a part that is 0 is the text "0"');
  }
  const more = Object.keys(f).find((name) => name !== "re" && name !== "im");
  if (more !== undefined) {
    throw new ArgumentError(`expected \`f\` with \`re\` and \`im\` alone, got \`${more}\` besides`, "f", f);
  }
  return { shape: "complex", list: [f.re, f.im] };
}

/**
 * @param variables names, @param names of the parameters, in the order of their record
 * @throws {ArgumentError} @throws {ExpressionError} @throws {FunctionError} @throws {WasmError}
 */
export function componentsOf(
  { shape, list }: Sources,
  variables: readonly string[],
  names: readonly string[],
): { readonly components: readonly Component[]; readonly module: CalledModule | undefined } {
  let module: CalledModule | undefined;
  const components = list.map((given, index): Component => {
    const what = shape === "one" ? "f" : shape === "list" ? `f[${index}]` : `f.${index === 0 ? "re" : "im"}`;
    if (given instanceof Handle) checkVariables(given, what, variables);
    const source = given instanceof Handle ? given.source : given;
    if (typeof source === "string") return componentOfText(source, variables, names);
    if (typeof source === "function") return componentOfFunction(source as AnyFunction, variables, names);
    if (isExport(source)) {
      const found = componentOfExport(source, variables.length);
      if (module !== undefined && module.key !== found.module.key) {
        refuse(what, "an export of the same module as the other integrands", source);
      }
      module = found.module;
      return found.component;
    }
    throw new ArgumentError(
      `\`${what}\` must be an expression as a text, such as "x*y", a function, such as (x, y) => x * y, or { module, export } of a WebAssembly module, got ${show(source)}`,
      what,
      source,
    );
  });
  return { components, module };
}

/** What was compiled with variables is for boxes that name them in the same order. */
function checkVariables(handle: Handle, what: string, variables: readonly string[]): void {
  const own = handle.variables ?? variables;
  if (own.join() === variables.join()) return;
  throw new ArgumentError(
    `expected a box of ${own.join(", ")}, which \`${what}\` was compiled with, got one of ${variables.join(", ")}`,
    "box",
    variables,
  );
}
