/**
 * Computing the chunks of a job: the same loop on a worker and on the calling thread.
 *
 * Role: any thread. It never waits.
 */
import { BoundedMap } from "../../bounded-map.js";
import { assertAllocated } from "../core/allocated.js";
import { type Core, instantiate } from "../core/core.js";
import { exportsToCall, foreignOf, integrandFailure, link } from "./foreign.js";
import { BATCH } from "./own-memory.js";
import { severalCalls } from "./several-callback.js";

/** What a spliced module exports (assembly/drivers.ts). */
export interface Drivers {
  grid(work: number, budget: number): number;
  map(parameters: number, x: number, y: number, count: number): void;
  /** There in modules for integrals to a tolerance, as `grid` is in those for fixed panels. */
  runs(list: number, count: number): void;
  /** There in modules for integrals over several variables, or of several components: nothing else is. */
  points(list: number, count: number): void;
}

/** Results of `Drivers.grid` (assembly/quad/drivers/grid.ts). */
const FINISHED = 0;
const CANCELLED = 2;

/**
 * Milliseconds that one driver call should take. Long enough to hide the cost of the call; short enough that a cancel is seen, that the calling
 * thread returns to its event loop in time, and that V8, which never replaces a running Wasm function, soon enters the optimised one.
 */
const CALL_TARGET = 1;
const BUDGET_MINIMUM = 1;
/** Small enough for an integrand of thousands of functions, some 50 microseconds an evaluation before V8 has optimised it; 14 doublings are soon done. */
const BUDGET_START = 4;
const BUDGET_MAXIMUM = 1 << 16;

/** Runs one job's driver in calls of about CALL_TARGET. Which budget a call gets changes no bit of the result. */
export class Pace {
  private budget = BUDGET_START;
  /** Calls that go unmeasured: reading the clock twice costs a fiftieth of a cheap chunk. */
  private unmeasured = 0;
  /** `performance.now()` after the last measured call; unmeasured ones add half a millisecond at most. */
  clock = Number.NEGATIVE_INFINITY;

  /** Calls `grid` once. @returns its status */
  step(drivers: Drivers, work: number): number {
    if (this.unmeasured > 0) {
      this.unmeasured--;
      return drivers.grid(work, this.budget);
    }
    const begun = performance.now();
    const status = drivers.grid(work, this.budget);
    this.clock = performance.now();
    const elapsed = this.clock - begun;
    if (elapsed > 2 * CALL_TARGET) this.budget = Math.max(BUDGET_MINIMUM, this.budget >> 1);
    else if (elapsed < CALL_TARGET / 2) this.budget = Math.min(BUDGET_MAXIMUM, this.budget << 1);
    // At the largest budget a call ends with its chunk, so eight more like it are still far below the target.
    if (this.budget === BUDGET_MAXIMUM && elapsed < CALL_TARGET / 16) this.unmeasured = 8;
    return status;
  }
}

/** What a thread needs to take part in a job. */
export interface Part {
  readonly core: Core;
  readonly drivers: Drivers;
  /** Address of the job, and of this thread's work record. */
  readonly job: number;
  readonly work: number;
  readonly pace: Pace;
}

/**
 * Goes on with a chunk that this thread has claimed, and delivers it.
 *
 * @param deadline value of `performance.now()` after which to stop in mid-chunk; the next call goes on there
 */
export function runChunk(
  { core, drivers, job, work, pace }: Part,
  chunk: number,
  deadline: number,
): "done" | "late" | "cancelled" {
  for (;;) {
    const status = pace.step(drivers, work);
    if (status === FINISHED) {
      core.chunkFinish(job, chunk, work);
      return "done";
    }
    if (status === CANCELLED) return "cancelled";
    if (pace.clock >= deadline) return "late";
  }
}

/**
 * Computes chunks of the host's own job until there is none to claim, the job is cancelled, or the deadline has passed.
 *
 * @param chunk the chunk under way from an earlier call that was late, or -1
 * @returns the chunk under way when it was late; -1 when there is nothing left for this thread
 */
export function compute(part: Part, chunk: number, deadline: number): number {
  for (;;) {
    if (chunk < 0) {
      chunk = part.core.chunkTake(part.job, part.work);
      if (chunk < 0) return -1;
      if (part.pace.clock >= deadline) return chunk;
    }
    const end = runChunk(part, chunk, deadline);
    if (end === "cancelled") return -1;
    if (end === "late") return chunk;
    chunk = -1;
  }
}

const DRIVERS_MAXIMUM = 64;

/** Spliced modules that this thread has instantiated, by kernel number. */
export class DriverCache {
  private readonly drivers = new BoundedMap<number, Drivers>(DRIVERS_MAXIMUM);
  private math: WebAssembly.Exports | undefined;

  constructor(
    private readonly core: Core,
    private readonly memory: WebAssembly.Memory,
    private readonly mathModule: () => WebAssembly.Module,
  ) {}

  find(kernel: number): Drivers | undefined {
    return this.drivers.find(kernel);
  }

  /**
   * @param load gives the module when it is not there yet
   * @param given the user's module, where its bytes do not travel in that one
   */
  get(kernel: number, load: () => WebAssembly.Module, given?: WebAssembly.Module): Drivers {
    return this.drivers.get(kernel, () => this.instantiate(kernel, load(), given));
  }

  private instantiate(kernel: number, module: WebAssembly.Module, given: WebAssembly.Module | undefined): Drivers {
    const needs = new Set(WebAssembly.Module.imports(module).map((each) => `${each.module}.${each.name}`));
    const env: WebAssembly.ModuleImports = { memory: this.memory, tables: this.core.tablesAddress() };
    const needsMath = [...needs].some((name) => name.startsWith("math."));
    const imports: WebAssembly.Imports = { env, math: needsMath ? { ...this.mathExports() } : {} };
    const foreign = foreignOf(module);
    if (foreign === undefined) return instantiate(module, imports) as unknown as Drivers;
    if (needs.has("env.buffer")) env.buffer = this.buffer();
    imports.foreign = link(module, foreign, given, this.memory, () => this.mathExports());
    const { grid, map, runs, points: plain } = instantiate(module, imports) as unknown as Drivers;
    let points = plain;
    if (foreign.kind === "several") {
      const exports = exportsToCall(module, foreign, given, this.memory, () => this.mathExports());
      points = severalCalls(plain, foreign, exports, this.memory, this.buffer());
    }
    /** What is left of an instance that has trapped is not used again. */
    const guarded = <T extends number[], R>(call: (...values: T) => R): ((...values: T) => R) => {
      return (...values) => {
        try {
          return call(...values);
        } catch (error) {
          this.drivers.delete(kernel);
          throw integrandFailure(error);
        }
      };
    };
    return { grid: guarded(grid), map: guarded(map), runs: guarded(runs), points: guarded(points) };
  }

  /** Most integrands call no function of the math provider: its instance, with a memory of its own, waits for one that does. */
  private mathExports(): WebAssembly.Exports {
    this.math ??= instantiate(this.mathModule(), {});
    return this.math;
  }

  /** Room for points and values of a batch. @throws {OutOfMemoryError} */
  private buffer(): number {
    const bytes = 2 * BATCH * Float64Array.BYTES_PER_ELEMENT;
    return assertAllocated(this.core, this.core.threadBuffer(bytes) >>> 0, () => bytes);
  }
}
