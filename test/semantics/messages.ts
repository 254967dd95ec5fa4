/**
 * What goes between a thread and one that it started: a request with a number, an answer with the same number.
 */
import type { Handle, Library, Share, Shared, SharedClass } from "./library.js";
import { CLASSES, type ClassName, classOf, type Where } from "./world.js";

export type Request =
  | { readonly do: "join"; readonly library: string; readonly targets: string; readonly share: Share }
  | { readonly do: "partner"; readonly name: string; readonly args: readonly unknown[] }
  /** Closes what the partners' arguments revived. */
  | { readonly do: "tidy" }
  | { readonly do: "case"; readonly index: number; readonly where: Where };

export interface Envelope {
  readonly id: number;
  readonly request: Request;
}

/** What a thread that has attached wants of the one that started it: only the one that made the context can make shares. */
export interface Wish {
  readonly wish: number;
}

/** A share that was wished for. */
export interface Gift {
  readonly wish: number;
  readonly share: Share;
}

export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: PlainError };

/** An error as it travels. */
export interface PlainError {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly stack: string;
  readonly details: string;
}

export function plainError(thrown: unknown): PlainError {
  const error = thrown instanceof Error ? thrown : new Error(`thrown: ${String(thrown)}`);
  const text = (field: string): string => {
    const value: unknown = Reflect.get(error, field);
    return typeof value === "string" ? value : "";
  };
  return {
    name: text("name"),
    code: text("code"),
    message: text("message"),
    stack: text("stack"),
    details: text("details"),
  };
}

/** An error of another thread: its name, code and message, not its class. */
export class RemoteError extends Error {
  readonly code: string;
  /** What uvu prints under the message. */
  readonly details: string | false;
  constructor({ name, code, message, stack, details }: PlainError) {
    super(message);
    this.name = name;
    this.code = code;
    this.stack = `${stack}\n    (in another thread)`;
    this.details = details === "" ? false : details;
  }
}

interface Parcel {
  readonly $heddle: ClassName;
  readonly handle: Handle;
}

/** Replaces one of Heddle's objects by its class and handle. */
export function pack(heddle: Library, value: unknown): unknown {
  const name = classOf(heddle, value);
  if (name === undefined && typeof value === "object" && value !== null && "handle" in value) {
    throw new Error(`expected an object of a known class, got a ${value.constructor.name}`);
  }
  return name === undefined ? value : ({ $heddle: name, handle: (value as Shared).handle } satisfies Parcel);
}

/** The object again, or `value` itself. `own` hears of what has to be closed. */
export function unpack(heddle: Library, value: unknown, own: (object: Shared) => void): unknown {
  if (typeof value !== "object" || value === null || !("$heddle" in value)) return value;
  const { $heddle, handle } = value as Parcel;
  if (!CLASSES.includes($heddle)) throw new Error(`expected the name of a class, got ${$heddle}`);
  const found: SharedClass = heddle[$heddle];
  const object = found.from(handle);
  own(object);
  return object;
}
