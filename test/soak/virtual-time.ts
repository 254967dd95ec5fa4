/**
 * A clock that stands still until it is moved: timers and `performance.now` of this thread go by it while it is installed. So tests of waits with an end wait
 * for nothing, and know what comes before what.
 */

interface Timer {
  readonly id: number;
  readonly due: number;
  readonly ring: () => void;
}

export class VirtualTime {
  private now = 1000;
  private last = 0;
  private readonly timers = new Map<number, Timer>();
  private readonly real = { setTimeout, clearTimeout, now: performance.now };

  install(): void {
    globalThis.setTimeout = ((ring: (...args: unknown[]) => void, delay = 0, ...args: unknown[]) => {
      const id = ++this.last;
      // Timers of Node are never due at once.
      this.timers.set(id, { id, due: this.now + Math.max(1, Math.ceil(delay)), ring: () => ring(...args) });
      return id;
    }) as unknown as typeof setTimeout;
    globalThis.clearTimeout = ((id: number) => void this.timers.delete(id)) as unknown as typeof clearTimeout;
    performance.now = () => this.now;
  }

  remove(): void {
    globalThis.setTimeout = this.real.setTimeout;
    globalThis.clearTimeout = this.real.clearTimeout;
    performance.now = this.real.now;
  }

  /** Time passes: timers ring in the order in which they are due. */
  advance(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (;;) {
      const due = [...this.timers.values()].filter((timer) => timer.due <= end);
      const next = due.sort((a, b) => a.due - b.due || a.id - b.id)[0];
      if (next === undefined) break;
      this.timers.delete(next.id);
      this.now = Math.max(this.now, next.due);
      next.ring();
    }
    this.now = end;
  }
}
