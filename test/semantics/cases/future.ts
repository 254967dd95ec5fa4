/** Future, wait and asCompleted: section 7 of the reference. What a pool does to its futures is in pool.ts. */
import * as assert from "uvu/assert";
import type { Future } from "../library.js";
import { type Case, chapter, HOSTS, type World } from "../world.js";

const { cases: ofFutures, rule } = chapter("Future", HOSTS);

const make = <T>({ heddle }: World): Future<T> => new heddle.Future<T>();

type State = "pending" | "running" | "cancelled" | "finished" | "failed";

/** A future in a state. */
function inState(world: World, state: State): Future<number> {
  const future = make<number>(world);
  if (state === "running" || state === "failed") future.setRunningOrNotifyCancel();
  if (state === "cancelled") future.cancel();
  if (state === "finished") future.setResult(5);
  if (state === "failed") future.setException(new RangeError("mine"));
  return future;
}

const facts = ({ done, cancelled, running }: Future<unknown>) => ({ done, cancelled, running });

/** Catches what is printed as an error while `act` runs. */
async function printed(act: () => unknown): Promise<unknown[][]> {
  const { error: usual } = console;
  const texts: unknown[][] = [];
  console.error = (...text: unknown[]) => texts.push(text);
  try {
    await act();
    // What a callback promises comes a moment later.
    await new Promise((resolve) => setTimeout(resolve));
  } finally {
    console.error = usual;
  }
  return texts;
}

// States.

const FACTS: readonly [State, ReturnType<typeof facts>][] = [
  ["pending", { done: false, cancelled: false, running: false }],
  ["running", { done: false, cancelled: false, running: true }],
  ["cancelled", { done: true, cancelled: true, running: false }],
  ["finished", { done: true, cancelled: false, running: false }],
  ["failed", { done: true, cancelled: false, running: false }],
];
for (const [state, expected] of FACTS) {
  rule(`that is ${state} says so`, "cancelled() / done() / running()", (world) => {
    assert.equal(facts(inState(world, state)), expected);
  });
}

const CANCEL: readonly [State, boolean][] = [
  ["pending", true],
  ["running", false],
  ["cancelled", true],
  ["finished", false],
  ["failed", false],
];
for (const [state, expected] of CANCEL) {
  rule(
    `cancel of one that is ${state} is ${expected}`,
    "PENDING True, RUNNING False, CANCELLED True, FINISHED False",
    (world) => {
      const future = inState(world, state);
      const before = facts(future);
      assert.is(future.cancel(), expected);
      assert.equal(facts(future), expected ? { done: true, cancelled: true, running: false } : before);
    },
  );
}

rule("setRunningOrNotifyCancel of a pending one makes it running", "PENDING: True -> RUNNING", (world) => {
  const future = make(world);
  assert.equal([future.setRunningOrNotifyCancel(), future.running], [true, true]);
});

rule(
  "setRunningOrNotifyCancel of a cancelled one is false, again and again",
  "CANCELLED: False -> CANCELLED_AND_NOTIFIED; then RuntimeError",
  (world) => {
    const future = inState(world, "cancelled");
    assert.equal([future.setRunningOrNotifyCancel(), future.setRunningOrNotifyCancel()], [false, false]);
  },
  { ours: "one cancelled state: whoever waits is told at once" },
);

for (const state of ["running", "finished", "failed"] as const) {
  rule(
    `setRunningOrNotifyCancel of one that is ${state} is an InvalidStateError`,
    "RuntimeError",
    async (world) => {
      const future = inState(world, state);
      await world.fails(() => future.setRunningOrNotifyCancel(), "InvalidStateError");
    },
    { ours: "InvalidStateError is our RuntimeError here" },
  );
}

for (const state of ["cancelled", "finished", "failed"] as const) {
  rule(
    `an outcome for one that is ${state} is an InvalidStateError`,
    "InvalidStateError (first value kept)",
    async (world) => {
      const future = inState(world, state);
      await world.fails(() => future.setResult(6), "InvalidStateError");
      await world.fails(() => future.setException(new Error("late")), "InvalidStateError");
      if (state === "finished") assert.is(await future, 5);
      if (state === "failed") assert.match(String(await future.exception()), "RangeError: mine");
      if (state === "cancelled") await world.fails(() => future.result(), "CancelledError");
    },
  );
}

for (const state of ["pending", "running"] as const) {
  rule(`an outcome for one that is ${state} is taken`, "allowed -> FINISHED", async (world) => {
    const [value, error] = [inState(world, state), inState(world, state)];
    value.setResult(7);
    error.setException(new TypeError("no"));
    assert.equal([await value.result(), await value.exception()], [7, null]);
    assert.equal(String(await error.exception()), "TypeError: no");
  });
}

// Outcomes.

rule("result and exception say what there is", "result / exception", async (world) => {
  const value = inState(world, "finished");
  assert.equal([await value.result(), await value.result(), await value.exception()], [5, 5, null]);
  const failed = inState(world, "failed");
  const error = await failed.exception();
  assert.is(await failed.result().catch((thrown: unknown) => thrown), error);
  assert.is(await failed.exception(), error);
});

rule("of a cancelled one both are a CancelledError", "CancelledError", async (world) => {
  const future = inState(world, "cancelled");
  await world.fails(() => future.result(), "CancelledError");
  await world.fails(() => future.exception(), "CancelledError");
  await world.fails(() => future.resultSync(), "CancelledError");
  await world.fails(() => future.exceptionSync(), "CancelledError");
});

rule("who waits while it is cancelled gets the CancelledError", "also when it happens while waiting", async (world) => {
  const future = make(world);
  const waits = [future.result(), future.exception(), future.promise()];
  for (const wait of waits) wait.catch(() => {});
  future.cancel();
  for (const wait of waits) await world.fails(wait, "CancelledError");
});

rule("who waits while it comes gets it", "result(timeout=None)", async (world) => {
  const [value, failed] = [make<number>(world), make<number>(world)];
  const waits = [value.result(), value.result({ timeout: 60_000 }), value.exception()];
  const error = failed.exception();
  value.setResult(5);
  failed.setException(new RangeError("mine"));
  assert.equal(await Promise.all(waits), [5, 5, null]);
  assert.equal(String(await error), "RangeError: mine");
});

for (const state of ["pending", "running"] as const) {
  for (const timeout of [0, 3]) {
    rule(
      `${timeout} ms for one that stays ${state} end in a TimeoutError`,
      "TimeoutError is the built-in one",
      async (world) => {
        const future = inState(world, state);
        await world.fails(() => future.result({ timeout }), "TimeoutError");
        await world.fails(() => future.exception({ timeout }), "TimeoutError");
        await world.fails(() => future.resultSync({ timeout: 0 }), "TimeoutError");
        await world.fails(() => future.exceptionSync({ timeout: 0 }), "TimeoutError");
        future.setResult(5);
        assert.equal([await future.result({ timeout: 0 }), future.resultSync({ timeout: 0 })], [5, 5]);
      },
    );
  }
}

rule(
  "a negative time is a RangeError",
  "negative: like 0",
  async (world) => {
    for (const timeout of [-1, Number.NaN]) {
      await world.fails(() => inState(world, "finished").result({ timeout }), "TimeoutRangeError");
      await world.fails(() => inState(world, "finished").resultSync({ timeout }), "TimeoutRangeError");
    }
  },
  { ours: "as everywhere here" },
);

rule(
  "one that nobody brings is not waited for asleep",
  "result() blocks; another thread may call set_result",
  async (world) => {
    await world.fails(() => make(world).resultSync(), "UnsupportedError");
    await world.fails(() => make(world).exceptionSync({ timeout: 5 }), "UnsupportedError");
  },
  { ours: "a future belongs to one thread: asleep it could never get its outcome" },
);

rule("a wait that is aborted leaves the future alone", "(has none)", async (world) => {
  const future = make<number>(world);
  const given = new AbortController();
  const wait = future.result({ signal: given.signal });
  wait.catch(() => {});
  given.abort("enough");
  assert.is(await wait.catch((reason: unknown) => reason), "enough");
  future.setResult(5);
  assert.is(await future, 5);
});

for (const value of [undefined, null, 0, "", false, Number.NaN]) {
  rule(
    `${String(value) || '""'} thrown is a failure`,
    "3.13.0: result() returns None instead of raising when the exception is falsy; fixed later (gh-132063)",
    async (world) => {
      const future = make(world);
      future.setException(value);
      assert.ok(Object.is(await future.exception(), value));
      const outcome = await future.result().then(
        () => ["returned"],
        (thrown: unknown) => ["thrown", thrown],
      );
      assert.equal(outcome, ["thrown", value]);
      assert.equal(String(future).includes("raised"), true);
    },
  );
}

rule("can be awaited, any number of times", "(a wrapper does: asyncio.wrap_future)", async (world) => {
  const future = make<number>(world);
  const awaited = Promise.all([future, future.promise(), future.then((value) => value + 1)]);
  future.setResult(5);
  assert.equal(await awaited, [5, 5, 6]);
  assert.is(await future, 5);
  assert.is(future.promise(), future.promise());
  const failed = inState(world, "failed");
  assert.is(await failed.catch(() => "caught"), "caught");
  let ran = 0;
  await failed.finally(() => ran++).catch(() => {});
  assert.is(ran, 1);
});

rule("a failure that nobody looks at is nobody's", "an exception that is never asked for is silent", async (world) => {
  make(world).setException(new Error("unseen"));
  make(world).cancel();
  await new Promise((resolve) => setTimeout(resolve));
});

rule("its text says where it stands", "<Future at 0x… state=finished returned int>", (world) => {
  const texts = (["pending", "running", "cancelled", "finished", "failed"] as const).map((state) =>
    String(inState(world, state)),
  );
  assert.equal(texts, [
    'Future { state: "pending" }',
    'Future { state: "running" }',
    'Future { state: "cancelled" }',
    'Future { state: "finished", returned: 5 }',
    'Future { state: "finished", raised: "RangeError" }',
  ]);
});

// Callbacks.

rule(
  "callbacks are called once, with the future, in the order in which they were added",
  "in insertion order; the same fn twice is called twice",
  (world) => {
    const future = make<number>(world);
    const calls: unknown[] = [];
    const same = (it: unknown) => calls.push(it === future);
    future.addDoneCallback(() => calls.push(1));
    future.addDoneCallback(same);
    future.addDoneCallback(() => calls.push(2));
    future.addDoneCallback(same);
    assert.equal(calls, []);
    future.setResult(5);
    assert.equal(calls, [1, true, 2, true]);
  },
);

for (const state of ["finished", "failed", "cancelled"] as const) {
  rule(
    `a callback for one that is ${state} is called at once`,
    "if already done, at once in the calling thread",
    (world) => {
      const future = inState(world, state);
      const calls: unknown[] = [];
      assert.is(
        future.addDoneCallback((it) => calls.push(it === future)),
        undefined,
      );
      assert.equal(calls, [true]);
    },
  );
}

rule("callbacks hear of failure and of cancelling", "called when cancelled or finished", (world) => {
  const calls: string[] = [];
  for (const act of ["setException", "cancel"] as const) {
    const future = make<number>(world);
    future.addDoneCallback(({ cancelled, done }) => calls.push(`${act} ${cancelled} ${done}`));
    if (act === "cancel") {
      future.cancel();
      future.cancel();
    } else future.setException(1);
  }
  assert.equal(calls, ["setException false true", "cancel true true"]);
});

rule(
  "a callback that throws is reported, the next ones run",
  "ordinary errors logged and swallowed, next ones run; a non-Exception error escapes and skips the rest",
  async (world) => {
    const calls: number[] = [];
    const texts = await printed(() => {
      const future = make<number>(world);
      future.addDoneCallback(() => {
        throw new Error("mine");
      });
      future.addDoneCallback(() => calls.push(1));
      future.addDoneCallback(() => {
        throw null;
      });
      future.addDoneCallback(() => calls.push(2));
      future.setResult(5);
      future.addDoneCallback(() => {
        throw new Error("late");
      });
    });
    assert.equal([calls, texts.length], [[1, 2], 3]);
    assert.match(String(texts[0]?.[1]), "mine");
  },
  { ours: "nothing that is thrown escapes, whatever it is" },
);

rule("a callback that rejects is reported, too", "(none are asynchronous)", async (world) => {
  const texts = await printed(() => {
    const future = make<number>(world);
    future.addDoneCallback(async () => {
      throw new Error("mine");
    });
    future.setResult(5);
  });
  assert.match(String(texts[0]?.[1]), "mine");
});

rule("a callback may add another, which is called at once", "already done", (world) => {
  const future = make<number>(world);
  const calls: number[] = [];
  future.addDoneCallback(() => {
    calls.push(1);
    future.addDoneCallback(() => calls.push(2));
  });
  future.addDoneCallback(() => calls.push(3));
  future.setResult(5);
  assert.equal(calls, [1, 2, 3]);
});

rule("a callback that is no function is refused", "TypeError when it is called", async (world) => {
  await world.fails(() => make(world).addDoneCallback(5 as never), "ArgumentError");
});

// wait.

const waits = chapter("wait", HOSTS);

interface Four {
  readonly pending: Future<number>;
  readonly running: Future<number>;
  readonly cancelled: Future<number>;
  readonly finished: Future<number>;
  readonly failed: Future<number>;
}
const all = (world: World): Four => ({
  pending: inState(world, "pending"),
  running: inState(world, "running"),
  cancelled: inState(world, "cancelled"),
  finished: inState(world, "finished"),
  failed: inState(world, "failed"),
});

const sizes = ({ done, notDone }: { done: Set<unknown>; notDone: Set<unknown> }) => [done.size, notDone.size];

waits.rule("nothing to wait for is two empty sets", "[] -> two empty sets", async ({ heddle }) => {
  for (const returnWhen of ["all-completed", "first-completed", "first-exception"] as const) {
    assert.equal(sizes(await heddle.wait([], { returnWhen })), [0, 0]);
  }
});

waits.rule("returns when all are done", "ALL_COMPLETED", async (world) => {
  const { pending, running, cancelled, finished, failed } = all(world);
  const waited = world.heddle.wait([pending, running, cancelled, finished, failed]);
  let isOver = false;
  void waited.then(() => (isOver = true));
  pending.setResult(1);
  await new Promise((resolve) => setTimeout(resolve));
  assert.is(isOver, false);
  running.setException(new Error("no"));
  const { done, notDone } = await waited;
  assert.equal([[...done], notDone.size], [[pending, running, cancelled, finished, failed], 0]);
});

waits.rule(
  "a future that was cancelled is done",
  "CANCELLED is not done until a worker takes it off; only CANCELLED_AND_NOTIFIED is",
  async (world) => {
    const { pending, cancelled } = all(world);
    assert.equal(sizes(await world.heddle.wait([cancelled])), [1, 0]);
    const waited = world.heddle.wait([pending]);
    pending.cancel();
    assert.equal(sizes(await waited), [1, 0]);
  },
  { ours: "told at once: cancel means that it is over" },
);

waits.rule("the same future twice is one", "duplicates collapse", async (world) => {
  const { finished, pending } = all(world);
  assert.equal(sizes(await world.heddle.wait([finished, finished, pending, pending], { timeout: 0 })), [1, 1]);
});

waits.rule("out of time it says what is done and what is not", "timeout is not an error", async (world) => {
  const { pending, running, finished } = all(world);
  for (const timeout of [0, 3]) {
    const { done, notDone } = await world.heddle.wait([pending, running, finished], { timeout });
    assert.equal([[...done], [...notDone]], [[finished], [pending, running]]);
  }
});

waits.rule("first-completed returns at once with all that are already done", "FIRST_COMPLETED", async (world) => {
  const { pending, cancelled, finished, failed } = all(world);
  const { done, notDone } = await world.heddle.wait([pending, cancelled, finished, failed], {
    returnWhen: "first-completed",
  });
  assert.equal([[...done], [...notDone]], [[cancelled, finished, failed], [pending]]);
});

waits.rule("first-completed waits for the first", "FIRST_COMPLETED", async (world) => {
  const [first, second] = [make<number>(world), make<number>(world)];
  const waited = world.heddle.wait([first, second], { returnWhen: "first-completed" });
  second.setResult(1);
  const { done, notDone } = await waited;
  assert.equal([[...done], [...notDone]], [[second], [first]]);
});

waits.rule("first-exception returns at a failure", "FIRST_EXCEPTION: only real exceptions trigger", async (world) => {
  const [first, second, third] = [make<number>(world), make<number>(world), make<number>(world)];
  const waited = world.heddle.wait([first, second, third], { returnWhen: "first-exception" });
  let isOver = false;
  void waited.then(() => (isOver = true));
  first.setResult(1);
  await new Promise((resolve) => setTimeout(resolve));
  assert.is(isOver, false);
  second.setException(undefined);
  const { done, notDone } = await waited;
  assert.equal([[...done], [...notDone]], [[first, second], [third]]);
});

waits.rule("first-exception returns at once when one has failed already", "FIRST_EXCEPTION", async (world) => {
  const { pending, failed } = all(world);
  assert.equal(sizes(await world.heddle.wait([pending, failed], { returnWhen: "first-exception" })), [1, 1]);
});

waits.rule(
  "for first-exception neither results nor cancelling count",
  "cancelled or normal ones do not; none -> ALL_COMPLETED",
  async (world) => {
    const { pending, cancelled, finished } = all(world);
    const waited = world.heddle.wait([pending, cancelled, finished], { returnWhen: "first-exception" });
    pending.cancel();
    assert.equal(sizes(await waited), [3, 0]);
  },
);

waits.rule(
  "another returnWhen is refused",
  "ValueError, but only if something is still pending",
  async (world) => {
    await world.fails(() => world.heddle.wait([], { returnWhen: "FIRST" as never }), "ArgumentError");
  },
  { ours: "always" },
);

waits.rule("what is no future is refused", "AttributeError", async (world) => {
  for (const futures of [[1], [Promise.resolve()], 5, undefined]) {
    await world.fails(() => world.heddle.wait(futures as never), "ArgumentError");
    await world.fails(() => world.heddle.asCompleted(futures as never), "ArgumentError");
  }
});

waits.rule(
  "in a loop takes them as they come",
  "while pending: done, pending = wait(pending, return_when=FIRST_COMPLETED)",
  async (world) => {
    const futures = Array.from({ length: 200 }, () => make<number>(world));
    let left = new Set(futures);
    let rounds = 0;
    while (left.size > 0) {
      setTimeout(() => [...left][0]?.setResult(1));
      ({ notDone: left } = await world.heddle.wait(left, { returnWhen: "first-completed" }));
      rounds++;
    }
    assert.is(rounds, 200);
  },
);

// asCompleted.

const completed = chapter("asCompleted", HOSTS);

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

completed.rule(
  "gives those that are done, then each as it comes",
  "already finished ones first (arbitrary order), then completion order",
  async (world) => {
    const { pending, running, finished, failed, cancelled } = all(world);
    const collected = collect(world.heddle.asCompleted([pending, running, finished, failed, cancelled]));
    await new Promise((resolve) => setTimeout(resolve));
    running.setResult(1);
    pending.setResult(2);
    assert.equal(await collected, [finished, failed, cancelled, running, pending]);
  },
);

completed.rule("gives the futures themselves, each once", "each once", async (world) => {
  const { finished, failed } = all(world);
  const given = await collect(world.heddle.asCompleted([finished, failed, finished]));
  assert.equal([given.length, given[0] === finished, given[1] === failed], [2, true, true]);
  assert.equal(await collect(world.heddle.asCompleted([])), []);
});

for (const timeout of [0, 3]) {
  completed.rule(
    `after ${timeout} ms it says how many are unfinished`,
    'TimeoutError "k (of n) futures unfinished", after the finished ones were yielded',
    async (world) => {
      const { pending, running, finished } = all(world);
      const given = world.heddle.asCompleted([pending, finished, running], { timeout });
      assert.is((await given.next()).value, finished);
      const error = await world.fails(() => given.next(), "TimeoutError");
      assert.match(error.message, "2 of 3 futures are unfinished");
      assert.is((await given.next()).done, true);
    },
  );
}

completed.rule(
  "its clock starts at the call",
  "at the first next(), not at the call (docs say the call)",
  async (world) => {
    const { pending } = all(world);
    const given = world.heddle.asCompleted([pending], { timeout: 2 });
    const end = performance.now() + 3;
    while (performance.now() < end);
    pending.setResult(1);
    const late = world.heddle.asCompleted([inState(world, "pending")], { timeout: 1 });
    assert.is((await given.next()).value, pending);
    await world.fails(() => late.next(), "TimeoutError");
  },
  { ours: "as documented" },
);

completed.rule("is asked twice at a time", "(generator already executing)", async (world) => {
  const futures = [1, 2, 3].map(() => make<number>(world));
  const given = world.heddle.asCompleted(futures);
  const asked = Promise.all([given.next(), given.next(), given.next(), given.next()]);
  for (const future of futures) future.setResult(1);
  assert.equal(
    (await asked).map(({ done, value }) => (done ? "done" : futures.indexOf(value))),
    [0, 1, 2, "done"],
  );
});

completed.rule("is left in the middle", "a generator may be closed", async (world) => {
  const { finished, pending } = all(world);
  const given = world.heddle.asCompleted([finished, pending]);
  for await (const future of given) {
    assert.is(future, finished);
    break;
  }
  pending.setResult(1);
  assert.is((await given.next()).done, true);
});

completed.rule(
  "is not finished by the number of its failures",
  "as_completed yields failed and cancelled ones",
  async (world) => {
    const futures = Array.from({ length: 30 }, () => make<number>(world));
    const collected = collect(world.heddle.asCompleted(futures));
    for (const [i, future] of futures.entries()) {
      if (i % 3 === 0) future.cancel();
      else if (i % 3 === 1) future.setException(i);
      else future.setResult(i);
    }
    assert.equal(await collected, futures);
  },
);

export const cases: Case[] = [...ofFutures, ...waits.cases, ...completed.cases];
