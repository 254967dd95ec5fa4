/** map, starmap, imap and imapUnordered of a Pool: sections 6 and 7 of the reference. */
import * as assert from "uvu/assert";
import type { Event, Pool, Queue } from "../library.js";
import { type Case, chapter, HOSTS, type World } from "../world.js";

const make = ({ heddle, own }: World, workers = 2): Pool => own(new heddle.Pool(workers));
const queueOf = ({ heddle, own }: World): Queue => own(new heddle.Queue());
const eventOf = ({ heddle, own }: World): Event => own(new heddle.Event());

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const square = (x: number): number => x * x;

/** What an action fails with. */
async function failure(action: Promise<unknown>): Promise<string> {
  return action.then(
    (value) => `no failure: ${String(value)}`,
    (thrown: unknown) => String(thrown),
  );
}

// map.

const { cases: ofMap, rule } = chapter("Pool.map", HOSTS);

rule("results come in the order of the elements, whatever the chunks", "result list in input order", async (world) => {
  const pool = make(world);
  const items = numbers(50);
  for (const chunksize of [undefined, 1, 7, 50, 1000]) {
    const options = chunksize === undefined ? {} : { chunksize };
    assert.equal(await pool.map(world.target("square"), items, options), items.map(square));
  }
});

rule("of nothing there is nothing", "[] -> [] at once", async (world) => {
  const pool = make(world);
  for (const items of [[], "", new Set<number>(), new Float64Array(0), (function* () {})()]) {
    assert.equal(await pool.map(world.target("square"), items as number[]), []);
  }
});

for (const [length, workers, chunks] of [
  [1, 4, 1],
  [10, 4, 10],
  [16, 4, 16],
  [17, 4, 9],
  [100, 4, 15],
  [1000, 3, 12],
  [7, 1, 4],
  [100, 8, 25],
] as const) {
  rule(
    `${length} elements for ${workers} workers are ${chunks} chunks`,
    "default chunksize = ceil(len / (4 x workers)): golden vectors",
    async (world) => {
      let count = 0;
      const pool = make(world, workers);
      await pool.map(world.target("square"), numbers(length), { onProgress: () => count++ });
      assert.is(count, chunks);
    },
    { needs: { only: ["main"] } },
  );
}

rule(
  "the input may be anything that has a length, or can be iterated",
  "without a length it is turned into a list in the caller",
  async (world) => {
    const pool = make(world);
    const give = world.target("give");
    const inputs: readonly (readonly [Iterable<unknown> | ArrayLike<unknown>, unknown[]])[] = [
      [new Set([1, 2]), [1, 2]],
      [numbers(3).values(), [0, 1, 2]],
      [new Float64Array([1.5, 2.5]), [1.5, 2.5]],
      [new Uint8Array([1, 2]), [1, 2]],
      ["añ😀", ["a", "ñ", "😀"]],
      [{ length: 2, 0: "a", 1: "b" }, ["a", "b"]],
      [new Map([["a", 1]]), [["a", 1]]],
      [
        [undefined, null, "", { n: 1 }],
        [undefined, null, "", { n: 1 }],
      ],
      [
        [1, 2n, "3"],
        [1, 2n, "3"],
      ],
    ];
    for (const [items, expected] of inputs) assert.equal(await pool.map(give, items), expected);
  },
);

rule(
  "the function gets the element, and nothing else",
  "func(item)",
  async (world) => {
    assert.equal(await make(world).map(world.target("give"), ["a", "b"]), ["a", "b"]);
  },
  { ours: "no index, unlike Array.map" },
);

rule("an input that fails fails the call, and nothing is run", "its errors appear at once", async (world) => {
  const pool = make(world);
  const queue = queueOf(world);
  const items = function* () {
    yield [queue, 1];
    throw new TypeError("the input's");
  };
  assert.is(await failure(pool.starmap(world.target("put"), items())), "TypeError: the input's");
  await pool.join();
  assert.is(queue.qsize(), 0);
});

for (const chunksize of [0, -1, 1.5, Number.NaN, "2"]) {
  rule(
    `chunksize ${String(chunksize)} is refused`,
    "0 or less: a list of None without running anything; a fraction never completes",
    async (world) => {
      const pool = make(world);
      const options = { chunksize: chunksize as number };
      await world.fails(() => pool.map(world.target("square"), [1, 2], options), "ArgumentError");
      await world.fails(() => pool.starmap(world.target("add"), [[1, 2]], options), "ArgumentError");
      await world.fails(() => pool.imap(world.target("square"), [1, 2], options), "ArgumentError");
      await world.fails(() => pool.imapUnordered(world.target("square"), [1, 2], options), "ArgumentError");
    },
    { ours: "validated" },
  );
}

rule("what cannot be iterated is refused", "TypeError", async (world) => {
  const pool = make(world);
  for (const items of [5, undefined, null, {}]) {
    const wrong = items as unknown as number[];
    await world.fails(() => pool.map(world.target("square"), wrong), "ArgumentError");
    await world.fails(() => pool.imap(world.target("square"), wrong), "ArgumentError");
  }
});

rule(
  "after a failing element the rest of its chunk is not run, all other chunks are",
  "the rest of its chunk is not run; all other chunks still run",
  async (world) => {
    const pool = make(world);
    const queue = queueOf(world);
    const items = numbers(9).map((x) => [queue, [4], x] as const);
    const error = await failure(pool.starmap(world.target("failAt"), items, { chunksize: 3 }));
    assert.is(error, "RangeError: at 4");
    assert.equal((queue.snapshot() as number[]).sort(), [0, 1, 2, 3, 4, 6, 7, 8]);
  },
);

rule(
  "it fails with the first failure by order, when all is over",
  "raises only when every chunk is finished, the error of the failing chunk that arrived first",
  async (world) => {
    const pool = make(world);
    const queue = queueOf(world);
    const [reached, gate] = [eventOf(world), eventOf(world)];
    const pass = pool.submit(world.target("pass"), reached, gate);
    await reached.wait();
    // One worker is busy: the chunks come one after the other, and the last is not done when the first has failed.
    const items = numbers(6).map((x) => [queue, [1, 5], x] as const);
    const error = await failure(pool.starmap(world.target("failAt"), items, { chunksize: 2 }));
    gate.set();
    await pass;
    assert.equal([error, (queue.snapshot() as number[]).sort()], ["RangeError: at 1", [0, 1, 2, 3, 4, 5]]);
  },
  { ours: "by order, not by arrival: the same every time" },
);

rule(
  "asynchronous functions of a chunk run one after the other",
  "(none are asynchronous)",
  async (world) => {
    const pool = make(world, 1);
    assert.equal(await pool.map(world.target("crowd"), numbers(5), { chunksize: 5 }), [1, 1, 1, 1, 1]);
  },
  { ours: "as those that return at once: no more run than there are workers, and none after a failure" },
);

rule("an asynchronous failure stops its chunk as well", "the rest of its chunk is not run", async (world) => {
  const pool = make(world, 1);
  assert.is(await failure(pool.map(world.target("rootLater"), [4, -1, 9], { chunksize: 3 })), "RangeError: of -1");
  assert.is(await failure(pool.map(world.target("mixed"), [4, -4, 3], { chunksize: 3 })), "RangeError: of -4");
  assert.is(await failure(pool.map(world.target("mixed"), [4, 3, -4], { chunksize: 3 })), "RangeError: odd: 3");
  assert.equal(await pool.map(world.target("mixed"), [4, 16], { chunksize: 2 }), [2, 4]);
});

rule(
  "time-outs count from the call",
  "Executor.map(timeout): counted from the call; TimeoutError, all remaining futures are cancelled",
  async (world) => {
    const pool = world.own(new world.heddle.Pool({ workers: 1, grace: 60_000 }));
    const gate = eventOf(world);
    const items = [1, 2, 3].map((i) => [gate, i] as const);
    await world.fails(
      () => pool.starmap(world.target("giveLater"), items, { timeout: 5, chunksize: 1 }),
      "TimeoutError",
    );
    assert.is(pool.queued, 0);
    gate.set();
    await pool.join();
    assert.equal(await pool.starmap(world.target("giveLater"), items, { timeout: 60_000 }), [1, 2, 3]);
  },
);

rule("a signal gives up what has not begun", "(has none)", async (world) => {
  const pool = world.own(new world.heddle.Pool({ workers: 1, grace: 60_000 }));
  const gate = eventOf(world);
  const given = new AbortController();
  const items = [1, 2, 3].map((i) => [gate, i] as const);
  const mapped = pool.starmap(world.target("giveLater"), items, { signal: given.signal, chunksize: 1 });
  const outcome = failure(mapped);
  given.abort("enough");
  assert.is(await outcome, "enough");
  assert.is(pool.queued, 0);
  gate.set();
  await pool.join();
});

rule("starmap unpacks its elements", "elements unpacked", async (world) => {
  const pool = make(world);
  assert.equal(
    await pool.starmap(world.target("add"), [
      [1, 2],
      ["a", "b"],
    ]),
    [3, "ab"],
  );
  assert.equal(await pool.starmap(world.target("give"), [[], [1], "ab" as unknown as unknown[]]), [[], 1, ["a", "b"]]);
});

rule("an element that cannot be unpacked is a TypeError", "a non-iterable element gives TypeError", async (world) => {
  const pool = make(world);
  for (const wrong of [5, null, {}]) {
    const error = await failure(pool.starmap(world.target("add"), [wrong as unknown as [number, number]]));
    assert.match(error, /^TypeError/);
  }
});

rule(
  "several inputs at a time are starmap's",
  "Executor.map(fn, *iterables): stops at the shortest",
  async (world) => {
    const [first, second] = [
      [1, 2, 3],
      [10, 20],
    ];
    const pairs = second.map((b, i) => [first[i], b] as const);
    assert.equal(await make(world).starmap(world.target("add"), pairs), [11, 22]);
  },
  { ours: "one input: the second argument's place is for options" },
);

rule("maps run beside each other", "map_async", async (world) => {
  const pool = make(world);
  const maps = numbers(10).map((i) => pool.map(world.target("square"), numbers(i), { chunksize: 2 }));
  assert.equal(
    await Promise.all(maps),
    numbers(10).map((i) => numbers(i).map(square)),
  );
});

// imap.

const imaps: Case[] = (["imap", "imapUnordered"] as const).flatMap((name) => {
  const { cases, rule } = chapter(`Pool.${name}`, HOSTS);

  rule("gives all results", "in order (unordered: in completion order)", async (world) => {
    const pool = make(world);
    for (const chunksize of [1, 3, 100]) {
      const results: unknown[] = [];
      for await (const result of pool[name](world.target("square"), numbers(20), { chunksize })) results.push(result);
      if (name === "imapUnordered") results.sort((a, b) => (a as number) - (b as number));
      assert.equal(results, numbers(20).map(square));
    }
  });

  rule("of nothing there is nothing, again and again", "StopIteration, again and again", async (world) => {
    const results = make(world)[name](world.target("square"), []);
    for (let i = 0; i < 3; i++) assert.equal(await results.next(), { done: true, value: undefined });
  });

  rule(
    "reads its input no faster than its results",
    "consumed eagerly by a feeder thread, without back-pressure",
    async (world) => {
      const pool = make(world);
      let read = 0;
      let isClosed = false;
      const endless = function* () {
        try {
          for (;;) yield read++;
        } finally {
          isClosed = true;
        }
      };
      const results = pool[name](world.target("give"), endless(), { window: 3 });
      assert.is(read, 0);
      for (let i = 0; i < 10; i++) assert.is((await results.next()).done, false);
      assert.ok(read <= 13, `read ${read}`);
      await results.return();
      assert.equal([isClosed, (await results.next()).done], [true, true]);
    },
    { ours: "an endless input needs no end of memory" },
  );

  rule("its input may be asynchronous", "(has none)", async (world) => {
    const pool = make(world, 1);
    const input = async function* () {
      for (const x of [1, 2, 3]) yield x;
    };
    const results: unknown[] = [];
    for await (const result of pool[name](world.target("square"), input())) results.push(result);
    assert.equal(results, [1, 4, 9]);
  });

  rule(
    "after a failing element it goes on with the next",
    "chunksize 1: after a failing element iteration continues with the next one",
    async (world) => {
      const results = make(world, 1)[name](world.target("root"), [4, -1, 9]);
      assert.is((await results.next()).value, 2);
      assert.is(await failure(results.next()), "RangeError: of -1");
      assert.is((await results.next()).value, 3);
      assert.is((await results.next()).done, true);
    },
  );

  rule(
    "a failing element loses its chunk, and it goes on with the next",
    "chunksize > 1: loses its whole chunk including the good ones before it, and the iterator is finished",
    async (world) => {
      const results = make(world, 1)[name](world.target("root"), [4, -1, 9, 16, 25], { chunksize: 2 });
      assert.is(await failure(results.next()), "RangeError: of -1");
      assert.equal([(await results.next()).value, (await results.next()).value], [3, 4]);
      assert.is((await results.next()).value, 5);
      assert.is((await results.next()).done, true);
    },
    { ours: "whatever the chunks are, a failure is no end" },
  );

  rule(
    "an input that fails fails in its place, after all results",
    "an error of the input is delivered in its place",
    async (world) => {
      const pool = make(world, 1);
      for (const chunksize of [1, 2]) {
        const input = function* () {
          yield 1;
          yield 2;
          yield 3;
          throw new TypeError("the input's");
        };
        const results = pool[name](world.target("square"), input(), { chunksize });
        const values: unknown[] = [];
        for (let i = 0; i < 3; i++) values.push((await results.next()).value);
        assert.equal(values, [1, 4, 9]);
        assert.is(await failure(results.next()), "TypeError: the input's");
        assert.is((await results.next()).done, true);
      }
    },
  );

  rule("an input that fails at once fails the first next", "raises at the first next", async (world) => {
    const input = (): Iterable<number> => ({
      [Symbol.iterator]: () => ({
        next: () => {
          throw new TypeError("the input's");
        },
      }),
    });
    const results = make(world, 1)[name](world.target("square"), input());
    assert.is(await failure(results.next()), "TypeError: the input's");
    assert.is((await results.next()).done, true);
  });

  rule(
    "a result that does not come in time can be had later",
    "next(timeout): TimeoutError, and the item can still be fetched later",
    async (world) => {
      const pool = make(world, 1);
      const gate = eventOf(world);
      const tasks = [1, 2].map((value) => ({ gate, value }));
      const results = pool[name](world.target("giveTold"), tasks);
      for (const timeout of [0, 3, 0]) await world.fails(() => results.next({ timeout }), "TimeoutError");
      gate.set();
      assert.equal([(await results.next({ timeout: 60_000 })).value, (await results.next()).value], [1, 2]);
      assert.is((await results.next({ timeout: 0 })).done, true);
      await world.fails(() => results.next({ timeout: -1 }), "TimeoutRangeError");
    },
  );

  rule("several may ask at a time", "(a lock orders them)", async (world) => {
    const results = make(world, 1)[name](world.target("square"), [1, 2, 3]);
    const asked = await Promise.all([results.next(), results.next(), results.next(), results.next()]);
    assert.equal(
      asked.map(({ done, value }) => (done ? "done" : value)),
      [1, 4, 9, "done"],
    );
  });

  rule("what has not begun is given up when one leaves", "(the feeder goes on)", async (world) => {
    const pool = make(world, 1);
    const [queue, gate] = [queueOf(world), eventOf(world)];
    const tasks = numbers(10).map((value) => ({ gate, value, queue }));
    const results = pool[name](world.target("giveTold"), tasks, { window: 5 });
    const first = results.next();
    await world.until(() => pool.running === 1 && pool.queued === 4);
    gate.set();
    assert.is((await first).value, 0);
    await results.return();
    await pool.join();
    assert.ok(queue.qsize() < 10, `ran ${queue.qsize()}`);
  });

  rule("when the pool is shut down meanwhile it says so, and is over", "the feeder's put fails", async (world) => {
    const pool = make(world, 1);
    let isClosed = false;
    const input = function* () {
      try {
        for (;;) yield 3;
      } finally {
        isClosed = true;
      }
    };
    const results = pool[name](world.target("square"), input(), { window: 2 });
    assert.is((await results.next()).value, 9);
    await pool.shutdown();
    let given = 0;
    let error = "";
    while (error === "" && given < 10) {
      error = await results.next().then(
        () => "",
        (thrown: unknown) => (thrown as Error).name,
      );
      given++;
    }
    assert.equal([error, isClosed, (await results.next()).done], ["PoolShutdownError", true, true]);
  });

  return cases;
});

const unordered = chapter("Pool.imapUnordered", HOSTS);
unordered.rule("results come as they are there", "in completion order", async (world) => {
  const pool = make(world, 2);
  const [slow, quick] = [eventOf(world), eventOf(world)];
  quick.set();
  const tasks = [
    { gate: slow, value: "slow" },
    { gate: quick, value: "quick" },
  ];
  const results = pool.imapUnordered(world.target("giveTold"), tasks);
  assert.is((await results.next()).value, "quick");
  slow.set();
  assert.is((await results.next()).value, "slow");
  slow.clear();
  const inOrder = pool.imap(world.target("giveTold"), tasks);
  const first = inOrder.next();
  await world.until(() => pool.running === 1 && pool.queued === 0);
  slow.set();
  assert.equal([(await first).value, (await inOrder.next()).value], ["slow", "quick"]);
});

export const cases: Case[] = [...ofMap, ...imaps, ...unordered.cases];
