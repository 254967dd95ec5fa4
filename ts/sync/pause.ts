/**
 * Pause: a lock given up for the time of a wait, and taken again at its end.
 *
 *   held -> begun: given up, or about to be (on a page's thread that may need some tries) -> ended: held again
 *
 * Role: the thread that waits, by promise.
 */
import { LockError } from "../errors.js";
import { Answer } from "../runtime/core/core-things.js";
import type { Level, Monitor } from "./mutex.js";

export class Pause {
  private isBegun = false;
  private level: Level | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failure: unknown;
  private readonly ticket: number;

  /** @throws {LockError} the lock is not held */
  constructor(
    private readonly monitor: Monitor,
    private readonly guard: unknown,
  ) {
    this.ticket = monitor.ticketOf(guard);
    monitor.assertHeld(this.ticket);
  }

  /** Before the wait joins the line, and at each look after. @throws {LockError} the lock was not held, or is not any more */
  check(): void {
    if (this.failure !== undefined) throw this.failure;
    if (!this.isBegun) this.monitor.assertHeld(this.ticket);
  }

  /** The wait is in line: gives the lock up. @param poke makes the wait look, when that has failed */
  begin(poke: () => void): void {
    if (this.isBegun) return;
    this.isBegun = true;
    this.giveUp(poke);
  }

  private giveUp(poke: () => void): void {
    try {
      const level = this.monitor.releaseAll(this.ticket);
      if (level === Answer.BUSY) {
        this.timer = setTimeout(() => this.giveUp(poke), 1);
        return;
      }
      if (typeof level !== "number") {
        this.level = level;
        return;
      }
      this.failure = releasedByOther();
    } catch (error) {
      this.failure = error;
    }
    // Later: the wait has not gone to sleep yet.
    this.timer = setTimeout(poke, 0);
  }

  /** The wait is over, out of the line: takes the lock again, if it was given up. @throws {ClosedError} @throws {LockError} then it is not held */
  async end(ref: boolean): Promise<void> {
    clearTimeout(this.timer);
    const { failure, level } = this;
    if (failure !== undefined) throw failure;
    if (level !== undefined) await this.monitor.retake(level, this.guard, ref);
    else this.monitor.assertHeld(this.ticket);
  }
}

/** Whoever holds a plain Lock may release it, so that another who is about to wait has it no more. */
export function releasedByOther(): LockError {
  return new LockError("expected the lock to be held until it is waited for, somebody else released it");
}
