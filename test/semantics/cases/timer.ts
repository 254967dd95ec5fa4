/** Timer: section 4 of the reference. */
import * as assert from "uvu/assert";
import type { Event, Queue, Timer } from "../library.js";
import { chapter, HOSTS, type World } from "../world.js";

const { cases, rule } = chapter("Timer", HOSTS);

export { cases };

/** Longer than any test. */
const LONG = 3_600_000;

const queueOf = ({ heddle, own }: World): Queue => own(new heddle.Queue());

function make(world: World, interval: number | null, ...args: unknown[]): Timer {
  return world.own(new world.heddle.Timer(interval, world.target("put"), args));
}

rule("calls its function after a while", "waits interval, then calls function", async (world) => {
  const queue = queueOf(world);
  const timer = make(world, 5, queue, "rung");
  assert.equal([timer.isAlive, timer.finished.isSet()], [false, false]);
  timer.start();
  assert.is(timer.isAlive, true);
  assert.is(await queue.get(), "rung");
  await timer.join();
  assert.equal([timer.finished.isSet(), timer.exitCode], [true, 0]);
});

rule("shows what it was made of", "public: interval, function, args, kwargs, finished", (world) => {
  const timer = make(world, 5, 1, 2);
  assert.equal([timer.interval, timer.function, timer.args], [5, world.target("put"), [1, 2]]);
});

rule(
  "has arguments of its own",
  "args is a fresh list; called with the args as they are then",
  async (world) => {
    const queue = queueOf(world);
    const first = make(world, 0, queue);
    const given: unknown[] = [queue, 1];
    const second = world.own(new world.heddle.Timer(0, world.target("put"), given));
    given.push("too late");
    first.args.push("first's");
    second.args.push(2);
    for (const timer of [first, second]) {
      timer.start();
      timer.args.push("after the start");
      await timer.join();
    }
    assert.equal(queue.snapshot(), ["first's", 1, 2]);
    assert.equal(world.own(new world.heddle.Timer(0, world.target("put"))).args, []);
  },
  { ours: "as they are when it starts: they go to another thread" },
);

rule(
  "cancelled before the start it starts and ends, and calls nothing",
  "start still works, function never runs, thread ends at once",
  async (world) => {
    const queue = queueOf(world);
    const timer = make(world, LONG, queue, "rung");
    timer.cancel();
    timer.start();
    await timer.join();
    assert.equal([queue.qsize(), timer.exitCode, timer.finished.isSet()], [0, 0, true]);
  },
);

rule(
  "cancelled while it waits it ends at once, and calls nothing",
  "thread ends at once, function not run",
  async (world) => {
    const queue = queueOf(world);
    for (const interval of [LONG, null, 2 ** 33]) {
      const timer = make(world, interval, queue, "rung");
      timer.start();
      await world.waiting(timer.finished, 1);
      timer.cancel();
      await timer.join();
      assert.equal([queue.qsize(), timer.exitCode], [0, 0]);
    }
  },
);

rule("cancelled during its function or after it nothing changes", "no effect, no error; repeatable", async (world) => {
  const gate: Event = world.own(new world.heddle.Event());
  const reached: Event = world.own(new world.heddle.Event());
  const timer = world.own(new world.heddle.Timer(0, world.target("pass"), [reached, gate]));
  timer.start();
  await reached.wait();
  timer.cancel();
  assert.is(timer.isAlive, true);
  gate.set();
  await timer.join();
  timer.cancel();
  timer.cancel();
  assert.is(timer.exitCode, 0);
});

for (const interval of [0, -5, Number.NEGATIVE_INFINITY]) {
  rule(`an interval of ${interval} is over at once`, "interval 0 or negative: function runs at once", async (world) => {
    const queue = queueOf(world);
    const timer = make(world, interval, queue, "rung");
    timer.start();
    await timer.join();
    assert.equal(queue.snapshot(), ["rung"]);
  });
}

rule(
  "an interval that is no number is refused",
  "TypeError in the thread",
  async (world) => {
    for (const interval of ["5", Number.NaN, undefined]) {
      await world.fails(() => make(world, interval as unknown as number), "ArgumentError");
    }
    await world.fails(() => new world.heddle.Timer(5, "put" as unknown as URL), "ArgumentError");
  },
  { ours: "in the constructor" },
);

rule(
  "when its function throws the hook is called, and finished is not set",
  "goes to excepthook, finished is not set",
  async (world) => {
    const queue = queueOf(world);
    world.heddle.setExcepthook(world.target("hook"), queue);
    const timer = world.own(new world.heddle.Timer(0, world.target("fail")));
    timer.start();
    world.heddle.setExcepthook(null);
    await timer.join();
    assert.equal([queue.qsize(), timer.finished.isSet(), timer.exitCode], [1, false, 1]);
  },
);

rule("is started once", "RuntimeError", async (world) => {
  const timer = make(world, 0, queueOf(world));
  timer.start();
  await world.fails(() => timer.start(), "ThreadError");
  await timer.join();
  await world.fails(() => timer.start(), "ThreadError");
});

rule("is a thread, with a name and a daemon's flag", "as any Thread", (world) => {
  const { Timer, Thread } = world.heddle;
  const timer = world.own(new Timer(5, world.target("put"), [], { name: "bell", daemon: true }));
  assert.instance(timer, Thread);
  assert.equal([timer.name, timer.daemon, timer.ident], ["bell", true, null]);
});

rule("run that is called here waits and calls here", "run", async (world) => {
  const queue = queueOf(world);
  const timer = make(world, 1, queue, "rung");
  await timer.run();
  assert.equal([queue.snapshot(), timer.finished.isSet(), timer.ident], [["rung"], true, null]);
  const cancelled = make(world, LONG, queue, "never");
  cancelled.cancel();
  await cancelled.run();
  assert.is(queue.qsize(), 1);
});

rule(
  "a subclass may go off again and again",
  "class Repeat(Timer): while not self.finished.wait(self.interval): self.function(*self.args)",
  async (world) => {
    const { Repeated } = (await import(world.target("put").url as string)) as typeof import("../targets.js");
    const queue = queueOf(world);
    const timer = world.own(new Repeated(1, world.target("put"), [queue, "tick"]));
    timer.start();
    for (let i = 0; i < 3; i++) assert.is(await queue.get(), "tick");
    timer.cancel();
    await timer.join();
    assert.is(timer.exitCode, 0);
  },
);
