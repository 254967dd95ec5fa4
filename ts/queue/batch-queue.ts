/**
 * Many values with one call: runs of numbers go to the core in one piece, whatever else one by one.
 *
 * Role: any thread with an object on the queue.
 */
import { checkOptions, refuse } from "../checks.js";
import { QueueFullError } from "../errors.js";
import { LEAST_ADDRESS } from "../runtime/core.js";
import { Answer, Kind, SCRATCH_BYTES } from "../runtime/core-things.js";
import { busy } from "../runtime/member.js";
import {
  type Claim,
  checkSyncOptions,
  readSignal,
  readTimeout,
  WAIT_OPTIONS,
  type WaitOptions,
  type WaitSyncOptions,
} from "../sync/wait.js";
import { QueueBase } from "./base.js";

/** Numbers that a batch moves with one call of the core. */
const BATCH = 1024;

export abstract class BatchQueue<T, Many extends ArrayLike<unknown> = T[]> extends QueueBase<T> {
  /**
   * Puts values in, in order; others may come between them.
   *
   * @returns how many: all
   * @throws as `put`. `QueueFullError.put` says how many went in; they stay.
   */
  async putMany(values: Iterable<T> | ArrayLike<T>, options: WaitOptions = {}): Promise<number> {
    const list = listOf(values);
    checkOptions(options, WAIT_OPTIONS);
    const timeout = readTimeout(options.timeout);
    readSignal(options.signal)?.throwIfAborted();
    const deadline = performance.now() + timeout;
    let done = 0;
    while (done < list.length) {
      const run = this.numbersFrom(list, done);
      if (run > 1) {
        const { answer, count } = this.putBatch(list, done, run);
        done += count;
        if (answer === Answer.OK) continue;
        if (answer !== Answer.WAIT && answer !== Answer.BUSY) this.assertOk(answer, "put", done);
        const rest = Math.max(0, deadline - performance.now());
        this.assertOk(await this.obtain(this.roomClaim(this.live()), { ...options, timeout: rest }), "put", done);
      } else {
        const rest = Math.max(0, deadline - performance.now());
        await this.put(list[done]!, { ...options, timeout: rest }).catch((error) => throwOn(error, done));
        done++;
      }
    }
    return done;
  }

  /** `putMany`, blocking. */
  putManySync(values: Iterable<T> | ArrayLike<T>, options: WaitSyncOptions = {}): number {
    this.member.assertMayBlock(`${this.type}.putManySync`, `${this.type}.putMany`);
    const list = listOf(values);
    checkSyncOptions(options, `${this.type}.putMany`);
    const timeout = readTimeout(options.timeout);
    const deadline = timeout === 0 || timeout === Number.POSITIVE_INFINITY ? timeout : performance.now() + timeout;
    const rest = (): number => (deadline === timeout ? timeout : Math.max(0, deadline - performance.now()));
    let done = 0;
    while (done < list.length) {
      const run = this.numbersFrom(list, done);
      if (run > 1) {
        const { answer, count } = this.putBatch(list, done, run);
        done += count;
        if (answer === Answer.OK) continue;
        if (answer !== Answer.WAIT) this.assertOk(answer, "put", done);
        this.assertOk(this.obtainSync(this.roomClaim(this.live()), { timeout: rest() }, "putMany"), "put", done);
      } else {
        try {
          this.putSync(list[done]!, { timeout: rest() });
        } catch (error) {
          throwOn(error, done);
        }
        done++;
      }
    }
    return done;
  }

  /**
   * Takes what is there, at most `max` items; waits while there is nothing.
   *
   * @returns 1 to `max` items; a Float64Array for a queue of type "f64"
   * @throws as `get`
   */
  async getMany(max: number, options?: WaitOptions): Promise<Many> {
    checkMost(max);
    checkOptions(options, WAIT_OPTIONS);
    readTimeout(options?.timeout);
    readSignal(options?.signal)?.throwIfAborted();
    for (;;) {
      const items = this.takeBatch(max);
      if (items !== null) return items;
      this.assertOk(await this.obtain(this.itemClaim(this.live()), options), "get");
    }
  }

  /** `getMany`, blocking. */
  getManySync(max: number, options?: WaitSyncOptions): Many {
    this.member.assertMayBlock(`${this.type}.getManySync`, `${this.type}.getMany`);
    checkMost(max);
    checkSyncOptions(options, `${this.type}.getMany`);
    readTimeout(options?.timeout);
    for (;;) {
      const items = this.takeBatch(max);
      if (items !== null) return items;
      this.assertOk(this.obtainSync(this.itemClaim(this.live()), options, "getMany"), "get");
    }
  }

  /** How many plain numbers follow from `start` on; 0 where they cannot go in one piece. */
  private numbersFrom(list: ArrayLike<T>, start: number): number {
    if (this.kind === Kind.PRIORITY) return 0;
    const end = Math.min(list.length, start + BATCH);
    if (list instanceof Float64Array) return end - start;
    let i = start;
    while (i < end && typeof list[i] === "number") i++;
    return i - start;
  }

  /** Puts a run of numbers, as many as there is room for. */
  private putBatch(
    list: ArrayLike<T>,
    start: number,
    count: number,
  ): { readonly answer: number; readonly count: number } {
    const grip = this.live();
    const { member } = this;
    const { core, floats } = member;
    return this.withRoom(8 * count, (source) => {
      const at = source >>> 3;
      if (list instanceof Float64Array) floats.set(list.subarray(start, start + count), at);
      else for (let i = 0; i < count; i++) floats[at + i] = list[start + i] as number;
      const answer = member.call(() => core.queuePutMany(grip, source, count));
      return { answer, count: member.count };
    });
  }

  /** Memory for a batch: the thread's own for a small one, a block in its hand for others. */
  private withRoom<Result>(bytes: number, use: (address: number) => Result): Result {
    const { member } = this;
    if (bytes <= SCRATCH_BYTES) return use(member.scratch);
    const address = member.call(() => member.core.valueTake(bytes)) >>> 0;
    if (address === Answer.NO_MEMORY) throw member.outOfMemory(bytes);
    if (address < LEAST_ADDRESS) throw busy();
    try {
      return use(address);
    } finally {
      member.core.valueDrop();
    }
  }

  /** What is there, without waiting; null when there is nothing. */
  private takeBatch(max: number): Many | null {
    const items: T[] = [];
    if (this.kind !== Kind.PRIORITY) {
      const numbers = this.takeNumbers(Math.min(max, BATCH));
      if (numbers === null) return null;
      if (this.numbers) return numbers as ArrayLike<unknown> as Many;
      for (let i = 0; i < numbers.length; i++) items.push(numbers[i] as T);
    }
    // Then one by one: what has bytes, and what has a priority.
    const { member } = this;
    const grip = this.live();
    while (items.length < max) {
      const answer = member.call(() => member.core.queueGet(grip, 0));
      if (answer === Answer.OK) items.push(this.unpack());
      else if (items.length > 0) break;
      else if (answer === Answer.WAIT) return null;
      else this.assertOk(answer, "get");
    }
    return items as ArrayLike<unknown> as Many;
  }

  /** The numbers that would leave next: none when the next is something else, null when there is nothing. */
  private takeNumbers(max: number): Float64Array | null {
    const grip = this.live();
    const { member } = this;
    const { core, floats } = member;
    return this.withRoom(8 * max, (target) => {
      const answer = member.call(() => core.queueGetMany(grip, target, max));
      if (answer === Answer.WAIT) return null;
      this.assertOk(answer, "get");
      return floats.slice(target >>> 3, (target >>> 3) + member.count);
    });
  }

  private roomClaim(grip: number): Claim {
    const { member } = this;
    return {
      member,
      grip,
      attempt: (waiter) => member.call(() => member.core.queueAwaitRoom(grip, waiter)),
      spin: () => member.core.queueSpinForRoom(grip) !== 0,
    };
  }

  private itemClaim(grip: number): Claim {
    const { member } = this;
    return {
      member,
      grip,
      attempt: (waiter) => member.call(() => member.core.queueAwaitItem(grip, waiter)),
      spin: () => member.core.queueSpinForItem(grip) !== 0,
    };
  }
}

function checkMost(max: unknown): void {
  if (!Number.isInteger(max) || (max as number) < 1) refuse("max", "a whole number from 1", max);
}

function listOf<T>(values: Iterable<T> | ArrayLike<T>): ArrayLike<T> {
  if (typeof values === "object" && values !== null) {
    if ("length" in values) return values;
    if (Symbol.iterator in values) return Array.from(values);
  }
  refuse("values", "an array or something iterable", values);
}

/** The error of one put among many, with how many came before it. */
function throwOn(error: unknown, done: number): never {
  throw error instanceof QueueFullError ? new QueueFullError(error.message, done) : error;
}
