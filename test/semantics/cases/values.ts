/** Values that go through a queue: what arrives is what was put, in this thread and by way of another. */
import * as assert from "uvu/assert";
import type { Shared } from "../library.js";
import { chapter, type World } from "../world.js";

const { cases, rule } = chapter("a value");

export { cases };

const PYTHON = "any object; between processes whatever can be pickled";

/** There and back in this thread, then by way of another one. */
async function travels(world: World, value: unknown, check: (arrived: unknown) => void): Promise<void> {
  const queue = world.own(new world.heddle.Queue());
  await queue.put(value);
  check(await queue.get());
  const back = world.own(new world.heddle.Queue());
  const echoed = world.inThread("echo", queue, back);
  queue.putNowait(value);
  check(await back.get());
  await echoed;
}

/** uvu's `equal` compares -0 and NaN loosely in places: numbers go by their bits. */
function same(expected: unknown): (arrived: unknown) => void {
  return (arrived) => {
    if (typeof expected === "object" && expected !== null) assert.equal(arrived, expected);
    else assert.ok(Object.is(arrived, expected), `expected ${String(expected)}, got ${String(arrived)}`);
  };
}

const PRIMITIVES: readonly unknown[] = [
  0,
  -0,
  1,
  -1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.MIN_VALUE,
  Number.MAX_VALUE,
  Number.MAX_SAFE_INTEGER,
  2 ** 53 + 2,
  undefined,
  null,
  true,
  false,
  "",
  "text",
  0n,
  -1n,
  2n ** 63n,
  -(2n ** 64n),
  2n ** 200n + 1n,
];
for (const value of PRIMITIVES) {
  const text = typeof value === "string" ? JSON.stringify(value) : Object.is(value, -0) ? "-0" : String(value);
  rule(`the ${typeof value} ${text} arrives`, PYTHON, (world) => travels(world, value, same(value)));
}

const STRINGS: Readonly<Record<string, string>> = {
  "beyond ASCII": "äöü ß € 汉字 🧵",
  "with NUL and controls": "a\0b\n\t\u007f",
  "of 100,000 characters": "abcdefghij".repeat(10_000),
  "of 50,000 emoji": "🧵".repeat(50_000),
  "of one lone surrogate": "\ud83e",
  "of surrogates in the wrong order": "a\udef5\ud83e b",
  "with a byte order mark": "\ufefftext",
};
for (const [name, value] of Object.entries(STRINGS)) {
  rule(`a string ${name} arrives`, PYTHON, (world) => travels(world, value, same(value)));
}

const ARRAYS = {
  Int8Array: new Int8Array([-128, 127, 0]),
  Uint8Array: new Uint8Array([0, 255]),
  Uint8ClampedArray: new Uint8ClampedArray([0, 255]),
  Int16Array: new Int16Array([-32768, 32767]),
  Uint16Array: new Uint16Array([65535]),
  Int32Array: new Int32Array([-(2 ** 31), 2 ** 31 - 1]),
  Uint32Array: new Uint32Array([2 ** 32 - 1]),
  Float32Array: new Float32Array([1.5, -0.25]),
  Float64Array: new Float64Array([Math.PI, 5e-324]),
  BigInt64Array: new BigInt64Array([-(2n ** 63n), 2n ** 63n - 1n]),
  BigUint64Array: new BigUint64Array([2n ** 64n - 1n]),
};
for (const [name, value] of Object.entries(ARRAYS)) {
  rule(`a ${name} arrives with its class`, PYTHON, (world) =>
    travels(world, value, (arrived) => {
      assert.is((arrived as object).constructor.name, name);
      assert.equal(arrived, value);
    }),
  );
}

rule("an empty typed array arrives", PYTHON, (world) => travels(world, new Float64Array(0), same(new Float64Array(0))));

rule("a part of a typed array arrives alone, in a buffer of its own", PYTHON, (world) => {
  const whole = new Uint16Array([1, 2, 3, 4, 5]);
  return travels(world, whole.subarray(1, 3), (arrived) => {
    assert.equal(arrived, new Uint16Array([2, 3]));
    assert.is((arrived as Uint16Array).byteOffset, 0);
    assert.is((arrived as Uint16Array).buffer.byteLength, 4);
  });
});

rule("a typed array of 1 MiB arrives", PYTHON, (world) => {
  const value = new Uint8Array(1 << 20).map((_, i) => i * 31);
  return travels(world, value, (arrived) => {
    const bytes = arrived as Uint8Array;
    assert.is(bytes.length, value.length);
    assert.ok(bytes.every((byte, i) => byte === value[i]));
  });
});

rule("what arrives is not a view of shared memory", PYTHON, async (world) => {
  const queue = world.own(new world.heddle.Queue<Uint8Array>());
  queue.putNowait(new Uint8Array([1]));
  assert.instance(queue.getNowait().buffer, ArrayBuffer);
});

for (const size of [0, 1, 7, 4096]) {
  rule(`an ArrayBuffer of ${size} bytes arrives`, PYTHON, (world) => {
    const value = new Uint8Array(size).map((_, i) => i + 1);
    return travels(world, value.buffer, (arrived) => {
      assert.instance(arrived, ArrayBuffer);
      assert.equal(new Uint8Array(arrived as ArrayBuffer), value);
    });
  });
}

rule("a DataView arrives, its part alone", PYTHON, (world) => {
  const value = new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2);
  return travels(world, value, (arrived) => {
    assert.instance(arrived, DataView);
    assert.equal([(arrived as DataView).byteLength, (arrived as DataView).getUint16(0)], [2, 0x0203]);
  });
});

const STRUCTURES: Readonly<Record<string, unknown>> = {
  "an empty object": {},
  "an object": { a: 1, "b c": "d", 7: true },
  "an object with undefined and null in it": { a: undefined, b: null },
  "nested objects": { a: { b: { c: [{ d: 1 }] } } },
  "an empty array": [],
  "an array of mixed kinds": [1, "a", null, undefined, true, 2n, -0, Number.NaN],
  "nested arrays": [[1, [2, [3]]], []],
  "a key named __proto__ in a Map": new Map([["__proto__", 1]]),
  "an empty Map": new Map(),
  "a Map with keys of every kind": new Map<unknown, unknown>([
    [1, "a"],
    ["1", "b"],
    [null, [1]],
    [true, new Map([[1, 2]])],
  ]),
  "an empty Set": new Set(),
  "a Set": new Set<unknown>([1, "1", null, undefined, 2n]),
  "a Date": new Date(Date.UTC(2024, 1, 29, 12, 30, 15, 250)),
  "a Date before 1970": new Date(-1),
  "a RegExp": /a[b-d]+\/(?<name>x)/giu,
  "typed arrays inside": { a: new Float32Array([1, 2]), b: [new Uint8Array([3])] },
  "bigints inside": { a: [2n ** 70n, -1n] },
  "an array of 10,000 objects": Array.from({ length: 10_000 }, (_, i) => ({ i, text: `number ${i}` })),
};
for (const [name, value] of Object.entries(STRUCTURES)) {
  rule(`${name} arrives`, PYTHON, (world) => travels(world, value, same(value)));
}

rule("an invalid Date arrives invalid", PYTHON, (world) =>
  travels(world, new Date(Number.NaN), (arrived) => {
    assert.instance(arrived, Date);
    assert.ok(Number.isNaN((arrived as Date).getTime()));
  }),
);

rule("numbers inside structures keep their bits", PYTHON, (world) =>
  travels(world, { a: -0, b: [Number.NaN, 0.1, 2 ** 53, 5e-324, -1e300] }, (arrived) => {
    const { a, b } = arrived as { a: number; b: number[] };
    assert.ok(Object.is(a, -0));
    assert.ok(Object.is(b[0], Number.NaN));
    assert.equal(b.slice(1), [0.1, 2 ** 53, 5e-324, -1e300]);
  }),
);

rule("an undefined field is there", PYTHON, (world) =>
  travels(world, { a: undefined }, (arrived) => assert.equal(Object.keys(arrived as object), ["a"])),
);

rule("an object keeps the order of its keys", PYTHON, (world) =>
  travels(world, { z: 1, a: 2, m: 3 }, (arrived) => assert.equal(Object.keys(arrived as object), ["z", "a", "m"])),
);

rule("a key __proto__ never becomes a prototype: it arrives as a key, or is refused", PYTHON, async (world) => {
  const queue = world.own(new world.heddle.Queue());
  const value: unknown = JSON.parse('{"__proto__": {"polluted": true}, "b": 1}');
  const refusal: unknown = await queue.put(value).catch((thrown: unknown) => thrown);
  if (refusal !== undefined) {
    assert.is((refusal as { code: string }).code, "ERR_TRANSFER");
    return;
  }
  const arrived = queue.getNowait() as Record<string, unknown>;
  assert.is(Object.getPrototypeOf(arrived), Object.prototype);
  assert.equal([arrived.polluted, arrived.b, Object.keys(arrived)], [undefined, 1, ["__proto__", "b"]]);
});

rule("an array that holds itself arrives so", PYTHON, (world) => {
  const value: unknown[] = [1];
  value.push(value);
  return travels(world, value, (arrived) => {
    const array = arrived as unknown[];
    assert.equal([array.length, array[0]], [2, 1]);
    assert.ok(array[1] === array, "the cycle is open");
  });
});

rule("objects that hold each other arrive so", PYTHON, (world) => {
  const a: Record<string, unknown> = { name: "a" };
  const b: Record<string, unknown> = { name: "b", a };
  a.b = b;
  return travels(world, a, (arrived) => {
    const one = arrived as { name: string; b: { name: string; a: unknown } };
    assert.equal([one.name, one.b.name], ["a", "b"]);
    assert.ok(one.b.a === one, "the cycle is open");
  });
});

rule("a Map that holds itself arrives so", PYTHON, (world) => {
  const map = new Map<string, unknown>();
  map.set("self", map);
  return travels(world, map, (arrived) => assert.ok((arrived as Map<string, unknown>).get("self") === arrived));
});

rule("one object at two places arrives as one", PYTHON, (world) => {
  const shared = { a: 1 };
  return travels(world, [shared, shared, { shared }], (arrived) => {
    const [first, second, third] = arrived as [object, object, { shared: object }];
    assert.equal(first, shared);
    assert.ok(first === second && second === third.shared, "it arrived as several");
  });
});

rule("two equal objects arrive as two", PYTHON, (world) =>
  travels(world, [{ a: 1 }, { a: 1 }], (arrived) => {
    const [first, second] = arrived as [object, object];
    assert.ok(first !== second);
  }),
);

// Errors.

const ERRORS = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
for (const [name, Class] of Object.entries(ERRORS)) {
  rule(`a ${name} arrives with its class, message and stack`, "between processes: same type and args", (world) => {
    const value = new Class("what went wrong");
    return travels(world, value, (arrived) => {
      assert.ok((arrived as object).constructor === Class, `it is a ${(arrived as object).constructor.name}`);
      assert.equal([(arrived as Error).name, (arrived as Error).message], [name, "what went wrong"]);
      assert.is((arrived as Error).stack, value.stack);
    });
  });
}

rule("an error's cause, code and other fields arrive", "between processes: same type and args", (world) => {
  const cause = new TypeError("the cause");
  const value = Object.assign(new Error("what went wrong", { cause }), { code: "ERR_MINE", extra: { a: [1] } });
  return travels(world, value, (arrived) => {
    const error = arrived as typeof value & { cause: unknown };
    assert.equal([error.code, error.extra], ["ERR_MINE", { a: [1] }]);
    assert.instance(error.cause, TypeError);
    assert.is((error.cause as Error).message, "the cause");
  });
});

rule("an AggregateError arrives with its errors", "between processes: same type and args", (world) =>
  travels(world, new AggregateError([new RangeError("a"), "b"], "both"), (arrived) => {
    const error = arrived as AggregateError;
    assert.equal([error.message, error.errors.length, error.errors[1]], ["both", 2, "b"]);
    assert.instance(error.errors[0], RangeError);
  }),
);

rule(
  "an error of Heddle arrives as an error of Heddle, with code and fields",
  "between processes: same type and args",
  (world) => {
    const { ArgumentError, HeddleError } = world.heddle;
    return travels(world, new ArgumentError("what was expected", "name", 5), (arrived) => {
      assert.instance(arrived, ArgumentError);
      assert.instance(arrived, HeddleError);
      const { code, name, message, argument, got } = arrived as InstanceType<typeof ArgumentError>;
      assert.equal(
        [code, name, message, argument, got],
        ["ERR_ARGUMENT", "ArgumentError", "what was expected", "name", 5],
      );
    });
  },
);

rule("an error that an operation threw arrives", "between processes: same type and args", async (world) => {
  const queue = world.own(new world.heddle.Queue());
  const error = await world.fails(() => queue.getNowait(), "QueueEmptyError");
  await travels(world, error, (arrived) => {
    assert.is((arrived as { code: string }).code, "ERR_QUEUE_EMPTY");
    assert.is((arrived as Error).message, error.message);
  });
});

rule("an error inside a structure arrives as an error", "between processes: same type and args", (world) =>
  travels(world, { failed: [new RangeError("inside")] }, (arrived) => {
    assert.instance((arrived as { failed: unknown[] }).failed[0], RangeError);
  }),
);

// Copies.

rule(
  "is copied when it is put: later changes do not show",
  "between threads the object itself; between processes a copy",
  async (world) => {
    const queue = world.own(new world.heddle.Queue<{ a: number[] }>());
    const value = { a: [1] };
    queue.putNowait(value);
    value.a.push(2);
    const arrived = queue.getNowait();
    assert.equal(arrived, { a: [1] });
    assert.ok(arrived !== value);
  },
  { ours: "always a copy, as between processes: threads of JavaScript share no objects" },
);

rule("in a snapshot is a copy of what will be got", "q.queue", (world) => {
  const queue = world.own(new world.heddle.Queue<{ a: number }>());
  queue.putNowait({ a: 1 });
  queue.snapshot()[0]!.a = 2;
  assert.equal(queue.getNowait(), { a: 1 });
});

rule(
  "put while its putter waits is what it was at the call",
  "put(item) refers to the object",
  async (world) => {
    const queue = world.own(new world.heddle.Queue<unknown>(1));
    queue.putNowait(0);
    const value = { a: 1 };
    const put = queue.put(value);
    await world.waiting(queue, 1);
    value.a = 2;
    queue.getNowait();
    await put;
    assert.equal(queue.getNowait(), { a: 1 });
  },
  { ours: "copied at the call" },
);

// What cannot travel.

class Private {
  #secret = 1;
  reveal(): number {
    return this.#secret;
  }
}

const REFUSED: readonly (readonly [string, () => unknown])[] = [
  ["a function", () => () => {}],
  ["an async function", () => async () => {}],
  ["a generator function", () => function* () {}],
  ["a class", () => Private],
  ["a method inside an object", () => ({ a: 1, run() {} })],
  ["a function deep inside", () => ({ items: [1, { callback: () => {} }] })],
  ["a function as a key of a Map", () => new Map([[() => {}, 1]])],
  ["a function in a Set", () => new Set([() => {}])],
  ["a function as a field of an error", () => Object.assign(new Error("e"), { retry() {} })],
  ["a symbol", () => Symbol("s")],
  ["a symbol inside", () => [Symbol.iterator]],
  ["a WeakMap", () => new WeakMap()],
  ["a WeakSet", () => new WeakSet()],
  ["a WeakRef", () => new WeakRef({})],
  ["a Promise", () => Promise.resolve(1)],
  ["a generator", () => (function* () {})()],
  ["a typed array of shared memory, which would arrive as a copy", () => new Int32Array(new SharedArrayBuffer(8))],
];
for (const [name, make] of REFUSED) {
  rule(
    `${name} is refused, and the queue is as it was`,
    "between processes put succeeds; the feeder reports the error and drops the item",
    async (world) => {
      const queue = world.own(new world.heddle.Queue());
      queue.putNowait("before");
      await world.fails(() => queue.put(make()), "TransferError");
      await world.fails(() => queue.putNowait(make()), "TransferError");
      await world.fails(() => queue.putMany([make()]), "TransferError");
      assert.equal([queue.qsize(), queue.unfinishedTasks, queue.snapshot()], [1, 1, ["before"]]);
      queue.putNowait("after");
      assert.equal([queue.getNowait(), queue.getNowait()], ["before", "after"]);
    },
    { ours: "the put throws, at once, and says which place of the value" },
  );
}

rule("a refusal names the place", "(the error of pickle)", async (world) => {
  const queue = world.own(new world.heddle.Queue());
  const error = await world.fails(() => queue.putNowait({ items: [1, { callback: () => {} }] }), "TransferError");
  assert.match((error as unknown as { path: string }).path, /items.*1.*callback/);
  assert.match(error.message, /function/);
});

rule("a getter that throws passes its error on, and the queue is as it was", "(the error of pickle)", async (world) => {
  const queue = world.own(new world.heddle.Queue());
  const value = {
    get a() {
      throw new Error("from a getter");
    },
  };
  const thrown: unknown = await queue.put(value).catch((thrown: unknown) => thrown);
  const texts = [String(thrown), String((thrown as Error).cause)].join();
  assert.match(texts, "from a getter");
  assert.equal([queue.qsize(), queue.unfinishedTasks], [0, 0]);
});

rule(
  "that is refused is told on a full queue too, at once",
  "order of checks",
  async (world) => {
    const queue = world.own(new world.heddle.Queue<unknown>(1));
    queue.putNowait(1);
    await world.fails(() => queue.put(() => {}), "TransferError");
    assert.is(world.heddle.waitingOn(queue), 0);
  },
  { ours: "arguments first, then shutdown, then capacity" },
);

rule("larger than the free memory is refused with both sizes", "MemoryError", async (world) => {
  const queue = world.own(new world.heddle.Queue());
  const bytes = 1 << 27;
  const error = await world.fails(() => queue.put(new Uint8Array(bytes)), "OutOfMemoryError");
  const { neededBytes, freeBytes, largestBytes } = error as unknown as InstanceType<
    World["heddle"]["OutOfMemoryError"]
  >;
  assert.ok(neededBytes >= bytes && neededBytes < 2 * bytes, String(neededBytes));
  assert.ok(largestBytes <= freeBytes && freeBytes < bytes, `${largestBytes} ${freeBytes}`);
  assert.ok(error.message.includes(String(neededBytes)) && error.message.includes(String(freeBytes)));
  assert.is(queue.qsize(), 0);
});

rule("a value that is too large leaves what was put before", "MemoryError", async (world) => {
  const queue = world.own(new world.heddle.Queue<unknown>());
  queue.putNowait("before");
  await world.fails(() => queue.putMany([1, "x".repeat(1 << 27)]), "OutOfMemoryError");
  assert.is(queue.getNowait(), "before");
  assert.is(queue.unfinishedTasks, 1 + queue.qsize());
});

// Objects of Heddle.

const OBJECTS: readonly (readonly [string, (world: World) => Shared, probe: string])[] = [
  ["Lock", ({ heddle }) => new heddle.Lock(), "locked"],
  ["RLock", ({ heddle }) => new heddle.RLock(), "locked"],
  ["Semaphore", ({ heddle }) => new heddle.Semaphore(3), "tryAcquire"],
  ["BoundedSemaphore", ({ heddle }) => new heddle.BoundedSemaphore(3), "tryAcquire"],
  ["Event", ({ heddle }) => new heddle.Event(), "isSet"],
  ["Barrier", ({ heddle }) => new heddle.Barrier(1), "wait"],
  ["ReadWriteLock", ({ heddle }) => new heddle.ReadWriteLock(), "tryRead"],
  ["Counter", ({ heddle }) => new heddle.Counter(5), "add"],
  ["Queue", ({ heddle }) => new heddle.Queue(), "qsize"],
  ["LifoQueue", ({ heddle }) => new heddle.LifoQueue(), "qsize"],
  ["PriorityQueue", ({ heddle }) => new heddle.PriorityQueue(), "qsize"],
  ["SimpleQueue", ({ heddle }) => new heddle.SimpleQueue(), "qsize"],
  ["Condition", ({ heddle }) => new heddle.Condition(), "tryAcquire"],
];
for (const [name, make, probe] of OBJECTS) {
  rule(
    `that is a ${name} arrives as one, here and in another thread`,
    "can be inherited, not sent",
    async (world) => {
      const queue = world.own(new world.heddle.Queue<unknown>());
      const object = world.own(make(world));
      queue.putNowait(object);
      const arrived = world.own(queue.getNowait() as Shared);
      assert.ok(arrived.constructor === object.constructor, `it is a ${arrived.constructor.name}`);
      assert.equal(arrived.handle, object.handle);
      queue.putNowait(object);
      await world.inThread("callWhatComes", queue, probe);
    },
    { ours: "Heddle's objects travel" },
  );
}

rule("that is a lock arrives as the same lock", "can be inherited, not sent", async (world) => {
  const queue = world.own(new world.heddle.Queue<unknown>());
  const lock = world.own(new world.heddle.Lock());
  queue.putNowait(lock);
  const arrived = world.own(queue.getNowait() as typeof lock);
  const guard = arrived.tryAcquire();
  assert.is(lock.locked(), true);
  assert.is(lock.tryAcquire(), null);
  guard?.release();
  assert.is(lock.locked(), false);
});

rule("that holds objects of Heddle deep inside arrives with them", "can be inherited, not sent", async (world) => {
  const queue = world.own(new world.heddle.Queue<unknown>());
  const event = world.own(new world.heddle.Event());
  queue.putNowait({ reply: [event], name: "job" });
  const { reply, name } = queue.getNowait() as { reply: [typeof event]; name: string };
  world.own(reply[0]).set();
  assert.equal([event.isSet(), name], [true, "job"]);
});

rule("that is a handle leads to its object", "(has none)", async (world) => {
  const { Event, Queue } = world.heddle;
  const queue = world.own(new Queue<unknown>());
  const event = world.own(new Event());
  queue.putNowait(event.handle);
  const arrived = queue.getNowait();
  const twin = world.own(arrived instanceof Event ? arrived : Event.from(arrived as typeof event.handle));
  twin.set();
  assert.is(event.isSet(), true);
});

rule(
  "that is an object of Heddle is a handle: whoever sends it keeps it open until it is received",
  "(has none)",
  async (world) => {
    const queue = world.own(new world.heddle.Queue<unknown>());
    const inner = new world.heddle.Queue<number>();
    queue.putNowait(inner);
    inner.close();
    await world.fails(() => queue.getNowait(), "HandleError");
    assert.is(queue.qsize(), 0);
  },
);

rule("a queue through which another thread answers: the usual program", "(has none)", async (world) => {
  const { Queue } = world.heddle;
  const requests = world.own(new Queue<unknown>());
  const reply = world.own(new Queue<unknown>());
  const asked = world.inThread("callWhatComes", requests, "putSync", "the answer");
  requests.putNowait(reply);
  assert.is(await reply.get(), "the answer");
  await asked;
});

rule("a closed object of Heddle is refused", "(has none)", async (world) => {
  const queue = world.own(new world.heddle.Queue<unknown>());
  const lock = new world.heddle.Lock();
  lock.close();
  await world.fails(() => queue.putNowait(lock), "ClosedError");
  assert.is(queue.qsize(), 0);
});
