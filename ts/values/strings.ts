/**
 * Strings as bytes, in three formats (tags.ts), of which the shortest that can hold the string is taken.
 *
 * Each has a loop for short strings, and the engine's encoder or decoder for long ones: a call of those costs as much as
 * 20 to 60 turns of the loop. They refuse shared memory in Chromium and Firefox, so bytes come and go by a private
 * buffer. UTF-16 rather than UTF-8 for what is not Latin-1: both are made at 1.4 ns a unit, but Node 20 reads UTF-8 at
 * 8 ns a unit and UTF-16 at 1.4, and a lone surrogate has a place in it.
 *
 * Role: any thread; a codec each, as the buffers are reused.
 */
import { Tag } from "./tags.js";

/**
 * Up to here a string is read by the loop, and may hold any unit below 256; beyond, a TextDecoder reads it, whose
 * "latin1" is Windows-1252, so that it is ASCII or UTF-16. 64: decoder 170 ns, loop 110 (Node 20, x64).
 */
export const SHORT_STRING = 64;
/** Up to here the loop writes: `encodeInto` with the view that it needs 90 ns, a turn 2. */
const SHORT_WRITE = 40;
/** Bytes of UTF-16 that are read by the loop: decoder 190 ns, a turn 4. */
const SHORT_UTF16 = 64;

const encoder = new TextEncoder();
const ascii = new TextDecoder("utf-8", { ignoreBOM: true });
const utf16 = new TextDecoder("utf-16le", { ignoreBOM: true });
const fromUnits = String.fromCharCode;

/** Bytes that `writeString` may need for a string of `length` units. */
export function stringBound(length: number): number {
  return 2 * length;
}

/**
 * Writes a string and says in which format.
 *
 * @param target private memory with room for `stringBound(text.length)` bytes from `start`
 * @returns one of the three tags; Latin-1 took `text.length` bytes, the others twice that
 */
export function writeString(text: string, target: Uint8Array, start: number): number {
  const length = text.length;
  if (length > SHORT_WRITE) {
    // The room ends where ASCII would end: the first unit that needs more stops it, and `read` falls short.
    const { read, written } = encoder.encodeInto(text, target.subarray(start, start + length));
    if (read === length && written === length) return Tag.STRING_LATIN1;
    if (length > SHORT_STRING) return writeUnits(text, target, start);
  }
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0xff) return writeUnits(text, target, start);
    target[start + i] = unit;
  }
  return Tag.STRING_LATIN1;
}

function writeUnits(text: string, target: Uint8Array, start: number): number {
  let offset = start;
  // The first half of a pair, when the unit before was one.
  let high = 0;
  let unpaired = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    target[offset] = unit;
    target[offset + 1] = unit >> 8;
    offset += 2;
    const isLow = (unit & 0xfc00) === 0xdc00;
    unpaired |= high ^ (isLow ? 1 : 0);
    high = (unit & 0xfc00) === 0xd800 ? 1 : 0;
  }
  return unpaired | high ? Tag.STRING_UNPAIRED : Tag.STRING_UTF16;
}

/** Private memory that a decoder reads from. Longer strings get one of their own. */
const buffer = new Uint8Array(16384);

/** Bytes [start, end) as a view of private memory. */
function privately(bytes: Uint8Array, start: number, end: number): Uint8Array {
  if (end - start > buffer.length) return bytes.slice(start, end);
  buffer.set(bytes.subarray(start, end));
  return buffer.subarray(0, end - start);
}

/** Reads the Latin-1 string in [start, end). */
export function readLatin1(b: Uint8Array, start: number, end: number): string {
  if (end - start > SHORT_STRING) return ascii.decode(privately(b, start, end));
  let text = "";
  let i = start;
  // Eight and four at a time: a call with many arguments costs little more than one with a single one.
  for (; i + 8 <= end; i += 8) {
    text += fromUnits(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!);
  }
  if (i + 4 <= end) {
    text += fromUnits(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!);
    i += 4;
  }
  for (; i < end; i++) text += fromUnits(b[i]!);
  return text;
}

/** Reads the string in [start, end) in the format of `tag`. */
export function readString(tag: number, b: Uint8Array, start: number, end: number): string {
  return tag === Tag.STRING_LATIN1 ? readLatin1(b, start, end) : readUtf16(tag, b, start, end);
}

function readUtf16(tag: number, b: Uint8Array, start: number, end: number): string {
  if (tag === Tag.STRING_UTF16 && end - start > SHORT_UTF16) return utf16.decode(privately(b, start, end));
  let text = "";
  let i = start;
  for (; i + 8 <= end; i += 8) {
    text += fromUnits(unitAt(b, i), unitAt(b, i + 2), unitAt(b, i + 4), unitAt(b, i + 6));
  }
  for (; i < end; i += 2) text += fromUnits(unitAt(b, i));
  return text;
}

function unitAt(b: Uint8Array, offset: number): number {
  return b[offset]! | (b[offset + 1]! << 8);
}
