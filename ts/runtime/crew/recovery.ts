/**
 * Recovery of the dead: what a dead thread held comes back, then its number may be given out again.
 *
 *   bury      its jobs are given back at once; in browsers, its steps may go on for a while: `platform.afterlife`
 *   turn      what it held of locks and queues is given back (assembly/recovery/recover.ts). A lock that cannot be had answers BUSY: held by a thread at
 *             work, or by another dead one. So a turn goes round all the dead until none of them gets any further, and the rest have another turn soon
 *   vacate    the number is free
 *
 * Role: whoever hears of deaths: the supervisor in Node, the page in browsers; the host when its supervisor has died. One at a time for a context.
 */
import { platform } from "#platform";
import type { Core } from "../core/core.js";
import { Answer } from "../core/core-things.js";

/** Milliseconds until the next turn: short at first, since a lock is held for microseconds; longer for a holder that the machine keeps waiting. */
const PAUSE_LEAST = 1;
const PAUSE_MOST = 64;

/** The thread that recovers, as its instance of the core knows it. */
export interface Self {
  readonly base: number;
  readonly number: number;
  readonly mayBlock: boolean;
}

export class Recovery {
  /** Called when numbers have become free. */
  onVacant: () => void = () => {};
  /** Of these no step can come any more, and what they held is not all given back. */
  private readonly dead = new Set<number>();
  private pause = PAUSE_LEAST;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly core: Core,
    private readonly self: Self,
  ) {}

  /** Thread `number` is confirmed dead. */
  bury(number: number): void {
    this.core.threadDied(number);
    if (platform.afterlife > 0) setTimeout(() => this.begin(number), platform.afterlife);
    else this.begin(number);
  }

  /** The same for several, sleeping until it is done: for a thread that may, and of dead that have no afterlife. */
  buryNow(numbers: readonly number[]): void {
    const pause = new Int32Array(new SharedArrayBuffer(4));
    for (const number of numbers) {
      this.core.threadDied(number);
      this.dead.add(number);
    }
    while (this.turn() > 0) Atomics.wait(pause, 0, 0, this.pause);
  }

  private begin(number: number): void {
    this.dead.add(number);
    this.pause = PAUSE_LEAST;
    clearTimeout(this.timer);
    this.round();
  }

  private round(): void {
    const before = this.dead.size;
    if (this.turn() > 0) this.timer = setTimeout(() => this.round(), this.pause);
    if (this.dead.size < before) this.onVacant();
  }

  /** @returns how many are left for the next turn */
  private turn(): number {
    const { core, self, dead } = this;
    const before = dead.size;
    // It must not sleep on a lock: whoever holds it may be dead as well, and be the next in line here.
    core.attach(self.base, self.number, 0);
    for (let left = dead.size + 1; dead.size > 0 && dead.size < left; ) {
      left = dead.size;
      for (const number of dead) {
        if (!this.recover(number)) continue;
        core.threadVacate(number);
        dead.delete(number);
      }
    }
    core.attach(self.base, self.number, Number(self.mayBlock));
    this.pause = dead.size < before ? PAUSE_LEAST : Math.min(2 * this.pause, PAUSE_MOST);
    return dead.size;
  }

  /** @returns whether it is done */
  private recover(number: number): boolean {
    try {
      const answer = this.core.threadRecover(number);
      if (answer === Answer.CUT_OFF) this.core.threadRepair();
      return answer === Answer.OK;
    } catch {
      // A trap, or no room on the stack: undone here if there is room for that, else by the CUT_OFF of the next turn.
      try {
        this.core.threadRepair();
      } catch {}
      return false;
    }
  }
}
