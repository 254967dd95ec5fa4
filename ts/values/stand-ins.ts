/**
 * Stand-ins: what is written in place of an object that msgpackr would lose, so that it can be made again.
 *
 *  object                           stand-in after kind and number      contents
 *  error                            class; DOMException: message, name  (name, enumerable, value) each
 *  object without a prototype       -                                   (name, value) each
 *  Map of another realm             -                                   (key, value) each
 *  Set of another realm             -                                   values
 *  Date, RegExp of another realm    time; source, flags                 -
 *  boxed primitive                  the primitive, whether it is -0      -
 *  bytes of another realm, Float16  the bytes                           -
 *  one of Heddle's own              its handle                          -
 *
 * Contents go beside the value, in the order of their numbers, not inside: every object is there before any is filled, so
 * that an error may be its own cause.
 *
 * Role: both sides.
 */
import { type Binary, bytesOf, makeBinary, refuseTag } from "./binary.js";
import { errorClassOf, makeError } from "./error-values.js";
import { Kind } from "./kinds.js";

/** Kind, as in `Kind`; number of the contents, -1 without; what the kind says. */
export type StandIn = readonly [kind: number, number: number, ...rest: unknown[]];

/** What stands in for an object of a kind, one of those above. */
export function standInFor(value: object, kind: number, number: number): StandIn {
  switch (kind) {
    case Kind.ERROR: {
      const name = errorClassOf(Object.getPrototypeOf(value))!;
      // Its message and name are no fields, but what its constructor was given.
      if (name !== "DOMException") return [kind, number, name];
      return [kind, number, name, (value as DOMException).message, (value as DOMException).name];
    }
    case Kind.NULL_OBJECT:
    case Kind.MAP:
    case Kind.SET:
      return [kind, number];
    case Kind.DATE:
      return [kind, number, (value as Date).getTime()];
    case Kind.REGEXP:
      return [kind, number, (value as RegExp).source, (value as RegExp).flags];
    case Kind.BOXED:
      return [kind, number, value.valueOf(), Object.is(value.valueOf(), -0)];
    default:
      return [kind, number, bytesOf(value as Binary)];
  }
}

/** The object that a stand-in stands for, without its contents. */
export function makeFrom([kind, , first, second, third]: StandIn, fromHandle: (handle: unknown) => object): object {
  switch (kind) {
    case Kind.UNKNOWN:
      return fromHandle(first);
    case Kind.ERROR:
      if (first !== "DOMException") return makeError(first as string);
      return new DOMException(second as string, third as string);
    case Kind.NULL_OBJECT:
      return Object.create(null) as object;
    case Kind.MAP:
      return new Map();
    case Kind.SET:
      return new Set();
    case Kind.DATE:
      return new Date(first as number);
    case Kind.REGEXP:
      return new RegExp(first as string, second as string);
    case Kind.BOXED:
      return Object(second === true ? -0 : first) as object;
    default: {
      const bytes = first as Uint8Array;
      return makeBinary(kind, bytes, 0, bytes.length) ?? refuseTag(kind);
    }
  }
}

/** Gives an object the contents that were beside the value. */
export function fill(object: object, kind: number, contents: readonly unknown[]): void {
  switch (kind) {
    case Kind.ERROR:
      for (let i = 0; i < contents.length; i += 3) {
        const descriptor = { value: contents[i + 2], enumerable: contents[i + 1] as boolean };
        Object.defineProperty(object, contents[i] as string, { ...descriptor, writable: true, configurable: true });
      }
      break;
    case Kind.MAP:
      for (let i = 0; i < contents.length; i += 2) (object as Map<unknown, unknown>).set(contents[i], contents[i + 1]);
      break;
    case Kind.SET:
      for (const member of contents) (object as Set<unknown>).add(member);
      break;
    default:
      for (let i = 0; i < contents.length; i += 2)
        (object as Record<string, unknown>)[contents[i] as string] = contents[i + 1];
      break;
  }
}
