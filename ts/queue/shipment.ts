/**
 * Shipments: many values on their way into a queue, in order. Numbers go in runs, whatever else goes parcel by parcel.
 *
 * Role: one thread. Code of the caller's (iterators, accessors, proxies, codecs) runs in `valuesOf`, `prepare` and `keep`: while the thread's scratch and
 * value hand are free, since it may use queues too, and even close this one.
 */
import { refuse } from "../checks.js";
import { Answer } from "../runtime/core/core-things.js";
import type { Member } from "../runtime/core/member.js";
import { Parcel } from "./item.js";
import { FEW, putNumbers, worthTrying } from "./numbers.js";

/** In the place of a value that cannot travel, until it is its turn. */
class Refusal {
  constructor(readonly error: unknown) {}
}

export class Shipment {
  /** How many went in. */
  done = 0;
  /** What is put now, if it is no number. */
  private parcel: Parcel | null = null;
  private isKept = false;
  private values: Float64Array | unknown[];
  private readonly length: number;

  /**
   * @param values the caller's
   * @param pack makes a parcel of one; runs code of the caller's
   * @param inRuns whether numbers may go in runs
   * @throws {ArgumentError}
   */
  constructor(
    private readonly member: Member,
    values: unknown,
    private readonly pack: (value: unknown) => Parcel,
    private readonly inRuns: boolean,
  ) {
    this.values = valuesOf(values);
    this.length = this.values instanceof Float64Array ? typedLength(this.values) : this.values.length;
  }

  /**
   * Makes what is next ready to go.
   *
   * @returns false: nothing is left
   * @throws {TransferError} @throws {ArgumentError} it cannot go at all
   */
  prepare(): boolean {
    const { values, done } = this;
    if (done >= this.length) return false;
    if (!this.inRuns || typeof values[done] !== "number") this.parcel ??= this.parcelOf(done);
    return true;
  }

  /** Bytes of what is put now. */
  get byteLength(): number {
    return this.parcel?.byteLength ?? 0;
  }

  /** One try to put what is next: the core's answer. With OK one or more went in. */
  attempt(grip: number, waiter: number): number {
    const { member, values, done, parcel } = this;
    if (parcel === null) {
      const answer = putNumbers(member, grip, waiter, values, done, this.runLength(grip));
      if (answer === Answer.OK) this.done += member.count;
      return answer;
    }
    const answer = parcel.put(grip, waiter);
    if (answer === Answer.OK) {
      this.parcel = null;
      this.done++;
    }
    return answer;
  }

  /** Frees what a try prepared and did not use. */
  drop(): void {
    this.parcel?.drop();
  }

  /** Before the first wait: copies what is left, for the caller may change it meanwhile. What cannot travel is refused when it is its turn. */
  keep(): void {
    if (this.isKept) return;
    this.isKept = true;
    const { values, done } = this;
    if (values instanceof Float64Array) {
      this.values = new Float64Array(values);
      return;
    }
    this.drop();
    if (this.parcel !== null) values[done] = this.parcel;
    for (let i = done; i < this.length; i++) {
      if (this.inRuns && typeof values[i] === "number") continue;
      try {
        const parcel = this.parcelOf(i);
        parcel.keep();
        values[i] = parcel;
      } catch (error) {
        values[i] = new Refusal(error);
        return;
      }
    }
  }

  /** How many plain numbers are next, of those that are worth a try. */
  private runLength(grip: number): number {
    const { member, values, done, length } = this;
    const most = worthTrying(member, grip, length - done);
    if (values instanceof Float64Array) return most;
    const end = done + most;
    let i = done;
    while (i < end && typeof values[i] === "number") i++;
    return i - done;
  }

  private parcelOf(index: number): Parcel {
    const value = this.values[index];
    if (value instanceof Refusal) throw value.error;
    return value instanceof Parcel ? value : this.pack(value);
  }
}

/**
 * The values, in memory of ours. A Float64Array stays where it is, since no code of anybody's runs when its numbers are asked for by index; for many of them
 * there is a view of ours, which can be asked for anything.
 *
 * @throws {ArgumentError}
 */
function valuesOf(values: unknown): Float64Array | unknown[] {
  if (typeof values === "object" && values !== null) {
    if (values instanceof Float64Array && ArrayBuffer.isView(values)) {
      const length = typedLength(values);
      return length <= FEW ? values : new Float64Array(values.buffer, values.byteOffset, length);
    }
    if (isIterable(values)) return [...values];
    if ("length" in values) return Array.from({ length: values.length as number }, (_, i) => (values as never)[i]);
  }
  refuse("values", "an array or something iterable", values);
}

/** By the engine's own accessor: the array may have another. */
function typedLength(numbers: Float64Array): number {
  return LENGTH.call(numbers) as number;
}

const LENGTH = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Float64Array.prototype), "length")!.get!;

function isIterable(values: object): values is Iterable<unknown> {
  return typeof (values as Partial<Iterable<unknown>>)[Symbol.iterator] === "function";
}
