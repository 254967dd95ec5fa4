/**
 * One form for all trees that compute the same steps: each step once, in the order in which the value needs them, nothing else.
 *
 *   "x*x + x*x"   x => { const y = x * x; return y + y; }     ->   v   * 0 0   + 1 1
 *
 * By it a text and a function share what was compiled. No law of arithmetic is used: x + 1 and 1 + x are two.
 *
 * Role: any thread.
 */
import { type Node, operandsOf, withOperands } from "./expression.js";

export interface Canonical {
  readonly nodes: readonly Node[];
  /** Equal for equal nodes, and only for those. */
  readonly key: string;
}

/** @param root index of the node that is the value */
export function canonical(nodes: readonly Node[], root = nodes.length - 1): Canonical {
  const { nodes: kept, key } = canonicalOf(nodes, [root]);
  return { nodes: kept, key };
}

/** The same for several values of one tree. The order of its nodes is that of the values, so the last value need not be the last node. */
export function canonicalOf(
  nodes: readonly Node[],
  roots: readonly number[],
): Canonical & { readonly roots: readonly number[] } {
  const kept: Node[] = [];
  const keys: string[] = [];
  const numbers = new Map<string, number>();
  /** Where a node went; -1 until it has. */
  const moved = new Int32Array(nodes.length).fill(-1);
  // With a stack of our own: a sum of 16 000 terms is 16 000 deep.
  const open = [...roots].reverse();
  for (let index = open.at(-1); index !== undefined; index = open.at(-1)) {
    const node = nodes[index]!;
    const operands = operandsOf(node);
    // The last first, so that the first is on top.
    const missing = operands.filter((operand) => moved[operand] === -1).reverse();
    if (missing.length > 0) {
      open.push(...missing);
      continue;
    }
    open.pop();
    const places = operands.map((operand) => moved[operand]!);
    const key = `${nameOf(node)} ${places.join(" ")}`;
    let number = numbers.get(key);
    if (number === undefined) {
      number = kept.push(withOperands(node, places)) - 1;
      numbers.set(key, number);
      keys.push(key);
    }
    moved[index] = number;
  }
  const places = roots.map((root) => moved[root]!);
  // Of one value it is the last node.
  return { nodes: kept, roots: places, key: keys.join(";") + (roots.length === 1 ? "" : `;=${places.join(" ")}`) };
}

/** All but the operands. Numbers are written so that they are read back as the same double. */
function nameOf(node: Node): string {
  switch (node.kind) {
    case "number":
      return String(node.value);
    case "parameter":
      return `p${node.index}`;
    case "variable":
      return node.index === undefined ? "variable" : `v${node.index}`;
    case "binary":
      return node.operator;
    case "call":
      return node.name;
    default:
      return node.kind;
  }
}
