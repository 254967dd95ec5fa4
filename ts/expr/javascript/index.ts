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
 * Reads a function: of x, or of x and an object of parameters; or of several variables.
 *
 * @param parameters names, in the order of their record
 * @param variables names: as many arguments come before the object of parameters
 * @throws {ArgumentError} it refers to what stands outside it, takes other arguments, misses a parameter, or returns no number
 * @throws {FunctionError} it has no text, or is async, a generator, a class
 */
export function readFunction(
  fn: AnyFunction,
  parameters: readonly string[],
  variables: readonly string[] = ["x"],
): Read {
  const source = textOf(fn);
  const label = labelOf(fn);
  try {
    return readText(fn, source, label, parameters, variables);
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

function readText(
  fn: AnyFunction,
  source: string,
  label: string,
  parameters: readonly string[],
  variables: readonly string[],
): Read {
  const parsed = parseFunction(fn, source, label);
  if (parsed === undefined) return { source, label, reason: "the translator does not know its syntax" };
  const { node, subject } = parsed;
  checkArguments(node, subject, variables);
  checkFreeNames(freeNames(node), parameters, subject);
  const translation = translate(node, subject, parameters, variables.length);
  if ("reason" in translation) return { source, label, reason: translation.reason };
  return { source, label, tree: canonical(translation.nodes, translation.root) };
}

function checkArguments({ params }: FunctionNode, { label, fn }: Subject, variables: readonly string[]): void {
  const list = variables.join(", ");
  if (params.length > variables.length + 1) {
    throw new ArgumentError(
      `expected a function of ${list} and an object of parameters, ${label} takes ${params.length} arguments; write (${list}, { a, b }) => …, with \`parameters: { a, b }\``,
      "f",
      fn,
    );
  }
  const taken = params.slice(0, variables.length).findIndex(({ type }) => /^(Object|Array)Pattern$/.test(type));
  if (taken >= 0) {
    throw new ArgumentError(
      `expected a function whose ${variables.length === 1 ? "first argument is" : `argument ${taken + 1} is`} ${variables[taken]}, a number, ${label} takes it apart; write (${list}, { a, b }) => …`,
      "f",
      fn,
    );
  }
}
