/**
 * What a death leaves, and what a repair makes of it: a thread is cut off before each store of `arenaAlloc` and `arenaFree` in turn, then
 * the memory is looked at, then it is repaired, by repairers that are cut off before each of their stores as well.
 * The promises are those of assembly/memory/README.md, "A death in mid-section".
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ARENA, ARENA_BYTES, BLOCK, type BlockView, chain, FREE_SEAL, HEAD_BYTES } from "./chain.js";
import { sharedMemory } from "./module.js";
import { isSame, type Mortal, mortal, picture, restore } from "./mortal.js";

const BASE = 1024;
const LOCK = BASE + ARENA.lock;
const TOTAL = 4096;
const DEAD = 3;
const SURVIVOR = 4;
/** The words that the two call their hands. */
const HAND = 64;
const HAND_OF_SURVIVOR = 68;

const BUSY = 1;
const ABANDONED = 2;
const ALREADY_FREE = 4;
const DAMAGED = 5;

const NOT_INSIDE = 0;
const REPAIRED = 1;

const CONTENDED = 0x8000_0000;
const EVERYONE = -1;

interface Scene extends Mortal {
  readonly memory: WebAssembly.Memory;
  readonly words: DataView;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
}

/** Five blocks: A used, B free, C used, D used, E used, then what is free at the end. All payloads are full of forged heads. */
function scene(onStore?: () => void): Scene {
  const memory = sharedMemory(1);
  const words = new DataView(memory.buffer);
  const it = mortal(memory, onStore);
  const { arenaInit, arenaAlloc, arenaFree } = it.exports;
  arenaInit(BASE, BASE + ARENA_BYTES + TOTAL + HEAD_BYTES);
  const alloc = (size: number) => {
    const address = arenaAlloc(BASE, size, SURVIVOR, 1, HAND_OF_SURVIVOR);
    forge(words, address, size);
    return address;
  };
  const blocks = { a: alloc(100), b: alloc(600), c: alloc(100), d: alloc(100), e: alloc(100) };
  arenaFree(BASE, blocks.b, SURVIVOR, 1, HAND_OF_SURVIVOR);
  words.setUint32(HAND_OF_SURVIVOR, 0, true);
  return { ...it, memory, words, ...blocks };
}

/** Fills a payload with heads of free blocks, of sizes that lead from one to the next. */
function forge(words: DataView, address: number, size: number): void {
  for (let head = address; head + HEAD_BYTES <= address + size; head += HEAD_BYTES) {
    words.setUint32(head + BLOCK.size, 33, true);
    words.setUint32(head + BLOCK.previous, 32, true);
    words.setInt32(head + BLOCK.owner, -1, true);
    words.setUint32(head + BLOCK.seal, (FREE_SEAL ^ head) >>> 0, true);
  }
}

/**
 * Each way through the two functions: what the survivor does before, what the dead thread was about, the block that it
 * was about.
 */
interface Operation {
  readonly frees: boolean;
  prepare?(scene: Scene): void;
  run(scene: Scene): number;
  touches(scene: Scene): number;
}

const free = (name: "a" | "c" | "d"): Operation => ({
  frees: true,
  run: (it) => it.exports.arenaFree(BASE, it[name], DEAD, 1, HAND),
  touches: (it) => it[name],
});

const alloc = (size: number): Operation => ({
  frees: false,
  run: ({ exports }) => exports.arenaAlloc(BASE, size, DEAD, 1, HAND),
  touches: ({ b }) => b,
});

const OPERATIONS: Readonly<Record<string, Operation>> = {
  "alloc, with a rest": alloc(100),
  "alloc, without": alloc(600),
  "alloc, at the end": { ...alloc(1000), touches: ({ e }) => e + 112 + HEAD_BYTES },
  "alloc, out of memory": alloc(10_000),
  "free, no free neighbour": free("d"),
  "free, a free one before": free("c"),
  "free, a free one after": free("a"),
  "free, on both sides": {
    ...free("c"),
    prepare: (it) => it.exports.arenaFree(BASE, it.d, SURVIVOR, 1, HAND_OF_SURVIVOR),
  },
  "free, of no block": {
    ...free("d"),
    frees: false,
    run: (it) => it.exports.arenaFree(BASE, it.d + 16, DEAD, 1, HAND),
  },
};

/** The scene of an operation; `died` puts it into the state that a death before its store number `stores` leaves. */
function stage(operation: Operation, onStore?: (it: Scene) => void) {
  const it: Scene = scene(() => onStore?.(it));
  operation.prepare?.(it);
  const before = picture(it.memory);
  const died = (stores: number | "wake") => {
    restore(it.memory, before);
    return it.dies(stores, () => operation.run(it));
  };
  const repair = () => it.exports.arenaRepair(BASE, DEAD, HAND);
  return { it, died, repair, before };
}

/** The blocks in use that the operation is not about, and what is in them. */
function others({ memory, ...it }: Scene, operation: Operation): readonly (BlockView & { payload: Uint8Array })[] {
  return chain(memory, BASE)
    .filter(({ address, isFree }) => !isFree && address !== operation.touches({ memory, ...it }))
    .map((block) => ({
      ...block,
      payload: new Uint8Array(memory.buffer).slice(block.address, block.address + block.bytes - HEAD_BYTES),
    }));
}

const usedBytes = ({ memory }: Scene) =>
  chain(memory, BASE).reduce((sum, { bytes, isFree }) => sum + (isFree ? 0 : bytes), 0);

for (const [name, operation] of Object.entries(OPERATIONS)) {
  test(`arena: a death at any store of ${name} leaves the chain whole and its number in the lock`, () => {
    const { it, died } = stage(operation);
    const untouched = others(it, operation);
    let stores = 0;
    for (; died(stores); stores++) {
      const bytes = chain(it.memory, BASE).reduce((sum, block) => sum + block.bytes, 0);
      assert.is(bytes, TOTAL, `store ${stores}`);
      assert.equal(others(it, operation), untouched, `store ${stores}`);
      looksAfterDeath(it, stores);
    }
    // Before taking the lock, and before giving it up; the others are in between.
    assert.ok(stores >= 2, `deaths: ${stores}`);
  });

  test(`arena: a repair after a death at any store of ${name}`, () => {
    const { it, died, repair, before } = stage(operation);
    const untouched = others(it, operation);
    const used = usedBytes(it);
    const usedAfterFree = used - blockAt(it, operation.touches(it)).bytes;
    let stores = 0;
    for (; died(stores); stores++) {
      const at = `store ${stores}`;
      // Store 0 takes the lock, store 1 names the block in the hand: before that nothing has begun.
      assert.is(it.exports.arenaLockOwner(BASE), stores === 0 ? -1 : DEAD, at);
      assert.not(
        it.dies(Number.POSITIVE_INFINITY, () => assert.is(repair(), stores === 0 ? NOT_INSIDE : REPAIRED, at)),
      );
      assert.equal(it.wakes, [{ ptr: LOCK, count: EVERYONE }], at);
      if (stores === 0) assert.ok(isSame(it.memory, before), at);
      assert.is(it.words.getUint32(HAND, true), 0, at);
      assert.is(it.words.getUint32(LOCK, true), 0, at);
      assert.is(it.exports.arenaCheck(BASE), 0, at);
      assert.is(usedBytes(it), operation.frees && stores >= 2 ? usedAfterFree : used, at);
      assert.equal(others(it, operation), untouched, at);
      if (operation.frees && stores >= 2) assert.is(operation.run(it), ALREADY_FREE, at);
      servesOthers(it, at);
    }
  });

  test(`arena: a death at any store of the repair after a death at any store of ${name}`, () => {
    const { it, died, repair } = stage(operation);
    const untouched = others(it, operation);
    for (let stores = 1; died(stores); stores++) {
      const left = picture(it.memory);
      repair();
      const repaired = picture(it.memory);
      restore(it.memory, left);
      let cut = 0;
      for (; it.dies(cut, repair); cut++, restore(it.memory, left)) {
        const at = `store ${stores}, store ${cut} of the repair`;
        assert.equal(others(it, operation), untouched, at);
        assert.is(it.exports.arenaLockOwner(BASE), DEAD, at);
        assert.is(repair(), REPAIRED, at);
        assert.ok(isSame(it.memory, repaired), at);
      }
      // Lists, tags, figures, the hand, the lock: at the least.
      assert.ok(cut >= 10, `deaths of the repair: ${cut}`);
      // The last place to die: all is done but the wake-up.
      restore(it.memory, left);
      assert.ok(it.dies("wake", repair));
      assert.ok(isSame(it.memory, repaired));
      assert.not(it.dies(Number.POSITIVE_INFINITY, () => assert.is(repair(), NOT_INSIDE)));
      assert.equal(it.wakes, [{ ptr: LOCK, count: EVERYONE }]);
      assert.ok(isSame(it.memory, repaired));
    }
  });

  test(`arena: a thread that was cut off at any store of ${name} repairs it itself, and goes on`, () => {
    const { it, died, repair } = stage(operation);
    died(Number.POSITIVE_INFINITY);
    const expected = chain(it.memory, BASE);
    const hand = it.words.getUint32(HAND, true);
    for (let stores = 1; died(stores); stores++) {
      const wasDone = operation.frees && stores >= 2;
      assert.is(operation.run(it), ABANDONED, `store ${stores}`);
      assert.is(repair(), REPAIRED, `store ${stores}`);
      if (!wasDone) operation.run(it);
      assert.equal(chain(it.memory, BASE), expected, `store ${stores}`);
      assert.is(it.words.getUint32(HAND, true), hand, `store ${stores}`);
      assert.is(it.exports.arenaCheck(BASE), 0, `store ${stores}`);
    }
  });

  test(`arena: a death between the end of ${name} and its wake-up leaves sleepers, and the repair wakes them`, () => {
    // Somebody goes to sleep behind the lock as soon as it is held.
    const sleepBehind = ({ words }: Scene) => {
      const word = words.getUint32(LOCK, true);
      if (word !== 0) words.setUint32(LOCK, word | CONTENDED, true);
    };
    const { it, died, repair } = stage(operation, sleepBehind);
    assert.ok(died("wake"));
    assert.is(it.words.getUint32(LOCK, true), 0, "the lock was given up");
    const left = picture(it.memory);
    assert.not(it.dies(Number.POSITIVE_INFINITY, () => assert.is(repair(), NOT_INSIDE)));
    assert.equal(it.wakes, [{ ptr: LOCK, count: EVERYONE }]);
    assert.ok(isSame(it.memory, left), "the arena is whole, and what is in the hand is not for the repair");
  });
}

/**
 * Before the first store the lock was not taken yet; after that it names the dead: others cannot get in, the thread
 * itself is told.
 */
function looksAfterDeath({ exports, e }: Scene, stores: number): void {
  assert.is(exports.arenaLockOwner(BASE), stores === 0 ? -1 : DEAD);
  if (stores === 0) {
    assert.is(exports.arenaCheck(BASE), 0);
    return;
  }
  assert.is(exports.arenaAlloc(BASE, 1, DEAD, 1, HAND), ABANDONED);
  assert.is(exports.arenaFree(BASE, e, DEAD, 1, HAND), ABANDONED);
  assert.is(exports.arenaAlloc(BASE, 1, SURVIVOR, 0, HAND_OF_SURVIVOR), BUSY);
  assert.is(exports.arenaLockOwner(BASE), DEAD);
}

function blockAt({ memory }: Scene, address: number): BlockView {
  const block = chain(memory, BASE).find((it) => it.address === address);
  if (!block) throw new Error(`expected a block at ${address}`);
  return block;
}

/** Gives back all that is in use, then all of it is one block, and can be had. */
function servesOthers({ memory, exports }: Scene, at: string): void {
  for (const { address, isFree } of chain(memory, BASE)) {
    if (!isFree) assert.is(exports.arenaFree(BASE, address, SURVIVOR, 1, HAND_OF_SURVIVOR), 0, at);
  }
  assert.is(exports.arenaFreeBlocks(BASE), 1, at);
  assert.is(exports.arenaUsed(BASE), 0, at);
  assert.ok(exports.arenaAlloc(BASE, TOTAL - HEAD_BYTES, SURVIVOR, 1, HAND_OF_SURVIVOR) >= 16, at);
  assert.is(exports.arenaCheck(BASE), 0, at);
}

test("arena: a repair wakes all who sleep behind the dead", () => {
  const { it, died, repair } = stage(alloc(100));
  assert.ok(died(5));
  it.words.setUint32(LOCK, it.words.getUint32(LOCK, true) | CONTENDED, true);
  assert.not(it.dies(Number.POSITIVE_INFINITY, () => assert.is(repair(), REPAIRED)));
  assert.equal(it.wakes, [{ ptr: LOCK, count: EVERYONE }]);
  assert.is(it.words.getUint32(LOCK, true), 0);
});

test("arena: a repair leaves the lock of a living holder alone, and what is in the hand of the dead", () => {
  const it = scene();
  const { exports, words } = it;
  words.setUint32(HAND, it.c, true);
  exports.tryLock(LOCK, SURVIVOR);
  const before = picture(it.memory);
  assert.is(exports.arenaRepair(BASE, DEAD, HAND), NOT_INSIDE);
  assert.ok(isSame(it.memory, before));
});

test("arena: a repair refuses a chain that somebody wrote over, and changes nothing", () => {
  const { it, died, repair } = stage(free("c"));
  for (const size of [0, 1, 16, 72, 8192, 0xffff_fff0]) {
    assert.ok(died(3));
    it.words.setUint32(it.d - HEAD_BYTES, size, true);
    const before = picture(it.memory);
    assert.is(repair(), DAMAGED, String(size));
    assert.ok(isSame(it.memory, before), String(size));
  }
});

test("arena: a repair makes anew what the chain determines", () => {
  const { it, died, repair } = stage(free("a"));
  assert.ok(died(2));
  const spoil = (at: number) => it.words.setUint32(at, 0xdead_beef, true);
  for (const offset of [ARENA.used, ARENA.usedBlocks, ARENA.freeBlocks, ARENA.rows]) spoil(BASE + offset);
  it.words.setUint32(BASE + ARENA.peak, 0, true);
  for (let at = BASE + 64; at < BASE + ARENA_BYTES - 64; at += 4) spoil(at);
  for (const { address, isFree } of chain(it.memory, BASE)) {
    spoil(address - HEAD_BYTES + BLOCK.previous);
    for (const offset of isFree ? [BLOCK.owner, BLOCK.seal, BLOCK.nextFree, BLOCK.previousFree] : [])
      spoil(address - HEAD_BYTES + offset);
  }
  assert.is(repair(), REPAIRED);
  assert.is(it.exports.arenaCheck(BASE), 0);
  assert.is(it.exports.arenaPeak(BASE), it.exports.arenaUsed(BASE));
});

test.run();
