/**
 * On the calling thread and, where it may sleep, on workers beside it; blocking until done.
 *
 * Role: the thread that made the context. With `threads` 1 it never sleeps, so a page's own thread may come here.
 */
import { compute, Pace } from "../compute/compute.js";
import type { Context } from "../context.js";
import { JOB_RUNNING } from "../core/core.js";
import type { JobSpec } from "../core/job.js";
import { type Kernel, type RunResult, runResult, withoutBytes } from "./run.js";

/** @param threads 1: the calling thread alone; more: with workers, if `context.hasRoom` */
export function runSync(context: Context, kernel: Kernel, spec: JobSpec, threads: number): RunResult {
  context.assertOpen();
  const { heap } = context;
  const { core, words, member } = heap;
  const shared = threads > 1;
  const job = heap.createJob(spec, shared ? kernel : withoutBytes(kernel), threads);
  if (shared) context.takePlaceNow();
  try {
    const drivers = context.drivers.get(kernel.number, () => kernel.module, kernel.given);
    const part = { core, drivers, job, work: core.jobWork(job) >>> 0, pace: new Pace() };
    core.jobSit(job);
    if (shared) {
      const { crew } = context.grow(threads - 1);
      if (kernel.given !== undefined) crew.give(kernel.number, kernel.given);
      core.jobPublish(job);
    }
    const word = core.jobEventWord(job) >>> 2;
    for (;;) {
      const event = Atomics.load(words, word);
      compute(part, -1, Number.POSITIVE_INFINITY);
      if (core.jobState(job) !== JOB_RUNNING) return runResult(heap, job, 0);
      // Nothing left to claim: others compute the rest. Ends with the job, or when a death has left something to claim again.
      member.asleep(word << 2, () => Atomics.wait(words, word, event));
    }
  } finally {
    if (shared) {
      context.leavePlace();
      heap.retireJob(job);
      if (kernel.isForeign) context.endHanging(job);
    } else {
      heap.free(job);
    }
  }
}
