/**
 * A pool's tally: what statistics are made of. Times in shared memory, added up by the workers as they go.
 *
 *   behind the Tasks' fields (assembly/tasks/records.ts)
 *     160   u32 × 7        how many tasks have ended in each state: the core's, exact
 *     192   f64            when the pool was made, milliseconds since 1970
 *     200   u32, u32       microseconds that tasks have run: low word, high word
 *     208   u32 × 128      histogram of the times that tasks have waited
 *     720   u32 × 128      histogram of the times that they have run
 *     1232  u32            workers of the pool
 *
 * Role: any thread. A worker that dies may take one task's times with it, and no more.
 */
import { TaskState } from "../runtime/core/core-things.js";
import type { Member } from "../runtime/core/member.js";
import { BUCKETS, bucketOf, Histogram } from "./histogram.js";

const At = { ENDED: 160, MADE: 192, BUSY_LOW: 200, BUSY_HIGH: 204, WAITS: 208, RUNS: 720, WORKERS: 1232 } as const;

/** What a pool has done so far: a moment's truth, of all threads together. */
export interface PoolStatistics {
  readonly workers: number;
  /** Tasks that have not begun. A chunk of a `map` is one task, here and everywhere below. */
  readonly queued: number;
  readonly running: number;
  /** Tasks that have returned. */
  readonly done: number;
  /** Tasks that have thrown. */
  readonly failed: number;
  /** Tasks that were given up before they began. */
  readonly cancelled: number;
  /** Tasks whose worker died. */
  readonly lost: number;
  /** How much of the workers' time, since the pool was made, went into tasks: 0 to 1. */
  readonly utilisation: number;
  /** Milliseconds from the call to the beginning, of each task that has begun. */
  readonly waitingTimes: Histogram;
  /** Milliseconds from the beginning to the end, of each task that has returned or thrown. */
  readonly runningTimes: Histogram;
}

/** Read once: a getter, that would be felt beside an empty task. */
const { timeOrigin } = performance;

/** Milliseconds since 1970 on every thread. */
export function clock(): number {
  return timeOrigin + performance.now();
}

export class Tally {
  private readonly address: number;

  constructor(
    private readonly member: Member,
    private readonly grip: number,
  ) {
    this.address = member.core.thingAddress(grip) >>> 0;
  }

  /** The pool was made. */
  open(workers: number): void {
    this.member.words[(this.address + At.WORKERS) >>> 2] = workers;
    this.member.floats[(this.address + At.MADE) >>> 3] = clock();
  }

  /** A task has begun, after so many milliseconds. */
  waited(milliseconds: number): void {
    this.count(At.WAITS, milliseconds);
  }

  /** A task has ended, after so many milliseconds. */
  ran(milliseconds: number): void {
    this.count(At.RUNS, milliseconds);
    const { words } = this.member;
    const microseconds = Math.max(0, Math.round(1000 * milliseconds));
    const sum = (Atomics.add(words, (this.address + At.BUSY_LOW) >>> 2, microseconds) >>> 0) + microseconds;
    const carry = Math.floor(sum / 2 ** 32);
    if (carry > 0) Atomics.add(words, (this.address + At.BUSY_HIGH) >>> 2, carry);
  }

  get workers(): number {
    return this.word(At.WORKERS);
  }

  private count(histogram: number, milliseconds: number): void {
    Atomics.add(this.member.words, ((this.address + histogram) >>> 2) + bucketOf(milliseconds), 1);
  }

  read(): PoolStatistics {
    const { member, grip, workers } = this;
    const { core } = member;
    const now = clock();
    member.settle(() => core.tasksBegun(grip));
    const goingOn = member.count * now - member.floats[member.numberAt]!;
    const busy = (2 ** 32 * this.word(At.BUSY_HIGH) + this.word(At.BUSY_LOW)) / 1000;
    const lived = now - member.floats[(this.address + At.MADE) >>> 3]!;
    return {
      workers,
      queued: core.tasksQueued(grip) >>> 0,
      running: core.tasksRunning(grip) >>> 0,
      done: this.ended(TaskState.DONE),
      failed: this.ended(TaskState.FAILED),
      cancelled: this.ended(TaskState.CANCELLED),
      lost: this.ended(TaskState.LOST),
      utilisation: lived > 0 ? Math.min(1, Math.max(0, (busy + goingOn) / (workers * lived))) : 0,
      waitingTimes: this.histogram(At.WAITS),
      runningTimes: this.histogram(At.RUNS),
    };
  }

  private word(offset: number): number {
    return Atomics.load(this.member.words, (this.address + offset) >>> 2) >>> 0;
  }

  private ended(state: number): number {
    return this.word(At.ENDED + 4 * state);
  }

  private histogram(offset: number): Histogram {
    const start = (this.address + offset) >>> 2;
    return new Histogram(Uint32Array.from(this.member.words.subarray(start, start + BUCKETS)));
  }
}
