/**
 * Pool: workers that run functions. Python's `concurrent.futures.Executor` and `multiprocessing.Pool` in one.
 *
 * Source: CPython for the meaning; docs/threads-and-pools.md lists where the two differ, and what was chosen.
 * Role:   any thread that takes part in a context; guests can submit, and not make one.
 */
import { platform } from "#platform";
import { checkOptions, checkWhole } from "../checks.js";
import { BrokenPoolError, UnsupportedError } from "../errors.js";
import { Answer, Kind } from "../runtime/core/core-things.js";
import type { Member } from "../runtime/core/member.js";
import { refOf } from "../runtime/crew/thread-record.js";
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
import type { Claim, WaitOptions, WaitSyncOptions } from "../sync/wait.js";
import { type AnyFunction, specOf, type Target } from "../threads/target.js";
import type { Movable, Moved, Unmoved } from "../values/move.js";
import { type Caller, callerOf, PLACES_MOST } from "./caller.js";
import { type Desk, deskOf } from "./desk.js";
import type { Future } from "./future.js";
import { type Imap, imap } from "./imap.js";
import { chunkOf, iteratorOf, listOf } from "./items.js";
import { closed, type JobPlace } from "./job.js";
import {
  type Call,
  type CallOptions,
  checkGrace,
  type ImapOptions,
  type MapOptions,
  PLAIN_CALL,
  POOL_OPTIONS,
  type PoolOptions,
  readCall,
  readImap,
  readMap,
} from "./options.js";
import { type Obtain, submit } from "./submit.js";
import { type PoolStatistics, Tally } from "./tally.js";
import { define, definitionOf, Shape } from "./wire.js";
import type { Initializer } from "./work.js";

type Arguments<F extends AnyFunction> = Movable<Parameters<F>>;
type Result<F extends AnyFunction> = Unmoved<Awaited<ReturnType<F>>>;

const WORKERS_MAXIMUM = 250;
const GRACE = 1000;
/** Of `maxTasksPerChild`. */
const NEVER = Number.POSITIVE_INFINITY;

/** Workers, and a queue of tasks for them. A pool that travels to another thread is another object for the same workers. */
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
  readonly #obtain: Obtain = (claim, options) => this.obtain(claim, options);

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
    return this.#apply(fn, args, PLAIN_CALL, this.#caller(this.submit)) as Future<Result<F>>;
  }

  /** `submit` with options. */
  submitWith<F extends AnyFunction>(options: CallOptions, fn: Target<F>, ...args: Arguments<F>): Future<Result<F>> {
    return this.#apply(fn, args, readCall(options), this.#caller(this.submitWith)) as Future<Result<F>>;
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
    const { call, chunksize, window } = readImap(options, this.workers);
    const definition = this.#deskHere().definition(fn);
    const put = (chunk: T[]): Future<ArrayLike<R>> =>
      this.#submit(definition, Shape.MAP, chunkOf(chunk, 0, chunk.length), call, caller) as Future<ArrayLike<R>>;
    return imap<T, R>(iteratorOf(items), put, { chunksize, window, ordered });
  }

  async #map(
    fn: unknown,
    shape: number,
    items: Iterable<unknown> | ArrayLike<unknown>,
    options: MapOptions,
    caller: Caller | undefined,
  ): Promise<unknown[]> {
    const list = listOf(items);
    const { call, chunksize, onProgress } = readMap(options, list.length, this.workers);
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

  #apply(fn: unknown, args: readonly unknown[], call: Call, caller: Caller | undefined): Future<unknown> {
    const definition = this.#deskHere().definition(fn);
    // These need no array, which would need bytes of its own.
    if (args.length === 0) return this.#submit(definition, Shape.NONE, undefined, call, caller);
    if (args.length === 1 && typeof args[0] === "number") {
      return this.#submit(definition, Shape.ONE, args[0], call, caller);
    }
    return this.#submit(definition, Shape.APPLY, args, call, caller);
  }

  #submit(definition: number, shape: number, value: unknown, call: Call, caller: Caller | undefined): Future<unknown> {
    this.#deskHere();
    return submit(this.#place!, { definition, shape, value, call, caller }, this.#obtain);
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

const poolOf = teach("Pool", (revival) => new Pool(revival));
