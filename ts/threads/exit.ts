/**
 * Ending a thread from within. Python's `SystemExit`.
 *
 * Role: any thread.
 */
import { checkWhole } from "../checks.js";

/**
 * Thrown in a thread, it ends the thread without a report.
 *
 * @example
 *   throw new ThreadExit(3);   // thread.exitCode is 3
 */
export class ThreadExit extends Error {
  override readonly name = "ThreadExit";
  /** @throws {ArgumentError} */
  constructor(
    /** What `exitCode` says: 32 bits. */
    readonly code = 0,
  ) {
    checkWhole("code", code, -(2 ** 31), 2 ** 31 - 1);
    super(`the thread ended itself with exit code ${code}`);
  }
}

/** Also of another copy of the library. */
export function isExit(error: unknown): error is ThreadExit {
  return error instanceof Error && error.name === "ThreadExit" && typeof (error as ThreadExit).code === "number";
}
