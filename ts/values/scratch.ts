/**
 * Private memory in which bytes are put together, reused from one message to the next.
 *
 * Role: one writer at a time.
 */
import { TransferError } from "../errors.js";
import { stringBound, writeString } from "./strings.js";
import { Tag } from "./tags.js";

const INITIAL_BYTES = 4096;
/** A larger buffer is given away with the message in it, rather than kept for the next. */
const MAX_KEPT_BYTES = 1 << 16;
/** The most that a count in a message can say, and more than a shared memory can have. */
const MAX_BYTES = 0xffffffff;

export class Scratch {
  /** What is written is in [0, length). */
  bytes = new Uint8Array(INITIAL_BYTES);
  length = 0;
  protected view = new DataView(this.bytes.buffer);

  /** Writes a string and nothing else. Returns the tag of its format. */
  text(text: string): number {
    this.length = 0;
    this.reserve(stringBound(text.length));
    const tag = writeString(text, this.bytes, 0);
    this.length = tag === Tag.STRING_LATIN1 ? text.length : 2 * text.length;
    return tag;
  }

  /** Gives a large buffer away, so that it is not kept for small messages. Returns whether it did. */
  release(): boolean {
    if (this.bytes.length <= MAX_KEPT_BYTES) return false;
    this.use(new Uint8Array(INITIAL_BYTES));
    return true;
  }

  /** Makes room for `size` bytes after those that are written. */
  protected reserve(size: number): void {
    if (this.length + size > this.bytes.length) this.grow(this.length + size);
  }

  private grow(needed: number): void {
    const size = Math.max(needed, Math.min(2 * this.bytes.length, MAX_BYTES));
    let larger: Uint8Array<ArrayBuffer>;
    try {
      if (size > MAX_BYTES) throw new RangeError("no shared memory can hold that much");
      larger = new Uint8Array(size);
    } catch (cause) {
      throw new TransferError("send it in pieces", "value", `in all more than ${needed - 1} bytes`, { cause });
    }
    larger.set(this.bytes.subarray(0, this.length));
    this.use(larger);
  }

  private use(bytes: Uint8Array<ArrayBuffer>): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }
}
