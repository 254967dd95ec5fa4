/**
 * What an integral to a tolerance has come to, by whatever rule. The host has the same list: ts/quad/status.ts.
 */

export const COMPUTING: i32 = 0;
export const CONVERGED: i32 = 1;
export const TOLERANCE_NOT_REACHED: i32 = 2;
export const ROUND_OFF: i32 = 3;
export const DIVERGENT: i32 = 4;
export const NOT_FINITE: i32 = 5;
export const BUDGET: i32 = 6;
