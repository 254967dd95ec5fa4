/**
 * What is mapped: anything iterable, cut into chunks.
 *
 * Role: any thread.
 */
import { refuse } from "../checks.js";

export function listOf(items: Iterable<unknown> | ArrayLike<unknown>): ArrayLike<unknown> {
  if (typeof items === "string") return [...items];
  if (typeof items !== "object" || items === null) return refuse("items", "an array or something iterable", items);
  if ("length" in items) return items as ArrayLike<unknown>;
  if (Symbol.iterator in items) return Array.from(items as Iterable<unknown>);
  return refuse("items", "an array or something iterable", items);
}

export function iteratorOf<T>(items: Iterable<T> | AsyncIterable<T>): Iterator<T> | AsyncIterator<T> {
  if (typeof items === "object" && items !== null) {
    if (Symbol.asyncIterator in items) return items[Symbol.asyncIterator]();
    if (Symbol.iterator in items) return items[Symbol.iterator]();
  }
  if (typeof items === "string") return (items as Iterable<T>)[Symbol.iterator]();
  return refuse("items", "something iterable", items);
}

/** A piece of a list; numbers alone as a Float64Array, which travels fastest. */
export function chunkOf(list: ArrayLike<unknown>, start: number, size: number): ArrayLike<unknown> {
  const end = Math.min(list.length, start + size);
  const numbers = new Float64Array(end - start);
  for (let i = start; i < end; i++) {
    const item = list[i];
    if (typeof item !== "number") return Array.prototype.slice.call(list, start, end);
    numbers[i - start] = item;
  }
  return numbers;
}
