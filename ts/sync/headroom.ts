/**
 * Headroom: whether there is stack enough left to finish what is about to begin.
 *
 * A stack overflow inside the core is undone. One between the core's answer and the caller's variable would leave a lock taken by a guard that nobody
 * has: so it is provoked before.
 *
 * Role: any thread, before it acquires something, or gives it back.
 */

/** Arguments, of 8 bytes each: 4 KB, where what follows an acquire needs less than one. */
const LOAD: readonly undefined[] = Array.from({ length: 512 }, () => undefined);

/** @throws {RangeError} the engine's own, for the end of the stack */
export function assertHeadroom(): void {
  // Arguments lie on the stack, however well the calls around them are optimised.
  Reflect.apply(nothing, undefined, LOAD);
}

function nothing(): void {}
