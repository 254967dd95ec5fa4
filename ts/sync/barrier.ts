/**
 * Barrier: a number of parties wait for each other. Python's `threading.Barrier`.
 *
 * Role: any thread. The action belongs to an object, not to the record: the last to arrive runs that of its own.
 */
import { checkFunction, checkOptions, checkWhole } from "../checks.js";
import { ArgumentError, BrokenBarrierError } from "../errors.js";
import { LEAST_ADDRESS } from "../runtime/core/core.js";
import { Answer, Kind } from "../runtime/core/core-things.js";
import {
  type Handle,
  isRevival,
  originOf,
  type Revival,
  THING_OPTIONS,
  Thing,
  type ThingOptions,
  teach,
} from "./thing.js";
import {
  type Claim,
  checkSyncOptions,
  readRef,
  readSignal,
  readTimeout,
  WAIT_OPTIONS,
  type WaitOptions,
  type WaitSyncOptions,
} from "./wait.js";

export interface BarrierOptions extends ThingOptions {
  /** Run by the last to arrive, before anybody goes on. Functions do not travel: each object has its own, or none. */
  readonly action?: (() => unknown) | undefined;
  /** Milliseconds for waits that do not say; undefined, null and Infinity: for ever. */
  readonly timeout?: number | null | undefined;
}

const BARRIER_OPTIONS = [...THING_OPTIONS, "action", "timeout"];

interface ArrivalClaim extends Claim {
  index: number;
  /** Which round's action it is to run. */
  round: number;
  leave(waiter: number): number;
}

/**
 * A number of parties wait for each other, round after round. When one of them runs out of time, or its thread dies, the barrier is broken: all who
 * wait and all who come get `BrokenBarrierError`, until `reset`. Who is aborted, or closes its object, is as one who never came.
 *
 * @example
 *   const barrier = new Barrier(3, { action: () => console.log("all here") });
 *   // in each of three threads or tasks:
 *   const index = await barrier.wait();   // 0, 1, 2: one each
 */
export class Barrier extends Thing {
  protected override readonly type = "Barrier";
  protected override readonly kind = Kind.BARRIER;
  readonly #action: (() => unknown) | undefined;
  readonly #timeout: number;

  /** @param parties how many, from 1 */
  constructor(parties: number | (Revival & BarrierOptions), options?: BarrierOptions) {
    const isNew = !isRevival(parties);
    const given: BarrierOptions | undefined = isNew ? options : parties;
    if (isNew) checkWhole("parties", parties, 1, 2 ** 31 - 1);
    const { member, make } = originOf(
      given,
      "Barrier",
      Kind.BARRIER,
      ({ core }, spin) => core.barrierMake(parties as number, spin),
      BARRIER_OPTIONS,
    );
    if (given?.action !== undefined) checkFunction("action", given.action);
    const timeout = readTimeout(given?.timeout);
    super(member, make);
    this.#action = given?.action;
    this.#timeout = timeout;
  }

  /** The barrier of a handle, on this thread, with an action and a timeout of its own. @throws {HandleError} */
  static from(handle: Handle, options?: BarrierOptions): Barrier {
    return fromHandle(handle, options);
  }

  get parties(): number {
    return this.member.core.barrierParties(this.live()) >>> 0;
  }

  /** How many have arrived and wait; during the action all. A moment's truth. */
  get waiting(): number {
    return this.member.core.barrierWaiting(this.live()) >>> 0;
  }

  get broken(): boolean {
    return this.member.core.barrierIsBroken(this.live()) !== 0;
  }

  /** Refuses all who wait, and makes the barrier whole again. @throws {BusyError} on a page; nothing has changed */
  reset(): void {
    const grip = this.live();
    this.member.settle(() => this.member.core.barrierBreak(grip, 0));
  }

  /** Refuses all who wait and all who come, until `reset`. @throws {BusyError} on a page; nothing has changed */
  abort(): void {
    const grip = this.live();
    this.member.settle(() => this.member.core.barrierBreak(grip, 1));
  }

  /**
   * Arrives, and waits for the others. The last runs the action; who comes while that runs stands aside until it is over, and belongs to the next round.
   *
   * @param options.timeout undefined: that of the constructor; 0 breaks the barrier unless it is the last
   * @returns its number in the order of arrival, from 0
   * @throws {BrokenBarrierError} out of time (which breaks the barrier), or it is or gets broken
   * @throws what the action throws, for the one who runs it
   * @throws `signal.reason` when aborted; {ClosedError} when this object is closed meanwhile
   */
  async wait(options: WaitOptions = {}): Promise<number> {
    this.live();
    checkOptions(options, WAIT_OPTIONS);
    const timeout = this.#timeoutOf(options);
    const signal = readSignal(options.signal);
    const ref = readRef(options.ref);
    // Not before the options were read: that may run code of the caller's, which may close this object.
    const grip = this.live();
    const claim = this.#claim(grip, signal);
    // The grip is needed to the end, also if the last to arrive closes the object in its action.
    this.beginStep();
    try {
      let answer = await this.obtain(claim, { timeout, signal, ref });
      if (answer === Answer.WAIT) answer = await this.#comeLate(claim, signal);
      if (answer === Answer.RUN) {
        await this.#run(grip, claim.round);
        return claim.index;
      }
      return this.#index(answer, claim);
    } finally {
      this.endStep();
    }
  }

  /** `wait`, blocking. The action may not be asynchronous. @throws {UnsupportedError} on a page's own thread */
  waitSync(options: WaitSyncOptions = {}): number {
    const grip = this.live();
    checkSyncOptions(options, "Barrier.wait");
    const timeout = this.#timeoutOf(options);
    const claim = this.#claim(grip);
    let answer = this.obtainSync(claim, { timeout }, "wait");
    if (answer === Answer.WAIT) answer = this.#comeLateSync(claim);
    if (answer !== Answer.RUN) return this.#index(answer, claim);
    this.beginStep();
    try {
      this.#runSync(grip, claim.round);
    } finally {
      this.endStep();
    }
    return claim.index;
  }

  protected override state(): Readonly<Record<string, unknown>> {
    return { parties: this.parties, waiting: this.waiting, broken: this.broken };
  }

  #timeoutOf({ timeout }: WaitSyncOptions): number {
    return timeout === undefined ? this.#timeout : readTimeout(timeout);
  }

  #claim(grip: number, signal?: AbortSignal): ArrivalClaim {
    const { member } = this;
    const { words } = member;
    const claim: ArrivalClaim = {
      member,
      grip,
      index: 0,
      round: 0,
      attempt: (waiter) => {
        const answer = member.call(() => member.core.barrierArrive(grip, waiter));
        if (answer === Answer.OK || answer === Answer.RUN) claim.index = member.count;
        if (answer === Answer.RUN) claim.round = words[member.blockAt]! >>> 0;
        return answer;
      },
      leave: (waiter) => {
        // Who is aborted or closed has never come; who runs out of time breaks it.
        const breaks = Number(!signal?.aborted && !this.closed && !member.isClosed);
        const answer = member.call(() => member.core.barrierLeave(grip, waiter, breaks));
        if (answer === Answer.OK) claim.index = member.count;
        // Nobody looks at its word any more: lets go of the promise that waits for it.
        if (answer !== Answer.BUSY) Atomics.notify(words, waiter >>> 2);
        return answer;
      },
    };
    return claim;
  }

  #index(answer: number, claim: ArrivalClaim): number {
    if (answer === Answer.OK) return claim.index;
    if (answer === Answer.NO_MEMORY) throw this.member.outOfMemory(0);
    throw brokenBarrier();
  }

  /**
   * Its time is over, and it has not arrived: it only tried, or stood aside. Arrives nevertheless, which breaks the barrier unless it is the last; but not the
   * round whose action still runs: that is waited for.
   */
  async #comeLate(claim: ArrivalClaim, signal: AbortSignal | undefined): Promise<number> {
    const { member } = this;
    for (;;) {
      const waiter = member.call(() => member.core.waiterTake()) >>> 0;
      if (waiter === Answer.NO_MEMORY) return waiter;
      let answer = waiter < LEAST_ADDRESS ? Answer.BUSY : claim.attempt(waiter);
      if (answer === Answer.WAIT) {
        for (answer = claim.leave(waiter); answer === Answer.BUSY; answer = claim.leave(waiter)) await soon();
      }
      if (answer !== Answer.BUSY && answer !== Answer.WAIT) return answer;
      await soon();
      if (signal?.aborted) throw signal.reason;
      this.live();
    }
  }

  #comeLateSync(claim: ArrivalClaim): number {
    const { ownWaiter } = this.member;
    const never = new Int32Array(new SharedArrayBuffer(4));
    for (;;) {
      let answer = claim.attempt(ownWaiter);
      if (answer === Answer.WAIT) answer = claim.leave(ownWaiter);
      if (answer !== Answer.WAIT) return answer;
      // Nobody changes this word: the thread sleeps for a millisecond.
      Atomics.wait(never, 0, 0, 1);
    }
  }

  async #run(grip: number, round: number): Promise<void> {
    try {
      await this.#action?.();
    } catch (error) {
      await this.#open(grip, round, false);
      throw error;
    }
    if ((await this.#open(grip, round, true)) !== Answer.OK) throw brokenBarrier();
  }

  #runSync(grip: number, round: number): void {
    const { member } = this;
    const open = (succeeded: boolean): number =>
      member.settle(() => member.core.barrierOpen(grip, round, Number(succeeded)));
    try {
      const result = this.#action?.();
      if (isThenable(result)) {
        // Its own failure is not the news: this is.
        result.then(undefined, () => {});
        throw new ArgumentError(
          "expected an action that returns when it is done, `waitSync` got one that returns a promise; use `await barrier.wait()`",
          "action",
          this.#action,
        );
      }
    } catch (error) {
      open(false);
      throw error;
    }
    if (open(true) !== Answer.OK) throw brokenBarrier();
  }

  async #open(grip: number, round: number, succeeded: boolean): Promise<number> {
    const { member } = this;
    for (;;) {
      const answer = member.call(() => member.core.barrierOpen(grip, round, Number(succeeded)));
      if (answer !== Answer.BUSY) return answer;
      await soon();
    }
  }
}

function soon(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function";
}

function brokenBarrier(): BrokenBarrierError {
  return new BrokenBarrierError(
    "expected all parties to arrive, the barrier was broken: out of time, aborted, reset, or a party was lost; reset() makes it whole",
  );
}

const fromHandle = teach("Barrier", (revival: Revival & BarrierOptions) => new Barrier(revival), BARRIER_OPTIONS);
