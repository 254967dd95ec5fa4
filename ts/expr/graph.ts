/**
 * A graph of instructions: each with the same operands exists once (hash-consing; A. Ershov, 1958).
 *
 * Role: any thread. lower.ts makes one from a syntax tree, expand.ts one with elementary functions written out, fuse.ts one with fused operations;
 *       emit.ts writes it as stack code.
 */
import type { Immediate, Instruction, ValueType } from "../wasm/module.js";
import { shapeOf } from "../wasm/shapes.js";
import type { ProviderFunction } from "./functions.js";
import { type Operation, Operations } from "./operations.js";

export type GraphNode = {
  /** Whether its value depends on the variable. What does not is computed once, in the prologue. */
  readonly varies: boolean;
  /** In the order of the stack; leaves have none. */
  readonly operands: readonly number[];
  readonly type: ValueType;
} /** A number, in both lanes. */ & (
  | { readonly kind: "literal"; readonly value: number }
  /** Any other constant: a mask, a shift. */
  | { readonly kind: "constant"; readonly instruction: Instruction }
  | { readonly kind: "variable"; readonly index: number }
  | { readonly kind: "parameter"; readonly index: number }
  /** Where the tables of elementary functions are: an address. */
  | { readonly kind: "tables" }
  /** `name` as in the specification. */
  | { readonly kind: "instruction"; readonly name: string; readonly immediates: readonly Immediate[] }
  /** A function of the math provider. */
  | { readonly kind: "call"; readonly name: ProviderFunction }
);

type Computed = Extract<GraphNode, { kind: "instruction" | "call" }>;

const NONE: readonly never[] = [];

/** Makes nodes; the same node asked for twice is made once. Operands stand before users; some nodes may be used by nobody. */
export class Graph {
  readonly nodes: GraphNode[] = [];
  private readonly keys: string[] = [];
  private readonly operations = new Operations((index) => this.operationAt(index));
  private readonly leaves = new Map<string | number, number>();

  literal(value: number): number {
    // To a map, -0 is 0, and NaN is NaN.
    return this.leaf(Object.is(value, -0) ? "-0" : value, { kind: "literal", value, ...leafOf("v128", false) });
  }

  /** @param instruction `i32.const`, `v128.const` …; the same number in both lanes is a literal, unless it is a NaN, whose bits a number may lose */
  constant(instruction: Instruction): number {
    const [name, value] = instruction;
    const number = name === "v128.const" ? numberOf(value as Uint8Array) : undefined;
    if (number !== undefined) return this.literal(number);
    const type = name.slice(0, name.indexOf(".")) as ValueType;
    return this.leaf(`${name} ${String(value)}`, { kind: "constant", instruction, ...leafOf(type, false) });
  }

  variable(index = 0): number {
    return this.leaf(`variable ${index}`, { kind: "variable", index, ...leafOf("v128", true) });
  }

  parameter(index: number): number {
    return this.leaf(`parameter ${index}`, { kind: "parameter", index, ...leafOf("v128", false) });
  }

  tables(): number {
    return this.leaf("tables", { kind: "tables", ...leafOf("i32", false) });
  }

  /** The value of a literal, undefined for other nodes. */
  literalValue(index: number): number | undefined {
    const node = this.at(index);
    return node.kind === "literal" ? node.value : undefined;
  }

  instruction(name: string, operands: readonly number[], immediates: readonly Immediate[] = NONE): number {
    const splat = name === "f64x2.splat" ? this.at(operands[0]!) : undefined;
    if (splat?.kind === "constant" && splat.type === "f64") {
      const bits = splat.instruction[1] as bigint;
      return this.constant(["v128.const", new Uint8Array(new BigUint64Array([bits, bits]).buffer)]);
    }
    const type = shapeOf(name)?.result ?? "v128";
    const key = immediates.length === 0 ? name : `${name} ${immediates.map(show).join(" ")}`;
    return this.operation(key, {
      kind: "instruction",
      name,
      immediates,
      type,
      operands,
      varies: this.anyVaries(operands),
    });
  }

  call(name: ProviderFunction, operands: readonly number[]): number {
    return this.operation(`call ${name}`, {
      kind: "call",
      name,
      type: "v128",
      operands,
      varies: this.anyVaries(operands),
    });
  }

  at(index: number): GraphNode {
    return this.nodes[index] as GraphNode;
  }

  /**
   * The same node with other operands.
   *
   * @param node of another graph
   */
  copy(node: GraphNode, operands: readonly number[]): number {
    switch (node.kind) {
      case "literal":
        return this.literal(node.value);
      case "constant":
        return this.constant(node.instruction);
      case "variable":
        return this.variable(node.index);
      case "parameter":
        return this.parameter(node.index);
      case "tables":
        return this.tables();
      case "instruction":
        return this.instruction(node.name, operands, node.immediates);
      case "call":
        return this.call(node.name, operands);
    }
  }

  private anyVaries(operands: readonly number[]): boolean {
    return operands.some((operand) => this.at(operand).varies);
  }

  private leaf(key: string | number, node: GraphNode): number {
    const known = this.leaves.get(key);
    if (known !== undefined) return known;
    const index = this.nodes.push(node) - 1;
    this.leaves.set(key, index);
    return index;
  }

  private operation(key: string, node: Computed): number {
    const known = this.operations.find(key, node.operands);
    if (known !== undefined) return known;
    const index = this.nodes.push(node) - 1;
    this.keys[index] = key;
    this.operations.add(index);
    return index;
  }

  private operationAt(index: number): Operation {
    return { name: this.keys[index] as string, operands: this.at(index).operands };
  }
}

/** The nodes that computing `roots` needs, ascending; operands of a node are followed if `follow` says so. */
export function reached(
  nodes: readonly GraphNode[],
  roots: readonly number[],
  follow: (node: GraphNode) => boolean = () => true,
): number[] {
  const found = new Uint8Array(nodes.length);
  for (const root of roots) found[root] = 1;
  // From the last to the first, because users stand behind their operands.
  for (let index = nodes.length - 1; index >= 0; index--) {
    const node = nodes[index]!;
    if (found[index] === 1 && follow(node)) for (const operand of node.operands) found[operand] = 1;
  }
  const indices: number[] = [];
  for (let index = 0; index < found.length; index++) if (found[index] === 1) indices.push(index);
  return indices;
}

function leafOf(type: ValueType, varies: boolean) {
  return { type, varies, operands: NONE };
}

/** The number in both lanes. */
function numberOf(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const value = view.getFloat64(0, true);
  const isSame = view.getBigUint64(0, true) === view.getBigUint64(8, true);
  return isSame && !Number.isNaN(value) ? value : undefined;
}

function show(immediate: Immediate): string {
  return typeof immediate === "object" && "offset" in immediate
    ? `${immediate.align}+${immediate.offset}`
    : String(immediate);
}
