/**
 * Tags: what a queue's cell says about its item.
 *
 *  tag              cell's number   bytes of the block
 *  NUMBER           the number      none
 *  UNDEFINED … TRUE 0               none
 *  STRING_LATIN1    0               one per UTF-16 unit; beyond SHORT_STRING units all of them are ASCII (strings.ts)
 *  STRING_UTF16     0               two per unit, low byte first; surrogates are paired
 *  STRING_UNPAIRED  0               the same with a lone surrogate somewhere, which a TextDecoder would replace
 *  BIGINT           1 if negative   the magnitude, low byte first
 *  HANDLE           0               a handle of one of Heddle's own objects, as a message (message.ts)
 *  TREE             0               an object of plain objects and arrays, each once, as a message
 *  STRUCTURED       1 if amended    an object, as a message or in the format of the caller's own codec
 *  ARRAY_BUFFER …   0               the bytes that the view shows
 */

export const Tag = {
  EMPTY: 0,
  NUMBER: 1,
  UNDEFINED: 2,
  NULL: 3,
  FALSE: 4,
  TRUE: 5,
  /** From here on an item has a block of bytes. */
  FIRST_WITH_BYTES: 16,
  STRING_LATIN1: 16,
  STRING_UTF16: 17,
  STRING_UNPAIRED: 18,
  BIGINT: 19,
  HANDLE: 20,
  STRUCTURED: 21,
  TREE: 22,
  /** From here on the bytes are the value: an ArrayBuffer, or a view of one. */
  FIRST_BINARY: 32,
  ARRAY_BUFFER: 32,
  DATA_VIEW: 33,
  INT8_ARRAY: 34,
  UINT8_ARRAY: 35,
  UINT8_CLAMPED_ARRAY: 36,
  INT16_ARRAY: 37,
  UINT16_ARRAY: 38,
  INT32_ARRAY: 39,
  UINT32_ARRAY: 40,
  BIGINT64_ARRAY: 41,
  BIGUINT64_ARRAY: 42,
  FLOAT16_ARRAY: 43,
  FLOAT32_ARRAY: 44,
  FLOAT64_ARRAY: 45,
} as const;
