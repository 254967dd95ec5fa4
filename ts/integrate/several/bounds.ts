/**
 * Bounds and break points that are texts: expressions of parameters and of the variables before. What depends on parameters alone is a number.
 *
 * Role: the thread that calls `integrate`.
 */
import { ArgumentError } from "../../errors.js";
import { canonical, evaluate, type FunctionTable, parse, providerFunctions } from "../../expr/index.js";
import { instantiate } from "../../runtime/core/core.js";
import { mathModule } from "../../runtime/core/modules.js";
import type { Parameters } from "../../types.js";
import type { Bound } from "./axes.js";

let functions: FunctionTable | undefined;

/** Elementary functions of numbers, with the bits that integrands have. */
export function elementary(): FunctionTable {
  functions ??= providerFunctions(instantiate(mathModule(), {}));
  return functions;
}

/**
 * Reads an expression that is a bound.
 *
 * @param what names it in messages: `x[1]`
 * @param variables names of all variables, @param index which of them it is of
 * @param names of the parameters, in the order of their record
 * @throws {ExpressionError} @throws {ArgumentError} it uses a variable that is not before its own, or is no number
 */
export function readBound(
  text: string,
  what: string,
  variables: readonly string[],
  index: number,
  names: readonly string[],
  parameters: Parameters,
): Bound {
  const expression = parse(text, { variable: undefined, variables, parameters: names });
  const used = new Set(expression.nodes.flatMap((node) => (node.kind === "variable" ? [node.index ?? 0] : [])));
  const late = [...used].find((each) => each >= index);
  if (late !== undefined) {
    const before = index === 0 ? "parameters alone" : `parameters and ${variables.slice(0, index).join(", ")}`;
    const remedy = late === index ? "" : `; write \`${variables[late]}\` before \`${variables[index]}\` in the box`;
    throw new ArgumentError(
      `expected an expression of ${before} for \`${what}\`, got \`${variables[late]}\` in "${text}"${remedy}`,
      what,
      text,
    );
  }
  if (used.size > 0) return canonical(expression.nodes);
  const value = evaluate(expression, { variables: [], parameters }, elementary());
  if (Number.isNaN(value)) throw new ArgumentError(`\`${what}\` must be a number, "${text}" is NaN`, what, text);
  return value;
}
