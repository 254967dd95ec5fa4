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
  "or, as an argument of a thread or a task, share it by move(value, [])";
const DETACHED = "its buffer was transferred away and has no bytes any more; send it before transferring it";
const DEPTH = "send a list of its parts that name each other by number";
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
  const name = classNameOf(value);
  const got = name === "" ? "an object with a prototype of its own" : withArticle(name);
  return { got, reason: ADVICE.get(name) ?? INSTANCE };
}

/** Why shared memory, or a view of it, is refused. */
export function refuseShared(name: string): Refusal {
  const got = withArticle(name);
  return { got: name === "SharedArrayBuffer" ? got : `${got} of shared memory`, reason: SHARED };
}

/** Why a detached buffer, or a view of one, is refused. */
export function refuseDetached(name: string): Refusal {
  return { got: `a detached ${name}`, reason: DETACHED };
}

/** Why a property's name is refused: msgpackr gives these two a meaning of its own, and would lose or mix up what they name. */
export function refuseName(name: string): Refusal {
  return { got: `a property of the name ${name}`, reason: "the format has no place for it; rename it, or send a Map" };
}

/** Why an array that is nearly all holes is refused: each would take as much as an element. */
export function refuseHoles(most: number, length: number): Refusal {
  return { got: `an array of length ${length} with more than ${most} holes`, reason: "send its entries, or a Map" };
}

/** Why objects in objects in objects are refused. */
export function refuseDepth(most: number): Refusal {
  return { got: `more than ${most} levels deep`, reason: DEPTH };
}

/** What to throw when an accessor, a proxy or the engine threw while the value was read. */
export function unreadable(error: unknown, path: string): TransferError {
  let what = "something";
  try {
    what = String(error);
  } catch {
    // It cannot even be printed; it is the cause all the same.
  }
  // The words of V8 and JavaScriptCore, and of SpiderMonkey. Not by an expression: to compile one takes stack.
  if (what.includes("call stack size") || what.includes("too much recursion")) {
    return new TransferError(DEPTH, path, "too deep for what is left of this thread's stack", { cause: error });
  }
  return new TransferError(`it threw ${what}`, path, "not readable", { cause: error });
}

/** The name of an object's class as far as it can be told; "" when it cannot. */
function classNameOf(value: object): string {
  try {
    const name = nameOf((value as { constructor?: unknown }).constructor);
    if (name !== "" && name !== "Object") return name;
    // Iterators, for instance, say only this.
    const tag = Object.prototype.toString.call(value).slice("[object ".length, -1);
    return tag === "Object" ? "" : tag;
  } catch {
    // An accessor or a proxy that throws.
    return "";
  }
}

function nameOf(value: unknown): string {
  try {
    const name: unknown = typeof value === "function" ? value.name : "";
    return typeof name === "string" ? name : "";
  } catch {
    return "";
  }
}

/** "a URL", "an Event": a U at the head of a class's name is nearly always said as "you". */
function withArticle(name: string): string {
  return `${/^[AEIO]/.test(name) ? "an" : "a"} ${name}`;
}
