/**
 * One job in shared memory, from the side of the thread that made it (assembly/pool/job.ts has the block).
 *
 * Role: the host.
 */
import { type Core, LEAST_ADDRESS } from "./core.js";

/** A uniform division of [lo, hi], as the driver wants it. */
export interface GridSpec {
  readonly lo: number;
  readonly hi: number;
  /** Panel width as an unevaluated sum of two doubles. */
  readonly step: number;
  readonly stepLow: number;
  readonly panels: number;
  readonly chunkPanels: number;
}

/** One node per panel at lo + (i + shift) h, and its weight. A rule is a list of them. */
export interface PassSpec {
  readonly shift: number;
  readonly weight: number;
}

/** All that a job's value depends on. */
export interface JobSpec {
  readonly passes: readonly PassSpec[];
  /** Weights of f(lo) and f(hi). */
  readonly endLow: number;
  readonly endHigh: number;
  readonly fine: GridSpec;
  /** The grid that the error estimate compares with; null when there is none. */
  readonly coarse: GridSpec | null;
  readonly parameters: readonly number[];
}

/** What the chunks added up to: sums of weight times f, before the multiplication by the step. */
export interface JobSums {
  readonly fine: readonly [sum: number, compensation: number];
  readonly coarse: readonly [sum: number, compensation: number];
  readonly nonFinite: { readonly count: number; readonly x: number } | null;
}

function chunksOf(grid: GridSpec): number {
  return Math.ceil(grid.panels / grid.chunkPanels);
}

/** Bytes of the block that a job needs. */
export function jobSize(core: Core, spec: JobSpec, kernelBytes: number, seats: number): number {
  return core.jobSize(spec.passes.length, spec.parameters.length, kernelBytes, seats, chunkCount(spec)) >>> 0;
}

function chunkCount(spec: JobSpec): number {
  return chunksOf(spec.fine) + (spec.coarse === null ? 0 : chunksOf(spec.coarse));
}

/**
 * Allocates and fills a job; nobody else knows it yet.
 *
 * @param kernel the spliced module, for workers to compile; empty when none will take part
 * @returns its address, or what `alloc` said (below LEAST_ADDRESS)
 */
export function createJob(
  core: Core,
  memory: WebAssembly.Memory,
  spec: JobSpec,
  kernel: Uint8Array,
  kernelNumber: number,
  seats: number,
): number {
  const { passes, parameters, fine, coarse } = spec;
  const job =
    core.jobCreate(passes.length, parameters.length, kernel.length, seats, chunksOf(fine), chunkCount(spec)) >>> 0;
  if (job < LEAST_ADDRESS) return job;
  [fine, coarse].forEach((grid, index) => {
    if (grid === null) return;
    const { lo, hi, step, stepLow, panels, chunkPanels } = grid;
    core.jobSetGrid(job, index, lo, hi, step, stepLow, spec.endLow, spec.endHigh, panels, chunkPanels);
  });
  passes.forEach(({ shift, weight }, index) => {
    core.jobSetPass(job, index, shift, weight);
  });
  new Float64Array(memory.buffer, core.jobParameters(job) >>> 0, parameters.length).set(parameters);
  new Uint8Array(memory.buffer, core.jobKernelAddress(job) >>> 0, kernel.length).set(kernel);
  core.jobSetKernel(job, kernelNumber);
  return job;
}

/** Adds up the chunks of a job that is DONE. Once. */
export function jobSums(core: Core, job: number): JobSums {
  core.jobReduce(job);
  const count = core.jobNonFinite(job);
  return {
    fine: [core.jobFine(job), core.jobFineLow(job)],
    coarse: [core.jobCoarse(job), core.jobCoarseLow(job)],
    nonFinite: count > 0 ? { count, x: core.jobNonFiniteX(job) } : null,
  };
}
