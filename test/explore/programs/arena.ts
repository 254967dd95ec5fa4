/** The arena: threads that allocate and free, die at any of it, and are repaired (assembly/memory/README.md). */
import { ARENA_BYTES, HEAD_BYTES } from "../../memory/chain.js";
import type { End, Program, Thread } from "../program.js";
import { CutOff } from "../program.js";
import { suite } from "../suite.js";
import { BUSY, type Memory, memoryModule } from "./memory.js";

const BASE = 1024;
const TOTAL = 2048;
const BYTES = 8192;
const LEAST_ADDRESS = 16;

/** The word that a thread calls its hand. */
const handOf = (thread: number) => 64 + 4 * thread;

type Body = (thread: Thread<Memory>) => Promise<void>;

/** What `call` answers, as soon as it does not answer that it is busy. */
async function patiently(thread: Thread<Memory>, call: () => Promise<number>): Promise<number> {
  for (;;) {
    const answer = await call();
    if (answer !== BUSY) return answer;
    await thread.yield();
  }
}

/** Takes blocks of these sizes, one after the other, and frees each: it stays in the hand from the first moment to the last. */
const takesAndFrees =
  (canBlock: 0 | 1, ...sizes: number[]): Body =>
  async (thread) => {
    const { number } = thread;
    for (const size of sizes) {
      const address = await patiently(thread, () =>
        thread.call("arenaAlloc", BASE, size, number, canBlock, handOf(number)),
      );
      if (address < LEAST_ADDRESS) throw new Error(`expected a block, got ${address}`);
      const status = await patiently(thread, () =>
        thread.call("arenaFree", BASE, address, number, canBlock, handOf(number)),
      );
      if (status !== 0) throw new Error(`expected to free ${address}, got ${status}`);
    }
  };

/** Repairs, then frees what the dead had not published. Not blocked by another dead: it comes again. */
async function repair(thread: Thread<Memory>, dead: number): Promise<boolean> {
  await thread.call("arenaRepair", BASE, dead, handOf(dead));
  const address = await thread.call("host.load", handOf(dead));
  if (address === 0) return true;
  const status = await thread.call("arenaFree", BASE, address, dead, 0, handOf(dead));
  if (status > BUSY) throw new Error(`expected to free ${address} for the dead, got ${status}`);
  return status !== BUSY;
}

/** Whatever cut it off, its own repair too: repairs, until nothing does. */
const repairsItself =
  (body: Body): Body =>
  async (thread) => {
    for (let next = () => body(thread); ; ) {
      try {
        return await next();
      } catch (error) {
        if (!(error instanceof CutOff)) throw error;
        next = async () => {
          while (!(await repair(thread, thread.number))) await thread.yield();
        };
      }
    }
  };

function program(
  name: string,
  bound: number,
  threads: readonly Body[],
  more: Partial<Program<Memory>> = {},
): Program<Memory> {
  return {
    name: `arena, ${name}`,
    bytes: BYTES,
    bound,
    places: { hands: [64, 96], lock: BASE + 4, arena: [BASE, BASE + ARENA_BYTES], blocks: [BASE + ARENA_BYTES, BYTES] },
    setup: (exports) => {
      exports.arenaInit(BASE, BASE + ARENA_BYTES + TOTAL + HEAD_BYTES);
    },
    threads,
    check: ({ exports, memory }: End<Memory>) => {
      if (exports.arenaCheck(BASE) !== 0) throw new Error(`expected a whole arena, got ${exports.arenaCheck(BASE)}`);
      if (exports.arenaBlocks(BASE) !== 0)
        throw new Error(`expected no block in use, got ${exports.arenaBlocks(BASE)}`);
      if (exports.arenaFreeBlocks(BASE) !== 1)
        throw new Error(`expected one free block, got ${exports.arenaFreeBlocks(BASE)}`);
      if (exports.arenaLockOwner(BASE) !== -1)
        throw new Error(`expected a free lock, got ${exports.arenaLockOwner(BASE)}'s`);
      for (const thread of threads.keys())
        if (memory.getInt32(handOf(thread), true) !== 0) throw new Error(`expected an empty hand of ${thread}`);
    },
    ...more,
  };
}

/** A thread that died is repaired by another; one that recovered and died had nothing of its own. */
const mortal = (threads: number): Partial<Program<Memory>> => ({
  recover: async (thread, dead) => dead >= threads || repair(thread, dead),
});

export const ARENA = suite<Memory>({
  name: "arena",
  subject: memoryModule,
  programs: [
    program("two threads", 3, [takesAndFrees(1, 100, 40), takesAndFrees(1, 200)]),
    program("three threads", 2, [takesAndFrees(1, 100), takesAndFrees(1, 200), takesAndFrees(1, 300)]),
    program("a page and a thread", 3, [takesAndFrees(0, 100), takesAndFrees(1, 200)]),
    program("two threads that may die", 3, [takesAndFrees(1, 100), takesAndFrees(1, 200)], { ...mortal(2), quick: 2 }),
    program("three threads that may die", 2, [takesAndFrees(1, 100), takesAndFrees(1, 200), takesAndFrees(1, 300)], {
      ...mortal(3),
      quick: 1,
    }),
    program("two threads that may be cut off", 2, [takesAndFrees(1, 100), takesAndFrees(1, 200)].map(repairsItself), {
      cuts: true,
    }),
  ],
  mutated: ({ within, kind }) =>
    /^assembly\/memory\/(arena|arena-repair|free-list)\//.test(within) && kind !== "branch",
  survivors: {},
});
