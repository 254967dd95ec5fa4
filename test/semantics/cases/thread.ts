/** Thread: section 4 of the reference, and what section 5 says of a Process. Where a page's thread may not block, the promise forms stand for the others. */
import * as assert from "uvu/assert";
import type { Event, Queue, Thread } from "../library.js";
import { chapter, GUESTS, HOSTS, type World } from "../world.js";

const { cases, rule } = chapter("Thread", HOSTS);

export { cases };

const queueOf = ({ heddle, own }: World): Queue => own(new heddle.Queue());
const eventOf = ({ heddle, own }: World): Event => own(new heddle.Event());
type Options = NonNullable<ConstructorParameters<typeof Thread>[0]>;
const make = ({ heddle, own }: World, options: Options = {}): Thread => own(new heddle.Thread(options)) as Thread;

/** A thread that runs until the event is set. */
function makeRunning(world: World, gate: Event, options: Options = {}): Thread {
  const thread = make(world, { target: world.target("wait"), args: [gate], ...options });
  thread.start();
  return thread;
}

/** Runs a target to its end, with a queue as its first argument. @returns what it has put there */
async function told(world: World, name: Parameters<World["target"]>[0], ...args: unknown[]): Promise<unknown[]> {
  const queue = queueOf(world);
  const thread = make(world, { target: world.target(name), args: [queue, ...args] });
  thread.start();
  await thread.join();
  assert.is(thread.exitCode, 0);
  return queue.snapshot() as unknown[];
}

// The constructor.

rule("has no groups", "group not None: AssertionError", async (world) => {
  await world.fails(() => make(world, { group: 1 } as Options), "ArgumentError");
});

rule(
  "is called Thread-N, with the name of its target",
  "empty or None: Thread-N, plus (target name); the counter also counts threads never started, and Timers",
  (world) => {
    const { heddle, own, target } = world;
    const numberOf = (thread: Thread) => Number(/^Thread-(\d+)/.exec(thread.name)?.[1]);
    const first = numberOf(make(world));
    const named = make(world, { target: target("put"), name: "" });
    assert.is(named.name, `Thread-${first + 1} (put)`);
    assert.match(own(new heddle.Timer(1, target("put"))).name, `Thread-${first + 2}`);
    assert.is(numberOf(make(world)), first + 3);
  },
  { ours: "the counter is each thread's own: a name identifies nothing" },
);

rule("does not count those that are given a name", "the counter counts the names that it makes", (world) => {
  const first = Number(make(world).name.slice("Thread-".length));
  assert.is(make(world, { name: "weaver" }).name, "weaver");
  assert.is(make(world).name, `Thread-${first + 1}`);
});

rule("has a name that may be set at any time, and is seen everywhere", "settable any time", async (world) => {
  const gate = eventOf(world);
  const thread = make(world, { target: world.target("wait"), args: [gate], name: "before" });
  thread.name = "шаттл";
  thread.start();
  assert.equal(world.heddle.enumerate().find(({ ident }) => ident === thread.ident)?.name, "шаттл");
  thread.name = "running";
  gate.set();
  await thread.join();
  thread.name = "after";
  assert.is(thread.name, "after");
});

rule(
  "a name that is no text is refused",
  "any truthy value becomes text (123 -> '123')",
  async (world) => {
    await world.fails(() => make(world, { name: 123 as unknown as string }), "ArgumentError");
    const thread = make(world);
    await world.fails(() => {
      thread.name = 5 as unknown as string;
    }, "ArgumentError");
  },
  { ours: "a number for a name is a mistake" },
);

rule(
  "copies its arguments when it is made, and packs them when it starts",
  "Thread: not copied, unpacked at run time; Process: copied to a tuple at construction",
  async (world) => {
    const queue = queueOf(world);
    const item = { n: 1 };
    const args: unknown[] = [queue, item];
    const thread = make(world, { target: world.target("put"), args });
    args.push("too late");
    item.n = 2;
    thread.start();
    item.n = 3;
    await thread.join();
    assert.equal(queue.snapshot(), [{ n: 2 }]);
  },
  { ours: "as Process: what another thread gets is a copy anyhow" },
);

rule(
  "arguments that are none are refused at once",
  "5 gives TypeError in the thread (Process: in the constructor), 'ab' two arguments",
  async (world) => {
    for (const args of [5, "ab", null]) {
      await world.fails(() => make(world, { args: args as unknown as unknown[] }), "ArgumentError");
    }
  },
  { ours: "in the constructor; a text for a list is a mistake" },
);

rule("arguments may be anything that can be iterated", "any iterable", async (world) => {
  const queue = queueOf(world);
  const args = new Set<unknown>([queue, 1, 2]);
  const thread = make(world, { target: world.target("put"), args: args as unknown as unknown[] });
  thread.start();
  await thread.join();
  assert.equal(queue.snapshot(), [1, 2]);
});

rule("without a target it does nothing", "only a missing target is skipped", async (world) => {
  const thread = make(world);
  thread.start();
  await thread.join();
  assert.is(thread.exitCode, 0);
});

rule(
  "a target that cannot be called is refused at once",
  "fails in the thread (Process: skipped when falsy)",
  async (world) => {
    for (const target of [0, "", "put", {}, null]) {
      await world.fails(() => make(world, { target } as unknown as Options), "ArgumentError");
    }
    await world.fails(() => make(world, { target: Math.abs }), "FunctionError");
  },
  { ours: "in the constructor" },
);

// Daemons.

rule("is no daemon when nobody says so", "None inherits; the main thread is none", (world) => {
  if (world.where === "main" || world.where === "page") assert.is(world.heddle.currentThread()?.daemon, false);
  const inherited = world.heddle.currentThread()?.daemon;
  assert.is(make(world).daemon, inherited);
  assert.is(make(world, { daemon: true }).daemon, true);
  assert.is(make(world, { daemon: false }).daemon, false);
});

for (const daemon of [true, false]) {
  rule(
    `what a ${daemon ? "daemon" : "thread"} makes is as it`,
    "None inherits from the creating thread",
    async (world) => {
      const queue = queueOf(world);
      const thread = make(world, { target: world.target("childIsDaemon"), args: [queue], daemon });
      thread.start();
      await thread.join();
      assert.equal(queue.snapshot(), [daemon, true, false]);
    },
  );
}

rule("daemon is set before the start, not after", "RuntimeError, even after the end", async (world) => {
  const gate = eventOf(world);
  const thread = make(world, { target: world.target("wait"), args: [gate] });
  thread.daemon = true;
  assert.is(thread.daemon, true);
  const set = () => {
    thread.daemon = false;
  };
  thread.start();
  await world.fails(set, "ThreadError");
  gate.set();
  await thread.join();
  await world.fails(set, "ThreadError");
  assert.is(thread.daemon, true);
});

// start, run.

rule(
  "start returns when the thread is alive, listed, and has its ident",
  "returns after it has registered",
  async (world) => {
    const gate = eventOf(world);
    const thread = make(world, { target: world.target("wait"), args: [gate] });
    const { enumerate, activeCount } = world.heddle;
    const before = activeCount();
    assert.equal(
      [thread.isAlive, thread.ident, thread.exitCode, enumerate().includes(thread)],
      [false, null, null, false],
    );
    assert.is(thread.start(), undefined);
    assert.equal(
      [thread.isAlive, thread.exitCode, enumerate().includes(thread), activeCount()],
      [true, null, true, before + 1],
    );
    const { ident } = thread;
    assert.type(ident, "number");
    gate.set();
    await thread.join();
    assert.equal(
      [thread.isAlive, thread.ident, enumerate().includes(thread), activeCount()],
      [false, ident, false, before],
    );
  },
);

rule("is started once", "RuntimeError, even after the end", async (world) => {
  const gate = eventOf(world);
  const thread = makeRunning(world, gate);
  await world.fails(() => thread.start(), "ThreadError");
  gate.set();
  await thread.join();
  await world.fails(() => thread.start(), "ThreadError");
  assert.is(thread.exitCode, 0);
});

rule("a start that fails leaves a thread that was not started", "start takes it off the list again", async (world) => {
  const queue = queueOf(world);
  const args: unknown[] = [queue, () => 1];
  const thread = make(world, { target: world.target("put"), args });
  await world.fails(() => thread.start(), "TransferError");
  assert.equal([thread.isAlive, thread.ident, world.heddle.enumerate().includes(thread)], [false, null, false]);
  await world.fails(() => thread.join(), "ThreadError");
});

rule(
  "idents are numbers of their own",
  "unique among threads that are alive; may come again",
  async (world) => {
    const gate = eventOf(world);
    const threads = [1, 2, 3].map(() => makeRunning(world, gate));
    const idents = [...threads, world.heddle.mainThread() as Thread].map(({ ident }) => ident);
    assert.is(new Set(idents).size, 4);
    gate.set();
    for (const thread of threads) await thread.join();
    const later = make(world);
    later.start();
    await later.join();
    assert.is(idents.includes(later.ident), false);
  },
  { ours: "they never come again" },
);

rule(
  "run is called in the new thread, with what the constructor has made",
  "overriding run ignores target",
  async (world) => {
    const { Weaver } = (await import(world.target("put").url as string)) as typeof import("../targets.js");
    const queue = queueOf(world);
    const weaver = world.own(new Weaver(queue, "red"));
    assert.is(weaver.describe(), "a red thread");
    weaver.start();
    await weaver.join();
    assert.equal(queue.snapshot(), ["weaver: a red thread"]);
  },
);

rule(
  "an overriding run may call the one that it overrides",
  "super().run() calls the target with its args",
  async (world) => {
    const { Plain } = (await import(world.target("put").url as string)) as typeof import("../targets.js");
    const queue = queueOf(world);
    const thread = world.own(new Plain({ target: world.target("put"), args: [queue, 1, 2] }));
    thread.start();
    await thread.join();
    assert.equal(queue.snapshot(), ["before", 1, 2, "after"]);
  },
);

rule(
  "run that is called here runs the target here",
  "calls target once, then forgets it: a second run, or a start after it, fails with AttributeError",
  async (world) => {
    const queue = queueOf(world);
    const thread = make(world, { target: world.target("put"), args: [queue, 1] });
    await thread.run();
    assert.equal([queue.snapshot(), thread.isAlive, thread.ident], [[1], false, null]);
    await thread.run();
    thread.start();
    await thread.join();
    assert.equal(queue.snapshot(), [1, 1, 1]);
    assert.is(await make(world).run(), undefined);
  },
  { ours: "nothing is forgotten" },
);

rule("a function that is run here is called at once", "calls target", (world) => {
  const seen: unknown[] = [];
  const thread = make(world, { target: (...args: unknown[]) => seen.push(...args), args: [1, 2] });
  thread.run();
  assert.equal(seen, [1, 2]);
});

// join.

rule(
  "join is true when it is over, again and again, for all who wait",
  "always None; repeatable, from many threads",
  async (world) => {
    const gate = eventOf(world);
    const thread = makeRunning(world, gate);
    const joins = [thread.join(), thread.join(), thread.join({ timeout: 60_000 })];
    assert.is(await thread.join({ timeout: 0 }), false);
    gate.set();
    assert.equal(await Promise.all(joins), [true, true, true]);
    assert.equal([await thread.join(), await thread.join({ timeout: 0 })], [true, true]);
  },
  { ours: "true, or false when the time ran out: one need not ask isAlive" },
);

rule("join that runs out of time is false", "returns None after the timeout", async (world) => {
  const gate = eventOf(world);
  const thread = makeRunning(world, gate);
  assert.equal([await thread.join({ timeout: 5 }), thread.isAlive], [false, true]);
  gate.set();
  await thread.join();
});

rule(
  "joinSync is the same, blocking",
  "join",
  (world) => {
    const gate = eventOf(world);
    const thread = makeRunning(world, gate);
    assert.equal([thread.joinSync({ timeout: 0 }), thread.joinSync({ timeout: 5 })], [false, false]);
    gate.set();
    assert.equal([thread.joinSync(), thread.joinSync()], [true, true]);
  },
  { needs: { sync: true } },
);

rule("join before the start is a ThreadError", "RuntimeError (Process: AssertionError)", async (world) => {
  const thread = make(world);
  await world.fails(() => thread.join(), "ThreadError");
  await world.fails(() => thread.join({ timeout: 0 }), "ThreadError");
  thread.start();
  await thread.join();
});

rule("a thread that joins itself is a ThreadError", "RuntimeError", async (world) => {
  assert.equal(await told(world, "joinSelf"), [["ThreadError", "ThreadError"]]);
  await world.fails(async () => world.heddle.currentThread()?.join(), "ThreadError");
});

rule(
  "the main thread cannot be joined",
  "from other threads it can: it ends when the program's text does",
  async (world) => {
    assert.equal(await told(world, "joinMain"), ["ThreadError"]);
  },
  { ours: "nothing tells when a program that lives on events has done its part: waiting for that would be for ever" },
);

rule("join that is aborted leaves no trace", "(has none)", async (world) => {
  const gate = eventOf(world);
  const thread = makeRunning(world, gate);
  const controller = new AbortController();
  const joined = thread.join({ signal: controller.signal }).catch((reason: unknown) => reason);
  await world.waiting(thread, 1);
  controller.abort("enough");
  assert.is(await joined, "enough");
  assert.is(world.heddle.waitingOn(thread), 0);
  gate.set();
  await thread.join();
});

rule("join does not throw what the thread threw", "never re-raises the thread's error", async (world) => {
  const queue = queueOf(world);
  world.heddle.setExcepthook(world.target("hook"), queue);
  const thread = make(world, { target: world.target("fail") });
  thread.start();
  world.heddle.setExcepthook(null);
  assert.is(await thread.join(), true);
  assert.equal([thread.exitCode, queue.qsize()], [1, 1]);
});

// Who is there.

rule("knows itself, and the main thread", "current_thread() is the object that the creator holds", async (world) => {
  const { heddle } = world;
  const queue = queueOf(world);
  const thread = make(world, { target: world.target("facts"), args: [queue], name: "known", daemon: true });
  thread.start();
  await thread.join();
  assert.equal(queue.snapshot(), [
    {
      name: "known",
      ident: thread.ident,
      isAlive: true,
      daemon: true,
      isSame: true,
      isListed: true,
      main: "MainThread",
      isMain: false,
    },
  ]);
  assert.is(heddle.currentThread(), heddle.currentThread());
});

rule(
  "the main thread is called so, is alive, and no daemon",
  'name "MainThread", not daemon',
  async (world) => {
    const main = world.heddle.mainThread() as Thread;
    assert.equal([main.name, main.isAlive, main.daemon, typeof main.ident], ["MainThread", true, false, "number"]);
    assert.is(world.heddle.currentThread(), main);
    await world.fails(() => main.start(), "ThreadError");
  },
  { needs: { only: ["main", "page"] } },
);

rule(
  "enumerate lists who was started and is not over",
  "started and starting threads, main and dummies; never unstarted or ended ones",
  async (world) => {
    const { enumerate, activeCount, mainThread } = world.heddle;
    const gate = eventOf(world);
    const before = enumerate();
    assert.ok(before.includes(mainThread() as Thread));
    const unstarted = make(world);
    const threads = [makeRunning(world, gate), makeRunning(world, gate, { daemon: true })];
    assert.equal(enumerate(), [...before, ...threads]);
    assert.is(activeCount(), before.length + 2);
    gate.set();
    for (const thread of threads) await thread.join();
    unstarted.start();
    await unstarted.join();
    assert.equal(enumerate(), before);
  },
);

rule("threads start threads", "any thread may", async (world) => {
  const url = world.target("put").url;
  assert.equal(await told(world, "parent", url), ["child", "parent"]);
});

// How it ends.

rule(
  "exitCode is null before its end, 0 after it returned, 1 after it threw",
  "Process.exitcode: null before the end; 0 normal; 1 uncaught error",
  async (world) => {
    const queue = queueOf(world);
    const gate = eventOf(world);
    const thread = makeRunning(world, gate);
    assert.is(thread.exitCode, null);
    gate.set();
    await thread.join();
    assert.is(thread.exitCode, 0);
    world.heddle.setExcepthook(world.target("hook"), queue);
    const failing = make(world, { target: world.target("failLater"), args: [gate] });
    failing.start();
    world.heddle.setExcepthook(null);
    await failing.join();
    assert.is(failing.exitCode, 1);
  },
);

for (const code of [undefined, 0, 3, -7]) {
  rule(`ThreadExit(${code ?? ""}) makes exitCode ${code ?? 0}`, "Process: exit(n) -> n, exit() -> 0", async (world) => {
    const thread = make(world, { target: world.target("exit"), args: code === undefined ? [] : [code] });
    thread.start();
    await thread.join();
    assert.is(thread.exitCode, code ?? 0);
  });
}

rule(
  "ThreadExit takes a whole number",
  "exit(text) prints it, and the code is 1",
  async (world) => {
    for (const code of ["text", 1.5, Number.NaN, 2 ** 40, null]) {
      await world.fails(() => new world.heddle.ThreadExit(code as number), "ArgumentError");
    }
  },
  { ours: "a text is for an error" },
);

rule(
  "terminate ends it at whatever it does, and exitCode is -1",
  "terminate: -15, for the signal",
  async (world) => {
    const gate = eventOf(world);
    const thread = make(world, { target: world.target("pass"), args: [gate, eventOf(world)] });
    thread.start();
    await gate.wait();
    thread.terminate();
    assert.is(await thread.join(), true);
    assert.equal([thread.exitCode, thread.isAlive], [-1, false]);
  },
  { ours: "there are no signals" },
);

rule("terminate of one that has not begun ends it, too", "terminate", async (world) => {
  const queue = queueOf(world);
  const thread = make(world, { target: world.target("spin"), args: [queue] });
  thread.start();
  thread.terminate();
  await thread.join();
  assert.equal([thread.exitCode, queue.qsize()], [-1, 0]);
});

rule("terminate before the start is a ThreadError", "AttributeError", async (world) => {
  const thread = make(world);
  await world.fails(() => thread.terminate(), "ThreadError");
});

rule("terminate of one that is over does nothing", "on an ended one nothing", async (world) => {
  const thread = make(world);
  thread.start();
  await thread.join();
  thread.terminate();
  thread.terminate();
  assert.is(thread.exitCode, 0);
});

rule(
  "one that dies is over, with exitCode -1",
  "Process: killed by signal s -> -s",
  async (world) => {
    const thread = make(world, { target: world.target("die") });
    thread.start();
    assert.is(await thread.join(), true);
    assert.is(thread.exitCode, -1);
  },
  { needs: { only: ["main", "thread"] }, ours: "there are no signals" },
);

rule(
  "a module or an export that is not there is the thread's error",
  "(an import error in the thread)",
  async (world) => {
    const queue = queueOf(world);
    const { url } = world.target("put");
    world.heddle.setExcepthook(world.target("hook"), queue);
    const thread = make(world, { target: { url, export: "nothing" } });
    thread.start();
    world.heddle.setExcepthook(null);
    await thread.join();
    assert.is(thread.exitCode, 1);
    assert.match((queue.getNowait() as { text: string }).text, /^FunctionError: .*"nothing"/);
  },
);

// How it looks, and its close.

rule(
  "its text says its name, where it stands, and whether it is a daemon",
  "<Thread(Thread-1, initial)>, started with ident, stopped, daemon",
  async (world) => {
    const gate = eventOf(world);
    const thread = make(world, { target: world.target("wait"), args: [gate], name: "weaver", daemon: true });
    const text = (state: string) =>
      `Thread { name: "weaver", state: "${state}", ident: ${thread.ident}, daemon: true }`;
    assert.is(String(thread), text("initial"));
    thread.start();
    assert.is(String(thread), text("started"));
    gate.set();
    await thread.join();
    assert.is(String(thread), text("stopped"));
  },
);

rule(
  "a closed one is gone, and the thread goes on",
  "Process.close: while running ValueError; afterwards every use ValueError; second close fine",
  async (world) => {
    const gate = eventOf(world);
    const done = queueOf(world);
    const thread = new world.heddle.Thread({ target: world.target("wait"), args: [gate] });
    thread.start();
    const { ident } = thread;
    thread.close();
    thread.close();
    for (const use of [() => thread.isAlive, () => thread.name, () => thread.start(), () => thread.join()]) {
      await world.fails(use, "ClosedError");
    }
    const again = world.heddle.enumerate().find((other) => other.ident === ident) as Thread;
    assert.is(again.isAlive, true);
    gate.set();
    await again.join();
    done.putNowait(again.exitCode);
    assert.is(done.getNowait(), 0);
  },
  { ours: "the object is closed, not the thread" },
);

const guests = chapter("Thread", GUESTS);
guests.rule(
  "a worker that was not started by Heddle has no thread object, and starts none",
  "foreign thread: current_thread() makes a dummy: daemon, alive, cannot be joined",
  async (world) => {
    const { heddle } = world;
    assert.is(heddle.currentThread(), null);
    await world.fails(() => heddle.enumerate(), "UnsupportedError").catch(() => {});
    const thread = world.own(new heddle.Thread());
    await world.fails(() => thread.start(), "UnsupportedError");
    await world.fails(() => new heddle.Pool(1), "UnsupportedError");
  },
  { ours: "it is the user's: nobody here knows when it begins and ends" },
);
cases.push(...guests.cases);
