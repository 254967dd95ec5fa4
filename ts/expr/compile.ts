/**
 * Expression -> kernel: a module whose body computes two points at a time (shape in ts/wasm/kernel.ts).
 *
 *   kind "x"       one variable, one value: they come and go on the stack
 *   kind "point"   several of either: coordinates are read where they are first needed, and values written one after the other
 *
 *   prologue   loads parameters, computes everything that does not depend on the variable, and leaves in one mutable global each
 *              what the body reads; literals are immutable globals, copied to mutable ones when the body reads them
 *   integrand  the rest, with elementary functions written out in their fast forms
 *   doubt      the lanes that those could not do: a mask in a mutable global, which the body adds to
 *   careful    the whole, with elementary functions called
 *
 * All are straight lines without blocks, and every local is set before it is read.
 *
 * Role: any thread.
 */
import { carefulType, DOUBT_TYPE, KERNEL_KINDS, PROLOGUE_TYPE } from "../wasm/kernel.js";
import type { Export, Func, Global, Import, Instruction, Module, ValueType } from "../wasm/module.js";
import { Emitter } from "./emit.js";
import { expand } from "./expand.js";
import type { Expression } from "./expression.js";
import { PROVIDER_BINARY, type ProviderFunction } from "./functions.js";
import { fuse } from "./fuse.js";
import { type GraphNode, reached } from "./graph.js";
import type { Library } from "./library.js";
import { type Lowered, lower } from "./lower.js";

export interface CompiledExpression {
  readonly kernel: Module;
  /** The parameter record: one f64 for each name, 8 bytes apart, in this order; also those that the text does not use. */
  readonly parameters: readonly string[];
  /** Rough cost of one body, that is of two points, in instructions: a call counts 20, a division or a root 5. */
  readonly operations: number;
}

/** Kinds of kernels that expressions are compiled to. */
export type CompiledKind = "x" | "point";

export interface CompileOptions {
  /** Default: `"x"`. */
  readonly kind?: CompiledKind;
  /** Allows fused operations (fuse.ts). Default: false. */
  readonly relaxed?: boolean;
}

const VECTOR_BYTES = 16;

/** Bytes from one parameter to the next in the record. */
const PARAMETER_BYTES = 8;

/** Cost of what is not one instruction's worth; measured in no detail, it only tells cheap integrands from dear ones. */
const CALL_COST = 20;
const COSTS: ReadonlyMap<string, number> = new Map([
  ["f64x2.div", 5],
  ["f64x2.sqrt", 5],
]);
const COMPUTING = /^(f64x2|i64x2|i32x4|i16x8|i8x16|v128)\./;

/** Types of the module, by index. */
const UNARY_TYPE = 0;
const BINARY_TYPE = 1;
const PROLOGUE_INDEX = 2;
const CAREFUL_INDEX = 3;
const DOUBT_INDEX = 4;
const INTEGRAND_INDEX = 5;

function typesOf(kind: CompiledKind): Module["types"] {
  const common = [
    KERNEL_KINDS.x,
    { parameters: ["v128", "v128"], results: ["v128"] },
    PROLOGUE_TYPE,
    carefulType(kind),
    DOUBT_TYPE,
  ] as const;
  return kind === "x" ? common : [...common, KERNEL_KINDS[kind]];
}

/** Locals of the point's coordinates and of its results. */
const COORDINATES = 0;
const RESULTS = 1;

const ZERO: Instruction = ["v128.const", new Uint8Array(VECTOR_BYTES)];

/**
 * Compiles an expression to a kernel.
 *
 * The kernel imports "env" "memory" only if it reads parameters or tables, "env" "tables" (their address) only if it reads those, and of
 * "math" only what it calls.
 *
 * @example
 *   const { kernel } = compile(parse("x^2", { variable: "x", parameters: [] }), library);
 *   kernel.functions[0].body   // [["local.get", 0], ["local.get", 0], ["f64x2.mul"], ["end"]]
 */
export function compile(expression: Expression, library: Library, options: CompileOptions = {}): CompiledExpression {
  const lowered = lower(expression);
  const expanded = expand(lowered, library);
  const hot = options.relaxed === true ? fuse(expanded) : expanded;
  const kernel = new Kernel(lowered, hot, options.kind ?? "x");
  return { kernel: kernel.module(), parameters: expression.parameters, operations: cost(kernel.integrand) };
}

/** The parts of a kernel on their way to a module. */
class Kernel {
  readonly integrand: Func;
  private readonly imports: Import[] = [];
  private readonly calls = new Map<ProviderFunction, number>();
  /** Globals: imported, then literals, then what the prologue leaves, the doubt last. */
  private readonly globals: Global[] = [];
  private readonly importedGlobals: number;
  private readonly keptGlobals = new Map<number, number>();
  private readonly doubtGlobal: number | undefined;
  private readonly prologue: Func | undefined;
  private readonly careful: Func;

  constructor(
    private readonly lowered: Lowered,
    private readonly hot: Lowered & { readonly doubts: readonly number[] },
    private readonly kind: CompiledKind,
  ) {
    const { nodes, roots, doubts } = hot;
    const body = reached(nodes, [...roots, ...doubts], (node) => node.varies);
    // What the body reads from the prologue, in evaluation order.
    const kept = body.filter((index) => !nodes[index]!.varies && !isImmediate(nodes[index]!));
    const setup = reached(nodes, kept);

    const all = reached(nodes, [...roots, ...doubts]).map((index) => nodes[index]!);
    const plain = reached(lowered.nodes, lowered.roots).map((index) => lowered.nodes[index]!);
    const usesTables = all.some((node) => node.kind === "tables");
    this.importedGlobals = usesTables ? 1 : 0;
    if (kind === "point" || usesTables || plain.some((node) => node.kind === "parameter")) {
      // The widest limits: they accept whatever memory the context made.
      const limits = { minimum: 0, maximum: 65536, shared: true };
      this.imports.push({ module: "env", name: "memory", kind: "memory", limits });
    }
    for (const node of plain) if (node.kind === "call") this.importCall(node.name);
    if (usesTables) this.imports.push({ module: "env", name: "tables", kind: "global", type: "i32", mutable: false });

    const literals = new Map(
      setup
        .filter((index) => isConstant(nodes[index]!))
        .map((index) => [index, this.addGlobal(constantGlobal(nodes[index]!))]),
    );
    for (const index of kept) this.keptGlobals.set(index, this.addGlobal(keptGlobal(nodes[index]!.type)));
    this.doubtGlobal = doubts.length > 0 ? this.addGlobal(keptGlobal("v128")) : undefined;

    this.prologue =
      kept.length > 0 || this.doubtGlobal !== undefined ? this.makePrologue(kept, setup, literals) : undefined;
    this.integrand = this.makeIntegrand(body);
    this.careful = this.makeCareful();
  }

  module(): Module {
    const named: [string, Func | undefined][] = [
      ["prologue", this.prologue],
      ["integrand", this.integrand],
      ["doubt", this.makeDoubt()],
      ["careful", this.careful],
    ];
    const parts = named.filter((part): part is [string, Func] => part[1] !== undefined);
    return {
      types: typesOf(this.kind),
      imports: this.imports,
      functions: parts.map(([, func]) => func),
      tables: [],
      memories: [],
      globals: this.globals,
      exports: parts.map(([name], index): Export => ({ name, kind: "function", index: this.calls.size + index })),
      elements: [],
      data: [],
    };
  }

  private importCall(name: ProviderFunction): void {
    if (this.calls.has(name)) return;
    const type = (PROVIDER_BINARY as readonly string[]).includes(name) ? BINARY_TYPE : UNARY_TYPE;
    this.calls.set(name, this.calls.size);
    this.imports.push({ module: "math", name, kind: "function", type });
  }

  /** @returns its index */
  private addGlobal(global: Global): number {
    return this.importedGlobals + this.globals.push(global) - 1;
  }

  private makePrologue(
    kept: readonly number[],
    needed: readonly number[],
    literals: ReadonlyMap<number, number>,
  ): Func {
    const done = new Set<number>();
    const emitter = this.emitter(this.hot.nodes, needed, 1, (index, node) => {
      const literal = literals.get(index);
      if (literal !== undefined) return [["global.get", literal]];
      if (done.has(index)) return [["global.get", this.keptGlobals.get(index)!]];
      return readAnywhere(node, 0);
    });
    for (const index of kept) {
      emitter.emit(index);
      emitter.instructions.push(["global.set", this.keptGlobals.get(index)!]);
      done.add(index);
    }
    if (this.doubtGlobal !== undefined) emitter.instructions.push(ZERO, ["global.set", this.doubtGlobal]);
    return emitter.finish(PROLOGUE_INDEX);
  }

  private makeIntegrand(needed: readonly number[]): Func {
    const { nodes, roots, doubts } = this.hot;
    const varying = needed.filter((index) => nodes[index]!.varies);
    const emitter = this.emitter(nodes, varying, KERNEL_KINDS[this.kind].parameters.length, (index, node) => {
      if (node.kind === "variable") return this.readVariable();
      const global = this.keptGlobals.get(index);
      return global === undefined ? readAnywhere(node) : [["global.get", global]];
    });
    for (const index of [...roots, ...doubts]) emitter.ask(index);
    this.emitValues(emitter, roots);
    if (this.doubtGlobal !== undefined) {
      emitter.instructions.push(["global.get", this.doubtGlobal]);
      for (const doubt of doubts) {
        emitter.emit(doubt);
        emitter.instructions.push(["v128.or"]);
      }
      emitter.instructions.push(["global.set", this.doubtGlobal]);
    }
    return emitter.finish(this.kind === "x" ? UNARY_TYPE : INTEGRAND_INDEX);
  }

  private makeCareful(): Func {
    const { nodes, roots } = this.lowered;
    const record = KERNEL_KINDS[this.kind].parameters.length;
    const emitter = this.emitter(nodes, reached(nodes, roots), record + 1, (_, node) => {
      if (node.kind === "variable") return this.readVariable();
      return node.kind === "literal" ? [["v128.const", bytesOf(node.value)]] : readAnywhere(node, record);
    });
    for (const index of roots) emitter.ask(index);
    this.emitValues(emitter, roots);
    return emitter.finish(CAREFUL_INDEX);
  }

  /** Coordinates are loaded into locals, as other values are that are computed once. */
  private readVariable(): readonly Instruction[] | undefined {
    return this.kind === "x" ? [["local.get", 0]] : undefined;
  }

  /** Leaves the value on the stack, or stores one after the other. */
  private emitValues(emitter: Emitter, roots: readonly number[]): void {
    for (const [index, root] of roots.entries()) {
      if (this.kind === "point") emitter.instructions.push(["local.get", RESULTS]);
      emitter.emit(root);
      if (this.kind === "point") emitter.instructions.push(["v128.store", { align: 4, offset: index * VECTOR_BYTES }]);
    }
  }

  /** Gives the mask, and clears it. */
  private makeDoubt(): Func | undefined {
    if (this.doubtGlobal === undefined) return undefined;
    const body: Instruction[] = [["global.get", this.doubtGlobal], ZERO, ["global.set", this.doubtGlobal], ["end"]];
    return { type: DOUBT_INDEX, locals: [], body };
  }

  private emitter(
    nodes: readonly GraphNode[],
    needed: readonly number[],
    firstLocal: number,
    leaf: (index: number, node: GraphNode) => readonly Instruction[] | undefined,
  ): Emitter {
    return new Emitter({ nodes, needed, calls: this.calls, firstLocal, coordinates: COORDINATES, leaf });
  }
}

/** Scalar constants are part of the instructions that use them: a shift by a number that the engine sees is one instruction. */
function isImmediate(node: GraphNode): boolean {
  return node.kind === "constant" && node.type !== "v128";
}

/** What V8 would create anew in each turn of a loop, if it stood there. */
function isConstant(node: GraphNode): boolean {
  return node.kind === "literal" || (node.kind === "constant" && node.type === "v128");
}

/** @param record the local with the address of the parameters */
function readAnywhere(node: GraphNode, record?: number): readonly Instruction[] | undefined {
  if (isImmediate(node) && node.kind === "constant") return [node.instruction];
  // The only global that kernels import.
  if (node.kind === "tables") return [["global.get", 0]];
  if (node.kind !== "parameter" || record === undefined) return undefined;
  return [
    ["local.get", record],
    ["v128.load64_splat", { align: 3, offset: node.index * PARAMETER_BYTES }],
  ];
}

function constantGlobal(node: GraphNode): Global {
  const instruction: Instruction =
    node.kind === "constant"
      ? node.instruction
      : ["v128.const", bytesOf(node.kind === "literal" ? node.value : Number.NaN)];
  return { type: "v128", mutable: false, init: [instruction, ["end"]] };
}

/** What the prologue sets; its initial value is never seen. */
function keptGlobal(type: ValueType): Global {
  const zero: Instruction = type === "v128" ? ZERO : [`${type}.const`, type === "i32" ? 0 : 0n];
  return { type, mutable: true, init: [zero, ["end"]] };
}

function bytesOf(value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(VECTOR_BYTES));
  view.setFloat64(0, value, true);
  view.setFloat64(8, value, true);
  return new Uint8Array(view.buffer);
}

function cost(integrand: Func): number {
  let sum = 0;
  for (const [name] of integrand.body) {
    if (name === "call") sum += CALL_COST;
    else if (COMPUTING.test(name)) sum += COSTS.get(name) ?? 1;
  }
  return sum;
}
