/**
 * What a case is, and what it sees of the world. Types, and the little that all cases share; nothing here knows a runner.
 */

import type { Place } from "../../ts/index.js";
import type { Library, Shared } from "./library.js";
import type { Arguments, PartnerName, Result } from "./partners.js";
import type { TargetName } from "./targets.js";

/** Where a case runs: on Node's main thread, in a worker that has attached to its memory, in a `Thread` of it; and the same of a page. */
export type Where = "main" | "worker" | "thread" | "page" | "page-worker" | "page-thread";

/** Where cases of locks and queues run: a `Thread` is to them what a worker is. */
export const ANYWHERE: readonly Where[] = ["main", "worker", "page", "page-worker"];
/** Where threads can be started, and pools made. */
export const HOSTS: readonly Where[] = ["main", "thread", "page", "page-thread"];
/** Workers that Heddle has not started. */
export const GUESTS: readonly Where[] = ["worker", "page-worker"];

export interface Needs {
  /** Blocks the thread that it runs on: not on a page. */
  readonly sync?: true;
  /** The only places where it says something. Default: those of its chapter. */
  readonly only?: readonly Where[];
}

export interface Case {
  /** Finishes the sentence "it …", under the title of its chapter. */
  readonly name: string;
  /** What Python does: the row of the reference. */
  readonly python: string;
  /** Where we differ, and why. */
  readonly ours?: string;
  readonly needs?: Needs;
  /** Where its chapter runs. */
  readonly places: readonly Where[];
  run(world: World): Promise<void> | void;
}

/** The names of the error classes that a case may expect. `TimeoutRangeError` is a RangeError, the others are HeddleErrors. */
export const CODES = {
  ArgumentError: "ERR_ARGUMENT",
  TimeoutRangeError: "ERR_ARGUMENT",
  OutOfMemoryError: "ERR_OUT_OF_MEMORY",
  ClosedError: "ERR_CLOSED",
  UnsupportedError: "ERR_UNSUPPORTED",
  QueueEmptyError: "ERR_QUEUE_EMPTY",
  QueueFullError: "ERR_QUEUE_FULL",
  QueueShutdownError: "ERR_QUEUE_SHUTDOWN",
  TaskDoneError: "ERR_TASK_DONE",
  LockError: "ERR_LOCK",
  SemaphoreError: "ERR_SEMAPHORE",
  BrokenBarrierError: "ERR_BROKEN_BARRIER",
  AbandonedError: "ERR_ABANDONED",
  HandleError: "ERR_HANDLE",
  TransferError: "ERR_TRANSFER",
  TimeoutError: "ERR_TIMEOUT",
  CancelledError: "ERR_CANCELLED",
  InvalidStateError: "ERR_INVALID_STATE",
  ThreadError: "ERR_THREAD",
  FunctionError: "ERR_FUNCTION",
  PoolShutdownError: "ERR_POOL_SHUTDOWN",
  BrokenPoolError: "ERR_BROKEN_POOL",
  WorkerLostError: "ERR_WORKER_LOST",
} as const;

export type ErrorName = keyof typeof CODES;

/** An error as a case looks at it; one of another thread has these fields and no class. */
export interface Failure extends Error {
  readonly code: string;
}

/** One other thread, for a case that needs the same one twice, or its death. */
export interface OtherThread {
  run<N extends PartnerName>(name: N, ...args: Arguments<N>): Promise<Result<N>>;
  /** Ends it by force, and resolves when the engine says that it is over. What it was running never resolves. */
  kill(): Promise<void>;
}

export interface World {
  readonly heddle: Library;
  readonly where: Where;
  /** Closes `object` at the end of the case. In a case that passed, nobody may wait on it any more then. */
  own<T extends Shared>(object: T): T;
  /** Runs a function of partners.ts in another thread. The call is under way when this returns: blocking after it is safe. */
  inThread<N extends PartnerName>(name: N, ...args: Arguments<N>): Promise<Result<N>>;
  /** Another thread, for this case alone. */
  thread(): Promise<OtherThread>;
  /** Where a function of targets.ts is found: for threads and pools, under any policy. */
  target(name: TargetName): Place;
  /** Where the library is: what `import` takes. */
  readonly library: string;
  /** Bytes of the shared memory that are in use. */
  used(): number;
  /** Resolves as soon as `isTrue()`; the runner says when that never comes. */
  until(isTrue: () => boolean): Promise<void>;
  /** Resolves as soon as exactly `count` wait on `object`. */
  waiting(object: Shared, count: number): Promise<void>;
  /** The error of an action that must fail with this class: its name, its code, and (in this thread) its parents. */
  fails(action: (() => unknown) | Promise<unknown>, name: ErrorName): Promise<Failure>;
}

/** A chapter of the table. `rule` adds a case: its name, Python's row, the test; where we differ and what it needs in `more`. */
export interface Chapter {
  readonly cases: Case[];
  rule(name: string, python: string, run: Case["run"], more?: Pick<Case, "ours" | "needs">): void;
}

export function chapter(title: string, places: readonly Where[] = ANYWHERE): Chapter {
  const cases: Case[] = [];
  return {
    cases,
    rule(name, python, run, more = {}) {
      cases.push({ name: `${title}: ${name}`, python, ...more, places, run });
    },
  };
}

/** Calls a method by its name, for rules that hold of many. */
export function invoke(object: object, method: string | symbol, ...args: readonly unknown[]): unknown {
  const found: unknown = Reflect.get(object, method);
  if (typeof found !== "function") throw new TypeError(`expected a method ${String(method)}, found ${typeof found}`);
  return Reflect.apply(found, object, args);
}

/** The names of the classes whose objects can be passed to another thread. */
export const CLASSES = [
  "Lock",
  "RLock",
  "Condition",
  "Semaphore",
  "BoundedSemaphore",
  "Event",
  "Barrier",
  "ReadWriteLock",
  "Once",
  "Counter",
  "SimpleQueue",
  "Queue",
  "LifoQueue",
  "PriorityQueue",
] as const;

export type ClassName = (typeof CLASSES)[number];

/** The library's name for the class of `object`, or undefined when it is none of its objects. */
export function classOf(heddle: Library, object: unknown): ClassName | undefined {
  if (typeof object !== "object" || object === null) return undefined;
  return CLASSES.find((name) => object.constructor === heddle[name]);
}

/** Nobody acquired anything when a case says that somebody must have. */
export function held<T>(guard: T | null): T {
  if (guard === null) throw new Error("expected a guard, got null");
  return guard;
}
