/**
 * A crew: the workers of one context that compute integrals, and who else its spawner looks after.
 *
 *   grow(n)   starts what is missing to n workers; the crew never shrinks by itself
 *   death     another takes its place
 *   failure   when none can start (staff.ts) it says so. The next `grow` tries anew
 *
 * Role: the supervisor thread in Node; the page in browsers. It must not be blocked: this is the ear that hears of deaths.
 */
import { platform } from "#platform";
import type { Core } from "../core/core.js";
import type { CrewCommand, CrewNews, ModuleMessage, WorkerData, WorkerMessage } from "../protocol.js";
import { Guests } from "./guests.js";
import type { Recovery } from "./recovery.js";
import { type Hand, Staff } from "./staff.js";
import type { Workshop } from "./workshop.js";

/** Milliseconds that a worker has to stop. */
const HANGING = 1000;
/** Modules that are kept: more than there can be jobs at a time. */
const MODULES_MAXIMUM = 64;

export class Crew {
  private readonly staff: Staff;
  private target = 0;
  private closing = false;
  /** Whether the workshop has no hands any more. */
  private isEmpty = false;
  private readonly kills: ReturnType<typeof setTimeout>[] = [];
  /** Modules that cannot travel in shared memory, by kernel; and workers that were quicker than the host's message about theirs. */
  private readonly modules = new Map<number, WebAssembly.Module>();
  private readonly wanting = new Map<Hand, number>();
  private readonly guests: Guests;
  private closeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly core: Core,
    private readonly recovery: Recovery,
    data: Omit<WorkerData, "number">,
    workerUrl: string | undefined,
    private readonly tell: (news: CrewNews) => void,
    private readonly workshop: Workshop,
  ) {
    this.guests = new Guests(core, recovery, tell, (order) => workshop.obeyEnd(order));
    this.staff = new Staff(
      core,
      recovery,
      (number, events) => platform.spawn("worker", workerUrl, { ...data, number } satisfies WorkerData, events),
      {
        onReady: ({ number }) => tell({ kind: "ready", number }),
        onMessage: (hand, message) => {
          const wish = message as WorkerMessage;
          if (wish.kind === "want") this.bring(hand, wish.kernel);
        },
        onDeath: (hand) => {
          this.wanting.delete(hand);
          tell({ kind: "died", number: hand.number });
          if (this.closing) this.tellClosed();
          else this.fill();
        },
        onFailed: ({ message }) => tell({ kind: "failed", reason: message }),
      },
    );
    // All numbers may have been taken.
    recovery.onVacant = () => {
      this.fill();
      workshop.onVacant();
    };
  }

  obey(command: CrewCommand): void {
    if (command.kind === "grow") this.grow(command.workers);
    else if (command.kind === "module") this.learn(command.kernel, command.module);
    else if (command.kind === "close") this.close();
    else if (command.kind === "watch") this.guests.watch(command);
    else if (command.kind === "order") this.workshop.obey(command.order);
    else if (command.kind === "adopt") this.workshop.adopt(command);
    else if (command.kind === "bury") this.recovery.bury(command.number);
    else if (!this.closing) this.kills.push(setTimeout(() => this.kill(command.number), command.after));
  }

  private learn(kernel: number, module: WebAssembly.Module): void {
    // The last ones: each call sends its own anew.
    if (this.modules.size >= MODULES_MAXIMUM) this.modules.delete(this.modules.keys().next().value as number);
    this.modules.delete(kernel);
    this.modules.set(kernel, module);
    for (const [hand, wanted] of this.wanting) if (wanted === kernel) this.bring(hand, kernel);
  }

  private bring(hand: Hand, kernel: number): void {
    const module = this.modules.get(kernel);
    if (module === undefined) this.wanting.set(hand, kernel);
    else {
      this.wanting.delete(hand);
      hand.worker?.post({ module } satisfies ModuleMessage);
    }
  }

  private grow(workers: number): void {
    this.target = Math.max(this.target, workers);
    this.staff.retry();
    this.fill();
  }

  private fill(): void {
    while (this.staff.size < this.target && this.staff.spawn());
  }

  /** Ends a worker by force: what tests of recovery do. */
  private kill(number: number): void {
    const hand = this.staff.get(number);
    if (hand === undefined) return;
    hand.isExcused = true;
    hand.worker?.terminate();
  }

  /** Asks all workers to stop. "closed" is told when the last is gone. */
  private close(): void {
    this.closing = true;
    // A kill that is still to come must not keep a closed crew's thread alive.
    for (const timer of this.kills) clearTimeout(timer);
    this.guests.close();
    for (const { number } of this.staff) this.core.threadStop(number);
    this.staff.close();
    // One that runs the user's code may never look.
    this.closeTimer = setTimeout(() => {
      for (const { worker } of this.staff) worker?.terminate();
    }, HANGING);
    this.workshop.close(() => {
      this.isEmpty = true;
      this.tellClosed();
    });
    this.tellClosed();
  }

  private tellClosed(): void {
    if (this.staff.size === 0) clearTimeout(this.closeTimer);
    if (this.staff.size === 0 && this.isEmpty) this.tell({ kind: "closed" });
  }
}
