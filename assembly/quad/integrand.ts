/**
 * The integrand as the drivers see it: two imports that do not exist when the drivers are compiled.
 *
 * At run time the splicer (ts/wasm/splice.ts) writes the instructions of a compiled integrand in place of each call.
 * So a call here costs what the integrand itself costs, and nothing else.
 *
 * Role: the drivers of this folder only. A driver calls `prologue` once, before its first `evaluate`, in the same
 * function: what the prologue leaves behind lives in that function's locals.
 */

/** Reads constants and parameters into locals. `parameters`: address of the record, one f64 each, 8 bytes apart. */
export declare function prologue(parameters: usize): void;

/** f at two points: lane k of the result is f(lane k of `x`). */
export declare function evaluate(x: v128): v128;
