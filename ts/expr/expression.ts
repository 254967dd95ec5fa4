/**
 * The syntax tree of an expression: nodes in evaluation order, children before parents.
 *
 * A node names its operands by their index, so every pass over a tree is a loop and no text, however long, overflows the stack:
 *
 *   -x^2 + 1     0 variable   1 number 2   2 binary ^ 0 1   3 negate 2   4 number 1   5 binary + 3 4
 *
 * The last node is the expression's value. Several expressions that are computed together are one tree with several values: `roots`.
 */
import type { FunctionName } from "./functions.js";

export const ARITHMETIC = ["+", "-", "*", "/", "^"] as const;
export const COMPARISONS = ["<", "<=", ">", ">=", "==", "!="] as const;
export const CONNECTIVES = ["&&", "||"] as const;

export type Arithmetic = (typeof ARITHMETIC)[number];
export type Comparison = (typeof COMPARISONS)[number];
export type Connective = (typeof CONNECTIVES)[number];
export type BinaryOperator = Arithmetic | Comparison | Connective;

export type Node =
  /** A number or a constant; never NaN, never negative: a sign is a node of its own. */
  | { readonly kind: "number"; readonly value: number }
  /** `index` into the variables of the scope, where there may be several; 0 is left out. */
  | { readonly kind: "variable"; readonly index?: number }
  /** `index` into the parameters of the scope. */
  | { readonly kind: "parameter"; readonly index: number }
  | { readonly kind: "negate" | "not"; readonly operand: number }
  | { readonly kind: "binary"; readonly operator: BinaryOperator; readonly left: number; readonly right: number }
  | { readonly kind: "conditional"; readonly condition: number; readonly whenTrue: number; readonly whenFalse: number }
  | { readonly kind: "call"; readonly name: FunctionName; readonly operands: readonly number[] };

/** What the names in a text may be. */
export interface Scope {
  /** Name of the variable; undefined where only a constant makes sense, as for a bound. */
  readonly variable: string | undefined;
  /** Names of the variables where there are several: instead of `variable`. */
  readonly variables?: readonly string[];
  /** Names of the parameters, in the order of the parameter record. */
  readonly parameters: readonly string[];
}

export interface Expression extends Scope {
  readonly source: string;
  readonly nodes: readonly Node[];
  /** Indices of the values; absent: the last node is the only one. */
  readonly roots?: readonly number[];
}

/** The node of a variable. */
export function variableNode(index: number): Node {
  return index === 0 ? { kind: "variable" } : { kind: "variable", index };
}

const NONE: readonly number[] = [];

/** In the order in which they are computed. */
export function operandsOf(node: Node): readonly number[] {
  switch (node.kind) {
    case "negate":
    case "not":
      return [node.operand];
    case "binary":
      return [node.left, node.right];
    case "conditional":
      return [node.condition, node.whenTrue, node.whenFalse];
    case "call":
      return node.operands;
    default:
      return NONE;
  }
}

/** The same node of other operands. */
export function withOperands(node: Node, operands: readonly number[]): Node {
  const [first = -1, second = -1, third = -1] = operands;
  switch (node.kind) {
    case "negate":
    case "not":
      return { kind: node.kind, operand: first };
    case "binary":
      return { kind: "binary", operator: node.operator, left: first, right: second };
    case "conditional":
      return { kind: "conditional", condition: first, whenTrue: second, whenFalse: third };
    case "call":
      return { kind: "call", name: node.name, operands };
    default:
      return node;
  }
}
