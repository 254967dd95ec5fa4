/**
 * The public face of locks and queues as these tests use it, for the compiler: types only, nothing of it runs.
 *
 * The tests get the library injected (Node's bundle, the browser's), so they know it by this shape.
 */
import type * as Errors from "../../ts/errors.js";

export interface WaitSyncOptions {
  timeout?: number | null | undefined;
}

export interface WaitOptions extends WaitSyncOptions {
  signal?: AbortSignal | undefined;
  ref?: boolean | undefined;
}

export interface GuardOptions extends WaitOptions {
  guard?: Guard | undefined;
}

export interface Handle {
  readonly heddle: string;
  readonly kind: string | number;
  readonly address: number;
  readonly id: string | number;
}

export interface Context {
  info(): { readonly memory: { readonly used: number } };
  share(): Share;
  close(): Promise<void>;
}

export interface Share {
  readonly transfer: readonly Transferable[];
}

export interface Attachment {
  /** Private on purpose: nobody but a test wants to know. */
  readonly member: { readonly core: { memoryUsed(): number } };
  close(): void;
}

export interface ObjectOptions {
  context?: Context | undefined;
  spin?: number | undefined;
}

export interface Guard {
  readonly abandoned: boolean;
  release(): void;
}

/** What every class has. */
export declare class Shared {
  readonly handle: Handle;
  close(): void;
}

export declare class Lock extends Shared {
  static from(handle: Handle, options?: ObjectOptions): Lock;
  constructor(options?: ObjectOptions);
  acquire(options?: WaitOptions): Promise<Guard | null>;
  acquireSync(options?: WaitSyncOptions): Guard | null;
  tryAcquire(): Guard | null;
  release(): void;
  locked(): boolean;
}

export declare class RLock extends Shared {
  static from(handle: Handle, options?: ObjectOptions): RLock;
  constructor(options?: ObjectOptions);
  acquire(options?: GuardOptions): Promise<Guard | null>;
  acquireSync(options?: WaitSyncOptions): Guard | null;
  tryAcquire(): Guard | null;
  release(): void;
  locked(): boolean;
}

export declare class Condition extends Shared {
  static from(handle: Handle, options?: ObjectOptions): Condition;
  constructor(lock?: Lock | RLock, options?: ObjectOptions);
  readonly lock: Lock | RLock;
  acquire(options?: GuardOptions): Promise<Guard | null>;
  acquireSync(options?: WaitSyncOptions): Guard | null;
  tryAcquire(): Guard | null;
  release(): void;
  wait(options?: GuardOptions): Promise<boolean>;
  waitSync(options?: WaitSyncOptions): boolean;
  waitFor<T>(predicate: () => T | Promise<T>, options?: GuardOptions): Promise<T>;
  waitForSync<T>(predicate: () => T, options?: WaitSyncOptions): T;
  notify(n?: number, options?: { guard?: Guard | undefined }): void;
  notifyAll(options?: { guard?: Guard | undefined }): void;
}

export declare class Semaphore extends Shared {
  static from(handle: Handle, options?: ObjectOptions): Semaphore;
  constructor(value?: number, options?: ObjectOptions);
  readonly value: number;
  acquire(options?: WaitOptions): Promise<Guard | null>;
  acquireSync(options?: WaitSyncOptions): Guard | null;
  tryAcquire(): Guard | null;
  release(n?: number): void;
}

export declare class BoundedSemaphore extends Semaphore {
  static override from(handle: Handle, options?: ObjectOptions): BoundedSemaphore;
}

export declare class Event extends Shared {
  static from(handle: Handle, options?: ObjectOptions): Event;
  constructor(options?: ObjectOptions);
  set(): void;
  clear(): void;
  isSet(): boolean;
  wait(options?: WaitOptions): Promise<boolean>;
  waitSync(options?: WaitSyncOptions): boolean;
}

export interface BarrierOptions extends ObjectOptions {
  action?: (() => void) | undefined;
  timeout?: number | null | undefined;
}

export declare class Barrier extends Shared {
  static from(handle: Handle, options?: BarrierOptions): Barrier;
  constructor(parties: number, options?: BarrierOptions);
  readonly parties: number;
  readonly waiting: number;
  readonly broken: boolean;
  wait(options?: WaitOptions): Promise<number>;
  waitSync(options?: WaitSyncOptions): number;
  reset(): void;
  abort(): void;
}

export declare class ReadWriteLock extends Shared {
  static from(handle: Handle, options?: ObjectOptions): ReadWriteLock;
  constructor(options?: ObjectOptions);
  read(options?: WaitOptions): Promise<Guard | null>;
  readSync(options?: WaitSyncOptions): Guard | null;
  tryRead(): Guard | null;
  write(options?: WaitOptions): Promise<Guard | null>;
  writeSync(options?: WaitSyncOptions): Guard | null;
  tryWrite(): Guard | null;
}

export declare class Once extends Shared {
  static from(handle: Handle, options?: ObjectOptions): Once;
  constructor(options?: ObjectOptions);
  readonly done: boolean;
  call(fn: () => unknown): Promise<boolean>;
  callSync(fn: () => unknown): boolean;
}

export declare class Counter extends Shared {
  static from(handle: Handle, options?: ObjectOptions): Counter;
  constructor(value?: number, options?: ObjectOptions);
  value: number;
  add(n?: number): number;
  compareExchange(expected: number, value: number): boolean;
}

export interface QueueOptions extends ObjectOptions {
  maxsize?: number | undefined;
  type?: "f64" | undefined;
}

export declare class SimpleQueue<T = unknown> extends Shared {
  static from<T = unknown>(handle: Handle, options?: ObjectOptions): SimpleQueue<T>;
  constructor(options?: ObjectOptions);
  put(value: T, options?: WaitOptions): Promise<void>;
  putSync(value: T, options?: WaitSyncOptions): void;
  putNowait(value: T): void;
  get(options?: WaitOptions): Promise<T>;
  getSync(options?: WaitSyncOptions): T;
  getNowait(): T;
  qsize(): number;
  empty(): boolean;
}

export declare class Queue<T = unknown> extends Shared implements AsyncIterable<T> {
  static from<T = unknown>(handle: Handle, options?: ObjectOptions): Queue<T>;
  constructor(options?: number | QueueOptions);
  maxsize: number;
  readonly isShutdown: boolean;
  readonly unfinishedTasks: number;
  put(value: T, options?: WaitOptions): Promise<void>;
  putSync(value: T, options?: WaitSyncOptions): void;
  putNowait(value: T): void;
  get(options?: WaitOptions): Promise<T>;
  getSync(options?: WaitSyncOptions): T;
  getNowait(): T;
  putMany(values: Iterable<T> | ArrayLike<T>, options?: WaitOptions): Promise<number>;
  putManySync(values: Iterable<T> | ArrayLike<T>, options?: WaitSyncOptions): number;
  getMany(max: number, options?: WaitOptions): Promise<T[]>;
  getManySync(max: number, options?: WaitSyncOptions): T[];
  taskDone(): void;
  join(options?: WaitOptions): Promise<boolean>;
  joinSync(options?: WaitSyncOptions): boolean;
  qsize(): number;
  empty(): boolean;
  full(): boolean;
  shutdown(options?: { immediate?: boolean | undefined }): void;
  snapshot(): T[];
  [Symbol.asyncIterator](): AsyncIterator<T>;
}

/** What comes out of a PriorityQueue, and what goes in. */
export type Entry<T> = number | [priority: number, value: T];

export declare class LifoQueue<T = unknown> extends Queue<T> {}
export declare class PriorityQueue<T = unknown> extends Queue<Entry<T>> {}

/** What the tests need of the package's exports. */
export interface Library {
  Lock: typeof Lock;
  RLock: typeof RLock;
  Condition: typeof Condition;
  Semaphore: typeof Semaphore;
  BoundedSemaphore: typeof BoundedSemaphore;
  Event: typeof Event;
  Barrier: typeof Barrier;
  ReadWriteLock: typeof ReadWriteLock;
  Once: typeof Once;
  Counter: typeof Counter;
  SimpleQueue: typeof SimpleQueue;
  Queue: typeof Queue;
  JoinableQueue: typeof Queue;
  LifoQueue: typeof LifoQueue;
  PriorityQueue: typeof PriorityQueue;
  HeddleError: typeof Errors.HeddleError;
  ArgumentError: typeof Errors.ArgumentError;
  TransferError: typeof Errors.TransferError;
  TimeoutRangeError: typeof Errors.TimeoutRangeError;
  OutOfMemoryError: typeof Errors.OutOfMemoryError;
  info(): ReturnType<Context["info"]>;
  share(): Share;
  attach(share: Share): Promise<Attachment>;
  createHeddle(options?: { memory?: number }): Context;
  /** How many wait on an object: getters, putters and joiners of a queue together. For tests only. */
  waitingOn(object: Shared): number;
}
