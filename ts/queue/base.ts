/**
 * What all queues have in common: put, get, done, join, shut down, in both forms.
 *
 * Source: CPython's `queue` for the meaning; where we differ stands at the method.
 * Role:   any thread with an object on the queue.
 */
import {
  AbandonedError,
  ArgumentError,
  QueueEmptyError,
  QueueFullError,
  QueueShutdownError,
  TaskDoneError,
} from "../errors.js";
import { LEAST_ADDRESS } from "../runtime/core.js";
import { Answer, Kind } from "../runtime/core-things.js";
import { busy } from "../runtime/member.js";
import { type Handle, memberFor, receive, spinOf, Thing, type ThingOptions } from "../sync/thing.js";
import { type Claim, readTimeout, type WaitOptions, type WaitSyncOptions } from "../sync/wait.js";
import type { Codec, StructuredCodec } from "../values/codec.js";
import { Tag } from "../values/tags.js";
import { BARE, codecOf, decodeBytes, Parcel, unpack } from "./item.js";

export interface QueueOptions extends ThingOptions {
  /** Items that it holds at most; 0 or less: bounded by memory only. Default 0. */
  readonly maxsize?: number;
  /** `"f64"`: numbers only. They never touch the codec, and come out of `getMany` as a Float64Array. */
  readonly type?: "f64";
  /** How objects travel, in place of the kept codec. The other side needs the same. */
  readonly codec?: StructuredCodec;
}

/** Told by a handle besides what every handle tells. */
interface QueueHandle extends Handle {
  readonly numbers: boolean;
}

/** Numbers that a batch moves with one call of the core. */
const BATCH = 1024;

export abstract class QueueBase<T> extends Thing {
  protected readonly codec: Codec;
  protected readonly numbers: boolean;
  protected override readonly kind: number;
  /** Tag of an item that is a number by itself. */
  private readonly numberTag: number;

  protected constructor(kind: number, source: number | QueueOptions | FromHandle = {}) {
    const options = typeof source === "number" ? { maxsize: source } : source;
    if (isFromHandle(options)) {
      const { member, make } = receive(options.handle, [kind], options);
      super(member, make);
      this.numbers = (options.handle as QueueHandle).numbers === true;
    } else {
      checkOptions(options);
      const maxsize = readMaxsize(options.maxsize ?? 0);
      const spin = spinOf(options);
      super(memberFor(options), ({ core }) => core.queueMake(kind, maxsize, spin));
      this.numbers = options.type === "f64";
    }
    this.kind = kind;
    this.codec = codecOf(options.codec);
    this.numberTag = kind === Kind.PRIORITY ? Tag.NUMBER | BARE : Tag.NUMBER;
  }

  override get handle(): QueueHandle {
    return { ...super.handle, numbers: this.numbers };
  }

  /**
   * Puts a value in; waits while the queue is full.
   *
   * @throws {QueueFullError} no room in time
   * @throws {QueueShutdownError} the queue was shut down, before or while it waited
   * @throws {TransferError} the value cannot go to another thread
   * @throws {OutOfMemoryError} the memory has no room for it
   * @throws `signal.reason` when aborted. Whatever is thrown, the value is not in the queue.
   */
  async put(value: T, options?: WaitOptions): Promise<void> {
    const grip = this.live();
    if (typeof value === "number" && options === undefined && this.putNumber(grip, value) === Answer.OK) return;
    const parcel = this.pack(value);
    this.assertPut(await this.obtain(this.putClaim(grip, parcel), options), parcel);
  }

  /** `put`, blocking. */
  putSync(value: T, options?: WaitSyncOptions): void {
    const grip = this.live();
    const sleeps = options === undefined && this.member.mayBlock;
    if (sleeps && typeof value === "number" && this.putNumber(grip, value) === Answer.OK) return;
    const parcel = this.pack(value);
    if (sleeps) {
      const answer = parcel.putBlocking(grip);
      if (answer !== Answer.OK) parcel.drop();
      this.assertPut(answer, parcel);
      return;
    }
    this.assertPut(this.obtainSync(this.putClaim(grip, parcel), options, "put"), parcel);
  }

  /** `put` that does not wait: right on any thread. @throws {QueueFullError} @throws {BusyError} */
  putNowait(value: T): void {
    const parcel = this.pack(value);
    const answer = parcel.put(this.live(), 0);
    if (answer === Answer.OK) return;
    parcel.drop();
    this.assertPut(answer, parcel);
  }

  /**
   * Takes the next value; waits while there is none.
   *
   * @throws {QueueEmptyError} nothing in time
   * @throws {QueueShutdownError} the queue was shut down and is empty
   * @throws {HandleError} the item holds an object of Heddle's that is gone: it was taken, and is lost
   * @throws `signal.reason` when aborted; then nothing was taken
   */
  async get(options?: WaitOptions): Promise<T> {
    const claim = this.getClaim(this.live());
    this.assertGot(await this.obtain(claim, options));
    return claim.value as T;
  }

  /** `get`, blocking. */
  getSync(options?: WaitSyncOptions): T {
    const grip = this.live();
    const { member } = this;
    if (options === undefined && member.mayBlock) {
      let answer: number;
      try {
        answer = member.core.queueGetBlocking(grip);
      } catch (error) {
        throw member.cutOff(error);
      }
      if (answer === Answer.OK) return this.unpack();
      if (answer !== Answer.CUT_OFF) this.assertGot(answer);
    }
    const claim = this.getClaim(grip);
    this.assertGot(this.obtainSync(claim, options, "get"));
    return claim.value as T;
  }

  /** `get` that does not wait: right on any thread. @throws {QueueEmptyError} @throws {BusyError} */
  getNowait(): T {
    const grip = this.live();
    const { member } = this;
    this.assertGot(member.call(() => member.core.queueGet(grip, 0)));
    return this.unpack();
  }

  /** Items that could be got: a moment's truth. */
  qsize(): number {
    return this.member.core.queueSize(this.live()) >>> 0;
  }

  empty(): boolean {
    return this.qsize() === 0;
  }

  /** A value as the core takes it. @throws {TransferError} @throws {ArgumentError} */
  protected pack(value: T): Parcel {
    if (this.numbers && typeof value !== "number") {
      throw new ArgumentError(`a queue of type "f64" takes numbers, got ${typeof value}`, "value", value);
    }
    return new Parcel(this.member, this.codec, value, 0, 0);
  }

  /** The value of the item that the core has just handed over. */
  protected unpack(): T {
    return unpack(this.member, this.codec) as T;
  }

  /** Without a parcel: what most calls of most programs are. @returns anything but OK: nothing has happened */
  private putNumber(grip: number, value: number): number {
    // A priority that is none has an error of its own.
    if (Number.isNaN(value)) return Answer.REFUSED;
    const { member } = this;
    try {
      return member.core.queuePut(grip, 0, this.numberTag, 0, value, value);
    } catch (error) {
      throw member.cutOff(error);
    }
  }

  private putClaim(grip: number, parcel: Parcel): Claim {
    const { member } = this;
    return {
      member,
      grip,
      attempt: (waiter) => parcel.put(grip, waiter),
      spin: () => member.core.queueSpinForRoom(grip) !== 0,
      drop: () => parcel.drop(),
    };
  }

  private getClaim(grip: number): Claim & { value: T | undefined } {
    const { member } = this;
    const { core } = member;
    const claim = {
      member,
      grip,
      value: undefined as T | undefined,
      attempt: (waiter: number): number => member.call(() => core.queueGet(grip, waiter)),
      take: () => {
        claim.value = this.unpack();
      },
      spin: () => core.queueSpinForItem(grip) !== 0,
    };
    return claim;
  }

  private assertPut(answer: number, parcel: Parcel): void {
    if (answer === Answer.NO_MEMORY) throw this.member.outOfMemory(parcel.byteLength);
    this.assertOk(answer, "put");
  }

  private assertGot(answer: number): void {
    this.assertOk(answer, "get");
  }

  protected assertOk(answer: number, what: "put" | "get", done = 0): void {
    if (answer === Answer.OK) return;
    if (answer === Answer.BUSY) throw busy();
    if (answer === Answer.SHUT) throw shut(what);
    if (answer === Answer.NO_MEMORY) throw this.member.outOfMemory(0);
    if (what === "get")
      throw new QueueEmptyError("expected an item in time, the queue was empty; wait longer, or try later");
    throw new QueueFullError("expected room in time, the queue was full; wait longer, or try later", done);
  }
}

/** Queues that know what is done: all but SimpleQueue. */
export abstract class TaskQueue<T> extends QueueBase<T> implements AsyncIterable<T> {
  /** Items that it holds at most, 0 for no bound. May be set; puts that wait look again. */
  get maxsize(): number {
    return this.member.core.queueMaxsize(this.live()) >>> 0;
  }

  set maxsize(maxsize: number) {
    const grip = this.live();
    const bound = readMaxsize(maxsize);
    this.member.settle(() => this.member.core.queueSetMaxsize(grip, bound));
  }

  full(): boolean {
    const { maxsize } = this;
    return maxsize > 0 && this.qsize() >= maxsize;
  }

  get isShutdown(): boolean {
    return this.member.core.queueShut(this.live()) !== 0;
  }

  /** Items put that no `taskDone` was said of yet. */
  get unfinishedTasks(): number {
    return this.member.core.queueUnfinished(this.live()) >>> 0;
  }

  /** Says that an item taken earlier is done with. @throws {TaskDoneError} more often than items were put */
  taskDone(): void {
    const grip = this.live();
    if (this.member.settle(() => this.member.core.queueTaskDone(grip)) === Answer.REFUSED) {
      throw new TaskDoneError("expected taskDone() once for each item, all are done already");
    }
  }

  /**
   * Waits until `taskDone` was said of all items.
   *
   * @returns whether it was in time
   * @throws {AbandonedError} a thread died with items that it had taken and not done
   */
  async join(options?: WaitOptions): Promise<boolean> {
    const claim = this.joinClaim(this.live());
    return this.joined(await this.obtain(claim, options), claim.lost);
  }

  /** `join`, blocking. */
  joinSync(options?: WaitSyncOptions): boolean {
    const claim = this.joinClaim(this.live());
    return this.joined(this.obtainSync(claim, options, "join"), claim.lost);
  }

  private joinClaim(grip: number): Claim & { lost: number } {
    const { member } = this;
    const claim = {
      member,
      grip,
      lost: 0,
      attempt: (waiter: number): number => {
        const answer = member.call(() => member.core.queueJoin(grip, waiter));
        if (answer === Answer.ABANDONED) claim.lost = member.count;
        return answer;
      },
    };
    return claim;
  }

  private joined(answer: number, lost: number): boolean {
    if (answer === Answer.ABANDONED) {
      throw new AbandonedError(
        `expected all items to be done, a thread died with ${lost} that it had taken; put them again if they must be`,
      );
    }
    if (answer === Answer.BUSY) throw busy();
    return answer === Answer.OK;
  }

  /**
   * Ends the queue: puts throw, gets too once it is empty. With `immediate` what is in it is dropped.
   * Calling it again does nothing, but `immediate` may come later.
   */
  shutdown(options: { readonly immediate?: boolean } = {}): void {
    const grip = this.live();
    this.member.settle(() => this.member.core.queueShutdown(grip, options.immediate === true ? 1 : 0));
  }

  /** What is in the queue, in the order in which it would leave; copies. Python's `q.queue`. */
  snapshot(): T[] {
    const grip = this.live();
    const { member } = this;
    const { core } = member;
    let room = 0;
    for (;;) {
      let target = 0;
      if (room > 0) {
        target = member.call(() => core.valueTake(room)) >>> 0;
        if (target === Answer.NO_MEMORY) throw member.outOfMemory(room);
        if (target < LEAST_ADDRESS) throw busy();
      }
      try {
        member.settle(() => core.queueSnapshot(grip, target, room));
        const needed = member.floats[member.numberAt]!;
        if (needed <= room) return this.readSnapshot(target, member.count);
        room = needed;
      } finally {
        core.valueDrop();
      }
    }
  }

  private readSnapshot(address: number, count: number): T[] {
    const cells: { readonly value: T; readonly priority: number; readonly arrival: bigint }[] = [];
    const view = new DataView(this.member.memory.buffer);
    const head = this.kind === Kind.PRIORITY ? 32 : 16;
    let at = address;
    for (let i = 0; i < count; i++) {
      const tag = view.getInt32(at, true);
      const number = view.getFloat64(at + 8, true);
      const hasBytes = view.getUint32(at + 4, true) !== 0;
      const priority = head === 32 ? view.getFloat64(at + 16, true) : 0;
      const arrival = head === 32 ? view.getBigUint64(at + 24, true) : 0n;
      const start = at + head;
      cells.push({ value: this.cellValue(tag, number, hasBytes, start, priority), priority, arrival });
      at = start + (hasBytes ? Math.ceil(number / 8) * 8 : 0);
    }
    if (head === 32) cells.sort((a, b) => a.priority - b.priority || Number(a.arrival - b.arrival));
    return cells.map(({ value }) => value);
  }

  private cellValue(tag: number, number: number, hasBytes: boolean, start: number, priority: number): T {
    const { bytes } = this.member;
    const plain = tag & ~BARE;
    const value = hasBytes
      ? decodeBytes(this.codec, plain, bytes, start, start + number)
      : this.codec.decode(plain & 0xff, number, bytes, 0, 0);
    return this.entry(value, priority, (tag & BARE) !== 0);
  }

  /** What the user sees of an item. */
  protected entry(value: unknown, _priority: number, _isBare: boolean): T {
    return value as T;
  }

  /** Items until the queue is shut down and empty. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      let item: T;
      try {
        item = await this.get();
      } catch (error) {
        if (error instanceof QueueShutdownError) return;
        throw error;
      }
      yield item;
    }
  }

  /**
   * Puts values in, in order; others may come between them.
   *
   * @returns how many: all
   * @throws as `put`. `QueueFullError.put` says how many went in; they stay.
   */
  async putMany(values: Iterable<T> | ArrayLike<T>, options: WaitOptions = {}): Promise<number> {
    const list = listOf(values);
    const timeout = readTimeout(options.timeout);
    const deadline = performance.now() + timeout;
    let done = 0;
    while (done < list.length) {
      const run = this.numbersFrom(list, done);
      if (run > 1) {
        const { answer, count } = this.putBatch(list, done, run);
        done += count;
        if (answer === Answer.OK) continue;
        if (answer !== Answer.WAIT && answer !== Answer.BUSY) this.assertOk(answer, "put", done);
        const rest = Math.max(0, deadline - performance.now());
        this.assertOk(await this.obtain(this.roomClaim(this.live()), { ...options, timeout: rest }), "put", done);
      } else {
        const rest = Math.max(0, deadline - performance.now());
        await this.put(list[done]!, { ...options, timeout: rest }).catch((error) => throwOn(error, done));
        done++;
      }
    }
    return done;
  }

  /** `putMany`, blocking. */
  putManySync(values: Iterable<T> | ArrayLike<T>, options: WaitSyncOptions = {}): number {
    const list = listOf(values);
    const timeout = readTimeout(options.timeout);
    const deadline = timeout === 0 || timeout === Number.POSITIVE_INFINITY ? timeout : performance.now() + timeout;
    const rest = (): number => (deadline === timeout ? timeout : Math.max(0, deadline - performance.now()));
    let done = 0;
    while (done < list.length) {
      const run = this.numbersFrom(list, done);
      if (run > 1) {
        const { answer, count } = this.putBatch(list, done, run);
        done += count;
        if (answer === Answer.OK) continue;
        if (answer !== Answer.WAIT) this.assertOk(answer, "put", done);
        this.assertOk(this.obtainSync(this.roomClaim(this.live()), { timeout: rest() }, "putMany"), "put", done);
      } else {
        try {
          this.putSync(list[done]!, { timeout: rest() });
        } catch (error) {
          throwOn(error, done);
        }
        done++;
      }
    }
    return done;
  }

  /**
   * Takes what is there, at most `max` items; waits while there is nothing.
   *
   * @returns 1 to `max` items; a Float64Array for a queue of type "f64"
   * @throws as `get`
   */
  async getMany(max: number, options?: WaitOptions): Promise<T[] | Float64Array> {
    checkMost(max);
    for (;;) {
      const items = this.takeBatch(max);
      if (items !== null) return items;
      this.assertOk(await this.obtain(this.itemClaim(this.live()), options), "get");
    }
  }

  /** `getMany`, blocking. */
  getManySync(max: number, options?: WaitSyncOptions): T[] | Float64Array {
    checkMost(max);
    for (;;) {
      const items = this.takeBatch(max);
      if (items !== null) return items;
      this.assertOk(this.obtainSync(this.itemClaim(this.live()), options, "getMany"), "get");
    }
  }

  /** How many plain numbers follow from `start` on; 0 where they cannot go in one piece. */
  private numbersFrom(list: ArrayLike<T>, start: number): number {
    if (this.kind === Kind.PRIORITY) return 0;
    const end = Math.min(list.length, start + BATCH);
    if (list instanceof Float64Array) return end - start;
    let i = start;
    while (i < end && typeof list[i] === "number") i++;
    return i - start;
  }

  /** Puts a run of numbers, as many as there is room for. */
  private putBatch(
    list: ArrayLike<T>,
    start: number,
    count: number,
  ): { readonly answer: number; readonly count: number } {
    const grip = this.live();
    const { member } = this;
    const { core, floats } = member;
    const source = member.call(() => core.valueTake(8 * count)) >>> 0;
    if (source < LEAST_ADDRESS) return { answer: source, count: 0 };
    const at = source >>> 3;
    if (list instanceof Float64Array) floats.set(list.subarray(start, start + count), at);
    else for (let i = 0; i < count; i++) floats[at + i] = list[start + i] as number;
    try {
      const answer = member.call(() => core.queuePutMany(grip, source, count));
      return { answer, count: member.count };
    } finally {
      core.valueDrop();
    }
  }

  /** What is there, without waiting; null when there is nothing. */
  private takeBatch(max: number): T[] | Float64Array | null {
    const items: T[] = [];
    if (this.kind !== Kind.PRIORITY) {
      const numbers = this.takeNumbers(Math.min(max, BATCH));
      if (numbers === null) return null;
      if (this.numbers) return numbers;
      for (let i = 0; i < numbers.length; i++) items.push(numbers[i] as T);
    }
    // Then one by one: what has bytes, and what has a priority.
    const { member } = this;
    const grip = this.live();
    while (items.length < max) {
      const answer = member.call(() => member.core.queueGet(grip, 0));
      if (answer === Answer.OK) items.push(this.unpack());
      else if (items.length > 0) break;
      else if (answer === Answer.WAIT) return null;
      else this.assertOk(answer, "get");
    }
    return items;
  }

  /** The numbers that would leave next: none when the next is something else, null when there is nothing. */
  private takeNumbers(max: number): Float64Array | null {
    const grip = this.live();
    const { member } = this;
    const { core, floats } = member;
    const target = member.call(() => core.valueTake(8 * max)) >>> 0;
    if (target === Answer.NO_MEMORY) throw member.outOfMemory(8 * max);
    if (target < LEAST_ADDRESS) throw busy();
    try {
      const answer = member.call(() => core.queueGetMany(grip, target, max));
      if (answer === Answer.WAIT) return null;
      this.assertOk(answer, "get");
      return floats.slice(target >>> 3, (target >>> 3) + member.count);
    } finally {
      core.valueDrop();
    }
  }

  private roomClaim(grip: number): Claim {
    const { member } = this;
    return {
      member,
      grip,
      attempt: (waiter) => member.call(() => member.core.queueAwaitRoom(grip, waiter)),
      spin: () => member.core.queueSpinForRoom(grip) !== 0,
    };
  }

  private itemClaim(grip: number): Claim {
    const { member } = this;
    return {
      member,
      grip,
      attempt: (waiter) => member.call(() => member.core.queueAwaitItem(grip, waiter)),
      spin: () => member.core.queueSpinForItem(grip) !== 0,
    };
  }
}

/** What `from` passes to a constructor. */
export interface FromHandle extends ThingOptions {
  readonly handle: Handle;
  readonly codec?: StructuredCodec;
}

function isFromHandle(options: object): options is FromHandle {
  return "handle" in options;
}

function shut(what: "put" | "get"): QueueShutdownError {
  const rest = what === "put" ? "" : " and nothing is left in it";
  return new QueueShutdownError(`expected a queue that is open, it was shut down${rest}`);
}

function checkOptions(options: unknown): void {
  if (typeof options !== "object" || options === null) {
    throw new ArgumentError(
      `expected a maxsize or options, got ${options === null ? "null" : typeof options}`,
      "options",
      options,
    );
  }
  const { type } = options as { type?: unknown };
  if (type !== undefined && type !== "f64") {
    throw new ArgumentError(`\`type\` must be "f64" or absent, got ${String(type)}`, "type", type);
  }
}

/** A bound as the core takes it: 1.5 holds 2, as in Python. @throws {ArgumentError} */
function readMaxsize(maxsize: unknown): number {
  if (typeof maxsize !== "number" || Number.isNaN(maxsize)) {
    throw new ArgumentError(
      `\`maxsize\` must be a number of items, 0 for no bound, got ${String(maxsize)}`,
      "maxsize",
      maxsize,
    );
  }
  return maxsize <= 0 ? 0 : Math.min(Math.ceil(maxsize), 2 ** 32 - 1);
}

function checkMost(max: unknown): void {
  if (Number.isInteger(max) && (max as number) >= 1) return;
  throw new ArgumentError(`\`max\` must be a whole number from 1, got ${String(max)}`, "max", max);
}

function listOf<T>(values: Iterable<T> | ArrayLike<T>): ArrayLike<T> {
  if (typeof values !== "object" || values === null) {
    throw new ArgumentError(
      `\`values\` must be an array or something iterable, got ${typeof values}`,
      "values",
      values,
    );
  }
  return "length" in values ? values : Array.from(values);
}

/** The error of one put among many, with how many came before it. */
function throwOn(error: unknown, done: number): never {
  throw error instanceof QueueFullError ? new QueueFullError(error.message, done) : error;
}
