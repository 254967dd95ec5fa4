/**
 * What is measured, and what a right answer is.
 *
 * This is the only place that names a test. A contender's program gets `argumentsOf` and prints what `readFigures`
 * reads; its answer is right when its sum is `expectedSum`.
 */

export type Kind = "numbers" | "objects" | "arrays" | "ping-pong" | "priority" | "idle";

export interface Test {
  /** As the tables and `--only` call it. */
  readonly name: string;
  readonly kind: Kind;
  /** What an item is and who handles it, in a sentence. */
  readonly about: string;
  /** Threads that put; for "priority" the threads, each of which puts and takes. */
  readonly producers: number;
  readonly consumers: number;
  /** Of the queue; 0 where nothing limits it. */
  readonly capacity: number;
  /** Items of the first run, from which the others are sized. */
  readonly firstItems: number;
  /** What the columns say, the one that ratios are made of first. */
  readonly columns: readonly string[];
  /** Whether a larger figure is the better one. */
  readonly isSpeed: boolean;
  /** The rows of Heddle that the others are compared with, as far as they take part. */
  readonly references: readonly string[];
}

/** What one run of a contender's program says. */
export interface Figures {
  /** From the common start to the last end. */
  readonly seconds: number;
  /** Of what arrived; -1 when something arrived that was never sent. */
  readonly sum: number;
  /** Median and 99th percentile of a round trip, in microseconds. */
  readonly p50?: number;
  readonly p99?: number;
  /** Processor time of the whole program, in percent of the time that went by. */
  readonly percent?: number;
}

/** Of queues of numbers and of small objects. */
export const CAPACITY = 1024;
/** Of queues of arrays: with 1024 of them a queue would be larger than a processor's caches, and than Heddle's memory. */
export const ARRAY_CAPACITY = 64;
/** Numbers in an array: 64 KiB. */
export const ARRAY_LENGTH = 8192;
/** Numbers in a batch. */
export const BATCH = 64;
/** Numbers that lie in a priority queue while others come and go. */
export const STORED = 1000;
/** Threads that wait for an item in the test of idleness. */
export const IDLE_GETTERS = 8;
/** Samples of it at most: each takes five seconds. */
export const IDLE_SAMPLES = 3;

/**
 * Passes before the one that is measured, where an engine compiles while the program runs: with one, or with a quarter of the
 * items, the first tenths of a second of V8's compilers are measured too (Node 20: 12 million a second instead of 15).
 */
export const WARM_PASSES = 4;

/** Items of a run are a multiple of this: every producer and every consumer then has as many whole batches in each pass. */
const GRAIN = 4 * WARM_PASSES * BATCH;
/** Sums of 1 to n stay exact in a double up to here. */
export const ITEMS_MAXIMUM = 100_000_000 - (100_000_000 % GRAIN);

/** A hundred bytes when written as JSON, with an id of six digits: what a job in a queue looks like. */
export interface Order {
  readonly id: number;
  readonly name: string;
  readonly price: number;
  readonly count: number;
  readonly owner: string;
  readonly paid: boolean;
  readonly tags: readonly string[];
}

export function orderOf(id: number): Order {
  return { id, name: "shuttle", price: 12.5, count: 3, owner: "weaver", paid: true, tags: ["ox", "s"] };
}

const IN_WASM_OR_BY_CALLS = ["heddle-wasm", "heddle-f64", "heddle-batch"];

export const TESTS: readonly Test[] = [
  ...[1, 2, 4].map((threads) =>
    flow("numbers", threads, {
      about: "small numbers",
      capacity: CAPACITY,
      firstItems: 2 ** 14,
      columns: ["million/s"],
      references: IN_WASM_OR_BY_CALLS,
    }),
  ),
  ...[1, 2].map((threads) =>
    flow("objects", threads, {
      about: "objects of 100 bytes",
      capacity: CAPACITY,
      firstItems: 2 ** 12,
      columns: ["million/s"],
      references: ["heddle"],
    }),
  ),
  ...[1, 2].map((threads) =>
    flow("arrays", threads, {
      about: "arrays of 64 KiB",
      capacity: ARRAY_CAPACITY,
      firstItems: GRAIN,
      columns: ["thousand/s"],
      references: ["heddle"],
    }),
  ),
  {
    name: "ping-pong",
    kind: "ping-pong",
    about: "a number to another thread and back, through two queues",
    producers: 1,
    consumers: 1,
    capacity: CAPACITY,
    firstItems: 2 ** 11,
    columns: ["median us", "p99 us"],
    isSpeed: false,
    references: ["heddle-wasm-spin2000", "heddle-spin2000", "heddle-spin0"],
  },
  ...[1, 2].map(
    (threads): Test => ({
      name: `priority-${threads}`,
      kind: "priority",
      about: `a number in and the smallest out, ${STORED} stored, ${threads === 1 ? "one thread" : `${threads} threads`}; both operations count`,
      producers: threads,
      consumers: 0,
      capacity: 0,
      firstItems: 2 ** 12,
      columns: ["million/s"],
      isSpeed: true,
      references: ["heddle-wasm", "heddle-f64"],
    }),
  ),
  {
    name: "idle",
    kind: "idle",
    about: `${IDLE_GETTERS} threads that wait for an item which does not come`,
    producers: 0,
    consumers: IDLE_GETTERS,
    capacity: CAPACITY,
    // Milliseconds, not items: it does nothing.
    firstItems: 5_120,
    columns: ["% of a core"],
    isSpeed: false,
    references: ["heddle"],
  },
];

function flow(
  kind: Kind,
  threads: number,
  rest: Pick<Test, "about" | "capacity" | "firstItems" | "columns" | "references">,
): Test {
  const { about, ...more } = rest;
  return {
    name: `${kind}-${threads}/${threads}`,
    kind,
    producers: threads,
    consumers: threads,
    isSpeed: true,
    about: `${about}, ${threads} ${threads === 1 ? "producer, 1 consumer" : `producers, ${threads} consumers`}`,
    ...more,
  };
}

/** The next number of items, from `items` up, that all threads can share evenly. */
export function wholeItems(items: number): number {
  return Math.min(ITEMS_MAXIMUM, Math.max(GRAIN, Math.ceil(items / GRAIN) * GRAIN));
}

/** Items of the passes before the one that is measured, together: compilers have seen the loops, threads have run. */
export function warmItems(items: number): number {
  return items;
}

/** What every contender's program is told: kind, threads, items, items of the passes before, capacity. */
export function argumentsOf(test: Test, items: number): string[] {
  return [test.kind, test.producers, test.consumers, items, warmItems(items), test.capacity].map(String);
}

/**
 * What the consumers have taken together in a right run of `items` items.
 *
 * Every producer puts 1, 2, … (as the id of an object, at both ends of an array). A ping-pong adds up what came back.
 * A priority queue's sum is of everything that was ever in it, the pass before included.
 */
export function expectedSum(test: Test, items: number): number {
  if (test.kind === "idle") return test.consumers;
  if (test.kind !== "priority") return test.producers * sumTo(items / test.producers);
  const total = items + warmItems(items);
  let sum = sumOfPriorities(0, STORED);
  for (let thread = 1; thread <= test.producers; thread++) sum += sumOfPriorities(thread, total / test.producers);
  return sum;
}

function sumTo(n: number): number {
  return (n * (n + 1)) / 2;
}

/**
 * The first state of a stream of priorities: stream 0 fills the queue, stream k is thread k's. Each state follows from the
 * one before (`nextState`), and a priority is the upper 24 bits of a state, so that a hundred million add up exactly.
 *
 * Source: G. Marsaglia, "Xorshift RNGs" (2003), the triple 13, 17, 5.
 */
export function firstState(stream: number): number {
  return Math.imul(stream + 1, 0x9e3779b9) >>> 0;
}

export function nextState(state: number): number {
  let x = state;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  return x >>> 0;
}

export function priorityOf(state: number): number {
  return state >>> 8;
}

function sumOfPriorities(stream: number, count: number): number {
  let state = firstState(stream);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    state = nextState(state);
    sum += priorityOf(state);
  }
  return sum;
}

/** Reads the last line that a contender's program printed. @throws when it says something else */
export function readFigures(output: string): Figures {
  const line = output.trim().split("\n").at(-1) ?? "";
  const figures = parse(line);
  const isRight =
    figures !== null &&
    typeof figures.sum === "number" &&
    typeof figures.seconds === "number" &&
    figures.seconds > 0 &&
    [figures.p50, figures.p99, figures.percent].every(
      (value) => value === undefined || (typeof value === "number" && value >= 0),
    );
  if (!isRight) throw new Error(`expected {"seconds": …, "sum": …}, got "${line}"`);
  return figures;
}

function parse(line: string): Figures | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Figures) : null;
  } catch {
    return null;
  }
}

/** The figures of the columns. */
export function columnsOf(test: Test, items: number, figures: Figures): number[] {
  const { seconds, p50 = Number.NaN, p99 = Number.NaN, percent = Number.NaN } = figures;
  switch (test.kind) {
    case "numbers":
    case "objects":
      return [items / seconds / 1e6];
    case "arrays":
      return [items / seconds / 1e3];
    case "priority":
      return [(2 * items) / seconds / 1e6];
    case "ping-pong":
      return [p50, p99];
    case "idle":
      return [percent];
  }
}
