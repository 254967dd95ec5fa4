/** The core's own lock (assembly/sync/lock.ts) and the futex below it: who gets in, who sleeps, who is woken. */
import type { End, Program, Thread } from "../program.js";
import { suite } from "../suite.js";
import { BUSY, type Memory, memoryModule } from "./memory.js";

const WORD = 64;
/** Bumped inside, without atomics: `tear` of the test module reads and writes it. */
const COUNTS = [WORD + 64, WORD + 128] as const;
const EVERYONE = -1;

type Body = (thread: Thread<Memory>) => Promise<void>;

/** Takes the lock, bumps both counts, gives the lock up: all in one call. */
const tears =
  (canBlock: 0 | 1, times: number): Body =>
  async (thread) => {
    thread.log(await thread.call("tear", WORD, thread.number, times, canBlock));
  };

/** A page's thread: may not sleep, so it comes again. */
const asPage: Body = async (thread) => {
  while ((await thread.call("lock", WORD, thread.number, 0)) === BUSY) await thread.yield();
  await thread.call("host.store", COUNTS[0], (await thread.call("host.load", COUNTS[0])) + 1);
  await thread.call("host.store", COUNTS[1], (await thread.call("host.load", COUNTS[1])) + 1);
  await thread.call("unlock", WORD, thread.number);
};

function program(
  name: string,
  bound: number,
  threads: readonly Body[],
  times: number,
  more: Partial<Program<Memory>> = {},
): Program<Memory> {
  return {
    name: `lock, ${name}`,
    bytes: 1024,
    bound,
    places: { lock: WORD, count: COUNTS[0], "other count": COUNTS[1] },
    setup: () => {},
    threads,
    check: ({ memory, exports }: End<Memory>) => {
      const counts = COUNTS.map((address) => memory.getInt32(address, true));
      if (counts.some((count) => count !== times)) throw new Error(`expected ${times} twice, got ${counts}`);
      if (exports.lockOwner(WORD) !== -1) throw new Error(`expected a free lock, got ${exports.lockOwner(WORD)}'s`);
    },
    ...more,
  };
}

/** Whoever recovers a thread that died inside gives up the lock in its name, and wakes everybody: the dead may have been woken in place of another. */
const mortal: Partial<Program<Memory>> = {
  recover: async (thread, dead) => {
    if ((await thread.call("lockOwner", WORD)) === dead) await thread.call("unlock", WORD, dead);
    await thread.call("futexWake", WORD, EVERYONE);
    return true;
  },
  check: ({ exports }) => {
    if (exports.lockOwner(WORD) !== -1) throw new Error(`expected a free lock, got ${exports.lockOwner(WORD)}'s`);
  },
};

/** Inside, one count is written and the other is not: a death there leaves what `tear` would take for a lock that let two in. */
const takesAndGives: Body = async (thread) => {
  for (let times = 0; times < 2; times++) {
    await thread.call("lock", WORD, thread.number, 1);
    const owner = await thread.call("lockOwner", WORD);
    if (owner !== thread.number) throw new Error(`expected to own the lock, found ${owner}`);
    await thread.call("host.store", COUNTS[0], thread.number);
    await thread.call("unlock", WORD, thread.number);
  }
};

/** Tries, bumps when it may, and says whether it might. */
const tries: Body = async (thread) => {
  const isTaken = await thread.call("tryLock", WORD, thread.number);
  thread.log(isTaken);
  if (isTaken === 0) return;
  await thread.call("host.store", COUNTS[0], (await thread.call("host.load", COUNTS[0])) + 1);
  await thread.call("unlock", WORD, thread.number);
};

const plays =
  (player: 0 | 1): Body =>
  async (thread) =>
    void (await thread.call("pingPong", WORD, player, 2));

export const LOCK = suite<Memory>({
  name: "lock",
  subject: memoryModule,
  programs: [
    program("two threads", 3, [tears(1, 2), tears(1, 2)], 4),
    program("two threads, and one departure more", 4, [tears(1, 2), tears(1, 1)], 3),
    program("three threads", 2, [tears(1, 1), tears(1, 1), tears(1, 2)], 4),
    program("a page and two threads", 2, [asPage, tears(1, 1), tears(1, 1)], 3),
    program("two pages", 3, [asPage, asPage], 2),
    program("two that try", 3, [tries, tries], 2, {
      check: ({ memory, threads }) => {
        const count = memory.getInt32(COUNTS[0], true);
        const taken = threads.filter(({ facts }) => facts[0] === 1).length;
        if (count !== taken || taken === 0) throw new Error(`expected as many as had the lock, ${taken}, got ${count}`);
      },
    }),
    program("two threads that may die", 3, [takesAndGives, takesAndGives], 0, mortal),
    program("three threads that may die", 2, [takesAndGives, takesAndGives, takesAndGives], 0, mortal),
    program("ping-pong", 3, [plays(0), plays(1)], 4, {
      check: ({ memory }) => {
        const rounds = memory.getInt32(WORD + 4, true);
        if (rounds !== 4) throw new Error(`expected 4 rounds, got ${rounds}`);
      },
    }),
  ],
  // Not those that were inlined into the arena: its own suite has them.
  mutated: ({ line, within, kind }) =>
    /^assembly\/sync\/(lock|futex).ts/.test(line) && !/arena/.test(within) && kind !== "branch",
  survivors: {},
});
