/**
 * heddle/wasi: `run`, for programs that were compiled for WASI. Python's `subprocess.run`, with threads for processes.
 *
 * Source: CPython's `subprocess` for the meaning; docs/other-programs.md says where it differs.
 * Role:   any thread that can use a pool.
 */
import { checkFlag, checkOptions, checkWhole, refuse } from "../checks.js";
import type { Trap } from "../errors.js";
import {
  BrokenPoolError,
  CalledProcessError,
  ClosedError,
  ProgramError,
  QueueShutdownError,
  TimeoutError,
} from "../errors.js";
import { type CallOptions, Pool, Queue } from "../index.js";
import { gather, PIECES_MAXIMUM } from "./output.js";
import { type Content, type FileList, type Outcome, type ProgramRequest, readRequest } from "./request.js";

export type { Content, Trap };

/** How to run a program. What is not said is empty: nothing is inherited. */
export interface RunOptions extends Omit<CallOptions, "grace"> {
  /** Arguments behind the program's name. */
  readonly args?: readonly string[] | undefined;
  /** The name that the program sees as its own, `args[0]` there. Default: the last part of its URL. */
  readonly argv0?: string | undefined;
  /** Environment variables; those that are undefined are left out. Default: none, not this program's own. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** What it can read from its standard input. Python's `input`. */
  readonly stdin?: Content | undefined;
  /** Files that it finds in `/`, its only directory, by path: `{ "data/in.txt": "…" }`. It may write there. Default: no directory. */
  readonly files?: Readonly<Record<string, Content>> | undefined;
  /** Whether `stdout` and `stderr` are texts (UTF-8; what is none becomes U+FFFD) or bytes. Default true. */
  readonly text?: boolean | undefined;
  /** Whether an exit code other than 0, or a trap, is an error. Default false. */
  readonly check?: boolean | undefined;
  /** Bytes that it may write to `stdout` and `stderr` together, 0 to 2^28. A program that writes more is ended. Default 2^26. */
  readonly maxOutput?: number | undefined;
  /** On whose threads. Default: a pool that all calls on this thread share, with as many workers as the machine runs at a time. */
  readonly pool?: Pool | undefined;
}

interface Completed<Text> {
  /** The program's name, and its arguments. */
  readonly args: readonly string[];
  readonly stdout: Text;
  readonly stderr: Text;
  /** Files that it has made or changed, by path. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/**
 * How a program ended: with an exit code (0 to 2^32 - 1), or by a trap, such as `unreachable` (C's `abort`), a division by zero, an access out of bounds, a stack
 * that is full.
 */
export type CompletedProcess<Text = string> = Completed<Text> &
  ({ readonly exitCode: number; readonly trap: null } | { readonly exitCode: null; readonly trap: Trap });

const RUN_OPTIONS = [
  "args",
  "argv0",
  "env",
  "stdin",
  "files",
  "text",
  "check",
  "maxOutput",
  "pool",
  "timeout",
  "signal",
  "priority",
];

const OUTPUT_USUAL = 2 ** 26;
/** Texts of 2^29 characters and more cannot be made. */
const OUTPUT_MAXIMUM = 2 ** 28;

/** Milliseconds that a program gets to end by itself: it cannot hear of it. */
const GRACE = 0;

const EXECUTE = { url: new URL("./wasi-program.js", import.meta.url), export: "execute" } as const;
type Execute = (request: ProgramRequest, output: Queue<Uint8Array>) => Promise<Outcome>;

let shared: Pool | undefined;

/**
 * Runs a program, a WebAssembly module that is a command of WASI preview 1 (`clang --target=wasm32-wasi`, `rustc --target wasm32-wasip1`, `GOOS=wasip1`), on a
 * thread of a pool, and waits for its end. Each thread keeps the modules that it has compiled, by URL.
 *
 * A program whose time is over, or that is aborted, is ended at whatever instruction it is; other tasks of the pool do not notice.
 *
 * @param program its URL (`file:` in Node only), or its bytes, which are compiled each time
 * @returns how it ended, also when that was not well; see `check`
 * @throws {ProgramError} it cannot be run: not found, no module, no command, imports that WASI does not have; or it writes more than `maxOutput`
 * @throws {CalledProcessError} with `check`: it ended with another exit code than 0, or by a trap
 * @throws {TimeoutError} not in time, counted from the call; its `stdout` and `stderr` have what was written until then
 * @throws {ArgumentError} @throws {WorkerLostError} its thread died @throws `signal.reason` when aborted
 * @throws as `Pool.submit`, of `pool`
 * @example
 *   import { run } from "heddle/wasi";
 *   const { exitCode, stdout } = await run(new URL("./upper.wasm", import.meta.url), { args: ["-n"], stdin: "one\ntwo\n" });
 *   // 0, "1 ONE\n2 TWO\n"
 */
export async function run(
  program: URL | string | ArrayBuffer | ArrayBufferView,
  options: RunOptions & { readonly text: false },
): Promise<CompletedProcess<Uint8Array>>;
export async function run(
  program: URL | string | ArrayBuffer | ArrayBufferView,
  options?: RunOptions & { readonly text?: true | undefined },
): Promise<CompletedProcess>;
export async function run(
  program: URL | string | ArrayBuffer | ArrayBufferView,
  options: RunOptions = {},
): Promise<CompletedProcess<string | Uint8Array>> {
  checkOptions(options, RUN_OPTIONS);
  const { text = true, check = false, maxOutput = OUTPUT_USUAL, timeout, signal, priority } = options;
  checkFlag("text", text);
  checkFlag("check", check);
  checkWhole("maxOutput", maxOutput, 0, OUTPUT_MAXIMUM);
  const request = readRequest(program, options);
  const { pool = sharedPool() } = options;
  if (!(pool instanceof Pool)) refuse("pool", "a Pool", pool);
  const call = {
    grace: GRACE,
    ...(timeout === undefined ? {} : { timeout }),
    ...(signal === undefined ? {} : { signal }),
    ...(priority === undefined ? {} : { priority }),
  };
  const { outcome, failure, output } = await perform(pool, call, request, maxOutput);
  const [stdout, stderr] = ([1, 2] as const).map((stream) => {
    const bytes = gather(stream, output);
    return text ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) : bytes;
  }) as [string | Uint8Array, string | Uint8Array];
  if (outcome === undefined) {
    // Not enumerable: a console would print megabytes of it.
    if (failure instanceof TimeoutError || failure instanceof ProgramError) {
      Object.defineProperties(failure, { stdout: { value: stdout }, stderr: { value: stderr } });
    }
    throw failure;
  }
  if (outcome.kind === "refused") throw new ProgramError(outcome.reason);
  const end = outcome.kind === "exit" ? { exitCode: outcome.code, trap: null } : { exitCode: null, trap: outcome.trap };
  const { args } = request;
  if (check && end.exitCode !== 0) throw new CalledProcessError(args, end.exitCode, end.trap, stdout, stderr);
  return { args, ...end, stdout, stderr, files: byPath(outcome.files) };
}

interface Performance {
  readonly outcome: Outcome | undefined;
  readonly failure: unknown;
  readonly output: readonly Uint8Array[];
}

/** Has a program run. */
async function perform(pool: Pool, call: CallOptions, request: ProgramRequest, most: number): Promise<Performance> {
  const queue = new Queue<Uint8Array>({ maxsize: PIECES_MAXIMUM, context: pool });
  const full = new AbortController();
  const signal = call.signal === undefined ? full.signal : AbortSignal.any([call.signal, full.signal]);
  const taken = takeAll(queue, most, () => full.abort(tooMuch(most)));
  let outcome: Outcome | undefined;
  let failure: unknown;
  try {
    outcome = await pool.submitWith<Execute>({ ...call, signal }, EXECUTE, request, queue);
  } catch (error) {
    failure = error;
    if (error instanceof BrokenPoolError && pool === shared) shared = undefined;
  }
  // What was put in still comes out, and a program that is about to be ended puts in no more.
  ignoreClosed(() => queue.shutdown());
  const output = await taken;
  queue.close();
  return { outcome, failure, output };
}

function tooMuch(most: number): ProgramError {
  return new ProgramError(
    `expected at most ${most} bytes of output, the program wrote more, and was ended; allow more with maxOutput`,
  );
}

/** All that comes, until the queue is shut down, or gone with its context. @param onFull called when there is more than `most` bytes, which are not kept */
async function takeAll(queue: Queue<Uint8Array>, most: number, onFull: () => void): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (;;) {
      for (const piece of await queue.getMany(PIECES_MAXIMUM)) {
        bytes += piece.length - 1;
        if (bytes <= most) all.push(piece);
        else onFull();
      }
    }
  } catch (error) {
    if (!(error instanceof QueueShutdownError || error instanceof ClosedError)) throw error;
  }
  return all;
}

function ignoreClosed(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof ClosedError)) throw error;
  }
}

/** The pool of those who name none. */
function sharedPool(): Pool {
  if (shared === undefined || !isOpen(shared)) shared = new Pool();
  return shared;
}

/** Whether neither the pool nor its context was closed. */
function isOpen(pool: Pool): boolean {
  let isOpen = true;
  try {
    void pool.queued;
  } catch (error) {
    if (!(error instanceof ClosedError)) throw error;
    isOpen = false;
  }
  return isOpen;
}

function byPath(files: FileList): Record<string, Uint8Array> {
  return Object.fromEntries(files);
}
