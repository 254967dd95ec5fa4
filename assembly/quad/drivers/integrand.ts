/**
 * The integrand as the drivers see it: imports that do not exist when the drivers are compiled.
 *
 * At run time the splicer (ts/wasm/splice.ts) writes the instructions of a compiled integrand in place of each call.
 * So a call of `evaluate` costs what the integrand itself costs, and nothing else.
 *
 *   hot       prologue -> evaluate, evaluate, … -> doubt?    fast forms of the elementary functions, which are not right everywhere
 *   careful   careful                                        right everywhere, and of the same bits as `evaluate` where that is in no doubt; a call
 *
 * Role: the drivers of this folder only. A driver calls `prologue` once, before its first `evaluate`, in the same
 * function: what the prologue and evaluations leave behind lives in that function's locals.
 */

/** Reads constants and parameters into locals. `parameters`: address of the record, one f64 each, 8 bytes apart. */
export declare function prologue(parameters: usize): void;

/** f at two points: lane k of the result is f(lane k of `x`), unless that is in doubt. */
export declare function evaluate(x: v128): v128;

/** A mask of the lanes in which an evaluation since the last call of this (or the prologue) was in doubt. */
export declare function doubt(): v128;

/** f at two points, without doubt. It needs no prologue. */
export declare function careful(x: v128, parameters: usize): v128;
