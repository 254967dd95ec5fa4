/**
 * Fused operations: a product that is used by one sum alone becomes part of it, rounded once instead of twice where the machine can do that.
 *
 *   a*b + c   relaxed_madd(a, b, c)
 *   c - a*b   relaxed_nmadd(a, b, c)
 *
 * A product that is used twice stays as it is: error-free transformations take the error of a product whose rounded value they also use.
 *
 * Source: relaxed SIMD proposal: whether these round once or twice is the engine's choice, so the bits depend on the machine.
 * Role:   any thread that compiles.
 */
import type { Expanded } from "./expand.js";
import { Graph, type GraphNode, reached } from "./graph.js";

export function fuse({ nodes, roots, doubts }: Expanded): Expanded {
  const uses = new Uint32Array(nodes.length);
  const needed = reached(nodes, [...roots, ...doubts]);
  for (const index of needed) for (const operand of nodes[index]!.operands) uses[operand]!++;
  for (const index of [...roots, ...doubts]) uses[index]!++;
  const product = (index: number): readonly number[] | undefined => {
    const node = nodes[index]!;
    return uses[index] === 1 && node.varies && isCalled(node, "f64x2.mul") ? node.operands : undefined;
  };
  const graph = new Graph();
  const moved: number[] = [];
  const at = (indices: readonly number[]): number[] => indices.map((index) => moved[index]!);
  for (const node of nodes) {
    const [left = 0, right = 0] = node.operands;
    if (isCalled(node, "f64x2.add")) {
      const factors = product(left) ?? product(right);
      const rest = factors === product(left) ? right : left;
      moved.push(
        factors === undefined
          ? graph.copy(node, at(node.operands))
          : graph.instruction("f64x2.relaxed_madd", at([...factors, rest])),
      );
    } else if (isCalled(node, "f64x2.sub") && product(right) !== undefined) {
      moved.push(graph.instruction("f64x2.relaxed_nmadd", at([...product(right)!, left])));
    } else {
      moved.push(graph.copy(node, at(node.operands)));
    }
  }
  return { nodes: graph.nodes, roots: at(roots), doubts: at(doubts) };
}

function isCalled(node: GraphNode, name: string): boolean {
  return node.kind === "instruction" && node.name === name;
}
