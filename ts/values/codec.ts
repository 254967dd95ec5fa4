/**
 * The codec: how a JavaScript value becomes a cell and bytes in shared memory, and a value again. README.md says what
 * travels and how.
 *
 * Role: any thread, a codec each. Nothing is agreed between codecs but the formats: what one has learnt of the values
 * it met, the other need not know.
 */
import { ArgumentError, HeddleError, TransferError } from "../errors.js";
import { magnitudeOf, makeBigint } from "./bigints.js";
import { type Binary, bytesOf, makeBinary, refuseBinary, refuseTag } from "./binary.js";
import { copyBytes } from "./copy.js";
import { inspect } from "./inspect.js";
import { Kind, kindOf } from "./kinds.js";
import { Messages } from "./message.js";
import { type Refusal, refusePrimitive, unreadable } from "./refusals.js";
import { readString, stringBound, writeString } from "./strings.js";
import { Tag } from "./tags.js";
import { makeWay, moveIn, moveOut, type Tenant } from "./tenant.js";

/** A value ready to be written: sizes are known before any memory is taken. */
export interface Encoded {
  /** One of `Tag`. */
  readonly tag: number;
  /** What the cell holds beside the tag; 0 or 1 where there are bytes. */
  readonly number: number;
  /** Bytes of its block; 0 when it needs none, and for a few that need one, such as the empty string. */
  readonly byteLength: number;
  /**
   * Writes its bytes to target[offset, offset + byteLength).
   *
   * A second time only if no `encode` came between, or after `keep`: once written, its place is free for the next.
   */
  write(target: Uint8Array, offset?: number): void;
  /**
   * Takes a copy of what `write` reads, for as long as it is wanted. To be called when a wait comes before the first
   * `write`, since the caller may change its array meanwhile, or when there may be a second.
   */
  keep(): void;
}

export interface Codec {
  /** @throws {TransferError} the value cannot go to another thread; its path says which part of it */
  encode(value: unknown): Encoded;
  /**
   * Makes the value again.
   *
   * @param bytes memory, shared or not, with the block in [start, end); not looked at after the call, nor once code of a caller's codec runs
   */
  decode(tag: number, number: number, bytes: Uint8Array, start?: number, end?: number): unknown;
}

/** Another format for objects. It sees them as they are: Heddle's own objects travel only beside it, not inside. */
export interface StructuredCodec {
  encode(value: unknown): Uint8Array;
  /** @param bytes the caller's own */
  decode(bytes: Uint8Array): unknown;
}

/** Between the codec and Heddle's own objects. */
export interface CodecHooks {
  /** A plain, cloneable handle when `value` is an object of Heddle's, else undefined. */
  toHandle(value: object): unknown | undefined;
  /** The object of a handle, on this thread. */
  fromHandle(handle: unknown): object;
}

/** Longer strings get memory of their own, which goes away with them. */
const SCRATCH_BYTES = 1 << 14;

/** The codec of one thread. `structured` replaces the format for objects. */
export function makeCodec(hooks: CodecHooks, structured?: StructuredCodec): Codec {
  return new ValueCodec(hooks, structured);
}

class ValueCodec implements Codec {
  private readonly messages: Messages;
  /** Strings become bytes here, one after the other. */
  private readonly scratch = new Uint8Array(SCRATCH_BYTES);

  constructor(
    private readonly hooks: CodecHooks,
    private readonly structured?: StructuredCodec,
  ) {
    this.messages = new Messages(hooks);
  }

  encode(value: unknown): Encoded {
    switch (typeof value) {
      case "number":
        return new Inline(Tag.NUMBER, value);
      case "string":
        return this.encodeText(value);
      case "undefined":
        return UNDEFINED;
      case "boolean":
        return value ? TRUE : FALSE;
      case "bigint":
        return ownBlock(Tag.BIGINT, value < 0n ? 1 : 0, magnitudeOf(value));
      case "object":
        return value === null ? NULL : this.encodeObject(value);
      default:
        throw refused(refusePrimitive(value));
    }
  }

  private encodeObject(value: object): Encoded {
    try {
      const kind = kindOf(value);
      if (kind >= Tag.FIRST_BINARY) {
        const refusal = refuseBinary(value as Binary, kind);
        if (refusal !== null) throw refused(refusal);
        return lentBlock(kind, bytesOf(value as Binary));
      }
      if (kind === Kind.UNKNOWN) {
        const handle = this.hooks.toHandle(value);
        if (handle !== undefined) return ownBlock(Tag.HANDLE, 0, this.messages.writePlain(handle));
      }
      if (this.structured !== undefined) return encodeBy(this.structured, value);
      return this.encodeMessage(value);
    } catch (error) {
      // A proxy's trap, or the caller's codec; errors of the house say what is wrong already.
      throw error instanceof HeddleError ? error : unreadable(error, "value");
    }
  }

  private encodeMessage(value: object): Block {
    const inspection = inspect(value, this.hooks.toHandle);
    const { tag, bytes, start, end, isAmended, isLent } = this.messages.write(value, inspection);
    if (!isLent) return ownBlock(tag, isAmended ? 1 : 0, bytes, end - start, start);
    return tenantBlock(tag, bytes, end - start, start);
  }

  private encodeText(text: string): Encoded {
    const bound = stringBound(text.length);
    if (bound > SCRATCH_BYTES) {
      const bytes = allocate(bound);
      const tag = writeString(text, bytes, 0);
      return ownBlock(tag, 0, bytes, tag === Tag.STRING_LATIN1 ? text.length : bound);
    }
    makeWay();
    const tag = writeString(text, this.scratch, 0);
    return tenantBlock(tag, this.scratch, tag === Tag.STRING_LATIN1 ? text.length : bound);
  }

  decode(tag: number, number: number, bytes: Uint8Array, start = 0, end = bytes.length): unknown {
    switch (tag) {
      case Tag.NUMBER:
        return number;
      case Tag.UNDEFINED:
        return undefined;
      case Tag.NULL:
        return null;
      case Tag.FALSE:
        return false;
      case Tag.TRUE:
        return true;
      case Tag.STRING_LATIN1:
      case Tag.STRING_UTF16:
      case Tag.STRING_UNPAIRED:
        return readString(tag, bytes, start, end);
      case Tag.BIGINT:
        return makeBigint(bytes, start, end, number === 1);
      case Tag.HANDLE:
        return this.hooks.fromHandle(this.messages.read(tag, bytes, start, end, false));
      case Tag.TREE:
        return this.messages.read(tag, bytes, start, end, false);
      case Tag.STRUCTURED:
        // A copy, since we cannot know what a codec of somebody else's keeps.
        return this.structured
          ? this.structured.decode(bytes.slice(start, end))
          : this.messages.read(tag, bytes, start, end, number === 1);
      default:
        return makeBinary(tag, bytes, start, end) ?? refuseTag(tag);
    }
  }
}

/** A value that its cell holds alone. */
class Inline implements Encoded {
  readonly byteLength = 0;
  constructor(
    readonly tag: number,
    readonly number: number,
  ) {}
  write(): void {}
  keep(): void {}
}

const UNDEFINED = new Inline(Tag.UNDEFINED, 0);
const NULL = new Inline(Tag.NULL, 0);
const FALSE = new Inline(Tag.FALSE, 0);
const TRUE = new Inline(Tag.TRUE, 0);

/**
 * A value with bytes.
 *
 *  source   of whom                    may change
 *  lent     the caller's               when the caller runs: `keep` before a wait
 *  tenant   the codec's, msgpackr's,   at the next `encode`, which calls `leave`
 *           the caller's codec's
 *  own      this block's               no
 *  null     -                          it was written, and its place is used for the next
 */
class Block implements Encoded, Tenant {
  private isWritten = false;

  constructor(
    readonly tag: number,
    readonly number: number,
    readonly byteLength: number,
    private source: Uint8Array | null,
    private start: number,
    private isOwn: boolean,
  ) {}

  write(target: Uint8Array, offset = 0): void {
    const { source, start, byteLength } = this;
    if (source === null) throw new Error("heddle: an encoded value was written before, and not kept");
    if (source.length < byteLength) {
      const got = `an array of ${byteLength} bytes of which ${source.length} are left`;
      throw new TransferError("it was transferred or made smaller while it waited; send a copy", "value", got);
    }
    this.isWritten = true;
    // The bytes of a codec of the caller's, which may be many, would be remembered until the next value comes.
    if (this.tag === Tag.STRUCTURED) moveOut(this);
    if (source.length === byteLength) target.set(source, offset);
    else copyBytes(source, start, target, offset, byteLength);
  }

  keep(): void {
    if (this.isOwn || this.source === null) return;
    // Not `slice`: a Buffer gives a view of itself.
    this.source = new Uint8Array(this.source.subarray(this.start, this.start + this.byteLength));
    this.start = 0;
    this.isOwn = true;
  }

  /** Its place is about to be used again. */
  leave(): void {
    if (this.isWritten && !this.isOwn) this.source = null;
    else this.keep();
  }
}

function ownBlock(tag: number, number: number, source: Uint8Array, byteLength = source.length, start = 0): Block {
  return new Block(tag, number, byteLength, source, start, true);
}

function lentBlock(tag: number, source: Uint8Array): Block {
  return new Block(tag, 0, source.length, source, 0, false);
}

function tenantBlock(tag: number, source: Uint8Array, byteLength = source.length, start = 0): Block {
  const block = new Block(tag, 0, byteLength, source, start, false);
  moveIn(block);
  return block;
}

function encodeBy(structured: StructuredCodec, value: object): Block {
  makeWay();
  const bytes: unknown = structured.encode(value);
  if (bytes instanceof Uint8Array) return tenantBlock(Tag.STRUCTURED, bytesOf(bytes));
  throw new ArgumentError(`the codec's encode() must return a Uint8Array, got ${typeof bytes}`, "codec", bytes);
}

function allocate(size: number): Uint8Array {
  try {
    return new Uint8Array(size);
  } catch (cause) {
    throw new TransferError("send it in pieces", "value", `a string of up to ${size} bytes`, { cause });
  }
}

function refused({ got, reason }: Refusal): TransferError {
  return new TransferError(reason, "value", got);
}
