/**
 * A crew: the workers of one context, spawned, watched, replaced.
 *
 *   grow(n)   starts what is missing to n workers; the crew never shrinks by itself
 *   death     what the worker held is given back in shared memory (recovery.ts), and another takes its place
 *   failure   workers that die before they are ready: after FAILURES_MAXIMUM in a row the crew spawns no more, and when those still starting have
 *             failed too it says so; likewise when nobody has become ready for START_LIMIT. The next `grow` tries anew.
 *
 * Role: the supervisor thread in Node; the page in browsers. It must not be blocked: this is the ear that hears of deaths.
 */
import { platform } from "#platform";
import type { SpawnedWorker } from "../platform/types.js";
import type { Core } from "./core.js";
import { Guests } from "./guests.js";
import type { CrewCommand, CrewNews, WorkerData, WorkerMessage } from "./protocol.js";
import type { Recovery } from "./recovery.js";
import type { Workshop } from "./workshop.js";

const FAILURES_MAXIMUM = 3;

/**
 * Milliseconds in which some worker must become ready while any is starting. A start takes 30 to 60; but hundreds on two busy cores take seconds, and a
 * script that hangs shows in no other way.
 */
const START_LIMIT = 10_000;

interface Member {
  /** Undefined only while it is being spawned. */
  worker: SpawnedWorker | undefined;
  ready: boolean;
  /** Ended by `kill`: says nothing about whether workers can start. */
  killed: boolean;
  error: Error | undefined;
}

export class Crew {
  private readonly members = new Map<number, Member>();
  private target = 0;
  private failures = 0;
  private closing = false;
  /** Whether the workshop has no hands any more. */
  private isEmpty = false;
  private readonly kills: ReturnType<typeof setTimeout>[] = [];
  private startTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly guests: Guests;

  constructor(
    private readonly core: Core,
    private readonly recovery: Recovery,
    private readonly data: Omit<WorkerData, "number">,
    private readonly workerUrl: string | undefined,
    private readonly tell: (news: CrewNews) => void,
    private readonly workshop: Workshop,
  ) {
    this.guests = new Guests(core, recovery, tell);
    // All numbers may have been taken.
    recovery.onVacant = () => {
      this.fill();
      workshop.onVacant();
    };
  }

  private grow(workers: number): void {
    this.target = Math.max(this.target, workers);
    // A new attempt once the last has come to its end: a call that comes while it lasts must not put that end off.
    if (this.failures >= FAILURES_MAXIMUM && !this.isStarting()) this.failures = 0;
    this.fill();
  }

  obey(command: CrewCommand): void {
    if (command.kind === "grow") this.grow(command.workers);
    else if (command.kind === "close") this.close();
    else if (command.kind === "watch") this.guests.watch(command);
    else if (command.kind === "order") this.workshop.obey(command.order, true);
    else if (!this.closing) this.kills.push(setTimeout(() => this.kill(command.number), command.after));
  }

  /** Ends a worker by force: what tests of recovery do. */
  private kill(number: number): void {
    const member = this.members.get(number);
    if (member === undefined) return;
    member.killed = true;
    member.worker?.terminate();
  }

  /** Asks all workers to stop. "closed" is told when the last is gone. */
  private close(): void {
    this.closing = true;
    // A kill that is still to come must not keep a closed crew's thread alive.
    for (const timer of this.kills) clearTimeout(timer);
    this.guests.close();
    this.limitStart();
    for (const [number, member] of this.members) {
      this.core.threadStop(number);
      // It holds nothing yet, and if it hangs it will never look at its orders.
      if (!member.ready) member.worker?.terminate();
    }
    this.workshop.close(() => {
      this.isEmpty = true;
      this.tellClosed();
    });
    this.tellClosed();
  }

  private tellClosed(): void {
    if (this.members.size === 0 && this.isEmpty) this.tell({ kind: "closed" });
  }

  private fill(): void {
    while (!this.closing && this.members.size < this.target && this.failures < FAILURES_MAXIMUM) {
      const number = this.core.threadClaim();
      // All numbers are taken, some by dead threads that are not over yet: `onVacant` comes back here.
      if (number === 0) return;
      this.spawn(number);
    }
  }

  private spawn(number: number): void {
    const member: Member = { worker: undefined, ready: false, killed: false, error: undefined };
    this.members.set(number, member);
    try {
      member.worker = platform.spawn("worker", this.workerUrl, { ...this.data, number } satisfies WorkerData, {
        onMessage: (message) => this.hear(number, member, message as WorkerMessage),
        onError: (error) => {
          member.error = error;
        },
        onDeath: () => this.bury(number),
      });
      this.limitStart();
    } catch (error) {
      // The engine refused at once: a policy, a URL that is none, no memory.
      this.members.delete(number);
      this.failures = FAILURES_MAXIMUM;
      this.core.threadDied(number);
      this.core.threadVacate(number);
      if (!this.isStarting()) this.fail(error);
    }
  }

  private hear(number: number, member: Member, message: WorkerMessage): void {
    if (message.kind === "failed") {
      member.error = new Error(message.reason);
      return;
    }
    member.ready = true;
    this.failures = 0;
    this.tell({ kind: "ready", number });
    this.limitStart();
  }

  private bury(number: number): void {
    const member = this.members.get(number);
    if (member === undefined) return;
    this.members.delete(number);
    this.tell({ kind: "died", number });
    // Counted first: the number that comes back is taken at once by a replacement, if there is to be one.
    if (!this.closing && !member.ready && !member.killed) this.failures++;
    this.recovery.bury(number);
    if (this.closing) {
      this.tellClosed();
      return;
    }
    this.fill();
    this.limitStart();
    if (this.failures >= FAILURES_MAXIMUM && !this.isStarting()) {
      this.fail(member.error ?? new Error("the worker ended before it was ready"));
    }
  }

  private isStarting(): boolean {
    return [...this.members.values()].some(({ ready }) => !ready);
  }

  /** Starts the time for the next worker to become ready; stops it when none is starting, or wanted. */
  private limitStart(): void {
    clearTimeout(this.startTimer);
    if (this.closing || !this.isStarting()) return;
    this.startTimer = setTimeout(() => {
      this.failures = FAILURES_MAXIMUM;
      for (const member of this.members.values()) {
        if (member.ready) continue;
        member.error ??= new Error(`the worker was not ready after ${START_LIMIT / 1000} s`);
        member.worker?.terminate();
      }
    }, START_LIMIT);
  }

  private fail(error: unknown): void {
    this.tell({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
  }
}
