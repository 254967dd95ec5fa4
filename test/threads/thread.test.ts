/** Threads: their lives, ends and errors. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LIBRARY_URL, loadLibrary } from "../runtime/library.js";
import { watchdog } from "../tools/watchdog.js";

const {
  Thread,
  Timer,
  Queue,
  Event,
  Lock,
  currentThread,
  mainThread,
  enumerate,
  activeCount,
  setExcepthook,
  close,
  createHeddle,
} = await loadLibrary();

const SECONDS = 60;
const dog = watchdog(SECONDS, () =>
  enumerate()
    .map(({ name }) => name)
    .join(", "),
);
test.after(async () => {
  dog.clear();
  await close();
});

function codeOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return undefined;
}

test("runs its target with its arguments, which may be objects of the house", async () => {
  const results = new Queue<number>();
  const target = (queue: InstanceType<typeof Queue<number>>, n: number) => {
    for (let i = 0; i < n; i++) queue.putSync(i * i);
  };
  const thread = new Thread({ target, args: [results, 3] });
  assert.is(thread.isAlive, false);
  assert.is(thread.ident, null);
  thread.start();
  assert.is(thread.isAlive, true);
  assert.type(thread.ident, "number");
  assert.is(await thread.join(), true);
  assert.is(thread.isAlive, false);
  assert.is(thread.exitCode, 0);
  assert.equal([...results.snapshot()], [0, 1, 4]);
  results.close();
});

test("a class that overrides run takes what its constructor has made with it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "heddle-weaver-"));
  const file = join(folder, "weaver.mjs");
  writeFileSync(
    file,
    `import { Thread } from ${JSON.stringify(LIBRARY_URL)};
    export class Weaver extends Thread {
      static url = import.meta.url;
      constructor(results, word) {
        super({ args: [results], name: "loom" });
        this.word = word;
      }
      run(results) {
        results.putSync([this.word, this.name, this.isAlive]);
      }
    }`,
  );
  const { Weaver } = await import(pathToFileURL(file).href);
  const results = new Queue<unknown>();
  const thread = new Weaver(results, "warp");
  thread.start();
  await thread.join();
  assert.equal([...results.snapshot()], [["warp", "loom", true]]);
  results.close();
  rmSync(folder, { recursive: true });
});

test("is joined by a thread that sleeps", () => {
  const thread = new Thread({ target: () => 1 });
  thread.start();
  assert.is(thread.joinSync(), true);
});

test("is started once, and joined after its start, by others", () => {
  const thread = new Thread({ target: () => 1 });
  assert.is(
    codeOf(() => thread.joinSync()),
    "ERR_THREAD",
  );
  thread.start();
  assert.is(
    codeOf(() => thread.start()),
    "ERR_THREAD",
  );
  thread.joinSync();
  assert.is(
    codeOf(() => thread.start()),
    "ERR_THREAD",
  );
  assert.is(
    codeOf(() => mainThread()!.joinSync()),
    "ERR_THREAD",
  );
});

test("is told from others by its context, too", async () => {
  const context = createHeddle();
  // The first of theirs: its identity is the main thread's here.
  assert.is(mainThread()!.name, "MainThread");
  const thread = new Thread({ target: () => 1, name: "elsewhere", context });
  thread.start();
  assert.is(await thread.join(), true);
  assert.is(mainThread()!.name, "MainThread");
  thread.close();
  await context.close();
});

test("has a name of its own, which may be changed", () => {
  const target = function work(): void {};
  const named = new Thread({ target, name: "weaver" });
  assert.is(named.name, "weaver");
  named.name = "шаттл";
  assert.is(named.name, "шаттл");
  const first = new Thread({ target }).name;
  assert.match(first, /^Thread-\d+ \(work\)$/);
  // Objects for threads that are there take no number.
  enumerate();
  assert.is(
    new Thread({ target }).name,
    first.replace(/\d+/, (number) => String(Number(number) + 1)),
  );
});

test("is listed while it is alive, with the main thread", async () => {
  const gate = new Event();
  const thread = new Thread({ target: (gate: InstanceType<typeof Event>) => gate.waitSync(), args: [gate] });
  thread.start();
  assert.ok(enumerate().includes(thread as never));
  assert.is(activeCount(), 2);
  gate.set();
  await thread.join();
  assert.equal(
    enumerate().map(({ name }) => name),
    ["MainThread"],
  );
  assert.is(currentThread(), mainThread());
  gate.close();
});

test("waits for a target that is asynchronous", async () => {
  const done = new Event();
  const target = async (done: InstanceType<typeof Event>) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    done.set();
  };
  const thread = new Thread({ target, args: [done] });
  thread.start();
  await thread.join();
  assert.is(done.isSet(), true);
  done.close();
});

test("an error goes to the hook, before the thread is over; join throws nothing", async () => {
  const seen = new Queue<string>();
  // The hook is a function for threads, too: what it tells goes by the target's own words here.
  setExcepthook(({ error, name }) => console.log(`${name}: ${(error as Error).message}`));
  const thread = new Thread({
    target: () => {
      throw new RangeError("mine");
    },
    name: "bad",
  });
  thread.start();
  assert.is(await thread.join(), true);
  assert.is(thread.exitCode, 1);
  setExcepthook(null);
  seen.close();
});

test("a thread that is ended by force gives back what it held", async () => {
  const lock = new Lock();
  const held = new Event();
  const target = (lock: InstanceType<typeof Lock>, held: InstanceType<typeof Event>) => {
    (globalThis as { guard?: unknown }).guard = lock.acquireSync();
    held.set();
    for (;;);
  };
  const thread = new Thread({ target, args: [lock, held] });
  thread.start();
  await held.wait();
  thread.terminate();
  const guard = await lock.acquire();
  assert.is(guard.abandoned, true);
  assert.is(await thread.join(), true);
  assert.is(thread.exitCode, -1);
  guard.release();
  lock.close();
  held.close();
});

test("an inline function that reaches out is told which variable it reached for", async () => {
  const outer = 5;
  const thread = new Thread({ target: () => console.log(outer) });
  thread.start();
  await thread.join();
  assert.is(thread.exitCode, 1);
});

test("a timer runs its target after a while, or not at all", async () => {
  const ran = new Queue<string>();
  const target = (queue: InstanceType<typeof Queue<string>>, text: string) => queue.putNowait(text);
  const timer = new Timer(5, target, [ran, "late"]);
  timer.start();
  const cancelled = new Timer(60_000, target, [ran, "never"]);
  cancelled.start();
  cancelled.cancel();
  await Promise.all([timer.join(), cancelled.join()]);
  assert.equal([...ran.snapshot()], ["late"]);
  assert.is(timer.finished.isSet(), true);
  ran.close();
});

test("the program waits for threads that are no daemons, and for no others", () => {
  const program = (daemon: boolean) => `
    import { Thread } from ${JSON.stringify(LIBRARY_URL)};
    const target = async () => { await new Promise((resolve) => setTimeout(resolve, ${daemon ? 1e9 : 200})); console.log("over"); };
    new Thread({ target, daemon: ${daemon} }).start();`;
  const run = (daemon: boolean) =>
    execFileSync(process.execPath, ["--input-type=module", "-e", program(daemon)], {
      encoding: "utf8",
      timeout: 30_000,
    });
  assert.is(run(false), "over\n");
  assert.is(run(true), "");
});

test("a thread whose starter died in the middle of the start is over, and can be joined", async () => {
  const started = new Queue<Started>();
  type Started = InstanceType<typeof Thread>;
  const received = new Event();
  const starter = async (
    queue: InstanceType<typeof Queue<Started>>,
    received: InstanceType<typeof Event>,
    library: string,
  ) => {
    const heddle = (await import(library)) as { Thread: typeof Thread };
    const thread = new heddle.Thread({ target: () => {} });
    queue.putSync(thread);
    // What travels keeps nothing alive.
    received.waitSync();
    // Its record says that it was started; the workshop never hears of it.
    const { workshop } = (thread as unknown as { member: { workshop: { order: () => void } } }).member;
    workshop.order = () => process.exit();
    thread.start();
  };
  const dying = new Thread({ target: starter, args: [started, received, LIBRARY_URL] });
  dying.start();
  const orphan = await started.get();
  received.set();
  await dying.join();
  while (orphan.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.is(await orphan.join(), true);
  assert.equal([dying.exitCode, orphan.exitCode, activeCount()], [-1, -1, 1]);
  for (const each of [orphan, started, received]) each.close();
});

test.run();
