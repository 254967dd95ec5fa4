/**
 * Every error class of Heddle. Each message says what was expected, what came and what to do.
 *
 * | class              | code              | raised when                                                     |
 * | ------------------ | ----------------- | --------------------------------------------------------------- |
 * | `ArgumentError`    | `ERR_ARGUMENT`    | an argument or option is of the wrong kind, out of range, unknown |
 * | `ExpressionError`  | `ERR_EXPRESSION`  | a text is not an expression; the message shows the place        |
 * | `WorkerError`      | `ERR_WORKER`      | no worker could start, or one piece of work killed three        |
 * | `OutOfMemoryError` | `ERR_OUT_OF_MEMORY` | the shared memory has no room; names the size that was needed |
 * | `ClosedError`      | `ERR_CLOSED`      | a context is used after `close()`                               |
 * | `UnsupportedError` | `ERR_UNSUPPORTED` | this engine lacks something; the message says what and since when |
 * | `WasmError`        | `ERR_WASM`        | bytes are not a module that the splicer can use                 |
 *
 * A call that was aborted rejects with `signal.reason`, as everywhere in JavaScript.
 */

/** What all errors of Heddle have in common: a stable `code` to test for. */
export abstract class HeddleError extends Error {
  abstract readonly code: string;
  /** A literal in each class: minifiers rename the classes themselves. */
  abstract override readonly name: string;
}

/** An argument or an option is not what was expected. */
export class ArgumentError extends HeddleError {
  override readonly name = "ArgumentError";
  readonly code = "ERR_ARGUMENT";
  /** @param argument name of the argument or option, @param got what came */
  constructor(
    message: string,
    readonly argument: string,
    readonly got: unknown,
  ) {
    super(message);
  }
}

/**
 * A text is not an expression.
 *
 * `message` has three lines: what is wrong and what was expected; the text around the place; a caret under the place.
 * `start` and `end` are offsets into `source` (UTF-16 units): the offending part is `source.slice(start, end)`.
 */
export class ExpressionError extends HeddleError {
  override readonly name = "ExpressionError";
  readonly code = "ERR_EXPRESSION";
  constructor(
    /** What is wrong, and what was expected instead, in one line. */
    readonly reason: string,
    readonly source: string,
    readonly start: number,
    readonly end: number,
  ) {
    super(`${reason}\n${excerpt(source, start, end)}`);
  }
}

/** How many characters of a long text an `ExpressionError` shows on each side of the place. */
const EXCERPT_REACH = 36;

/** Two lines: the text around [start, end), on one line, and carets under it. */
function excerpt(source: string, start: number, end: number): string {
  const from = Math.max(0, start - EXCERPT_REACH);
  const to = Math.min(source.length, Math.max(end, start + 1) + EXCERPT_REACH, start + 2 * EXCERPT_REACH);
  const head = from > 0 ? "…" : "";
  const tail = to < source.length ? "…" : "";
  // Control characters would break the line that the caret stands under.
  const shown = source.slice(from, to).replace(/\p{C}/gu, " ");
  const carets = "^".repeat(Math.max(1, Math.min(end, to) - start));
  return `  ${head}${shown}${tail}\n  ${" ".repeat(head.length + start - from)}${carets}`;
}

/** Work could not be done because workers could not start or kept dying. */
export class WorkerError extends HeddleError {
  override readonly name = "WorkerError";
  readonly code = "ERR_WORKER";
}

/** The shared memory has no room. */
export class OutOfMemoryError extends HeddleError {
  override readonly name = "OutOfMemoryError";
  readonly code = "ERR_OUT_OF_MEMORY";
  constructor(
    /** Bytes that were asked for. */
    readonly neededBytes: number,
    /** Bytes that were free at that moment, not necessarily in one piece. */
    readonly freeBytes: number,
    /** Bytes of the largest free piece. */
    readonly largestBytes: number,
  ) {
    super(
      `expected ${neededBytes} free bytes in one piece of the shared memory, found ${largestBytes} (${freeBytes} in all); ` +
        "make a context with a larger one: createHeddle({ memory: bytes })",
    );
  }
}

/** A context is used after it was closed. */
export class ClosedError extends HeddleError {
  override readonly name = "ClosedError";
  readonly code = "ERR_CLOSED";
}

/** This engine or page lacks something that the call needs. */
export class UnsupportedError extends HeddleError {
  override readonly name = "UnsupportedError";
  readonly code = "ERR_UNSUPPORTED";
}

/** Bytes are not a WebAssembly module that the splicer can use. */
export class WasmError extends HeddleError {
  override readonly name = "WasmError";
  readonly code = "ERR_WASM";
}
