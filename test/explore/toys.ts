/** Programs over test/assembly/explore-toy.ts: each has a known fault, or none. */
import type { End, Journal, Program, Thread } from "./program.js";
import type { HostExports } from "./subject.js";

export interface Toy extends HostExports {
  addPlainly(word: number): void;
  addInTwoSteps(word: number): void;
  addAtomically(word: number): number;
  takeBroken(lock: number): number;
  take(lock: number, owner: number): void;
  give(lock: number): void;
  giveUp(lock: number, owner: number): void;
  bumpBoth(pair: number): void;
  bumpLogged(journal: number, pair: number): void;
  undoLogged(journal: number): void;
  undoTooMuch(journal: number): void;
  awaitFlag(flag: number, timeoutNs: bigint): number;
  raise(flag: number): void;
  raiseSilently(flag: number): void;
  spinForEver(n: number): number;
  spinOn(flag: number): void;
  publish(place: number, value: number): void;
  publishTooEarly(place: number, value: number): void;
  receive(place: number): number;
  everyAccess(at: number): number;
}

export const WORD = 64;
export const LOCK = 128;
export const PAIR = 192;

type Body = (thread: Thread<Toy>) => Promise<void>;

const repeat = (count: number, body: Body): Body[] => Array.from({ length: count }, () => body);

export const wordIs = (expected: number) => (end: End<Toy>) => {
  const sum = end.memory.getInt32(WORD, true);
  if (sum !== expected) throw new Error(`expected ${expected}, got ${sum}`);
};

/** A program of threads, with nothing to check. */
export function toy(
  name: string,
  bound: number,
  threads: readonly Body[],
  more: Partial<Program<Toy>> = {},
): Program<Toy> {
  return {
    ...{ name, bound, threads, bytes: 1024, setup: () => {}, check: () => {} },
    places: { word: WORD, lock: LOCK, pair: [PAIR, PAIR + 8] },
    ...more,
  };
}

export const adding = (how: "addPlainly" | "addInTwoSteps" | "addAtomically", threads: number, bound: number) =>
  toy(
    `${threads} threads, ${how}`,
    bound,
    repeat(threads, async (thread) => void (await thread.call(how, WORD))),
    { check: wordIs(threads) },
  );

/** Bumps the pair, twice, inside of what `take` and `give` guard. */
const twiceInside: Body = async (thread) => {
  for (let times = 0; times < 2; times++) {
    await thread.call("take", LOCK, thread.number + 1);
    await thread.call("bumpBoth", PAIR);
    await thread.call("give", LOCK);
  }
};

const pairIsEven = ({ memory }: End<Toy>) => {
  const [one, other] = [memory.getInt32(PAIR, true), memory.getInt32(PAIR + 4, true)];
  if (one !== other) throw new Error(`expected two equal words, got ${one} and ${other}`);
};

export const locking = (threads: number, bound: number, more: Partial<Program<Toy>> = {}) =>
  toy(`${threads} threads with a lock`, bound, repeat(threads, twiceInside), { check: pairIsEven, ...more });

/** What whoever recovers a holder of the lock does. The pair may be torn. */
export const givingUp: Partial<Program<Toy>> = {
  recover: async (thread, dead) => {
    await thread.call("giveUp", LOCK, dead + 1);
    return true;
  },
  check: ({ memory }) => {
    if (memory.getInt32(LOCK, true) !== 0) throw new Error("expected a free lock");
  },
};

const journalOf = (thread: number) => 256 + 64 * thread;

/** Both words are the same even after a death, by an undo log for each thread. */
export const logging = (threads: number, bound: number, undo: "undoLogged" | "undoTooMuch", hasJournals: boolean) =>
  toy(
    `${threads} threads with undo logs`,
    bound,
    repeat(threads, async (thread) => {
      await thread.call("take", LOCK, thread.number + 1);
      await thread.call("bumpLogged", journalOf(thread.number), PAIR);
      await thread.call("give", LOCK);
    }),
    {
      recover: async (thread, dead) => {
        // The lock first, or nobody would know that the log counts; whoever recovers has none of its own.
        if (((await thread.call("host.atomicLoad", LOCK)) & 255) === dead + 1) await thread.call(undo, journalOf(dead));
        await thread.call("giveUp", LOCK, dead + 1);
        return true;
      },
      check: pairIsEven,
      ...(hasJournals ? { journals: Array.from({ length: threads }, (_, thread) => journal(thread)) } : {}),
    },
  );

const journal = (thread: number): Journal => ({
  thread,
  named: journalOf(thread),
  length: journalOf(thread) + 4,
  entries: [journalOf(thread) + 16, journalOf(thread) + 48],
  stride: 8,
});

/** One sleeps until the other raises the flag. */
export const flagging = (raise: "raise" | "raiseSilently", timeoutNs = -1n) =>
  toy(`a flag, ${raise}`, 2, [
    async (thread) => {
      thread.log(await thread.call("awaitFlag", WORD, timeoutNs));
    },
    async (thread) => void (await thread.call(raise, WORD)),
  ]);

export const publishing = (how: "publish" | "publishTooEarly") =>
  toy(how, 2, [
    async (thread) => void (await thread.call(how, WORD, 7)),
    async (thread) => {
      thread.log(await thread.call("receive", WORD));
    },
  ]);
