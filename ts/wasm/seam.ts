/**
 * The seam: where a template asks for its integrand, and whether what the prologue leaves behind can live in locals.
 *
 * Role: any thread.
 *
 * A kernel's mutable globals carry values from the prologue to the body. In a global they cost a load at each evaluation; in a local of
 * the driver nothing. A global becomes a local only where nobody could tell the difference:
 *
 *   1. only code that is written in place touches it (an appended function cannot see a driver's locals);
 *   2. the prologue sets it before reading it, and on every way out (so nothing of an earlier call, or its initial value, is seen);
 *   3. every evaluation in the template, and every question about doubt, comes after a prologue of the same function, on every way, and that
 *      function calls none in which another prologue would come between (so what the body leaves is for its own function alone).
 *
 * Each global that fails stays a global of the spliced module, which is always right: every instance has its own, so threads do not meet.
 * Imported functions are taken not to call back into the instance.
 */
import { WasmError } from "../errors.js";
import { assignment } from "./assignment.js";
import { carefulType, DOUBT_TYPE, KERNEL_KINDS, type KernelKind, PROLOGUE_TYPE } from "./kernel.js";
import type { Func, FunctionType, Instruction, Module } from "./module.js";
import type { Source } from "./source.js";

/** Indices of the template's imports that stand for the kernel; undefined where it has none. */
export interface Seam {
  readonly prologue: number | undefined;
  readonly evaluate: number | undefined;
  readonly careful: number | undefined;
  readonly doubt: number | undefined;
}

/** Whose imports they are, by kind: a template may have drivers of several kinds. */
const MODULES: Readonly<Record<KernelKind, string>> = {
  x: "integrand",
  "x-distance": "integrand",
  point: "point-integrand",
};

/** Finds the imports by the last part of their module's name: asc puts the path of the file before it. @throws WasmError for a wrong type */
export function findSeam(template: Source, kind: KernelKind): Seam {
  const types: Readonly<Record<keyof Seam, FunctionType>> = {
    prologue: PROLOGUE_TYPE,
    evaluate: KERNEL_KINDS[kind],
    careful: carefulType(kind),
    doubt: DOUBT_TYPE,
  };
  const find = (name: keyof Seam) => {
    const index = template.functionImports.findIndex((each) => each.name === name && isIntegrand(each.module, kind));
    if (index < 0) return undefined;
    checkType(`a template that imports ${name} for kind "${kind}"`, template.typeOfFunction(index), types[name]);
    return index;
  };
  for (const { module, name } of template.module.imports) {
    if (isIntegrand(module, kind) && !(name in types)) {
      throw new WasmError(
        `expected a template that imports ${Object.keys(types).join(", ")} from "${module}", found "${name}"`,
      );
    }
  }
  return { prologue: find("prologue"), evaluate: find("evaluate"), careful: find("careful"), doubt: find("doubt") };
}

const NO_DOUBT: Instruction = ["v128.const", new Uint8Array(16)];

/**
 * The template for a kernel that lacks what is optional: where nothing is in doubt, and the body is right everywhere, to be careful is to
 * evaluate.
 */
export function settle(
  template: Module,
  seam: Seam,
  has: { readonly careful: boolean; readonly doubt: boolean },
): Module {
  const { evaluate, careful, doubt } = seam;
  if (!has.careful && careful !== undefined && evaluate === undefined) {
    throw new WasmError("expected a template that imports evaluate beside careful, or a kernel that exports careful");
  }
  // The address of the parameters lies on top of the arguments.
  const plain: Instruction[] = [["drop"], ["call", evaluate ?? 0]];
  const replace = (instruction: Instruction): readonly Instruction[] => {
    if (!has.careful && isCall(instruction, careful)) return plain;
    return !has.doubt && isCall(instruction, doubt) ? [NO_DOUBT] : [instruction];
  };
  const functions = template.functions.map((func) => ({ ...func, body: func.body.flatMap(replace) }));
  return { ...template, functions };
}

function isIntegrand(module: string, kind: KernelKind): boolean {
  return module.split("/").at(-1) === MODULES[kind];
}

export function checkType(what: string, found: FunctionType, expected: FunctionType): void {
  if (describe(found) !== describe(expected)) {
    throw new WasmError(`expected ${what} with the type ${describe(expected)}, found ${describe(found)}`);
  }
}

function describe({ parameters, results }: FunctionType): string {
  return `(${parameters.join(", ")}) -> (${results.join(", ")})`;
}

/** Whom functions call, and how often: by the caller's index, then by the callee's. */
export type Calls = ReadonlyMap<number, ReadonlyMap<number, number>>;

export function collectCalls(functions: ReadonlyMap<number, Func>): Calls {
  const calls = new Map<number, Map<number, number>>();
  for (const [caller, { body }] of functions) {
    const counts = new Map<number, number>();
    for (const instruction of body) {
      if (instruction[0] !== "call") continue;
      const callee = instruction[1] as number;
      counts.set(callee, (counts.get(callee) ?? 0) + 1);
    }
    calls.set(caller, counts);
  }
  return calls;
}

/** How often all of them call one. */
export function countCalls(calls: Calls, target: number | undefined): number {
  if (target === undefined) return 0;
  let count = 0;
  for (const counts of calls.values()) count += counts.get(target) ?? 0;
  return count;
}

export function isCall(instruction: Instruction, target: number | undefined): boolean {
  return instruction[0] === "call" && instruction[1] === target && target !== undefined;
}

/**
 * The kernel's globals that become locals.
 *
 * @param functions the template's that are emitted, by index
 * @param calls     theirs
 * @param prologue  what is written in place of the prologue's calls
 * @param appended  the kernel's functions that are called
 */
export function localGlobals(
  functions: ReadonlyMap<number, Func>,
  calls: Calls,
  seam: Seam,
  kernel: Source,
  prologue: Func,
  appended: Iterable<Func>,
): ReadonlySet<number> {
  if (!sitesFollowPrologue(functions, calls, seam)) return new Set();
  const { unassigned, atExit } = assignment(prologue.body, (instruction) => {
    const name = instruction[0];
    if (name === "global.get") return { kind: "read", key: instruction[1] as number };
    return name === "global.set" ? { kind: "assign", key: instruction[1] as number } : undefined;
  });
  const shared = new Set<unknown>();
  for (const each of appended) {
    for (const instruction of each.body) {
      if (instruction[0] === "global.get" || instruction[0] === "global.set") shared.add(instruction[1]);
    }
  }
  // An imported global is somebody else's to see.
  const own = (index: number) => kernel.globalAt(index)?.mutable === true;
  return new Set([...atExit].filter((index) => own(index) && !unassigned.has(index) && !shared.has(index)));
}

/** Rule 3. */
function sitesFollowPrologue(functions: ReadonlyMap<number, Func>, calls: Calls, seam: Seam): boolean {
  const sites = [seam.evaluate, seam.doubt].filter((index) => index !== undefined);
  const running = callersOf(calls, seam.prologue);
  for (const [index, { body }] of functions) {
    const called = calls.get(index);
    if (called === undefined || !sites.some((site) => called.has(site))) continue;
    if ([...called.keys()].some((callee) => running.has(callee))) return false;
    const { unassigned } = assignment(body, (instruction) => {
      if (isCall(instruction, seam.prologue)) return { kind: "assign", key: 0 };
      return sites.some((site) => isCall(instruction, site)) ? { kind: "read", key: 0 } : undefined;
    });
    if (unassigned.size > 0) return false;
  }
  return true;
}

/** The functions whose call may run `target`: those that call it, and those that call them. */
function callersOf(calls: Calls, target: number | undefined): ReadonlySet<number> {
  const callers = new Set<number>();
  for (let before = -1; before < callers.size; ) {
    before = callers.size;
    for (const [caller, called] of calls) {
      if ([...called.keys()].some((callee) => callee === target || callers.has(callee))) callers.add(caller);
    }
  }
  return callers;
}
