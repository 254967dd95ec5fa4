/** The hook for errors that nobody caught in a thread: section 4 of the reference. */
import * as assert from "uvu/assert";
import type { Queue, Thread } from "../library.js";
import type { TargetName } from "../targets.js";
import { chapter, HOSTS, type World } from "../world.js";

const { cases, rule } = chapter("excepthook", HOSTS);

export { cases };

/** What the hook of targets.ts tells. */
interface Told {
  readonly text: string;
  readonly name: string;
  readonly ident: number;
  readonly isAlive: boolean;
  readonly isCurrent: boolean;
}

/** Runs a target with the hook of targets.ts in force. @returns what it told, and the thread */
async function fail(
  world: World,
  name: TargetName,
  args: readonly unknown[] = [],
): Promise<{ told: Told[]; thread: Thread }> {
  const { heddle, own, target } = world;
  const queue = own(new heddle.Queue<Told>());
  heddle.setExcepthook(target("hook"), queue);
  const thread = own(new heddle.Thread({ target: target(name), args, name: "failing" })) as Thread;
  thread.start();
  heddle.setExcepthook(null);
  await thread.join();
  return { told: queue.snapshot(), thread };
}

/** Runs a target that fails with its reports on the console caught. */
async function reported(world: World, reports: number): Promise<string[]> {
  const queue: Queue<string> = world.own(new world.heddle.Queue<string>());
  const target = world.target("failReported");
  const thread = world.own(new world.heddle.Thread({ target, args: [queue, reports], name: "failing" }));
  thread.start();
  await thread.join();
  return queue.snapshot();
}

rule(
  "is called in the thread that failed, while it is alive, before join returns",
  "called in the failing thread with (exc_type, exc_value, exc_traceback, thread), before join() returns, while is_alive() is still True",
  async (world) => {
    const { told, thread } = await fail(world, "fail", ["mine"]);
    assert.equal(told, [
      { text: "RangeError: mine", name: "failing", ident: thread.ident, isAlive: true, isCurrent: true },
    ]);
    assert.equal([thread.isAlive, thread.exitCode], [false, 1]);
  },
  {
    ours: "one object: the error has its type and its stack with it; what is to reach other threads goes by further arguments",
  },
);

for (const value of [undefined, null, 0, "", "text", { n: 1 }]) {
  rule(`gets ${JSON.stringify(value) ?? "undefined"} when that was thrown`, "exc_value", async (world) => {
    const { told, thread } = await fail(world, "throwThis", [value]);
    assert.equal(
      told.map(({ text }) => text),
      [String(value)],
    );
    assert.is(thread.exitCode, 1);
  });
}

rule("gets what an asynchronous target rejects with", "exc_value", async (world) => {
  const gate = world.own(new world.heddle.Event());
  gate.set();
  const { told } = await fail(world, "failLater", [gate, "late"]);
  assert.is(told[0]?.text, "RangeError: late");
});

rule(
  "is not told of a ThreadExit",
  "the default ignores SystemExit; a custom hook does receive it",
  async (world) => {
    const { told, thread } = await fail(world, "exit", [4]);
    assert.equal([told, thread.exitCode], [[], 4]);
  },
  { ours: "an exit that was asked for is no error, whoever looks" },
);

rule(
  "without one the console says which thread failed, and where",
  'prints "Exception in thread NAME:" + stack',
  async (world) => {
    const [text] = await reported(world, 1);
    assert.match(text as string, /^Exception in thread failing:\nRangeError: mine\n/);
    assert.match(text as string, /failReported/);
  },
);

rule(
  "one that throws is reported, and what it was called for as well",
  'prints "Exception in threading.excepthook:" and passes the new error to the process-wide hook',
  async (world) => {
    world.heddle.setExcepthook(world.target("badHook"));
    try {
      const texts = await reported(world, 2);
      assert.match(texts[0] as string, /^Exception in excepthook of thread failing:\nTypeError: the hook's own/);
      assert.match(texts[1] as string, /^Exception in thread failing:\nRangeError: mine/);
    } finally {
      world.heddle.setExcepthook(null);
    }
  },
  { ours: "the console is all there is behind it" },
);

rule("one that is not found is reported the same way", "(a name error)", async (world) => {
  world.heddle.setExcepthook({ url: world.target("put").url, export: "nothing" });
  try {
    assert.match((await reported(world, 2))[0] as string, /^Exception in excepthook of thread failing:\nFunctionError/);
  } finally {
    world.heddle.setExcepthook(null);
  }
});

rule(
  "set to null is the usual report again",
  "None at failure time: the original is used; creating a Thread while it is None raises RuntimeError",
  async (world) => {
    world.heddle.setExcepthook(world.target("badHook"));
    world.heddle.setExcepthook(null);
    assert.match((await reported(world, 1))[0] as string, /^Exception in thread failing:/);
  },
  { ours: "null is the default, always" },
);

rule(
  "is the one of its start, or the one that the thread has set itself",
  "looked up at failure time",
  async (world) => {
    const { heddle, own, target } = world;
    const queue = own(new heddle.Queue<Told>());
    const thread = own(new heddle.Thread({ target: target("failAfterSetting"), args: [target("hook").url, queue] }));
    heddle.setExcepthook(target("badHook"));
    thread.start();
    heddle.setExcepthook(null);
    await thread.join();
    assert.is(queue.getNowait().text, "RangeError: mine");
  },
  { ours: "threads have no variables in common: each is given its starter's hook" },
);

rule("goes to the threads that a thread starts, too", "one for the program", async (world) => {
  const { told } = await fail(world, "failingParent", [world.target("fail").url]);
  assert.equal(
    told.map(({ name, text }) => `${name}: ${text}`),
    ["grandchild: RangeError: mine"],
  );
});

rule("what is no function is refused at once", "TypeError when it is called", async (world) => {
  for (const hook of [5, "hook", {}]) {
    await world.fails(() => world.heddle.setExcepthook(hook as unknown as null), "ArgumentError");
  }
});

rule(
  "arguments that are gone before the thread has them are its error, and end no worker",
  "(has none)",
  async (world) => {
    const { heddle, own, target } = world;
    const queue = own(new heddle.Queue<unknown>());
    const gone = new heddle.Queue();
    const thread = own(new heddle.Thread({ target: target("put"), args: [queue, gone] }));
    thread.start();
    gone.close();
    await thread.join();
    // It may have been quicker; died it has not.
    assert.ok(thread.exitCode === 0 || thread.exitCode === 1, String(thread.exitCode));
  },
  // The hook is among what could not be read, so the console hears of it, which is an error on a page.
  { needs: { only: ["main", "thread"] } },
);
