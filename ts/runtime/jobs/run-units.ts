/**
 * Jobs of units on the crew: for as long as a call has such jobs, it holds the crew by a `UnitCall`.
 *
 *   const call = new UnitCall(context, [kernel], threads, signal);
 *   try {
 *     await call.run(spec);          // as often as there are rounds
 *   } finally {
 *     call.close();
 *   }
 *
 * When `run` resolves, all units are done, and nobody touches the record any more. When it rejects, threads may be in the job still: blocks that the units were of
 * are to be freed by `Heap.freeBehind`, and not to be used again.
 *
 * Role: the thread that made the context. `run` leaves it free while it waits, `runSync` blocks it, where it may sleep.
 */

import { computeUnits } from "../compute/compute-units.js";
import type { Context } from "../context.js";
import { onAbort } from "../waiting/abort.js";
import { wordChange } from "../waiting/wait.js";
import type { Kernel } from "./run.js";
import { UnitJob, type UnitSpec } from "./unit-job.js";

/** Milliseconds between two looks whether a thread that was taken for dead has come to rest. */
const REST = 2;

export class UnitCall {
  /** Pieces of work that were begun again because their thread died. */
  restarts = 0;
  private readonly members = new Int32Array(8);
  private readonly crew;
  private readonly failed: number;
  private readonly begun = performance.now();
  private readonly forget: () => void;
  private up: number | undefined;
  /** Whether this thread has one of the seats. */
  private sits = false;
  /** Seats that all jobs of the call have in common. */
  private readonly seats: number;

  /**
   * @param threads workers that compute at a time, or, in `runSync`, with the calling thread
   * @throws {ClosedError} @throws {OutOfMemoryError} @throws {BusyError} on a page; nothing has changed
   */
  constructor(
    private readonly context: Context,
    kernels: readonly Kernel[],
    private readonly threads: number,
    private readonly signal?: AbortSignal,
    workers = threads,
  ) {
    context.assertOpen();
    const { heap } = context;
    this.seats = heap.alloc(4 * threads);
    heap.words.fill(0, this.seats >>> 2, (this.seats >>> 2) + threads);
    const { crew, failed } = context.grow(workers);
    this.crew = crew;
    this.failed = failed;
    for (const { number, given } of kernels) if (given !== undefined) crew.give(number, given);
    const look = (): void => {
      if (crew.ready.size >= workers) this.up ??= performance.now() - this.begun;
    };
    look();
    crew.hold();
    this.forget = context.onNews(look);
  }

  /** Milliseconds until the threads were up. */
  get startup(): number {
    return this.up ?? performance.now() - this.begun;
  }

  /** Threads that have computed. */
  get count(): number {
    let count = 0;
    for (let word of this.members) for (; word !== 0; word &= word - 1) count++;
    return Math.min(count, this.threads);
  }

  /** A job of this call, to be filled and handed to `finish`. @throws {OutOfMemoryError} @throws {BusyError} on a page; nothing has changed */
  open(spec: UnitSpec): UnitJob {
    this.context.assertOpen();
    return new UnitJob(this.context, spec, this.threads, true, this.seats);
  }

  /** Has a job of units computed by the crew. @throws as `finish` */
  async run(spec: UnitSpec): Promise<void> {
    const job = await this.context.whenFree(this.signal, () => this.open(spec));
    await this.finish(job, (done) => done.retire());
  }

  /**
   * Publishes a job, waits for its end, and calls `then` on it, which is to retire it, whatever came of it: with `true` when its units are done.
   *
   * @throws {WorkerError} no worker could start, or one unit ended three. @throws {IntegrandError} and others, as the integrand fails
   * @throws {ClosedError} @throws `signal.reason`
   */
  async finish(job: UnitJob, then: (job: UnitJob, isDone: boolean) => void): Promise<void> {
    const { context, signal } = this;
    let isDone = false;
    try {
      await context.takePlace(signal);
      try {
        await this.wait(job);
        isDone = true;
      } finally {
        context.leavePlace();
      }
    } finally {
      then(job, isDone);
    }
  }

  private async wait(job: UnitJob): Promise<void> {
    const { context, signal } = this;
    const { words } = context.heap;
    signal?.throwIfAborted();
    context.assertOpen();
    // Ends our own wait: an abandoned one would eat a wake-up of whoever uses the address next.
    const interrupt = (): void => void Atomics.notify(words, job.word);
    const forgets = [context.onNews(interrupt), onAbort(signal, interrupt)];
    try {
      job.publish();
      for (;;) {
        const event = Atomics.load(words, job.word);
        signal?.throwIfAborted();
        if (!job.isRunning) break;
        context.assertCrew(this.failed);
        await wordChange(words, job.word, event);
      }
      this.note(job);
      while (job.isHaunted) {
        await new Promise((resolve) => setTimeout(resolve, REST));
        signal?.throwIfAborted();
        context.assertOpen();
      }
    } finally {
      for (const forget of forgets) forget();
    }
  }

  /**
   * The same, blocking: this thread computes with the others. Where it may not sleep, or the board is full, use a job of its own (`UnitJob`).
   *
   * @throws as `run`, but for the abort
   */
  runSync(spec: UnitSpec): void {
    const job = this.open(spec);
    this.publishSync(job);
    try {
      this.waitSync(job);
    } finally {
      this.endSync(job);
    }
  }

  /** Publishes a job for a thread that blocks. Then `endSync`, whatever comes of it. */
  publishSync(job: UnitJob): void {
    this.context.takePlaceNow();
    job.publish();
  }

  /** Computes what there is to claim in a job now. */
  computeSync(job: UnitJob): void {
    if (!this.sits) this.sits = this.context.heap.core.jobSit(job.address) !== 0;
    if (this.sits) computeUnits(job.part(), -1, Number.POSITIVE_INFINITY);
  }

  /** Computes, or sleeps, until a job is done, and nobody touches its record any more. @throws as `finish` */
  waitSync(job: UnitJob): void {
    const { words, member } = this.context.heap;
    for (;;) {
      const event = Atomics.load(words, job.word);
      this.computeSync(job);
      if (!job.isRunning) break;
      // Ends with the job, or when a death has left a unit to claim again.
      member.asleep(job.word << 2, () => Atomics.wait(words, job.word, event));
    }
    this.note(job);
    // Nobody changes the word any more: a clock.
    while (job.isHaunted) Atomics.wait(words, job.word, Atomics.load(words, job.word), REST);
  }

  endSync(job: UnitJob): void {
    this.context.leavePlace();
    job.retire();
  }

  /** Adds up what a job that has ended says of its threads. @throws as `UnitJob.assertDone` */
  private note(job: UnitJob): void {
    job.assertDone();
    job.addMembers(this.members);
    this.restarts += job.restarts;
  }

  /** Gives this thread's seat back. */
  private stand(): void {
    const { words } = this.context.heap;
    for (let seat = 0; seat < this.threads; seat++) Atomics.compareExchange(words, (this.seats >>> 2) + seat, 1, 0);
    this.sits = false;
  }

  /** Lets the crew go. Nothing else may be called then. */
  close(): void {
    this.stand();
    this.forget();
    this.crew.release();
    this.context.heap.freeBehind(this.seats);
  }
}
