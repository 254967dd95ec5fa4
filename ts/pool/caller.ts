/**
 * Where a task was submitted: behind the worker's stack, an error shows the caller's.
 *
 *   Error: no such page
 *       at download (file:///work.js:12:11)
 *       at …
 *     submitted
 *       at main (file:///main.js:5:21)
 *
 * Role: the thread that submits.
 */

/** Calls under way, of one thread in one pool, whose places are kept: to take a stack is dear beside an empty task. */
export const PLACES_MOST = 1000;

/** A stack, made into text only when it is asked for. */
export interface Caller {
  readonly stack?: string;
}

/** The place that called `entry`, a method of the pool. */
export function callerOf(entry: (...args: never[]) => unknown): Caller {
  const { captureStackTrace } = Error as { captureStackTrace?: (target: object, above: unknown) => void };
  if (captureStackTrace === undefined) return new Error();
  const caller: Caller = {};
  captureStackTrace(caller, entry);
  return caller;
}

/** Adds the place to an error that is ours to change. @returns the error */
export function withCaller(error: unknown, caller: Caller | undefined): unknown {
  if (caller === undefined || !(error instanceof Error)) return error;
  // Engines differ in whether a line with the name and message comes first.
  const frames = String(caller.stack).replace(/^Error\b.*\n?/, "");
  if (frames !== "")
    Object.defineProperty(error, "stack", { value: `${error.stack}\n  submitted\n${frames}`, ...HIDDEN });
  return error;
}

const HIDDEN = { writable: true, configurable: true, enumerable: false } as const;
