/**
 * A staff: workers of one kind, from their spawning to their deaths. What a crew and a workshop have in common.
 *
 *   starting -> ready -> dead     what a dead one held is given back in shared memory (recovery.ts), then its number is free
 *   failure                       workers that die before they are ready: after FAILURES_MAXIMUM in a row no more are spawned, and when those still starting have
 *                                 failed too, `onFailed` tells; likewise when none has become ready for START_LIMIT. After `retry` it is tried anew
 *
 * Role: the supervisor thread in Node; the page in browsers. It must not be blocked: this is the ear that hears of deaths.
 */
import type { SpawnEvents, SpawnedWorker } from "../../platform/types.js";
import type { Core } from "../core/core.js";
import type { WorkerMessage } from "../protocol.js";
import type { Recovery } from "./recovery.js";

const FAILURES_MAXIMUM = 3;

/**
 * Milliseconds in which some worker must become ready while any is starting. A start takes 30 to 60; but hundreds on two busy cores take seconds, and a
 * script that hangs shows in no other way.
 */
const START_LIMIT = 10_000;

/** One worker. */
export interface Hand {
  readonly number: number;
  /** Undefined only while it is being spawned. */
  worker: SpawnedWorker | undefined;
  isReady: boolean;
  /** Its death says nothing about whether workers can start: it was ended on purpose, or its spawner has not said why it died. */
  isExcused: boolean;
  error: Error | undefined;
}

export interface StaffEvents {
  onReady(hand: Hand): void;
  /** @param message another one than those of a start */
  onMessage(hand: Hand, message: unknown): void;
  /** It is buried already. */
  onDeath(hand: Hand): void;
  /** None is starting, and none will before the next `retry`. */
  onFailed(reason: Error): void;
}

export class Staff {
  private readonly hands = new Map<number, Hand>();
  private failures = 0;
  private closing = false;
  private startTimer: ReturnType<typeof setTimeout> | undefined;

  /** @param open spawns a worker with that thread number */
  constructor(
    private readonly core: Core,
    private readonly recovery: Recovery,
    private readonly open: (number: number, events: SpawnEvents) => SpawnedWorker,
    private readonly events: StaffEvents,
  ) {}

  get size(): number {
    return this.hands.size;
  }

  get starting(): number {
    let count = 0;
    for (const { isReady } of this.hands.values()) if (!isReady) count++;
    return count;
  }

  get(number: number): Hand | undefined {
    return this.hands.get(number);
  }

  [Symbol.iterator](): IterableIterator<Hand> {
    return this.hands.values();
  }

  /** Lets it be tried anew, once the last attempt has come to its end: a call that comes while that lasts must not put the end off. */
  retry(): void {
    if (this.failures >= FAILURES_MAXIMUM && this.starting === 0) this.failures = 0;
  }

  /** Spawns one more. @returns false: none can be had now, since all numbers are taken, starts have failed, or it is closing */
  spawn(): boolean {
    if (this.closing || this.failures >= FAILURES_MAXIMUM) return false;
    const number = this.core.threadClaim();
    // Some may be those of dead threads that are not over yet: the recovery tells when there are vacant ones again.
    if (number === 0) return false;
    const hand = this.enlist(number);
    try {
      hand.worker = this.open(number, this.eventsOf(hand));
      this.limitStart();
      return true;
    } catch (error) {
      // The engine refused at once: a policy, a URL that is none, no memory.
      this.hands.delete(number);
      this.core.threadDied(number);
      this.core.threadVacate(number);
      this.failures = FAILURES_MAXIMUM;
      this.tellFailure(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
  }

  /**
   * Has one that somebody else has spawned.
   *
   * @param open gets hold of it
   */
  adopt(number: number, open: (events: SpawnEvents) => SpawnedWorker): Hand {
    const hand = this.enlist(number);
    hand.isExcused = true;
    hand.worker = open(this.eventsOf(hand));
    this.limitStart();
    return hand;
  }

  private enlist(number: number): Hand {
    const hand: Hand = { number, worker: undefined, isReady: false, isExcused: false, error: undefined };
    this.hands.set(number, hand);
    return hand;
  }

  private eventsOf(hand: Hand): SpawnEvents {
    return {
      onMessage: (message) => this.hear(hand, message as WorkerMessage),
      onError: (error) => {
        hand.error = error;
      },
      onDeath: () => this.bury(hand),
    };
  }

  private hear(hand: Hand, message: WorkerMessage): void {
    if (message.kind === "failed") {
      hand.error = new Error(message.reason);
    } else if (message.kind === "ready") {
      hand.isReady = true;
      this.failures = 0;
      this.limitStart();
      this.events.onReady(hand);
    } else {
      this.events.onMessage(hand, message);
    }
  }

  private bury(hand: Hand): void {
    if (this.hands.get(hand.number) !== hand) return;
    this.hands.delete(hand.number);
    // Counted first: the number that comes back is taken at once by a replacement, if there is to be one.
    if (!hand.isReady && !hand.isExcused) this.failures++;
    this.recovery.bury(hand.number);
    this.events.onDeath(hand);
    this.limitStart();
    this.tellFailure(hand.error ?? new Error("the worker ended before it was ready"));
  }

  private tellFailure(reason: Error): void {
    if (!this.closing && this.failures >= FAILURES_MAXIMUM && this.starting === 0) this.events.onFailed(reason);
  }

  /** Starts the time for the next worker to become ready; stops it when none is starting, or wanted. */
  private limitStart(): void {
    clearTimeout(this.startTimer);
    if (this.closing || this.starting === 0) return;
    this.startTimer = setTimeout(() => {
      this.failures = FAILURES_MAXIMUM;
      for (const hand of this.hands.values()) {
        if (hand.isReady) continue;
        hand.error ??= new Error(`the worker was not ready after ${START_LIMIT / 1000} s`);
        hand.worker?.terminate();
      }
    }, START_LIMIT);
  }

  /** No more are spawned; those that are starting hold nothing yet, and are ended. */
  close(): void {
    this.closing = true;
    clearTimeout(this.startTimer);
    for (const { isReady, worker } of this.hands.values()) if (!isReady) worker?.terminate();
  }
}
