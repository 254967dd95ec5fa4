/** Handles and the life of objects: from, close, using, other threads and other memories. */
import * as assert from "uvu/assert";
import type { Handle, Library, Shared, SharedClass } from "../library.js";
import { type Case, CLASSES, type ClassName, chapter, invoke } from "../world.js";

const PYTHON = "(has none: objects are shared by reference, or inherited)";

/** By what Node's console asks an object for its text. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

type Call = readonly [method: string, ...args: unknown[]];

interface Kind {
  readonly make: (heddle: Library, options?: object) => Shared;
  /** Everything that can be called, in the forms that any thread may call. */
  readonly calls: readonly Call[];
  readonly blocking: readonly Call[];
  readonly properties?: readonly string[];
}

const LOCKING: readonly Call[] = [["acquire"], ["tryAcquire"], ["release"]];
const QUEUEING: readonly Call[] = [["put", 1], ["putNowait", 1], ["get"], ["getNowait"], ["qsize"], ["empty"]];
const ALL_OF_QUEUE: readonly Call[] = [
  ...QUEUEING,
  ["putMany", [1]],
  ["getMany", 1],
  ["full"],
  ["taskDone"],
  ["join"],
  ["shutdown"],
  ["snapshot"],
];
const BLOCKING_QUEUE: readonly Call[] = [
  ["putSync", 1],
  ["getSync"],
  ["putManySync", [1, 2]],
  ["getManySync", 1],
  ["joinSync"],
];
const QUEUE_PROPERTIES = ["maxsize", "isShutdown", "unfinishedTasks"];

const KINDS: Readonly<Record<ClassName, Kind>> = {
  Lock: { make: (h, o) => new h.Lock(o), calls: [...LOCKING, ["locked"]], blocking: [["acquireSync"]] },
  RLock: { make: (h, o) => new h.RLock(o), calls: [...LOCKING, ["locked"]], blocking: [["acquireSync"]] },
  Condition: {
    make: (h, o) => new h.Condition(undefined, o),
    calls: [...LOCKING, ["wait"], ["waitFor", () => false], ["notify"], ["notifyAll"]],
    blocking: [["acquireSync"], ["waitSync"], ["waitForSync", () => false]],
  },
  Semaphore: {
    make: (h, o) => new h.Semaphore(1, o),
    calls: LOCKING,
    blocking: [["acquireSync"]],
    properties: ["value"],
  },
  BoundedSemaphore: {
    make: (h, o) => new h.BoundedSemaphore(1, o),
    calls: LOCKING,
    blocking: [["acquireSync"]],
    properties: ["value"],
  },
  Event: { make: (h, o) => new h.Event(o), calls: [["set"], ["clear"], ["isSet"], ["wait"]], blocking: [["waitSync"]] },
  Barrier: {
    make: (h, o) => new h.Barrier(2, o),
    calls: [["wait"], ["reset"], ["abort"]],
    blocking: [["waitSync"]],
    properties: ["parties", "waiting", "broken"],
  },
  ReadWriteLock: {
    make: (h, o) => new h.ReadWriteLock(o),
    calls: [["read"], ["tryRead"], ["write"], ["tryWrite"]],
    blocking: [["readSync"], ["writeSync"]],
  },
  Once: {
    make: (h, o) => new h.Once(o),
    calls: [["call", () => {}]],
    blocking: [["callSync", () => {}]],
    properties: ["done"],
  },
  Counter: {
    make: (h, o) => new h.Counter(0, o),
    calls: [["add"], ["compareExchange", 0, 1]],
    blocking: [],
    properties: ["value"],
  },
  SimpleQueue: { make: (h, o) => new h.SimpleQueue(o), calls: QUEUEING, blocking: [["putSync", 1], ["getSync"]] },
  Queue: {
    make: (h, o) => new h.Queue(o),
    calls: ALL_OF_QUEUE,
    blocking: BLOCKING_QUEUE,
    properties: QUEUE_PROPERTIES,
  },
  LifoQueue: {
    make: (h, o) => new h.LifoQueue(o),
    calls: ALL_OF_QUEUE,
    blocking: BLOCKING_QUEUE,
    properties: QUEUE_PROPERTIES,
  },
  PriorityQueue: {
    make: (h, o) => new h.PriorityQueue(o),
    calls: ALL_OF_QUEUE,
    blocking: BLOCKING_QUEUE,
    properties: QUEUE_PROPERTIES,
  },
};

function classOf(heddle: Library, name: ClassName): SharedClass {
  return heddle[name];
}

function rulesOf(name: ClassName): Case[] {
  const { cases, rule } = chapter(`${name}'s handle`);
  const { make, calls, blocking, properties = [] } = KINDS[name];
  const revive = (heddle: Library, handle: unknown, options?: object): Shared =>
    classOf(heddle, name).from(handle as Handle, options);

  rule("is a plain object that can be cloned and leads back", PYTHON, (world) => {
    const object = world.own(make(world.heddle));
    const clone = structuredClone(object.handle);
    assert.equal(clone, object.handle);
    assert.is(Object.getPrototypeOf(object.handle), Object.prototype);
    assert.type(clone.heddle, "string");
    const twin = world.own(revive(world.heddle, clone));
    assert.ok(twin.constructor === object.constructor);
    assert.equal(twin.handle, object.handle);
  });

  rule("leads there from another thread", PYTHON, async (world) => {
    const object = world.own(make(world.heddle));
    const handle = (await world.inThread("read", object, "handle")) as Handle;
    assert.equal(handle, object.handle);
  });

  rule("one hold closed leaves the others", PYTHON, async (world) => {
    const object = make(world.heddle);
    const twin = world.own(revive(world.heddle, object.handle));
    object.close();
    assert.is(world.heddle.waitingOn(twin), 0);
    world.own(revive(world.heddle, twin.handle));
  });

  rule("closed twice is fine", "close: second close fine", (world) => {
    const object = make(world.heddle);
    assert.is(object.close(), undefined);
    assert.is(object.close(), undefined);
  });

  rule("closed twice gives up one hold only", PYTHON, (world) => {
    const object = make(world.heddle);
    const twin = world.own(revive(world.heddle, object.handle));
    object.close();
    object.close();
    object.close();
    assert.is(world.heddle.waitingOn(twin), 0);
  });

  rule("is closed by its scope", "with", async (world) => {
    if (typeof Symbol.dispose !== "symbol") return;
    const object = make(world.heddle) as Shared & Record<symbol, () => void>;
    object[Symbol.dispose]!();
    await world.fails(() => invoke(object, ...calls[0]!), "ClosedError");
  });

  rule(
    "after close every call is a ClosedError",
    "every use ValueError",
    async (world) => {
      const object = make(world.heddle);
      object.close();
      for (const call of calls) await world.fails(() => invoke(object, ...call), "ClosedError");
      for (const property of properties) await world.fails(() => Reflect.get(object, property), "ClosedError");
    },
    { ours: "ClosedError is our ValueError" },
  );

  if (blocking.length > 0) {
    rule(
      "after close every blocking call is a ClosedError",
      "every use ValueError",
      async (world) => {
        const object = make(world.heddle);
        object.close();
        for (const call of blocking) await world.fails(() => invoke(object, ...call), "ClosedError");
      },
      { needs: { sync: true } },
    );

    rule(
      "blocking calls are refused on a page's own thread, whether or not they would wait",
      "(has no pages)",
      async (world) => {
        const object = world.own(make(world.heddle));
        if ("putNowait" in object) invoke(object, "putNowait", 1);
        for (const [method, ...args] of blocking) {
          const error = await world.fails(() => invoke(object, method, ...args), "UnsupportedError");
          const twin = method.slice(0, -"Sync".length);
          assert.match(error.message, new RegExp(`\\b${twin}\\b(?!Sync)`), `${method} does not name its twin`);
        }
        if ("qsize" in object) assert.is(invoke(object, "qsize"), 1);
      },
      { needs: { only: ["page"] } },
    );
  }

  rule("after the last close it is stale", PYTHON, async (world) => {
    const object = make(world.heddle);
    const { handle } = object;
    object.close();
    await world.fails(() => revive(world.heddle, handle), "HandleError");
  });

  rule("stays stale when another object takes the place", PYTHON, async (world) => {
    const object = make(world.heddle);
    const { handle } = object;
    object.close();
    for (let i = 0; i < 20; i++) {
      world.own(make(world.heddle));
      await world.fails(() => revive(world.heddle, handle), "HandleError");
    }
  });

  rule("of another kind is refused", PYTHON, async (world) => {
    const object = world.own(make(world.heddle));
    for (const other of CLASSES) {
      if (other === name) continue;
      await world.fails(() => classOf(world.heddle, other).from(object.handle), "HandleError");
    }
  });

  rule("of another memory leads there, or is refused where one names this one", PYTHON, async (world) => {
    const context = world.heddle.createHeddle({ memory: 1 << 20 });
    try {
      const object = make(world.heddle, { context });
      const twin = revive(world.heddle, object.handle);
      assert.equal(twin.handle, object.handle);
      revive(world.heddle, object.handle, { context }).close();
      const own = world.own(make(world.heddle));
      await world.fails(() => revive(world.heddle, own.handle, { context }), "HandleError");
      assert.ok(own.handle.heddle !== object.handle.heddle);
      await world.fails(world.inThread("revive", name, object.handle), "HandleError");
      twin.close();
      object.close();
    } finally {
      await context.close();
    }
  });

  rule("that is bent is refused", PYTHON, async (world) => {
    const object = world.own(make(world.heddle));
    const { handle } = object;
    const bent: unknown[] = [
      { ...handle, address: 0 },
      { ...handle, address: handle.address + 4 },
      { ...handle, address: -8 },
      { ...handle, address: 2 ** 40 },
      { ...handle, address: Number.NaN },
      { ...handle, address: String(handle.address) },
      { ...handle, heddle: "another" },
      { ...handle, id: typeof handle.id === "number" ? handle.id + 1 : `${handle.id}1` },
      {},
      null,
      undefined,
      5,
      "handle",
    ];
    for (const one of bent) {
      let thrown: unknown = "nothing thrown";
      try {
        revive(world.heddle, one).close();
      } catch (error) {
        thrown = error;
      }
      const { code } = thrown as { code?: string };
      assert.ok(code === "ERR_HANDLE" || code === "ERR_ARGUMENT", `${JSON.stringify(one)}: ${String(thrown)}`);
    }
  });

  rule("made and closed many times leaves the memory as it was", PYTHON, (world) => {
    make(world.heddle).close();
    const used = world.used();
    for (let i = 0; i < 500; i++) make(world.heddle).close();
    assert.is(world.used(), used);
  });

  rule("options that are none are refused", PYTHON, async (world) => {
    for (const options of [{ context: 5 }, { spin: -1 }, { spin: "often" }, { spinn: 5 }, [], null as never]) {
      await world.fails(() => make(world.heddle, options).close(), "ArgumentError");
    }
  });

  rule("options of from that are none are refused", PYTHON, async (world) => {
    const { handle } = world.own(make(world.heddle));
    for (const options of [{ context: 5 }, { spin: -1 }, { maxsize: 5 }, { handle }, [], 5 as never, null as never]) {
      await world.fails(() => revive(world.heddle, handle, options).close(), "ArgumentError");
    }
  });

  rule("options that are undefined are as absent, whatever their names", PYTHON, (world) => {
    const nothing = { context: undefined, spin: undefined, spinn: undefined };
    const object = world.own(make(world.heddle, nothing));
    world.own(revive(world.heddle, object.handle, nothing));
  });

  rule("is asked for where the object itself is given", PYTHON, async (world) => {
    const object = world.own(make(world.heddle));
    const { message } = await world.fails(() => revive(world.heddle, object), "HandleError");
    assert.match(message, `got the ${name} itself; pass ${name.toLowerCase()}.handle`);
  });

  rule("belongs to an object that consoles show in a line", "repr", async (world) => {
    const context = world.heddle.createHeddle({ memory: 1 << 20 });
    const objects = [world.own(make(world.heddle)), make(world.heddle, { context })];
    const shown = (object: Shared): unknown => invoke(object, INSPECT);
    for (const object of objects) {
      assert.match(String(object), new RegExp(`^${name} \\{ \\w+: \\w+(, \\w+: \\w+)* \\}$`));
      assert.is(shown(object), String(object));
    }
    await context.close();
    assert.is(shown(objects[1]!), `${name} { closed }`);
    objects[0]!.close();
    assert.is(shown(objects[0]!), `${name} { closed }`);
  });

  rule("is of a class that has its name", "type(…).__name__", (world) => {
    const object = world.own(make(world.heddle));
    assert.is(object.constructor.name, name);
  });

  rule("spin is how long it looks before it sleeps", PYTHON, (world) => {
    for (const spin of [0, 1, 2000]) world.own(make(world.heddle, { spin }));
  });

  return cases;
}

const { cases: more, rule } = chapter("a handle");

rule("to a queue: what was in it at the last close is given back", PYTHON, (world) => {
  const before = world.used();
  const queue = new world.heddle.Queue();
  for (let i = 0; i < 100; i++) queue.putNowait({ i, text: "x".repeat(100) });
  assert.ok(world.used() > before + 10_000);
  queue.close();
  assert.is(world.used(), before);
});

rule("to a queue: objects that were in it at the last close are given back", PYTHON, (world) => {
  const before = world.used();
  const queue = new world.heddle.Queue<unknown>();
  const inner = new world.heddle.Queue();
  queue.putNowait({ inner });
  inner.close();
  queue.close();
  assert.is(world.used(), before);
});

rule("to a queue: an immediate shutdown gives back what was in it", PYTHON, (world) => {
  const queue = world.own(new world.heddle.Queue());
  const before = world.used();
  for (let i = 0; i < 100; i++) queue.putNowait({ i, text: "x".repeat(100) });
  queue.shutdown({ immediate: true });
  // The store of an unbounded queue may stay as large as it has become; the values may not.
  assert.ok(world.used() < before + 10_000);
});

rule("another thread's hold keeps an object when this one is closed", PYTHON, async (world) => {
  const queue = new world.heddle.Queue<number>();
  const { handle } = queue;
  const other = await world.thread();
  await other.run("call", queue, "putSync", 7);
  queue.close();
  const again = world.own(world.heddle.Queue.from<number>(handle));
  assert.is(again.getNowait(), 7);
});

rule("the hold of a thread that dies is given up", PYTHON, async (world) => {
  const queue = new world.heddle.Queue<number>();
  const { handle } = queue;
  const other = await world.thread();
  await other.run("call", queue, "qsize");
  queue.close();
  await other.kill();
  await world.until(() => {
    try {
      world.heddle.Queue.from(handle).close();
      return false;
    } catch (error) {
      assert.is((error as { code: string }).code, "ERR_HANDLE");
      return true;
    }
  });
});

rule("that is stale is refused in another thread, too", PYTHON, async (world) => {
  const lock = new world.heddle.Lock();
  const { handle } = lock;
  lock.close();
  await world.fails(world.inThread("revive", "Lock", handle), "HandleError");
});

rule("of another kind is refused in another thread, too", PYTHON, async (world) => {
  const lock = world.own(new world.heddle.Lock());
  await world.fails(world.inThread("revive", "Queue", lock.handle), "HandleError");
});

rule("closed while somebody here waits: the wait ends with a ClosedError", "(has none)", async (world) => {
  const queue = new world.heddle.Queue();
  const got = queue.get();
  await world.waiting(queue, 1);
  queue.close();
  await world.fails(got, "ClosedError");
});

rule("closed while it is locked is fine: the last close frees it", PYTHON, async (world) => {
  const lock = new world.heddle.Lock();
  await lock.acquire();
  lock.close();
  assert.ok(true);
});

export const cases: Case[] = [...CLASSES.flatMap(rulesOf), ...more];
