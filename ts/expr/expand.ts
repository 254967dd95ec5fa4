/**
 * Elementary functions written out: each call whose argument varies becomes the instructions of the function's fast form.
 *
 * The body of a fast form is run once, with nodes of the graph as its values. So whatever two functions have in common, the reduction of an angle for its
 * sine and its cosine, is one node; constants are literals, which wait in locals; and what does not vary is not computed in the loop.
 *
 * Role: any thread that compiles.
 */
import { WasmError } from "../errors.js";
import type { Func, Immediate, Instruction } from "../wasm/module.js";
import { shapeOf } from "../wasm/shapes.js";
import { Graph, type GraphNode, reached } from "./graph.js";
import type { FastForm, Library } from "./library.js";
import type { Lowered } from "./lower.js";

export interface Expanded extends Lowered {
  /** Masks of the lanes in which the value may be wrong. */
  readonly doubts: readonly number[];
}

/** Writes out all calls that vary and have a fast form. The others, and what they mean, stay. */
export function expand(lowered: Lowered, library: Library): Expanded {
  const graph = new Graph();
  const doubts = new Set<number>();
  const moved: number[] = [];
  const needed = new Set(reached(lowered.nodes, lowered.roots));
  for (const [index, node] of lowered.nodes.entries()) {
    const operands = node.operands.map((operand) => moved[operand]!);
    const form = fastForm(node, library);
    if (form === undefined) moved.push(graph.copy(node, operands));
    else {
      moved.push(run(graph, library, form.value, operands));
      // What is dropped, as the base of a power to 0, may call what is not imported.
      if (form.doubt !== undefined && needed.has(index)) doubts.add(run(graph, library, form.doubt, operands));
    }
  }
  return { nodes: graph.nodes, roots: lowered.roots.map((root) => moved[root]!), doubts: [...doubts] };
}

function fastForm(node: GraphNode, library: Library): FastForm | undefined {
  return node.kind === "call" && node.varies ? library.fastForm(node.name) : undefined;
}

/** The node of a function's result. */
function run(graph: Graph, library: Library, func: Func, operands: readonly number[]): number {
  const locals = [...operands];
  const stack: number[] = [];
  const pop = (): number => {
    const top = stack.pop();
    if (top === undefined)
      throw new WasmError("expected a valid math provider, found code that takes more than there is");
    return top;
  };
  const parameters = library.parametersOf(func);
  for (const instruction of func.body) {
    const [name, immediate] = instruction;
    switch (name) {
      case "local.get": {
        const index = immediate as number;
        stack.push(locals[index] ?? zero(graph, func, index - parameters));
        break;
      }
      case "local.set":
        locals[immediate as number] = pop();
        break;
      case "local.tee":
        locals[immediate as number] = stack.at(-1)!;
        break;
      case "drop":
        pop();
        break;
      case "call": {
        const callee = library.functionAt(immediate as number);
        const given = Array.from({ length: library.parametersOf(callee) }, pop).reverse();
        stack.push(run(graph, library, callee, given));
        break;
      }
      case "global.get":
        if (!library.isTables(immediate as number)) throw notStraight(instruction);
        stack.push(graph.tables());
        break;
      case "end":
      case "return":
        // A line has one end.
        return pop();
      default:
        stack.push(compute(graph, instruction, pop));
    }
  }
  throw new WasmError("expected a valid math provider, found a function without an end");
}

function compute(graph: Graph, instruction: Instruction, pop: () => number): number {
  const [name, ...immediates] = instruction;
  if (name.endsWith(".const")) return graph.constant(instruction);
  const shape = shapeOf(name);
  if (shape === undefined) throw notStraight(instruction);
  const operands = Array.from({ length: shape.operands }, pop).reverse();
  return graph.instruction(name, operands, immediates as Immediate[]);
}

/** A local that is read before it is set. */
function zero(graph: Graph, func: Func, index: number): number {
  const type = func.locals[index] ?? "v128";
  if (type === "v128") return graph.constant(["v128.const", new Uint8Array(16)]);
  return graph.constant([`${type}.const`, type === "i32" ? 0 : 0n]);
}

function notStraight([name]: Instruction): WasmError {
  return new WasmError(
    `expected the fast form of an elementary function to be a straight line of pure instructions, found ${name}`,
  );
}
