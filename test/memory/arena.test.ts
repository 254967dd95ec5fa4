/**
 * The arena on one thread: what it answers, against an obvious model, with every invariant checked after every step.
 */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ARENA, ARENA_BYTES, BLOCK, chain, FREE_SEAL, HEAD_BYTES } from "./chain.js";
import { compile, instantiate, type MemoryExports, PAGE_BYTES, sharedMemory } from "./module.js";

const RUNS = process.env.STRESS === "1" ? 20_000 : 300;

const OK = 0;
const BUSY = 1;
const ABANDONED = 2;
const NOT_A_BLOCK = 3;
const ALREADY_FREE = 4;
const DAMAGED = 5;
const BAD_RANGE = 6;

const debug = new WebAssembly.Module(compile("memory", "debug"));
const release = new WebAssembly.Module(compile("memory", "release"));

const BASE = 1024;
/** The word that a thread calls its hand. */
const HAND = 64;
const OWNER = 0;

/** A fresh arena of `bytes` bytes of blocks, in memory that was not clear before. */
function makeArena(bytes: number, module = debug) {
  const memory = sharedMemory(1 + Math.ceil((BASE + ARENA_BYTES + bytes + HEAD_BYTES) / PAGE_BYTES));
  new Uint8Array(memory.buffer).fill(0xa5);
  const exports = instantiate(module, memory);
  assert.is(exports.arenaInit(BASE, BASE + ARENA_BYTES + bytes + HEAD_BYTES), OK);
  const alloc = (size: number) => exports.arenaAlloc(BASE, size, OWNER, 1, HAND) >>> 0;
  const free = (address: number) => exports.arenaFree(BASE, address, OWNER, 1, HAND);
  return { ...exports, memory, words: new DataView(memory.buffer), alloc, free };
}

/** All that can be asked about an arena, by name, unsigned. */
function figures({
  arenaTotal,
  arenaUsed,
  arenaUnused,
  arenaPeak,
  arenaBlocks,
  arenaFreeBlocks,
  arenaLargestFree,
}: MemoryExports) {
  return {
    total: arenaTotal(BASE) >>> 0,
    used: arenaUsed(BASE) >>> 0,
    unused: arenaUnused(BASE) >>> 0,
    peak: arenaPeak(BASE) >>> 0,
    blocks: arenaBlocks(BASE),
    freeBlocks: arenaFreeBlocks(BASE),
    largestFree: arenaLargestFree(BASE) >>> 0,
  };
}

/** Bytes that a request takes at least, its head included. */
const blockBytes = (size: number) => Math.max(32, 16 * Math.ceil(size / 16) + 16);

test("arena: smoke", () => {
  const arena = makeArena(4096);
  assert.is(arena.arenaCheck(BASE), 0);
  assert.equal(figures(arena), {
    total: 4096,
    used: 0,
    unused: 4096,
    peak: 0,
    blocks: 0,
    freeBlocks: 1,
    largestFree: 4080,
  });
  const address = arena.alloc(100);
  assert.is(address, BASE + ARENA_BYTES + HEAD_BYTES);
  assert.equal(figures(arena), {
    total: 4096,
    used: 128,
    unused: 3968,
    peak: 128,
    blocks: 1,
    freeBlocks: 1,
    largestFree: 3952,
  });
  assert.is(arena.free(address), OK);
  assert.equal(figures(arena), {
    total: 4096,
    used: 0,
    unused: 4096,
    peak: 128,
    blocks: 0,
    freeBlocks: 1,
    largestFree: 4080,
  });
  assert.is(arena.arenaCheck(BASE), 0);
});

test("arena: refuses ranges that it cannot use, and touches nothing", () => {
  const memory = sharedMemory(1);
  const { arenaInit, arenaCheck } = instantiate(debug, memory);
  const least = ARENA_BYTES + 32 + HEAD_BYTES;
  assert.is(arenaInit(8, 60_000), BAD_RANGE, "base not aligned");
  assert.is(arenaInit(1024, 1024), BAD_RANGE);
  assert.is(arenaInit(2048, 1024), BAD_RANGE, "end before base");
  assert.is(arenaInit(1024, 1024 + least - 1), BAD_RANGE);
  assert.ok(new Uint8Array(memory.buffer).every((byte) => byte === 0));
  assert.is(arenaInit(1024, 1024 + least), OK);
  assert.is(arenaCheck(1024), 0);
  assert.is(arenaInit(1024, 1024 + least + 15), OK, "an end that is not aligned is rounded down");
  assert.is(arenaCheck(1024), 0);
});

test("arena: answers sizes of 0, huge ones, and negative ones as the unsigned that they are", () => {
  const arena = makeArena(4096);
  const [first, second] = [arena.alloc(0), arena.alloc(0)];
  assert.ok(first >= 16 && second >= 16 && first !== second);
  for (const size of [
    4096,
    65_536,
    2 ** 31 - 1,
    2 ** 31,
    2 ** 32 - 65,
    2 ** 32 - 64,
    2 ** 32 - 16,
    2 ** 32 - 1,
    -1,
    -4096,
  ]) {
    assert.is(arena.alloc(size), 0, String(size));
    assert.is(arena.arenaCheck(BASE), 0);
  }
  assert.is(arena.free(second), OK);
  assert.is(arena.free(first), OK);
  assert.is(arena.arenaFreeBlocks(BASE), 1);
});

test("arena: merges with free neighbours on no, either and both sides", () => {
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ] as const;
  for (const order of orders) {
    const arena = makeArena(4096);
    const blocks = [arena.alloc(100), arena.alloc(200), arena.alloc(300), arena.alloc(1)] as const;
    for (const index of order) {
      assert.is(arena.free(blocks[index]), OK);
      assert.is(arena.arenaCheck(BASE), 0);
    }
    assert.is(arena.arenaFreeBlocks(BASE), 2, "one before the last block, one after it");
    assert.is(arena.free(blocks[3]), OK);
    assert.is(arena.arenaFreeBlocks(BASE), 1);
    assert.is(arena.arenaLargestFree(BASE), 4080);
  }
});

test("arena: capacity, exhausted by the last byte and recovered to the first", () => {
  const arena = makeArena(64 * 1024);
  const blocks: number[] = [];
  for (let address = arena.alloc(48); address !== 0; address = arena.alloc(48)) blocks.push(address);
  assert.is(blocks.length, 1024);
  assert.equal(figures(arena), {
    total: 65_536,
    used: 65_536,
    unused: 0,
    peak: 65_536,
    blocks: 1024,
    freeBlocks: 0,
    largestFree: 0,
  });
  assert.is(arena.alloc(0), 0);
  assert.is(arena.arenaCheck(BASE), 0);
  // Every second one: a lot of room, all of it in pieces.
  for (const address of blocks.filter((_, index) => index % 2 === 0)) assert.is(arena.free(address), OK);
  assert.is(arena.arenaFreeBlocks(BASE), 512);
  assert.is(arena.alloc(49), 0, "no piece is large enough");
  assert.is(arena.alloc(48), blocks[1022], "the piece that was freed last");
  assert.is(arena.arenaCheck(BASE), 0);
  assert.is(arena.free(blocks[1022] as number), OK);
  for (const address of blocks.filter((_, index) => index % 2 === 1)) assert.is(arena.free(address), OK);
  assert.is(arena.arenaCheck(BASE), 0);
  assert.equal(figures(arena), {
    total: 65_536,
    used: 0,
    unused: 65_536,
    peak: 65_536,
    blocks: 0,
    freeBlocks: 1,
    largestFree: 65_520,
  });
});

test("arena: refuses what was not given out or is free, and changes nothing", () => {
  const arena = makeArena(4096);
  const [a, b, c] = [arena.alloc(64), arena.alloc(64), arena.alloc(64)];
  new Uint8Array(arena.memory.buffer).fill(0, a, a + 64);
  const before = figures(arena);
  const outside = [
    0,
    8,
    15,
    16,
    BASE,
    BASE + ARENA_BYTES,
    BASE + ARENA_BYTES + 4096 + HEAD_BYTES,
    2 ** 31,
    2 ** 32 - 16,
    2 ** 32 - 1,
  ];
  for (const address of [...outside, a + 1, a + 8, a + 16, a + 32, b - 16]) {
    assert.is(arena.free(address), NOT_A_BLOCK, String(address));
  }
  assert.equal(figures(arena), before);
  assert.is(arena.free(b), OK);
  assert.is(arena.free(b), ALREADY_FREE);
  assert.is(arena.free(a), OK);
  assert.is(arena.free(b), ALREADY_FREE, "swallowed by its neighbour since");
  assert.is(arena.free(a), ALREADY_FREE);
  const whole = arena.alloc(144);
  assert.is(whole, a);
  assert.is(arena.free(b), ALREADY_FREE, "given out since, as the middle of another block");
  assert.is(arena.free(whole), OK);
  assert.is(arena.free(c), OK);
  assert.is(arena.arenaCheck(BASE), 0);
});

test("arena: refuses to free beside tags that were written over", () => {
  const arena = makeArena(4096);
  const [a, b, c] = [arena.alloc(64), arena.alloc(64), arena.alloc(64)];
  /** Puts `value` at `at` for the length of one `free`. */
  const withWord = (at: number, value: number, address: number) => {
    const right = arena.words.getUint32(at, true);
    arena.words.setUint32(at, value, true);
    const status = arena.free(address);
    arena.words.setUint32(at, right, true);
    return status;
  };
  const head = b - HEAD_BYTES;
  assert.is(withWord(head + BLOCK.seal, 0, b), NOT_A_BLOCK);
  for (const size of [0, 16, 81, 96, 64, 4096, 0x8000_0000, 0xffff_fff0])
    assert.is(withWord(head + BLOCK.size, size, b), DAMAGED);
  for (const size of [0, 16, 64, 81, 96, 4096, 0xffff_fff0])
    assert.is(withWord(c - HEAD_BYTES + BLOCK.previous, size, b), DAMAGED);
  for (const size of [16, 64, 81, 96, 4096, 0xffff_fff0]) assert.is(withWord(head + BLOCK.previous, size, b), DAMAGED);
  assert.is(withWord(c - HEAD_BYTES + BLOCK.seal, 1, b), DAMAGED);
  assert.is(withWord(a - HEAD_BYTES + BLOCK.seal, 1, b), DAMAGED);
  assert.is(withWord(a - HEAD_BYTES + BLOCK.size, 64, b), DAMAGED);
  for (const address of [a, b, c]) assert.is(arena.free(address), OK);
  assert.is(arena.arenaCheck(BASE), 0);
});

test("arena: the check tells each broken invariant by its number", () => {
  const broken = (offset: number, value: number | ((right: number) => number)) => {
    const arena = makeArena(4096);
    const [a, b] = [arena.alloc(64), arena.alloc(64), arena.alloc(64)];
    arena.free(b);
    const at = offset >= 4096 ? a - HEAD_BYTES + offset - 4096 : BASE + offset;
    const right = arena.words.getUint32(at, true);
    arena.words.setUint32(at, typeof value === "number" ? value : value(right), true);
    return arena.arenaCheck(BASE);
  };
  /** Offsets from 4096 on count from the first of three blocks of 80 bytes: in use, free, in use. */
  const [A, B] = [4096, 4096 + 80];
  assert.is(broken(ARENA.magic, 0), 1);
  for (const size of [0, 16, 72, 8192]) assert.is(broken(A + BLOCK.size, size), 2, "chain");
  assert.is(broken(B + BLOCK.previous, 64), 3, "tags");
  assert.is(broken(A + BLOCK.seal, 0), 4, "seals");
  assert.is(broken(A + BLOCK.owner, 2 ** 32 - 1), 4, "in use, and nobody's");
  assert.is(broken(B + BLOCK.owner, 3), 4, "free, and somebody's");
  assert.is(broken(B + BLOCK.size, 80), 4, "a flag without its seal");
  assert.is(broken(B + BLOCK.previousFree, 16), 6, "lists");
  assert.is(
    broken(B + BLOCK.nextFree, (right) => right + BASE),
    6,
    "a link to nowhere",
  );
  for (const bits of [0, 0xffff_ffff]) assert.is(broken(ARENA.rows, bits), 7, "bitmaps");
  assert.is(
    broken(64, (right) => right ^ 1),
    7,
    "columns of row 0",
  );
  assert.is(broken(ARENA.used, 1), 8, "figures");
  assert.is(broken(ARENA.peak, 0), 8);
  assert.is(broken(ARENA.usedBlocks, 3), 8);
  assert.is(broken(ARENA.freeBlocks, 1), 8);
  // Two free neighbours, made by hand: the block in front of a free one becomes free and sealed so.
  const arena = makeArena(4096);
  const a = arena.alloc(64);
  const head = a - HEAD_BYTES;
  arena.words.setUint32(head + BLOCK.size, 81, true);
  arena.words.setUint32(head + BLOCK.seal, (FREE_SEAL ^ head) >>> 0, true);
  arena.words.setInt32(head + BLOCK.owner, -1, true);
  assert.is(arena.arenaCheck(BASE), 5, "coalesced");
});

test("arena: tells a thread that may not sleep, and one whose earlier call was cut off", () => {
  const arena = makeArena(4096);
  const address = arena.alloc(10);
  assert.is(arena.arenaLockOwner(BASE), -1);
  arena.tryLock(BASE + ARENA.lock, 7);
  assert.is(arena.arenaLockOwner(BASE), 7);
  assert.is(arena.arenaAlloc(BASE, 10, 3, 0, HAND), BUSY);
  assert.is(arena.arenaFree(BASE, address, 3, 0, HAND), BUSY);
  assert.is(arena.arenaAlloc(BASE, 10, 7, 1, HAND), ABANDONED);
  assert.is(arena.arenaFree(BASE, address, 7, 0, HAND), ABANDONED);
  assert.is(arena.arenaAlloc(BASE, 2 ** 32 - 1, 3, 0, HAND), 0, "what can never be needs no lock");
  arena.unlock(BASE + ARENA.lock, 7);
  assert.is(arena.arenaCheck(BASE), 0);
  assert.is(arena.free(address), OK);
});

test("arena: works across 2 GiB and up to the last bytes of 4 GiB", () => {
  const memory = sharedMemory(65_536);
  const { arenaInit, arenaAlloc, arenaFree, arenaCheck, arenaTotal, arenaLargestFree } = instantiate(debug, memory);
  for (const [base, end] of [
    [0x7fff_0000, 0x8001_0000],
    [0xfff0_0000, 0xffff_ffff],
    [64, 0xffff_ffff],
  ] as const) {
    assert.is(arenaInit(base, end), OK);
    const total = Math.floor(end / 16) * 16 - HEAD_BYTES - base - ARENA_BYTES;
    assert.is(arenaTotal(base) >>> 0, total);
    assert.is(arenaLargestFree(base) >>> 0, total - HEAD_BYTES);
    const whole = arenaAlloc(base, total - HEAD_BYTES, OWNER, 1, 0) >>> 0;
    assert.is(whole, base + ARENA_BYTES + HEAD_BYTES);
    assert.is(arenaFree(base, whole, OWNER, 1, 0), OK);
    const half = arenaAlloc(base, total / 2, OWNER, 1, 0) >>> 0;
    const beyond = arenaAlloc(base, 1000, OWNER, 1, 0) >>> 0;
    assert.ok(beyond >= half + total / 2 && beyond < end, `${half} ${beyond}`);
    assert.is(arenaCheck(base), 0);
    assert.is(arenaFree(base, half, OWNER, 1, 0), OK);
    assert.is(arenaFree(base, beyond, OWNER, 1, 0), OK);
    assert.is(arenaCheck(base), 0);
    assert.is(arenaLargestFree(base) >>> 0, total - HEAD_BYTES);
  }
});

/** A step of the model: allocate so many bytes, or free the block at this place among the living. */
type Step = { readonly alloc: number } | { readonly free: number };

const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ alloc: fc.integer({ min: 0, max: 600 }) }) },
    { weight: 2, arbitrary: fc.record({ alloc: fc.integer({ min: 0, max: 6000 }) }) },
    { weight: 1, arbitrary: fc.record({ alloc: fc.integer({ min: 0, max: 2 ** 32 - 1 }) }) },
    { weight: 6, arbitrary: fc.record({ free: fc.nat() }) },
  ),
  { minLength: 1, maxLength: 150, size: "max" },
);

interface Living {
  readonly address: number;
  readonly size: number;
  readonly pattern: number;
}

/** Runs the steps on an arena of 16 kB and on the model: a list of the living, and nothing else. */
function follow(script: readonly Step[], module: WebAssembly.Module): void {
  const arena = makeArena(16_384, module);
  const bytes = new Uint8Array(arena.memory.buffer);
  const living: Living[] = [];
  let peak = 0;

  const check = () => {
    assert.is(arena.arenaCheck(BASE), 0);
    const blocks = chain(arena.memory, BASE);
    const used = blocks.filter((block) => !block.isFree);
    const sum = used.reduce((total, block) => total + block.bytes, 0);
    peak = Math.max(peak, sum);
    const { largestFree, ...rest } = figures(arena);
    const freeBlocks = blocks.length - used.length;
    assert.equal(rest, { total: 16_384, used: sum, unused: 16_384 - sum, peak, blocks: living.length, freeBlocks });
    const largest = Math.max(HEAD_BYTES, ...blocks.filter((block) => block.isFree).map((block) => block.bytes));
    assert.ok(largestFree <= largest - HEAD_BYTES && largestFree >= (largest - HEAD_BYTES) * (31 / 32) - 16);
    // The blocks in use are the living: each at its address, as large as asked, never 32 bytes too large. So none
    // overlaps.
    const sorted = living.toSorted((one, other) => one.address - other.address);
    assert.equal(
      used.map((block) => block.address),
      sorted.map(({ address }) => address),
    );
    for (const [index, { size }] of sorted.entries()) {
      const spare = (used[index] as { bytes: number }).bytes - blockBytes(size);
      assert.ok(spare === 0 || spare === 16);
    }
  };

  const free = (index: number) => {
    const [{ address, size, pattern }] = living.splice(index, 1) as [Living];
    assert.ok(
      bytes.subarray(address, address + size).every((byte) => byte === pattern),
      "nobody wrote into the block",
    );
    assert.is(arena.free(address), OK);
  };

  for (const [index, step] of script.entries()) {
    if ("alloc" in step) {
      const { largestFree } = figures(arena);
      const address = arena.alloc(step.alloc);
      assert.is(address !== 0, largestFree !== 0 && step.alloc <= largestFree);
      if (address !== 0) {
        assert.is(address % 16, 0);
        const pattern = index & 255;
        bytes.fill(pattern, address, address + step.alloc);
        living.push({ address, size: step.alloc, pattern });
      }
    } else if (living.length > 0) {
      free(step.free % living.length);
    }
    check();
  }
  while (living.length > 0) free(living.length - 1);
  check();
  assert.is(arena.arenaFreeBlocks(BASE), 1, "all in one block again");
  assert.is(arena.arenaLargestFree(BASE), 16_384 - HEAD_BYTES);
}

for (const [name, module] of [
  ["debug", debug],
  ["release", release],
] as const) {
  test(`arena: does as the model does, step by step (${name})`, () => {
    fc.assert(
      fc.property(steps, (script) => follow(script, module)),
      { numRuns: RUNS },
    );
  });
}

test.run();
