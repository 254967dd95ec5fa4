/**
 * On the calling thread: an integral in stretches of a few milliseconds, between which events run; and f at given points.
 *
 * Role: the thread that made the context, a page's own included. Nothing here waits.
 */
import { compute, Pace } from "../compute/compute.js";
import type { Context } from "../context.js";
import type { JobSpec } from "../core/job.js";
import { passStretch, takeStretch } from "../waiting/stretch.js";
import { type Kernel, PROGRESS_INTERVAL, type RunOptions, type RunResult, runResult, withoutBytes } from "./run.js";

export async function runInline(
  context: Context,
  kernel: Kernel,
  spec: JobSpec,
  { signal, onFraction }: RunOptions,
): Promise<RunResult> {
  context.assertOpen();
  const { heap } = context;
  const { core } = heap;
  const job = await context.whenFree(signal, () => heap.createJob(spec, withoutBytes(kernel), 1));
  try {
    const drivers = context.drivers.get(kernel.number, () => kernel.module, kernel.given);
    const part = { core, drivers, job, work: core.jobWork(job) >>> 0, pace: new Pace() };
    core.jobSit(job);
    let chunk = -1;
    let shown = performance.now();
    for (;;) {
      const end = await takeStretch(signal);
      signal?.throwIfAborted();
      context.assertOpen();
      chunk = compute(part, chunk, end);
      if (chunk < 0) return runResult(heap, job, 0);
      if (onFraction !== undefined && performance.now() - shown >= PROGRESS_INTERVAL) {
        shown = performance.now();
        onFraction(core.jobFraction(job));
      }
    }
  } finally {
    passStretch();
    heap.free(job);
  }
}

/** f at the points `x`. */
export function mapPoints(
  context: Context,
  kernel: Kernel,
  parameters: readonly number[],
  x: Float64Array,
): Float64Array {
  context.assertOpen();
  // The driver computes two at a time: an odd last point gets a neighbour.
  const count = x.length + (x.length & 1);
  // Pairs lie at multiples of 16 bytes.
  const xAt = parameters.length + (parameters.length & 1);
  const yAt = xAt + count;
  const block = context.heap.alloc(8 * (yAt + count));
  try {
    const doubles = new Float64Array(context.heap.memory.buffer, block, yAt + count);
    doubles.set(parameters, 0);
    doubles.set(x, xAt);
    if (count > x.length) doubles[xAt + x.length] = x[x.length - 1] as number;
    const drivers = context.drivers.get(kernel.number, () => kernel.module, kernel.given);
    drivers.map(block, block + 8 * xAt, block + 8 * yAt, count);
    return doubles.slice(yAt, yAt + x.length);
  } finally {
    context.heap.free(block);
  }
}
