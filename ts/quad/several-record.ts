/**
 * What the records of rules in several variables have in common, from the host's side.
 *
 * Role: the thread that made the context.
 */
import type { Heap } from "../runtime/core/heap.js";
import type { SeveralSpec, SeveralState } from "./several-rule.js";
import { statusOf } from "./status.js";

/** Indices, from a record's beginning, of what each of them has: doubles; words; words that are addresses of a double for each component. */
export interface Places {
  readonly Double: {
    readonly RELATIVE: number;
    readonly ABSOLUTE: number;
    readonly MAXIMUM: number;
    readonly EVALUATIONS: number;
    readonly L1: number;
    readonly BAD: number;
  };
  readonly Word: { readonly COMPLEX: number; readonly STATUS: number; readonly ROUNDS: number };
  readonly Address: { readonly VALUES: number; readonly ERRORS: number };
}

/** What is asked, of any rule. */
type Asked = Pick<SeveralSpec, "relative" | "absolute" | "maximum" | "isComplex">;
/** What each rule has in a place of its own. */
type Own = Pick<SeveralState, "regions" | "nonFinite">;

/**
 * A block for a record, and one for a desk: both, or none.
 *
 * @param layOut divides the record @returns bytes of a desk for it
 * @throws {OutOfMemoryError}
 */
export function allocWithDesk(
  heap: Heap,
  bytes: number,
  layOut: (record: number) => number,
): { readonly record: number; readonly desk: number } {
  const record = heap.alloc(bytes >>> 0);
  try {
    return { record, desk: heap.alloc(layOut(record) >>> 0) };
  } catch (error) {
    heap.free(record);
    throw error;
  }
}

/** What a word of a record is the address of, as an index of doubles. */
export function doublesAt({ words }: Heap, record: number, word: number): number {
  return (words[(record >>> 2) + word]! >>> 0) >>> 3;
}

export function writeAsked(
  { words, member: { floats } }: Heap,
  record: number,
  { Double, Word }: Places,
  { relative, absolute, maximum, isComplex }: Asked,
): void {
  const at = record >>> 3;
  floats[at + Double.RELATIVE] = relative;
  floats[at + Double.ABSOLUTE] = absolute;
  floats[at + Double.MAXIMUM] = maximum;
  words[(record >>> 2) + Word.COMPLEX] = Number(isComplex);
}

export function readState(
  heap: Heap,
  record: number,
  { Double, Word, Address }: Places,
  components: number,
  { regions, nonFinite }: Own,
): SeveralState {
  const { words } = heap;
  const { floats } = heap.member;
  const at = record >>> 3;
  const rounds = words[(record >>> 2) + Word.ROUNDS]!;
  const list = (address: number, none: number): number[] => {
    const from = doublesAt(heap, record, address);
    const all: number[] = [];
    // One by one: to make an array of a part of another takes a microsecond, and this is read after each round.
    for (let index = from; index < from + components; index++) all.push(rounds === 0 ? none : floats[index]!);
    return all;
  };
  return {
    status: statusOf(words[(record >>> 2) + Word.STATUS]!),
    values: list(Address.VALUES, Number.NaN),
    errors: list(Address.ERRORS, Number.POSITIVE_INFINITY),
    l1: floats[at + Double.L1]!,
    evaluations: floats[at + Double.EVALUATIONS]!,
    rounds,
    regions,
    nonFinite,
  };
}

/**
 * Points where a value was not finite, and the first of them.
 *
 * @param find where its coordinates are: an address, and how many doubles they are apart
 */
export function readNonFinite(
  { member: { floats } }: Heap,
  record: number,
  { Double }: Places,
  dimensions: number,
  find: () => readonly [address: number, apart: number],
): SeveralState["nonFinite"] {
  const count = floats[(record >>> 3) + Double.BAD]!;
  if (count === 0) return null;
  const [address, apart] = find();
  const at = (address >>> 0) >>> 3;
  return { count, point: Array.from({ length: dimensions }, (_, axis) => floats[at + apart * axis]!) };
}
