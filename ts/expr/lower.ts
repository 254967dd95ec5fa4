/**
 * Syntax tree -> graph of instructions: the rewrites that are part of the language.
 *
 *   numbers       + - * / and signs of numbers are computed now, as IEEE 754 says
 *   powers        with a number as exponent are multiplied out (powers.ts), all others call `pow`
 *   round, sign   become sequences of exact instructions
 *   equal parts   are one node (graph.ts)
 *   truth         comparisons are masks (all bits of a lane set or clear) until a number is needed, and back
 *
 * Nothing else: no sum is regrouped, x*0 is not 0, a/b is not a*(1/b). So the bits are those of evaluate.ts.
 *
 * Role: any thread.
 */
import type { Comparison, Expression, Node } from "./expression.js";
import type { FunctionName, ProviderFunction } from "./functions.js";
import { Graph, type GraphNode } from "./graph.js";
import { CHAIN, multipliedOut } from "./powers.js";

/** Operands before users, as in the tree; some nodes may be used by nobody. */
export interface Lowered {
  readonly nodes: readonly GraphNode[];
  /** Indices of the expression's values. */
  readonly roots: readonly number[];
}

const COMPARE: Readonly<Record<Comparison, string>> = {
  "<": "f64x2.lt",
  "<=": "f64x2.le",
  ">": "f64x2.gt",
  ">=": "f64x2.ge",
  "==": "f64x2.eq",
  "!=": "f64x2.ne",
};

const ARITHMETIC = {
  "+": { name: "f64x2.add", fold: (a: number, b: number): number => a + b },
  "-": { name: "f64x2.sub", fold: (a: number, b: number): number => a - b },
  "*": { name: "f64x2.mul", fold: (a: number, b: number): number => a * b },
  "/": { name: "f64x2.div", fold: (a: number, b: number): number => a / b },
} as const;

/** Functions that are one instruction. */
const INSTRUCTIONS: ReadonlyMap<FunctionName, string> = new Map(
  (["sqrt", "abs", "floor", "ceil", "trunc", "min", "max"] as const).map((name) => [name, `f64x2.${name}`]),
);

/** Makes the graph of an expression. */
export function lower(expression: Expression): Lowered {
  const builder = new Builder();
  const lowered: number[] = [];
  for (const node of expression.nodes) lowered.push(lowerNode(builder, node, lowered));
  const { roots = [lowered.length - 1] } = expression;
  return { roots: roots.map((root) => builder.number(lowered[root]!)), nodes: builder.nodes };
}

/** `at[i]` is the graph's node for the tree's node i. The result may be a mask. */
function lowerNode(builder: Builder, node: Node, at: readonly number[]): number {
  switch (node.kind) {
    case "number":
      return builder.literal(node.value);
    case "variable":
      return builder.variable(node.index);
    case "parameter":
      return builder.parameter(node.index);
    case "negate": {
      const operand = builder.number(at[node.operand]!);
      const value = builder.literalValue(operand);
      return value === undefined ? builder.vector("f64x2.neg", operand) : builder.literal(-value);
    }
    case "not":
      return builder.mask("v128.not", builder.truth(at[node.operand]!));
    case "binary": {
      const { operator } = node;
      const [left, right] = [at[node.left]!, at[node.right]!];
      if (operator === "&&") return builder.mask("v128.and", builder.truth(left), builder.truth(right));
      if (operator === "||") return builder.mask("v128.or", builder.truth(left), builder.truth(right));
      const [a, b] = [builder.number(left), builder.number(right)];
      if (operator === "^") return power(builder, a, b);
      if (operator in ARITHMETIC) return builder.arithmetic(operator as keyof typeof ARITHMETIC, a, b);
      return builder.mask(COMPARE[operator as Comparison], a, b);
    }
    case "conditional": {
      const condition = builder.truth(at[node.condition]!);
      return builder.select(builder.number(at[node.whenTrue]!), builder.number(at[node.whenFalse]!), condition);
    }
    case "call":
      return lowerCall(
        builder,
        node.name,
        node.operands.map((operand) => builder.number(at[operand]!)),
      );
  }
}

function lowerCall(builder: Builder, name: FunctionName, operands: readonly number[]): number {
  const x = operands[0]!;
  if (name === "round") return round(builder, x);
  if (name === "sign") {
    const zero = builder.literal(0);
    // What is neither positive nor negative is its own sign: 0, -0 and NaN.
    const negativeOrZero = builder.select(builder.literal(-1), x, builder.mask("f64x2.lt", x, zero));
    return builder.select(builder.literal(1), negativeOrZero, builder.mask("f64x2.gt", x, zero));
  }
  const instruction = INSTRUCTIONS.get(name);
  if (instruction === undefined) return builder.call(name as ProviderFunction, operands);
  // min and max of many, from the left; the others have one operand.
  if (operands.length === 1) return builder.vector(instruction, x);
  return operands.reduce((left, right) => builder.vector(instruction, left, right));
}

/** Halves up: the ceiling, less 1 where that is more than a half away. The difference is exact or, above 2^52, never more than a half. */
function round(builder: Builder, x: number): number {
  const ceiling = builder.vector("f64x2.ceil", x);
  const half = builder.arithmetic("-", ceiling, builder.literal(0.5));
  const tooFar = builder.mask("f64x2.gt", half, x);
  // 0 or 1; subtracting 0 keeps the -0 that the ceiling of -0.3 is.
  return builder.arithmetic("-", ceiling, builder.number(tooFar));
}

function power(builder: Builder, x: number, exponent: number): number {
  const value = builder.literalValue(exponent);
  const parts = value === undefined ? undefined : multipliedOut(value);
  if (parts === undefined) return builder.call("pow", [x, exponent]);
  let product = parts.whole === 0 ? undefined : chain(builder, x, parts.whole);
  if (parts.half) {
    const root = builder.vector("f64x2.sqrt", x);
    product = product === undefined ? root : builder.arithmetic("*", product, root);
  }
  if (product === undefined) return builder.literal(1);
  return parts.reciprocal ? builder.arithmetic("/", builder.literal(1), product) : product;
}

function chain(builder: Builder, x: number, n: number): number {
  if (n === 1) return x;
  return builder.arithmetic("*", chain(builder, x, CHAIN[n]!), chain(builder, x, n - CHAIN[n]!));
}

/** A graph with what the language's operations are made of. */
class Builder extends Graph {
  /** Nodes that are masks. */
  private readonly masks = new Set<number>();

  arithmetic(operator: keyof typeof ARITHMETIC, left: number, right: number): number {
    const { name, fold } = ARITHMETIC[operator];
    const a = this.literalValue(left);
    const b = this.literalValue(right);
    return a !== undefined && b !== undefined ? this.literal(fold(a, b)) : this.vector(name, left, right);
  }

  vector(name: string, ...operands: number[]): number {
    return this.instruction(name, operands);
  }

  /** An instruction whose result is a mask. */
  mask(name: string, ...operands: number[]): number {
    const index = this.instruction(name, operands);
    this.masks.add(index);
    return index;
  }

  /** `whenTrue` in the lanes where the mask is set, `whenFalse` in the others. */
  select(whenTrue: number, whenFalse: number, mask: number): number {
    return this.vector("v128.bitselect", whenTrue, whenFalse, mask);
  }

  /** The node as a number: masks become 1 and 0. */
  number(index: number): number {
    return this.masks.has(index) ? this.vector("v128.and", index, this.literal(1)) : index;
  }

  /** The node as a mask: numbers are true where they are neither 0 nor NaN, that is, where |x| > 0. */
  truth(index: number): number {
    if (this.masks.has(index)) return index;
    return this.mask("f64x2.gt", this.vector("f64x2.abs", index), this.literal(0));
  }
}
