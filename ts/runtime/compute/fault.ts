/**
 * Why a job failed, on its way from the worker whose integrand failed to the thread that waits.
 *
 *   f64 x, NaN when unknown | i32 length | UTF-8: name of the error's class, line feed, message or numbers     (assembly/pool/job.ts, Fault)
 *
 * Role: `failJob` the worker, `faultOf` the host.
 */
import { FunctionError, IntegrandError, OutOfMemoryError, WasmError } from "../../errors.js";
import type { Core } from "../core/core.js";

const LENGTH_OFFSET = 8;
const TEXT_OFFSET = 12;

/** Ends the job by what an integrand has thrown, unless somebody else ends it. */
export function failJob(core: Core, memory: WebAssembly.Memory, job: number, error: Error): void {
  if (!core.jobBeginFail(job)) return;
  const fault = core.jobFault(job) >>> 0;
  const view = new DataView(memory.buffer);
  // Not every engine encodes into shared memory.
  const text = new Uint8Array(core.jobFaultRoom() >>> 0);
  const { written } = new TextEncoder().encodeInto(`${error.name}\n${sayingOf(error)}`, text);
  view.setFloat64(fault, (error as Partial<IntegrandError>).x ?? Number.NaN, true);
  view.setInt32(fault + LENGTH_OFFSET, written, true);
  new Uint8Array(memory.buffer, fault + TEXT_OFFSET, written).set(text.subarray(0, written));
  core.jobFail(job);
}

/** What an error is made of again: its message, or its numbers. */
function sayingOf(error: Error): string {
  if (!(error instanceof OutOfMemoryError)) return error.message;
  return `${error.neededBytes} ${error.freeBytes} ${error.largestBytes}`;
}

/** The error of a job that has FAILED. */
export function faultOf(core: Core, memory: WebAssembly.Memory, job: number): Error {
  const fault = core.jobFault(job) >>> 0;
  const view = new DataView(memory.buffer);
  const x = view.getFloat64(fault, true);
  const length = view.getInt32(fault + LENGTH_OFFSET, true);
  const text = new TextDecoder().decode(new Uint8Array(memory.buffer, fault + TEXT_OFFSET, length).slice());
  const end = text.indexOf("\n");
  const message = end < 0 ? "the integrand failed on a thread that died before it could say how" : text.slice(end + 1);
  const name = text.slice(0, Math.max(0, end));
  if (name === "FunctionError") return new FunctionError(message);
  if (name === "WasmError") return new WasmError(message);
  if (name === "OutOfMemoryError") {
    const [needed = 0, free = 0, largest = 0] = message.split(" ").map(Number);
    return new OutOfMemoryError(needed, free, largest);
  }
  return new IntegrandError(message, Number.isNaN(x) ? null : x);
}
