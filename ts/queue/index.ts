/** The queues by name. */
import { checkOptions, show } from "../checks.js";
import { ArgumentError } from "../errors.js";
import { Kind } from "../runtime/core/core-things.js";
import {
  type Handle,
  isRevival,
  type Revival,
  THING_OPTIONS,
  type Thing,
  type ThingOptions,
  teach,
} from "../sync/thing.js";
import type { StructuredCodec } from "../values/codec.js";
import { checkNumber, QueueBase, type QueueOptions, type QueueType, SIMPLE_OPTIONS } from "./base.js";
import { BARE, isBare, Parcel } from "./item.js";
import { TaskQueue } from "./task-queue.js";

/** Options of `from`. */
export interface ReviveOptions extends ThingOptions {
  readonly codec?: StructuredCodec | undefined;
}

const REVIVE_OPTIONS = ["codec", ...THING_OPTIONS];

/** What `type` makes of a queue of T: its items, and what `getMany` takes out of it. */
type Item<T, Type> = Type extends "f64" ? number : T;
type Batch<T, Type> = Type extends "f64" ? Float64Array : T[];

/**
 * First in, first out. Python's `queue.Queue` and, since it has `taskDone` and `join`, `multiprocessing.JoinableQueue`, for all threads of a context.
 *
 * A type and, below, a class: which type an object has depends on the option `type`, and no class can say that of itself.
 *
 * @example
 *   const queue = new Queue<string>({ maxsize: 100 });
 *   await queue.put("thread");
 *   await queue.get();   // "thread"
 *
 *   const numbers = new Queue({ type: "f64" });   // Queue<number, Float64Array>
 *   await numbers.putMany([1, 2]);
 *   await numbers.getMany(10);                    // Float64Array [ 1, 2 ]
 */
export interface Queue<T = unknown, Many extends ArrayLike<unknown> = T[]> extends TaskQueue<T, Many> {}

interface QueueClass {
  /** @param options a number is `maxsize` */
  new <T = unknown, Type extends QueueType = undefined>(
    options?: number | QueueOptions<Type> | Revival,
  ): Queue<Item<T, Type>, Batch<T, Type>>;
  /** The queue of a handle, on this thread. @throws {HandleError} */
  from<T = unknown, Many extends ArrayLike<unknown> = T[]>(handle: Handle, options?: ReviveOptions): Queue<T, Many>;
  readonly prototype: Queue;
}

export const Queue: QueueClass = class<T, Many extends ArrayLike<unknown>> extends TaskQueue<T, Many> {
  constructor(options?: number | QueueOptions | Revival) {
    super(Kind.FIFO, "Queue", options);
  }

  static from<T, Many extends ArrayLike<unknown>>(handle: Handle, options?: ReviveOptions): Queue<T, Many> {
    return queueFrom(handle, options) as Thing as Queue<T, Many>;
  }
};

export { Queue as JoinableQueue };

/** Last in, first out: a stack. */
export interface LifoQueue<T = unknown, Many extends ArrayLike<unknown> = T[]> extends TaskQueue<T, Many> {}

interface LifoQueueClass {
  /** @param options a number is `maxsize` */
  new <T = unknown, Type extends QueueType = undefined>(
    options?: number | QueueOptions<Type> | Revival,
  ): LifoQueue<Item<T, Type>, Batch<T, Type>>;
  /** The queue of a handle, on this thread. @throws {HandleError} */
  from<T = unknown, Many extends ArrayLike<unknown> = T[]>(handle: Handle, options?: ReviveOptions): LifoQueue<T, Many>;
  readonly prototype: LifoQueue;
}

export const LifoQueue: LifoQueueClass = class<T, Many extends ArrayLike<unknown>> extends TaskQueue<T, Many> {
  constructor(options?: number | QueueOptions | Revival) {
    super(Kind.LIFO, "LifoQueue", options);
  }

  static from<T, Many extends ArrayLike<unknown>>(handle: Handle, options?: ReviveOptions): LifoQueue<T, Many> {
    return lifoFrom(handle, options) as Thing as LifoQueue<T, Many>;
  }
};

/** No bound, no `taskDone`, no `shutdown`: put and get only. */
export class SimpleQueue<T = unknown> extends QueueBase<T> {
  constructor(options: Omit<QueueOptions, "maxsize"> | Revival = {}) {
    if (!isRevival(options)) checkOptions(options, SIMPLE_OPTIONS, hintAtBounds);
    super(Kind.FIFO, "SimpleQueue", options);
  }

  /** The queue of a handle, on this thread. @throws {HandleError} */
  static from<T = unknown>(handle: Handle, options?: ReviveOptions): SimpleQueue<T> {
    return simpleFrom(handle, options) as SimpleQueue<T>;
  }
}

function hintAtBounds(name: string): string {
  return name === "maxsize" ? "a SimpleQueue has no bound, a Queue has" : "";
}

/** What goes into a priority queue: `[priority, value]`, or a number that is its own priority. */
export type Entry<T> = readonly [priority: number, value: T] | number;

/**
 * Lowest priority first; equal ones in order of arrival (Python's leave in no particular order).
 *
 * `One` says which entries there are: pairs, unless it is told; `PriorityQueue<never, number>` is of bare numbers, `PriorityQueue<T, Entry<T>>` of both.
 *
 * @example
 *   const queue = new PriorityQueue<string>();
 *   queue.putNowait([2, "tea"]);
 *   queue.putNowait([1, "water"]);
 *   const [priority, value] = queue.getNowait();   // 1, "water"
 */
export class PriorityQueue<
  T = unknown,
  One extends Entry<T> = readonly [priority: number, value: T],
> extends TaskQueue<One> {
  /** @param options a number is `maxsize` */
  constructor(options?: number | QueueOptions | Revival) {
    super(Kind.PRIORITY, "PriorityQueue", options);
  }

  /** The queue of a handle, on this thread. @throws {HandleError} */
  static from<T = unknown, One extends Entry<T> = readonly [priority: number, value: T]>(
    handle: Handle,
    options?: ReviveOptions,
  ): PriorityQueue<T, One> {
    return priorityFrom(handle, options) as Thing as PriorityQueue<T, One>;
  }

  protected override pack(entry: One): Parcel {
    if (typeof entry === "number") {
      return new Parcel(this.member, this.codec, checkPriority(entry), entry, BARE);
    }
    if (!Array.isArray(entry) || entry.length !== 2) {
      const got = Array.isArray(entry) ? `an array of ${entry.length}` : show(entry);
      const message = `an entry must be [priority, value] or a number, got ${got}; put([priority, value])`;
      throw new ArgumentError(message, "entry", entry);
    }
    const [priority, value] = entry as readonly [unknown, unknown];
    const rank = checkPriority(priority);
    if (this.numbers) checkNumber(value);
    return new Parcel(this.member, this.codec, value, rank, 0);
  }

  protected override unpack(): One {
    const { member } = this;
    // Before the value: reviving one may use the record that these are in.
    const priority = member.floats[member.priorityAt]!;
    const bare = isBare(member);
    return this.entry(super.unpack(), priority, bare);
  }

  protected override entry(value: unknown, priority: number, bare: boolean): One {
    return (bare ? value : [priority, value]) as One;
  }
}

function checkPriority(priority: unknown): number {
  if (typeof priority === "number" && !Number.isNaN(priority)) return priority;
  const message = `a priority must be a number and not NaN, got ${show(priority)}; put([priority, value])`;
  throw new ArgumentError(message, "priority", priority);
}

const queueFrom = teach("Queue", (revival) => new Queue(revival), REVIVE_OPTIONS);
const lifoFrom = teach("LifoQueue", (revival) => new LifoQueue(revival), REVIVE_OPTIONS);
const simpleFrom = teach("SimpleQueue", (revival) => new SimpleQueue(revival), REVIVE_OPTIONS);
const priorityFrom = teach("PriorityQueue", (revival) => new PriorityQueue(revival), REVIVE_OPTIONS);
