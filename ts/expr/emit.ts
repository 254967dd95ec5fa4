/**
 * A graph as stack code: what is used once stays on the stack, what is used more often goes to a local. Straight lines without blocks, and every
 * local is set before it is read.
 *
 * Role: any thread that compiles.
 */
import type { Func, Instruction, ValueType } from "../wasm/module.js";
import type { ProviderFunction } from "./functions.js";
import type { GraphNode } from "./graph.js";

/** How a node is read, where it needs no computing. */
export type Leaf = (index: number, node: GraphNode) => readonly Instruction[] | undefined;

export interface EmitOptions {
  readonly nodes: readonly GraphNode[];
  /** The nodes to be written: what is asked for, and what that is made of, without what `leaf` reads. */
  readonly needed: readonly number[];
  /** Function index by the provider's name. */
  readonly calls: ReadonlyMap<ProviderFunction, number>;
  /** The local with the address of the coordinates, 16 bytes each, of which `leaf` does not read. */
  readonly coordinates: number;
  /** The first local that is free. */
  readonly firstLocal: number;
  readonly leaf: Leaf;
}

export class Emitter {
  readonly instructions: Instruction[] = [];
  /** How often each node is an operand of the nodes to be written. */
  private readonly uses: Uint32Array;
  private readonly locals = new Map<number, number>();
  private readonly types: ValueType[] = [];

  constructor(private readonly options: EmitOptions) {
    const { nodes, needed } = options;
    this.uses = new Uint32Array(nodes.length);
    for (const index of needed) for (const operand of nodes[index]!.operands) this.uses[operand]!++;
  }

  /** Says that a node is asked for: by itself, besides being an operand. */
  ask(index: number): void {
    this.uses[index]!++;
  }

  /** Leaves the node's value on the stack. With a stack of our own: a sum of 16 000 terms is 16 000 deep. */
  emit(root: number): void {
    const open: { readonly index: number; next: number }[] = [];
    let visit: number | undefined = root;
    for (;;) {
      if (visit !== undefined && !this.read(visit)) open.push({ index: visit, next: 0 });
      const top = open[open.length - 1];
      if (top === undefined) return;
      visit = this.options.nodes[top.index]!.operands[top.next++];
      if (visit !== undefined) continue;
      this.compute(top.index);
      open.pop();
    }
  }

  /** Writes how to read a value that is there already; false when it has to be computed. */
  private read(index: number): boolean {
    const local = this.locals.get(index);
    const node = this.options.nodes[index]!;
    const instructions = local === undefined ? this.options.leaf(index, node) : [["local.get", local] as const];
    if (instructions !== undefined) this.instructions.push(...instructions);
    return instructions !== undefined;
  }

  /** Writes the instruction whose operands are on the stack. */
  private compute(index: number): void {
    const node = this.options.nodes[index]!;
    if (node.kind === "call") this.instructions.push(["call", this.options.calls.get(node.name)!]);
    if (node.kind === "instruction") this.instructions.push([node.name, ...node.immediates]);
    if (node.kind === "variable") {
      this.instructions.push(
        ["local.get", this.options.coordinates],
        ["v128.load", { align: 4, offset: 16 * node.index }],
      );
    }
    if (this.uses[index]! < 2) return;
    const local = this.options.firstLocal + this.types.length;
    this.locals.set(index, local);
    this.types.push(node.type);
    this.instructions.push(["local.tee", local]);
  }

  /** @param type index of the function's type */
  finish(type: number): Func {
    this.instructions.push(["end"]);
    return { type, locals: this.types, body: this.instructions };
  }
}
