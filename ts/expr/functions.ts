/**
 * The names that the language knows: constants and functions, with how many arguments each takes.
 *
 * Role: shared by the parser (names, arity), the evaluator and the compiler (which are instructions, which are calls).
 */

/** Doubles nearest to the constants. */
// biome-ignore-start lint/suspicious/noApproximativeNumericConstant: to the last bit, and independent of the engine
export const CONSTANTS: ReadonlyMap<string, number> = new Map([
  ["pi", 3.141592653589793],
  ["tau", 6.283185307179586],
  ["e", 2.718281828459045],
  ["inf", Number.POSITIVE_INFINITY],
]);
// biome-ignore-end lint/suspicious/noApproximativeNumericConstant: the constants end here

/** Functions of the math provider (assembly/math.ts) with one argument. */
export const PROVIDER_UNARY = [
  "sin", "cos", "tan", "sinc", "asin", "acos", "atan",
  "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
  "exp", "expm1", "exp2", "log", "log1p", "log2", "log10", "cbrt",
  "erf", "erfc", "gamma", "lgamma", "j0", "j1",
] as const; // biome-ignore format: one family per line

/** Functions of the math provider with two arguments. */
export const PROVIDER_BINARY = ["atan2", "hypot", "pow"] as const;

export type ProviderUnary = (typeof PROVIDER_UNARY)[number];
export type ProviderBinary = (typeof PROVIDER_BINARY)[number];
export type ProviderFunction = ProviderUnary | ProviderBinary;

/** Scalar functions by the provider's names: what `evaluate` computes with. */
export type FunctionTable = Readonly<
  Record<ProviderUnary, (x: number) => number> & Record<ProviderBinary, (x: number, y: number) => number>
>;

/** Functions that are one instruction each, or a short fixed sequence. */
const EXACT_UNARY = ["sqrt", "abs", "sign", "floor", "ceil", "round", "trunc"] as const;

export type UnaryFunction = ProviderUnary | (typeof EXACT_UNARY)[number];
/** `pow` is not among them: the parser makes it `^`. */
export type BinaryFunction = Exclude<ProviderBinary, "pow">;
export type VariadicFunction = "min" | "max";
export type FunctionName = UnaryFunction | BinaryFunction | VariadicFunction;

export interface Signature {
  /** What the tree calls it. `^` for `pow`, which is the operator written as a function. */
  readonly name: FunctionName | "^";
  readonly minimum: number;
  readonly maximum: number;
  /** How a message shows a call. */
  readonly example: string;
}

/** Every name that may stand before `(`. */
export const FUNCTIONS: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  ...[...PROVIDER_UNARY, ...EXACT_UNARY].map((name) => [name, unary(name, name)] as const),
  ["ln", unary("log", "ln")],
  ["atan2", { name: "atan2", minimum: 2, maximum: 2, example: "atan2(y, x)" }],
  ["hypot", { name: "hypot", minimum: 2, maximum: 2, example: "hypot(x, y)" }],
  ["pow", { name: "^", minimum: 2, maximum: 2, example: "pow(x, y)" }],
  ["min", { name: "min", minimum: 2, maximum: Number.POSITIVE_INFINITY, example: "min(x, y)" }],
  ["max", { name: "max", minimum: 2, maximum: Number.POSITIVE_INFINITY, example: "max(x, y)" }],
]);

function unary(name: UnaryFunction, spelling: string): Signature {
  return { name, minimum: 1, maximum: 1, example: `${spelling}(x)` };
}
