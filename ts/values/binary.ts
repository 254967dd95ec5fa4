/**
 * Buffers and their views as bytes: what the view shows and nothing around it.
 *
 * What arrives has a buffer of its own, of exactly that size and not resizable, whatever the sender's was.
 */
import { TransferError } from "../errors.js";
import { BINARY_NAMES } from "./kinds.js";
import { type Refusal, refuseDetached, refuseInstance, refuseShared } from "./refusals.js";
import { Tag } from "./tags.js";

/** What a binary tag stands for. */
export type Binary = ArrayBufferLike | ArrayBufferView;

/** Why these bytes cannot travel; null when they can. */
export function refuseBinary(value: Binary, tag: number): Refusal | null {
  const isView = ArrayBuffer.isView(value);
  // Something made with Object.create(Float64Array.prototype) has the class, but no bytes.
  if (!isView && tag !== Tag.ARRAY_BUFFER) return refuseInstance(value);
  const buffer: object = isView ? value.buffer : value;
  const name = BINARY_NAMES.get(tag)!;
  if (isSharedBuffer(buffer)) return refuseShared(name);
  return value.byteLength === 0 && isDetached(buffer) ? refuseDetached(name) : null;
}

/** The bytes of a buffer or view, in place. A view of our own: one of the caller's may have accessors, which would run when it is read. */
export function bytesOf(value: Binary): Uint8Array {
  return ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
}

/** Makes the value of a binary tag from a copy of the bytes in [start, end). Undefined for a tag that is none. */
export function makeBinary(tag: number, bytes: Uint8Array, start: number, end: number): Binary | undefined {
  // Not subarray: `bytes` may be shared memory, and what we give out is the caller's alone.
  const copy = bytes.slice(start, end);
  if (tag === Tag.UINT8_ARRAY) return copy;
  if (tag === Tag.ARRAY_BUFFER) return copy.buffer;
  const Class = CLASSES.get(tag);
  return Class && new Class(copy.buffer);
}

/** Whether its class is this realm's, and one that msgpackr knows; it goes by classes and their names. */
export function isOfThisRealm(value: Binary, tag: number): boolean {
  if (tag === Tag.ARRAY_BUFFER) return value instanceof ArrayBuffer;
  return tag !== Tag.FLOAT16_ARRAY && value instanceof CLASSES.get(tag)!;
}

/** For tags, and kinds in messages, that nobody here knows. */
export function refuseTag(tag: number): never {
  const reason = "this thread's engine, or its version of Heddle, has no such values";
  throw new TransferError(reason, "value", `of kind ${tag}`);
}

/** Classes that are made from a buffer. Float16Array is young, and whoever sent one has it. */
const CLASSES: ReadonlyMap<number, new (buffer: ArrayBufferLike) => ArrayBufferView> = new Map(
  [...BINARY_NAMES].flatMap(([tag, name]) => {
    const Class = (
      globalThis as unknown as Record<string, (new (buffer: ArrayBufferLike) => ArrayBufferView) | undefined>
    )[name];
    return Class ? [[tag, Class] as const] : [];
  }),
);

/** By its name, since a page that is not isolated can have such buffers, but no SharedArrayBuffer to compare with. */
export function isSharedBuffer(buffer: object): boolean {
  return !(buffer instanceof ArrayBuffer) && Object.prototype.toString.call(buffer) === "[object SharedArrayBuffer]";
}

function isDetached(buffer: object): boolean {
  try {
    new Uint8Array(buffer as ArrayBuffer);
    return false;
  } catch {
    return true;
  }
}
