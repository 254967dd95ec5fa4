/**
 * Expression -> kernel: a module whose body computes two points at a time (shape in ts/wasm/kernel.ts, kind "x").
 *
 *   prologue   loads parameters, computes everything that does not depend on the variable, and leaves in one mutable global each
 *              what the body reads; literals are immutable globals, copied to mutable ones when the body reads them
 *   body       the rest; what is used once stays on the stack, what is used more often in a local
 *
 * Both bodies are straight lines without blocks, and every local is set before it is read.
 *
 * Role: any thread.
 */
import { KERNEL_KINDS, PROLOGUE_TYPE } from "../wasm/kernel.js";
import type { Func, Global, Import, Instruction, Module } from "../wasm/module.js";
import type { Expression } from "./expression.js";
import { PROVIDER_BINARY } from "./functions.js";
import { type Lowered, type LoweredNode, lower } from "./lower.js";

export interface CompiledExpression {
  readonly kernel: Module;
  /** The parameter record: one f64 for each name, 8 bytes apart, in this order; also those that the text does not use. */
  readonly parameters: readonly string[];
  /** Rough cost of one body, that is of two points, in instructions: a call counts 20, a division or a root 5. */
  readonly operations: number;
}

const VECTOR_BYTES = 16;

/** What the prologue sets; its initial value is never seen. */
const KEPT_GLOBAL: Global = {
  type: "v128",
  mutable: true,
  init: [["v128.const", new Uint8Array(VECTOR_BYTES)], ["end"]],
};

/** Bytes from one parameter to the next in the record. */
const PARAMETER_BYTES = 8;

/** Cost of what is not one instruction's worth; measured in no detail, it only tells cheap integrands from dear ones. */
const CALL_COST = 20;
const COSTS: ReadonlyMap<string, number> = new Map([
  ["f64x2.div", 5],
  ["f64x2.sqrt", 5],
]);

/** Types of the module, by index. */
const UNARY_TYPE = 0;
const BINARY_TYPE = 1;
const PROLOGUE_INDEX = 2;
const TYPES = [
  KERNEL_KINDS.x,
  { parameters: ["v128", "v128"], results: ["v128"] },
  PROLOGUE_TYPE,
] as const satisfies Module["types"];

/**
 * Compiles an expression to a kernel of kind "x".
 *
 * The kernel imports "env" "memory" only if it reads parameters, and of "math" only what it calls.
 *
 * @example
 *   const { kernel } = compile(parse("x^2", { variable: "x", parameters: [] }));
 *   kernel.functions[0].body   // [["local.get", 0], ["local.get", 0], ["f64x2.mul"], ["end"]]
 */
export function compile(expression: Expression): CompiledExpression {
  const lowered = lower(expression);
  const { nodes, root } = lowered;
  const body = reachable(lowered, [root], (node) => node.varies);
  // What the body reads from the prologue, in evaluation order.
  const kept = body.filter((index) => !nodes[index]!.varies);
  const prologue = reachable(lowered, kept, () => true);

  const imports = collectImports(
    lowered,
    reachable(lowered, [root], () => true),
  );
  const literals = prologue.filter((index) => nodes[index]!.kind === "literal");
  const literalGlobals = new Map(literals.map((node, index) => [node, index]));
  const keptGlobals = new Map(kept.map((node, index) => [node, literals.length + index]));

  const functions: Func[] = [];
  if (kept.length > 0)
    functions.push(makePrologue(lowered, kept, prologue, literalGlobals, keptGlobals, imports.calls));
  const integrand = makeBody(lowered, body, keptGlobals, imports.calls);
  functions.push(integrand);

  const first = imports.calls.size;
  const kernel: Module = {
    types: TYPES,
    imports: imports.list,
    functions,
    tables: [],
    memories: [],
    globals: [...makeLiterals(lowered, literals), ...kept.map(() => KEPT_GLOBAL)],
    exports: [
      ...(kept.length > 0 ? [{ name: "prologue", kind: "function", index: first } as const] : []),
      { name: "integrand", kind: "function", index: first + functions.length - 1 },
    ],
    elements: [],
    data: [],
  };
  return { kernel, parameters: expression.parameters, operations: cost(integrand) };
}

/** The nodes that computing `roots` needs, ascending; operands of a node are followed if `follow` says so. */
function reachable({ nodes }: Lowered, roots: readonly number[], follow: (node: LoweredNode) => boolean): number[] {
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

interface Imports {
  readonly list: readonly Import[];
  /** Function index by the provider's name. */
  readonly calls: ReadonlyMap<string, number>;
}

function collectImports({ nodes }: Lowered, indices: readonly number[]): Imports {
  const list: Import[] = [];
  const calls = new Map<string, number>();
  if (indices.some((index) => nodes[index]!.kind === "parameter")) {
    // The widest limits: they accept whatever memory the context made.
    list.push({ module: "env", name: "memory", kind: "memory", limits: { minimum: 0, maximum: 65536, shared: true } });
  }
  for (const index of indices) {
    const node = nodes[index]!;
    if (node.kind !== "call" || calls.has(node.name)) continue;
    const type = (PROVIDER_BINARY as readonly string[]).includes(node.name) ? BINARY_TYPE : UNARY_TYPE;
    calls.set(node.name, calls.size);
    list.push({ module: "math", name: node.name, kind: "function", type });
  }
  return { list, calls };
}

function makeLiterals({ nodes }: Lowered, literals: readonly number[]): Global[] {
  const view = new DataView(new ArrayBuffer(literals.length * VECTOR_BYTES));
  return literals.map((index, position) => {
    const node = nodes[index]!;
    const value = node.kind === "literal" ? node.value : 0;
    const start = position * VECTOR_BYTES;
    view.setFloat64(start, value, true);
    view.setFloat64(start + 8, value, true);
    const bytes = new Uint8Array(view.buffer, start, VECTOR_BYTES);
    return { type: "v128", mutable: false, init: [["v128.const", bytes], ["end"]] };
  });
}

function makePrologue(
  lowered: Lowered,
  kept: readonly number[],
  needed: readonly number[],
  literalGlobals: ReadonlyMap<number, number>,
  keptGlobals: ReadonlyMap<number, number>,
  calls: ReadonlyMap<string, number>,
): Func {
  const done = new Set<number>();
  const emitter = new Emitter(lowered, needed, calls, 1, (index, node) => {
    if (node.kind === "literal") return [["global.get", literalGlobals.get(index)!]];
    if (done.has(index)) return [["global.get", keptGlobals.get(index)!]];
    if (node.kind === "parameter") {
      return [
        ["local.get", 0],
        ["v128.load64_splat", { align: 3, offset: node.index * PARAMETER_BYTES }],
      ];
    }
    return undefined;
  });
  for (const index of kept) {
    emitter.emit(index);
    emitter.instructions.push(["global.set", keptGlobals.get(index)!]);
    done.add(index);
  }
  return emitter.finish(PROLOGUE_INDEX);
}

function makeBody(
  lowered: Lowered,
  needed: readonly number[],
  keptGlobals: ReadonlyMap<number, number>,
  calls: ReadonlyMap<string, number>,
): Func {
  const varying = needed.filter((index) => lowered.nodes[index]!.varies);
  const emitter = new Emitter(lowered, varying, calls, 1, (index, node) => {
    if (node.kind === "variable") return [["local.get", 0]];
    const global = keptGlobals.get(index);
    return global === undefined ? undefined : [["global.get", global]];
  });
  emitter.emit(lowered.root);
  return emitter.finish(UNARY_TYPE);
}

/** What a node is read by, where it needs no computing. */
type Leaf = (index: number, node: LoweredNode) => readonly Instruction[] | undefined;

/** Writes a graph as stack code. */
class Emitter {
  readonly instructions: Instruction[] = [];
  /** How often each node is an operand of the nodes to be written. */
  private readonly uses: Uint32Array;
  private readonly locals = new Map<number, number>();

  constructor(
    private readonly lowered: Lowered,
    needed: readonly number[],
    private readonly calls: ReadonlyMap<string, number>,
    private readonly firstLocal: number,
    private readonly leaf: Leaf,
  ) {
    this.uses = new Uint32Array(lowered.nodes.length);
    for (const index of needed) for (const operand of lowered.nodes[index]!.operands) this.uses[operand]!++;
  }

  /** Leaves the node's value on the stack. With a stack of our own: a sum of 16 000 terms is 16 000 deep. */
  emit(root: number): void {
    const open: { readonly index: number; next: number }[] = [];
    let visit: number | undefined = root;
    for (;;) {
      if (visit !== undefined && !this.read(visit)) open.push({ index: visit, next: 0 });
      const top = open[open.length - 1];
      if (top === undefined) return;
      visit = this.lowered.nodes[top.index]!.operands[top.next++];
      if (visit !== undefined) continue;
      this.compute(top.index);
      open.pop();
    }
  }

  /** Writes how to read a value that is there already; false when it has to be computed. */
  private read(index: number): boolean {
    const local = this.locals.get(index);
    const instructions =
      local === undefined ? this.leaf(index, this.lowered.nodes[index]!) : [["local.get", local] as const];
    if (instructions !== undefined) this.instructions.push(...instructions);
    return instructions !== undefined;
  }

  /** Writes the instruction whose operands are on the stack. */
  private compute(index: number): void {
    const node = this.lowered.nodes[index]!;
    if (node.kind === "call") this.instructions.push(["call", this.calls.get(node.name)!]);
    if (node.kind === "instruction") this.instructions.push([node.name]);
    if (this.uses[index]! < 2) return;
    const local = this.firstLocal + this.locals.size;
    this.locals.set(index, local);
    this.instructions.push(["local.tee", local]);
  }

  finish(type: number): Func {
    const locals = Array.from({ length: this.locals.size }, () => "v128" as const);
    this.instructions.push(["end"]);
    return { type, locals, body: this.instructions };
  }
}

function cost(integrand: Func): number {
  let sum = 0;
  for (const instruction of integrand.body) {
    const name = instruction[0];
    if (name === "call") sum += CALL_COST;
    else if (name.startsWith("f64x2.") || name.startsWith("v128.")) sum += COSTS.get(name) ?? 1;
  }
  return sum;
}
