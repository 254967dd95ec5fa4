/** What is a PriorityQueue's own, and a LifoQueue's: sections 2 and 9 of the reference. */
import * as assert from "uvu/assert";
import type { Entry, PriorityQueue } from "../library.js";
import { chapter, type World } from "../world.js";

const { cases, rule } = chapter("PriorityQueue");

export { cases };

type Mixed<T> = PriorityQueue<T, Entry<T>>;

function make<T>({ heddle, own }: World): Mixed<T> {
  return own(new heddle.PriorityQueue<T, Entry<T>>());
}

function drain<T, One extends Entry<T>>(queue: PriorityQueue<T, One>): One[] {
  return Array.from({ length: queue.qsize() }, () => queue.getNowait());
}

rule("entries leave lowest priority first, as they were put", "binary heap, smallest first", (world) => {
  const queue = make<string>(world);
  for (const entry of [
    [3, "c"],
    [1, "a"],
    [2, "b"],
  ] as const)
    queue.putNowait([...entry]);
  assert.equal(drain(queue), [
    [1, "a"],
    [2, "b"],
    [3, "c"],
  ]);
});

rule("bare numbers are their own priorities, and leave bare", "smallest first", (world) => {
  const queue = make(world);
  for (const item of [3, -1, 2.5]) queue.putNowait(item);
  assert.equal(drain(queue), [-1, 2.5, 3]);
});

rule("bare numbers and entries mix", "only < is used", (world) => {
  const queue = make<string>(world);
  queue.putNowait(2);
  queue.putNowait([1, "one"]);
  queue.putNowait([3, "three"]);
  queue.putNowait(0);
  assert.equal(drain(queue), [0, [1, "one"], 2, [3, "three"]]);
});

rule("every number but NaN is a priority", "only < is used", (world) => {
  const queue = make(world);
  const priorities = [5e-324, Number.NEGATIVE_INFINITY, 1e308, -1e308, Number.POSITIVE_INFINITY, -5e-324, 1];
  for (const priority of priorities) queue.putNowait(priority);
  assert.equal(
    drain(queue),
    [...priorities].sort((a, b) => a - b),
  );
});

rule("-0 and 0 are equal, and stay what they are", "ties", (world) => {
  const queue = make<string>(world);
  queue.putNowait([0, "first"]);
  queue.putNowait([-0, "second"]);
  queue.putNowait([0, "third"]);
  assert.equal(
    drain(queue).map((entry) => (entry as [number, string])[1]),
    ["first", "second", "third"],
  );
  queue.putNowait(-0);
  assert.ok(Object.is(queue.getNowait(), -0));
});

const STABLE = "ties leave in order of arrival: what people expect of a queue";
const GOLDEN: Readonly<Record<number, string>> = {
  4: "0 2 1 3",
  5: "0 2 4 1 3",
  6: "0 2 5 4 1 3",
  7: "0 2 5 6 4 1 3",
  8: "0 2 6 5 7 4 1 3",
  10: "0 2 6 9 8 5 7 4 1 3",
};
for (const [text, python] of Object.entries(GOLDEN)) {
  rule(
    `${text} of equal priority leave in order of arrival`,
    `golden vector: ${python}`,
    (world) => {
      const queue = make<number>(world);
      const order = Array.from({ length: Number(text) }, (_, i) => i);
      for (const i of order) queue.putNowait([7, i]);
      assert.equal(
        queue.snapshot(),
        order.map((i) => [7, i]),
      );
      assert.equal(
        drain(queue),
        order.map((i) => [7, i]),
      );
    },
    { ours: STABLE },
  );
}

rule(
  "keys with ties: by key, then by arrival",
  "golden vector: (0,0)(0,2)(0,11)(0,4)(0,10)(1,6)(1,3)(1,5)(1,9)(1,7)(2,8)(2,1)",
  (world) => {
    const queue = make<number>(world);
    for (const [i, key] of [0, 2, 0, 1, 0, 1, 1, 1, 2, 1, 0, 0].entries()) queue.putNowait([key, i]);
    const out = drain(queue).map((entry) => (entry as [number, number]).join());
    assert.equal(out, ["0,0", "0,2", "0,4", "0,10", "0,11", "1,3", "1,5", "1,6", "1,7", "1,9", "2,1", "2,8"]);
  },
  { ours: STABLE },
);

rule(
  "ties with gets between: by arrival",
  "golden vector: 0 1 3 5 7 6 2 4",
  (world) => {
    const queue = make<number>(world);
    const out: unknown[] = [];
    for (let i = 0; i < 8; i++) {
      queue.putNowait([1, i]);
      if (i === 2 || i === 5) out.push((queue.getNowait() as [number, number])[1]);
    }
    out.push(...drain(queue).map((entry) => (entry as [number, number])[1]));
    assert.equal(out, [0, 1, 2, 3, 4, 5, 6, 7]);
  },
  { ours: STABLE },
);

rule(
  "ties of bare numbers and entries: by arrival",
  "ties",
  (world) => {
    const queue = make<string>(world);
    queue.putNowait([1, "a"]);
    queue.putNowait(1);
    queue.putNowait([1, "b"]);
    assert.equal(drain(queue), [[1, "a"], 1, [1, "b"]]);
  },
  { ours: STABLE },
);

rule("ties stay in order over many puts and gets", "ties", (world) => {
  const queue = make<number>(world);
  const model: [number, number][] = [];
  // A generator of Park and Miller, so that a failure comes again.
  let seed = 42;
  const random = (below: number) => {
    seed = (seed * 16807) % 2147483647;
    return seed % below;
  };
  for (let i = 0; i < 2000; i++) {
    if (random(5) < 3 || model.length === 0) {
      const entry: [number, number] = [random(4), i];
      queue.putNowait(entry);
      const at = model.findIndex(([priority]) => priority > entry[0]);
      model.splice(at < 0 ? model.length : at, 0, entry);
    } else assert.equal(queue.getNowait(), model.shift());
  }
  assert.equal(queue.snapshot(), model);
});

rule(
  "ties of different threads: by arrival",
  "ties",
  async (world) => {
    const queue = make<string>(world);
    queue.putNowait([1, "here"]);
    await world.inThread("call", queue, "putSync", [1, "there"]);
    queue.putNowait([1, "here again"]);
    assert.equal(drain(queue), [
      [1, "here"],
      [1, "there"],
      [1, "here again"],
    ]);
  },
  { ours: STABLE },
);

const REFUSED: readonly (readonly [string, unknown])[] = [
  ["NaN", Number.NaN],
  ["an entry of priority NaN", [Number.NaN, "a"]],
  ["a text", "a"],
  ["an entry whose priority is a text", ["1", "a"]],
  ["an entry whose priority is a bigint", [1n, "a"]],
  ["an array of one", [1]],
  ["an array of three", [1, 2, 3]],
  ["an empty array", []],
  ["an object", { priority: 1 }],
  ["null", null],
  ["undefined", undefined],
];
for (const [name, item] of REFUSED) {
  rule(
    `${name} is refused, and the queue is as it was`,
    "put raises TypeError; the item is nevertheless in the queue",
    async (world) => {
      const queue = make<unknown>(world);
      queue.putNowait([2, "there"]);
      await world.fails(() => queue.put(item as number), "ArgumentError");
      await world.fails(() => queue.putNowait(item as number), "ArgumentError");
      await world.fails(() => queue.putMany([item as number]), "ArgumentError");
      assert.equal([queue.qsize(), queue.unfinishedTasks, queue.snapshot()], [1, 1, [[2, "there"]]]);
      queue.putNowait([1, "next"]);
      assert.equal(drain(queue), [
        [1, "next"],
        [2, "there"],
      ]);
    },
    { ours: "a put that throws leaves nothing behind" },
  );
}

const TOLD: readonly (readonly [item: unknown, got: string])[] = [
  ["a", '"a"'],
  [[1], "an array of 1"],
  [{ priority: 1 }, "an object"],
  [["1", "a"], '"1"'],
  [[Number.NaN, "a"], "NaN"],
];
rule("a refusal says what came, and what to put", "TypeError", async (world) => {
  const queue = make(world);
  for (const [item, got] of TOLD) {
    const { message } = await world.fails(() => queue.putNowait(item as number), "ArgumentError");
    assert.match(message, `got ${got}; put([priority, value])`);
  }
});

rule("an item that is refused wakes no getter", "no getter woken", async (world) => {
  const queue = make<string>(world);
  const got = queue.get();
  await world.waiting(queue, 1);
  await world.fails(() => queue.putNowait([Number.NaN, "a"]), "ArgumentError");
  assert.is(world.heddle.waitingOn(queue), 1);
  queue.putNowait([1, "b"]);
  assert.equal(await got, [1, "b"]);
});

rule("a putMany with one that cannot travel puts nothing after it", "(has none)", async (world) => {
  const queue = make<unknown>(world);
  await world.fails(
    () =>
      queue.putMany([
        [1, "a"],
        [2, () => {}],
      ]),
    "TransferError",
  );
  for (const entry of queue.snapshot()) assert.equal(entry, [1, "a"]);
  assert.is(queue.unfinishedTasks, queue.qsize());
});

rule("the values of entries may be of every kind", "tuples", (world) => {
  const queue = make<unknown>(world);
  const values = [undefined, null, "text", { a: [1] }, new Float64Array([1, 2]), 5n, new Map([[1, 2]])];
  for (const [i, value] of values.entries()) queue.putNowait([values.length - i, value]);
  assert.equal(
    drain(queue).map((entry) => (entry as [number, unknown])[1]),
    [...values].reverse(),
  );
});

rule("getMany leaves the rest in order", "(has none)", async (world) => {
  const queue = make<string>(world);
  await queue.putMany([[3, "c"], [1, "a"], 2, [1, "b"]]);
  assert.equal(await queue.getMany(3), [[1, "a"], [1, "b"], 2]);
  assert.equal(queue.snapshot(), [[3, "c"]]);
});

rule("a late put of a low priority comes out before what waits", "smallest first", async (world) => {
  const queue = fullOfTwo(world);
  const put = queue.put([0, "urgent"]);
  await world.waiting(queue, 1);
  assert.equal(queue.getNowait(), [1, "a"]);
  await put;
  assert.equal(drain(queue), [
    [0, "urgent"],
    [2, "b"],
  ]);
});

function fullOfTwo({ heddle, own }: World): PriorityQueue<string> {
  const queue = own(new heddle.PriorityQueue<string>(2));
  queue.putNowait([1, "a"]);
  queue.putNowait([2, "b"]);
  return queue;
}
