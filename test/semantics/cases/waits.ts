/**
 * Everything that waits, and the rules that hold of every wait: the matrix of timeouts (section 1 of the reference), aborts, order.
 *
 * One row per method; a row says how to bring about the state in which it has to wait, in each of its two forms.
 */
import * as assert from "uvu/assert";
import type { Guard, Queue, Shared } from "../library.js";
import { type Case, chapter, type ErrorName, held, invoke, type World } from "../world.js";

type Form = "promise" | "Sync";

interface Options {
  timeout?: unknown;
  signal?: AbortSignal | undefined;
  ref?: unknown;
  timeOut?: unknown;
}

/** One object on which a call has to wait. */
interface Scene {
  /** On what they wait who call. */
  readonly object: Shared;
  /** The call, in this thread. The blocking form throws or returns inside the promise. */
  wait(options?: Options): Promise<unknown>;
  /** Lets one through. From this thread. */
  free(): unknown;
  /** Another thread lets one through as soon as one waits. To be called before a blocking form. */
  freeThere(): Promise<unknown>;
  /** The blocking form in another thread. */
  there(options?: Options): Promise<unknown>;
}

interface Row {
  readonly name: string;
  readonly python: { readonly none: string; readonly zero: string; readonly negative: string };
  /** What comes when the time is out. */
  readonly late: { readonly error: ErrorName } | { readonly value: unknown };
  /** What a success returns: a value, or a guard. */
  readonly success: { readonly value: unknown } | "guard";
  /** How many waiters one `free` wakes. */
  readonly wakes: "one" | "all";
  /** Whether a `free` before the call serves it. */
  readonly remembered: boolean;
  scene(world: World, form: Form): Scene | Promise<Scene>;
}

/** Calls `method` or its blocking twin. */
function call(object: object, method: string, form: Form, ...args: readonly unknown[]): Promise<unknown> {
  if (form === "promise") return invoke(object, method, ...args) as Promise<unknown>;
  return new Promise((resolve) => resolve(invoke(object, `${method}Sync`, ...args)));
}

/** A scene in which any thread may call `freeing` to let one through. */
function simple(
  { inThread }: World,
  form: Form,
  object: Shared,
  [method, ...args]: readonly [string, ...unknown[]],
  [freeing, ...rest]: readonly [string, ...unknown[]],
): Scene {
  return {
    object,
    wait: (options) => call(object, method, form, ...args, options),
    free: () => invoke(object, freeing, ...rest),
    freeThere: () => inThread("whenWaiting", object, 1, freeing, ...rest),
    there: (options) => inThread("call", object, `${method}Sync`, ...args, options),
  };
}

/** A scene in which only the holder can let others in: this thread, or, where that would be let in itself, another one. */
async function owned(
  world: World,
  form: Form,
  object: Shared,
  waitsOn: Shared,
  method: string,
  taking: "tryAcquire" | "tryRead" | "tryWrite",
): Promise<Scene> {
  const common = {
    object: waitsOn,
    wait: (options?: Options) => call(object, method, form, options),
    there: (options?: Options) => world.inThread("call", object, `${method}Sync`, options),
  };
  if (form === "promise") {
    const guard = held(invoke(object, taking) as Guard | null);
    return {
      ...common,
      free: () => guard.release(),
      freeThere: () => Promise.reject(new Error("nobody there has it")),
    };
  }
  const holder = await world.thread();
  assert.is(await holder.run("take", object, taking), true);
  return {
    ...common,
    free: () => holder.run("give"),
    freeThere: () => holder.run("giveWhenWaiting", waitsOn, 1),
  };
}

const QUEUES = ["Queue", "LifoQueue", "PriorityQueue"] as const;

function emptyQueue({ heddle, own }: World, name: (typeof QUEUES)[number]): Queue {
  return own(new (heddle[name] as typeof Queue)());
}

function fullQueue({ heddle, own }: World, name: (typeof QUEUES)[number]): Queue {
  const queue = own(new (heddle[name] as typeof Queue)(1));
  queue.putNowait(1);
  return queue;
}

const EMPTY = { error: "QueueEmptyError" } as const;
const FULL = { error: "QueueFullError" } as const;
const NOTHING = { value: null } as const;

const ROWS: readonly Row[] = [
  ...QUEUES.flatMap((name): Row[] => [
    {
      name: `${name}.get`,
      python: { none: "forever", zero: "try -> Empty", negative: "ValueError even when an item is present" },
      late: EMPTY,
      success: { value: 7 },
      wakes: "one",
      remembered: true,
      scene: (world, form) => simple(world, form, emptyQueue(world, name), ["get"], ["putNowait", 7]),
    },
    {
      name: `${name}.put`,
      python: { none: "forever", zero: "try -> Full", negative: "ValueError if maxsize > 0, even when there is room" },
      late: FULL,
      success: { value: undefined },
      wakes: "one",
      remembered: true,
      scene: (world, form) => simple(world, form, fullQueue(world, name), ["put", 2], ["getNowait"]),
    },
  ]),
  {
    name: "Queue.getMany",
    python: { none: "(has none)", zero: "(has none)", negative: "(has none)" },
    late: EMPTY,
    success: { value: [7] },
    wakes: "one",
    remembered: true,
    scene: (world, form) => simple(world, form, emptyQueue(world, "Queue"), ["getMany", 4], ["putNowait", 7]),
  },
  {
    name: "Queue.putMany",
    python: { none: "(has none)", zero: "(has none)", negative: "(has none)" },
    late: FULL,
    success: { value: 1 },
    wakes: "one",
    remembered: true,
    scene: (world, form) => simple(world, form, fullQueue(world, "Queue"), ["putMany", [2]], ["getNowait"]),
  },
  {
    name: "Queue.join",
    python: { none: "(has no timeout)", zero: "(has no timeout)", negative: "(has no timeout)" },
    late: { value: false },
    success: { value: true },
    wakes: "all",
    remembered: true,
    scene: (world, form) => simple(world, form, fullQueue(world, "Queue"), ["join"], ["taskDone"]),
  },
  {
    name: "SimpleQueue.get",
    python: { none: "forever", zero: "try -> Empty", negative: "ValueError" },
    late: EMPTY,
    success: { value: 7 },
    wakes: "one",
    remembered: true,
    scene: (world, form) => simple(world, form, world.own(new world.heddle.SimpleQueue()), ["get"], ["putNowait", 7]),
  },
  {
    name: "Lock.acquire",
    python: { none: "TypeError", zero: "try", negative: "-1 means forever; any other negative ValueError" },
    late: NOTHING,
    success: "guard",
    wakes: "one",
    remembered: true,
    scene(world, form) {
      const lock = world.own(new world.heddle.Lock());
      held(lock.tryAcquire());
      return simple(world, form, lock, ["acquire"], ["release"]);
    },
  },
  {
    name: "RLock.acquire",
    python: { none: "TypeError", zero: "try", negative: "-1 means forever; any other negative ValueError" },
    late: NOTHING,
    success: "guard",
    wakes: "one",
    remembered: true,
    scene(world, form) {
      const lock = world.own(new world.heddle.RLock());
      return owned(world, form, lock, lock, "acquire", "tryAcquire");
    },
  },
  {
    name: "Condition.acquire",
    python: { none: "TypeError", zero: "try", negative: "-1 means forever; any other negative ValueError" },
    late: NOTHING,
    success: "guard",
    wakes: "one",
    remembered: true,
    scene(world, form) {
      const condition = world.own(new world.heddle.Condition());
      return owned(world, form, condition, condition.lock, "acquire", "tryAcquire");
    },
  },
  {
    name: "Condition.wait",
    python: { none: "forever", zero: "releases, re-takes, False", negative: "same as 0, no error" },
    late: { value: false },
    success: { value: true },
    wakes: "one",
    remembered: false,
    scene(world, form) {
      const condition = world.own(new world.heddle.Condition());
      return {
        object: condition,
        async wait(options) {
          if (form === "Sync") {
            const own = held(condition.acquireSync());
            try {
              return condition.waitSync(options as { timeout?: number });
            } finally {
              own.release();
            }
          }
          const guard = held(await condition.acquire());
          try {
            return await condition.wait({ ...(options as { timeout?: number }), guard });
          } finally {
            guard.release();
          }
        },
        free() {
          const own = held(condition.tryAcquire());
          condition.notify();
          own.release();
        },
        freeThere: () => world.inThread("notifyWhenWaiting", condition, 1, 1),
        there: (options) => world.inThread("waitOnCondition", condition, (options ?? {}) as { timeout?: number }),
      };
    },
  },
  {
    name: "Condition.waitFor",
    python: { none: "forever", zero: "predicate called twice, value returned", negative: "same as 0" },
    late: { value: false },
    success: { value: true },
    wakes: "one",
    remembered: true,
    scene(world, form) {
      const condition = world.own(new world.heddle.Condition());
      const event = world.own(new world.heddle.Event());
      const isSet = (): boolean => event.isSet();
      return {
        object: condition,
        async wait(options) {
          if (form === "Sync") {
            const own = held(condition.acquireSync());
            try {
              return condition.waitForSync(isSet, options as { timeout?: number });
            } finally {
              own.release();
            }
          }
          const own = held(await condition.acquire());
          try {
            return await condition.waitFor(isSet, { ...(options as { timeout?: number }), guard: own });
          } finally {
            own.release();
          }
        },
        free() {
          const own = held(condition.tryAcquire());
          event.set();
          condition.notify();
          own.release();
        },
        freeThere: () => world.inThread("setAndNotify", condition, event),
        there: (options) =>
          world.inThread("waitOnConditionFor", condition, event, (options ?? {}) as { timeout?: number }),
      };
    },
  },
  ...(["Semaphore", "BoundedSemaphore"] as const).map(
    (name): Row => ({
      name: `${name}.acquire`,
      python: { none: "forever", zero: "try", negative: "like 0 -> False, no error" },
      late: NOTHING,
      success: "guard",
      wakes: "one",
      remembered: true,
      scene(world, form) {
        const semaphore = world.own(new world.heddle[name](1));
        held(semaphore.tryAcquire());
        return simple(world, form, semaphore, ["acquire"], ["release"]);
      },
    }),
  ),
  {
    name: "Event.wait",
    python: { none: "forever", zero: "current flag", negative: "like 0" },
    late: { value: false },
    success: { value: true },
    wakes: "all",
    remembered: true,
    scene: (world, form) => simple(world, form, world.own(new world.heddle.Event()), ["wait"], ["set"]),
  },
  {
    name: "Barrier.wait",
    python: {
      none: "the constructor's default, forever only if that is None too",
      zero: "breaks the barrier unless last",
      negative: "like 0",
    },
    late: { error: "BrokenBarrierError" },
    success: { value: 0 },
    wakes: "all",
    remembered: false,
    scene(world, form) {
      const barrier = world.own(new world.heddle.Barrier(2));
      return {
        ...simple(world, form, barrier, ["wait"], ["wait"]),
        freeThere: () => world.inThread("whenWaiting", barrier, 1, "waitSync"),
      };
    },
  },
  {
    name: "ReadWriteLock.read",
    python: { none: "(has none)", zero: "(has none)", negative: "(has none)" },
    late: NOTHING,
    success: "guard",
    wakes: "all",
    remembered: true,
    scene(world, form) {
      const lock = world.own(new world.heddle.ReadWriteLock());
      return owned(world, form, lock, lock, "read", "tryWrite");
    },
  },
  {
    name: "ReadWriteLock.write",
    python: { none: "(has none)", zero: "(has none)", negative: "(has none)" },
    late: NOTHING,
    success: "guard",
    wakes: "one",
    remembered: true,
    scene(world, form) {
      const lock = world.own(new world.heddle.ReadWriteLock());
      return owned(world, form, lock, lock, "write", "tryRead");
    },
  },
  {
    name: "Once.call",
    python: { none: "(has none)", zero: "(has none)", negative: "(has none)" },
    late: NOTHING,
    success: { value: false },
    wakes: "all",
    remembered: true,
    async scene(world, form) {
      const once = world.own(new world.heddle.Once());
      const end = world.own(new world.heddle.Event());
      const holder = form === "Sync" ? await world.thread() : undefined;
      const running = holder?.run("onceWaiting", once, end) ?? once.call(() => end.wait());
      if (holder !== undefined) await world.waiting(end, 1);
      return {
        object: once,
        wait: (options) => call(once, "call", form, () => {}, options),
        free() {
          end.set();
          return running;
        },
        freeThere: () => world.inThread("whenWaitingOn", once, 1, end, "set"),
        there: (options) => world.inThread("callOnce", once, (options ?? {}) as { timeout?: number }),
      };
    },
  },
];

/** Milliseconds that end at once or soon. */
const SHORT = [0, -0, 0.5, 5];
/** Never in a test's life. The last ones would overflow a timer, or nanoseconds in 64 bits. */
const LONG = [undefined, null, Number.POSITIVE_INFINITY, 2 ** 31, 2 ** 45, Number.MAX_VALUE];
const NEGATIVE = [-1, -0.001, Number.NEGATIVE_INFINITY, Number.NaN];
const NO_TIME = ["5", {}, [], true, 5n, Symbol("time")];

function passed({ success }: Row, result: unknown): void {
  if (success === "guard") held(result as Guard | null).release();
  else assert.equal(result, success.value);
}

async function checkLate({ fails }: World, { late }: Row, waited: Promise<unknown>): Promise<void> {
  if ("error" in late) await fails(waited, late.error);
  else assert.is(await waited, late.value);
}

/** Nobody waits, and the object serves the next as if nothing had been. */
async function checkNoTrace({ heddle }: World, row: Row, scene: Scene, form: Form): Promise<void> {
  assert.is(heddle.waitingOn(scene.object), 0, "somebody still waits");
  if (!row.remembered) return;
  await scene.free();
  const result = form === "Sync" ? await scene.wait({ timeout: 0 }) : await scene.wait();
  passed(row, result);
}

/** A success in the promise form, or in the blocking form with another thread's help. */
async function pass(world: World, row: Row, form: Form, options?: Options): Promise<void> {
  const scene = await row.scene(world, form);
  if (form === "Sync") {
    const freed = scene.freeThere();
    passed(row, await scene.wait(options));
    await freed;
    return;
  }
  const waited = scene.wait(options);
  await world.waiting(scene.object, 1);
  await scene.free();
  passed(row, await waited);
}

function rulesOf(row: Row, form: Form): Case[] {
  const { python } = row;
  const { cases, rule } = chapter(`${row.name}${form === "Sync" ? "Sync" : ""}`);
  const needs = form === "Sync" ? { needs: { sync: true } as const } : {};

  rule("without options it waits", "default: waits forever", (world) => pass(world, row, form), needs);

  for (const timeout of LONG) {
    const isNone = timeout === undefined || timeout === null;
    const differs =
      timeout === null && python.none === "TypeError"
        ? { ours: "null waits for ever, as in every other wait" }
        : timeout === 2 ** 45 || timeout === Number.MAX_VALUE
          ? { ours: "as long as for ever: a number that is too large is no mistake" }
          : {};
    rule(
      `timeout ${timeout} waits`,
      isNone
        ? `timeout=None: ${python.none}`
        : timeout === Number.POSITIVE_INFINITY || timeout > 2 ** 44
          ? "OverflowError"
          : "waits",
      (world) => pass(world, row, form, { timeout }),
      { ...needs, ...(timeout === Number.POSITIVE_INFINITY ? { ours: "Infinity waits for ever" } : differs) },
    );
  }

  for (const timeout of SHORT) {
    const text = Object.is(timeout, -0) ? "-0" : String(timeout);
    rule(
      `timeout ${text} ends it`,
      timeout === 0 ? `0: ${python.zero}` : "waits that long, one deadline on a monotonic clock",
      async (world) => {
        const scene = await row.scene(world, form);
        await checkLate(world, row, scene.wait({ timeout }));
        await checkNoTrace(world, row, scene, form);
      },
      needs,
    );
  }

  rule(
    "a negative timeout or NaN is a RangeError, and nothing has changed",
    `negative: ${python.negative}`,
    async (world) => {
      const scene = await row.scene(world, form);
      for (const timeout of NEGATIVE) await world.fails(() => scene.wait({ timeout }), "TimeoutRangeError");
      await checkNoTrace(world, row, scene, form);
    },
    /ValueError/.test(python.negative) && !/-1|maxsize/.test(python.negative)
      ? needs
      : { ...needs, ours: "negative or NaN is a RangeError in every wait" },
  );

  rule(
    "a timeout that is no number is an ArgumentError",
    "TypeError",
    async (world) => {
      const scene = await row.scene(world, form);
      for (const timeout of NO_TIME) await world.fails(() => scene.wait({ timeout }), "ArgumentError");
      await checkNoTrace(world, row, scene, form);
    },
    { ...needs, ours: "ArgumentError is our TypeError" },
  );

  rule(
    "an option that there is not is an ArgumentError that names it, and nothing has changed",
    "TypeError: unexpected keyword argument",
    async (world) => {
      const scene = await row.scene(world, form);
      const { message } = await world.fails(() => scene.wait({ timeOut: 5 }), "ArgumentError");
      assert.match(message, /unknown option `timeOut`; expected .*\btimeout\b/);
      await checkNoTrace(world, row, scene, form);
    },
    { ...needs, ours: "ArgumentError is our TypeError" },
  );

  rule(
    "options that are undefined are as absent, whatever their names",
    "(has none)",
    (world) => pass(world, row, form, { timeout: undefined, signal: undefined, ref: undefined, timeOut: undefined }),
    needs,
  );

  if (form === "Sync") {
    rule(
      "signal and ref are refused: only the promise form can take them",
      "(has none)",
      async (world) => {
        const scene = await row.scene(world, form);
        for (const options of [{ signal: AbortSignal.abort() }, { ref: false }]) {
          const { message } = await world.fails(() => scene.wait(options), "ArgumentError");
          const [name] = Object.keys(options);
          const method = row.name.split(".")[1];
          assert.match(
            message,
            new RegExp(`unknown option \`${name}\`; expected timeout; only the promise form, \`\\w+\\.${method}\``),
          );
        }
        await checkNoTrace(world, row, scene, form);
      },
      needs,
    );

    rule("blocks in another thread until this one frees it", "waits", async (world) => {
      const scene = await row.scene(world, "promise");
      const waited = scene.there();
      await world.waiting(scene.object, 1);
      await scene.free();
      const result = await waited;
      if (row.success === "guard") assert.is(result, "guard");
      else assert.equal(result, row.success.value);
    });
    return cases;
  }

  rule("an aborted signal rejects with its reason, and nothing has changed", "(has no signals)", async (world) => {
    const scene = await row.scene(world, form);
    const reason = { why: "a test wants it" };
    const thrown = await scene.wait({ signal: AbortSignal.abort(reason) }).then(fulfilled, (thrown) => thrown);
    assert.is(thrown, reason);
    await checkNoTrace(world, row, scene, form);
  });

  rule("an abort without a reason rejects with an AbortError", "(has no signals)", async (world) => {
    const scene = await row.scene(world, form);
    const controller = new AbortController();
    const waited = scene.wait({ signal: controller.signal });
    await world.waiting(scene.object, 1);
    controller.abort();
    const thrown: unknown = await waited.then(fulfilled, (thrown) => thrown);
    assert.is(thrown, controller.signal.reason);
    assert.is((thrown as Error).name, "AbortError");
    await checkNoTrace(world, row, scene, form);
  });

  rule("a wrong argument rejects: it does not throw at the call", "raises at call", async (world) => {
    const scene = await row.scene(world, form);
    const waited = scene.wait({ timeout: -1 });
    assert.instance(waited, Promise);
    await world.fails(waited, "TimeoutRangeError");
    await checkNoTrace(world, row, scene, form);
  });

  // Two are enough for a barrier to open: its own chapter has this with three.
  if (row.name !== "Barrier.wait") {
    rule("an abort while it waits rejects, and takes nothing from the next", "(has no signals)", async (world) => {
      const scene = await row.scene(world, form);
      const controller = new AbortController();
      const aborted = scene.wait({ signal: controller.signal, timeout: 1e6 }).then(fulfilled, (thrown) => thrown);
      await world.waiting(scene.object, 1);
      const next = scene.wait();
      await world.waiting(scene.object, 2);
      controller.abort("enough");
      assert.is(await aborted, "enough");
      await scene.free();
      passed(row, await next);
    });

    rule(
      "an abort at the moment it is freed: it either has it, or the next gets it",
      "(has no signals)",
      async (world) => {
        const scene = await row.scene(world, form);
        const controller = new AbortController();
        let hadFirst = false;
        const first = scene.wait({ signal: controller.signal }).then(
          (result) => {
            hadFirst = true;
            passed(row, result);
          },
          (thrown) => assert.is(thrown, "enough"),
        );
        await world.waiting(scene.object, 1);
        const next = scene.wait().then((result) => passed(row, result));
        await world.waiting(scene.object, 2);
        await scene.free();
        controller.abort("enough");
        await first;
        // A guard has gone on to the next by itself.
        if (hadFirst && row.wakes === "one" && row.success !== "guard") await scene.free();
        await next;
      },
    );
  }

  rule("a signal that is none is an ArgumentError", "(has no signals)", async (world) => {
    const scene = await row.scene(world, form);
    for (const signal of [5, {}, "abort"]) {
      await world.fails(() => scene.wait({ signal: signal as unknown as AbortSignal }), "ArgumentError");
    }
    await checkNoTrace(world, row, scene, form);
  });

  rule("a ref that is neither true nor false is an ArgumentError", "(has none)", async (world) => {
    const scene = await row.scene(world, form);
    for (const ref of [0, null, "no"]) await world.fails(() => scene.wait({ ref }), "ArgumentError");
    await checkNoTrace(world, row, scene, form);
  });

  rule("a signal that outlives the call costs it nothing later", "(has no signals)", async (world) => {
    const scene = await row.scene(world, form);
    const controller = new AbortController();
    const waited = scene.wait({ signal: controller.signal });
    await world.waiting(scene.object, 1);
    await scene.free();
    const result = await waited;
    controller.abort("too late");
    passed(row, result);
  });

  if (row.wakes === "one") {
    rule(
      "wakes those who wait in the order in which they came",
      "waiters are woken in arrival order",
      async (world) => {
        const scene = await row.scene(world, form);
        const order: string[] = [];
        const waited = await inOrder(world, scene, order, ["first", "second", "third"]);
        await scene.free();
        for (const [index, one] of waited.entries()) {
          const result = await one;
          assert.equal(order, ["first", "second", "third"].slice(0, index + 1));
          passed(row, result);
          // A guard's release has let in the next.
          if (row.success !== "guard" && index < 2) await scene.free();
        }
      },
    );
  }
  return cases;
}

/** Three waits, each begun when the one before it waits. */
async function inOrder(
  world: World,
  scene: Scene,
  order: string[],
  names: readonly string[],
): Promise<Promise<unknown>[]> {
  const waited: Promise<unknown>[] = [];
  for (const name of names) {
    waited.push(scene.wait().finally(() => order.push(name)));
    await world.waiting(scene.object, waited.length);
  }
  return waited;
}

function fulfilled(result: unknown): never {
  throw new Error(`expected a rejection, got the result ${String(result)}`);
}

export const cases: Case[] = ROWS.flatMap((row) => [...rulesOf(row, "promise"), ...rulesOf(row, "Sync")]);
