/**
 * The plain model of a FIFO queue with those who wait: first come, first served, but whoever comes when there is something takes it at once.
 *
 * Between two calls of `settle` nobody who waits is served, as on a thread whose code has not returned to its event loop. The model is exact as
 * long as nobody comes between who is woken and `settle`: a waiter whose item was taken from under its eyes keeps its place, but one that was woken after
 * it may look first.
 */
import { EMPTY, type Failure, FULL, SHUT } from "./queue-model.js";

interface Waiting {
  readonly id: number;
  /** Of a put. */
  readonly value: unknown;
  /** The time at which it gives up. */
  readonly due: number;
}

export class WaitersModel {
  /** What each wait has come to, by its number. */
  readonly outcomes = new Map<number, unknown>();
  private items: unknown[] = [];
  private getters: Waiting[] = [];
  private putters: Waiting[] = [];
  private shut: "open" | "graceful" | "immediate" = "open";
  private now = 0;

  constructor(private maxsize: number) {}

  get size(): number {
    return this.items.length;
  }

  /** Numbers of the waits that go on, in the order in which they began. */
  get pending(): number[] {
    return [...this.getters, ...this.putters].map(({ id }) => id).sort((a, b) => a - b);
  }

  private get hasRoom(): boolean {
    return this.maxsize === 0 || this.items.length < this.maxsize;
  }

  /** What a get comes to now: a value, a failure, or EMPTY. */
  getNow(): unknown {
    if (this.shut === "immediate") return SHUT;
    if (this.items.length > 0) return this.items.shift();
    return this.shut === "open" ? EMPTY : SHUT;
  }

  putNow(value: unknown): Failure | undefined {
    if (this.shut !== "open") return SHUT;
    if (!this.hasRoom) return FULL;
    this.items.push(value);
    return undefined;
  }

  get(id: number, timeout: number): void {
    const now = this.getNow();
    if (now !== EMPTY || timeout === 0) this.outcomes.set(id, now);
    else this.getters.push({ id, value: undefined, due: this.now + timeout });
  }

  put(id: number, value: unknown, timeout: number): void {
    const now = this.putNow(value);
    if (now !== FULL || timeout === 0) this.outcomes.set(id, now);
    else this.putters.push({ id, value, due: this.now + timeout });
  }

  abort(id: number, reason: unknown): void {
    this.forget(id);
    this.outcomes.set(id, reason);
  }

  advance(milliseconds: number): void {
    this.now += milliseconds;
    const due = [...this.getters, ...this.putters].filter((waiting) => waiting.due <= this.now);
    for (const waiting of due.sort((a, b) => a.due - b.due || a.id - b.id)) {
      // One last look: what has come may be for somebody before it in the line, who has not looked yet.
      const outcome = this.getters.includes(waiting) ? this.getNow() : this.putNow(waiting.value);
      this.forget(waiting.id);
      this.outcomes.set(waiting.id, outcome);
    }
  }

  setMaxsize(maxsize: number): void {
    this.maxsize = maxsize;
  }

  shutdown(immediate: boolean): void {
    if (immediate) this.items = [];
    if (immediate || this.shut === "open") this.shut = immediate ? "immediate" : "graceful";
  }

  /** Whether nobody who waits could go on. */
  get isSettled(): boolean {
    const couldGet = this.shut !== "open" || this.items.length > 0;
    const couldPut = this.shut !== "open" || this.hasRoom;
    return !(couldGet && this.getters.length > 0) && !(couldPut && this.putters.length > 0);
  }

  /** All who wait look until none of them gets any further. */
  settle(): void {
    for (;;) {
      const outcome = this.getters.length > 0 ? this.getNow() : EMPTY;
      if (outcome !== EMPTY) {
        this.outcomes.set(this.getters.shift()!.id, outcome);
        continue;
      }
      const next = this.putters[0];
      const answer = next === undefined ? FULL : this.putNow(next.value);
      if (answer === FULL) return;
      this.outcomes.set(this.putters.shift()!.id, answer);
    }
  }

  private forget(id: number): void {
    this.getters = this.getters.filter((waiting) => waiting.id !== id);
    this.putters = this.putters.filter((waiting) => waiting.id !== id);
  }
}
