/**
 * A function of JavaScript as an integrand: to a tree where it is arithmetic, else to the reason why it is not.
 *
 * Role: the thread that calls `integrate`.
 */
import { ArgumentError } from "../../errors.js";
import { type AnyFunction, labelOf, textOf } from "../../inline-function.js";
import { type Canonical, canonical } from "../canonical.js";
import { freeNames } from "./free-names.js";
import { checkFreeNames } from "./names.js";
import { type FunctionNode, parseFunction, type Subject } from "./syntax.js";
import { translate } from "./translate.js";

export type Read = { readonly source: string; readonly label: string } & (
  | { readonly tree: Canonical }
  /** Why it has to run as JavaScript. */
  | { readonly reason: string }
);

/**
 * Reads a function: of x, or of x and an object of parameters.
 *
 * @param parameters names, in the order of their record
 * @throws {ArgumentError} it refers to what stands outside it, takes other arguments, misses a parameter, or returns no number
 * @throws {FunctionError} it has no text, or is async, a generator, a class
 */
export function readFunction(fn: AnyFunction, parameters: readonly string[]): Read {
  const source = textOf(fn);
  const label = labelOf(fn);
  try {
    return readText(fn, source, label, parameters);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // What is left of the stack is no reason to compute it in another way.
    throw new ArgumentError(
      `expected a function that is less deep, ${label} overflows the stack; make it shorter`,
      "f",
      fn,
    );
  }
}

function readText(fn: AnyFunction, source: string, label: string, parameters: readonly string[]): Read {
  const parsed = parseFunction(fn, source, label);
  if (parsed === undefined) return { source, label, reason: "the translator does not know its syntax" };
  const { node, subject } = parsed;
  checkArguments(node, subject);
  checkFreeNames(freeNames(node), parameters, subject);
  const translation = translate(node, subject, parameters);
  if ("reason" in translation) return { source, label, reason: translation.reason };
  return { source, label, tree: canonical(translation.nodes, translation.root) };
}

function checkArguments({ params }: FunctionNode, { label, fn }: Subject): void {
  const [first, , third] = params;
  if (third !== undefined) {
    throw new ArgumentError(
      `expected a function of x and an object of parameters, ${label} takes ${params.length} arguments; write (x, { a, b }) => …, with \`parameters: { a, b }\``,
      "f",
      fn,
    );
  }
  if (first?.type === "ObjectPattern" || first?.type === "ArrayPattern") {
    throw new ArgumentError(
      `expected a function whose first argument is x, a number, ${label} takes it apart; write (x, { a, b }) => …`,
      "f",
      fn,
    );
  }
}
