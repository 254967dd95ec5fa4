/**
 * What the three ways to run a job have in common.
 */
import { WorkerError } from "../../errors.js";
import { faultOf } from "../compute/fault.js";
import { JOB_DONE, JOB_FAILED, JOB_POISONED } from "../core/core.js";
import type { Heap } from "../core/heap.js";
import { type JobSums, jobSums } from "../core/job.js";

/** A compiled integrand: the spliced module, its bytes for the workers, and the number under which they cache it. */
export interface Kernel {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly module: WebAssembly.Module;
  /** Whether it is code of the user's, which may run for ever. */
  readonly isForeign: boolean;
  /** The user's module, where it came without bytes: it travels by message. */
  readonly given?: WebAssembly.Module | undefined;
}

export interface RunOptions {
  readonly signal: AbortSignal | undefined;
  /** Called now and then with the part that is done. */
  readonly onFraction: ((fraction: number) => void) | undefined;
}

export interface RunResult {
  readonly sums: JobSums;
  /** Threads that computed. */
  readonly threads: number;
  /** Chunks that were computed again because their thread died. */
  readonly restarts: number;
  /** Milliseconds until the threads were up. */
  readonly startup: number;
}

/** Least milliseconds between two calls of `onFraction`. */
export const PROGRESS_INTERVAL = 50;

const NO_BYTES = new Uint8Array(0);

/** The kernel for a job that no worker enters: its bytes need not travel. */
export function withoutBytes({ number }: Kernel): { readonly bytes: Uint8Array; readonly number: number } {
  return { bytes: NO_BYTES, number };
}

/** @throws {WorkerError} the job, which has ended, ended without a result. @throws {IntegrandError} @throws {FunctionError} @throws {WasmError} */
export function assertDone({ core, memory }: Heap, job: number): void {
  const state = core.jobState(job);
  if (state === JOB_FAILED) throw faultOf(core, memory, job);
  if (state === JOB_POISONED) {
    throw new WorkerError(
      "one piece of this integral ended three workers, so it is not tried again; expected an integrand that a worker survives",
    );
  }
  if (state !== JOB_DONE) throw new WorkerError(`expected a finished job, found state ${state}`);
}

/** What a job that has ended came to. @throws as `assertDone` */
export function runResult(heap: Heap, job: number, startup: number): RunResult {
  assertDone(heap, job);
  const { core } = heap;
  return { sums: jobSums(core, job), threads: core.jobThreads(job), restarts: core.jobRestarts(job), startup };
}
