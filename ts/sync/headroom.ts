/**
 * Headroom: whether there is stack enough left to finish what is about to begin.
 *
 * A stack overflow inside the core is undone. One between the core's answer and the caller's variable would leave a lock taken by a guard that nobody
 * has: so it is provoked before.
 *
 * Role: any thread, before it acquires something.
 */

/** Calls within calls, of some 40 bytes each once they are optimised; what follows an acquire needs some eight larger ones. */
const DEPTH = 200;

/** @throws {RangeError} the engine's own, for the end of the stack */
export function assertHeadroom(): void {
  descend(DEPTH);
}

function descend(depth: number): number {
  return depth === 0 ? 0 : 1 + descend(depth - 1);
}
