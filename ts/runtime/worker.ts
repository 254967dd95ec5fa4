/**
 * The life of a worker: find a job, compute its chunks, leave, sleep; until it is asked to stop.
 *
 * Role: the worker. It sleeps on the bell in shared memory and hears no messages: it is steered through its thread record.
 */
import { DriverCache, Pace, compute } from "./compute.js";
import { instantiateCore } from "./core.js";
import type { WorkerData } from "./protocol.js";

/** @param ready called once, when the worker is about to look for work */
export function serve(data: WorkerData, ready: () => void): void {
  const core = instantiateCore(data.core, data.memory, data.base, data.number, true);
  const cache = new DriverCache(data.memory, data.math);
  const work = core.threadWork() >>> 0;
  core.threadReady();
  ready();
  for (;;) {
    const job = core.nextJob() >>> 0;
    if (job === 0) return;
    const drivers = cache.get(core.jobKernel(job), () => {
      const address = core.jobKernelAddress(job) >>> 0;
      // A copy: not every engine compiles from shared memory.
      return new WebAssembly.Module(new Uint8Array(data.memory.buffer, address, core.jobKernelBytes(job)).slice());
    });
    compute(core, drivers, job, work, -1, new Pace(), never);
    core.jobLeave();
  }
}

function never(): boolean {
  return false;
}
