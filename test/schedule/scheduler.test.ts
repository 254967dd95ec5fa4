/** The scheduler, row by row of what Python's does, on a clock that the test turns. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ArgumentError, Scheduler } from "../../ts/index.js";

/** A clock, and a scheduler on it; sleeping turns it. */
function onClock() {
  let now = 0;
  const slept: number[] = [];
  const scheduler = new Scheduler({
    now: () => now,
    delay: async (milliseconds) => {
      slept.push(milliseconds);
      now += milliseconds;
    },
  });
  return { scheduler, slept, turn: (milliseconds: number) => (now += milliseconds), now: () => now };
}

test("runs what is due first, then by priority, then in the order of entry", async () => {
  const { scheduler } = onClock();
  const ran: number[] = [];
  const entries: [time: number, priority: number][] = [
    [2, 1],
    [1, 2],
    [1, 1],
    [2, 0],
    [1, 1],
    [0, 5],
    [1, 2],
  ];
  for (const [i, [time, priority]] of entries.entries()) scheduler.enterAbs(time, priority, () => ran.push(i));
  assert.is(await scheduler.run(), null);
  assert.equal(ran, [5, 2, 4, 1, 6, 3, 0]);
});

test("sleeps until the next event, and passes arguments", async () => {
  const { scheduler, slept } = onClock();
  const got: unknown[] = [];
  scheduler.enter(10, 1, (a: number, b: string) => got.push(a, b), 1, "b");
  scheduler.enter(25, 1, () => got.push("last"));
  await scheduler.run();
  assert.equal(slept, [10, 15]);
  assert.equal(got, [1, "b", "last"]);
});

test("a negative delay is overdue", async () => {
  const { scheduler, slept } = onClock();
  let ran = 0;
  scheduler.enter(-5, 1, () => ran++);
  await scheduler.run();
  assert.is(ran, 1);
  assert.equal(slept, []);
});

test("without blocking it runs all that is due, entered meanwhile too, and says when the next is", async () => {
  const { scheduler, turn } = onClock();
  const ran: string[] = [];
  scheduler.enter(5, 1, () => {
    ran.push("first");
    scheduler.enter(0, 1, () => ran.push("entered"));
  });
  scheduler.enter(30, 1, () => ran.push("later"));
  assert.is(await scheduler.run({ blocking: false }), 5);
  turn(10);
  assert.is(await scheduler.run({ blocking: false }), 20);
  assert.equal(ran, ["first", "entered"]);
  turn(20);
  assert.is(await scheduler.run({ blocking: false }), null);
});

test("cancels exactly the event that is meant, and refuses one that is not there", async () => {
  const { scheduler } = onClock();
  const ran: number[] = [];
  const events = [0, 1, 2].map((i) => scheduler.enterAbs(1, 1, () => ran.push(i)));
  scheduler.cancel(events[1]!);
  assert.throws(
    () => scheduler.cancel(events[1]!),
    (error: unknown) => error instanceof ArgumentError,
  );
  await scheduler.run();
  assert.equal(ran, [0, 2]);
  assert.throws(
    () => scheduler.cancel(events[0]!),
    (error: unknown) => error instanceof ArgumentError,
  );
});

test("its queue is a copy in the order of running", () => {
  const { scheduler } = onClock();
  const late = scheduler.enterAbs(2, 1, () => {});
  const early = scheduler.enterAbs(1, 1, () => {});
  const { queue } = scheduler;
  assert.equal(queue, [early, late]);
  queue.pop();
  assert.is(scheduler.queue.length, 2);
  assert.is(scheduler.empty(), false);
});

test("an action that throws is gone, the others stay, and it runs again", async () => {
  const { scheduler } = onClock();
  let ran = 0;
  scheduler.enter(1, 1, () => {
    throw new RangeError("mine");
  });
  scheduler.enter(2, 1, () => ran++);
  assert.is(await scheduler.run().catch((error: Error) => error.message), "mine");
  assert.is(ran, 0);
  await scheduler.run();
  assert.is(ran, 1);
});

test("unlike Python's, it wakes for an earlier event that is entered while it sleeps", async () => {
  let now = 0;
  const ran: string[] = [];
  const sleeps: (() => void)[] = [];
  const scheduler = new Scheduler({
    now: () => now,
    delay: (_, signal) =>
      new Promise<void>((resolve) => {
        sleeps.push(resolve);
        signal.addEventListener("abort", () => resolve());
      }),
  });
  scheduler.enter(1000, 1, () => ran.push("late"));
  const running = scheduler.run();
  await Promise.resolve();
  scheduler.enter(10, 1, () => ran.push("early"));
  await Promise.resolve();
  now = 10;
  await new Promise((resolve) => setTimeout(resolve));
  sleeps.at(-1)!();
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(ran, ["early"]);
  now = 1000;
  sleeps.at(-1)!();
  await running;
  assert.equal(ran, ["early", "late"]);
});

test("and for the cancelling of the one that it sleeps for", async () => {
  const scheduler = new Scheduler();
  const event = scheduler.enter(60_000, 1, () => {});
  const running = scheduler.run();
  await Promise.resolve();
  scheduler.cancel(event);
  assert.is(await running, null);
});

test("says what is wrong when it is entered", () => {
  const { scheduler } = onClock();
  const refused = (enter: () => unknown) => assert.throws(enter, (error: unknown) => error instanceof ArgumentError);
  refused(() => scheduler.enter(Number.NaN, 1, () => {}));
  refused(() => scheduler.enter(1, "1" as never, () => {}));
  refused(() => scheduler.enter(1, 1, "action" as never));
  refused(() => new Scheduler({ now: 5 as never }));
});

test("comes again at whole intervals, until it is cancelled", async () => {
  const { scheduler, now } = onClock();
  const times: number[] = [];
  const beat = scheduler.every(10, 1, () => times.push(now()));
  scheduler.enter(35, 1, () => scheduler.cancel(beat));
  assert.is(await scheduler.run(), null);
  assert.equal(times, [10, 20, 30]);
  assert.throws(
    () => scheduler.cancel(beat),
    (error: unknown) => error instanceof ArgumentError,
  );
});

test("leaves out the times that went by while its action ran", async () => {
  const { scheduler, now, turn } = onClock();
  const times: number[] = [];
  const beat = scheduler.every(10, 1, () => {
    times.push(now());
    turn(times.length === 1 ? 25 : 1);
    if (times.length === 3) scheduler.cancel(beat);
  });
  await scheduler.run();
  assert.equal(times, [10, 40, 50]);
  assert.ok(scheduler.empty());
});

test("takes its turn behind others that are due at the same time", async () => {
  const { scheduler } = onClock();
  const ran: string[] = [];
  const one = scheduler.every(10, 1, () => ran.push("one"));
  const two = scheduler.every(10, 1, () => ran.push("two"));
  scheduler.enter(20, 2, () => {
    scheduler.cancel(one);
    scheduler.cancel(two);
  });
  await scheduler.run();
  assert.equal(ran, ["one", "two", "one", "two"]);
});

test("comes again after its action has thrown", async () => {
  const { scheduler, now } = onClock();
  let count = 0;
  const beat = scheduler.every(
    10,
    1,
    (limit: number) => {
      if (++count === limit) throw new Error(`at ${now()}`);
      if (count > limit) scheduler.cancel(beat);
    },
    2,
  );
  await scheduler.run().then(
    () => assert.unreachable(),
    (error: Error) => assert.is(error.message, "at 20"),
  );
  assert.equal(
    scheduler.queue.map(({ time, interval }) => [time, interval]),
    [[30, 10]],
  );
  await scheduler.run();
  assert.is(now(), 30);
});

test("refuses intervals that are none", () => {
  const { scheduler } = onClock();
  for (const interval of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, "10" as unknown as number]) {
    assert.throws(
      () => scheduler.every(interval, 1, () => {}),
      (error: unknown) => error instanceof ArgumentError,
    );
  }
});

test.run();
