/**
 * Many values with one call: runs of numbers go to the core in one piece, whatever else one by one.
 *
 * Role: any thread with an object on the queue.
 */
import { checkOptions, refuse } from "../checks.js";
import { HeddleError } from "../errors.js";
import { Answer, Kind } from "../runtime/core/core-things.js";
import {
  type Claim,
  checkSyncOptions,
  readRef,
  readSignal,
  readTimeout,
  WAIT_OPTIONS,
  type WaitOptions,
  type WaitSyncOptions,
} from "../sync/wait.js";
import { QueueBase } from "./base.js";
import { isNumber } from "./item.js";
import { FEW, takeNumbers } from "./numbers.js";
import { Shipment } from "./shipment.js";

export abstract class BatchQueue<T, Many extends ArrayLike<unknown> = T[]> extends QueueBase<T> {
  private readonly packer = (value: unknown) => this.pack(value as T);

  /**
   * Puts values in, in order; others may come between them. They are copied at the call, as by `put`.
   *
   * @returns how many: all
   * @throws as `put`. The error's `put` says how many went in before it; they stay. `signal.reason` is the caller's own, and does not say so.
   */
  async putMany(values: Iterable<T> | ArrayLike<T>, options: WaitOptions = {}): Promise<number> {
    const shipment = this.ship(values);
    checkOptions(options, WAIT_OPTIONS);
    // Once, for a try that must wait has left its bytes in the thread's hand: nothing of the caller's may run between it and the next.
    const rest = countdown(readTimeout(options.timeout));
    const signal = readSignal(options.signal);
    const ref = readRef(options.ref);
    signal?.throwIfAborted();
    try {
      while (shipment.prepare()) {
        let answer = shipment.attempt(this.live(), 0);
        if (answer === Answer.WAIT || answer === Answer.BUSY) {
          shipment.keep();
          answer = await this.obtain(this.shipClaim(shipment), { timeout: rest(), signal, ref });
        }
        this.assertPut(answer, shipment);
      }
    } catch (error) {
      throw giveUp(shipment, error);
    }
    return shipment.done;
  }

  /** `putMany`, blocking. */
  putManySync(values: Iterable<T> | ArrayLike<T>, options: WaitSyncOptions = {}): number {
    this.assertMayBlock("putMany");
    const shipment = this.ship(values);
    checkSyncOptions(options, `${this.type}.putMany`);
    const rest = countdown(readTimeout(options.timeout));
    try {
      while (shipment.prepare()) {
        let answer = shipment.attempt(this.live(), 0);
        if (answer === Answer.WAIT) {
          answer = this.obtainSync(this.shipClaim(shipment), { timeout: rest() }, "putMany");
        }
        this.assertPut(answer, shipment);
      }
    } catch (error) {
      throw giveUp(shipment, error);
    }
    return shipment.done;
  }

  /**
   * Takes what is there, at most `max` items; waits while there is nothing, and keeps its place in line until it has something.
   *
   * @returns 1 to `max` items; a Float64Array for a queue of type "f64", unless it is by priority
   * @throws as `get`. When an item behind the first cannot be made again, those before it are returned, and the next call that takes (`getMany`, `get` and
   *   their like, of this object) throws why.
   */
  async getMany(max: number, options?: WaitOptions): Promise<Many> {
    const claim = this.batchClaim(max);
    this.assertOk(await this.obtain(claim, options), "get");
    return claim.batch;
  }

  /** `getMany`, blocking. */
  getManySync(max: number, options?: WaitSyncOptions): Many {
    const claim = this.batchClaim(max);
    this.assertOk(this.obtainSync(claim, options, "getMany"), "get");
    return claim.batch;
  }

  private get inRuns(): boolean {
    return this.kind !== Kind.PRIORITY;
  }

  private ship(values: unknown): Shipment {
    return new Shipment(this.member, values, this.packer, this.inRuns);
  }

  private shipClaim(shipment: Shipment): Claim {
    const { member } = this;
    const grip = this.live();
    return {
      member,
      grip,
      attempt: (waiter) => shipment.attempt(grip, waiter),
      spin: () => member.core.queueSpinForRoom(grip) !== 0,
      drop: () => shipment.drop(),
    };
  }

  /** @throws {ArgumentError} @throws what the last batch left */
  private batchClaim(max: number): Claim & { batch: Many } {
    checkMost(max);
    this.throwLate();
    const grip = this.live();
    const { member } = this;
    let first: Float64Array | undefined;
    const claim = {
      member,
      grip,
      batch: [] as ArrayLike<unknown> as Many,
      attempt: (waiter: number): number => {
        first = undefined;
        if (this.inRuns) {
          const run = takeNumbers(member, grip, waiter, max);
          if (typeof run === "number") return run;
          if (run.length > 0) {
            first = run;
            return Answer.OK;
          }
        }
        return member.call(() => member.core.queueGet(grip, waiter));
      },
      take: () => {
        const ofNumbers = first !== undefined && this.numbers;
        const batch = ofNumbers ? takeRuns(claim, first!, max) : this.takeRest(grip, first ?? [this.unpack()], max);
        claim.batch = batch as ArrayLike<unknown> as Many;
      },
      spin: () => member.core.queueSpinForItem(grip) !== 0,
    };
    return claim;
  }

  /** What else is there. The error of an item that is taken and cannot be made again is for the next call: those before it must not go with it. */
  private takeRest(grip: number, first: ArrayLike<unknown>, max: number): T[] {
    const { member } = this;
    const items: T[] = [];
    append(items, first);
    // What comes next is no number, unless the run was cut short, or the last item was one.
    let mayBeRun = this.inRuns && items.length >= FEW;
    try {
      // A codec may close what it is called for.
      while (items.length < max && this.grip === grip && !member.isClosed) {
        if (mayBeRun) {
          const run = takeNumbers(member, grip, 0, max - items.length);
          if (typeof run === "number") break;
          append(items, run);
          mayBeRun = run.length >= FEW;
        } else {
          if (member.call(() => member.core.queueGet(grip, 0)) !== Answer.OK) break;
          mayBeRun = this.inRuns && isNumber(member);
          items.push(this.unpack());
        }
      }
    } catch (error) {
      this.late = { error };
    }
    return items;
  }
}

/** By index: the iterator of a Float64Array takes several times as long. */
function append(items: unknown[], more: ArrayLike<unknown>): void {
  for (let i = 0; i < more.length; i++) items.push(more[i]);
}

/** What else is there of numbers. */
function takeRuns({ member, grip }: Claim, first: Float64Array, max: number): Float64Array {
  const runs = [first];
  let count = first.length;
  for (let run = first; run.length >= FEW && count < max; ) {
    const next = takeNumbers(member, grip, 0, max - count);
    if (typeof next === "number") break;
    runs.push(next);
    count += next.length;
    run = next;
  }
  if (runs.length === 1) return first;
  const all = new Float64Array(count);
  let at = 0;
  for (const run of runs) {
    all.set(run, at);
    at += run.length;
  }
  return all;
}

/** @returns tells how many milliseconds of the time are left. No clock is read where none can run out. */
function countdown(timeout: number): () => number {
  if (timeout === 0 || timeout === Number.POSITIVE_INFINITY) return () => timeout;
  const deadline = performance.now() + timeout;
  return () => Math.max(0, deadline - performance.now());
}

/** @returns the error, which says how many went in before it */
function giveUp(shipment: Shipment, error: unknown): unknown {
  shipment.drop();
  if (error instanceof HeddleError) error.put = shipment.done;
  return error;
}

function checkMost(max: unknown): void {
  if (!Number.isInteger(max) || (max as number) < 1) refuse("max", "a whole number from 1", max);
}
