/**
 * Every error class of Heddle. Each message says what was expected, what came and what to do.
 *
 * | class                | code                 | raised when                                                        |
 * | -------------------- | -------------------- | ------------------------------------------------------------------ |
 * | `ArgumentError`      | `ERR_ARGUMENT`       | an argument or option is of the wrong kind, out of range, unknown  |
 * | `TimeoutRangeError`  | `ERR_ARGUMENT`       | a timeout is negative or NaN; a `RangeError`, not a `HeddleError`  |
 * | `ExpressionError`    | `ERR_EXPRESSION`     | a text is not an expression; the message shows the place           |
 * | `IntegrandError`     | `ERR_INTEGRAND`      | a function or module that is integrated threw, or gave no number   |
 * | `WorkerError`        | `ERR_WORKER`         | no worker could start, or one piece of work killed three           |
 * | `OutOfMemoryError`   | `ERR_OUT_OF_MEMORY`  | the shared memory has no room; names the size that was needed      |
 * | `ClosedError`        | `ERR_CLOSED`         | a context, lock or queue is used after `close()`                   |
 * | `UnsupportedError`   | `ERR_UNSUPPORTED`    | this engine lacks something; the message says what and since when  |
 * | `WasmError`          | `ERR_WASM`           | bytes are not a module that the splicer can use                    |
 * | `QueueEmptyError`    | `ERR_QUEUE_EMPTY`    | a get found nothing in time                                        |
 * | `QueueFullError`     | `ERR_QUEUE_FULL`     | a put found no room in time                                        |
 * | `QueueShutdownError` | `ERR_QUEUE_SHUTDOWN` | a put after `shutdown()`, or a get when nothing is left after it   |
 * | `TaskDoneError`      | `ERR_TASK_DONE`      | `taskDone()` was called more often than values were put            |
 * | `LockError`          | `ERR_LOCK`           | a lock is released, or waited on, by one who does not hold it      |
 * | `SemaphoreError`     | `ERR_SEMAPHORE`      | a bounded semaphore would get more permits than it began with      |
 * | `BrokenBarrierError` | `ERR_BROKEN_BARRIER` | a barrier was aborted, reset, out of time, or a waiter of it died  |
 * | `AbandonedError`     | `ERR_ABANDONED`      | a thread died with work that others wait for                       |
 * | `HandleError`        | `ERR_HANDLE`         | a handle is stale, of another memory, or of another kind           |
 * | `TransferError`      | `ERR_TRANSFER`       | a value cannot go to another thread; names the place in it         |
 * | `BusyError`          | `ERR_BUSY`           | a page's thread did not get an internal lock; nothing has changed  |
 * | `ThreadError`        | `ERR_THREAD`         | a thread is not in the state that the call needs: started twice, joined too early |
 * | `FunctionError`      | `ERR_FUNCTION`       | a function cannot run on another thread, or was not found there    |
 * | `PoolShutdownError`  | `ERR_POOL_SHUTDOWN`  | a task for a pool that was shut down                               |
 * | `BrokenPoolError`    | `ERR_BROKEN_POOL`    | a pool whose workers cannot work                                   |
 * | `WorkerLostError`    | `ERR_WORKER_LOST`    | the thread that ran a task died                                    |
 * | `CancelledError`     | `ERR_CANCELLED`      | the outcome of a future that was cancelled                         |
 * | `TimeoutError`       | `ERR_TIMEOUT`        | an outcome did not come in time                                    |
 * | `InvalidStateError`  | `ERR_INVALID_STATE`  | a future has its outcome already                                   |
 * | `ProgramError`       | `ERR_PROGRAM`        | a program cannot be run: not found, no module, no WASI command     |
 * | `CalledProcessError` | `ERR_CALLED_PROCESS` | a program ended with another exit code than 0, or by a trap        |
 *
 * One that a `putMany` throws says how many values went in before it: `put`.
 * A call that was aborted rejects with `signal.reason`, as everywhere in JavaScript.
 */

/** What all errors of Heddle have in common: a stable `code` to test for. */
export abstract class HeddleError extends Error {
  abstract readonly code: string;
  /** A literal in each class: minifiers rename the classes themselves. */
  abstract override readonly name: string;
  /** Thrown by a `putMany`: how many of its values went in before; they stay. */
  declare put?: number;
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
 * A timeout is negative or not a number.
 *
 * A `RangeError`, as people expect it there. A class has one parent only: test for it by `code`, which it shares with
 * `ArgumentError`, or by `instanceof RangeError`; it is no `HeddleError`.
 */
export class TimeoutRangeError extends RangeError {
  override readonly name = "TimeoutRangeError";
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

/**
 * A function of JavaScript, or an export of a WebAssembly module, could not be integrated: it threw, trapped, or returned what is no number.
 *
 * What is not finite is no error, but a result with `status: "not-finite"`.
 */
export class IntegrandError extends HeddleError {
  override readonly name = "IntegrandError";
  readonly code = "ERR_INTEGRAND";
  /** `cause`, as far as it is known, is what the integrand threw; it is missing when that was on another thread. */
  constructor(
    message: string,
    /** Where; null when that is not known. */
    readonly x: number | null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
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

/** A context, or a lock or queue of it, is used after it was closed. */
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

/** A get found nothing in time. Python's `queue.Empty`. */
export class QueueEmptyError extends HeddleError {
  override readonly name = "QueueEmptyError";
  readonly code = "ERR_QUEUE_EMPTY";
}

/** A put found no room in time. Python's `queue.Full`. */
export class QueueFullError extends HeddleError {
  override readonly name = "QueueFullError";
  readonly code = "ERR_QUEUE_FULL";
  constructor(
    message: string,
    override readonly put = 0,
  ) {
    super(message);
  }
}

/** The queue was shut down. Python's `queue.ShutDown`. */
export class QueueShutdownError extends HeddleError {
  override readonly name = "QueueShutdownError";
  readonly code = "ERR_QUEUE_SHUTDOWN";
}

/** `taskDone()` was called more often than values were put. */
export class TaskDoneError extends HeddleError {
  override readonly name = "TaskDoneError";
  readonly code = "ERR_TASK_DONE";
}

/** A lock is not held, or not by the one who calls. */
export class LockError extends HeddleError {
  override readonly name = "LockError";
  readonly code = "ERR_LOCK";
}

/** A bounded semaphore would get more permits than it began with. Nothing was added. */
export class SemaphoreError extends HeddleError {
  override readonly name = "SemaphoreError";
  readonly code = "ERR_SEMAPHORE";
}

/** A barrier is broken: its parties will not meet. */
export class BrokenBarrierError extends HeddleError {
  override readonly name = "BrokenBarrierError";
  readonly code = "ERR_BROKEN_BARRIER";
}

/** A thread died with work that others wait for, such as items taken and never reported done. */
export class AbandonedError extends HeddleError {
  override readonly name = "AbandonedError";
  readonly code = "ERR_ABANDONED";
}

/** A handle does not lead to an object: it is stale, of another memory, or of another kind. */
export class HandleError extends HeddleError {
  override readonly name = "HandleError";
  readonly code = "ERR_HANDLE";
}

/** A value cannot go to another thread. Nothing was written. */
export class TransferError extends HeddleError {
  override readonly name = "TransferError";
  readonly code = "ERR_TRANSFER";
  constructor(
    /** What is wrong and what to do, in one line. */
    readonly reason: string,
    /** Where the offending value stands, written as code: `value.items[3].callback`. */
    readonly path: string,
    /** What stands there, in words: "function onDone". Words, so that this error itself can travel. */
    readonly got: string,
    options?: ErrorOptions,
  ) {
    super(`${path} is ${got}: ${reason}`, options);
  }
}

/** A page's thread, which must not sleep, did not get an internal lock. Nothing has changed: try again. */
export class BusyError extends HeddleError {
  override readonly name = "BusyError";
  readonly code = "ERR_BUSY";
}

/** A thread is not in the state that the call needs: started twice, joined before its start or by itself. Python's `RuntimeError` of threads. */
export class ThreadError extends HeddleError {
  override readonly name = "ThreadError";
  readonly code = "ERR_THREAD";
}

/** A function cannot run on another thread, or was not found there. */
export class FunctionError extends HeddleError {
  override readonly name = "FunctionError";
  readonly code = "ERR_FUNCTION";
}

/** The pool was shut down. Python's `RuntimeError` of executors. */
export class PoolShutdownError extends HeddleError {
  override readonly name = "PoolShutdownError";
  readonly code = "ERR_POOL_SHUTDOWN";
}

/** The pool's workers cannot work: its initializer failed, or none could be started. Python's `BrokenExecutor`. */
export class BrokenPoolError extends HeddleError {
  override readonly name = "BrokenPoolError";
  readonly code = "ERR_BROKEN_POOL";
}

/** The thread that ran a task died: by force, out of memory, by `process.exit`. The task was not run again. */
export class WorkerLostError extends HeddleError {
  override readonly name = "WorkerLostError";
  readonly code = "ERR_WORKER_LOST";
}

/** A future was cancelled. Python's `CancelledError`. */
export class CancelledError extends HeddleError {
  override readonly name = "CancelledError";
  readonly code = "ERR_CANCELLED";
}

/** A result did not come in time. Python's `TimeoutError`. */
export class TimeoutError extends HeddleError {
  override readonly name = "TimeoutError";
  readonly code = "ERR_TIMEOUT";
  /** Of a program (`run` of heddle/wasi): what it had written until then. */
  declare stdout?: string | Uint8Array;
  declare stderr?: string | Uint8Array;
}

/** A future already has an outcome. Python's `InvalidStateError`. */
export class InvalidStateError extends HeddleError {
  override readonly name = "InvalidStateError";
  readonly code = "ERR_INVALID_STATE";
}

/** A program cannot be run: it was not found, is no WebAssembly module, no command, or needs what WASI does not have. Python's `OSError` of `subprocess`. */
export class ProgramError extends HeddleError {
  override readonly name = "ProgramError";
  readonly code = "ERR_PROGRAM";
}

/** How the engine ended a program. */
export interface Trap {
  /** In the engine's words: "unreachable", "divide by zero", "Maximum call stack size exceeded". */
  readonly message: string;
  /** Where: functions of the program, with their names if it was compiled with them. */
  readonly stack: string;
}

/** A program that was to end well did not. Python's `subprocess.CalledProcessError`. */
export class CalledProcessError extends HeddleError {
  override readonly name = "CalledProcessError";
  readonly code = "ERR_CALLED_PROCESS";
  constructor(
    /** The program's name, and its arguments. */
    readonly args: readonly string[],
    /** Null: it ended by a trap. */
    readonly exitCode: number | null,
    readonly trap: Trap | null,
    readonly stdout: string | Uint8Array,
    readonly stderr: string | Uint8Array,
  ) {
    const end = trap === null ? `exit code ${exitCode}` : `a trap: ${trap.message}`;
    super(`expected ${args[0]} to end with exit code 0, it ended with ${end}`);
  }
}
