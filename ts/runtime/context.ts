/**
 * A context: one shared memory, the core on it, a crew that starts on first use, and the jobs that are open.
 *
 *   job    created -> [published -> retired] -> freed, at once or when the last thread has left it
 *   crew   none -> starting -> warm; replaced member by member; closed with the context
 *
 * Role: the thread that made the context.
 */
import { platform } from "#platform";
import { ArgumentError, ClosedError, OutOfMemoryError, WorkerError } from "../errors.js";
import { onAbort } from "./abort.js";
import { compute, DriverCache, Pace } from "./compute.js";
import {
  type Core,
  instantiateCore,
  JOB_DONE,
  JOB_POISONED,
  JOB_RUNNING,
  LEAST_ADDRESS,
  WORKERS_MAXIMUM,
} from "./core.js";
import { CrewLink } from "./crew-link.js";
import { createJob, type JobSpec, type JobSums, jobSize, jobSums } from "./job.js";
import { Line } from "./line.js";
import { coreModule, mathModule } from "./modules.js";
import { passStretch, takeStretch } from "./stretch.js";
import { wordChange } from "./wait.js";

export interface ContextOptions {
  /** Bytes of the shared memory, a multiple of 65,536. Default 64 MiB. It never grows. */
  readonly memory?: number;
  /** Workers for calls that do not say how many. Default: as many as the machine runs at a time. */
  readonly threads?: number;
  /** Script of the workers: `worker.browser.js` or `worker.node.js` of this package under another address. */
  readonly workerUrl?: string;
}

/** A compiled integrand: the spliced module, its bytes for the workers, and the number under which they cache it. */
export interface Kernel {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly module: WebAssembly.Module;
}

export interface RunOptions {
  readonly threads: number;
  readonly signal: AbortSignal | undefined;
  /** Called now and then with the part that is done. */
  readonly onFraction: ((fraction: number) => void) | undefined;
}

export interface RunResult {
  readonly sums: JobSums;
  readonly threads: number;
  readonly restarts: number;
  /** Milliseconds until the threads were up. */
  readonly startup: number;
}

const PAGE_BYTES = 65536;
const MEMORY_DEFAULT = 64 * 2 ** 20;
/** The context does not begin at address 0, so that no address in it is mistaken for "none". */
const BASE = 1024;
/** Jobs on the board at a time (assembly/memory/layout.ts, BOARD_SLOTS); others wait their turn. */
const OPEN_JOBS_MAXIMUM = 16;
const PROGRESS_INTERVAL = 50;

export class Context {
  readonly core: Core;
  readonly memory: WebAssembly.Memory;
  readonly threads: number;
  private readonly words: Int32Array;
  private readonly drivers: DriverCache;
  private crew: CrewLink | undefined;
  private closed = false;
  private openJobs = 0;
  /** Calls that wait for a place on the board. */
  private readonly turns = new Line();
  /** Jobs that ended while some thread was still in them. */
  private readonly lingering = new Set<number>();
  /** One for each published job: looks whether the crew has failed. */
  private readonly watchers = new Set<() => void>();

  constructor(private readonly options: ContextOptions) {
    const bytes = options.memory ?? MEMORY_DEFAULT;
    const minimum = 2 ** 20;
    if (!Number.isInteger(bytes / PAGE_BYTES) || bytes < minimum || bytes > 2 ** 32) {
      throw new ArgumentError(
        `\`memory\` must be a multiple of ${PAGE_BYTES} bytes from ${minimum} to ${2 ** 32}, got ${String(bytes)}`,
        "memory",
        bytes,
      );
    }
    this.threads = options.threads ?? Math.min(platform.parallelism(), WORKERS_MAXIMUM);
    const pages = bytes / PAGE_BYTES;
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.words = new Int32Array(this.memory.buffer);
    this.core = instantiateCore(coreModule(), this.memory, BASE, 0, platform.mayBlock());
    this.core.contextInit(bytes - BASE);
    this.drivers = new DriverCache(this.memory, mathModule());
  }

  /** Workers that are up. */
  get warm(): number {
    return this.crew?.ready.size ?? 0;
  }

  private assertOpen(): void {
    if (this.closed)
      throw new ClosedError("expected an open context, this one was closed; make another with createHeddle()");
  }

  /** Starts workers without waiting for work. Resolves when all are up, or as many as could start. */
  async start(threads: number): Promise<void> {
    this.assertOpen();
    const crew = this.grow(threads);
    crew.hold();
    try {
      await this.until(() => crew.ready.size >= threads || crew.failure !== null || this.closed);
      if (this.crewIsLost()) throw this.crewError();
    } finally {
      crew.release();
    }
  }

  /** Resolves when `isTrue()`, asked after each piece of news from the crew. */
  private until(isTrue: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!isTrue()) return;
        this.watchers.delete(look);
        resolve();
      };
      this.watchers.add(look);
      look();
    });
  }

  private grow(threads: number): CrewLink {
    if (this.crew?.isOver) {
      // The supervisor died, and its workers with it: nobody was left to give back what they held.
      for (let number = 1; number <= WORKERS_MAXIMUM; number++) {
        this.core.threadDied(number);
        this.core.threadVacate(number);
      }
      this.crew = undefined;
    }
    if (this.crew === undefined) {
      this.crew = new CrewLink(this.core, {
        memory: this.memory,
        core: coreModule(),
        math: mathModule(),
        base: BASE,
        workerUrl: this.options.workerUrl,
      });
      this.crew.onChange = () => {
        for (const look of [...this.watchers]) look();
      };
    }
    this.crew.grow(threads);
    return this.crew;
  }

  private crewIsLost(): boolean {
    return this.closed || (this.crew !== undefined && this.crew.failure !== null && this.crew.ready.size === 0);
  }

  private crewError(): Error {
    if (this.closed) return new ClosedError("the context was closed while the call was under way");
    const where = this.options.workerUrl === undefined ? "" : ` from workerUrl ${this.options.workerUrl}`;
    return new WorkerError(
      `expected a worker to start${where}, but none could: ${this.crew?.failure}; check workerUrl and the page's Content-Security-Policy (worker-src)`,
    );
  }

  /** Computes on the calling thread, which lets events run every few milliseconds. */
  async runInline(kernel: Kernel, spec: JobSpec, options: RunOptions): Promise<RunResult> {
    this.assertOpen();
    const job = this.create(spec, new Uint8Array(0), kernel.number, 1);
    try {
      const { signal, onFraction } = options;
      const drivers = this.drivers.get(kernel.number, () => kernel.module);
      const work = this.core.jobWork(job) >>> 0;
      const pace = new Pace();
      this.core.jobSit(job);
      let chunk = -1;
      let shown = performance.now();
      for (;;) {
        const end = await takeStretch(signal);
        signal?.throwIfAborted();
        this.assertOpen();
        chunk = compute(this.core, drivers, job, work, chunk, pace, () => performance.now() >= end);
        if (chunk < 0) break;
        if (onFraction !== undefined && performance.now() - shown >= PROGRESS_INTERVAL) {
          shown = performance.now();
          onFraction(this.core.jobFraction(job));
        }
      }
      return this.result(job, 0);
    } finally {
      passStretch();
      this.core.free(job);
    }
  }

  /** Computes on the crew while the calling thread stays free. */
  async runThreads(kernel: Kernel, spec: JobSpec, options: RunOptions): Promise<RunResult> {
    this.assertOpen();
    const { signal, onFraction, threads } = options;
    const begun = performance.now();
    const crew = this.grow(threads);
    let startup = crew.ready.size >= threads ? 0 : -1;
    crew.hold();
    let hasTurn = false;
    let job = 0;
    let timer: ReturnType<typeof setInterval> | undefined;
    let stopListening = (): void => {};
    const look = (): void => {
      if (startup < 0 && crew.ready.size >= threads) startup = performance.now() - begun;
      if (this.crewIsLost()) interrupt();
    };
    // Ends our own wait: an abandoned one would eat a wake-up of whoever uses the address next.
    const interrupt = (): void => {
      if (job !== 0) Atomics.notify(this.words, this.core.jobEventWord(job) >>> 2);
    };
    const failure: { error?: unknown } = {};
    try {
      await this.turn(signal);
      hasTurn = true;
      signal?.throwIfAborted();
      this.assertOpen();
      job = this.create(spec, kernel.bytes, kernel.number, threads);
      this.watchers.add(look);
      stopListening = onAbort(signal, interrupt);
      if (onFraction !== undefined) {
        timer = setInterval(() => {
          try {
            onFraction(this.core.jobFraction(job));
          } catch (error) {
            failure.error = error;
            interrupt();
          }
        }, PROGRESS_INTERVAL);
      }
      this.core.jobPublish(job);
      const word = this.core.jobEventWord(job) >>> 2;
      for (;;) {
        const event = Atomics.load(this.words, word);
        // Before the state: what was thrown, or aborted, while the last chunk was computed is not to be swallowed.
        if ("error" in failure) throw failure.error;
        signal?.throwIfAborted();
        if (this.core.jobState(job) !== JOB_RUNNING) break;
        if (this.crewIsLost()) throw this.crewError();
        await wordChange(this.words, word, event);
      }
      return this.result(job, startup < 0 ? performance.now() - begun : startup);
    } finally {
      clearInterval(timer);
      this.watchers.delete(look);
      stopListening();
      if (job !== 0) this.release(job);
      if (hasTurn) this.endTurn();
      crew.release();
    }
  }

  /** Computes on the calling thread and, where it may block, on workers beside it. Blocks until done. */
  runSync(kernel: Kernel, spec: JobSpec, threads: number): RunResult {
    this.assertOpen();
    const shared = threads > 1 && platform.mayBlock() && platform.supervised && this.openJobs < OPEN_JOBS_MAXIMUM;
    const seats = shared ? threads : 1;
    const job = this.create(spec, shared ? kernel.bytes : new Uint8Array(0), kernel.number, seats);
    try {
      const drivers = this.drivers.get(kernel.number, () => kernel.module);
      const work = this.core.jobWork(job) >>> 0;
      const pace = new Pace();
      this.core.jobSit(job);
      if (shared) {
        this.openJobs++;
        this.grow(threads - 1);
        this.core.jobPublish(job);
      }
      const word = this.core.jobEventWord(job) >>> 2;
      for (;;) {
        const event = Atomics.load(this.words, word);
        compute(this.core, drivers, job, work, -1, pace, () => false);
        if (this.core.jobState(job) !== JOB_RUNNING) break;
        // Nothing left to claim: others compute the rest. Ends with the job, or when a death has left something to claim again.
        Atomics.wait(this.words, word, event);
      }
      return this.result(job, 0);
    } finally {
      if (shared) {
        this.openJobs--;
        this.release(job);
      } else {
        this.core.free(job);
      }
    }
  }

  /** f at the points `x`, on the calling thread. */
  map(kernel: Kernel, parameters: readonly number[], x: Float64Array): Float64Array {
    this.assertOpen();
    const count = x.length + (x.length & 1);
    const bytes = 8 * (parameters.length + 2 * count) + 16;
    // Beyond 2^32 the number of bytes would be cut to its low 32 bits on its way into the core.
    const block = bytes < 2 ** 32 ? this.alloc(bytes) : this.assertAllocated(0, () => bytes);
    try {
      const at = block >>> 3;
      const doubles = new Float64Array(this.memory.buffer);
      doubles.set(parameters, at);
      const xAt = at + parameters.length;
      doubles.set(x, xAt);
      if (count > x.length) doubles[xAt + x.length] = x[x.length - 1] as number;
      const drivers = this.drivers.get(kernel.number, () => kernel.module);
      drivers.map(block, xAt * 8, (xAt + count) * 8, count);
      return doubles.slice(xAt + count, xAt + count + x.length);
    } finally {
      this.core.free(block);
    }
  }

  /** Bytes of the arena: all, in use, the most that ever were in use. */
  memoryUse(): { total: number; used: number; peak: number } {
    this.sweep();
    return {
      total: this.core.memoryTotal() >>> 0,
      used: this.core.memoryUsed() >>> 0,
      peak: this.core.memoryPeak() >>> 0,
    };
  }

  /** Ends a worker by force after some milliseconds, as a crash would: for tests of recovery. */
  kill(number: number, after: number): void {
    this.crew?.kill(number, after);
  }

  /** Numbers of the workers that are up. */
  workers(): number[] {
    return [...(this.crew?.ready ?? [])].sort((a, b) => a - b);
  }

  /** Rejects what is under way, stops the workers, resolves when they are gone. */
  async close(): Promise<void> {
    this.closed = true;
    for (const look of [...this.watchers]) look();
    await this.crew?.close();
  }

  private result(job: number, startup: number): RunResult {
    const state = this.core.jobState(job);
    if (state === JOB_POISONED) {
      throw new WorkerError(
        "one piece of this integral ended three workers, so it is not tried again; expected an integrand that a worker survives",
      );
    }
    if (state !== JOB_DONE) throw new WorkerError(`expected a finished job, found state ${state}`);
    return {
      sums: jobSums(this.core, job),
      threads: this.core.jobThreads(job),
      restarts: this.core.jobRestarts(job),
      startup,
    };
  }

  private create(spec: JobSpec, kernelBytes: Uint8Array, kernelNumber: number, seats: number): number {
    this.sweep();
    const job = createJob(this.core, this.memory, spec, kernelBytes, kernelNumber, seats);
    return this.assertAllocated(job, () => jobSize(this.core, spec, kernelBytes.length, seats));
  }

  private alloc(bytes: number): number {
    return this.assertAllocated(this.core.alloc(bytes) >>> 0, () => bytes);
  }

  private assertAllocated(address: number, needed: () => number): number {
    if (address >= LEAST_ADDRESS) return address;
    if (address === 0) {
      throw new OutOfMemoryError(needed(), (this.core.memoryTotal() >>> 0) - (this.core.memoryUsed() >>> 0));
    }
    throw new WorkerError(
      `expected the lock of the shared memory to be free, another thread held it (${address}); try again`,
    );
  }

  /** Gives a published job up: tells those who compute, takes it off the board, frees it as soon as the last has left. */
  private release(job: number): void {
    this.core.jobCancel(job);
    this.core.jobRetire(job);
    if (this.core.jobRestarts(job) > 0 && platform.afterlife > 0) {
      // A dead worker may still be writing into the block.
      setTimeout(() => this.lingering.add(job), platform.afterlife);
      return;
    }
    this.lingering.add(job);
    this.sweep();
  }

  private sweep(): void {
    for (const job of this.lingering) {
      if (this.core.jobIsTouched(job)) continue;
      this.lingering.delete(job);
      this.core.free(job);
    }
  }

  /** Waits until the board has room for one more job. @throws `signal.reason` when aborted before */
  private async turn(signal: AbortSignal | undefined): Promise<void> {
    if (this.openJobs < OPEN_JOBS_MAXIMUM) this.openJobs++;
    // Else the place comes from `endTurn`, which leaves the count as it is.
    else await this.turns.wait(signal);
  }

  private endTurn(): void {
    if (!this.turns.next()) this.openJobs--;
  }
}
