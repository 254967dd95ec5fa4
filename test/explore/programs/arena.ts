/** The arena: threads that allocate and free, die at any of it, and are repaired (assembly/memory/README.md). */
import { ARENA_BYTES, type BlockView, chain, HEAD_BYTES } from "../../memory/chain.js";
import type { End, Program, Thread } from "../program.js";
import { CutOff } from "../program.js";
import { suite } from "../suite.js";
import { BUSY, type Memory, memoryModule } from "./memory.js";

const BASE = 1024;
const TOTAL = 2048;
const BYTES = 8192;
const LEAST_ADDRESS = 16;
const ALREADY_FREE = 4;

/** Whoever owns the blocks that are there from the beginning. */
const SETUP = 7;

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

/** Notes the address: from here on it may be in use when the thread dies. */
async function take(thread: Thread<Memory>, size: number, canBlock: 0 | 1): Promise<number> {
  const { number } = thread;
  const address = await patiently(thread, () =>
    thread.call("arenaAlloc", BASE, size, number, canBlock, handOf(number)),
  );
  if (address < LEAST_ADDRESS) throw new Error(`expected a block, got ${address}`);
  thread.log(address);
  return address;
}

async function give(thread: Thread<Memory>, address: number, canBlock: 0 | 1): Promise<void> {
  const { number } = thread;
  const status = await patiently(thread, () =>
    thread.call("arenaFree", BASE, address, number, canBlock, handOf(number)),
  );
  if (status !== 0) throw new Error(`expected to free ${address}, got ${status}`);
}

/** Takes blocks of these sizes, one after the other, and frees each: it stays in the hand from the first moment to the last. */
const takesAndFrees =
  (canBlock: 0 | 1, ...sizes: number[]): Body =>
  async (thread) => {
    for (const size of sizes) await give(thread, await take(thread, size, canBlock), canBlock);
  };

/** Writes into the block what a free one has its links in: what was there is nobody's to rely on. */
async function scribble(thread: Thread<Memory>, address: number): Promise<void> {
  await thread.call("host.store", address, -1);
  await thread.call("host.store", address + 4, -1);
}

/** Between the two the block is somebody else's: not in the hand. */
const takesAndFreesLater =
  (...sizes: number[]): Body =>
  async (thread) => {
    for (const size of sizes) {
      const address = await take(thread, size, 1);
      await thread.call("host.store", handOf(thread.number), 0);
      await scribble(thread, address);
      await give(thread, address, 1);
    }
  };

const keeps =
  (...sizes: number[]): Body =>
  async (thread) => {
    for (const size of sizes) {
      await take(thread, size, 1);
      await thread.call("host.store", handOf(thread.number), 0);
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

/** In the end all invariants hold, nobody is inside, and the only blocks in use are those that are meant to be. */
function isWhole({ exports, memory, threads }: End<Memory>): BlockView[] {
  if (exports.arenaCheck(BASE) !== 0) throw new Error(`expected a whole arena, got ${exports.arenaCheck(BASE)}`);
  const owner = exports.arenaLockOwner(BASE);
  if (owner !== -1) throw new Error(`expected a free lock, got ${owner}'s`);
  for (const thread of threads.keys()) {
    const hand = memory.getInt32(handOf(thread), true);
    if (hand !== 0) throw new Error(`expected an empty hand of thread ${thread}, got ${hand}`);
  }
  const blocks = chain({ buffer: memory.buffer } as WebAssembly.Memory, BASE);
  const stray = blocks.find(({ isFree, owner: whose }) => isFree !== (whose === -1));
  if (stray !== undefined)
    throw new Error(`expected an owner as long as it is in use, got ${stray.owner} of ${stray.address}`);
  return blocks.filter(({ isFree }) => !isFree);
}

/** All blocks are free again, and a second free of any is told to be one. */
function isEmpty(end: End<Memory>): void {
  const { exports, threads } = end;
  const used = isWhole(end);
  if (used.length > 0) throw new Error(`expected no block in use, got ${used.length}`);
  if (exports.arenaFreeBlocks(BASE) !== 1)
    throw new Error(`expected one free block, got ${exports.arenaFreeBlocks(BASE)}`);
  const addresses = threads.flatMap(({ facts }) => facts) as number[];
  if (addresses.length > 0 && exports.arenaPeak(BASE) === 0) throw new Error("expected a peak");
  for (const address of addresses) {
    const answer = exports.arenaFree(BASE, address, 0, 1, handOf(0));
    if (answer !== ALREADY_FREE) throw new Error(`expected ${address} to be free already, got ${answer}`);
  }
}

/**
 * Blocks in use are somebody's who took them and died before they were free again, or who kept them.
 *
 * @param scenery  blocks in use that were there before
 * @param mayKeep  whether the living may
 */
function isKept(end: End<Memory>, scenery: number, mayKeep = false): void {
  const used = isWhole(end).filter(({ owner }) => owner !== SETUP);
  for (const { address, owner } of used) {
    const whose = end.threads[owner];
    if (whose?.facts.includes(address) && (mayKeep || whose.fate === "dead")) continue;
    throw new Error(`expected ${address} not to be in use by ${owner}`);
  }
  if (end.exports.arenaBlocks(BASE) !== used.length + scenery) throw new Error("expected as many blocks as there are");
}

const isKeptByTheLiving = (end: End<Memory>): void => {
  isKept(end, 0, true);
  const used = isWhole(end).map(({ address }) => address);
  for (const { fate, facts } of end.threads) {
    if (fate === "ended" && !facts.every((address) => used.includes(address as number))) {
      throw new Error(`expected ${facts} to be in use, got ${used}`);
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
    check: isEmpty,
    ...more,
  };
}

/** A thread that died is repaired by another; one that recovered and died had nothing of its own. */
const mortal = (threads: number): Partial<Program<Memory>> => ({
  recover: async (thread, dead) => dead >= threads || repair(thread, dead),
});

/** Five blocks of one size; some are freed again, and make a list of more than one. */
function fragmented(...free: number[]): Partial<Program<Memory>> {
  return {
    setup: (exports) => {
      exports.arenaInit(BASE, BASE + ARENA_BYTES + TOTAL + HEAD_BYTES);
      for (let index = 0; index < 5; index++) exports.arenaAlloc(BASE, SIZE, SETUP, 1, handOf(SETUP));
      for (const index of free) exports.arenaFree(BASE, addressOf(index), SETUP, 1, handOf(SETUP));
    },
    check: (end) => isKept(end, 5 - free.length),
  };
}

const SIZE = 96;
const addressOf = (index: number) => BASE + ARENA_BYTES + HEAD_BYTES + index * (HEAD_BYTES + SIZE);

/** Frees what somebody else took. */
const frees =
  (index: number): Body =>
  async (thread) => {
    await give(thread, addressOf(index), 1);
    thread.log(0);
  };

export const ARENA = suite<Memory>({
  name: "arena",
  subject: memoryModule,
  programs: [
    program("two threads", 3, [takesAndFrees(1, 100, 40), takesAndFrees(1, 200)]),
    program("three threads", 2, [takesAndFrees(1, 100), takesAndFrees(1, 200), takesAndFrees(1, 300)]),
    program("a page and a thread", 3, [takesAndFrees(0, 100), takesAndFrees(1, 200)]),
    program("two threads that keep", 3, [keeps(100, 40), keeps(200)], { check: isKeptByTheLiving }),
    program("two threads that may die", 3, [takesAndFrees(1, 100), takesAndFrees(1, 200)], { ...mortal(2), quick: 2 }),
    program(
      "two threads with a block that is elsewhere, who may die",
      3,
      [takesAndFreesLater(100), takesAndFreesLater(200)],
      {
        ...mortal(2),
        quick: 1,
        check: (end) => isKept(end, 0),
      },
    ),
    program("two threads among fragments, who may die", 2, [takesAndFrees(1, SIZE, 40), takesAndFreesLater(SIZE)], {
      ...mortal(2),
      ...fragmented(0, 2),
      quick: 1,
    }),
    program("two threads, one frees beside a fragment, who may die", 2, [frees(1), takesAndFrees(1, SIZE)], {
      ...mortal(2),
      ...fragmented(0, 3),
      // Done, or not begun when it died.
      check: (end) => isKept(end, end.exports.arenaBlocks(BASE) === 3 && end.threads[0]?.fate === "dead" ? 3 : 2),
      quick: 1,
    }),
    program("two threads that keep and may die", 2, [keeps(100), keeps(200)], {
      ...mortal(2),
      check: isKeptByTheLiving,
      quick: 1,
    }),
    program("three threads that may die", 2, [takesAndFrees(1, 100), takesAndFrees(1, 200), takesAndFrees(1, 300)], {
      ...mortal(3),
      quick: 1,
    }),
    program("two threads that may be cut off", 2, [takesAndFrees(1, 100), takesAndFrees(1, 200)].map(repairsItself), {
      cuts: true,
    }),
  ],
  // The lock is inlined there. Whoever makes the arena is alone.
  mutated: ({ line, within, kind }) =>
    /^assembly\/memory\/(arena|arena-repair|free-list)\//.test(within) &&
    !/\/arenaInit$/.test(within) &&
    line.startsWith("assembly/") &&
    kind !== "branch",
  survivors: {
    "removed: atomic.store<u32>(changetype<usize>(arena) + offset, value); in arenaRepair, i32.atomic.store (4)":
      "the peak after a repair: it never rises there, because an alloc that was cut off does not count",
    "removed: block.owner = NO_OWNER; in arenaRepair, i32.store (2)":
      "the owner in a head that is swallowed: nobody looks at it again, only at the seal",
  },
});
