/**
 * The host's line to its crew: through the supervisor thread where there is one, directly where there is none.
 *
 * Role: the host.
 */
import { platform } from "#platform";
import type { SpawnedWorker } from "../../platform/types.js";
import type { Core } from "../core/core.js";
import type { CrewCommand, CrewNews, LineMessage, Order, SupervisorData, WatchCommand } from "../protocol.js";
import type { Arrivals } from "./arrivals.js";
import { Crew } from "./crew.js";
import type { FirstHand } from "./first-hand.js";
import { Recovery } from "./recovery.js";
import { Workshop } from "./workshop.js";

export class CrewLink {
  /** Numbers of the workers that are up. */
  readonly ready = new Set<number>();
  /** Why the last of them did. */
  failure = "";
  /** Whether the supervisor has ever said a word. */
  up = false;
  /** Called after each piece of news. */
  onChange: () => void = () => {};

  private readonly send: (command: CrewCommand, transfer?: Transferable[]) => void;
  private readonly supervisor: SpawnedWorker | undefined;
  private readonly ended: Promise<void>;
  private end: () => void = () => {};
  private over = false;
  private users = 0;
  /** Threads that keep the process alive; orders that were sent, and that were heard. */
  private lively = 0;
  private ordered = 0;
  private heard = 0;
  private isHeld = false;

  /**
   * @param failed attempts to start workers that have failed, those of an earlier crew included. A call is lost when this has grown since it asked, and
   *   nobody is up
   * @param onLeft hears of the end of a guest
   */
  constructor(
    core: Core,
    data: SupervisorData,
    public failed: number,
    private readonly onLeft: (share: number) => void,
    private readonly arrivals: Arrivals,
  ) {
    this.ended = new Promise((resolve) => {
      this.end = () => {
        this.over = true;
        resolve();
      };
    });
    if (platform.supervised) {
      let error: Error | undefined;
      const supervisor = platform.spawn("supervisor", undefined, data, {
        onMessage: (news) => {
          this.up = true;
          this.hear(news as CrewNews);
        },
        onError: (cause) => {
          error = cause;
        },
        onDeath: () => {
          this.ready.clear();
          if (this.over) return;
          this.end();
          this.hear({
            kind: "failed",
            reason: `the supervisor thread ended: ${error?.message ?? "no reason given"}`,
          });
        },
      });
      // Work in flight keeps the process alive; an idle crew must not.
      supervisor.unref();
      this.supervisor = supervisor;
      this.send = (command, transfer) => supervisor.post(command, transfer);
    } else {
      const { workerUrl, threadUrl, flags, math, ...shared } = data;
      const recovery = new Recovery(core, { base: data.base, number: 0, mayBlock: platform.mayBlock() });
      const tell = (news: CrewNews): void => this.hear(news);
      const workshop = new Workshop(core, recovery, shared, threadUrl, flags, tell);
      const crew = new Crew(core, recovery, { ...shared, math }, workerUrl, tell, workshop);
      // What is moved is gone here at once, or refused, as it would be by a message.
      this.send = (command, transfer) => {
        crew.obey(transfer === undefined ? command : structuredClone(command, { transfer }));
      };
    }
  }

  /** Whether supervisor and workers are gone, by `close` or by accident. */
  get isOver(): boolean {
    return this.over;
  }

  private hear(news: CrewNews): void {
    if (news.kind === "ready") this.ready.add(news.number);
    else if (news.kind === "died") this.ready.delete(news.number);
    else if (news.kind === "failed") {
      this.failed++;
      this.failure = news.reason;
    } else if (news.kind === "left") this.onLeft(news.share);
    else if (news.kind === "bring") this.arrivals.arrive(news);
    else if (news.kind === "lively") this.live(news.count, news.heard);
    else if (news.kind === "closed") this.end();
    this.onChange();
  }

  /** Sees to it that at least `workers` are up or starting. @returns `failed` as it was before: without a supervisor an attempt can fail at once */
  grow(workers: number): number {
    const { failed } = this;
    this.send({ kind: "grow", workers });
    return failed;
  }

  /** Has the module of an integrand ready for workers: one that came without bytes travels by message. */
  give(kernel: number, module: WebAssembly.Module): void {
    this.send({ kind: "module", kernel, module });
  }

  /** Has the supervisor look after the hand that was started beside it. */
  adopt(first: FirstHand): void {
    this.send(first.command, [first.command.line]);
  }

  /** Has what a hand held given back: it was one of the supervisor before this one, and is gone. */
  bury(number: number): void {
    this.send({ kind: "bury", number });
  }

  /** Has a guest watched. */
  watch(command: WatchCommand): void {
    if (this.supervisor === undefined) {
      this.send(command);
      return;
    }
    // The port stays with the host, so that another supervisor can get a line as well.
    const { port1, port2 } = new MessageChannel();
    command.line.port.postMessage({ kind: "lifeline", port: port2 } satisfies LineMessage, [port2]);
    this.send({ ...command, line: { ...command.line, port: port1 } }, [port1]);
  }

  /** Has the workshop do something. Until it has heard of it, the process stays alive: it may be about threads that keep it so. */
  order(order: Order, transfer?: Transferable[]): void {
    this.send({ kind: "order", order }, transfer);
    this.ordered++;
    this.holdWhileLively();
  }

  private live(count: number, heard: number): void {
    this.lively = count;
    this.heard = heard;
    this.holdWhileLively();
  }

  private holdWhileLively(): void {
    const isLively = this.lively > 0 || this.heard < this.ordered;
    if (isLively === this.isHeld) return;
    this.isHeld = isLively;
    if (isLively) this.hold();
    else this.release();
  }

  /** Ends a worker by force after some milliseconds. */
  kill(number: number, after: number): void {
    this.send({ kind: "kill", number, after });
  }

  /** Keeps the process alive until the matching `release`. */
  hold(): void {
    if (this.users++ === 0) this.supervisor?.ref();
  }

  release(): void {
    if (--this.users === 0) this.supervisor?.unref();
  }

  /** Stops all workers; resolves when they are gone. */
  async close(): Promise<void> {
    if (!this.over) {
      this.hold();
      this.send({ kind: "close" });
    }
    await this.ended;
  }
}
