/**
 * Size classes: which free list a block of a given size belongs to. Arithmetic only, no memory.
 *
 * Source: M. Masmano, I. Ripoll, A. Crespo, J. Real, "TLSF: a new dynamic memory allocator for real-time systems",
 *         ECRTS 2004.
 * Role:   any thread.
 *
 * A class is numbered row * 32 + column. Row 0 is linear, a list for every multiple of 16 below 512. From there on a
 * row is a power of two, cut into 32 columns of equal width:
 *
 *   row  sizes             width of a column
 *    0   0 … 511           16
 *    1   512 … 1023        16
 *    2   1024 … 2047       32
 *    …
 *   23   2^31 … 2^32 - 1   2^26
 *
 * Bound: a request is served from a class whose members are at most 1/32 larger than it needs, if there is one.
 */
import { ALIGNMENT, HEAD_BYTES, LEAST_BYTES } from "./arena-records";

/** Below this a class has one size only. */
const LINEAR_BYTES: u32 = 512;

/** Bit length of the column number. */
const COLUMN_BITS: u32 = 5;

/** Above this a request and its head would not fit into 32 bits. */
const LARGEST_REQUEST: u32 = <u32>-64;

/** Bytes of a block whose payload holds `request` bytes; 0 when no block can. A request of 0 bytes gets a block too. */
export function blockBytes(request: u32): u32 {
  if (request > LARGEST_REQUEST) return 0;
  return max(LEAST_BYTES, ((request + (ALIGNMENT - 1)) & ~(ALIGNMENT - 1)) + HEAD_BYTES);
}

/** The class that a block of this size is filed under: sizes are rounded down. */
export function classOf(size: u32): u32 {
  if (size < LINEAR_BYTES) return size / ALIGNMENT;
  const exponent = 31 - <u32>clz<u32>(size);
  const column = (size >> (exponent - COLUMN_BITS)) & 31;
  return ((exponent - 8) << COLUMN_BITS) | column;
}

/** The first class of which every member holds `size` bytes: sizes are rounded up. May be one past the last class. */
export function classThatHolds(size: u32): u32 {
  if (size < LINEAR_BYTES) return size / ALIGNMENT;
  const width = ((<u32>1) << (31 - <u32>clz<u32>(size))) >> COLUMN_BITS;
  // A class begins at a multiple of its width; counting classes rather than adding to the size cannot overflow.
  return classOf(size) + u32((size & (width - 1)) != 0);
}
