/**
 * Luggage: what a thread is to run, on its way there. A value, in the block that the thread's record keeps until its runner takes it.
 *
 *   bytes 0-3   tag of the value, with the codec's number
 *   bytes 8-15  the value's number, or how many bytes follow
 *   from 16 on  the bytes
 *
 * Role: any thread.
 */
import { codecOf, decode, numberOf, tagOf } from "../queue/item.js";
import type { Member } from "../runtime/core/member.js";
import type { Event } from "../sync/event.js";
import type { Holey } from "./freight.js";
import type { Hook } from "./hook.js";
import type { Spec } from "./target.js";

const HEAD = 16;

/** What a thread is to run. */
export interface Luggage {
  /** Null: the thread's own `run`. */
  readonly target: Spec | null;
  readonly args: readonly unknown[];
  /** The same with holes, when some are moved. */
  readonly holey?: Holey;
  /** Its class, when it is none of ours: module and export; and the fields that its constructor has made. */
  readonly self: { readonly url: string; readonly name: string; readonly fields: Record<string, unknown> } | null;
  readonly hook: Hook | null;
  /** A timer's: milliseconds to wait first, and the event that ends the wait. */
  readonly timer?: { readonly interval: number | null; readonly finished: Event };
}

/** Puts it into the value hand. @throws {TransferError} @throws {OutOfMemoryError} */
export function pack(member: Member, luggage: Luggage): void {
  const encoded = codecOf(undefined).encode(luggage);
  const { byteLength } = encoded;
  const block = member.address(() => member.core.valueTake(HEAD + byteLength), byteLength);
  member.words[block >>> 2] = tagOf(encoded);
  member.floats[(block + 8) >>> 3] = numberOf(encoded);
  encoded.write(member.bytes, block + HEAD);
}

/** Takes it out of the value hand, where `threadRun` has put it. */
export function unpack(member: Member, block: number): Luggage {
  const tag = member.words[block >>> 2]!;
  const number = member.floats[(block + 8) >>> 3]!;
  try {
    return decode(codecOf(undefined), tag, number, member.bytes, block + HEAD) as Luggage;
  } finally {
    member.core.valueDrop();
  }
}
