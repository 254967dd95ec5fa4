/**
 * A crew: the workers of one context, spawned, watched, replaced.
 *
 *   grow(n)   starts what is missing to n workers; the crew never shrinks by itself
 *   death     what the worker held is given back in shared memory (threadDied), and another takes its place
 *   failure   workers that die before they are ready: after FAILURES_MAXIMUM in a row the crew gives up until the next `grow`
 *
 * Role: the supervisor thread in Node; the page in browsers. It must not be blocked: this is the ear that hears of deaths.
 */
import { platform } from "#platform";
import type { SpawnedWorker } from "../platform/types.js";
import type { Core } from "./core.js";
import type { CrewNews, WorkerData, WorkerMessage } from "./protocol.js";

const FAILURES_MAXIMUM = 3;

interface Member {
  readonly worker: SpawnedWorker;
  ready: boolean;
  error: Error | undefined;
}

export class Crew {
  private readonly members = new Map<number, Member>();
  private target = 0;
  private failures = 0;
  private closing = false;

  constructor(
    private readonly core: Core,
    private readonly data: Omit<WorkerData, "number">,
    private readonly workerUrl: string | undefined,
    private readonly tell: (news: CrewNews) => void,
  ) {}

  grow(workers: number): void {
    this.target = Math.max(this.target, workers);
    this.failures = 0;
    this.fill();
  }

  /** Ends a worker by force: what tests of recovery do. */
  kill(number: number): void {
    this.members.get(number)?.worker.terminate();
  }

  /** Asks all workers to stop. "closed" is told when the last is gone. */
  close(): void {
    this.closing = true;
    for (const number of this.members.keys()) this.core.threadStop(number);
    if (this.members.size === 0) this.tell({ kind: "closed" });
  }

  private fill(): void {
    while (!this.closing && this.members.size < this.target && this.failures < FAILURES_MAXIMUM) {
      const number = this.core.threadClaim();
      // All numbers are taken, some by dead workers that are not over yet: `bury` comes back here.
      if (number === 0) return;
      this.spawn(number);
    }
  }

  private spawn(number: number): void {
    let member: Member | undefined;
    let early: Error | undefined;
    try {
      const worker = platform.spawn("worker", this.workerUrl, { ...this.data, number } satisfies WorkerData, {
        onMessage: (message) => {
          if ((message as WorkerMessage).kind !== "ready" || member === undefined) return;
          member.ready = true;
          this.failures = 0;
          this.tell({ kind: "ready", number });
        },
        onError: (error) => {
          if (member !== undefined) member.error = error;
          else early = error;
        },
        onDeath: () => this.bury(number),
      });
      member = { worker, ready: false, error: early };
      this.members.set(number, member);
    } catch (error) {
      // The engine refused at once: a policy, a URL that is none, no memory.
      this.failures = FAILURES_MAXIMUM;
      this.core.threadDied(number);
      this.core.threadVacate(number);
      this.fail(error);
    }
  }

  private bury(number: number): void {
    const member = this.members.get(number);
    if (member === undefined) return;
    this.members.delete(number);
    this.core.threadDied(number);
    this.tell({ kind: "died", number });
    const vacate = (): void => {
      this.core.threadVacate(number);
      this.fill();
    };
    if (platform.afterlife > 0) setTimeout(vacate, platform.afterlife);
    else this.core.threadVacate(number);
    if (this.closing) {
      if (this.members.size === 0) this.tell({ kind: "closed" });
      return;
    }
    if (!member.ready && ++this.failures === FAILURES_MAXIMUM) {
      this.fail(member.error ?? new Error("the worker ended before it was ready"));
    }
    this.fill();
  }

  private fail(error: unknown): void {
    this.tell({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
  }
}
