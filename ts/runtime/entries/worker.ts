/**
 * The life of a worker: find a job, compute its chunks, leave, sleep; until it is asked to stop.
 *
 * Role: the worker. It sleeps on the bell in shared memory and hears no messages, but the one that it asks for: it is steered through its thread record.
 */
import { HeddleError, WorkerError } from "../../errors.js";
import { DriverCache, type Drivers, Pace, type Part, runChunk } from "../compute/compute.js";
import { driverFor, Rooms, runUnit, type UnitPart } from "../compute/compute-units.js";
import { failJob } from "../compute/fault.js";
import { needsModule } from "../compute/foreign.js";
import { assertAllocated } from "../core/allocated.js";
import { type Core, instantiateCore } from "../core/core.js";
import { JobKind } from "../core/core-units.js";
import type { WorkerData } from "../protocol.js";

/** Milliseconds after which a worker lets another job have it. */
const SLICE = 5;

/**
 * Resolves when it is asked to stop.
 *
 * @param ready called once, when the worker is about to look for work
 * @param want  asks the spawner for the module of an integrand that came without bytes: the one thing for which a worker hears messages
 */
export async function serve(
  data: WorkerData,
  ready: () => void,
  want: (kernel: number) => Promise<WebAssembly.Module>,
): Promise<void> {
  const core = instantiateCore(data.core, data.memory, data.base, data.number, true);
  const cache = new DriverCache(core, data.memory, () => data.math);
  if (!core.contextIsValid()) {
    throw new WorkerError(
      "expected a shared memory that this version of Heddle set up; is the worker script another version's?",
    );
  }
  const work = core.threadWork() >>> 0;
  const words = new Int32Array(data.memory.buffer);
  core.threadReady();
  ready();
  for (;;) {
    const job = core.nextJob() >>> 0;
    if (job === 0) return;
    // A chunk in hand before the integrand is loaded: what ends this thread may be the loading, and would end each that replaces it. A death with a
    // chunk is counted, and the third ends the job.
    const chunk = core.chunkTake(job, work);
    if (chunk >= 0) {
      try {
        const kernel = core.jobKernel(job);
        let drivers = cache.find(kernel);
        if (drivers === undefined) {
          const module = load(data.memory, core.jobKernelAddress(job), core.jobKernelBytes(job));
          const given = needsModule(module) ? await want(kernel) : undefined;
          drivers = cache.get(kernel, () => module, given);
        }
        const kind = core.jobKind(job);
        if (kind === JobKind.GRID) {
          visit({ core, drivers, job, work, pace: new Pace() }, chunk);
        } else {
          const distance = distanceOf(core, cache, data.memory, job);
          const desk = takeDesk(core, job);
          const rooms = new Rooms(
            core,
            (bytes) => assertAllocated(core, core.threadRoom(bytes) >>> 0, () => bytes),
            (room) => core.threadRoomDrop(room),
          );
          visitUnits({ core, words, evaluate: driverFor(kind, drivers), distance, job, work, desk, rooms }, chunk);
        }
      } catch (error) {
        // What an integrand throws ends its job. Anything else is a fault of ours, and ends this thread.
        if (!(error instanceof HeddleError)) throw error;
        failJob(core, data.memory, job, error);
      }
    }
    core.jobLeave();
  }
}

/** Computes chunks until there is none to claim, the job is cancelled, or other jobs have waited for a slice of time. */
function visit(part: Part, chunk: number): void {
  const { core, job, work, pace } = part;
  let sliceEnd = performance.now() + SLICE;
  while (chunk >= 0 && runChunk(part, chunk, Number.POSITIVE_INFINITY) === "done") {
    if (pace.clock >= sliceEnd) {
      if (core.jobsOpen() > 1) return;
      sliceEnd = pace.clock + SLICE;
    }
    chunk = core.chunkTake(job, work);
  }
}

/** The same with units. */
function visitUnits(part: UnitPart, unit: number): void {
  const { core, job, work, desk } = part;
  let sliceEnd = performance.now() + SLICE;
  while (unit >= 0) {
    core.unitBegin(job, unit, desk);
    if (runUnit(part, unit, Number.POSITIVE_INFINITY) !== "done") return;
    const now = performance.now();
    if (now >= sliceEnd) {
      if (core.jobsOpen() > 1) return;
      sliceEnd = now + SLICE;
    }
    unit = core.chunkTake(job, work);
  }
}

/** A desk for the job's units. @throws {OutOfMemoryError} */
function takeDesk(core: Core, job: number): number {
  const bytes = core.jobDesk(job) >>> 0;
  return assertAllocated(core, core.threadDesk(bytes) >>> 0, () => bytes);
}

/** The integrand in the distance from a point, if the job brings it. */
function distanceOf(
  core: Core,
  cache: DriverCache,
  memory: WebAssembly.Memory,
  job: number,
): Drivers["runs"] | undefined {
  const kernel = core.jobDistance(job);
  if (kernel === 0) return undefined;
  return cache.get(kernel, () => load(memory, core.jobDistanceAddress(job), core.jobDistanceBytes(job))).runs;
}

function load(memory: WebAssembly.Memory, address: number, bytes: number): WebAssembly.Module {
  // A copy: not every engine compiles from shared memory.
  return new WebAssembly.Module(new Uint8Array(memory.buffer, address >>> 0, bytes).slice());
}
