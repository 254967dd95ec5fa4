/**
 * Compiling ahead of time: everything that a first call would do besides integrating.
 *
 * Role: any thread that makes contexts.
 */
import { checkOptions, refuse } from "../checks.js";
import { ArgumentError } from "../errors.js";
import type { CompileSeveralOptions, FunctionOfSeveral } from "../several-types.js";
import type { CompiledIntegrand, CompileOptions, IntegrandExport, IntegrandFunction } from "../types.js";
import { checkRelaxed } from "./arguments.js";
import { Handle } from "./handle.js";
import { integrandFor } from "./problem.js";
import { integrandOfVariables } from "./several/problem.js";

/** Names that a text or function may have at most: they share a record of that many doubles with each call. */
const NAMES_MAXIMUM = 1000;

/**
 * Reads, checks and compiles an integrand, once. What it returns stands for it in `integrate`, `integrateSync` and `evaluate`, in every context of this thread: such a
 * call has nothing to look up, and a mistake in the text shows here.
 *
 * @param f  an expression, a function, or an export of a WebAssembly module
 * @param options.parameters  names of the parameters: each call gives them values
 * @param options.variable  name of the variable in a text; default `"x"`
 * @param options.relaxed  as in `integrate`
 * @throws {ArgumentError} an option is not what was expected
 * @throws {ExpressionError} `f` is a text and not an expression in those names
 * @throws {FunctionError} `f` is a function that cannot be integrated
 * @throws {WasmError} `f` is an export that cannot be used
 * @example
 *   const f = compile("exp(-a*t)", { variable: "t", parameters: ["a"] });
 *   integrateSync(f, 0, Infinity, { parameters: { a: 2 } }).value   // 0.5
 *   f.use   // { kind: "compiled" }
 */
export function compile<const Name extends string = never>(
  f: string | IntegrandFunction<Readonly<Record<Name, number>>> | IntegrandExport,
  options?: CompileOptions<Name>,
): CompiledIntegrand<Readonly<Record<Name, number>>>;
/**
 * The same of several variables, for boxes that name them in that order.
 *
 * @param options.variables  names of the variables
 * @example
 *   const f = compile("exp(-a*x*y)", { variables: ["x", "y"], parameters: ["a"] });
 *   integrateSync(f, { x: [0, 1], y: [0, 1] }, { parameters: { a: 2 } }).value   // 0.6596316780847699
 */
export function compile<const Name extends string = never>(
  f: string | FunctionOfSeveral | IntegrandExport,
  options: CompileSeveralOptions<Name>,
): CompiledIntegrand<Readonly<Record<Name, number>>>;
export function compile(
  f: string | FunctionOfSeveral | IntegrandExport,
  options: CompileOptions | CompileSeveralOptions = {},
): CompiledIntegrand {
  checkOptions(options, ["parameters", "variable", "variables", "relaxed"]);
  const { parameters, variables, ...reading } = Object.assign(Object.create(null), options) as CompileOptions &
    Partial<CompileSeveralOptions>;
  if ((f as unknown) instanceof Handle) {
    throw new ArgumentError("`f` is compiled already, and cannot be once more; pass its `source`", "f", f);
  }
  const names = checkNames("parameters", parameters);
  if (variables !== undefined) {
    if (reading.variable !== undefined) refuse("variable", "left out beside `variables`", reading.variable);
    const list = checkNames("variables", variables);
    const integrand = integrandOfVariables(f, list, names, checkRelaxed(reading.relaxed));
    void integrand.module;
    return new Handle(f, undefined, names, integrand, list);
  }
  const integrand = integrandFor(f, reading, names);
  // What an integral to a tolerance runs: else its first call would have to wait for it.
  void (integrand.toTolerance ?? integrand).module;
  return new Handle(
    f as Handle["source"],
    typeof f === "string" ? (reading.variable ?? "x") : undefined,
    names,
    integrand,
  );
}

function checkNames(what: "parameters" | "variables", names: unknown = []): readonly string[] {
  if (!Array.isArray(names) || names.length > NAMES_MAXIMUM) {
    refuse(what, `an array of at most ${NAMES_MAXIMUM} names`, names, "values come with each call");
  }
  const list: string[] = [];
  for (const [index, name] of names.entries()) {
    if (typeof name !== "string") refuse(`${what}[${index}]`, "a name", name);
    if (list.includes(name)) refuse(`${what}[${index}]`, "a name that does not stand before it", name);
    list.push(name);
  }
  return list;
}
