/**
 * Shapes: the names of an object's properties, in their order, as one run of bytes.
 *
 * Programs send many objects with few sets of names. Writing each name again costs the sender a look at every letter,
 * and the receiver a new string and its entry in the engine's table of names, which is most of what an object costs. So
 * each side remembers shapes it has met: the sender copies a run of bytes, the receiver compares one. The bytes are in
 * every message, so neither needs to know what the other remembers.
 *
 *  run   hash u16 | (length u8, that many Latin-1 units) for each name, none longer than SHORT_STRING
 *
 * Role: one of each to a codec.
 */
import { readLatin1, SHORT_STRING } from "./strings.js";

/** Objects with more properties are rather dictionaries, whose names come only once. */
const MAX_NAMES = 24;
/** Bytes of names in a run: its length has one byte in the format. */
const MAX_BYTES = 255;
/** Bytes of the hash, which the length does not count. */
export const HASH_BYTES = 2;
/** Shapes remembered by a sender under the same first name. */
const MAX_SAME_FIRST = 8;
/** First names that a sender remembers, before it forgets them all. */
const MAX_FIRST = 256;
/** Shapes that a receiver remembers, a power of two. The next of the same hash takes the place. */
const SLOTS = 512;

interface Written {
  readonly names: readonly string[];
  /** With its hash. */
  readonly run: Uint8Array;
}

/** A sender's memory. */
export class WrittenShapes {
  private readonly byFirst = new Map<string, Written[]>();

  /** The run for the names in `names[start, end)`, at least one; null when they do not fit into a run. */
  find(names: readonly string[], start: number, end: number): Uint8Array | null {
    const same = this.byFirst.get(names[start]!);
    if (same !== undefined) {
      for (let i = 0; i < same.length; i++) {
        const shape = same[i]!;
        if (isSame(shape.names, names, start, end)) return shape.run;
      }
    }
    return end - start > MAX_NAMES ? null : this.add(names.slice(start, end), same);
  }

  private add(names: readonly string[], same: Written[] | undefined): Uint8Array | null {
    const run = runOf(names);
    if (run === null) return null;
    if (same === undefined) {
      if (this.byFirst.size === MAX_FIRST) this.byFirst.clear();
      this.byFirst.set(names[0]!, [{ names, run }]);
    } else {
      same.unshift({ names, run });
      if (same.length > MAX_SAME_FIRST) same.pop();
    }
    return run;
  }
}

function isSame(names: readonly string[], others: readonly string[], start: number, end: number): boolean {
  if (names.length !== end - start) return false;
  for (let i = 0; i < names.length; i++) if (names[i] !== others[start + i]) return false;
  return true;
}

function runOf(names: readonly string[]): Uint8Array | null {
  const bytes: number[] = [0, 0];
  // FNV-1a, 32 bits folded to 16.
  let hash = 0x811c9dc5;
  for (const name of names) {
    if (name.length > SHORT_STRING || bytes.length + 1 + name.length > HASH_BYTES + MAX_BYTES) return null;
    bytes.push(name.length);
    for (let i = 0; i < name.length; i++) {
      const unit = name.charCodeAt(i);
      if (unit > 0xff) return null;
      bytes.push(unit);
      hash = Math.imul(hash ^ unit, 0x01000193);
    }
    hash = Math.imul(hash ^ 0x100, 0x01000193);
  }
  hash ^= hash >>> 16;
  bytes[0] = hash & 0xff;
  bytes[1] = (hash >> 8) & 0xff;
  return Uint8Array.from(bytes);
}

/** A shape as a receiver knows it. */
export interface ReadShape {
  readonly names: readonly string[];
  /** The object must be given its properties by definition: an assignment would meet one of Object.prototype. */
  readonly isCareful: boolean;
  /** Without its hash. */
  readonly run: Uint8Array;
}

/** A receiver's memory. */
export class ReadShapes {
  private readonly slots = new Array<ReadShape | undefined>(SLOTS).fill(undefined);

  /** The shape whose hash is at `start`, and whose names are the `length` bytes after it. */
  find(bytes: Uint8Array, start: number, length: number): ReadShape {
    const slot = (bytes[start]! | (bytes[start + 1]! << 8)) & (SLOTS - 1);
    const shape = this.slots[slot];
    const first = start + HASH_BYTES;
    if (shape !== undefined && isRun(shape.run, bytes, first, length)) return shape;
    const read = readShape(bytes, first, first + length);
    this.slots[slot] = read;
    return read;
  }
}

function isRun(run: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  if (run.length !== length) return false;
  for (let i = 0; i < length; i++) if (run[i] !== bytes[start + i]) return false;
  return true;
}

function readShape(bytes: Uint8Array, start: number, end: number): ReadShape {
  const template: Record<string, null> = Object.create(null);
  for (let i = start; i < end; ) {
    const first = i + 1;
    i = first + bytes[i]!;
    template[readLatin1(bytes, first, i)] = null;
  }
  // As names of a real object they are the engine's own strings, which it need not look up again at each use. The order
  // is kept: it was an object's own order when they were written.
  const names = Object.keys(template);
  return { names, isCareful: names.some((name) => name in Object.prototype), run: bytes.slice(start, end) };
}
