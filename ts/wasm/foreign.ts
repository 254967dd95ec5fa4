/**
 * Kernels (kernel.ts) from exports of other modules.
 *
 *   called    the kernel imports the export, as "foreign" "integrand", and calls it: for a point (f64) -> f64, twice; for two (v128) -> v128
 *   spliced   the export's own instructions, where nothing of them depends on the module around: no memory, no state, nothing that it imports
 *
 * Role: any thread. The module must have passed `WebAssembly.validate`.
 */
import { WasmError } from "../errors.js";
import { inlinable, place } from "./inline.js";
import { KERNEL_KINDS } from "./kernel.js";
import type { Func, FunctionType, Instruction, Module } from "./module.js";
import type { Relocation } from "./relocate.js";
import { Source } from "./source.js";

/** What an export may be, by the points that it takes. */
export const FOREIGN_FORMS = {
  /** x -> f(x) */
  f64: { parameters: ["f64"], results: ["f64"] },
  /** two points, one a lane */
  v128: KERNEL_KINDS.x,
  /** (source, destination, count): the values of many points, in memory */
  batch: { parameters: ["i32", "i32", "i32"], results: [] },
} as const satisfies Record<string, FunctionType>;

export type ForeignForm = keyof typeof FOREIGN_FORMS;

/** The form that has this type; undefined when none has. */
export function formOf({ parameters, results }: FunctionType): ForeignForm | undefined {
  const text = `${parameters.join()}>${results.join()}`;
  const forms = Object.keys(FOREIGN_FORMS) as ForeignForm[];
  return forms.find(
    (form) => `${FOREIGN_FORMS[form].parameters.join()}>${FOREIGN_FORMS[form].results.join()}` === text,
  );
}

/** A module that imports an export of the type and does nothing: engines link it, or say that the type is another. */
export function linkTest(type: FunctionType): Module {
  return { ...EMPTY, types: [type], imports: [IMPORT] };
}

/** A kernel that calls the export. */
export function callingKernel(form: "f64" | "v128"): Module {
  const call: Instruction[] = [["call", 0]];
  const body = form === "v128" ? [["local.get", 0] as const, ...call, ["end"] as const] : onEachLane(call);
  return {
    ...EMPTY,
    types: [FOREIGN_FORMS[form], KERNEL_KINDS.x],
    imports: [IMPORT],
    functions: [{ type: 1, locals: [], body }],
    exports: [{ name: "integrand", kind: "function", index: 1 }],
  };
}

/**
 * A kernel that has the export's instructions.
 *
 * @param index of the function
 * @returns or why the export has to be called
 */
export function splicedKernel(module: Module, index: number, form: "f64" | "v128"): Module | string {
  const source = new Source("kernel", module);
  let func: Func | undefined;
  try {
    func = source.functionAt(index);
    const obstacle = obstacleIn(source, index);
    if (obstacle !== undefined) return obstacle;
  } catch (error) {
    // What the decoder does not know, or the splicer cannot move.
    if (error instanceof WasmError) return error.message;
    throw error;
  }
  if (func === undefined) return "it is passed on from an import";
  const kernel = { ...module, memories: [], data: [], tables: [], elements: [], exports: [] };
  // Without effect on what is reached; the splicer refuses it.
  delete (kernel as { start?: number }).start;
  if (form === "v128") return { ...kernel, exports: [{ name: "integrand", kind: "function", index }] };
  const placed = place(inlinable(func, FOREIGN_FORMS.f64), 1, UNMOVED, () => undefined);
  const count = source.functionImports.length + module.functions.length;
  return {
    ...kernel,
    types: [...module.types, KERNEL_KINDS.x],
    functions: [
      ...module.functions,
      { type: module.types.length, locals: ["f64", ...func.locals], body: onEachLane(placed) },
    ],
    exports: [{ name: "integrand", kind: "function", index: count }],
  };
}

/** Why what the function reaches cannot stand elsewhere; undefined when it can. */
function obstacleIn(source: Source, index: number): string | undefined {
  const { functions, globals, memory } = source.reach([index], []);
  if (memory) return "it uses its memory";
  // The driver imports the math provider, too.
  const imported = functions
    .map((each) => source.functionImports[each])
    .find((each) => each !== undefined && each.module !== "math");
  if (imported !== undefined) return `it calls the import ${imported.module}.${imported.name}`;
  const keepsState = globals.some((each) => source.globalAt(each)?.mutable !== false);
  return keepsState ? "it reads a global that may change" : undefined;
}

/** f of both lanes of local 0, by instructions that make f(x) of the x on the stack. */
function onEachLane(apply: readonly Instruction[]): Instruction[] {
  const lane = (index: number): Instruction[] => [["local.get", 0], ["f64x2.extract_lane", index], ...apply];
  return [...lane(0), ["f64x2.splat"], ...lane(1), ["f64x2.replace_lane", 1], ["end"]];
}

const IMPORT = { module: "foreign", name: "integrand", kind: "function", type: 0 } as const;

const EMPTY: Module = {
  types: [],
  imports: [],
  functions: [],
  tables: [],
  memories: [],
  globals: [],
  exports: [],
  elements: [],
  data: [],
};

const same = (index: number): number => index;
/** The function stays in its module. */
const UNMOVED: Omit<Relocation, "local"> = { function: same, type: same, global: same };
