/**
 * Sites: the places of a module where a thread meets the others. Every access to memory is one, and every branch (for mutants).
 *
 * A site's number is stable for a module: sites are counted in the order of the code, function by function. Numbers below
 * `FIRST_SITE` stand for what JavaScript does between two calls.
 */
import type { Func, FunctionType, Instruction, MemoryArgument, Module, ValueType } from "../../ts/wasm/module.js";
import { Source } from "../../ts/wasm/source.js";
import type { DebugInfo } from "./debug-info.js";

/** What a step does. `woken` is the second half of a `wait`: the thread goes on. */
export type Kind =
  | "load"
  | "store"
  | "change"
  | "wait"
  | "woken"
  | "notify"
  | "fill"
  | "copy"
  | "branch"
  // Of JavaScript:
  | "call"
  | "return"
  | "end"
  | "yield"
  | "recovered";

/** Steps that touch no memory. */
const SILENT: ReadonlySet<Kind> = new Set(["call", "return", "end", "yield", "recovered"]);

export function isSilent(kind: Kind): boolean {
  return SILENT.has(kind);
}

/** Whether a function stands for what a host does by itself (subject.ts). */
export function isOfHost(name: string): boolean {
  return name.startsWith("host.");
}

export interface Access {
  readonly kind: Kind;
  readonly atomic: boolean;
  /** Bytes touched; 0 when the operands say how many. */
  readonly bytes: number;
  readonly type: FunctionType;
}

export interface Site extends Access {
  readonly number: number;
  /** Index in the module as it was, imports included. */
  readonly function: number;
  /** Position in the function's body. */
  readonly instruction: number;
  readonly opcode: string;
  /** For people: "assembly/sync/lock/unlock+3 i32.atomic.rmw.xchg (assembly/sync/lock.ts:78)". */
  readonly name: string;
  /** The function's part of the name, as the compiler gives it: "assembly/sync/lock/unlock". */
  readonly within: string;
  /** "assembly/sync/lock.ts:78", or "". */
  readonly line: string;
  /** What stands there, or "". */
  readonly text: string;
}

const NOTHING: FunctionType = { parameters: [], results: [] };
const between = (number: number, kind: Kind, name: string): Site => ({
  ...{
    number,
    kind,
    name,
    atomic: false,
    bytes: 0,
    type: NOTHING,
    function: -1,
    instruction: -1,
    opcode: kind,
    within: "",
    line: "",
    text: "",
  },
});

export const CALL = 0;
export const RETURN = 1;
export const END = 2;
export const YIELD = 3;
export const SLEEP = 4;
export const SLEPT = 5;
export const RECOVERED = 6;

/** What JavaScript does between two calls, and while it waits without blocking. */
const OF_JAVASCRIPT: readonly Site[] = [
  between(CALL, "call", "calls"),
  between(RETURN, "return", "returns"),
  between(END, "end", "ends"),
  between(YIELD, "yield", "lets others go first"),
  { ...between(SLEEP, "wait", "sleeps without blocking"), atomic: true, bytes: 4 },
  { ...between(SLEPT, "woken", "goes on after a sleep"), atomic: true, bytes: 4 },
  between(RECOVERED, "recovered", "is done with a dead thread"),
];

/** Every site of a module; `sites[n].number === n`. */
export function sitesOf(module: Module, info: DebugInfo): readonly Site[] {
  const sites: Site[] = [...OF_JAVASCRIPT];
  const imported = new Source("template", module).functionImports.length;
  for (const [position, { body }] of module.functions.entries()) {
    for (const [instruction, [opcode]] of body.entries()) {
      const access = accessOf(body[instruction] as Instruction);
      if (access === undefined) continue;
      const index = imported + position;
      const within = info.nameOf(index);
      const line = info.lineOf(index, instruction);
      const name = `${within}+${instruction} ${opcode}${line === "" ? "" : ` (${line})`}`;
      const site = { ...access, function: index, instruction, opcode, within, line, text: info.textOf(line) };
      sites.push({ ...site, number: sites.length, name });
      if (access.kind === "wait") {
        sites.push({ ...site, kind: "woken", number: sites.length, name: `${name}, woken` });
      }
    }
  }
  return sites;
}

/** Bytes that a name says: "i64.store32" 4, "i32.atomic.rmw8.add_u" 1, "v128.load" 16. */
function bytesOf(opcode: string): number {
  const narrow = /(?:load|store|rmw)(\d+)/.exec(opcode);
  if (narrow !== null) return Number(narrow[1]) / 8;
  return opcode.startsWith("v128") ? 16 : opcode.slice(1, 3) === "64" ? 8 : 4;
}

/** Instructions that this instrument would have to split or follow, and that the kit's shared code does not need. */
const REFUSED = /^(?:memory\.(?:grow|init|atomic\.wait64)|table\.|call_indirect)/;

/** What an instruction does to memory, or that it branches; undefined for all others. */
function accessOf([opcode]: Instruction): Access | undefined {
  if (REFUSED.test(opcode)) throw new Error(`expected code without ${opcode}: test/explore/sites.ts cannot follow it`);
  if (opcode === "br_if" || opcode === "if" || opcode === "select") {
    return { kind: "branch", atomic: false, bytes: 0, type: NOTHING };
  }
  if (opcode === "memory.fill" || opcode === "memory.copy") {
    const type: FunctionType = { parameters: ["i32", "i32", "i32"], results: [] };
    return { kind: opcode === "memory.fill" ? "fill" : "copy", atomic: false, bytes: 0, type };
  }
  if (opcode === "memory.atomic.wait32") {
    return { kind: "wait", atomic: true, bytes: 4, type: { parameters: ["i32", "i32", "i64"], results: ["i32"] } };
  }
  if (opcode === "memory.atomic.notify") {
    return { kind: "notify", atomic: true, bytes: 4, type: { parameters: ["i32", "i32"], results: ["i32"] } };
  }
  const match = /^(i32|i64|f32|f64|v128)\.(atomic\.)?(load|store|rmw)/.exec(opcode);
  if (match === null) return undefined;
  const value = match[1] as ValueType;
  const atomic = match[2] !== undefined;
  const bytes = bytesOf(opcode);
  if (match[3] === "load") {
    // A load into one lane has the vector that keeps its other lanes as its second operand.
    const parameters: ValueType[] = opcode.endsWith("_lane") ? ["i32", "v128"] : ["i32"];
    return { kind: "load", atomic, bytes, type: { parameters, results: [value] } };
  }
  if (match[3] === "store") return { kind: "store", atomic, bytes, type: { parameters: ["i32", value], results: [] } };
  const parameters: ValueType[] = opcode.includes("cmpxchg") ? ["i32", value, value] : ["i32", value];
  return { kind: "change", atomic, bytes, type: { parameters, results: [value] } };
}

/** The offset that an instruction adds to its address. */
export function offsetOf(instruction: Instruction): number {
  const argument = instruction[1] as MemoryArgument | undefined;
  return typeof argument === "object" && "offset" in argument ? argument.offset : 0;
}

export function bodyOf(module: Module, site: Site): Func["body"] {
  const imported = new Source("template", module).functionImports.length;
  return (module.functions[site.function - imported] as Func).body;
}
