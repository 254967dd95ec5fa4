/**
 * Items: how a value becomes what the core keeps in a queue's cell, and back.
 *
 *   tag     bits 0-7 the codec's tag; bit 8 the codec's number where there are bytes; bit 9 BARE
 *   number  the codec's number; where there are bytes: how many
 *
 * Role: one thread; nothing here is shared but the bytes of values, while they are in the thread's hand.
 */
import { TransferError } from "../errors.js";
import { LEAST_ADDRESS } from "../runtime/core/core.js";
import { Answer } from "../runtime/core/core-things.js";
import type { Member } from "../runtime/core/member.js";
import { revive, Thing } from "../sync/thing.js";
import { type Codec, type Encoded, makeCodec, type StructuredCodec } from "../values/codec.js";
import { Moved } from "../values/move.js";
import { Tag } from "../values/tags.js";

/** A priority queue's item that is its own priority. */
export const BARE = 1 << 9;
const NUMBER_BIT = 1 << 8;

const NOT_HERE =
  "moved values travel as arguments of threads and tasks, as elements of what map is given, and as results; not inside other values, nor through queues";

/** Heddle's own objects travel as handles. */
const hooks = {
  toHandle: (value: object): unknown => {
    if (value instanceof Moved) throw new TransferError(NOT_HERE, "value", "a moved value");
    return value instanceof Thing ? value.handle : undefined;
  },
  fromHandle: revive,
};

let usual: Codec | undefined;

/** @param structured what the user has in place of the kept codec */
export function codecOf(structured: StructuredCodec | undefined): Codec {
  if (structured !== undefined) return makeCodec(hooks, structured);
  usual ??= makeCodec(hooks);
  return usual;
}

/** What a cell says of an encoded value, besides its bytes. */
export function tagOf({ tag, number }: Encoded): number {
  return tag >= Tag.FIRST_WITH_BYTES && number !== 0 ? tag | NUMBER_BIT : tag;
}

export function numberOf({ tag, number, byteLength }: Encoded): number {
  return tag >= Tag.FIRST_WITH_BYTES ? byteLength : number;
}

/** A value on its way into a queue. */
export class Parcel {
  private readonly encoded: Encoded | null;
  private readonly tag: number;
  private readonly number: number;
  /** Address of the bytes while they are in the thread's hand. */
  private block = 0;
  private placed = false;
  /** Whether it stands in line: then its waiter has it. */
  private inLine = false;

  /** @param flags BARE or 0. @throws {TransferError} the value cannot travel */
  constructor(
    private readonly member: Member,
    codec: Codec,
    value: unknown,
    private readonly priority: number,
    flags: number,
  ) {
    if (typeof value === "number") {
      this.encoded = null;
      this.tag = Tag.NUMBER | flags;
      this.number = value;
      return;
    }
    const encoded = codec.encode(value);
    this.encoded = encoded;
    this.tag = tagOf(encoded) | flags;
    this.number = numberOf(encoded);
  }

  get byteLength(): number {
    return this.encoded?.byteLength ?? 0;
  }

  /** One try to put it: the core's answer. */
  put(grip: number, waiter: number): number {
    const { member, tag, number, priority } = this;
    let block = 0;
    if (!this.inLine) {
      const answer = this.place();
      // Nothing is in the hand; what the value was made of may be changed before the next try.
      if (answer === Answer.BUSY) this.encoded?.keep();
      if (answer !== Answer.OK) return answer;
      block = this.block;
    }
    const answer = member.call(() => member.core.queuePut(grip, waiter, tag, block, number, priority));
    if (answer === Answer.WAIT) this.inLine ||= waiter !== 0;
    else if (answer === Answer.BUSY && !this.inLine) this.drop();
    return answer;
  }

  /** Puts it, asleep while there is no room. */
  putBlocking(grip: number): number {
    const { member, tag, number, priority } = this;
    const answer = this.place();
    if (answer !== Answer.OK) return answer;
    return member.call(() => member.core.queuePutBlocking(grip, tag, this.block, number, priority));
  }

  /** Writes the bytes into a block in the thread's hand, unless they are there. */
  private place(): number {
    const { encoded, member } = this;
    if (encoded === null || this.placed || encoded.tag < Tag.FIRST_WITH_BYTES) return Answer.OK;
    const { byteLength } = encoded;
    // The core counts in 32 bits.
    if (byteLength >= 2 ** 31) return Answer.NO_MEMORY;
    const block = member.call(() => member.core.valueTake(byteLength)) >>> 0;
    if (block < LEAST_ADDRESS) return block;
    encoded.write(member.bytes, block);
    this.block = block;
    this.placed = true;
    return Answer.OK;
  }

  /** Copies what is not our own: the caller may change it before the first try. */
  keep(): void {
    this.encoded?.keep();
  }

  /** Frees the bytes that are in the hand. The value may be put again, after others. */
  drop(): void {
    if (this.placed && !this.inLine) {
      this.member.core.valueDrop();
      // Written once, its place is free for the next value.
      this.encoded?.keep();
    }
    this.placed = false;
    this.block = 0;
  }
}

/**
 * The value of the item that the core has just handed over; its bytes are freed, whatever happens.
 *
 * @throws {HandleError} it holds an object of Heddle's that is gone: the item is taken, and lost
 */
export function unpack(member: Member, codec: Codec): unknown {
  const tag = member.words[member.tagAt]! & ~BARE;
  const number = member.floats[member.numberAt]!;
  if (tag < Tag.FIRST_WITH_BYTES) return decode(codec, tag, number, member.bytes, 0);
  try {
    // A codec of the caller's reads a copy. What it puts or gets frees the block, and leaves the hand empty.
    return decode(codec, tag, number, member.bytes, member.words[member.blockAt]! >>> 0);
  } finally {
    member.core.valueDrop();
  }
}

/** Whether the item that the core has just handed over is a number by itself. */
export function isNumber(member: Member): boolean {
  return member.words[member.tagAt] === Tag.NUMBER;
}

export function isBare(member: Member): boolean {
  return (member.words[member.tagAt]! & BARE) !== 0;
}

/**
 * The value of a cell.
 *
 * @param tag without BARE
 * @param start of its bytes, where it has some
 */
export function decode(codec: Codec, tag: number, number: number, bytes: Uint8Array, start: number): unknown {
  if (tag === Tag.NUMBER) return number;
  if (tag < Tag.FIRST_WITH_BYTES) return codec.decode(tag, number, bytes, 0, 0);
  return codec.decode(tag & 0xff, tag & NUMBER_BIT ? 1 : 0, bytes, start, start + number);
}
