/**
 * What workers do in a storm (storm.ts): tasks of each kind, and threads that submit.
 *
 * Role: a worker of a pool, or a thread, that Heddle has started. What it has begun stands in the ledger, so that nobody need survive to tell.
 */
import type { Counter, Pool } from "../../ts/index.js";

type Library = typeof import("../../ts/index.js");

/** Words of the ledger, each of them one for each task, and two for all. */
export const Row = { RUNS: 0, WORKER: 1, ORDER: 2, HEARD: 3 } as const;
export const ROWS = 4;
export const Word = { ORDERS: 0, ARRIVED: 1, WORKERS: 2 } as const;
export const WORDS = 16;

/** What was heard of a task. */
export const Heard = {
  NOTHING: 0,
  VALUE: 1,
  ERROR: 2,
  LOST: 3,
  LATE: 4,
  CANCELLED: 5,
  ABORTED: 6,
  SHUT: 7,
  WRONG: 8,
  MEMORY: 9,
} as const;

export type Kind =
  | "plain"
  | "slow"
  | "later"
  | "throws"
  | "nests"
  | "nestsAsleep"
  | "exits"
  | "crashes"
  | "leaves"
  | "hoards"
  | "endless"
  | "polite";

let words: Int32Array | undefined;
let start = 0;
let tasks = 0;
let library: Library | undefined;
let worker = 0;

/** Finds the ledger: once for each worker. */
export async function open(url: string, counter: Counter, address: number, count: number): Promise<void> {
  library = (await import(url)) as Library;
  if (worker !== 0) return;
  // Private on purpose: the ledger lies in the memory itself, beside what is tested. The compiler allows brackets.
  words = new Int32Array(counter["member"].memory.buffer);
  start = address >>> 2;
  tasks = count;
  worker = Atomics.add(words, start + Word.WORKERS, 1) + 1;
}

function at(row: number, index: number): number {
  return start + WORDS + row * tasks + index;
}

function begin(index: number): void {
  if (words === undefined) throw new Error("expected a worker that has come through its initializer");
  Atomics.add(words, at(Row.RUNS, index), 1);
  Atomics.store(words, at(Row.WORKER, index), worker);
  Atomics.store(words, at(Row.ORDER, index), Atomics.add(words, start + Word.ORDERS, 1) + 1);
}

const here = (name: string) => ({ url: import.meta.url, export: name });

const spin = (milliseconds: number): void => {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
};

/** What becomes of a task, as a number for the ledger. */
export function heard(value: unknown, index: number): number {
  return value === 2 * index || value === `${2 * index}` ? Heard.VALUE : Heard.WRONG;
}

export function heardError(error: unknown, index: number): number {
  const { name, message } = error as Error;
  switch (name) {
    case "StormError":
      return message === `task ${index}` ? Heard.ERROR : Heard.WRONG;
    case "WorkerLostError":
      return Heard.LOST;
    case "TimeoutError":
      return Heard.LATE;
    case "CancelledError":
      return Heard.CANCELLED;
    case "AbortError":
      return Heard.ABORTED;
    case "PoolShutdownError":
    case "ClosedError":
      return Heard.SHUT;
    case "OutOfMemoryError":
      return Heard.MEMORY;
    default:
      return Heard.WRONG;
  }
}

/** @param children indexes that it may give to tasks of its own */
export function work(kind: Kind, index: number, pool?: Pool, children: readonly number[] = []): unknown {
  begin(index);
  switch (kind) {
    case "plain":
      return 2 * index;
    case "slow":
      spin(1 + (index % 3));
      return `${2 * index}`;
    case "later":
      return new Promise((resolve) => setTimeout(resolve, index % 4, 2 * index));
    case "throws":
      throw Object.assign(new Error(`task ${index}`), { name: "StormError" });
    case "nests":
      return nest(index, pool!, children);
    case "nestsAsleep":
      for (const child of children) note(child, () => submit(pool!, child).resultSync());
      return 2 * index;
    case "exits":
      return process.exit(3);
    case "crashes":
      setTimeout(() => {
        throw new Error("nobody catches this");
      });
      return new Promise(() => {});
    case "leaves":
      setTimeout(() => {
        throw new Error("nobody catches this");
      }, 1);
      return 2 * index;
    case "hoards":
      for (const hoard: unknown[] = []; ; ) hoard.push(new Array(1000).fill(hoard.length));
    case "endless":
      for (;;);
    default:
      while (!library!.taskCancelled()) spin(0.1);
      return 2 * index;
  }
}

const submit = (pool: Pool, index: number) => pool.submit<typeof work>(here("work"), "plain", index);

function note(index: number, act: () => unknown): void {
  let outcome: number;
  try {
    outcome = heard(act(), index);
  } catch (error) {
    outcome = heardError(error, index);
  }
  Atomics.store(words!, at(Row.HEARD, index), outcome);
}

async function nest(index: number, pool: Pool, children: readonly number[]): Promise<number> {
  await Promise.all(
    children.map((child) =>
      submit(pool, child).then(
        (value) => note(child, () => value),
        (error) =>
          note(child, () => {
            throw error;
          }),
      ),
    ),
  );
  return 2 * index;
}

/** An element of a `map`: the same as a plain task. */
export function each(index: number): number {
  begin(index);
  return 2 * index;
}

/** A thread that submits some tasks, and sleeps for them. */
export async function submits(
  url: string,
  counter: Counter,
  address: number,
  count: number,
  pool: Pool,
  from: number,
  to: number,
): Promise<void> {
  await open(url, counter, address, count);
  const futures = [];
  for (let index = from; index < to; index++) futures.push(submit(pool, index));
  for (const [i, future] of futures.entries()) note(from + i, () => future.resultSync());
}

/** Ends when so many have arrived: they run at the same time. */
export async function meet(count: number): Promise<number> {
  const word = start + Word.ARRIVED;
  Atomics.add(words!, word, 1);
  while (Atomics.load(words!, word) < count) await new Promise((resolve) => setTimeout(resolve, 1));
  return worker;
}
