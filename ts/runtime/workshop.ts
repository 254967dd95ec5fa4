/**
 * The workshop: workers for threads and pools, hired when there is a duty, kept warm when it is over.
 *
 *   hand     starting -> idle -> busy -> idle …; ended when too many are idle, or with the workshop
 *   duty     waits for a hand -> done by one; a thread's once, a pool's again by another whenever its hand dies
 *   failure  hands that die before they are ready: after FAILURES_MAXIMUM in a row, and with none starting, the duties that wait are given up
 *
 * Role: the supervisor thread in Node; the page in browsers. Like the crew, it must not be blocked, for it hears of deaths.
 */
import { platform } from "#platform";
import type { SpawnedWorker } from "../platform/types.js";
import type { Core } from "./core.js";
import { LEAST_ADDRESS } from "./core.js";
import { Answer, Kind, ThreadOutcome } from "./core-things.js";
import type { CrewNews, Duty, HandCommand, HandData, HandMessage, Order, Ref } from "./protocol.js";
import type { Recovery } from "./recovery.js";

const FAILURES_MAXIMUM = 3;
/** Hands that are kept though there is nothing for them to do: as many as run at a time, and some for programs with few cores. */
const IDLE_LEAST = 4;

interface Hand {
  readonly number: number;
  worker: SpawnedWorker | undefined;
  state: "starting" | "idle" | "busy";
  duty: Duty | undefined;
  error: Error | undefined;
}

export class Workshop {
  private readonly hands = new Map<number, Hand>();
  /** Duties without a hand. */
  private readonly waiting: Duty[] = [];
  /** Pools that were ended by force: their duties are not taken up again. */
  private readonly ended = new Set<number>();
  private failures = 0;
  private closing = false;
  /** The thread that made the context. */
  private main: Ref | undefined;
  /** Threads that keep the program alive. */
  private lively = 0;
  /** The host's orders so far. */
  private heard = 0;
  private readonly idleMost = Math.max(IDLE_LEAST, platform.parallelism());
  private onEmpty: () => void = () => {};

  constructor(
    private readonly core: Core,
    private readonly recovery: Recovery,
    private readonly data: Omit<HandData, "number" | "main">,
    private readonly threadUrl: string | undefined,
    private readonly flags: readonly string[],
    private readonly tell: (news: CrewNews) => void,
  ) {}

  /** Numbers have become free. */
  onVacant(): void {
    this.spawnForWaiting();
  }

  /** @param isHosts whether it came from the host, who wants to know that it did */
  obey(order: Order, isHosts: boolean): void {
    if (isHosts) this.heard++;
    if (order.kind === "end") {
      const hand = this.hands.get(order.number);
      if (hand !== undefined && this.core.threadGeneration(order.number) === order.generation) hand.worker?.terminate();
    } else if (order.kind === "endPool") {
      this.ended.add(order.pool.id);
      for (const { duty, worker } of this.hands.values()) {
        if (duty?.kind === "pool" && duty.pool.id === order.pool.id) worker?.terminate();
      }
      this.giveUp((duty) => duty.kind === "pool" && duty.pool.id === order.pool.id);
    } else {
      this.main = order.main;
      for (let i = 0; i < order.hands; i++) this.begin(order.duty);
    }
    if (isHosts) this.tell({ kind: "lively", count: this.lively, heard: this.heard });
  }

  private begin(duty: Duty): void {
    if (duty.kind === "thread" && !duty.daemon) this.lively++;
    const [idle] = this.handsThatAre("idle");
    if (idle !== undefined) {
      this.give(idle, duty);
      return;
    }
    this.waiting.push(duty);
    if (this.failures >= FAILURES_MAXIMUM && !this.isStarting()) this.failures = 0;
    this.spawnForWaiting();
  }

  private give(hand: Hand, duty: Duty): void {
    hand.state = "busy";
    hand.duty = duty;
    hand.worker?.post({ kind: "duty", duty } satisfies HandCommand);
  }

  /** A hand for each duty that has none, as far as there are numbers. */
  private spawnForWaiting(): void {
    let starting = this.handsThatAre("starting").length;
    while (!this.closing && starting < this.waiting.length && this.failures < FAILURES_MAXIMUM) {
      const number = this.core.threadClaim();
      // All are taken: `onVacant` comes back here.
      if (number === 0) return;
      this.spawn(number);
      starting++;
    }
  }

  private spawn(number: number): void {
    const hand: Hand = { number, worker: undefined, state: "starting", duty: undefined, error: undefined };
    this.hands.set(number, hand);
    try {
      hand.worker = platform.spawn(
        "thread",
        this.threadUrl,
        { ...this.data, number, main: this.main as Ref } satisfies HandData,
        {
          onMessage: (message) => this.hear(hand, message as HandMessage),
          onError: (error) => {
            hand.error = error;
          },
          onDeath: () => this.bury(hand),
        },
        this.flags,
      );
    } catch (error) {
      // The engine refused at once: a policy, a URL that is none, no memory.
      this.hands.delete(number);
      this.core.threadDied(number);
      this.core.threadVacate(number);
      this.failures = FAILURES_MAXIMUM;
      if (!this.isStarting()) this.giveUp(() => true, error as Error);
    }
  }

  private hear(hand: Hand, message: HandMessage): void {
    switch (message.kind) {
      case "failed":
        hand.error = new Error(message.reason);
        break;
      case "order":
        this.obey(message.order, false);
        break;
      case "ready":
        this.failures = 0;
        this.rest(hand);
        break;
      case "free":
        this.over(hand);
        this.rest(hand);
        break;
    }
  }

  /** A hand has nothing to do: the next duty, or a rest. */
  private rest(hand: Hand): void {
    hand.state = "idle";
    const next = this.waiting.shift();
    if (next !== undefined) {
      this.give(hand, next);
    } else if (this.closing || this.handsThatAre("idle").length > this.idleMost) {
      hand.worker?.post({ kind: "stop" } satisfies HandCommand);
      // No duty for it any more.
      hand.state = "busy";
    }
  }

  /** Its duty is over. */
  private over(hand: Hand): void {
    const { duty } = hand;
    hand.duty = undefined;
    if (duty?.kind === "thread" && !duty.daemon) this.rested();
  }

  private rested(): void {
    this.lively--;
    this.tell({ kind: "lively", count: this.lively, heard: this.heard });
  }

  private bury(hand: Hand): void {
    const { number, duty, state } = hand;
    if (this.hands.get(number) !== hand) return;
    this.hands.delete(number);
    if (state === "starting" && !this.closing) this.failures++;
    this.recovery.bury(number);
    this.over(hand);
    if (duty?.kind === "thread") this.finish(duty.thread, ThreadOutcome.DIED);
    else if (duty?.kind === "pool" && !this.closing && !this.ended.has(duty.pool.id)) this.begin(duty);
    if (this.closing) {
      if (this.hands.size === 0) this.onEmpty();
      return;
    }
    this.spawnForWaiting();
    if (this.failures >= FAILURES_MAXIMUM && !this.isStarting()) {
      this.giveUp(() => true, hand.error ?? new Error("the worker ended before it was ready"));
    }
  }

  private isStarting(): boolean {
    return this.handsThatAre("starting").length > 0;
  }

  private handsThatAre(state: Hand["state"]): Hand[] {
    return [...this.hands.values()].filter((hand) => hand.state === state);
  }

  /** Duties that nobody will take up. */
  private giveUp(isMeant: (duty: Duty) => boolean, reason?: Error): void {
    for (const duty of this.waiting.splice(0)) {
      if (!isMeant(duty)) {
        this.waiting.push(duty);
      } else if (duty.kind === "thread") {
        this.finish(duty.thread, ThreadOutcome.NEVER_BEGAN);
        if (!duty.daemon) this.rested();
      } else if (reason !== undefined) {
        this.breakPool(duty.pool, `no worker could start: ${reason.message}`);
      }
    }
  }

  /** Sees to it that a thread has ended, which perhaps never began. */
  private finish({ address, id }: Ref, outcome: number): void {
    this.withGrip(address, id, Kind.THREAD, (grip) => this.core.threadFinish(grip, outcome, 0));
  }

  private breakPool({ address, id }: Ref, reason: string): void {
    this.withGrip(address, id, Kind.TASKS, (grip) => {
      const answer = breakTasks(this.core, this.data.memory, grip, reason);
      return answer === Answer.OK ? this.core.tasksShutdown(grip, 1) : answer;
    });
  }

  /** Does something to a record, as soon as its lock can be had: this thread must not sleep for it. */
  private withGrip(address: number, id: number, kind: number, act: (grip: number) => number): void {
    const grip = this.core.thingGrasp(address, id, kind) >>> 0;
    const isBusy = grip === Answer.BUSY || (grip >= LEAST_ADDRESS && act(grip) === Answer.BUSY);
    if (grip >= LEAST_ADDRESS) this.letGo(grip);
    if (isBusy) setTimeout(() => this.withGrip(address, id, kind, act), 1);
  }

  private letGo(grip: number): void {
    if (this.core.thingClose(grip) === Answer.BUSY) setTimeout(() => this.letGo(grip), 1);
  }

  /** Ends all hands; `then` is called when the last is gone. */
  close(then: () => void): void {
    this.closing = true;
    this.waiting.length = 0;
    this.onEmpty = then;
    if (this.hands.size === 0) then();
    for (const { worker } of this.hands.values()) worker?.terminate();
  }
}

/** Says why the tasks of a pool will not be run. @returns the core's answer */
export function breakTasks(core: Core, memory: WebAssembly.Memory, grip: number, reason: string): number {
  const text = new TextEncoder().encode(reason);
  const block = core.definitionPrepare(text.length) >>> 0;
  if (block < LEAST_ADDRESS) return block;
  new Uint8Array(memory.buffer).set(text, block + DEFINITION_BYTES);
  return core.tasksBreak(grip);
}

/** Bytes of a definition's record (assembly/tasks/records.ts); its text follows. */
export const DEFINITION_BYTES = 16;
