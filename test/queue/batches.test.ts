/** `putMany`, `getMany` and `snapshot`: who waits with a batch keeps no wake-up from others, nothing good is lost, and code of the caller's may use queues meanwhile. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  HandleError,
  OutOfMemoryError,
  PriorityQueue,
  Queue,
  type QueueEmptyError,
  QueueFullError,
  QueueShutdownError,
  TransferError,
  waitingOn,
} from "../../ts/index.js";
import { moment, type Party, rejection, thrown, waiting, withParty } from "../sync/party.js";

const make = <T = unknown>({ context }: Party, options: object = {}): Queue<T> =>
  new Queue<T>({ ...options, context } as never);

/** The same queue on another thread. */
const elsewhere = <T>(party: Party, queue: Queue<T>): Queue<T> =>
  Queue.from<T>(queue.handle, { context: party.guest(1) } as never);

/** Leaves no byte free in the memory. @returns gives all of it back */
function fillMemory(party: Party): () => void {
  const hog = make(party);
  for (let size = 2 ** 19; size >= 16; size >>= 1) {
    for (;;) {
      try {
        hog.putNowait(new Uint8Array(size));
      } catch (error) {
        assert.instance(error, OutOfMemoryError);
        break;
      }
    }
  }
  return () => {
    hog.shutdown({ immediate: true });
    hog.close();
  };
}

const upTo = (length: number): number[] => Array.from({ length }, (_, i) => i);

/** A codec that says `during` before it reads or writes anything. */
const noisy = (during: () => void) => ({
  encode(value: unknown) {
    during();
    return new TextEncoder().encode(JSON.stringify(value));
  },
  decode(bytes: Uint8Array): unknown {
    during();
    return JSON.parse(new TextDecoder().decode(bytes));
  },
});

// Memory that is full.

test(
  "a batch that is woken for room goes on in a full memory, and keeps nobody behind it waiting",
  withParty(async (party) => {
    const queue = make(party, { maxsize: 1 });
    queue.putNowait("first");
    const many = queue.putMany(upTo(1000));
    const one = queue.put("small");
    await waiting(queue, 2, waitingOn);
    const giveBack = fillMemory(party);
    const got: unknown[] = [];
    // Not `get`: to wait it would need memory.
    const take = async (count: number): Promise<void> => {
      for (; got.length < count; got.push(queue.getNowait())) while (queue.empty()) await moment(0);
    };
    await take(3);
    giveBack();
    await take(1002);
    assert.is(await many, 1000);
    await one;
    assert.is(got[0], "first");
    assert.equal(
      got.filter((item) => typeof item === "number"),
      upTo(1000),
    );
    assert.ok(got.includes("small"));
    queue.close();
  }),
);

test(
  "a batch that is woken for an item takes it in a full memory",
  withParty(async (party) => {
    const queue = make(party);
    queue.putNowait(0);
    queue.getNowait();
    const many = queue.getMany(1000);
    const one = queue.get();
    await waiting(queue, 2, waitingOn);
    const giveBack = fillMemory(party);
    queue.putNowait(41);
    assert.equal(await many, [41]);
    queue.putNowait(42);
    assert.is(await one, 42);
    giveBack();
    queue.close();
  }),
);

for (const [name, options] of [
  ["any values", {}],
  ["numbers", { type: "f64" }],
] as const) {
  test(
    `a queue of ${name} is filled and emptied by batches in a full memory`,
    withParty((party) => {
      const queue = make<number>(party, options);
      queue.putManySync(upTo(256));
      assert.is(queue.getManySync(56).length, 56);
      const giveBack = fillMemory(party);
      assert.equal(Array.from(queue.getManySync(1000)), upTo(256).slice(56));
      assert.is(queue.putManySync(upTo(256)), 256);
      const error = thrown(() => queue.putManySync(upTo(100)));
      assert.instance(error, OutOfMemoryError);
      giveBack();
      assert.equal(Array.from(queue.getManySync(1000)), [...upTo(256), ...upTo((error as { put?: number }).put ?? -1)]);
      queue.close();
    }),
  );
}

// Places in line, and time.

test(
  "a batch that is woken together with another takes what is there, in its turn",
  withParty(async (party) => {
    const queue = make<number>(party);
    const thief = elsewhere(party, queue);
    const many = queue.getMany(5);
    const one = queue.get();
    await waiting(queue, 2, waitingOn);
    queue.putNowait(1);
    queue.putNowait(2);
    assert.is(thief.getNowait(), 1);
    await moment();
    queue.putNowait(3);
    assert.equal([await many, await one], [[2], 3]);
    thief.close();
    queue.close();
  }),
);

test(
  "a batch that finds nothing when it is woken keeps its place",
  withParty(async (party) => {
    const queue = make<number>(party);
    const thief = elsewhere(party, queue);
    const many = queue.getMany(5);
    const one = queue.get();
    await waiting(queue, 2, waitingOn);
    queue.putNowait(1);
    assert.is(thief.getNowait(), 1);
    // It looks, and goes back to sleep.
    await moment();
    queue.putNowait(2);
    assert.equal(await many, [2]);
    queue.putNowait(3);
    assert.is(await one, 3);
    thief.close();
    queue.close();
  }),
);

test(
  "a batch has one deadline, however often it is woken for nothing",
  withParty(async (party) => {
    const queue = make<number>(party);
    const thief = elsewhere(party, queue);
    let error: unknown;
    const many = queue.getMany(5, { timeout: 30 }).catch((reason: QueueEmptyError) => {
      error = reason;
    });
    // Without end, if each wake-up began the time anew.
    while (error === undefined) {
      queue.putNowait(1);
      thief.getNowait();
      await moment();
    }
    await many;
    assert.is((error as QueueEmptyError).code, "ERR_QUEUE_EMPTY");
    assert.is(waitingOn(queue), 0);
    thief.close();
    queue.close();
  }),
);

test(
  "a batch wakes all who wait for what it brings, and for the room that it makes",
  withParty(async (party) => {
    const queue = make<number>(party, { maxsize: 20 });
    const got = upTo(20).map(() => queue.get());
    await waiting(queue, 20, waitingOn);
    assert.is(queue.putManySync(upTo(20)), 20);
    assert.equal(await Promise.all(got), upTo(20));
    queue.putManySync(upTo(20));
    const put = upTo(20).map((i) => queue.put(100 + i));
    await waiting(queue, 20, waitingOn);
    assert.equal(queue.getManySync(20), upTo(20));
    await Promise.all(put);
    assert.equal(
      queue.getManySync(20),
      upTo(20).map((i) => 100 + i),
    );
    queue.close();
  }),
);

// What cannot be made again.

test(
  "what was taken before an item that is gone is returned, and the next call throws",
  withParty(async (party) => {
    const next = [
      (queue: Queue) => queue.getMany(9),
      (queue: Queue) => queue.get(),
      async (queue: Queue) => queue.getManySync(9),
      async (queue: Queue) => queue.getSync(),
      async (queue: Queue) => queue.getNowait(),
    ];
    for (const take of next) {
      const queue = make(party);
      const gone = make(party);
      queue.putManySync([1, "two", 3, gone, 5, gone, { six: 6 }]);
      gone.close();
      assert.equal(await queue.getMany(9), [1, "two", 3]);
      assert.instance(await rejection(take(queue)), HandleError);
      assert.equal(queue.getManySync(9), [5]);
      assert.instance(await rejection(take(queue)), HandleError);
      assert.equal(await take(queue).then((got) => (Array.isArray(got) ? got[0] : got)), { six: 6 });
      // All of them were taken, and have to be done.
      for (let i = 0; i < 7; i++) queue.taskDone();
      assert.ok(await queue.join());
      queue.close();
    }
  }),
);

test(
  "an item that is gone and comes first throws, and takes nothing with it",
  withParty(async (party) => {
    const queue = make(party);
    const gone = make(party);
    queue.putManySync([gone, 1, gone, "two"]);
    gone.close();
    assert.instance(await rejection(queue.getMany(9)), HandleError);
    assert.equal(queue.getManySync(9), [1]);
    assert.instance(
      thrown(() => queue.getManySync(9)),
      HandleError,
    );
    assert.equal(await queue.getMany(9), ["two"]);
    queue.close();
  }),
);

// Copies.

test(
  "putMany puts what the values were at the call",
  withParty(async (party) => {
    const queue = make(party, { maxsize: 1 });
    const inner = { a: 1 };
    const bytes = Uint8Array.of(1, 2);
    const values: unknown[] = ["a", inner, bytes, 4, 5];
    const put = queue.putMany(values);
    inner.a = 9;
    bytes.fill(9);
    values.length = 0;
    values.push("other");
    const got: unknown[] = [];
    while (got.length < 5) got.push(await queue.get());
    assert.is(await put, 5);
    assert.equal(got, ["a", { a: 1 }, Uint8Array.of(1, 2), 4, 5]);
    queue.close();
  }),
);

test(
  "and what the numbers of an array were",
  withParty(async (party) => {
    const queue = make<number>(party, { maxsize: 2, type: "f64" });
    for (const values of [Float64Array.from(upTo(9)), upTo(9)]) {
      const put = queue.putMany(values);
      values.fill(-1);
      const got: number[] = [];
      while (got.length < 9) got.push(...(await queue.getMany(9)));
      assert.is(await put, 9);
      assert.equal(got, upTo(9));
    }
    queue.close();
  }),
);

test(
  "on a page that cannot have the queue's lock too",
  withParty(async (party) => {
    const queue = make(party);
    party.becomePage();
    const release = party.occupy(queue);
    const values = [1, "two"];
    const put = queue.putMany(values);
    const got = queue.getMany(9);
    values.fill("other");
    await moment();
    release();
    assert.is(await put, 2);
    const all = [...(await got)];
    if (all.length < 2) all.push(...(await queue.getMany(9)));
    assert.equal(all, [1, "two"]);
    queue.close();
  }),
);

// How many went in.

test(
  "every error of putMany says how many went in",
  withParty(async (party) => {
    const cases: [unknown[], { new (...args: never[]): Error }, number, (queue: Queue) => void][] = [
      [[1, "two", () => {}, 4], TransferError, 2, () => {}],
      [[1, 2, 3, 4], QueueFullError, 3, () => {}],
      [[1, 2, 3, 4], QueueShutdownError, 0, (queue) => queue.shutdown()],
      [["one", new Uint8Array(2 ** 21)], OutOfMemoryError, 1, () => {}],
    ];
    for (const [values, Class, count, before] of cases) {
      for (const put of [
        (queue: Queue) => queue.putMany(values, { timeout: 1 }),
        async (queue: Queue) => queue.putManySync(values, { timeout: 1 }),
      ]) {
        const queue = make(party, { maxsize: 3 });
        before(queue);
        const error = await rejection(put(queue));
        assert.instance(error, Class);
        assert.is((error as { put?: number }).put, count);
        assert.is(queue.qsize(), count);
        queue.close();
      }
    }
  }),
);

test(
  "a batch that waits and is shut out says how many went in, and one that cannot travel is refused in its turn",
  withParty(async (party) => {
    const queue = make(party, { maxsize: 1 });
    const shut = rejection(queue.putMany(["a", "b", "c"]));
    const refused = rejection(queue.putMany(["d", () => {}, "e"]));
    await waiting(queue, 2, waitingOn);
    assert.is(queue.getNowait(), "a");
    assert.is(await queue.get(), "b");
    const error = await refused;
    assert.instance(error, TransferError);
    assert.is((error as { put?: number }).put, 1);
    queue.shutdown();
    assert.is(((await shut) as { put?: number }).put, 2);
    assert.equal(await queue.getMany(9), ["d"]);
    queue.close();
  }),
);

test(
  "getMany takes as much of numbers as of anything, however many",
  withParty(async (party) => {
    for (const options of [{}, { type: "f64" }]) {
      const queue = make<number>(party, options);
      await queue.putMany(upTo(5000));
      assert.equal(Array.from(await queue.getMany(4000)), upTo(4000));
      assert.equal(Array.from(queue.getManySync(5000)), upTo(5000).slice(4000));
      queue.close();
    }
    const mixed = make(party);
    const values = upTo(300).map((i) => (i % 100 === 7 ? `${i}` : i));
    mixed.putManySync(values);
    assert.equal(mixed.getManySync(300), values);
    mixed.close();
  }),
);

// Code of the caller's in the middle of it.

test(
  "accessors of what is put may use queues",
  withParty(async (party) => {
    const used = party.used();
    const queue = make<number>(party, { maxsize: 150 });
    const other = make<unknown>(party);
    const noise = (): void => {
      other.putManySync([7, 8, 9]);
      other.putNowait("x".repeat(700));
      other.getManySync(2);
      other.getNowait();
      other.getNowait();
    };
    for (const length of [3, 100, 1000]) {
      const read = (_: object, key: string | symbol): unknown => {
        noise();
        return key === "length" ? length : typeof key === "string" ? Number(key) : undefined;
      };
      const values = new Proxy({ length }, { get: read });
      const list = upTo(length);
      const one = (): number => {
        noise();
        return 1;
      };
      Object.defineProperty(list, 1, { get: one });
      for (const each of [values as unknown as ArrayLike<number>, list]) {
        const put = queue.putMany(each);
        const got: number[] = [];
        while (got.length < length) got.push(...(await queue.getMany(400)));
        assert.is(await put, length);
        assert.equal(got, upTo(length));
      }
    }
    assert.is(other.qsize(), 0);
    queue.close();
    other.close();
    assert.is(party.used(), used);
  }),
);

test(
  "codecs may use queues",
  withParty(async (party) => {
    const other = make<unknown>(party);
    const noise = (): void => {
      other.putNowait("#".repeat(200));
      other.putManySync(upTo(100));
      other.getManySync(9);
    };
    const codec = noisy(noise);
    const values = upTo(5).map((i) => ({ i, text: "x".repeat(50 * i) }));
    const queue = make(party, { codec, maxsize: 3 });
    const put = queue.putMany([...values, 1, 2]);
    await waiting(queue, 1, waitingOn);
    assert.equal(queue.snapshot(), values.slice(0, 3));
    const got: unknown[] = [];
    while (got.length < 7) got.push(...(await queue.getMany(2)));
    assert.equal(got, [...values, 1, 2]);
    await put;
    queue.close();
    const ranked = new PriorityQueue({ codec, context: party.context } as never);
    ranked.putManySync(values.map((value) => [-value.i, value] as const));
    const sorted = values.map((value) => [-value.i, value] as const).reverse();
    assert.equal(ranked.snapshot(), sorted);
    assert.equal(ranked.getManySync(9), sorted);
    ranked.close();
    other.close();
  }),
);

test(
  "views with accessors of their own may use queues",
  withParty((party) => {
    const queue = make<Uint8Array>(party);
    const other = make<unknown>(party);
    const noise = (): void => other.putNowait("#".repeat(600));
    const sly = new Uint8Array(600).fill(5);
    Object.defineProperties(sly, {
      length: {
        get() {
          noise();
          return 600;
        },
      },
      constructor: {
        get() {
          noise();
          return Uint8Array;
        },
      },
    });
    queue.putManySync([sly, sly]);
    queue.putSync(sly);
    while (!other.empty()) assert.is(other.getNowait(), "#".repeat(600));
    for (const got of queue.getManySync(3)) assert.equal(got, new Uint8Array(600).fill(5));
    queue.close();
    other.close();
  }),
);

test(
  "a value that closes its queue is not put, and what a codec that closes it has made is returned",
  withParty(async (party) => {
    const put: ((queue: Queue, value: unknown) => unknown)[] = [
      (queue, value) => queue.put(value),
      (queue, value) => queue.putSync(value),
      (queue, value) => queue.putNowait(value),
      (queue, value) => queue.putMany([1, value]),
      (queue, value) => queue.putManySync([1, value]),
    ];
    for (const each of put) {
      const queue = make(party);
      const value = {
        get a() {
          queue.close();
          return 1;
        },
      };
      const error = await rejection((async () => each(queue, value))());
      assert.is(error.code, "ERR_CLOSED");
    }
    let isOver = false;
    const queue: Queue = make(party, { codec: noisy(() => isOver && queue.close()) });
    queue.putManySync([1, { two: 2 }, 3, { four: 4 }]);
    isOver = true;
    assert.equal(queue.getManySync(9), [1, { two: 2 }]);
  }),
);

test.run();
