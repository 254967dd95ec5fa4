/** Scheduler: section 8 of the reference, on a clock that the case turns. */
import * as assert from "uvu/assert";
import type { Scheduler } from "../library.js";
import { chapter, HOSTS, type World } from "../world.js";

const { cases, rule } = chapter("Scheduler", HOSTS);

export { cases };

/** A scheduler whose sleeps turn its clock, and what it slept. */
function onClock({ heddle }: World): { scheduler: Scheduler; slept: number[]; turn(milliseconds: number): void } {
  let now = 0;
  const slept: number[] = [];
  const scheduler = new heddle.Scheduler({
    now: () => now,
    delay: async (milliseconds) => {
      slept.push(milliseconds);
      now += milliseconds;
    },
  });
  return {
    scheduler,
    slept,
    turn: (milliseconds) => {
      now += milliseconds;
    },
  };
}

rule(
  "an event says what was entered",
  "Event (time, priority, sequence, action, argument, kwargs), sequence from 0 per scheduler",
  (world) => {
    const { scheduler, turn } = onClock(world);
    turn(5);
    const action = (..._: unknown[]) => {};
    const events = [scheduler.enter(10, 1, action, "a", 2), scheduler.enterAbs(7, 2, action)];
    assert.equal(
      events.map(({ time, priority, sequence, action: own, args }) => [time, priority, sequence, own === action, args]),
      [
        [15, 1, 0, true, ["a", 2]],
        [7, 2, 1, true, []],
      ],
    );
    assert.is(onClock(world).scheduler.enter(1, 1, action).sequence, 0);
  },
  { ours: "arguments follow the action; there are no keywords" },
);

rule(
  "runs by time, then priority, then entry",
  "(time, priority, sequence): lower number first, ties first-in first-out: golden vector",
  async (world) => {
    const { scheduler } = onClock(world);
    const ran: number[] = [];
    const entries = [
      [2, 1],
      [1, 2],
      [1, 1],
      [2, 0],
      [1, 1],
      [0, 5],
      [1, 2],
    ] as const;
    for (const [i, [time, priority]] of entries.entries()) scheduler.enterAbs(time, priority, () => ran.push(i));
    assert.equal(
      scheduler.queue.map(({ sequence }) => sequence),
      [5, 2, 4, 1, 6, 3, 0],
    );
    assert.is(await scheduler.run(), null);
    assert.equal([ran, scheduler.empty()], [[5, 2, 4, 1, 6, 3, 0], true]);
  },
);

for (const enter of ["enter", "enterAbs"] as const) {
  rule(`${enter} passes the arguments`, "action(*argument, **kwargs)", async (world) => {
    const { scheduler } = onClock(world);
    const got: unknown[][] = [];
    scheduler[enter](1, 1, (...args: unknown[]) => got.push(args), 1, "b", undefined);
    scheduler[enter](2, 1, (...args: unknown[]) => got.push(args));
    await scheduler.run();
    assert.equal(got, [[1, "b", undefined], []]);
  });
}

rule(
  "sleeps until the next is due, and looks again",
  "head not due: delayfunc(rest), then look again",
  async (world) => {
    const { scheduler, slept } = onClock(world);
    for (const time of [10, 25, 25, 26]) scheduler.enterAbs(time, 1, () => {});
    await scheduler.run();
    assert.equal(slept, [10, 15, 1]);
  },
);

rule("a delay that is too short is followed by another", "look again", async (world) => {
  let now = 0;
  const slept: number[] = [];
  const scheduler = new world.heddle.Scheduler({
    now: () => now,
    delay: async (milliseconds) => {
      slept.push(milliseconds);
      now += Math.ceil(milliseconds / 2);
    },
  });
  scheduler.enter(8, 1, () => {});
  await scheduler.run();
  assert.equal(slept, [8, 4, 2, 1]);
});

rule("an overdue event runs at once", "negative delay = overdue, allowed", async (world) => {
  const { scheduler, slept } = onClock(world);
  const ran: string[] = [];
  scheduler.enter(0, 1, () => ran.push("now"));
  scheduler.enter(-5, 1, () => ran.push("long ago"));
  scheduler.enterAbs(Number.NEGATIVE_INFINITY, 1, () => ran.push("ever"));
  await scheduler.run();
  assert.equal([ran, slept], [["ever", "long ago", "now"], []]);
});

rule(
  "without blocking it runs all that is due, entered meanwhile too, and says when the next is",
  "run(False): all events due now, including ones entered meanwhile that are due, then the time to the next one, or None",
  async (world) => {
    const { scheduler, slept, turn } = onClock(world);
    const ran: string[] = [];
    const run = () => scheduler.run({ blocking: false });
    assert.is(await run(), null);
    scheduler.enter(5, 1, () => {
      ran.push("first");
      scheduler.enter(0, 1, () => ran.push("entered"));
      scheduler.enter(1, 1, () => ran.push("after that"));
    });
    scheduler.enter(30, 1, () => ran.push("later"));
    assert.is(await run(), 5);
    turn(5);
    assert.is(await run(), 1);
    assert.equal(ran, ["first", "entered"]);
    turn(25);
    assert.is(await run(), null);
    assert.equal([ran, slept], [["first", "entered", "after that", "later"], []]);
  },
);

rule("cancel takes out exactly that event", "exactly that event, not an equal-time one", async (world) => {
  const { scheduler } = onClock(world);
  const ran: number[] = [];
  const events = [0, 1, 2].map((i) => scheduler.enterAbs(1, 1, () => ran.push(i)));
  assert.is(scheduler.cancel(events[1]!), undefined);
  await scheduler.run();
  assert.equal(ran, [0, 2]);
});

rule(
  "what is not there cannot be cancelled",
  "not in the queue - already run, cancelled or foreign - ValueError",
  async (world) => {
    const { scheduler } = onClock(world);
    const [first, second] = [scheduler.enter(1, 1, () => {}), scheduler.enter(2, 1, () => {})];
    const foreign = onClock(world).scheduler.enter(1, 1, () => {});
    scheduler.cancel(second);
    await scheduler.run();
    for (const event of [first, second, foreign, undefined]) {
      await world.fails(() => scheduler.cancel(event as typeof first), "ArgumentError");
    }
  },
);

rule("empty says whether something waits", "empty()", async (world) => {
  const { scheduler } = onClock(world);
  assert.is(scheduler.empty(), true);
  const event = scheduler.enter(1, 1, () => {});
  scheduler.enter(2, 1, () => {});
  assert.is(scheduler.empty(), false);
  scheduler.cancel(event);
  assert.is(scheduler.empty(), false);
  await scheduler.run();
  assert.is(scheduler.empty(), true);
});

rule("queue is a copy, in the order of running", "a sorted copy", (world) => {
  const { scheduler } = onClock(world);
  const late = scheduler.enter(2, 1, () => {});
  const early = scheduler.enter(1, 1, () => {});
  const { queue } = scheduler;
  assert.equal([queue[0] === early, queue[1] === late, queue.length], [true, true, 2]);
  queue.length = 0;
  assert.is(scheduler.queue.length, 2);
});

rule(
  "an action that throws ends the run; its event is gone, the others stay",
  "goes out of run; that event is gone, the others stay; run may be called again",
  async (world) => {
    const { scheduler } = onClock(world);
    const ran: string[] = [];
    for (const error of [new RangeError("mine"), undefined]) {
      scheduler.enter(1, 1, () => {
        throw error;
      });
    }
    scheduler.enter(2, 1, () => ran.push("second"));
    for (const expected of ["RangeError: mine", "undefined"]) {
      const thrown = await scheduler.run().then(
        () => "nothing",
        (error: unknown) => String(error),
      );
      assert.is(thrown, expected);
    }
    assert.equal([ran, scheduler.queue.length], [[], 1]);
    assert.is(await scheduler.run(), null);
    assert.equal(ran, ["second"]);
  },
);

rule("an action may enter and cancel", "actions and delays run unlocked, may enter/cancel", async (world) => {
  const { scheduler } = onClock(world);
  const ran: string[] = [];
  const doomed = scheduler.enter(3, 1, () => ran.push("doomed"));
  scheduler.enter(1, 1, () => {
    ran.push("first");
    scheduler.cancel(doomed);
    scheduler.enter(1, 1, () => ran.push("second"));
    scheduler.enter(5, 1, () => ran.push("fourth"));
  });
  scheduler.enter(4, 1, () => ran.push("third"));
  await scheduler.run();
  assert.equal(ran, ["first", "second", "third", "fourth"]);
});

rule("an event is out of the queue when its action runs", "remove first, then run the action", async (world) => {
  const { scheduler } = onClock(world);
  let seen = -1;
  const event = scheduler.enter(1, 1, async () => {
    seen = scheduler.queue.length;
    await world.fails(() => scheduler.cancel(event), "ArgumentError");
  });
  await scheduler.run();
  assert.is(seen, 0);
});

rule("an action that promises is awaited before the next", "(none do)", async (world) => {
  const { scheduler } = onClock(world);
  const ran: string[] = [];
  scheduler.enter(1, 1, async () => {
    await new Promise((resolve) => setTimeout(resolve));
    ran.push("slow");
  });
  scheduler.enter(1, 2, () => ran.push("quick"));
  await scheduler.run();
  assert.equal(ran, ["slow", "quick"]);
});

rule(
  "others have a turn between actions",
  "after each action delayfunc(0)",
  async (world) => {
    const { scheduler } = onClock(world);
    let isOver = false;
    let turns = 0;
    const again = (): void => {
      if (!isOver) scheduler.enter(0, 1, again);
      turns++;
    };
    scheduler.enter(0, 1, again);
    // Of a scheduler that kept its thread for itself this would never come.
    setTimeout(() => {
      isOver = true;
    });
    await scheduler.run();
    assert.ok(turns > 1);
  },
  { ours: "every 20 ms: a turn of the event loop costs more than most actions" },
);

rule(
  "an earlier event that is entered meanwhile runs in its time",
  "runs late: the sleep is not interrupted",
  async (world) => {
    const scheduler = new world.heddle.Scheduler();
    const ran: string[] = [];
    const late = scheduler.enter(3_600_000, 1, () => ran.push("late"));
    const over = scheduler.run();
    await new Promise((resolve) => setTimeout(resolve));
    scheduler.enter(1, 1, () => {
      ran.push("early");
      scheduler.cancel(late);
    });
    assert.is(await over, null);
    assert.equal(ran, ["early"]);
  },
  { ours: "the sleeper is woken" },
);

rule(
  "whoever sleeps for an event that is cancelled goes on",
  "cancel of the awaited event does not shorten it",
  async (world) => {
    const scheduler = new world.heddle.Scheduler();
    const [first, second] = [scheduler.enter(3_600_000, 1, () => {}), scheduler.enter(2 ** 40, 1, () => {})];
    const over = scheduler.run();
    await new Promise((resolve) => setTimeout(resolve));
    scheduler.cancel(first);
    await new Promise((resolve) => setTimeout(resolve));
    scheduler.cancel(second);
    assert.is(await over, null);
  },
  { ours: "the sleeper is woken" },
);

rule("events come in while it runs", "threads add to a running scheduler (test_enter_concurrent)", async (world) => {
  let now = 0;
  let wake = (): void => {};
  const scheduler = new world.heddle.Scheduler({
    now: () => now,
    delay: (_, signal) =>
      new Promise<void>((resolve) => {
        wake = resolve;
        signal.addEventListener("abort", () => resolve());
      }),
  });
  const ran: number[] = [];
  const turnTo = async (time: number): Promise<void> => {
    now = time;
    wake();
    await new Promise((resolve) => setTimeout(resolve));
  };
  const enter = (time: number): void => void scheduler.enterAbs(time, 1, () => ran.push(time));
  enter(1);
  enter(3);
  const over = scheduler.run();
  await turnTo(1);
  assert.equal(ran, [1]);
  for (const time of [4, 5, 2]) enter(time);
  await turnTo(2);
  assert.equal(ran, [1, 2]);
  await turnTo(3);
  await turnTo(4);
  assert.equal(ran, [1, 2, 3, 4]);
  await turnTo(5);
  assert.is(await over, null);
  assert.equal(ran, [1, 2, 3, 4, 5]);
});

rule("two that run it share the events", "run in two threads", async (world) => {
  const { scheduler } = onClock(world);
  const ran: number[] = [];
  for (const i of [1, 2, 3, 4]) scheduler.enterAbs(i, 1, () => ran.push(i));
  assert.equal(await Promise.all([scheduler.run(), scheduler.run()]), [null, null]);
  assert.equal(ran, [1, 2, 3, 4]);
});

rule(
  "what is wrong is said when it is entered",
  "fails when run, not when entered",
  async (world) => {
    const { scheduler } = onClock(world);
    const wrong = [
      () => scheduler.enter("1" as never, 1, () => {}),
      () => scheduler.enter(Number.NaN, 1, () => {}),
      () => scheduler.enterAbs(1, "1" as never, () => {}),
      () => scheduler.enterAbs(undefined as never, 1, () => {}),
      () => scheduler.enter(1, 1, "action" as never),
      () => new world.heddle.Scheduler({ now: 5 as never }),
      () => new world.heddle.Scheduler({ delay: 5 as never }),
    ];
    for (const act of wrong) await world.fails(act, "ArgumentError");
    assert.is(scheduler.empty(), true);
  },
  { ours: "at the call, where the mistake is" },
);
