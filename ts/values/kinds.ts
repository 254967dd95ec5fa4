/**
 * Kinds: what an object is to the codec, told by its prototype.
 *
 * The prototype decides, not the contents: an object travels when the other side can make one with the same prototype.
 * Objects of another realm (a page's frame, a `vm` context, which test runners use) have prototypes of their own: those
 * of built-in classes are known by the name of their native constructor, and arrive as the same class of this realm.
 */
import { errorClassOf } from "./error-values.js";
import { nativeName } from "./native.js";
import { Tag } from "./tags.js";

/** Numbers of the kinds; a binary's is its tag, `Tag.FIRST_BINARY` or more. */
export const Kind = {
  /** Travels as no kind that we know: a handle, or a refusal. */
  UNKNOWN: 0,
  OBJECT: 1,
  NULL_OBJECT: 2,
  ARRAY: 3,
  MAP: 4,
  SET: 5,
  ERROR: 6,
  DATE: 7,
  REGEXP: 8,
  /** Number, String, Boolean and BigInt objects. */
  BOXED: 9,
  SHARED_BUFFER: 10,
  /** Its prototype may have been given enumerable properties without our knowing. */
  OBJECT_OF_ANOTHER_REALM: 11,
} as const;

const KIND_BY_NAME = new Map<string, number>(
  Object.entries({
    Object: Kind.OBJECT,
    Array: Kind.ARRAY,
    Map: Kind.MAP,
    Set: Kind.SET,
    Date: Kind.DATE,
    RegExp: Kind.REGEXP,
    Number: Kind.BOXED,
    String: Kind.BOXED,
    Boolean: Kind.BOXED,
    BigInt: Kind.BOXED,
    SharedArrayBuffer: Kind.SHARED_BUFFER,
    ArrayBuffer: Tag.ARRAY_BUFFER,
    DataView: Tag.DATA_VIEW,
    Int8Array: Tag.INT8_ARRAY,
    Uint8Array: Tag.UINT8_ARRAY,
    Uint8ClampedArray: Tag.UINT8_CLAMPED_ARRAY,
    Int16Array: Tag.INT16_ARRAY,
    Uint16Array: Tag.UINT16_ARRAY,
    Int32Array: Tag.INT32_ARRAY,
    Uint32Array: Tag.UINT32_ARRAY,
    BigInt64Array: Tag.BIGINT64_ARRAY,
    BigUint64Array: Tag.BIGUINT64_ARRAY,
    Float16Array: Tag.FLOAT16_ARRAY,
    Float32Array: Tag.FLOAT32_ARRAY,
    Float64Array: Tag.FLOAT64_ARRAY,
    // A view of a pool that belongs to its thread; as elsewhere in Node, what arrives is a Uint8Array.
    Buffer: Tag.UINT8_ARRAY,
  }),
);

/** Names of the binary classes by tag. */
export const BINARY_NAMES: ReadonlyMap<number, string> = new Map(
  [...KIND_BY_NAME].flatMap(([name, kind]) =>
    kind >= Tag.FIRST_BINARY && name !== "Buffer" ? [[kind, name] as const] : [],
  ),
);

const KINDS = new Map<object, number>();
for (const [name, kind] of KIND_BY_NAME) {
  // Not every engine and page has every class: SharedArrayBuffer, Float16Array, Node's Buffer.
  const Class = (globalThis as unknown as Record<string, { prototype?: unknown } | undefined>)[name];
  if (typeof Class?.prototype === "object" && Class.prototype !== null) KINDS.set(Class.prototype, kind);
}

/** Prototypes seen that are none of this realm's classes. A program has few; each is looked at once. */
const others = new WeakMap<object, number>();

/** The kind of an object. */
export function kindOf(value: object): number {
  const prototype: object | null = Object.getPrototypeOf(value);
  // The two that most objects are, by a comparison instead of a look into a table.
  if (prototype === Object.prototype) return Kind.OBJECT;
  if (prototype === Array.prototype) return Kind.ARRAY;
  if (prototype === null) return Kind.NULL_OBJECT;
  return KINDS.get(prototype) ?? others.get(prototype) ?? kindOfOther(prototype);
}

function kindOfOther(prototype: object): number {
  let kind = errorClassOf(prototype) !== null ? Kind.ERROR : (KIND_BY_NAME.get(nativeName(prototype)) ?? Kind.UNKNOWN);
  if (kind === Kind.OBJECT) kind = Kind.OBJECT_OF_ANOTHER_REALM;
  others.set(prototype, kind);
  return kind;
}
