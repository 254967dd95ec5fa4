/**
 * Messages: objects as bytes, made and read by msgpackr.
 *
 *  message          the value; or, with amendments: [value, contents of stand-ins, where -0 stands]
 *  stand-in         an extension of MessagePack, whose content is an array (stand-ins.ts)
 *
 * Each message says all that is needed to read it: names of properties are written once in each. What comes more than
 * once arrives as one thing.
 *
 * Source: msgpackr (https://github.com/kriszyp/msgpackr), its build without eval; https://github.com/msgpack/msgpack.
 * Role:   one thread's writer and reader.
 */
import { addExtension, Packr, RESET_BUFFER_MODE, REUSE_BUFFER_MODE, Unpackr } from "msgpackr/index-no-eval";
import { HeddleError, TransferError } from "../errors.js";
import { copyBytes } from "./copy.js";
import type { Inspection } from "./inspect.js";
import { unreadable } from "./refusals.js";
import { fill, makeFrom, type StandIn } from "./stand-ins.js";
import { Tag } from "./tags.js";
import { makeWay } from "./tenant.js";

/** Between messages and Heddle's own objects. */
export interface Handles {
  toHandle(value: object): unknown | undefined;
  fromHandle(handle: unknown): object;
}

export interface Message {
  /** One of `Tag`: TREE, or STRUCTURED. */
  readonly tag: number;
  /** The message is bytes[start, end). */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly isAmended: boolean;
  /** Whether the next message will be written over it. */
  readonly isLent: boolean;
}

/** A buffer of msgpackr's, and where in it the message is that was written last. */
type Marked = Uint8Array & { readonly start: number; readonly end: number };

/** Give the buffer itself, for a view of it costs a tenth of the whole; and write the next message to the same place. */
const IN_PLACE = REUSE_BUFFER_MODE | RESET_BUFFER_MODE;

/** References, rather than copies of what comes more than once; nobody's `toJSON`; bytes that are the receiver's own. */
const OPTIONS = { structuredClone: true, useToJSON: false, copyBuffers: true, writeFunction: refuseFunction };

/** What most messages are needs neither references nor names of its own: half the time. */
const TREE_OPTIONS = {
  useRecords: false,
  mapsAsObjects: true,
  variableMapSize: true,
  useToJSON: false,
  writeFunction: refuseFunction,
};

/** msgpackr keeps the largest buffer that it needed, up to 1 GB. Beyond this we give it a small one again. */
const MAX_KEPT_BYTES = 1 << 18;
const SMALL_BYTES = 1 << 13;

/** Of the message that is being written, and of the one that is being read: msgpackr knows extensions only by thread. */
let standIns: ReadonlyMap<object, StandIn> | null = null;
let reading: Reading | null = null;
/** Messages that are being written: an accessor may have begun another. */
let nesting = 0;

interface Reading {
  readonly handles: Handles;
  /** By number of their contents. */
  readonly objects: { readonly object: object; readonly kind: number }[];
}

/** What msgpackr takes for a class: it asks for every object that is not plain whether it is an instance. */
// biome-ignore lint/complexity/noStaticOnlyClass: `instanceof` needs it, a function could not be asked
class HasStandIn {
  static [Symbol.hasInstance](value: object): boolean {
    return standIns?.has(value) ?? false;
  }
}

addExtension({
  Class: HasStandIn,
  type: 1,
  write: (value: object) => standIns!.get(value),
  read(standIn: StandIn) {
    const [kind, number] = standIn;
    const object = makeFrom(standIn, reading!.handles.fromHandle);
    if (number >= 0) reading!.objects[number] = { object, kind };
    return object;
  },
});

export class Messages {
  private packr = new Packr(OPTIONS);
  private treePackr = new Packr(TREE_OPTIONS);
  private readonly unpackr = new Unpackr(OPTIONS);
  private readonly treeUnpackr = new Unpackr(TREE_OPTIONS);
  /** msgpackr reads private memory: a TextDecoder of a page refuses shared. */
  private readonly buffer = new Uint8Array(1 << 14);

  constructor(private readonly handles: Handles) {}

  /** @throws {TransferError} reading the value threw (then with a `cause`) */
  write(value: object, { standIns, contents, zeros, isTree }: Inspection): Message {
    const isAmended = standIns !== null || zeros !== null;
    if (isTree && !isAmended) {
      const bytes = this.pack(value, null, true) as Marked;
      const isLent = nesting === 0 && bytes.length <= MAX_KEPT_BYTES;
      return { tag: Tag.TREE, bytes, start: bytes.start, end: bytes.end, isAmended, isLent };
    }
    const bytes = this.pack(isAmended ? [value, contents ?? [], zeros ?? []] : value, standIns);
    return { tag: Tag.STRUCTURED, bytes, start: 0, end: bytes.length, isAmended, isLent: false };
  }

  /** A message of what needs no inspection. */
  writePlain(value: unknown): Uint8Array {
    return this.pack(value, null);
  }

  private pack(value: unknown, of: ReadonlyMap<object, StandIn> | null, isTree = false): Uint8Array {
    makeWay();
    const packr = isTree ? this.treePackr : this.packr;
    const outer = standIns;
    standIns = of;
    nesting++;
    let bytes: Uint8Array;
    try {
      bytes = packr.pack(value, isTree ? IN_PLACE : undefined);
    } catch (error) {
      // An accessor may throw the second time that it is asked. After the end of the stack nobody knows how it left itself.
      this.packr = new Packr(OPTIONS);
      this.treePackr = new Packr(TREE_OPTIONS);
      throw error instanceof HeddleError ? error : unreadable(error, "value");
    } finally {
      nesting--;
      standIns = outer;
    }
    // (Within another message msgpackr takes a buffer for this one alone.)
    if (nesting === 0 && bytes.buffer.byteLength > MAX_KEPT_BYTES) packr.useBuffer(makeBuffer(SMALL_BYTES));
    return bytes;
  }

  /** The value of the message in [start, end). It shares nothing with `source`, which may be shared memory. */
  read(tag: number, source: Uint8Array, start: number, end: number, isAmended: boolean): unknown {
    const outer = reading;
    const size = end - start;
    const bytes = outer === null && size <= this.buffer.length ? this.buffer : new Uint8Array(size);
    copyBytes(source, start, bytes, 0, size);
    const own: Reading = { handles: this.handles, objects: [] };
    reading = own;
    try {
      const unpackr = tag === Tag.TREE ? this.treeUnpackr : this.unpackr;
      const message: unknown = unpackr.unpack(bytes, size);
      if (!isAmended) return message;
      const [value, contents, zeros] = message as [unknown, unknown[][], unknown[]];
      // Before contents go where they belong: it may be among them.
      for (let i = 0; i < zeros.length; i += 2) setZero(zeros[i] as object, zeros[i + 1]);
      for (const [number, { object, kind }] of own.objects.entries()) fill(object, kind, contents[number]!);
      return value;
    } catch (error) {
      if (error instanceof HeddleError) throw error;
      throw new TransferError("this thread could not make it again", "value", "an object", { cause: error });
    } finally {
      reading = outer;
    }
  }
}

function setZero(holder: object, key: unknown): void {
  if (holder instanceof Map) holder.set(key, -0);
  else (holder as Record<string, unknown>)[key as string] = -0;
}

/** An accessor gave something else when it was inspected. */
function refuseFunction(): never {
  throw new TypeError("an accessor gave a function when it was asked again");
}

/** As msgpackr makes them: on Node it uses what only a Buffer can. */
function makeBuffer(length: number): Uint8Array {
  return typeof Buffer === "undefined" ? new Uint8Array(length) : Buffer.allocUnsafeSlow(length);
}
