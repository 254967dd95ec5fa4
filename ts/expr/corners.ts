/**
 * Where an expression may have a corner, a jump or a singularity, as far as its text says it: zeros of polynomials to degree 2 in the variable, where they stand
 *
 *   in abs, sign, sqrt, cbrt, log, log2, log10; in floor, ceil, trunc and round, at the integers and halves that change them; in asin, acos, atanh at ±1
 *   under a division, or a power whose exponent is no whole number from 0 up
 *   as a difference of what is compared, or of what min and max choose from
 *
 * Coefficients may have parameters in them. What is not + - * / or a small power of numbers, parameters and the variable is no polynomial here. The points are
 * computed by plain arithmetic and square roots, so they are the same bits everywhere. An integral is cut there.
 *
 * Role: any thread.
 */
import type { Node } from "./expression.js";

/** Coefficients, by power. */
type Polynomial = readonly number[];

/** Steps of floor and its like that are taken for points; where there are more in the range, none is. */
const STEPS_MAXIMUM = 64;

export const ZEROS: ReadonlySet<string> = new Set(["abs", "sign", "sqrt", "cbrt", "log", "log2", "log10"]);
export const STEPS: ReadonlySet<string> = new Set(["floor", "ceil", "trunc", "round"]);
export const UNITS: ReadonlySet<string> = new Set(["asin", "acos", "atanh"]);

/** Whether the text has any place where such points can come from. */
export function mayHaveCorners(nodes: readonly Node[]): boolean {
  return nodes.some(
    (node) =>
      (node.kind === "binary" && !"+-*&&||".includes(node.operator) && !isSmooth(node.operator, nodes[node.right])) ||
      (node.kind === "call" && (ZEROS.has(node.name) || STEPS.has(node.name) || UNITS.has(node.name))) ||
      (node.kind === "call" && (node.name === "min" || node.name === "max")),
  );
}

/** Whether it is a division by a number, or a power to a whole one from 0 up. */
function isSmooth(operator: string, right: Node | undefined): boolean {
  if (right?.kind !== "number") return false;
  return operator === "/" || (operator === "^" && Number.isInteger(right.value) && right.value >= 0);
}

/** Whether such points are the same for all parameters, and in every range that contains them. */
export function haveFixedCorners(nodes: readonly Node[]): boolean {
  return !nodes.some((node) => node.kind === "parameter" || (node.kind === "call" && STEPS.has(node.name)));
}

/**
 * The points between lo and hi, in no order; some may come twice.
 *
 * @param parameters values, in the order of the record
 * @param variable which of several: the points do not depend on the others
 */
export function corners(
  nodes: readonly Node[],
  parameters: readonly number[],
  lo: number,
  hi: number,
  variable = 0,
): number[] {
  const found: number[] = [];
  const add = (polynomial: Polynomial | undefined): void => {
    for (const x of zeros(polynomial)) if (x > lo && x < hi) found.push(x);
  };
  const at: (Polynomial | undefined)[] = [];
  for (const node of nodes) {
    at.push(polynomialOf(node, at, parameters, variable));
    if (node.kind === "binary") {
      const [left, right] = [at[node.left], at[node.right]];
      if (node.operator === "/") add(right);
      else if (node.operator === "^") {
        const exponent = right?.length === 1 ? right[0]! : Number.NaN;
        if (!(Number.isInteger(exponent) && exponent >= 0)) add(left);
      } else if (!"+-*&&||".includes(node.operator)) add(sum(left, right, -1));
    } else if (node.kind === "call") {
      const operands = node.operands.map((operand) => at[operand]);
      if (ZEROS.has(node.name)) add(operands[0]);
      else if (STEPS.has(node.name)) found.push(...steps(operands[0], node.name === "round" ? 0.5 : 0, lo, hi));
      else if (UNITS.has(node.name)) for (const unit of [1, -1]) add(sum(operands[0], [unit], -1));
      else if (node.name === "min" || node.name === "max") {
        for (let k = 1; k < operands.length; k++) add(sum(operands[k - 1], operands[k], -1));
      }
    }
  }
  return found;
}

function polynomialOf(
  node: Node,
  at: readonly (Polynomial | undefined)[],
  parameters: readonly number[],
  variable: number,
): Polynomial | undefined {
  switch (node.kind) {
    case "number":
      return [node.value];
    case "parameter":
      return [parameters[node.index]!];
    case "variable":
      return (node.index ?? 0) === variable ? [0, 1] : undefined;
    case "negate":
      return at[node.operand]?.map((each) => -each);
    case "binary": {
      const [left, right] = [at[node.left], at[node.right]];
      if (left === undefined || right === undefined) return undefined;
      if (node.operator === "+") return sum(left, right, 1);
      if (node.operator === "-") return sum(left, right, -1);
      if (node.operator === "*") return product(left, right);
      if (node.operator === "/" && right.length === 1) return left.map((each) => each / right[0]!);
      if (node.operator === "^" && right.length === 1) return power(left, right[0]!);
      return undefined;
    }
    case "call": {
      const [operand] = node.operands.map((each) => at[each]);
      return node.name === "sqrt" && operand?.length === 1 ? [Math.sqrt(operand[0]!)] : undefined;
    }
    default:
      return undefined;
  }
}

function sum(a: Polynomial | undefined, b: Polynomial | undefined, sign: number): Polynomial | undefined {
  if (a === undefined || b === undefined) return undefined;
  return Array.from({ length: Math.max(a.length, b.length) }, (_, k) => (a[k] ?? 0) + sign * (b[k] ?? 0));
}

function product(a: Polynomial, b: Polynomial): Polynomial | undefined {
  if (a.length + b.length > 4) return undefined;
  const result: number[] = new Array(a.length + b.length - 1).fill(0);
  a.forEach((left, i) => {
    b.forEach((right, k) => {
      result[i + k]! += left * right;
    });
  });
  return result;
}

function power(base: Polynomial, exponent: number): Polynomial | undefined {
  if (exponent === 1) return base;
  return exponent === 2 ? product(base, base) : undefined;
}

/** Without the root that is lost when b² - 4 a c is rounded to 0; a zero of both signs comes twice. */
function zeros(polynomial: Polynomial | undefined): readonly number[] {
  if (polynomial === undefined) return [];
  const [c, b = 0, a = 0] = polynomial as [number, number?, number?];
  return zerosOf(c, b, a);
}

/** Of c + b x + a x². */
export function zerosOf(c: number, b: number, a: number): readonly number[] {
  if (a === 0) return b === 0 ? [] : [-c / b];
  const discriminant = b * b - 4 * a * c;
  if (!(discriminant >= 0)) return [];
  // Of the two ways to write a zero, for each the one that subtracts nothing.
  const q = -0.5 * (b + (b < 0 ? -1 : 1) * Math.sqrt(discriminant));
  return q === 0 ? [0] : [q / a, c / q];
}

/** Where an affine argument is a whole number, plus `shift`. */
export function steps(polynomial: Polynomial | undefined, shift: number, lo: number, hi: number): readonly number[] {
  if (polynomial === undefined || (polynomial[2] ?? 0) !== 0) return [];
  const [c, b = 0] = polynomial as [number, number?];
  const ends = [c + b * lo, c + b * hi];
  const first = Math.ceil(Math.min(...ends) - shift);
  const last = Math.floor(Math.max(...ends) - shift);
  if (b === 0 || !(last - first < STEPS_MAXIMUM)) return [];
  const points = Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => (first + k + shift - c) / b);
  return points.filter((x) => x > lo && x < hi);
}
