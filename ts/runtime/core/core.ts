/**
 * The core module as TypeScript sees it: its exports (assembly/core.ts), and instances of it.
 *
 * Addresses are numbers of bytes into the shared memory; exports that return them are signed, so the host reads them by `>>> 0`.
 */
import { instantiateSync } from "@assemblyscript/loader";
import type { CoreThings } from "./core-things.js";
import type { CoreUnits } from "./core-units.js";

/** assembly/core.ts, export by export. Booleans are 0 or 1. */
export interface Core extends CoreThings, CoreUnits {
  attach(context: number, thread: number, canBlock: number): void;
  contextInit(size: number): number;
  contextIsValid(): number;
  tablesAddress(): number;
  tablesBytes(): number;
  kernelNumber(): number;

  alloc(size: number): number;
  free(address: number): number;
  memoryTotal(): number;
  memoryUsed(): number;
  memoryPeak(): number;
  memoryLargestFree(): number;

  threadClaim(): number;
  threadReady(): void;
  threadState(number: number): number;
  threadDied(number: number): void;
  threadVacate(number: number): void;
  threadRecover(number: number): number;
  threadStop(number: number): void;

  jobCreate(
    passes: number,
    parameters: number,
    kernelBytes: number,
    seats: number,
    fineChunks: number,
    chunks: number,
  ): number;
  jobSize(passes: number, parameters: number, kernelBytes: number, seats: number, chunks: number): number;
  jobSetGrid(
    job: number,
    index: number,
    lo: number,
    hi: number,
    step: number,
    stepLow: number,
    endLow: number,
    endHigh: number,
    panels: number,
    chunkPanels: number,
  ): void;
  jobSetPass(job: number, index: number, shift: number, weight: number): void;
  jobSetKernel(job: number, number: number): void;
  jobKernel(job: number): number;
  jobKernelAddress(job: number): number;
  jobKernelBytes(job: number): number;
  jobParameters(job: number): number;
  jobPublish(job: number): number;
  jobRetire(job: number): void;
  jobIsTouched(job: number): number;
  jobVisitor(job: number, from: number): number;
  jobState(job: number): number;
  jobFault(job: number): number;
  jobFaultRoom(): number;
  jobBeginFail(job: number): number;
  jobFail(job: number): void;
  jobEventWord(job: number): number;
  jobCancel(job: number): void;
  jobRestarts(job: number): number;
  jobThreads(job: number): number;
  jobFraction(job: number): number;
  jobReduce(job: number): void;
  jobFine(job: number): number;
  jobFineLow(job: number): number;
  jobCoarse(job: number): number;
  jobCoarseLow(job: number): number;
  jobNonFinite(job: number): number;
  jobNonFiniteX(job: number): number;

  integralSize(parameters: number, breaks: number): number;
  integralCreate(integral: number, parameters: number, breaks: number): void;
  integralRoomSize(panels: number): number;
  integralRoom(integral: number, block: number, panels: number): void;
  integralParameters(integral: number): number;
  integralBreaks(integral: number): number;
  integralFolds(integral: number, count: number): number;
  integralMethod(integral: number, method: number): void;
  integralRun(integral: number): number;
  integralStep(integral: number): number;
  integralSegmentCount(integral: number): number;
  integralSegments(integral: number, first: number): number;
  integralAdvance(integral: number): number;

  cubatureSize(dimensions: number, components: number, parameters: number, breaks: number): number;
  cubatureCreate(cubature: number, dimensions: number, components: number, parameters: number, breaks: number): void;
  cubatureRoomSize(cubature: number, regions: number): number;
  cubatureRoom(cubature: number, block: number, regions: number): void;
  cubatureDesk(cubature: number): number;
  cubatureUnits(cubature: number): number;
  cubatureUnit(cubature: number, unit: number, desk: number): void;
  cubatureStep(cubature: number, desk: number): number;
  cubatureDecide(cubature: number): number;

  quasiSize(dimensions: number, components: number, cells: number, parameters: number): number;
  quasiCreate(quasi: number, dimensions: number, components: number, cells: number, parameters: number): void;
  quasiBegin(quasi: number): void;
  quasiDesk(quasi: number): number;
  quasiUnit(quasi: number, unit: number, bench: number): void;
  quasiStep(quasi: number, bench: number): number;
  quasiBad(quasi: number, bench: number): number;
  quasiDecide(quasi: number): number;

  vegasSize(dimensions: number, components: number, parameters: number): number;
  vegasCreate(vegas: number, dimensions: number, components: number, parameters: number): void;
  vegasBegin(vegas: number): void;
  vegasDesk(vegas: number): number;
  vegasUnit(vegas: number, unit: number, shift: number): void;
  vegasStep(vegas: number, shift: number): number;
  vegasBad(vegas: number, shift: number): number;
  vegasDecide(vegas: number): number;

  futexWait(address: number, expected: number, timeoutNs: bigint): number;

  nextJob(): number;
  jobsOpen(): number;
  jobSit(job: number): number;
  jobLeave(): void;
  threadBuffer(size: number): number;
  threadWork(): number;
  jobWork(job: number): number;
  chunkTake(job: number, work: number): number;
  chunkFinish(job: number, chunk: number, work: number): void;
}

/** `alloc` and `jobCreate` answer with addresses from here up; 0 is "no room", what lies between says that the lock was not to be had. */
export const LEAST_ADDRESS = 16;

/** States of a job (assembly/pool/job.ts). */
export const JOB_RUNNING = 1;
export const JOB_DONE = 2;
export const JOB_POISONED = 3;
export const JOB_FAILED = 4;

/** States of a thread number (assembly/memory/layout.ts). */
export const THREAD_STATES = ["VACANT", "STARTING", "READY", "DEAD"] as const;

/** Worker numbers run from 1 to this (assembly/memory/layout.ts, THREADS). */
export const WORKERS_MAXIMUM = 255;
/** The number of whoever watches the threads, where that is not the host (assembly/memory/layout.ts). */
export const SUPERVISOR = 256;

/**
 * An instance of `module`.
 *
 * The loader adds to the imports object that it is given (an `abort` bound to the first instance that used it), so each instance gets a fresh one.
 * Its own exports are wrapped at 28 ns a call instead of 3: the raw ones are returned.
 */
export function instantiate(module: WebAssembly.Module, imports: WebAssembly.Imports): WebAssembly.Exports {
  return instantiateSync(module, imports as Record<string, Record<string, unknown>>).instance.exports;
}

/** A core for this thread. */
export function instantiateCore(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  context: number,
  thread: number,
  mayBlock: boolean,
): Core {
  const core = instantiate(module, { env: { memory } }) as unknown as Core;
  core.attach(context, thread, Number(mayBlock));
  return core;
}
