/**
 * Pool: workers that run functions. Python's `concurrent.futures.Executor` and `multiprocessing.Pool` in one.
 *
 * Source: CPython for the meaning; docs/threads-and-pools.md lists where the two differ, and what was chosen.
 * Role:   any thread that takes part in a context; guests can submit, and not make one.
 */
import { platform } from "#platform";
import { checkFunction, checkOptions, checkWhole, refuse } from "../checks.js";
import { BrokenPoolError, PoolShutdownError, UnsupportedError } from "../errors.js";
import { LEAST_ADDRESS } from "../runtime/core.js";
import { Answer, Kind } from "../runtime/core-things.js";
import type { Member } from "../runtime/member.js";
import { refOf } from "../runtime/thread-record.js";
import {
  type Handle,
  isRevival,
  memberFor,
  type Revival,
  receive,
  Thing,
  type ThingOptions,
  teach,
} from "../sync/thing.js";
import { type Claim, readSignal, readTimeout, type WaitOptions, type WaitSyncOptions } from "../sync/wait.js";
import { type Freight, freightOf } from "../threads/freight.js";
import { type AnyFunction, specOf, type Target } from "../threads/target.js";
import type { Movable, Moved, Unmoved } from "../values/move.js";
import { type Caller, callerOf, PLACES_MOST } from "./caller.js";
import { type Desk, deskOf } from "./desk.js";
import type { Future } from "./future.js";
import { type Imap, imap } from "./imap.js";
import { closed, Job, type JobPlace } from "./job.js";
import { type PoolStatistics, Tally } from "./tally.js";
import { define, definitionOf, Shape, writeTask } from "./wire.js";
import type { Initializer } from "./work.js";

export interface PoolOptions extends Omit<ThingOptions, "spin"> {
  /** Workers, 1 to 250. Default: as many as the machine runs at a time. */
  readonly workers?: number;
  /** Run by each worker before its first task. When it throws, the pool is broken. */
  readonly initializer?: Target;
  readonly initArgs?: readonly unknown[];
  /** Tasks after which a worker is replaced; a chunk of `map` counts as one. Default: never. */
  readonly maxTasksPerChild?: number;
  /** Tasks that may wait at most; `submit` and its like wait beyond. Default: as many as the memory holds. */
  readonly maxPending?: number;
  /** Milliseconds that a task gets to end by itself when its time is over or it was aborted, before its worker is ended by force. Default 1000. */
  readonly grace?: number;
}

export interface CallOptions {
  /** Milliseconds from the call until it rejects with `TimeoutError`. */
  readonly timeout?: number | null;
  /** Aborting it rejects with `signal.reason`. */
  readonly signal?: AbortSignal;
  /** Lower numbers go first. Default 0. */
  readonly priority?: number;
  /** As `PoolOptions.grace`, for this call. */
  readonly grace?: number;
}

export interface MapOptions extends CallOptions {
  /** Elements that a worker is given at a time. Default: so that each worker gets four chunks. */
  readonly chunksize?: number;
  /** Called after each chunk. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

export interface ImapOptions extends CallOptions {
  /** Elements that a worker is given at a time. Default 1. */
  readonly chunksize?: number;
  /** Chunks that are under way at most. Default: two for each worker. */
  readonly window?: number;
}

type Arguments<F extends AnyFunction> = Movable<Parameters<F>>;
type Result<F extends AnyFunction> = Unmoved<Awaited<ReturnType<F>>>;

const POOL_OPTIONS = ["workers", "initializer", "initArgs", "maxTasksPerChild", "maxPending", "grace", "context"];
const CALL_OPTIONS = ["timeout", "signal", "priority", "grace"];
const MAP_OPTIONS = [...CALL_OPTIONS, "chunksize", "onProgress"];
const IMAP_OPTIONS = [...CALL_OPTIONS, "chunksize", "window"];

const NO_OPTIONS: CallOptions = {};

const WORKERS_MAXIMUM = 250;
const GRACE = 1000;
/** Of `maxTasksPerChild`. */
const NEVER = Number.POSITIVE_INFINITY;
/** Chunks that each worker gets of a map, by default. Source: CPython's `Pool.map`. */
const CHUNKS_PER_WORKER = 4;

/** What is put in when there is room. */
interface Submission {
  readonly definition: number;
  readonly shape: number;
  readonly value: unknown;
  readonly priority: number;
  readonly freight: Freight | null;
}

export class Pool extends Thing {
  protected override readonly kind = Kind.TASKS;
  protected override readonly type = "Pool";
  readonly workers: number;
  readonly #grace: number;
  /** Whether its workers are this object's to let go. */
  readonly #isMaker: boolean = false;
  /** `shutdown`, then `close`, for `await using`, where the engine has that symbol. */
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;
  readonly #tally: Tally;
  /** This thread's part in the pool, and where this object's tasks go in; from the first on. */
  #desk: Desk | undefined;
  #place: JobPlace | undefined;

  /**
   * @param options a number is `workers`
   * @throws {ArgumentError} @throws {UnsupportedError} threads cannot be had here
   * @example
   *   await using pool = new Pool(4);
   *   await pool.map((x) => x * x, [1, 2, 3]);   // [ 1, 4, 9 ]
   */
  constructor(options: number | PoolOptions | Revival = {}) {
    const given: PoolOptions | Revival = typeof options === "number" ? { workers: options } : options;
    const revival = isRevival(given) ? receive(given.handle, [Kind.TASKS], given) : undefined;
    if (revival === undefined) checkOptions(given, POOL_OPTIONS);
    const {
      workers = platform.parallelism(),
      maxPending = 0,
      maxTasksPerChild = NEVER,
      grace = GRACE,
    } = given as PoolOptions;
    checkWhole("workers", workers, 1, WORKERS_MAXIMUM);
    checkWhole("maxPending", maxPending, 0, 2 ** 32 - 1);
    if (maxTasksPerChild !== NEVER) checkWhole("maxTasksPerChild", maxTasksPerChild, 1, 2 ** 31);
    checkGrace(grace);
    const { initializer, initArgs = [] } = given as PoolOptions;
    const spec = initializer === undefined ? undefined : specOf(initializer, "initializer");
    const member = revival?.member ?? memberFor(given);
    const { workshop } = member;
    if (revival === undefined && workshop === undefined) {
      throw new UnsupportedError(
        "expected a thread that Heddle has started, or the one that made the context; a guest can use a pool, and not make one",
      );
    }
    super(member, revival?.make ?? (({ core }) => core.tasksMake(maxPending, 0)));
    this.#tally = new Tally(member, this.grip);
    if (revival === undefined) this.#tally.open(workers);
    this.workers = this.#tally.workers;
    this.#grace = grace;
    if (revival !== undefined || workshop === undefined) return;
    const definition =
      spec === undefined ? 0 : define(member, this.grip, { spec, args: initArgs } satisfies Initializer);
    const plan = { initializer: definition, tasks: maxTasksPerChild === NEVER ? 0 : maxTasksPerChild };
    this.#isMaker = true;
    const duty = { kind: "pool", pool: refOf(member.core, this.grip), plan } as const;
    workshop.order({ kind: "hire", duty, hands: workers, main: workshop.main() });
  }

  /** The pool of a handle, on this thread: its workers stay its maker's. @throws {HandleError} */
  static from(handle: Handle, options?: ThingOptions): Pool {
    return poolOf(handle, options);
  }

  protected override state(): Readonly<Record<string, unknown>> {
    return { workers: this.workers, queued: this.queued, running: this.running };
  }

  /** Tasks that have not begun: a moment's truth. */
  get queued(): number {
    return this.member.core.tasksQueued(this.live()) >>> 0;
  }

  /** Tasks that run: a moment's truth. */
  get running(): number {
    return this.member.core.tasksRunning(this.live()) >>> 0;
  }

  /**
   * What the pool has done so far, for all threads together: counts, utilisation, and how long tasks have waited and run.
   *
   * @example
   *   const { done, utilisation, runningTimes } = pool.statistics();
   *   console.log(done, utilisation, runningTimes.percentile(99));   // e.g. 1000 0.93 4.76
   */
  statistics(): PoolStatistics {
    this.live();
    return this.#tally.read();
  }

  /** Runs a function on a worker. @throws {PoolShutdownError} @throws {BrokenPoolError} @throws {TransferError} */
  submit<F extends AnyFunction>(fn: Target<F>, ...args: Arguments<F>): Future<Result<F>> {
    return this.#apply(fn, args, NO_OPTIONS, this.#caller(this.submit)) as Future<Result<F>>;
  }

  /** `submit` with options. */
  submitWith<F extends AnyFunction>(options: CallOptions, fn: Target<F>, ...args: Arguments<F>): Future<Result<F>> {
    checkOptions(options, CALL_OPTIONS);
    return this.#apply(fn, args, options, this.#caller(this.submitWith)) as Future<Result<F>>;
  }

  /** The result of a function that runs on a worker. */
  async apply<F extends AnyFunction>(
    fn: Target<F>,
    args?: Arguments<F>,
    options: CallOptions = {},
  ): Promise<Result<F>> {
    return this.submitWith(options, fn, ...(args ?? ([] as unknown[] as Arguments<F>)));
  }

  /** Results of a function for each element, in their order. When one fails, it rejects with the first failure by order, once all that has begun is over. */
  async map<T, R>(
    fn: Target<(item: T) => R>,
    items: Iterable<T | Moved<T>> | ArrayLike<T | Moved<T>>,
    options: MapOptions = {},
  ): Promise<Unmoved<Awaited<R>>[]> {
    return this.#map(fn, Shape.MAP, items, options, this.#caller(this.map)) as Promise<Unmoved<Awaited<R>>[]>;
  }

  /** `map` where each element is an array of arguments. */
  async starmap<F extends AnyFunction>(
    fn: Target<F>,
    items: Iterable<Readonly<Parameters<F>>>,
    options: MapOptions = {},
  ): Promise<Result<F>[]> {
    return this.#map(fn, Shape.STARMAP, items, options, this.#caller(this.starmap)) as Promise<Result<F>[]>;
  }

  /**
   * Results of a function for each element, in their order, one by one: `for await (const result of pool.imap(f, items))`. The input, which may be asynchronous and
   * endless, is read no faster than the results. A failure is thrown in its place; whoever calls `next` again gets what follows.
   */
  imap<T, R>(
    fn: Target<(item: T) => R>,
    items: Iterable<T | Moved<T>> | AsyncIterable<T | Moved<T>>,
    options: ImapOptions = {},
  ): Imap<Unmoved<Awaited<R>>> {
    return this.#imap(fn, items, options, true, this.#caller(this.imap));
  }

  /** `imap` with results as they come. */
  imapUnordered<T, R>(
    fn: Target<(item: T) => R>,
    items: Iterable<T | Moved<T>> | AsyncIterable<T | Moved<T>>,
    options: ImapOptions = {},
  ): Imap<Unmoved<Awaited<R>>> {
    return this.#imap(fn, items, options, false, this.#caller(this.imapUnordered));
  }

  /** Where a method was called; not beyond a thousand calls under way. */
  #caller(method: (...args: never[]) => unknown): Caller | undefined {
    return (this.#desk?.mailbox.size ?? 0) < PLACES_MOST ? callerOf(method) : undefined;
  }

  #imap<T, R>(
    fn: unknown,
    items: Iterable<T> | AsyncIterable<T>,
    options: ImapOptions,
    ordered: boolean,
    caller: Caller | undefined,
  ): Imap<R> {
    checkOptions(options, IMAP_OPTIONS);
    const { chunksize = 1, window = 2 * this.workers, ...call } = options;
    checkWhole("chunksize", chunksize, 1, 2 ** 31);
    checkWhole("window", window, 1, 2 ** 31);
    const definition = this.#deskHere().definition(fn);
    const submit = (chunk: T[]): Future<ArrayLike<R>> =>
      this.#submit(definition, Shape.MAP, chunkOf(chunk, 0, chunk.length), call, caller) as Future<ArrayLike<R>>;
    return imap<T, R>(iteratorOf(items), submit, { chunksize, window, ordered });
  }

  async #map(
    fn: unknown,
    shape: number,
    items: Iterable<unknown> | ArrayLike<unknown>,
    options: MapOptions,
    caller: Caller | undefined,
  ): Promise<unknown[]> {
    checkOptions(options, MAP_OPTIONS);
    const list = listOf(items);
    const {
      chunksize = Math.ceil(list.length / (CHUNKS_PER_WORKER * this.workers)) || 1,
      onProgress,
      ...call
    } = options;
    checkWhole("chunksize", chunksize, 1, 2 ** 31);
    if (onProgress !== undefined) checkFunction("onProgress", onProgress);
    const definition = this.#deskHere().definition(fn);
    let done = 0;
    const futures: Future<ArrayLike<unknown>>[] = [];
    for (let i = 0; i < list.length; i += chunksize) {
      const chunk = chunkOf(list, i, chunksize);
      const future = this.#submit(definition, shape, chunk, call, caller) as Future<ArrayLike<unknown>>;
      if (onProgress !== undefined) {
        future.addDoneCallback(() => {
          done += chunk.length;
          onProgress({ done, total: list.length });
        });
      }
      futures.push(future);
    }
    await Promise.allSettled(futures);
    const results: unknown[] = [];
    for (const future of futures) {
      const chunk = await future;
      for (let i = 0; i < chunk.length; i++) results.push(chunk[i]);
    }
    return results;
  }

  /** No more tasks. With `wait` (default) it resolves when all is done and the workers are free; with `cancelFutures` what has not begun is cancelled. */
  async shutdown({
    wait = true,
    cancelFutures = false,
  }: {
    readonly wait?: boolean;
    readonly cancelFutures?: boolean;
  } = {}): Promise<void> {
    const grip = this.live();
    const { member } = this;
    member.settle(() => member.core.tasksShutdown(grip, cancelFutures ? 1 : 0));
    if (wait) await this.join();
  }

  /** Waits until no task waits or runs; the futures of this thread are done then. @returns false: out of time */
  async join(options?: WaitOptions): Promise<boolean> {
    const isOver = (await this.obtain(this.#joinClaim(), options)) === Answer.OK;
    if (isOver) await this.#place?.mailbox.catchUp();
    return isOver;
  }

  /** `join`, blocking. */
  joinSync(options?: WaitSyncOptions): boolean {
    const isOver = this.obtainSync(this.#joinClaim(), options, "join") === Answer.OK;
    if (isOver) this.#place?.mailbox.catchUpSync();
    return isOver;
  }

  protected override assertMayBlock(name: string): void {
    this.member.assertMaySleepForWorkers(`${this.type}.${name}Sync`, `${this.type}.${name}`);
  }

  #joinClaim(): Claim {
    const grip = this.live();
    const { member } = this;
    return { member, grip, attempt: (waiter) => member.call(() => member.core.tasksJoin(grip, waiter)) };
  }

  /** Ends the workers by force; what has not begun is cancelled, what runs is lost. */
  terminate(): void {
    const grip = this.live();
    const { member } = this;
    member.settle(() => member.core.tasksShutdown(grip, 1));
    member.end({ kind: "endPool", pool: refOf(member.core, grip) });
  }

  /**
   * Gives up this object: what it has submitted and not heard of rejects with `ClosedError`; what of that has not begun will not run. Of the pool's maker it is a
   * shutdown, too, that nobody waits for: what others have submitted still runs, and the workers are free after that.
   */
  override close(): void {
    if (this.#isMaker && !this.closed && !this.member.isClosed) {
      const { core } = this.member;
      this.surely((grip) => core.tasksShutdown(grip, 0));
    }
    const desk = this.#desk;
    this.#desk = undefined;
    if (desk !== undefined) {
      forgotten.unregister(this);
      if (this.#place !== undefined) desk.mailbox.dismiss(this.#place.owner, closed());
      desk.leave();
    }
    super.close();
  }

  #deskHere(): Desk {
    const grip = this.live();
    if (this.#desk === undefined) {
      this.#desk = deskOf(this.member, grip);
      this.#desk.enter();
      forgotten.register(this, this.#desk, this);
      this.#place = placeOf(this.member, this.#desk, this.#grace);
    }
    return this.#desk;
  }

  #apply(fn: unknown, args: readonly unknown[], options: CallOptions, caller: Caller | undefined): Future<unknown> {
    const definition = this.#deskHere().definition(fn);
    // These need no array, which would need bytes of its own.
    if (args.length === 0) return this.#submit(definition, Shape.NONE, undefined, options, caller);
    if (args.length === 1 && typeof args[0] === "number") {
      return this.#submit(definition, Shape.ONE, args[0], options, caller);
    }
    return this.#submit(definition, Shape.APPLY, args, options, caller);
  }

  #submit(
    definition: number,
    shape: number,
    value: unknown,
    options: CallOptions,
    caller: Caller | undefined,
  ): Future<unknown> {
    const grip = this.live();
    const { member } = this;
    const { core } = member;
    const { priority = 0, grace } = options;
    if (grace !== undefined) checkGrace(grace);
    const timeout = readTimeout(options.timeout);
    const signal = readSignal(options.signal);
    if (typeof priority !== "number" || Number.isNaN(priority)) refuse("priority", "a number", priority);
    this.#deskHere();
    const place = this.#place!;
    const job = new Job(grace === undefined ? place : { ...place, grace }, timeout, signal, caller);
    if (signal?.aborted) {
      job.future.setException(signal.reason);
      return job.future;
    }
    const freight = freightOf(member, value);
    const [load, form] = freight === null ? [value, shape] : [freight.holey, shape | Shape.MOVED];
    const task = writeTask(member, load, definition, form, place.mailbox.serial);
    const answer = task < LEAST_ADDRESS ? task : member.call(() => core.tasksSubmit(grip, 0, task, priority));
    if (answer === Answer.OK) {
      job.begin(task, freight);
      return job.future;
    }
    if (task >= LEAST_ADDRESS) core.valueDrop();
    if (answer === Answer.SHUT) throw this.#shut();
    if (answer === Answer.NO_MEMORY) throw member.outOfMemory(0);
    // No room; or a page's thread did not get a lock at once.
    this.#later({ definition, shape: form, value: load, priority, freight }, job);
    return job.future;
  }

  /** Not at once: as soon as it can be. */
  #later({ definition, shape, value, priority, freight }: Submission, job: Job): void {
    const grip = this.live();
    const { member } = this;
    const { mailbox } = this.#deskHere();
    let task = 0;
    let isInLine = false;
    let answer: number = Answer.WAIT;
    const claim: Claim = {
      member,
      grip,
      attempt: (waiter) => {
        if (!isInLine) {
          task = writeTask(member, value, definition, shape, mailbox.serial);
          if (task < LEAST_ADDRESS) return task;
        }
        answer = member.call(() => member.core.tasksSubmit(grip, waiter, task, priority));
        if (answer === Answer.WAIT && waiter !== 0) isInLine = true;
        else if (answer !== Answer.OK) member.core.valueDrop();
        return answer;
      },
      take: () => {
        mailbox.inLine.delete(look);
        job.begin(task, freight);
      },
    };
    const settle = (): void => {
      if (answer === Answer.SHUT) job.fail(this.#shut());
      else if (answer === Answer.NO_MEMORY) job.fail(member.outOfMemory(0));
    };
    // Where a thread sleeps for an outcome, no promise is heard of.
    const look = (): void => {
      claim.look?.();
      settle();
    };
    const stop = new AbortController();
    mailbox.inLine.add(look);
    job.queue(() => stop.abort());
    this.obtain(claim, { signal: stop.signal })
      .then((last) => {
        answer = last;
        settle();
      })
      .catch((error: unknown) => job.fail(error))
      .finally(() => mailbox.inLine.delete(look));
  }

  #shut(): Error {
    return whyBroken(this.member, this.grip) ?? new PoolShutdownError("expected a pool that is open, it was shut down");
  }
}

/** What to do when nobody has a pool's object any more, and nobody has closed it: its tasks go on, and are heard of. */
const forgotten = new FinalizationRegistry<Desk>((desk) => desk.leave());

/** It does not keep the pool's object: tasks that are under way do not need it. */
function placeOf(member: Member, { grip, mailbox }: Desk, grace: number): JobPlace {
  return { member, grip, mailbox, grace, owner: {}, whyBroken: () => whyBroken(member, grip) };
}

/** Why the workers of a pool cannot work, if so. */
function whyBroken(member: Member, grip: number): BrokenPoolError | null {
  const key = grip === 0 ? 0 : member.core.tasksBroken(grip) >>> 0;
  if (key === 0) return null;
  return new BrokenPoolError(`expected workers that can work: ${String(definitionOf(member, grip, key))}`);
}

if (typeof Symbol.asyncDispose === "symbol") {
  Object.defineProperty(Pool.prototype, Symbol.asyncDispose, {
    async value(this: Pool): Promise<void> {
      if (this.closed) return;
      await this.shutdown();
      this.close();
    },
  });
}

function checkGrace(grace: unknown): void {
  if (typeof grace !== "number" || !(grace >= 0)) refuse("grace", "0 or more milliseconds", grace);
}

function listOf(items: Iterable<unknown> | ArrayLike<unknown>): ArrayLike<unknown> {
  if (typeof items === "string") return [...items];
  if (typeof items !== "object" || items === null) return refuse("items", "an array or something iterable", items);
  if ("length" in items) return items as ArrayLike<unknown>;
  if (Symbol.iterator in items) return Array.from(items as Iterable<unknown>);
  return refuse("items", "an array or something iterable", items);
}

function iteratorOf<T>(items: Iterable<T> | AsyncIterable<T>): Iterator<T> | AsyncIterator<T> {
  if (typeof items === "object" && items !== null) {
    if (Symbol.asyncIterator in items) return items[Symbol.asyncIterator]();
    if (Symbol.iterator in items) return items[Symbol.iterator]();
  }
  if (typeof items === "string") return (items as Iterable<T>)[Symbol.iterator]();
  return refuse("items", "something iterable", items);
}

/** A piece of a list; numbers alone as a Float64Array, which travels fastest. */
function chunkOf(list: ArrayLike<unknown>, start: number, size: number): ArrayLike<unknown> {
  const end = Math.min(list.length, start + size);
  const numbers = new Float64Array(end - start);
  for (let i = start; i < end; i++) {
    const item = list[i];
    if (typeof item !== "number") return Array.prototype.slice.call(list, start, end);
    numbers[i - start] = item;
  }
  return numbers;
}

const poolOf = teach("Pool", (revival) => new Pool(revival));
