// @timeout 3600
/**
 * Objects that are made and closed again and again, and objects that nobody closes: the arena is as it was.
 *
 *   CYCLES  of each class; default 20,000, of Queue 100,000; with STRESS=1 1,000,000 of each
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Entry, Handle, Heddle } from "../../ts/index.js";
import { loadLibrary, until } from "../runtime/library.js";
import { watchdog } from "../tools/watchdog.js";

const STRESS = process.env.STRESS === "1";
const CYCLES = Number(process.env.CYCLES ?? (STRESS ? 1_000_000 : 20_000));
const CYCLES_OF_QUEUE = Number(process.env.CYCLES ?? (STRESS ? 1_000_000 : 100_000));
/** Objects of each class that nobody closes. */
const FORGOTTEN = 500;

const library = await loadLibrary();

interface Made {
  readonly handle: Handle;
  close(): void;
}

/** One of each class. */
const MAKERS: Readonly<Record<string, (heddle: Heddle) => Made>> = {
  Queue: (context) => new library.Queue({ context }),
  LifoQueue: (context) => new library.LifoQueue({ context }),
  PriorityQueue: (context) => new library.PriorityQueue({ context }),
  SimpleQueue: (context) => new library.SimpleQueue({ context }),
  Lock: (context) => new library.Lock({ context }),
  RLock: (context) => new library.RLock({ context }),
  Condition: (context) => new library.Condition(undefined, { context }),
  Semaphore: (context) => new library.Semaphore(1, { context }),
  BoundedSemaphore: (context) => new library.BoundedSemaphore(1, { context }),
  Event: (context) => new library.Event({ context }),
  Barrier: (context) => new library.Barrier(2, { context }),
  ReadWriteLock: (context) => new library.ReadWriteLock({ context }),
  Once: (context) => new library.Once({ context }),
  Counter: (context) => new library.Counter(0, { context }),
};

/** How the arena is: bytes in use, and the largest piece that is free. */
function arenaOf({ member }: Heddle): readonly number[] {
  return [member.core.memoryUsed() >>> 0, member.core.memoryLargestFree() >>> 0];
}

for (const [name, make] of Object.entries(MAKERS)) {
  const cycles = name === "Queue" ? CYCLES_OF_QUEUE : CYCLES;
  test(`${cycles} objects of ${name} that are made and closed leave the arena as it was`, async () => {
    const heddle = library.createHeddle({ memory: 2 ** 20 });
    const before = arenaOf(heddle);
    for (let i = 0; i < cycles; i++) make(heddle).close();
    assert.equal(arenaOf(heddle), before);
    await heddle.close();
  });
}

test(`${CYCLES} objects of a handle, and queues with something in them, leave the arena as it was`, async () => {
  const heddle = library.createHeddle({ memory: 2 ** 20 });
  const before = arenaOf(heddle);
  const kept = new library.Queue<unknown>({ context: heddle });
  for (let i = 0; i < CYCLES; i++) {
    const again = library.Queue.from(kept.handle);
    const queue = new library.PriorityQueue<unknown, Entry<unknown>>({ context: heddle });
    queue.putNowait([i, "what has bytes of its own, and is dropped with the queue"]);
    queue.putNowait(i);
    if (i % 2 === 0) again.close();
    queue.close();
    if (i % 2 !== 0) again.close();
  }
  kept.close();
  assert.equal(arenaOf(heddle), before);
  await heddle.close();
});

test("what nobody closes is freed when nobody has it any more", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const heddle = library.createHeddle({ memory: 8 * 2 ** 20 });
  const before = arenaOf(heddle);
  const dog = watchdog(60, () => `${arenaOf(heddle)}, expected ${before}`);
  const kept = Object.entries(MAKERS).map(([, make]) => make(heddle));
  const withKept = arenaOf(heddle)[0]!;
  forget(heddle);
  assert.ok(arenaOf(heddle)[0]! > withKept + 15 * FORGOTTEN * 100, "they take some memory");
  await until(() => {
    collect();
    return arenaOf(heddle)[0] === withKept;
  });
  // Those that somebody has are still good.
  for (const object of kept) object.close();
  await until(() => arenaOf(heddle)[0] === before[0]);
  assert.equal(arenaOf(heddle), before);
  dog.clear();
  await heddle.close();
});

/** A function of its own, so that nothing of it stays on the stack. */
function forget(heddle: Heddle): void {
  for (let i = 0; i < FORGOTTEN; i++) {
    for (const make of Object.values(MAKERS)) make(heddle);
    const queue = new library.Queue<unknown>({ context: heddle });
    queue.putNowait("what has bytes of its own, and goes with its queue");
    // A wait that is over leaves nothing behind that keeps the object.
    queue.getNowait();
    queue.get({ timeout: 0 }).catch(() => {});
    new library.Lock({ context: heddle }).tryAcquire();
  }
}

test("a guard keeps its lock, a wait its queue", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const heddle = library.createHeddle({ memory: 2 ** 20 });
  const before = arenaOf(heddle)[0]!;
  const dog = watchdog(60, () => `${arenaOf(heddle)}, expected ${before}`);
  let guard = new library.Lock({ context: heddle }).tryAcquire();
  const stop = new AbortController();
  const wait = new library.Queue({ context: heddle }).get({ signal: stop.signal });
  const used = arenaOf(heddle)[0]!;
  const probe = new WeakRef({});
  await until(() => {
    collect();
    return probe.deref() === undefined;
  });
  for (let i = 0; i < 5; i++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.is(arenaOf(heddle)[0], used);
  guard?.release();
  guard = null;
  stop.abort(new Error("enough"));
  await wait.then(
    () => assert.unreachable(),
    (error) => assert.is(error.message, "enough"),
  );
  await until(() => {
    collect();
    return arenaOf(heddle)[0] === before;
  });
  dog.clear();
  await heddle.close();
});

test.run();
