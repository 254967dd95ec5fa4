/**
 * What cannot travel, in words: what it is, why not, and what to do instead.
 *
 * Role: called once a value is refused, so nothing here needs to be fast; but it must not throw, whatever the value is.
 */

import { TransferError } from "../errors.js";

export interface Refusal {
  /** "function onDone" */
  readonly got: string;
  readonly reason: string;
}

const FUNCTION = "functions cannot go to another thread; name a module and its export there instead";
const SYMBOL = "symbols cannot go to another thread; send a string";
const SHARED =
  "it would arrive as a copy, no longer shared; send a copy made with slice(), " +
  "or post the SharedArrayBuffer itself with postMessage()";
const DETACHED = "its buffer was transferred away and has no bytes any more; send it before transferring it";
const INSTANCE =
  "an instance of a class would arrive as a bare object without its methods and private fields; " +
  "send plain data and make the instance on the other side";

/** What a few well-known classes should be replaced by. */
const ADVICE = new Map(
  Object.entries({
    Promise: "a promise belongs to its thread; await it and send the result",
    WeakMap: "its contents cannot be listed; send a Map",
    WeakSet: "its contents cannot be listed; send a Set",
    WeakRef: "it belongs to its thread; send what deref() gives",
    URL: "send its href",
    URLSearchParams: "send its toString()",
    Blob: "send the result of its arrayBuffer()",
    File: "send the result of its arrayBuffer()",
  }),
);

/** Why a function or a symbol is refused. */
export function refusePrimitive(value: unknown): Refusal {
  if (typeof value === "symbol") return { got: String(value), reason: SYMBOL };
  return { got: nameOf(value) === "" ? "a function" : `function ${nameOf(value)}`, reason: FUNCTION };
}

/** Why an object of no known class is refused. */
export function refuseInstance(value: object): Refusal {
  let name = "";
  try {
    name = nameOf((value as { constructor?: unknown }).constructor);
  } catch {
    // A getter or a proxy that throws: it stays nameless.
  }
  if (name === "") return { got: "an object with a prototype of its own", reason: INSTANCE };
  return { got: `${/^[AEIOU]/.test(name) ? "an" : "a"} ${name}`, reason: ADVICE.get(name) ?? INSTANCE };
}

/** Why shared memory, or a view of it, is refused. */
export function refuseShared(name: string): Refusal {
  return { got: name === "SharedArrayBuffer" ? "a SharedArrayBuffer" : `a ${name} of shared memory`, reason: SHARED };
}

/** Why a detached buffer, or a view of one, is refused. */
export function refuseDetached(name: string): Refusal {
  return { got: `a detached ${name}`, reason: DETACHED };
}

/** What to throw when an accessor, a proxy or the engine threw while the value was read. */
export function unreadable(error: unknown, path: string): TransferError {
  let what = "something";
  try {
    what = String(error);
  } catch {
    // It cannot even be printed; it is the cause all the same.
  }
  return new TransferError(`it threw ${what}`, path, "not readable", { cause: error });
}

function nameOf(value: unknown): string {
  try {
    const name: unknown = typeof value === "function" ? value.name : "";
    return typeof name === "string" ? name : "";
  } catch {
    return "";
  }
}
