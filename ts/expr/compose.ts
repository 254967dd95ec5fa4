/**
 * Trees made of trees: an expression with other expressions for its variables, and arithmetic between them.
 *
 * Role: any thread. Integrals in several variables are written so: where the point lies, and what the map there multiplies the integrand by, become part of
 *       the integrand's tree, and what they have in common is computed once.
 */
import { type BinaryOperator, type Node, operandsOf, variableNode, withOperands } from "./expression.js";
import type { FunctionName } from "./functions.js";

export class Composer {
  readonly nodes: Node[] = [];

  /**
   * Adds a tree.
   *
   * @param variables what stands for its variables: nodes of this one
   * @returns its value, the last of its nodes
   */
  insert(nodes: readonly Node[], variables: readonly number[]): number {
    const at: number[] = [];
    for (const node of nodes) at.push(this.copy(node, at, variables));
    return at[at.length - 1]!;
  }

  variable(index: number): number {
    return this.push(variableNode(index));
  }

  parameter(index: number): number {
    return this.push({ kind: "parameter", index });
  }

  /** @param value not negative, no NaN */
  number(value: number): number {
    return this.push({ kind: "number", value });
  }

  binary(left: number, operator: BinaryOperator, right: number): number {
    return this.push({ kind: "binary", operator, left, right });
  }

  negate(operand: number): number {
    return this.push({ kind: "negate", operand });
  }

  call(name: FunctionName, ...operands: number[]): number {
    return this.push({ kind: "call", name, operands });
  }

  choose(condition: number, whenTrue: number, whenFalse: number): number {
    return this.push({ kind: "conditional", condition, whenTrue, whenFalse });
  }

  private copy(node: Node, at: readonly number[], variables: readonly number[]): number {
    if (node.kind === "variable") return variables[node.index ?? 0]!;
    const operands = operandsOf(node).map((operand) => at[operand]!);
    return this.push(withOperands(node, operands));
  }

  private push(node: Node): number {
    return this.nodes.push(node) - 1;
  }
}
