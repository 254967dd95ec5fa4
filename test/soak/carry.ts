/** Threads that carry numbers through a queue as fast as they can: what comes out is summed up, and its order looked at. */
import type { Handle, Queue } from "../../ts/index.js";
import type { Library } from "../runtime/library.js";

export const QUEUES = ["Queue", "LifoQueue", "PriorityQueue", "SimpleQueue"] as const;

export interface CarryOrder {
  readonly type: (typeof QUEUES)[number];
  readonly queue: Handle;
  /** Which producer it is; or -1: it gets. */
  readonly producer: number;
  readonly producers: number;
  readonly count: number;
}

/** What a consumer has seen of one producer. */
export interface Seen {
  readonly count: number;
  /** Of the numbers that the producer has counted with. */
  readonly sum: number;
  /** How often a number came that is less than one before it. */
  readonly outOfOrder: number;
}

/** Producers send p, p + producers, p + 2 producers … and at the end of a queue that cannot be shut down this, once for each consumer. */
export const END = -1;

/** A queue that is bounded by memory only: its producers stop for a while where it is as long as that. */
const LONGEST = 100_000;

export function produce(library: Library, { type, queue: handle, producer, producers, count }: CarryOrder): void {
  const queue = (library[type] as typeof Queue).from<number>(handle);
  const never = new Int32Array(new SharedArrayBuffer(4));
  for (let i = 0; i < count; i++) {
    if (type === "SimpleQueue" && i % 1024 === 0) {
      while (queue.qsize() > LONGEST) Atomics.wait(never, 0, 0, 1);
    }
    queue.putSync(i * producers + producer);
  }
  queue.close();
}

export function consume(library: Library, { type, queue: handle, producers }: CarryOrder): Seen[] {
  const queue = (library[type] as typeof Queue).from<number>(handle);
  const lasts = new Float64Array(producers).fill(-1);
  const counts = new Float64Array(producers);
  const sums = new Float64Array(producers);
  const wrongs = new Float64Array(producers);
  try {
    for (let item = queue.getSync(); item !== END; item = queue.getSync()) {
      const producer = item % producers;
      counts[producer]!++;
      sums[producer]! += (item - producer) / producers;
      if (item <= lasts[producer]!) wrongs[producer]!++;
      lasts[producer] = item;
    }
  } catch (error) {
    if ((error as { code?: string }).code !== "ERR_QUEUE_SHUTDOWN") throw error;
  }
  queue.close();
  return Array.from({ length: producers }, (_, p) => ({
    count: counts[p]!,
    sum: sums[p]!,
    outOfOrder: wrongs[p]!,
  }));
}
