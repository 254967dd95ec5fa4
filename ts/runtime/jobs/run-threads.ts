/**
 * On the crew, while the calling thread stays free.
 *
 * Role: the thread that made the context, a page's own included. It waits without sleeping.
 */

import type { Context } from "../context.js";
import { JOB_RUNNING } from "../core/core.js";
import type { JobSpec } from "../core/job.js";
import { onAbort } from "../waiting/abort.js";
import { wordChange } from "../waiting/wait.js";
import { type Kernel, PROGRESS_INTERVAL, type RunOptions, type RunResult, runResult } from "./run.js";

export async function runThreads(
  context: Context,
  kernel: Kernel,
  spec: JobSpec,
  threads: number,
  options: RunOptions,
): Promise<RunResult> {
  context.assertOpen();
  const begun = performance.now();
  const { crew, failed } = context.grow(threads);
  if (kernel.given !== undefined) crew.give(kernel.number, kernel.given);
  let startup = crew.ready.size >= threads ? 0 : undefined;
  crew.hold();
  const forget = context.onNews(() => {
    if (crew.ready.size >= threads) startup ??= performance.now() - begun;
  });
  try {
    await context.takePlace(options.signal);
    try {
      return await runPlaced(
        context,
        kernel,
        spec,
        threads,
        failed,
        options,
        () => startup ?? performance.now() - begun,
      );
    } finally {
      context.leavePlace();
    }
  } finally {
    forget();
    crew.release();
  }
}

/** The same, once the board has a place for it. */
async function runPlaced(
  context: Context,
  kernel: Kernel,
  spec: JobSpec,
  threads: number,
  failed: number,
  { signal, onFraction }: RunOptions,
  startup: () => number,
): Promise<RunResult> {
  signal?.throwIfAborted();
  context.assertOpen();
  const { heap } = context;
  const { core, words } = heap;
  const job = await context.whenFree(signal, () => heap.createJob(spec, kernel, threads));
  const word = core.jobEventWord(job) >>> 2;
  // Ends our own wait: an abandoned one would eat a wake-up of whoever uses the address next.
  const interrupt = (): void => void Atomics.notify(words, word);
  const forgets = [context.onNews(interrupt), onAbort(signal, interrupt)];
  let thrown: { error: unknown } | undefined;
  if (onFraction !== undefined) {
    const timer = setInterval(() => {
      try {
        onFraction(core.jobFraction(job));
      } catch (error) {
        thrown = { error };
        interrupt();
      }
    }, PROGRESS_INTERVAL);
    forgets.push(() => clearInterval(timer));
  }
  try {
    core.jobPublish(job);
    for (;;) {
      const event = Atomics.load(words, word);
      // Before the state: what was thrown, or aborted, while the last chunk was computed is not to be swallowed.
      if (thrown !== undefined) throw thrown.error;
      signal?.throwIfAborted();
      if (core.jobState(job) !== JOB_RUNNING) return runResult(heap, job, startup());
      context.assertCrew(failed);
      await wordChange(words, word, event);
    }
  } finally {
    for (const forget of forgets) forget();
    heap.retireJob(job);
    if (kernel.isForeign) context.endHanging(job);
  }
}
