// @timeout 1200
/**
 * Random sequences of operations on the queues, on one thread, against a plain model: every answer, every error, every figure, and the memory.
 *
 *   RUNS  sequences for each queue; default 400, with STRESS=1 20,000
 */
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Queue } from "../../ts/index.js";
import { loadLibrary } from "../runtime/library.js";
import { type Discipline, Failure, QueueModel } from "./queue-model.js";

const RUNS = Number(process.env.RUNS ?? (process.env.STRESS === "1" ? 20_000 : 400));

const library = await loadLibrary();
const heddle = library.createHeddle({ memory: 4 * 2 ** 20 });
test.after(() => heddle.close());

interface Subject {
  readonly name: string;
  readonly discipline: Discipline;
  readonly numbersOnly: boolean;
  /** Has no bound, no tasks, no end. */
  readonly isSimple: boolean;
  make(maxsize: number): Queue;
}

function subject(name: "Queue" | "LifoQueue" | "PriorityQueue", discipline: Discipline, numbersOnly: boolean): Subject {
  const type: object = numbersOnly ? { type: "f64" } : {};
  return {
    name: numbersOnly ? `${name} of type "f64"` : name,
    discipline,
    numbersOnly,
    isSimple: false,
    make: (maxsize) => new (library[name] as typeof Queue)({ context: heddle, maxsize, ...type }),
  };
}

const SUBJECTS: readonly Subject[] = [
  subject("Queue", "fifo", false),
  subject("LifoQueue", "lifo", false),
  subject("PriorityQueue", "priority", false),
  subject("Queue", "fifo", true),
  subject("LifoQueue", "lifo", true),
  subject("PriorityQueue", "priority", true),
  {
    name: "SimpleQueue",
    discipline: "fifo",
    numbersOnly: false,
    isSimple: true,
    make: () => new library.SimpleQueue({ context: heddle }) as Queue,
  },
];

/** An operation: on the real queue and on the model. The real one may throw. */
interface Step {
  readonly text: string;
  /** How a report shows it. */
  [fc.toStringMethod](): string;
  real(queue: Queue): unknown;
  model(model: QueueModel): unknown;
}

const text = fc.string({ unit: "binary", maxLength: 60 });
const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -0, 1, Number.POSITIVE_INFINITY));
/** A few names are refused: ts/values/README.md. */
const KEY = fc.string({ minLength: 1 }).filter((name) => name !== "__proto__" && name !== "__keys__");
const value = fc.oneof(
  { weight: 6, arbitrary: number },
  { weight: 3, arbitrary: text },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  { weight: 1, arbitrary: fc.float64Array({ maxLength: 20 }) },
  { weight: 1, arbitrary: fc.constantFrom(undefined, null, true, false) },
  { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }) },
  { weight: 1, arbitrary: fc.array(fc.oneof(number, text), { maxLength: 8 }) },
  {
    weight: 1,
    arbitrary: fc.dictionary(KEY, fc.oneof(number, text), {
      maxKeys: 5,
      noNullPrototype: true,
    }),
  },
  { weight: 1, arbitrary: fc.array(fc.tuple(text, number), { maxLength: 4 }).map((pairs) => new Map(pairs)) },
  { weight: 1, arbitrary: fc.constantFrom(() => 1, Symbol("no")) },
);

function itemOf({ discipline, numbersOnly }: Subject): fc.Arbitrary<unknown> {
  const plain = numbersOnly ? fc.oneof({ weight: 9, arbitrary: number }, { weight: 1, arbitrary: value }) : value;
  if (discipline !== "priority") return plain;
  const priority = fc.oneof(fc.integer({ min: -2, max: 2 }), number);
  return fc.oneof(fc.tuple(priority, plain), priority);
}

function stepOf(subject: Subject): fc.Arbitrary<Step> {
  const item = itemOf(subject);
  const step = (name: string, real: (queue: Queue) => unknown, model: (model: QueueModel) => unknown): Step => ({
    text: name,
    real,
    model,
    [fc.toStringMethod]: () => name,
  });
  const puts = item.chain((it) =>
    fc.constantFrom(
      step(
        `putNowait ${show(it)}`,
        (queue) => queue.putNowait(it),
        (model) => model.put(it),
      ),
      step(
        `putSync ${show(it)}`,
        (queue) => queue.putSync(it, { timeout: 0 }),
        (model) => model.put(it),
      ),
      step(
        `put ${show(it)}`,
        (queue) => queue.put(it, { timeout: 0 }),
        (model) => model.put(it),
      ),
    ),
  );
  const gets = fc.constantFrom(
    step(
      "getNowait",
      (queue) => queue.getNowait(),
      (model) => model.get(),
    ),
    step(
      "getSync",
      (queue) => queue.getSync({ timeout: 0 }),
      (model) => model.get(),
    ),
    step(
      "get",
      (queue) => queue.get({ timeout: 0 }),
      (model) => model.get(),
    ),
  );
  if (subject.isSimple) return fc.oneof(puts, gets);
  const many = fc.array(item, { maxLength: 12 }).chain((items) =>
    fc.constantFrom(
      step(
        `putMany ${show(items)}`,
        (queue) => queue.putMany(items, { timeout: 0 }),
        (model) => model.putMany(items),
      ),
      step(
        `putManySync ${show(items)}`,
        (queue) => queue.putManySync(items, { timeout: 0 }),
        (model) => model.putMany(items),
      ),
    ),
  );
  const most = fc.integer({ min: 0, max: 20 }).chain((count) =>
    fc.constantFrom(
      step(
        `getMany ${count}`,
        (queue) => queue.getMany(count, { timeout: 0 }),
        (model) => model.getMany(count),
      ),
      step(
        `getManySync ${count}`,
        (queue) => queue.getManySync(count, { timeout: 0 }),
        (model) => model.getMany(count),
      ),
    ),
  );
  const others = fc.constantFrom(
    step(
      "taskDone",
      (queue) => queue.taskDone(),
      (model) => model.taskDone(),
    ),
    step(
      "taskDone",
      (queue) => queue.taskDone(),
      (model) => model.taskDone(),
    ),
    step(
      "join",
      (queue) => queue.join({ timeout: 0 }),
      (model) => model.join(),
    ),
    step(
      "joinSync",
      (queue) => queue.joinSync({ timeout: 0 }),
      (model) => model.join(),
    ),
    step(
      "snapshot",
      (queue) => queue.snapshot(),
      (model) => model.snapshot(),
    ),
  );
  const ends = fc.boolean().map((immediate) =>
    step(
      `shutdown ${immediate}`,
      (queue) => queue.shutdown({ immediate }),
      (model) => model.shutdown(immediate),
    ),
  );
  const sizes = fc.constantFrom(-1, 0, 0.5, 1, 2.5, 3, 10, Number.NaN, Number.POSITIVE_INFINITY).map((maxsize) =>
    step(
      `maxsize = ${maxsize}`,
      (queue) => {
        queue.maxsize = maxsize;
      },
      (model) => model.setMaxsize(maxsize),
    ),
  );
  return fc.oneof(
    { weight: 12, arbitrary: puts },
    { weight: 8, arbitrary: gets },
    { weight: 4, arbitrary: many },
    { weight: 3, arbitrary: most },
    { weight: 5, arbitrary: others },
    { weight: 1, arbitrary: ends },
    { weight: 2, arbitrary: sizes },
  );
}

function show(it: unknown): string {
  return typeof it === "symbol" ? "a symbol" : fc.stringify(it);
}

async function outcome(action: () => unknown): Promise<unknown> {
  try {
    return await action();
  } catch (error) {
    const { code, put } = error as { code?: string; put?: number };
    if (code === undefined) throw error;
    return new Failure(code, put);
  }
}

for (const each of SUBJECTS) {
  test(`${each.name}: answers as the plain model does, in ${RUNS} sequences of operations`, async () => {
    const sequences = fc.tuple(fc.constantFrom(0, 0, 1, 2, 5), fc.array(stepOf(each), { maxLength: 60, size: "max" }));
    await fc.assert(
      fc.asyncProperty(sequences, async ([maxsize, steps]) => {
        const used = heddle.info().memory.used;
        const queue = each.make(maxsize);
        const model = new QueueModel(each.discipline, each.numbersOnly, each.isSimple ? 0 : maxsize);
        try {
          for (const { text, real, model: expect } of steps) {
            const expected = expect(model);
            const found = await outcome(() => real(queue));
            assert.ok(isSame(found, expected, each), `${text}: expected ${show(expected)}, got ${show(found)}`);
            assert.is(queue.qsize(), model.size, text);
            assert.is(queue.empty(), model.size === 0, text);
            if (each.isSimple) continue;
            assert.is(queue.full(), model.isFull, text);
            assert.is(queue.unfinishedTasks, model.unfinished, text);
            assert.is(queue.isShutdown, model.shut !== "open", text);
            assert.is(queue.maxsize, model.maxsize, text);
          }
        } finally {
          queue.close();
        }
        assert.is(heddle.info().memory.used, used);
      }),
      { numRuns: RUNS, includeErrorInReport: true },
    );
  });
}

function isSame(found: unknown, expected: unknown, { numbersOnly, discipline }: Subject): boolean {
  // Batches of such a queue come as one array of numbers.
  if (numbersOnly && discipline !== "priority" && found instanceof Float64Array) {
    return isDeepStrictEqual([...found], expected);
  }
  return isDeepStrictEqual(found, expected);
}

test.run();
