/**
 * Ending a thread from within. Python's `SystemExit`.
 *
 * Role: any thread.
 */

/**
 * Thrown in a thread, it ends the thread without a report.
 *
 * @example
 *   throw new ThreadExit(3);   // thread.exitCode is 3
 */
export class ThreadExit extends Error {
  override readonly name = "ThreadExit";
  constructor(
    /** What `exitCode` says. */
    readonly code = 0,
  ) {
    super(`the thread ended itself with exit code ${code}`);
  }
}

/** Also of another copy of the library. */
export function isExit(error: unknown): error is ThreadExit {
  return error instanceof Error && error.name === "ThreadExit" && typeof (error as ThreadExit).code === "number";
}
