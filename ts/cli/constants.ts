/**
 * Numbers as they are typed: `10`, `1e8`, `1_000_000`, and constant expressions such as `pi/2`, `-inf`, `2^20`.
 *
 * Expressions are read by the library, so that a bound means what the same text means inside an integrand.
 */
import { ExpressionError } from "../errors.js";
import type { Library } from "./library.js";

/** The library's expressions have a variable; a constant has none, so it gets a name that nobody types. */
const NOBODYS_VARIABLE = "no_variable_in_a_constant";

const A_CONSTANT = "a constant such as 10, pi/2 or -1e3";

/** As the library's own `inf` in all spellings that people try. */
const INFINITE = /^\s*([+-]?)\s*(inf|infinity|\u221e)\s*$/i;

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The value of a constant expression.
 *
 * @param text      what was typed
 * @param what      what it is for, to begin a message: "the upper bound"
 * @param variable  name of the integrand's variable, for a better message when it is used here
 * @throws {ExpressionError} the text is not a constant expression
 */
export function readConstant(library: Library, text: string, what: string, variable: string): number {
  // `1_000_000`: an underscore between digits groups them. One that follows a letter belongs to a name.
  const plain = text.replace(/(?<![\w.])\d+(_\d+)+(?!\w)/g, (digits) => digits.replaceAll("_", ""));
  if (DECIMAL.test(plain.trim())) return Number(plain);
  const infinite = INFINITE.exec(plain);
  if (infinite !== null) return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  try {
    return library.evaluate(plain, [0], { variable: NOBODYS_VARIABLE })[0] as number;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const { start, end, source } = error;
    const name = source.slice(start, end);
    let reason = error.reason.replace(`an expression such as \`${NOBODYS_VARIABLE}^2\``, A_CONSTANT);
    if (name === variable) reason = `expected ${A_CONSTANT}, got the variable \`${name}\``;
    // Nor has a constant parameters, which is what the library proposes for a name that it does not know.
    else reason = reason.replace(/[.:;]? a parameter is [^`]*`parameters: .*$/i, `: expected ${A_CONSTANT}`);
    throw new ExpressionError(`${what}: ${reason}`, source, start, end);
  }
}
