/**
 * Moved values: what goes to another thread by message, whole and without a copy, because it cannot, or should not, go through shared memory.
 *
 * Role: any thread.
 */
import { refuse } from "../checks.js";

const CONTENT = Symbol("content");

/** What is moved, on its way. */
export interface Content {
  readonly value: unknown;
  readonly transfer: Transferable[];
}

/** Stands for a value that is to be moved. Threads and pools take it; nothing else does. */
export class Moved<T> {
  readonly [CONTENT]: Content;
  /** What the other side gets. */
  declare readonly type: T;

  constructor(content: Content) {
    this[CONTENT] = content;
  }
}

/** What arrives where a value of this type was sent: that itself, and what was moved unwrapped. */
export type Unmoved<T> =
  T extends Moved<infer U>
    ? U
    : T extends readonly unknown[]
      ? { [Key in keyof T]: T[Key] extends Moved<infer U> ? U : T[Key] }
      : T;

/** Arguments, each of which may be moved. */
export type Movable<P extends readonly unknown[]> = { [Key in keyof P]: P[Key] | Moved<P[Key]> };

export function contentOf(moved: Moved<unknown>): Content {
  return moved[CONTENT];
}

/**
 * Moves an argument, or a result, to the thread that gets it: without a copy, and beside the shared memory, whose size does not matter. What is transferred is gone here once the call
 * has been made. For large buffers, and for what has no other way: ports, streams, images, canvases.
 *
 * @param value what structured cloning can clone
 * @param transfer what of it is transferred. Default: the value itself; of a typed array its buffer
 * @returns what to pass in its place: as an argument of a thread or a task, as an element of what `map` is given, or as what a task returns. There the value itself arrives
 * @throws {ArgumentError}
 * @example
 *   // darken.js
 *   export const darken = task(import.meta.url, "darken", (pixels) => move(pixels.map((pixel) => pixel >> 1)));
 *   // main
 *   const darker = await pool.submit(darken, move(new Uint8Array(1e8)));   // a Uint8Array of 1e8 elements
 */
export function move<T>(value: T, transfer: Iterable<Transferable> = usual(value)): Moved<T> {
  if (typeof transfer !== "object" || transfer === null || !(Symbol.iterator in transfer)) {
    refuse("transfer", "an array of what is transferred", transfer);
  }
  return new Moved({ value, transfer: [...transfer] });
}

function usual(value: unknown): Transferable[] {
  if (ArrayBuffer.isView(value)) return [value.buffer as ArrayBuffer];
  if (typeof value !== "object" || value === null) {
    return refuse("value", "a buffer, a typed array, or another object that can be transferred", value);
  }
  return [value as Transferable];
}
