/**
 * Which names a caller may give to the variable and to parameters.
 *
 * Role: called before a text is parsed; what it refuses is the caller's mistake, not the text's.
 */
import { ArgumentError } from "../errors.js";
import type { Scope } from "./expression.js";
import { CONSTANTS, FUNCTIONS } from "./functions.js";

/** Names of the variables. */
export function variablesOf({ variable, variables }: Scope): readonly string[] {
  return variables ?? (variable === undefined ? [] : [variable]);
}

/**
 * Checks the names of a scope.
 *
 * @throws ArgumentError  a name is not made of letters, digits and `_`, belongs to the language, or is given twice
 */
export function checkScope(scope: Scope): void {
  const variables = variablesOf(scope);
  for (const [index, name] of variables.entries()) {
    checkName(name, "variable", scope.variables === undefined ? "variable" : "variables");
    if (variables.indexOf(name) < index)
      throw new ArgumentError(`expected each variable once, got \`${name}\` twice`, "variables", name);
  }
  if (!Array.isArray(scope.parameters)) {
    throw new ArgumentError(
      `expected an array of parameter names, got ${typeof scope.parameters}`,
      "parameters",
      scope.parameters,
    );
  }
  const seen = new Set<string>();
  for (const name of scope.parameters) {
    checkName(name, "parameter", "parameters");
    if (variables.includes(name)) {
      throw new ArgumentError(
        `expected a parameter named otherwise than the variable, got \`${name}\`; rename one of them`,
        "parameters",
        name,
      );
    }
    if (seen.has(name)) {
      throw new ArgumentError(`expected each parameter once, got \`${name}\` twice`, "parameters", name);
    }
    seen.add(name);
  }
}

function checkName(name: unknown, what: string, argument: string): void {
  if (typeof name !== "string" || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    const got = typeof name === "string" ? JSON.stringify(name.slice(0, 40)) : typeof name;
    throw new ArgumentError(
      `expected a ${what} name of letters a to z, A to Z, digits and \`_\`, not starting with a digit, got ${got}`,
      argument,
      name,
    );
  }
  const taken = CONSTANTS.has(name) ? "a constant" : FUNCTIONS.has(name) || name === "Math" ? "a function" : undefined;
  if (taken !== undefined) {
    throw new ArgumentError(
      `a ${what} may not be called \`${name}\`, which is ${taken} of the language; choose another name`,
      argument,
      name,
    );
  }
}
