/**
 * The structured format: what objects are in shared memory.
 *
 *  message    flags u8 | value | contents of what was put off, in order
 *  value      marker u8 | what the marker says
 *
 *  SMALL_INTEGER + n          the integer n, 0 to 63
 *  SHORT_STRING + n           n Latin-1 units follow, 0 to 63
 *  INTEGER                    i32          FLOAT                      f64
 *  STRING                     tag u8 (tags.ts), bytes u32, the bytes
 *  BIGINT                     negative u8, bytes u32, the bytes of the magnitude
 *  HOLE, REST_OF_HOLES        in arrays only, below
 *  DATE                       f64          REGEXP                     source string, flags string
 *  BOXED                      the primitive's value
 *  BINARY                     tag u8, bytes u32, the bytes
 *  HANDLE                     the handle's value
 *  REFERENCE                  u32: the n-th object of this message, counted where each begins
 *  PUT_OFF                    a shell; its contents come at the end of the message
 *  shell, contents            for all others
 *
 *  shell                      contents
 *  OBJECT, NULL_OBJECT        n u8: 0:      count u32 | (name, value) each
 *                                   else:   a run of n bytes after its hash (shapes.ts) | value each
 *  ARRAY                      length u32 | element each; a HOLE for one that is not there; REST_OF_HOLES: count u32 |
 *                             (index u32, value) each, nothing else up to the length
 *  MAP                        count u32 | (key, value) each
 *  SET                        count u32 | value each
 *  ERROR, class name;         count u32 | (name, enumerable u8, value) each
 *    DOMException: message, name
 *
 * Numbers are little-endian and not aligned. Names, messages, sources and the like are values, always strings.
 * Contents can be put off so that neither side needs more of its stack than MAX_DEPTH levels, however deep the value is:
 * a chain of a million objects travels, and no reader near the end of its stack loses what it has taken.
 */

export const Marker = {
  SMALL_INTEGER: 0,
  SHORT_STRING: 64,
  UNDEFINED: 128,
  NULL: 129,
  FALSE: 130,
  TRUE: 131,
  INTEGER: 132,
  FLOAT: 133,
  STRING: 134,
  BIGINT: 135,
  HOLE: 136,
  REST_OF_HOLES: 137,
  OBJECT: 138,
  NULL_OBJECT: 139,
  ARRAY: 140,
  MAP: 141,
  SET: 142,
  ERROR: 143,
  DATE: 144,
  REGEXP: 145,
  BOXED: 146,
  BINARY: 147,
  HANDLE: 148,
  REFERENCE: 149,
  PUT_OFF: 150,
} as const;

/** Integers and lengths from 0 to this have their place in the marker. */
export const MAX_SMALL = 63;

/** Flag: some object comes more than once, so that the reader must count them. */
export const HAS_REFERENCES = 1;

/** Levels of containers that are written within one another. */
export const MAX_DEPTH = 64;

/** Missing elements of an array that are written one by one. */
export const MAX_HOLES = 1024;
