/**
 * The value of an expression at a point, slowly and obviously: the oracle of the compiler, and the way to read a bound.
 *
 * Plain JavaScript arithmetic is IEEE 754 with round to nearest, so it agrees with the compiled instructions bit for bit. The
 * other functions come from a table: with the math provider's (provider.ts) the whole value has the compiled kernel's bits.
 *
 * Role: any thread.
 */
import { ArgumentError } from "../errors.js";
import type { BinaryOperator, Expression } from "./expression.js";
import type { FunctionName, FunctionTable } from "./functions.js";
import { CHAIN, multipliedOut } from "./powers.js";

export interface Point {
  /** Value of the variable; may be left out if the expression does not use it. */
  readonly variable?: number;
  /** Values of the variables where there are several, in their order. */
  readonly variables?: readonly number[];
  /** Values of the parameters by name; those that the expression uses must be there. */
  readonly parameters?: Readonly<Record<string, number>>;
}

/**
 * Evaluates an expression at a point: its last node.
 *
 * @param functions  the transcendental functions; `providerFunctions(instance.exports)` for the bits of a kernel
 * @throws ArgumentError  a value that the expression needs is missing or not a number
 * @example
 *   evaluate(parse("a*x^2", { variable: "x", parameters: ["a"] }), { variable: 3, parameters: { a: 2 } }, functions)   // 18
 */
export function evaluate(expression: Expression, point: Point, functions: FunctionTable): number {
  const values: number[] = [];
  // Whether a node is made of numbers alone: only then can it be an exponent that is multiplied out.
  const literal: boolean[] = [];

  for (const node of expression.nodes) {
    switch (node.kind) {
      case "number":
        values.push(node.value);
        literal.push(true);
        break;
      case "variable":
        values.push(variableAt(expression, point, node.index));
        literal.push(false);
        break;
      case "parameter": {
        const name = expression.parameters[node.index]!;
        const parameters = point.parameters ?? {};
        values.push(given(Object.hasOwn(parameters, name) ? parameters[name] : undefined, name, "parameter"));
        literal.push(false);
        break;
      }
      case "negate":
        values.push(-values[node.operand]!);
        literal.push(literal[node.operand]!);
        break;
      case "not":
        values.push(isTrue(values[node.operand]!) ? 0 : 1);
        literal.push(false);
        break;
      case "binary": {
        const left = values[node.left]!;
        const right = values[node.right]!;
        if (node.operator === "^" && literal[node.right]) {
          values.push(powerOfNumber(left, right, functions));
          const power = multipliedOut(right);
          const isProduct = power !== undefined && !power.half;
          literal.push(isProduct && (power.whole === 0 || literal[node.left]!));
        } else {
          values.push(node.operator === "^" ? functions.pow(left, right) : BINARY[node.operator](left, right));
          literal.push("+-*/".includes(node.operator) && literal[node.left]! && literal[node.right]!);
        }
        break;
      }
      case "conditional":
        values.push(isTrue(values[node.condition]!) ? values[node.whenTrue]! : values[node.whenFalse]!);
        literal.push(false);
        break;
      case "call":
        values.push(
          call(
            node.name,
            node.operands.map((operand) => values[operand]!),
            functions,
          ),
        );
        literal.push(false);
        break;
    }
  }
  return values[values.length - 1]!;
}

function variableAt({ variable = "x", variables }: Expression, point: Point, index = 0): number {
  if (variables === undefined) return given(point.variable, variable, "variable");
  return given(point.variables?.[index], variables[index]!, "variable");
}

function given(value: number | undefined, name: string, what: string): number {
  if (typeof value !== "number") {
    throw new ArgumentError(
      `expected a number for the ${what} \`${name}\`, got ${value === undefined ? "nothing" : String(value)}; pass one`,
      name,
      value,
    );
  }
  return value;
}

/** A condition holds when it is neither 0 nor NaN. */
function isTrue(value: number): boolean {
  return value !== 0 && !Number.isNaN(value);
}

type Binary = (left: number, right: number) => number;

const BINARY: Readonly<Record<Exclude<BinaryOperator, "^">, Binary>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "<": (left, right) => Number(left < right),
  "<=": (left, right) => Number(left <= right),
  ">": (left, right) => Number(left > right),
  ">=": (left, right) => Number(left >= right),
  "==": (left, right) => Number(left === right),
  "!=": (left, right) => Number(left !== right),
  "&&": (left, right) => Number(isTrue(left) && isTrue(right)),
  "||": (left, right) => Number(isTrue(left) || isTrue(right)),
};

/** x^exponent where the exponent is a number in the text (powers.ts). */
function powerOfNumber(x: number, exponent: number, functions: FunctionTable): number {
  const power = multipliedOut(exponent);
  if (power === undefined) return functions.pow(x, exponent);
  let value = power.whole === 0 ? 1 : chain(x, power.whole);
  if (power.half) value = power.whole === 0 ? Math.sqrt(x) : value * Math.sqrt(x);
  return power.reciprocal ? 1 / value : value;
}

function chain(x: number, n: number): number {
  return n === 1 ? x : chain(x, CHAIN[n]!) * chain(x, n - CHAIN[n]!);
}

/** Functions that this file computes itself: all of them exact. */
const EXACT: Readonly<Record<Exclude<FunctionName, keyof FunctionTable>, (values: readonly number[]) => number>> = {
  sqrt: ([x]) => Math.sqrt(x!),
  abs: ([x]) => Math.abs(x!),
  floor: ([x]) => Math.floor(x!),
  ceil: ([x]) => Math.ceil(x!),
  trunc: ([x]) => Math.trunc(x!),
  round: ([x]) => Math.round(x!),
  sign: ([x]) => (x! > 0 ? 1 : x! < 0 ? -1 : x!),
  min: (values) => values.reduce((least, value) => Math.min(least, value)),
  max: (values) => values.reduce((greatest, value) => Math.max(greatest, value)),
};

function call(name: FunctionName, values: readonly number[], functions: FunctionTable): number {
  if (name in EXACT) return EXACT[name as keyof typeof EXACT](values);
  return (functions[name as keyof FunctionTable] as (...values: number[]) => number)(...values);
}
