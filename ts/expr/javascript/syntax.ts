/**
 * A function's text -> its syntax tree, in the shape that all parsers of JavaScript agree on (ESTree), by acorn.
 *
 * Role: the thread that calls `integrate`.
 */
import { type ArrowFunctionExpression, type Expression, type FunctionExpression, parseExpressionAt } from "acorn";
import { FunctionError } from "../../errors.js";

export type FunctionNode = ArrowFunctionExpression | FunctionExpression;

/** A function under way. */
export interface Subject {
  readonly fn: unknown;
  /** How messages call it. */
  readonly label: string;
  /** What places in the tree count from. */
  readonly text: string;
}

/**
 * Reads the text of a function, as `toString` gives it.
 *
 * @returns undefined for what the parser does not know: it may be younger
 * @throws {RangeError} it is too deep for the stack
 * @throws {FunctionError} it is of a kind that no integrand can be: async, a generator, a class
 */
export function parseFunction(
  fn: unknown,
  source: string,
  label: string,
): { readonly node: FunctionNode; readonly subject: Subject } | undefined {
  // A method's text is no expression, but is one inside an object.
  for (const text of [source, `{${source}}`]) {
    let node = parse(text);
    if (node?.type === "ObjectExpression") {
      const [property] = node.properties;
      node = property?.type === "Property" ? property.value : undefined;
    }
    if (node === undefined) continue;
    checkKind(node, label);
    if (node.type === "ArrowFunctionExpression" || node.type === "FunctionExpression") {
      return { node, subject: { fn, label, text } };
    }
  }
  return undefined;
}

function parse(text: string): Expression | undefined {
  try {
    const node = parseExpressionAt(text, 0, { ecmaVersion: "latest" });
    return text.slice(node.end).trim() === "" ? node : undefined;
  } catch (error) {
    // The parser calls an overflow of the stack an error of syntax, too.
    if (error instanceof SyntaxError && !error.message.startsWith("Not enough stack space")) return undefined;
    throw new RangeError("the text is too deep for the stack", { cause: error });
  }
}

function checkKind(node: Expression, label: string): void {
  if (node.type === "ClassExpression") {
    throw new FunctionError(`expected a function of x, ${label} is a class; pass one that returns a number`);
  }
  if (node.type !== "ArrowFunctionExpression" && node.type !== "FunctionExpression") return;
  if (!node.async && !node.generator) return;
  throw new FunctionError(
    `expected a function that returns a number, ${label} is ${node.async ? "async" : "a generator"}; nobody waits for an integrand: ` +
      "compute what it needs before, and pass it as `parameters`",
  );
}
