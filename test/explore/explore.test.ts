/** The explorer finds what is wrong, and nothing where nothing is. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { explore, type Options } from "./explore.js";
import { CutOff, type End, type Program } from "./program.js";
import { replay } from "./replay.js";
import { Scheduler } from "./scheduler.js";
import { testModule } from "./subject.js";
import { onNodeThatSuspends } from "./suspend.js";
import {
  adding,
  flagging,
  givingUp,
  LOCK,
  locking,
  logging,
  PAIR,
  publishing,
  type Toy,
  toy,
  WORD,
  wordIs,
} from "./toys.js";
import { walk } from "./walk.js";

const TESTS = 27;

await onNodeThatSuspends(() => {
  const subject = testModule("explore-toy");
  const scheduler = (program: Program<Toy>) => new Scheduler(program, subject.target());
  const run = (program: Program<Toy>, options?: Options) => explore(scheduler(program), options);

  /** Explores a program that has a fault, and looks whether the schedule leads to it again. */
  async function finds(program: Program<Toy>, what: RegExp, departures: number): Promise<readonly string[]> {
    const report = await run(program);
    assert.match(report.failure?.what ?? "nothing was found", what);
    assert.is(report.bound, departures, `departures that it takes: ${report.failure?.schedule}`);
    const { failure, lines } = await replay(scheduler(program), report.failure?.schedule ?? "");
    assert.is(failure, report.failure?.what);
    return lines;
  }

  async function holds(program: Program<Toy>): Promise<void> {
    const report = await run(program);
    assert.is(report.failure, null, JSON.stringify(report.failure));
    console.log(`${program.name}: ${report.runs} runs, ${report.withDeaths} with a death, ${report.states} states`);
  }

  test("explorer: a lost update takes one departure", async () => {
    await finds(adding("addInTwoSteps", 2, 3), /expected 2, got 1/, 1);
  });

  test("explorer: three threads lose two updates of three", async () => {
    const program = adding("addInTwoSteps", 3, 2);
    const worst = (end: End<Toy>) => assert.is.not(end.memory.getInt32(WORD, true), 1);
    await finds({ ...program, check: worst }, /not to be/, 1);
  });

  test("explorer: plain accesses race before anything is lost", async () => {
    await finds(adding("addPlainly", 2, 3), /^a data race at 64, .*addPlainly.* i32.store .*addPlainly.* i32.load/, 0);
  });

  test("explorer: words that any value will do for may race, and then lose updates", async () => {
    await finds({ ...adding("addPlainly", 2, 3), racy: [WORD] }, /expected 2, got 1/, 1);
  });

  test("explorer: atomic additions are all there", async () => {
    await holds(adding("addAtomically", 2, 3));
    await holds(adding("addAtomically", 3, 2));
  });

  test("explorer: a lock that looks, then takes, lets two in", async () => {
    const both = toy(
      "a broken lock",
      2,
      [0, 1].map(() => async (thread) => thread.log(await thread.call("takeBroken", LOCK))),
      {
        check: ({ threads }) => {
          if (threads.every(({ facts }) => facts[0] === 1)) throw new Error("both are inside");
        },
      },
    );
    await finds(both, /both are inside/, 1);
  });

  test("explorer: a lock holds, with two threads and with three", async () => {
    await holds(locking(2, 3));
    await holds(locking(3, 2));
  });

  test("explorer: without the notify a sleeper is left", async () => {
    await finds(flagging("raiseSilently"), /^sleeps for ever: thread 0 at word$/, 0);
    await holds(flagging("raise"));
  });

  test("explorer: a sleep that may run out ends, in either way", async () => {
    const looks = new Set<number>();
    const program = flagging("raiseSilently", 1000n);
    await holds({ ...program, check: ({ threads }) => void looks.add(Number(threads[0]?.facts[0])) });
    // Up before the first look; up when the first sleep runs out; and two more, which the departures buy while it is down.
    assert.equal([...looks].sort(), [1, 2, 3, 4]);
  });

  test("explorer: threads that the program allows to may sleep for ever", async () => {
    const { threads, ...rest } = flagging("raiseSilently");
    let asleep = 0;
    const check = (end: End<Toy>) => {
      if (end.threads[0]?.fate === "asleep") asleep++;
    };
    await holds({ ...rest, threads, mayEndAsleep: (numbers) => numbers.join() === "0", check });
    assert.ok(asleep > 0);
  });

  test("explorer: a death with the lock taken leaves a sleeper, unless somebody recovers it", async () => {
    await finds(locking(2, 2, { deaths: true, check: () => {} }), /^sleeps for ever: thread 1 at lock$/, 1);
    await holds(locking(2, 3, givingUp));
    await holds(locking(3, 2, givingUp));
  });

  test("explorer: whoever recovers may die as well, and is recovered first", async () => {
    const orders = new Set<string>();
    const program = locking(2, 2, givingUp);
    await holds({ ...program, check: ({ deaths }) => void orders.add(deaths.join()) });
    assert.ok(orders.has("0,2") && orders.has("1,2"), [...orders].join(" "));
  });

  test("explorer: a recovery that is not done comes again, after the others", async () => {
    const program = locking(2, 2, {
      ...givingUp,
      recover: async (thread, dead) => {
        // As long as the other holds the lock we come again: it has to go on meanwhile.
        const holder = (await thread.call("host.atomicLoad", LOCK)) & 255;
        if (holder !== 0 && holder !== dead + 1) return false;
        await thread.call("giveUp", LOCK, dead + 1);
        return true;
      },
    });
    await holds(program);
  });

  async function isCutOff(what: () => Promise<void>): Promise<boolean> {
    try {
      await what();
      return false;
    } catch (error) {
      if (error instanceof CutOff) return true;
      throw error;
    }
  }

  test("explorer: what is cut off unwinds, and its thread goes on", async () => {
    let cuts = 0;
    const program = toy(
      "cuts",
      2,
      [0, 1].map(() => async (thread) => {
        let isCut = await isCutOff(async () => {
          await thread.call("take", LOCK, thread.number + 1);
          await thread.call("bumpBoth", PAIR);
          await thread.call("give", LOCK);
        });
        // What undoes it may be cut off as well.
        for (; isCut; cuts++) isCut = await isCutOff(() => thread.call("giveUp", LOCK, thread.number + 1));
      }),
      { cuts: true },
    );
    await holds(program);
    assert.ok(cuts > 10, String(cuts));
    await finds(locking(2, 1, { cuts: true }), /^thread \d threw the operation was cut off$/, 1);
  });

  test("explorer: what is published early is a race, and found by its value as well", async () => {
    await holds(publishing("publish"));
    await finds(publishing("publishTooEarly"), /^a data race at 64/, 0);
    const early = publishing("publishTooEarly");
    const check = ({ threads }: End<Toy>) => assert.is.not(threads[1]?.facts[0], 0);
    await finds({ ...early, racy: [WORD], check }, /not to be/, 1);
  });

  test("explorer: a loop that never ends is told, with steps or without", async () => {
    await finds(
      toy("spin", 1, [async (thread) => void (await thread.call("spinOn", WORD))]),
      /^goes on for more than 20000 steps, thread 0 last$/,
      0,
    );
    await finds(
      toy("runaway", 1, [async (thread) => void (await thread.call("spinForEver", 1))]),
      /^thread 0 threw a loop goes round for ever$/,
      0,
    );
  });

  test("explorer: who tries again later lets all others go first", async () => {
    const waiting = (thread: Parameters<Program<Toy>["threads"][0]>[0]) => async () => {
      while ((await thread.call("takeBroken", LOCK)) === 0) await thread.yield();
      await thread.call("giveUp", LOCK, 1);
    };
    await holds(
      toy(
        "yield",
        2,
        [0, 1, 2].map(() => (thread) => waiting(thread)()),
      ),
    );
  });

  test("explorer: a page that sleeps without blocking is woken like the others", async () => {
    const page = toy("a page", 3, [
      async (thread) => {
        while ((await thread.call("host.atomicLoad", WORD)) === 0) thread.log((await thread.sleep(WORD, 0)).length);
      },
      async (thread) => void (await thread.call("raise", WORD)),
    ]);
    await holds(page);
    const once = toy("a page that looks once", 3, [
      async (thread) => thread.log((await thread.sleep(WORD, 0)).length),
      ...page.threads.slice(1),
    ]);
    // Not equal, or woken: never left.
    await holds(once);
  });

  test("explorer: the order of calls counts where the program says so", async () => {
    const histories = async (ordered: boolean) => {
      const found = new Set<string>();
      const program = adding("addAtomically", 2, 2);
      const check = ({ calls }: End<Toy>) => {
        const overlap = (calls[1]?.begin ?? 0) < (calls[0]?.end ?? 0);
        found.add(
          `${calls.map(({ thread, value }) => `${thread}:${value}`)} ${overlap ? "overlap" : "one after the other"}`,
        );
      };
      await run({ ...program, ordered, check });
      return found.size;
    };
    assert.is(await histories(true), 6);
    assert.ok((await histories(false)) < 6);
  });

  /** Every way in which a program can end: who ends how, what each noted, and what is in memory. */
  async function ends(program: Program<Toy>, options: Options): Promise<string[]> {
    const found = new Set<string>();
    const check = ({ memory, threads }: End<Toy>) => {
      const words = [WORD, LOCK, PAIR, PAIR + 4].map((address) => memory.getInt32(address, true));
      found.add(`${words} ${threads.map(({ fate, facts }) => `${fate} ${facts}`).join("; ")}`);
    };
    const report = await run({ ...program, check, mayEndAsleep: () => true }, options);
    assert.is(report.failure, null, report.failure?.what);
    return [...found].sort();
  }

  test("explorer: what is left out changes no end: an exhaustive search has the same", async () => {
    const programs = [
      adding("addInTwoSteps", 3, 2),
      { ...adding("addInTwoSteps", 2, 3), deaths: true },
      flagging("raise"),
      flagging("raiseSilently", 5n),
      publishing("publish"),
      locking(2, 2),
      locking(2, 2, givingUp),
      locking(3, 1, givingUp),
    ];
    for (const program of programs) {
      const all = await ends(program, { exhaustive: true });
      assert.equal(await ends(program, {}), all, program.name);
      console.log(`${program.name}: ${all.length} ends`);
    }
  });

  test("explorer: what does not count in a journal keeps no states apart, and changes no end", async () => {
    const plain = await run(logging(2, 3, "undoLogged", false));
    const journaled = await run(logging(2, 3, "undoLogged", true));
    assert.is(plain.failure, null);
    assert.is(journaled.failure, null);
    assert.ok(journaled.states < 0.8 * plain.states, `${journaled.states} states instead of ${plain.states}`);
    const all = await ends(logging(2, 2, "undoLogged", false), { exhaustive: true });
    assert.equal(await ends(logging(2, 2, "undoLogged", true), {}), all);
  });

  test("explorer: what does not count in a journal, and is read, is told", async () => {
    try {
      await run(logging(2, 1, "undoTooMuch", true));
      assert.unreachable("told");
    } catch (error) {
      assert.match(String(error), /expected nobody to read what does not count in journal \d, got .*undo/);
    }
  });

  test("explorer: memory that is written without a step is noticed", async () => {
    const program = adding("addAtomically", 2, 1);
    try {
      await run({ ...program, check: ({ memory }) => memory.setInt32(PAIR, 1, true) });
      assert.unreachable("noticed");
    } catch (error) {
      assert.match(String(error), /expected the memory as setup left it, got something else at 192/);
    }
  });

  test("explorer: a program that depends on more than its calls is noticed", async () => {
    let runs = 0;
    const program = toy("by chance", 1, [
      async (thread) => {
        await thread.call(runs++ % 2 === 0 ? "addAtomically" : "addInTwoSteps", WORD);
        await thread.call("addAtomically", WORD);
      },
      async (thread) => void (await thread.call("addAtomically", WORD)),
    ]);
    try {
      await run(program);
      assert.unreachable("noticed");
    } catch (error) {
      assert.match(String(error), /expected the same run again/);
    }
  });

  test("walk: the same seed makes the same runs, and finds what the search finds", async () => {
    const found = async (seed: number) =>
      (await walk(scheduler(adding("addInTwoSteps", 3, 2)), { seed, runs: 1000 })).failure?.schedule;
    assert.type(await found(1), "string");
    assert.is(await found(1), await found(1));
    assert.is.not(await found(1), await found(2));
    const { failure, withDeaths } = await walk(scheduler(locking(3, 2, givingUp)), { seed: 3, runs: 2000 });
    assert.is(failure, null);
    assert.ok(withDeaths > 100, String(withDeaths));
  });

  test("replay: tells calls, steps and switches", async () => {
    const lines = await finds(adding("addInTwoSteps", 2, 3), /expected 2/, 1);
    const short = lines.map((line) => line.replace(/ {2,}\S*test\/assembly.*/, ""));
    assert.equal(short, [
      "---- 0: thread 0 runs",
      "     0  addInTwoSteps(64) -> nothing, at 8",
      "   1 0  load word = 0",
      "---- 2: thread 1 runs",
      "     1  addInTwoSteps(64) -> nothing, at 5",
      "   3 1  load word = 0",
      "   4 1  store word: 0 -> 1",
      "---- 7: thread 0 runs",
      "   7 0  store word: 1 -> 1",
      "=> expected 2, got 1",
    ]);
    assert.ok(
      lines.some((line) => line.endsWith("addInTwoSteps+2 i32.atomic.load (test/assembly/explore-toy.ts:14)")),
      lines.join("\n"),
    );
  });

  test("replay: a schedule that does not fit is refused", async () => {
    const program = adding("addAtomically", 2, 1);
    const { failure } = await replay(scheduler({ ...program, check: wordIs(2) }), "2:run7");
    assert.match(failure ?? "", /the schedule does not fit: 2:run7/);
    for (const text of ["2", "x:run1", "2:walk1"]) {
      try {
        await replay(scheduler(program), text);
        assert.unreachable(text);
      } catch (error) {
        assert.match(String(error), /expected a step, an action and a thread/);
      }
    }
  });

  test.run();
}, TESTS);
