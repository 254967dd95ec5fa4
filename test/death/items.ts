/**
 * Items of the loads: which life put it and as which of its items can be read off each, and off what a dead thread's record says of the last that it took.
 */
import { makeCodec } from "../../ts/values/codec.js";
import type { ThreadRecord } from "../tools/state-words.js";
import { ITEMS } from "./ledger.js";

/** Which forms items take: numbers alone, or all that a queue has ways for. */
export type Forms = "numbers" | "mixed";

/** `[priority, value]`, or a number that is its own priority. */
export type Ranked = readonly [priority: number, value: unknown] | number;

/** Priorities that entries have; the numbers of items are beyond them all. */
export const RANKS = 8;

export interface Name {
  readonly life: number;
  readonly i: number;
}

function idOf(life: number, i: number): number {
  return (life + 1) * ITEMS + i;
}

function nameOf(id: number): Name {
  return { life: Math.floor(id / ITEMS) - 1, i: id % ITEMS };
}

/** Scatters: neighbours get forms and lengths that have nothing in common. */
function hash(id: number): number {
  const mixed = Math.imul(id ^ (id >>> 16), 0x45d9f3b);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** Bytes of an item that has some: mostly few, sometimes so many that writing them takes a while. */
function lengthOf(id: number): number {
  const scattered = hash(id + 1);
  return 32 + (scattered % 64 === 0 ? scattered % 50_000 : scattered % 3000);
}

/** Item `i` of a life. */
export function makeItem(life: number, i: number, forms: Forms): unknown {
  const id = idOf(life, i);
  if (forms === "numbers") return id;
  switch (hash(id) % 8) {
    case 0:
    case 1:
      return textOf(id);
    case 2:
    case 3: {
      const bytes = new Uint8Array(lengthOf(id)).fill(hash(id));
      new DataView(bytes.buffer).setFloat64(0, id);
      return bytes;
    }
    case 4:
      return { id, text: textOf(id), list: [1, 2, 3] };
    default:
      return id;
  }
}

function textOf(id: number): string {
  return `${id}:`.padEnd(lengthOf(id), String.fromCharCode(97 + (id % 26)));
}

/** The same as a priority queue takes it: every fourth is a bare number, the others have few priorities, so that there are ties. */
export function makeEntry(life: number, i: number, forms: Forms): Ranked {
  return i % 4 === 0 ? idOf(life, i) : [hash(idOf(life, i)) % RANKS, makeItem(life, i, forms)];
}

/** Whose item it is. @throws it is none, or parts of it are not what was put */
export function nameItem(item: unknown, forms: Forms): Name {
  const id = readId(item);
  const name = nameOf(id);
  const expected = makeItem(name.life, name.i, forms);
  if (!isSame(item, expected))
    throw new Error(`expected item ${JSON.stringify(name)} as it was put, got ${show(item)}`);
  return name;
}

/** @returns the name, and the rank: entries of the same rank keep their order */
export function nameEntry(entry: Ranked, forms: Forms): Name & { readonly rank: number } {
  if (typeof entry === "number") return { ...nameOf(entry), rank: RANKS };
  const [priority, value] = entry;
  const name = nameItem(value, forms);
  if (priority !== hash(readId(value)) % RANKS) throw new Error(`expected another priority, got ${show(entry)}`);
  return { ...name, rank: priority };
}

function readId(item: unknown): number {
  if (typeof item === "number") return item;
  if (typeof item === "string") return Number.parseInt(item, 10);
  if (item instanceof Uint8Array && item.length >= 8) {
    return new DataView(item.buffer, item.byteOffset).getFloat64(0);
  }
  if (typeof item === "object" && item !== null && "id" in item) return item.id as number;
  throw new Error(`expected an item, got ${show(item)}`);
}

function isSame(item: unknown, expected: unknown): boolean {
  if (typeof item !== "object" || item === null) return item === expected;
  if (item instanceof Uint8Array) {
    return expected instanceof Uint8Array && item.length === expected.length && item.every((b, i) => b === expected[i]);
  }
  return JSON.stringify(item) === JSON.stringify(expected);
}

function show(value: unknown): string {
  return `${JSON.stringify(value)}`.slice(0, 200);
}

const codec = makeCodec({ toHandle: () => undefined, fromHandle: () => ({}) });

/**
 * Whether a thread's record says that this item was the last that it took. An item's bytes are gone by then, but their number, which
 * hardly any other item has, is there.
 *
 * @param json whether objects travelled as JSON
 */
export function isNamedBy(
  { item: { tag, block, number } }: ThreadRecord,
  name: Name,
  { forms, ranked, json }: { readonly forms: Forms; readonly ranked: boolean; readonly json: boolean },
): boolean {
  const made = ranked ? makeEntry(name.life, name.i, forms) : makeItem(name.life, name.i, forms);
  const value = ranked && typeof made !== "number" ? (made as readonly [number, unknown])[1] : made;
  if (typeof value === "number") return block === 0 && number === value;
  if (json && typeof value === "object" && !(value instanceof Uint8Array)) {
    return block !== 0 && number === JSON.stringify(value).length;
  }
  const encoded = codec.encode(value);
  return block !== 0 && (tag & 0xff) === encoded.tag && number === encoded.byteLength;
}
