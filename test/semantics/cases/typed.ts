/** Queues of numbers alone: `type: "f64"`. */
import * as assert from "uvu/assert";
import type { Queue } from "../library.js";
import { type Case, chapter, type World } from "../world.js";

const PYTHON = "(has none; array.array through a queue)";

export const cases: Case[] = (["Queue", "LifoQueue"] as const).flatMap((name) => {
  const { cases, rule } = chapter(`${name} of type f64`);
  const make = ({ heddle, own }: World, maxsize = 0): Queue<number, Float64Array> =>
    own(new (heddle[name] as typeof Queue)({ type: "f64", maxsize }));
  const ordered = (items: readonly number[]) => (name === "Queue" ? [...items] : [...items].reverse());

  for (const number of [0, -0, 1.5, Number.NaN, Number.NEGATIVE_INFINITY, 5e-324, Number.MAX_VALUE]) {
    rule(`${Object.is(number, -0) ? "-0" : number} arrives with its bits`, PYTHON, async (world) => {
      const queue = make(world);
      await queue.put(number);
      assert.ok(Object.is(await queue.get(), number));
    });
  }

  rule("getMany gives a Float64Array of its own", PYTHON, async (world) => {
    const queue = make(world);
    await queue.putMany(new Float64Array([1, 2, 3]));
    const got = await queue.getMany(2);
    assert.instance(got, Float64Array);
    assert.equal(got, new Float64Array(ordered([1, 2, 3]).slice(0, 2)));
    assert.instance(got.buffer, ArrayBuffer);
  });

  rule(
    "getManySync too",
    PYTHON,
    (world) => {
      const queue = make(world);
      queue.putManySync([1, 2]);
      const got = queue.getManySync(5);
      assert.equal(got, new Float64Array(ordered([1, 2])));
    },
    { needs: { sync: true } },
  );

  rule("putMany takes arrays, typed arrays and iterables of numbers", PYTHON, async (world) => {
    const queue = make(world);
    await queue.putMany([1, 2]);
    await queue.putMany(new Int8Array([3]));
    await queue.putMany(new Set([4, 5]));
    assert.equal([...queue.snapshot()], ordered([1, 2, 3, 4, 5]));
  });

  rule("putMany waits for room in a small one", PYTHON, async (world) => {
    const queue = make(world, 3);
    const put = queue.putMany(Float64Array.from({ length: 10 }, (_, i) => i));
    const out: number[] = [];
    while (out.length < 10) out.push(...(await queue.getMany(2)));
    assert.is(await put, 10);
    assert.equal(
      out.sort((a, b) => a - b),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
  });

  for (const value of ["1", null, undefined, true, 1n, {}, [1], new Float64Array(1)]) {
    rule(`refuses ${Object.prototype.toString.call(value)}, and is as it was`, PYTHON, async (world) => {
      const queue = make(world);
      queue.putNowait(1);
      await world.fails(() => queue.putNowait(value as number), "ArgumentError");
      await world.fails(() => queue.put(value as number), "ArgumentError");
      await world.fails(() => queue.putMany([value as number]), "ArgumentError");
      assert.equal([queue.qsize(), queue.unfinishedTasks, [...queue.snapshot()]], [1, 1, [1]]);
    });
  }

  rule("keeps the rules of maxsize, tasks and shutdown", "section 2", async (world) => {
    const queue = make(world, 1);
    queue.putNowait(1);
    await world.fails(() => queue.putNowait(2), "QueueFullError");
    queue.shutdown();
    assert.is(queue.getNowait(), 1);
    await world.fails(() => queue.getNowait(), "QueueShutdownError");
    queue.taskDone();
    assert.is(await queue.join(), true);
  });

  rule("is of that type in every thread", PYTHON, async (world) => {
    const queue = make(world);
    await world.inThread("call", queue, "putSync", 0.1);
    assert.is(await queue.get(), 0.1);
    await world.fails(world.inThread("call", queue, "putSync", "text"), "ArgumentError");
  });

  rule("a type that there is not is refused", PYTHON, (world) =>
    world.fails(() => world.own(new world.heddle[name]({ type: "i8" as "f64" })), "ArgumentError").then(() => {}),
  );

  return cases;
});
