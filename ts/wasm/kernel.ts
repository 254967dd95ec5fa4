/**
 * What the splicer asks of an integrand: a *kernel* is a module of this shape.
 *
 *   imports   "env" "memory"                 the shared memory, if the kernel reads parameters
 *             "math" <name>                  functions of the math provider, (v128) -> v128 or (v128, v128) -> v128
 *   exports   "prologue"  (i32) -> ()        optional; its argument is the address of the parameter record (f64 each, 8 bytes apart);
 *                                            it runs once per driver call and leaves constants and parameters in mutable globals
 *             "integrand"                    the body; its type depends on the kind. It may be wrong where it says that it is in doubt
 *             "doubt"     () -> v128         optional; a mask of the lanes in which some evaluation since the prologue, or since the last call
 *                                            of this, was in doubt
 *             "careful"                      optional; right everywhere, and of the same bits as the body where that is in no doubt. Its
 *                                            arguments are the body's and then the address of the parameter record: it needs no prologue
 *   globals   immutable                      constants: they stay globals of the spliced module (V8 re-creates v128 constants
 *                                            that stand inside a loop; a global that the prologue copies is loaded once)
 *             mutable                        what the prologue leaves for the body; they become locals of the driver where the
 *                                            prologue sets them on every way before it reads them (seam.ts)
 *
 * A kernel is a working module by itself too, which is how tests run it.
 */
import type { FunctionType } from "./module.js";

/** Signature of "integrand" by kind. Lanes of a v128 are two points. */
export const KERNEL_KINDS = {
  /** x -> f(x) */
  x: { parameters: ["v128"], results: ["v128"] },
  /** (x, distance to the nearer end) -> f(x) */
  "x-distance": { parameters: ["v128", "v128"], results: ["v128"] },
  /** (address of the point's coordinates, a v128 each; address for the k results, a v128 each) -> () */
  point: { parameters: ["i32", "i32"], results: [] },
} as const satisfies Record<string, FunctionType>;

export type KernelKind = keyof typeof KERNEL_KINDS;

export const PROLOGUE_TYPE: FunctionType = { parameters: ["i32"], results: [] };

export const DOUBT_TYPE: FunctionType = { parameters: [], results: ["v128"] };

/** Signature of "careful" by kind. */
export function carefulType(kind: KernelKind): FunctionType {
  const { parameters, results } = KERNEL_KINDS[kind];
  return { parameters: [...parameters, "i32"], results };
}
