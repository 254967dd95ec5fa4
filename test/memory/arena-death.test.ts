/**
 * What a death leaves: a thread is cut off before each store of `arenaAlloc` and `arenaFree` in turn, then the memory
 * is looked at.
 * The promises are those of assembly/memory/README.md, "A death in mid-section".
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ARENA_BYTES, chain, HEAD_BYTES } from "./chain.js";
import { instrument } from "./instrument.js";
import { compile, instantiate, sharedMemory } from "./module.js";

const BASE = 1024;
/** The word that a thread calls its hand. */
const HAND = 64;
const TOTAL = 4096;
const DEAD = 3;
const SURVIVOR = 4;

const BUSY = 1;
const ABANDONED = 2;

class Death extends Error {}

const module = await instrument(compile("memory", "release"));

/** Five blocks: A used, B free, C used, D used, E used, then what is free at the end. */
function scene() {
  const memory = sharedMemory(1);
  const life = { storesLeft: Number.POSITIVE_INFINITY };
  const exports = instantiate(module, memory, {
    step: () => {
      if (life.storesLeft-- === 0) throw new Death("at a store");
    },
    wait: () => {
      throw new Error("expected that nobody sleeps");
    },
    wake: () => 0,
  });
  exports.arenaInit(BASE, BASE + ARENA_BYTES + TOTAL + HEAD_BYTES);
  const alloc = (size: number) => exports.arenaAlloc(BASE, size, SURVIVOR, 1, HAND);
  const blocks = { a: alloc(100), b: alloc(600), c: alloc(100), d: alloc(100), e: alloc(100) };
  exports.arenaFree(BASE, blocks.b, SURVIVOR, 1, HAND);
  return { memory, life, exports, ...blocks };
}

type Scene = ReturnType<typeof scene>;

/**
 * Each way through the two functions: what the survivor does before, what the dead thread was about, the block that it
 * was about.
 */
interface Operation {
  prepare?(scene: Scene): number;
  run(scene: Scene): number;
  touches(scene: Scene): number;
}

const free = (name: "a" | "c" | "d"): Operation => ({
  run: (it) => it.exports.arenaFree(BASE, it[name], DEAD, 1, HAND),
  touches: (it) => it[name],
});

const alloc = (size: number): Operation => ({
  run: ({ exports }) => exports.arenaAlloc(BASE, size, DEAD, 1, HAND),
  touches: ({ b }) => b,
});

const OPERATIONS: Readonly<Record<string, Operation>> = {
  "alloc, with a rest": alloc(100),
  "alloc, without": alloc(600),
  "alloc, out of memory": alloc(10_000),
  "free, no free neighbour": free("d"),
  "free, a free one before": free("c"),
  "free, a free one after": free("a"),
  "free, on both sides": { ...free("c"), prepare: (it) => it.exports.arenaFree(BASE, it.d, SURVIVOR, 1, HAND) },
};

/** A scene in which the dead thread was cut off before its store number `stores`, or ended well. */
function kill({ prepare, run }: Operation, stores: number): Scene & { died: boolean } {
  const it = scene();
  prepare?.(it);
  it.life.storesLeft = stores;
  try {
    run(it);
    return { ...it, died: false };
  } catch (error) {
    if (!(error instanceof Death)) throw error;
    return { ...it, died: true };
  } finally {
    it.life.storesLeft = Number.POSITIVE_INFINITY;
  }
}

/** The blocks in use that the operation is not about. */
function others(it: Scene, operation: Operation) {
  return chain(it.memory, BASE).filter(({ address, isFree }) => !isFree && address !== operation.touches(it));
}

for (const [name, operation] of Object.entries(OPERATIONS)) {
  test(`arena: a death at any store of ${name} leaves the chain whole and its number in the lock`, () => {
    const untouched = others(kill(operation, Number.POSITIVE_INFINITY), operation);
    let stores = 0;
    for (let it = kill(operation, stores); it.died; it = kill(operation, ++stores)) {
      const bytes = chain(it.memory, BASE).reduce((sum, block) => sum + block.bytes, 0);
      assert.is(bytes, TOTAL, `store ${stores}`);
      assert.equal(others(it, operation), untouched, `store ${stores}`);
      looksAfterDeath(it, stores);
    }
    // Before taking the lock, and before giving it up; the others are in between.
    assert.ok(stores >= 2, `deaths: ${stores}`);
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
  assert.is(exports.arenaAlloc(BASE, 1, SURVIVOR, 0, HAND), BUSY);
  assert.is(exports.arenaLockOwner(BASE), DEAD);
}

test.run();
