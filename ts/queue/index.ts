/** The queues by name. */
import { ArgumentError } from "../errors.js";
import { Kind } from "../runtime/core-things.js";
import { type Handle, type Revival, type ThingOptions, teach } from "../sync/thing.js";
import type { StructuredCodec } from "../values/codec.js";
import { QueueBase, type QueueOptions } from "./base.js";
import { BARE, isBare, Parcel } from "./item.js";
import { TaskQueue } from "./task-queue.js";

/** Options of `from`. */
export interface ReviveOptions extends ThingOptions {
  readonly codec?: StructuredCodec;
}

/**
 * First in, first out. Python's `queue.Queue`, for all threads of a context.
 *
 * @example
 *   const queue = new Queue<string>({ maxsize: 100 });
 *   await queue.put("thread");
 *   await queue.get();   // "thread"
 */
export class Queue<T = unknown> extends TaskQueue<T> {
  /** @param options a number is `maxsize` */
  constructor(options?: number | QueueOptions | Revival) {
    super(Kind.FIFO, "Queue", options);
  }

  /** The queue of a handle, on this thread. @throws {HandleError} */
  static from<T = unknown>(handle: Handle, options: ReviveOptions = {}): Queue<T> {
    return new Queue<T>({ ...options, handle });
  }
}

/** The same queue, under the name that it has in Python's `multiprocessing`. */
export class JoinableQueue<T = unknown> extends TaskQueue<T> {
  constructor(options?: number | QueueOptions | Revival) {
    super(Kind.FIFO, "JoinableQueue", options);
  }

  static from<T = unknown>(handle: Handle, options: ReviveOptions = {}): JoinableQueue<T> {
    return new JoinableQueue<T>({ ...options, handle });
  }
}

/** Last in, first out: a stack. */
export class LifoQueue<T = unknown> extends TaskQueue<T> {
  constructor(options?: number | QueueOptions | Revival) {
    super(Kind.LIFO, "LifoQueue", options);
  }

  static from<T = unknown>(handle: Handle, options: ReviveOptions = {}): LifoQueue<T> {
    return new LifoQueue<T>({ ...options, handle });
  }
}

/** No bound, no `taskDone`, no `shutdown`: put and get only. */
export class SimpleQueue<T = unknown> extends QueueBase<T> {
  constructor(options: Omit<QueueOptions, "maxsize"> | Revival = {}) {
    super(Kind.FIFO, "SimpleQueue", { ...options, maxsize: 0 });
  }

  static from<T = unknown>(handle: Handle, options: ReviveOptions = {}): SimpleQueue<T> {
    return new SimpleQueue<T>({ ...options, handle });
  }
}

/** What goes into a priority queue: `[priority, value]`, or a number that is its own priority. */
export type Entry<T> = readonly [priority: number, value: T] | number;

/**
 * Lowest priority first; equal ones in order of arrival (Python's leave in no particular order).
 *
 * @example
 *   const queue = new PriorityQueue<string>();
 *   queue.putNowait([2, "tea"]);
 *   queue.putNowait([1, "water"]);
 *   queue.getNowait();   // [1, "water"]
 */
export class PriorityQueue<T = unknown> extends TaskQueue<Entry<T>> {
  constructor(options?: number | QueueOptions | Revival) {
    super(Kind.PRIORITY, "PriorityQueue", options);
  }

  static from<T = unknown>(handle: Handle, options: ReviveOptions = {}): PriorityQueue<T> {
    return new PriorityQueue<T>({ ...options, handle });
  }

  protected override pack(entry: Entry<T>): Parcel {
    if (typeof entry === "number") {
      return new Parcel(this.member, this.codec, checkPriority(entry), entry, BARE);
    }
    if (!Array.isArray(entry) || entry.length !== 2) {
      throw new ArgumentError("an entry must be [priority, value] or a number, got something else", "entry", entry);
    }
    const [priority, value] = entry as readonly [unknown, T];
    const rank = checkPriority(priority);
    if (this.numbers && typeof value !== "number") {
      throw new ArgumentError(`a queue of type "f64" takes numbers, got ${typeof value}`, "value", value);
    }
    return new Parcel(this.member, this.codec, value, rank, 0);
  }

  protected override unpack(): Entry<T> {
    const { member } = this;
    // Before the value: reviving one may use the record that these are in.
    const priority = member.floats[member.priorityAt]!;
    const bare = isBare(member);
    return this.entry(super.unpack(), priority, bare);
  }

  protected override entry(value: unknown, priority: number, bare: boolean): Entry<T> {
    return bare ? (value as number) : [priority, value as T];
  }
}

function checkPriority(priority: unknown): number {
  if (typeof priority === "number" && !Number.isNaN(priority)) return priority;
  throw new ArgumentError(`a priority must be a number and not NaN, got ${String(priority)}`, "priority", priority);
}

teach("Queue", (handle) => Queue.from(handle));
teach("JoinableQueue", (handle) => JoinableQueue.from(handle));
teach("LifoQueue", (handle) => LifoQueue.from(handle));
teach("SimpleQueue", (handle) => SimpleQueue.from(handle));
teach("PriorityQueue", (handle) => PriorityQueue.from(handle));
