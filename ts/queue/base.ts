/**
 * What all queues have in common: put and get, in both forms.
 *
 * Source: CPython's `queue` for the meaning; where we differ stands at the method.
 * Role:   any thread with an object on the queue.
 */
import { refuse, show } from "../checks.js";
import { ArgumentError, QueueEmptyError, QueueFullError, QueueShutdownError } from "../errors.js";
import { Answer, Kind } from "../runtime/core/core-things.js";
import { busy } from "../runtime/core/member.js";
import {
  type Handle,
  isRevival,
  originOf,
  type Revival,
  THING_OPTIONS,
  Thing,
  type ThingOptions,
} from "../sync/thing.js";
import type { Claim, WaitOptions, WaitSyncOptions } from "../sync/wait.js";
import type { Codec, StructuredCodec } from "../values/codec.js";
import { Tag } from "../values/tags.js";
import { BARE, codecOf, Parcel, unpack } from "./item.js";

/** What a queue can be told to hold; undefined: anything. */
export type QueueType = "f64" | undefined;

export interface QueueOptions<Type extends QueueType = QueueType> extends ThingOptions {
  /** Items that it holds at most; 0 or less: bounded by memory only. Default 0. */
  readonly maxsize?: number | undefined;
  /** `"f64"`: numbers only. They never touch the codec, and come out of `getMany` as a Float64Array. */
  readonly type?: Type | undefined;
  /** How objects travel, in place of the kept codec. The other side needs the same. */
  readonly codec?: StructuredCodec | undefined;
}

/** Names of the options of a queue without bounds, and of one with. */
export const SIMPLE_OPTIONS = ["type", "codec", ...THING_OPTIONS];
const QUEUE_OPTIONS = ["maxsize", ...SIMPLE_OPTIONS];

/** Told by a handle besides what every handle tells. */
interface QueueHandle extends Handle {
  readonly numbers: boolean;
}

export abstract class QueueBase<T> extends Thing {
  protected readonly codec: Codec;
  protected readonly numbers: boolean;
  /** The last bound that was said through this object. */
  protected said: number;
  protected override readonly kind: number;
  protected override readonly type: string;
  /** What the next call that takes throws: an item could not be made again that was taken together with others. */
  protected late: { readonly error: unknown } | null = null;
  /** Tag of an item that is a number by itself. */
  private readonly numberTag: number;

  /**
   * @param type name of the class
   * @param source a number is `maxsize`
   */
  protected constructor(kind: number, type: string, source: number | QueueOptions | Revival = {}) {
    const options: QueueOptions | Revival = typeof source === "number" ? { maxsize: source } : source;
    let maxsize = 0;
    const { member, make } = originOf(
      options,
      type,
      kind,
      ({ core }, spin) => core.queueMake(kind, maxsize, spin),
      QUEUE_OPTIONS,
    );
    if (!isRevival(options)) maxsize = checkQueueOptions(options);
    const { codec } = options as QueueOptions;
    checkCodec(codec);
    super(member, make);
    this.kind = kind;
    this.type = type;
    this.said = isRevival(options) ? 0 : (options.maxsize ?? 0);
    this.numbers = isRevival(options) ? (options.handle as QueueHandle).numbers === true : options.type === "f64";
    this.codec = codecOf(codec);
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
    this.assertPut(await this.obtain(this.putClaim(parcel), options), parcel);
  }

  /** `put`, blocking. */
  putSync(value: T, options?: WaitSyncOptions): void {
    const grip = this.live();
    const sleeps = options === undefined && this.member.mayBlock;
    if (sleeps && typeof value === "number" && this.putNumber(grip, value) === Answer.OK) return;
    const parcel = this.pack(value);
    if (sleeps) {
      const answer = parcel.putBlocking(this.live());
      if (answer !== Answer.OK) parcel.drop();
      this.assertPut(answer, parcel);
      return;
    }
    this.assertPut(this.obtainSync(this.putClaim(parcel), options, "put"), parcel);
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
    this.throwLate();
    const claim = this.getClaim(this.live());
    this.assertGot(await this.obtain(claim, options));
    return claim.value as T;
  }

  /** `get`, blocking. */
  getSync(options?: WaitSyncOptions): T {
    const grip = this.live();
    this.throwLate();
    const { member } = this;
    if (options === undefined && member.mayBlock) {
      let number: number;
      try {
        number = member.core.queueGetNumber(grip, this.numberTag);
      } catch (error) {
        throw member.cutOff(error);
      }
      // A number is all that there is to say; for a priority queue's too, since it is its own priority.
      if (!Number.isNaN(number)) return number as T;
      const answer = member.count;
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
    this.throwLate();
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

  protected override state(): Readonly<Record<string, unknown>> {
    return { size: this.qsize() };
  }

  /** A value as the core takes it. @throws {TransferError} @throws {ArgumentError} */
  protected pack(value: T): Parcel {
    if (this.numbers) checkNumber(value);
    return new Parcel(this.member, this.codec, value, 0, 0);
  }

  /** The value of the item that the core has just handed over. */
  protected unpack(): T {
    return unpack(this.member, this.codec) as T;
  }

  protected throwLate(): void {
    const { late } = this;
    if (late === null) return;
    this.late = null;
    throw late.error;
  }

  /** Without a parcel: what most calls of most programs are. @returns anything but OK: nothing has happened */
  private putNumber(grip: number, value: number): number {
    // A priority that is none has an error of its own.
    if (Number.isNaN(value)) return Answer.REFUSED;
    const { member } = this;
    try {
      return member.core.queuePutNumber(grip, this.numberTag, value);
    } catch (error) {
      throw member.cutOff(error);
    }
  }

  private putClaim(parcel: Parcel): Claim {
    const { member } = this;
    // Not earlier: an accessor of the value may have closed this object.
    const grip = this.live();
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

  protected assertPut(answer: number, { byteLength }: { readonly byteLength: number }): void {
    if (answer === Answer.NO_MEMORY) throw this.member.outOfMemory(byteLength);
    this.assertOk(answer, "put");
  }

  private assertGot(answer: number): void {
    this.assertOk(answer, "get");
  }

  protected assertOk(answer: number, what: "put" | "get"): void {
    if (answer === Answer.OK) return;
    if (answer === Answer.BUSY) throw busy();
    if (answer === Answer.SHUT) throw shut(what);
    if (answer === Answer.NO_MEMORY) throw this.member.outOfMemory(0);
    if (what === "get")
      throw new QueueEmptyError("expected an item in time, the queue was empty; wait longer, or try later");
    throw new QueueFullError("expected room in time, the queue was full; wait longer, or try later");
  }
}

function shut(what: "put" | "get"): QueueShutdownError {
  const rest = what === "put" ? "" : " and nothing is left in it";
  return new QueueShutdownError(`expected a queue that is open, it was shut down${rest}`);
}

/** @returns the bound, as the core takes it. @throws {ArgumentError} */
function checkQueueOptions({ maxsize, type }: QueueOptions): number {
  if (type !== undefined && type !== "f64") refuse("type", '"f64" or absent', type);
  return readMaxsize(maxsize ?? 0);
}

/** @throws {ArgumentError} it can be no codec: JSON, for one, is none */
function checkCodec(codec: unknown): void {
  if (codec === undefined) return;
  const { encode, decode } = Object(codec) as Partial<StructuredCodec>;
  if (typeof encode === "function" && typeof decode === "function") return;
  refuse("codec", "an object with the functions encode and decode", codec);
}

/** What a queue of type "f64" takes. @throws {ArgumentError} */
export function checkNumber(value: unknown): void {
  if (typeof value === "number") return;
  throw new ArgumentError(`a queue of type "f64" takes numbers, got ${show(value)}`, "value", value);
}

/** A bound as the core takes it: 1.5 holds 2, as in Python. @throws {ArgumentError} */
export function readMaxsize(maxsize: unknown): number {
  if (typeof maxsize !== "number" || Number.isNaN(maxsize)) {
    refuse("maxsize", "a number of items, 0 for no bound", maxsize);
  }
  return maxsize <= 0 ? 0 : Math.min(Math.ceil(maxsize), 2 ** 32 - 1);
}
