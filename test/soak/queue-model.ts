/**
 * The plain model of a queue: what Python's `queue` does, and what we do otherwise, on one thread and without any waiting.
 *
 * Every operation returns what the real one returns, or `Failure` with the code of what it throws.
 */

export type Discipline = "fifo" | "lifo" | "priority";

export class Failure {
  constructor(
    readonly code: string,
    /** Of QueueFullError: how many went in. */
    readonly put: number | undefined = undefined,
  ) {}
}

export const EMPTY = new Failure("ERR_QUEUE_EMPTY");
export const FULL = new Failure("ERR_QUEUE_FULL", 0);
export const SHUT = new Failure("ERR_QUEUE_SHUTDOWN");
const TOO_OFTEN = new Failure("ERR_TASK_DONE");
const ARGUMENT = new Failure("ERR_ARGUMENT");
const TRANSFER = new Failure("ERR_TRANSFER");

interface Cell {
  readonly value: unknown;
  readonly priority: number;
}

export class QueueModel {
  /** As it was said. */
  maxsize: number;
  unfinished = 0;
  shut: "open" | "graceful" | "immediate" = "open";
  private cells: Cell[] = [];

  constructor(
    private readonly discipline: Discipline,
    private readonly numbersOnly: boolean,
    maxsize: number,
  ) {
    this.maxsize = maxsize;
  }

  get size(): number {
    return this.cells.length;
  }

  get isFull(): boolean {
    return this.maxsize > 0 && this.size >= Math.ceil(this.maxsize);
  }

  put(value: unknown): Failure | undefined {
    const refused = this.refusal(value);
    if (refused !== null) return refused;
    if (this.shut !== "open") return SHUT;
    if (this.isFull) return FULL;
    this.insert(value);
    return undefined;
  }

  putMany(values: readonly unknown[]): Failure | number {
    let done = 0;
    for (const value of values) {
      const failure = this.put(value);
      if (failure !== undefined) return new Failure(failure.code, done);
      done++;
    }
    return done;
  }

  get(): unknown {
    if (this.shut === "immediate") return SHUT;
    if (this.size === 0) return this.shut === "open" ? EMPTY : SHUT;
    return this.remove();
  }

  getMany(most: number): unknown {
    if (!Number.isInteger(most) || most < 1) return ARGUMENT;
    const first = this.get();
    if (first instanceof Failure) return first;
    const items = [first];
    while (items.length < most && this.size > 0) items.push(this.remove());
    return items;
  }

  taskDone(): Failure | undefined {
    if (this.unfinished === 0) return TOO_OFTEN;
    this.unfinished--;
    return undefined;
  }

  join(): boolean {
    return this.unfinished === 0;
  }

  shutdown(immediate: boolean): void {
    if (immediate && this.shut !== "immediate") {
      this.unfinished -= Math.min(this.size, this.unfinished);
      this.cells = [];
      this.shut = "immediate";
    } else if (this.shut === "open") {
      this.shut = "graceful";
    }
  }

  setMaxsize(maxsize: number): Failure | undefined {
    if (Number.isNaN(maxsize)) return ARGUMENT;
    this.maxsize = maxsize;
    return undefined;
  }

  /** In the order in which they would leave. */
  snapshot(): unknown[] {
    const values = this.cells.map(({ value }) => value);
    return this.discipline === "lifo" ? values.reverse() : values;
  }

  private refusal(value: unknown): Failure | null {
    if (this.discipline === "priority") {
      const [priority, item] = Array.isArray(value) && value.length === 2 ? value : [value, value];
      if (typeof priority !== "number" || Number.isNaN(priority)) return ARGUMENT;
      return this.refusalOf(item);
    }
    return this.refusalOf(value);
  }

  private refusalOf(value: unknown): Failure | null {
    if (this.numbersOnly && typeof value !== "number") return ARGUMENT;
    return typeof value === "function" || typeof value === "symbol" ? TRANSFER : null;
  }

  private insert(value: unknown): void {
    this.unfinished++;
    const priority = Array.isArray(value) ? (value[0] as number) : (value as number);
    let at = this.size;
    // Equal priorities in order of arrival.
    if (this.discipline === "priority") while (at > 0 && this.cells[at - 1]!.priority > priority) at--;
    this.cells.splice(at, 0, { value, priority });
  }

  private remove(): unknown {
    return (this.discipline === "lifo" ? this.cells.pop() : this.cells.shift())?.value;
  }
}
