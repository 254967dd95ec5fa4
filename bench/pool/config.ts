/**
 * What is measured, and what a right answer is.
 *
 * This is the only place that names a test, but for `pools.py`. A contender's program answers `name items workers` with the time that it measured and an answer, which is
 * right when it is `expectedAnswer`.
 */

export type Name = "empty" | "map" | "one" | "start" | "cold" | "compute" | "objects";

export interface Test {
  /** As the tables and `--only` call it. */
  readonly name: Name;
  readonly about: string;
  readonly unit: string;
  /** Units in a second. */
  readonly scale: number;
  /** Tasks, or elements, of a sample. The time is divided by `parts`. */
  readonly items: number;
  /** What the figure is one of: a task, an element, a start. */
  readonly parts: number;
  /** Whether each sample is a process of its own. */
  readonly isFresh: boolean;
}

/** Tasks that are submitted at once. */
export const BATCH = 10_000;
/** Elements of a map, and chunks that each worker gets of one by hand: as many as Heddle's and Python's `map` give by themselves. */
export const MAP_LENGTH = 100_000;
export const CHUNKS_PER_WORKER = 4;
/** Panels of an integral: a few milliseconds of one core. */
export const PANELS = 2_000_000;
/** How far an integral may be from the closed form, relatively. All else is whole numbers. */
const TOLERANCE = 1e-9;

const INTEGRALS = 40;
const OBJECTS = 2_000;

export const TESTS: readonly Test[] = [
  test("empty", `${count(BATCH)} tasks that do nothing, submitted at once`, "µs/task", 1e6, 3 * BATCH),
  test("map", `x => 2 * x over ${count(MAP_LENGTH)} numbers, in chunks`, "µs/element", 1e6, 5 * MAP_LENGTH),
  test("one", "a task that does nothing, awaited before the next: the median", "µs", 1e6, 2_000),
  test("objects", "objects of 1 kB there and back, 2,000 at once", "µs/task", 1e6, 3 * OBJECTS),
  {
    ...test("compute", `${INTEGRALS} integrals of a few milliseconds each, at once`, "ms", 1e3, INTEGRALS),
    parts: 1,
  },
  test("start", "a new pool until its first result, in a process that has had others", "ms", 1e3, 1),
  { ...test("cold", "the same in a fresh process, the library imported", "ms", 1e3, 1), isFresh: true },
];

function test(name: Name, about: string, unit: string, scale: number, items: number): Test {
  return { name, about, unit, scale, items, parts: items, isFresh: false };
}

function count(n: number): string {
  return n.toLocaleString("en");
}

export function testNamed(name: string): Test {
  const found = TESTS.find((each) => each.name === name);
  if (found === undefined) throw new Error(`heddle: expected the name of a test, got "${name}"`);
  return found;
}

/** Tasks that are submitted at once, of a sample's items. */
export function batchOf(name: Name): number {
  return { empty: BATCH, map: MAP_LENGTH, one: 1, start: 1, cold: 1, compute: INTEGRALS, objects: OBJECTS }[name];
}

/**
 * A sample's answer: how many tasks came back with nothing; the sum of what a map gave; the sum of the integrals; the sum of the objects' numbers.
 */
export function expectedAnswer({ name, items }: Test): number {
  const batch = batchOf(name);
  const batches = items / batch;
  if (name === "map") return batches * batch * (batch - 1);
  if (name === "objects") return (batches * batch * (batch - 1)) / 2;
  if (name === "compute") return items * Math.atan(10);
  return items;
}

export function isRight(test: Test, answer: number): boolean {
  const expected = expectedAnswer(test);
  return test.name === "compute" ? Math.abs(answer - expected) <= TOLERANCE * expected : answer === expected;
}

/** A kilobyte as JSON, with a number of its own: what a task in a service looks like. */
export interface Order {
  readonly id: number;
  readonly customer: { readonly name: string; readonly street: string; readonly isKnown: boolean };
  readonly lines: readonly { readonly article: string; readonly count: number; readonly price: number }[];
}

export function orderOf(id: number): Order {
  return {
    id,
    customer: { name: "Ada Weaver", street: "12 Treadle Lane", isKnown: true },
    lines: Array.from({ length: 20 }, (_, i) => ({ article: `shuttle ${i}`, count: i, price: 12.5 * i })),
  };
}
