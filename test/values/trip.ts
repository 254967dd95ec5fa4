/** One value's way from one thread to another, on one thread: two codecs and shared memory between them. */
import { type CodecHooks, type Encoded, makeCodec, type StructuredCodec } from "../../ts/values/codec.js";

/** For tests without objects of Heddle's. */
export const NO_HANDLES: CodecHooks = {
  toHandle: () => undefined,
  fromHandle: () => {
    throw new Error("nobody made a handle");
  },
};

const GUARD = 0xa5;

/**
 * A function that takes values there.
 *
 * It lays them at odd addresses, with guards on both sides that must stay, and spoils the bytes when the value is made:
 * what arrives must not share anything with them.
 */
export function makeTrip(hooks = NO_HANDLES, structured?: StructuredCodec): <T>(value: T) => T {
  const sender = makeCodec(hooks, structured);
  const receiver = makeCodec(hooks, structured);
  let memory: Uint8Array = new Uint8Array(0);
  let offset = 0;
  return (value) => {
    const encoded = sender.encode(value);
    const { tag, number, byteLength } = encoded;
    offset = (offset + 1) % 8;
    const start = 8 + offset;
    const end = start + byteLength;
    if (memory.length < end + 8) memory = new Uint8Array(new SharedArrayBuffer(end + 1024));
    memory.fill(GUARD, 0, end + 8);
    encoded.write(memory, start);
    if (memory[start - 1] !== GUARD || memory[end] !== GUARD) throw new Error("it wrote beside its place");
    const arrived = receiver.decode(tag, number, memory, start, end);
    memory.fill(0, start, end);
    return arrived as typeof value;
  };
}

/** The bytes of an encoded value. */
export function written(encoded: Encoded): Uint8Array {
  const bytes = new Uint8Array(encoded.byteLength);
  encoded.write(bytes);
  return bytes;
}
