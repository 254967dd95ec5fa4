/** Values in shared memory: exports only. */
export { type Codec, type CodecHooks, type Encoded, makeCodec, type StructuredCodec } from "./codec.js";
export { Tag } from "./tags.js";
