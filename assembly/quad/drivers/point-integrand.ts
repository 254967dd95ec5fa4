/**
 * The integrand of several variables as the drivers see it, as integrand.ts has it for one: imports that the splicer replaces.
 *
 * A point of d coordinates takes d vectors, 16 bytes each, of two lanes: two points at a time; its m values likewise.
 *
 * Role: the drivers of this folder only; the same rules as in integrand.ts.
 */

/** Reads constants and parameters into locals. `parameters`: address of the record, one f64 each, 8 bytes apart. */
export declare function prologue(parameters: usize): void;

/** Writes the values at two points to `y`: right, but where it is in doubt. The two addresses' blocks do not overlap. */
export declare function evaluate(x: usize, y: usize): void;

/** A mask of the lanes in which an evaluation since the last call of this (or the prologue) was in doubt. */
export declare function doubt(): v128;

/** The same as `evaluate`, without doubt. It needs no prologue. */
export declare function careful(x: usize, y: usize, parameters: usize): void;
