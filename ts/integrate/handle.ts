/**
 * Handles of compiled integrands: what `compile` gives out.
 *
 * A call that gets one has nothing to look up, and its names are settled: it has but to bring a value for each parameter.
 *
 * Role: any thread that makes contexts.
 */
import { show } from "../checks.js";
import { describe, inspectAsText } from "../describe.js";
import { ArgumentError } from "../errors.js";
import type { FunctionOfSeveral } from "../several-types.js";
import type { CompiledIntegrand, IntegrandExport, IntegrandUse, Parameters } from "../types.js";
import type { Integrand } from "./integrand.js";

export class Handle<P extends Parameters = Parameters> implements CompiledIntegrand<P> {
  declare readonly values?: (parameters: P) => void;
  readonly parameters: readonly string[];
  readonly #integrand: Integrand;

  constructor(
    readonly source: string | FunctionOfSeveral | IntegrandExport,
    readonly variable: string | undefined,
    parameters: readonly string[],
    integrand: Integrand,
    readonly variables?: readonly string[],
  ) {
    this.#integrand = integrand;
    this.parameters = Object.freeze([...parameters]);
    Object.freeze(this);
  }

  get use(): IntegrandUse {
    return this.#integrand.use;
  }

  get relaxed(): boolean {
    return this.#integrand.relaxed;
  }

  /** In a line what it is, for consoles: `CompiledIntegrand { source: "a*x^2", parameters: "a", use: "compiled" }`. */
  toString(): string {
    const { source, parameters, use } = this;
    return describe("CompiledIntegrand", { source, parameters: parameters.join(", "), use: use.kind });
  }

  /** @throws {ArgumentError} it is of several variables */
  static integrandOf(handle: Handle): Integrand {
    const { variables } = handle;
    if (variables !== undefined) {
      throw new ArgumentError(
        `expected an integrand of one variable over a range, got one that was compiled with \`variables\`: pass a box, { ${variables.map((name) => `${name}: [0, 1]`).join(", ")} }`,
        "f",
        handle,
      );
    }
    return handle.#integrand;
  }
}

inspectAsText(Handle.prototype);

/** Values of the parameters in the order of their record. @throws {ArgumentError} one is missing, or there is no such parameter */
export function valuesFor(names: readonly string[], given: readonly string[], values: readonly number[]): number[] {
  const found = names.map((name) => {
    const index = given.indexOf(name);
    if (index < 0) {
      throw new ArgumentError(
        `expected a value for the parameter \`${name}\` of the compiled integrand, got ${given.map(show).join(", ") || "none"}; pass \`parameters: { ${name}: … }\``,
        "parameters",
        undefined,
      );
    }
    return values[index] as number;
  });
  if (given.length === names.length) return found;
  const unknown = given.find((name) => !names.includes(name)) as string;
  throw new ArgumentError(
    `expected values for ${names.map(show).join(", ") || "no parameter"}, since these are what the integrand was compiled with, got one for ${show(unknown)}; name it in \`compile(…, { parameters })\``,
    "parameters",
    values[given.indexOf(unknown)],
  );
}
