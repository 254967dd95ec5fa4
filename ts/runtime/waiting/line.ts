/**
 * A line of calls that wait for their turn: first come, first served; who is aborted leaves it at once.
 *
 * Role: one thread; nothing here is shared.
 */
import { onAbort } from "./abort.js";

export class Line {
  private readonly waiting: (() => void)[] = [];

  /** Calls that wait. */
  get length(): number {
    return this.waiting.length;
  }

  /**
   * Resolves when `next` has reached the caller. What it then owns is for the two of them to know; it must be passed on even if the caller has
   * lost interest meanwhile.
   *
   * @throws `signal.reason` when aborted before its turn
   */
  wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(wake), 1);
        reject(signal?.reason);
      };
      const wake = (): void => {
        stopListening();
        resolve();
      };
      this.waiting.push(wake);
      const stopListening = onAbort(signal, leave);
    });
  }

  /** Wakes the first. @returns false when nobody waits */
  next(): boolean {
    const wake = this.waiting.shift();
    wake?.();
    return wake !== undefined;
  }
}
